"""A table of figures as a file or on standard output, in the formats that other programs read."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from reports.commands.parser import BadQuestion
from reports.figures.tables import write_xlsx

MOST_ROWS_OF_A_SHEET: Final = 1_048_575
"""Rows that a spreadsheet holds under its header."""

Sources = Callable[[], Sequence[Mapping[str, str]]]


def write(table: pd.DataFrame, out: Path | None, *, sources: Sources, title: str) -> None:
    """Write a table: to a file in the format of its suffix, or as CSV to standard output.

    Parameters
    ----------
    table
        Columns as they are written; NaN is unknown (an empty cell, null in JSON), inf stays "inf".
    out
        File ending in .csv, .xlsx, .parquet or .json; None for standard output.
    sources, title
        Of the sheet of sources of a workbook, asked for only then.

    Raises
    ------
    BadQuestion
        The suffix is another one, the folder is not there, or a workbook cannot hold that many rows.
    """
    if out is None:
        # Written in pieces: a reader that stops early stops the writing, and 1.5 million lines are never one text.
        table.to_csv(sys.stdout, index=False, float_format="%.12g", lineterminator="\n", chunksize=20_000)
        return
    makers: dict[str, Callable[[], bytes]] = {
        ".csv": lambda: table.to_csv(index=False, float_format="%.12g", lineterminator="\n").encode("utf-8"),
        ".xlsx": lambda: _workbook(table, sources(), title),
        ".parquet": lambda: _parquet(table),
        ".json": lambda: _json(table),
    }
    if out.suffix not in makers:
        raise BadQuestion(f"--out : attendu un fichier {', '.join(makers)}, trouvé « {out.name} »")
    if not out.absolute().parent.is_dir():
        raise BadQuestion(f"--out : le dossier « {out.parent} » n’existe pas")
    try:
        out.write_bytes(makers[out.suffix]())
    except OSError as error:
        raise BadQuestion(f"--out : « {out.name} » ne peut être écrit ({error.strerror})") from error


def _workbook(table: pd.DataFrame, sources: Sequence[Mapping[str, str]], title: str) -> bytes:
    if len(table) > MOST_ROWS_OF_A_SHEET:
        raise BadQuestion(
            f"--out : {len(table)} lignes, un classeur n’en tient que {MOST_ROWS_OF_A_SHEET} ; "
            "choisissez des indicateurs, ou .csv ou .parquet"
        )
    plain = table.astype({name: object for name in table.columns if isinstance(table[name].dtype, pd.CategoricalDtype)})
    return write_xlsx(plain.replace({np.inf: "inf"}), sources, title=title)


def _parquet(table: pd.DataFrame) -> bytes:
    """Write numbers as numbers: the classes of a categorical indicator go to a column of their own, `category`."""
    if "value" in table and table["value"].dtype == object:
        is_text = table["value"].map(lambda value: isinstance(value, str))
        numbers = pd.to_numeric(table["value"].mask(is_text), errors="raise").astype("float64")
        table = table.assign(value=numbers, category=table["value"].where(is_text, None).astype("string"))
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def _json(table: pd.DataFrame) -> bytes:
    columns = {name: table[name].astype(object) for name in table.columns if (table[name] == np.inf).any()}
    return (
        table.assign(**{name: v.replace({np.inf: "inf"}) for name, v in columns.items()})
        .to_json(orient="records", force_ascii=False, double_precision=12)
        .encode("utf-8")
    )
