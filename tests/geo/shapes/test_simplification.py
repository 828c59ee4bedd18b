import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BoundaryError
from geo.shapes.areas import areas_km2
from geo.shapes.simplification import simplify_communes
from tests.geo.squares import square, wavy_coverage


def vertices(table):
    return int(shapely.get_num_coordinates(table.geometry.to_numpy()).sum())


def test_fewer_vertices_and_borders_still_shared():
    communes = wavy_coverage()
    simplified = simplify_communes(communes, 300.0)
    assert vertices(simplified) < 0.5 * vertices(communes)
    assert shapely.coverage_is_valid(simplified.geometry.to_numpy())
    for i in range(len(communes)):  # slow twin: each pair of neighbours keeps one common line, in one piece or none
        for j in range(i):
            before = communes.geometry[i].intersection(communes.geometry[j])
            after = simplified.geometry[i].intersection(simplified.geometry[j])
            assert after.area == 0
            assert (before.length > 0) == (after.length > 0)


def test_the_vertices_kept_are_among_those_given():
    communes = wavy_coverage()
    given_points = shapely.MultiPoint(shapely.get_coordinates(communes.geometry.to_numpy()))
    kept = shapely.points(shapely.get_coordinates(simplify_communes(communes, 300.0).geometry.to_numpy()))
    assert shapely.distance(kept, given_points).max() < 1e-8


def test_the_area_of_the_country_hardly_changes():
    communes = wavy_coverage()
    change = areas_km2(simplify_communes(communes, 200.0)).sum() / areas_km2(communes).sum()
    assert change == pytest.approx(1, abs=0.01)


def test_a_tolerance_of_zero_changes_nothing():
    communes = wavy_coverage()
    simplified = simplify_communes(communes, 0.0)
    assert shapely.equals_exact(
        simplified.geometry.normalize().to_numpy(), communes.geometry.normalize().to_numpy(), tolerance=1e-8
    ).all()


@given(st.floats(0, 5_000), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_whatever_the_tolerance_no_commune_vanishes(tolerance_m, seed):
    simplified = simplify_communes(wavy_coverage(3, 3, seed=seed), tolerance_m)
    assert simplified.commune_code.tolist() == wavy_coverage(3, 3, seed=seed).commune_code.tolist()
    assert (shapely.area(simplified.geometry.to_numpy()) > 0).all()
    assert shapely.coverage_is_valid(simplified.geometry.to_numpy())


def test_a_larger_tolerance_keeps_fewer_vertices():
    counts = [vertices(simplify_communes(wavy_coverage(), tolerance_m)) for tolerance_m in (0, 100, 300, 1_000)]
    assert counts == sorted(counts, reverse=True)


def test_each_territory_is_simplified_in_its_own_metres():
    # The same bump, drawn in metres, in Lille and in Guyane: it goes or stays in both.
    bump_m = 120.0

    def bumpy(longitude, latitude):
        height = bump_m / 111_000
        west, south, east, north = square(0, 0, west=longitude, south=latitude).bounds
        middle, half = (west + east) / 2, bump_m / 111_000 / np.cos(np.radians(latitude))
        ring = [(west, south), (east, south), (east, north)]
        ring += [(middle + half, north), (middle, north + height), (middle - half, north), (west, north)]
        return shapely.Polygon(ring)

    table = gpd.GeoDataFrame(
        {"commune_code": ["59350", "97302"]}, geometry=[bumpy(3.06, 50.6), bumpy(-52.3, 4.9)], crs=4326
    )
    assert [len(shape.exterior.coords) for shape in simplify_communes(table, 60.0).geometry] == [8, 8]
    assert [len(shape.exterior.coords) for shape in simplify_communes(table, 200.0).geometry] == [5, 5]


def test_shapes_that_overlap_are_refused():
    overlapping = gpd.GeoDataFrame(
        {"commune_code": ["36001", "36002"]}, geometry=[square(0, 0, width=2), square(1, 0)], crs=4326
    )
    with pytest.raises(BoundaryError, match="couverture valide"):
        simplify_communes(overlapping, 100.0)


@pytest.mark.parametrize("tolerance_m", [-1.0, np.nan, np.inf])
def test_a_tolerance_that_means_nothing_is_refused(tolerance_m):
    with pytest.raises(BoundaryError, match="tolérance"):
        simplify_communes(wavy_coverage(2, 2), tolerance_m)
