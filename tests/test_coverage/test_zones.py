from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coverage.indicators import compute
from coverage.territories import Territories
from coverage.zones import ZONES, share_population_zip


def known_zones(zoning: pd.DataFrame) -> pd.Series:
    return zoning.set_index("commune_code")["zone"]


def test_zone_of_a_commune_and_the_unknown(toy_country):
    zones = compute("commune", toy_country.tables())["zone"]
    assert zones["31001"] == "HZ"
    assert zones[zones.notna()].isin(ZONES).all()
    assert zones.index[zones.isna()].tolist() == ["32003", "97401", "97601"]


def test_share_in_zip_is_among_the_people_whose_zone_is_known(toy_country):
    share = share_population_zip(known_zones(toy_country.zoning), Territories.of(toy_country.communes, "departement"))
    assert share["32"] == pytest.approx(500 / 8_500)  # 32003 unknown; 32004 is in ZIP, with nobody
    assert share["69"] == 0
    assert np.isnan(share["974"])


def test_zone_is_not_threshold(toy_country):
    """31004 is at 3.0 (all ages), above 2.5, and in ZIP all the same: one is never derived from the other."""
    apl = toy_country.apl.query("commune_code == '31004' and vintage == 2022")["apl"].item()
    assert apl > 2.5
    assert known_zones(toy_country.zoning)["31004"] == "ZIP"


def test_communes_absent_from_the_zoning_are_unknown(toy_country):
    few = toy_country.zoning[toy_country.zoning["commune_code"] == "31003"]
    assert share_population_zip(known_zones(few), Territories.of(toy_country.communes, "departement"))["31"] == 1
    assert isinstance(share_population_zip(known_zones(few), Territories.of(toy_country.communes, "france")), pd.Series)
