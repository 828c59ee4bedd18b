"""The sections of the follow-up of a programme of MSP: inhabitants per MSP, APL, reach."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from coverage.programme.measures import REACH_MIN
from coverage.terms.months import format_full_month, format_month
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.levels import Level
from pages.app.facts import load_facts
from pages.app.notices import coverage_notice
from pages.app.projection import projected_territory
from pages.app.trajectory import course_of, half_years
from pages.screens.programme.charts import chart_apl, chart_reach
from pages.screens.programme.data import (
    ALL_LABEL,
    BELOW,
    VINTAGES,
    apl_changes,
    knows_msp,
    population_per_msp,
    reach_by_part,
    reaches,
)
from pages.widgets.apl_series import current_series, pick_series, shown_as
from pages.widgets.charts import draw, draw_lines, territory_colours
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.grid import show_grid
from reports.figures.numbers import format_number, format_signed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REACH_CARD: Final = "share_population_within_20_min_msp"
"""The card that says how people in reach of an MSP are counted; other minutes are counted alike."""
TRAITS: Final = ("density_level", "n_qpv")
_PLACES: Final = "Communes, arr."
_PEOPLE: Final = "Pop. totale (DREES)"
"""Head of a count of communes in which Paris, Lyon and Marseille count by arrondissement."""
APL_LIMITS: Final = (
    "**Lecture descriptive, non causale.** Une MSP s’installe là où une équipe existe, souvent là où les généralistes "
    "manquent ou vont partir : l’écart entre communes avec et sans MSP n’est pas l’effet des MSP. L’APL d’une commune "
    "compte aussi les médecins des voisines, à moins de 20 minutes. Deux années ne font pas une tendance."
)


def show_population(gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw the inhabitants per labelled MSP: the line since 2017, and the table of the parts of the territory."""
    shown = projected_territory(gazetteer, territory)
    compared = (shown, *gazetteer.compared(shown))
    below: Level = "region" if shown == FRANCE else "departement"
    parts = tuple(Territory(below, code) for code in gazetteer.within(shown, below)[f"{below}_code"])
    listed = tuple(dict.fromkeys((*(parts if len(parts) > 1 else ()), *compared)))
    first, last = half_years()[0], half_years()[-1]
    left, right = st.columns([6, 6], gap="medium")
    with left:
        lines = {gazetteer.name(other): course_of(other)["population_per_structure"].dropna() for other in compared}
        chart = draw_lines(lines, "hab. par MSP", 0, territory_colours(gazetteer, compared))
        chart = replace(chart, y=replace(chart.y, decimals=0))
        draw(chart, "follow_population", "Habitants par MSP labellisée", height=380)
    with right:
        figures = population_per_msp(listed)
        table = pd.DataFrame(
            {
                "Territoire": [gazetteer.label(other) for other in listed],
                f"MSP {format_month(first)}": figures["n_first"].to_numpy(),
                f"MSP {format_month(last)}": figures["n_last"].to_numpy(),
                f"Hab./MSP {format_month(first)}": figures["per_first"].to_numpy(),
                f"Hab./MSP {format_month(last)}": figures["per_last"].to_numpy(),
                "Évol. (%)": 100 * figures["change"].to_numpy(),
            }
        )
        formats: dict[str, Callable[[Any], str]] = dict.fromkeys(table.columns[1:5], format_number)
        formats |= {"Évol. (%)": lambda value: format_signed(value, 1)}
        show_grid(table, formats, "Habitants par MSP")
        offer_table(
            table,
            describe_sources(["n_msp_dgos", "population_per_msp_dgos"], *(other.level for other in listed)),
            title=f"Habitants par MSP labellisée ({gazetteer.label(shown)})",
            name=f"maillage_suivi_habitants_{shown.slug}",
        )
    st.caption(
        f"MSP labellisées, de {format_full_month(first)} à {format_full_month(last)}, population de chaque date. "
        f"Source : {load_facts().cite('n_msp_dgos', 'population')}. "
        "Moins d’habitants par MSP : mieux doté. « n.d. » : aucune MSP à diviser, ou inconnu."
        + ("" if shown == territory else f" La DGOS compte par département : {gazetteer.label(shown)}.")
    )


def show_apl(gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw the APL of 2022 and 2023 inside and outside the communes with an MSP, and by zone."""
    series = current_series()
    pick_series("follow_serie")
    tables = apl_changes(territory, series)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Communes avec et sans MSP**")
        if knows_msp(gazetteer, territory):
            draw(chart_apl(tables["presence"]), "follow_apl_msp", "APL avec et sans MSP", height=330)
        else:
            st.info(f"MSP : n.d. pour {gazetteer.name(territory)}. {coverage_notice()}", icon=":material/info:")
    with right:
        st.markdown("**Selon la zone de l’ARS**")
        draw(chart_apl(tables["zone"]), "follow_apl_zone", "APL selon la zone", height=330)
    table = _apl_table(tables)
    apl = [f"APL {year}" for year in VINTAGES]
    under = [f"Pop. sous 2,5 en {year} (%)" for year in VINTAGES]
    formats: dict[str, Callable[[Any], str]] = dict.fromkeys([_PLACES, _PEOPLE], format_number)
    formats |= dict.fromkeys(apl, lambda value: format_number(value, 2))
    formats |= dict.fromkeys(under, lambda value: format_number(value, 1))
    formats |= {"Écart": lambda value: format_signed(value, 2)}
    show_grid(table, formats, "APL par groupe de communes")
    offer_table(
        table,
        describe_sources(
            [*(f"{series}_{year}" for year in VINTAGES), "n_msp", "zone", *TRAITS], territory.level, "commune"
        ),
        title=f"APL 2022 et 2023 avec et sans MSP ({gazetteer.label(territory)})",
        name=f"maillage_suivi_apl_{territory.slug}_{series}",
    )
    st.warning(APL_LIMITS, icon=":material/balance:")
    st.caption(
        f"APL moyenne pondérée par la population standardisée de chaque année, communes connues les deux années ; part "
        f"sous 2,5 par la population totale. « {_PEOPLE} » : celle du fichier de l’APL {VINTAGES[1]} ; le reste de la "
        "page compte la population municipale. MSP : communes qui en ont une au 1er janvier 2024 (INSEE, BPE). "
        "Une zone n’est jamais déduite de l’APL. "
        "Par zone, Paris, Lyon et Marseille comptent par arrondissement. « Zone inconnue » : La Réunion et les "
        "communes que le relevé de juin 2025 ne donne pas ; depuis 2026, de nouveaux zonages le remplacent dans "
        "certaines régions. "
        f"Source : {load_facts().cite(shown_as('apl_65_2023'), 'n_msp', 'zone')}."
    )


def _apl_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    named = {"presence": "MSP", "zone": "Zone", "both": "Zone et MSP", "density": "Densité", "quarters": "QPV"}
    parts = [
        table[(table["n_communes"] > 0) & ((table.index != ALL_LABEL) | (name != "both"))].assign(cut=named[name])
        for name, table in tables.items()
    ]
    table = pd.concat(parts)
    before, after = VINTAGES
    return pd.DataFrame(
        {
            "Découpage": table["cut"].to_numpy(),
            "Groupe de communes": table.index,
            _PLACES: table["n_communes"].to_numpy(),
            _PEOPLE: table["population_total"].to_numpy(),
            f"APL {before}": table["apl_before"].to_numpy(),
            f"APL {after}": table["apl_after"].to_numpy(),
            "Écart": table["change"].to_numpy(),
            f"Pop. sous 2,5 en {before} (%)": 100 * table["share_population_under_2_5_before"].to_numpy(),
            f"Pop. sous 2,5 en {after} (%)": 100 * table["share_population_under_2_5_after"].to_numpy(),
        }
    )


def show_reach(gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw who has an MSP in reach: by zone, by density, by QPV, and by part of the territory."""
    if not knows_msp(gazetteer, territory):
        st.info(f"MSP : n.d. pour {gazetteer.name(territory)}. {coverage_notice()}", icon=":material/info:")
        return
    groups, card = reaches(territory), load_facts().indicator(REACH_CARD)
    left, right = st.columns([6, 6], gap="medium")
    with left:
        draw(chart_reach(groups), "follow_reach", "Temps jusqu’à la MSP la plus proche", height=130 + 30 * len(groups))
        table = _reach_table(groups, "Groupe", list(groups.index))
        show_grid(table, _reach_formats(table), "Population à portée d’une MSP, par groupe")
        offer_table(
            table,
            describe_sources([REACH_CARD, "zone", "population", *TRAITS], territory.level, "commune"),
            title=f"Population à portée d’une MSP, par groupe ({gazetteer.label(territory)})",
            name=f"maillage_suivi_portee_groupes_{territory.slug}",
        )
    with right:
        table = _parts_table(gazetteer, territory)
        show_grid(table, _reach_formats(table), "Population à portée d’une MSP, par territoire")
        offer_table(
            table,
            describe_sources([REACH_CARD, "zone", "population"], territory.level, "commune"),
            title=f"Population à portée d’une MSP, par territoire ({gazetteer.label(territory)})",
            name=f"maillage_suivi_portee_{territory.slug}",
        )
    st.caption(
        "À droite, « n.d. » en ZIP : aucune commune en ZIP, ou zonage inconnu. Temps de route estimé jusqu’à la "
        f"commune la plus proche qui a une MSP (INSEE, BPE, {card.vintage}), {card.told_where} ; « moins de » s’entend "
        "strictement. "
        f"Source : {load_facts().cite(REACH_CARD, 'zone', 'population')}."
    )


def say_layers() -> None:
    """Say what the groups by density and QPV are, and what they do not say."""
    st.info(
        "**Communes rurales et quartiers prioritaires.** Densité : grille de l’INSEE en sept niveaux, dont les trois "
        "derniers font le rural. QPV : quartiers de 2024 ; ni leur contour ni leur population ne sont dans les données "
        "(n.d.) : une commune qui en compte un est prise en entier, ses habitants n’y vivent pas tous. "
        f"Source : {load_facts().cite('density_level', 'n_qpv')}.",
        icon=":material/info:",
    )


def _reach_table(groups: pd.DataFrame, head: str, names: list[str]) -> pd.DataFrame:
    columns: dict[str, Any] = {
        head: names,
        "Communes": groups["n_communes"].to_numpy(),
        "Population": groups["population"].to_numpy(),
    }
    columns |= {f"< {limit} min (%)": 100 * groups[f"share_within_{limit}_min"].to_numpy() for limit in REACH_MIN}
    return pd.DataFrame(columns)


def _reach_formats(table: pd.DataFrame) -> dict[str, Callable[[Any], str]]:
    formats: dict[str, Callable[[Any], str]] = dict.fromkeys(
        [name for name in table.columns if name.startswith(("Communes", "Population"))], format_number
    )
    return formats | {name: lambda value: format_number(value, 1) for name in table.columns if name.endswith("(%)")}


def _parts_table(gazetteer: Gazetteer, territory: Territory) -> pd.DataFrame:
    """Return one row a part of the territory, with its inhabitants in ZIP beside; least served first."""
    level = BELOW[territory.level]
    everyone, in_zip = reach_by_part(territory, level)
    names = [gazetteer.label(Territory(level, code)) for code in everyone.index]
    table = _reach_table(everyone, "Territoire", names)
    zoned = in_zip.reindex(everyone.index)
    table["Population en ZIP"] = zoned["population"].to_numpy()
    for limit in REACH_MIN:
        table[f"ZIP, < {limit} min (%)"] = 100 * zoned[f"share_within_{limit}_min"].to_numpy()
    return table.sort_values([f"< {REACH_MIN[1]} min (%)", "Territoire"], ignore_index=True)
