"""Charts on paper: the values of the screen, read from its own figures; titles and sources; French numbers."""

import datetime as dt

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from pages.widgets.charts import draw_lines, draw_ranked_bars, stack_shares
from reports.chart.axes import ruler_of, ticks_of
from reports.chart.page import ChartWords, chart_figure, paper_for, render_chart
from reports.chart.reading import Axis, Chart, read_chart
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
    screen = draw_lines({"Occitanie": SERIES, "France": SERIES / 2}, "MSP")
    chart = read_chart(screen)
    for line, trace in zip(chart.lines, screen.data, strict=True):
        assert line.y == pytest.approx(np.asarray(trace.y, dtype=float))
        assert [pd.Timestamp(day, unit="D").date() for day in line.x] == [pd.Timestamp(x).date() for x in trace.x]
        assert line.colour == trace.line.color
        assert line.name == trace.name
    assert chart.y.title == "MSP"
    assert chart.y.starts_at_zero


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
    chart = read_chart(stack_shares(shares, ["a", "b", "c"], ["#111111", "#222222", "#333333"], "habitants"))
    assert chart.is_stacked
    assert chart.bars[-1].ends == pytest.approx([100.0, 100.0])
    assert chart.bars[1].starts == pytest.approx(chart.bars[0].ends)
    # Reading goes from the bottom of the screen: France, then Lozère, whose 5 % have no room for a figure.
    assert chart.bars[2].texts == ("70\u00a0%", "")
    assert paper_for(chart).height < Paper("16:9").height


def test_bands_marks_steps_and_references_are_kept():
    screen = go.Figure()
    screen.add_scatter(x=[2025, 2030, 2030, 2025], y=[9, 12, 8, 9], fill="toself", fillcolor="rgba(47,116,184,0.2)")
    screen.add_scatter(x=[2025, 2030], y=[9, 10], mode="lines", line={"shape": "hv", "dash": "dot", "width": 3})
    marker = {"symbol": "diamond-open", "color": "#d55e00"}
    screen.add_scatter(x=[2026], y=[11], mode="markers", name="objectif", marker=marker)
    screen.add_hline(y=9.0, line={"color": "#ff0000"})
    screen.update_layout(xaxis={"tickformat": "d"}, yaxis={"range": [5, 15]})
    chart = read_chart(screen)
    band, line, mark = chart.lines
    assert (band.is_band, band.colour, band.opacity) == (True, "#2f74b8", 0.2)
    assert (line.stepped, line.dashed, line.mark) == (True, True, "")
    assert (mark.mark, mark.colour, mark.width) == ("diamond", "#d55e00", 0.0)
    assert chart.references == (("y", 9.0, "#ff0000", ""),)
    assert chart.x.kind == "years"
    assert chart.y.ends == (5.0, 15.0)


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
    screen = go.Figure(go.Scatter(x=list(range(len(values))), y=values))
    ruler = ruler_of(read_chart(screen), "y", low_mm, high_mm)
    places = ruler.at(np.array(values))
    assert (places >= low_mm - 1e-6).all()
    assert (places <= high_mm + 1e-6).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(places[order]) >= -1e-9).all()
    assert all(low_mm - 1e-6 <= ruler.at(value) <= high_mm + 1e-6 for value, _ in ruler.ticks)


def test_a_chart_of_the_unknown_alone_is_drawn_empty():
    screen = draw_lines({"Mayotte": SERIES * np.nan}, "MSP")
    assert render_chart(screen, WORDS, dpi=30).startswith(b"\x89PNG")


def test_what_paper_cannot_draw_is_named():
    with pytest.raises(ChartError, match="pie"):
        read_chart(go.Figure(go.Pie(values=[1])))
    with pytest.raises(ChartError, match="aucune"):
        read_chart(go.Figure())


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
    figure = chart_figure(screen, WORDS, paper_for(read_chart(screen)))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    page = figure.bbox
    for text in filter(Text.get_text, figure.findobj(Text)):
        box = text.get_window_extent(canvas.get_renderer())
        assert box.x0 >= page.x0 - 1
        assert box.x1 <= page.x1 + 1


def test_a_chart_is_a_value():
    assert Chart(Axis("numbers"), Axis("numbers")).lines == ()
