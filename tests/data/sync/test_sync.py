"""Sync from end to end on a tiny country, against a local server: what is installed, refused, and taken back."""

import json

import pandas as pd
import pytest

from data import store
from data.__main__ import main
from data.sources import registry
from data.sources.catalog import load_catalog
from data.sync import versions
from tests.data.finess_files import feed_file, feed_site
from tests.data.sync_country import ABOUT, FEED, FLAT, SOURCE, about, country, flat_country, shown, synced
from tests.data.tiny_mirror import corner_of


def test_without_sync_the_app_shows_the_embedded_data(sync_folder):
    assert "090000005" in shown()
    assert store.manifest()["synced"] == {}
    assert store.manifest()["tables"]["structures"]["covered_regions"] == ["76"]
    assert store.warnings() == ()
    assert not sync_folder.exists()  # reading makes nothing


def test_after_sync_the_app_shows_all_the_country(sync_folder):
    embedded = store.manifest()["tables"]
    assert synced() == (SOURCE, "installed", "40 lignes, au 20 novembre 2026.")
    table = store.load("structures")
    assert len(table) == 40
    assert table["point_flag"].eq("ok").all()
    assert set(table["category_basis"]) == {"finess"}
    assert table[["as_of", "place_as_of"]].eq(pd.Timestamp("2026-11-20")).all(axis=None)
    assert store.covered_regions("structures", "cpts") == {"04", "11", "76", "84"}  # and no type apart
    manifest = store.manifest()
    entry = manifest["tables"].pop("structures")
    assert entry["covered_regions"] == ["04", "11", "76", "84"]
    assert entry["sources"] == [SOURCE]
    assert entry["vintage"] == "au 20 novembre 2026"
    assert entry["rows"] == 40
    assert manifest["tables"] == {name: known for name, known in embedded.items() if name != "structures"}
    assert store.warnings() == ()
    assert store.snapshot_path("structures").is_relative_to(sync_folder)
    # the embedded snapshot itself is untouched, and can still be asked for
    assert "090000005" in store.load("structures", store.folder_in_use())["finess_code"].tolist()


def test_the_sources_follow_what_is_shown(sync_folder):
    before = registry.sources_in_use(load_catalog(), store.manifest())
    assert before == {source.id: source for source in load_catalog().sources}
    synced()
    after = registry.sources_in_use(load_catalog(), store.manifest())
    source = after["finess_occitanie"]
    assert source.citation == "FINESS, novembre 2026"
    assert source.vintage == "au 20 novembre 2026"
    assert source.covered_regions == after["finess_msp_2026"].covered_types == ()
    assert {name for name in before if before[name] != after[name]} == {"finess_occitanie", "finess_msp_2026"}


def test_a_second_sync_changes_nothing(sync_folder, sync_server):
    synced()
    pointer = versions.read_pointer(SOURCE)
    assert synced().status == "unchanged"
    assert versions.read_pointer(SOURCE) == pointer
    assert sorted(path.name for path in (sync_folder / "synced" / SOURCE).iterdir()) == [
        pointer.version,
        "current.json",
    ]


def test_a_file_known_by_its_hash_is_not_downloaded_again(sync_folder, sync_server):
    sync_server.published[ABOUT] = about(sync_server.files[FEED])
    synced()
    n_asked = len(sync_server.ranges(FEED))
    assert synced().status == "unchanged"
    assert len(sync_server.ranges(FEED)) == n_asked == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"filesize": 12}, "12 octets annoncés"), ({"checksum": {"type": "sha1", "value": "0" * 40}}, "000000000000…")],
)
def test_a_file_that_is_not_the_one_announced_is_refused(sync_folder, sync_server, changes, words):
    sync_server.published[ABOUT] = about(sync_server.files[FEED], **changes)
    outcome = synced()
    assert outcome.status == "failed"
    assert words in outcome.sentence
    assert not (sync_folder / "synced" / SOURCE / "download.part").exists()


@pytest.mark.parametrize(
    "answer", [[], {}, {"resource": 3}, {"resource": {"checksum": "x"}}, {"resource": {"checksum": {"type": "crc"}}}]
)
def test_a_portal_that_says_nothing_of_use_is_no_fault(sync_folder, sync_server, answer):
    sync_server.published[ABOUT] = answer
    assert synced().status == "installed"


def test_rollback_returns_to_the_version_before_and_back(sync_folder, sync_server):
    synced()
    first = shown()
    sync_server.files[FEED] = feed_file(*country(11), day="2026-11-21")
    assert synced().status == "installed"
    assert len(shown()) == 44
    versions.roll_back(SOURCE)
    assert shown() == first
    assert store.manifest()["tables"]["structures"]["vintage"] == "au 20 novembre 2026"
    versions.roll_back(SOURCE)
    assert len(shown()) == 44


def test_rollback_of_the_first_sync_returns_to_the_embedded_data(sync_folder):
    synced()
    assert main(["rollback"]) == 0
    assert "090000005" in shown()
    assert store.manifest()["tables"]["structures"]["covered_regions"] == ["76"]
    assert synced().status == "installed"


def test_two_versions_are_kept_and_no_more(sync_folder, sync_server):
    for day in range(1, 5):
        sync_server.files[FEED] = feed_file(*country(), day=f"2026-11-2{day}")
        synced()
    kept = sorted(path.name[:8] for path in (sync_folder / "synced" / SOURCE).iterdir() if path.is_dir())
    assert kept == ["20261123", "20261124"]


def test_a_version_rolled_back_from_can_be_synced_again(sync_folder, sync_server):
    synced()
    sync_server.files[FEED] = feed_file(*country(11), day="2026-11-21")
    synced()
    versions.roll_back(SOURCE)
    assert synced().status == "installed"
    assert len(shown()) == 44
    assert versions.read_pointer(SOURCE).previous.startswith("20261120")


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"<!DOCTYPE html><p>Maintenance", "HTML"),
        (feed_file(*country())[:-100], "gzip"),
        (feed_file(*country(), compressed=False)[:-100], "JSON"),
        (b"", "vide"),
        (b"a;b;c\n1;2;3\n", "etalab-cs1100507"),
        (feed_file(*country()[:10]), "dans chaque région"),
        (
            feed_file(*(feed_site(f"09{number:07d}", known={"nomEgeLong": "x"}) for number in range(40))),
            "chaque région",
        ),
        (feed_file(*country(9), day="2026-11-21"), "10,0 % de moins"),
        (feed_file(*country(), day="2026-11-19"), "postérieures"),
    ],
)
def test_a_bad_file_leaves_the_good_version(sync_folder, sync_server, contents, words):
    synced()
    good = shown()
    sync_server.files[FEED] = contents
    outcome = synced()
    assert outcome.status == "failed"
    assert words in outcome.sentence
    assert "restent en place" in outcome.sentence
    assert shown() == good
    assert not (sync_folder / "synced" / SOURCE / "download.part").exists()


def test_a_drop_may_be_accepted(sync_folder, sync_server):
    synced()
    sync_server.files[FEED] = feed_file(*country(5), day="2026-11-21")
    assert synced(accept_drop=True).status == "installed"
    assert len(shown()) == 20


def test_the_first_sync_is_held_to_the_regions_that_were_covered(sync_folder, sync_server):
    # five embedded structures in region 76: two of them are a drop, though the file holds thirty-two in all
    elsewhere = [site for site in country() if "09122" not in json.dumps(site)]
    sync_server.files[FEED] = feed_file(*elsewhere, *country(2)[:2])
    outcome = synced()
    assert outcome.status == "failed"
    assert "5 à 5 % près" in outcome.sentence


def test_when_the_feed_is_down_the_flat_file_serves(sync_folder, sync_server):
    sync_server.files[FLAT] = flat_country()
    del sync_server.files[FEED]
    assert synced().sentence == "40 lignes, au 12 mai 2026."
    assert store.load("structures")["point_flag"].eq("ok").all()


def test_nobody_there(sync_folder, sync_server, monkeypatch):
    synced()
    good = shown()
    monkeypatch.setenv("MAILLAGE_SYNC_BASE", "http://127.0.0.1:9")
    outcome = synced()
    assert outcome.status == "failed"
    assert "en ligne impossible" in outcome.sentence
    assert shown() == good


def test_a_site_without_point_keeps_the_one_it_had_or_goes_to_its_commune(sync_folder, sync_server):
    synced()
    sites = country()
    for site in sites:
        site["adresse"][0]["coordonneesGeographique"] = None
    moved = feed_site("090000002", address={"cogCommune": "09160", "coordonneesGeographique": None})
    new = feed_site("090000099", address={"coordonneesGeographique": None})
    sites = [moved if site["informationsGeneralesEGE"]["numFinessEge"] == "090000002" else site for site in sites]
    sync_server.files[FEED] = feed_file(*sites, new, day="2026-11-21")
    before = store.load("structures").set_index("finess_code")
    synced()
    after = store.load("structures").set_index("finess_code")
    assert after.loc[["090000002", "090000099"], "point_flag"].tolist() == ["commune", "commune"]
    kept = after.index.difference(["090000002", "090000099"])
    assert after.loc["090000099", "place_as_of"] is pd.NaT
    columns = ["longitude", "latitude", "point_flag", "place_as_of"]  # a point that is kept keeps its day
    pd.testing.assert_frame_equal(after.loc[kept, columns], before.loc[kept, columns])


def test_a_point_far_from_its_commune_is_flagged(sync_folder, sync_server):
    sites = country()
    _, south = corner_of("09")
    # 0.1 degree of latitude north of a square that ends at south + 0.1: some eleven kilometres
    sites[0]["adresse"][0]["coordonneesGeographique"] |= {"coordonneeY": f"{south + 0.2:.4f}"}
    sync_server.files[FEED] = feed_file(*sites)
    synced()
    assert store.load("structures")["point_flag"].value_counts().to_dict() == {"ok": 39, "loin_commune": 1}
