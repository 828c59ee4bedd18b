"""A sample of `make faults`: kills at any moment, and faults of a server, against the tiny country."""

import random

import pytest

from tests.faults import kills, network

FEW_KILLS = 4


@pytest.fixture
def _tiny(sync_folder, monkeypatch):
    """Give the tiny country, and a server of sync that a child can be told of."""
    monkeypatch.setenv("MAILLAGE_PROJECTS_URL", "")


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize("play", [kills.kill_syncs, kills.kill_saves, kills.kill_times])
def test_what_was_there_before_a_kill_is_there_after_and_the_next_run_succeeds(play):
    tally = play(FEW_KILLS, random.Random(7))  # noqa: S311 - of moments
    assert tally.n_kills == FEW_KILLS
    assert tally.wrong == ()


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize("fault", [*network.SERVER[::9], *(f"raw {name}" for name in ("a loop", "headers cut"))])
def test_a_fault_of_a_server_is_named_in_french_and_the_next_address_is_tried(fault):
    with network.quick(), network.server_of_sync() as server:
        wrong, _ = network.play_server(server, fault)
    assert wrong == []


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize(
    "name", ["empty", "cut", "one byte wrong", "a bomb of brackets", "packed twice", "dated 9999-12-31"]
)
def test_a_file_that_is_not_the_one_wanted_is_refused_in_french(name):
    with network.server_of_sync() as server:
        wrong, _ = network.play_file(server, network.files()[name])
    assert wrong == []
