"""Names that a typing mistake hides."""

import pandas as pd
import pytest

from coverage.territories.gazetteer import Gazetteer
from coverage.territories.spelling import close_names
from data import store

NAMES = pd.Series(["toulouse", "toulon", "mende", "mendes", "st etienne", "lozere"])


@pytest.mark.parametrize(
    ("typed", "found"), [("touluse", "toulouse"), ("loere", "lozere"), ("st etiene", "st etienne")]
)
def test_a_letter_missing_or_wrong_finds_the_name(typed, found):
    assert close_names(typed, NAMES, 3)[0] == found


@pytest.mark.parametrize("typed", ["", "me", "men", "zzzzzz", "bordeaux"])
def test_what_is_too_short_or_like_nothing_finds_nothing(typed):
    assert close_names(typed, NAMES, 3) == []


def test_the_closest_come_first_and_no_more_than_asked():
    assert close_names("mendee", NAMES, 2) == ["mende", "mendes"]
    assert close_names("mendee", NAMES, 1) == ["mende"]


@pytest.fixture(scope="module")
def country():
    return Gazetteer.of(store.load)


MISTAKES = {
    "touluse": "commune-31555", "Clemont Ferrand": "commune-63113", "monpellier": "commune-34172",
    "perpigan": "commune-66136", "stasbourg": "commune-67482", "Loere": "departement-48",
}  # fmt: skip


@pytest.mark.parametrize("typed", MISTAKES)
def test_mistakes_that_people_make_find_the_territory(country, typed):
    assert country.search(typed) == []
    assert country.resembling(typed)[0].key == MISTAKES[typed]


def test_saint_is_found_from_its_first_letters(country):
    assert country.label(country.search("Saint-Den")[0]).startswith("Saint-Denis")
    assert any(country.label(place).startswith("Saint-") for place in country.search("sain"))
    assert country.search("toulous")[0].key == "commune-31555"  # before what is named after it
