"""What a source may be: a file, several, an archive, pages of an API, a file the user has; and what may befall them."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import store
from data.errors import CatalogError, SnapshotMissing
from data.sources import registry
from data.sources.catalog import load_catalog
from data.sources.registry import Address, Remote
from data.sync import arrival, run, versions
from data.sync.made import Comparison, Made, SyncContext, compare, require_no_drop
from data.sync.run import Outcome, sync
from tests.data.care_files import zipped
from tests.data.file_server import DATED

TABLE = "gp_age_departements"
HOST = "https://example.org"


def made_of(rows: int, as_of: str = "2026-01-01") -> Made:
    """Return a table of that many rows."""
    table = pd.DataFrame(
        {
            "departement_code": pd.Series(["09"] * rows, dtype="str"),
            "year": range(2000, 2000 + rows),
            "practice_mode": pd.Series(["tous"] * rows, dtype="str"),
            "age_min": 0.0,
            "age_max": float("inf"),
            "n_gp": 10.0,
        }
    ).astype({"year": "int64"})
    day = dt.date.fromisoformat(as_of)
    return Made(tables={TABLE: table}, as_of=day, vintage=f"au {day}")


class Seen:
    """What the maker was given: names and contents of the files, and its context."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.grounds: list[SyncContext] = []
        self.rows = 20

    def make(self, path: Path, context: SyncContext) -> Made:
        files = [path] if path.is_file() else sorted(path.iterdir())
        self.files = {file.name: file.read_bytes() for file in files}
        self.grounds.append(context)
        return made_of(self.rows)


@pytest.fixture
def seen(sync_folder, monkeypatch) -> Seen:
    """Replace the catalogue's sources by one, whose maker tells what it was given."""
    told = Seen()
    monkeypatch.setattr(run, "MAKERS", {"toy": told.make})
    return told


def toy(*addresses: Address, **changes: Any) -> Remote:
    fields: dict[str, Any] = {
        "id": "toy",
        "title": "Un essai",
        "citation": "ESSAI",
        "producer": "Nous",
        "url": "https://example.org",
        "licence": "Licence Ouverte 2.0",
        "note": "Rien.",
        "replaces": (),
        "tables": (TABLE,),
        "unit": "médecins",
        "level": "departement",
        "addresses": addresses,
    }
    return Remote(**fields | changes)


@pytest.fixture
def synced(monkeypatch) -> Callable[..., Outcome]:
    """Sync one remote."""

    def go(remote: Remote, **more: Any) -> Outcome:
        monkeypatch.setattr(run, "load_remotes", lambda: {remote.id: remote})
        (outcome,) = sync([remote.id], complete=False, say=lambda _: None, wait=lambda _: None, **more)
        return outcome

    return go


def test_a_file_comes_under_its_own_name(seen, synced, sync_server):
    sync_server.files["/a/effectifs.csv"] = b"a;b"
    assert synced(toy(Address(file=f"{HOST}/a/effectifs.csv"))).status == "installed"
    assert seen.files == {"effectifs.csv": b"a;b"}
    assert seen.grounds[0].modified_on == dt.date(2026, 5, 4)
    assert DATED.startswith("Mon, 04 May 2026")
    assert seen.grounds[0].year is None


def test_a_table_that_is_not_embedded_is_found_once_synced(seen, synced, sync_server):
    with pytest.raises(SnapshotMissing, match="python -m data sync drees_gp_age"):
        store.load(TABLE)
    with pytest.raises(SnapshotMissing, match="python -m data build"):
        store.load("nothing")
    sync_server.files["/x.csv"] = b"1"
    remote = toy(Address(file=f"{HOST}/x.csv"))
    synced(remote)
    assert len(store.load(TABLE)) == 20
    assert store.manifest()["tables"][TABLE]["sources"] == ["toy"]
    with pytest.raises(SnapshotMissing):
        store.load(TABLE, store.folder_in_use())
    versions.roll_back("toy")
    with pytest.raises(SnapshotMissing):
        store.load(TABLE)


def test_a_source_that_replaces_none_stands_under_its_own_name(seen, synced, sync_server):
    sync_server.files["/x.csv"] = b"1"
    synced(toy(Address(file=f"{HOST}/x.csv")))
    sources = registry.sources_in_use(load_catalog(), store.manifest())
    source = sources["toy"]
    assert (source.citation, source.unit, source.level) == ("ESSAI, janvier 2026", "médecins", "departement")
    assert source.tables == (TABLE,)
    assert set(sources) - {"toy"} == set(load_catalog().ids())


def test_a_source_may_replace_several(seen, synced, sync_server):
    sync_server.files["/x.csv"] = b"1"
    synced(toy(Address(file=f"{HOST}/x.csv"), replaces=("insee_bpe", "cnam_effectifs")))
    sources = registry.sources_in_use(load_catalog(), store.manifest())
    assert {name for name, source in sources.items() if source.citation.startswith("ESSAI")} == {
        "insee_bpe",
        "cnam_effectifs",
    }


def test_a_manifest_of_before_has_one_name_in_replaces(seen, synced, sync_server, sync_folder):
    sync_server.files["/x.csv"] = b"1"
    synced(toy(Address(file=f"{HOST}/x.csv"), replaces=("insee_bpe",)))
    path = next((sync_folder / "synced" / "toy").glob("*/manifest.json"))
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {"replaces": "insee_bpe"}), encoding="utf-8")
    assert registry.sources_in_use(load_catalog(), store.manifest())["insee_bpe"].title == "Un essai"
    path.write_text(json.dumps(document | {"replaces": 3}), encoding="utf-8")
    assert store.warnings()


def test_several_files_come_in_a_folder_and_are_resumed(seen, synced, sync_server, sync_folder):
    remote = toy(Address(files={"one.csv": f"{HOST}/1", "two.csv": f"{HOST}/2"}))
    sync_server.files["/1"] = b"first"
    told = []
    assert synced(remote, progress=lambda *step: told.append(step)).status == "failed"  # the second is not there
    sync_server.files["/2"] = b"second"
    assert synced(remote, progress=lambda *step: told.append(step)).status == "installed"
    assert seen.files == {"one.csv": b"first", "two.csv": b"second"}
    assert told[-1] == ("toy", 11, 11)
    assert synced(remote).status == "unchanged"
    sync_server.files["/2"] = b"changed"
    assert synced(remote).status == "installed"
    kept = {path.name for path in (sync_folder / "synced" / "toy").iterdir()}
    assert not any(name.startswith((".", "download")) for name in kept)


def test_the_next_address_serves_when_the_first_is_down(seen, synced, sync_server):
    sync_server.files["/2024.csv"] = b"x"
    addresses = [Address(file=f"{HOST}/{year}.csv", year=year) for year in (2026, 2025, 2024, 2023)]
    assert synced(toy(*addresses)).status == "installed"
    assert seen.grounds[0].year == 2024
    assert [path for path, _ in sync_server.asked if path.endswith(".csv")] == ["/2026.csv", "/2025.csv", "/2024.csv"]


def test_an_archive_is_taken_apart(seen, synced, sync_server):
    sync_server.files["/a.zip"] = zipped(lisezmoi__txt=b"no", folder_DS_BPE_2024_data__csv=b"yes")
    remote = toy(Address(file=f"{HOST}/a.zip", unpack="*_data.csv"))
    assert synced(remote).status == "installed"
    assert seen.files == {"folder_DS_BPE_2024_data.csv": b"yes"}
    sync_server.files["/a.zip"] = zipped(a__csv=b"1", b__csv=b"2", c__txt=b"3")
    assert synced(toy(Address(file=f"{HOST}/a.zip", unpack="*.csv"))).status == "installed"
    assert seen.files == {"a.csv": b"1", "b.csv": b"2"}


def test_a_gzip_and_a_file_that_the_server_already_unpacked(seen, synced, sync_server):
    remote = toy(Address(file=f"{HOST}/a.geojson.gz", unpack="*"))
    sync_server.files["/a.geojson.gz"] = gzip.compress(b"{}")
    assert synced(remote).status == "installed"
    assert seen.files == {"a.geojson": b"{}"}
    sync_server.files["/a.geojson.gz"] = b"{ }"
    assert synced(remote).status == "installed"
    assert seen.files == {"a.geojson.gz": b"{ }"}


ZIP = zipped(a_data__csv=b"yes" * 1000)


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (ZIP[:-30], "archive zip complète"),
        (ZIP[:60] + b"\0\0\0" + ZIP[63:], "archive zip complète"),
        (gzip.compress(b"yes" * 1000)[:-10], "archive gzip complète"),
        (zipped(a__txt=b""), "a.txt"),
        (zipped(), "archive vide"),
    ],
    ids=["cut zip", "damaged zip", "cut gzip", "unwanted member", "empty zip"],  # bytes hold the time they were made
)
def test_a_bad_archive_is_named_and_leaves_the_good_version(seen, synced, sync_server, contents, words):
    remote = toy(Address(file=f"{HOST}/a.zip", unpack="*_data.csv"))
    sync_server.files["/a.zip"] = ZIP
    synced(remote)
    sync_server.files["/a.zip"] = contents
    outcome = synced(remote)
    assert outcome.status == "failed"
    assert words in outcome.sentence
    assert "a.zip" in outcome.sentence  # not the name of a part on the disk
    assert len(store.load(TABLE)) == 20


def pages(sync_server, n: int, *, total: object = None) -> None:
    """Serve n records by pages of a hundred."""
    records = [{"code": f"{number:05d}", "é": number} for number in range(n)]
    for start in range(0, max(n, 1), 100):
        body = {"total_count": n if total is None else total, "results": records[start : start + 100]}
        sync_server.files[f"/api/records?where=a&limit=100&offset={start}"] = json.dumps(body).encode()


RECORDS = Address(records=f"{HOST}/api/records?where=a")


def test_pages_of_an_api_come_as_one_file(seen, synced, sync_server):
    pages(sync_server, 250)
    told = []
    assert synced(toy(RECORDS), progress=lambda *step: told.append(step)).status == "installed"
    assert list(seen.files) == ["toy.jsonl"]
    lines = [json.loads(line) for line in seen.files["toy.jsonl"].splitlines()]
    assert [line["é"] for line in lines] == list(range(250))
    assert told == [("toy", 100, 250), ("toy", 200, 250), ("toy", 250, 250)]
    assert synced(toy(RECORDS)).status == "unchanged"


@pytest.mark.parametrize("fault", ["503", "429 1", "drop"])
def test_a_page_is_asked_again_when_the_server_is_busy(seen, synced, sync_server, fault):
    pages(sync_server, 150)
    sync_server.faults = [fault]
    assert synced(toy(RECORDS)).status == "installed"
    assert len(seen.files["toy.jsonl"].splitlines()) == 150


@pytest.mark.parametrize(
    ("n", "total", "words"),
    [
        (150, 151, "151 enregistrements"),
        (100, 99, "99 enregistrements"),
        (1, 20_000, "au plus 10000"),
        (1, "1", "total_count"),
    ],
)
def test_pages_that_do_not_add_up_are_refused(seen, synced, sync_server, n, total, words):
    pages(sync_server, n, total=total)
    sync_server.files[f"/api/records?where=a&limit=100&offset={n}"] = json.dumps(
        {"total_count": total, "results": []}
    ).encode()
    outcome = synced(toy(RECORDS))
    assert outcome.status == "failed"
    assert words in outcome.sentence


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><p>Maintenance", b"{", b"[]", b'{"results": 3, "total_count": 1}'])
def test_a_page_that_is_no_page_is_named(seen, synced, sync_server, body):
    sync_server.files["/api/records?where=a&limit=100&offset=0"] = body
    outcome = synced(toy(RECORDS))
    assert outcome.status == "failed"
    assert "total_count" in outcome.sentence


def test_a_file_that_the_user_has(seen, synced, tmp_path):
    path = tmp_path / "my file.csv"
    path.write_bytes(b"mine")
    assert synced(toy(), own_file=path).status == "installed"
    assert seen.files == {"my file.csv": b"mine"}
    assert path.read_bytes() == b"mine"
    assert store.manifest()["synced"]["toy"]["address"] == arrival.OWN_FILE
    assert synced(toy(), own_file=path).status == "unchanged"
    folder = tmp_path / "several"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"1")
    (folder / "b.csv").write_bytes(b"2")
    assert synced(toy(), own_file=folder).status == "installed"
    assert seen.files == {"a.csv": b"1", "b.csv": b"2"}
    assert "absent" in synced(toy(), own_file=tmp_path / "nowhere").sentence


def test_an_archive_that_the_user_has(seen, synced, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(ZIP)
    assert synced(toy(Address(file=f"{HOST}/a.zip", unpack="*_data.csv")), own_file=path).status == "installed"
    assert list(seen.files) == ["a_data.csv"]


def test_a_file_is_for_one_source(sync_folder, tmp_path):
    with pytest.raises(CatalogError, match="une seule source"):
        sync(own_file=tmp_path / "x")


def test_without_links_the_file_is_copied(seen, synced, sync_server, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(arrival.os, "link", refuse)
    sync_server.files["/x.csv"] = b"1"
    assert synced(toy(Address(file=f"{HOST}/x.csv"))).status == "installed"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    sync_server.files["/x.csv"] = b"2"
    assert "No space left" in synced(toy(Address(file=f"{HOST}/x.csv"))).sentence


def test_rows_that_disappear_are_a_drop(seen, synced, sync_server):
    remote = toy(Address(file=f"{HOST}/x.csv"))
    sync_server.files["/x.csv"] = b"1"
    synced(remote)
    sync_server.files["/x.csv"], seen.rows = b"2", 18
    outcome = synced(remote)
    assert outcome.status == "failed"
    assert f"lignes de la table « {TABLE} »" in outcome.sentence
    assert synced(remote, accept_drop=True).status == "installed"


def test_compare_without_a_before_compares_nothing():
    table = pd.DataFrame({"n": [1.0, 2.0]})
    assert compare("n", None, table, "n") == ()
    assert compare("n", table[[]], table, "n") == ()
    assert compare("n", table, table * 2, "n") == (Comparison("n", 3.0, 6.0),)
    require_no_drop("x", compare("n", table, table, "n"))
