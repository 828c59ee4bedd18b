"""The maps of the projection: what is left to convince by department, what communes lack today and may lose."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.projection import Scenario
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.projection import departements_at_end, load_baseline
from pages.app.session import change_view
from pages.app.tables import level_table
from pages.widgets.exports.map import offer_map
from pages.widgets.map.drawing import show_map
from pages.widgets.map.places import look_at, zone_of
from pages.widgets.map.values import draw_series, draw_values
from pages.widgets.structures import load_sites, structures_on_map
from reports.figures.class_cuts import Method
from reports.figures.map_classes import MapClasses
from reports.figures.numbers import format_number
from reports.projection.words import format_gap

BY_COMMUNE: Final[Mapping[str, tuple[str, str, Method]]] = {
    "lacking": ("gp_fte_short_of_2_5_65", "Manque par commune", "seuils"),
    "exposed": ("apl_at_risk_share_2023", "Communes exposées aux départs", "quantiles"),
}
"""Maps by commune: indicator, name and how its classes are cut."""
SHOWN_STRUCTURES: Final = ("msp", "cpts")
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
def draw_shortfall(scenario: Scenario, scope: Territory) -> MapClasses:
    """Class what each department has left to convince, in parts of its GPs of today; tooltips give the number too."""
    table = departements_at_end(scenario).reindex(level_table("departement").index)
    share = table["left_to_convince"] / table["stock_start"]
    texts = [
        None if pd.isna(part) else f"{format_gap(count)} médecins, soit {format_number(100 * part, 0)}"
        for count, part in zip(table["left_to_convince"], share, strict=True)
    ]
    return draw_series(_shortfall(scenario), share, "departement", scope, "seuils", len(BOUNDS) + 1, texts=texts)


def show_maps(gazetteer: Gazetteer, scenarios: dict[str, Scenario], territory: Territory) -> None:
    """Draw the map of a scenario's shortfall, or of its communes, under the MSP and the CPTS, as the reader chooses.

    A click on a department, or on one of its structures, projects it.
    """
    facts = load_facts()
    choices = {f"left_{letter}": f"Reste à convaincre ({letter.upper()})" for letter in scenarios}
    if len(scenarios) == 1:
        choices = {"left_a": "Reste à convaincre"}
    choices |= {name: label for name, (_, label, _) in BY_COMMUNE.items()}
    if st.session_state.get("projection_map") not in choices:
        st.session_state["projection_map"] = "left_a"
    shown = str(
        st.segmented_control(
            "Carte", list(choices), format_func=choices.__getitem__, key="projection_map", required=True
        )
    )
    region = territory
    if territory.level == "departement":
        region = next(above for above in gazetteer.containing(territory) if above.level == "region")
    if shown in BY_COMMUNE:
        name, _, method = BY_COMMUNE[shown]
        drawn, place = draw_values(name, "commune", territory, method, 5), territory
    else:
        drawn, place = draw_shortfall(scenarios[shown.removeprefix("left_")], region), region
    pick = show_map(
        drawn.values,
        drawn.legend,
        structures_on_map(SHOWN_STRUCTURES, place),
        key="projection_map_frame",
        view=look_at(gazetteer, place),
        selected=("departement", territory.code) if territory.level == "departement" else None,
        zone=zone_of(gazetteer, territory),
        height=HEIGHT,
    )
    if shown in BY_COMMUNE:
        indicator = INDICATORS[name]
        offer_map(name, "commune", territory, method, 5, SHOWN_STRUCTURES, key=f"projection_map_{shown}")
        st.caption(
            f"{indicator.formula} {indicator.note} Source : {facts.cite(name)} ; {indicator.dated_at('commune')}."
        )
    else:
        indicator = _shortfall(scenarios[shown.removeprefix("left_")])
        offer_map(
            indicator,
            "departement",
            region,
            "seuils",
            len(BOUNDS) + 1,
            SHOWN_STRUCTURES,
            key="projection_map_left",
            drawn=drawn,
        )
        st.caption(
            "En brun : il faut convaincre plus de médecins que la tendance n’en amène. En bleu-vert : les arrivées "
            "dépassent le besoin. Mêmes classes pour tous les scénarios et horizons. Cliquez un département pour le "
            "projeter."
        )
    if pick is None or shown in BY_COMMUNE:
        return
    clicked = Territory("departement", pick.code if pick.kind == "territory" else _departement_of(pick.code))
    if clicked != territory:
        change_view(territoire=clicked, selection=None)
        st.rerun()


def _departement_of(finess_code: str) -> str:
    """Return the department of a structure that was clicked."""
    sites = load_sites()
    return str(sites.loc[sites["finess_code"] == finess_code, "departement_code"].iloc[0])
