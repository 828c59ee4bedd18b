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

LEVELS: Final = ("commune", "epci", "departement", "region", "france")
"""Levels of territory, from the finest to the whole."""

OVERSEAS_DEPARTEMENT_CODES: Final = ("971", "972", "973", "974", "976")

METROPOLITAN_DEPARTEMENT_CODES: Final = (
    *(f"{number:02d}" for number in range(1, 20)),
    "2A",
    "2B",
    *(f"{number:02d}" for number in range(21, 96)),
)

DEPARTEMENT_CODES: Final = METROPOLITAN_DEPARTEMENT_CODES + OVERSEAS_DEPARTEMENT_CODES
"""The 101 departments in natural order."""

REGION_CODES: Final = (
    *("01", "02", "03", "04", "06"),
    *("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"),
)
"""The 18 regions in natural order."""

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
    """Give the department code that a commune code (or an arrondissement code) carries in its first characters.

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
    """Give the department code of each commune code of a column: `departement_of` for tables.

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


def commune_of(unit_code: str) -> str:
    """Give the commune that holds a unit: Paris, Lyon or Marseille for an arrondissement, itself for any other code.

    Parameters
    ----------
    unit_code
        Code of a commune or of a municipal arrondissement, as DREES mixes them.

    Returns
    -------
    str
        A commune code.

    Raises
    ------
    InvalidCodeError
        When the text is not a commune code of the 101 departments.

    Examples
    --------
    >>> commune_of("69385"), commune_of("69123")
    ('69123', '69123')
    """
    departement_of(unit_code)  # the guard
    return COMMUNE_OF_ARRONDISSEMENT.get(unit_code, unit_code)


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


def natural_order(codes: Iterable[str]) -> list[str]:
    """Sort codes as people list them: 19, 2A, 2B, 21 … 95, 971 … 976.

    This is the order of menus and printed lists. Tables and geometry files are sorted by plain text (19, 21 … 29, 2A,
    2B, 30), which is what a row number refers to.

    Parameters
    ----------
    codes
        Codes of communes, departments or regions.

    Returns
    -------
    list of str
        The same codes, duplicates kept.

    Examples
    --------
    >>> natural_order(["30", "2B", "971", "21", "2A", "01"])
    ['01', '2A', '2B', '21', '30', '971']
    """
    # Corsica was department 20: its letter sorts between 20 and 21 once "2A" is read as "20A".
    return sorted(codes, key=lambda code: re.sub(r"^2([AB])", r"20\1", code))
