"""A view is reopened from its address, whatever the address has become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.gazetteer import FRANCE, Territory, UnknownTerritoryError
from pages.parts.view_state import DEFAULT_INDICATOR, View

INDICATORS = {
    DEFAULT_INDICATOR: ("commune", "epci", "departement", "region", "france"),
    "population_per_msp_dgos": ("departement", "region", "france"),
    "msp_dgos_per_100k": ("departement", "region", "france"),
}
KNOWN = {FRANCE.key: FRANCE, "region-76": Territory("region", "76"), "commune-31555": Territory("commune", "31555")}


class ToyGazetteer:
    """Knows three keys."""

    def parse(self, key):
        if key not in KNOWN:
            raise UnknownTerritoryError(key)
        return KNOWN[key]


def read(query):
    return View.from_query(query, ToyGazetteer(), INDICATORS)


def test_the_usual_view_has_an_empty_address():
    assert View().to_query() == {}
    assert read({}) == (View(), [])


@given(
    territory=st.sampled_from(list(KNOWN.values())),
    selection=st.sampled_from([None, *KNOWN.values()]),
    indicator=st.sampled_from(list(INDICATORS)),
    method=st.sampled_from(["seuils", "quantiles", "jenks", "egales"]),
    classes=st.integers(3, 7),
    compared=st.lists(st.sampled_from(list(KNOWN.values())), max_size=2),
    structures=st.sets(st.sampled_from(["msp", "cpts", "pharmacie"])),
)
def test_an_address_reopens_the_same_view(territory, selection, indicator, method, classes, compared, structures):
    view = View(
        territoire=territory,
        selection=selection,
        indicateur=indicator,
        maille="departement",
        methode=method,
        classes=classes,
        comparaison=tuple(compared),
        structures=tuple(sorted(structures)),
    )
    assert read(view.to_query()) == (view, [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("territoire", "region-99"),
        ("territoire", "<script>"),
        ("indicateur", "inconnu"),
        ("maille", "canton"),
        ("methode", ""),
        ("classes", "1"),
        ("classes", "douze"),
        ("classes", "³"),
        ("structures", "msp,garage"),
        ("selection", "commune-00000"),
        ("comparaison", "region-76,region-99"),
        ("rang_indicateur", "inconnu"),
        ("rang_maille", "commune"),
    ],
)
def test_what_can_not_be_understood_is_said_and_left_at_its_default(name, text):
    view, notices = read({name: text})
    assert view == View()
    assert len(notices) == 1
    assert name in notices[0]


def test_an_indicator_unknown_at_the_level_asked_takes_the_finest_it_has():
    view, notices = read({"indicateur": "msp_dgos_per_100k", "maille": "commune"})
    assert view.maille == "departement"
    assert len(notices) == 1
    assert read({"indicateur": "msp_dgos_per_100k"})[1] == []


def test_parameters_of_others_are_left_alone():
    assert read({"embed": "true"}) == (View(), [])
