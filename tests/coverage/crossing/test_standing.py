"""What a weighted ranking says of each place, against a loop."""

import numpy as np
import pytest

from coverage.crossing.standing import ALWAYS, IN_DRAWS, NEVER, SOMETIMES, stand

NAN = float("nan")
WEIGHTS = np.array([[5.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
LOW_FIRST = np.array([False, False, True])


@pytest.fixture
def found():
    random = np.random.default_rng(11)
    values = random.random((90, 3))
    values[4, 1] = NAN
    values[5, 0] = np.inf
    inside = np.arange(90) < 70
    return values, inside, stand(values, LOW_FIRST, WEIGHTS, inside=inside, first=8, n_draws=200)


def test_only_known_places_of_the_territory_are_compared(found):
    values, inside, standings = found
    assert standings.compared.tolist() == [bool(inside[k]) and k != 4 for k in range(90)]
    for table in (standings.places[:, 0], standings.mean_place, standings.share_of_draws, standings.standing):
        assert (np.isnan(table) == ~standings.compared).all()
    alone = stand(values[standings.compared], LOW_FIRST, WEIGHTS, inside=np.ones(69, dtype=bool), first=8, n_draws=200)
    assert (standings.mean_place[standings.compared] == alone.mean_place).all()


def test_a_decision_maker_without_weights_is_not_heard(found):
    values, inside, standings = found
    assert np.isnan(standings.places[:, 2]).all()
    heard = stand(values, LOW_FIRST, WEIGHTS[:2], inside=inside, first=8, n_draws=200)
    assert np.array_equal(heard.mean_place, standings.mean_place, equal_nan=True)
    assert np.array_equal(heard.standing, standings.standing, equal_nan=True)
    nobody = stand(values, LOW_FIRST, WEIGHTS[2:], inside=inside, first=8, n_draws=200)
    assert np.isnan(nobody.mean_place).all()
    assert set(nobody.standing[nobody.compared]) <= {IN_DRAWS, NEVER}


def test_the_standing_is_what_the_places_and_the_draws_say(found):
    _, _, standings = found
    seen = set()
    for place in np.flatnonzero(standings.compared):
        first = [standings.places[place, maker] <= 8 for maker in (0, 1)]
        expected = (
            ALWAYS
            if all(first)
            else SOMETIMES
            if any(first)
            else IN_DRAWS
            if standings.share_of_draws[place] > 0
            else NEVER
        )
        assert standings.standing[place] == expected
        seen.add(expected)
        assert standings.mean_place[place] == pytest.approx(np.mean(standings.places[place, :2]))
    assert seen == {ALWAYS, SOMETIMES, IN_DRAWS, NEVER}


def test_draws_near_the_decision_makers_move_less(found):
    values, inside, standings = found
    near = stand(values, LOW_FIRST, WEIGHTS[:2], inside=inside, first=8, n_draws=200, near_makers=True)
    assert np.count_nonzero(near.share_of_draws > 0) < np.count_nonzero(standings.share_of_draws > 0)


def test_no_place_to_compare_is_no_fault():
    nothing = stand(np.full((3, 2), NAN), LOW_FIRST[:2], WEIGHTS[:, :2], inside=np.ones(3, dtype=bool))
    assert not nothing.compared.any()
    assert np.isnan(nothing.mean_place).all()
