"""Ten years ahead: GPs who leave, who arrive, what the population will need, and what is left to convince.

Measured: GPs of each department (CNAM), populations (INSEE), activity within and beyond 65 (APL). Estimated: exits by
age, by following the cohorts of all doctors in the RPPS; entries, by the same cohorts brought to the level of GPs.
Assumed: what ``assumptions.toml`` says so of.
"""

from coverage.projection.assumptions import Assumption, assumed, assumptions
from coverage.projection.backtest import BackTest, run_backtest, widened
from coverage.projection.baseline import Baseline, build_baseline, gp_growth
from coverage.projection.checks import drees_levels, drees_path, published_gaps, published_path
from coverage.projection.draws import NO_UNCERTAINTY, Uncertainty
from coverage.projection.fragility import arrivals_margin, steps_between
from coverage.projection.levers import LEVERS
from coverage.projection.monte_carlo import project_band
from coverage.projection.path import EXTRA_NEEDS, MEASURES, Projection, assumption_table, project
from coverage.projection.scenario import (
    PRESET_LABELS,
    PRESET_SETTINGS,
    PRESETS,
    Scenario,
    ScenarioError,
)

__all__ = [
    "EXTRA_NEEDS",
    "LEVERS",
    "MEASURES",
    "NO_UNCERTAINTY",
    "PRESETS",
    "PRESET_LABELS",
    "PRESET_SETTINGS",
    "Assumption",
    "BackTest",
    "Baseline",
    "Projection",
    "Scenario",
    "ScenarioError",
    "Uncertainty",
    "arrivals_margin",
    "assumed",
    "assumption_table",
    "assumptions",
    "build_baseline",
    "drees_levels",
    "drees_path",
    "gp_growth",
    "project",
    "project_band",
    "published_gaps",
    "published_path",
    "run_backtest",
    "steps_between",
    "widened",
]
