"""Comparable territories: against a slow twin, with what is unknown left out and never replaced."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.peers import MOST_PEERS, PEER_CRITERIA, find_peers
from tests.reference.indicators import compute_all


def drawn_table(seed, n=40, unknown=0.1):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "density_per_km2": np.exp(rng.normal(4, 1.5, n)),
            "share_75plus": rng.uniform(0.05, 0.25, n),
            "poverty_rate": rng.uniform(0.08, 0.35, n),
        },
        index=[f"{code:02d}" for code in range(n)],
    )
    table = table.mask(rng.random(table.shape) < unknown)
    table.iloc[3, 0] = 0.0  # nobody lives there
    return table


def slow_peers(table, code):
    """Do by hand what the method says."""
    rows = table.to_dict("index")

    def scale(row, name):
        value = row[name]
        if name == "density_per_km2":
            return math.log(value) if value > 0 else math.nan
        return value

    spread = {}
    for name in PEER_CRITERIA:
        known = [scale(row, name) for row in rows.values() if not math.isnan(scale(row, name))]
        spread[name] = statistics.pstdev(known) if known else math.nan
    used = [name for name in PEER_CRITERIA if not math.isnan(scale(rows[code], name))]
    if len(used) < 2:
        return []
    found = []
    for other, row in rows.items():
        if other == code or any(math.isnan(scale(row, name)) for name in used):
            continue
        gaps = [(scale(row, name) - scale(rows[code], name)) / spread[name] for name in used]
        found.append((math.sqrt(sum(gap**2 for gap in gaps) / len(gaps)), other))
    return sorted(found)[: min(MOST_PEERS, len(rows) // 3)]


@pytest.mark.parametrize("seed", range(4))
def test_the_same_as_the_slow_twin(seed):
    table = drawn_table(seed)
    for code in table.index:
        peers, slow = find_peers(table, code), slow_peers(table, code)
        assert peers.distances.index.tolist() == [other for _, other in slow]
        assert peers.distances.to_numpy() == pytest.approx([distance for distance, _ in slow])


@pytest.mark.parametrize("seed", range(4))
def test_it_is_never_its_own_peer_and_the_nearest_come_first(seed):
    table = drawn_table(seed)
    for code in table.index:
        distances = find_peers(table, code).distances
        assert code not in distances.index
        assert len(distances) <= MOST_PEERS
        assert distances.is_monotonic_increasing
        assert (distances >= 0).all()


def test_the_distance_is_the_same_both_ways_and_in_any_unit():
    table = drawn_table(7, n=9, unknown=0.0).drop(index="03")
    scaled = table.assign(share_75plus=100 * table["share_75plus"], density_per_km2=table["density_per_km2"] / 100)
    for code in table.index:
        for other, distance in find_peers(table, code).distances.items():
            back = find_peers(table, other).distances
            assert back.get(code, distance) == pytest.approx(distance)
        again = find_peers(scaled, code).distances
        assert again.to_dict() == pytest.approx(find_peers(table, code).distances.to_dict())


def test_a_criterion_unknown_for_the_territory_is_left_out_and_said():
    table = drawn_table(1, unknown=0.0)
    table.loc["05", "poverty_rate"] = np.nan
    peers = find_peers(table, "05")
    assert peers.criteria == ("density_per_km2", "share_75plus")
    assert peers.missing == ("poverty_rate",)
    assert not peers.distances.empty


def test_another_territory_must_know_all_that_is_used_and_those_that_do_not_are_counted():
    table = drawn_table(1, unknown=0.0)
    table.loc[["07", "08"], "share_75plus"] = np.nan
    peers = find_peers(table, "05")
    assert not {"07", "08", "03"} & set(peers.distances.index)
    assert peers.n_unknown == 3  # and the one where nobody lives, whose density has no logarithm


def test_too_little_known_gives_no_peer():
    table = drawn_table(1, unknown=0.0)
    table.loc["05", ["poverty_rate", "share_75plus"]] = np.nan
    peers = find_peers(table, "05")
    assert peers.distances.empty
    assert peers.criteria == ("density_per_km2",)


def test_what_is_the_same_everywhere_parts_nothing():
    table = drawn_table(2, unknown=0.0).assign(poverty_rate=0.15)
    without = find_peers(table, "05", PEER_CRITERIA[:2]).distances
    assert find_peers(table, "05").distances.index.tolist() == without.index.tolist()


def test_the_toy_country_has_peers_where_enough_is_known(toy_country):
    table = compute_all(toy_country.tables())["commune"]
    assert find_peers(table, "32003").distances.empty  # known by its inhabitants alone
    assert find_peers(table, "32004").missing[0] == "density_per_km2"  # nobody lives there
    for code in table.index:
        peers = find_peers(table, code)
        assert code not in peers.distances.index
        assert peers.distances.notna().all()
