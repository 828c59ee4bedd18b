from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.apl_summary import apl_by_commune, apl_by_zoned_part, mean_apl
from coverage.indicators.compute import compute
from coverage.indicators.zones import (
    SEVERAL,
    ZONES,
    share_population_in_zone,
    share_population_zip,
    share_population_zone_known,
    zone_of_communes,
    zone_shares,
)
from coverage.programme.measures import ALL, apl_change_by_group
from coverage.territories.aggregation import Territories
from geo.levels import FROM_FINEST


def departements(toy):
    return Territories.of(toy.communes, "departement")


def test_zone_of_a_commune_and_the_unknown(toy_country):
    zones = compute("commune", toy_country.tables())["zone"]
    assert zones["31001"] == "HZ"
    assert zones["69123"] == SEVERAL  # its two arrondissements are HZ and ZAC
    assert zones[zones.notna()].isin([*ZONES, SEVERAL]).all()
    assert zones.index[zones.isna()].tolist() == ["32003", "97401", "97601"]


def test_share_in_zip_is_among_the_people_whose_zone_is_known(toy_country):
    share = share_population_zip(zone_shares(toy_country.zoning), departements(toy_country))
    assert share["32"] == pytest.approx(500 / 8_500)  # 32003 unknown; 32004 is in ZIP, with nobody
    assert share["69"] == 0
    assert np.isnan(share["974"])


def test_arrondissements_count_for_their_own_inhabitants(toy_country):
    share = share_population_in_zone(zone_shares(toy_country.zoning), "ZAC", departements(toy_country))
    assert share["69"] == pytest.approx(18_000 / 34_000)


def test_what_is_not_zoned_is_said(toy_country):
    known = share_population_zone_known(zone_shares(toy_country.zoning), departements(toy_country))
    assert known["32"] == pytest.approx(8_500 / 8_900)
    assert known["69"] == pytest.approx(1)
    assert known["974"] == 0


def test_shares_of_the_zones_make_the_whole_at_every_level(toy_country):
    shares = zone_shares(toy_country.zoning)
    for level in FROM_FINEST:
        territories = Territories.of(toy_country.communes, level)
        by_zone = [share_population_in_zone(shares, zone, territories) for zone in ZONES]
        total = pd.concat(by_zone, axis="columns").sum(axis="columns", skipna=False).dropna()
        assert len(total)
        assert total.to_numpy() == pytest.approx(1)


@pytest.mark.parametrize("zone", ZONES)
def test_splitting_a_commune_into_arrondissements_of_its_zone_changes_no_share(toy_country, zone):
    whole = toy_country.zoning
    cut = whole[whole["commune_code"] == "31001"]
    parts = pd.concat([cut.assign(part_code=f"3138{n}", share=share) for n, share in ((1, 0.25), (2, 0.75))])
    split = pd.concat([whole[whole["commune_code"] != "31001"], parts], ignore_index=True)
    assert zone_of_communes(split).to_dict() == zone_of_communes(whole).to_dict()
    for level in FROM_FINEST:
        territories = Territories.of(toy_country.communes, level)
        before, after = (share_population_in_zone(zone_shares(table), zone, territories) for table in (whole, split))
        pd.testing.assert_series_equal(after, before)
        known = [share_population_zone_known(zone_shares(table), territories) for table in (whole, split)]
        pd.testing.assert_series_equal(*known)


def test_a_commune_of_two_zones_without_known_parts_is_of_several_zones_and_counts_as_unknown(toy_country):
    zoning = toy_country.zoning
    unknown = zoning.assign(share=zoning["share"].where(zoning["commune_code"] != "69123"))
    assert zone_of_communes(unknown)["69123"] == SEVERAL
    known = share_population_zone_known(zone_shares(unknown), departements(toy_country))
    assert known["69"] == pytest.approx(4_000 / 34_000)


def test_an_arrondissement_without_a_zone_is_unknown_for_its_inhabitants_only(toy_country):
    zoning = toy_country.zoning
    partly = zoning.assign(zone=zoning["zone"].where(zoning["part_code"] != "69382"))
    assert zone_of_communes(partly)["69123"] == SEVERAL
    known = share_population_zone_known(zone_shares(partly), departements(toy_country))
    assert known["69"] == pytest.approx((4_000 + 12_000) / 34_000)


def test_zone_is_not_threshold(toy_country):
    """31004 is at 3.0 (all ages), above 2.5, and in ZIP all the same: one is never derived from the other."""
    apl = toy_country.apl.query("commune_code == '31004' and vintage == 2022")["apl"].item()
    assert apl > 2.5
    assert zone_of_communes(toy_country.zoning)["31004"] == "ZIP"


def test_communes_absent_from_the_zoning_are_unknown(toy_country):
    few = zone_shares(toy_country.zoning[toy_country.zoning["commune_code"] == "31003"])
    assert share_population_zip(few, departements(toy_country))["31"] == 1
    assert share_population_zone_known(few, departements(toy_country))["31"] == pytest.approx(1_000 / 26_000)


def test_apl_by_zone_counts_each_arrondissement_in_its_own(toy_country):
    """Slow twin: every unit of the APL is put in the zone of its arrondissement, or of its commune, one by one."""
    zone_of = {row["part_code"]: row["zone"] for row in toy_country.zoning.to_dict("records")}
    sums: dict[str, list[float]] = {}
    for unit in toy_country.apl.query("vintage == 2023").to_dict("records"):
        zone = zone_of.get(unit["unit_code"]) or zone_of.get(unit["commune_code"])
        if isinstance(zone, str):
            sums.setdefault(zone, []).append(unit["apl_65"] * unit["population_standardised"])
            sums.setdefault(f"{zone} weight", []).append(unit["population_standardised"])
    before, after = (apl_by_zoned_part(toy_country.apl, toy_country.zoning, year) for year in (2022, 2023))
    table = apl_change_by_group(before, after, toy_country.zoning.set_index("part_code")["zone"])
    for zone in ("ZIP", "ZAC", "ZAR", "HZ"):
        assert table.loc[zone, "apl_after"] == pytest.approx(sum(sums[zone]) / sum(sums[f"{zone} weight"]))


def test_the_whole_by_zone_is_the_mean_of_the_country_once_the_unknown_is_a_group(toy_country):
    before, after = (apl_by_zoned_part(toy_country.apl, toy_country.zoning, year) for year in (2022, 2023))
    zones = toy_country.zoning.set_index("part_code")["zone"].fillna("inconnue")
    whole = apl_change_by_group(before, after, zones).loc[ALL, "apl_before"]
    common = before.index.intersection(after.index)
    kept = toy_country.apl[toy_country.apl["unit_code"].isin(common) | toy_country.apl["commune_code"].isin(common)]
    france = mean_apl(apl_by_commune(kept, 2022), "apl_65", Territories.of(toy_country.communes, "france"))
    assert whole == pytest.approx(france["FR"])
