from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import territory_of
from geo.errors import CoordinateError
from geo.travel_time.estimate import estimate_travel_times, pace_min_per_km, read_estimate_parameters
from geo.travel_time.road_estimate import PLACE_COLUMNS, minutes_to_nearest
from tests.coverage.twins import crow_fly_m, pace

ASSUMED = read_estimate_parameters()


def places(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(PLACE_COLUMNS)).astype({"commune_code": "str", "departement_code": "str"})


def slow(origin: dict, destinations: list[dict]) -> float:
    """Twin: try every destination."""
    if math.isnan(origin["longitude"]):
        return math.nan
    best = math.inf
    for there in destinations:
        if territory_of(there["departement_code"]) != territory_of(origin["departement_code"]):
            continue
        if math.isnan(there["longitude"]):
            continue
        mean_pace = (
            pace(origin["density_per_km2"], origin["departement_code"])
            + pace(there["density_per_km2"], there["departement_code"])
        ) / 2
        terminal = 0 if there["commune_code"] == origin["commune_code"] else ASSUMED.terminal_min
        best = min(best, ASSUMED.detour * crow_fly_m(origin, there) / 1000 * mean_pace + terminal)
    return best


PLACE = st.builds(
    lambda commune, spot, density, lost: (
        f"{spot[0]}{commune:03d}"[:5],
        spot[0],
        math.nan if lost else spot[1] + commune / 50,
        spot[2] + (commune % 7) / 40,
        density,
    ),
    st.integers(0, 40),
    st.sampled_from([("31", 1.0, 43.5), ("09", 1.4, 43.0), ("2A", 8.7, 41.9), ("974", 55.4, -21.1)]),
    st.sampled_from([0.0, 60.0, 150.0, 900.0, 5000.0, 20000.0, math.nan]),
    st.sampled_from([False] * 9 + [True]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PLACE, min_size=1, max_size=8), st.lists(PLACE, max_size=12))
def test_the_soonest_of_all_destinations(origins, destinations):
    from_, to = places(*origins), places(*destinations)
    expected = [slow(origin, to.to_dict("records")) for origin in from_.to_dict("records")]
    np.testing.assert_allclose(minutes_to_nearest(from_, to), expected, rtol=1e-9, atol=1e-6)


def test_a_farther_site_in_the_country_may_be_reached_sooner_than_a_near_one_in_a_city():
    origin = places(("31100", "31", 1.00, 43.5, 50.0))
    city = ("31555", "31", 1.10, 43.5, 15_000.0)
    country = ("31200", "31", 0.88, 43.5, 50.0)  # farther than the city
    both = minutes_to_nearest(origin, places(city, country))
    assert both == minutes_to_nearest(origin, places(country))
    assert both < minutes_to_nearest(origin, places(city))


def test_by_hand():
    """Along a meridian, one arc minute is 1.85 km: 0.1° is 11.11 km, twice the same density (50 per km²) at 55 km/h."""
    here, there = places(("31100", "31", 1.44, 43.5, 50.0)), places(("31200", "31", 1.44, 43.6, 50.0))
    expected = 11.11 * ASSUMED.detour * 60 / 55 + ASSUMED.terminal_min
    assert minutes_to_nearest(here, there)[0] == pytest.approx(expected, rel=0.003)


def test_the_same_minutes_as_the_matrix_between_communes(toy_country):
    """Two screens never give two times for one trip (the matrix rounds down to a tenth of a minute)."""
    communes = toy_country.communes
    communes = communes.assign(density_per_km2=communes["population"] / communes["area_km2"])
    times = estimate_travel_times(communes, dataclasses.replace(ASSUMED, limit_min=90.0))
    for target in ("31001", "32001"):
        minutes = minutes_to_nearest(communes, communes[communes["commune_code"] == target])
        for row, (code, found) in enumerate(zip(communes["commune_code"], minutes, strict=True)):
            first, last = times.pointers[row], times.pointers[row + 1]
            reached = dict(zip(times.destinations[first:last], times.tenths[first:last], strict=True))
            column = times.place_codes.index(target)
            if column in reached:
                assert 0 <= found - reached[column] / 10 < 0.1 + 1e-6, (code, target)


def test_relief_slows_and_density_too():
    slow_down = pace_min_per_km([50.0, 50.0, 20_000.0, np.nan], ["31", "09", "31", "31"])
    assert slow_down[1] == slow_down[0] * ASSUMED.relief_factor
    assert slow_down[2] > slow_down[0]
    assert slow_down[3] == slow_down[0]


def test_no_destination_is_a_known_absence():
    here = places(("31100", "31", 1.44, 43.5, 50.0), ("31101", "31", math.nan, 43.5, 50.0))
    np.testing.assert_array_equal(minutes_to_nearest(here, places()), [np.inf, np.nan])
    nowhere = places(("31200", "31", math.nan, math.nan, 50.0))
    np.testing.assert_array_equal(minutes_to_nearest(here, nowhere), [np.inf, np.nan])


def test_an_absent_column_is_named():
    with pytest.raises(CoordinateError, match="density_per_km2"):
        minutes_to_nearest(places().drop(columns="density_per_km2"), places())
