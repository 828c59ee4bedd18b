"""The journal of the syncs, and a sync that a page follows from a thread of its own."""

import datetime as dt
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.__main__ import main
from data.sources.registry import load_remotes
from data.sync import journal
from data.sync.journal import JOURNAL, Entry, read_journal, write_journal
from data.sync.lock import SyncLocked
from tests.data.sync_country import FEED, SOURCE, synced


def test_what_became_of_each_source_is_written_down(sync_folder, sync_server):
    assert read_journal() == []
    first = synced()
    synced()
    sync_server.files[FEED] = b"<html>"
    failed = synced()
    assert main(["rollback", SOURCE]) == 0
    entries = read_journal()
    assert [entry.status for entry in entries] == ["rolled_back", "failed", "unchanged", "installed"]
    assert {entry.source for entry in entries} == {SOURCE}
    assert entries[1].sentence == failed.sentence
    assert entries[3].sentence == first.sentence
    assert dt.datetime.fromisoformat(entries[0].date).tzinfo is dt.UTC
    assert read_journal(1) == entries[:1]
    assert read_journal(0) == []


def test_a_line_cut_by_a_kill_is_stepped_over(sync_folder):
    write_journal("a", "installed", "Bien.")
    path = sync_folder / JOURNAL
    path.write_text(path.read_text(encoding="utf-8") + '{"date": "2026', encoding="utf-8")
    write_journal("b", "failed", "Mal.")
    path.write_text(path.read_text(encoding="utf-8") + '[]\n{"date": 3}\n', encoding="utf-8")
    assert [entry.source for entry in read_journal()] == ["b", "a"]


def test_a_long_journal_is_shortened(sync_folder, monkeypatch):
    monkeypatch.setattr(journal, "_MOST_BYTES", 500)
    monkeypatch.setattr(journal, "_KEPT", 3)
    for number in range(20):
        write_journal(str(number), "installed", "Bien.")
    kept = [entry.source for entry in read_journal()]
    assert kept[0] == "19"
    assert 3 <= len(kept) < 10
    assert kept == [str(number) for number in range(19, 19 - len(kept), -1)]
    assert [path.name for path in sync_folder.iterdir()] == [JOURNAL]


def test_a_journal_that_cannot_be_written_stops_nothing(sync_folder):
    (sync_folder / JOURNAL).mkdir(parents=True)
    assert synced().status == "installed"
    assert read_journal() == []


def test_a_page_follows_a_sync_from_a_thread(sync_folder):
    told: list[tuple[str, int, int | None]] = []
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(lambda: synced(progress=lambda *step: told.append(step))).result(60)
    assert outcome.status == "installed"
    assert told[-1][1] == told[-1][2]
    assert [entry.status for entry in read_journal()] == ["installed"]


def test_two_threads_do_not_sync_at_once(sync_folder, sync_server):
    sync_server.faults = ["slow"]
    with ThreadPoolExecutor(2) as pool:
        faults = [future.exception(60) for future in [pool.submit(synced), pool.submit(synced)]]
    assert sorted(map(type, faults), key=str) in ([SyncLocked, type(None)], [type(None), SyncLocked])


def test_the_list_says_what_can_be_synced(sync_folder, capsys):
    assert main(["sync", "--list"]) == 0
    told = capsys.readouterr().err
    for source_id, remote in load_remotes().items():
        assert source_id in told
        assert remote.title in told
    assert "fichier à donner" in told
    synced()
    assert main(["sync", "--list"]) == 0
    assert "en place : au 20 novembre 2026" in capsys.readouterr().err


def test_an_entry_is_one_line_of_json(sync_folder):
    write_journal("a", "failed", "Deux\nlignes, « é ».")
    (line,) = (sync_folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    assert Entry(**json.loads(line)).sentence == "Deux\nlignes, « é »."


@pytest.mark.parametrize("n", [1, 5])
def test_no_more_than_asked(sync_folder, n):
    for number in range(7):
        write_journal(str(number), "installed", "Bien.")
    assert len(read_journal(n)) == n


def test_a_journal_of_any_size_costs_some_megabytes(sync_folder):
    path = sync_folder / JOURNAL
    sync_folder.mkdir(exist_ok=True)
    line = json.dumps({"date": "2026-11-20", "source": "x", "status": "failed", "sentence": "é" * 500}) + "\n"
    path.write_text(line * 30_000, encoding="utf-8")
    tracemalloc.start()
    write_journal("a", "installed", "x" * 10_000)
    (last, *_) = read_journal(5)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (last.source, len(last.sentence)) == ("a", journal._LONGEST)
    assert path.stat().st_size < 2 * journal._MOST_BYTES
    assert highest < 30e6
