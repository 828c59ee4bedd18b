"""Full-time GPs that are lacking: by hand on the toy country, unit by unit on the snapshot, against public counts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.apl_summary import apl_by_commune
from coverage.indicators.cards import INDICATORS
from coverage.indicators.shortfall import KEY, PROJECTED, full_time_gps, key_of_distribution, projected_shortfall
from coverage.projection import PRESET_LABELS, PRESETS, Scenario
from coverage.territories.aggregation import Territories
from geo.levels import FROM_FINEST

COUNTS = ("gp_fte", "gp_fte_short_of_2_5", "gp_fte_short_of_2_5_65", "gp_fte_over_65")


@pytest.fixture(scope="module")
def real(snapshots):
    """Return the tables of the embedded snapshot, and its counts by level."""
    communes, apl = snapshots("communes"), snapshots("apl")
    by_commune = apl_by_commune(apl, 2023)
    found = {level: dict(full_time_gps(by_commune, Territories.of(communes, level))) for level in FROM_FINEST}
    return communes, apl, found


def test_each_arrondissement_is_judged_by_its_own_apl(toy_country):
    by_commune = apl_by_commune(toy_country.apl, 2023)
    counts = dict(full_time_gps(by_commune, Territories.of(toy_country.communes, "commune")))
    # 69123: 9 000 people at 4.5 lack nothing, 18 200 at 2.2 lack 0.3 each; its mean, 2.96, would hide them
    assert counts["gp_fte_short_of_2_5_65"]["69123"] == pytest.approx(18_200 * 0.3 / 5_400)
    assert counts["gp_fte_over_65"]["69123"] == pytest.approx((9_000 * 0.4 + 18_200 * 0.7) / 5_400)
    assert counts["gp_fte"]["69123"] == pytest.approx((9_000 * 4.9 + 18_200 * 2.9) / 5_400)


def test_a_mean_above_the_threshold_does_not_pay_for_what_lies_under_it(toy_country):
    by_commune = apl_by_commune(toy_country.apl, 2023)
    counts = dict(full_time_gps(by_commune, Territories.of(toy_country.communes, "departement")))
    # Department 31, all ages: 3 050 people at 2.4 and 1 100 at 1.9, though its mean is 3.4
    assert counts["gp_fte_short_of_2_5"]["31"] == pytest.approx((3_050 * 0.1 + 1_100 * 0.6) / 5_400)


def test_the_unknown_is_never_0_and_weighs_in_no_ratio(toy_country):
    by_commune = apl_by_commune(toy_country.apl, 2023)
    counts = dict(full_time_gps(by_commune, Territories.of(toy_country.communes, "region")))
    for name in COUNTS:
        assert math.isnan(counts[name]["06"])
        assert math.isnan(counts[f"{name}_per_10k"]["06"])
    # Region 76 without 32003 (400 inhabitants), whose APL is unknown
    assert counts["gp_fte_per_10k"]["76"] == pytest.approx(counts["gp_fte"]["76"] / (34_900 - 400) * 10_000)


def test_a_unit_without_its_apl_of_65_or_less_counts_in_the_other_series_alone(toy_country):
    apl = toy_country.apl.assign(apl_65=toy_country.apl["apl_65"].mask(toy_country.apl["unit_code"] == "69381"))
    counts = dict(full_time_gps(apl_by_commune(apl, 2023), Territories.of(toy_country.communes, "commune")))
    assert counts["gp_fte_over_65"]["69123"] == pytest.approx(18_200 * 0.7 / 5_400)
    assert counts["gp_fte"]["69123"] == pytest.approx((9_000 * 4.9 + 18_200 * 2.9) / 5_400)


def test_splitting_a_commune_changes_no_sum(toy_country):
    def counts(apl: pd.DataFrame) -> dict[str, float]:
        found = full_time_gps(apl_by_commune(apl, 2023), Territories.of(toy_country.communes, "france"))
        return {name: float(series["FR"]) for name, series in found}

    town = toy_country.apl["unit_code"] == "31001"
    people = ["population_standardised", "population_total"]
    halved = toy_country.apl.copy()
    halved.loc[town, people] /= 2
    split = pd.concat([halved, halved[town].assign(unit_code="31991")], ignore_index=True)
    assert counts(split) == pytest.approx(counts(toy_country.apl))


def test_units_one_by_one_give_the_counts_of_the_snapshot(real):
    _, apl, found = real
    slow = dict.fromkeys(COUNTS, 0.0)
    for unit in apl[apl["vintage"] == 2023].itertuples():
        slow["gp_fte"] += unit.population_standardised * unit.apl / 5_400
        slow["gp_fte_short_of_2_5"] += unit.population_standardised * max(0.0, 2.5 - unit.apl) / 5_400
        slow["gp_fte_short_of_2_5_65"] += unit.population_standardised * max(0.0, 2.5 - unit.apl_65) / 5_400
        slow["gp_fte_over_65"] += unit.population_standardised * (unit.apl - unit.apl_65) / 5_400
    assert {name: found["france"][name]["FR"] for name in COUNTS} == pytest.approx(slow, rel=1e-9)


@pytest.mark.parametrize("name", COUNTS)
def test_each_level_of_the_snapshot_adds_up_to_france(real, name):
    communes, _, found = real
    france = found["france"][name]["FR"]
    for level in ("commune", "departement", "region"):
        assert found[level][name].sum() == pytest.approx(france)
    alone = communes.loc[communes["epci_code"].isna(), "commune_code"]
    assert found["epci"][name].sum() + found["commune"][name][alone].sum() == pytest.approx(france)


def test_the_counts_of_france_are_of_the_size_that_others_publish(real):
    _, _, found = real
    france = {name: float(found["france"][name]["FR"]) for name in COUNTS}
    # 55 546 liberal GPs (CNAM, 2024), of whom many work less than full time; 12.0 % of the APL is that of over-65s
    assert 0.75 < france["gp_fte"] / 55_546 < 0.95
    assert france["gp_fte_over_65"] / france["gp_fte"] == pytest.approx(0.120, abs=0.0005)
    # Mean APL 3.745 (DREES, 2023) on 67 408 052 people
    assert france["gp_fte"] == pytest.approx(3.745 * 67_408_052 / 5_400, rel=2e-4)
    assert france["gp_fte_short_of_2_5"] < france["gp_fte_short_of_2_5_65"]
    # Without its doctors over 65, France cannot lack more than they bring, on top of what it lacks
    assert france["gp_fte_short_of_2_5_65"] < france["gp_fte_short_of_2_5"] + france["gp_fte_over_65"]


def test_no_count_is_out_of_its_bounds(real):
    _, _, found = real
    for level in FROM_FINEST:
        for name in COUNTS:
            assert found[level][name].min() >= -1e-9, (level, name)
        # Nobody lacks more than 2.5 consultations; standardised people are at most 2.26 times the people
        assert found[level]["gp_fte_short_of_2_5_65_per_10k"].max() <= 2.5 * 2.26 / 5_400 * 10_000


def test_the_key_has_no_value_where_nothing_lacks(real):
    communes, apl, found = real
    levels = (Territories.of(communes, level) for level in ("commune", "departement"))
    key = key_of_distribution(apl_by_commune(apl, 2023), *levels)
    whole = key.groupby(communes["departement_code"].to_numpy()).sum(min_count=1)
    assert set(whole.index[whole.isna()]) == {"75", "976"}  # nothing lacks in Paris; no APL in Mayotte
    np.testing.assert_allclose(whole.dropna(), 1)
    assert found["departement"]["gp_fte_short_of_2_5_65"]["75"] == 0


def test_projected_figures_are_those_of_the_last_year():
    rows = [
        ("departement", "31", 2025, 0.0, 0.0),
        ("departement", "31", 2030, 40.0, 7.0),
        ("region", "76", 2030, 90.0, 1.0),
    ]
    yearly = pd.DataFrame(rows, columns=["level", "territory_code", "year", "need_to_find", "left_to_convince"])
    found = projected_shortfall(yearly, "departement", pd.Index(["09", "31"]))
    assert found.loc["31"].to_dict() == {"projected_need_to_find": 40.0, "projected_left_to_convince": 7.0}
    assert found.loc["09"].isna().all()


def test_the_scenario_that_the_cards_name_is_the_default_one():
    assert PRESETS["tendance"] == Scenario()
    projected = [indicator for indicator in INDICATORS.values() if indicator.is_projected]
    assert set(PROJECTED) == {indicator.id for indicator in projected}
    for indicator in projected:
        assert PRESET_LABELS["tendance"] in indicator.vintage
        assert indicator.nature_at("france") == "estimé"
    assert INDICATORS[KEY].nature_at("commune") == "supposé"
