"""The square of a printed map of two indicators: nine cells with their colours, counts and people, within its room."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import FRANCE
from reports.figures.bivariate import cut_axis, draw_pair, pair_card
from reports.map.content import compose_map
from reports.map.margins import height_of, legend_items
from reports.map.print_map import draw_map
from reports.map.square import DrawnSquare
from reports.page.paper import Paper
from tests.reports.conftest import DRAWN_ON


@pytest.fixture
def crossed(studio):
    table = studio.facts.level_table("departement")
    inside = np.ones(len(table), dtype=bool)
    no = np.zeros(len(table), dtype=bool)
    axes = [cut_axis(INDICATORS[name].at("departement"), table[name], "france", inside, no)
            for name in ("apl_65_2023", "share_75plus")]  # fmt: skip
    return axes, draw_pair(*axes, "departement", inside=inside, people=table["population"].to_numpy(float))


def test_the_square_has_a_cell_a_colour_and_writes_their_counts_within_its_room(crossed):
    _, drawn = crossed
    paper = Paper("a4")
    figure, page = paper.sheet()
    square = DrawnSquare(paper, drawn.legend, drawn.legend.square, 60.0)
    before = len(page.texts)
    square.draw(page, 20.0, 150.0)
    cells = [patch for patch in page.patches if isinstance(patch, Rectangle)]
    assert Counter(to_hex(cell.get_facecolor()) for cell in cells) == Counter(drawn.values.palette)
    written = [text.get_text() for text in page.texts[before:]]
    assert written.count("↑ 75 ans ou plus (%)") == 1
    counts = [str(entry.count) for entry in drawn.legend.entries[:9]]
    assert not Counter(counts) - Counter(written)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in page.texts[before:]]
    corners = [page.transData.inverted().transform(box.get_points()) for box in boxes]
    assert min(corner[0][1] for corner in corners) >= 150.0 - square.height - 0.5
    assert max(corner[1][0] for corner in corners) <= 20.0 + 60.0 + 0.5


def test_the_legend_has_the_square_in_place_of_nine_lines_and_the_map_is_drawn(studio, crossed):
    axes, drawn = crossed
    card = pair_card(*axes, "departement")
    content = compose_map(studio.facts, card, "departement", FRANCE, drawn_on=DRAWN_ON, drawn=drawn)
    assert content.title.endswith("et part des habitants de 75 ans ou plus")
    assert "Classes : tiers des lieux de France." in content.subtitle
    items = legend_items(Paper("a4"), content, 60.0)
    assert height_of(items) < 110
    figure = draw_map(studio.print_shapes, content, Paper("a4"))
    written = [text.get_text() for axes_ in figure.axes for text in axes_.texts]
    assert "APL ≤ 65 ans 2023 →" in written
    assert pd.Series(written).str.contains("Joshua Stevens|Stevens").any()
