"""The tables of the programme's screens: sorted on numbers, printed in French, unknown as « n.d. »."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.parts.numbers import UNKNOWN, format_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

HEIGHT: Final = 420
ROW_HEIGHT: Final = 35


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


def signed(value: float, decimals: int) -> str:
    """Write a difference with its sign: "+0,12", "-0,08", "0,00"."""
    text = format_number(value, decimals)
    return f"+{text}" if value > 0 and float(f"{value:.{decimals}f}") else text
