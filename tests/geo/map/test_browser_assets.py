import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import AssetError
from geo.levels import DRAWN_LEVELS, LEVEL_NAMES
from geo.map.assets import write_geometry_files
from geo.map.geometry import decode
from geo.shapes.adjacency import NEIGHBOURS_FILE
from tests.geo.squares import square, wavy_coverage

LEVEL_FILES = {f"{level}{suffix}.bin" for level in DRAWN_LEVELS for suffix in ("", "_detail")}


@pytest.fixture
def snapshots(tmp_path):
    """16 communes of Indre, two of Guadeloupe, and one without shape that has the first code of all."""
    folder = tmp_path / "snapshots"
    folder.mkdir()
    mainland = wavy_coverage()
    overseas = gpd.GeoDataFrame(
        {"commune_code": ["97101", "97102"]},
        geometry=[square(column, 0, west=-61.5, south=16.25) for column in (0, 1)],
        crs=4326,
    )
    geometry = pd.concat([mainland, overseas], ignore_index=True)
    geometry.to_parquet(folder / "commune_geometry.parquet")
    codes = ["01001", *geometry.commune_code]
    communes = pd.DataFrame(
        {
            "commune_code": codes,
            "name": ["Sans forme", *(f"Commune\t{code}" for code in codes[1:])],
            "epci_code": ["200000001", *["200000002"] * 8, *["200000003"] * 8, None, "200000004"],
            "bassin_de_vie_code": ["01001", *["36001"] * 4, *["36005"] * 12, "97101", "97101"],
            "aire_attraction_code": ["002", *["001"] * 6, *[None] * 10, "003", None],
            "departement_code": ["01", *["36"] * 16, "971", "971"],
            "region_code": ["84", *["24"] * 16, "01", "01"],
        }
    )
    communes.to_parquet(folder / "communes.parquet")
    for level in DRAWN_LEVELS[1:]:
        column, table = f"{level}_code", LEVEL_NAMES[level].table
        found = sorted(communes[column].dropna().unique())
        names = pd.DataFrame({column: found, "name": [f"Nom {code}" for code in found]})
        names.to_parquet(folder / f"{table}.parquet")
    return folder


def read_index(folder):
    return json.loads((folder / "index.json").read_text("utf-8"))


def test_all_files_are_made_once_and_only_once(snapshots, tmp_path):
    folder = tmp_path / "static" / "geometry"
    assert write_geometry_files(snapshots, folder) is True
    names = {f"names_{level}.tsv" for level in DRAWN_LEVELS}
    assert {path.name for path in folder.iterdir()} == LEVEL_FILES | names | {"index.json", NEIGHBOURS_FILE}
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert write_geometry_files(snapshots, folder) is False
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_the_same_snapshot_gives_the_same_bytes(snapshots, tmp_path):
    write_geometry_files(snapshots, tmp_path / "a")
    write_geometry_files(snapshots, tmp_path / "b")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_ids_are_lines_of_the_list_of_names(snapshots, tmp_path):
    write_geometry_files(snapshots, tmp_path)
    lines = (tmp_path / "names_commune.tsv").read_text("utf-8").splitlines()
    assert lines[0] == "01001\tSans forme"
    assert lines[1] == "36000\tCommune 36000"  # a tab inside a name would cut the line
    decoded = decode((tmp_path / "commune.bin").read_bytes())
    assert decoded.ids.tolist() == list(range(1, 19))  # 01001 has no shape, and keeps its line
    assert decode((tmp_path / "epci.bin").read_bytes()).ids.tolist() == [1, 2, 3]
    assert decode((tmp_path / "region_detail.bin").read_bytes()).ids.tolist() == [0, 1]


def test_what_is_in_no_territory_comes_last_by_department_and_without_a_code(snapshots, tmp_path):
    write_geometry_files(snapshots, tmp_path)
    lines = (tmp_path / "names_aire_attraction.tsv").read_text("utf-8").split("\n")[:-1]
    left_out = ["\tHors attraction des villes (Nom 36)", "\tHors attraction des villes (Nom 971)"]
    assert lines == ["001\tNom 001", "002\tNom 002", "003\tNom 003", *left_out]
    communes = decode((tmp_path / "commune.bin").read_bytes())
    aires = decode((tmp_path / "aire_attraction.bin").read_bytes())
    assert aires.ids.tolist() == [0, 2, 3, 4]  # the only commune of 002 has no shape
    polygons = [shapely.Polygon(rings[0]) for rings in communes.rings]
    shape = shapely.union_all([shapely.Polygon(ring) for ring in aires.rings[2]])
    assert shapely.equals(shape, shapely.union_all(polygons[6:16]))  # borders are shared: no hairline
    assert set(read_index(tmp_path)["bounds"]["aire_attraction"]) == {"001", "003"}
    assert "\t" not in (tmp_path / "names_epci.tsv").read_text("utf-8")[0]


def test_files_of_another_format_go(snapshots, tmp_path):
    (tmp_path / "communes.bin").write_bytes(b"old")
    write_geometry_files(snapshots, tmp_path)
    assert not (tmp_path / "communes.bin").exists()


def test_outlines_run_along_the_communes(snapshots, tmp_path):
    write_geometry_files(snapshots, tmp_path)
    for suffix in ("", "_detail"):
        communes = decode((tmp_path / f"commune{suffix}.bin").read_bytes())
        departements = decode((tmp_path / f"departement{suffix}.bin").read_bytes())
        polygons = [shapely.Polygon(rings[0]) for rings in communes.rings]
        assert shapely.equals(shapely.Polygon(departements.rings[0][0]), shapely.union_all(polygons[:16]))


def test_the_index_says_where_territories_are(snapshots, tmp_path):
    write_geometry_files(snapshots, tmp_path)
    index = read_index(tmp_path)
    west, south, east, north = gpd.read_parquet(snapshots / "commune_geometry.parquet").iloc[:16].total_bounds
    box = index["bounds"]["departement"]["36"]
    assert box == pytest.approx([west, south, east, north], abs=1.1e-4)
    assert box[0] <= west
    assert box[1] <= south
    assert box[2] >= east
    assert box[3] >= north
    assert index["bounds"]["france"]["FR"] == box  # metropolitan France: overseas is in the insets
    assert index["insets"] == {"971": index["bounds"]["region"]["01"]}
    assert set(index["bounds"]["epci"]) == {"200000002", "200000003", "200000004"}
    assert index["files"]["commune.bin"]["bytes"] == (tmp_path / "commune.bin").stat().st_size


@pytest.mark.parametrize("name", ["commune.bin", "epci_detail.bin", "names_region.tsv", "index.json"])
def test_an_absent_or_truncated_file_is_made_again(snapshots, tmp_path, name):
    folder = tmp_path / "geometry"
    write_geometry_files(snapshots, folder)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1])
    assert write_geometry_files(snapshots, folder) is True
    (folder / name).unlink()
    assert write_geometry_files(snapshots, folder) is True
    assert (folder / name).read_bytes() == whole
    assert write_geometry_files(snapshots, folder) is False


@pytest.mark.parametrize("content", ["[]", "{}", '{"format": 1}', "\x00"])
def test_an_index_that_says_nothing_is_made_again(snapshots, tmp_path, content):
    write_geometry_files(snapshots, tmp_path)
    (tmp_path / "index.json").write_text(content)
    assert write_geometry_files(snapshots, tmp_path) is True


def test_files_of_another_snapshot_are_made_again(snapshots, tmp_path):
    write_geometry_files(snapshots, tmp_path)
    pd.DataFrame({"region_code": ["01", "24", "84"], "name": "Autre"}).to_parquet(snapshots / "regions.parquet")
    assert write_geometry_files(snapshots, tmp_path) is True


def test_an_interrupted_run_starts_over(snapshots, tmp_path, monkeypatch):
    folder = tmp_path / "geometry"
    write_geometry_files(snapshots, folder)
    index = (folder / "index.json").read_bytes()
    table = pd.read_parquet(snapshots / "communes.parquet")
    table.assign(name="Autre").to_parquet(snapshots / "communes.parquet")

    with monkeypatch.context() as patch:
        patch.setattr("geo.map.assets._names", lambda *_: 1 / 0)  # power cut after the shapes, before the names
        with pytest.raises(ZeroDivisionError):
            write_geometry_files(snapshots, folder)
    assert (folder / "index.json").read_bytes() == index
    assert write_geometry_files(snapshots, folder) is True
    assert "Autre" in (folder / "names_commune.tsv").read_text("utf-8")


def test_a_shape_that_is_in_no_list_is_named(snapshots, tmp_path):
    table = pd.read_parquet(snapshots / "communes.parquet")
    table.iloc[:-1].to_parquet(snapshots / "communes.parquet")
    with pytest.raises(AssetError, match="absents : 97102"):
        write_geometry_files(snapshots, tmp_path / "geometry")


@pytest.mark.parametrize("name", ["commune_geometry", *(LEVEL_NAMES[level].table for level in DRAWN_LEVELS)])
def test_an_absent_or_damaged_table_is_named(snapshots, tmp_path, name):
    path = snapshots / f"{name}.parquet"
    path.write_bytes(b"<html>")
    with pytest.raises(AssetError, match=f"{name}.parquet"):
        write_geometry_files(snapshots, tmp_path / "geometry")
    path.unlink()
    with pytest.raises(AssetError, match=f"Fichier absent : {name}.parquet"):
        write_geometry_files(snapshots, tmp_path / "geometry")


def test_a_territory_without_a_name_is_named(snapshots, tmp_path):
    pd.DataFrame({"departement_code": ["01", "971"], "name": ["a", "b"]}).to_parquet(snapshots / "departements.parquet")
    with pytest.raises(AssetError, match=r"departements.parquet .* absents : 36"):
        write_geometry_files(snapshots, tmp_path / "geometry")
