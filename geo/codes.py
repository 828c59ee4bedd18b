"""INSEE codes: what a valid one looks like, which department it belongs to, how people expect them to be sorted.

Codes are text, always: "01" is not 1, and Corsica is "2A" and "2B". The scope is the 101 departments; the overseas
collectivities (975, 977, 978, 984-989) are valid INSEE codes but outside it.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from geo.errors import InvalidCodeError

if TYPE_CHECKING:
    import pandas as pd

FRANCE_CODE: Final = "FR"
"""Code of the whole country at the level "france"."""

OVERSEAS_DEPARTEMENT_CODES: Final = ("971", "972", "973", "974", "976")

OVERSEAS_OF_FINESS: Final = {"9A": "971", "9B": "972", "9C": "973", "9D": "974", "9E": "975", "9F": "976"}
"""Department (or collectivity) of the two characters that FINESS writes overseas."""

METROPOLITAN_DEPARTEMENT_CODES: Final = (
    *(f"{number:02d}" for number in range(1, 20)),
    "2A",
    "2B",
    *(f"{number:02d}" for number in range(21, 96)),
)

DEPARTEMENT_CODES: Final = METROPOLITAN_DEPARTEMENT_CODES + OVERSEAS_DEPARTEMENT_CODES
"""The 101 departments in natural order."""

PARIS_CODE: Final = "75056"
LYON_CODE: Final = "69123"
MARSEILLE_CODE: Final = "13055"

ARRONDISSEMENT_CODES: Final[dict[str, tuple[str, ...]]] = {
    PARIS_CODE: tuple(str(code) for code in range(75101, 75121)),
    LYON_CODE: tuple(str(code) for code in range(69381, 69390)),
    MARSEILLE_CODE: tuple(str(code) for code in range(13201, 13217)),
}
"""The 45 municipal arrondissements of each commune that has some."""

COMMUNE_OF_ARRONDISSEMENT: Final[dict[str, str]] = {
    arrondissement: commune for commune, members in ARRONDISSEMENT_CODES.items() for arrondissement in members
}

_COMMUNE_PATTERN: Final = r"(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])\d{3}|97[12346]\d{2}"
_DEPARTEMENTS: Final = frozenset(DEPARTEMENT_CODES)


def is_commune_code(text: object) -> bool:
    """Tell whether a value is shaped like the code of a commune of the 101 departments.

    Parameters
    ----------
    text
        Any value; only text can be a code.

    Returns
    -------
    bool
        True for five characters whose department exists. Nothing says that the commune itself exists or existed.

    Examples
    --------
    >>> is_commune_code("2A004"), is_commune_code("97502"), is_commune_code(1001)
    (True, False, False)
    """
    return isinstance(text, str) and re.fullmatch(_COMMUNE_PATTERN, text) is not None


def departement_of(commune_code: str) -> str:
    """Return the department code that a commune code (or an arrondissement code) carries in its first characters.

    Parameters
    ----------
    commune_code
        Five-character INSEE code, current or former.

    Returns
    -------
    str
        Two characters in metropolitan France, three overseas. A handful of communes changed department: a former
        code gives the department of its day.

    Raises
    ------
    InvalidCodeError
        When the text is not a commune code of the 101 departments.

    Examples
    --------
    >>> departement_of("2A004"), departement_of("97411"), departement_of("01001")
    ('2A', '974', '01')
    """
    if not is_commune_code(commune_code):
        msg = (
            f"Code de commune non valide : attendu cinq caractères d’un des 101 départements, trouvé {commune_code!r}."
        )
        raise InvalidCodeError(msg)
    return commune_code[:3] if commune_code.startswith("97") else commune_code[:2]


def departements_of(commune_codes: "pd.Series[str]") -> "pd.Series[str]":
    """Return the department code of each commune code of a column: `departement_of` for tables.

    Parameters
    ----------
    commune_codes
        Text column of five-character INSEE codes, any index.

    Returns
    -------
    pandas.Series
        Department codes as text, named "departement_code", on the same index; a missing code stays missing.

    Raises
    ------
    InvalidCodeError
        When a value is present and is not a commune code; the message shows the first ones.
    """
    known = commune_codes.dropna().astype(str)
    wrong = known[~known.str.fullmatch(_COMMUNE_PATTERN)]
    if len(wrong):
        msg = (
            f"Codes de commune non valides ({len(wrong)}) : attendu cinq caractères d’un des 101 départements, "
            f"trouvé {', '.join(repr(code) for code in wrong.unique()[:5])}."
        )
        raise InvalidCodeError(msg)
    departements = known.str[:3].where(known.str.startswith("97"), known.str[:2])
    return departements.reindex(commune_codes.index).astype("str").rename("departement_code")


def check_departement_codes(codes: Iterable[str]) -> None:
    """Refuse anything that is not one of the 101 department codes.

    Parameters
    ----------
    codes
        Department codes.

    Raises
    ------
    InvalidCodeError
        When one is not; the message shows the first ones.
    """
    wrong = sorted({str(code) for code in codes} - _DEPARTEMENTS)
    if wrong:
        msg = f"Codes de département non valides : attendu un des 101 départements, trouvé {', '.join(wrong[:5])}."
        raise InvalidCodeError(msg)
