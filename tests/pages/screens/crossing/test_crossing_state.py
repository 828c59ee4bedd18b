"""What the page of crossings keeps in the address: written, read back, refused in French."""

import pytest

from pages.screens.crossing.state import (
    MOST_CORNERS,
    USUAL_MAKERS,
    CrossingState,
    Maker,
    Weighed,
    clean_name,
    shorten_contour,
)

CHOSEN = CrossingState(
    part="criteres",
    second="density_per_km2",
    cut="seuils",
    cells="08n",
    contour=((0.5, 1.25), (3.0, 4e5), (1.0, -2.0)),
    axes="rangs",
    criteria=(Weighed("apl_65_2023", low_first=True), Weighed("share_75plus", low_first=False)),
    makers=(Maker("Ville d’Été", (0, 5)), Maker("CPTS", (1, 1))),
    draws="autour",
)


def test_a_choice_is_written_and_read_back():
    assert CrossingState.from_query(CHOSEN.to_query()) == (CHOSEN, [])
    assert CrossingState().to_query() == {}
    assert CrossingState.from_query({}) == (CrossingState(), [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x_partie", "trois"),
        ("x_avec", "zone"),
        ("x_avec", "inconnu"),
        ("x_coupe", "jenks"),
        ("x_cases", "09"),
        ("x_cases", ""),
        ("x_zone", "1,2"),
        ("x_zone", "1,2~3"),
        ("x_zone", "1,2~nan,4"),
        ("x_zone", "~".join(["1,2"] * (MOST_CORNERS + 1))),
        ("x_axes", "log"),
        ("x_criteres", "apl_65_2023"),
        ("x_criteres", "apl_65_2023.bas~apl_65_2023.haut"),
        ("x_criteres", "zone.haut"),
        ("x_decideurs", "ARS"),
        ("x_decideurs", "ARS.6.1.1.1.1"),
        ("x_decideurs", "ARS.1.1.1.1.1~ARS.1.1.1.1.1"),
        ("x_decideurs", "ARS.1.1"),
        ("x_decideurs", ".1.1.1.1.1"),
        ("x_tirages", "dix"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_usual_is_kept(name, text):
    state, notices = CrossingState.from_query({name: text})
    assert state == CrossingState()
    assert len(notices) == 1
    assert f"« {name} = {text[:60]} »" in notices[0]
    assert "attendu" in notices[0]


def test_criteria_alone_keep_the_weights_that_are_known():
    state, notices = CrossingState.from_query({"x_criteres": "apl_65_2023.bas~n_msp.bas"})
    assert notices == []
    assert state.makers == tuple(Maker(one.name, (one.weights[2], 3)) for one in USUAL_MAKERS)
    assert CrossingState.from_query(state.to_query()) == (state, [])


def test_names_and_contours_fit_in_the_address():
    assert clean_name("  A.R.S. ~ Occitanie\n") == "A R S Occitanie"
    assert clean_name(None) == ""
    drawn = tuple((float(step), 1 / 3) for step in range(1000))
    kept = shorten_contour(drawn)
    assert len(kept) <= MOST_CORNERS
    assert kept[0] == (0.0, 0.3333)
    state = CrossingState(contour=kept)
    assert CrossingState.from_query(state.to_query()) == (state, [])
