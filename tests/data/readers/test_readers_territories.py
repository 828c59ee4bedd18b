"""CPTS perimeters, shapes of communes and zones: outlines or lists, projections named or not, words of every ARS."""

import json
import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers.commune_shapes import read_commune_shapes
from data.readers.cpts_perimeters import read_perimeters
from data.readers.zoning import read_zones, read_zoning
from tests.data.population_files import (
    ZONES,
    cpts_geojson,
    feature,
    geojson,
    shapes_geojson,
    square,
    text,
    workbook,
)


def written(tmp_path, contents: bytes, name: str = "file"):
    path = tmp_path / name
    path.write_bytes(contents)
    return path


# --- CPTS -------------------------------------------------------------------------------------------------------------


def test_outlines(tmp_path):
    table = read_perimeters(written(tmp_path, cpts_geojson()))
    assert isinstance(table, gpd.GeoDataFrame)
    assert table["cpts_id"].tolist() == ["1", "2", "3"]
    assert table["name"].tolist() == ["CPTS du Pays de Foix", "CPTS Paris Centre", "CPTS de l'Ain"]
    assert table["finess_code"].iloc[0] == "090004300"
    assert table["finess_code"].isna().tolist() == [False, True, True]
    assert table["stage"].tolist() == ["ACI signé", "Signataire ACI", "Projet"]
    assert table.crs == "EPSG:4326"
    assert table.geometry.is_valid.all()


def test_a_cpts_that_is_not_drawn_is_left_out(tmp_path):
    document = json.loads(cpts_geojson())
    document["features"][1]["geometry"] = None
    assert read_perimeters(written(tmp_path, json.dumps(document).encode()))["cpts_id"].tolist() == ["1", "3"]
    document["features"][0]["geometry"] = {"type": "Polygon", "coordinates": [[["a", 1]]]}
    with pytest.raises(SourceUnreadable, match=r"entité 1.*un polygone"):
        read_perimeters(written(tmp_path, json.dumps(document).encode()))


def test_outlines_in_a_named_projection_come_back_in_degrees(tmp_path):
    expected = read_perimeters(written(tmp_path, cpts_geojson()))
    for epsg in (3857, 2154):
        document = json.loads(cpts_geojson())
        moved = expected.to_crs(epsg).geometry
        features = [
            {**one, "geometry": shapely.geometry.mapping(shape)}
            for one, shape in zip(document["features"], moved, strict=True)
        ]
        crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
        found = read_perimeters(written(tmp_path, geojson(features, crs=crs)))
        assert found.geometry.geom_equals_exact(expected.geometry, 1e-7).all()
    with pytest.raises(SourceValueError, match="des degrés, ou une projection nommée"):
        read_perimeters(written(tmp_path, geojson(features)))


def test_a_list_of_communes(tmp_path):
    rows = [
        ["DEP", "Code INSEE", "Libellé commune", "CPTS", "FINESS"],
        ["9", "9122", "Foix", "CPTS du Pays de Foix", "90004300"],
        ["9", "9160", "Lavelanet", "CPTS du Pays de Foix", "90004300"],
        ["9", "9160", "Lavelanet", "CPTS voisine", ""],
        ["9", "9999", "Sans", "", ""],
        ["9", "9122", "Foix", "CPTS du Pays de Foix", "90004300"],
    ]
    for contents in (text(rows), workbook({"CPTS": rows})):
        table = read_perimeters(written(tmp_path, contents))
        pairs = list(zip(table["cpts_id"], table["commune_code"], strict=True))
        foix = "CPTS du Pays de Foix"
        assert pairs == [(foix, "09122"), (foix, "09160"), ("CPTS voisine", "09160")]
        assert table["finess_code"].tolist()[:2] == ["090004300", "090004300"]


def test_an_identifier_of_the_line_is_not_that_of_the_cpts(tmp_path):
    rows = [["id", "code_insee", "nom_cpts"], ["1", "09122", "A"], ["2", "09160", "A"], ["2", "01001", "B"]]
    assert read_perimeters(written(tmp_path, text(rows)))["cpts_id"].tolist() == ["A", "A", "B"]


@pytest.mark.parametrize(
    ("contents", "error", "words"),
    [
        (geojson([]), SourceLayoutError, "avec des entités"),
        (cpts_geojson().replace(b"[[[", b"[" * 800, 1).replace(b"]]]", b"]" * 800, 1), SourceUnreadable, "entité 1"),
        (b'{"type": "Topology"}', SourceLayoutError, "Topology"),
        (cpts_geojson()[:-30], SourceUnreadable, "JSON entier"),
        (cpts_geojson().replace(b'"CPTS', b'"\\ud800CPTS', 1), SourceUnreadable, "moitié de caractère"),
        (cpts_geojson().replace(b"nom_cpts", b"appellation"), SourceLayoutError, "nom_cpts.*appellation"),
        (geojson([feature({"nom": "A"}, shapely.Point(1, 43))]), SourceValueError, "un polygone.*Point"),
        (b'{"type": "FeatureCollection", "features": [{"properties": {"nom": "A"}, "geometry": null}]}',
         SourceValueError, "aucun polygone"),
        (text([["code_insee", "commune"], ["09122", "Foix"]]), SourceLayoutError, "nom_cpts"),
        (text([["code_insee", "cpts"], ["09122", ""]]), SourceValueError, "aucune CPTS"),
        (b"<html>503</html>", SourceUnreadable, "page HTML"),
    ],
    ids=["no_feature", "nested", "topology", "cut", "half", "renamed", "point", "shapeless", "unnamed", "none", "html"],
)  # fmt: skip
def test_what_are_no_perimeters_is_named(contents, error, words, tmp_path):
    with pytest.raises(error, match=words):
        read_perimeters(written(tmp_path, contents))


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_a_text_taken_for_a_coordinate_is_named(tmp_path):
    contents = re.sub(rb"(\[\[\[.*?\], \[)[0-9.]+", rb'\1"NaN"', cpts_geojson(), count=1)
    with pytest.raises(SourceValueError, match=r"entité 1.*Attendu : des coordonnées"):
        read_perimeters(written(tmp_path, contents))


# --- Shapes of the communes -------------------------------------------------------------------------------------------


def test_shapes_as_they_are(tmp_path):
    table = read_commune_shapes(written(tmp_path, shapes_geojson(), "communes-100m.geojson"))
    assert list(table.columns) == ["commune_code", "geometry"]
    assert {"09122", "09900", "97501", "2A001"} <= set(table["commune_code"])
    assert table["commune_code"].is_monotonic_increasing
    assert table.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("contents", "error", "words"),
    [
        (shapes_geojson().replace(b'"code"', b'"numero"'), SourceLayoutError, "propriété « code »"),
        (shapes_geojson().replace(b'"09160"', b'"9160"'), SourceValueError, "cinq caractères.*9160"),
        (shapes_geojson()[:-4000], SourceUnreadable, "Attendu"),
        (b"<!DOCTYPE html>", SourceUnreadable, "page HTML"),
        (b"", SourceUnreadable, "sans contenu"),
        (b"code;nom\n01001;Ville\n", DataError, "Attendu"),
        (
            geojson([feature({"code": "01001"}, shapely.LineString([(0, 43), (1, 44)]))]),
            SourceValueError,
            "un polygone",
        ),
    ],
    ids=["renamed", "code", "cut", "html", "empty", "csv", "line"],
)
def test_what_are_no_shapes_is_named(contents, error, words, tmp_path):
    with pytest.raises(error, match=words):
        read_commune_shapes(written(tmp_path, contents, "communes-100m.geojson"))


def test_no_file_of_shapes(tmp_path):
    with pytest.raises(SourceMissing):
        read_commune_shapes(tmp_path / "absent.geojson")


# --- Zones ------------------------------------------------------------------------------------------------------------


def test_an_export_of_cartosante(tmp_path):
    table = read_zones(written(tmp_path, ZONES)).set_index("commune_code")["zone"]
    assert table.dropna().to_dict() == {"09122": "ZIP", "09160": "ZAR", "75101": "ZAC", "75102": "HZ"}
    assert table[table.isna()].index.tolist() == ["01001", "97411"]  # a neighbourhood only; not told


def test_the_workbook_of_the_ministry(tmp_path):
    rows = [
        ["Code de la région", "Code de la commune", "Qualification attribuée par l’arrêté régional"],
        ["76", "09122", "Zone d'intervention prioritaire"],
        ["76", "09160", "ZAC"],
        ["76", "31001", "Hors vivier"],
    ]
    table = read_zones(written(tmp_path, workbook({"Zonage_TVS": [["a"]], "Zonage_communes": rows})))
    assert table["zone"].tolist() == ["ZIP", "ZAC", "HZ"]


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (ZONES.replace(b"1_ZIP", b"1_ZIPPE"), "ZIP, ZAC, ZAR.*1_ZIPPE"),
        (ZONES + b"09122;Foix;2_ZAC\n", "une seule zone par commune"),
        (ZONES.replace(b"09160", b"091"), "un code INSEE"),
        (text([["code_insee", "zone"], ["Foix", "ZIP"]]), "des codes INSEE"),
        (text([["code_insee", "classement"], ["09122", "ZIP"]]), "zonage_mg"),
    ],
    ids=["zone", "twice", "code", "no_code", "renamed"],
)
def test_what_are_no_zones_is_named(contents, words, tmp_path):
    with pytest.raises(DataError, match=words):
        read_zones(written(tmp_path, contents))


FUZZ = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SMALL_SHAPES = geojson([feature({"code": "01001"}, square("01")), feature({"code": "02001"}, square("02"))])
READERS = {
    "outlines": (read_perimeters, cpts_geojson()),
    "zones": (read_zones, ZONES),
    "shapes": (read_commune_shapes, SMALL_SHAPES),
}


@pytest.mark.parametrize("name", READERS)
@FUZZ
@given(place=st.integers(0, 900), piece=st.one_of(st.binary(max_size=5), st.sampled_from([b",", b"\n", b"null", b"]"])))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # GDAL speaks of the geometry that it repairs or refuses
def test_never_a_crash_without_a_named_error(name, place, piece, tmp_path):
    read, contents = READERS[name]
    try:
        table = read(written(tmp_path, contents[:place] + piece + contents[place + len(piece) :], f"{name}.geojson"))
    except DataError:
        return
    assert isinstance(table, pd.DataFrame)
    assert isinstance(table.index, pd.RangeIndex)


@pytest.mark.mirror
def test_the_zones_of_the_mirror_are_read_as_the_embedded_reader_does(mirror):
    path = mirror / "ars_zonage_mg_2025" / "zonage_mg_par_code_insee.csv"
    pd.testing.assert_frame_equal(read_zones(path), read_zoning(path))
