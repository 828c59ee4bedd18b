"""What the tables are worth: counted on small tables by hand, then against slow obvious twins, then from end to end."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import store
from data.contracts.schemas import CONTRACTS
from data.contracts.synced_schemas import SYNCED_CONTRACTS
from data.jobs import Job
from data.quality.changes import PreviousNotComparable, compare_structures, compare_tables
from data.quality.checks import check_tables
from data.quality.columns import COLUMN_TITLES
from data.quality.previous import load_previous
from data.quality.tables import TITLES, count_by_departement, count_unknowns, summarise_tables
from data.sync import versions
from tests.data.finess_files import feed_file
from tests.data.sync_country import FEED, SOURCE, country, synced

COMMUNES = pd.DataFrame(
    {"commune_code": ["31001", "31002", "32001"], "departement_code": ["31", "31", "32"]}, dtype="str"
)


def sites(**columns):
    """Return two sites of the Haute-Garonne, changed as asked."""
    table = {
        "finess_code": ["310000001", "310000002"],
        "structure_type": ["msp", "pharmacie"],
        "name": ["Un", "Deux"],
        "address": ["", ""],
        "commune_code": ["31001", "31001"],
        "departement_code": ["31", "31"],
        "region_code": ["76", "76"],
        "longitude": [1.4, 1.5],
        "latitude": [43.6, 43.6],
        "opened_on": pd.to_datetime(["2020-01-01", None]),
        "point_flag": ["ok", "ok"],
    }
    return pd.DataFrame(table | columns)


def test_every_table_and_column_has_a_french_name():
    contracts = {**CONTRACTS, **SYNCED_CONTRACTS}
    assert set(contracts) == set(TITLES)
    assert {column for contract in contracts.values() for column in contract.columns} == set(COLUMN_TITLES)


def test_the_summary_tells_what_was_synced(toy_country):
    manifest = {
        "tables": {
            "communes": {"rows": 3, "bytes": 10, "sources": ["etalab"], "vintage": "2026"},
            "structures": {"rows": 2, "bytes": 20, "sources": ["finess_national"], "vintage": "au 1er mai 2026"},
        },
        "synced": {"finess_national": {}},
    }
    summary = summarise_tables(manifest).set_index("table")
    assert summary["tier"].to_dict() == {"communes": "embarquée", "structures": "synchronisée"}
    assert summary.loc["structures", "title"] == "Structures localisées (FINESS)"


def test_unknown_cells_are_counted_by_column_and_zero_is_known():
    table = pd.DataFrame({"a": [0.0, np.nan, 1.0, np.nan], "b": ["", None, "x", "y"]})
    counted = count_unknowns(table).set_index("column")
    assert counted["n_unknown"].to_dict() == {"a": 2, "b": 1}
    assert counted["share_unknown"].to_dict() == {"a": 0.5, "b": 0.25}


def test_a_table_without_rows_has_no_share_of_unknowns():
    assert count_unknowns(pd.DataFrame({"a": pd.Series(dtype="float64")}))["share_unknown"].isna().all()


def test_a_department_without_any_row_is_there_with_none():
    table = pd.DataFrame({"commune_code": ["31001", "31001", "31002"], "value": [1.0, 2.0, np.nan]})
    counted = count_by_departement(table, COMMUNES, "value").set_index("departement_code")
    assert counted["n_rows"].to_dict() == {"31": 2, "32": 0}
    assert counted["share_known_communes"].to_dict() == {"31": 0.5, "32": 0.0}  # 31002 is unknown


def test_a_table_of_departments_says_nothing_of_communes():
    counted = count_by_departement(pd.DataFrame({"departement_code": ["31", "31"]}), COMMUNES)
    assert counted["n_rows"].tolist() == [2, 0]
    assert counted["share_known_communes"].isna().all()


def test_only_the_departments_of_a_table_of_levels_are_counted():
    table = pd.DataFrame({"level": ["france", "departement"], "territory_code": ["FR", "32"]})
    assert count_by_departement(table, COMMUNES)["n_rows"].tolist() == [0, 1]


def test_a_table_of_ages_has_no_coverage():
    assert count_by_departement(pd.DataFrame({"age": [30]}), COMMUNES) is None


def test_changes_are_counted_and_two_unknowns_are_the_same():
    before = pd.DataFrame({"code": ["a", "b", "c"], "x": [1.0, np.nan, 3.0], "old": [0, 0, 0]})
    now = pd.DataFrame({"code": ["b", "c", "d"], "x": [np.nan, 4.0, 5.0], "new": [0, 0, 0]})
    changes = compare_tables(before, now, ["code"])
    assert (changes.n_before, changes.n_now, changes.n_added, changes.n_removed) == (3, 3, 1, 1)
    assert changes.n_changed.to_dict() == {"x": 1}  # c; b is unknown in both
    assert (changes.columns_added, changes.columns_removed) == (("new",), ("old",))


def test_versions_of_another_key_are_not_compared():
    with pytest.raises(PreviousNotComparable, match="year"):
        compare_tables(pd.DataFrame({"code": ["a"]}), pd.DataFrame({"code": ["a"], "year": [1]}), ["code", "year"])


rows = st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.none(), st.floats(0, 3)), max_size=6)


@given(rows, rows)
def test_changes_equal_their_twin(before, now):
    tables = [
        pd.DataFrame({"code": list(side), "x": pd.Series(list(side.values()), dtype="float64")})
        for side in (before, now)
    ]
    changes = compare_tables(*tables, ["code"])
    assert changes.n_added == len(set(now) - set(before))
    assert changes.n_removed == len(set(before) - set(now))
    assert changes.n_changed["x"] == sum(before[code] != now[code] for code in set(before) & set(now))


def test_a_site_opened_one_closed_and_the_same_is_no_change():
    now = sites(finess_code=["310000001", "310000003"])
    listed = compare_structures(sites(), now)
    assert listed[["change", "finess_code"]].to_numpy().tolist() == [["fermée", "310000002"], ["ouverte", "310000003"]]
    assert compare_structures(sites(), sites()).empty


def test_a_site_moved_a_kilometre_has_moved_and_one_of_fifty_metres_has_not():
    # 0.0124 degree of longitude at 43.6 N is 0.0124 x 111 320 m x cos 43.6 = 1 000 m
    listed = compare_structures(sites(), sites(longitude=[1.4124, 1.5006]))
    assert listed["finess_code"].tolist() == ["310000001"]
    assert listed.loc[0, "distance_m"] == pytest.approx(1000, rel=0.01)


def test_a_point_placed_at_the_commune_tells_no_move_unless_the_commune_changed():
    placed = {"point_flag": ["commune", "commune"], "longitude": [2.0, 2.0]}
    assert compare_structures(sites(), sites(**placed)).empty
    listed = compare_structures(sites(), sites(**placed, commune_code=["31002", "31001"]))
    assert listed["change"].tolist() == ["déplacée"]
    assert listed["distance_m"].isna().all()


def test_a_new_name_and_a_new_type_are_told():
    listed = compare_structures(sites(), sites(name=["Une", "Deux"], structure_type=["msp", "msp"]))
    assert listed[["change", "name_before"]].fillna("").to_numpy().tolist() == [
        ["changée de type", ""],
        ["renommée", "Un"],
    ]


def test_regions_that_one_version_does_not_cover_are_left_out():
    now = pd.concat([sites(), sites(finess_code=["750000001", "750000002"], region_code=["11", "11"])])
    assert compare_structures(sites(), now, ["76"]).empty


def test_the_version_before_the_first_sync_is_the_embedded_one(sync_folder):
    assert load_previous("structures") is None  # nothing was synced
    embedded = store.load("structures")
    synced()
    previous = load_previous("structures")
    pd.testing.assert_frame_equal(previous.table, embedded)
    assert previous.covered_regions == ["76"]
    assert load_previous("communes") is None


def test_the_version_before_the_second_sync_is_the_first(sync_folder, sync_server):
    synced()
    first = store.load("structures")
    sync_server.files[FEED] = feed_file(*country(11))
    assert synced().status == "installed"
    pd.testing.assert_frame_equal(load_previous("structures").table, first)
    changes = compare_tables(load_previous("structures").table, store.load("structures"), ["finess_code"])
    assert (changes.n_added, changes.n_removed) == (4, 0)


def test_a_version_that_is_gone_is_said(sync_folder, sync_server):
    synced()
    sync_server.files[FEED] = feed_file(*country(11))
    synced()
    before = versions.source_folder(SOURCE) / versions.read_pointer(SOURCE).previous
    (before / "manifest.json").unlink()
    with pytest.raises(versions.VersionsDamaged):
        load_previous("structures")


def test_checks_pass_on_what_was_just_synced_and_say_the_totals(sync_folder):
    synced()
    checks = list(check_tables(complete=False))
    assert [check for check in checks if not check.passed] == []
    assert any("structures" in check.wanted for check in checks)


def test_a_damaged_table_fails_its_check_and_the_others_are_checked(sync_folder, monkeypatch):
    loaded = store.load

    def damaged(name, folder=None):
        table = loaded(name, folder)
        return table.assign(population=-1.0) if name == "epci" else table

    monkeypatch.setattr(store, "load", damaged)
    failed = [check for check in check_tables(complete=False) if not check.passed]
    assert [check.table for check in failed] == ["epci"]
    assert "population" in failed[0].sentence


def test_a_job_is_followed_line_by_line(tmp_path):
    job = Job.start("json.tool", [str(tmp_path / "absent")])
    assert job.wait(30) != 0
    assert not job.is_running
    assert "absent" in job.fault


def test_a_sync_is_told_to_the_process_that_started_it(sync_folder, sync_server):
    job = Job.start("data.sync.job", ["unknown_source"])
    assert job.wait(60) == 1
    assert "unknown_source" in job.messages[-1]["fault"]
