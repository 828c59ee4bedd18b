"""The places of both maps in figures: the card of the one chosen, the table of all, its files."""

import html
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.indicators.difference import is_same_measure
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import LEVEL_NAMES
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import View
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.territory_rows import show_territories
from pages.widgets.two_maps.sides import DIFFERENCE, Shown, has_difference, places_table
from pages.widgets.written import write_values, written
from reports.figures.differences import difference_unit, format_difference
from reports.figures.french import count_of
from reports.figures.map_classes import without_structure
from reports.figures.numbers import UNKNOWN, format_number
from reports.figures.tables import export_values

TABLE_KEY: Final = "two_maps_table"


def show_card(gazetteer: Gazetteer, view: View, sides: tuple[Shown, Shown]) -> None:
    """Draw the two figures of the place chosen, or of the territories of the maps, and their difference."""
    places = [view.selection or shown.territory for shown in sides]
    first, second = sides
    with st.container(border=True, key="card"):
        names = dict.fromkeys(gazetteer.name(place) for place in places)
        st.subheader(" et ".join(names), anchor=False)
        if len(names) == 1:
            st.caption(gazetteer.situation(places[0]))
        rows = [_line(shown, place, named=len(names) > 1) for shown, place in zip(sides, places, strict=True)]
        if places[0] != places[1] or first.side.indicateur != second.side.indicateur:
            rows.append(_difference_line(sides, places))
        st.html(f"<div class='fiche'>{''.join(rows)}</div>")
        if view.selection is None:
            st.caption("Cliquez un lieu, sur une carte ou dans le tableau, pour ses deux valeurs.")
        st.caption(f"Sources : {load_facts().cite(first.side.indicateur, second.side.indicateur)}.")


def _line(shown: Shown, place: Territory, *, named: bool) -> str:
    card = shown.card.at(place.level)
    known = place.level in card.levels
    figure = load_facts().figure(shown.side.indicateur, place) if known else UNKNOWN
    where = f" ({load_gazetteer().name(place)})" if named else ""
    return _row(f"{shown.name} : {card.short_label}{where}", card.dated_at(place.level), figure)


def _difference_line(sides: tuple[Shown, Shown], places: list[Territory]) -> str:
    first, second = sides
    if not is_same_measure(first.card, second.card):
        return _row(DIFFERENCE, "deux indicateurs, ou deux unités : pas de différence", UNKNOWN)
    values = [
        float(load_facts().value(shown.side.indicateur, place)) for shown, place in zip(sides, places, strict=True)
    ]
    return _row(DIFFERENCE, "", format_difference(first.card, values[1] - values[0]))


def _row(name: str, about: str, figure: str) -> str:
    return (
        f"<div class='ligne'><span>{html.escape(name)}<small>{html.escape(about)}</small></span>"
        f"<span><b>{html.escape(figure)}</b></span></div>"
    )


def show_places(view: View, sides: tuple[Shown, Shown]) -> None:
    """Draw the table of the places, the largest change first, and its files."""
    first, second = sides
    st.subheader("Lieu par lieu", anchor=False)
    if first.level != second.level:
        st.info(
            f"La carte A montre des {LEVEL_NAMES[first.level].plural} et la carte B des "
            f"{LEVEL_NAMES[second.level].plural} : choisissez la même maille pour les comparer lieu par lieu.",
            icon=":material/info:",
        )
        return
    table = places_table(first, second)
    st.markdown(_tell(table, sides))
    chosen = view.selection.code if view.selection is not None and view.selection.level == first.level else None
    show_territories(
        TABLE_KEY,
        first.level,
        table.index,
        chosen,
        lambda shown: _styled(table.loc[shown], sides),
        _heads(sides),
        asked=(first.side, second.side, first.scope, second.scope),
        alt="Lieux des deux cartes",
    )
    offer_table(
        lambda: _export(table, sides),
        describe_sources(list(dict.fromkeys(shown.side.indicateur for shown in sides)), first.level),
        title=f"{_head(first)} et {_head(second)}",
        name=f"maillage_deux_cartes_{first.side.indicateur}_{second.side.indicateur}_{first.scope.slug}_{first.level}",
    )


def _tell(table: pd.DataFrame, sides: tuple[Shown, Shown]) -> str:
    """Say what the table holds, in which order, and how many places rose and fell."""
    first, second = sides
    plural = LEVEL_NAMES[first.level].plural
    if not has_difference(first, second):
        why = (
            "Les deux cartes montrent le même chiffre"
            if first.side.indicateur == second.side.indicateur
            else "Les deux indicateurs ne sont pas de même mesure : pas de différence"
        )
        return f"{why}. {format_number(len(table))} {plural}, dans l’ordre de la carte A."
    change, people = table["difference"], table["population"]
    # What is written as no change is none: the last digits of a computation are not a rise.
    printed = (change * first.card.display_factor).round(first.card.decimals)
    parts = [
        f"{format_number(int(part.sum()))} {words} ({count_of(people[part].sum(), 'habitant')})"
        for part, words in ((printed > 0, "en hausse"), (printed < 0, "en baisse"), (printed == 0, "sans changement"))
    ]
    unknown = int(change.isna().sum())
    left = f" ; {format_number(unknown)} n.d." if unknown else ""
    counted = f"**{format_number(len(table))} {plural}**, de A à B : {', '.join(parts)}{left or '.'}"
    return f"{counted} Les plus grands écarts d’abord."


def _head(shown: Shown) -> str:
    return f"{shown.name} : {shown.card.short_label}"


def _heads(sides: tuple[Shown, Shown]) -> dict[str, Any]:
    heads: dict[str, Any] = {
        "name": st.column_config.Column("Nom", pinned=True),
        "code": st.column_config.Column("Code", width=70),
        "population": st.column_config.Column("Population"),
    }
    for column, shown in _columns(sides):
        unit = f"{shown.card.unit}. " if shown.card.unit else ""
        heads[column] = st.column_config.Column(
            _head(shown), help=f"{shown.card.label}. {unit}{shown.card.dated_at(shown.level)}. {shown.card.formula}"
        )
    if has_difference(*sides):
        heads["difference"] = st.column_config.Column(DIFFERENCE, help=difference_unit(sides[0].card) or None)
    return heads


def _columns(sides: tuple[Shown, Shown]) -> list[tuple[str, Shown]]:
    """Return the figures of the table, each with the map that it is of: one column where both show the same."""
    same = sides[0].side.indicateur == sides[1].side.indicateur
    return list(zip(("first",) if same else ("first", "second"), sides, strict=False))


def _named(table: pd.DataFrame, sides: tuple[Shown, Shown]) -> pd.DataFrame:
    """Return the rows with name and code first, and the difference where it says something."""
    gazetteer, level = load_gazetteer(), sides[0].level
    names = [gazetteer.name(Territory(level, str(code))) for code in table.index]
    figures = [column for column, _ in _columns(sides)]
    columns = ["population", *figures, *(["difference"] if has_difference(*sides) else [])]
    named = table[columns].copy()
    named.insert(0, "name", names)
    named.insert(1, "code", table.index)
    return named


def _styled(table: pd.DataFrame, sides: tuple[Shown, Shown]) -> Any:
    named = _named(table, sides)
    texts = {"population": [format_number(people) for people in named["population"]]}
    for column, shown in _columns(sides):
        texts[column] = write_values(shown.card, named[column], none=_without(shown, table.index))
    if has_difference(*sides):
        card = sides[0].card
        texts["difference"] = [format_difference(card, value, unit=False) for value in named["difference"]]
    return written(named, texts)


def _without(shown: Shown, codes: pd.Index) -> Any:
    """Tell which places have nothing to divide by: their figure is a word."""
    return without_structure(shown.side.indicateur, level_table(shown.level).loc[codes])


def _export(table: pd.DataFrame, sides: tuple[Shown, Shown]) -> pd.DataFrame:
    named = _named(table, sides)
    columns: dict[str, Any] = {"Code": named["code"].to_numpy(), "Nom": named["name"].to_numpy()}
    columns["Population"] = named["population"].to_numpy()
    for column, shown in _columns(sides):
        unit = f" ({shown.card.unit})" if shown.card.unit else ""
        columns[f"{shown.name} : {shown.card.label}{unit}"] = export_values(shown.card, named[column]).array
    if "difference" in named:
        unit = difference_unit(sides[0].card)
        head = f"{DIFFERENCE}, {unit}" if unit else DIFFERENCE
        columns[head] = export_values(sides[0].card, named["difference"]).array
    return pd.DataFrame(columns)
