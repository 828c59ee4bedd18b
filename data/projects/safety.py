"""What is refused of a user's file before anything of it is believed: size, zip bombs, XML entities, names as paths."""

import io
import re
import unicodedata
import zipfile
from typing import Final

from data.errors import DataError

LARGEST_FILE_BYTES: Final = 20_000_000
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 2_000

MOST_MEMBERS: Final = 2_000
LARGEST_CONTENT_BYTES: Final = 200_000_000
HIGHEST_RATIO: Final = 200
"""Bytes unpacked for one packed: XML full of zeros packs 50 to 100 times, a bomb 1 000 times and more."""

_SMALL_MEMBER_BYTES: Final = 1_000_000
"""A member that unpacks to less than this does no harm, whatever its ratio."""

_LONGEST_NAME: Final = 80
_CHUNK: Final = 2**20
_OVERLAP: Final = 64
"""Bytes kept between two chunks, so that a mark cut in two is still seen."""

_FORBIDDEN: Final = (b"<!DOCTYPE", b"<!ENTITY")
_FILLED_CELL: Final = re.compile(rb"<(?:\w+:)?(?:c|row)\b[^>]*?\sr\s*=\s*[\"']([^\"']{0,40})[\"'][^>]*?(?<!/)>")
_PLACE: Final = re.compile(rb"([A-Z]{1,3})?([0-9]{1,7})")


class FileRefused(DataError, ValueError):  # noqa: N818 - named like a fault, as those of data/errors
    """The file is too big, or made to harm."""

    problem = "Fichier refusé"


def shown_name(name: str) -> str:
    """Give the name of a user's file as it may be shown: its last part, without control characters, shortened.

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


def check_shape(n_rows: int, n_columns: int, name: str) -> None:
    """Refuse a table with more rows or columns than a list of projects can have.

    Raises
    ------
    FileRefused
        It has.
    """
    if n_rows > MOST_ROWS:
        raise FileRefused(name, expected=f"{MOST_ROWS} lignes au plus", found=f"{n_rows} lignes")
    if n_columns > MOST_COLUMNS:
        raise FileRefused(name, expected=f"{MOST_COLUMNS} colonnes au plus", found=f"{n_columns} colonnes")


def check_workbook(contents: bytes, name: str) -> None:
    """Refuse a workbook that would unpack to too much, declares entities, or has a cell at the end of the world.

    The sizes that an archive declares may lie: every member is unpacked, chunk by chunk, and counted; nothing is kept.
    A reader of workbooks makes room for the rectangle between the first and the last cell: one cell at XFD1048576 would
    ask for 17 billion places.

    Parameters
    ----------
    contents
        Bytes of the file.
    name
        For the message.

    Raises
    ------
    FileRefused
        It would; or it is not a workbook at all.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            members = archive.infolist()
            _check_members(members, name)
            left = LARGEST_CONTENT_BYTES
            for member in members:
                left -= _check_member(archive, member, left, name)
    except FileRefused:
        raise
    # zipfile names only some faults of a damaged archive; the rest surfaces as whatever its parsing stumbles on.
    except Exception as error:
        raise FileRefused(name, expected="un classeur .xlsx entier", found=f"une archive abîmée ({error})") from error


def _check_members(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > MOST_MEMBERS:
        raise FileRefused(name, expected=f"{MOST_MEMBERS} éléments au plus dans le classeur", found=f"{len(members)}")
    names = [member.filename for member in members]
    if "[Content_Types].xml" not in names or not any(part.startswith("xl/") for part in names):
        raise FileRefused(name, expected="un classeur .xlsx", found="une archive d’une autre sorte")
    if len(set(names)) < len(names):
        raise FileRefused(name, expected="un classeur .xlsx", found="deux éléments du même nom")
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused(name, expected="un classeur sans mot de passe", found="un classeur chiffré")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, name: str) -> int:
    """Unpack one member without keeping it; give its real size (bytes)."""
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    is_sheet = member.filename.startswith("xl/worksheets/")
    size, tail = 0, b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            is_dense = size > _SMALL_MEMBER_BYTES and size > HIGHEST_RATIO * max(1, member.compress_size)
            if size > left or is_dense:
                raise FileRefused(
                    name,
                    place=shown_name(member.filename),
                    expected=f"moins de {LARGEST_CONTENT_BYTES // 10**6} Mo une fois décompressé",
                    found="un contenu démesuré (bombe de décompression ?)",
                )
            seen = tail + chunk
            if is_xml:
                _refuse_entities(seen, member.filename, name)
            if is_sheet:
                _refuse_far_cells(seen, name)
            tail = seen[-_OVERLAP:]
    return size


def _refuse_entities(xml: bytes, member: str, name: str) -> None:
    folded = xml.upper().replace(b"\0", b"")  # UTF-16 writes a zero byte beside each letter
    if any(mark in folded for mark in _FORBIDDEN):
        raise FileRefused(
            name, place=shown_name(member), expected="un classeur sans entité XML", found="une déclaration d’entité"
        )


def _refuse_far_cells(xml: bytes, name: str) -> None:
    for match in _FILLED_CELL.finditer(xml):
        place = _PLACE.fullmatch(match[1])
        column = 0
        for letter in (place[1] or b"") if place else b"":
            column = 26 * column + letter - ord("A") + 1
        # A row may be blank and formatted down to the last one: only a cell with something in it counts.
        is_cell = place is not None and place[1] is not None
        too_far = place is None or (is_cell and (int(place[2]) > 2 * MOST_ROWS or column > 2 * MOST_COLUMNS))
        if too_far:
            raise FileRefused(
                name,
                place=f"cellule {match[1].decode('ascii', 'replace')}",
                expected=f"au plus {MOST_ROWS} lignes et {MOST_COLUMNS} colonnes",
                found="une cellule remplie bien au-delà",
                remedy="Supprimez ce qui est écrit loin sous le tableau ou à sa droite.",
            )
