import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from geo.errors import BoundaryError
from geo.shapes.mairie_points import distance_outside_m, guard_points
from tests.geo.squares import SOUTH, STEP_DEG, WEST, square

CODES = ["36001", "36002", "36003", "36004", "36005", "36006"]
SHAPES = gpd.GeoDataFrame({"commune_code": CODES[:4]}, geometry=[square(column, 0) for column in range(4)], crs=4326)
MIDDLE_LATITUDE = SOUTH + STEP_DEG / 2


def mairies(*points):
    return pd.DataFrame(points, columns=["commune_code", "longitude", "latitude"]).astype(
        {"longitude": float, "latitude": float}
    )


def west_of_first_square(metres):
    longitude, latitude, _ = Geod(ellps="GRS80").fwd(WEST, MIDDLE_LATITUDE, 270, metres)
    return longitude, latitude


def test_a_mairie_is_believed_inside_and_up_to_two_kilometres_outside():
    points, counts = guard_points(
        mairies(("36002", WEST + 1.25 * STEP_DEG, MIDDLE_LATITUDE), ("36001", *west_of_first_square(1_950))), SHAPES
    )
    assert points.commune_code.tolist() == ["36001", "36002"]
    assert points.point_origin.tolist() == ["mairie", "mairie"]
    assert points.longitude[1] == pytest.approx(WEST + 1.25 * STEP_DEG, abs=1e-5)
    assert counts["n_mairie"] == 2


@pytest.mark.parametrize(
    ("longitude", "latitude", "counter"),
    [
        (*west_of_first_square(2_050), "n_far"),
        (-WEST, MIDDLE_LATITUDE, "n_far_10_km"),  # the sign of the longitude lost
        (MIDDLE_LATITUDE, WEST, "n_far_10_km"),  # the two swapped
        (np.nan, np.nan, "n_absent"),
        (WEST, np.nan, "n_absent"),
        (650_000, 6_600_000, "n_out_of_globe"),
        (-170, -89, "n_far"),
    ],
)
def test_a_point_that_cannot_be_believed_gives_way_to_the_surface(longitude, latitude, counter):
    points, counts = guard_points(mairies(("36001", longitude, latitude)), SHAPES)
    assert points.point_origin.tolist() == ["surface"]
    assert shapely.contains_xy(square(0, 0), points.longitude[0], points.latitude[0])
    assert counts[counter] == 1
    assert counts["n_mairie"] == 0


def test_a_commune_without_shape_takes_its_containers_or_stays_unknown():
    points, counts = guard_points(
        mairies(("36005", WEST, SOUTH), ("36006", WEST, SOUTH)), SHAPES, containers=(("36005", "36003"),)
    )
    assert points.point_origin[0] == "contenant"
    assert shapely.contains_xy(square(2, 0), points.longitude[0], points.latitude[0])
    assert points.loc[1, ["longitude", "latitude", "point_origin"]].isna().all()
    assert (counts["n_container"], counts["n_unknown"]) == (1, 1)


def test_every_commune_is_counted_once():
    table = mairies(*[(code, WEST, SOUTH) for code in CODES])
    _, counts = guard_points(table, SHAPES, containers=(("36005", "36003"),))
    assert counts["n_communes"] == len(table)
    assert counts["n_mairie"] + counts["n_far"] + counts["n_container"] + counts["n_unknown"] == len(table)


def test_the_input_is_left_as_it_was():
    table = mairies(("36002", 650_000, 1), ("36001", WEST, SOUTH))
    before = table.copy()
    guard_points(table, SHAPES)
    pd.testing.assert_frame_equal(table, before)


def test_a_commune_that_comes_twice_is_refused():
    with pytest.raises(BoundaryError, match="doublons"):
        guard_points(mairies(("36001", WEST, SOUTH), ("36001", WEST, SOUTH)), SHAPES)


def test_the_distance_outside_is_in_metres_and_zero_inside():
    table = mairies(
        ("36001", WEST + STEP_DEG / 2, MIDDLE_LATITUDE),
        ("36001", *west_of_first_square(5_000)),
        ("36006", WEST, SOUTH),
        ("36002", np.nan, SOUTH),
    ).set_index(pd.Index([3, 1, 2, 0]))
    outside = distance_outside_m(table, SHAPES)
    assert outside.index.tolist() == [3, 1, 2, 0]
    assert outside[3] == 0
    assert outside[1] == pytest.approx(5_000, rel=0.005)
    assert outside[[2, 0]].isna().all()
