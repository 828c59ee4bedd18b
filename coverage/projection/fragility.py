"""What the result hangs on: how far arrivals may move before it is nil, and what separates two scenarios."""

from dataclasses import fields

import pandas as pd

from coverage.projection.baseline import Baseline
from coverage.projection.path import project
from coverage.projection.scenario import Scenario


def arrivals_margin(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """Return by how much arrivals must move for what is left to convince to be nil, at the horizon.

    What is left is linear in the level of the arrivals: ``left(level) = without - level × effect``, so that it is nil
    at ``level = 1 + margin`` and twice itself at ``1 - margin``, with ``margin = left / effect``. Two projections give
    it exactly: the scenario, and the scenario without arrivals.

    Returns
    -------
    pandas.DataFrame
        level, territory_code, left_to_convince (GPs), effect (GPs that the arrivals bring), margin (relative;
        negative where there is a surplus; NaN where unknown or where nobody arrives). A margin above 1 says that even
        without arrivals the result does not double.
    """
    left, without = (_left_at_end(baseline, one) for one in (scenario, scenario.with_changes(entries_factor=0.0)))
    effect = without - left
    margin = left / effect.where(effect > 0)
    return pd.DataFrame({"left_to_convince": left, "effect": effect, "margin": margin}).reset_index()


def steps_between(baseline: Baseline, first: Scenario, last: Scenario, level: str, code: str) -> dict[str, float]:
    """Return what each parameter that differs adds to what is left to convince, one after the other.

    In the order of the fields of `Scenario`; the steps sum to the difference of both results (what one step adds
    depends on those before it). Both scenarios have the same horizon.

    Parameters
    ----------
    baseline, first, last
        The start, and the scenarios between which to go.
    level, code
        The territory, as in ``project``.
    """
    reached, steps = first, {}
    for field in fields(Scenario):
        value = getattr(last, field.name)
        if value != getattr(reached, field.name):
            following = reached.with_changes(**{field.name: value})
            before, after = (_left_at_end(baseline, one)[(level, code)] for one in (reached, following))
            steps[field.name] = float(after - before)
            reached = following
    return steps


def _left_at_end(baseline: Baseline, scenario: Scenario) -> "pd.Series[float]":
    yearly = project(baseline, scenario).yearly
    last = yearly[yearly["year"] == yearly["year"].max()]
    return last.set_index(["level", "territory_code"])["left_to_convince"]
