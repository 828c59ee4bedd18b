"""What one more action would bring to a team, each measured as the difference of two computations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from coverage.funding.msp import MspFunding, fund_msp
from coverage.funding.rules import Line, MspRules
from coverage.funding.team import MOST_PATIENTS, MOST_PROFESSIONALS, MspTeam

GainKind = Literal["step", "files", "prerequisites", "professional", "patients"]
MORE_PATIENTS: Final = 100
"""Patients of the « 100 patients de plus » line: a size that a team can picture."""


@dataclass(frozen=True)
class Gain:
    """What an action would bring.

    Attributes
    ----------
    kind
        "step": one more step of a line. "files": more files discussed, up to the full share. "prerequisites": all those
        that are missing at once. "professional", "patients": the team grows.
    line
        The line that moves; None when no single line does.
    team
        The team once the action is done.
    points
        Points more, for a full year, were the prerequisites met.
    value_eur
        Euros more for the months of contract, were the prerequisites met.
    payable_eur
        Euros more that are due: 0 while a prerequisite is still missing.
    """

    kind: GainKind
    line: Line | None
    team: MspTeam
    points: float
    value_eur: float
    payable_eur: float


def rank_gains(rules: MspRules, team: MspTeam) -> tuple[Gain, ...]:
    """Measure each action that is still to be done, the one that pays most first.

    gain = what `fund_msp` gives with the action - what it gives without.

    Parameters
    ----------
    rules
        One edition.
    team
        The team as it stands.

    Returns
    -------
    tuple of Gain
        By euros due, then by value, then in the order of the rules; none that would bring nothing. One step of each
        line: the next one that brings points.

    Raises
    ------
    FundingInputError
        See `coverage.funding.team.check_team`.
    """
    today = fund_msp(rules, team)
    gains = [_measure(today, *action) for action in _actions(today)]
    return tuple(
        sorted((gain for gain in gains if gain.value_eur > 0), key=lambda gain: (-gain.payable_eur, -gain.value_eur))
    )


def _measure(today: MspFunding, kind: GainKind, line: Line | None, team: MspTeam) -> Gain:
    then = fund_msp(today.rules, team)
    return Gain(
        kind,
        line,
        team,
        points=then.points - today.points,
        value_eur=then.value_eur - today.value_eur,
        payable_eur=then.payable_eur - today.payable_eur,
    )


def _actions(today: MspFunding) -> Iterator[tuple[GainKind, Line | None, MspTeam]]:
    team = today.team
    if len(today.missing) > 1:
        met = {line.id: 1 for line in today.missing}
        yield "prerequisites", None, team.with_(reached={**team.reached, **met})
    for funded in today.lines:
        line, share = funded.line, _full_share(funded.line)
        if funded.reached < len(line.steps):
            raised = team if share is None else team.with_(share_files=max(team.share_files, share))
            steps = range(funded.reached + 1, len(line.steps) + 1)
            # A step may bring nothing by itself (a first trainee): the action is then the next that does.
            yield "step", line, raised.reaching(line.id, next((n for n in steps if _brings(line, n)), steps[-1]))
        elif share is not None and team.share_files < share:
            yield "files", line, team.with_(share_files=share)
    if team.n_professionals < MOST_PROFESSIONALS:
        yield "professional", None, team.with_(n_professionals=team.n_professionals + 1)
    if max(team.n_patients, team.coordination_patients) + MORE_PATIENTS <= MOST_PATIENTS:
        other = team.n_coordination_patients
        yield (
            "patients",
            None,
            team.with_(
                n_patients=team.n_patients + MORE_PATIENTS,
                n_coordination_patients=None if other is None else other + MORE_PATIENTS,
            ),
        )


def _full_share(line: Line) -> float | None:
    """Return the share of files (0-1) that brings all the points of a line; None for a line without files."""
    kinds = [step.variable for step in line.steps if step.variable is not None]
    return next((variable.full_share for variable in kinds if variable.kind == "discussed_files"), None)


def _brings(line: Line, step: int) -> bool:
    rule = line.steps[step - 1]
    return rule.fixed_points > 0 or rule.variable is not None
