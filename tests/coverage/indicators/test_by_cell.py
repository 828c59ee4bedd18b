"""People within some minutes counted by cell: sums of the cells, then a ratio; at the mairie where there is none."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from coverage.access.cells import place_cells
from coverage.indicators.by_cell import count_by_cell
from coverage.indicators.cards import INDICATORS, available_indicators
from coverage.indicators.cards.structures import REACH_MINUTES
from coverage.indicators.commune_facts import REACHED_TYPES, commune_facts
from coverage.indicators.compute import compute
from geo.travel_time.road_estimate import minutes_to_nearest
from tests.coverage.twins import COLUMNS
from tests.toy import COVERED_REGIONS, toy_country
from tests.toy_cells import toy_cells

TOY = toy_country()
TABLES = TOY.tables()
CELLS = toy_cells(TOY.communes)
COUNTED = count_by_cell(TABLES, CELLS)
WITH_CELLS = dataclasses.replace(TABLES, people_by_cell=COUNTED)


def slow_people(kind: str) -> dict[str, tuple[float, dict[int, float]]]:
    """Commune -> its people, and those within each number of minutes: cell by cell, else at the mairie."""
    communes = TOY.communes.assign(density_per_km2=TOY.communes["population"] / TOY.communes["area_km2"])
    if kind == "msp":
        having = TOY.bpe_communes.loc[TOY.bpe_communes["n_msp"] > 0, "commune_code"]
        places = communes[communes["commune_code"].isin(having)]
    else:
        density = communes.set_index("commune_code")["density_per_km2"]
        places = TOY.structures[TOY.structures["structure_type"] == kind]
        places = places.assign(density_per_km2=places["commune_code"].map(density))
    minutes = minutes_to_nearest(place_cells(CELLS, TOY.communes), places)
    at_mairie = commune_facts(TABLES).minutes[kind]
    people = {}
    for code, n_people in zip(communes["commune_code"], communes["population"], strict=True):
        cells = [n for n, home in enumerate(CELLS["commune_code"]) if home == code]
        known = [(CELLS["population"][n], minutes[n]) for n in cells] or [(n_people, at_mairie[code])]
        whole = sum(count for count, _ in known)
        people[code] = whole, {limit: sum(c for c, time in known if time < limit) for limit in REACH_MINUTES}
    return people


@pytest.mark.parametrize("kind", ["msp", *REACHED_TYPES])
@pytest.mark.parametrize("level", ["epci", "departement", "region", "bassin_de_vie"])
def test_shares_are_those_of_the_loops(level, kind):
    table, people = compute(level, WITH_CELLS), slow_people(kind)
    at_mairie = compute(level, TABLES)
    for code in table.index:
        homes = TOY.communes[TOY.communes[COLUMNS[level]] == code]
        whole = sum(people[home][0] for home in homes["commune_code"])
        for limit in REACH_MINUTES:
            name = f"share_population_within_{limit}_min_{kind}"
            if pd.isna(at_mairie.loc[code, name]):  # what is unknown at the mairie stays so
                assert pd.isna(table.loc[code, name])
                continue
            within = sum(people[home][1][limit] for home in homes["commune_code"])
            assert table.loc[code, name] == pytest.approx(within / whole), (code, name)


def test_cells_change_the_shares_and_nothing_else():
    before, after = compute("departement", TABLES), compute("departement", WITH_CELLS)
    changed = {name for name in before if not before[name].equals(after[name])}
    assert changed
    assert all(name.startswith("share_population_within_") and "emergency" not in name for name in changed)
    shares = [f"share_population_within_20_min_{kind}" for kind in ("msp", *REACHED_TYPES)]
    assert before.loc["69", shares].equals(after.loc["69", shares])  # no grid covers it


def test_nobody_is_lost_and_fewer_minutes_hold_fewer_people():
    of_msp = COUNTED[COUNTED["structure_type"] == "msp"]
    assert of_msp["population"].sum() == pytest.approx(CELLS["population"].sum(), rel=1e-14)
    by_commune = CELLS.groupby("commune_code")["population"].sum()
    assert of_msp.set_index("commune_code")["population"].to_dict() == pytest.approx(by_commune.to_dict())
    limits = [f"within_{limit}_min" for limit in REACH_MINUTES]
    for nearer, farther in zip(limits, [*limits[1:], "population"], strict=True):
        assert (COUNTED[nearer] <= COUNTED[farther] * (1 + 1e-12)).all()
    of_finess = COUNTED[COUNTED["structure_type"] == "pharmacie"]
    regions = TOY.communes.set_index("commune_code")["region_code"]
    assert set(of_finess["commune_code"].map(regions)) == COVERED_REGIONS


def test_a_grid_where_no_structure_is_known_counts_nobody():
    alone = dataclasses.replace(TABLES, bpe_communes=None, structures=None)
    counted = count_by_cell(alone, CELLS)
    assert counted.empty
    assert list(counted) == list(COUNTED)
    compute("region", dataclasses.replace(alone, people_by_cell=counted))


def test_the_cards_say_by_cell_once_there_is_a_grid_and_at_the_mairie_before():
    vintages = {"bpe_communes": "équipements au 1er janvier 2024"}
    before, after = available_indicators(vintages), available_indicators({**vintages, "population_cells": "2019, Ain"})
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        f"share_population_within_{limit}_min_{kind}" for limit in REACH_MINUTES for kind in ("msp", *REACHED_TYPES)
    }
    for name in changed:
        card = after[name]
        told = "estimé, distance mesurée par carreau de 200 m (Filosofi 2019, Ain), à la mairie ailleurs"
        assert card.dated_at("epci").endswith(told)
        assert card.source_ids == (*before[name].source_ids, "insee_population_cells")
        assert "carreaux de 200 m" in card.formula
        assert "Filosofi 2019, Ain" in card.note
        assert (card.label, card.short_label, card.levels) == (
            INDICATORS[name].label, INDICATORS[name].short_label, INDICATORS[name].levels
        )  # fmt: skip
