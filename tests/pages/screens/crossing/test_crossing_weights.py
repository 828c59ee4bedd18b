"""The weighted ranking of the page Croisement: its choices, its ranking against a loop, its words and its file."""

import numpy as np
import pandas as pd
import pytest

from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.tables import level_table
from pages.screens.crossing.ranked import STANDINGS, Asked, draw_ranked, rank_places, ranked_card
from pages.screens.crossing.ranking import export_ranked, tell_ranked
from pages.screens.crossing.state import USUAL_CRITERIA, USUAL_MAKERS, CrossingState, Maker, Weighed
from pages.screens.crossing.weighing import NAME, read_makers
from tests.pages.choosing import choose, options_of
from tests.pages.test_screens import open_page, texts

LOZERE = Territory("departement", "48")


def ranked_in(scope, level="commune", criteria=USUAL_CRITERIA, makers=USUAL_MAKERS, *, near=False):
    return rank_places(Asked(criteria, makers, level, scope, 10, near))


def test_the_places_are_those_of_a_loop_over_communes_criteria_and_decision_makers():
    ranked = ranked_in(LOZERE)
    table = level_table("commune")
    here = table[table.index.str.startswith("48")]
    names = [one.indicator_id for one in USUAL_CRITERIA]
    here = here[here[names].notna().all(axis=1)]
    scores = {}
    for maker in USUAL_MAKERS:
        total = pd.Series(0.0, index=here.index)
        for one, weight in zip(USUAL_CRITERIA, maker.weights, strict=True):
            urgency = here[one.indicator_id].rank(ascending=not one.low_first)
            total += weight * (urgency - 0.5) / len(here)
        scores[maker.name] = total / sum(maker.weights)
    places = pd.DataFrame({name: score.round(9).rank(ascending=False, method="min") for name, score in scores.items()})
    for column, maker in enumerate(USUAL_MAKERS):
        found = pd.Series(ranked.standings.places[:, column], index=table.index)[here.index]
        assert found.tolist() == places[maker.name].tolist()
    assert set(ranked.order) == set(here.index)
    assert ranked.rank.tolist() == sorted(ranked.rank)
    mean = places.mean(axis=1)
    assert mean[ranked.order].tolist() == sorted(mean)
    always = set(places.index[(places <= 20).all(axis=1)])
    assert {code for code in ranked.order if ranked.standings.standing[table.index.get_loc(code)] == 0} == always


def test_places_without_a_criterion_are_set_aside_and_counted():
    ranked = ranked_in(FRANCE)
    names = [one.indicator_id for one in USUAL_CRITERIA]
    unknown = level_table("commune")[names].isna().any(axis=1)
    assert ranked.set_aside.sum() == unknown.sum() > 0
    assert f"faute d’un critère connu (n.d.) : {unknown.sum():,}".replace(",", "\u202f") in tell_ranked(ranked)
    drawn = draw_ranked(ranked)
    assert drawn.values.classes.count("n") == unknown.sum()
    file = export_ranked(ranked)
    assert len(file) == len(level_table("commune"))
    aside = file[file["Rang"].isna()]
    assert set(aside["Code"]) == set(unknown.index[unknown])
    assert aside["Moyenne des places"].isna().all()
    assert (aside["Parmi les 20 premiers"] == "n.d.").all()
    assert {"Place, ARS", "Poids, CPTS", "Prioritaire : Densité", "Millésime, Trajet MSP"} <= set(file)


def test_a_criterion_unknown_everywhere_is_left_out_and_said():
    ranked = ranked_in(LOZERE, "epci")
    assert [card.id for card in ranked.without] == ["poverty_rate"]
    assert len(ranked.order) > 0
    assert ranked.weights_of(USUAL_MAKERS[0]) == [3, 5, 4, 1]
    nothing = ranked_in(LOZERE, "epci", (Weighed("poverty_rate", low_first=False),), (Maker("ARS", (5,)),))
    assert nothing.order.empty
    assert set(draw_ranked(nothing).values.classes) == {"n", "x"}
    app = open_page("croisement", x_partie="criteres", territoire="departement-48", maille="epci")
    assert "n.d. partout ici, non compté" in texts(app)


def test_what_has_nothing_to_divide_by_is_the_most_urgent():
    criteria = (Weighed("population_per_msp", low_first=False),)
    ranked = ranked_in(LOZERE, criteria=criteria, makers=(Maker("ARS", (1,)),))
    without = level_table("commune")["n_msp"] == 0
    assert without[ranked.order[0]]
    assert np.isinf(ranked.values[level_table("commune").index.get_loc(ranked.order[0]), 0])
    file = export_ranked(ranked).set_index("Code")
    assert pd.isna(file.loc[ranked.order[0], f"{ranked.cards[0].label} (habitants)"])


def test_the_card_says_criteria_weights_and_dates():
    card = ranked_card(ranked_in(LOZERE))
    assert "APL ≤ 65 ans 2023 (faible)" in card.formula
    assert "ARS 3, 3, 5, 4, 1" in card.formula
    assert "75 ans ou plus : 2022" in card.vintage
    assert [label for _, label in card.categories] == list(STANDINGS)
    assert card.nature == "estimé"


def test_draws_around_the_decision_makers_are_not_those_of_all_weights():
    usual, near = ranked_in(LOZERE), ranked_in(LOZERE, near=True)
    some = usual.standings.compared
    assert (usual.standings.mean_place[some] == near.standings.mean_place[some]).all()
    assert (usual.standings.share_of_draws[some] != near.standings.share_of_draws[some]).any()


def weights(*rows):
    return pd.DataFrame(rows, columns=[NAME, "APL", "Densité"])


def test_a_whole_table_of_weights_is_read():
    found = read_makers(weights(["ARS", 5, 0], ["  Ville. d’Été ", 1.0, 9]), ["APL", "Densité"])
    assert found == ((Maker("ARS", (5, 0)), Maker("Ville d’Été", (1, 5))), [])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "au moins un décideur"),
        ([[None, 1, 1]], "ligne 1 : indiquez le nom"),
        ([["ARS", 1, 1], ["ARS", 2, 2]], "ligne 2 : « ARS » est déjà"),
        ([["ARS", 1, None]], "ligne 1 : indiquez le poids de « Densité »"),
        ([[f"D{number}", 1, 1] for number in range(7)], "au plus 6 décideurs, 7 trouvés"),
    ],
)
def test_what_a_table_of_weights_lacks_is_said(rows, said):
    _, faults = read_makers(weights(*rows), ["APL", "Densité"])
    assert len(faults) == 1
    assert said in faults[0]


def test_new_criteria_keep_the_weights_given():
    state = CrossingState().with_criteria((USUAL_CRITERIA[2], Weighed("n_msp", low_first=True)))
    assert state.makers[0] == Maker("ARS", (5, 3))


def test_a_reader_drops_a_criterion_and_turns_another_round():
    app = open_page("croisement", x_partie="criteres", territoire="departement-48")
    assert "Ces poids sont un exemple" in texts(app)
    assert "Parmi les 20 premiers pour tous les décideurs" in texts(app)
    kept = ["75 ans ou plus", "APL ≤ 65 ans 2023"]
    choose(app, "crossing_criteria", *kept)
    assert options_of(app, "crossing_low") == kept
    choose(app, "crossing_low", "75 ans ou plus")
    assert "75 ans ou plus (faible), APL ≤ 65 ans 2023 (élevé)" in texts(app)
    value = app.query_params["x_criteres"]
    assert "share_75plus.bas~apl_65_2023.haut" in (value, *value)
