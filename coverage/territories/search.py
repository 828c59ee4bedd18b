"""How a reader finds a territory: by name, postcode or code, also of another year."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.territories.spelling import beginnings, close_names
from coverage.territories.territory import FRANCE, Territory
from geo.codes import COMMUNE_OF_ARRONDISSEMENT
from geo.commune_names import bare, fold
from geo.levels import GROUPINGS, LEVEL_NAMES, Level, code_column

if TYPE_CHECKING:
    from coverage.territories.gazetteer import Gazetteer

_SEARCHED: tuple[Level, ...] = ("region", "departement", "epci", "commune", "bassin_de_vie", "aire_attraction")
"""Of two territories of one name, the one that a reader more likely means comes first."""
_KIND: Final = re.compile(r"^(departement|dept|dpt|dep|region) (?:(?:de la|de l|des|de|du|d) )?")
_EPCI_KINDS: Final = {"de communes": "cc", "d agglomeration": "ca", "urbaine": "cu"}
_EPCI: Final = re.compile(rf"\bcommunaute ({'|'.join(_EPCI_KINDS)})\b")


def _short_kind(found: "re.Match[str]") -> str:
    return "region " if found[1] == "region" else "departement "


@dataclass(frozen=True, eq=False)
class TerritorySearch:
    """The search over the territories of a gazetteer."""

    gazetteer: "Gazetteer"

    @cached_property
    def _search_index(self) -> pd.DataFrame:
        """One row a name of a territory below France: level, code, folded name, postcodes, population (for homonyms).

        The names of the former communes come last, with the code of the commune that holds them.
        """
        parts = []
        for rank, level in enumerate(_SEARCHED):
            table = self.gazetteer.table(level)
            parts.append(
                pd.DataFrame(
                    {
                        "level": level,
                        "rank": rank,
                        "code": table[code_column(level)].to_numpy(),
                        "folded": [fold(name) for name in table["name"]],
                        "postcodes": table["postcodes"].fillna("").to_numpy() if "postcodes" in table else "",
                        "population": table["population"].to_numpy(dtype=float) if "population" in table else np.inf,
                    }
                )
            )
        held = [
            (code, fold(name)) for code, names in self.gazetteer.commune_names.former_names.items() for name in names
        ]
        former = pd.DataFrame(held, columns=["code", "folded"], dtype="str").assign(
            level="commune", rank=4, postcodes=""
        )
        people = parts[-1].set_index("code")["population"]
        parts.append(former.assign(population=former["code"].map(people).astype("float64")))
        return pd.concat(parts, ignore_index=True)

    def once(self, territory: Territory, text: str) -> str:
        """Name the former commune by which a text finds a commune; empty when it is found by what it is today."""
        wanted = fold(text)
        if territory.level != "commune" or f" {wanted}" in f" {fold(self.gazetteer.name(territory))}":
            return ""
        named = [(name, fold(name)) for name in self.gazetteer.commune_names.former_names.get(territory.code, ())]
        begun = [name for name, folded in named if f" {wanted}" in f" {folded}"]
        match = self.gazetteer.commune_names.find(text)
        if not begun and match.is_former and territory.code in match.codes:
            words = set(wanted.split())
            begun = [max(named, key=lambda one: len(words & set(one[1].split())))[0]]
        return begun[0] if begun else ""

    def former(self, text: str) -> str:
        """Say what a text that names no current commune was: "74011", a part of Annecy; empty for anything else."""
        found = self.gazetteer.commune_names.find(text).codes
        old = [code for code in found if self.gazetteer.commune_names.home(code) != code]
        if len(old) != 1:
            return ""
        now = self.gazetteer.label(Territory("commune", self.gazetteer.commune_names.home(old[0])))
        if old[0] in COMMUNE_OF_ARRONDISSEMENT:
            return f"L’arrondissement {old[0]} est une partie de {now}."
        return f"Le code {old[0]} est d’une ancienne commune ou d’une commune déléguée : aujourd’hui {now}."

    @cached_property
    def _written(self) -> Mapping[str, Territory]:
        """France, the regions and the departments as they are written with their code or their kind."""
        found = {"france": FRANCE, "france entiere": FRANCE, "toute la france": FRANCE}
        for level in ("departement", "region"):
            for code, name in self.gazetteer.names[level].items():
                territory, said, short = Territory(level, code), fold(name), code.casefold()
                kind = f"{level} {bare(said)}"
                found |= dict.fromkeys((f"{said} {short}", f"{short} {said}", kind, f"{level} {short}"), territory)
        return found

    def search(self, text: str, limit: int = 12) -> list[Territory]:
        """Find territories by name, postcode or official code, also of another year.

        Parameters
        ----------
        text
            What the reader typed; accents, case and hyphens don't matter, "st" finds "saint".
        limit
            At most that many answers.

        Returns
        -------
        list of Territory
            Exact names first, then names that begin so, then names that contain it; the larger population first.
            Empty when nothing matches or nothing was typed.
        """
        wanted = fold(text)
        if not wanted:
            return []
        if (written := self._written.get(_KIND.sub(_short_kind, wanted))) is not None:
            return [written]
        wanted = _EPCI.sub(lambda found: _EPCI_KINDS[found[1]], wanted)
        index = self._search_index
        for level in GROUPINGS:  # "bassin de vie de Toulouse"
            if wanted.startswith(start := f"{fold(LEVEL_NAMES[level].noun)} "):
                wanted = re.sub(r"^(?:de |d )", "", wanted.removeprefix(start))
                index = index[index["level"] == level]
        code = text.strip().upper()
        exact = (index["folded"] == wanted) | (index["code"] == code)
        begins = index["folded"].str.startswith(beginnings(text, wanted))
        contains = index["folded"].str.contains(f" {wanted}", regex=False)
        # "toulous": the town before what it names
        ends = begins & (index["folded"].str.count(" ") <= wanted.count(" "))
        score = np.select([exact, ends, begins, contains], [4, 3, 2, 1], default=0)
        if code.isdigit() and len(code) >= 4:  # noqa: PLR2004 - a postcode has five digits, the first often forgotten
            postcode = index["postcodes"].str.contains(code.zfill(5), regex=False)
            score = np.maximum(score, np.where(postcode, 2, 0))
        hits = index.assign(score=score)[score > 0]
        hits = hits.sort_values(["score", "rank", "population"], ascending=[False, True, False], kind="stable")
        hits = hits.drop_duplicates(["level", "code"]).head(limit)
        listed = [Territory(level, code) for level, code in zip(hits["level"], hits["code"], strict=True)]
        if bool(exact.any()):
            return listed
        # What only the rule of communes reads: "Mende 48", "48000 Mende", "Canourgue (La)", an old code.
        match = self.gazetteer.commune_names.find(text)
        codes = dict.fromkeys(map(self.gazetteer.commune_names.home, match.codes or match.same_name))
        communes, rows = self.gazetteer.communes, self.gazetteer.rows["commune"]
        people = communes["population"].to_numpy(dtype=float) if "population" in communes else None
        by_size = sorted(codes, key=lambda code: -people[rows[code]] if people is not None else 0)
        return list(dict.fromkeys([*(Territory("commune", code) for code in by_size), *listed]))[:limit]

    def resembling(self, text: str, limit: int = 5) -> list[Territory]:
        """Return the territories whose name resembles a text that `search` does not find: "touluse"."""
        names = close_names(fold(text), self._search_index["folded"], limit)
        return list(dict.fromkeys(place for name in names for place in self.search(name, limit)))[:limit]
