"""Floating catchments against PySAL's `access`, the reference implementation, on small countries.

The same comparison on all the communes of France, with the times of both, is in tests/bench/bench_access.py.
"""

from __future__ import annotations

import pandas as pd
import pytest
from access import fca, weights
from hypothesis import given, settings

from coverage.access.decay import Decay, catchments
from geo.travel_time.estimate import estimate_travel_times
from geo.travel_time.matrix import TravelTimes
from tests.coverage.access.test_catchment import DREES, countries
from tests.reference.catchments import published_decay, three_step, two_step
from tests.toy import toy_country

Country = tuple[pd.Series, pd.Series, TravelTimes]


def pysal_arguments(demand: pd.Series, supply: pd.Series, times: TravelTimes, decay: Decay) -> dict[str, object]:
    """Lay a country out as PySAL wants it; its bands hold their upper bound, ours do not: half a tenth apart."""
    pairs = [
        (origin, destination, minutes)
        for origin in times.place_codes
        for destination, minutes in times.minutes_from(origin).items()
    ]
    steps = {upper - 0.05: weight for upper, weight in zip(decay.upper_min, decay.weight, strict=True)}
    return {
        "demand_df": demand.rename("demand").rename_axis("geoid").to_frame(),
        "supply_df": supply.rename("supply").rename_axis("geoid").to_frame(),
        "cost_df": pd.DataFrame(pairs, columns=["origin", "dest", "cost"]),
        "weight_fn": weights.step_fn(steps),
        "max_cost": decay.upper_min[-1],
    }


@settings(max_examples=40)
@given(countries())
@pytest.mark.parametrize("decay", [published_decay("two_step"), published_decay("enhanced_two_step"), DREES])
def test_two_steps_equal_pysal(decay: Decay, country: Country):
    demand, supply, times = country
    ours = two_step(demand, supply, catchments(times, decay))
    theirs = fca.two_stage_fca(**pysal_arguments(demand, supply, times, decay)).reindex(ours.index)
    pd.testing.assert_series_equal(ours, theirs, check_names=False, rtol=1e-9, atol=1e-12)


@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop:DeprecationWarning")  # PySAL's own
@settings(max_examples=40)
@given(countries())
def test_three_steps_equal_pysal(country: Country):
    demand, supply, times = country
    decay = published_decay("three_step")
    ours = three_step(demand, supply, catchments(times, decay))
    arguments = pysal_arguments(demand, supply, times, decay)
    # people choose among the sites that offer something: PySAL is given no other
    cost = arguments["cost_df"]
    arguments["cost_df"] = cost[cost["dest"].isin(supply.index[supply > 0])].copy()
    if arguments["cost_df"].empty:
        assert (ours == 0).all()
        return
    theirs = fca.three_stage_fca(**arguments).reindex(ours.index).fillna(0.0)
    pd.testing.assert_series_equal(ours, theirs, check_names=False, rtol=1e-9, atol=1e-12)


def test_the_toy_country_equals_pysal():
    toy = toy_country()
    times = estimate_travel_times(toy.communes)
    demand = toy.communes.set_index("commune_code")["population"]
    supply = (demand / 1000).round()
    decay = published_decay("enhanced_two_step")
    ours = two_step(demand, supply, catchments(times, decay))
    theirs = fca.two_stage_fca(**pysal_arguments(demand, supply, times, decay)).reindex(ours.index)
    pd.testing.assert_series_equal(ours, theirs, check_names=False, rtol=1e-9)
