"""Tables that leave the app: CSV for machines and spreadsheets, XLSX with the sources in a second sheet."""

import io
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from coverage.definitions import INDICATORS
from data.catalog import Source

# A cell that starts with one of these is run as a formula by spreadsheets (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralise_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose text cells can't be run as formulas (a leading apostrophe)."""

    def neutralise(cell: object) -> object:
        return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell

    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_datetime64_any_dtype(safe[column]):
            safe[column] = safe[column].map(neutralise)
    return safe


def describe_sources(indicator_ids: Iterable[str], sources: Mapping[str, Source]) -> list[dict[str, str]]:
    """Return what the sheet of sources says: one line an indicator and source, formula and limits included."""
    return [
        {
            "Indicateur": indicator.label,
            "Unité": indicator.unit,
            "Nature": indicator.nature,
            "Calcul": indicator.formula,
            "Limites": indicator.note,
            "Source": sources[source_id].title,
            "Producteur": sources[source_id].producer,
            "Millésime": sources[source_id].vintage,
            "Licence": sources[source_id].licence,
            "Adresse": sources[source_id].url,
        }
        for indicator in (INDICATORS[name] for name in indicator_ids)
        for source_id in indicator.source_ids
    ]


def describe_catalogue(source_ids: Iterable[str], sources: Mapping[str, Source]) -> list[dict[str, str]]:
    """Return what the sheet of sources says of figures that are quoted as they were published: one line a source."""
    return [
        {
            "Source": source.title,
            "Producteur": source.producer,
            "Millésime": source.vintage,
            "Licence": source.licence,
            "Adresse": source.url,
        }
        for source in (sources[name] for name in source_ids)
    ]


def cite_with_licences(source_ids: Iterable[str], sources: Mapping[str, Source]) -> str:
    """Name some sources, each licence once, after the sources under it: "A ; B – Licence X ; C – MIT"."""
    by_licence: dict[str, list[str]] = {}
    for source_id in dict.fromkeys(source_ids):
        source = sources[source_id]
        by_licence.setdefault(source.licence, []).append(source.citation)
    return " ; ".join(f"{' ; '.join(names)} – {licence}" for licence, names in by_licence.items())


def write_csv(table: pd.DataFrame) -> bytes:
    """Write a table as the CSV that a French spreadsheet opens as it is: UTF-8 with BOM, ";" and decimal comma.

    Unknown values are empty cells, never 0.
    """
    return (
        neutralise_formulas(table).to_csv(index=False, sep=";", decimal=",", date_format="%Y-%m-%d").encode("utf-8-sig")
    )


def write_xlsx(table: pd.DataFrame, sources: Sequence[Mapping[str, str]], *, title: str) -> bytes:
    """Write a workbook: the table on a first sheet « Données », title and sources on a second « Sources ».

    Parameters
    ----------
    table
        One row a territory; unknown values become empty cells.
    sources
        One mapping a source (title, producer, vintage, licence, …), keys as column heads.
    title
        What the table shows; stands on the sheet of sources and in the document's properties.

    Returns
    -------
    bytes
        The workbook; text is never read as a formula or a link.
    """
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        writer.book.set_properties({"title": title, "comments": "Maillage, données sous Licence Ouverte 2.0"})
        table.to_excel(writer, sheet_name="Données", index=False, freeze_panes=(1, 1))
        pd.DataFrame(list(sources)).to_excel(writer, sheet_name="Sources", index=False, startrow=2)
        head = writer.book.add_format({"bold": True, "font_size": 13})
        writer.sheets["Sources"].write(0, 0, title, head)
        writer.sheets["Sources"].autofit(400)
        writer.sheets["Données"].autofit(300)
    return buffer.getvalue()
