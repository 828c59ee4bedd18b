"""The scatter of the page Croisement: its marks, what is drawn around, what its figures say and do not."""

import numpy as np
import pytest

from coverage.crossing.correlation import Correlation
from coverage.crossing.marks import MOST_POINTS
from coverage.territories.gazetteer import Territory
from pages.app.tables import level_table
from pages.app.view import View
from pages.screens.crossing.correlation import tell_correlation
from pages.screens.crossing.data import correlations, crossed_of, draw_crossed, kept_of
from pages.screens.crossing.scatter import around, contour_of, draw_scatter, marks_of, traces_of
from pages.screens.crossing.state import CrossingState
from tests.pages.test_screens import open_page, texts


def crossing(key="departement-48", **choice):
    level, _, code = key.partition("-")
    state = CrossingState(**choice)
    view = View(territoire=Territory(level, code or "FR"))
    crossed = crossed_of(view, state)
    return state, crossed, draw_crossed(crossed)


def test_each_commune_has_a_mark_at_its_values_in_the_colour_of_its_cell():
    state, _, pair = crossing()
    marks = marks_of(pair, "valeurs")
    traces = traces_of(marks, kept_of(pair, "", (), "valeurs"))
    palette = list(pair.drawn.values.palette)
    chart = draw_scatter(pair, state, marks, traces, palette, [], ("Mende", 1.0, 2.0))
    drawn = {
        (round(x, 6), round(y, 6)): line.colour
        for line in chart.lines[:-1]
        for x, y in zip(line.x, line.y, strict=True)
    }
    table = level_table("commune")
    for row in np.flatnonzero(pair.has_place):
        place = round(table["apl_65_2023"].iloc[row], 6), round(100 * table["share_75plus"].iloc[row], 6)
        assert drawn[place] == palette[int(pair.letters[row])]
    assert sum(len(line.x) for line in chart.lines[:-1]) == pair.has_place.sum() == 152
    assert [line.name for line in chart.lines if line.name] == ["Mende"]
    assert len(chart.references) == 4


def test_what_is_left_out_is_pale_and_under_the_rest():
    state, _, pair = crossing(contour=((1.0, 12.0), (3.0, 20.0)))
    marks = marks_of(pair, "valeurs")
    kept = kept_of(pair, "", state.contour, "valeurs")
    traces = traces_of(marks, kept)
    assert [trace.is_kept for trace in traces] == sorted(trace.is_kept for trace in traces)
    assert sum(len(trace.marks) for trace in traces if trace.is_kept) == kept.sum() > 0


def test_all_communes_make_few_marks_and_a_contour_that_goes_over_the_edge_keeps_the_extremes():
    _, _, pair = crossing("france")
    marks = marks_of(pair, "valeurs")
    assert marks.counts.sum() == pair.has_place.sum() > 30_000
    assert len(marks.x) < 2 * MOST_POINTS
    highest = int(np.nanargmax(np.where(pair.has_place, pair.figures(pair.x), np.nan)))
    x, _ = pair.coordinates("valeurs")
    assert x[highest] < pair.figures(pair.x)[highest]
    around = ((x[highest] * 0.99, -1.0), (x[highest] * 1.1, 200.0))
    assert kept_of(pair, "", around, "valeurs")[highest]
    ranks, _ = pair.coordinates("rangs")
    assert np.nanmin(ranks) >= 0
    assert np.nanmax(ranks) <= 100


def test_what_is_drawn_around_becomes_a_contour():
    assert contour_of({"box": [{"x": [3, 1], "y": [5.123456, 9]}], "points": []}) == ((1.0, 5.123), (3.0, 9.0))
    lasso = {"lasso": [{"x": [0, 1, 1], "y": [0, 0, 2]}]}
    assert contour_of(lasso) == ((0.0, 0.0), (1.0, 0.0), (1.0, 2.0))
    assert contour_of({"lasso": [{"x": [0, 1], "y": [0, 0]}]}) == ()
    assert contour_of({"points": [{"curve_number": 0, "point_index": 3}]}) == ()


def test_a_mark_of_several_places_is_kept_whole_by_its_rectangle_once_read_from_the_address():
    _, _, pair = crossing("france")
    marks = marks_of(pair, "valeurs")
    for mark in np.argsort(marks.counts)[-5:]:
        rows = np.flatnonzero(marks.members == mark)
        state = CrossingState(contour=around(rows, *pair.coordinates("valeurs")))
        again, _ = CrossingState.from_query(state.to_query())
        kept = kept_of(pair, "", again.contour, "valeurs")
        assert kept[rows].all()
        assert kept.sum() < 2 * len(rows)


def test_correlations_are_those_of_the_table_and_say_their_limits():
    _, crossed, pair = crossing()
    places, people = correlations(crossed)
    table = level_table("commune")[pair.inside]
    assert places.spearman == pytest.approx(table["apl_65_2023"].corr(table["share_75plus"], method="spearman"))
    assert people.spearman != pytest.approx(places.spearman, abs=1e-3)
    said = tell_correlation(crossed, places)
    assert "152 communes" in said
    assert "Une corrélation n’est pas une cause." in said
    assert "Les communes d’un même bassin partagent certaines valeurs" in said
    few = tell_correlation(crossed, Correlation(4, float("nan"), float("nan")))
    assert few.startswith("Corrélations n.d. : 4 communes")


def test_the_page_says_correlations_and_gives_them_up_for_too_few_places():
    app = open_page("croisement", territoire="departement-48", selection="commune-48095", x_axes="rangs")
    assert [metric.label for metric in app.metric][:2] == ["Spearman, par commune", "Spearman, par habitant"]
    app = open_page("croisement", territoire="departement-48", maille="epci", x_zone="1,2~3,4")
    assert "choix fait dans le nuage" in texts(app)
    app = open_page("croisement", territoire="departement-90", maille="epci")
    assert "il en faut au moins 10" in texts(app)
    assert {metric.value for metric in app.metric} == {"n.d."}
