"""The rows of the list beside the map: the territories drawn, from the worst off, those that a filter keeps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.indicators.cards import Indicator
from coverage.indicators.criteria import Criterion, Verdicts, judge, judge_all
from coverage.indicators.ranking import worst_first
from geo.commune_names import fold
from geo.levels import Level, code_column
from geo.map.values import OUTSIDE
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer, load_sources
from pages.app.view import View
from pages.screens.map.projects import ProjectsLayer, counts, layer_none, layer_values, shown_indicator
from reports.figures.at_most import AT_MOST
from reports.figures.map_classes import MapClasses
from reports.figures.tables import cite_with_licences, export_values

CONTEXT: Final = ("population", "zone", "share_population_zip", "nearest_msp_min", "n_msp")
"""Indicators that stand beside that of the map, where the level has them."""
ABOVE: Final[Mapping[Level, tuple[Level, ...]]] = {
    "commune": ("departement", "epci"),
    "epci": ("departement",),
    "departement": ("region",),
    "region": (),
    "bassin_de_vie": (),
    "aire_attraction": (),
}
ABOVE_LABELS: Final[dict[Level, str]] = {"departement": "Département", "epci": "EPCI", "region": "Région"}


@dataclass(frozen=True, eq=False)
class UnitList:
    """The territories of a map, in order.

    Attributes
    ----------
    view, layer
        What the map shows.
    indicators
        Card of each column of figures, by id: that of the map first.
    places
        Rank of each territory of the map, in order, index code: 1 for the worst off; NaN where the value is unknown,
        these last.
    ranks
        Those of the territories that the filter and the search keep.
    inside
        True for the territories of the map, in the order of the level.
    verdicts
        1 where all criteria are met, 0 where one is not, NaN where that is unknown; same order.
    alone
        How many territories of the map meet each criterion alone.
    """

    view: View
    layer: ProjectsLayer
    indicators: dict[str, Indicator]
    places: pd.Series
    ranks: pd.Series
    inside: npt.NDArray[np.bool_]
    verdicts: Verdicts
    alone: tuple[int, ...]

    @property
    def n_ranked(self) -> int:
        """How many territories of the map have a rank."""
        return int(self.places.notna().sum())

    @property
    def level(self) -> Level:
        """The level of the territories."""
        return self.view.maille

    def people(self, chosen: npt.NDArray[np.bool_]) -> float:
        """Return the inhabitants of some territories, those of unknown population left out."""
        return float(np.nansum(level_table(self.level)["population"].to_numpy(np.float64)[chosen]))

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """True for the territories that meet all criteria, in the order of the level."""
        return self.inside & (self.verdicts == 1)

    @property
    def undecided(self) -> npt.NDArray[np.bool_]:
        """True where an unknown value keeps from telling."""
        return self.inside & np.isnan(self.verdicts)


@st.cache_resource(show_spinner=False)
def unit_names(level: Level) -> pd.DataFrame:
    """Return the names of the territories of a level, in its order, and those of what contains them."""
    gazetteer = load_gazetteer()
    rows = gazetteer.table(level).set_index(f"{level}_code").reindex(level_table(level).index)
    names = rows[["name"]].copy()
    for above in ABOVE[level]:
        codes = rows[f"{above}_code"]
        names[f"{above}_code"] = codes
        names[above] = codes.map(gazetteer.table(above).set_index(f"{above}_code")["name"])
    return names


@st.cache_resource(show_spinner=False)
def _folded_names(level: Level) -> pd.Series:
    """Return what is looked for in names, made at the first search: it takes half a second for all communes."""
    names = unit_names(level)["name"]
    return pd.Series([f" {fold(name)}" for name in names], index=names.index)


def applies(criterion: Criterion, level: Level) -> bool:
    """Tell whether a criterion can be asked at a level."""
    offered = load_facts().indicators
    return criterion.indicator_id in offered and level in offered[criterion.indicator_id].levels


def list_units(
    view: View, layer: ProjectsLayer, drawn: MapClasses, criteria: Sequence[Criterion], searched: str = ""
) -> UnitList:
    """List the territories of a map.

    Parameters
    ----------
    view, layer, drawn
        What the map shows.
    criteria
        Those that do not apply to its level are left aside.
    searched
        What the reader looks for in names and codes, "" for all: accents, case and hyphens don't matter.
    """
    level = view.maille
    table = level_table(level)
    inside = np.frombuffer(drawn.values.classes.encode("ascii"), dtype="S1") != OUTSIDE.encode("ascii")
    asked = [one for one in criteria if applies(one, level)]
    each = [
        judge(
            one,
            load_facts().indicators[one.indicator_id].at(level),
            layer_values(layer, one.indicator_id, level, view.horizon),
            layer_none(layer, one.indicator_id, level),
        )
        for one in asked
    ]
    verdicts = judge_all(each, len(table))
    order = _order if counts(layer, view.indicateur) else _order_for_all
    places = order(layer, view.indicateur, level, view.horizon, inside.tobytes())
    shown = inside & (verdicts == 1)
    if wanted := fold(searched):
        by_code = table.index.str.startswith(searched.strip().upper())
        shown &= _folded_names(level).str.contains(f" {wanted}", regex=False).to_numpy() | by_code
    return UnitList(
        view=view,
        layer=layer,
        indicators=_columns(view, layer, asked),
        places=places,
        ranks=places if (shown == inside).all() else places[shown[table.index.get_indexer(places.index)]],
        inside=inside,
        verdicts=verdicts,
        alone=tuple(int((verdict[inside] == 1).sum()) for verdict in each),
    )


def _order(layer: ProjectsLayer, indicator_id: str, level: Level, horizon_years: int, inside: bytes) -> pd.Series:
    """Return the places of the territories of a map, in order; `inside` as the bytes of `UnitList.inside`."""
    lies_inside = np.frombuffer(inside, dtype=np.bool_)
    return worst_first(
        layer_values(layer, indicator_id, level, horizon_years)[lies_inside],
        shown_indicator(layer, indicator_id).at(level),
        level_table(level)["population"][lies_inside],
        layer_none(layer, indicator_id, level)[lies_inside],
    )


_order_for_all: Final = st.cache_resource(show_spinner=False, max_entries=24)(_order)
"""The order that no reader's own projects change, kept once for all: a list of all communes weighs 4 MB."""


def _columns(view: View, layer: ProjectsLayer, asked: Iterable[Criterion]) -> dict[str, Indicator]:
    """Return the cards of the columns: what the map shows, what the filter asks, then the context, each once."""
    offered = load_facts().indicators
    names = dict.fromkeys([view.indicateur, CONTEXT[0], *(one.indicator_id for one in asked), *CONTEXT[1:]])
    return {
        name: shown_indicator(layer, name).at(view.maille)
        for name in names
        if name in offered and view.maille in offered[name].levels
    }


def class_names(drawn: MapClasses, rows: npt.NDArray[np.intp]) -> list[str]:
    """Return the legend's words for the class of some territories of a map; "" where it has none."""
    by_colour = {entry.colour: entry.label for entry in drawn.legend.entries if not entry.hatch}
    of_class = {str(place): by_colour.get(colour, "") for place, colour in enumerate(drawn.values.palette)}
    return [of_class.get(drawn.values.classes[row], "") for row in rows]


def communes_of(units: UnitList) -> frozenset[str]:
    """Return the communes of the territories that the list shows."""
    codes = units.ranks.index
    if units.level == "commune":
        return frozenset(codes)
    communes = load_gazetteer().communes
    return frozenset(communes.loc[communes[code_column(units.level)].isin(codes), "commune_code"])


def figures(units: UnitList, codes: pd.Index) -> pd.DataFrame:
    """Return the figures of some territories as they are stored, a column an indicator."""
    return pd.DataFrame(
        {
            name: layer_values(units.layer, name, units.level, units.view.horizon).reindex(codes)
            for name in units.indicators
        },
        index=codes,
    )


def maximal(units: UnitList, name: str, codes: pd.Index) -> npt.NDArray[np.bool_]:
    """Tell where the minutes of an indicator are a maximum, because some structures are not loaded."""
    if units.level != "commune":
        return np.zeros(len(codes), dtype=bool)
    return load_facts().people_at_most(name).reindex(codes).to_numpy() > 0


def export_rows(units: UnitList, drawn: MapClasses, told_filter: str) -> pd.DataFrame:
    """Return the list as it leaves the app, its heads in French: values as numbers, unknown ones empty.

    Parameters
    ----------
    units, drawn
        The list, and the map beside it.
    told_filter
        The criteria in words, "" without any.
    """
    codes = units.ranks.index
    names = unit_names(units.level).loc[codes]
    card = next(iter(units.indicators.values()))
    columns: dict[str, Any] = {
        "Rang": units.ranks.astype("Int64").array,
        "Code": codes,
        "Nom": names["name"].to_numpy(),
    }
    values = figures(units, codes)
    for name, indicator in units.indicators.items():
        head = (
            indicator.label if not indicator.unit or name == "population" else f"{indicator.label} ({indicator.unit})"
        )
        column = values[name]
        if indicator.kind == "categorical":
            column = column.map(dict(indicator.categories)).fillna(column)
        columns[head] = export_values(indicator, column).array
        if name == units.view.indicateur:
            columns["Classe"] = class_names(drawn, level_table(units.level).index.get_indexer(codes))
    for above in ABOVE[units.level]:
        columns[f"Code {ABOVE_LABELS[above]}"] = names[f"{above}_code"].to_numpy()
        columns[ABOVE_LABELS[above]] = names[above].to_numpy()
    # Without this column, a maximum would leave the page as a plain figure.
    for name in units.indicators:
        if (at_most := maximal(units, name, codes)).any():
            columns[f"Temps maximal : {units.indicators[name].short_label}"] = np.where(at_most, AT_MOST, "")
    columns |= {"Millésime": card.vintage, "Nature": card.known_at(units.level)}
    if card.source_ids:
        columns["Source"] = cite_with_licences(card.at(units.level).source_ids, load_sources())
    if told_filter:
        columns["Filtre"] = told_filter
    return pd.DataFrame(columns)
