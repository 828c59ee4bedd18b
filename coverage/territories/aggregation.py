"""Territories of a level, and the two ways of bringing communes up to them: adding up, and averaging by weight.

Ratios are never averaged: numerators and denominators are added up, then divided. NaN is unknown, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import UnknownCommuneError, UnknownLevelError
from geo.codes import FRANCE_CODE
from geo.levels import FROM_FINEST, OWN, code_column

LEVEL_COLUMNS: Final = {level: code_column(level) for level in FROM_FINEST if level != "france"}
INDEX_NAME: Final = "territory_code"
MEAN_DECIMALS: Final = 12
"""Digits kept of a mean: those of its values are kept, the noise of the division is not."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Territories:
    """The territories of one level, with the communes that each of them holds.

    Make one with `Territories.of`, or with `Territories.of_own` for any set of communes.

    Attributes
    ----------
    level
        One of `geo.levels.LEVELS`, or `geo.levels.OWN`.
    codes
        Codes of the territories, sorted; name `territory_code`.
    unit_codes
        Codes of the communes, in the order of the table of communes. (Of the departments for the sources that are
        published by department: see `departement_units`.)
    membership
        For each unit, the position of its territory in `codes`; -1 when it belongs to none (no EPCI, no
        aire d'attraction).
    population
        Municipal population of each unit.
    """

    level: str
    codes: pd.Index
    unit_codes: pd.Index
    membership: npt.NDArray[np.intp]
    population: FloatArray

    @classmethod
    def of(cls, communes: pd.DataFrame, level: str, unit_codes: pd.Index | None = None) -> Self:
        """Read the territories of a level from the table of communes.

        Parameters
        ----------
        communes
            The snapshot table of communes: its columns of codes and `population`.
        level
            One of `geo.levels.LEVELS`.
        unit_codes
            Index of the communes, when series were already made on it: those are then recognised at once, without
            comparing 35 000 codes.

        Returns
        -------
        Territories
            Of France, the only territory is "FR".

        Raises
        ------
        UnknownLevelError
            When the level is none of `geo.levels.LEVELS`.

        Examples
        --------
        >>> from tests.toy import toy_country
        >>> list(Territories.of(toy_country().communes, "region").codes)
        ['04', '06', '76', '84']
        """
        units = pd.Index(communes["commune_code"], name=INDEX_NAME) if unit_codes is None else unit_codes
        if level == "france":
            codes, membership = pd.Index([FRANCE_CODE], dtype="str"), np.zeros(len(communes), dtype=np.intp)
        elif level in LEVEL_COLUMNS:
            categories = pd.Categorical(communes[LEVEL_COLUMNS[level]])
            codes, membership = categories.categories, categories.codes.astype(np.intp)
        else:
            raise UnknownLevelError(f"Niveau : attendu {', '.join(FROM_FINEST)}, trouvé {level!r}.")
        population = communes["population"].to_numpy(np.float64)
        return cls(level, codes.rename(INDEX_NAME), units, membership, population)

    @classmethod
    def of_own(
        cls,
        communes: pd.DataFrame,
        inside: npt.NDArray[np.bool_],
        code: str = OWN,
        unit_codes: pd.Index | None = None,
    ) -> Self:
        """Take any set of communes as the only territory of its level, `geo.levels.OWN`.

        Parameters
        ----------
        communes, unit_codes
            As in `of`.
        inside
            True for each commune of the set, in the order of the table.
        code
            What the territory is called in `codes`.

        Examples
        --------
        >>> from tests.toy import toy_country
        >>> communes = toy_country().communes
        >>> own = Territories.of_own(communes, communes["departement_code"].eq("31").to_numpy())
        >>> own.total(own.population)["perso"]
        np.float64(26000.0)
        """
        units = pd.Index(communes["commune_code"], name=INDEX_NAME) if unit_codes is None else unit_codes
        membership = np.where(inside, 0, -1).astype(np.intp)
        population = communes["population"].to_numpy(np.float64)
        return cls(OWN, pd.Index([code], dtype="str", name=INDEX_NAME), units, membership, population)

    def align(self, values: pd.Series, default: float = np.nan) -> FloatArray:
        """Put a series (index: code of a unit) in the order of the units, `default` where it says nothing.

        Raises
        ------
        UnknownCommuneError
            When the series speaks of a commune that is not in the list: dropping it would lose people or structures.
        """
        if values.index is self.unit_codes or values.index.equals(self.unit_codes):
            return values.to_numpy(np.float64)
        unknown = values.index.difference(self.unit_codes)
        if len(unknown):
            raise UnknownCommuneError(
                f"Communes : attendu des codes de la liste des communes, trouvé {', '.join(map(str, unknown[:5]))}"
                f" ({len(unknown)} en tout)."
            )
        return values.reindex(self.unit_codes, fill_value=default).to_numpy(np.float64)

    def total(self, values: FloatArray) -> pd.Series:
        """Add up a count of each unit, unknown as soon as one unit is: a partial count would mislead."""
        known = np.isfinite(values)
        sums = self._add(np.where(known, values, 0.0))
        return self._series(np.where(self._add(~known) == 0, sums, np.nan))

    def total_known(self, values: FloatArray) -> pd.Series:
        """Add up a count over the units where it is known; unknown where it is known in none."""
        known = np.isfinite(values)
        sums = self._add(np.where(known, values, 0.0))
        return self._series(np.where(self._add(known) > 0, sums, np.nan))

    def mean(self, values: FloatArray, weights: FloatArray) -> pd.Series:
        """Average a value of each unit by weight: sum(weight · value) / sum(weight), over the known units.

        Parameters
        ----------
        values, weights
            One a unit, in the order of `unit_codes`; a unit whose value or weight is NaN is left out.

        Returns
        -------
        pandas.Series
            Index `codes`. At the commune level, the values themselves, even where nobody lives. NaN where nothing is
            known or where the known units weigh nothing. Rounded to `MEAN_DECIMALS`: a territory of one commune has
            the figure of that commune, which the division alone would move and another rounding would write.
        """
        if self.level == "commune":
            return self.place(values)
        known = np.isfinite(values) & np.isfinite(weights)
        weight = np.where(known, weights, 0.0)
        means = _divide(self._add(np.where(known, values, 0.0) * weight), self._add(weight))
        return self._series(means.round(MEAN_DECIMALS))

    def share(self, holds: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_], weights: FloatArray) -> pd.Series:
        """Return the share (0 to 1) of the weight where something holds, among the units where it is known."""
        weight = np.where(known & np.isfinite(weights), weights, 0.0)
        return self._series(_divide(self._add(np.where(holds, weight, 0.0)), self._add(weight)))

    def everywhere(self, holds: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Say of each territory whether something holds in all its units."""
        held: npt.NDArray[np.bool_] = self._add(~holds) == 0
        return held

    def place(self, values: npt.NDArray[np.generic]) -> pd.Series:
        """Return each commune its own value (commune level only): nothing is added up, so nothing is lost of it."""
        placed = np.empty_like(values)
        placed[self.membership] = values
        return self._series(placed)

    def _add(self, values: npt.NDArray[np.generic]) -> FloatArray:
        # Position 0 gathers the units that belong to no territory.
        sums = np.bincount(self.membership + 1, weights=values, minlength=len(self.codes) + 1)
        return sums[1:].astype(np.float64)

    def _series(self, values: npt.NDArray[np.generic]) -> pd.Series:
        return pd.Series(values, index=self.codes)


def _divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    quotient = np.full_like(numerator, np.nan)
    return np.divide(numerator, denominator, out=quotient, where=denominator > 0)


def departement_units(communes: pd.DataFrame) -> pd.DataFrame:
    """Gather communes into departments, for `Territories.of`: the units of the sources published by department.

    Parameters
    ----------
    communes
        Table of communes: departement_code, region_code, population.

    Returns
    -------
    pandas.DataFrame
        A row per department: commune_code (the department's), departement_code, region_code, population. For the levels
        "departement", "region" and "france".

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> list(departement_units(toy_country().communes)["population"])
    [26000.0, 8900.0, 34000.0, 6000.0, 12000.0]
    """
    grouped = communes.groupby("departement_code")
    units = pd.DataFrame(
        {"region_code": grouped["region_code"].first(), "population": grouped["population"].sum()}
    ).reset_index()
    return units.assign(commune_code=units["departement_code"])
