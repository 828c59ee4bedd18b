"""The page Croisement, run as a reader does; its figures against the tables."""

import numpy as np
import pytest

from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.own import OwnTerritory
from pages.app.facts import load_facts
from pages.app.tables import level_table
from pages.app.view import View
from pages.screens.crossing.data import crossed_of, draw_crossed, kept_of
from pages.screens.crossing.state import CrossingState
from pages.screens.crossing.table import _export, tell_kept
from tests.pages.choosing import choose, chosen_in
from tests.pages.test_screens import open_page, texts

LOZERE = View(territoire=Territory("departement", "48"))


def crossing(view=LOZERE, **choice):
    state = CrossingState(**choice)
    crossed = crossed_of(view, state)
    return state, crossed, draw_crossed(crossed)


def test_the_cells_kept_are_those_of_a_loop_over_the_communes():
    state, crossed, pair = crossing(cells="68")
    kept = kept_of(pair, state.cells, (), "valeurs")
    table = level_table("commune")
    low, high = pair.x.cuts
    old = pair.y.cuts[1] / 100
    expected = [
        code
        for code, row in table.to_dict("index").items()
        if code.startswith("48") and row["share_75plus"] >= old and not low <= row["apl_65_2023"] < high
    ]
    assert list(table.index[kept]) == expected
    told = tell_kept(crossed, pair, state, kept)
    assert f"{len(expected)} communes sur 152** (choix fait dans la légende)" in told
    people = int(sum(table.loc[expected, "population"]))
    assert f"{people:,} habitants".replace(",", "\u202f") in told


def test_a_contour_keeps_the_places_whose_two_values_it_holds():
    _, _, pair = crossing()
    contour = ((1.0, 12.0), (3.0, 20.0))
    table = level_table("commune")
    within = table["apl_65_2023"].between(1, 3) & table["share_75plus"].between(0.12, 0.20)
    kept = kept_of(pair, "", contour, "valeurs")
    assert list(table.index[kept]) == [code for code in table.index[within] if code.startswith("48")]
    lower_half = kept_of(pair, "", ((0.0, 0.0), (50.0, 100.0)), "rangs")
    assert lower_half.sum() == pytest.approx(152 / 2, abs=2)


def test_an_own_territory_is_crossed_too():
    own = Territory.of_own(OwnTerritory.of("Autour de Mende", ["48095", "48061"]))
    _, _, pair = crossing(View(territoire=own))
    assert pair.inside.sum() == 2


def test_the_file_has_numbers_dates_and_natures_and_leaves_the_unknown_empty():
    _, crossed, pair = crossing(View(), second="population_per_msp")
    rows = _export(crossed, pair, pair.order)
    assert len(rows) == len(level_table("commune"))
    per = f"{pair.y.indicator.label} (habitants)"
    without = rows[f"Sans objet : {pair.y.indicator.short_label}"] == "aucune"
    assert without.any()
    assert rows.loc[without, per].isna().all()
    stored = load_facts().values("population_per_msp", "commune")
    assert rows.loc["48095", per] == pytest.approx(stored["48095"], abs=0.5)
    assert {"Millésime, APL ≤ 65 ans 2023", "Nature, APL ≤ 65 ans 2023", "Département"} <= set(rows)


def test_what_cannot_be_crossed_is_replaced_and_said():
    crossed = crossed_of(View(indicateur="zone"), CrossingState())
    assert (crossed.first, crossed.second) == ("apl_65_2023", "share_75plus")
    assert crossed_of(View(indicateur="share_75plus"), CrossingState()).second == "density_per_km2"
    only_above = crossed_of(View(), CrossingState(second="population_per_msp_dgos"))
    assert only_above.level == "departement"
    app = open_page("croisement", indicateur="zone", x_cases="abc")
    said = texts(app)
    assert "est une catégorie et ne se croise pas" in said
    assert "« x_cases = abc »" in said


def test_a_reader_changes_the_second_indicator_and_the_cut():
    app = open_page("croisement", territoire="departement-48", x_cases="8")
    assert "choix fait dans la légende" in texts(app)
    choose(app, "crossing_second", "Densité")
    assert chosen_in(app, "crossing_second") == ["Densité"]
    assert app.query_params["x_avec"] in ("density_per_km2", ["density_per_km2"])
    assert "x_cases" not in app.query_params
    choose(app, "crossing_cut", "Tiers du territoire")
    assert "Lozère (48) : 152 communes" in texts(app)


def test_the_whole_country_is_classed_once_for_all():
    _, crossed, pair = crossing(View())
    assert draw_crossed(crossed) is pair
    assert crossed.scope == FRANCE
    letters = np.array(list(pair.drawn.values.classes))
    assert (letters != "x").all()
    assert np.count_nonzero(letters == "n") == int(
        level_table("commune")[["apl_65_2023", "share_75plus"]].isna().any(axis=1).sum()
    )
