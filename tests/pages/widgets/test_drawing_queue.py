"""Large pictures are drawn one at a time, each reader knows its place, and the queue is short."""

import threading
import time

import pytest

from pages.widgets.exports.drawing_queue import DrawingQueue, QueueFull
from pages.widgets.exports.map import is_large, tell_place

LIMIT_S = 10


def wait_for(condition):
    end = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_one_is_drawn_at_a_time_in_the_order_of_asking():
    queue, go = DrawingQueue(), threading.Event()
    drawn, at_once, most = [], [], []

    def draw(reader):
        with queue.turn(reader):
            at_once.append(reader)
            most.append(len(at_once))
            assert go.wait(LIMIT_S)
            drawn.append(reader)
            at_once.remove(reader)

    threads = []
    for place, reader in enumerate("abcd"):
        thread = threading.Thread(target=draw, args=(reader,))
        threads.append(thread)
        thread.start()
        wait_for(lambda reader=reader: queue.is_waiting(reader))
        assert queue.before(reader) == place
    assert queue.before("e") == 4
    assert queue.is_full
    with pytest.raises(QueueFull), queue.turn("e"):
        pass
    go.set()
    for thread in threads:
        thread.join(LIMIT_S)
    assert drawn == list("abcd")
    assert max(most) == 1
    assert queue.before("e") == 0
    assert not queue.is_waiting("a")


def test_a_drawing_that_fails_gives_its_place_to_the_next():
    queue = DrawingQueue(most_asked=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), queue.turn("a"):
            raise ZeroDivisionError
    assert not queue.is_full


@pytest.mark.parametrize(
    ("kind", "paper", "dpi", "large"),
    [("png", "a3", 600, True), ("png", "a4", 600, True), ("png", "a3", 300, True), ("png", "a4", 300, False),
     ("png", "a3", 150, False), ("pdf", "a3", 600, False), ("svg", "a3", 600, False)],
)  # fmt: skip
def test_what_waits_for_its_turn(kind, paper, dpi, large):
    assert is_large(kind, paper, dpi) is large


def test_the_place_is_told():
    assert tell_place(0, waiting=True, full=False) == "Votre image se dessine."
    assert tell_place(1, waiting=True, full=False) == "Une grande image est demandée avant la vôtre."
    assert tell_place(2, waiting=False, full=False) == "2 grandes images sont demandées avant la vôtre."
    assert "réessayez" in tell_place(4, waiting=False, full=True)
