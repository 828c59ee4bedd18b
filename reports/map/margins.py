"""What stands beside a printed map: legend, signs, scale bar and north arrow, as items stacked from the top."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle

from geo.levels import LEVEL_NAMES, DrawnLevel
from geo.map import LIGHT, PROJECT_PREFIX, STRUCTURE_SYMBOLS, sites_notes
from reports.figures.numbers import format_number
from reports.map.circles import draw_sizes, sizes_height
from reports.map.frame import Frame, nice_length
from reports.map.layers import HATCH, HOLLOW, MARKERS, OUTLINE, REGION_OUTLINE
from reports.map.square import DrawnSquare
from reports.page.paper import FAINT_INK, INK, MM_PER_POINT, SOFT_INK, line_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geo.map import CircleSize, LegendEntry
    from reports.map.content import MapContent
    from reports.map.words import Block
    from reports.page.paper import Paper

SWATCH_MM: Final = (7.0, 3.9)
SWATCH_GAP_MM: Final = 2.2
TEXT_SIZE: Final = 8.0
SMALL_SIZE: Final = 7.0


@dataclass(frozen=True)
class Item:
    """One thing in the margin: its height (mm), and how it draws itself at a left and a top (mm)."""

    height: float
    draw: Callable[[Axes, float, float], None]


@dataclass(frozen=True)
class Outline:
    """The borders of a level on a map: what the legend calls them, their colour and their width (points)."""

    level: DrawnLevel
    label: str
    colour: str
    width: float


def stack(axes: Axes, items: Sequence[Item], left: float, top: float) -> float:
    """Draw items under one another; returns where they end (mm)."""
    for item in items:
        item.draw(axes, left, top)
        top -= item.height
    return top


def height_of(items: Sequence[Item]) -> float:
    """Return the height (mm) of stacked items."""
    return sum(item.height for item in items)


def text_item(paper: Paper, text: str, size: float, width: float, **style: Any) -> Item:
    """Make a paragraph no wider than a width (mm); size in points, before the scale of the paper."""
    scaled = size * paper.scale
    lines = paper.wrap(text, scaled, width, style.get("weight", "normal"))

    def draw(axes: Axes, left: float, top: float) -> None:
        paper.write_block(axes, left, top, lines, scaled, **style)

    return Item(len(lines) * line_height(scaled), draw)


def gap_item(height: float) -> Item:
    """Make an empty space (mm)."""
    return Item(height, lambda _axes, _left, _top: None)


def legend_items(paper: Paper, content: MapContent, width: float) -> list[Item]:
    """Make the legend of the classes: indicator, unit, colour, bounds and number of territories of each class."""
    legend = content.drawn.legend
    scale = paper.scale
    items = [
        text_item(paper, legend.title, 9.5, width, weight="bold"),
        text_item(paper, legend.subtitle, SMALL_SIZE, width, color=SOFT_INK),
        gap_item(1.2 * scale),
    ]
    if legend.sizes:
        items += [sizes_item(paper, legend.sizes), gap_item(0.8 * scale)]
    if legend.square:
        square = DrawnSquare(paper, legend, legend.square, width)
        items += [Item(square.height, square.draw), gap_item(1.2 * scale)]
    items += [_class_item(paper, entry, width) for entry in legend.lines]
    note = f"À droite : nombre de {LEVEL_NAMES[content.level].plural}. {legend.bounds}".strip()
    if any(entry.count is not None for entry in legend.lines):
        items += [gap_item(0.6 * scale), text_item(paper, note, 6.2, width, color=SOFT_INK)]
    elif legend.square:
        items.append(text_item(paper, legend.bounds, 6.2, width, color=SOFT_INK))
    if legend.note:
        items.append(text_item(paper, legend.note, 6.2, width, color=SOFT_INK))
    return items


def sizes_item(paper: Paper, sizes: Sequence[CircleSize]) -> Item:
    """Make the legend of the sizes of circles."""
    scale = paper.scale

    def draw(axes: Axes, left: float, top: float) -> None:
        draw_sizes(axes, paper, sizes, left, top, scale, SMALL_SIZE * scale)

    return Item(sizes_height(sizes, scale, SMALL_SIZE * scale), draw)


def _class_item(paper: Paper, entry: LegendEntry, width: float) -> Item:
    scale = paper.scale
    size = TEXT_SIZE * scale
    swatch_width, swatch_height = (side * scale for side in SWATCH_MM)

    def draw(axes: Axes, left: float, top: float) -> None:
        bottom = top - swatch_height - 0.5 * scale
        style: dict[str, Any] = {"facecolor": entry.colour, "edgecolor": FAINT_INK, "linewidth": 0.4}
        if entry.hatch:
            style |= {"facecolor": LIGHT.unknown, "edgecolor": LIGHT.unknown_line, "hatch": HATCH}
        if entry.is_round:
            axes.add_patch(Circle((left + swatch_width / 2, bottom + swatch_height / 2), swatch_height / 2, **style))
        else:
            axes.add_patch(Rectangle((left, bottom), swatch_width, swatch_height, **style))
        baseline = bottom + 0.3 * swatch_height
        paper.write(axes, left + swatch_width + SWATCH_GAP_MM * scale, baseline, entry.label, size)
        if entry.count is not None:
            paper.write(axes, left + width, baseline, format_number(entry.count), size, ha="right", color=SOFT_INK)

    return Item(swatch_height + 1.0 * scale, draw)


def block_items(paper: Paper, block: Block, width: float) -> list[Item]:
    """Make a small table: a heading, then a row a line, its figure at the right."""
    rows = [_row_item(paper, label, figure, width) for label, figure in block.rows]
    return [text_item(paper, block.heading, TEXT_SIZE, width, weight="bold"), gap_item(0.8 * paper.scale), *rows]


def _row_item(paper: Paper, label: str, figure: str, width: float) -> Item:
    size = SMALL_SIZE * paper.scale
    room = width - paper.text_width(figure, size, "bold") - 3.0 * paper.scale if figure else width
    lines = paper.wrap(label, size, room)

    def draw(axes: Axes, left: float, top: float) -> None:
        paper.write_block(axes, left, top, lines, size, color=SOFT_INK)
        baseline = top - 0.78 * size * MM_PER_POINT
        paper.write(axes, left + width, baseline, figure, size, ha="right", weight="bold")

    return Item(len(lines) * line_height(size) + 0.7 * paper.scale, draw)


def histogram_items(paper: Paper, content: MapContent, width: float) -> list[Item]:
    """Make the bars of how many territories have about each value, in the colours of the map; none where unknown."""
    distribution = content.drawn.values.distribution
    if distribution is None:
        return []
    scale, palette = paper.scale, content.drawn.values.palette
    height, most = 16.0 * scale, max(sum(n for _, n in bar) for bar in distribution.bars)
    step = width / len(distribution.bars)
    size = 6.2 * scale

    def draw(axes: Axes, left: float, top: float) -> None:
        for rank, bar in enumerate(distribution.bars):
            foot = top - height
            for place, n in bar:
                tall = height * n / most
                axes.add_patch(Rectangle((left + rank * step, foot), 0.86 * step, tall, fc=palette[place], lw=0))
                foot += tall
        axes.add_line(Line2D([left, left + width], [top - height] * 2, color=FAINT_INK, linewidth=0.5))
        baseline = top - height - 0.9 * size * MM_PER_POINT - 0.5 * scale
        paper.write(axes, left, baseline, distribution.first, size, color=SOFT_INK)
        paper.write(axes, left + width, baseline, distribution.last, size, ha="right", color=SOFT_INK)

    heading = f"Nombre de {LEVEL_NAMES[content.level].plural} selon la valeur"
    title = text_item(paper, heading, TEXT_SIZE, width, weight="bold")
    return [title, gap_item(0.8 * scale), Item(height + 1.4 * size * MM_PER_POINT + 0.5 * scale, draw)]


def structure_items(paper: Paper, content: MapContent, sign_points: float, width: float) -> list[Item]:
    """Make the legend of the signs, with the number of sites of each type, and the note on what is not known."""
    counts = content.structures["structure_type"].value_counts()
    size = min(max(sign_points, 3.4 * paper.scale), 8.5 * paper.scale)
    items = [
        _sign_item(paper, kind, STRUCTURE_SYMBOLS[kind].label, int(counts[kind]), size, width)
        for kind in STRUCTURE_SYMBOLS
        if kind in counts
    ]
    for note in sites_notes(content.structures):
        if note.sign and note.count is not None:
            items.append(_sign_item(paper, note.sign, note.label, note.count, size, width, hollow=True))
        else:
            said = note.label if note.count is None else f"{note.label} : {format_number(note.count)}"
            items.append(text_item(paper, said, 6.2, width, color=SOFT_INK))
    if items:
        items.insert(0, text_item(paper, _sites_heading(list(counts.index)), TEXT_SIZE, width, weight="bold"))
        items.insert(1, gap_item(0.5 * paper.scale))
    if content.structures_note:
        items.append(text_item(paper, content.structures_note, 6.2, width, color=SOFT_INK))
    return items


def _sites_heading(kinds: Sequence[str]) -> str:
    """Say where the signs come from: FINESS, the scenario, the user's own list of projects, or both."""
    if "ouverture" in kinds:
        return "Scénario" if len(kinds) == 1 else "Sites FINESS et scénario"
    projects = [kind for kind in kinds if kind.startswith(PROJECT_PREFIX)]
    if not projects:
        return "Structures (sites FINESS)"
    return "Liste de l’utilisateur" if len(projects) == len(kinds) else "Sites FINESS et liste de l’utilisateur"


def _sign_item(
    paper: Paper, kind: str, label: str, count: int, sign_points: float, width: float, *, hollow: bool = False
) -> Item:
    height = 4.5 * paper.scale

    def draw(axes: Axes, left: float, top: float) -> None:
        middle = top - height / 2
        draw_sign(axes, kind, left + SWATCH_MM[0] * paper.scale / 2, middle, sign_points, hollow=hollow)
        size = TEXT_SIZE * paper.scale
        baseline = middle - 0.33 * size * MM_PER_POINT
        paper.write(axes, left + (SWATCH_MM[0] + SWATCH_GAP_MM) * paper.scale, baseline, label, size)
        paper.write(axes, left + width, baseline, format_number(count), size, ha="right", color=SOFT_INK)

    return Item(height, draw)


def draw_sign(axes: Axes, kind: str, x: float, y: float, points: float, *, hollow: bool = False) -> None:
    """Draw the sign of a type in a legend, at a place in mm; size in points."""
    symbol = STRUCTURE_SYMBOLS[kind]
    marker = MARKERS[symbol.shape]
    edge, line = (symbol.edge, 0.14 * points) if symbol.edge else ("white", 0.3)
    axes.plot(
        x, y, marker=marker, markersize=points, color=symbol.colour, markeredgecolor=edge, markeredgewidth=line,
        linestyle="",
    )  # fmt: skip
    if hollow:
        axes.plot(x, y, marker=marker, markersize=points * HOLLOW**0.5, color="white", markeredgewidth=0, linestyle="")


def line_items(paper: Paper, content: MapContent, outlines: Sequence[Outline]) -> list[Item]:
    """Make the legend of the outlines and of the places named."""
    items = [line_item(paper, outline.label, outline.colour, outline.width) for outline in outlines]
    if any(town.is_prefecture for town in content.towns):
        items.append(_dot_item(paper, "s", "Préfecture de région" if content.scope.level == "france" else "Préfecture"))
    if any(not town.is_prefecture for town in content.towns):
        items.append(_dot_item(paper, "o", "Autre commune"))
    return items


def line_item(paper: Paper, label: str, colour: str, width: float) -> Item:
    """Make the legend of one outline (width in points)."""
    height = 4.0 * paper.scale

    def draw(axes: Axes, left: float, top: float) -> None:
        middle = top - height / 2
        axes.add_line(Line2D([left, left + SWATCH_MM[0] * paper.scale], [middle] * 2, color=colour, linewidth=width))
        _beside(paper, axes, left, middle, label)

    return Item(height, draw)


def _dot_item(paper: Paper, marker: str, label: str) -> Item:
    height = 4.0 * paper.scale

    def draw(axes: Axes, left: float, top: float) -> None:
        middle = top - height / 2
        axes.plot(
            left + SWATCH_MM[0] * paper.scale / 2, middle, marker=marker, markersize=2.9 * paper.scale, color=INK,
            markeredgecolor="white", markeredgewidth=0.5,
        )  # fmt: skip
        _beside(paper, axes, left, middle, label)

    return Item(height, draw)


def _beside(paper: Paper, axes: Axes, left: float, middle: float, label: str) -> None:
    size = SMALL_SIZE * paper.scale
    x = left + (SWATCH_MM[0] + SWATCH_GAP_MM) * paper.scale
    paper.write(axes, x, middle - 0.33 * size * MM_PER_POINT, label, size)


def outlines_of(content: MapContent, scale: float) -> list[Outline]:
    """Return the outlines that a map has, finest first."""
    finer = {"departement": 1, "region": 2}.get(content.level, 0)
    wider = {"france": 2, "departement": 0, "commune": 0}.get(content.scope.level, 1)
    lines = []
    if finer < 1 <= wider:
        lines.append(Outline("departement", "Limite de département", OUTLINE, 0.55 * scale))
    if wider > 1 and finer <= 1:
        lines.append(Outline("region", "Limite de région", REGION_OUTLINE, 0.9 * scale))
    return lines


def scale_item(paper: Paper, frame: Frame, width: float, *, north: bool = True, size: float = SMALL_SIZE) -> Item:
    """Make the scale bar of a frame, with the north arrow turned as the meridian at the centre of the map."""
    scale = paper.scale
    room = width - (14.0 * scale if north else 0)
    length_m = nice_length(min(room, 40.0 * scale) * frame.m_per_mm)
    length = length_m / frame.m_per_mm
    points = size * scale
    height = (13.0 if north else 6.5) * scale

    def draw(axes: Axes, left: float, top: float) -> None:
        bar_bottom = top - height + 0.4 * scale
        bar = 1.1 * scale
        for half, colour in ((0, INK), (1, "white")):
            axes.add_patch(
                Rectangle((left + half * length / 2, bar_bottom), length / 2, bar, fc=colour, ec=INK, lw=0.5)
            )
        above = bar_bottom + bar + 0.9 * scale
        km = length_m / 1000
        paper.write(axes, left, above, "0", points)
        if length > 22.0 * scale:
            middle = format_number(km / 2, 0 if km >= 2 and km % 2 == 0 else 1)  # noqa: PLR2004 - half a bar in whole km
            paper.write(axes, left + length / 2, above, middle, points, ha="center")
        paper.write(axes, left + length, above, f"{format_number(km, 0 if km >= 1 else 1)} km", points, ha="center")
        if north:
            _draw_north(paper, axes, left + width - 5.0 * scale, top - height / 2, frame.north_angle())

    return Item(height, draw)


def _draw_north(paper: Paper, axes: Axes, x: float, y: float, angle: float) -> None:
    """Draw the arrow around a centre (mm), leaning by an angle (degrees, positive to the left)."""
    half, spread = 4.6 * paper.scale, 1.9 * paper.scale
    turn = math.radians(angle)

    def turned(right: float, up: float) -> tuple[float, float]:
        return x + right * math.cos(turn) - up * math.sin(turn), y + right * math.sin(turn) + up * math.cos(turn)

    tip, foot = turned(0, half * 0.45), turned(0, -half * 0.55)
    left, right = turned(-spread, -half), turned(spread, -half)
    axes.add_patch(Polygon([tip, left, foot], closed=True, fc=INK, ec=INK, lw=0.5))
    axes.add_patch(Polygon([tip, right, foot], closed=True, fc="white", ec=INK, lw=0.5))
    at = turned(0, half * 0.78)
    paper.write(axes, *at, "N", 8.0 * paper.scale, ha="center", va="center", weight="bold", rotation=angle)
