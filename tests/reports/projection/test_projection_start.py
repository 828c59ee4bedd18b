"""Screen and paper start the projection from the same place: the year of the count, and what was synced."""

import pytest

from coverage.projection import Scenario, project
from data.errors import SnapshotMissing
from reports.projection.start import START_TABLES, start_of, synced_table
from tests.coverage.projection.test_projection_baseline import made_up_rpps, tables
from tests.coverage.projection.test_projection_synced_tables import ages, outlook


def loader(**more):
    known = tables(made_up_rpps()) | more
    known["professionals"] = known["professionals"].assign(vintage=more.get("vintage", 2024))

    def load(name):
        if name not in known:
            raise SnapshotMissing("manifest.json", expected=name)
        return known[name]

    return load


def test_without_sync_the_start_is_the_year_after_the_count():
    start = start_of(loader())
    assert start.base_year == 2025
    assert "population_outlook" not in {one.name for one in start.estimates}
    assert synced_table(loader(), "population_outlook") is None


def test_a_newer_count_moves_the_start_and_every_year_after():
    start = start_of(loader(vintage=2025))
    assert start.base_year == 2026
    yearly = project(start, Scenario(horizon_years=5)).yearly
    assert (yearly["year"].min(), yearly["year"].max()) == (2026, 2031)


def test_what_was_synced_is_taken():
    start = start_of(loader(gp_age_departements=ages(), population_outlook=outlook()))
    assert {"gp_ages_year", "population_outlook"} <= {one.name for one in start.estimates}


@pytest.mark.parametrize("absent", START_TABLES)
def test_a_table_of_the_snapshot_that_is_absent_is_a_fault(absent):
    load = loader()

    def without(name):
        if name == absent:
            raise SnapshotMissing("manifest.json", expected=name)
        return load(name)

    with pytest.raises(SnapshotMissing, match=absent):
        start_of(without)
