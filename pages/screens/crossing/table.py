"""The list under the map of two indicators: the places kept, from the worst off on the first one."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from geo.levels import LEVEL_NAMES
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.tables import level_table, load_gazetteer
from pages.screens.crossing.data import Crossed, Pair, people_of, place_names
from pages.screens.crossing.state import CrossingState
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.territory_rows import ROWS, show_territories
from pages.widgets.written import write_values, written
from reports.figures.at_most import AT_MOST
from reports.figures.bivariate import Axis
from reports.figures.french import count_of
from reports.figures.map_classes import none_word
from reports.figures.numbers import format_number, format_share
from reports.figures.tables import export_values

PEOPLE = "Population"


def tell_kept(crossed: Crossed, pair: Pair, state: CrossingState, kept: npt.NDArray[np.bool_]) -> str:
    """Say how many places the map has, and how many the cells or the scatter keep."""
    gazetteer = load_gazetteer()
    where = plain(gazetteer.label(crossed.scope))
    n_all, n_kept = int(pair.inside.sum()), int(kept.sum())
    everyone, people = people_of(crossed.level, pair.inside), people_of(crossed.level, kept)
    unknown = int(np.count_nonzero(pair.letters == b"n"))
    if state.is_filtered:
        by = " et ".join(part for part, asked in (("la légende", state.cells), ("le nuage", state.contour)) if asked)
        share = f", soit {format_share(people / everyone)}" if everyone else ""
        said = (
            f"**{where} : {_count(n_kept, crossed)} sur {format_number(n_all)}** (choix fait dans {by}) ; "
            f"{count_of(people, 'habitant')}{share}."
        )
    else:
        said = f"**{where} : {_count(n_all, crossed)}, {count_of(everyone, 'habitant')}.**"
    if unknown:
        said += f" L’un des deux indicateurs au moins est inconnu (n.d.) pour {_count(unknown, crossed)}."
    return said


def _count(n: int, crossed: Crossed) -> str:
    names = LEVEL_NAMES[crossed.level]
    return f"{format_number(n)} {names.plural if n > 1 else names.noun}"


def show_list(
    crossed: Crossed, pair: Pair, state: CrossingState, kept: npt.NDArray[np.bool_], chosen: str | None
) -> None:
    """Draw the rows and their files."""
    codes = pair.order[kept[level_table(crossed.level).index.get_indexer(pair.order)]]
    if codes.empty:
        st.info("Aucun lieu ne répond à ce choix : touchez une autre case de la légende, ou effacez la sélection.")
        return
    show_territories(
        "crossing_table",
        crossed.level,
        codes,
        chosen if chosen in codes else None,
        partial(_styled, crossed, pair),
        _heads(pair),
        asked=(crossed, state.cells, state.contour, tuple(codes[:ROWS])),
        alt="Liste des lieux de la carte croisée",
    )
    inside = crossed.scope.slug
    offer_table(
        partial(_export, crossed, pair, codes),
        describe_sources([crossed.first, crossed.second], crossed.level),
        title=f"{pair.x.indicator.label} et {pair.y.indicator.label}",
        name=f"maillage_croisement_{crossed.level}_{crossed.first}_{crossed.second}_{inside}",
    )
    cards = [f"{axis.indicator.label} : {axis.indicator.formula}" for axis in (pair.x, pair.y)]
    st.caption(f"{' '.join(cards)} Sources : {load_facts().cite(crossed.first, crossed.second, level=crossed.level)}.")


def _heads(pair: Pair) -> dict[str, Any]:
    return {
        "Nom": st.column_config.Column(pinned=True, width=170),
        **{
            axis.indicator.short_label: st.column_config.Column(
                axis.title, help=f"{axis.indicator.label}. {axis.indicator.vintage}. {axis.indicator.formula}"
            )
            for axis in (pair.x, pair.y)
        },
    }


def _rows(crossed: Crossed, pair: Pair, codes: pd.Index) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """Return name, code and class of some places, and where they stand in the level."""
    rows = level_table(crossed.level).index.get_indexer(codes)
    names = place_names(crossed.level)
    table = pd.DataFrame({"Nom": names["name"].to_numpy()[rows], "Code": codes}, index=codes)
    for axis in (pair.x, pair.y):
        table[axis.indicator.short_label] = axis.values.to_numpy(np.float64)[rows]
        table[f"Classe, {axis.indicator.short_label}"] = class_words(axis)[rows]
    table[PEOPLE] = level_table(crossed.level)["population"].to_numpy(np.float64)[rows]
    if "departement" in names:
        table["Département"] = names["departement"].to_numpy()[rows]
    return table, rows


def class_words(axis: Axis) -> npt.NDArray[np.object_]:
    """Return the bounds of the class of each place; empty where it is unknown."""
    numbers = axis.numbers
    words = np.array([*axis.labels, ""], dtype=object)
    return words[np.where(np.isnan(numbers), len(axis.labels), numbers).astype(np.int64)]


def _styled(crossed: Crossed, pair: Pair, codes: pd.Index) -> Any:
    table, rows = _rows(crossed, pair, codes)
    texts = {PEOPLE: [format_number(people) for people in table[PEOPLE]]}
    for axis in (pair.x, pair.y):
        at_most = None if axis.at_most is None else axis.at_most[rows]
        name = axis.indicator.short_label
        texts[name] = write_values(axis.indicator, table[name], at_most, axis.none[rows])
    return written(table, texts)


def _export(crossed: Crossed, pair: Pair, codes: pd.Index) -> pd.DataFrame:
    """Return the list as it leaves the app: numbers in the printed unit, unknown ones empty, how each is known."""
    table, rows = _rows(crossed, pair, codes)
    for axis in (pair.x, pair.y):
        card, name = axis.indicator, axis.indicator.short_label
        known = axis.values.iloc[rows].where(~axis.none[rows])
        head = f"{card.label} ({card.unit})" if card.unit else card.label
        table = table.rename(columns={name: head})
        table[head] = export_values(card, known).array
        if axis.none[rows].any():
            table[f"Sans objet : {name}"] = np.where(axis.none[rows], none_word(card), "")
        if axis.at_most is not None and axis.at_most[rows].any():
            table[f"Temps maximal : {name}"] = np.where(axis.at_most[rows], AT_MOST, "")
        table[f"Millésime, {name}"] = card.vintage
        table[f"Nature, {name}"] = card.known_at(crossed.level)
    return table
