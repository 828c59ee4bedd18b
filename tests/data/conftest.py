"""Fixtures of the sync: a tiny country built once, a local server, and a user's data folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.build.snapshot import build
from tests.data.file_server import FileServer, file_server
from tests.data.finess_files import feed_file
from tests.data.sync_country import FEED, country
from tests.data.tiny_mirror import write_mirror

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def sync_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the snapshot of the tiny country."""
    folder = tmp_path_factory.mktemp("tiny")
    catalog = write_mirror(folder / "mirror")
    build(folder / "mirror", folder / "snapshots", catalog=catalog, complete=False, say=lambda _: None)
    return folder / "snapshots"


@pytest.fixture
def sync_server() -> Iterator[FileServer]:
    """Serve the feed of the tiny country where the catalogue says it is."""
    with file_server() as running:
        running.files[FEED] = feed_file(*country())
        yield running


@pytest.fixture
def sync_folder(tmp_path: Path, sync_snapshots: Path, sync_server: FileServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's data folder of the tiny country, not made yet."""
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(sync_snapshots))
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MAILLAGE_SYNC_BASE", sync_server.url)
    return tmp_path / "data"
