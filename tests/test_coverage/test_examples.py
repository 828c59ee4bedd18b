"""The examples of the docstrings run."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "coverage.territories",
    "coverage.population",
    "coverage.structures",
    "coverage.nearest",
    "coverage.apl_summary",
    "coverage.practitioners",
    "coverage.practitioners_communes",
    "coverage.zones",
    "coverage.small_numbers",
    "coverage.thresholds",
    "coverage.natural_breaks",
    "coverage.ranking",
    "coverage.indicators",
    "coverage.definitions",
    "geo.road_estimate",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0
