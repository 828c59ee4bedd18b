"""Shapes turned into what Matplotlib fills, and no border between territories of one colour."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.path import Path

from coverage.territories.gazetteer import FRANCE
from reports.map.layers import draw_classes, fills
from reports.map.shapes import LevelShapes, one_path, paths
from reports.page.paper import Box, Paper
from reports.page.pictures import rasterise
from tests.reports.conftest import DRAWN_ON

SQUARE = shapely.box(0, 0, 9, 9)
HOLED = shapely.difference(shapely.box(10, 0, 19, 9), shapely.MultiPoint([(12, 3), (16, 6)]).buffer(1))
PARTS = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), HOLED.intersection(shapely.box(10, 0, 14, 9)), SQUARE])


def slow_path(polygon):
    """Return the points of a polygon and what is done at each, ring by ring."""
    rings = [polygon.exterior, *polygon.interiors]
    points = [point for ring in rings for point in ring.coords]
    codes = [code for ring in rings for code in (Path.MOVETO, *[Path.LINETO] * (len(ring.coords) - 2), Path.CLOSEPOLY)]
    return points, codes


@pytest.mark.parametrize(
    "shapes", [[SQUARE], [HOLED], [SQUARE, HOLED, PARTS, shapely.Polygon(), SQUARE], [shapely.Polygon()], []]
)
def test_paths_keep_each_ring(shapes):
    shapes = np.array(shapes, dtype=object)
    expected = [slow_path(part) for shape in shapes for part in shapely.get_parts(shape) if not part.is_empty]
    found, owner = paths(shapes)
    assert [(list(map(tuple, path.vertices)), path.codes.tolist()) for path in found] == expected
    assert owner.tolist() == [
        rank for rank, shape in enumerate(shapes) for part in shapely.get_parts(shape) if not part.is_empty
    ]
    whole = one_path(shapes)
    assert list(map(tuple, whole.vertices)) == [point for points, _ in expected for point in points]
    assert whole.codes.tolist() == [code for _, codes in expected for code in codes]


def test_where_no_line_parts_territories_nothing_shows_between_those_of_one_colour(studio):
    drawn = studio.map_content("apl_65_2023", "commune", FRANCE, drawn_on=DRAWN_ON).drawn
    edges = np.linspace(0, 10, 31) + 0.0123
    slanted = [
        shapely.Polygon([(left, 0), (right, 0), (right + 3.3, 10), (left + 3.3, 10)])
        for left, right in itertools.pairwise(edges)
    ]
    shapes = LevelShapes(pd.Index(range(30)), np.array(slanted, dtype=object), np.zeros(30, dtype=np.int64))
    paper = Paper()
    figure, _ = paper.sheet()
    axes = paper.place(figure, Box(0, 0, paper.width, paper.height))
    axes.set(xlim=(4, 9), ylim=(3, 7))  # within the shapes everywhere
    draw_classes(axes, shapes, np.full(30, "2"), drawn, 20_000, 1.0)
    for side in axes.spines.values():
        side.set_visible(False)
    colour = tuple(int(fills(drawn)["2"][start : start + 2], 16) for start in (1, 3, 5))
    assert (rasterise(figure, 60)[:, :, :3] == colour).all()
