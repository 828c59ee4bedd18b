"""The commune of a project, by code, name, postcode or department, as people write them."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import pandas as pd

from data import store
from data.projects.columns import fold
from data.projects.points import Ground, read_shapes
from geo.codes import COMMUNE_OF_ARRONDISSEMENT, is_commune_code

_ARTICLES: Final = frozenset({"le", "la", "les", "l"})
_ARRONDISSEMENT: Final = re.compile(r"^(paris|lyon|marseille) [0-9]{1,2}(?:er|e|eme|ere|ieme)?(?: arrondissement)?$")
_SHOWN: Final = 5
_START: Final = 3
_MOST_SUGGESTIONS: Final = 300


class PlaceError(ValueError):
    """A place that cannot be found; `args` are what was expected and the remedy, in French."""


class Found(NamedTuple):
    """A commune, and what had to be done to find it (a French sentence, or nothing)."""

    commune_code: str
    remark: str = ""


@dataclass(frozen=True)
class Places:
    """The communes as a list of projects may name them.

    Attributes
    ----------
    communes, departements, history
        Tables `communes`, `departements` and `commune_history`.
    ground
        Shapes of the communes, for who has coordinates.
    """

    communes: pd.DataFrame
    departements: pd.DataFrame
    history: pd.DataFrame
    ground: Ground

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each current commune, by code."""
        return dict(zip(self.communes["commune_code"], self.communes["name"], strict=True))

    @cached_property
    def homes(self) -> dict[str, dict[str, Any]]:
        """Longitude, latitude (degrees, EPSG:4326), department and region of each current commune, by code."""
        columns = ["longitude", "latitude", "departement_code", "region_code"]
        return self.communes.set_index("commune_code")[columns].to_dict("index")

    @cached_property
    def _departement_of(self) -> dict[str, str]:
        return dict(zip(self.communes["commune_code"], self.communes["departement_code"], strict=True))

    @cached_property
    def _now(self) -> dict[str, str]:
        return dict(zip(self.history["old_code"], self.history["commune_code"], strict=True))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, name in self.names.items():
            for key in dict.fromkeys((fold(name), _bare(fold(name)))):
                found.setdefault(key, []).append(code)
        return found

    @cached_property
    def _by_postcode(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, postcodes in zip(self.communes["commune_code"], self.communes["postcodes"].fillna(""), strict=True):
            for postcode in postcodes.split():
                found.setdefault(postcode, []).append(code)
        return found

    @cached_property
    def _departement_codes(self) -> dict[str, str]:
        codes = self.departements["departement_code"]
        return {fold(name): code for name, code in zip(self.departements["name"], codes, strict=True)} | {
            code.casefold(): code for code in codes
        }

    def find_commune(self, *, code: str = "", name: str = "", postcode: str = "", departement: str = "") -> Found:
        """Find the commune that a row names.

        Parameters
        ----------
        code
            INSEE code, of any year; a lost leading zero is given back. It wins over the name.
        name
            Name in any case, or a code, or "Florac (48061)".
        postcode, departement
            What tells homonyms apart; a postcode alone is enough where one commune has it.

        Returns
        -------
        Found
            A current commune.

        Raises
        ------
        PlaceError
            None, or several; says what to write.
        """
        name, hint = _part_hint(name)
        if is_code(hint) and not code:
            code, hint = hint, ""
        if is_code(name) and not code:
            code, name = name, ""
        if code:
            return self._find_by_code(code, name, postcode)
        if name:
            return self._find_by_name(name, postcode, departement or hint)
        if postcode:
            return self._find_by_postcode(postcode)
        raise PlaceError("une commune (code INSEE, nom ou code postal) ou des coordonnées")

    def _find_by_code(self, text: str, name: str, postcode: str) -> Found:
        code = text.strip().upper().replace(" ", "")
        remark = ""
        if len(code) == 4 and code.isdigit():  # noqa: PLR2004 - a spreadsheet has eaten the leading zero
            code, remark = f"0{code}", f"Le code {code} est lu 0{code}."
        if code in self.names:
            return Found(code, remark or self._compare(code, name))
        if now := self._now.get(code) or COMMUNE_OF_ARRONDISSEMENT.get(code):
            return Found(now, f"Le code {code} est ancien ou d’une partie de commune : {self.label(now)} est retenu.")
        if name:
            found = self._find_by_name(name, postcode, "")
            return Found(found.commune_code, f"Le code {code} n’existe pas : {self.label(found.commune_code)} "
                                             "est retenu d’après le nom.")  # fmt: skip
        hint = f" ({code} est un code postal : mettez-le dans « Code postal »)" if code in self._by_postcode else ""
        raise PlaceError(f"un code INSEE de commune{hint}")

    def _compare(self, code: str, name: str) -> str:
        """Say that the name is not the one of the code; nothing when it is, or when there is no name."""
        if not name or _bare(fold(name)) == _bare(fold(self.names[code])) or _town(fold(name)):
            return ""
        return f"Le code {code} est celui de {self.names[code]}, le fichier écrit « {name[:60]} » : le code l’emporte."

    def _find_by_name(self, name: str, postcode: str, departement: str) -> Found:
        folded = re.sub(r" cedex(?: [0-9]+)?$", "", fold(name))
        folded = _town(folded) or folded
        codes = self._by_name.get(folded) or self._by_name.get(_bare(folded), [])
        if not codes:
            raise PlaceError(f"le nom d’une commune actuelle{self._suggest(folded, postcode)}")
        kept = self._narrow(codes, postcode, departement)
        if len(kept) == 1:
            return Found(kept[0])
        if not kept:
            told = ", ".join(self.label(code) for code in codes[:_SHOWN])
            where = " et ".join(part for part in (departement, postcode) if part)
            raise PlaceError(f"une commune de ce nom dans {where} ; celles de ce nom : {told}")
        told = ", ".join(kept[:_SHOWN]) + ("…" if len(kept) > _SHOWN else "")
        raise PlaceError(f"le département ou le code postal aussi : {len(kept)} communes portent ce nom ({told})")

    def _narrow(self, codes: Sequence[str], postcode: str, departement: str) -> list[str]:
        kept = list(codes)
        if departement:
            asked = self.find_departement(departement)
            kept = [code for code in kept if self._departement_of[code] == asked]
        if postcode and len(kept) > 1:
            digits = _postcode(postcode)
            exact = [code for code in kept if code in self._by_postcode.get(digits, ())]
            # A CEDEX or a town's other postcode: its department still tells homonyms apart.
            near = [code for code in kept if code[:2] == digits[:2].replace("20", code[:2])]
            kept = exact or near
        return kept

    def find_departement(self, text: str) -> str:
        """Find a department by code or name.

        Raises
        ------
        PlaceError
            It is none of the 101.
        """
        folded = fold(text)
        first = folded.split()[0].lstrip("0").zfill(2) if folded[:1].isdigit() else folded
        found = self._departement_codes.get(folded) or self._departement_codes.get(first)
        if found is None:
            raise PlaceError("un département (code ou nom)")
        return found

    def _find_by_postcode(self, text: str) -> Found:
        codes = self._by_postcode.get(_postcode(text), [])
        if len(codes) == 1:
            return Found(codes[0])
        if not codes:
            raise PlaceError("un code postal de commune (ceux des CEDEX n’en nomment pas)")
        told = ", ".join(self.names[code] for code in codes[:_SHOWN])
        raise PlaceError(f"le nom de la commune : {len(codes)} partagent ce code postal ({told}"
                         f"{'…' if len(codes) > _SHOWN else ''})")  # fmt: skip

    @cached_property
    def _by_start(self) -> dict[str, dict[str, str]]:
        """Names of communes by folded name, under their first letters."""
        found: dict[str, dict[str, str]] = {}
        for key, codes in self._by_name.items():
            found.setdefault(key[:_START], {})[key] = self.names[codes[0]]
        return found

    @cached_property
    def _suggested(self) -> dict[tuple[str, str], str]:
        return {}

    def _suggest(self, folded: str, postcode: str) -> str:
        """Name the nearest one: among those that share the postcode, else among those that begin alike."""
        asked = (folded, postcode)
        if asked not in self._suggested:
            if len(self._suggested) >= _MOST_SUGGESTIONS:
                return ""  # a file of wrong names: comparing each with thousands would take minutes
            sharing = self._by_postcode.get(_postcode(postcode), ()) if postcode else ()
            near = {fold(self.names[code]): self.names[code] for code in sharing}
            close = difflib.get_close_matches(folded, near, n=1)
            if not close:
                near = self._by_start.get(folded[:_START], {})
                longer = [key for key in near if key.startswith(f"{folded} ")]
                close = longer[:1] or difflib.get_close_matches(folded, near, n=1, cutoff=0.75)
            self._suggested[asked] = f" (« {near[close[0]]} » ?)" if close else ""
        return self._suggested[asked]

    def label(self, code: str) -> str:
        """Name a commune without doubt: "Florac Trois Rivières (48061)"."""
        return f"{self.names[code]} ({code})"


def load_places() -> Places:
    """Give the communes in use, those of the synced or embedded tables."""
    return Places(
        store.load("communes"), store.load("departements"), store.load("commune_history"), Ground(read_shapes)
    )


def is_code(text: str) -> bool:
    """Tell whether a text is shaped like a commune code (a postcode often is too)."""
    return is_commune_code(text.strip().upper())


def _part_hint(name: str) -> tuple[str, str]:
    """Part "Saint-Denis (93)" or "48000 Mende" in a name and what tells it apart."""
    if match := re.fullmatch(r"(.+?)\s*\((?:\s*)([0-9AaBb]{2,5})(?:\s*)\)\s*", name):
        return match[1], match[2]
    return name.strip(), ""


def _bare(folded: str) -> str:
    """Take the article away, wherever a list puts it: "la canourgue", "canourgue la"."""
    words = folded.split()
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _ARTICLES:
        words = words[:-1]
    return " ".join(words)


def _town(folded: str) -> str:
    """Give the town of an arrondissement: "lyon 3e" is Lyon; empty for anything else."""
    match = _ARRONDISSEMENT.match(folded)
    return match[1] if match else ""


def _postcode(text: str) -> str:
    digits = "".join(re.findall(r"[0-9]", text))
    return digits.zfill(5)
