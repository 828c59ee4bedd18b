"""Large files brought to the disk: resumed, never mixed, each fault by its name. Nothing leaves the machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from data import fetch
from data.connection import FetchError
from data.fetch import DiskFull, download, forget_download
from tests.data.file_server import FileServer, file_server

WHOLE = bytes(range(256)) * 4096  # one megabyte, no two places of a block alike
HALF = len(WHOLE) // 2


@pytest.fixture
def server() -> Iterator[FileServer]:
    with file_server() as running:
        running.files["/file"] = WHOLE
        yield running


@pytest.fixture
def into(tmp_path):
    return tmp_path / "file.part"


def bring(server, into, **more):
    return download(server.url + "/file", into, wait=lambda _: None, **more)


def test_a_file_comes_whole_with_its_progress(server, into):
    told = []
    assert bring(server, into, progress=lambda done, total: told.append((done, total))) == len(WHOLE)
    assert into.read_bytes() == WHOLE
    assert told[0] == (0, len(WHOLE))
    assert told[-1] == (len(WHOLE), len(WHOLE))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("fault", ["429", "503 1", "500", "408", "drop"])
def test_a_passing_fault_is_tried_again(server, into, fault):
    server.faults = [fault, fault]
    bring(server, into)
    assert into.read_bytes() == WHOLE
    assert len(server.asked) == 3


def test_the_wait_that_the_server_asks_for_is_kept(server, into):
    server.faults = ["429 45"]
    waited = []
    download(server.url + "/file", into, wait=waited.append)
    assert waited == [45.0]


@pytest.mark.parametrize("validator", ["etag", "date"])
def test_a_broken_line_is_resumed_where_it_broke(server, into, validator):
    server.has_etag, server.has_date = validator == "etag", validator == "date"
    server.faults = [f"cut {HALF}", f"cut {HALF + 100_000}"]
    bring(server, into)
    assert into.read_bytes() == WHOLE
    first, second, third = server.ranges("/file")
    assert first is None
    assert 0 < int(second[6:-1]) <= HALF < int(third[6:-1])


def test_a_file_without_mark_starts_again(server, into):
    server.has_etag = server.has_date = False
    server.faults = [f"cut {HALF}"]
    bring(server, into)
    assert into.read_bytes() == WHOLE
    assert server.ranges("/file") == [None, None]


def test_what_a_killed_run_left_is_gone_on_with(server, into):
    server.faults = [f"cut {HALF}"]
    with pytest.raises(FetchError):
        bring(server, into, attempts=1)
    size = into.stat().st_size
    assert 0 < size <= HALF
    bring(server, into)
    assert into.read_bytes() == WHOLE
    assert server.ranges("/file")[1] == f"bytes={size}-"


def test_a_file_whole_before_the_kill_is_not_asked_again(server, into):
    bring(server, into)
    assert bring(server, into) == len(WHOLE)
    assert server.ranges("/file")[1] == f"bytes={len(WHOLE)}-"
    assert into.read_bytes() == WHOLE


def test_two_days_are_never_mixed(server, into):
    server.faults = [f"cut {HALF}"]
    with pytest.raises(FetchError):
        bring(server, into, attempts=1)
    server.files["/file"] = WHOLE[::-1]
    bring(server, into)
    assert into.read_bytes() == WHOLE[::-1]


def test_a_shorter_new_file_leaves_nothing_of_the_old(server, into):
    bring(server, into)
    server.files["/file"] = b"short"
    assert bring(server, into) == 5
    assert into.read_bytes() == b"short"


@pytest.mark.parametrize("fault", ["no-range", "wrong-range"])
def test_a_server_that_resumes_badly_starts_again(server, into, fault):
    server.faults = [f"cut {HALF}", fault]
    bring(server, into)
    assert into.read_bytes() == WHOLE


def test_another_address_starts_again(server, into):
    server.files["/other"] = b"other"
    server.faults = [f"cut {HALF}"]
    with pytest.raises(FetchError):
        bring(server, into, attempts=1)
    download(server.url + "/other", into)
    assert into.read_bytes() == b"other"


def test_a_file_of_unknown_length_is_read_to_its_end(server, into):
    server.has_length = False
    told = []
    bring(server, into, progress=lambda done, total: told.append((done, total)))
    assert into.read_bytes() == WHOLE
    assert told[-1] == (len(WHOLE), None)


def test_a_slow_link_is_no_fault(server, into):
    server.faults = ["slow"]
    bring(server, into, timeout_s=1.0)
    assert len(server.asked) == 1
    assert into.read_bytes() == WHOLE


def test_a_link_that_stalls_is_tried_again(server, into):
    server.faults = [f"stall {HALF}"]
    bring(server, into, timeout_s=0.1)
    assert into.read_bytes() == WHOLE
    assert len(server.asked) == 2


def test_a_redirection_is_followed_and_resumed(server, into):
    server.files["/permanent"] = b"never given"
    server.faults = ["redirect /file", f"cut {HALF}", "redirect /file"]
    download(server.url + "/permanent", into, wait=lambda _: None)
    assert into.read_bytes() == WHOLE
    assert server.ranges("/file")[1].startswith("bytes=")


def test_a_web_page_is_no_file(server, into):
    server.faults = ["html"]
    with pytest.raises(FetchError, match="page HTML"):
        bring(server, into)
    assert not into.exists()


@pytest.mark.parametrize(("path", "words"), [("/nothing", "statut 404")])
def test_a_refusal_is_told(server, into, path, words):
    with pytest.raises(FetchError, match=words):
        download(server.url + path, into, wait=pytest.fail)


def test_too_large_a_file_is_refused_before_it_comes(server, into):
    with pytest.raises(FetchError, match="au plus 1000 octets"):
        bring(server, into, largest_bytes=1000)
    assert not into.exists()
    server.has_length = False
    with pytest.raises(FetchError, match="au plus 1000 octets"):
        bring(server, into, largest_bytes=1000)


def test_a_full_disk_is_said_before_it_is_full(server, into, monkeypatch):
    usage = shutil.disk_usage(into.parent)._replace(free=1000)
    monkeypatch.setattr(fetch.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull, match=r"1\.0 Mo libres.*0\.0 Mo"):
        bring(server, into)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")  # noqa: PTH110 - a device
def test_a_disk_that_fills_up_is_said(server, into):
    into.symlink_to("/dev/full")
    with pytest.raises(DiskFull, match="No space left"):
        bring(server, into)
    assert len(server.asked) == 1  # no attempt can help


def test_a_folder_that_may_not_be_written_is_said(server, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(DiskFull):
        bring(server, tmp_path / "taken")


@pytest.mark.parametrize("note", [b"", b"[]", b"{", b'{"url": 3}', b"\xff"])
def test_a_damaged_note_starts_again(server, into, note):
    into.write_bytes(b"something else")
    into.with_name(into.name + ".json").write_bytes(note)
    bring(server, into)
    assert into.read_bytes() == WHOLE


def test_forgetting_leaves_nothing(server, into):
    bring(server, into)
    forget_download(into)
    assert list(into.parent.iterdir()) == []
    forget_download(into)
