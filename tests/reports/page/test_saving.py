"""A file is whole under its final name, or not there at all."""

from __future__ import annotations

import errno
import os

import pytest

from reports.errors import OutputError
from reports.page.saving import write_whole


def test_a_file_replaces_the_one_before(tmp_path):
    path = tmp_path / "new folder" / "carte.png"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [file.name for file in path.parent.iterdir()] == ["carte.png"]


def test_a_full_disk_leaves_the_file_before_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "carte.png"
    write_whole(path, b"before")

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="le disque est plein"):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["carte.png"]


def test_a_name_taken_by_a_folder_is_refused(tmp_path):
    (tmp_path / "carte.png").mkdir()
    with pytest.raises(OutputError, match="attendu un dossier où écrire"):
        write_whole(tmp_path / "carte.png", b"content")
    assert [file.name for file in tmp_path.iterdir()] == ["carte.png"]
