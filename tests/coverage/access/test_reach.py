"""Who is near a candidate: the minutes to it, one way and the other, and the edges of its zones."""

from __future__ import annotations

import numpy as np
import pytest

from coverage.access.reach import Reach, minutes_to
from coverage.errors import UnknownCommuneError
from coverage.territories.aggregation import Territories
from geo.travel_time.estimate import estimate_travel_times
from geo.travel_time.matrix import travel_times_from_pairs
from tests.toy import toy_country

TOY = toy_country()
TIMES = estimate_travel_times(TOY.communes)
CODES = list(TOY.communes["commune_code"])


@pytest.mark.parametrize("code", CODES)
def test_minutes_to_a_place_are_a_column_of_the_matrix(code):
    slow = {
        origin: TIMES.minutes_from(origin)[code] for origin in TIMES.place_codes if code in TIMES.minutes_from(origin)
    }
    assert minutes_to(code, TIMES).to_dict() == slow


def one_way():
    """Three places: A is 5 minutes from B one way and 12 the other; C leads to B in exactly 10."""
    pairs = {("31001", "31002"): 5.0, ("31002", "31001"): 12.0, ("31003", "31002"): 10.0}
    places = ["31001", "31002", "31003"]
    origins, destinations = zip(*pairs, strict=True)
    own = np.arange(3)
    return travel_times_from_pairs(
        places,
        np.concatenate([[places.index(code) for code in origins], own]),
        np.concatenate([[places.index(code) for code in destinations], own]),
        np.concatenate([list(pairs.values()), np.zeros(3)]),
        limit_min=30.0,
        provider="table",
        vintage="essai",
    )


def test_the_way_to_a_place_is_not_the_way_from_it():
    reach = Reach.of("31002", TOY.communes, one_way())
    to = dict(zip(reach.codes, reach.minutes_to, strict=True))
    back = dict(zip(reach.codes, reach.minutes_from, strict=True))
    assert (to["31001"], back["31001"]) == (5.0, 12.0)
    assert (to["31003"], to["31002"]) == (10.0, 0.0)
    assert np.isnan(back["31003"])  # C is not reached from B


def test_a_zone_does_not_hold_its_upper_bound_and_each_holds_the_one_before():
    reach = Reach.of("31002", TOY.communes, one_way())
    assert list(reach.zone(10.0)) == ["31001", "31002"]  # C is at 10 exactly
    assert list(reach.zone(10.1)) == ["31001", "31002", "31003"]
    assert not (reach.within(10.0) & ~reach.within(15.0)).any()


def test_the_candidate_is_always_in_its_own_zone():
    for code in CODES:
        assert code in Reach.of(code, TOY.communes, TIMES).zone(10.0)


@pytest.mark.parametrize(("code", "times"), [("99999", TIMES), ("97601", one_way())])
def test_an_unknown_candidate_is_named(code, times):
    with pytest.raises(UnknownCommuneError, match=code):
        Reach.of(code, TOY.communes, times)


def test_gathered_communes_add_up_as_one_territory():
    inside = np.isin(CODES, ["31001", "31004"])
    place = Territories.of_own(TOY.communes, inside, "ici", Reach.of("31001", TOY.communes, TIMES).codes)
    assert place.total(place.population).to_dict() == {"ici": 22_000.0}
