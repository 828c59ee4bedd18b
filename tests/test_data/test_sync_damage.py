"""A damaged data folder: the app shows the embedded data, says so, and the next sync mends it."""

import json

import pytest

from data import store
from data.__main__ import main
from data.sync import versions
from tests.test_data.sync_country import SOURCE, shown, synced


def damage_table(home, version):
    path = home / version / "structures.parquet"
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2] ^= 1
    path.write_bytes(contents)


def forget_table(home, version):
    (home / version / "structures.parquet").unlink()


def damage_manifest(home, version):
    (home / version / "manifest.json").write_text("{", encoding="utf-8")


def empty_manifest(home, version):
    (home / version / "manifest.json").write_text('{"tables": {}}', encoding="utf-8")


def damage_pointer(home, version):
    (home / "current.json").write_text('{"version": "../../x", "previous": null}', encoding="utf-8")


def age(home, version):
    """Make it a version of other communes."""
    path = home / version / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {"communes_sha256": "0" * 64}), encoding="utf-8")


@pytest.mark.parametrize("damage", [damage_table, forget_table, damage_manifest, empty_manifest, damage_pointer, age])
def test_a_damaged_version_gives_way_to_the_embedded_data_with_a_warning(sync_folder, damage):
    synced()
    version = versions.read_pointer(SOURCE).version
    damage(sync_folder / "synced" / SOURCE, version)
    assert "090000005" in shown()
    # the table and what is said of it never part: national counts with a regional file would read as zeros
    assert store.manifest()["tables"]["structures"]["covered_regions"] == ["76"]
    (warning,) = store.warnings()
    assert "embarquées" in warning
    assert main(["status"]) == 1
    assert synced().status == "installed"  # and a sync mends it
    assert store.warnings() == ()


def test_a_chosen_snapshot_is_shown_alone(sync_folder, monkeypatch):
    synced()
    monkeypatch.setenv("XDG_DATA_HOME", str(sync_folder.parent))
    sync_folder.rename(sync_folder.parent / "maillage")
    monkeypatch.delenv("MAILLAGE_DATA")
    assert store.manifest()["synced"] == {}
    monkeypatch.setenv("MAILLAGE_DATA", str(sync_folder.parent / "maillage"))
    assert set(store.manifest()["synced"]) == {SOURCE}
