"""What a page loads once is taken out of the later collections; what is made later is collected."""

import asyncio
import gc
import tomllib
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pages.app import memory
from pages.app.memory import collect_regularly, settle


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    monkeypatch.setattr(memory, "_SETTLED", set())
    yield
    gc.unfreeze()


class Node:
    """A member of a cycle."""


def test_the_first_run_of_a_page_is_set_aside_once():
    before = gc.get_freeze_count()
    settle("Carte")
    first = gc.get_freeze_count()
    assert first > before + 1_000
    kept = [[] for _ in range(5_000)]  # noqa: F841 - held, to be seen
    settle("Carte")
    assert gc.get_freeze_count() == pytest.approx(first, abs=100)
    settle("Territoire")
    assert gc.get_freeze_count() >= first + 4_000


def test_cycles_made_before_and_after_are_collected():
    for moment in ("before", "after"):
        node = Node()
        node.itself = node
        gone = weakref.ref(node)
        del node
        if moment == "before":
            settle("Carte")
        else:
            gc.collect()
        assert gone() is None


def test_what_readers_leave_is_collected_from_time_to_time_and_not_by_each_run(monkeypatch):
    monkeypatch.setattr(memory, "COLLECT_EVERY_S", 0.01)
    gone = asyncio.Event()

    async def wait():
        node = Node()
        node.itself = node
        weakref.finalize(node, asyncio.get_running_loop().call_soon_threadsafe, gone.set)
        del node
        gc.disable()  # the interpreter's own collections would hide ours
        collection = asyncio.create_task(collect_regularly())
        try:
            await asyncio.wait_for(gone.wait(), 60)
        finally:
            collection.cancel()
            gc.enable()

    with ThreadPoolExecutor(1) as apart:  # the loop of the browser tests may be running in this thread
        apart.submit(lambda: asyncio.run(wait())).result()
    settings = Path(__file__).parents[3] / ".streamlit" / "config.toml"
    assert tomllib.loads(settings.read_text("utf-8"))["runner"]["postScriptGC"] is False
