"""A commune as people write it: one rule for the lists that users give and for the search of a territory.

"La Canourgue", "CANOURGUE (LA)", "48500 LA CANOURGUE", "Mende (48)", "Mende 48", "MENDE CEDEX 9", "Lyon 3e", "lhay les
roses", "Chalon s/ Saône", "St Etienne du Valdonnez", a code of any year, a postcode.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple, Self

import pandas as pd

from geo.codes import (
    ARRONDISSEMENT_CODES,
    COMMUNE_OF_ARRONDISSEMENT,
    LYON_CODE,
    MARSEILLE_CODE,
    OVERSEAS_OF_FINESS,
    PARIS_CODE,
)
from geo.texts import normalize

FORMER_NAMES_SEPARATOR: Final = "|"
"""Between the names of the former communes that a commune holds, in the column `former_names`."""

_ARTICLES: Final = frozenset({"le", "la", "les", "l", "aux", "las", "los"})
_SHORT: Final = {
    "saint": "st",
    "sainte": "ste",
    "sur": "s",
    "sous": "ss",
    "bourg": "bg",
    "grand": "gd",
    "grande": "gde",
    "provence": "pce",
    "ferrand": "fd",
}
_TOWNS: Final = {"paris": PARIS_CODE, "lyon": LYON_CODE, "marseille": MARSEILLE_CODE}
_NUMERALS: Final = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ORDINALS: Final = (
    "premier", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme", "huitieme", "neuvieme",
    "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme", "seizieme", "dix septieme",
    "dix huitieme", "dix neuvieme", "vingtieme",
)  # fmt: skip
_WRITTEN_RANKS: Final = {
    written: number for words in (_NUMERALS.split(), _ORDINALS) for number, written in enumerate(words, start=1)
} | {"premiere": 1, "second": 2, "seconde": 2}
"""Ranks of arrondissements in Roman numerals and in words, folded."""
_RANK: Final = rf"(?P<rank>[0-9]{{1,2}}|{'|'.join(_WRITTEN_RANKS)})(?:er|re|e|eme|ere|ieme|nd|nde)?"
_ARRONDISSEMENT: Final = (
    re.compile(rf"(?P<town>paris|lyon|marseille) {_RANK}(?: arr?d?[a-z]*)?"),
    re.compile(rf"{_RANK} arr?d?[a-z]* (?:de )?(?P<town>paris|lyon|marseille)"),
)
_CEDEX: Final = re.compile(r" cedex(?: [0-9]{1,2})?\b")
_SLASH: Final = re.compile(r"\s*(?:\bs\s*)?/\s*", re.IGNORECASE)
_PREFIX: Final = re.compile(r"(?:commune|ville|mairie|bourg) (?:de la|de l|de|du|des|d) ")
_NUMBER: Final = re.compile(r"[0-9]{5}|2[ab][0-9]{3}")
_DEPARTEMENT: Final = re.compile(r"[0-9]{1,3}|2[ab]")
_LONGEST: Final = 200
_MOST_WORDS_OF_A_DEPARTEMENT: Final = 4


@lru_cache(maxsize=50_000)  # a list says the same few words thousands of times
def fold(text: str) -> str:
    """Reduce a text to what a hurried reader types: no accent, no case, no punctuation, "st" for "saint".

    Examples
    --------
    >>> fold("L'Haÿ-les-Roses")
    'l hay les roses'
    >>> fold("N° FINESS (ET) de Saint-Étienne")
    'n finess et de st etienne'
    """
    plain = normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("°", " "))
    letters = "".join(
        character if character.isalnum() else " " for character in plain if not unicodedata.combining(character)
    )
    return " ".join({"saint": "st", "sainte": "ste"}.get(word, word) for word in letters.casefold().split())


def bare(folded: str) -> str:
    """Take the article away from a folded name, wherever a list puts it.

    Examples
    --------
    >>> bare("la canourgue"), bare("canourgue la")
    ('canourgue', 'canourgue')
    """
    words = folded.split()
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _ARTICLES:
        words = words[:-1]
    return " ".join(words)


def _joined(folded: str) -> str:
    """Join the words of a folded name, the usual short forms being one: "lhay les roses" is "l hay les roses"."""
    return "".join(_SHORT.get(word, word) for word in folded.replace("notre dame", "nd").split())


class Reading(NamedTuple):
    """One way to read a text: the name, and what tells it from its homonyms (a department, a code or a postcode)."""

    name: str
    departement: str = ""
    number: str = ""


class Match(NamedTuple):
    """What a text names.

    Attributes
    ----------
    codes
        Codes of communes, of any year; that of an arrondissement when it is what is written. Several: homonyms.
    same_name
        Those of that name whatever the department or postcode: what to propose when `codes` is empty.
    is_hinted
        The text says more than a name.
    is_former
        The name is that of a former commune, which the communes of `codes` hold.
    """

    codes: tuple[str, ...] = ()
    same_name: tuple[str, ...] = ()
    is_hinted: bool = False
    is_former: bool = False


@dataclass(frozen=True, eq=False)
class CommuneNames:
    """The communes by what they may be called.

    Attributes
    ----------
    names, departement_of, postcodes
        Name, code of the department, and postcodes parted by spaces, of each current commune, by code.
    departements
        Names of the departments, by code.
    now
        Current commune of each code of another year.
    former_names
        Names of the former communes that a current one holds, by its code; may be empty.
    """

    names: Mapping[str, str]
    departement_of: Mapping[str, str]
    postcodes: Mapping[str, str]
    departements: Mapping[str, str]
    now: Mapping[str, str]
    former_names: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, communes: pd.DataFrame, departements: pd.DataFrame, history: pd.DataFrame) -> Self:
        """Take the names from the tables `communes`, `departements` and `commune_history`."""
        codes = communes["commune_code"]
        blank = pd.Series("", index=communes.index)
        postcodes, former = (communes.get(name, blank).fillna("") for name in ("postcodes", "former_names"))
        return cls(
            names=dict(zip(codes, communes["name"], strict=True)),
            departement_of=dict(zip(codes, communes["departement_code"], strict=True)),
            postcodes=dict(zip(codes, postcodes, strict=True)),
            departements=dict(zip(departements["departement_code"], departements["name"], strict=True)),
            now=dict(zip(history["old_code"], history["commune_code"], strict=True)),
            former_names={
                code: names.split(FORMER_NAMES_SEPARATOR) for code, names in zip(codes, former, strict=True) if names
            },
        )

    @cached_property
    def by_postcode(self) -> Mapping[str, Sequence[str]]:
        """Communes of each postcode."""
        found: dict[str, list[str]] = {}
        for code, postcodes in self.postcodes.items():
            for postcode in postcodes.split():
                found.setdefault(postcode, []).append(code)
        return found

    @cached_property
    def _current(self) -> "_Forms":
        return _forms((code, name) for code, name in self.names.items())

    @cached_property
    def _former(self) -> "_Forms":
        return _forms((code, name) for code, names in self.former_names.items() for name in names)

    @cached_property
    def _departement_codes(self) -> Mapping[str, str]:
        named = {fold(name): code for code, name in self.departements.items()}
        overseas = {text.casefold(): code for text, code in OVERSEAS_OF_FINESS.items() if code in self.departements}
        return {bare(name): code for name, code in named.items()} | named | overseas | {
            code.casefold(): code for code in self.departements
        }  # fmt: skip

    def called(self, folded: str) -> tuple[str, ...]:
        """Return the current communes of a folded name: as it is, else its words joined, else without its article."""
        return _called(self._current, folded)

    def once_called(self, folded: str) -> tuple[str, ...]:
        """Return the current communes that hold a former one of a folded name."""
        return _called(self._former, folded)

    def departement(self, text: str) -> str:
        """Return the code of a department written by its code, its name or both; empty when it is none."""
        folded = fold(text)
        if not folded:
            return ""
        first = folded.split()[0].lstrip("0").zfill(2) if folded[:1].isdigit() else folded
        return self._departement_codes.get(folded) or self._departement_codes.get(first) or ""

    def is_known(self, code: str) -> bool:
        """Tell whether a text is the code of a commune of any year, or of an arrondissement."""
        return code in self.names or code in self.now or code in COMMUNE_OF_ARRONDISSEMENT

    def whole_code(self, text: str, departement: str = "") -> str:
        """Return the five characters of a code written without its zero, or in two parts as INSEE and FINESS do.

        Parameters
        ----------
        text
            What stands in a column of codes.
        departement
            Code of the department of the line, for a code of one to three digits: 01 and 053, 974 and 11 or 411.

        Returns
        -------
        str
            In capitals, without spaces; the text itself when nothing is known to be missing.
        """
        code = "".join(text.split()).upper().removesuffix(".0")
        if len(code) == 4 and code.isdigit():  # noqa: PLR2004 - a spreadsheet has eaten the leading zero
            return f"0{code}"
        if departement and code.isdigit() and len(code) <= 3:  # noqa: PLR2004 - the number in the department
            ways = (departement[:2] + code.zfill(3), departement + code.zfill(2), departement + code[-2:])
            return next((way for way in ways if self.is_known(way)), departement[:2] + code.zfill(3))
        return code

    def find(self, text: str, *, departement: str = "", postcode: str = "") -> Match:
        """Find the communes that a text may name.

        Parameters
        ----------
        text
            As anyone writes it.
        departement
            Code of the department that another cell gives; it wins over what the text says.
        postcode
            As another cell gives it; it only parts homonyms.

        Returns
        -------
        Match
            Without any code where nothing of that name is known.
        """
        refused: Match | None = None
        texts = dict.fromkeys((text[:_LONGEST], _SLASH.sub(" sur ", text[:_LONGEST])))  # "Boulogne/Mer"
        for reading in (reading for written in texts for reading in self._readings(fold(written))):
            where = departement or reading.departement
            is_hinted = bool(reading.departement or reading.number)
            if not reading.name:
                codes = self._numbered(reading.number)
                if codes:
                    return Match(codes, codes, is_hinted=True)
                continue
            codes = self._arrondissement(reading) or self.called(reading.name)
            if kept := self._narrow(codes, where, reading.number, postcode):
                return Match(kept, codes, is_hinted)
            former = self.once_called(reading.name)
            if kept := self._narrow(former, where, reading.number, postcode):
                return Match(kept, former, is_hinted, is_former=True)
            if same := codes or former:
                refused = refused or Match((), same, is_hinted)
        return refused or Match()

    def _readings(self, folded: str) -> Iterator[Reading]:
        """Return the ways to read a folded text, the most literal first."""
        plain = _CEDEX.sub("", folded)
        plain = re.sub(r"^fr? (?=[0-9]{5}\b)", "", plain).removesuffix(" france") or plain
        words = plain.split()
        if not words:
            return
        if len(words) == 1 and (_NUMBER.fullmatch(words[0]) or re.fullmatch(r"[0-9]{4}", words[0])):
            yield Reading("", number=words[0].upper().zfill(5))
        yield Reading(plain)
        rest, number = _part(words, _NUMBER)
        yield Reading(" ".join(rest), number=number.upper())
        rest, hint = _part(rest, _DEPARTEMENT)
        where = self.departement(hint)
        if hint in {"20", "97"}:  # Corsica until 1975, and in its postcodes still; the departments overseas
            number = number or f"{hint}000"
            yield Reading(" ".join(rest), number=number.upper())
        if where:
            yield Reading(" ".join(rest), where, number.upper())
        for n_words in range(1, min(_MOST_WORDS_OF_A_DEPARTEMENT, len(rest) - 1) + 1):
            if named := self._departement_codes.get(" ".join(rest[-n_words:])):
                yield Reading(" ".join(rest[:-n_words]), where or named, number.upper())
        for name in (" ".join(rest), plain):
            if match := _PREFIX.match(name):
                yield Reading(name[match.end() :], where, number.upper())

    def _arrondissement(self, reading: Reading) -> tuple[str, ...]:
        """Return the arrondissement of a town that a reading says, by its name or by its postcode."""
        for pattern in _ARRONDISSEMENT:
            if (match := pattern.fullmatch(reading.name)) is not None:
                written = match["rank"]
                rank = int(written) if written.isdigit() else _WRITTEN_RANKS[written]
                members = ARRONDISSEMENT_CODES[_TOWNS[match["town"]]]
                return members[rank - 1 : rank] if rank else ()
        town = _TOWNS.get(reading.name)
        if town and reading.number[:2] == town[:2] and reading.number[2:].isdigit():
            rank = 16 if reading.number == "75116" else int(reading.number[2:])  # the 16th has two postcodes
            return ARRONDISSEMENT_CODES[town][rank - 1 : rank] if rank else ()
        return ()

    def _numbered(self, number: str) -> tuple[str, ...]:
        """Return the commune of a code of today, else those of a postcode, else that of a code of another year.

        Codes of another year are the number of a postcode at times: 75016 was Cachan until 1968.
        """
        if number in self.names or number in COMMUNE_OF_ARRONDISSEMENT:
            return (number,)
        sharing = tuple(self.by_postcode.get(number, ()))
        towns = (name for name, code in _TOWNS.items() if sharing == (code,))
        parts = [part for town in towns for part in self._arrondissement(Reading(town, number=number))]
        return tuple(parts) or sharing or ((number,) if number in self.now else ())

    def home(self, code: str) -> str:
        """Return the current commune of a code of any year; the code itself when it is unknown."""
        return code if code in self.names else self.now.get(code) or COMMUNE_OF_ARRONDISSEMENT.get(code, code)

    def _narrow(self, codes: Sequence[str], departement: str, number: str, postcode: str) -> tuple[str, ...]:
        kept = list(codes)
        if departement:
            kept = [code for code in kept if self.departement_of.get(self.home(code)) == departement]
        if number:
            kept = self._near(kept, number)
        if postcode and len(kept) > 1:
            kept = self._near(kept, "".join(re.findall(r"[0-9]", postcode)).zfill(5))
        if len({self.home(code) for code in kept}) == 1:
            kept = kept[:1]
        return tuple(kept)

    def _near(self, codes: Sequence[str], number: str) -> list[str]:
        """Keep the communes of a code or of a postcode; else those of its department, for a CEDEX."""
        wanted = {self.home(number), *self.by_postcode.get(number, ())}
        exact = [code for code in codes if self.home(code) in wanted]
        return exact or [code for code in codes if code[:2] in {"20": ("2A", "2B")}.get(number[:2], (number[:2],))]


_Forms = Sequence[Mapping[str, Sequence[str]]]


def _forms(names: Iterable[tuple[str, str]]) -> _Forms:
    """Return the codes by each form of their name: as it is, its words joined, and without its article."""
    exact: dict[str, list[str]] = {}
    joined: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    for code, name in names:
        folded = fold(name)
        exact.setdefault(folded, []).append(code)
        joined.setdefault(_joined(folded), []).append(code)
        loose.setdefault(_joined(bare(folded)), []).append(code)
    return exact, joined, loose


def _called(forms: _Forms, folded: str) -> tuple[str, ...]:
    for index, key in zip(forms, (folded, _joined(folded), _joined(bare(folded))), strict=True):
        if found := index.get(key):
            return tuple(found)
    return ()


def _part(words: list[str], pattern: "re.Pattern[str]") -> tuple[list[str], str]:
    """Part a number from the words that it follows or precedes; empty where there is none."""
    if len(words) > 1 and pattern.fullmatch(words[-1]):
        return words[:-1], words[-1]
    if len(words) > 1 and pattern.fullmatch(words[0]):
        return words[1:], words[0]
    return words, ""
