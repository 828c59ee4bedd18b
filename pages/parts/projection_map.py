"""The maps of the projection: what is left to convince by department, communes exposed to retirements."""

from typing import Final

import pandas as pd
import streamlit as st

from coverage.definitions.indicator import Indicator
from coverage.gazetteer import Gazetteer, Territory
from coverage.projection import Scenario
from pages.parts.exports_map import offer_map
from pages.parts.figures import cite
from pages.parts.map_values import DrawnValues, draw_series, draw_values
from pages.parts.map_view import show_map
from pages.parts.numbers import format_number
from pages.parts.places import look_at
from pages.parts.projection_data import departements_at_end, load_baseline
from pages.parts.projection_words import format_gap
from pages.parts.session import change_view
from pages.parts.tables import level_table

EXPOSED: Final = "apl_at_risk_share_2023"
HEIGHT: Final = 520
BOUNDS: Final = (-0.2, -0.1, 0.0, 0.1, 0.2)
"""Fixed, so that the colours of two scenarios, horizons or territories compare."""


def _shortfall(scenario: Scenario) -> Indicator:
    base_year = load_baseline().base_year
    return Indicator(
        id="left_to_convince_share",
        label="Généralistes qu’il reste à convaincre, rapportés à ceux d’aujourd’hui",
        short_label="Reste à convaincre",
        unit="% des généralistes d’aujourd’hui",
        decimals=0,
        levels=("departement",),
        kind="diverging",
        higher_is="moins bien",
        source_ids=("cnam_effectifs", "drees_rpps"),
        vintage=f"{base_year} à {base_year + scenario.horizon_years}",
        formula="",
        note="",
        theme="Démographie",
        nature="estimé",
        thresholds=BOUNDS,
        pivot=0.0,
        display_factor=100,
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def draw_shortfall(scenario: Scenario, scope: Territory) -> DrawnValues:
    """Class what each department has left to convince, in parts of its GPs of today; tooltips give the number too."""
    table = departements_at_end(scenario).reindex(level_table("departement").index)
    share = table["left_to_convince"] / table["stock_start"]
    texts = [
        None if pd.isna(part) else f"{format_gap(count)} médecins, soit {format_number(100 * part, 0)}"
        for count, part in zip(table["left_to_convince"], share, strict=True)
    ]
    return draw_series(_shortfall(scenario), share, "departement", scope, "seuils", len(BOUNDS) + 1, texts=texts)


def show_maps(gazetteer: Gazetteer, scenarios: dict[str, Scenario], territory: Territory) -> None:
    """Draw the map of a scenario's shortfall or of the exposed communes, as the reader chooses.

    A click on a department projects it.
    """
    choices = {f"left_{letter}": f"Reste à convaincre ({letter.upper()})" for letter in scenarios}
    if len(scenarios) == 1:
        choices = {"left_a": "Reste à convaincre"}
    choices["exposed"] = "Communes exposées aux départs"
    if st.session_state.get("projection_map") not in choices:
        st.session_state["projection_map"] = "left_a"
    shown = st.segmented_control(
        "Carte", list(choices), format_func=choices.__getitem__, key="projection_map", required=True
    )
    region = territory
    if territory.level == "departement":
        region = next(above for above in gazetteer.containing(territory) if above.level == "region")
    if shown == "exposed":
        drawn = draw_values(EXPOSED, "commune", territory, "quantiles", 5)
        place = territory
    else:
        drawn = draw_shortfall(scenarios[str(shown).removeprefix("left_")], region)
        place = region
    pick = show_map(
        drawn.values,
        drawn.legend,
        key="projection_map_frame",
        view=look_at(gazetteer, place),
        selected=("departement", territory.code) if territory.level == "departement" else None,
        height=HEIGHT,
    )
    if shown == "exposed":
        offer_map(EXPOSED, "commune", territory, "quantiles", 5, key="projection_map_exposed")
        st.caption(
            "Part de l’accès aux généralistes qui tient à des médecins de plus de 65 ans : "
            f"(APL tous âges − APL 65 ans ou moins) / APL tous âges. Source : {cite(EXPOSED)}. Estimé."
        )
    else:
        indicator = _shortfall(scenarios[str(shown).removeprefix("left_")])
        offer_map(indicator, "departement", region, "seuils", len(BOUNDS) + 1, key="projection_map_left", drawn=drawn)
        st.caption(
            "En brun : il faut convaincre plus de médecins que la tendance n’en amène. En bleu-vert : les arrivées "
            "dépassent le besoin. Mêmes classes pour tous les scénarios et horizons. Cliquez un département pour le "
            "projeter."
        )
    if pick and pick.kind == "territory" and shown != "exposed" and territory != Territory("departement", pick.code):
        change_view(territoire=Territory("departement", pick.code), selection=None)
        st.rerun()
