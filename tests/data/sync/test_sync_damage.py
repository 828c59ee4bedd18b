"""A damaged data folder: the app shows the embedded data, says so, and the next sync mends it."""

import datetime as dt
import gzip
import json

import pytest

from data import store
from data.__main__ import main
from data.connection import FetchError
from data.errors import SnapshotDamaged
from data.fetch import fetch_bytes
from data.sync import run, versions
from tests.data.finess_files import feed_file
from tests.data.sync_country import ABOUT, FEED, FLAT, SOURCE, country, flat_country, shown, synced

NESTED = "[" * 100_000


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


def nest_pointer(home, version):
    (home / "current.json").write_text(NESTED, encoding="utf-8")


def nest_manifest(home, version):
    (home / version / "manifest.json").write_text(NESTED, encoding="utf-8")


def nest_within_manifest(home, version):
    path = home / version / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    deep = "[" * 900 + "]" * 900
    path.write_text(json.dumps(document | {"replaces": "NEST"}).replace('"NEST"', deep), encoding="utf-8")


def undated_manifest(home, version):
    path = home / version / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"as_of": "hier"}), encoding="utf-8")


def folder_for_pointer(home, version):
    (home / "current.json").unlink()
    (home / "current.json").mkdir()


def age(home, version):
    """Make it a version of other communes."""
    path = home / version / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {"communes_sha256": "0" * 64}), encoding="utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        *(damage_table, forget_table, damage_manifest, empty_manifest, damage_pointer, age),
        *(nest_pointer, nest_manifest, nest_within_manifest, undated_manifest, folder_for_pointer),
    ],
)
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


def test_a_nested_snapshot_manifest_is_named(tmp_path):
    (tmp_path / "manifest.json").write_text(NESTED, encoding="utf-8")
    with pytest.raises(SnapshotDamaged, match=r"manifest\.json.*imbrication"):
        store.manifest(tmp_path)


@pytest.mark.parametrize("note", [NESTED, None, "[]"])
def test_a_damaged_note_of_a_download_is_as_none(note, sync_folder, sync_server):
    home = sync_folder / "synced" / SOURCE
    home.mkdir(parents=True)
    (home / "download.part").write_bytes(b"half")
    place = home / "download.part.json"
    place.mkdir() if note is None else place.write_text(note, encoding="utf-8")
    outcome = synced()
    assert outcome.status == ("failed" if note is None else "installed")
    assert "imprévue" not in outcome.sentence


@pytest.mark.parametrize("day", ["2999-01-01", "2999-12-31", "0001-01-01", "tomorrow in ten days"])
def test_a_day_that_cannot_be_is_a_fault_of_the_file(day, sync_folder, sync_server):
    if day.startswith("tomorrow"):
        day = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=10)).isoformat()
    sync_server.files[FEED] = feed_file(*country(), day=day)
    outcome = synced()
    assert outcome.status == "failed"
    assert "date des données. Attendu : une date du 1er janvier 1990" in outcome.sentence
    sync_server.files[FEED] = feed_file(*country())
    assert synced().status == "installed"


def test_a_day_in_the_future_already_installed_closes_no_door(sync_folder, sync_server, monkeypatch):
    sync_server.files[FEED] = feed_file(*country(), day="2099-01-01")
    with monkeypatch.context() as patch:
        patch.setattr(run, "MOST_AHEAD", dt.timedelta(days=300_000))
        assert synced().status == "installed"
    sync_server.files[FEED] = feed_file(*country())
    assert synced().status == "installed"


def test_what_stands_after_the_document_of_a_feed_is_looked_at(sync_folder, sync_server):
    whole = feed_file(*country())
    sync_server.files[FEED] = whole + feed_file(*country(2))
    assert "rien attendu après le document" in synced().sentence
    sync_server.files[FEED] = whole + gzip.compress(b" \n \n", mtime=0)
    assert synced().status == "installed"


@pytest.mark.parametrize(
    "fault",
    [
        *("length abc", "length 1e3", "length \xb2", "length " + "9" * 5_000, "length -5", "chunk -10", "503 \xb2"),
        *("redirect http://[::1", f"redirect http://{'a' * 70}.exemple/", "redirect http://é..exemple/"),
    ],
)
def test_headers_that_say_nothing_are_tried_again_then_the_next_address_is(fault, sync_folder, sync_server):
    sync_server.faults = [fault]
    assert synced().status == "installed"  # at the second attempt
    assert len([path for path, _ in sync_server.asked if path == FEED]) == 2
    sync_server.faults = [fault] * 2
    with pytest.raises(FetchError, match=r"Lecture en ligne impossible : http://127.*une réponse du serveur"):
        fetch_bytes(sync_server.url + FEED, attempts=2, wait=lambda _: None)


def test_when_every_attempt_meets_bad_headers_the_flat_file_serves(sync_folder, sync_server):
    sync_server.faults = ["length abc"] * 8
    sync_server.files[FLAT] = flat_country()
    assert synced().status == "installed"


def test_the_answer_of_the_portal_may_be_nested(sync_folder, sync_server):
    sync_server.published.pop(ABOUT, None)
    sync_server.files[ABOUT] = NESTED.encode()
    assert synced().status == "installed"


def test_what_a_library_raises_on_a_file_is_the_fault_of_the_file(sync_folder, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("in a library")

    monkeypatch.setattr(run, "MAKERS", {SOURCE: fail})
    assert "Fichier illisible" in synced().sentence
    assert "le fichier officiel de" in synced().sentence
