"""The card of a territory beside the map: its figures against what contains it, its structures, its sources."""

import html
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.indicators.cards.structures import why_msp_differ
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.map import STRUCTURE_SYMBOLS
from pages.app.facts import load_facts, shown_horizon
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.app.view import VIEW_KEY, View
from pages.navigation import SCREENS
from pages.widgets.apl_series import shown
from pages.widgets.neighbours import offer_neighbours
from pages.widgets.structures import load_sites
from reports.figures.at_most import AT_MOST, WHY_AT_MOST
from reports.figures.by_departement import WHY_UNKNOWN, is_by_departement, tell_by_departement
from reports.figures.facts import Facts
from reports.figures.map_classes import name_indicator
from reports.figures.numbers import UNKNOWN, format_share

LONGEST_UNIT = 5  # "%", "min": longer units are said by the label
CARD_FIGURES = (
    "population",
    "apl_65_2023",
    "apl_2023",
    "apl_all_ages_2024",
    "apl_at_risk_share_2023",
    "gp_fte_short_of_2_5_65",
    "gp_fte_over_65",
    "share_population_under_2_5_apl_65_2023",
    "population_per_msp_dgos",
    "population_per_msp",
    "n_msp",
    "n_msp_finess",
    "nearest_msp_min",
    "nearest_centre_sante_min",
    "nearest_pharmacie_min",
    "gp_per_100k",
    "gp_liberal_per_100k",
    "share_75plus",
    "share_ald",
    "poverty_rate",
    "zone",
    "share_population_zip",
    "share_population_zone_known",
)
STRUCTURE_LABELS = {
    "msp": "MSP",
    "cpts": "CPTS (siège)",
    "centre_sante": "Centre de santé",
    "hopital": "Site d’hôpital public",
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
    with st.container(border=True, key="card"):
        st.subheader(gazetteer.name(territory), anchor=False)
        st.caption(gazetteer.situation(territory))
        place, territory = territory, gazetteer.official(territory)
        said = _write_card(territory, place, focus, shown(CARD_FIGURES), shown_horizon())
        st.html(said.figures)
        for note in said.notes:
            st.caption(note)
        _list_structures(territory)
        st.caption(said.sources)
        offer_neighbours(gazetteer, territory, "card_neighbour", lambda place: change_view(selection=place))
        if st.button("Ouvrir le portrait", icon=":material/location_city:", key="card_portrait", width="stretch"):
            change_view(territoire=place)
            st.switch_page(SCREENS["territory"].file)


class _Card(NamedTuple):
    figures: str
    notes: tuple[str, ...]
    sources: str


@st.cache_resource(show_spinner=False, max_entries=512)
def _write_card(
    territory: Territory, place: Territory, focus: str, listed: tuple[str, ...], horizon_years: int
) -> _Card:
    """Write the figures of a territory, once for all readers; `place` is it, or the reader's own behind it."""
    facts = load_facts(horizon_years)
    above = _compared_with(facts.gazetteer, place)
    names = [name for name in listed if name != focus and territory.level in INDICATORS[name].levels]
    known = [name for name in names if pd.notna(facts.value(name, territory)) or facts.lacks_divisor(name, territory)]
    rows = "".join(_row(facts, name, territory, above) for name in known)
    unknown = [_unknown(name, territory) for name in names if name not in known]
    notes = (
        _maxima(facts, dict.fromkeys((focus, *known)), territory),
        f"n.d. (non disponible) ici : {', '.join(unknown)}." if unknown else "",
        tell_by_departement(listed, territory),
        why_msp_differ((focus, *known)),
    )
    return _Card(
        f"<div class='fiche'>{_headline(facts, focus, territory, above)}{rows}</div>",
        tuple(note for note in notes if note),
        f"Sources : {facts.cite(focus, *known)}.",
    )


def _compared_with(gazetteer: Gazetteer, territory: Territory) -> Sequence[tuple[str, Territory]]:
    """Return what the territory is set against: its department (or region) and France, with short names."""
    above = gazetteer.compared(territory)
    nearest = above[:1] if above[:1] != (FRANCE,) else ()
    return [(gazetteer.name(other), other) for other in (*nearest, *([FRANCE] if above else []))]


def _against(facts: Facts, name: str, above: Sequence[tuple[str, Territory]]) -> str:
    known = [(label, other) for label, other in above if other.level in INDICATORS[name].levels]
    return " · ".join(
        f"<span>{html.escape(label)} {facts.figure(name, other, unit=False)}</span>" for label, other in known
    )


def _headline(facts: Facts, name: str, territory: Territory, above: Sequence[tuple[str, Territory]]) -> str:
    indicator = facts.indicator(name).at(territory.level)
    known = territory.level in indicator.levels
    figure = facts.figure(name, territory, unit=False) if known else UNKNOWN
    after = f"({WHY_UNKNOWN})" if is_by_departement(name, territory) else facts.unit_after(name, territory)
    if known and indicator.unknown_because and pd.isna(facts.value(name, territory)):
        after = f"({indicator.unknown_because})"
    return (
        f"<div class='phare'>{html.escape(_label(facts, name, territory))}"
        f"<div><b>{html.escape(figure)}</b> {html.escape(after)}</div>"
        f"<small>{_against(facts, name, above)}</small>"
        f"<small>{html.escape(indicator.dated_at(territory.level))}</small></div>"
    )


def _unknown(name: str, territory: Territory) -> str:
    """Name an indicator that is unknown, and why where that is known."""
    indicator = INDICATORS[name].at(territory.level)
    why = f" ({indicator.unknown_because})" if indicator.unknown_because else ""
    return f"{indicator.short_label}{why}"


def _label(facts: Facts, name: str, territory: Territory) -> str:
    return name_indicator(facts.indicator(name), territory, facts.table("commune_context"))


def _row(facts: Facts, name: str, territory: Territory, above: Sequence[tuple[str, Territory]]) -> str:
    indicator = facts.indicator(name).at(territory.level)
    short = len(indicator.unit) <= LONGEST_UNIT
    figure = html.escape(facts.figure(name, territory, unit=short))
    return (
        f"<div class='ligne' title='{html.escape(indicator.label, quote=True)}'>"
        f"<span>{html.escape(_label(facts, name, territory))}"
        f"<small>{html.escape(indicator.dated_at(territory.level))}</small></span>"
        f"<span><b>{figure}</b><small>{_against(facts, name, above)}</small></span></div>"
    )


def _maxima(facts: Facts, names: Iterable[str], territory: Territory) -> str:
    """Say which minutes are a maximum: « au plus » in a commune, the part of the inhabitants of what is larger."""
    if territory.level == "commune":
        return f"« {AT_MOST} » : {WHY_AT_MOST}." if any(facts.is_at_most(name, territory) for name in names) else ""
    shares = {name: facts.share_at_most(name, territory) for name in names}
    parts = [f"{INDICATORS[name].short_label} {format_share(share)}" for name, share in shares.items() if share > 0]
    return f"Temps maximal pour une part des habitants ({WHY_AT_MOST}) : {', '.join(parts)}." if parts else ""


def _list_structures(territory: Territory) -> None:
    """List the structures of a commune by name and day; of a larger territory the table stands on its own page."""
    if territory.level != "commune":
        return
    view: View | None = st.session_state.get(VIEW_KEY)
    sites = load_sites("recentes" if view is None else view.dates)
    here = sites[(sites["commune_code"] == territory.code) & (sites["structure_type"] != "pharmacie")]
    if here.empty:
        return
    lines = [
        f"- {STRUCTURE_SYMBOLS[row.sign].label} : {plain(row.name)} ("
        + (f"ouverture {row.opened_on.year}, " if row.opened_on == row.opened_on else "")
        + f"FINESS, {row.as_of:%d/%m/%Y})"
        for row in here.itertuples(index=False)
    ]
    st.markdown("\n".join(["**Structures de la commune**", *lines]))
