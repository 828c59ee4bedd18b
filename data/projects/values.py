"""Cells of a user's file turned into values: stages, types, days in French, counts, yes and no."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

from coverage.terms.months import MONTHS
from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from data.projects.columns import number_text
from geo.commune_names import fold

ABANDONED: Final = "abandonne"

_EMPTY: Final = frozenset({"", "-", "–", "—", "?", "/", "nd", "n d", "na", "n a", "nan", "null", "none", "nc", "n c",
                           "inconnu", "inconnue", "non renseigne", "non connu", "ns", "vide"})  # fmt: skip
"""What people write, once folded, where they do not know; "NS" (secrecy) is unknown too."""

_STAGE_WORDS: Final = {
    "idee": "idee;emergence;emergent;emergente;reflexion;en reflexion;premier contact;contact;intention;pre projet;"
    "avant projet;amorce;idea",
    "projet": "projet;en projet;en cours;projet en cours;construction;en construction;elaboration;ecriture;"
    "en elaboration;projet de sante en cours;redaction;en redaction;lettre d intention;project;montage;accompagnement",
    "valide_ars": "valide ars;valide par l ars;valide;validee;validation ars;labellise;labellisee;"
    "projet de sante valide;projet valide;valide par ars;validated",
    "ouvert": "ouvert;ouverte;en fonctionnement;fonctionne;en activite;active;operationnel;operationnelle;en service;"
    "open;fonctionnelle;en exercice",
    "aci_signe": "aci signe;aci;signature aci;signe aci;sous aci;aci signee;adhesion aci;aci signed;beneficie de l aci",
    ABANDONED: "abandonne;abandonnee;abandon;arrete;arretee;annule;annulee;sans suite;ferme;fermee;dissous;dissoute;"
    "abandoned",
}
_TYPE_WORDS: Final = {
    "msp": "msp;maison de sante;maison de sante pluriprofessionnelle;maison de sante pluridisciplinaire;"
    "maisons de sante;maisons de sante pluriprofessionnelles;603;mds",
    "cpts": "cpts;communaute professionnelle territoriale de sante;"
    "communautes professionnelles territoriales de sante;604",
    "centre_sante": "centre de sante;cds;cs;centre sante;centre de sante polyvalent;centre de sante medical;124",
    "esp": "esp;equipe de soins primaires;ess;equipe de soins specialises;esp clap;equipe soins primaires;espclap",
    "autre": "autre;autres;cabinet;cabinet de groupe;other;pole de sante",
}
_YES: Final = frozenset({"oui", "o", "yes", "y", "vrai", "true", "1", "x", "ok"})
_NO: Final = frozenset({"non", "n", "no", "faux", "false", "0"})
_MONTHS: Final = tuple(map(fold, MONTHS))
_SHORT_MONTHS: Final = {"janv": 1, "jan": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9, "oct": 10,
                        "nov": 11, "dec": 12}  # fmt: skip
_EARLIEST: Final = dt.date(1950, 1, 1)
_LATEST: Final = dt.date(2100, 1, 1)
_SERIAL_ORIGIN: Final = dt.date(1899, 12, 30)
MOST_PROFESSIONALS: Final = 5_000


class CellError(ValueError):
    """A cell that cannot be read; says in French what was expected."""


def is_empty(text: str) -> bool:
    """Tell whether a cell says nothing: blank, or one of the ways to write that it is not known."""
    return text.strip() in _EMPTY or fold(text) in _EMPTY


def read_stage(text: str) -> str:
    """Read a stage: a key of `STAGES`, or "abandonne".

    Raises
    ------
    CellError
        It is none of them.
    """
    found = _read_word(text, _STAGE_WORDS, STAGES)
    if found is None:
        raise CellError(f"{', '.join(STAGES.values())}, ou « Abandonné »")
    return found


def read_type(text: str) -> str:
    """Read a type of structure: a key of `STRUCTURE_TYPES`.

    Raises
    ------
    CellError
        It is none of them.
    """
    # FINESS writes the article of the law in brackets: « Maison de santé (L.6223-3) ».
    outside = re.sub(r"\([^()]*\)", " ", text)
    found = _read_word(text, _TYPE_WORDS, STRUCTURE_TYPES) or _read_word(outside, _TYPE_WORDS, STRUCTURE_TYPES)
    if found is None:
        raise CellError(", ".join(STRUCTURE_TYPES.values()))
    return found


def read_yes_no(text: str) -> bool:
    """Read "oui" or "non".

    Raises
    ------
    CellError
        It is neither.
    """
    word = fold(text)
    if word not in _YES | _NO:
        raise CellError("oui ou non")
    return word in _YES


def read_count(text: str) -> float:
    """Read a number of persons: whole, from 0 to `MOST_PROFESSIONALS`.

    Raises
    ------
    CellError
        It is not.
    """
    expected = f"un nombre entier de personnes, de 0 à {MOST_PROFESSIONALS}"
    try:
        number = float(number_text(text))
    except ValueError:
        raise CellError(expected) from None
    if not 0 <= number <= MOST_PROFESSIONALS or not number.is_integer():
        raise CellError(expected)
    return number


def read_number(text: str) -> float:
    """Read a coordinate: a number with a point or a comma.

    Raises
    ------
    CellError
        It is not a number.
    """
    try:
        return float(number_text(text))
    except ValueError:
        raise CellError("un nombre, comme 44,5172") from None


def read_pair(text: str) -> tuple[str, str]:
    """Read latitude and longitude written in one cell: "44.5172, 3.5012" or "44,5172 ; 3,5012".

    Raises
    ------
    CellError
        It does not hold two numbers.
    """
    for separator in (";", ", ", " ", ","):
        parts = [part.strip() for part in text.split(separator) if part.strip()]
        if len(parts) == 2 and all(re.search(r"[0-9]", part) for part in parts):  # noqa: PLR2004 - a pair
            return parts[0].strip(","), parts[1]
    raise CellError("deux nombres, comme « 44.5172, 3.5012 » (latitude puis longitude)")


def read_day(text: str) -> tuple[dt.date, str]:
    """Read a day in one of the forms that French lists use.

    Parameters
    ----------
    text
        "2025-03-15", "15/03/2025", "15.3.25", "15 mars 2025", "1er mars 2025", "mars 2025", "03/2025", "T1 2025",
        "2025", or the serial number of a spreadsheet (45731).

    Returns
    -------
    tuple of datetime.date and str
        The day, and how it was completed where the text is less precise than a day: "" , "mois", "trimestre", "année".

    Raises
    ------
    CellError
        No such form, or no such day between 1950 and 2100.
    """
    expected = CellError("un jour, comme 15/03/2025, 2025-03-15 ou « mars 2025 », entre 1950 et 2100")
    found = _find_day(text.strip())
    if found is None:
        raise expected
    year, month, day, completed = found
    try:
        date = dt.date(year, month, day)
    except ValueError:
        raise expected from None
    if not _EARLIEST <= date < _LATEST:
        raise expected
    return date, completed


_Day = tuple[int, int, int, str]

_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Day]], ...]] = (
    (
        re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?"),
        lambda found: (int(found[1]), int(found[2]), int(found[3]), ""),
    ),
    (
        re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})(?: .*)?"),
        lambda found: (_year(found[3]), int(found[2]), int(found[1]), ""),
    ),
    (re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})"), lambda found: (int(found[2]), int(found[1]), 1, "mois")),
    (re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})"), lambda found: (int(found[1]), int(found[2]), 1, "mois")),
    (re.compile(r"(?:19|20)[0-9]{2}"), lambda found: (int(found[0]), 1, 1, "année")),
    (re.compile(r"[2-6][0-9]{4}"), lambda found: _from_serial(int(found[0]))),
)
"""Forms of a day in digits: year, month, day, and what was completed."""

_QUARTER: Final = re.compile(
    r"(?:(?:t|trim|trimestre) ?([1-4])|([1-4])(?:er|e|eme)? trim(?:estre)?) ([0-9]{4})", re.ASCII
)
_WORDED: Final = re.compile(
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?"
    r"(?:([0-9]{1,2})(?:er)? )?([a-z]+) ([0-9]{4}|[0-9]{2})"
)


def _find_day(text: str) -> _Day | None:
    """Give year, month, day and what was completed; None where no form fits."""
    for form, make in _FORMS:
        if match := form.fullmatch(text):
            return make(match)
    return _find_worded_day(fold(text))


def _from_serial(days: int) -> _Day:
    date = _SERIAL_ORIGIN + dt.timedelta(days=days)
    return date.year, date.month, date.day, ""


def _find_worded_day(folded: str) -> _Day | None:
    if match := _QUARTER.fullmatch(folded):
        return int(match[3]), 3 * int(match[1] or match[2]) - 2, 1, "trimestre"
    match = _WORDED.fullmatch(folded)
    if match is None:
        return None
    word = match[2]
    month = _MONTHS.index(word) + 1 if word in _MONTHS else _SHORT_MONTHS.get(word)
    if month is None:
        return None
    return _year(match[3]), month, int(match[1] or 1), "" if match[1] else "mois"


def _year(digits: str) -> int:
    """Complete a year of two digits: a list of projects speaks of this century."""
    return int(digits) if len(digits) == 4 else 2000 + int(digits)  # noqa: PLR2004 - digits of a year


def _read_word(text: str, words: dict[str, str], labels: object) -> str | None:
    folded = fold(text.replace("_", " "))
    for key, synonyms in words.items():
        label = labels.get(key, "") if hasattr(labels, "get") else ""
        if folded in {*synonyms.split(";"), fold(label), fold(key.replace("_", " "))}:
            return key
    # "3 - Ouvert", "4. ACI signé", "Ouverte depuis 2021": one key only may be told by a leading number or a first word.
    bare = re.sub(r"^(?:[0-9]+ )+", "", folded)
    return _read_word(bare, words, labels) if bare != folded else None
