"""The zones of a commune in words, on the toy country."""

import pytest

from reports.figures.numbers import UNKNOWN
from reports.figures.zone_words import tell_zone_mix
from tests.toy import toy_country


def test_only_a_commune_of_several_zones_has_a_mix():
    zoning = toy_country().zoning
    assert tell_zone_mix(zoning, "31001") == ""
    assert tell_zone_mix(zoning, "97401") == ""  # unknown
    assert tell_zone_mix(zoning, "00000") == ""
    assert tell_zone_mix(zoning, "69123").replace("\u00a0", " ") == "ZAC 60,0 %, HZ 40,0 %"


@pytest.mark.parametrize("column", ["zone", "share"])
def test_the_people_whose_zone_is_not_known_come_last(column):
    zoning = toy_country().zoning
    zoning[column] = zoning[column].where(zoning["part_code"] != "69381")
    said = tell_zone_mix(zoning, "69123").replace("\u00a0", " ")
    assert said == f"ZAC 60,0 %, {UNKNOWN} 40,0 %"
