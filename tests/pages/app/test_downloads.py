"""A file asked for while pages are drawn again is given; nothing is kept for ever."""

import pytest
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from pages.app import downloads, server
from pages.app.downloads import KEPT_S, PatientFileManager

SESSION, OTHER = "reader", "other"


class Server:
    """The files of a server, of two readers, at an hour that the test sets."""

    def __init__(self, monkeypatch):
        self.now_s = 0.0
        self.session = SESSION
        self.storage = MemoryMediaFileStorage("/media")
        self.files = PatientFileManager(self.storage, clock=lambda: self.now_s)
        monkeypatch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: self.session)

    def offer(self, content, session=SESSION):
        self.session = session
        return self.files.add_deferred(lambda: content, "text/csv", "1.2.3", "list.csv")

    def take(self, offered):
        return self.storage.get_file(self.files.execute_deferred(offered).rsplit("/", 1)[-1]).content

    def end_a_run(self, session=OTHER):
        self.files.clear_session_refs(session)
        self.files.remove_orphaned_files()


@pytest.fixture
def files(monkeypatch):
    return Server(monkeypatch)


def test_a_click_while_the_page_is_drawn_again_gives_the_file_of_the_screen_that_was_clicked(files):
    offered = files.offer(b"before")
    files.files.clear_session_refs(SESSION)  # the page begins to be drawn again
    files.end_a_run()  # another reader's page ends
    files.offer(b"after")
    files.files.remove_orphaned_files()
    assert files.take(offered) == b"before"


def test_a_file_that_was_made_waits_for_the_browser_whatever_other_pages_do(files):
    url = files.files.execute_deferred(files.offer(b"drawn"))
    for _ in range(10):
        files.end_a_run()
    assert files.storage.get_file(url.rsplit("/", 1)[-1]).content == b"drawn"


def test_what_no_page_shows_any_more_is_dropped_after_its_time(files):
    offered = files.offer(b"old")
    url = files.files.execute_deferred(offered)
    files.end_a_run(SESSION)
    for _ in range(3):  # Streamlit marks a file, then drops it
        files.now_s += KEPT_S
        files.files.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        files.take(offered)
    with pytest.raises(MediaFileStorageError):
        files.storage.get_file(url.rsplit("/", 1)[-1])
    assert not files.files._left_s


def test_what_a_page_shows_stays_as_long_as_it_shows_it(files):
    offered = files.offer(b"shown")
    for _ in range(5):
        files.now_s += KEPT_S
        files.end_a_run()
    assert files.take(offered) == b"shown"


def test_the_server_uses_these_files(monkeypatch):
    monkeypatch.setattr(server.net_util, "get_external_ip", None)
    monkeypatch.setattr(server.runtime, "MediaFileManager", None)
    monkeypatch.setattr(server, "is_declared_local", lambda: False)
    server.prepare_settings()
    assert server.runtime.MediaFileManager is downloads.PatientFileManager
