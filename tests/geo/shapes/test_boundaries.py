import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BoundaryError, InvalidCodeError
from geo.shapes.areas import areas_km2
from geo.shapes.boundaries import GRID_DEG, build_commune_geometry, clean_coverage, commune_areas, dissolve
from geo.shapes.boundary_fixes import NO_FIXES, BoundaryFixes, Hole
from tests.geo.squares import STEP_DEG, code, raw_grid, raw_table, square, unit, wavy_coverage

MIDDLE = square(1, 1)
MIDDLE_KM2 = areas_km2(gpd.GeoDataFrame({"commune_code": ["36101"]}, geometry=[MIDDLE], crs=4326)).iloc[0]


def partial_part(parent_code):
    """Make a delegated commune whose shape the source lacks."""
    return unit("36900", None, kind="COMD", parent_code=parent_code)


def hole_fix(commune_code, area_km2=MIDDLE_KM2):
    point = MIDDLE.centroid
    return BoundaryFixes(holes=(Hole(point.x, point.y, area_km2, commune_code),))


def shape_of(table, commune_code):
    return table.set_index("commune_code").geometry[commune_code]


def test_a_clean_grid_is_returned_as_it_is():
    table, report = build_commune_geometry(raw_table(raw_grid()), NO_FIXES)
    assert table.commune_code.tolist() == sorted(code(c, r) for c in range(3) for r in range(3))
    assert table.crs.to_epsg() == 4326
    assert shape_of(table, code(2, 0)).equals(square(2, 0))
    assert (report.n_communes, report.n_shaped, report.n_open_edges) == (9, 9, 0)
    assert report.holes_left == report.holes_by_rule == report.shapeless == ()


def test_the_hole_goes_to_the_only_neighbour_with_a_shapeless_part():
    units = [*raw_grid(without=[(1, 1)]), partial_part(code(1, 0))]
    table, report = build_commune_geometry(raw_table(units), NO_FIXES)
    assert shape_of(table, code(1, 0)).equals(square(1, 0, height=2))
    assert [(hole.commune_code, hole.area_km2) for hole in report.holes_by_rule] == [
        (code(1, 0), pytest.approx(MIDDLE_KM2, abs=0.01))
    ]
    assert shapely.coverage_is_valid(table.geometry.to_numpy())
    assert report.still_partial == ()


def test_a_commune_that_touches_by_a_corner_is_no_neighbour():
    units = [*raw_grid(without=[(1, 1)]), partial_part(code(0, 0))]
    table, report = build_commune_geometry(raw_table(units), NO_FIXES)
    assert report.holes_by_rule == ()
    assert report.still_partial == (code(0, 0),)
    assert report.holes_left[0].neighbours == (code(0, 1), code(1, 0), code(1, 2), code(2, 1))
    assert report.holes_left[0].reason == "aucune commune possible"
    assert shape_of(table, code(0, 0)).equals(square(0, 0))


def test_between_two_candidates_the_rule_does_not_choose_but_the_table_does():
    parts = [partial_part(code(1, 0)), unit("36901", None, kind="COMA", parent_code=code(0, 1))]
    units = raw_table([*raw_grid(without=[(1, 1)]), *parts])
    _, report = build_commune_geometry(units, NO_FIXES)
    assert [hole.reason for hole in report.holes_left] == ["plusieurs communes possibles"]
    table, report = build_commune_geometry(units, hole_fix(code(0, 1)))
    assert [hole.commune_code for hole in report.holes_by_table] == [code(0, 1)]
    assert shape_of(table, code(0, 1)).equals(square(0, 1, width=2))
    assert report.still_partial == (code(1, 0),)


def test_a_hole_abroad_stays_a_hole_even_beside_a_partial_commune():
    units = [*raw_grid(without=[(1, 1)]), partial_part(code(1, 0))]
    _, report = build_commune_geometry(raw_table(units), hole_fix(None))
    assert [hole.reason for hole in report.holes_left] == ["hors de France"]
    assert report.holes_by_rule == ()


def test_the_table_may_not_give_a_hole_to_a_commune_elsewhere():
    with pytest.raises(BoundaryError, match=r"attendu une commune voisine .* trouvé 36000"):
        build_commune_geometry(raw_table(raw_grid(without=[(1, 1)])), hole_fix("36000"))


def test_the_table_notices_that_the_source_changed():
    with pytest.raises(BoundaryError, match="la source a changé"):
        build_commune_geometry(raw_table(raw_grid(without=[(1, 1)])), hole_fix(code(1, 0), area_km2=50.0))


def test_a_correction_whose_hole_is_gone_is_reported():
    _, report = build_commune_geometry(raw_table(raw_grid()), hole_fix(code(1, 0)))
    assert len(report.fixes_unused) == 1


def test_a_commune_standing_alone_in_a_hole_keeps_its_place():
    # An island commune inside the gap: the hole is what is left around it.
    units = raw_grid(columns=5, rows=5, without=[(c, r) for c in (1, 2, 3) for r in (1, 2, 3)])
    island = unit(code(2, 2), square(2, 2))
    table, report = build_commune_geometry(raw_table([*units, island, partial_part(code(2, 0))]), NO_FIXES)
    assert [hole.commune_code for hole in report.holes_by_rule] == [code(2, 0)]
    assert shape_of(table, code(2, 2)).equals(square(2, 2))
    grown = shape_of(table, code(2, 0))
    assert grown.area == pytest.approx((8 + 1) * STEP_DEG**2)
    assert shapely.coverage_is_valid(table.geometry.to_numpy())


def test_a_shapeless_commune_is_rebuilt_from_its_parts():
    parts = [unit("36910", square(1, 1), "COMD", code(1, 1)), unit("36911", square(1, 2), "COMD", code(1, 1))]
    units = [*raw_grid(without=[(1, 1), (1, 2)]), unit(code(1, 1), None), *parts]
    table, report = build_commune_geometry(raw_table(units), NO_FIXES)
    assert report.rebuilt_from_parts == (code(1, 1),)
    assert shape_of(table, code(1, 1)).equals(square(1, 1, height=2))
    assert report.shapeless == ()


def test_a_commune_without_anything_is_listed_and_its_container_has_no_area():
    fixes = BoundaryFixes(containers=((code(9, 9), code(0, 0)),))
    table, report = build_commune_geometry(raw_table([*raw_grid(), unit(code(9, 9), None)]), fixes)
    assert report.shapeless == (code(9, 9),)
    assert report.oversized == (code(0, 0),)
    areas = commune_areas(table, report)
    assert code(9, 9) not in areas.index
    assert np.isnan(areas[code(0, 0)])
    assert areas[code(1, 1)] == pytest.approx(MIDDLE_KM2)


def test_overlaps_gaps_and_stray_vertices_are_cleaned():
    units = raw_grid()
    # One commune 5 m too wide, its neighbour with a vertex that the other side lacks.
    units[0]["geometry"] = square(0, 0, width=1 + 5e-5 / STEP_DEG)
    units[4]["geometry"] = shapely.segmentize(units[4]["geometry"], STEP_DEG / 2)
    raw = raw_table(units)
    assert not shapely.coverage_is_valid(raw.geometry.to_numpy())
    table, report = build_commune_geometry(raw, NO_FIXES)
    assert shapely.coverage_is_valid(table.geometry.to_numpy())
    assert report.n_open_edges > 0
    assert shapely.area(table.geometry.to_numpy()).sum() == pytest.approx(
        9 * STEP_DEG**2
    )  # land is neither made nor lost


def test_every_coordinate_is_on_the_grid():
    coordinates = shapely.get_coordinates(clean_coverage(wavy_coverage().geometry.to_numpy())[0])
    assert (coordinates % GRID_DEG == 0).all()


def test_the_input_is_left_as_it_was():
    raw = raw_table([*raw_grid(without=[(1, 1)]), partial_part(code(1, 0))])
    before = raw.copy(deep=True)
    build_commune_geometry(raw, NO_FIXES)
    pd.testing.assert_frame_equal(raw, before)


@given(st.permutations(range(9)))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_does_not_matter(order):
    raw = raw_table([*raw_grid(without=[(1, 1)]), partial_part(code(1, 0))])
    shuffled = raw.iloc[list(order)]
    expected, report = build_commune_geometry(raw, NO_FIXES)
    found, other_report = build_commune_geometry(shuffled, NO_FIXES)
    assert found.commune_code.tolist() == expected.commune_code.tolist()
    assert shapely.equals(found.geometry.to_numpy(), expected.geometry.to_numpy()).all()
    assert other_report == report


def test_the_report_is_ready_for_json():
    _, report = build_commune_geometry(raw_table(raw_grid(without=[(1, 1)])), NO_FIXES)
    assert json.loads(json.dumps(report.as_dict()))["holes_left"][0]["neighbours"][0] == code(0, 1)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (raw_table(raw_grid()).drop(columns="parent_code"), "absentes : parent_code"),
        (raw_table([*raw_grid(), unit(code(0, 0), square(0, 0))]), "en double : 36000"),
        (raw_table([unit(code(0, 0), None)]), "trouvé aucune"),
    ],
)
def test_a_raw_table_that_cannot_be_used_is_refused(raw, message):
    with pytest.raises(BoundaryError, match=message):
        build_commune_geometry(raw, NO_FIXES)


def test_dissolving_keeps_area_and_shared_borders():
    communes = wavy_coverage()
    half = pd.Series(["east"] * 8 + ["west"] * 8, index=communes.commune_code, name="departement_code")
    dissolved = dissolve(communes, half)
    assert dissolved.departement_code.tolist() == ["east", "west"]
    assert shapely.area(dissolved.geometry.to_numpy()).sum() == pytest.approx(
        shapely.area(communes.geometry.to_numpy()).sum()
    )
    assert shapely.coverage_is_valid(dissolved.geometry.to_numpy())
    for group, shape in zip(dissolved.departement_code, dissolved.geometry, strict=True):
        slow = shapely.union_all(communes.geometry[half.to_numpy() == group].to_numpy())
        assert shapely.equals(shape, slow)


def test_a_commune_without_group_is_left_out_and_an_unknown_one_is_refused():
    communes = wavy_coverage(2, 2)
    group = pd.Series(["a", "a", None, "b"], index=communes.commune_code, name="epci_code", dtype="str")
    assert dissolve(communes, group).epci_code.tolist() == ["a", "b"]
    with pytest.raises(BoundaryError, match=communes.commune_code[3]):
        dissolve(communes, group.iloc[:3])


def test_an_area_is_that_of_the_ellipsoid_to_one_percent():
    codes = ["36001", "97101", "97301", "97401", "97601"]
    corners = [(2, 46.5), (-61.6, 16.2), (-52.5, 4.5), (55.5, -21.1), (45.1, -12.8)]
    shapes = [square(0, 0, west=west, south=south) for west, south in corners]
    table = gpd.GeoDataFrame({"commune_code": codes}, geometry=shapes, crs=4326)
    slow = [table.crs.get_geod().geometry_area_perimeter(shape)[0] / 1e6 for shape in shapes]
    assert areas_km2(table).to_numpy() == pytest.approx(np.abs(slow), rel=0.01)


def test_an_area_needs_a_commune_code_and_a_shape():
    table = gpd.GeoDataFrame({"commune_code": ["36001"]}, geometry=[None], crs=4326)
    assert np.isnan(areas_km2(table).iloc[0])
    with pytest.raises(InvalidCodeError):
        areas_km2(table.assign(commune_code="99999"))
