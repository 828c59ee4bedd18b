"""Buttons that give a table as CSV and as XLSX, with its sources."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from coverage.definitions import INDICATORS
from pages.parts.tables import load_sources
from reports.tables import write_csv, write_xlsx


def describe_sources(indicator_ids: Sequence[str]) -> list[dict[str, str]]:
    """Return what the sheet of sources says: one line an indicator and source, formula and limits included."""
    catalogue = load_sources()
    return [
        {
            "Indicateur": indicator.label,
            "Unité": indicator.unit,
            "Nature": indicator.nature,
            "Calcul": indicator.formula,
            "Limites": indicator.note,
            "Source": catalogue[source_id].title,
            "Producteur": catalogue[source_id].producer,
            "Millésime": catalogue[source_id].vintage,
            "Licence": catalogue[source_id].licence,
            "Adresse": catalogue[source_id].url,
        }
        for indicator in (INDICATORS[name] for name in indicator_ids)
        for source_id in indicator.source_ids
    ]


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
            lambda: write_csv(made()),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"{name}_csv",
        )
        st.download_button(
            "XLSX avec les sources",
            lambda: write_xlsx(made(), sources, title=title),
            file_name=f"{name}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/download:",
            on_click="ignore",
            key=f"{name}_xlsx",
        )
