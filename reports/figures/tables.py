"""Tables that leave the app: CSV for machines and spreadsheets, XLSX with the sources in a second sheet."""

import io
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from coverage.indicators.cards import INDICATORS, Indicator, available_indicators
from data.sources.catalog import Source
from geo.levels import LEVEL_NAMES

MOST_DECIMALS = 6
# A cell that starts with one of these is run as a formula by spreadsheets (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_values(indicator: Indicator, values: pd.Series) -> pd.Series:
    """Return the values of an indicator as they leave the app: in the printed unit, at the precision they have.

    Parameters
    ----------
    indicator
        Whose values they are.
    values
        As stored; NaN is unknown.

    Returns
    -------
    pandas.Series
        Same index. Whole numbers where the figure is printed whole; else two digits more than are printed, which holds
        all that is published (three of the APL) and none of the noise of a computation. Categories are unchanged.

    Examples
    --------
    >>> export_values(INDICATORS["population_per_msp_dgos"], pd.Series([30364.637938, float("nan")])).tolist()
    [30365, <NA>]
    >>> export_values(INDICATORS["share_75plus"], pd.Series([0.123456789])).tolist()
    [12.346]
    """
    if indicator.kind == "categorical":
        return values
    printed = values.astype(np.float64) * indicator.display_factor
    if indicator.decimals:
        return printed.round(indicator.decimals + 2)
    return _whole(printed.round(0))


def export_value(indicator: Indicator, value: object) -> object:
    """Return one value as it leaves the app (`export_values`), None when unknown."""
    kept = export_values(indicator, pd.Series([value])).iloc[0]
    return None if pd.isna(kept) else kept


def tidy_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose numbers are fit for a spreadsheet: counts whole, no digit after the sixth decimal."""
    tidy = table.copy()
    for column in tidy.columns:
        if pd.api.types.is_float_dtype(tidy[column]):
            tidy[column] = _whole(tidy[column].round(MOST_DECIMALS))
        elif tidy[column].dtype == object:
            tidy[column] = tidy[column].map(
                lambda cell: round(cell, MOST_DECIMALS) if isinstance(cell, float) and math.isfinite(cell) else cell
            )
    return tidy


def _whole(numbers: pd.Series) -> pd.Series:
    """Return the numbers as integers where all those known are whole, else as they are."""
    known = numbers.dropna().to_numpy(np.float64)
    if not np.isfinite(known).all() or (known != np.rint(known)).any():
        return numbers
    return numbers.astype("Int64")


def neutralise_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose text cells can't be run as formulas (a leading apostrophe)."""

    def neutralise(cell: object) -> object:
        return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell

    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_datetime64_any_dtype(safe[column]):
            safe[column] = safe[column].map(neutralise)
    return safe


def say_nature(indicator: Indicator, levels: Iterable[str]) -> str:
    """Say how an indicator is known at the levels of a table: "estimé", "mesuré (commune), estimé (France)"."""
    levels = [level for level in dict.fromkeys(levels) if level in indicator.levels]
    by_nature: dict[str, list[str]] = {}
    for level in levels:
        name = LEVEL_NAMES[level].noun
        by_nature.setdefault(indicator.known_at(level), []).append(name)
    if len(by_nature) == 1:
        return next(iter(by_nature))
    return ", ".join(f"{nature} ({', '.join(names)})" for nature, names in by_nature.items())


def indicators_in_use(sources: Mapping[str, Source]) -> dict[str, Indicator]:
    """Return the indicators that the tables in use can inform, each with what these tables make it say.

    Parameters
    ----------
    sources
        The sources in use by id.
    """
    return available_indicators({table: source.vintage for source in sources.values() for table in source.tables})


def describe_sources(
    indicator_ids: Iterable[str], sources: Mapping[str, Source], levels: Iterable[str]
) -> list[dict[str, str]]:
    """Return what the sheet of sources says: one line an indicator and source, formula and limits included.

    Parameters
    ----------
    indicator_ids, sources
        What is said, and the sources by id.
    levels
        Levels of the figures of the table: how a figure is known depends on them.
    """
    levels, cards = tuple(levels), INDICATORS | indicators_in_use(sources)
    return [
        {
            "Indicateur": indicator.label,
            "Unité": indicator.unit,
            "Nature": say_nature(indicator, levels),
            "Calcul": indicator.formula,
            "Limites": indicator.note,
            "Source": sources[source_id].title,
            "Producteur": sources[source_id].producer,
            "Millésime": sources[source_id].vintage,
            "Licence": sources[source_id].licence,
            "Adresse": sources[source_id].url,
        }
        for indicator in (cards[name] for name in indicator_ids)
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
        names = by_licence.setdefault(source.licence, [])
        if source.citation not in names:
            names.append(source.citation)
    return " ; ".join(f"{' ; '.join(names)} – {licence}" for licence, names in by_licence.items())


def write_csv(table: pd.DataFrame) -> bytes:
    """Write a table as the CSV that a French spreadsheet opens as it is: UTF-8 with BOM, ";" and decimal comma.

    Unknown values are empty cells, never 0. A column may hold numbers and words: its numbers have a comma all the same.
    """
    safe = neutralise_formulas(tidy_numbers(table))
    for column in [name for name in safe.columns if pd.api.types.is_object_dtype(safe[name])]:
        safe[column] = safe[column].map(_with_comma)
    return safe.to_csv(index=False, sep=";", decimal=",", date_format="%Y-%m-%d").encode("utf-8-sig")


def _with_comma(cell: object) -> object:
    if not isinstance(cell, float):
        return cell
    return "" if math.isnan(cell) else np.format_float_positional(cell, trim="-").replace(".", ",")


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
        comments = "Maillage, données sous Licence Ouverte 2.0"
        writer.book.set_properties({"title": title, "author": "Maillage", "comments": comments})
        tidy_numbers(table).to_excel(writer, sheet_name="Données", index=False, freeze_panes=(1, 1))
        pd.DataFrame(list(sources)).to_excel(writer, sheet_name="Sources", index=False, startrow=2)
        head = writer.book.add_format({"bold": True, "font_size": 13})
        writer.sheets["Sources"].write(0, 0, title, head)
        writer.sheets["Sources"].autofit(400)
        writer.sheets["Données"].autofit(300)
    return buffer.getvalue()
