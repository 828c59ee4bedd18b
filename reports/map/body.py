"""The body of a printed map: the print_shapes in its frame, coloured, outlined, with its structures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from coverage.territories.gazetteer import FRANCE, Territory
from geo.crs import TERRITORIES
from geo.levels import MADE_OF_COMMUNES
from geo.map import OUTSIDE
from geo.map.values import UNKNOWN
from reports.errors import EmptyTerritoryError
from reports.map.circles import draw_circles
from reports.map.frame import Frame, frame_on
from reports.map.layers import (
    are_parted,
    draw_classes,
    draw_context,
    draw_outlines,
    draw_structures,
    fills,
    letters_of,
    look_through,
    within_frame,
)
from reports.map.margins import outlines_of
from reports.map.shapes import METROPOLE, LevelShapes, PrintShapes, merged, simplified
from reports.page.paper import RULE, Box, Paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.map.content import MapContent

SELECTION: Final = "#c2185b"
FINEST_DETAIL_MM: Final = 0.08
"""Detail (mm of paper) that a drawing in lines (SVG, PDF) keeps when it shows all the communes of France."""


def grounds_of(print_shapes: PrintShapes, content: MapContent) -> tuple[int, ...]:
    """Return the ranks of the grounds of the main map: the mainland and Corsica together, or one overseas territory."""
    if content.scope == FRANCE:
        return METROPOLE
    here = print_shapes.of(content.scope).grounds
    if not len(here):
        raise EmptyTerritoryError(f"Carte : attendu un territoire avec un contour, trouvé « {content.scope.slug} ».")
    return METROPOLE if np.isin(here, METROPOLE).any() else (int(here[0]),)


def frame_of(print_shapes: PrintShapes, content: MapContent, box: Box, grounds: tuple[int, ...]) -> Frame:
    """Return the frame that shows the framed territory, whole, in a box of the page."""
    framed = content.framed
    shapes = print_shapes.of(framed)
    shown = shapes.select(np.isin(shapes.grounds, grounds))
    margin = 0.01 if framed == FRANCE else 0.1 if framed.level in MADE_OF_COMMUNES else 0.03
    return frame_on(shown.bounds(), box, TERRITORIES[grounds[0]].epsg, margin)


def draw_ground(
    figure: Figure,
    paper: Paper,
    print_shapes: PrintShapes,
    content: MapContent,
    frame: Frame,
    grounds: tuple[int, ...],
    letters: pd.Series,
    *,
    in_lines: bool,
    line_scale: float = 1.0,
) -> Axes:
    """Draw the main map in its frame; returns its axes, in metres of print_shapes."""
    scale = paper.scale * line_scale
    axes = paper.place(figure, frame.box)
    look_through(axes, frame)
    if content.scope != FRANCE:
        draw_context(axes, within_frame(print_shapes.level("departement"), frame), scale)
    for side in axes.spines.values():
        side.set(color=RULE, linewidth=0.6, visible=content.scope != FRANCE)
    _draw_neighbours(axes, print_shapes, content, frame, scale)
    shown = counted = coloured(print_shapes, content, frame, letters)
    classes = letters_of(shown, content.codes, content.drawn.values.classes)
    n_inside = int((letters != OUTSIDE).sum())
    if not are_parted(n_inside):
        # Where two colours meet, their smoothed edges let a little of what is under them through: not the white page.
        colours = list(fills(content.drawn).values())
        under = within_frame(print_shapes.of(content.scope), frame)
        draw_context(axes, under, scale, fill=colours[len(colours) // 2], line="none")
        if in_lines:  # what is of one colour may be one shape
            shown = merged(shown, classes)
            classes = shown.codes.to_numpy(dtype=str)
            shown = simplified(shown, FINEST_DETAIL_MM * frame.m_per_mm)
    draw_classes(axes, shown, classes, content.drawn, n_inside, scale)
    own = letters_of(counted, content.codes, content.drawn.values.classes)
    draw_circles(axes, counted, content, own, scale, pale=False)
    draw_left_out(axes, print_shapes, content, frame, scale)
    draw_lines(axes, scale, print_shapes, content, frame, grounds)
    draw_structures(axes, content.structures, frame, scale)
    return axes


def _draw_neighbours(axes: Axes, print_shapes: PrintShapes, content: MapContent, frame: Frame, scale: float) -> None:
    """Draw the territories around the scope in a paler tint, under those of the scope."""
    around = content.drawn.values.around
    if not around:
        return
    letters = pd.Series(list(around), index=content.codes)
    shown = coloured(print_shapes, content, frame, letters)
    classes = letters_of(shown, content.codes, around)
    draw_classes(axes, shown, classes, content.drawn, len(shown.codes), scale, pale=True)
    draw_circles(axes, shown, content, classes, scale, pale=True)


def neighbour_shapes(print_shapes: PrintShapes, content: MapContent, frame: Frame) -> dict[str, Any]:
    """Return the names and shapes of what lies around the scope in a frame (`MapContent.neighbours`)."""
    if not content.neighbours:
        return {}
    shapes = within_frame(print_shapes.level("region" if content.scope.level == "region" else "departement"), frame)
    inside = print_shapes.codes_within(content.scope)
    names = zip(shapes.codes, shapes.shapes, strict=True)
    return {content.neighbours[code]: shape for code, shape in names if code not in inside}


def coloured(print_shapes: PrintShapes, content: MapContent, frame: Frame, letters: pd.Series) -> LevelShapes:
    """Return the territories of the scope that the frame shows."""
    shapes = within_frame(print_shapes.level(content.level), frame)
    return shapes.select((letters.reindex(shapes.codes, fill_value=OUTSIDE) != OUTSIDE).to_numpy())


def draw_left_out(axes: Axes, print_shapes: PrintShapes, content: MapContent, frame: Frame, scale: float) -> None:
    """Hatch what the scope holds in no territory of the level: unknown, and not empty."""
    letters = content.drawn.values.left_out
    if UNKNOWN in letters:
        shapes = print_shapes.left_out(content.level)
        shown = within_frame(shapes.select(np.array(list(letters)) == UNKNOWN), frame)
        draw_classes(axes, shown, np.full(len(shown.codes), UNKNOWN), content.drawn, len(shown.codes), scale)


def draw_lines(
    axes: Axes, scale: float, print_shapes: PrintShapes, content: MapContent, frame: Frame, grounds: tuple[int, ...]
) -> None:
    """Draw the borders of departments and regions in the scope, the scope itself, and the territory picked out."""
    for outline in outlines_of(content, scale):
        shapes = print_shapes.level(outline.level)
        inside = np.isin(shapes.grounds, grounds) & _held(print_shapes, shapes, content.scope)
        draw_outlines(axes, within_frame(shapes.select(inside), frame), outline.colour, outline.width)
    if content.scope != FRANCE:
        shapes = print_shapes.of(content.scope)
        draw_outlines(axes, shapes.select(np.isin(shapes.grounds, grounds)), "#2b343d", 0.9 * scale)
    if content.outlined is not None:
        chosen = print_shapes.of(content.outlined)
        draw_outlines(axes, chosen, "white", 2.6 * scale, 3.5)
        draw_outlines(axes, chosen, SELECTION, 1.3 * scale, 3.6)


def _held(print_shapes: PrintShapes, shapes: LevelShapes, scope: Territory) -> Any:
    """Tell which shapes of departments or regions lie in the scope."""
    if scope == FRANCE:
        return np.ones(len(shapes.codes), dtype=bool)
    return np.isin(shapes.codes, list(print_shapes.codes_within(scope)))
