"""The commune of a project, by code, name, postcode or department, as people write them."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import pandas as pd

from data import store
from data.projects.points import CommuneShapes, read_shapes
from geo.codes import COMMUNE_OF_ARRONDISSEMENT, is_commune_code
from geo.commune_names import CommuneNames, bare, fold

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
    commune_shapes
        Shapes of the communes, for who has coordinates.
    """

    communes: pd.DataFrame
    departements: pd.DataFrame
    history: pd.DataFrame
    commune_shapes: CommuneShapes

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
    def _now(self) -> dict[str, str]:
        return dict(zip(self.history["old_code"], self.history["commune_code"], strict=True))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, name in self.names.items():
            for key in dict.fromkeys((fold(name), bare(fold(name)))):
                found.setdefault(key, []).append(code)
        return found

    @property
    def _by_postcode(self) -> Mapping[str, Sequence[str]]:
        return self.known.by_postcode

    @cached_property
    def known(self) -> CommuneNames:
        """The communes by what they may be called."""
        return CommuneNames.of(self.communes, self.departements, self.history)

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
        name, hint = _part_code(name)
        if not code:
            if self.known.is_known(hint):
                code = hint
            elif is_code(name) and name in self._by_postcode:
                name, postcode = "", name
            elif is_code(name):
                code, name = name, ""
            elif hint:
                name = f"{name} {hint}"
        if code:
            return self._find_by_code(code, name, postcode, departement)
        if name:
            return self._find_by_name(name, postcode, departement)
        if postcode:
            return self._find_by_postcode(postcode)
        raise PlaceError("une commune (code INSEE, nom ou code postal) ou des coordonnées")

    def _find_by_code(self, text: str, name: str, postcode: str, departement: str) -> Found:
        written = "".join(text.split()).upper()
        code = self.known.whole_code(text, self.known.departement(departement))
        remark = f"Le code {written} est lu {code}." if code != written else ""
        if code in self.names:
            return Found(code, remark or self._compare(code, name))
        if now := self._now.get(code) or COMMUNE_OF_ARRONDISSEMENT.get(code):
            return Found(now, f"Le code {code} est ancien ou d’une partie de commune : {self.label(now)} est retenu.")
        if name:
            found = self._find_by_name(name, postcode, departement)
            return Found(found.commune_code, f"Le code {code} n’existe pas : {self.label(found.commune_code)} "
                                             "est retenu d’après le nom.")  # fmt: skip
        hint = f" ({code} est un code postal : mettez-le dans « Code postal »)" if code in self._by_postcode else ""
        raise PlaceError(f"un code INSEE de commune{hint}")

    def _compare(self, code: str, name: str) -> str:
        """Say that the name is not the one of the code; nothing when it is, or when there is no name."""
        if not name or code in map(self.known.home, self.known.find(name).codes):
            return ""
        return f"Le code {code} est celui de {self.names[code]}, le fichier écrit « {name[:60]} » : le code l’emporte."

    def _find_by_name(self, name: str, postcode: str, departement: str) -> Found:
        where = self.find_departement(departement) if departement else ""
        match = self.known.find(name, departement=where, postcode=postcode)
        if not match.same_name:
            raise PlaceError(f"le nom d’une commune actuelle{self._suggest(fold(name), postcode)}")
        if len(match.codes) == 1:
            code = self.known.home(match.codes[0])
            is_old = code != match.codes[0] and match.codes[0] not in COMMUNE_OF_ARRONDISSEMENT
            is_former = match.is_former or is_old
            return Found(code, f"« {name[:60]} » : aujourd’hui {self.label(code)}." if is_former else "")
        if not match.codes:
            told = ", ".join(self.label(self.known.home(code)) for code in match.same_name[:_SHOWN])
            given = " et ".join(part for part in (departement, postcode) if part) or f"« {name[:60]} »"
            raise PlaceError(f"une commune de ce nom dans {given} ; celles de ce nom : {told}")
        told = ", ".join(match.codes[:_SHOWN]) + ("…" if len(match.codes) > _SHOWN else "")
        raise PlaceError(
            f"le département ou le code postal aussi : {len(match.codes)} communes portent ce nom ({told})"
        )

    def find_departement(self, text: str) -> str:
        """Find a department by code or name.

        Raises
        ------
        PlaceError
            It is none of the 101.
        """
        found = self.known.departement(text)
        if not found:
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
    """Return the communes in use, those of the synced or embedded tables."""
    return Places(
        store.load("communes"), store.load("departements"), store.load("commune_history"), CommuneShapes(read_shapes)
    )


def is_code(text: str) -> bool:
    """Tell whether a text is shaped like a commune code (a postcode often is too)."""
    return is_commune_code(text.strip().upper())


def _part_code(name: str) -> tuple[str, str]:
    """Part "Saint-Denis (93066)" in a name and five characters that may be a code."""
    if match := re.fullmatch(r"(.+?)\s*\(\s*([0-9AaBb]{5})\s*\)\s*", name):
        return match[1], match[2].upper()
    return name.strip(), ""


def _postcode(text: str) -> str:
    digits = "".join(re.findall(r"[0-9]", text))
    return digits.zfill(5)
