import importlib.metadata

import pytest

from geo.__main__ import main
from geo.errors import AssetError
from geo.map.leaflet import LEAFLET_FILES, copy_leaflet
from tests.geo.map.test_browser_assets import snapshots

__all__ = ["snapshots"]


def test_leaflet_is_copied_whole_then_left_alone(tmp_path):
    assert copy_leaflet(tmp_path / "leaflet") == list(LEAFLET_FILES)
    for name in LEAFLET_FILES:
        assert (tmp_path / "leaflet" / name).stat().st_size > 0
    assert "Leaflet 1.9.4" in (tmp_path / "leaflet" / "leaflet.js").read_text("utf-8")[:300]
    assert copy_leaflet(tmp_path / "leaflet") == []


def test_a_damaged_file_is_copied_again(tmp_path):
    copy_leaflet(tmp_path)
    (tmp_path / "leaflet.css").write_text("")
    assert copy_leaflet(tmp_path) == ["leaflet.css"]


def test_an_absent_package_is_named(tmp_path):
    with pytest.raises(AssetError, match="Paquet absent : no-such-leaflet"):
        copy_leaflet(tmp_path, distribution="no-such-leaflet")


def test_a_package_without_the_files_is_named(tmp_path):
    assert importlib.metadata.version("folium")
    with pytest.raises(AssetError, match=r"Fichier absent du paquet folium : leaflet\.js"):
        copy_leaflet(tmp_path, distribution="folium")


def test_the_command_fills_the_static_folder_then_does_nothing(snapshots, tmp_path, capsys):
    arguments = ["assets", "--snapshots", str(snapshots), "--static", str(tmp_path / "static")]
    assert main(arguments) == 0
    assert "Géométrie : faite" in capsys.readouterr().err
    assert (tmp_path / "static" / "vendor" / "leaflet" / "leaflet.js").is_file()
    assert (tmp_path / "static" / "geometry" / "index.json").is_file()
    assert main(arguments) == 0
    assert capsys.readouterr().err == "Leaflet : à jour.\nGéométrie : à jour.\n"
    assert main([*arguments, "--force"]) == 0
    assert "Géométrie : faite" in capsys.readouterr().err


def test_the_command_names_what_is_absent_and_fails(tmp_path, capsys):
    assert main(["assets", "--snapshots", str(tmp_path), "--static", str(tmp_path / "static")]) == 1
    assert "Erreur : Fichier absent : commune_geometry.parquet" in capsys.readouterr().err


def test_the_snapshot_folder_can_come_from_the_environment(snapshots, tmp_path, monkeypatch):
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(snapshots))
    assert main(["assets", "--static", str(tmp_path / "static")]) == 0
