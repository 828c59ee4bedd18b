"""The sources of care from end to end: downloaded from a local server, checked, shown, refused when they are bad."""

from __future__ import annotations

import urllib.parse
from typing import Any

import pandas as pd
import pytest

from data import store
from data.contracts.schemas import CONTRACTS
from data.contracts.synced_schemas import SYNCED_CONTRACTS
from data.errors import SnapshotMissing
from data.sources.catalog import load_catalog
from data.sources.registry import load_remotes, sources_in_use
from data.sync import care
from data.sync.made import SyncContext
from data.sync.makers import MAKERS
from data.sync.run import Outcome, sync
from geo.codes import DEPARTEMENT_CODES
from tests.data.care_files import bpe_file, gp_age_rows, rpps_file, rpps_line, workbook, zipped
from tests.data.official_files import official_file
from tests.data.tiny_mirror import commune_of

RPPS = rpps_file(
    rpps_line("A", "10", "09122", skill="SM54"),
    rpps_line("B", "60", "75101"),  # the arrondissements are one commune here
    rpps_line("C", "60", "75102", mode="S"),
    rpps_line("D", "60", "75102"),
    rpps_line("E", "60", "99999"),
    rpps_line("F", "60", "98735"),  # out of scope: listed, not counted
)
BPE = bpe_file(
    *(("09122", "COM", "D265", 12), ("09122", "COM", "D281", 30)),
    *(("75056", "COM", "D265", 2000), ("75056", "COM", "D307", 9)),
)


def path_of(source_id: str, rank: int = 0) -> str:
    parts = urllib.parse.urlsplit(load_remotes()[source_id].addresses[rank].file)
    return parts.path


def gp_ages(n: int = 4, departements: tuple[str, ...] = DEPARTEMENT_CODES) -> bytes:
    """Return a workbook of n GPs in each class of each department."""
    lines = [
        (f"{code:0>3}-Nom", "0-Ensemble", age, n, n)
        for code in departements
        for age in ("01-Moins de 50 ans", "02-50 ans et plus")
    ]
    return workbook(Effectifs=gp_age_rows(*lines))


def synced(source_id: str, **more: Any) -> Outcome:
    (outcome,) = sync([source_id], complete=False, say=lambda _: None, wait=lambda _: None, **more)
    return outcome


def test_every_source_has_a_maker_and_every_table_a_contract():
    remotes = load_remotes()
    assert set(MAKERS) == set(remotes)
    tables = {table for remote in remotes.values() for table in remote.tables}
    assert tables <= set(CONTRACTS) | set(SYNCED_CONTRACTS)
    assert set(SYNCED_CONTRACTS) <= tables
    assert not set(SYNCED_CONTRACTS) & set(CONTRACTS)


@pytest.mark.parametrize("name", SYNCED_CONTRACTS)
def test_every_number_has_a_unit(name):
    for column, promise in SYNCED_CONTRACTS[name].columns.items():
        if str(promise.dtype) in {"float64", "int64"}:
            assert promise.metadata["unit"], column


@pytest.mark.parametrize("table", ["rpps_practitioners", "gp_age_departements"])
def test_before_a_sync_the_command_is_told(sync_folder, table):
    with pytest.raises(SnapshotMissing, match=r"python -m data sync [a-z]"):
        store.load(table)


def test_the_professionals_of_every_commune(sync_folder, sync_server):
    sync_server.files[path_of("rpps_practitioners")] = RPPS
    outcome = synced("rpps_practitioners")
    assert outcome.status == "installed"
    assert "mis en ligne le 4 mai 2026" in outcome.sentence
    table = store.load("rpps_practitioners")
    assert table.to_numpy().tolist() == [
        ["09122", "medecin_generaliste", "liberal", 1.0],
        ["75056", "infirmier", "liberal", 2.0],
        ["75056", "infirmier", "salarie", 1.0],
    ]
    document = store.manifest()["synced"]["rpps_practitioners"]
    assert [lost["code"] for lost in document["not_carried"]] == ["98735"]
    assert document["report"]["without_commune"] == 1  # 99999 is no code of a commune


def test_when_the_portal_is_down_the_producer_s_archive_serves(sync_folder, sync_server):
    name = "PS_LibreAcces_Personne_activite_202611200800__txt"
    sync_server.files[path_of("rpps_practitioners", 1)] = zipped(
        **{name: RPPS, "PS_LibreAcces_SavoirFaire_202611200800__txt": b"Code savoir-faire|\n"}
    )
    assert synced("rpps_practitioners").sentence == "3 lignes, au 20 novembre 2026."


@pytest.mark.parametrize("contents", [b"<!DOCTYPE html>\n", RPPS[:-5], b"", RPPS.replace(b"Code profession|", b"x|")])
def test_a_bad_extraction_leaves_the_good_one(sync_folder, sync_server, contents):
    sync_server.files[path_of("rpps_practitioners")] = RPPS
    synced("rpps_practitioners")
    sync_server.files[path_of("rpps_practitioners")] = contents
    assert synced("rpps_practitioners").status == "failed"
    assert len(store.load("rpps_practitioners")) == 3


def test_half_an_extraction_is_a_drop(sync_folder, sync_server):
    sync_server.files[path_of("rpps_practitioners")] = RPPS
    synced("rpps_practitioners")
    sync_server.files[path_of("rpps_practitioners")] = rpps_file(rpps_line("A", "10", "09122", skill="SM54"))
    assert "de moins" in synced("rpps_practitioners").sentence


def test_a_partial_first_file_of_france_is_refused(sync_folder, tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes(RPPS)
    with pytest.raises(ValueError, match="au moins 50000 généralistes"):
        care.make_rpps_practitioners(path, SyncContext(complete=True))


def test_the_equipment_of_every_commune(sync_folder, sync_server):
    sync_server.files[path_of("insee_bpe_communes")] = zipped(DS_BPE_2024_data__csv=BPE, DS_BPE_2024_metadata__csv=b"x")
    outcome = synced("insee_bpe_communes")
    assert outcome.status == "installed"
    assert "équipements au 1er janvier 2024" in outcome.sentence
    table = store.load("bpe_communes").set_index("commune_code")
    assert len(table) == len(store.load("communes"))
    assert table.loc["09122", ["n_gp", "n_nurses", "n_pharmacies"]].tolist() == [12.0, 30.0, 0.0]
    # its department is covered: the commune has none; the others are in departments that the file does not name
    assert table.loc["09160", ["n_gp", "n_nurses", "n_pharmacies"]].tolist() == [0.0, 0.0, 0.0]
    assert table.loc[commune_of("31")].drop("vintage").isna().all()
    assert table["n_dentists"].isna().all()
    assert table["vintage"].eq(2024).all()
    assert "31" in store.manifest()["synced"]["insee_bpe_communes"]["report"]["departements_not_covered"]


def test_the_gps_of_every_department_by_age(sync_folder, sync_server):
    sync_server.files[path_of("drees_gp_age", 2)] = gp_ages()  # the first address and that of 2027 are not there
    outcome = synced("drees_gp_age")
    assert outcome.status == "installed"
    assert "1er janvier 2025 à 2026" in outcome.sentence
    table = store.load("gp_age_departements")
    assert set(table["departement_code"]) == set(DEPARTEMENT_CODES)
    assert table.groupby("year")["n_gp"].sum().tolist() == [808.0, 808.0]
    sync_server.files[path_of("drees_gp_age", 2)] = gp_ages(3)
    assert "25,0 % de moins" in synced("drees_gp_age").sentence
    sync_server.files[path_of("drees_gp_age", 2)] = gp_ages(5, DEPARTEMENT_CODES[1:])
    assert "sans 01" in synced("drees_gp_age").sentence


def apl_workbook(year: int, more: str = "") -> bytes:
    """Return a workbook of one year, on communes of the tiny country; `more` is one more column, after the others."""
    file = official_file("apl")
    rows = [list(row) for row in file.model["APL 2023"]]
    at = next(number for number, row in enumerate(rows) if "Code commune INSEE" in map(str, row))
    for number, code in enumerate(["09122", "75101", "75056"], start=at + 2):
        rows[number][0] = code
    if more:
        rows[at].append(more)
        for row in rows[at + 1 :]:
            row.append(row[2])  # the same as of all ages: the unit, then the values
    parameters = official_file("apl_parameters").model["Paramètres"]
    return file.with_model({"Paramètres": parameters, f"APL {year}": rows}).contents


def test_a_new_apl_is_added_to_those_known(sync_folder, sync_server):
    before = store.load("apl")
    sync_server.files[path_of("drees_apl")] = apl_workbook(2024)
    outcome = synced("drees_apl")
    assert outcome.status == "installed"
    table = store.load("apl")
    assert sorted(table["vintage"].unique()) == [*sorted(before["vintage"].unique()), 2024]
    assert outcome.sentence.endswith("2022, 2023 et 2024.")
    source = sources_in_use(load_catalog(), store.manifest())["drees_apl_mg"]
    assert source.citation == "DREES, APL 2022, 2023 et 2024"
    kept = table[table["vintage"] < 2024].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, before)
    parameters = store.load("apl_parameters")
    assert parameters.equals(parameters.sort_values(["parameter", "vintage", "lower"], ignore_index=True))


@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("APL aux médecins généralistes de 60 ans et moins", "apl_60"),
        ("APL aux médecins généralistes de moins de 62 ans", "apl_62"),
    ],
)
def test_an_apl_with_other_age_limits(sync_folder, sync_server, label, column):
    sync_server.files[path_of("drees_apl")] = apl_workbook(2024, label)
    assert synced("drees_apl").status == "installed"
    table = store.load("apl")
    assert [name for name in table if name.startswith("apl")] == ["apl", "apl_65", column]
    fresh = table["vintage"] == 2024
    pd.testing.assert_series_equal(table.loc[fresh, column], table.loc[fresh, "apl"], check_names=False)
    assert table.loc[~fresh, column].isna().all()


@pytest.mark.mirror
def test_the_official_workbook_gives_the_embedded_tables(mirror, monkeypatch):
    monkeypatch.delenv("MAILLAGE_SNAPSHOTS", raising=False)
    made = care.make_apl(mirror / "drees_apl_mg" / "apl_generalistes.xlsx", SyncContext())
    for name in ("apl", "apl_parameters"):
        pd.testing.assert_frame_equal(made.tables[name], store.load(name, store.DEFAULT_FOLDER))


def test_one_source_down_never_takes_the_others_down(sync_folder, sync_server):
    sync_server.files[path_of("insee_bpe_communes")] = zipped(DS_BPE_2024_data__csv=BPE)
    sync_server.files[path_of("rpps_practitioners")] = b"<html>\n"
    outcomes = sync(
        ["rpps_practitioners", "insee_bpe_communes", "drees_gp_age"],
        complete=False,
        say=lambda _: None,
        wait=lambda _: None,
    )
    assert {outcome.source_id: outcome.status for outcome in outcomes} == {
        "rpps_practitioners": "failed",
        "insee_bpe_communes": "installed",
        "drees_gp_age": "failed",
    }


@pytest.mark.parametrize("fault", ["503", "429 1", "drop", "cut 300", "slow", "redirect /elsewhere"])
def test_faults_of_the_line_are_overcome(sync_folder, sync_server, fault):
    sync_server.files[path_of("rpps_practitioners")] = RPPS
    sync_server.files["/elsewhere"] = RPPS
    sync_server.faults = [fault]
    assert synced("rpps_practitioners").status == "installed"
