"""The figures that the sources themselves publish, found again in the real snapshot."""

from __future__ import annotations

import time

import numpy as np
import pytest

from coverage.indicators.commune_facts import Tables, commune_facts
from coverage.indicators.nearest import is_at_most, minutes_to_structure
from coverage.indicators.structures import covered_communes
from coverage.indicators.thresholds import classify
from tests.reference.apl import apl_quantile, mean_apl_of_least_served
from tests.reference.indicators import compute_all

NAMES = (
    "communes", "apl", "msp_series", "structures", "bpe_communes", "professionals", "bpe_departements",
    "population_series",
    "population_estimates", "commune_context", "zoning", "bassins_de_vie",
)  # fmt: skip

REGIONS = frozenset("01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94".split())  # noqa: SIM905


@pytest.fixture(scope="module")
def tables(snapshots) -> Tables:
    return Tables(**{name: snapshots(name) for name in NAMES}, covered_regions=frozenset({"76"}), msp_regions=REGIONS)


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


def test_people_in_zip_are_those_of_the_zonings(found):
    """CartoSanté and the ARS: Île-de-France 62.4 % (2022 pool of communes), Hauts-de-France 15.1 %, France 30.2 %."""
    shares = 100 * found["region"]["share_population_zip"]
    published = {"11": (62.4, 0.6), "32": (15.1, 0.6)}
    assert all(abs(shares[code] - figure) < gap for code, (figure, gap) in published.items())
    assert shares[["84", "93"]].round(1).tolist() == [18.5, 14.3]
    assert found["france"].loc["FR", "share_population_zip"] == pytest.approx(0.288, abs=0.0005)
    known = found["region"]["share_population_zone_known"]
    assert known["04"] == 0  # La Réunion: the source says « non disponible »
    assert known.drop("04").min() > 0.99
    assert found["france"].loc["FR", "share_population_zone_known"] == pytest.approx(0.985, abs=0.0005)


def test_sites_of_occitanie(found):
    region = found["region"]
    assert region.loc["76", ["n_msp_finess", "n_cpts_finess", "n_centre_sante_finess"]].tolist() == [372, 82, 280]
    assert region["n_cpts_finess"].notna().sum() == region["n_centre_sante_finess"].notna().sum() == 1
    assert region["n_msp_finess"].sum() == found["france"].loc["FR", "n_msp_finess"] == 3_079


def test_msp_of_the_bpe_are_those_counted_by_insee_in_each_region(found):
    counted = {"84": 384, "76": 306, "75": 297, "32": 253, "44": 202, "11": 194, "53": 171, "27": 158, "28": 154}
    counted |= {"93": 139, "52": 134, "24": 129, "04": 23, "94": 14, "01": 12, "02": 8, "03": 5, "06": 3}
    assert found["region"]["n_msp"].to_dict() == counted
    assert found["france"].loc["FR", "n_msp"] == found["commune"]["n_msp"].sum() == 2_586
    assert found["departement"].loc["84", "n_msp"] == 25


def test_border_communes_of_occitanie_have_a_maximum(tables):
    """Great circles, computed apart, give 351 communes and 198 489 people: two communes lie within 0.13 minute."""
    covered = covered_communes(tables.communes, {"76"})
    local = tables.structures[tables.structures["region_code"] == "76"]
    minutes = minutes_to_structure(local, "msp", tables.communes, covered)
    flags = is_at_most(minutes, commune_facts(tables).out_of_cover_min).to_numpy()
    people = tables.communes.loc[flags, "population"].sum()
    assert abs(flags.sum() - 351) <= 3
    assert abs(people - 198_489) <= 3_000
    assert flags[tables.communes["commune_code"] == "30032"].all()  # Beaucaire, 4 minutes from Tarascon


def test_labelled_msp_and_gps_of_france(found):
    france = found["france"].loc["FR"]
    assert france["n_msp_dgos"] == 2_251
    assert found["region"]["n_msp_dgos"].sum() == found["departement"]["n_msp_dgos"].sum() == 2_251
    assert france["n_gp"] == 55_546


def test_mayotte_has_no_apl_and_overseas_has_no_metropolitan_figure(found):
    mayotte = found["departement"].loc["976"]
    assert mayotte[[name for name in mayotte.index if "apl" in name and "dgos" not in name]].isna().all()
    overseas = found["departement"].loc[["971", "972", "973", "974", "976"]]
    assert overseas["fedi"].isna().all()
    assert overseas["share_75plus"].notna().all()
    assert overseas.index[overseas["poverty_rate"].isna()].tolist() == ["971", "973", "976"]


def test_growth_is_what_insee_published(found):
    growth = 100 * found["departement"]["population_growth_per_year"]
    published = {"49": 0.35, "50": -0.08, "48": -0.01, "74": 1.03, "85": 0.87, "61": -0.58}
    assert growth[list(published)].to_dict() == pytest.approx(published, abs=0.0101)
    assert 100 * found["france"].loc["FR", "population_growth_per_year"] == pytest.approx(0.33, abs=0.005)
    metropolitan = growth.drop(["971", "972", "973", "974", "976"])
    assert metropolitan.between(-1, 1.5).all()
    regions = 100 * found["region"]["population_growth_per_year"]
    assert regions[["52", "28"]].to_dict() == pytest.approx({"52": 0.6, "28": 0.0}, abs=0.15)


def test_merged_communes_have_a_growth_that_is_possible(found):
    growth = (1 + found["commune"]["population_growth_per_year"]) ** 6 - 1
    # Montrevault-sur-Èvre, Annecy, Conques-en-Rouergue: +1 118 %, +153 % and +75 % on populations before the mergers
    assert growth[["49218", "74010", "12218"]].to_dict() == pytest.approx(
        {"49218": 15_726 / 15_859 - 1, "74010": 132_117 / 126_924 - 1, "12218": 1_540 / 1_673 - 1}
    )
    assert growth.isna().sum() < 30
    assert (growth > 1).sum() < 10


def test_poverty_is_that_of_insee_by_department_and_of_the_bassin_de_vie_by_commune(found):
    rates = 100 * found["departement"]["poverty_rate"]
    published = {"93": 28.4, "92": 12.4, "78": 10.5, "95": 17.7, "75": 15.6, "84": 19.9, "972": 26.8, "974": 36.1}
    assert rates[list(published)].to_dict() == pytest.approx(published)
    communes = 100 * found["commune"]["poverty_rate"]
    assert communes[["75056", "92051", "93008"]].tolist() == pytest.approx([16.8] * 3)  # the bassin de vie of Paris
    of_bassins = 100 * found["bassin_de_vie"]["poverty_rate"]
    # INSEE, by bassin de vie: Paris, Toulouse, Langogne
    assert of_bassins[["75056", "31555", "48080"]].tolist() == pytest.approx([16.8, 15.1, 19.2])
    assert of_bassins[of_bassins.index.str.startswith(("972", "974"))].notna().all()
    for level in (
        "epci",
        "aire_attraction",
        "region",
        "france",
    ):  # none is in the sources, and a mean of rates would be no rate
        assert found[level]["poverty_rate"].isna().all()


def test_the_bassins_de_vie_and_aires_are_those_that_insee_counts(found):
    assert {level: len(found[level]) for level in ("bassin_de_vie", "aire_attraction")} == {
        "bassin_de_vie": 1_707,  # INSEE, bassins de vie 2022
        "aire_attraction": 699,  # INSEE, aires d'attraction 2020: the code 000 is no aire
    }
    france = found["france"].loc["FR", "population"]
    assert found["bassin_de_vie"]["population"].sum() == france
    share = found["aire_attraction"]["population"].sum() / france
    assert share == pytest.approx(0.93, abs=0.005)  # « 93 % de la population », INSEE 2020


def test_the_liberal_gps_of_the_bassins_de_vie_are_those_of_the_cnam(found):
    bassins = found["bassin_de_vie"]
    gps = bassins["gp_liberal_per_100k"] / 100_000 * bassins["population"]
    assert gps.sum() == pytest.approx(55_546, rel=0.001)  # CNAM 2024
    assert bassins["share_ald"].isna().sum() == 157
    assert not (bassins["share_ald"] == 0).any()


def test_the_75_and_over_of_the_bassins_de_vie_make_those_of_france(found):
    bassins = found["bassin_de_vie"].dropna(subset="share_75plus")
    people = bassins["population"]
    mean = (bassins["share_75plus"] * people).sum() / people.sum()
    assert mean == pytest.approx(found["france"].loc["FR", "share_75plus"], abs=0.002)


def test_mayotte_is_divided_by_its_population_of_today(found):
    per_msp = found["departement"]["population_per_msp_dgos"]
    assert per_msp["976"] == 329_282 / 4
    assert found["region"]["population_per_msp_dgos"].rank()["06"] == 17
    assert found["departement"].loc["976", "population"] == 256_518
    assert found["france"].loc["FR", "population_per_msp_dgos"] == 68_350_798 / 2_251


def test_shares_and_minutes_are_plausible(found):
    for table in found.values():
        shares = table[[name for name in table.columns if name.startswith("share_")]]
        assert shares.min().min() >= 0
        assert shares.max().max() <= 1
    minutes = found["commune"]["nearest_msp_min"].dropna()
    assert len(minutes) == 34_875
    assert minutes[np.isinf(minutes)].index.str[:2].isin(["17", "22", "29", "56", "85", "97"]).all()  # islands without
    remote = minutes.index.str.startswith("973")  # Guyane: villages days away by river
    assert minutes[np.isfinite(minutes) & ~remote].between(0, 150).all()
    assert minutes.min() == 0


def test_classes_of_all_communes(found):
    for method in ("quantiles", "jenks", "equal"):
        classes = classify(found["commune"]["apl_65_2023"], method, 5)
        assert classes.n_classes >= 4
        assert sum(classes.counts) + classes.n_unknown == 34_875


def test_all_levels_answer_within_seconds(tables):
    """Measured at 0.9 s of the processor; the bound is loose, so that only a change of nature fails."""
    start = time.process_time()
    compute_all(tables)
    assert time.process_time() - start < 10
