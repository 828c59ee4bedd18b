"""Archives: taken apart whole, or refused before they harm."""

import gzip
import zipfile

import pytest

from data.errors import SourceLayoutError, SourceUnreadable
from data.fetch import DiskFull
from data.sync import unpacking
from data.sync.unpacking import unpack
from tests.data.care_files import zipped


def test_a_bomb_stops_early(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "_SMALL_BYTES", 1000)
    for name, contents in (("a.zip", zipped(a__csv=b"\0" * 10**6)), ("a.gz", gzip.compress(b"\0" * 10**6))):
        archive, into = tmp_path / name, tmp_path / f"{name}-into"
        archive.write_bytes(contents)
        into.mkdir()
        with pytest.raises(SourceUnreadable, match="archive piégée"):
            unpack(archive, "*", into)
        assert sum(path.stat().st_size for path in into.iterdir()) < 10**6


def test_an_archive_chooses_no_folder(tmp_path):
    archive, into = tmp_path / "a.zip", tmp_path / "into"
    into.mkdir()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("../../up.csv", b"1")
        opened.writestr("C:\\temp\\down.csv", b"2")
    assert unpack(archive, "*.csv", into) == into
    assert sorted(path.name for path in into.iterdir()) == ["down.csv", "up.csv"]
    assert not (tmp_path.parent / "up.csv").exists()


def test_a_full_disk_while_unpacking(tmp_path):
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(a__csv=b"1"))
    with pytest.raises(DiskFull):
        unpack(archive, "*.csv", tmp_path / "nowhere")


def test_a_layout_error_of_an_archive_names_what_is_inside(tmp_path):
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(b__csv=b"1"))
    with pytest.raises(SourceLayoutError, match=r"a\.zip.*« x\.csv ».*b\.csv"):
        unpack(archive, "x.csv", tmp_path)
