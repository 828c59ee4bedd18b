"""Lines of a text of millions (Annuaire santé, Filosofi): its wanted columns, block after block."""

import codecs
import datetime as dt
import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable, named_faults
from data.readers.loose_table import Labels, encoding_of, label_key

_BLOCK_BYTES: Final = 2**22

_MOST_WRONG_LINES: Final = 10_000
"""Lines of another width after which no more is read."""


def read_blocks(
    path: Path, header: list[str], wanted: Labels, wrong: list[str], separator: str = "|"
) -> Iterator[pa.Table]:
    """Return the wanted columns of a file, block after block, as text without spaces around.

    Parameters
    ----------
    path
        Text file, whose cells hold no separator.
    header
        Its labels.
    wanted
        Labels of each column, under the name that we give to it.
    wrong
        Receives the beginning of each line of another width, which is stepped over.
    separator
        What stands between two cells.

    Yields
    ------
    pyarrow.Table
        Some tens of thousands of lines: the whole file never stands in memory.

    Raises
    ------
    SourceUnreadable
        When the text cannot be split, or has ten thousand lines of another width.
    SourceLayoutError
        When a column is absent.
    """
    positions = find_positions(path, header, wanted)
    names = {f"f{position}": name for name, position in positions.items()}

    def judge(row: arrow_csv.InvalidRow) -> str:
        if row.text and row.text.strip():
            wrong.append(row.text[:60])
        return "error" if len(wrong) > _MOST_WRONG_LINES else "skip"

    with named_faults(path, f"un texte séparé par « {separator} »"):
        reader = arrow_csv.open_csv(
            path,
            read_options=arrow_csv.ReadOptions(
                block_size=_BLOCK_BYTES,
                encoding=encoding_of(path),
                skip_rows=1,
                column_names=[f"f{number}" for number in range(len(header))],
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, quote_char=False, invalid_row_handler=judge),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(names),
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )
        for batch in reader:
            table = pa.Table.from_batches([batch])
            yield pa.table({name: compute.utf8_trim_whitespace(table[label]) for label, name in names.items()})


def read_header(path: Path, separator: str = "|") -> list[str]:
    """Read the labels of a file, and refuse one that is no such text or that ends in the middle of a line."""
    try:
        with path.open("rb") as file:
            first = file.readline(2**16)
            file.seek(-1, 2)
            last = file.read(1)
    except FileNotFoundError as error:
        raise SourceMissing(path, remedy="Relancez la synchronisation.") from error
    except OSError as error:
        raise SourceUnreadable(path, expected="un fichier officiel", found=error.strerror or "vide") from error
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise SourceUnreadable(path, expected="des données", found="une page HTML ou XML : le téléchargement a échoué")
    if b"\0" in first:
        raise SourceUnreadable(path, expected="un texte", found="un fichier binaire")
    if last != b"\n":
        raise SourceUnreadable(path, expected="une dernière ligne entière", found="un fichier coupé en milieu de ligne")
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = first.decode("latin-1")
    return text.rstrip("\r\n").split(separator)


def find_positions(path: Path, header: list[str], wanted: Labels) -> dict[str, int]:
    """Find each wanted column, whatever the order, the case and the accents."""
    positions = {}
    for name, labels in wanted.items():
        position = find_position(header, labels)
        if position is None:
            near = difflib.get_close_matches(label_key(labels[0]), map(label_key, header), n=1, cutoff=0.5)
            original = next((label for label in header if near and label_key(label) == near[0]), "")
            raise SourceLayoutError(
                path,
                place="ligne 1 (en-tête)",
                expected=f"la colonne « {labels[0]} »",
                found=", ".join(filter(None, header)) or "aucune colonne",
                remedy=f"Le nom le plus proche est « {original} »." if original else "",
            )
        positions[name] = position
    return positions


def find_position(header: list[str], labels: Sequence[str]) -> int | None:
    """Return the place of the first of the labels that is there, None when none is."""
    keys = [label_key(label) for label in header]
    return next((keys.index(label_key(label)) for label in labels if label_key(label) in keys), None)


def file_of(path: Path, name_part: str) -> Path:
    """Return the file itself, or the one of a folder that has the name."""
    if not path.is_dir():
        return path
    found = [one for one in sorted(path.iterdir()) if name_part in label_key(one.name).replace("_", "")]
    if len(found) != 1:
        names = ", ".join(one.name for one in sorted(path.iterdir()))
        raise SourceLayoutError(path, expected=f"un fichier « {name_part} »", found=names or "un dossier vide")
    return found[0]


def day_of(name: str) -> dt.date | None:
    """Read the day in the name of a file: PS_LibreAcces_Personne_activite_202605050812.txt."""
    match = re.search(r"(20[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])(?:[0-9]{4})?(?:\D|$)", name)
    if match is None:
        return None
    try:
        return dt.date(*map(int, match.groups()))
    except ValueError:
        return None
