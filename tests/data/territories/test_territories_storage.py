"""Saved territories: versions, owners apart, nothing saved is lost."""

import pytest
import sqlalchemy as sa

from data.projects.database import open_database
from data.territories import storage
from data.territories.storage import (
    TooManyTerritories,
    read_saved,
    read_versions,
    remove_territory,
    save_territory,
)


@pytest.fixture
def engine(tmp_path):
    return open_database(sa.URL.create("sqlite", database=str(tmp_path / "projets.sqlite")))


def test_a_territory_is_saved_changed_removed_and_had_again(engine):
    number = save_territory(engine, "moi", "Vallée", ["48095", "48061"], author="Zoé")
    save_territory(engine, "moi", "Vallée du Lot", ["48095"], number=number)
    (shown,) = read_saved(engine, "moi")
    assert (shown.number, shown.version, shown.name, shown.communes) == (number, 2, "Vallée du Lot", {"48095"})
    remove_territory(engine, "moi", shown)
    assert read_saved(engine, "moi") == ()
    versions = read_versions(engine, "moi")
    assert [(one.version, one.name, len(one.communes), one.author) for one in versions] == [
        (3, "Vallée du Lot", 0, ""), (2, "Vallée du Lot", 1, ""), (1, "Vallée", 2, "Zoé"),
    ]  # fmt: skip
    save_territory(engine, "moi", versions[2].name, versions[2].communes, number=number)
    assert read_saved(engine, "moi")[0].communes == {"48095", "48061"}


def test_nobody_sees_another_s(engine):
    save_territory(engine, "moi", "A", ["48095"])
    save_territory(engine, "toi", "B", ["48061"])
    assert [one.name for one in read_saved(engine, "moi")] == ["A"]
    assert [one.name for one in read_versions(engine, "toi")] == ["B"]
    assert read_saved(engine, "personne") == ()


def test_the_latest_saved_comes_first_and_there_is_a_limit(engine, monkeypatch):
    monkeypatch.setattr(storage, "MOST_TERRITORIES", 3)
    numbers = [save_territory(engine, "moi", name, ["48095"]) for name in "abc"]
    assert len(set(numbers)) == 3
    assert [one.name for one in read_saved(engine, "moi")] == ["c", "b", "a"]
    with pytest.raises(TooManyTerritories, match="au plus 3 territoires"):
        save_territory(engine, "moi", "d", ["48095"])
    save_territory(engine, "moi", "a bis", ["48061"], number=numbers[0])  # a change needs no more room
    remove_territory(engine, "moi", read_saved(engine, "moi")[0])
    assert save_territory(engine, "moi", "d", ["48095"]) not in numbers


def test_the_oldest_versions_go_first(engine, monkeypatch):
    monkeypatch.setattr(storage, "MOST_VERSIONS", 3)
    number = save_territory(engine, "moi", "v1", ["48095"])
    for version in range(2, 7):
        save_territory(engine, "moi", f"v{version}", ["48095"], number=number)
    assert [one.name for one in read_versions(engine, "moi")] == ["v6", "v5", "v4"]


def test_a_database_made_before_gets_the_table(tmp_path):
    url = sa.URL.create("sqlite", database=str(tmp_path / "projets.sqlite"))
    engine = open_database(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE maillage_territories")
    save_territory(open_database(url), "moi", "A", ["48095"])
