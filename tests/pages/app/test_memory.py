"""What a page loads once is taken out of the later collections; what is made later is collected."""

import gc
import weakref

import pytest

from pages.app import memory
from pages.app.memory import settle


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
