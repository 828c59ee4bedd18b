import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import crs
from geo.codes import DEPARTEMENT_CODES
from geo.errors import CoordinateError, InvalidCodeError

# Inside each territory, far from its edges.
PLACES = {
    "31": (1.44, 43.60),
    "2A": (8.74, 41.93),
    "971": (-61.55, 16.25),
    "972": (-61.02, 14.65),
    "973": (-52.33, 4.94),
    "974": (55.45, -20.90),
    "976": (45.23, -12.78),
}


def test_each_department_is_in_one_territory():
    listed = [code for territory in crs.TERRITORIES for code in territory.departement_codes]
    assert sorted(listed) == sorted(DEPARTEMENT_CODES)
    assert [territory.number for territory in crs.TERRITORIES] == list(range(len(crs.TERRITORIES)))


@pytest.mark.parametrize(
    ("departement_code", "epsg"),
    [("75", 2154), ("2B", 2154), ("971", 5490), ("972", 5490), ("973", 2972), ("974", 2975), ("976", 4471)],
)
def test_each_department_has_its_legal_projection(departement_code, epsg):
    assert crs.legal_epsg(departement_code) == epsg


@pytest.mark.parametrize(
    ("departement_code", "longitude", "latitude", "x_m", "y_m"),
    [
        ("03", 3.0, 46.5, 700_000, 6_600_000),  # the origin of Lambert-93, by its definition
        ("971", -63.0, 0.0, 500_000, 0),  # on the central meridian of a UTM zone x is 500 km, by its definition
        ("973", -51.0, 0.0, 500_000, 0),
        ("974", 57.0, 0.0, 500_000, 10_000_000),  # a southern zone counts y from 10 000 km
        ("976", 45.0, 0.0, 500_000, 10_000_000),
    ],
)
def test_known_points_fall_where_the_definition_says(departement_code, longitude, latitude, x_m, y_m):
    projected = crs.project([longitude], [latitude], [departement_code])
    assert projected.x_m[0] == pytest.approx(x_m, abs=0.01)
    assert projected.y_m[0] == pytest.approx(y_m, abs=0.01)


@pytest.mark.parametrize("departement_code", PLACES)
@pytest.mark.parametrize("bearing", [0, 45, 90, 210])
def test_a_planar_distance_is_the_distance_on_the_ellipsoid(departement_code, bearing):
    longitude, latitude = PLACES[departement_code]
    other_longitude, other_latitude, _ = Geod(ellps="GRS80").fwd(longitude, latitude, bearing, 10_000)
    x_m, y_m, _ = crs.project([longitude, other_longitude], [latitude, other_latitude], [departement_code] * 2)
    assert np.hypot(*np.diff([x_m, y_m])[:, 0]) == pytest.approx(10_000, rel=0.004)


def test_unknown_coordinates_and_departments_stay_unknown():
    projected = crs.project([2.0, np.nan, 2.0, 2.0], [46.0, 46.0, np.nan, 46.0], ["36", "36", "36", None])
    assert np.isnan(projected.x_m).tolist() == [False, True, True, True]
    assert np.isnan(projected.y_m).tolist() == [False, True, True, True]
    assert projected.territory.tolist() == [0, 0, 0, -1]


def test_nothing_gives_nothing():
    assert [len(column) for column in crs.project([], [], [])] == [0, 0, 0]
    assert crs.planar_frame([], [], []).shape == (0, 2)


@pytest.mark.parametrize(("longitude", "latitude"), [(181, 0), (0, -91), (650_000, 6_860_000)])
def test_coordinates_outside_the_globe_are_refused(longitude, latitude):
    with pytest.raises(CoordinateError, match="hors bornes"):
        crs.project([longitude], [latitude], ["31"])


def test_columns_of_two_lengths_are_refused():
    with pytest.raises(CoordinateError, match="1, 1 et 2"):
        crs.project([2.0], [46.0], ["31", "31"])


def test_an_unknown_department_is_refused():
    with pytest.raises(InvalidCodeError, match="99"):
        crs.project([2.0], [46.0], ["99"])


@given(st.sampled_from(sorted(PLACES)), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_projecting_back_returns_to_the_start(departement_code, east, north):
    longitude, latitude = PLACES[departement_code][0] + east, PLACES[departement_code][1] + north
    x_m, y_m, territory = crs.project([longitude], [latitude], [departement_code])
    back = crs.degrees_transformer(crs.TERRITORIES[territory[0]].epsg).transform(x_m, y_m)
    assert back[0][0] == pytest.approx(longitude, abs=1e-8)
    assert back[1][0] == pytest.approx(latitude, abs=1e-8)


def test_in_the_planar_frame_no_two_territories_come_near():
    departements = list(PLACES)
    frame = crs.planar_frame(*np.array([PLACES[code] for code in departements]).T, departements)
    gaps = np.hypot(*(frame[:, None, :] - frame[None, :, :]).transpose(2, 0, 1))
    assert gaps[~np.eye(len(gaps), dtype=bool)].min() > crs.FRAME_STEP_M / 2
