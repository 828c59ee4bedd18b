"""Paper: sizes, margins and type, in millimetres and points; everything on a page is placed in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from reports.errors import FormatError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PaperName = Literal["a4", "a3", "16:9", "carre"]
Orientation = Literal["paysage", "portrait"]

MM_PER_INCH: Final = 25.4
MM_PER_POINT: Final = 25.4 / 72
LINE_SPACING: Final = 1.28
DEFAULT_FONT: Final = "DejaVu Sans"
"""Comes with Matplotlib: it is on every machine, and has every sign of French, the narrow no-break space included."""

_SIDES_MM: Final[dict[str, tuple[float, float]]] = {
    "a4": (297.0, 210.0),
    "a3": (420.0, 297.0),
    "16:9": (338.67, 190.5),
    "carre": (210.0, 210.0),
}
_REFERENCE_SIDE_MM: Final = 210.0
_WEIGHTS: Final = {"normal": "normal", "bold": "bold"}
_NEVER_FIRST: Final = frozenset(":;?!%»")
INK, SOFT_INK, FAINT_INK, RULE = "#1d2733", "#566270", "#8a96a3", "#c9d1d9"


@dataclass(frozen=True)
class Box:
    """A rectangle on the page (mm, origin at the lower left corner)."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right side (mm)."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Upper side (mm)."""
        return self.bottom + self.height


@dataclass(frozen=True)
class Paper:
    """A page to draw on.

    Parameters
    ----------
    name
        "a4", "a3", "16:9" (a slide of 13.33 by 7.5 inches) or "carre" (210 mm).
    orientation
        "paysage" or "portrait"; means nothing for a square.
    font
        Family name of the type.

    Raises
    ------
    FormatError
        A paper or an orientation that does not exist.
    """

    name: PaperName = "a4"
    orientation: Orientation = "paysage"
    font: str = DEFAULT_FONT

    def __post_init__(self) -> None:
        if self.name not in get_args(PaperName):
            raise FormatError(f"Papier : attendu {', '.join(get_args(PaperName))}, trouvé « {self.name} ».")
        if self.orientation not in get_args(Orientation):
            raise FormatError(
                f"Orientation : attendu {' ou '.join(get_args(Orientation))}, trouvé « {self.orientation} »."
            )

    @property
    def width(self) -> float:
        """Width (mm)."""
        return _SIDES_MM[self.name][self.orientation == "portrait"]

    @property
    def height(self) -> float:
        """Height (mm)."""
        return _SIDES_MM[self.name][self.orientation != "portrait"]

    @property
    def is_wide(self) -> bool:
        """Tell whether the legend goes beside the map rather than under it."""
        return self.width > self.height

    @cached_property
    def scale(self) -> float:
        """Size of the type against A4: larger papers are read from further away."""
        return (min(self.width, self.height) / _REFERENCE_SIDE_MM) ** (0.75 if self.name == "a3" else 0.0) * (
            1.1 if self.name == "16:9" else 1.0
        )

    def sheet(self) -> tuple[Figure, Axes]:
        """Make an empty page and its axes in millimetres, which cover it whole."""
        figure = Figure(figsize=(self.width / MM_PER_INCH, self.height / MM_PER_INCH), facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1), zorder=10)
        axes.set(xlim=(0, self.width), ylim=(0, self.height), facecolor="none")
        axes.set_axis_off()
        return figure, axes

    def place(self, figure: Figure, box: Box, *, zorder: float = 1) -> Axes:
        """Add axes that fill a box of the page, without ticks."""
        axes = figure.add_axes(
            (box.left / self.width, box.bottom / self.height, box.width / self.width, box.height / self.height),
            zorder=zorder,
        )
        axes.set_xticks([])
        axes.set_yticks([])
        return axes

    def text_width(self, text: str, size: float, weight: str = "normal") -> float:
        """Return the width (mm) of one line of text at a size (points)."""
        return text_width(text, size, weight, self.font)

    def wrap(self, text: str, size: float, width: float, weight: str = "normal") -> list[str]:
        """Cut a text into lines no wider than a width (mm); a single word may stick out."""
        lines: list[str] = []
        for word in _unbroken(text):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.text_width(longer, size, weight) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def write(self, axes: Axes, x: float, y: float, text: str, size: float, **style: Any) -> Any:
        """Write one line of text at a place of the page (mm), its baseline at y; "$" and "_" are plain signs."""
        options: dict[str, Any] = {"color": INK, "va": "baseline", "ha": "left", "weight": "normal"} | style
        return axes.text(x, y, text, fontsize=size, fontfamily=self.font, parse_math=False, **options)

    def write_block(self, axes: Axes, x: float, top: float, lines: list[str], size: float, **style: Any) -> float:
        """Write lines under one another from a top (mm); returns the y (mm) of the bottom of the block."""
        step = line_height(size)
        for rank, line in enumerate(lines):
            self.write(axes, x, top - rank * step - 0.78 * size * MM_PER_POINT, line, size, **style)
        return top - len(lines) * step


@dataclass(frozen=True)
class CustomPage(Paper):
    """A page of any size (mm), for a picture that goes in a document."""

    size: tuple[float, float] = (100.0, 100.0)

    @property
    def width(self) -> float:
        """Width (mm)."""
        return self.size[0]

    @property
    def height(self) -> float:
        """Height (mm)."""
        return self.size[1]

    @cached_property
    def scale(self) -> float:
        """Size of the type against A4."""
        return 1.0


def _unbroken(text: str) -> list[str]:
    """Part a text where a line may end: never before ":", ";", "?", "!", "%", "»", nor after "«"."""
    parts: list[str] = []
    for word in text.split(" "):
        if parts and (word[:1] in _NEVER_FIRST or parts[-1][-1:] == "«"):
            parts[-1] = f"{parts[-1]} {word}"
        else:
            parts.append(word)
    return parts


def line_height(size: float) -> float:
    """Return the distance (mm) between two lines of text at a size (points)."""
    return size * MM_PER_POINT * LINE_SPACING


@cache
def _measure() -> TextToPath:
    return TextToPath()


@cache
def text_width(text: str, size: float, weight: str, font: str) -> float:
    """Return the width (mm) of one line of text."""
    width, _, _ = _measure().get_text_width_height_descent(
        text, FontProperties(family=font, size=size, weight=_WEIGHTS[weight]), ismath=False
    )
    return float(width) * MM_PER_POINT
