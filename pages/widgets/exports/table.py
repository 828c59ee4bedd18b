"""Buttons that give a table as CSV and as XLSX, with its sources."""

from collections.abc import Callable, Iterable, Sequence

import pandas as pd
import streamlit as st

from pages.app.tables import load_sources
from reports.figures import tables


def describe_sources(indicator_ids: Sequence[str], *levels: str) -> list[dict[str, str]]:
    """Return what the sheet of sources says of some indicators at the levels of a table."""
    return tables.describe_sources(indicator_ids, load_sources(), levels)


def describe_catalogue(source_ids: Iterable[str]) -> list[dict[str, str]]:
    """Return what the sheet of sources says of some sources of the catalogue."""
    return tables.describe_catalogue(source_ids, load_sources())


def offer_table(
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    sources: Sequence[dict[str, str]],
    *,
    title: str,
    name: str,
) -> None:
    """Draw the two download buttons; the files are made only when one is asked for.

    Parameters
    ----------
    table
        What is downloaded, columns named as the reader sees them, values as numbers; or what makes it, when it is long.
    sources
        Lines of the sheet of sources.
    title
        Title of the workbook.
    name
        File name without extension, ASCII.
    """

    def made() -> pd.DataFrame:
        return table() if callable(table) else table

    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: tables.write_csv(made()),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"{name}_csv",
        )
        st.download_button(
            "XLSX avec les sources",
            lambda: tables.write_xlsx(made(), sources, title=title),
            file_name=f"{name}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/download:",
            on_click="ignore",
            key=f"{name}_xlsx",
        )
