"""The distribution of what is mapped, as the bars that stand in the legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

N_BARS: Final = 28
FIRST_LETTER: Final = "0"
NO_BAR: Final = "-"


@dataclass(frozen=True)
class Distribution:
    """How many territories of the map have about each value.

    Attributes
    ----------
    edges
        Bounds of the bars in the printed unit, one more than there are bars; a bar holds its lower one, the end bars
        hold also what lies beyond.
    bars
        For each bar, (class, number of territories) of those of the scope, lowest class first.
    letters
        Bar of each territory of the level, outside the scope too: "0" for the first, then the following characters;
        "-" where the value is unknown or none.
    first, last
        What is written under the ends, in French.
    """

    edges: tuple[float, ...]
    bars: tuple[tuple[tuple[int, int], ...], ...]
    letters: str
    first: str
    last: str
