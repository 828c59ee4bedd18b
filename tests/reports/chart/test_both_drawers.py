"""Every chart that a screen shows: what Plotly draws, and what Matplotlib draws, is what its specification says."""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from coverage.simulator.scenario_file import SavedScenario, write_token
from coverage.simulator.supply_change import Opening
from coverage.territories.gazetteer import Territory
from pages.screens.slideshow.data import slides_for
from pages.widgets import charts
from pages.widgets.saved_views.kept import LIST_KEY
from reports.chart.drawing import MOST_ROWS
from reports.chart.page import chart_figure, paper_for
from tests.pages.choosing import open_tab
from tests.pages.test_screens import ROOT, open_page
from tests.reports.chart.test_charts_of_screens import WORDS

ADDRESSES = (
    *((name, "region-76") for name in ("territoire", "trajectoire", "suivi")),
    *((name, "departement-48") for name in ("croisement", "financement", "classement")),
    ("etude", "commune-48198"),
)
DRAWS = re.compile(r"from pages\.widgets\.charts import [^\n]*\bdraw\b")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Return the charts of the screens, each with the module that draws it."""
    found = []
    drawn_by = charts.plotly_figure

    def keep(chart, **options):
        found.append((sys._getframe(2).f_globals["__name__"], chart))
        return drawn_by(chart, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("MAILLAGE_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setattr(charts, "plotly_figure", keep)
        apps = [open_page(name, territoire=key) for name, key in ADDRESSES]
        apps.append(open_page("projection", territoire="region-76", q_actif="1", q_arrivees="1.2", p_cible="densite"))
        apps += [open_tab(open_page("sources"), "sources_tab", "Projection"), _board(), _scenario(), *_slides()]
    assert not any(app.exception for app in apps)
    return found


def _board():
    app = open_page("suivi_projets", territoire="departement-48", sp_vue="parcours")
    return app.button(key="example_projects").click().run()


def _scenario():
    token = write_token(SavedScenario("Essai", "apl_65_2023", (Opening("48095", 3.0),)))
    app = open_page("simulateur", territoire="departement-48", scenario=token)
    app.session_state["simulator_tab"] = "Avant et après"
    return app.run()


def _slides():
    app = open_page("presentation")
    app.session_state[LIST_KEY] = tuple(slides_for(Territory("departement", "48")))
    app.run()
    app.button(key="presentation_start").click().run()
    for _ in app.session_state[LIST_KEY]:
        yield app.button(key="presentation_Right").click().run()


def test_every_screen_with_a_chart_is_tried(shown):
    tried = {name for name, _ in shown}
    for path in Path(ROOT, "pages").rglob("*.py"):
        if DRAWS.search(path.read_text(encoding="utf-8")):
            assert ".".join(path.relative_to(ROOT).with_suffix("").parts) in tried
    assert len(shown) >= 30


def same(drawn, said):
    """Compare what Plotly was given with what is said: names as they are, dates and numbers by their value."""
    drawn = [value.replace("<br>", "\n") if isinstance(value, str) else value for value in drawn]
    drawn, said = ([np.nan if value is None else value for value in values] for values in (drawn, said))
    if any(isinstance(value, str) or hasattr(value, "year") for value in said):
        assert list(map(str, drawn)) == list(map(str, said))
    else:
        assert drawn == pytest.approx(said, nan_ok=True)


def test_the_screen_shows_the_values_of_the_specification(shown):
    for _, chart in shown:
        traces = charts.plotly_figure(chart).data
        for trace, bars in zip(traces, chart.bars, strict=False):
            lengths, places = (trace.x, trace.y) if chart.is_horizontal else (trace.y, trace.x)
            same(lengths, bars.lengths)
            same(places, bars.places)
            same([] if trace.base is None else trace.base, bars.starts)
            assert (trace.name or "") == bars.name
            assert list(trace.hovertext) == [text.replace("\n", "<br>") for text in bars.hovers]
        for trace, line in zip(traces[len(chart.bars) :], chart.lines, strict=True):
            same(trace.x, line.x)
            same(trace.y, line.y)
            assert (trace.name or "") == line.name
            assert list(trace.hovertext or ()) == [text.replace("\n", "<br>") for text in line.hovers]
        assert sum(shape.type == "line" for shape in charts.plotly_figure(chart).layout.shapes) == len(chart.references)


def places_on(axis, values, columns):
    """Return values of an axis as numbers, by the slow way: names by rank among all of the chart, dates by day."""
    if axis.kind == "names":
        names = list(axis.names) or list(dict.fromkeys(name for column in columns for name in column))
        return [float(names.index(value)) for value in values]
    if axis.kind == "dates":
        first = pd.Timestamp("1970-01-01")
        return [np.nan if value is None else (pd.Timestamp(value) - first).total_seconds() for value in values]
    return [np.nan if value is None else float(value) for value in values]


def drawn_pairs(chart):
    """Return, for x and y, the pairs of a value said and of where it is drawn on paper (mm)."""
    page = chart_figure(chart, WORDS, paper_for(chart)).axes[0]
    pairs = {"x": [], "y": []}
    across, up = ("x", "y") if not chart.is_horizontal else ("y", "x")
    along = getattr(chart, across)
    columns = [*(bars.places for bars in chart.bars), *(getattr(line, across) for line in chart.lines)]
    rectangles = [p for p in page.patches if isinstance(p, Rectangle) and p.get_zorder() == 2]
    reached, middles = {}, {}
    for bars in chart.bars:
        for rank, (place, length) in enumerate(zip(bars.places, bars.lengths, strict=True)):
            start = bars.starts[rank] if len(bars.starts) else reached.get(place, 0.0)
            if chart.is_stacked:
                reached[place] = start + length
            if np.isnan(length):
                continue
            bar = rectangles.pop(0)
            (left, right), (low, high) = bar.get_bbox().intervalx, bar.get_bbox().intervaly
            ends, sides = ((left, right), (low, high)) if chart.is_horizontal else ((low, high), (left, right))
            pairs[up] += zip(sorted((start, start + length)), ends, strict=True)
            middles.setdefault(place, []).append(sum(sides) / 2)
    assert not rectangles
    for place, found in middles.items():
        if len(found) == len(chart.bars):  # bars side by side stand around their place
            pairs[across] += [(places_on(along, [place], columns)[0], sum(found) / len(found))]
    lines = [line for line in page.lines if 4 <= line.get_zorder() < 5]
    bands = [p for p in page.patches if isinstance(p, Polygon) and not isinstance(p, Rectangle) and p.get_zorder() == 2]
    for line in chart.lines:
        points = bands.pop(0).get_xy()[: len(line.x)] if line.is_band else np.transpose(lines.pop(0).get_data())
        for side, drawn in zip("xy", points.T, strict=True):
            axis = getattr(chart, side)
            every = columns if side == across else [getattr(other, side) for other in chart.lines]
            pairs[side] += zip(places_on(axis, getattr(line, side), every), map(float, drawn), strict=True)
    assert not lines
    assert not bands
    for line, drawn in zip(chart.references, (li for li in page.lines if li.get_zorder() == 5), strict=True):
        pairs[line.axis].append((line.value, (drawn.get_xdata() if line.axis == "x" else drawn.get_ydata())[0]))
    return page, pairs


def test_paper_shows_the_values_of_the_specification(shown):
    for _, chart in shown:
        if chart.is_horizontal and len(chart.bars[0].places) > MOST_ROWS:
            continue  # in several columns: see test_charts_of_screens
        page, pairs = drawn_pairs(chart)
        for found in pairs.values():
            values, drawn = np.transpose([pair for pair in found if not np.isnan(pair).any()] or [(0.0, 0.0)])
            low, high = values.argmin(), values.argmax()
            if values[low] == values[high]:
                assert drawn == pytest.approx(np.full(len(drawn), drawn[0]))
                continue
            # One ruler for all series: the two extremes say where any value between them stands.
            part = (values - values[low]) / (values[high] - values[low])
            assert drawn == pytest.approx(drawn[low] + part * (drawn[high] - drawn[low]), abs=1e-6)
            assert abs(drawn[high] - drawn[low]) > 10.0
        written = {text.get_text() for text in page.figure.findobj(Text)}
        assert {text for bars in chart.bars for text in bars.texts if text} <= written
        assert {note.text.replace("-\n", "-").replace("\n", " ") for note in chart.notes} <= written
        names = [series.name for series in (*chart.bars, *chart.lines) if series.name]
        assert len(names) < 2 or set(names) <= written
