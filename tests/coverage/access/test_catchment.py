"""Floating catchments and the APL model, against slow twins written from the formulas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access.apl_model import UnknownVintageError, apl_by_commune, apl_model
from coverage.access.catchment import NegativeQuantityError, UnknownPlaceError
from coverage.access.decay import Decay, DecayError, catchments, drees_decay
from geo.travel_time.matrix import TravelTimes, travel_times_from_pairs
from tests.reference.apl import AgeWeightError, counted_acts, standardised_population
from tests.reference.catchments import modified_two_step, published_decay, three_step, two_step

if TYPE_CHECKING:
    from tests.toy import ToyCountry

DREES = Decay("drees", (10.0, 15.0, 20.0), (1.0, 2 / 3, 1 / 3))


def matrix(minutes: dict[tuple[str, str], float], codes: list[str], limit_min: float = 60.0) -> TravelTimes:
    pairs = {(code, code): 0.0 for code in codes} | minutes
    return travel_times_from_pairs(
        codes,
        np.array([codes.index(a) for a, _ in pairs]),
        np.array([codes.index(b) for _, b in pairs]),
        np.array(list(pairs.values())),
        limit_min=limit_min,
        provider="table",
        vintage="test",
    )


@st.composite
def countries(draw: st.DrawFn) -> tuple[pd.Series, pd.Series, TravelTimes]:
    """Draw up to seven places with a demand above 0, a supply, and travel times that need not be symmetric."""
    n = draw(st.integers(1, 7))
    codes = [f"0100{k}" for k in range(n)]
    numbers = st.floats(1, 1000).map(lambda value: round(value, 3))
    demand = pd.Series(draw(st.lists(numbers, min_size=n, max_size=n)), index=codes)
    supply = pd.Series(draw(st.lists(st.just(0.0) | numbers, min_size=n, max_size=n)), index=codes)
    minutes = {(a, b): draw(st.integers(0, 700)) / 10 for a in codes for b in codes if a != b and draw(st.booleans())}
    return demand, supply, matrix(minutes, codes)


def weights_of(times: TravelTimes, decay: Decay) -> dict[tuple[str, str], float]:
    """Weigh each pair by reading the bands one after the other."""
    weights = {}
    for origin in times.place_codes:
        for destination, minutes in times.minutes_from(origin).items():
            for upper, weight in zip(decay.upper_min, decay.weight, strict=True):
                if minutes < upper:
                    weights[origin, destination] = weight
                    break
    return weights


def slow_access(
    demand: pd.Series, supply: pd.Series, times: TravelTimes, decay: Decay, method: str
) -> dict[str, float]:
    """Compute the three formulas with loops."""
    w = weights_of(times, decay)
    codes = times.place_codes
    if method == "three_step":
        w = {(i, j): v for (i, j), v in w.items() if supply[j] != 0}
        total = {i: sum(w.get((i, k), 0.0) for k in codes) for i in codes}
        w = {(i, j): v * v / total[i] for (i, j), v in w.items() if v > 0}
    access = {}
    for i in codes:
        access[i] = 0.0
        for j in codes:
            in_reach = sum(w.get((k, j), 0.0) * demand[k] for k in codes)
            weight = w.get((i, j), 0.0)
            if weight > 0:
                access[i] += (weight**2 if method == "modified_two_step" else weight) * supply[j] / in_reach
    return access


METHODS = {"two_step": two_step, "three_step": three_step, "modified_two_step": modified_two_step}
DECAYS = [published_decay(name) for name in ("two_step", "enhanced_two_step", "three_step")] + [DREES]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("decay", DECAYS, ids=lambda decay: decay.name)
@settings(max_examples=30, deadline=None)
@given(country=countries())
def test_access_equals_its_slow_twin(method: str, decay: Decay, country: tuple[pd.Series, pd.Series, TravelTimes]):
    demand, supply, times = country
    found = METHODS[method](demand, supply, catchments(times, decay))
    slow = slow_access(demand, supply, times, decay, method)
    assert found.to_dict() == pytest.approx(slow, rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(countries(), st.floats(0.1, 50))
def test_mass_is_conserved_and_scaling_demand_divides(country: tuple[pd.Series, pd.Series, TravelTimes], factor: float):
    demand, supply, times = country
    reach = catchments(times, DREES)
    access = two_step(demand, supply, reach)
    assert (demand * access).sum() == pytest.approx(
        supply.sum()
    )  # everyone is at 0 minutes from home: all supply is reached
    pd.testing.assert_series_equal(two_step(demand * factor, supply, reach), access / factor, rtol=1e-9)
    pd.testing.assert_series_equal(two_step(demand, supply * factor, reach), access * factor, rtol=1e-9)
    assert (modified_two_step(demand, supply, reach) <= access + 1e-12).all()


@settings(deadline=None)
@given(countries(), st.integers(0, 6), st.floats(0, 100))
def test_adding_supply_never_lowers_anyone(country: tuple[pd.Series, pd.Series, TravelTimes], at: int, added: float):
    demand, supply, times = country
    more = supply.copy()
    more.iloc[at % len(more)] += added
    reach = catchments(times, DREES)
    for method in (two_step, modified_two_step):  # not 3SFCA: a new site draws people away from the others' sharing
        assert (method(demand, more, reach) >= method(demand, supply, reach) - 1e-9).all()


@settings(deadline=None)
@given(countries(), st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(country: tuple[pd.Series, pd.Series, TravelTimes], random):
    demand, supply, times = country
    reach = catchments(times, DREES)
    order = list(demand.index)
    random.shuffle(order)
    pd.testing.assert_series_equal(two_step(demand[order], supply, reach), two_step(demand, supply[order], reach))


def test_a_hand_computed_country():
    # A (100 people) and B (300) are 12 minutes apart: weight 2/3. 10 GPs at A only.
    # A's GPs are wanted by 100 + 2/3 × 300 = 300 people: 1/30 each. A: 1/30; B: 2/3 of it.
    demand = pd.Series({"A": 100.0, "B": 300.0})
    reach = catchments(matrix({("A", "B"): 12.0, ("B", "A"): 12.0}, ["A", "B"]), DREES)
    access = two_step(demand, pd.Series({"A": 10.0}), reach)
    assert access.to_dict() == pytest.approx({"A": 1 / 30, "B": 2 / 90})


def test_unknown_is_nan_and_nothing_in_reach_is_zero():
    codes = ["near", "far", "unknown", "mystery", "beside"]
    reach = catchments(matrix({("beside", "mystery"): 5.0}, codes), DREES)
    demand = pd.Series({"near": 10.0, "far": 10.0, "mystery": 10.0, "beside": 10.0})
    access = two_step(demand, pd.Series({"near": 1.0, "mystery": np.nan}), reach)
    assert access["near"] == 0.1
    assert access["far"] == 0.0  # known demand, no GP within 20 minutes
    assert math.isnan(access["unknown"])  # demand not given
    assert math.isnan(access["mystery"])  # its own supply is unknown
    assert math.isnan(access["beside"])  # and so is what its neighbour may reach


def test_a_supply_without_demand_in_reach_serves_nobody():
    reach = catchments(matrix({}, ["desert", "town"]), DREES)
    access = two_step(pd.Series({"desert": 0.0, "town": 10.0}), pd.Series({"desert": 5.0, "town": 1.0}), reach)
    assert access.to_dict() == {"desert": 0.0, "town": 0.1}


@pytest.mark.parametrize(
    ("demand", "error"),
    [
        (pd.Series({"A": -1.0}), NegativeQuantityError),
        (pd.Series({"A": math.inf}), NegativeQuantityError),
        (pd.Series({"Z": 1.0}), UnknownPlaceError),
        (pd.Series([1.0, 2.0], index=["A", "A"]), UnknownPlaceError),
    ],
)
def test_impossible_demands_are_refused(demand: pd.Series, error: type[Exception]):
    with pytest.raises(error, match="demande : attendu"):
        two_step(demand, pd.Series({"A": 1.0}), catchments(matrix({}, ["A"]), DREES))


def test_a_decay_longer_than_the_travel_times_is_refused():
    with pytest.raises(DecayError, match="attendu au moins 60"):
        catchments(matrix({}, ["A"], limit_min=30), published_decay("three_step"))


@pytest.mark.parametrize(
    ("upper", "weight"),
    [
        ((10.0,), (1.0, 0.5)),
        ((10.0, 5.0), (1.0, 0.5)),
        ((10.0,), (1.5,)),
        ((10.0, 20.0), (0.5, 1.0)),
        ((10.03,), (1.0,)),
    ],
)
def test_malformed_decays_are_refused(upper: tuple[float, ...], weight: tuple[float, ...]):
    with pytest.raises(DecayError, match="attendu"):
        Decay("x", upper, weight)


def test_an_unknown_decay_is_named():
    with pytest.raises(DecayError, match="'four_step'"):
        published_decay("four_step")


def test_the_weights_of_the_drees_are_read_from_its_sheet(toy_country: ToyCountry):
    decay = drees_decay(toy_country.apl_parameters)
    assert (decay.upper_min, decay.weight, decay.reach_min) == ((10.0, 15.0, 20.0), (1.0, 2 / 3, 1 / 3), 20.0)
    assert decay.of_minutes([0, 9.99, 10, 14.9, 15, 20, math.nan]).tolist() == [1, 1, 2 / 3, 2 / 3, 1 / 3, 0, 0]
    holed = toy_country.apl_parameters[toy_country.apl_parameters["lower"] != 10]
    with pytest.raises(DecayError, match="se suivent"):
        drees_decay(holed)


# --- the APL model --------------------------------------------------------------------------------------------------


def test_the_model_is_the_two_step_with_the_weights_of_the_drees(toy_country: ToyCountry):
    codes = list(toy_country.communes["commune_code"])
    times = matrix({("31001", "31002"): 12.0, ("31002", "31001"): 14.0}, codes)
    demand = apl_by_commune(toy_country.apl, 2023)["population_standardised"]
    supply = pd.Series({"31001": 54_000.0, "31002": 5_400.0})
    model = apl_model(times, demand, toy_country.apl_parameters)
    expected = two_step(demand, supply, catchments(times, drees_decay(toy_country.apl_parameters)))
    pd.testing.assert_series_equal(model.apl(supply), expected, check_names=False)
    assert math.isnan(model.apl(supply)["97601"])  # Mayotte has no APL: unknown, not 0


def test_merged_communes_and_arrondissements_are_averaged_by_standardised_population(toy_country: ToyCountry):
    table = apl_by_commune(toy_country.apl, 2022)
    assert table.loc["32001", "apl"] == pytest.approx((3.2 * 8000 + 1.6 * 1000) / 9000)
    assert table.loc["69123", "population_total"] == 29_500
    assert table.loc["31001", "apl"] == 4.0
    assert "97601" not in table.index


def test_an_unknown_vintage_is_named(toy_country: ToyCountry):
    with pytest.raises(UnknownVintageError, match=r"\[2022, 2023\], trouvé 2019"):
        apl_by_commune(toy_country.apl, 2019)


def test_acts_are_counted_by_the_rules_of_the_drees(toy_country: ToyCountry):
    acts = pd.Series([0, 250, 251, 3600, 3601, 5000, 6000, 9000, np.nan])
    counted = counted_acts(acts, toy_country.apl_parameters)
    assert counted.iloc[:-1].tolist() == [0, 0, 3600, 3600, 3601, 5000, 6000, 6000]
    assert math.isnan(counted.iloc[-1])


def test_standardised_population_keeps_the_total(toy_country: ToyCountry):
    # raw: 10·1.2 + 80·0.9 + 10·1.9 = 103 and 0 + 50·0.9 + 50·1.9 = 140; both sum to 243 for 200 people
    by_age = pd.DataFrame({0: [10.0, 0.0, 5.0], 5: [80.0, 50.0, np.nan], 75: [10.0, 50.0, 5.0]}, index=["A", "B", "C"])
    result = standardised_population(by_age, toy_country.apl_parameters, 2022)
    assert result["A"] == pytest.approx(103 * 200 / 243)
    assert result[["A", "B"]].sum() == pytest.approx(200)
    assert math.isnan(result["C"])
    with pytest.raises(AgeWeightError, match="attendu les classes"):
        standardised_population(by_age.drop(columns=75), toy_country.apl_parameters, 2022)
