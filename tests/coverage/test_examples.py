"""The examples of the docstrings run."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "coverage.territories.aggregation",
    "coverage.indicators.population",
    "coverage.indicators.structures",
    "coverage.simulator.supply_estimate",
    "coverage.indicators.nearest",
    "coverage.indicators.apl_summary",
    "coverage.indicators.practitioners",
    "coverage.indicators.practitioners_communes",
    "coverage.indicators.zones",
    "coverage.indicators.shortfall",
    "coverage.indicators.small_numbers",
    "coverage.indicators.thresholds",
    "coverage.indicators.natural_breaks",
    "coverage.indicators.criteria",
    "coverage.indicators.ranking",
    "coverage.indicators.commune_facts",
    "coverage.indicators.compute",
    "coverage.indicators.cards",
    "coverage.indicators.cards.shortfall",
    "geo.travel_time.road_estimate",
    "tests.reference.apl",
    "tests.reference.indicators",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0
