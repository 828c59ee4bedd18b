"""The pure parts of the simulator: drafts, words, the table of changes, the estimate kept on disk."""

import subprocess
import sys
import time
from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.access.apl_model import apl_by_commune
from coverage.simulator.scenario import Outcome
from coverage.simulator.scenario_file import MAX_CHANGES, MAX_NAME, ClickedPoint, SavedScenario
from coverage.simulator.supply_change import Closure, Departures, Move, Opening, RetirementOver65
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from data.jobs import ROOT
from geo.levels import DRAWN_LEVELS
from geo.travel_time.estimate import estimate_travel_times
from pages.screens.simulator.drafts import MOST_SCENARIOS, SERIES, Drafts
from pages.screens.simulator.supply import SupplyTask, load_supply, save_supply
from pages.screens.simulator.table import GP_FTE, KIND, NAME, SHARE, TOWARDS, WHERE, changes_of, table_of
from pages.screens.simulator.words import (
    OPENING,
    RETIREMENT,
    find_place,
    name_place,
    tell_change,
    tell_scenario,
    tell_supply,
)
from reports.figures.numbers import format_number
from tests.toy import toy_country

TOY = toy_country()
GAZETTEER = Gazetteer.of(partial(getattr, TOY))
PATIENCE_S = 120

openings = st.builds(Opening, st.sampled_from(("31001", "32001")), st.floats(0, 10))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("adding"), openings),
        st.tuples(st.sampled_from(("undo", "redo", "begin", "duplicate", "remove"))),
        st.tuples(st.just("rename"), st.text(max_size=100)),
        st.tuples(st.just("with_series"), st.sampled_from(SERIES)),
        st.tuples(st.just("opening"), st.builds(SavedScenario, st.sampled_from("AB"), st.sampled_from(SERIES))),
    ),
    max_size=30,
)


def play(drafts, taken):
    for name, *arguments in taken:
        drafts = getattr(drafts, name)(*arguments)
    return drafts


@given(steps)
def test_whatever_is_done_there_is_one_scenario_in_hand_and_names_differ(taken):
    drafts = play(Drafts(), taken)
    assert 0 <= drafts.position < len(drafts.items) <= MOST_SCENARIOS
    assert len(set(drafts.names)) == len(drafts.names)
    assert all(0 < len(name) <= MAX_NAME for name in drafts.names)


@given(steps, st.lists(openings, min_size=1, max_size=5))
def test_undoing_all_that_was_added_gives_back_what_was_there_and_redoing_it_again(taken, added):
    before = play(Drafts(), taken)
    after = play(before, [("adding", change) for change in added])
    back = play(after, [("undo",)] * len(added))
    assert back.scenario == before.scenario
    assert play(back, [("redo",)] * len(added)).scenario == after.scenario


def test_a_change_after_an_undo_forgets_what_was_undone():
    drafts = Drafts().adding(Opening("31001", 1.0)).undo().adding(Opening("32001", 1.0))
    assert drafts.redo() == drafts
    assert drafts.scenario.changes == (Opening("32001", 1.0),)


def test_opening_a_file_of_a_name_in_use_can_be_undone():
    drafts = Drafts().rename("A").adding(Opening("31001", 1.0))
    opened = drafts.opening(SavedScenario("A", SERIES[0]))
    assert opened.names == ("A",)
    assert opened.undo().scenario == drafts.scenario


def test_the_last_scenario_removed_leaves_an_empty_one():
    assert Drafts().rename("Seul").remove() == Drafts()


def test_an_untouched_scenario_is_not_in_the_address_and_a_long_one_neither():
    assert Drafts().to_query() == {}
    assert set(Drafts().with_series(SERIES[1]).to_query()) == {"s_scenario"}
    long = Drafts().with_changes([Opening("31001", k / 7, name=f"Site {k * k}") for k in range(MAX_CHANGES)])
    assert not long.fits_address
    assert long.to_query() == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Villehaute (31001)", Territory("commune", "31001")),
        ("villehaute", Territory("commune", "31001")),
        (" 31001 ", Territory("commune", "31001")),
        ("commune-31001", Territory("commune", "31001")),
        ("CC des Deux-Rives", Territory("epci", "200000002")),
        ("Villehaute (bassin de vie, 31001)", Territory("bassin_de_vie", "31001")),
        ("france", FRANCE),
        ("Ailleurs", None),
        ("Ailleurs (31001)", None),
        ("", None),
    ],
)
def test_a_place_is_found_by_label_code_or_name(text, expected):
    found, why = find_place(GAZETTEER, text)
    assert found == expected
    assert bool(why) == (expected is None)


def test_every_territory_of_the_toy_country_is_named_so_that_it_is_found_again():
    for level in DRAWN_LEVELS:
        for code in GAZETTEER.table(level)[f"{level}_code"]:
            territory = Territory(level, code)
            assert find_place(GAZETTEER, name_place(GAZETTEER, territory)) == (territory, "")


ALL_KINDS = (
    Opening("31001", 3.0, name="MSP du pont"),
    Closure("31002", 1.5, "Cabinet"),
    Departures("32001", 2.0),
    RetirementOver65("epci", "200000002", 0.25),
    RetirementOver65("france", "FR"),
    Move("31003", "31004", 1.0),
)


def test_the_table_says_all_of_the_changes():
    table = table_of(ALL_KINDS, GAZETTEER)
    assert changes_of(table, GAZETTEER) == (list(ALL_KINDS), [])
    assert changes_of(table_of((), GAZETTEER), GAZETTEER) == ([], [])


def way(commune_code, longitude, latitude):
    """Give minutes that say all they were given."""
    return [(commune_code, longitude), ("32001", latitude)]


def at_point(longitude, latitude):
    return Opening("31001", 2.0, ClickedPoint(way("31001", longitude, latitude), longitude, latitude), "MSP")


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_the_table_says_the_point_of_an_opening_and_keeps_it_exactly(longitude, latitude):
    table = table_of((at_point(longitude, latitude),), GAZETTEER)
    assert table.loc[0, WHERE].startswith("Villehaute (31001), point cliqué (")
    assert changes_of(table, GAZETTEER, way) == ([at_point(longitude, latitude)], [])


def test_in_the_table_a_point_is_latitude_then_longitude_and_taken_away_leaves_the_mairie():
    table = table_of((at_point(1.25, 43.61234),), GAZETTEER)
    assert table.loc[0, WHERE] == "Villehaute (31001), point cliqué (43,61234 ; 1,25)"
    table[WHERE] = "Villehaute (31001)"
    assert changes_of(table, GAZETTEER, way) == ([Opening("31001", 2.0, name="MSP")], [])


def test_a_row_added_needs_only_a_place():
    row = {KIND: OPENING, WHERE: "Auchelle", TOWARDS: None, GP_FTE: None, SHARE: None, NAME: None}
    changes, faults = changes_of(pd.DataFrame([row]), GAZETTEER)
    assert changes == [Opening("32001", 3.0)]
    assert faults == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({WHERE: None}, "indiquez où"),
        ({WHERE: "Nulle-Part"}, "n’est pas un territoire connu"),
        ({WHERE: "CC des Deux-Rives"}, "demande une commune"),
        ({WHERE: "31001", GP_FTE: -1.0}, "va de 0 à"),
        ({WHERE: "31001, point cliqué (91 ; 1)"}, "hors du globe"),
        ({WHERE: "31001, point cliqué (ici)"}, "n’est pas un territoire connu"),
        ({WHERE: "31001", KIND: RETIREMENT, SHARE: 120.0}, "va de 0 à 100"),
        ({WHERE: "31001", KIND: "Déplacement"}, "indiquez « Vers »"),
        ({WHERE: "31001", KIND: "Déplacement", TOWARDS: "CC des Deux-Rives"}, "demande une commune"),
    ],
)
def test_a_row_that_is_not_whole_says_what_it_lacks(cells, said):
    row = {KIND: OPENING, WHERE: None, TOWARDS: None, GP_FTE: 3.0, SHARE: None, NAME: None} | cells
    changes, faults = changes_of(pd.DataFrame([row]), GAZETTEER, way)
    assert changes == []
    assert len(faults) == 1
    assert faults[0].startswith("Ligne 1")
    assert said in faults[0]


def test_too_many_rows_are_refused_not_cut():
    table = pd.concat([table_of(ALL_KINDS[:1], GAZETTEER)] * (MAX_CHANGES + 1), ignore_index=True)
    assert changes_of(table, GAZETTEER)[0] == []


def test_every_change_is_told_with_its_place():
    for change in ALL_KINDS:
        told = tell_change(GAZETTEER, change)
        assert "200000002" not in told
        assert len(told) > 10
    assert (
        tell_change(GAZETTEER, ALL_KINDS[3]) == "Départ des plus de 65 ans, CC des Deux-Rives (25\u00a0% d’entre eux)"
    )


@pytest.fixture
def toy_task(tmp_path):
    """Start the estimate of the toy country in its own process, in a cache of its own."""
    published = apl_by_commune(TOY.apl, 2023)
    n_gp = TOY.bpe_communes.set_index("commune_code")["n_gp"]
    times = estimate_travel_times(TOY.communes)

    def start(n_gp=n_gp):
        return SupplyTask(times, published, TOY.apl_parameters, n_gp, tmp_path / "cache")

    return start


def wait(task):
    limit = time.monotonic() + PATIENCE_S
    while task.is_under_way and time.monotonic() < limit:
        time.sleep(0.1)
    return task


def test_the_supply_is_estimated_in_a_process_of_its_own_and_kept(toy_task):
    first = wait(toy_task())
    assert first.failure == ""
    assert first.supply.acts.sum() > 0
    again = toy_task()
    assert not again.is_under_way  # read from the disk at once
    pd.testing.assert_series_equal(again.supply.acts, first.supply.acts)
    assert again.supply.figures == first.supply.figures


def test_gps_are_where_they_are_counted_and_what_that_costs_is_said(toy_task):
    supply = wait(toy_task()).supply
    assert supply.acts["31004"] == supply.acts["32002"] == 0  # no GP there
    assert supply.acts["31003"] > 0
    assert (supply.acts_65.dropna() >= 0).all()
    assert supply.free_fit.rmse <= supply.fit.rmse + 1e-6
    assert supply.share_elsewhere > 0
    said = tell_supply(supply)
    for fit in (supply.fit, supply.free_fit, supply.counted_fit):
        assert format_number(fit.rmse, 2) in said


def test_an_estimate_ends_with_its_server():
    asked = "from pages.screens.simulator import supply; supply.end_with_parent(0.05)"
    at_work = f"{asked}; print(1, flush=True); supply.time.sleep(600)"
    server = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {at_work!r}]); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", server], stdout=subprocess.PIPE, cwd=ROOT) as started:
        assert started.stdout.readline() == b"1\n"
        started.kill()
        assert started.communicate(timeout=60) == (b"", None)  # nobody holds the other end any more


def test_without_counts_the_supply_is_that_of_the_apl_alone(toy_task):
    supply = wait(toy_task(pd.Series(float("nan"), index=TOY.communes["commune_code"]))).supply
    assert supply.fit == supply.free_fit
    assert supply.acts["31004"] > 0
    assert tell_supply(supply).startswith("Activité déduite de l’APL publiée")


def test_a_damaged_estimate_is_made_again(toy_task):
    first = wait(toy_task())
    content = bytearray(first.path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    first.path.write_bytes(content)
    again = wait(toy_task())
    pd.testing.assert_series_equal(again.supply.acts, first.supply.acts)


def test_any_damage_to_the_estimate_kept_is_noticed_or_harmless(toy_task, tmp_path):
    supply = wait(toy_task()).supply
    path = tmp_path / "one.parquet"
    save_supply(supply, path)
    content = path.read_bytes()
    for at in range(0, len(content), 41):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        read = load_supply(path)
        if read is not None:
            pd.testing.assert_series_equal(read.acts_65, supply.acts_65)
    path.write_bytes(content[: len(content) // 2])
    assert load_supply(path) is None


def test_an_estimate_that_fails_says_why(toy_task, monkeypatch):
    monkeypatch.setattr("pages.screens.simulator.supply.sys.executable", "/bin/false")
    task = wait(toy_task())
    assert task.supply is None
    assert task.failure == "calcul interrompu."


def test_a_visit_begins_in_its_own_series():
    assert Drafts().scenario.series == "apl_65_2023"  # the reference, as everywhere
    for series in SERIES:
        begun = Drafts.of_series(series)
        assert begun.is_untouched
        assert not begun.adding(Opening("31001", 1.0)).is_untouched
        assert begun.opening(SavedScenario("A", SERIES[0])).names == ("A",)


@pytest.mark.parametrize(
    ("lifted", "here", "said"),
    [
        (
            1200,
            (300, 2.45, 2.51),
            "« A » : 1 200 habitants passent au-dessus de 2,5 consultations, dont 300 en Lozère.",
        ),
        (300, (300, 2.45, 2.51), "« A » : 300 habitants passent au-dessus de 2,5 consultations."),
        (0, (0, 2.45, 2.51), "« A » : en Lozère, l’APL moyenne passe de 2,45 à 2,51, personne ne franchit 2,5."),
        (0, (0, 2.45, 2.4502), "« A » : personne ne passe au-dessus de 2,5 consultations."),
        (0, (0, float("nan"), float("nan")), "« A » : personne ne passe au-dessus de 2,5 consultations."),
    ],
)
def test_a_scenario_is_said_in_one_sentence(lifted, here, said):
    outcome = Outcome(pd.DataFrame(), 2.5, lifted, 0, lifted, 0, 3, 0, 0)
    row = pd.Series(here, index=["people_lifted", "apl_before", "apl_after"])
    assert tell_scenario("A", "en Lozère", outcome, row).replace("\u202f", " ").replace("\u00a0", " ") == said
