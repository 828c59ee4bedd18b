"""Who lives near a commune: the minutes to it and from it, and the zones they draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import pandas as pd

from coverage.errors import UnknownCommuneError
from geo.travel_time.matrix import TENTHS_PER_MINUTE

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.travel_time.matrix import TravelTimes

BOUNDS_MIN: Final = (10.0, 15.0, 20.0)
"""Zones of the APL, in minutes, the upper bound not included; each holds the one before."""
CATCHMENT_MIN: Final = 15.0
"""Minutes under which a commune is said to be in the catchment: the zone that figures in one number are about."""


@dataclass(frozen=True, eq=False)
class Reach:
    """The surroundings of a candidate commune. Make one with `Reach.of`.

    Attributes
    ----------
    commune_code
        The candidate.
    codes
        Codes of all the communes, in the order of their table; name commune_code.
    minutes_to
        Minutes from each commune to the candidate (its patients' way), NaN beyond the limit of the travel times.
    minutes_from
        Minutes from the candidate to each commune, NaN beyond; the same as `minutes_to` where times are symmetric.
    """

    commune_code: str
    codes: pd.Index
    minutes_to: npt.NDArray[np.float64]
    minutes_from: npt.NDArray[np.float64]

    @classmethod
    def of(cls, commune_code: str, communes: pd.DataFrame, times: TravelTimes) -> Self:
        """Read the travel times of a candidate.

        Parameters
        ----------
        commune_code
            The candidate.
        communes
            Table of communes: commune_code.
        times
            Minutes between communes, limit at least 20; a commune that they do not name is out of reach.

        Raises
        ------
        UnknownCommuneError
            The candidate is not in the list of communes, or not in the travel times.
        """
        codes = pd.Index(communes["commune_code"], name="commune_code")
        if commune_code not in codes or commune_code not in times.positions:
            raise UnknownCommuneError(
                f"Temps de trajet : attendu une commune de la liste et des temps de trajet, trouvé « {commune_code} »."
            )
        leaving = pd.Series(times.minutes_from(commune_code), dtype=np.float64)
        return cls(
            commune_code,
            codes,
            minutes_to(commune_code, times).reindex(codes).to_numpy(np.float64),
            leaving.reindex(codes).to_numpy(np.float64),
        )

    def within(self, bound_min: float) -> npt.NDArray[np.bool_]:
        """Say of each commune whether the candidate is less than so many minutes away from it."""
        near: npt.NDArray[np.bool_] = self.minutes_to < bound_min  # False for NaN
        return near

    def reached(self, bound_min: float) -> npt.NDArray[np.bool_]:
        """Say of each commune whether it is less than so many minutes away from the candidate, as one drives there."""
        near: npt.NDArray[np.bool_] = self.minutes_from < bound_min  # False for NaN
        return near

    def reached_zone(self, bound_min: float) -> pd.Index:
        """Return the codes of the communes reached in less than so many minutes, in the order of the table."""
        return self.codes[self.reached(bound_min)]

    def zone(self, bound_min: float) -> pd.Index:
        """Return the codes of the communes less than so many minutes away, in the order of the table."""
        return self.codes[self.within(bound_min)]


def minutes_to(commune_code: str, times: TravelTimes) -> pd.Series:
    """Return the minutes to one place from each place within the limit, index place code.

    The column of the matrix, as `TravelTimes.minutes_from` is its row: a one-way table tells them apart.

    Raises
    ------
    KeyError
        The code is not one of the places.
    """
    at = np.flatnonzero(times.destinations == times.positions[commune_code])
    origins = np.searchsorted(times.pointers, at, side="right") - 1
    codes = pd.Index([times.place_codes[int(origin)] for origin in origins], dtype="str", name="commune_code")
    return pd.Series(times.tenths[at] / TENTHS_PER_MINUTE, index=codes, name="minutes")
