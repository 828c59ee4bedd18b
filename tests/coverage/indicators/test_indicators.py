"""Every indicator at every level against its slow twin, and what must hold of any country."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.errors import UnknownCommuneError, UnknownLevelError
from coverage.indicators.cards import INDICATORS, available_at
from coverage.indicators.commune_facts import TABLE_NAMES, Tables
from coverage.indicators.compute import compute
from geo.levels import FROM_FINEST, GROUPINGS
from tests.coverage.twins import twin
from tests.reference.indicators import compute_all
from tests.toy import COVERED_REGIONS, ToyCountry, toy_country
from tests.toy_practitioners import synced_tables

FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Those of practitioners by commune: test_practitioners_communes.py
EMBEDDED = {
    name
    for name, indicator in INDICATORS.items()
    if (not indicator.table or indicator.theme == "Structures") and not indicator.is_projected
}
EVERYWHERE = [(name, level) for name in EMBEDDED for level in FROM_FINEST if level in INDICATORS[name].levels]


def computed_at(level: str) -> list[str]:
    """Name the indicators of a level that do not come out of the projection."""
    return [name for name, indicator in available_at(level).items() if not indicator.is_projected]


def same(found: object, expected: object) -> bool:
    if isinstance(expected, str) or isinstance(found, str):
        return found == expected
    if math.isnan(expected) or math.isnan(found):
        return math.isnan(expected) and math.isnan(found)
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)


def assert_equal_to_twins(toy: ToyCountry, tables: Tables) -> None:
    for level, table in compute_all(tables).items():
        for name in EMBEDDED & set(table.columns):
            expected = twin(name, level, toy, tables.covered_regions)
            assert list(table.index) == list(expected), (name, level)
            wrong = {
                code: (table.loc[code, name], value)
                for code, value in expected.items()
                if not same(table.loc[code, name], value)
            }
            assert not wrong, (name, level, wrong)


def test_toy_country_equals_its_twins(toy_country):
    assert_equal_to_twins(toy_country, toy_country.tables())


@st.composite
def countries(draw: st.DrawFn) -> tuple[ToyCountry, Tables]:
    """Toy countries with other populations, other unknowns, other covered regions and rows in any order."""
    toy = toy_country()
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def holes(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
        changed = table.copy()
        for column in columns:
            changed[column] = changed[column].mask(rng.random(len(changed)) < 0.2)
        return changed

    communes = holes(toy.communes, ["area_km2", "epci_code", "bassin_de_vie_code", "aire_attraction_code"])
    communes["population"] = rng.choice([0.0, 1.0, 40.0, 3000.0, 500_000.0], len(communes))
    apl = holes(toy.apl, ["apl", "apl_65"])
    apl["population_standardised"] *= rng.choice([0.0, 0.5, 2.0], len(apl))
    changed = {
        "communes": communes,
        "apl": apl,
        "commune_context": holes(toy.commune_context, ["share_75plus", "bassin_de_vie_poverty_rate", "fedi"]),
        "zoning": holes(toy.zoning, ["zone"]),
        "commune_traits": holes(toy.commune_traits, ["density_level", "frr", "massif", "emergency_min"]),
        "bassins_de_vie": holes(toy.bassins_de_vie, ["share_ald", "share_75plus", "poverty_rate"]),
        "qpv": toy.qpv[rng.random(len(toy.qpv)) > 0.2],
        "apl_departements": toy.apl_departements[toy.apl_departements["vintage"].eq(2024) & (rng.random(6) > 0.2)],
        "apl_professions": toy.apl_professions[rng.random(len(toy.apl_professions)) > 0.2],
        "professionals": holes(toy.professionals, ["n_professionals"]),
        "bpe_departements": holes(toy.bpe_departements, ["n_gp"]),
        "population_series": toy.population_series[rng.random(len(toy.population_series)) > 0.1],
        "population_estimates": toy.population_estimates[
            ~toy.population_estimates["departement_code"].isin(rng.choice(["31", "69", "976"], 1))
        ],
        "bpe_communes": holes(toy.bpe_communes, ["n_msp"]),
        "structures": toy.structures[rng.random(len(toy.structures)) > 0.3],
    }
    shuffled = {
        name: table.sample(frac=1, random_state=int(rng.integers(2**31)), ignore_index=True)
        for name, table in changed.items()
    }
    toy = dataclasses.replace(toy, **shuffled)
    covered = frozenset(draw(st.sets(st.sampled_from(["76", "84", "04", "06"]))))
    return toy, dataclasses.replace(toy.tables(), covered_regions=covered)


@FEW
@given(countries())
def test_any_country_equals_its_twins(country):
    toy, tables = country
    assert_equal_to_twins(toy, tables)


@FEW
@given(countries())
def test_population_is_conserved_and_shares_are_shares(country):
    _, tables = country
    found = compute_all(tables)
    people = tables.communes["population"].sum()
    for level in ("commune", "departement", "region", "france"):
        assert found[level]["population"].sum() == people
    for level in GROUPINGS:
        in_one = tables.communes.loc[tables.communes[f"{level}_code"].notna(), "population"].sum()
        assert found[level]["population"].sum() == in_one
    for table in found.values():
        shares = table[[name for name in table.columns if name.startswith("share_population")]].to_numpy(float)
        assert np.nanmin(shares, initial=0) >= 0
        assert np.nanmax(shares, initial=0) <= 1 + 1e-12


@FEW
@given(countries(), st.integers(2, 1000))
def test_ten_times_more_people_is_ten_times_fewer_structures_for_each(country, factor):
    _, tables = country
    more = tables.communes.assign(population=tables.communes["population"] * factor)
    bpe = tables.bpe_departements.assign(population_2025=tables.bpe_departements["population_2025"] * factor)
    larger = dataclasses.replace(tables, communes=more, bpe_departements=bpe)
    for level in ("epci", "region"):
        before, after = compute(level, tables), compute(level, larger)
        for name in computed_at(level):
            # Density decides of the speed of roads: minutes are the one thing that more people may change.
            if "nearest" in name or "_min_" in name or INDICATORS[name].kind == "categorical":
                continue
            people = ("population", "density_per_km2", "n_75plus" if level == "epci" else "")  # INSEE's own above
            scale = factor if name in people or name.startswith("population_per_") else 1
            scale = 1 / factor if name.endswith(("per_100k", "per_100k_finess", "per_10k")) else scale
            np.testing.assert_allclose(after[name], before[name] * scale, rtol=1e-9, err_msg=f"{name} {level}")


@FEW
@given(countries())
def test_full_time_gps_are_conserved_from_the_communes_to_france(country):
    _, tables = country
    found = compute_all(tables)
    names = [name for name in INDICATORS if name.startswith("gp_fte") and not name.endswith("per_10k")]
    outside = tables.communes.loc[tables.communes["epci_code"].isna(), "commune_code"]
    for name in names:
        whole = found["commune"][name].sum()
        sums = {level: found[level][name].sum() for level in ("departement", "region", "france")}
        sums["epci"] = found["epci"][name].sum() + found["commune"][name].reindex(outside).sum()
        assert sums == pytest.approx(dict.fromkeys(sums, whole)), name


@FEW
@given(countries())
def test_the_key_of_distribution_shares_out_the_whole_lack_of_a_department(country):
    _, tables = country
    found = compute_all(tables)
    key = found["commune"]["projected_left_to_convince_share"]
    whole = key.groupby(tables.communes.set_index("commune_code")["departement_code"]).sum(min_count=1)
    lacking = found["departement"]["gp_fte_short_of_2_5_65"]
    for code, part in whole.items():
        if lacking[code] > 0:
            assert part == pytest.approx(1)
        else:
            assert math.isnan(part)


def test_order_of_rows_is_irrelevant(toy_country):
    tables = toy_country.tables()
    backwards = dataclasses.replace(
        tables,
        **{
            field.name: table.iloc[::-1]
            for field in dataclasses.fields(tables)
            if isinstance(table := getattr(tables, field.name), pd.DataFrame)
        },
    )
    for level in FROM_FINEST:
        pd.testing.assert_frame_equal(compute(level, tables), compute(level, backwards), rtol=1e-12)


def test_tables_are_left_untouched(toy_country):
    compute_all(toy_country.tables())
    for field in dataclasses.fields(toy_country):
        fresh, used = getattr(globals()["toy_country"](), field.name), getattr(toy_country, field.name)
        assert fresh.equals(used), field.name


@pytest.mark.parametrize("missing", [name for name in TABLE_NAMES if name != "communes"])
def test_a_missing_source_leaves_its_indicators_unknown_and_the_others_as_they_were(toy_country, missing):
    tables = synced_tables(toy_country)
    whole, partial = compute_all(tables), compute_all(dataclasses.replace(tables, **{missing: None}))
    for level in FROM_FINEST:
        assert list(partial[level].columns) == computed_at(level)
        changed = [name for name in whole[level] if not whole[level][name].equals(partial[level][name])]
        if missing == "bpe_departements":  # it also says how many people of Mayotte the others are divided by
            mayotte = {"departement": "976", "region": "06"}.get(level)
            others = [name for name in changed if not partial[level][name].isna().all()]
            left = [table.drop(index=mayotte or [])[others] for table in (whole[level], partial[level])]
            pd.testing.assert_frame_equal(*left)
            assert not others or partial[level].loc[mayotte, others].isna().all()
        else:
            assert all(partial[level][name].isna().all() for name in changed)
    assert any(not whole[level].equals(partial[level]) for level in FROM_FINEST)


def test_with_communes_alone_the_population_is_still_known(toy_country):
    table = compute("france", Tables(communes=toy_country.communes))
    assert table.loc["FR", "population"] == 86_900
    assert table.drop(columns=["population", "density_per_km2"]).isna().all(axis=None)


def test_nothing_is_zero_where_the_truth_is_unknown(toy_country):
    table = compute("region", toy_country.tables())
    uncovered = table.loc[["04", "06", "84"]]
    sites = [name for name in table if "finess" in " ".join(INDICATORS[name].source_ids)]
    assert uncovered[sites].isna().all(axis=None)
    assert table.loc["06", [name for name in table if "apl" in name]].isna().all()  # Mayotte has no APL
    assert math.isnan(table.loc["06", "gp_per_100k"])  # hidden by the secrecy of small counts


def test_none_and_unknown_are_told_apart(toy_country):
    table = compute("departement", toy_country.tables())
    # Department 32 is covered and has no CPTS; department 69 is not covered.
    assert table.loc["32", ["n_cpts_finess", "cpts_per_100k_finess"]].tolist() == [0, 0]
    assert math.isnan(table.loc["32", "population_per_cpts_finess"])
    assert math.isnan(table.loc["69", "n_cpts_finess"])


def test_the_msp_of_finess_may_be_known_in_more_regions_than_its_other_sites(toy_country):
    tables = dataclasses.replace(toy_country.tables(), msp_regions=frozenset({"76", "84"}))
    table = compute("region", tables)
    assert table["n_msp_finess"].dropna().to_dict() == {"76": 4.0, "84": 0.0}
    assert table["n_cpts_finess"].dropna().to_dict() == {"76": 1.0}


def test_an_epci_with_no_member_known_is_absent_and_communes_without_epci_are_in_none(toy_country):
    table = compute("epci", toy_country.tables())
    assert list(table.index) == ["200000001", "200000002", "200000003"]
    assert table["population"].sum() == 24_000 + 10_900 + 34_000


def test_unknown_level_is_named(toy_country):
    with pytest.raises(UnknownLevelError, match="canton"):
        compute("canton", toy_country.tables())


def test_a_structure_in_no_commune_of_the_list_is_named(toy_country):
    tables = toy_country.tables()
    lost = tables.structures.assign(commune_code="99999")
    with pytest.raises(UnknownCommuneError, match="99999"):
        compute("region", dataclasses.replace(tables, structures=lost))


def test_a_commune_that_is_not_in_the_list_is_named_whatever_the_table(toy_country):
    tables = toy_country.tables()
    for name in ("apl", "apl_professions", "population_series", "commune_context", "commune_traits", "qpv", "zoning"):
        lost = getattr(tables, name).replace({"commune_code": {"31001": "99999"}})
        with pytest.raises(UnknownCommuneError, match="99999"):
            compute("region", dataclasses.replace(tables, **{name: lost}))


def test_columns_are_those_of_the_registry_in_its_order(toy_country):
    for level, table in compute_all(toy_country.tables()).items():
        assert list(table.columns) == computed_at(level)
        assert table.index.name == "territory_code"
        assert table.index.is_monotonic_increasing


def test_every_indicator_is_known_somewhere_in_the_toy_country(toy_country):
    tables = dataclasses.replace(toy_country.tables(), covered_regions=COVERED_REGIONS | {"84", "04", "06"})
    found = compute_all(tables)
    for name, level in EVERYWHERE:
        if (name, level) == ("n_gp", "france"):  # one department is secret: so is their sum
            continue
        if level == "france" and "msp" in name and INDICATORS[name].table:  # one commune of the BPE is unknown
            assert found["region"][name].notna().any()
            continue
        if name == "poverty_rate" and level in ("epci", "aire_attraction", "region", "france"):  # no mean of rates
            assert found[level][name].isna().all()
            continue
        assert found[level][name].notna().any(), (name, level)
