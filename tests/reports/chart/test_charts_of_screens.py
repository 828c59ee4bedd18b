"""Charts of the specification on screen and on paper: the same values; titles and sources; French numbers."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from pages.widgets.chart_drawing import plotly_figure
from pages.widgets.charts import draw_lines, draw_ranked_bars
from reports.chart.axes import ruler_of, ticks_of
from reports.chart.page import ChartWords, chart_figure, paper_for, render_chart
from reports.chart.placing import placed
from reports.chart.shares import stack_shares
from reports.chart.specification import Axis, Bars, Chart, Line, Reference
from reports.errors import ChartError
from reports.page.paper import Paper

WORDS = ChartWords(
    "Occitanie : titre", "En MSP, 2022, mesuré.", "Sources : DGOS – Licence Ouverte 2.0. 22 novembre 2026."
)
SERIES = pd.Series([99.0, 134.0, 277.0], index=pd.to_datetime(["2017-06-30", "2019-06-30", "2022-12-31"]))


def texts_of(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def bars_of(figure, colour):
    return [bar for bar in figure.findobj(Rectangle) if bar.get_facecolor() == pytest.approx(colour, abs=0.01)]


def test_lines_are_those_of_the_screen():
    drawn = draw_lines({"Occitanie": SERIES, "France": SERIES / 2}, "MSP")
    screen, chart = plotly_figure(drawn), placed(drawn)
    assert [list(line.y) for line in chart.lines] == [list(SERIES), list(SERIES / 2)]
    for line, trace in zip(chart.lines, screen.data, strict=True):
        assert line.y == pytest.approx(np.asarray(trace.y, dtype=float))
        assert [pd.Timestamp(day, unit="D").date() for day in line.x] == [pd.Timestamp(x).date() for x in trace.x]
        assert line.colour == trace.line.color
        assert line.name == trace.name
    assert chart.y.title == screen.layout.yaxis.title.text == "MSP"
    assert chart.y.starts_at_zero
    assert screen.layout.yaxis.rangemode == "tozero"


def test_lines_on_paper_stand_at_their_values():
    figure = chart_figure(draw_lines({"a": SERIES, "b": SERIES / 2}, "MSP"), WORDS, Paper("16:9"))
    drawn = [line for line in figure.axes[0].lines if line.get_zorder() >= 4]  # above the grid and the legend
    first, second = (np.asarray(line.get_ydata()) for line in drawn[:2])
    # Half of each value stands at half of the height above zero: what zero is follows, the same for all.
    zero = 2 * second - first
    assert zero == pytest.approx([zero[0]] * 3)
    assert (first - zero) / (first - zero)[0] == pytest.approx(SERIES.to_numpy() / SERIES.iloc[0])


def test_ranked_bars_on_paper_have_the_lengths_and_the_figures_of_the_screen():
    names = [f"Territoire {rank}" for rank in range(18)]
    values = [4.53 - 0.17 * rank for rank in range(18)]
    written = [f"{value:.2f}".replace(".", ",") for value in values]
    screen = draw_ranked_bars(names, values, written, chosen="Territoire 3", reference=3.29)
    figure = chart_figure(screen, WORDS, Paper("16:9"))
    said = texts_of(figure)
    assert set(names) | set(written) | {"France", WORDS.title, WORDS.source} <= set(said)
    grey = (0x93 / 255, 0xA3 / 255, 0xB5 / 255, 1.0)
    widths = [bar.get_width() for bar in sorted(bars_of(figure, grey), key=lambda bar: -bar.get_y())]
    others = [value for rank, value in enumerate(values) if rank != 3]
    assert np.array(widths) / widths[0] == pytest.approx(np.array(others) / others[0])


def test_a_hundred_departments_go_on_in_other_columns_all_of_them_named():
    names = [f"Département {rank}" for rank in range(101)]
    screen = draw_ranked_bars(names, list(range(101, 0, -1)), [str(v) for v in range(101)], chosen=None, reference=50)
    said = texts_of(chart_figure(screen, WORDS, Paper("16:9")))
    assert set(names) <= set(said)
    assert said.count("France") == 3  # the reference stands in each column


def test_shares_fill_the_bar_and_small_parts_have_no_figure():
    shares = {"Lozère": pd.Series([0.5, 0.45, 0.05]), "France": pd.Series([0.1, 0.2, 0.7])}
    chart = placed(stack_shares(shares, ["a", "b", "c"], ["#111111", "#222222", "#333333"], "habitants"))
    assert chart.is_stacked
    assert chart.bars[-1].starts + chart.bars[-1].lengths == pytest.approx([100.0, 100.0])
    assert chart.bars[1].starts == pytest.approx(chart.bars[0].lengths)
    # Reading goes from the bottom of the screen: France, then Lozère, whose 5 % have no room for a figure.
    assert chart.bars[2].texts == ("70\u00a0%", "")
    assert paper_for(chart).height < Paper("16:9").height


def test_bands_marks_steps_and_references_are_kept():
    band = Line("", [2025, 2030, 2030, 2025], [9, 12, 8, 9], "#2f74b8", opacity=0.2, is_band=True)
    line = Line("", [2025, 2030], [9, 10], "#0072b2", width=3, is_dotted=True, is_stepped=True)
    mark = Line("objectif", [2026], [11], "#d55e00", mark="open diamond")
    reference = Reference("y", 9.0, "#ff0000", "seuil")
    chart = Chart(Axis("years"), Axis(ends=(5, 15)), lines=[band, line, mark], references=[reference])
    screen = plotly_figure(chart)
    assert (screen.data[0].fill, screen.data[0].fillcolor) == ("toself", "rgba(47,116,184,0.2)")
    assert (screen.data[1].line.shape, screen.data[1].line.dash, screen.data[1].mode) == ("hv", "dot", "lines")
    assert (screen.data[2].marker.symbol, screen.data[2].mode, screen.data[2].name) == (
        "diamond-open", "markers", "objectif",
    )  # fmt: skip
    assert [(shape.y0, shape.line.color) for shape in screen.layout.shapes] == [(9.0, "#ff0000")]
    assert (screen.layout.xaxis.tickformat, screen.layout.yaxis.range) == ("d", (5, 15))
    page = chart_figure(chart, WORDS, Paper("16:9")).axes[0]
    (inside,) = [patch for patch in page.patches if isinstance(patch, Polygon) and patch.get_zorder() == 2]
    assert inside.get_facecolor() == pytest.approx((47 / 255, 116 / 255, 184 / 255, 0.2), abs=0.01)
    steps, diamond = (drawn for drawn in page.lines if 4 <= drawn.get_zorder() < 5)
    assert (steps.get_drawstyle(), steps.get_linestyle(), steps.get_marker()) == ("steps-post", ":", "none")
    assert (diamond.get_marker(), diamond.get_linestyle(), diamond.get_color()) == ("D", "None", "#d55e00")
    (crossing,) = [drawn for drawn in page.lines if drawn.get_zorder() == 5]
    # The axis goes from 5 to 15 and the steps start at 9: the reference stands where they do.
    assert list(crossing.get_ydata()) == pytest.approx([steps.get_ydata()[0]] * 2)
    assert "seuil" in texts_of(page.figure)


def test_an_end_of_line_is_one_on_the_screen_and_none_on_paper():
    chart = Chart(Axis("names"), bars=[Bars("", ["Reste à\nconvaincre", "Provence-\nAlpes"], [1, 2], "#000000")])
    assert plotly_figure(chart).data[0].x == ("Reste à<br>convaincre", "Provence-<br>Alpes")
    assert placed(chart).x.names == ("Reste à convaincre", "Provence-Alpes")


def test_words_stand_on_the_side_of_their_line_that_is_asked():
    lines = [Line("", [0, 1], [0, 10], "#0072b2", width=1)]
    references = [
        Reference("y", 5.0, "#c2185b", "au-dessus"),
        Reference("y", 5.0, "#c2185b", "dessous", words_under=True),
    ]
    page = chart_figure(Chart(lines=lines, references=references), WORDS, Paper("16:9")).axes[0]
    places = {text.get_text(): text.get_position()[1] for text in page.texts}
    line = next(drawn for drawn in page.lines if drawn.get_zorder() == 5).get_ydata()[0]
    assert places["dessous"] < line < places["au-dessus"]


def test_a_long_name_goes_on_a_second_line_under_its_bar_and_bold_figures_stay_bold():
    names = ["Généralistes aujourd’hui", "Départs", *(f"Étape {rank}" for rank in range(8))]
    bars = Bars("", names, range(1, 11), "#93a3b5", texts=[f"n{rank}" for rank in range(10)], texts_are_bold=True)
    page = chart_figure(Chart(Axis("names"), bars=[bars]), WORDS, Paper("16:9")).axes[0]
    places = {text.get_text(): text.get_position() for text in page.texts}
    assert names[0] not in places
    assert places["Généralistes"][1] == places["Départs"][1] > places["aujourd’hui"][1]
    assert {text.get_weight() for text in page.texts if text.get_text() in bars.texts} == {"bold"}
    axis = min(bar.get_y() for bar in page.patches if bar.get_zorder() == 2)
    assert all(place[1] < axis for text, place in places.items() if text in {"Généralistes", "aujourd’hui", "Départs"})


def test_bars_of_nothing_known_are_drawn():
    chart = Chart(Axis(), Axis("names"), [Bars("", ["a", "b"], [np.nan, 0.0], "#000000")], is_horizontal=True)
    assert {"a", "b"} <= set(texts_of(chart_figure(chart, WORDS, Paper("16:9"))))


def test_numbers_are_french_and_years_have_no_space():
    assert [label for _, label in ticks_of(Axis("numbers"), 0, 6000)][-1] == "6\u202f000"
    assert "0,4" in [label for _, label in ticks_of(Axis("numbers", decimals=1), 0, 1)]
    assert [label for _, label in ticks_of(Axis("years"), 2025, 2027)] == ["2025", "2026", "2027"]
    days = [(dt.date(year, 1, 1) - dt.date(1970, 1, 1)).days for year in (2017, 2023)]
    assert [label for _, label in ticks_of(Axis("dates"), *days)][:2] == ["2017", "2018"]


@example([5e-324], 0.0, 101.0)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    st.floats(0, 100),
    st.floats(101, 300),
)
def test_a_ruler_shows_every_value_in_order(values, low_mm, high_mm):
    chart = Chart(lines=[Line("", range(len(values)), values, "#000000")])
    ruler = ruler_of(placed(chart), "y", low_mm, high_mm)
    places = ruler.at(np.array(values))
    assert (places >= low_mm - 1e-6).all()
    assert (places <= high_mm + 1e-6).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(places[order]) >= -1e-9).all()
    assert all(low_mm - 1e-6 <= ruler.at(value) <= high_mm + 1e-6 for value, _ in ruler.ticks)


def test_a_chart_of_the_unknown_alone_is_drawn_empty():
    screen = draw_lines({"Mayotte": SERIES * np.nan}, "MSP")
    assert render_chart(screen, WORDS, dpi=30).startswith(b"\x89PNG")


def test_a_chart_of_nothing_is_refused():
    with pytest.raises(ChartError, match="aucune"):
        render_chart(Chart(), WORDS)


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_title_source_and_names_stand_in_the_drawings_in_lines(kind, start):
    content = render_chart(draw_lines({"Occitanie": SERIES, "France": SERIES}, "MSP"), WORDS, kind)
    assert content.startswith(start)
    if kind == "svg":
        for text in (WORDS.title, WORDS.source, "Occitanie", "2020"):
            assert text in content.decode()


def test_nothing_sticks_out_of_the_page():
    names = ["Provence-Alpes-Côte d’Azur", "Communauté d’agglomération du Pays Voironnais et de ses environs"]
    screen = draw_ranked_bars(names, [12.0, 1234.5], ["12", "1\u202f234,5"], chosen=None, reference=float("nan"))
    figure = chart_figure(screen, WORDS, paper_for(screen))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    page = figure.bbox
    for text in filter(Text.get_text, figure.findobj(Text)):
        box = text.get_window_extent(canvas.get_renderer())
        assert box.x0 >= page.x0 - 1
        assert box.x1 <= page.x1 + 1
