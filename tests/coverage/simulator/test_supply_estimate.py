"""Supply estimated from the published APL: recovers what can be recovered, never negative, says what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from coverage.access.apl_model import AplModel, apl_by_commune, apl_model
from coverage.access.catchment import NegativeQuantityError, UnknownPlaceError
from coverage.indicators.practitioners_communes import bpe_counts
from coverage.simulator.supply_estimate import (
    assess_counts,
    estimate_supply,
    estimate_supply_by_age,
    most_acts,
    share_without_gp,
)
from data.readers.cnam_counts import read_professionals
from geo.travel_time.estimate import estimate_travel_times
from geo.travel_time.matrix import travel_times_from_pairs
from tests.toy import toy_country

TOY = toy_country()


def chain(n: int, step_min: float, demand: list[float]) -> AplModel:
    """Lay places along a road, `step_min` apart."""
    at = np.arange(n) * step_min
    rows, columns = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    times = travel_times_from_pairs(
        [f"0100{k}" for k in range(n)],
        rows.ravel(),
        columns.ravel(),
        np.abs(at[rows] - at[columns]).ravel(),
        limit_min=60,
        provider="table",
        vintage="test",
    )
    return apl_model(times, pd.Series(demand, index=list(times.place_codes)), TOY.apl_parameters)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.just(0.0) | st.floats(100, 50_000), min_size=6, max_size=6),
    st.lists(st.floats(50, 5000), min_size=6, max_size=6),
)
def test_an_apl_made_by_the_model_gives_its_supply_back(acts: list[float], demand: list[float]):
    # 12 minutes apart, neighbours weigh 2/3: the matrix of the weights can be inverted, so the supply is unique
    model = chain(6, 12.0, demand)
    supply = pd.Series(acts, index=model.places)
    estimate = estimate_supply(model.apl(supply), model)
    assert (estimate.supply_acts >= 0).all()
    assert estimate.rmse <= 0.02 * max(1.0, model.apl(supply).max())
    assert estimate.supply_acts.sum() == pytest.approx(supply.sum(), rel=0.02, abs=1.0)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 6), min_size=5, max_size=5), st.lists(st.floats(50, 5000), min_size=5, max_size=5))
def test_the_residual_is_that_of_an_exact_solver(apl: list[float], demand: list[float]):
    model = chain(5, 7.0, demand)
    published = pd.Series(apl, index=model.places)
    estimate = estimate_supply(published, model)
    root = np.sqrt(model.demand)
    exact, norm = optimize.nnls(root[:, None] * (model.reach.weights.toarray() / model.demand_in_reach), root * apl)
    assert (exact >= 0).all()
    best = norm / np.sqrt(model.demand.sum())
    assert estimate.rmse == pytest.approx(best, abs=0.02)
    assert estimate.rmse >= best - 1e-9


def test_the_residual_is_refitted_minus_published_and_unknown_where_unknown():
    table = apl_by_commune(TOY.apl, 2023)
    model = apl_model(estimate_travel_times(TOY.communes), table["population_standardised"], TOY.apl_parameters)
    estimate = estimate_supply(table["apl"], model)
    refitted = model.apl(estimate.supply_acts.fillna(0))
    pd.testing.assert_series_equal(
        estimate.residual, (refitted - table["apl"]).reindex(model.places), check_names=False, atol=1e-9
    )
    assert np.isnan(estimate.supply_acts["97601"])
    assert np.isnan(estimate.residual["97601"])
    assert estimate.share_explained <= 1


def test_the_two_ages_are_apart_and_never_negative():
    table = apl_by_commune(TOY.apl, 2023)
    model = apl_model(estimate_travel_times(TOY.communes), table["population_standardised"], TOY.apl_parameters)
    every, old = estimate_supply_by_age(table, model)
    assert (old.supply_acts.dropna() >= 0).all()
    assert (old.supply_acts <= every.supply_acts).where(every.supply_acts.notna(), True).all()
    acts = (table["apl"] * table["population_standardised"]).sum()
    assert every.supply_acts.sum() == pytest.approx(acts, rel=0.05)
    over = ((table["apl"] - table["apl_65"]) * table["population_standardised"]).sum()
    assert old.supply_acts.sum() == pytest.approx(over, rel=0.05)


def slowly_fitted(published: pd.Series, model: AplModel, most: pd.Series) -> float:
    """Return the least Σ P̃ residual², moving one commune after the other to its best until nothing moves."""
    shares = model.reach.weights.toarray() / model.demand_in_reach
    acts, gap = np.zeros(len(published)), -published.to_numpy()
    for _ in range(3000):
        for j, column in enumerate(shares.T):
            step = -(model.demand * column) @ gap / ((model.demand * column) @ column)
            moved = min(max(acts[j] + step, 0.0), most.iloc[j])
            gap = gap + column * (moved - acts[j])
            acts[j] = moved
    return float(model.demand @ gap**2)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.floats(0, 6), min_size=5, max_size=5),
    st.lists(st.floats(50, 5000), min_size=5, max_size=5),
    st.lists(st.sampled_from([0.0, 1.0, 2.0, 5.0, np.nan]), min_size=5, max_size=5),
)
def test_within_what_gps_can_do_the_residual_is_that_of_an_exact_solver(apl, demand, n_gp):
    model = chain(5, 7.0, demand)
    most = most_acts(pd.Series(n_gp, index=model.places), TOY.apl_parameters)
    published = pd.Series(apl, index=model.places)
    estimate = estimate_supply(published, model, most)
    assert (estimate.supply_acts >= 0).all()
    assert (estimate.supply_acts <= most.fillna(np.inf)).all()
    assert (estimate.supply_acts[most == 0] == 0).all()
    best = np.sqrt(slowly_fitted(published, model, most.fillna(np.inf)) / model.demand.sum())
    assert estimate.rmse == pytest.approx(best, abs=0.02)


def test_the_counts_alone_have_one_activity():
    model = chain(3, 60.0, [1000.0, 2000.0, 500.0])  # nobody reaches a neighbour
    published = pd.Series([3.0, 3.0, 3.0], index=model.places)
    n_gp = pd.Series([1.0, 1.0, 0.0], index=model.places)
    estimate = assess_counts(n_gp, published, model)
    # 10 500 acts for two GPs: 5.25, 2.625 and 0 acts per inhabitant
    assert estimate.supply_acts.tolist() == [5250.0, 5250.0, 0.0]
    assert estimate.residual.tolist() == pytest.approx([2.25, -0.375, -3.0])
    assert estimate.rmse == pytest.approx(np.sqrt((1000 * 2.25**2 + 2000 * 0.375**2 + 500 * 9) / 3500))


def test_a_single_place_is_exact():
    estimate = estimate_supply(pd.Series({"01000": 3.0}), chain(1, 5.0, [1000.0]))
    assert estimate.supply_acts["01000"] == pytest.approx(3000)
    assert np.isnan(estimate.share_explained)  # one value has no spread to explain


def test_nothing_known_is_all_unknown():
    estimate = estimate_supply(pd.Series(dtype=float), chain(2, 5.0, [1000.0, 10.0]))
    assert estimate.supply_acts.isna().all()


def test_impossible_figures_are_refused():
    model = chain(2, 5.0, [1000.0, 10.0])
    with pytest.raises(NegativeQuantityError, match="-1"):
        estimate_supply(pd.Series({"01000": -1.0}), model)
    with pytest.raises(UnknownPlaceError, match="99999"):
        estimate_supply(pd.Series({"99999": 1.0}), model)


@pytest.mark.mirror
def test_departments_agree_with_the_counts_of_liberal_gps(mirror: Path, snapshots: Callable[[str], pd.DataFrame]):
    communes = snapshots("communes")
    table = apl_by_commune(snapshots("apl"), 2023)
    times = estimate_travel_times(communes).within(20.0)
    model = apl_model(times, table["population_standardised"], snapshots("apl_parameters"))
    departement = communes.set_index("commune_code")["departement_code"]
    fte = (estimate_supply(table["apl"], model).supply_acts / 5400).groupby(departement).sum(min_count=1)
    counts = read_professionals(mirror / "cnam_effectifs_2024" / "toutes_specialites_departement_2024.csv")
    counts = counts[counts["profession"] == "Ensemble des médecins généralistes"]
    both = pd.DataFrame({"fte": fte, "n_gp": counts.set_index("departement_code")["n_professionals"]}).dropna()
    people = communes.groupby("departement_code")["population"].sum().reindex(both.index)
    per_head = both.div(people, axis=0)
    assert len(both) == 100  # all but Mayotte, which has no APL
    # Measured once: 0.988, 0.906 per inhabitant, 46 770 FTE for 55 514 GPs. Loose, because the fields differ: the
    # CNAM counts persons of 2024, some of other practices than a GP's own, not acts of 2023 nor health centres, and
    # the acts are those that residents reach, whatever side of the department's border the GP is on.
    assert both.corr().iloc[0, 1] > 0.95
    assert per_head.corr().iloc[0, 1] > 0.8
    assert 0.75 < both["fte"].sum() / both["n_gp"].sum() < 1.0


@pytest.mark.mirror
def test_the_three_supplies_give_the_published_apl_back_as_was_measured(snapshots: Callable[[str], pd.DataFrame]):
    communes, parameters = snapshots("communes"), snapshots("apl_parameters")
    table = apl_by_commune(snapshots("apl"), 2023)
    model = apl_model(estimate_travel_times(communes).within(20.0), table["population_standardised"], parameters)
    n_gp = bpe_counts(snapshots("bpe_communes"), pd.Index(communes["commune_code"]))
    free, counted = estimate_supply(table["apl"], model), assess_counts(n_gp, table["apl"], model)
    held = estimate_supply(table["apl"], model, most_acts(n_gp, parameters))
    # Measured: 0.432, 0.654 and 1.106 consultations; a quarter of the acts of the free fit are where there is no GP.
    assert free.rmse == pytest.approx(0.432, abs=0.02)
    assert held.rmse == pytest.approx(0.654, abs=0.02)
    assert counted.rmse == pytest.approx(1.106, abs=0.02)
    assert share_without_gp(free.supply_acts, n_gp) == pytest.approx(0.247, abs=0.02)
    assert share_without_gp(held.supply_acts, n_gp) == 0
    fewest = 540  # a tenth of a full time
    left = [n_gp[estimate.supply_acts.reindex(n_gp.index) < fewest].sum() for estimate in (free, held)]
    assert left[1] < left[0] / 4
