"""Made-up minutes between the communes of the toy country: near, far, at the bounds, and not the same both ways."""

from __future__ import annotations

import numpy as np

from geo.travel_time.matrix import TravelTimes, travel_times_from_pairs
from tests.toy import toy_country


def uneven_times() -> TravelTimes:
    """Return every pair a whole number of minutes from 0 to 41 that no formula of roads would give; beyond 30, none."""
    codes = list(toy_country().communes["commune_code"])
    rank = np.arange(len(codes))
    origins, destinations = (side.ravel() for side in np.meshgrid(rank, rank, indexing="ij"))
    minutes = (5 * origins * destinations + 11 * origins + 7 * destinations) % 42
    minutes = np.where(origins == destinations, 0, minutes).astype(np.float64)
    return travel_times_from_pairs(
        codes, origins, destinations, minutes, limit_min=30.0, provider="table", vintage="essai"
    )
