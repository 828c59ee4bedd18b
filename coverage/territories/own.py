"""Own territories: any set of communes with a name, and the text that carries both in an address."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from coverage.errors import CoverageError
from geo.codes import is_commune_code

MAX_NAME: Final = 60
"""Characters of a name."""
UNNAMED: Final = "Mon territoire"

_SIGNS: Final = "’-–,.()«»/+°"
"""Signs of a name beside letters and digits."""
_LONGEST_CODE: Final = 200_000
"""Characters that are read at most: all the communes of France take 10 000."""
_LONGEST_DEFINITION: Final = 400_000
"""Bytes that a code may unfold to."""
_PER_DEPARTEMENT: Final = 1_000
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MORE: Final = 0x80
"""Bit that says that a number goes on in the next byte."""


class OwnTerritoryError(CoverageError, ValueError):
    """A set of communes is empty, or the text that carries one is cut or damaged; the message is in French."""


@dataclass(frozen=True)
class OwnTerritory:
    """A set of communes with a name. Make one with `OwnTerritory.of`.

    Attributes
    ----------
    name
        1 to 60 characters, on one line: letters, digits, spaces and a few signs that no page takes for markup.
    communes
        INSEE codes, at least one.
    """

    name: str
    communes: frozenset[str]

    @classmethod
    def of(cls, name: str, communes: Iterable[str]) -> Self:
        """Make a territory; its name is cut to its longest, and loses the signs that a page could take for markup.

        Raises
        ------
        OwnTerritoryError
            There is no commune, or a text is not the code of a commune of any year.

        Examples
        --------
        >>> OwnTerritory.of(" Mende et alentours ", ["48095", "48095"])
        OwnTerritory(name='Mende et alentours', communes=frozenset({'48095'}))
        """
        codes = frozenset(communes)
        if not codes:
            raise OwnTerritoryError("Territoire personnel : attendu au moins une commune, trouvé aucune.")
        if strange := sorted(str(code) for code in codes if not is_commune_code(code)):
            raise OwnTerritoryError(
                f"Territoire personnel : attendu des codes de commune, trouvé « {strange[0][:20]} »."
            )
        return cls(_clean(name) or UNNAMED, codes)

    @property
    def code(self) -> str:
        """The name and the communes as one text for addresses: letters, digits, "-" and "_"; `read_code` reads it.

        About one character a commune for scattered ones, a third of it for the communes of whole departments.
        """
        packed = self.name.encode() + b"\0" + bytes(_write_gaps(sorted(map(_number_of, self.communes))))
        return base64.urlsafe_b64encode(zlib.compress(packed, 9)).decode("ascii").rstrip("=")

    def union(self, other: Self, name: str) -> Self:
        """Return the communes of either."""
        return self.of(name, self.communes | other.communes)

    def difference(self, other: Self, name: str) -> Self:
        """Return the communes that the other does not hold.

        Raises
        ------
        OwnTerritoryError
            There is none.
        """
        return self.of(name, self.communes - other.communes)

    def intersection(self, other: Self, name: str) -> Self:
        """Return the communes of both.

        Raises
        ------
        OwnTerritoryError
            There is none.
        """
        return self.of(name, self.communes & other.communes)


@lru_cache(maxsize=256)
def read_code(code: str) -> OwnTerritory:
    """Read what `OwnTerritory.code` wrote.

    Raises
    ------
    OwnTerritoryError
        The text was cut, changed or written by something else.

    Examples
    --------
    >>> read_code(OwnTerritory.of("Deux", ["48095", "2A004"]).code).communes == {"48095", "2A004"}
    True
    """
    try:
        name, _, gaps = _unfold(code).partition(b"\0")
        return OwnTerritory.of(name.decode(), map(_code_of, _read_gaps(gaps)))
    except (ValueError, binascii.Error, zlib.error, OverflowError) as error:
        raise OwnTerritoryError(
            "Le territoire personnel de cette adresse ne se lit pas : elle a été coupée ou modifiée. "
            "Demandez l’adresse entière, ou le fichier du territoire."
        ) from error


def _clean(name: str) -> str:
    """Return a name that any page can show as it is: an address of unknown hands carries it everywhere."""
    written = unicodedata.normalize("NFC", name[: 10 * MAX_NAME]).replace("'", "’").replace("&", " et ")
    kept = "".join(sign if sign.isalnum() or sign in _SIGNS else " " for sign in written)
    kept = re.sub(r"\.(?=\S)", " ", re.sub(r"-{2,}", "-", kept))  # neither an address of the web nor a dash
    kept = re.sub(r"^(?:[^\w(«]+|\d+[.)])+", "", " ".join(kept.split()))  # neither a list nor a title
    return kept[:MAX_NAME].strip()


def _unfold(code: str) -> bytes:
    """Return the bytes that a code holds; ValueError or zlib.error when they are not whole."""
    if len(code) > _LONGEST_CODE:
        raise ValueError(code)
    packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    unfolding = zlib.decompressobj()
    definition = unfolding.decompress(packed, _LONGEST_DEFINITION)
    if not unfolding.eof or unfolding.unused_data:
        raise ValueError(code)
    return definition


def _number_of(code: str) -> int:
    """Return a number by which the communes of a department follow each other: 82 004 for "2A004"."""
    return int(code[:2], 36) * _PER_DEPARTEMENT + int(code[2:])


def _code_of(number: int) -> str:
    departement, rest = divmod(number, _PER_DEPARTEMENT)
    first, second = divmod(departement, 36)
    return f"{_DIGITS[first]}{_DIGITS[second]}{rest:03d}"


def _write_gaps(numbers: Iterable[int]) -> Iterator[int]:
    """Yield the bytes of sorted numbers: what parts each from the one before, seven bits a byte, the lowest first."""
    before = 0
    for number in numbers:
        gap, before = number - before, number
        while gap >= _MORE:
            yield gap % _MORE | _MORE
            gap //= _MORE
        yield gap


def _read_gaps(packed: bytes) -> Iterator[int]:
    number, gap, shift = 0, 0, 0
    for byte in packed:
        gap |= (byte & ~_MORE) << shift
        shift += 7
        if byte < _MORE:
            number += gap
            if number >= 36**2 * _PER_DEPARTEMENT:
                raise ValueError(number)
            yield number
            gap, shift = 0, 0
        elif shift > 28:  # noqa: PLR2004 - more than any code
            raise ValueError(gap)
    if shift:
        raise ValueError(gap)
