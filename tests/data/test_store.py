"""The snapshot as the app reads it: light, checked, and clear when it is damaged."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from data import store
from data.build.snapshot import sha256_of
from data.build.snapshot_files import write_table
from data.errors import SnapshotDamaged, SnapshotMissing

TABLE = pd.DataFrame(
    {
        "commune_code": pd.Series(["01001", "2A004", None], dtype="str"),
        "population": [806.0, float("nan"), 0.0],
        "opened_on": pd.to_datetime(["2018-10-11", None, "1975-01-01"]).astype("datetime64[us]"),
        "suppressed": [True, False, False],
    }
)


@pytest.fixture
def folder(tmp_path):
    write_table(TABLE, tmp_path / "toy.parquet")
    describe(tmp_path, {"toy": {"file": "toy.parquet", "sha256": sha256_of(tmp_path / "toy.parquet")}})
    return tmp_path


def describe(folder, tables):
    (folder / "manifest.json").write_text(json.dumps({"format": 1, "tables": tables}), encoding="utf-8")


def test_a_table_comes_back_as_it_was_written(folder):
    pd.testing.assert_frame_equal(store.load("toy", folder), TABLE)


def test_each_load_is_a_new_table(folder):
    changed = store.load("toy", folder)
    changed["population"] = 0.0
    pd.testing.assert_frame_equal(store.load("toy", folder), TABLE)


def test_the_environment_names_the_folder(folder, monkeypatch):
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(folder))
    assert store.folder_in_use() == folder
    assert len(store.load("toy")) == 3
    monkeypatch.delenv("MAILLAGE_SNAPSHOTS")
    assert store.folder_in_use() == store.DEFAULT_FOLDER


def test_no_snapshot_at_all(tmp_path):
    with pytest.raises(SnapshotMissing, match=r"manifest.json.*python -m data build"):
        store.load("toy", tmp_path)


def test_unknown_table_says_which_there_are(folder):
    with pytest.raises(SnapshotMissing, match=r"Attendu : la table « apl ». Trouvé : toy"):
        store.load("apl", folder)


def test_missing_file(folder):
    (folder / "toy.parquet").unlink()
    with pytest.raises(SnapshotMissing, match=r"toy.parquet"):
        store.load("toy", folder)
    with pytest.raises(FileNotFoundError):
        store.load("toy", folder)


def test_one_changed_byte_is_seen_even_after_a_good_load(folder):
    store.load("toy", folder)
    path = folder / "toy.parquet"
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2] ^= 1
    path.write_bytes(bytes(contents))
    with pytest.raises(SnapshotDamaged, match=r"l’empreinte"):
        store.load("toy", folder)


def test_a_file_that_is_no_parquet_but_has_the_right_hash(folder):
    (folder / "toy.parquet").write_bytes(b"PAR1 not really PAR1")
    describe(folder, {"toy": {"file": "toy.parquet", "sha256": sha256_of(folder / "toy.parquet")}})
    with pytest.raises(SnapshotDamaged, match=r"un fichier Parquet"):
        store.load("toy", folder)


@pytest.mark.parametrize("contents", [b"", b"{", b"[]", b"{}", b'{"tables": []}', b"\xff\xfe{\x00}\x00"])
def test_damaged_manifest(folder, contents):
    (folder / "manifest.json").write_bytes(contents)
    with pytest.raises(SnapshotDamaged, match=r"manifest.json"):
        store.manifest(folder)


@pytest.mark.parametrize("entry", [None, [], {}, {"file": 3, "sha256": "x"}, {"file": "toy.parquet"}])
def test_damaged_entry(folder, entry):
    describe(folder, {"toy": entry})
    with pytest.raises(SnapshotDamaged, match=r"table « toy »"):
        store.load("toy", folder)


def test_a_folder_in_place_of_a_file(folder):
    (folder / "toy.parquet").unlink()
    (folder / "toy.parquet").mkdir()
    with pytest.raises(SnapshotDamaged):
        store.load("toy", folder)


def test_the_manifest_is_hashed_once_and_free_to_change(folder, monkeypatch):
    store.load("toy", folder)
    misses = store._sha256.cache_info().misses
    store.load("toy", folder)
    assert store._sha256.cache_info().misses == misses
    store.manifest(folder)["tables"].clear()
    assert store.manifest(folder)["tables"]


def test_importing_the_store_and_the_catalogue_stays_light():
    root = Path(__file__).resolve().parents[2]
    code = "import sys, data.store, data.sources.catalog, data.sources.reperes; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    assert not {"pandera", "geopandas", "shapely", "pyproj", "scipy", "streamlit"} & set(modules.split())


def test_every_table_of_the_real_snapshot_loads():
    for name, entry in store.manifest(store.DEFAULT_FOLDER)["tables"].items():
        table = store.load(name, store.DEFAULT_FOLDER)
        assert len(table) == entry["rows"]
        assert isinstance(table.index, pd.RangeIndex)
