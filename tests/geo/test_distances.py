import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import project
from geo.distances import nearest
from geo.errors import CoordinateError

PLACES = {"31": (1.44, 43.60), "34": (3.88, 43.61), "2A": (8.74, 41.93), "971": (-61.55, 16.25), "972": (-61.02, 14.65)}


def table(*rows):
    return pd.DataFrame(rows, columns=["longitude", "latitude", "departement_code"]).astype(
        {"longitude": float, "latitude": float, "departement_code": "str"}
    )


def slow_distances(origins, destinations):
    """Every distance, one by one; inf across the sea, NaN without a place."""
    here = project(origins.longitude, origins.latitude, origins.departement_code)
    there = project(destinations.longitude, destinations.latitude, destinations.departement_code)
    matrix = np.full((len(origins), len(destinations)), np.inf)
    for i in range(len(origins)):
        for j in range(len(destinations)):
            if np.isnan(here.x_m[i]) or np.isnan(there.x_m[j]):
                matrix[i, j] = np.nan
            elif here.territory[i] == there.territory[j]:
                matrix[i, j] = np.hypot(here.x_m[i] - there.x_m[j], here.y_m[i] - there.y_m[j])
    return matrix


points = st.lists(
    st.builds(
        lambda code, east, north: (PLACES[code][0] + east, PLACES[code][1] + north, code),
        st.sampled_from(sorted(PLACES)),
        st.floats(-0.5, 0.5) | st.just(np.nan),
        st.floats(-0.5, 0.5),
    ),
    max_size=12,
)


@given(points, points)
def test_the_nearest_is_the_slow_twins(some, others):
    origins, destinations = table(*some), table(*others)
    distance_m, destination = nearest(origins, destinations)
    matrix = slow_distances(origins, destinations)
    for i in range(len(origins)):
        reachable = matrix[i][np.isfinite(matrix[i])]
        if np.isnan(origins.longitude[i]):
            assert np.isnan(distance_m[i])
            assert destination[i] == -1
        elif not len(reachable):
            assert distance_m[i] == np.inf
            assert destination[i] == -1
        else:
            assert distance_m[i] == pytest.approx(reachable.min(), abs=1e-6)
            assert matrix[i, destination[i]] == pytest.approx(reachable.min(), abs=1e-6)


def test_the_sea_is_not_crossed():
    # Bastia is 200 km from Nice, Guadeloupe and Martinique share a projection: neither serves the other.
    origins = table((9.45, 42.70, "2B"), (-61.55, 16.25, "971"))
    destinations = table((7.26, 43.70, "06"), (-61.02, 14.65, "972"))
    assert nearest(origins, destinations).distance_m.tolist() == [np.inf, np.inf]


def test_without_destination_the_distance_is_infinite_and_without_place_unknown():
    origins = table((1.44, 43.60, "31"), (np.nan, 43.60, "31"), (1.44, 43.60, None))
    distance_m, destination = nearest(origins, origins.iloc[:0])
    assert distance_m[0] == np.inf
    assert np.isnan(distance_m[1:]).all()
    assert destination.tolist() == [-1, -1, -1]


def test_positions_are_those_of_the_table_whatever_its_index():
    destinations = table((np.nan, 43.60, "31"), (2.0, 43.60, "31"), (1.45, 43.60, "31")).set_index(pd.Index([9, 4, 7]))
    assert nearest(table((1.44, 43.60, "31")), destinations).destination.tolist() == [2]


def test_an_absent_column_is_named():
    with pytest.raises(CoordinateError, match=r"destinations.*latitude"):
        nearest(table(), table().drop(columns="latitude"))
