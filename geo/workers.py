"""Who does the parts of a long computation: this process here; others, or other machines, in `data/workers.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers(Protocol):
    """Does the parts of a computation and hands each result to who asked, who alone writes files."""

    def run(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Sequence[Item],
        take: Callable[[int, Result], None],
    ) -> None:
        """Call `work(shared, item)` for every item, in any order.

        Parameters
        ----------
        work : a function that a module names, so that another process finds it; what it raises stops the whole.
        shared : what every part needs; sent once to each process.
        items : what tells one part from another.
        take : called here with the position of an item and what came of it, as the parts end; may raise to stop.
        """


class Alone:
    """The process that asks does the parts itself, one after the other."""

    def run(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Sequence[Item],
        take: Callable[[int, Result], None],
    ) -> None:
        """See `Workers.run`."""
        for position, item in enumerate(items):
            take(position, work(shared, item))


ALONE: Final = Alone()
