"""From an indicator to what the map of a page colours, computed once for all readers of the server."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.indicators.cards import Indicator
from coverage.terms.horizons import DEFAULT_HORIZON
from coverage.territories.gazetteer import Territory
from geo.levels import DrawnLevel
from pages.app.figures import tell_at_most
from pages.app.tables import dated_indicator, indicator_values, level_table, load_gazetteer, people_at_most
from reports.figures import map_classes
from reports.figures.class_cuts import ALL_DATES, Method
from reports.figures.map_classes import MapClasses

Drawn = tuple[str, DrawnLevel, Territory]
"""Indicator, level and scope of a map."""
BOTH_MAPS: Final = "les deux cartes ensemble"


@st.cache_resource(show_spinner=False, max_entries=64)
def draw_values(
    indicator_id: str,
    level: DrawnLevel,
    scope: Territory,
    method: Method,
    n_classes: int,
    horizon_years: int = DEFAULT_HORIZON,
    beside: Drawn | None = None,
) -> MapClasses:
    """Class an indicator over the territories of a level that lie in a scope.

    Parameters
    ----------
    indicator_id, level
        What is shown, and of which territories.
    scope
        The territory whose parts are classed and coloured; the rest is pale.
    method, n_classes
        How the classes are cut; fixed bounds fall back to quantiles where the indicator has none.
    horizon_years
        How far a projected indicator looks; without effect on the others.
    beside
        Another map of the same measure: the classes are cut on both together, so that a colour means one value.
    """
    table = level_table(level)
    none = map_classes.without_structure(indicator_id, table)
    maximal = people_at_most(indicator_id).reindex(table.index).to_numpy() > 0 if level == "commune" else None
    return draw_series(
        dated_indicator(indicator_id, horizon_years),
        indicator_values(indicator_id, level, horizon_years),
        level,
        scope,
        method,
        n_classes,
        none=none,
        at_most=maximal,
        note=" ".join(filter(None, (tell_at_most(indicator_id, scope), map_classes.tell_astride(level, scope)))),
        pooled=None if beside is None else _pool(((indicator_id, level, scope), beside), horizon_years),
        together=BOTH_MAPS,
        with_neighbours=True,
    )


def _pool(maps: Sequence[Drawn], horizon_years: int) -> pd.Series:
    """Return the values that some maps colour, the known « none » left out."""
    parts = []
    for indicator_id, level, scope in maps:
        table = level_table(level)
        inside = map_classes.lies_inside(load_gazetteer(), scope, level, table.index)
        inside &= ~map_classes.without_structure(indicator_id, table)
        parts.append(indicator_values(indicator_id, level, horizon_years).reindex(table.index)[inside])
    return pd.concat(parts, ignore_index=True)


def draw_series(
    indicator: Indicator,
    values: pd.Series,
    level: DrawnLevel,
    scope: Territory,
    method: Method,
    n_classes: int,
    *,
    none: npt.NDArray[np.bool_] | None = None,
    at_most: npt.NDArray[np.bool_] | None = None,
    note: str = "",
    texts: Sequence[str | None] | None = None,
    pooled: pd.Series | None = None,
    together: str = ALL_DATES,
    with_neighbours: bool = False,
) -> MapClasses:
    """Class any values of the territories of a level, named and coloured as an indicator.

    Parameters
    ----------
    values
        Index: codes of the level; put in the order of the map, a territory that is absent is unknown.
    scope
        As in `draw_values`.
    indicator, level, method, n_classes, none, at_most, note, texts, pooled, together, with_neighbours
        As in `reports.figures.map_classes.draw_series`, in the order of the map.
    """
    codes, gazetteer = level_table(level).index, load_gazetteer()
    return map_classes.draw_series(
        indicator,
        values.reindex(codes),
        level,
        method,
        n_classes,
        inside=map_classes.lies_inside(gazetteer, scope, level, codes),
        left_out=map_classes.letters_left_out(gazetteer, scope, level),
        none=none,
        at_most=at_most,
        note=note,
        texts=texts,
        pooled=pooled,
        together=together,
        with_neighbours=with_neighbours,
    )
