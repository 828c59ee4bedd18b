"""The square of a printed map of two indicators crossed: a cell for each pair of classes, its places and its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from geo.map.palettes import luminance
from reports.figures.numbers import format_number
from reports.page.paper import FAINT_INK, INK, SOFT_INK, line_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geo.map import Legend, Square
    from reports.page.paper import Paper

CELL_MM: Final = 11.0
LABELS_MM: Final = 17.0
"""Room for the bounds of the rows, at the left of the square."""
TITLE_SIZE, LABEL_SIZE = 7.0, 6.2
PALE: Final = 0.18
"""Luminance from which black is better read on a colour than white (WCAG 2.2)."""


@dataclass(frozen=True)
class DrawnSquare:
    """The square of a legend, ready to be measured and drawn.

    Attributes
    ----------
    paper, legend, square
        The page, the legend, and its square.
    width
        Room for it all (mm).
    """

    paper: Paper
    legend: Legend
    square: Square
    width: float

    @property
    def cell(self) -> float:
        """Side of a cell (mm): three of them fit beside the bounds of the rows."""
        return min(CELL_MM * self.paper.scale, (self.width - self._labels) / 3)

    @property
    def height(self) -> float:
        """Height of it all (mm)."""
        return (
            self._lines(self._y_title, TITLE_SIZE)
            + self.cell * len(self.square.y_labels)
            + max((self._lines(label, LABEL_SIZE) for label in self._columns), default=0.0)
            + self._lines(self._x_title, TITLE_SIZE)
            + 2.0 * self.paper.scale
        )

    @property
    def _labels(self) -> float:
        return LABELS_MM * self.paper.scale

    @property
    def _x_title(self) -> list[str]:
        return self.paper.wrap(f"{self.square.x_title} →", TITLE_SIZE * self.paper.scale, self.width)

    @property
    def _y_title(self) -> list[str]:
        return self.paper.wrap(f"↑ {self.square.y_title}", TITLE_SIZE * self.paper.scale, self.width)

    @property
    def _columns(self) -> list[list[str]]:
        size = LABEL_SIZE * self.paper.scale
        return [self.paper.wrap(label, size, self.cell) for label in self.square.x_labels]

    def _lines(self, lines: list[str], size: float) -> float:
        return len(lines) * line_height(size * self.paper.scale)

    def draw(self, axes: Axes, left: float, top: float) -> None:
        """Draw it at a left and a top (mm)."""
        paper, scale = self.paper, self.paper.scale
        size, title = LABEL_SIZE * scale, TITLE_SIZE * scale
        top = paper.write_block(axes, left, top, self._y_title, title) - 0.6 * scale
        start, side = left + self._labels, self.cell
        for down, label in enumerate(reversed(self.square.y_labels)):
            lines = paper.wrap(label, size, self._labels - 1.5 * scale)
            middle = top - (down + 0.5) * side + self._lines(lines, LABEL_SIZE) / 2
            paper.write_block(axes, left, middle, lines, size, color=SOFT_INK)
            row = len(self.square.y_labels) - 1 - down
            for column in range(len(self.square.x_labels)):
                letter = row * len(self.square.x_labels) + column
                self._draw_cell(axes, start + column * side, top - (down + 1) * side, letter)
        foot = top - side * len(self.square.y_labels) - 0.6 * scale
        for column, lines in enumerate(self._columns):
            paper.write_block(axes, start + column * side, foot, lines, size, color=SOFT_INK)
        foot -= max((self._lines(lines, LABEL_SIZE) for lines in self._columns), default=0.0)
        paper.write_block(axes, left, foot, self._x_title, title)

    def _draw_cell(self, axes: Axes, left: float, bottom: float, letter: int) -> None:
        entry = self.legend.entries[letter]
        side, scale = self.cell, self.paper.scale
        axes.add_patch(
            Rectangle((left, bottom), side, side, facecolor=entry.colour, edgecolor=FAINT_INK, linewidth=0.4)
        )
        ink = INK if luminance(entry.colour) > PALE else "white"
        middle = left + side / 2
        for up, text, weight in (
            (0.56, format_number(entry.count), "bold"),
            (0.2, self.square.people[letter] if entry.count else "", "normal"),
        ):
            size = LABEL_SIZE * scale
            self.paper.write(axes, middle, bottom + up * side, text, size, ha="center", color=ink, weight=weight)
