"""Practitioners by commune against a slow twin and by hand: sums over sums, unknown never 0."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.errors import UnknownCommuneError
from coverage.indicators.cards import INDICATORS, available_at, available_indicators
from coverage.indicators.commune_facts import Tables
from coverage.indicators.compute import compute
from geo.levels import FROM_FINEST
from tests.coverage.twins import members
from tests.reference.indicators import compute_all
from tests.toy import ToyCountry, toy_country
from tests.toy_practitioners import bpe_communes, rpps_practitioners, synced_tables

NAN = float("nan")
TIMES = ("nearest_", "share_population_within_")  # made of the same table, with a twin of their own
OURS = [name for name, indicator in INDICATORS.items() if indicator.table and not name.startswith(TIMES)]
FEW = settings(max_examples=8, deadline=None)


def count_of(name: str, tables: Tables, commune: dict) -> float:
    """Count in one commune, row by row."""
    code = commune["commune_code"]
    if "rpps" in name:
        rows = tables.rpps_practitioners.to_dict("records")
        homes = {c["commune_code"] for c in tables.communes.to_dict("records")
                 if c["departement_code"] == commune["departement_code"]}  # fmt: skip
        if not any(row["commune_code"] in homes for row in rows):
            return NAN
        kept = (row for row in rows if (row["profession"], row["practice_mode"]) == ("medecin_generaliste", "liberal"))
        return sum(row["n_practitioners"] for row in kept if row["commune_code"] == code)
    kind = name.removeprefix("n_").removeprefix("population_per_").removeprefix("bpe_")
    column = f"n_{kind.removesuffix('_per_100k')}"
    found = [row[column] for row in tables.bpe_communes.to_dict("records") if row["commune_code"] == code]
    return found[0] if found else NAN


def twin(name: str, level: str, toy: ToyCountry, tables: Tables) -> dict[str, float]:
    values = {}
    for code, communes in members(level, toy).items():
        pairs = [(count_of(name, tables, commune), commune["population"]) for commune in communes]
        n, people = sum(count for count, _ in pairs), sum(people for _, people in pairs)  # one unknown: all unknown
        if {commune["departement_code"] for commune in communes} == {"976"}:
            estimate = tables.bpe_departements.set_index("departement_code")["population_2025"]["976"]
            people = estimate if level in ("departement", "region") else NAN
        if name.startswith("n_"):
            values[code] = n
        elif name.startswith("population_per_"):
            values[code] = people / n if n else NAN
        else:
            values[code] = n / people * 100_000 if people else NAN
    return values


def assert_twins(toy: ToyCountry, tables: Tables) -> None:
    for level, table in compute_all(tables).items():
        for name in OURS:
            expected = pd.Series(twin(name, level, toy, tables)).sort_index()
            assert list(table.index) == list(expected.index)
            np.testing.assert_allclose(table[name], expected, rtol=1e-12, err_msg=f"{name} {level}")


def test_the_toy_country_equals_its_twin(toy_country):
    assert_twins(toy_country, synced_tables(toy_country))


@FEW
@given(st.integers(0, 2**32 - 1))
def test_any_country_equals_its_twin(seed):
    rng = np.random.default_rng(seed)
    toy = toy_country()
    toy = dataclasses.replace(
        toy, communes=toy.communes.assign(population=rng.choice([0.0, 1.0, 3000.0, 500_000.0], len(toy.communes)))
    )
    bpe = bpe_communes()
    counts = [name for name in bpe if name.startswith("n_")]
    bpe[counts] = rng.choice([0.0, 1.0, 4.0, 5.0, 80.0, np.nan], (len(bpe), len(counts)))
    rpps = rpps_practitioners()
    rpps["n_practitioners"] = rng.choice([1.0, 4.0, 5.0, 80.0], len(rpps))
    tables = dataclasses.replace(
        toy.tables(),
        bpe_communes=bpe[rng.random(len(bpe)) > 0.2].sample(frac=1, random_state=seed),
        rpps_practitioners=rpps[rng.random(len(rpps)) > 0.2].sample(frac=1, random_state=seed),
    )
    assert_twins(toy, tables)


def test_a_ratio_is_a_sum_over_a_sum(toy_country):
    table = compute("departement", synced_tables(toy_country))
    # 31: 24 + 5 + 3 + 0 GPs for 26 000 inhabitants, those of a commune of three included
    assert table.loc["31", "n_bpe_gp"] == 32
    assert table.loc["31", "bpe_gp_per_100k"] == pytest.approx(32 / 26_000 * 100_000)
    assert table.loc["31", "population_per_bpe_gp"] == pytest.approx(26_000 / 32)


def test_one_rule_for_all_that_is_counted_by_commune(toy_country):
    tables = synced_tables(toy_country)
    # 32: what 32003 (400 inhabitants of 8 900) holds is unknown, and so is every number and rate of the department.
    table = compute("departement", tables)
    counted = [name for name, card in INDICATORS.items() if card.table == "bpe_communes" and not name.startswith(TIMES)]
    assert {"n_msp", "msp_per_100k", "n_bpe_gp", "bpe_gp_per_100k", "population_per_bpe_gp"} <= set(counted)
    assert table.loc["32", counted].isna().all()
    assert table.loc["31", counted].notna().all()
    # The RPPS names no commune of 974: France is not rated without it.
    assert math.isnan(compute("france", tables).loc["FR", "rpps_liberal_gp_per_100k"])


def test_few_professionals_are_shown_as_their_producers_publish_them(toy_country):
    table = compute("commune", synced_tables(toy_country))
    assert table.loc["31003", "n_bpe_gp"] == 3
    assert table.loc["31003", "n_bpe_pharmacies"] == 1
    assert table.loc["31002", "n_bpe_gp"] == 5


def test_none_is_known_and_what_is_not_covered_is_not(toy_country):
    table = compute("commune", synced_tables(toy_country))
    assert table.loc["31004", ["n_bpe_gp", "bpe_gp_per_100k"]].tolist() == [0, 0]
    assert math.isnan(table.loc["31004", "population_per_bpe_gp"])
    assert table.loc["31002", "rpps_liberal_gp_per_100k"] == 0  # its department is named, it has no line
    assert math.isnan(table.loc["97401", "rpps_liberal_gp_per_100k"])  # department 974 is not named
    assert math.isnan(table.loc["97601", "n_bpe_gp"])


def test_without_the_tables_all_is_unknown_and_nothing_is_offered(toy_country):
    found = compute_all(dataclasses.replace(toy_country.tables(), bpe_communes=None))
    for level in FROM_FINEST:
        assert list(found[level]) == [name for name, card in available_at(level).items() if not card.is_projected]
        assert found[level][OURS].isna().all(axis=None)
    assert not set(OURS) & set(available_indicators({"apl": "2023"}))


def test_one_table_offers_its_own_indicators_with_its_vintage():
    offered = available_indicators({"rpps_practitioners": "au 4 mai 2026"})
    assert set(OURS) & set(offered) == {"rpps_liberal_gp_per_100k"}
    assert offered["rpps_liberal_gp_per_100k"].vintage == "au 4 mai 2026"
    assert offered["apl_65_2023"] is INDICATORS["apl_65_2023"]


@pytest.mark.parametrize("name", ["bpe_communes", "rpps_practitioners"])
def test_a_commune_out_of_the_list_is_named(toy_country, name):
    tables = synced_tables(toy_country)
    lost = getattr(tables, name).replace({"commune_code": {"31001": "99999"}})
    with pytest.raises(UnknownCommuneError, match="99999"):
        compute("region", dataclasses.replace(tables, **{name: lost}))


def test_tables_are_left_untouched(toy_country):
    tables = synced_tables(toy_country)
    compute_all(tables)
    assert tables.bpe_communes.equals(bpe_communes())
    assert tables.rpps_practitioners.equals(rpps_practitioners())
