"""The territories of France by name: which contains which, and how a reader finds one by name or postcode."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

Level = Literal["france", "region", "departement", "epci", "commune"]
LEVELS: tuple[Level, ...] = get_args(Level)
LEVEL_LABELS: Mapping[Level, str] = {
    "france": "France",
    "region": "Région",
    "departement": "Département",
    "epci": "Intercommunalité (EPCI)",
    "commune": "Commune",
}


class UnknownTerritoryError(LookupError):
    """A territory key that names no territory of the loaded geography."""


@dataclass(frozen=True, order=True)
class Territory:
    """A territory: its level and its official code ("FR" for France)."""

    level: Level
    code: str

    @property
    def key(self) -> str:
        """The form that stands in addresses: "region-76", "commune-31555", "france"."""
        return "france" if self.level == "france" else f"{self.level}-{self.code}"


FRANCE = Territory("france", "FR")


def fold(text: str) -> str:
    """Reduce a name to what a hurried reader types: no accent, no case, no punctuation, "st" for "saint".

    Examples
    --------
    >>> fold("L'Haÿ-les-Roses")
    'l hay les roses'
    >>> fold("Saint-Étienne")
    'st etienne'
    """
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    letters = "".join(
        character if character.isalnum() else " " for character in plain if not unicodedata.combining(character)
    )
    words = ({"saint": "st", "sainte": "ste"}.get(word, word) for word in letters.casefold().split())
    return " ".join(words)


@dataclass(frozen=True)
class Gazetteer:
    """Names, containment and search over the four tables of the geography.

    Parameters
    ----------
    communes, epci, departements, regions
        Snapshot tables, keyed by `<level>_code`, each with a `name`; communes carry the codes of what contains them
        and their postcodes, parted by spaces.
    """

    communes: pd.DataFrame
    epci: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame

    def table(self, level: Level) -> pd.DataFrame:
        """Return the table of a level, one row a territory (France has none)."""
        return {
            "commune": self.communes,
            "epci": self.epci,
            "departement": self.departements,
            "region": self.regions,
        }[level]

    @cached_property
    def _rows(self) -> Mapping[Level, Mapping[str, int]]:
        return {
            level: {code: row for row, code in enumerate(self.table(level)[f"{level}_code"])}
            for level in LEVELS
            if level != "france"
        }

    @cached_property
    def _names(self) -> Mapping[Level, Mapping[str, str]]:
        return {
            level: dict(zip(self.table(level)[f"{level}_code"], self.table(level)["name"], strict=True))
            for level in LEVELS
            if level != "france"
        }

    def __contains__(self, territory: Territory) -> bool:
        """Tell whether the territory is known."""
        return territory == FRANCE or territory.code in self._rows.get(territory.level, {})

    def parse(self, key: str) -> Territory:
        """Read a key such as "region-76".

        Raises
        ------
        UnknownTerritoryError
            The key has no known level, or a code that the geography doesn't hold.
        """
        level, _, code = key.partition("-")
        territory = next((Territory(known, code) for known in LEVELS if known == level and known != "france"), FRANCE)
        if (territory == FRANCE and key != "france") or territory not in self:
            raise UnknownTerritoryError(key)
        return territory

    def row(self, territory: Territory) -> pd.Series:
        """Return the territory's own row of its table."""
        try:
            return self.table(territory.level).iloc[self._rows[territory.level][territory.code]]
        except KeyError:
            raise UnknownTerritoryError(territory.key) from None

    def name(self, territory: Territory) -> str:
        """Return the official name."""
        if territory == FRANCE:
            return "France"
        try:
            return self._names[territory.level][territory.code]
        except KeyError:
            raise UnknownTerritoryError(territory.key) from None

    def label(self, territory: Territory) -> str:
        """Return the name with what tells it from its homonyms: "Saint-Denis (93066)", "Aude (11)"."""
        if territory.level in {"france", "region", "epci"}:
            return self.name(territory)
        return f"{self.name(territory)} ({territory.code})"

    def containing(self, territory: Territory) -> tuple[Territory, ...]:
        """Return what contains the territory, nearest first, France last.

        An EPCI lies in the department and region where most of its inhabitants live.
        """
        if territory == FRANCE:
            return ()
        row = self.row(territory)
        above = LEVELS[: LEVELS.index(territory.level)]
        found = [
            Territory(level, str(row[f"{level}_code"]))
            for level in reversed(above)
            if level != "france" and f"{level}_code" in row.index and pd.notna(row[f"{level}_code"])
        ]
        return (*found, FRANCE)

    def within(self, territory: Territory, level: Level) -> pd.DataFrame:
        """Return the rows of `level` that lie in the territory, in the table's order.

        A commune contains only itself; EPCI are counted where most of their inhabitants live, communes exactly.
        """
        table = self.table(level)
        if territory == FRANCE:
            return table
        column = f"{territory.level}_code"
        if column not in table.columns:
            return table.iloc[:0]
        return table[table[column] == territory.code]

    def surroundings(self, territory: Territory) -> Territory:
        """Return the territory, or the department of a commune, which is seen among its neighbours."""
        if territory.level != "commune":
            return territory
        return next(above for above in self.containing(territory) if above.level == "departement")

    def mask(self, territory: Territory) -> npt.NDArray[np.bool_]:
        """Tell, for each row of the communes, whether it lies in the territory."""
        if territory == FRANCE:
            return np.ones(len(self.communes), dtype=bool)
        inside = self.communes[f"{territory.level}_code"] == territory.code
        return inside.fillna(value=False).to_numpy(dtype=bool)

    @cached_property
    def _search_index(self) -> pd.DataFrame:
        """One row a territory below France: level, code, folded name, postcodes, population (to rank homonyms)."""
        parts = []
        for rank, level in enumerate(("region", "departement", "epci", "commune")):
            table = self.table(level)  # type: ignore[arg-type]
            parts.append(
                pd.DataFrame(
                    {
                        "level": level,
                        "rank": rank,
                        "code": table[f"{level}_code"].to_numpy(),
                        "folded": [fold(name) for name in table["name"]],
                        "postcodes": table["postcodes"].fillna("").to_numpy() if "postcodes" in table else "",
                        "population": table["population"].to_numpy(dtype=float) if "population" in table else np.inf,
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def search(self, text: str, limit: int = 12) -> list[Territory]:
        """Find territories by name, postcode or official code.

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
        index = self._search_index
        code = text.strip().upper()
        exact = (index["folded"] == wanted) | (index["code"] == code)
        begins = index["folded"].str.startswith(wanted)
        contains = index["folded"].str.contains(f" {wanted}", regex=False)
        score = np.select([exact, begins, contains], [3, 2, 1], default=0)
        if code.isdigit() and len(code) >= 4:  # noqa: PLR2004 - a postcode has five digits, the first often forgotten
            postcode = index["postcodes"].str.contains(code.zfill(5), regex=False)
            score = np.maximum(score, np.where(postcode, 2, 0))
        hits = index.assign(score=score)[score > 0]
        hits = hits.sort_values(["score", "rank", "population"], ascending=[False, True, False], kind="stable").head(
            limit
        )
        return [Territory(level, code) for level, code in zip(hits["level"], hits["code"], strict=True)]
