"""The territories that a reader comes back to, and what a browser may give back of them."""

import pytest
import streamlit as st

from coverage.territories.gazetteer import FRANCE, Territory
from pages.app import places
from pages.app.tables import load_gazetteer

LOZERE, MENDE, BRETAGNE = Territory("departement", "48"), Territory("commune", "48095"), Territory("region", "53")


@pytest.fixture(autouse=True)
def _session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})


def test_the_last_ones_are_kept_once_each_the_latest_first():
    for place in (LOZERE, FRANCE, MENDE, LOZERE):
        places.remember(place)
    assert places.last() == (LOZERE, MENDE)
    for code in range(10, 30):
        places.remember(Territory("departement", str(code)))
    assert len(places.last()) == places.MOST_LAST


def test_what_is_kept_is_given_back():
    places.remember(MENDE)
    places.settle(LOZERE)
    kept = places.to_memory()
    st.session_state.clear()
    places.remember(BRETAGNE)
    places.recall(load_gazetteer(), kept)
    assert places.home() == LOZERE
    assert places.last() == (BRETAGNE, MENDE)


def test_what_this_visit_says_wins():
    places.settle(None)
    places.recall(load_gazetteer(), {"home": "departement-48", "last": []})
    assert places.home() is None


@pytest.mark.parametrize(
    "kept",
    [None, [], "x", 3, {}, {"home": 3, "last": "region-53"}, {"home": "region-99", "last": [None, {}, "planete"]}],
)
def test_anything_else_in_the_browser_is_left_aside(kept):
    places.recall(load_gazetteer(), kept)
    assert places.home() is None
    assert places.last() == ()
