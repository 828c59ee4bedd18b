"""What is within some minutes of a click: who lives there, what stands there, drawn on the map, exported, kept."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.access.around import BPE_PROFESSIONS, AroundTables, Count, count_around
from coverage.access.reach import Reach
from coverage.indicators.practitioners_communes import bpe_counts
from coverage.terms.months import format_date
from coverage.terms.project_list import PROFESSIONS
from coverage.terms.site_dates import SITES_2021_ON
from coverage.territories.aggregation import Territories
from coverage.territories.gazetteer import Gazetteer, Territory
from data import store
from geo.map import Legend
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.tables import covered_regions, load_sources, load_table
from pages.app.territories import Draft, keep_draft
from pages.app.travel_times import load_reach, load_times, tell_times, tell_travel, times_warnings
from pages.navigation import SCREENS
from pages.screens.map.reach_state import ADDRESS, CHOICES, start_of
from pages.widgets.card import STRUCTURE_LABELS
from pages.widgets.exports.table import describe_catalogue, offer_table
from reports.figures.french import count_of, of_name
from reports.figures.numbers import UNKNOWN, format_number

_KEY: Final = "reach_minutes"
_RPPS: Final = "rpps_practitioners"
_LABELS: Final[Mapping[str, str]] = {
    "msp": "MSP",
    "health_centres": "Centres de santé",
    "emergency": "Services d’urgences",
    "pharmacies": "Pharmacies",
    "cpts": STRUCTURE_LABELS["cpts"],
    "hopital": STRUCTURE_LABELS["hopital"],
    **{kind: PROFESSIONS[f"n_{kind}"] for kind in BPE_PROFESSIONS},
}
_RPPS_LABELS: Final[Mapping[str, str]] = {
    "medecin_generaliste": "Médecins généralistes",
    "medecin_autre": "Autres médecins",
    "chirurgien_dentiste": "Chirurgiens-dentistes",
    "dieteticien": "Diététiciens",
    "ergotherapeute": "Ergothérapeutes",
    "infirmier": "Infirmiers",
    "masseur_kinesitherapeute": "Masseurs-kinésithérapeutes",
    "orthophoniste": "Orthophonistes",
    "orthoptiste": "Orthoptistes",
    "pedicure_podologue": "Pédicures-podologues",
    "pharmacien": "Pharmaciens",
    "psychologue": "Psychologues",
    "sage_femme": "Sages-femmes",
}
_FIELDS: Final = (
    "La BPE compte des lieux d’exercice : un professionnel qui en a deux compte deux fois. Une commune compte en "
    "entier, là où est sa mairie ; Paris, Lyon et Marseille sont chacune un seul point."
)


def zone_in_legend(gazetteer: Gazetteer, legend: Legend, found: tuple[Reach, int] | None) -> Legend:
    """Say in the legend what the outline is."""
    if found is None:
        return legend
    reach, minutes = found
    place = of_name(gazetteer.name(Territory("commune", reach.commune_code)))
    said = f"Contour rose : communes à moins de {minutes} min {place}."
    return replace(legend, note=" ".join(filter(None, (said, legend.note))))


def show_reach(gazetteer: Gazetteer, selected: Territory) -> None:
    """Draw the choice of minutes, and what is within them; nothing as long as no place is chosen."""
    state, _ = ADDRESS.current()
    start = start_of(gazetteer, state, selected)
    if start is None:
        if state.minutes and selected.level != "france":
            st.caption(f"Cliquez la carte pour voir ce qui est à moins de {state.minutes} minutes d’un lieu.")
        return
    with st.container(border=True, key="reach_card"):
        st.session_state[_KEY] = state.minutes or None
        st.segmented_control(
            f"Autour {of_name(gazetteer.name(start))}, à moins de",
            CHOICES,
            format_func=lambda minutes: f"{minutes} min",
            key=_KEY,
            on_change=_choose,
            help="Habitants, structures et professionnels des communes que l’on atteint depuis cette mairie.",
        )
        if state.minutes:
            _show_found(gazetteer, start, load_reach(start.code), state.minutes)


def _choose() -> None:
    state = replace(ADDRESS.current()[0], minutes=st.session_state[_KEY] or 0)
    ADDRESS.change(state)
    ADDRESS.write(state)


def _show_found(gazetteer: Gazetteer, start: Territory, reach: Reach, minutes: int) -> None:
    place = Territories.of_own(gazetteer.communes, reach.reached(minutes))
    people = float(place.total(place.population).iloc[0])
    counts = count_around(_tables(), place)
    n_communes = count_of(int(reach.reached(minutes).sum()), "commune")
    st.markdown(f"**{n_communes}, {count_of(people, 'habitant')}**")
    rows = "".join(_row(count) for count in counts if count.source != "rpps")
    st.html(f"<div class='fiche'>{rows}</div>")
    if liberal := [count for count in counts if count.source == "rpps"]:
        _show_liberal(liberal)
    st.caption(" ".join(_notes(counts)))
    for warning in times_warnings():
        st.warning(warning)
    with st.expander("Sources et limites"):
        st.caption(f"{tell_travel(load_times())} {_FIELDS}")
        st.caption(f"Sources : {' ; '.join(_citations(counts))}.")
    _offer(gazetteer, start, reach, minutes)


@st.cache_resource(show_spinner=False)
def _tables() -> AroundTables:
    at_hand = store.manifest()["tables"]
    return AroundTables(
        load_table("communes"),
        load_table("bpe_communes"),
        load_table("structures"),
        load_table("structures_2021"),
        covered_regions,
        load_table(_RPPS) if _RPPS in at_hand else None,
    )


def _row(count: Count) -> str:
    return (
        f"<div class='ligne'><span>{html.escape(_LABELS[count.kind])}<small>{html.escape(_dated(count))}</small></span>"
        f"<span><b>{format_number(count.number)}</b></span></div>"
    )


def _dated(count: Count) -> str:
    """Say of which source and day a number is."""
    if count.source == "bpe":
        return "BPE, 1er janvier 2024"
    if count.source == "finess_2021":
        return f"FINESS, {format_date(SITES_2021_ON)}"
    sites = load_table("structures")
    return f"FINESS, {format_date(sites.loc[sites['structure_type'] == count.kind, 'as_of'].max().date())}"


def _show_liberal(counts: list[Count]) -> None:
    """List the professions of the RPPS, once it is synced."""
    dated = load_facts().indicator("rpps_liberal_gp_per_100k").dated_at("commune")
    table = pd.DataFrame(
        {
            "Profession": [_RPPS_LABELS.get(count.kind, count.kind) for count in counts],
            "Libéraux": [format_number(count.number) for count in counts],
        }
    )
    with st.expander(f"Professionnels libéraux (RPPS, {dated})"):
        right = {"Libéraux": st.column_config.TextColumn(alignment="right")}
        st.dataframe(table, hide_index=True, column_config=right, alt="Professionnels libéraux")


def _notes(counts: tuple[Count, ...]) -> Iterator[str]:
    """Say how the minutes are known, and why a number is not."""
    times = load_times()
    nature = "estimés" if times.provider == "estimation" else f"donnés par {plain(tell_times(times))}"
    yield f"Temps de mairie à mairie, **{nature}** ; comptes mesurés commune par commune, population municipale 2023."
    if any(np.isnan(count.number) for count in counts if count.source.startswith("finess")):
        yield f"{UNKNOWN} : FINESS n’est pas chargé pour toutes ces communes."
    if any(np.isnan(count.number) for count in counts if not count.source.startswith("finess")):
        yield f"{UNKNOWN} : une de ces communes n’est pas connue de la source."


def _source_ids(counts: tuple[Count, ...]) -> list[str]:
    tables = {"communes", "bpe_communes"}
    named = {"finess": "structures", "finess_2021": "structures_2021", "rpps": _RPPS}
    tables |= {named[count.source] for count in counts if count.source in named}
    return [name for name, source in load_sources().items() if tables & set(source.tables)]


def _citations(counts: tuple[Count, ...]) -> list[str]:
    sources = load_sources()
    return list(dict.fromkeys(sources[name].citation for name in _source_ids(counts)))


def list_reached(gazetteer: Gazetteer, reach: Reach, minutes: int) -> pd.DataFrame:
    """Return the communes within some minutes, the nearest first, in French columns; NaN is unknown."""
    inside = reach.reached(minutes)
    found = gazetteer.communes[inside]
    bpe, codes = load_table("bpe_communes"), pd.Index(gazetteer.communes["commune_code"])
    table = pd.DataFrame(
        {
            "Code": found["commune_code"].to_numpy(),
            "Commune": found["name"].to_numpy(),
            "Département": found["departement_code"].map(gazetteer.names["departement"]).to_numpy(),
            "Minutes": reach.minutes_from[inside],
            "Population municipale": found["population"].to_numpy(),
            **{
                f"{_LABELS[kind]} (BPE)": bpe_counts(bpe, codes, kind).to_numpy()[inside]
                for kind in ("gp", "msp", "health_centres", "pharmacies")
            },
        }
    )
    return table.sort_values(["Minutes", "Code"], ignore_index=True)


def _offer(gazetteer: Gazetteer, start: Territory, reach: Reach, minutes: int) -> None:
    """Offer the list of the communes as files, and as an own territory."""
    name = f"{minutes} minutes autour {of_name(gazetteer.bare_name(start))}"
    offer_table(
        lambda: list_reached(gazetteer, reach, minutes),
        describe_catalogue(_source_ids(())),
        title=f"Communes à moins de {minutes} minutes {of_name(gazetteer.label(start))}, {tell_times(load_times())}",
        name=f"maillage_{minutes}_minutes_{start.code}",
    )
    if st.button("En faire mon territoire", icon=":material/edit_location_alt:", key="reach_own", type="tertiary"):
        keep_draft(Draft(name, frozenset(reach.reached_zone(minutes))))
        st.switch_page(SCREENS["own_territory"].file)
