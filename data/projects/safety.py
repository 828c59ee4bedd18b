"""What a user's file may be: its size, its rows and columns, its text, its name (never a path)."""

import re
import unicodedata
from typing import Final

from data.errors import FileRefused

LARGEST_FILE_BYTES: Final = 20_000_000
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 2_000

LARGEST_CONTENT_BYTES: Final = 200_000_000
"""Of a workbook once unpacked."""

MOST_CELLS: Final = 5_000_000
MOST_CHARACTERS: Final = MOST_ROWS * LONGEST_CELL

_LONGEST_NAME: Final = 80


def shown_name(name: str) -> str:
    """Return the name of a user's file as it may be shown: its last part, without control characters, shortened.

    It is never used as a path.

    Examples
    --------
    >>> shown_name("../../etc/projets 2026.csv")
    'projets 2026.csv'
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    return (plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…") or "fichier"


def check_size(contents: bytes, name: str) -> None:
    """Refuse a file that is empty or too big.

    Raises
    ------
    FileRefused
        It is.
    """
    if not contents:
        raise FileRefused(name, expected="un fichier de projets", found="un fichier vide (0 octet)")
    if len(contents) > LARGEST_FILE_BYTES:
        raise FileRefused(
            name,
            expected=f"{LARGEST_FILE_BYTES // 10**6} Mo au plus",
            found=f"{len(contents) / 10**6:.0f} Mo",
            remedy="Coupez la liste en plusieurs fichiers.",
        )


def check_shape(n_rows: int, n_columns: int, name: str, *, place: str = "") -> None:
    """Refuse a table with more rows or columns than a list of projects can have.

    Raises
    ------
    FileRefused
        It has.
    """
    if n_rows > MOST_ROWS:
        raise FileRefused(name, expected=f"{MOST_ROWS} lignes au plus", found=f"{n_rows} lignes")
    if n_columns > MOST_COLUMNS:
        raise FileRefused(name, place=place, expected=f"{MOST_COLUMNS} colonnes au plus", found=f"{n_columns} colonnes")
