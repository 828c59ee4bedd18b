"""Circles and neighbours on paper: areas in proportion, points inside their territory, words for both."""

import numpy as np
import pytest
import shapely
from matplotlib.collections import PathCollection
from matplotlib.text import Text

from coverage.territories.gazetteer import Territory
from geo.map import LIGHT
from geo.map.palettes import luminance
from reports.map.circles import anchor_points
from reports.map.content import compose_map
from reports.map.print_map import draw_map
from reports.page.paper import Paper
from tests.reports.conftest import DRAWN_ON

LOZERE, OCCITANIE = Territory("departement", "48"), Territory("region", "76")


def drawn(studio, indicator, level, territory):
    content = compose_map(studio.facts, indicator, level, territory, drawn_on=DRAWN_ON)
    return content, draw_map(studio.print_shapes, content, Paper())


def discs_of(figure):
    """Return the filled circles and the pale rings of a map."""
    marks = [
        one
        for axes in figure.axes
        for one in axes.collections
        if isinstance(one, PathCollection) and len(one.get_sizes()) and len(one.get_offsets()) > 1
    ]
    filled = [one for one in marks if len(one.get_facecolors())]
    return filled, [one for one in marks if not len(one.get_facecolors())]


def test_the_area_of_a_printed_circle_is_in_proportion_to_its_number(studio):
    content, figure = drawn(studio, "n_msp", "departement", OCCITANIE)
    (filled,), _ = discs_of(figure)
    values = studio.facts.level_table("departement")["n_msp"]
    members = studio.facts.gazetteer.within(OCCITANIE, "departement")["departement_code"]
    expected = sorted(values[members], reverse=True)
    areas = filled.get_sizes()
    assert np.allclose(areas / areas[0], np.array(expected) / expected[0])
    assert content.drawn.values.circles.largest == expected[0]
    said = {text.get_text() for text in figure.findobj(Text)}
    assert {size.label for size in content.drawn.legend.sizes} <= said


def test_neighbours_are_rings_and_zero_has_no_circle(studio):
    content, figure = drawn(studio, "n_msp", "commune", LOZERE)
    (filled,), (rings,) = discs_of(figure)
    assert len(filled.get_offsets()) == 9  # the communes that have one, of 152
    assert len(rings.get_offsets()) > 9
    assert "0" in [entry.label for entry in content.drawn.legend.shown]


def test_a_department_alone_is_printed_in_its_region(studio):
    content, figure = drawn(studio, "n_gp", "departement", LOZERE)
    assert (content.scope, content.framed, content.outlined) == (OCCITANIE, OCCITANIE, LOZERE)
    assert content.title.startswith("Lozère : ")
    assert "Lozère" in [text.get_text() for text in figure.findobj(Text)]


def test_a_circle_stands_in_its_territory(studio):
    for level in ("departement", "region"):
        shapes = studio.print_shapes.level(level).shapes
        assert shapely.contains(shapes, shapely.points(anchor_points(shapes))).all()


def test_a_circle_stands_at_the_centre_of_the_largest_part_or_within_it_when_the_centre_is_not():
    square = shapely.box(0, 0, 4, 4)
    crescent = shapely.box(0, 0, 9, 9).difference(shapely.box(1, 1, 9, 8))
    points = anchor_points(np.array([shapely.MultiPolygon([shapely.box(20, 20, 21, 21), square]), crescent]))
    assert points[0] == pytest.approx([2, 2])
    assert shapely.contains(crescent, shapely.Point(points[1]))


def test_in_greys_the_ground_stays_and_the_most_numerous_is_the_darkest(studio):
    legend = compose_map(studio.facts, "n_msp", "commune", OCCITANIE, drawn_on=DRAWN_ON, grey=True).drawn.legend
    zero, *circles = legend.shown
    assert (zero.label, zero.colour) == ("0", LIGHT.ground)
    tones = [luminance(entry.colour) for entry in circles]
    assert tones == sorted(tones, reverse=True)
    assert tones[0] < luminance(LIGHT.ground)
