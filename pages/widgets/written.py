"""Tables whose cells read as all screens write them, and that the browser sorts on their values."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.io.formats.style import Styler

from coverage.indicators.cards import Indicator
from reports.figures.at_most import AT_MOST
from reports.figures.map_classes import format_value, none_word

Mask = npt.NDArray[np.bool_]


def written(table: pd.DataFrame, texts: Mapping[str, Sequence[str]]) -> Styler:
    """Return what `st.dataframe` draws as texts and sorts as values.

    Parameters
    ----------
    table
        Values.
    texts
        Name of a column → the text of each of its cells; the other columns read as they are.

    Notes
    -----
    Streamlit reads the texts of a `Styler`, which takes 15 ms more to compute those of a hundred rows, their places and
    styles, than to be told them: a sixth of a click on the map.
    """
    columns = [(place, texts[name]) for place, name in enumerate(table) if name in texts]
    body = [
        [{"id": f"row{row}_col{place}", "display_value": column[row]} for place, column in columns]
        for row in range(len(table))
    ]
    styler = table.style
    styler._translate = lambda *_: {"body": body}  # noqa: SLF001 - what Streamlit calls
    return styler


def write_values(
    card: Indicator, values: Iterable[object], at_most: Mask | None = None, none: Mask | None = None
) -> list[str]:
    """Write the values of an indicator without their unit: a maximum is said so, as is what has nothing to divide by.

    Parameters
    ----------
    card
        The indicator.
    values
        As stored; NaN is unknown.
    at_most, none
        True for a maximum; for what has no structure to divide by.
    """
    texts = [format_value(card, value, unit=False) for value in values]
    if at_most is not None:
        texts = [f"{AT_MOST} {text}" if is_most else text for text, is_most in zip(texts, at_most, strict=True)]
    if none is not None:
        texts = [none_word(card) if is_none else text for text, is_none in zip(texts, none, strict=True)]
    return texts
