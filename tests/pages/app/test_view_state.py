"""A view is reopened from its address, whatever the address has become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.territories.gazetteer import FRANCE, Territory, UnknownTerritoryError
from pages.app.view import DEFAULT_INDICATOR, View

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
    structures=st.tuples(
        st.sets(st.sampled_from(["msp", "cpts", "pharmacie"])),
        st.sampled_from(["recentes", "actuelles", "2021", "evolution"]),
    ),
    horizon=st.integers(5, 25),
)
def test_an_address_reopens_the_same_view(
    territory, selection, indicator, method, classes, compared, structures, horizon
):
    view = View(
        territoire=territory,
        selection=selection,
        indicateur=indicator,
        maille="departement",
        methode=method,
        classes=classes,
        comparaison=tuple(compared),
        structures=tuple(sorted(structures[0])),
        dates=structures[1],
        horizon=horizon,
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
        ("rang_maille", "canton"),
        ("rang_region", "99"),
        ("horizon", "4"),
        ("horizon", "26"),
        ("horizon", "dix"),
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


def test_an_indicator_not_ranked_at_the_level_asked_is_said_and_the_page_takes_one_that_it_has():
    known = INDICATORS | {"share_ald": ("bassin_de_vie",)}
    _, notices = View.from_query({"rang_indicateur": "share_ald"}, ToyGazetteer(), known)
    assert notices == []
    _, notices = View.from_query({"rang_indicateur": "share_ald", "rang_maille": "region"}, ToyGazetteer(), known)
    assert len(notices) == 1


def test_parameters_of_others_are_left_alone():
    assert read({"embed": "true"}) == (View(), [])


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (View(), ()),  # the country: thousands would hide it
        (View(territoire=Territory("region", "76")), ()),
        (View(territoire=Territory("departement", "48")), ("msp", "cpts")),
        (View(territoire=Territory("departement", "48"), indicateur="zone"), ()),
        (View(territoire=Territory("departement", "48"), indicateur="n_msp"), ()),
        (View(indicateur="zone", structures=("msp",)), ("msp",)),  # asked for
        (View(dates="2021"), ("msp", "cpts")),  # a date of structures was asked for
        (View(territoire=Territory("departement", "48"), structures=()), ()),
    ],
)
def test_structures_are_drawn_by_default_where_they_do_not_hide_the_map(view, shown):
    assert view.shown_structures == shown
