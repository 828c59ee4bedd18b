"""Plausibility gates: what a table of France never says, on toy countries and on the real tables."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import store
from data.contracts import gates
from data.contracts.gates import (
    ImplausibleTable,
    changes_of_communes,
    growth_of_communes,
    growth_of_departements,
    jumps_between,
    repeated_values,
)
from data.errors import ContractError
from data.sources.registry import load_remotes
from data.sync import plausible
from data.sync.made import Made, SyncContext

COMMUNES = pd.DataFrame(
    {
        "commune_code": [f"{departement}{number:03}" for departement in ("12", "48") for number in range(1, 7)],
        "departement_code": ["12"] * 6 + ["48"] * 6,
        "region_code": ["76"] * 6 + ["84"] * 6,
        "epci_code": ["200000001"] * 6 + ["200000002"] * 6,
        "population": [2000.0] * 12,
    }
)
PEOPLE = COMMUNES.set_index("commune_code")["population"]


def grown(code, factor):
    return PEOPLE.where(PEOPLE.index != code, PEOPLE * factor)


def series(now, *, n_years=6):
    """Return the populations of two years, as the table `population_series` does."""
    ends = ((2017, PEOPLE), (2017 + n_years, now))
    rows = [(code, year, count) for year, people in ends for code, count in people.items()]
    return pd.DataFrame(rows, columns=["commune_code", "year", "population"])


def test_a_department_may_not_grow_by_more_than_is_seen():
    before = pd.Series({"31": 1000.0, "32": 1000.0, "48": 1000.0, "976": 1000.0})
    now = pd.Series({"31": 1150.0, "32": 1170.0, "48": 850.0, "976": 1250.0})  # Mayotte does grow by 3.8 % a year
    found = list(growth_of_departements("estimates", before, now, 6))
    assert [breach.place for breach in found] == ["département 32", "département 48"]
    assert (found[0].expected, found[0].found) == ("entre −2,5 % et +2,5 % par an", "+2,7 % par an sur 6 ans")


@given(st.integers(0, 5), st.integers(0, 5), st.floats(0.98, 1.02))
def test_a_merger_changes_no_growth(absorbing, absorbed, factor):
    """Both communes carried to the one that is left: the department grows as it did, no commune jumps."""
    codes = COMMUNES["commune_code"].tolist()
    carried = series(PEOPLE * factor, n_years=1)
    carried["commune_code"] = carried["commune_code"].replace({codes[absorbed]: codes[absorbing]})
    carried = carried.groupby(["commune_code", "year"], as_index=False)["population"].sum()
    assert list(growth_of_communes("series", carried, COMMUNES)) == []


def test_a_merger_that_was_not_carried_is_seen_in_the_commune_and_in_the_department():
    whole = series(grown("12001", 6.0))
    left_out = whole[~whole["commune_code"].between("12002", "12006")]
    found = list(growth_of_communes("series", left_out, COMMUNES))
    assert [breach.place for breach in found] == ["département 12", "1 communes"]
    assert "12001 +500 %" in found[1].found


@given(st.floats(0.1, 0.9))
def test_splitting_a_commune_changes_no_sum(share):
    whole = series(grown("12001", 1.3), n_years=1)  # +5 % for the department, in a year
    is_it = whole["commune_code"] == "12001"
    parts = [
        whole[is_it].assign(commune_code=code, population=whole.loc[is_it, "population"] * part)
        for code, part in (("12001", share), ("12999", 1 - share))
    ]
    split = pd.concat([whole[~is_it], *parts])
    more = pd.concat([COMMUNES, COMMUNES.head(1).assign(commune_code="12999")])
    of_departements = [breach for breach in growth_of_communes("series", split, more) if "département" in breach.place]
    expected = [breach for breach in growth_of_communes("series", whole, COMMUNES) if "département" in breach.place]
    assert of_departements == expected != []


def test_a_large_change_of_a_commune_is_explained_or_refused(monkeypatch):
    found = list(changes_of_communes("series", PEOPLE, grown("12001", 2.0)))
    assert [breach.found for breach in found] == ["12001 +100 %"]
    assert list(changes_of_communes("series", PEOPLE / 10, grown("12001", 2.0) / 10)) == []  # 200 people: ten houses
    monkeypatch.setattr(gates, "EXPLAINED_COMMUNES", {"12001": "une caserne"})
    assert list(changes_of_communes("series", PEOPLE, grown("12001", 2.0))) == []


def test_a_rate_of_a_wider_place_is_not_one_of_each_commune():
    repeated = COMMUNES[["commune_code"]].assign(rate=[0.1] * 6 + [0.2] * 6)
    found = list(repeated_values("rates", repeated, COMMUNES))
    assert len(found) == 1
    assert found[0].refuses
    assert found[0].found == "100 %, 2 valeurs distinctes pour 12 communes"
    own = COMMUNES[["commune_code"]].assign(rate=[number / 100 for number in range(12)])
    assert list(repeated_values("rates", own, COMMUNES)) == []


def test_a_column_that_says_what_place_it_is_of_is_no_repeat():
    named = COMMUNES[["commune_code"]].assign(bassin_de_vie_poverty_rate=[0.1] * 6 + [0.2] * 6)
    assert list(repeated_values("rates", named, COMMUNES)) == []
    weights = COMMUNES[["commune_code"]].assign(share=1.0)  # the part of a commune that a row speaks of
    assert list(repeated_values("zoning", weights, COMMUNES)) == []


@given(st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_the_slow_twin_of_the_repeats_agrees(values):
    table = COMMUNES[["commune_code"]].assign(rate=[float(value) for value in values])
    halves = (values[:6], values[6:])
    share = sum(max(half.count(value) for value in half) for half in halves) / 12
    assert bool(list(repeated_values("rates", table, COMMUNES))) == (share > gates.MOST_REPEATED)


def test_people_without_a_known_class_are_said_by_region_and_not_refused():
    zones = COMMUNES[["commune_code"]].assign(zone=["ZIP"] * 6 + [None] * 6)
    found = list(gates.people_without_value("zoning", zones, COMMUNES))
    assert [(breach.found, breach.refuses) for breach in found] == [("région 84 : 100 %", False)]


@pytest.mark.parametrize(
    ("factor", "n_years", "is_wrong"),
    [(1.1, 1, False), (1.3, 1, True), (1.3, 2, False), (0.9, 1, True), (0.9, 3, False)],
)
def test_a_total_may_not_jump_between_versions(factor, n_years, is_wrong):
    before = pd.DataFrame({"departement_code": ["12", "48"], "vintage": 2023, "n_gp": [100.0, 50.0]})
    now = before.assign(vintage=2023 + n_years, n_gp=before["n_gp"] * factor)
    assert bool(list(jumps_between("professionals", before, now, ("departement_code",)))) == is_wrong


def test_rows_that_are_new_are_no_jump_and_a_mean_may_not_shift():
    before = pd.DataFrame({"commune_code": ["a", "b", "c"], "apl": [1.0, 2.0, 3.0]})
    more = pd.DataFrame({"commune_code": ["a", "b", "c", "d"], "apl": [1.0, 2.0, 3.0, 90.0]})
    assert list(jumps_between("apl", before, more, ("commune_code",))) == []
    assert len(list(jumps_between("apl", before, more.assign(apl=more["apl"] + 0.5), ("commune_code",)))) == 1


def test_the_real_tables_pass_and_what_they_leave_unknown_is_said(snapshots):
    names = [name for name in store.manifest(store.DEFAULT_FOLDER)["tables"] if name != "commune_geometry"]
    found = list(gates.find_breaches(snapshots, names))
    assert [breach for breach in found if breach.refuses] == []
    zone = next(breach for breach in found if breach.table == "zoning")
    assert "région 04 : 100 %" in zone.found  # La Réunion is « N/A » in the source


def test_what_is_explained_is_what_needs_it(snapshots):
    people = snapshots("population_series").pivot_table(index="commune_code", columns="year", values="population")
    change = people[2023] / people[2017] - 1
    jumps = change[
        (change.abs() > gates.LARGEST_COMMUNE_CHANGE) & ((people[2023] - people[2017]).abs() >= gates.FEWEST_PEOPLE)
    ]
    assert set(jumps.index) == set(gates.EXPLAINED_COMMUNES)


def test_populations_of_another_perimeter_are_refused(snapshots):
    """Communes absorbed since, missing at the start: what the series of 2013-2021 did to Maine-et-Loire."""
    table, communes = snapshots("population_series").copy(), snapshots("communes")
    largest = communes[communes["departement_code"] == "49"].nlargest(40, "population")["commune_code"]
    missing = (table["year"] == 2017) & table["commune_code"].isin(largest[1:])
    table.loc[missing, "population"] *= 0.5
    with pytest.raises(
        ImplausibleTable, match=r"population_series, croissance d’un département, département 49\. Attendu"
    ):
        gates.refuse(gates.growth_of_communes("population_series", table, communes))


class ToySyncContext(SyncContext):
    def table(self, name):
        return {"communes": COMMUNES}[name]

    def shown(self, name):
        return {"communes": COMMUNES, "professionals": PROFESSIONALS}.get(name)

    def shown_vintage(self, name):
        assert name == "communes"
        return "COG 2026, populations municipales 2023 ; communes au 1er janvier 2025"


PROFESSIONALS = pd.DataFrame(
    {
        "departement_code": ["12", "48"],
        "profession": "Ensemble des médecins généralistes",
        "n_professionals": [30_000.0, 26_000.0],
        "suppressed": False,
        "vintage": 2024,
    }
)


def sync_of(remote_id, table_name, table, **options):
    made = Made({table_name: table}, dt.date(2024, 1, 1), "2024")
    plausible.require_plausible_sync(load_remotes()[remote_id], made, ToySyncContext(), **options)


def test_a_sync_is_held_to_published_figures_and_to_the_version_in_place():
    sync_of("cnam_counts", "professionals", PROFESSIONALS)
    with pytest.raises(
        ContractError, match=r"professionals, chiffre publié « Généralistes libéraux ».*Attendu : 55859.*Trouvé : 28000"
    ):
        sync_of("cnam_counts", "professionals", PROFESSIONALS.assign(n_professionals=[15_000.0, 13_000.0]))


def test_a_jump_that_the_user_says_is_real_is_taken():
    fewer = PROFESSIONALS.assign(n_professionals=[30_000.0, 23_000.0])
    with pytest.raises(ImplausibleTable, match=r"saut entre deux versions.*Trouvé : −5,4 %\. .*--accept-drop"):
        sync_of("cnam_counts", "professionals", fewer)
    sync_of("cnam_counts", "professionals", fewer, accept_jumps=True)


def test_a_synced_population_of_another_perimeter_is_refused():
    doubled = COMMUNES.assign(population=grown("12001", 2.0).to_numpy())
    remote = dataclasses.replace(load_remotes()["insee_reference_populations"], id="toy")  # no figure of France
    with pytest.raises(ImplausibleTable, match="département 12"):
        plausible.require_plausible_sync(
            remote, Made({"communes": doubled}, dt.date(2024, 1, 1), "2024"), ToySyncContext()
        )
