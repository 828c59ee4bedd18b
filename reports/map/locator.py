"""A small map that says where a territory lies: its region with its departments, or France with its regions."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from coverage.territories.gazetteer import FRANCE, Territory
from geo.crs import TERRITORIES
from geo.map import LIGHT
from reports.errors import EmptyTerritoryError
from reports.map.body import SELECTION
from reports.map.frame import frame_on
from reports.map.layers import draw_context, look_through
from reports.map.light_shapes import LightShapes
from reports.map.shapes import METROPOLE, LevelShapes, PrintShapes
from reports.page.paper import MM_PER_POINT, Box, CustomPage
from reports.page.pictures import PictureFormat, render_picture

SIDE_MM: Final = 34.0
DETAIL_MM: Final = 0.1
RING: Final = 0.15
"""A territory smaller than this part of the picture is ringed, or nobody would find it."""


def locator_picture(
    print_shapes: PrintShapes | LightShapes,
    territory: Territory,
    around: Territory,
    *,
    kind: PictureFormat = "svg",
    size: tuple[float, float] = (SIDE_MM, SIDE_MM),
    dpi: int = 200,
) -> bytes:
    """Draw a territory in what it is shown in, without a word, as a picture of a size in millimetres.

    Parameters
    ----------
    print_shapes
        Shapes of the territories: the light ones are enough at this size.
    territory, around
        What is picked out, and where: see `coverage.territories.location.seen_in`.
    kind, size, dpi
        See `reports.page.pictures.render_picture`.

    Raises
    ------
    EmptyTerritoryError
        The territory has no shape in that frame.
    """
    ground = _ground(print_shapes, around)
    chosen = print_shapes.of(territory)
    chosen = chosen.select(np.isin(chosen.grounds, ground.grounds))
    if not len(chosen.codes):
        raise EmptyTerritoryError(f"Localisation : attendu un contour, trouvé aucun pour « {territory.slug} ».")
    paper = CustomPage(size=size)
    figure, _ = paper.sheet()
    figure.patch.set_alpha(0)  # the page behind may be dark
    frame = frame_on(ground.bounds(), Box(0.0, 0.0, *size), TERRITORIES[ground.grounds[0]].epsg)
    axes = paper.place(figure, frame.box)
    look_through(axes, frame)
    axes.set_axis_off()
    detail = DETAIL_MM * frame.m_per_mm
    draw_context(axes, _thinned(ground, detail), 1.0, fill=LIGHT.ground, line="white")
    draw_context(axes, _thinned(chosen, detail), 1.0, fill=SELECTION, line=SELECTION)
    left, bottom, right, top = chosen.bounds()
    ring_mm = RING * min(size)
    if max(right - left, top - bottom) < ring_mm * frame.m_per_mm:
        axes.scatter(
            [(left + right) / 2],
            [(bottom + top) / 2],
            s=(ring_mm / MM_PER_POINT) ** 2,
            facecolors="none",
            edgecolors=SELECTION,
            linewidths=1.4,
            zorder=3,
        )
    return render_picture(figure, kind, dpi=dpi, fonts_inside=False)


def _thinned(shapes: LevelShapes, tolerance_m: float) -> LevelShapes:
    """Drop the vertices that the picture cannot show: shape by shape, white lines cover what then parts two of them."""
    return LevelShapes(shapes.codes, shapely.simplify(shapes.shapes, tolerance_m), shapes.grounds)


def _ground(print_shapes: PrintShapes | LightShapes, around: Territory) -> LevelShapes:
    """Return the regions of mainland France, or the departments of a region."""
    if around == FRANCE:
        shapes = print_shapes.level("region")
        return shapes.select(np.isin(shapes.grounds, METROPOLE))
    shapes = print_shapes.level("departement")
    return shapes.select(np.isin(shapes.codes, list(print_shapes.codes_within(around, ["departement"]))))
