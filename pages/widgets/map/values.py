"""From an indicator to what the map of a page colours, computed once for all readers of the server."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.indicators.cards import Indicator
from coverage.terms.horizons import DEFAULT_HORIZON
from coverage.territories.gazetteer import Territory
from geo.levels import DrawnLevel
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer
from reports.figures import map_classes
from reports.figures.class_cuts import ALL_DATES, Method
from reports.figures.facts import Drawn
from reports.figures.map_classes import MapClasses


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
    """Class an indicator over the territories of a level that lie in a scope, see `Facts.draw`."""
    return load_facts(horizon_years).draw(
        indicator_id, level, scope, method, n_classes, beside=beside, has_tooltips=True
    )


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
        As in `Facts.draw`.
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
