"""Islands that no road joins: the dated table against the shapes of the communes, and what it does to the times."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import territory_of
from geo.travel_time.estimate import (
    estimate_minutes_to_point,
    estimate_travel_times,
    read_estimate_parameters,
)
from geo.travel_time.road_estimate import minutes_to_nearest
from tests.conftest import SNAPSHOTS

BRIDGED = {
    "17019": "Ré",
    "17093": "Oléron",
    "85011": "Noirmoutier",
    "97101": "Grande-Terre",  # of Guadeloupe, over the Rivière Salée
}
"""First commune of each group of communes apart that a bridge joins."""

PLACES = pd.DataFrame(
    [
        ["56087", "56", -2.8486, 47.5953, 600.0, 3.2],  # Île-aux-Moines
        ["56008", "56", -2.9190, 47.6200, 4_500.0, 23.5],  # Baden, on the coast across the strait
        ["56114", "56", -3.0700, 47.2900, 900.0, 23.0],  # Locmaria and Le Palais, both of Belle-Île
        ["56152", "56", -3.1540, 47.3470, 2_600.0, 17.4],
        ["17161", "17", -1.3280, 46.1880, 2_800.0, 12.3],  # La Flotte, in Ré, and La Rochelle: a bridge
        ["17300", "17", -1.1510, 46.1600, 79_000.0, 28.4],
    ],
    columns=["commune_code", "departement_code", "longitude", "latitude", "population", "area_km2"],
)


def test_the_table_is_the_land_apart_less_what_a_bridge_joins(snapshots):
    shapes = gpd.read_parquet(SNAPSHOTS / "commune_geometry.parquet")
    polygons, codes = shapes.geometry.to_numpy(), shapes["commune_code"]
    one, other = shapes.sindex.query(polygons, predicate="intersects")
    _, group = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(len(codes),) * 2))
    departement_of = snapshots("communes").set_index("commune_code")["departement_code"]
    ground = codes.map(departement_of).map(lambda code: territory_of(code).number)
    n_communes = pd.Series(group).map(pd.Series(group).value_counts())
    is_apart = n_communes < n_communes.groupby(ground).transform("max")
    apart = {tuple(sorted(members)) for _, members in codes[is_apart].groupby(group[is_apart])}
    assert set(read_estimate_parameters().islands) == {codes for codes in apart if codes[0] not in BRIDGED}
    assert {codes[0] for codes in apart} >= set(BRIDGED)


def test_no_time_crosses_the_water_but_inside_an_island_and_over_a_bridge():
    times = estimate_travel_times(PLACES)
    assert times.minutes_from("56087") == {"56087": 0.0}
    assert "56087" not in times.minutes_from("56008")
    assert set(times.minutes_from("56114")) == {"56114", "56152"}
    assert "17300" in times.minutes_from("17161")


def test_the_nearest_structure_is_never_over_the_water():
    places = PLACES.assign(density_per_km2=PLACES["population"] / PLACES["area_km2"])
    minutes = minutes_to_nearest(places, places[places["commune_code"].isin(["56008", "56152"])])
    assert np.isinf(minutes[0])
    assert minutes[1] == minutes[3] == 0
    assert 5 < minutes[2] < 30  # from Locmaria to Le Palais


@pytest.mark.parametrize(("commune_code", "reached"), [("56087", {"56087"}), ("", {"56008"})])
def test_a_clicked_point_lies_on_its_commune_s_island(commune_code, reached):
    minutes = estimate_minutes_to_point(PLACES, (-2.85, 47.60), "56", 190.0, commune_code=commune_code)
    assert set(minutes.dropna().index) == reached
