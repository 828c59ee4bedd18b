"""The catalogue: every source in use has an entry, every entry has a use, and a wrong entry is named."""

import datetime as dt
import re

import pytest

from coverage.indicators.cards import INDICATORS
from data import store
from data.contracts.schemas import CONTRACTS
from data.errors import CatalogError
from data.sources.catalog import DEFAULT_PATH, load_catalog
from data.sources.registry import load_remotes
from data.sources.reperes import load_reperes

ENTRY = """
[[source]]
id = "toy"
title = "Un jeu"
citation = "INSEE, 2023"
producer = "Un producteur"
url = "https://example.org/jeu"
licence = "Licence Ouverte 2.0"
vintage = "2024"
cog_year = 2024
unit = "habitants"
level = "commune"
retrieved_on = 2026-11-22
tables = ["communes"]
note = "Rien."
files = [{ name = "one", path = "toy/one.csv", sha256 = "%s" }]
""" % ("0" * 64)


def write(folder, text):
    path = folder / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_entry_is_read_whole(tmp_path):
    source = load_catalog(write(tmp_path, ENTRY)).source("toy")
    assert source.retrieved_on == dt.date(2026, 11, 22)
    assert source.files[0].path == "toy/one.csv"
    assert source.tables == ("communes",)


def test_every_table_has_a_source_and_every_source_a_table():
    fed = {table for source in load_catalog().sources for table in source.tables}
    assert fed == set(CONTRACTS) | {"reperes"}


def test_every_source_of_an_indicator_is_in_the_catalogue():
    synced = {name: remote for name, remote in load_remotes().items() if not remote.replaces}
    used = {source_id for indicator in INDICATORS.values() for source_id in indicator.source_ids}
    assert used <= set(load_catalog().ids()) | set(synced)
    tables = {source.id: source.tables for source in load_catalog().sources}
    tables |= {name: remote.tables for name, remote in synced.items()}
    for indicator in INDICATORS.values():  # a source that only a sync brings is the one that brings its table
        brought = {table for name in indicator.source_ids if name in synced for table in synced[name].tables}
        assert brought <= {indicator.table}
        assert not indicator.table or any(indicator.table in tables[name] for name in indicator.source_ids)


def test_every_source_of_a_repere_is_used():
    said = {source.id for source in load_catalog().feeding("reperes")}
    assert said == set(load_reperes()["source"])


def test_every_data_source_has_an_address_and_files():
    for source in load_catalog().sources:
        if set(source.tables) - {"reperes"}:
            assert source.files, source.id
            assert source.url, source.id
            assert source.cog_year, source.id


def test_the_committed_manifest_cites_the_catalogue_as_it_is():
    catalog = load_catalog()
    for name, entry in store.manifest(store.DEFAULT_FOLDER)["tables"].items():
        assert entry["sources"] == [source.id for source in catalog.feeding(name)], name
        assert entry["vintage"] == " ; ".join(source.vintage for source in catalog.feeding(name)), name


def test_the_catalogue_names_no_machine():
    text = DEFAULT_PATH.read_text(encoding="utf-8")
    assert not re.search(r"/work|/home|localhost|127\.0\.0\.1|http://", text)


def test_the_population_vintage_is_established_by_the_reference_populations():
    source = load_catalog().source("etalab_decoupage")
    assert "2023" in source.vintage
    assert "déduction" not in source.note
    for number in ("34 855", "68 350 798", "256 518"):
        assert number in source.note


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('id = "toy"\n', "", "manque : id"),
        ('note = "Rien."', "", "manque : note"),
        ('note = "Rien."', 'note = " "', "note"),
        ('note = "Rien."', 'note = "Rien."\nremark = 1', "en trop : remark"),
        ('id = "toy"', 'id = "Toy 1"', "id"),
        ('id = "toy"', "id = 3", "id"),
        ('level = "commune"', 'level = "canton"', "level"),
        ("https://example.org/jeu", "ftp://example.org", "url"),
        ("2026-11-22", '"2026-11-22"', "retrieved_on"),
        ("cog_year = 2024", "cog_year = 24", "cog_year"),
        ("cog_year = 2024", "cog_year = true", "cog_year"),
        ('tables = ["communes"]', "tables = []", "tables"),
        ('tables = ["communes"]', 'tables = "communes"', "tables"),
        ('tables = ["communes"]', "tables = [3]", "tables"),
        ("0" * 64, "0" * 63, "sha256"),
        ("toy/one.csv", "/toy/one.csv", "path"),
        ("toy/one.csv", "../one.csv", "path"),
        ('name = "one", ', "", "files"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, old, new, place):
    assert old in ENTRY
    with pytest.raises(CatalogError, match=re.escape(place)):
        load_catalog(write(tmp_path, ENTRY.replace(old, new)))


@pytest.mark.parametrize("text", ["", "[[", "[source]\nid = 1", "source = []", ENTRY + "\n[other]\nx = 1"])
def test_another_document(tmp_path, text):
    with pytest.raises(CatalogError):
        load_catalog(write(tmp_path, text))


def test_an_id_or_a_file_given_twice_is_refused(tmp_path):
    with pytest.raises(CatalogError, match=r"toy"):
        load_catalog(write(tmp_path, ENTRY + ENTRY))
    with pytest.raises(CatalogError, match=r"toy/one.csv"):
        load_catalog(write(tmp_path, ENTRY + ENTRY.replace('id = "toy"', 'id = "other"')))


def test_missing_file(tmp_path):
    with pytest.raises(CatalogError, match=r"absent.toml"):
        load_catalog(tmp_path / "absent.toml")


def test_an_unknown_source_or_file_is_named():
    with pytest.raises(CatalogError, match=r"« nothing »"):
        load_catalog().source("nothing")
    with pytest.raises(CatalogError, match=r"« nothing »"):
        load_catalog().file("drees_apl_mg", "nothing")


@pytest.mark.mirror
def test_the_hashes_are_those_of_the_mirror(mirror):
    from data.build.snapshot import Mirror  # noqa: PLC0415 - only this test needs the heavy half

    catalog = load_catalog()
    for source in catalog.sources:
        for file in source.files:
            assert Mirror(mirror, catalog).file(source.id, file.name).is_file()
