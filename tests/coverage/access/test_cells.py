"""Access by cell: against loops over every pair of the toy country, by department as in one piece, nobody lost."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access.apl_by_cell import apl_by_cell
from coverage.access.apl_model import apl_by_commune
from coverage.access.catchment import NegativeQuantityError
from coverage.access.cells import access_by_cell, people_within, place_cells
from coverage.access.decay import drees_decay
from coverage.errors import UnknownCommuneError
from geo.crs import planar_frame
from geo.travel_time.estimate import read_estimate_parameters
from geo.travel_time.road_estimate import PLACE_COLUMNS, may_be_within, minutes_to_nearest, minutes_within
from geo.workers import ALONE
from tests.toy import toy_country
from tests.toy_cells import N_CELLS, toy_cells

TOY = toy_country()
COMMUNES = TOY.communes
TABLE = toy_cells(COMMUNES)
CELLS = place_cells(TABLE, COMMUNES)
DECAY = drees_decay(TOY.apl_parameters)
PLACES = COMMUNES.assign(density_per_km2=COMMUNES["population"] / COMMUNES["area_km2"])[list(PLACE_COLUMNS)]


def slow_minutes(origins: pd.DataFrame, destinations: pd.DataFrame) -> list[list[float]]:
    """Estimate every pair, one at a time, by the formula as the docstring gives it."""
    settings = read_estimate_parameters()

    def pace(place) -> float:
        density = 0.0 if math.isnan(place.density_per_km2) else place.density_per_km2
        steps = zip(settings.density_from_per_km2, settings.road_km_per_h, strict=True)
        speed = next(speed for bound, speed in reversed(list(steps)) if density >= bound)
        return 60 / speed * (settings.relief_factor if place.departement_code in settings.relief_departements else 1)

    def points(table: pd.DataFrame) -> list[tuple]:
        xy = planar_frame(table["longitude"], table["latitude"], table["departement_code"])
        return [(place, *at) for place, at in zip(table.itertuples(), xy, strict=True)]

    def minutes(one: tuple, other: tuple) -> float:
        driven = settings.detour * math.dist(one[1:], other[1:]) / 1000 * (pace(one[0]) + pace(other[0])) / 2
        return driven + (0 if one[0].commune_code == other[0].commune_code else settings.terminal_min)

    return [[minutes(one, other) for other in points(destinations)] for one in points(origins)]


MINUTES = slow_minutes(CELLS, PLACES)


def supplies(**acts: float) -> pd.DataFrame:
    return PLACES.assign(supply=PLACES["commune_code"].map({code[1:]: n for code, n in acts.items()}).fillna(0.0))


GPS = supplies(c31001=60_000.0, c31003=5_400.0, c32001=22_000.0, c69123=90_000.0, c97401=9_000.0)


def slow_access(gps: pd.DataFrame) -> dict[str, float]:
    people, offer = CELLS["population"].tolist(), gps["supply"].tolist()

    def weight(minutes: float) -> float:
        return 1 if minutes < 10 else 2 / 3 if minutes < 15 else 1 / 3 if minutes < 20 else 0

    rates = []
    for j, acts in enumerate(offer):
        reach = sum(people[i] * weight(MINUTES[i][j]) for i in range(len(people)))
        rates.append(acts / reach if reach > 0 else 0.0)
    sums: dict[str, list[float]] = {}
    for i, code in enumerate(CELLS["commune_code"]):
        access = sum(weight(MINUTES[i][j]) * rate for j, rate in enumerate(rates))
        demand, served = sums.get(code, [0.0, 0.0])
        sums[code] = [demand + people[i], served + people[i] * access]
    return {code: served / demand for code, (demand, served) in sums.items()}


def test_every_pair_is_that_of_the_loops():
    pairs = minutes_within(CELLS, PLACES, 25.0)
    found = {(i, j): minutes for i, j, minutes in zip(*pairs, strict=True)}
    slow = {(i, j): m for i, row in enumerate(MINUTES) for j, m in enumerate(row) if m < 25}
    assert found == pytest.approx(slow)
    assert 0 < len(slow) < len(CELLS) * len(PLACES)


def test_the_nearest_is_the_least_of_the_pairs():
    least = [min(row) for row in MINUTES]
    found = minutes_to_nearest(CELLS, PLACES)
    assert found[found < 60] == pytest.approx([m for m in least if m < 60])


class Backwards:
    """Does the last part first: parts end in any order."""

    def run(self, work, shared, items, take):
        for position in reversed(range(len(items))):
            take(position, work(shared, items[position]))


@pytest.mark.parametrize("workers", [ALONE, Backwards()])
def test_people_within_some_minutes_are_those_of_the_loops(workers):
    having = PLACES[PLACES["commune_code"].isin(["31002", "32002", "69123", "97401"])]
    table = people_within(CELLS, having, (10, 20, 30), workers)
    for limit in (10, 20, 30):
        slow: dict[str, float] = {}
        for i, (code, people) in enumerate(zip(CELLS["commune_code"], CELLS["population"], strict=True)):
            near = min(MINUTES[i][j] for j in having.index) < limit
            slow[code] = slow.get(code, 0.0) + (people if near else 0.0)
        assert table[f"within_{limit}_min"].to_dict() == pytest.approx(slow)
    inside = table[table["population"] > 0]
    assert ((inside["within_20_min"] > 0) & (inside["within_20_min"] < inside["population"])).any()  # not all or none
    assert table["population"].sum() == pytest.approx(TABLE["population"].sum(), rel=1e-14)


def test_access_is_that_of_the_loops_and_every_act_is_given_to_somebody():
    found = access_by_cell(CELLS, GPS, DECAY)
    assert found.communes["access"].to_dict() == pytest.approx(slow_access(GPS))
    reached = GPS["supply"][found.demand_in_reach > 0].sum()
    assert found.communes["served"].sum() == pytest.approx(reached)
    assert reached == GPS["supply"].sum() - 90_000  # no cell of the grid is near Grandrive
    assert found.communes["demand"].sum() == pytest.approx(TABLE["population"].sum())


@pytest.mark.parametrize("workers", [ALONE, Backwards()])
@pytest.mark.parametrize("block", [7, 10_000])
def test_by_department_is_the_same_as_in_one_piece(monkeypatch, workers, block):
    """The border runs between 31001 and 31002, nine km apart: the halo and the sum of both passes are needed."""
    monkeypatch.setattr("coverage.access.cells._CELLS_PER_BLOCK", block)
    border = {"departement_code": COMMUNES["departement_code"].mask(COMMUNES["commune_code"] == "31002", "32")}
    cells, gps = place_cells(TABLE, COMMUNES.assign(**border)), GPS.assign(**border)
    whole = access_by_cell(cells, gps, DECAY, whole=True)
    parts = access_by_cell(cells, gps, DECAY, workers)
    pd.testing.assert_frame_equal(parts.communes, whole.communes, rtol=1e-12)
    assert parts.demand_in_reach == pytest.approx(whole.demand_in_reach, rel=1e-12)
    alone = access_by_cell(cells[cells["departement_code"] == "31"], gps, DECAY).communes["access"]
    assert alone["31001"] > 1.01 * whole.communes.loc["31001", "access"]  # without 31002, fewer people share its GPs


@settings(max_examples=10)
@given(st.lists(st.floats(0, 1e6), min_size=12, max_size=12), st.floats(0.1, 10))
def test_access_grows_in_proportion_to_the_supply(acts, factor):
    gps = PLACES.assign(supply=acts)
    one = access_by_cell(CELLS, gps, DECAY).communes["access"]
    more = access_by_cell(CELLS, gps.assign(supply=gps["supply"] * factor), DECAY).communes["access"]
    assert more.to_numpy() == pytest.approx((one * factor).to_numpy(), rel=1e-9, abs=1e-9)


def test_a_cell_of_each_commune_at_its_point_gives_the_access_by_commune():
    at_mairie = PLACES.assign(population=COMMUNES["population"])
    inhabited = at_mairie[at_mairie["population"] > 0]
    found = access_by_cell(inhabited, GPS, DECAY).communes
    assert found["served"].sum() == pytest.approx(GPS["supply"].sum())
    assert found.loc["97401", "access"] == pytest.approx(9_000 / 6_000)
    assert len(found) == len(inhabited)


def test_the_halo_never_leaves_out_a_place_in_reach():
    for code, inside in CELLS.groupby("departement_code"):
        reached = set(minutes_within(inside, PLACES, 20.0).destinations.tolist())
        halo = set(np.flatnonzero(may_be_within(inside, PLACES, 20.0)).tolist())
        assert reached <= halo, code
    assert not may_be_within(CELLS[CELLS["departement_code"] == "974"], PLACES, 20.0)[:10].any()
    assert not may_be_within(CELLS[:0], PLACES, 20.0).any()


def test_places_are_those_of_the_cells():
    assert len(CELLS) == N_CELLS * CELLS["commune_code"].nunique()
    towns = CELLS.merge(COMMUNES, on="commune_code", suffixes=("", "_commune"))
    assert ((towns["latitude"] - towns["latitude_commune"]).abs() < 0.1).all()
    assert ((towns["longitude"] - towns["longitude_commune"]).abs() < 0.15).all()


def test_what_is_not_known_is_said_in_french():
    with pytest.raises(UnknownCommuneError, match="Carreaux : attendu des communes de la liste, trouvé 31001"):
        place_cells(TABLE, COMMUNES[1:])
    with pytest.raises(NegativeQuantityError, match="demande des carreaux"):
        access_by_cell(CELLS.assign(population=-1.0), GPS, DECAY)
    with pytest.raises(NegativeQuantityError, match=r"offre.*nan"):
        access_by_cell(CELLS, GPS.assign(supply=np.nan), DECAY)
    nobody = access_by_cell(CELLS.assign(population=0.0), GPS, DECAY)
    assert nobody.communes["access"].isna().all()


PUBLISHED = apl_by_commune(TOY.apl, 2023)
N_GP = pd.Series({"31001": 12.0, "31003": 1.0, "32001": 5.0, "69123": 20.0, "97401": 2.0})


def modelled(cells: pd.DataFrame) -> pd.DataFrame:
    return apl_by_cell(cells, COMMUNES, PUBLISHED, N_GP, DECAY)


def test_cells_at_the_mairies_give_the_apl_of_the_mairies():
    at_mairie = PLACES.assign(population=COMMUNES["population"])[COMMUNES["population"] > 0]
    table = modelled(at_mairie)
    assert table["apl_by_cell"].to_numpy() == pytest.approx(table["apl_at_mairie"].to_numpy(), nan_ok=True)
    acts = (PUBLISHED["population_standardised"] * PUBLISHED["apl"]).sum()
    assert (table["demand"] * table["apl_by_cell"]).sum() == pytest.approx(acts)


def test_the_standardised_people_of_a_commune_are_shared_between_its_cells():
    table = modelled(CELLS)
    expected = PUBLISHED["population_standardised"].reindex(table.index).fillna(0.0)
    assert table["demand"].to_dict() == pytest.approx(expected.to_dict())
    assert table.index.tolist() == sorted(CELLS["commune_code"].unique())
    assert not np.allclose(table["apl_by_cell"], table["apl_at_mairie"], equal_nan=True)


def test_beyond_the_edge_of_a_grid_people_still_share_the_gps():
    """The mairie of 31002, which has no cell, is brought to two km from that of 31001."""
    beside = COMMUNES.assign(longitude=COMMUNES["longitude"].mask(COMMUNES["commune_code"] == "31002", 1.465))
    cells = CELLS[CELLS["commune_code"] == "31001"]
    found = apl_by_cell(cells, beside, PUBLISHED, N_GP, DECAY)
    assert found.index.tolist() == ["31001"]
    nobody = PUBLISHED.assign(population_standardised=PUBLISHED["population_standardised"].drop("31002"))
    acts, fewer = ((one["population_standardised"] * one["apl"]).sum() for one in (PUBLISHED, nobody))
    alone = apl_by_cell(cells, beside, nobody, N_GP, DECAY)
    assert alone.loc["31001", "apl_by_cell"] / fewer > 1.05 * found.loc["31001", "apl_by_cell"] / acts
