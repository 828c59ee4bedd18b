"""The territories of France by name: which contains which, and how a reader finds one by name or postcode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.territories.membership import are_among
from coverage.territories.own import OwnTerritory, OwnTerritoryError, read_code
from coverage.territories.search import TerritorySearch
from coverage.territories.territory import FRANCE, Territory, UnknownTerritoryError, UnreadableTerritoryError
from geo.commune_names import CommuneNames
from geo.levels import ADMINISTRATIVE, GROUPINGS, LEVEL_NAMES, LEVELS, MADE_OF_COMMUNES, OWN, Level, code_column

__all__ = [
    "FRANCE", "LEVEL_LABELS", "Gazetteer", "Territory", "UnknownTerritoryError", "UnreadableTerritoryError",
]  # fmt: skip

LEVEL_LABELS: Mapping[Level, str] = {level: LEVEL_NAMES[level].label for level in (*LEVELS, OWN)}
_MOST_NAMED: Final = 3
_MOST_KEPT: Final = 128
"""Own territories whose communes are kept at hand."""
_OFFICIAL: Final[tuple[Level, ...]] = (
    *("departement", "region", "epci", "bassin_de_vie", "aire_attraction", "commune"),
)
"""Of two territories with the same communes, the one whose figures are known most fully comes first."""


@dataclass(frozen=True)
class Gazetteer:
    """Names, containment and search over the tables of the geography.

    Parameters
    ----------
    communes, epci, departements, regions, bassins_de_vie, aires_attraction
        Snapshot tables, keyed by `<level>_code`, each with a `name`; communes carry the codes of what contains them
        and their postcodes, parted by spaces. None for a level without territories.
    history
        Snapshot table `commune_history` (old_code, commune_code), to find a commune by a code of another year; None
        without it.
    """

    communes: pd.DataFrame
    epci: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame
    history: pd.DataFrame | None = None
    bassins_de_vie: pd.DataFrame | None = None
    aires_attraction: pd.DataFrame | None = None

    @classmethod
    def of(cls, table: Callable[[str], pd.DataFrame], *, history: bool = True) -> Self:
        """Read the tables of every level, by their names in the snapshot."""
        tables = {names.table: table(names.table) for names in LEVEL_NAMES.values() if names.table}
        return cls(**tables, history=table("commune_history") if history else None)

    def table(self, level: Level) -> pd.DataFrame:
        """Return the table of a level, one row a territory (France has none)."""
        table: pd.DataFrame | None = getattr(self, LEVEL_NAMES[level].table)
        return pd.DataFrame({code_column(level): [], "name": []}, dtype="str") if table is None else table

    @cached_property
    def rows(self) -> Mapping[Level, Mapping[str, int]]:
        """Row of each territory in the table of its level, by code."""
        return {
            level: {code: row for row, code in enumerate(self.table(level)[code_column(level)])} for level in LEVELS[1:]
        }

    @cached_property
    def names(self) -> Mapping[Level, Mapping[str, str]]:
        """Official name of each territory of a level, by code."""
        return {
            level: dict(zip(self.table(level)[code_column(level)], self.table(level)["name"], strict=True))
            for level in LEVELS[1:]
        }

    def __contains__(self, territory: Territory) -> bool:
        """Tell whether the territory is known: of an own one, at least one of its communes."""
        if territory.level == OWN:
            try:
                return bool(self.communes_of(territory))
            except OwnTerritoryError:
                return False
        return territory == FRANCE or territory.code in self.rows.get(territory.level, {})

    def parse(self, key: str) -> Territory:
        """Read a key such as "region-76"; the communes of an own territory are those of today (see `unknown_in`).

        Raises
        ------
        UnknownTerritoryError
            The key has no known level, or a code that the geography doesn't hold.
        UnreadableTerritoryError
            The key of an own territory is damaged, or none of its communes is known.
        """
        level, _, code = key.partition("-")
        if level == OWN:
            return self._parse_own(code)
        territory = next((Territory(known, code) for known in LEVELS if known == level and known != "france"), FRANCE)
        if (territory == FRANCE and key != "france") or territory not in self:
            raise UnknownTerritoryError(key)
        return territory

    def _parse_own(self, code: str) -> Territory:
        try:
            own = read_code(code)
            return Territory.of_own(OwnTerritory.of(own.name, self.communes_of(Territory(OWN, code))))
        except OwnTerritoryError as error:
            raise UnreadableTerritoryError(str(error)) from error

    def communes_of(self, own: Territory) -> frozenset[str]:
        """Return the communes of today that an own territory holds, whatever the year of its codes.

        An arrondissement of Paris, Lyon or Marseille, as a former commune, stands for the whole commune.
        """
        homes = map(self.commune_names.home, own.own.communes)
        return frozenset(code for code in homes if code in self.rows["commune"])

    def unknown_in(self, own: OwnTerritory) -> tuple[str, ...]:
        """Return the codes of a set of communes that no commune of any year has, sorted."""
        return tuple(sorted(c for c in own.communes if self.commune_names.home(c) not in self.rows["commune"]))

    def official(self, territory: Territory) -> Territory:
        """Return the official territory that has exactly the communes of an own one, else the territory itself.

        What is published of it is then known of the own one too.
        """
        return self._kept_official(territory) if territory.level == OWN else territory

    @cached_property
    def _kept_official(self) -> Callable[[Territory], Territory]:
        return lru_cache(maxsize=_MOST_KEPT)(self._find_official)

    def _find_official(self, territory: Territory) -> Territory:
        inside = self.communes[self.mask(territory)]
        if len(inside) == len(self.communes):
            return FRANCE
        for level in _OFFICIAL:
            codes = inside[code_column(level)].unique()
            if len(codes) == 1 and (self.communes[code_column(level)] == codes[0]).sum() == len(inside):
                return Territory(level, str(codes[0]))
        return territory

    def row(self, territory: Territory) -> pd.Series:
        """Return the territory's own row of its table."""
        try:
            return self.table(territory.level).iloc[self.rows[territory.level][territory.code]]
        except KeyError:
            raise UnknownTerritoryError(territory.key) from None

    def name(self, territory: Territory) -> str:
        """Return the official name, with the level of what bears the name of its town: "Toulouse (bassin de vie)"."""
        level = LEVEL_NAMES[territory.level]
        bare = self.bare_name(territory)
        return f"{bare} ({level.noun})" if level.is_named_after_town else bare

    def bare_name(self, territory: Territory) -> str:
        """Return the official name alone, for where the level is said beside it: "Toulouse"."""
        if territory == FRANCE:
            return "France"
        if territory.level == OWN:
            return self._own_name(territory.own.name)
        try:
            return self.names[territory.level][territory.code]
        except KeyError:
            raise UnknownTerritoryError(territory.key) from None

    def _own_name(self, name: str) -> str:
        """Tell an own territory from the department, region or country whose name it bears."""
        official = ("France", *self.names["departement"].values(), *self.names["region"].values())
        return f"{name} ({LEVEL_NAMES[OWN].noun})" if name in official else name

    def label(self, territory: Territory) -> str:
        """Return the name with what tells it from its homonyms: "Saint-Denis (93066)", "Aude (11)"."""
        if territory.level in {"france", "region", "epci", OWN}:
            return self.name(territory)
        if LEVEL_NAMES[territory.level].is_named_after_town:
            return f"{self.name(territory).removesuffix(')')}, {territory.code})"
        return f"{self.name(territory)} ({territory.code})"

    def containing(self, territory: Territory) -> tuple[Territory, ...]:
        """Return what contains the whole territory, nearest first, France last.

        A grouping of communes that crosses departments lies in none of them (see `home`); what contains it is looked
        for among departments and regions only.
        """
        if territory == FRANCE:
            return ()
        if territory.level in MADE_OF_COMMUNES:
            inside = self.communes[self.mask(territory)]
            codes = {level: inside[code_column(level)].unique() for level in ADMINISTRATIVE[:-1]}
            found = [Territory(level, str(held[0])) for level, held in codes.items() if len(held) == 1]
            return (*found, FRANCE)
        row = self.row(territory)
        above = LEVELS[1 : LEVELS.index(territory.level)]
        columns = {level: code_column(level) for level in reversed(above)}
        held_by = [
            Territory(level, str(row[column]))
            for level, column in columns.items()
            if column in row.index and pd.notna(row[column])
        ]
        return (*held_by, FRANCE)

    def compared(self, territory: Territory) -> tuple[Territory, ...]:
        """Return the department, region and France that contain the whole territory: what it is set against.

        A region that is one department alone (La Réunion) would be set against itself: it is left out.
        """
        same = self.official(territory)
        above = (other for other in self.containing(territory) if other.level in ADMINISTRATIVE and other != same)
        return tuple(other for other in above if other.code not in self._one_departement or other.level != "region")

    @cached_property
    def _one_departement(self) -> frozenset[str]:
        """Codes of the regions that are one department."""
        n_departements = self.departements["region_code"].value_counts()
        return frozenset(n_departements.index[n_departements == 1])

    def situation(self, territory: Territory) -> str:
        """Say what a territory is and where: "Commune 31555 · Toulouse Métropole · … · Haute-Garonne · Occitanie"."""
        if territory == FRANCE:
            return "Pays entier"
        if territory.level == OWN:
            n_communes = len(self.communes_of(territory))
            parts = [f"{LEVEL_LABELS[OWN]} de {n_communes} commune{'s' if n_communes > 1 else ''}"]
        else:
            parts = [f"{LEVEL_LABELS[territory.level]} {territory.code}"]
        if crossed := [self.name(other) for other in self.astride(territory)]:
            few, n_others = crossed[:_MOST_NAMED], len(crossed[_MOST_NAMED:])
            others = f" et {n_others} autre{'s' if n_others > 1 else ''}" if n_others else ""
            parts.append(f"à cheval sur {len(crossed)} départements ({', '.join(few)}{others})")
        names = [self.name(other) for other in self.containing(territory) if other != FRANCE]
        return " · ".join([*parts, *dict.fromkeys(names)])

    def home(self, territory: Territory, level: Level) -> Territory:
        """Return the department or region of a territory; of a grouping of communes, where most of its people live.

        Raises
        ------
        UnknownTerritoryError
            The territory is larger than the level.
        """
        if territory.level == level:
            return territory
        if territory.level == OWN:
            return Territory(level, str(self._people_by(territory, code_column(level)).index[0]))
        if territory.level in GROUPINGS:
            return Territory(level, str(self._homes(territory.level, level)[territory.code]))
        for other in self.containing(territory):
            if other.level == level:
                return other
        raise UnknownTerritoryError(territory.key)

    def homes(self, territory: Territory) -> tuple[Territory, ...]:
        """Return the department and the region that a territory is listed in, and France: those that are larger."""
        smaller = LEVELS.index("commune" if territory.level == OWN else territory.level)
        above = [level for level in ADMINISTRATIVE[:-1] if LEVELS.index(level) < smaller]
        return (*(self.home(territory, level) for level in above), *([FRANCE] if territory != FRANCE else []))

    def astride(self, territory: Territory) -> tuple[Territory, ...]:
        """Return the departments that a grouping of communes crosses, the most populous part first; empty for one."""
        if territory.level not in MADE_OF_COMMUNES:
            return ()
        people = self._people_by(territory, "departement_code")
        return tuple(Territory("departement", str(code)) for code in people.index) if len(people) > 1 else ()

    def _people_by(self, territory: Territory, column: str) -> pd.Series:
        """Return the inhabitants of a territory by what its communes lie in, the most populous part first."""
        inside = self.communes[self.mask(territory)]
        return inside.groupby(column)["population"].sum().sort_values(ascending=False, kind="stable")

    def regions_of(self, territory: Territory) -> frozenset[str]:
        """Return the codes of the regions that hold a commune of the territory."""
        return frozenset(self.communes.loc[self.mask(territory), "region_code"].unique())

    @cached_property
    def _known_homes(self) -> dict[tuple[Level, Level], "pd.Series[str]"]:
        return {}

    def _homes(self, level: Level, above: Level) -> "pd.Series[str]":
        """Give, for each territory of a grouping, the code of the other level that holds most of its inhabitants.

        NaN where most live in no territory of that level; the first code when equal.
        """
        if (level, above) not in self._known_homes:
            of, code = code_column(level), code_column(above)
            peopled = self.communes[[of, code, "population"]].dropna(subset=of)
            sums = peopled.groupby([of, code], dropna=False, as_index=False)["population"].sum()
            ordered = sums.sort_values([of, "population", code], ascending=[True, False, True])
            self._known_homes[level, above] = ordered.drop_duplicates(of).set_index(of)[code]
        return self._known_homes[level, above]

    def within(self, territory: Territory, level: Level) -> pd.DataFrame:
        """Return the rows of `level` that lie in the territory, in the table's order.

        A commune contains only itself; a grouping of communes is counted where most of its inhabitants live, communes
        exactly. An own territory is said to hold the departments and regions that it touches.
        """
        table = self.table(level)
        if territory == FRANCE:
            return table
        if territory.level == OWN:
            return self._within_own(territory, level, table)
        column = code_column(territory.level)
        if level in GROUPINGS and territory.level not in {level, "commune"}:
            homes = self._homes(level, territory.level).reindex(table[code_column(level)])
            return table[(homes == territory.code).fillna(value=False).to_numpy(dtype=bool)]
        if column not in table.columns:
            return table.iloc[:0]
        return table[table[column] == territory.code]

    def _within_own(self, territory: Territory, level: Level, table: pd.DataFrame) -> pd.DataFrame:
        inside = self.mask(territory)
        if level == "commune":
            return table[inside]
        column = code_column(level)
        codes = self.communes.loc[inside, column].dropna().unique()
        if level in GROUPINGS:
            people = self.communes[["population", column]].assign(inside=self.communes["population"].where(inside, 0.0))
            sums = people[people[column].isin(codes)].groupby(column)[["population", "inside"]].sum()
            codes = sums.index[2 * sums["inside"] >= sums["population"]]
        return table[table[column].isin(codes)]

    def surroundings(self, territory: Territory, level: Level = "commune") -> Territory:
        """Return what a map of a territory shows: itself, or the department of a commune, seen among its neighbours.

        Parameters
        ----------
        territory
            Any territory.
        level
            Level of the territories drawn: above the commune, a territory that holds one of them alone would be one
            flat colour; it is seen in the first that contains it and holds several, its region for a department.
        """
        around = self.home(territory, "departement") if territory.level == "commune" else territory
        if level == "commune":
            return around
        wider = (around, *self.containing(around))
        return next((place for place in wider if place == FRANCE or len(self.within(place, level)) > 1), FRANCE)

    def mask(self, territory: Territory) -> npt.NDArray[np.bool_]:
        """Tell, for each row of the communes, whether it lies in the territory."""
        if territory == FRANCE:
            return np.ones(len(self.communes), dtype=bool)
        if territory.level == OWN:
            return self._kept_mask(territory).copy()
        inside = self.communes[f"{territory.level}_code"] == territory.code
        return inside.fillna(value=False).to_numpy(dtype=bool)

    def holds(self, territory: Territory, commune_codes: "pd.Series[str]") -> npt.NDArray[np.bool_]:
        """Tell which communes lie in the territory, in the order given; an unknown code lies nowhere."""
        return are_among(commune_codes, self.communes.loc[self.mask(territory), "commune_code"])

    @cached_property
    def _kept_mask(self) -> Callable[[Territory], npt.NDArray[np.bool_]]:
        def find(own: Territory) -> npt.NDArray[np.bool_]:
            return self.communes["commune_code"].isin(self.communes_of(own)).to_numpy(dtype=bool)

        return lru_cache(maxsize=_MOST_KEPT)(find)

    @cached_property
    def commune_names(self) -> CommuneNames:
        """The rule by which a text names a commune."""
        history = pd.DataFrame({"old_code": [], "commune_code": []}) if self.history is None else self.history
        return CommuneNames.of(self.communes, self.departements, history)

    @cached_property
    def _finder(self) -> TerritorySearch:
        return TerritorySearch(self)

    def once(self, territory: Territory, text: str) -> str:
        """Name the former commune by which a text finds a commune; empty when it is found by what it is today."""
        return self._finder.once(territory, text)

    def former(self, text: str) -> str:
        """Say what a text that names no current commune was: "74011", a part of Annecy; empty for anything else."""
        return self._finder.former(text)

    def search(self, text: str, limit: int = 12) -> list[Territory]:
        """Find territories by name, postcode or official code, see `TerritorySearch.search`."""
        return self._finder.search(text, limit)

    def resembling(self, text: str, limit: int = 5) -> list[Territory]:
        """Return the territories whose name resembles a text that `search` does not find, as `TerritorySearch` does."""
        return self._finder.resembling(text, limit)
