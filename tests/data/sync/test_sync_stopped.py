"""One sync at a time, and one that is stopped at any moment, by a kill or a full disk: a good version stays."""

import dataclasses
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data import store
from data.__main__ import main
from data.errors import CatalogError
from data.fetch import DiskFull
from data.sync import arrival, finess, run, versions
from data.sync.lock import SyncLocked, locked
from data.sync.run import sync
from tests.data.finess_files import feed_file
from tests.data.sync_country import FEED, REMOTE, SOURCE, country, shown, synced

ROOT = Path(__file__).resolve().parents[3]


def test_two_syncs_at_once_are_locked_out(sync_folder):
    with locked(sync_folder), pytest.raises(SyncLocked, match=f"processus {os.getpid()}"):
        synced()
    assert synced().status == "installed"


def test_the_lock_of_a_dead_process_is_taken(sync_folder):
    sync_folder.mkdir()
    (sync_folder / "sync.lock").write_text("99999999\n", encoding="utf-8")
    assert synced().status == "installed"


def test_a_data_folder_that_cannot_be(sync_folder):
    sync_folder.write_text("a file", encoding="utf-8")
    with pytest.raises(DiskFull, match="un dossier où écrire"):
        synced()


def test_an_unknown_source_is_named(sync_folder):
    with pytest.raises(CatalogError, match="finess_national"):
        sync(["finess"])
    assert main(["sync", "finess"]) == 1


def test_a_failing_source_never_takes_the_others_down(sync_folder, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("by mistake")

    other = dataclasses.replace(REMOTE, id="other")
    monkeypatch.setattr(run, "load_remotes", lambda: {"other": other, SOURCE: REMOTE})
    monkeypatch.setattr(run, "MAKERS", {"other": broken, SOURCE: finess.make_national_structures})
    outcomes = sync(complete=False, say=lambda _: None, wait=lambda _: None)
    assert [outcome.status for outcome in outcomes] == ["failed", "installed"]
    assert "ZeroDivisionError" in outcomes[0].sentence
    assert len(shown()) == 40


@pytest.mark.parametrize("failing", ["write_table", "install"])
def test_a_disk_that_fills_up_while_writing_leaves_the_good_version(sync_folder, sync_server, monkeypatch, failing):
    synced()
    good = shown()
    sync_server.files[FEED] = feed_file(*country(11), day="2026-11-21")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run if failing == "write_table" else run.versions, failing, full)
    outcome = synced()
    assert outcome.status == "failed"
    assert "No space left" in outcome.sentence
    assert shown() == good
    names = {path.name for path in (sync_folder / "synced" / SOURCE).iterdir()}
    assert not any(name.startswith(".fresh") for name in names)


def die(*_: object, **__: object) -> None:
    """End this process at once, without any chance to tidy up."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_the_second_time(module: object, name: str) -> None:
    calls = iter([getattr(module, name), die])

    def call(*arguments: object) -> object:
        return next(calls)(*arguments)

    setattr(module, name, call)


KILLS = {
    "downloaded": lambda: setattr(arrival, "hash_files", die),
    "read": lambda: setattr(run, "check", die),
    "written": lambda: setattr(versions, "install", die),
    "moved": lambda: setattr(versions, "_sync_folder", die),
    "switching": lambda: setattr(versions.json, "dump", die),
    "switched": lambda: die_the_second_time(versions, "sweep"),  # the first one opens the sync
}


def sync_and_die(step: str) -> None:
    """Sync in a process of its own, to be killed at a step."""
    KILLS[step]()
    sync(complete=False, say=lambda _: None)


@pytest.mark.parametrize("step", KILLS)
def test_killed_at_any_step_the_app_shows_a_good_version(sync_folder, sync_server, step):
    synced()
    old = shown()
    sync_server.files[FEED] = feed_file(*country(11), day="2026-11-21")
    process = multiprocessing.get_context("spawn").Process(target=sync_and_die, args=(step,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert (len(shown()) == 44) if step == "switched" else (shown() == old)
    assert store.warnings() == ()
    assert synced().status == ("unchanged" if step == "switched" else "installed")
    assert len(shown()) == 44
    home = sync_folder / "synced" / SOURCE
    assert {path.name for path in home.iterdir()} == {"current.json", *versions.read_pointer(SOURCE)}


def test_killed_while_downloading_the_next_sync_goes_on(sync_folder, sync_server):
    sync_server.faults = ["stall 500"]
    code = "from data.sync.run import sync; sync(complete=False, say=print)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not sync_server.ranges(FEED) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)
        process.kill()
    assert shown()  # the embedded data
    assert synced().status == "installed"
    assert len(shown()) == 40
