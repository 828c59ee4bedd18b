"""What readers see of a chart: small parts named, a colour a territory, names that fit a phone."""

from types import SimpleNamespace

import pandas as pd
import pytest

from coverage.territories.gazetteer import FRANCE, Territory
from geo.map.palettes import luminance
from pages.app.tables import load_gazetteer
from pages.screens.programme.charts import chart_apl
from pages.screens.trajectory.charts import draw_ranks
from pages.widgets import charts
from pages.widgets.chart_drawing import plotly_figure
from pages.widgets.charts import territory_colours, whole_step
from reports.chart.placing import placed
from reports.chart.shares import stack_shares
from reports.territory.content import APL_CLASSES, APL_COLOURS
from tests.pages.test_screens import ROOT

LOZERE, GARD, AUDE = (Territory("departement", code) for code in ("48", "30", "11"))
OCCITANIE = Territory("region", "76")


@pytest.fixture(autouse=True)
def _root(monkeypatch):
    monkeypatch.chdir(ROOT)


def shown(monkeypatch, theme):
    given = []
    monkeypatch.setattr(charts.st, "context", SimpleNamespace(theme=SimpleNamespace(type=theme)))
    monkeypatch.setattr(charts.st, "plotly_chart", lambda figure, **_: given.append(figure))
    shares = {"A": pd.Series([0.52, 0.3, 0.13, 0.05, 0.0]), "B": pd.Series([0.04, 0.16, 0.4, 0.396, 0.004])}
    chart = stack_shares(shares, APL_CLASSES, APL_COLOURS, "habitants")
    charts.draw(chart, "chart", "Parts")
    return placed(chart), given[0]


def test_small_parts_have_their_figure_above_the_bar_and_paper_stays_as_it_was(monkeypatch):
    paper, screen = shown(monkeypatch, "light")
    notes = {(note.text.replace("\u00a0", " "), round(note.x, 6), round(note.y)) for note in screen.layout.annotations}
    assert notes == {("5 %", 97.5, 1), ("4 %", 2.0, 0)}  # A is above B; 0 % and 0,4 % are no part to be named
    assert [trace.marker.color for trace in screen.data] == list(APL_COLOURS)
    assert not paper.notes
    assert paper.bars[3].texts == ("40\u00a0%", "")  # B, then A above it


def test_on_a_dark_page_the_top_class_is_told_from_the_page(monkeypatch):
    paper, screen = shown(monkeypatch, "dark")
    page = luminance("#10161e")
    assert min((luminance(trace.marker.color) + 0.05) / (page + 0.05) for trace in screen.data) > 3
    assert [bars.colours[0] for bars in paper.bars] == list(APL_COLOURS)


def test_a_territory_keeps_its_colour_whatever_is_compared():
    gazetteer = load_gazetteer()
    alone = territory_colours(gazetteer, (LOZERE, OCCITANIE, FRANCE))
    one = territory_colours(gazetteer, (LOZERE, GARD, OCCITANIE, FRANCE))
    two = territory_colours(gazetteer, (LOZERE, GARD, AUDE))  # the counts alone: nothing around
    assert alone.items() <= one.items() <= two.items()
    assert len(set(two.values())) == len(two) == 5


def test_the_names_of_the_ranks_are_short_enough_for_a_phone():
    chart = draw_ranks(load_gazetteer(), "pour_100k", {"Occitanie": "#d55e00"})
    lines = [
        line for note in plotly_figure(chart).layout.annotations for line in note.text.replace("<b>", "").split("<br>")
    ]
    assert max(map(len, lines)) <= 15
    said = {note.text for note in placed(chart).notes}
    assert {"Provence-Alpes-Côte d'Azur", "Bourgogne-Franche-Comté", "Pays de la Loire", "Occitanie"} <= said


def test_groups_of_communes_are_named_on_two_lines_under_their_bars():
    names = ["Avec MSP (1er janvier 2024)", "Sans MSP", "Zone inconnue", "ZIP"]
    chart = chart_apl(pd.DataFrame({"apl_before": 3.0, "apl_after": 2.9}, index=names))
    assert chart.bars[0].places == ["Avec MSP (1er\njanvier 2024)", "Sans MSP", "Zone\ninconnue", "ZIP"]
    assert chart.bars[0].hovers[0].startswith("Avec MSP (1er janvier 2024)\nAPL 2022 : 3,00")
    assert plotly_figure(chart).data[0].x[0] == "Avec MSP (1er<br>janvier 2024)"


@pytest.mark.parametrize(("largest", "step"), [(0.0, 1), (1.0, 1), (8.0, 1), (9.0, None), (float("nan"), None)])
def test_an_axis_of_a_few_things_counted_has_no_halves(largest, step):
    assert whole_step(largest) == step
