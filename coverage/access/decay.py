"""How much a trip of so many minutes counts: steps by travel time, and the weighted catchments that they draw."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coverage.errors import CoverageError
from geo.documents import parameters_of, read_toml
from geo.travel_time.matrix import TENTHS_PER_MINUTE, TravelTimes

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from scipy import sparse

PARAMETERS_FILE: Final = Path(__file__).with_name("access_parameters.toml")


class DecayError(CoverageError, ValueError):
    """A decay is malformed, or reaches farther than the travel times at hand."""


@dataclass(frozen=True)
class Decay:
    """Weights in [0, 1] by bands of travel time, from the bound before (inclusive) to the band's own (exclusive).

    Half-open bands are what the travel times keep exactly (see `geo.travel_time.matrix`). Beyond the last bound: 0.

    Parameters
    ----------
    name : what the decay is called.
    upper_min : upper bounds in minutes, increasing, whole tenths.
    weight : weight of each band, in [0, 1], never rising with time.
    source : where it was published.

    Raises
    ------
    DecayError
        Bounds or weights are out of these rules.
    """

    name: str
    upper_min: tuple[float, ...]
    weight: tuple[float, ...]
    source: str = ""

    def __post_init__(self) -> None:
        tenths = [bound * TENTHS_PER_MINUTE for bound in self.upper_min]
        checks = {
            "autant de bornes que de poids": len(self.upper_min) == len(self.weight) > 0,
            "des bornes positives et croissantes": all(a < b for a, b in itertools.pairwise((0.0, *self.upper_min))),
            "des bornes en dixièmes de minute": all(math.isclose(value, round(value)) for value in tenths),
            "des poids de 0 à 1": all(0 <= value <= 1 for value in self.weight),
            "des poids qui ne remontent pas": all(a >= b for a, b in itertools.pairwise(self.weight)),
        }
        for expected, holds in checks.items():
            if not holds:
                found = f"{self.upper_min}, {self.weight}"
                raise DecayError(f"Décroissance {self.name} : attendu {expected}, trouvé {found}.")

    @property
    def reach_min(self) -> float:
        """Minutes from which nothing counts."""
        return max(upper for upper, weight in zip(self.upper_min, self.weight, strict=True) if weight > 0)

    def by_tenth(self) -> npt.NDArray[np.float64]:
        """Weight of each whole tenth of a minute from 0 to the last bound excluded."""
        bounds = [0, *(round(bound * TENTHS_PER_MINUTE) for bound in self.upper_min)]
        return np.repeat(np.asarray(self.weight, dtype=np.float64), np.diff(bounds))

    def of_minutes(self, minutes: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Weight of each duration in minutes; 0 beyond the last bound, and for NaN: unreachable."""
        values = np.asarray(minutes, dtype=np.float64)
        band = np.searchsorted(self.upper_min, values, side="right")
        weights = np.append(self.weight, 0.0)[band]
        return np.where(np.isnan(values), 0.0, weights)


@cache
def read_access_parameters() -> dict[str, Any]:
    """Read the dated constants of the access measures.

    Raises
    ------
    DocumentError
        The file is damaged, or lacks one of its tables.
    """
    document = read_toml(PARAMETERS_FILE)
    with parameters_of(PARAMETERS_FILE):
        for name in ("acts_per_fte", "threshold_apl"):
            float(document["general_practitioner"][name])
    return document


def drees_decay(apl_parameters: pd.DataFrame) -> Decay:
    """Return the decay of the DREES, from the sheet « Paramètres » of its workbook.

    Parameters
    ----------
    apl_parameters : snapshot table; its rows `distance_weight` give lower (inclusive), upper (exclusive) and value.

    Raises
    ------
    DecayError
        The bands leave a hole, do not start at 0, or are absent.
    """
    bands = apl_parameters[apl_parameters["parameter"] == "distance_weight"].sort_values("lower")
    bands = bands[bands["value"] > 0]
    lower, upper = bands["lower"].to_list(), bands["upper"].to_list()
    if not lower or lower != [0.0, *upper[:-1]]:
        raise DecayError(f"Paramètres de l’APL : attendu des bandes qui se suivent depuis 0, trouvé {lower} → {upper}.")
    return Decay("drees", tuple(upper), tuple(bands["value"]), "DREES, APL aux médecins généralistes, Paramètres")


@dataclass(frozen=True, eq=False)
class Catchments:
    """Who counts for whom and how much: w_ij, origins (people) × destinations (GPs), sparse.

    Attributes
    ----------
    places
        Codes of the places, order of rows and columns.
    weights
        w_ij in ]0, 1], float64, row = origin.
    decay
        The decay that gave the weights.
    """

    places: pd.Index
    weights: sparse.csr_array
    decay: Decay

    @cached_property
    def transposed(self) -> sparse.csr_array:
        """The same by destination: row = destination. Made when first asked: it takes as long as the weights."""
        return self.weights.T.tocsr()


def catchments(times: TravelTimes, decay: Decay) -> Catchments:
    """Weigh every pair of places by its travel time.

    Parameters
    ----------
    times : minutes between places; pairs absent are farther than its limit.
    decay : the weights by band.

    Raises
    ------
    DecayError
        The decay reaches beyond the limit of the travel times: the missing pairs would be unknown, not 0.
    """
    if decay.reach_min > times.limit_min:
        raise DecayError(
            f"Temps de trajet : attendu au moins {decay.reach_min} min pour {decay.name}, trouvé {times.limit_min}."
        )
    near = times.within(decay.reach_min)  # one pair in ten, of a 60-minute matrix
    by_tenth = np.append(decay.by_tenth(), 0.0)
    weights = near.with_data(by_tenth.take(near.tenths))
    weights.eliminate_zeros()  # the last bound itself is kept within, and does not count
    return Catchments(times.places, weights, decay)
