import pytest

from geo.errors import BoundaryError
from geo.shapes.boundary_fixes import NO_FIXES, Hole, parse_fixes

HOLE = {"longitude": 5.2, "latitude": 44.7, "area_km2": 21, "commune_code": "26289", "former_code": "26371"}


def test_holes_foreign_land_and_containers_are_read():
    fixes = parse_fixes(
        {
            "established_on": "a note",
            "hole": [HOLE],
            "abroad": [{**HOLE, "name": "elsewhere"}],
            "inside": [{"commune_code": "15031", "container_code": "15141"}],
        }
    )
    assert fixes.holes == (Hole(5.2, 44.7, 21.0, "26289"), Hole(5.2, 44.7, 21.0, None))
    assert fixes.containers == (("15031", "15141"),)


def test_an_empty_table_has_no_fix():
    assert parse_fixes({}) == NO_FIXES


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"hole": [{**HOLE, "longitude": "5.2"}]}, "hole n° 1, longitude"),
        ({"hole": [HOLE, {**HOLE, "latitude": 4470.0}]}, "hole n° 2, latitude"),
        ({"hole": [{**HOLE, "latitude": float("nan")}]}, "latitude"),
        ({"hole": [{**HOLE, "area_km2": True}]}, "area_km2"),
        ({"hole": [{**HOLE, "commune_code": 26289}]}, "commune_code"),
        ({"hole": [{"longitude": 5.2, "latitude": 44.7, "area_km2": 21}]}, "trouvé None"),
        ({"inside": [{"commune_code": "15031"}]}, "inside n° 1, container_code"),
        ({"hole": HOLE}, "attendu une liste"),
        ({"abroad": ["Llívia"]}, "attendu une liste"),
    ],
)
def test_an_incomplete_correction_is_named(document, message):
    with pytest.raises(BoundaryError, match=message):
        parse_fixes(document)
