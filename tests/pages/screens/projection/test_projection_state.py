"""The scenarios are reopened from their address, whatever the address has become."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.projection import LEVERS, PRESETS, Scenario, assumptions
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.view import View
from pages.screens.projection.controls import FURTHER, HOURS, MAIN, format_lever, lever_help
from pages.screens.projection.state import ADDRESS_NAMES, Levers, Plan
from reports.projection.words import enumerate_french, format_change, format_gap, format_gps

OCCITANIE = Territory("region", "76")


def numbers(field):
    low, high = LEVERS[field].bounds
    if isinstance(getattr(Levers(), field), int):
        return st.integers(int(low), int(high))
    return st.floats(low, high)


def ordered(levers):
    return levers.entries_ramp_start_year <= levers.entries_ramp_end_year


WORDS = {name: st.sampled_from(list(lever.words)) for name, lever in LEVERS.items() if lever.words}
MOVED = st.builds(Levers, **{name: WORDS[name] if name in WORDS else numbers(name) for name in LEVERS}).filter(ordered)


def test_the_usual_plan_has_an_empty_address():
    assert Plan().to_query() == {}
    assert Plan.from_query({}) == (Plan(), [])


def test_every_lever_has_a_name_in_the_address_a_label_and_a_place_on_the_page():
    names = {field.name for field in fields(Levers)}
    assert set(LEVERS) == names
    assert len({lever.address for lever in LEVERS.values()}) == len(LEVERS)
    assert all((lever.bounds is None) == bool(lever.words) for lever in LEVERS.values())
    assert {name for name, lever in LEVERS.items() if lever.words} == {"arrivals_of", "population_variant", "target"}
    assert {*MAIN, *HOURS, *FURTHER, "target_density_per_100k", "target_apl"} == names
    # What the model lets a user change is all there, but for the place, which is that of the page
    assert names | {"horizon_years", "settling_level", "settling_code"} == {field.name for field in fields(Scenario)}


def test_the_levers_at_rest_are_the_scenario_at_rest():
    assert Levers().scenario(10, OCCITANIE) == Scenario()


def test_no_parameter_is_shared_with_the_view():
    assert not ADDRESS_NAMES & {field.name for field in fields(View)}


@given(horizon=st.integers(5, 25), a=MOVED, b=st.one_of(st.none(), MOVED))
def test_an_address_reopens_the_same_scenarios(horizon, a, b):
    plan = Plan(horizon_years=horizon, a=a, b=b)
    query = plan.to_query()
    assert set(query) <= ADDRESS_NAMES
    assert Plan.from_query(query) == (plan, [])


@given(levers=MOVED, place=st.sampled_from([FRANCE, OCCITANIE, Territory("departement", "12")]))
def test_any_levers_make_a_scenario_that_the_model_accepts(levers, place):
    scenario = levers.scenario(10, place)
    assert scenario.settling_factor == (1 if place == FRANCE else levers.settling_factor)


@given(name=st.sampled_from(sorted(ADDRESS_NAMES)), text=st.text(max_size=80))
def test_any_text_is_read_or_said_to_be_refused(name, text):
    plan, notices = Plan.from_query({name: text, "q_actif": "1"} if name != "q_actif" else {name: text})
    assert notices or Plan.from_query(plan.to_query()) == (plan, [])
    assert len(notices) <= 1


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("p_horizon", "99", "de 5 à 25 ans"),
        ("p_horizon", "10.5", "de 5 à 25 ans"),
        ("p_arrivees", "9", "de 0 à 3 (facteur)"),
        ("p_arrivees", "nan", "de 0 à 3 (facteur)"),
        ("p_activite_65", "-1", "de 0,00 à 1,50 (ETP par médecin)"),
        ("p_population", "énorme", "basse, centrale, haute"),
        ("p_montee_debut", "2026.5", "de 2015 à 2060"),
        ("q_actif", "oui", "1"),
    ],
)
def test_what_is_out_of_range_is_said_with_what_was_expected(name, text, expected):
    plan, notices = Plan.from_query({name: text})
    assert plan == Plan()
    assert len(notices) == 1
    assert f"{name} = {text}" in notices[0]
    assert expected in notices[0]


def test_a_ramp_that_ends_before_it_starts_is_refused_from_an_address_and_pushed_along_by_a_slider():
    plan, notices = Plan.from_query({"p_montee_debut": "2040", "p_montee_fin": "2030"})
    assert plan == Plan()
    assert "montee_fin" in notices[0]
    assert Levers().with_(entries_ramp_start_year=2045).entries_ramp_end_year == 2045
    assert Levers().with_(entries_ramp_end_year=2020).entries_ramp_start_year == 2020


def test_presets_are_recognised_until_a_lever_is_moved():
    for name in PRESETS:
        assert Levers.of_preset(name).preset == name
    assert Levers().with_(entries_factor=1.3).preset is None


def test_each_lever_says_its_usual_value_unit_and_source():
    for field in LEVERS:
        said = lever_help(field)
        assert format_lever(field, getattr(Levers(), field)) in said
        assert "Source :" in said
        assert "unité :" in said
    assert all(bool(lever.source) != (field in assumptions()) for field, lever in LEVERS.items())


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("retirement_shift_years", -2.0, "−2\u00a0ans"),
        ("retirement_shift_years", 0.5, "+0,5\u00a0an"),
        ("entries_factor", 1.2, "120\u00a0%"),
        ("hours_under_50", 0.9, "0,90\u00a0ETP"),
        ("entries_ramp_end_year", 2036, "2036"),
        ("ageing_growth", 0.022, "2,2\u00a0% par an"),
    ],
)
def test_levers_are_written_in_french(field, value, text):
    assert format_lever(field, value) == text


def test_fewer_than_five_are_not_shown():
    assert format_gps(0.0) == "0"
    assert format_gps(4.2) == "moins de 5"
    assert format_gps(5.0) == "5"
    assert format_gps(float("nan")) == "n.d."
    assert format_gap(-4.9) == "équilibre (± 5)"
    assert format_gap(-12.0) == "−12"
    assert [format_change(count) for count in (-4.9, 0.3, 0.0, -12.0, 7.0, float("nan"))] == [
        "moins de 5", "moins de 5", "0", "−12", "+7", "n.d.",
    ]  # fmt: skip
    assert format_gap(1234.0) == "+1\u202f234"


def test_french_enumerations():
    assert enumerate_french(["a"]) == "a"
    assert enumerate_french(["a", "b", "c"]) == "a, b et c"
