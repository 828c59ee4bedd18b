import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.browser_assets import write_geometry_files
from geo.browser_geometry import decode
from geo.errors import AssetError
from tests.test_geo.squares import square, wavy_coverage

LEVEL_FILES = {
    f"{stem}{suffix}.bin" for stem in ("communes", "epci", "departements", "regions") for suffix in ("", "_detail")
}


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
            "departement_code": ["01", *["36"] * 16, "971", "971"],
            "region_code": ["84", *["24"] * 16, "01", "01"],
        }
    )
    communes.to_parquet(folder / "communes.parquet")
    for table, column in (("epci", "epci_code"), ("departements", "departement_code"), ("regions", "region_code")):
        found = sorted(communes[column].dropna().unique())
        names = pd.DataFrame({column: found, "name": [f"Nom {code}" for code in found]})
        names.to_parquet(folder / f"{table}.parquet")
    return folder


def read_index(folder):
    return json.loads((folder / "index.json").read_text("utf-8"))


def test_all_files_are_made_once_and_only_once(snapshots, tmp_path):
    folder = tmp_path / "static" / "geometry"
    assert write_geometry_files(snapshots, folder) is True
    names = {f"names_{level}.tsv" for level in ("commune", "epci", "departement", "region")}
    assert {path.name for path in folder.iterdir()} == LEVEL_FILES | names | {"index.json"}
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
    decoded = decode((tmp_path / "communes.bin").read_bytes())
    assert decoded.ids.tolist() == list(range(1, 19))  # 01001 has no shape, and keeps its line
    assert decode((tmp_path / "epci.bin").read_bytes()).ids.tolist() == [1, 2, 3]
    assert decode((tmp_path / "regions_detail.bin").read_bytes()).ids.tolist() == [0, 1]


def test_outlines_run_along_the_communes(snapshots, tmp_path):
    write_geometry_files(snapshots, tmp_path)
    for suffix in ("", "_detail"):
        communes = decode((tmp_path / f"communes{suffix}.bin").read_bytes())
        departements = decode((tmp_path / f"departements{suffix}.bin").read_bytes())
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
    assert index["files"]["communes.bin"]["bytes"] == (tmp_path / "communes.bin").stat().st_size


@pytest.mark.parametrize("name", ["communes.bin", "epci_detail.bin", "names_region.tsv", "index.json"])
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
        patch.setattr("geo.browser_assets._names", lambda *_: 1 / 0)  # power cut after the shapes, before the names
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


@pytest.mark.parametrize("name", ["commune_geometry", "communes", "epci", "departements", "regions"])
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
