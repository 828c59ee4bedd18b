"""The figures that the sources themselves publish, found again in the real snapshot."""

from __future__ import annotations

import time

import pytest

from coverage.apl_summary import apl_quantile, mean_apl_of_least_served
from coverage.indicators import Tables, compute_all
from coverage.thresholds import classify

NAMES = (
    "communes", "apl", "msp_series", "structures", "professionals", "bpe_departements", "population_series",
    "commune_context", "zoning",
)  # fmt: skip


@pytest.fixture(scope="module")
def tables(snapshots) -> Tables:
    return Tables(**{name: snapshots(name) for name in NAMES}, covered_regions=frozenset({"76"}))


@pytest.fixture(scope="module")
def found(tables):
    return compute_all(tables)


def test_mean_apl_of_france(found):
    france = found["france"].loc["FR"]
    assert round(france["apl_65_2022"], 2) == 3.34
    assert round(france["apl_65_2023"], 2) == 3.29


@pytest.mark.parametrize(("vintage", "published"), [(2022, 1.47), (2023, 1.38)])
def test_least_served_tenth(tables, vintage, published):
    assert tables.apl is not None
    assert round(mean_apl_of_least_served(tables.apl, vintage, "apl_65"), 2) == published
    # The decile itself is another figure: never show one for the other.
    assert apl_quantile(tables.apl, vintage, "apl_65", 0.1) > 1.8


def test_population_and_number_of_territories(found):
    assert [len(found[level]) for level in ("commune", "departement", "region")] == [34_875, 101, 18]
    for level in ("commune", "departement", "region", "france"):
        assert found[level]["population"].sum() == 68_350_798


def test_sites_of_occitanie(found):
    occitanie = found["region"].loc["76"]
    assert occitanie[["n_msp", "n_cpts", "n_centre_sante"]].tolist() == [372, 82, 280]
    assert found["region"]["n_msp"].notna().sum() == 1


def test_labelled_msp_and_gps_of_france(found):
    france = found["france"].loc["FR"]
    assert france["n_msp_dgos"] == 2_251
    assert found["region"]["n_msp_dgos"].sum() == found["departement"]["n_msp_dgos"].sum() == 2_251
    assert france["n_gp"] == 55_546


def test_mayotte_has_no_apl_and_overseas_has_no_metropolitan_figure(found):
    mayotte = found["departement"].loc["976"]
    assert mayotte[[name for name in mayotte.index if "apl" in name and "dgos" not in name]].isna().all()
    overseas = found["departement"].loc[["971", "972", "973", "974", "976"]]
    assert overseas[["poverty_rate", "fedi"]].isna().all(axis=None)
    assert overseas.index[overseas["share_75plus"].isna()].tolist() == ["976"]


def test_shares_and_minutes_are_plausible(found):
    for table in found.values():
        shares = table[[name for name in table.columns if name.startswith("share_")]]
        assert shares.min().min() >= 0
        assert shares.max().max() <= 1
    minutes = found["commune"]["nearest_msp_min"].dropna()
    assert minutes.between(0, 120).all()
    assert len(minutes) > 4_000  # the communes of Occitanie


def test_classes_of_all_communes(found):
    for method in ("quantiles", "jenks", "equal"):
        classes = classify(found["commune"]["apl_65_2023"], method, 5)
        assert classes.n_classes >= 4
        assert sum(classes.counts) + classes.n_unknown == 34_875


def test_all_levels_answer_within_seconds(tables):
    """Measured at 0.9 s on two busy cores; the bound is loose, so that only a change of nature fails."""
    start = time.perf_counter()
    compute_all(tables)
    assert time.perf_counter() - start < 10
