"""Ten years ahead: GPs who leave, who arrive, what the population will need, and what is left to convince.

Measured: GPs of each department (CNAM), populations (INSEE), activity within and beyond 65 (APL). Estimated: exits by
age and entries, by following the cohorts of all doctors in the RPPS. Assumed: what ``assumptions.toml`` says so of.
"""

from coverage.projection.assumptions import Assumption, assumed, assumptions
from coverage.projection.baseline import Baseline, build_baseline, national_baseline
from coverage.projection.checks import drees_path, published_gaps
from coverage.projection.draws import NO_UNCERTAINTY, Uncertainty
from coverage.projection.monte_carlo import project_band
from coverage.projection.path import MEASURES, Projection, assumption_table, project
from coverage.projection.scenario import BOUNDS, LABELS, PRESET_LABELS, PRESETS, Scenario, ScenarioError

__all__ = [
    "BOUNDS",
    "LABELS",
    "MEASURES",
    "NO_UNCERTAINTY",
    "PRESETS",
    "PRESET_LABELS",
    "Assumption",
    "Baseline",
    "Projection",
    "Scenario",
    "ScenarioError",
    "Uncertainty",
    "assumed",
    "assumption_table",
    "assumptions",
    "build_baseline",
    "drees_path",
    "national_baseline",
    "project",
    "project_band",
    "published_gaps",
]
