"""The queue of drawings that take much memory: one at a time for the whole server, few waiting, each place known."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST_ASKED: Final = 4
"""Drawn and waiting together. Each one holds a thread that makes downloads, of which a small server has six."""


class QueueFull(Exception):
    """As many drawings are asked for as the queue holds."""


class DrawingQueue:
    """First come, first drawn; safe from any thread."""

    def __init__(self, most_asked: int = MOST_ASKED) -> None:
        self._most_asked = most_asked
        self._changed = threading.Condition()
        self._asked: list[tuple[str, object]] = []

    @contextmanager
    def turn(self, reader: str) -> Iterator[None]:
        """Wait for one's turn, and hold it.

        Parameters
        ----------
        reader
            Whose drawing it is, so that `before` can tell its place.

        Raises
        ------
        QueueFull
            The queue holds as many as it may.
        """
        ticket = (reader, object())
        with self._changed:
            if len(self._asked) >= self._most_asked:
                raise QueueFull
            self._asked.append(ticket)
            self._changed.wait_for(lambda: self._asked[0] is ticket)
        try:
            yield
        finally:
            with self._changed:
                self._asked.remove(ticket)
                self._changed.notify_all()

    def before(self, reader: str) -> int:
        """Count the drawings before that of a reader, or before the one that it would ask for now."""
        with self._changed:
            readers = [name for name, _ in self._asked]
        return readers.index(reader) if reader in readers else len(readers)

    def is_waiting(self, reader: str) -> bool:
        """Tell whether a drawing of a reader is asked for and not done."""
        with self._changed:
            return any(name == reader for name, _ in self._asked)

    @property
    def is_full(self) -> bool:
        """Tell whether one more would be refused."""
        with self._changed:
            return len(self._asked) >= self._most_asked


LARGE_DRAWINGS: Final = DrawingQueue()
"""That of the server."""
