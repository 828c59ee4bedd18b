"""The card of a territory beside the map: its figures against what contains it, its structures, its sources."""

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from coverage.definitions import INDICATORS
from coverage.gazetteer import FRANCE, LEVEL_LABELS, Gazetteer, Territory
from pages.parts.figures import cite, format_figure, lacks_structure
from pages.parts.numbers import UNKNOWN
from pages.parts.session import change_view
from pages.parts.tables import dated_indicator, load_table, value_of

LONGEST_UNIT = 5  # "%", "min": longer units are said by the label
CARD_FIGURES = (
    "population",
    "apl_65_2023",
    "apl_2023",
    "apl_at_risk_share_2023",
    "share_population_under_2_5_apl_65_2023",
    "population_per_msp_dgos",
    "population_per_msp",
    "n_msp",
    "nearest_msp_min",
    "nearest_centre_sante_min",
    "nearest_pharmacie_min",
    "gp_per_100k",
    "share_75plus",
    "poverty_rate",
    "zone",
    "share_population_zip",
)
STRUCTURE_LABELS = {
    "msp": "MSP",
    "cpts": "CPTS (siège)",
    "centre_sante": "Centre de santé",
    "hopital": "Hôpital",
    "pharmacie": "Pharmacie",
}


def show_card(gazetteer: Gazetteer, territory: Territory, focus: str) -> None:
    """Draw the card of a territory, the indicator of the map first.

    Parameters
    ----------
    gazetteer
        Names and containment.
    territory
        Whose card it is.
    focus
        Id of the indicator shown on the map.
    """
    above = _compared_with(gazetteer, territory)
    with st.container(border=True, key="card"):
        st.subheader(gazetteer.name(territory), anchor=False)
        st.caption(_situate(gazetteer, territory))
        names = [name for name in CARD_FIGURES if name != focus and territory.level in INDICATORS[name].levels]
        known = [name for name in names if pd.notna(value_of(name, territory)) or lacks_structure(name, territory)]
        rows = "".join(_row(name, territory, above) for name in known)
        st.html(f"<div class='fiche'>{_headline(focus, territory, above)}{rows}</div>")
        if unknown := [INDICATORS[name].short_label for name in names if name not in known]:
            st.caption(f"n.d. (non disponible) ici : {', '.join(unknown)}.")
        _list_structures(territory)
        st.caption(f"Sources : {cite(focus, *known)}.")
        if st.button("Ouvrir le portrait", icon=":material/location_city:", key="card_portrait", width="stretch"):
            change_view(territoire=territory)
            st.switch_page("pages/territoire.py")


def _compared_with(gazetteer: Gazetteer, territory: Territory) -> Sequence[tuple[str, Territory]]:
    """Return what the territory is set against: its department (or region) and France, with short names."""
    above = [other for other in gazetteer.containing(territory) if other.level != "epci"]
    nearest = above[:1] if above[:1] != [FRANCE] else []
    return [(gazetteer.name(other), other) for other in (*nearest, *([FRANCE] if above else []))]


def _situate(gazetteer: Gazetteer, territory: Territory) -> str:
    parts = ["Pays entier" if territory == FRANCE else f"{LEVEL_LABELS[territory.level]} {territory.code}"]
    parts += [gazetteer.name(other) for other in gazetteer.containing(territory) if other != FRANCE]
    return " · ".join(parts)


def _against(name: str, above: Sequence[tuple[str, Territory]]) -> str:
    known = [(label, other) for label, other in above if other.level in INDICATORS[name].levels]
    return " · ".join(f"{html.escape(label)} {format_figure(name, other, unit=False)}" for label, other in known)


def _headline(name: str, territory: Territory, above: Sequence[tuple[str, Territory]]) -> str:
    indicator = dated_indicator(name)
    known = territory.level in indicator.levels
    figure = format_figure(name, territory, unit=False) if known else UNKNOWN
    dated = f"{indicator.vintage}, {indicator.nature_at(territory.level)}"
    return (
        f"<div class='phare'>{html.escape(indicator.short_label)}"
        f"<div><b>{html.escape(figure)}</b> {html.escape(indicator.unit if figure != UNKNOWN else '')}</div>"
        f"<small>{_against(name, above)}</small><small>{html.escape(dated)}</small></div>"
    )


def _row(name: str, territory: Territory, above: Sequence[tuple[str, Territory]]) -> str:
    indicator = INDICATORS[name]
    short = len(indicator.unit) <= LONGEST_UNIT
    figure = html.escape(format_figure(name, territory, unit=short))
    return (
        f"<div class='ligne' title='{html.escape(indicator.label, quote=True)}'>"
        f"<span>{html.escape(indicator.short_label)}</span>"
        f"<span><b>{figure}</b><small>{_against(name, above)}</small></span></div>"
    )


def _list_structures(territory: Territory) -> None:
    """List the structures of a commune by name; of a larger territory the table stands on its own page."""
    if territory.level != "commune":
        return
    structures = load_table("structures")
    here = structures[(structures["commune_code"] == territory.code) & (structures["structure_type"] != "pharmacie")]
    if here.empty:
        return
    lines = [
        f"- {STRUCTURE_LABELS[row.structure_type]} : {row.name}"
        + (f" (ouverture {row.opened_on.year})" if row.opened_on == row.opened_on else "")
        for row in here.rename(columns={"name": "name_"}).rename(columns={"name_": "name"}).itertuples(index=False)
    ]
    st.markdown("\n".join(["**Structures de la commune**", *lines]))
