"""Scenarios: bounds, presets and the written forms that travel in a URL or a file."""

import math
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.projection import PRESET_LABELS, PRESETS, Scenario, ScenarioError
from coverage.projection.levers import PARAMETERS


@pytest.mark.parametrize("name", sorted(name for name, lever in PARAMETERS.items() if lever.bounds))
def test_both_bounds_are_accepted_and_what_lies_beyond_is_refused_in_french(name):
    low, high = PARAMETERS[name].bounds
    fixed = {
        "entries_ramp_start_year": {"entries_ramp_end_year": 2060},
        "entries_ramp_end_year": {"entries_ramp_start_year": 2015},
    }
    others = fixed.get(name, {})
    if name == "settling_factor":
        others = {"settling_level": "region", "settling_code": "76"}
    for value in (low, high):
        assert getattr(Scenario(**{name: value}, **others), name) == value
    for value in (low - 1, high + 1, math.nan, "beaucoup", None, True):
        with pytest.raises(ScenarioError, match="attendu"):
            Scenario(**{name: value}, **others)


@pytest.mark.parametrize("name", ["population_variant", "target", "settling_level"])
def test_an_unknown_word_is_refused(name):
    with pytest.raises(ScenarioError, match=r"attendu .* trouvé « moyenne »"):
        Scenario(**{name: "moyenne"})


def test_years_are_whole():
    assert Scenario(horizon_years=12.0).horizon_years == 12
    with pytest.raises(ScenarioError, match="entier"):
        Scenario(horizon_years=10.5)


def test_a_ramp_that_ends_before_it_starts_is_refused():
    with pytest.raises(ScenarioError, match="suit le début"):
        Scenario(entries_ramp_start_year=2030, entries_ramp_end_year=2029)


def test_france_cannot_attract_more_than_its_own_entrants():
    with pytest.raises(ScenarioError, match="France entière"):
        Scenario(settling_factor=1.2)


def test_a_scenario_error_is_a_value_error_and_a_scenario_cannot_change():
    assert issubclass(ScenarioError, ValueError)
    with pytest.raises(FrozenInstanceError):
        Scenario().horizon_years = 5


def test_entries_climb_in_a_straight_line_between_two_years():
    scenario = Scenario(
        entries_factor=0.8, entries_late_factor=1.5, entries_ramp_start_year=2026, entries_ramp_end_year=2030
    )
    # 0.8 before; 0.8 × 1.5 = 1.2 after; half-way, 1.0.
    assert [scenario.entries_multiplier(year) for year in (2020, 2026, 2028, 2030, 2050)] == pytest.approx(
        [0.8, 0.8, 1.0, 1.2, 1.2]
    )


written = st.builds(
    Scenario,
    horizon_years=st.integers(1, 30),
    retirement_shift_years=st.floats(-5, 5),
    entries_factor=st.floats(0, 3),
    hours_65_plus=st.floats(0, 1.5),
    population_variant=st.sampled_from(["basse", "centrale", "haute"]),
    target=st.sampled_from(["aucune", "densite", "apl"]),
    settling_level=st.just("departement"),
    settling_code=st.sampled_from(["2A", "01", "971"]),
    settling_factor=st.floats(0, 3),
)


@given(scenario=written)
def test_every_written_form_reads_back_the_same(scenario):
    assert Scenario.from_query(scenario.to_query()) == scenario
    assert Scenario.from_dict(scenario.to_dict()) == scenario


def test_the_default_scenario_leaves_the_url_empty_and_other_keys_are_left_alone():
    assert Scenario().to_query() == {}
    assert Scenario.from_query({"territoire": "76", "horizon_years": "15"}) == Scenario(horizon_years=15)


@pytest.mark.parametrize(
    "query", [{"horizon_years": "dix"}, {"horizon_years": "1e9"}, {"exit_factor": "nan"}, {"target": "x"}]
)
def test_a_damaged_url_is_refused_in_french(query):
    with pytest.raises(ScenarioError, match="attendu"):
        Scenario.from_query(query)


DAMAGED: list[dict[str, object]] = [
    {"horizon": 10},
    {"horizon_years": "10"},
    {"target": 3},
    {"exit_factor": float("nan")},
    {"exit_factor": 10**400},
]


@pytest.mark.parametrize("values", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_values_are_refused_in_french(values):
    with pytest.raises(ScenarioError, match="attendu"):
        Scenario.from_dict(values)


def test_presets_have_labels_and_travel():
    assert set(PRESETS) == set(PRESET_LABELS)
    assert set(PARAMETERS) == set(Scenario().to_dict())
    assert PRESETS["tendance"] == Scenario()
    for preset in PRESETS.values():
        assert Scenario.from_query(preset.to_query()) == preset
