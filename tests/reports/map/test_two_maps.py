"""Two maps on one page: both drawn, one title, both legends, the sources of both."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from coverage.territories.gazetteer import Territory
from reports.map import two_maps
from reports.map.content import compose_map
from reports.map.two_maps import two_maps_png
from tests.reports.conftest import DRAWN_ON

LOZERE = Territory("departement", "48")


@pytest.fixture
def contents(studio):
    return tuple(
        compose_map(studio.facts, name, "commune", LOZERE, drawn_on=DRAWN_ON)
        for name in ("apl_65_2022", "nearest_msp_min")
    )


def halves(png):
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    middle = picture.shape[1] // 2
    return picture[:, :middle], picture[:, middle:]


def share_of(picture, colour):
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return float((np.abs(picture - wanted).max(axis=2) < 8).mean())


def test_each_map_is_drawn_in_its_own_colours_on_its_side(studio, contents):
    left, right = halves(two_maps_png(studio.print_shapes, contents, title="Lozère", dpi=60))
    apl, minutes = (content.drawn.values.palette for content in contents)
    only_apl, only_minutes = set(apl) - set(minutes), set(minutes) - set(apl)
    assert max(share_of(left, colour) for colour in only_apl) > 0.01
    assert max(share_of(right, colour) for colour in only_minutes) > 0.01
    assert max(share_of(right, colour) for colour in only_apl) < 0.001


def test_the_page_says_its_title_both_legends_and_the_sources_of_both(studio, contents, monkeypatch):
    figures: list[Figure] = []
    drawn, rendered = two_maps.rasterise, two_maps.render_picture
    monkeypatch.setattr(two_maps, "rasterise", lambda figure, dpi: figures.append(figure) or drawn(figure, dpi))
    monkeypatch.setattr(
        two_maps,
        "render_picture",
        lambda figure, kind, **more: figures.append(figure) or rendered(figure, kind, **more),
    )
    two_maps_png(studio.print_shapes, contents, title="Lozère, deux mesures", names=("Avant", "Après"), dpi=40)
    said = [" ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ") for figure in figures]
    assert f"Avant : {contents[0].drawn.legend.title}" in said[0]
    assert f"Après : {contents[1].drawn.legend.title}" in said[1]
    assert "Lozère, deux mesures" in said[2]
    for content in contents:
        assert content.source.split(",")[0] in said[2]
