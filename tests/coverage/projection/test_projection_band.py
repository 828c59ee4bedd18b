"""The band: equal to the central path without uncertainty, reproducible, ordered, honest on what is unknown."""

from dataclasses import replace

import numpy as np
import pytest

from coverage.projection import NO_UNCERTAINTY, Scenario, ScenarioError, Uncertainty, project, project_band
from coverage.projection.draws import CHUNK_DRAWS, draw_chunk, start_of, survival_kernel
from coverage.projection.monte_carlo import SAMPLED_MEASURES
from coverage.projection.path import EXTRA_NEEDS
from tests.coverage.projection.test_projection_path import random_country, three_age_country

KEYS = ["level", "territory_code", "year", "measure"]


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(),
        Scenario(horizon_years=1),
        Scenario(horizon_years=17, retirement_shift_years=-1.4, exit_factor=1.2, target="apl", ageing_growth=0.04),
        Scenario(entries_factor=0.7, entries_late_factor=2.0, entries_ramp_end_year=2029, population_variant="basse"),
        Scenario(settling_level="region", settling_code="R1", settling_factor=0.6, stock_factor=1.3),
    ],
)
@pytest.mark.parametrize("moves", [True, False])
def test_without_uncertainty_the_band_is_the_central_path(scenario, moves):
    country = random_country(8)
    if not moves:
        country = replace(country, mobility=np.zeros(4))
    central = project(country, scenario).yearly
    central["extra_need"] = central[list(EXTRA_NEEDS)].sum(axis=1)
    expected = central.melt(KEYS[:3], list(SAMPLED_MEASURES), var_name="measure").set_index(KEYS)["value"]
    band = project_band(country, scenario, n_draws=3, uncertainty=NO_UNCERTAINTY, measures=SAMPLED_MEASURES)
    band = band.set_index(KEYS)
    for column in ("p10", "p50", "p90"):  # the draws are kept in float32
        assert np.allclose(band[column], expected.loc[band.index], rtol=1e-5, atol=1e-3)


def test_the_kernel_by_hand():
    kernel = survival_kernel(np.array([[0.1], [0.2], [0.5]]), 2)[:, :, 0]
    # From 62: 0.9, then 0.9 × 0.8; from 63: 0.8, then 0.8 × 0.5; from 64: 0.5, then 0.5 × 0.5.
    assert np.allclose(kernel, [[1, 0.9, 0.72], [1, 0.8, 0.4], [1, 0.5, 0.25]])


def test_the_same_seed_gives_the_same_band_and_another_seed_another():
    country = random_country(1)
    first, again, other = (project_band(country, Scenario(), n_draws=150, seed=seed) for seed in (7, 7, 8))
    assert first.equals(again)
    assert not first.equals(other)


def test_chunks_do_not_depend_on_their_order():
    start = start_of(random_country(1), Scenario(), Uncertainty())
    seeds = [np.random.SeedSequence(3).spawn(3) for _ in range(2)]
    forward = [draw_chunk(start, np.random.default_rng(seed))["stock"] for seed in seeds[0]]
    backward = [draw_chunk(start, np.random.default_rng(seed))["stock"] for seed in reversed(seeds[1])]
    for one, same in zip(forward, reversed(backward), strict=True):
        assert np.array_equal(one, same)
    assert forward[0].shape[2] == CHUNK_DRAWS


@pytest.mark.parametrize("moves", [0.0, 0.015])
def test_each_draw_conserves_doctors(moves):
    country = replace(random_country(2), mobility=np.full(4, moves))
    start = start_of(country, Scenario(), Uncertainty())
    values = draw_chunk(start, np.random.default_rng(0))
    # left = extra need - (stock - start), catch-up being nil: what is missing is what is needed beyond the stock.
    change = values["stock"] - values["stock"][:, :1]
    assert np.allclose(values["left_to_convince"], values["extra_need"] - change, atol=1e-8)
    assert (values["stock"] >= 0).all()
    assert (values["departures"] >= -1e-9).all()
    if not moves:
        assert np.allclose(change, values["entries"] - values["departures"], atol=1e-9)


def test_the_band_is_ordered_starts_at_the_known_stock_and_widens():
    country = random_country(6)
    # Exits as low as those of real doctors, or the stock is soon gone and its band with it.
    country = replace(country, exit_rates=country.exit_rates / 10)
    band = project_band(country, Scenario(), n_draws=400, seed=1)
    assert (band["p10"] <= band["p50"] + 1e-6).all()
    assert (band["p50"] <= band["p90"] + 1e-6).all()
    france = band[(band["level"] == "france") & (band["measure"] == "stock")]
    width = (france["p90"] - france["p10"]).to_numpy()
    assert width[0] == 0
    assert width[10] > width[3] > width[1] > 0


def test_the_median_is_near_the_central_path():
    country = random_country(6)
    band = project_band(country, Scenario(), n_draws=2000, seed=1, measures=("stock",), levels=("france",))
    central = project(country, Scenario()).yearly
    central = central[central["level"] == "france"].set_index("year")["stock"]
    assert np.allclose(band.set_index("year")["p50"], central, rtol=0.03)


def test_chance_alone_is_that_of_a_binomial():
    # 1 000 GPs who each leave with probability 0.1 in the year: departures have a standard deviation of sqrt(90).
    country = three_age_country(
        stock=np.array([[1000.0, 0.0, 0.0]]), entries=np.array([0.0]), stock_known=np.array([1000.0])
    )
    only_chance = replace(NO_UNCERTAINTY, chance=True)
    start = start_of(country, Scenario(horizon_years=1), only_chance)
    departures = np.concatenate(
        [draw_chunk(start, np.random.default_rng(seed))["departures"][0, 1] for seed in range(40)]
    )
    assert departures.mean() == pytest.approx(100, abs=0.6)
    assert departures.std() == pytest.approx(np.sqrt(90), rel=0.05)


def test_an_unknown_department_is_nan_in_the_band_and_counted_in_the_sums():
    country = random_country(5)
    growth = country.population_growth.copy()
    growth[[0, 2]] = np.nan  # the whole of region R0
    band = project_band(replace(country, population_growth=growth), Scenario(), n_draws=20)
    unknown = band[band["territory_code"].isin(["D0", "D2", "R0"])]
    assert len(unknown) == 3 * 11 * 4
    assert unknown[["p10", "p50", "p90"]].isna().all(axis=None)
    france = band[band["territory_code"] == "FR"]
    assert (france["n_unknown"] == 2).all()
    assert france["p50"].notna().all()


def test_bad_requests_are_refused():
    country = three_age_country()
    with pytest.raises(ValueError, match="bonheur"):
        project_band(country, Scenario(), measures=("bonheur",))
    with pytest.raises(ValueError, match="un tirage"):
        project_band(country, Scenario(), n_draws=0)
    with pytest.raises(ValueError, match="log_exits"):
        Uncertainty(log_exits=-0.1)
    with pytest.raises(ScenarioError, match="territoire"):
        project_band(country, Scenario(settling_level="region", settling_code="ZZ", settling_factor=1.1))
