"""Raw contents of an official file: bytes, then text, with the accidents of downloads named."""

import codecs
import gzip
import io
import zlib
from pathlib import Path
from typing import Final

from data.errors import SourceMissing, SourceUnreadable
from data.files.texts import composed

_FOREIGN_MARKS: Final = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""Byte-order marks of the encodings that no official file of ours uses; UTF-32 first, its mark begins with UTF-16's."""

_MOST_INFLATED: Final = 2**28
"""Bytes of a decompressed file: the largest official one of this kind has 8 million; more is no table of communes."""


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file that must exist and hold something; those of a file .gz are decompressed.

    Parameters
    ----------
    path
        File on the disk.

    Returns
    -------
    bytes
        At least one byte.

    Raises
    ------
    SourceMissing
        When nothing is at this path.
    SourceUnreadable
        When it is a folder, may not be opened, is empty, or is a damaged file .gz.
    """
    try:
        contents = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceMissing(path, remedy="Relancez la synchronisation ou vérifiez le dossier des données.") from error
    except OSError as error:
        raise SourceUnreadable(path, expected="un fichier que l’on peut ouvrir", found=error.strerror) from error
    if not contents:
        raise SourceUnreadable(path, expected="un fichier officiel", found="un fichier vide (0 octet)")
    return _inflated(contents, path) if path.suffix == ".gz" else contents


def _inflated(contents: bytes, path: Path) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(contents)) as stream:
            inflated = stream.read(_MOST_INFLATED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceUnreadable(path, expected="un fichier .gz entier", found=error) from error
    if not 0 < len(inflated) <= _MOST_INFLATED:
        raise SourceUnreadable(
            path,
            expected=f"de 1 à {_MOST_INFLATED} octets une fois décompressé",
            found="rien" if not inflated else "plus",
        )
    return inflated


def read_text(path: Path, *, or_latin_1: bool = False) -> str:
    """Return the text of a file encoded in UTF-8, whether or not it begins with a byte-order mark.

    Parameters
    ----------
    path
        File on the disk.
    or_latin_1
        Also accept ISO 8859-1, for the producers who use it. Every sequence of bytes is valid ISO 8859-1, so this
        gives up the detection of a re-encoded file: the layout is then the only guard.

    Returns
    -------
    str
        The text, without mark, accents composed (NFC), so that a label typed on a Mac equals the official one.

    Raises
    ------
    SourceMissing
        When nothing is at this path.
    SourceUnreadable
        When the file is empty, in another encoding, binary, or an HTML page (a portal's error page saved as a file).
    FileRefused
        When it has more combining marks in a row than any language.
    """
    contents = read_bytes(path)
    for mark, encoding in _FOREIGN_MARKS.items():
        if contents.startswith(mark):
            raise SourceUnreadable(path, expected="un texte en UTF-8", found=f"un texte en {encoding}")
    if b"\0" in contents:
        place = f"octet {contents.index(0) + 1}"
        raise SourceUnreadable(
            path, place=place, expected="un texte en UTF-8", found="un octet nul (binaire ou UTF-16)"
        )
    try:
        text = contents.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not or_latin_1:
            line = contents.count(b"\n", 0, error.start) + 1
            found = f"l’octet 0x{contents[error.start]:02x}, invalide (fichier réencodé ?)"
            raise SourceUnreadable(path, place=f"ligne {line}", expected="un texte en UTF-8", found=found) from error
        text = contents.decode("latin-1")
    if not text.strip():
        raise SourceUnreadable(path, expected="un fichier officiel", found="un fichier sans contenu")
    if text.lstrip().startswith("<"):
        raise SourceUnreadable(path, expected="des données", found="une page HTML ou XML : le téléchargement a échoué")
    return composed(text, path)
