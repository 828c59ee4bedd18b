"""The body of a printed map: the ground in its frame, coloured, outlined, with its structures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from coverage.gazetteer import FRANCE, Territory
from geo.crs import TERRITORIES
from geo.layers import OUTSIDE
from reports.errors import EmptyTerritoryError
from reports.ground import METROPOLE, Ground, LevelShapes, merged, simplified
from reports.map_frame import Frame, frame_on
from reports.map_layers import (
    draw_classes,
    draw_context,
    draw_outlines,
    draw_structures,
    letters_of,
    look_through,
    within_frame,
)
from reports.map_margins import outlines_of
from reports.paper import RULE, Box, Paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.map_content import MapContent

SELECTION: Final = "#c2185b"
FINEST_DETAIL_MM: Final = 0.08
"""Detail (mm of paper) that a drawing in lines (SVG, PDF) keeps when it shows all the communes of France."""

MANY_COMMUNES: Final = 12_000


def grounds_of(ground: Ground, content: MapContent) -> tuple[int, ...]:
    """Return the ranks of the grounds of the main map: the mainland and Corsica together, or one overseas territory."""
    if content.scope == FRANCE:
        return METROPOLE
    shapes = ground.level("departement" if content.scope.level != "region" else "region")
    here = shapes.grounds[shapes.codes == content.scope.code]
    if not len(here):
        raise EmptyTerritoryError(f"Carte : attendu un territoire avec un contour, trouvé « {content.scope.key} ».")
    return METROPOLE if here[0] in METROPOLE else (int(here[0]),)


def frame_of(ground: Ground, content: MapContent, box: Box, grounds: tuple[int, ...]) -> Frame:
    """Return the frame that shows the framed territory, whole, in a box of the page."""
    framed = content.framed
    if framed == FRANCE:
        shapes = ground.level("region")
        shown = shapes.select(np.isin(shapes.grounds, grounds))
    else:
        shapes = ground.level(framed.level)
        shown = shapes.select(np.asarray(shapes.codes == framed.code))
    margin = 0.01 if framed == FRANCE else 0.1 if framed.level == "epci" else 0.03
    return frame_on(shown.bounds(), box, TERRITORIES[grounds[0]].epsg, margin)


def draw_ground(
    figure: Figure,
    paper: Paper,
    ground: Ground,
    content: MapContent,
    frame: Frame,
    grounds: tuple[int, ...],
    letters: pd.Series,
    *,
    in_lines: bool,
    line_scale: float = 1.0,
) -> Axes:
    """Draw the main map in its frame; returns its axes, in metres of ground."""
    scale = paper.scale * line_scale
    axes = paper.place(figure, frame.box)
    look_through(axes, frame)
    if content.scope != FRANCE:
        draw_context(axes, within_frame(ground.level("departement"), frame), scale)
    for side in axes.spines.values():
        side.set(color=RULE, linewidth=0.6, visible=content.scope != FRANCE)
    shown = coloured(ground, content, frame, letters)
    classes = letters_of(shown, content.codes, content.drawn.values.classes)
    n_inside = int((letters != OUTSIDE).sum())
    if in_lines and len(shown.codes) > MANY_COMMUNES:  # no line parts them: what is of one colour may be one shape
        shown = merged(shown, classes)
        classes = shown.codes.to_numpy(dtype=str)
        shown = simplified(shown, FINEST_DETAIL_MM * frame.m_per_mm)
    draw_classes(axes, shown, classes, content.drawn, n_inside, scale)
    draw_lines(axes, scale, ground, content, frame, grounds)
    draw_structures(axes, content.structures, frame, scale)
    return axes


def coloured(ground: Ground, content: MapContent, frame: Frame, letters: pd.Series) -> LevelShapes:
    """Return the territories of the scope that the frame shows."""
    shapes = within_frame(ground.level(content.level), frame)
    return shapes.select((letters.reindex(shapes.codes, fill_value=OUTSIDE) != OUTSIDE).to_numpy())


def draw_lines(
    axes: Axes, scale: float, ground: Ground, content: MapContent, frame: Frame, grounds: tuple[int, ...]
) -> None:
    """Draw the borders of departments and regions in the scope, the scope itself, and the territory picked out."""
    for label, colour, width in outlines_of(content, scale):
        level = "region" if "région" in label else "departement"
        shapes = ground.level(level)
        inside = np.isin(shapes.grounds, grounds) & _held(ground, shapes, content.scope)
        draw_outlines(axes, within_frame(shapes.select(inside), frame), colour, width)
    if content.scope != FRANCE:
        shapes = ground.level(content.scope.level)
        draw_outlines(axes, shapes.select(np.asarray(shapes.codes == content.scope.code)), "#2b343d", 0.9 * scale)
    if content.outlined is not None:
        shapes = ground.level(content.outlined.level)
        chosen = shapes.select(np.asarray(shapes.codes == content.outlined.code))
        draw_outlines(axes, chosen, "white", 2.6 * scale, 3.5)
        draw_outlines(axes, chosen, SELECTION, 1.3 * scale, 3.6)


def _held(ground: Ground, shapes: LevelShapes, scope: Territory) -> Any:
    """Tell which shapes of departments or regions lie in the scope."""
    if scope == FRANCE:
        return np.ones(len(shapes.codes), dtype=bool)
    return np.isin(shapes.codes, list(ground.codes_within(scope)))
