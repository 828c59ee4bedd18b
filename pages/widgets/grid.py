"""The tables of the programme's screens: sorted on numbers, printed in French, unknown as « n.d. »."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from reports.figures.numbers import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

HEIGHT: Final = 420
ROW_HEIGHT: Final = 35
_HEAD_PX: Final = 36
_LETTER_PX: Final = 7.6
_NARROWEST_PX: Final = 74


def head_px(head: str) -> int:
    """Return the width (CSS pixels) of a column whose heading is read whole: Streamlit fits it to the cells alone."""
    return max(_NARROWEST_PX, round(_HEAD_PX + _LETTER_PX * len(head)))


def show_grid(table: pd.DataFrame, formats: Mapping[str, Callable[[Any], str]], alt: str) -> None:
    """Draw a table as high as it is long, up to a limit.

    Parameters
    ----------
    table
        Columns named as the reader sees them, values as numbers.
    formats
        How the numbers of a column are written.
    alt
        Description for those who don't see it.
    """
    height = min(HEIGHT, ROW_HEIGHT * (len(table) + 1) + 3)
    st.dataframe(table.style.format(dict(formats)), hide_index=True, height=height, placeholder=UNKNOWN, alt=alt)
