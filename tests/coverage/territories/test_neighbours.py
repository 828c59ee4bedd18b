"""What touches a territory: against a slow twin on the toy country, and what geography books say of the real one."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from coverage.territories.neighbours import neighbours
from data import store
from geo.levels import DRAWN_LEVELS, code_column
from geo.shapes.adjacency import NEIGHBOURS_FILE, Adjacency, read_adjacency

FILE = Path(__file__).parents[3] / "static" / "geometry" / NEIGHBOURS_FILE


@pytest.fixture
def toy(toy_country):
    return Gazetteer.of(partial(getattr, toy_country))


@pytest.fixture(params=range(4))
def drawn(request, toy):
    """Return pairs drawn at random among the communes of the toy country, one of which has no shape."""
    rng = np.random.default_rng(request.param)
    codes = np.sort(toy.communes["commune_code"].to_numpy(dtype=np.str_))[:-1]
    pairs = [(i, j) for i in range(len(codes)) for j in range(i + 1, len(codes)) if rng.random() < 0.25]
    return Adjacency(codes, np.array(pairs).reshape(-1, 2))


def slow_neighbours(gazetteer, adjacency, territory):
    """Walk every pair of communes, both ways."""
    own = {}
    for row in gazetteer.communes.to_dict("records"):
        code = row["commune_code"] if territory.level == "commune" else row[code_column(territory.level)]
        own[row["commune_code"]] = code if isinstance(code, str) else None
    found = set()
    for i, j in adjacency.pairs:
        for one, other in ((i, j), (j, i)):
            here, there = own[adjacency.codes[one]], own[adjacency.codes[other]]
            if here == territory.code and there not in {None, here}:
                found.add(there)
    return found


def every_territory(gazetteer):
    for level in DRAWN_LEVELS:
        for code in gazetteer.table(level)[code_column(level)]:
            yield Territory(level, code)


def test_the_same_as_the_slow_twin_at_every_level(toy, drawn):
    for territory in every_territory(toy):
        found = neighbours(toy, drawn, territory)
        assert {place.code for place in found.territories} == slow_neighbours(toy, drawn, territory)
        assert all(place.level == territory.level for place in found.territories)


def test_two_territories_are_each_other_s_neighbours_and_none_is_its_own(toy, drawn):
    of = {territory: neighbours(toy, drawn, territory).territories for territory in every_territory(toy)}
    for territory, found in of.items():
        assert territory not in found
        assert all(territory in of[other] for other in found)


def test_a_commune_without_shape_is_unknown_and_an_island_is_not(toy, drawn):
    missing = sorted(set(toy.communes["commune_code"]) - set(drawn.codes))
    assert not neighbours(toy, drawn, Territory("commune", missing[0])).is_known
    alone = Adjacency(drawn.codes, np.empty((0, 2), dtype=np.int64))
    island = neighbours(toy, alone, Territory("commune", str(drawn.codes[0])))
    assert island.is_known
    assert island.territories == ()
    assert neighbours(toy, drawn, FRANCE).territories == ()


@pytest.fixture(scope="module")
def country():
    return Gazetteer.of(store.load), read_adjacency(FILE)


BOOKS = {
    "departement-48": {"07", "12", "15", "30", "43"},
    "departement-75": {"92", "93", "94"},
    "departement-77": {"02", "10", "45", "51", "60", "89", "91", "93", "94", "95"},
    "departement-29": {"22", "56"},
    "departement-2A": {"2B"},
    "region-76": {"75", "84", "93"},
    "region-94": set(),
    "departement-974": set(),
    "commune-85113": set(),  # L'Île-d'Yeu
}


@pytest.mark.parametrize("key", BOOKS)
def test_what_geography_books_say(country, key):
    gazetteer, adjacency = country
    found = neighbours(gazetteer, adjacency, gazetteer.parse(key))
    assert found.is_known
    assert {place.code for place in found.territories} == BOOKS[key]


def test_a_commune_has_six_neighbours_on_average(country):
    """A map of many countries has a little under six borders each: the sea takes the rest (Euler)."""
    _, adjacency = country
    assert 5.5 < 2 * len(adjacency.pairs) / len(adjacency.codes) < 6
