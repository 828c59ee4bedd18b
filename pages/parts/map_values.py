"""From an indicator to what the map of a page colours, computed once for all readers of the server."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.definitions import Indicator
from coverage.gazetteer import Territory
from pages.parts.tables import dated_indicator, level_table, load_gazetteer
from reports import drawn_values
from reports.drawn_values import UNREACHED_LABEL, DrawnValues, MapLevel, Method, interval_labels

__all__ = ["UNREACHED_LABEL", "DrawnValues", "draw_series", "draw_values", "interval_labels"]


@st.cache_resource(show_spinner=False, max_entries=64)
def draw_values(indicator_id: str, level: MapLevel, scope: Territory, method: Method, n_classes: int) -> DrawnValues:
    """Class an indicator over the territories of a level that lie in a scope.

    Parameters
    ----------
    indicator_id, level
        What is shown, and of which territories.
    scope
        The territory whose parts are classed and coloured; the rest is pale.
    method, n_classes
        How the classes are cut; fixed bounds fall back to quantiles where the indicator has none.
    """
    table = level_table(level)
    none = drawn_values.without_structure(indicator_id, table)
    return draw_series(dated_indicator(indicator_id), table[indicator_id], level, scope, method, n_classes, none=none)


def draw_series(
    indicator: Indicator,
    values: pd.Series,
    level: MapLevel,
    scope: Territory,
    method: Method,
    n_classes: int,
    *,
    none: npt.NDArray[np.bool_] | None = None,
    texts: Sequence[str | None] | None = None,
    pooled: pd.Series | None = None,
) -> DrawnValues:
    """Class any values of the territories of a level, named and coloured as an indicator.

    Parameters
    ----------
    values
        Index: codes of the level; put in the order of the map, a territory that is absent is unknown.
    scope
        As in `draw_values`.
    indicator, level, method, n_classes, none, texts, pooled
        As in `reports.drawn_values.draw_series`, in the order of the map.
    """
    codes = level_table(level).index
    return drawn_values.draw_series(
        indicator,
        values.reindex(codes),
        level,
        method,
        n_classes,
        inside=drawn_values.lies_inside(load_gazetteer(), scope, level, codes),
        none=none,
        texts=texts,
        pooled=pooled,
    )
