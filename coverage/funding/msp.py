"""What a team is paid by the agreement of the MSP: points and euros line by line, total, advance and balance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import pandas as pd

from coverage.funding.rules import CATEGORIES, Category, Line, MspRules, Variable
from coverage.funding.team import MONTHS_A_YEAR, MspTeam, check_team

TermKind = Literal["fixed", "patients", "professionals", "files"]
TABLE_COLUMNS: Final = ("id", "label", "category", "reached", "fixed_points", "variable_points", "points", "value_eur")


@dataclass(frozen=True)
class Term:
    """One product of a line: `rate` points, times `factor`, times `part`.

    Attributes
    ----------
    kind
        What the factor counts: "fixed" (steps), "patients" or "files" (numbers of reference patients), "professionals"
        (heads).
    rate
        Points for a factor of 1.
    factor
        0 or more.
    part
        Part (0-1) that is due: of the full share of files for "files", else 1.
    """

    kind: TermKind
    rate: float
    factor: float
    part: float = 1.0

    @property
    def points(self) -> float:
        """Points that the term brings."""
        return self.rate * self.factor * self.part


@dataclass(frozen=True)
class LineFunding:
    """What one line brings for a full year, when the prerequisites are met.

    Attributes
    ----------
    line
        The rule.
    reached
        Step counted: never more than the line has.
    declared
        Step declared, which may go beyond the cap.
    terms
        What the points are made of.
    value_eur
        Euros for the months of the contract.
    """

    line: Line
    reached: int
    declared: int
    terms: tuple[Term, ...]
    value_eur: float

    @property
    def fixed_points(self) -> float:
        """Fixed points."""
        return sum(term.points for term in self.terms if term.kind == "fixed")

    @property
    def variable_points(self) -> float:
        """Points that depend on patients, professionals or files."""
        return sum(term.points for term in self.terms if term.kind != "fixed")

    @property
    def points(self) -> float:
        """All points."""
        return self.fixed_points + self.variable_points


@dataclass(frozen=True)
class MspFunding:
    """What a team is paid for a year.

    Attributes
    ----------
    rules, team
        As given.
    lines
        One a line of the rules, in their order.
    full_advance_eur
        Euros paid in advance to a team that meets its prerequisites: a share of the full value of the prerequisites and
        socle, and at least the minimum of the rules.
    """

    rules: MspRules
    team: MspTeam
    lines: tuple[LineFunding, ...]
    full_advance_eur: float

    @cached_property
    def missing(self) -> tuple[Line, ...]:
        """Prerequisites that are not met: while there is one, nothing is paid."""
        return tuple(
            funded.line for funded in self.lines if funded.line.category == "prerequisite" and not funded.reached
        )

    @property
    def points(self) -> float:
        """Points of a full year, were the prerequisites met."""
        return sum(funded.points for funded in self.lines)

    @property
    def value_eur(self) -> float:
        """Euros of the months of contract, were the prerequisites met: the sum of the lines."""
        return sum(funded.value_eur for funded in self.lines)

    @property
    def payable_eur(self) -> float:
        """Euros due: `value_eur`, or 0 while a prerequisite is missing."""
        return 0.0 if self.missing else self.value_eur

    @property
    def advance_eur(self) -> float:
        """Euros paid in advance, or 0 while a prerequisite is missing: no source says that one is then paid."""
        return 0.0 if self.missing else self.full_advance_eur

    @property
    def has_least_advance(self) -> bool:
        """Tell whether the advance is the minimum of the rules."""
        return self.advance_eur == self.rules.advance_minimum_eur

    @property
    def balance_eur(self) -> float:
        """Euros due beyond the advance; negative when the advance was larger."""
        return self.payable_eur - self.advance_eur

    def share_of(self, mean_eur: float) -> float:
        """Return what is due for twelve months over a mean paid to others (euros a year): 1 is the mean."""
        return self.payable_eur * MONTHS_A_YEAR / self.team.n_months / mean_eur

    def points_of(self, category: Category) -> float:
        """Return the points of a category."""
        return sum(funded.points for funded in self.lines if funded.line.category == category)

    def value_of(self, category: Category) -> float:
        """Return the euros of a category, were the prerequisites met."""
        return sum(funded.value_eur for funded in self.lines if funded.line.category == category)


def fund_msp(rules: MspRules, team: MspTeam) -> MspFunding:
    """Compute what a team is paid (points, euros a year) under one edition of the rules.

    points of a line = Σ over the steps reached (fixed points + variable points), where the variable points follow the
    patients (q = patients / reference_patients), the professionals or the files discussed; value = points · point_eur ·
    months / 12; due = Σ values, or 0 while a prerequisite is missing; advance = max(advance_share · full value of the
    prerequisites and socle · months / 12, without what depends on a condition of the year; minimum), or 0 while a
    prerequisite is missing: no source says that one is then paid.

    Source: CNAM, guide of the ACI of MSP, October 2022 (avenant 1), as given by `rules`.

    Parameters
    ----------
    rules
        One edition.
    team
        Patients and professionals (heads), steps reached, share of files (0-1), months (1-12).

    Returns
    -------
    MspFunding
        Never negative, but for the balance. Grows with patients, professionals, files and every step.

    Raises
    ------
    FundingInputError
        See `coverage.funding.team.check_team`.
    """
    check_team(rules, team)
    euros = rules.point_eur * team.n_months / MONTHS_A_YEAR
    lines = []
    for line in rules.lines:
        declared = int(team.reached.get(line.id, 0))
        reached = min(declared, len(line.steps))
        terms = _merge(_terms(rules, team, line, reached))
        points = sum(term.points for term in terms)
        lines.append(LineFunding(line, reached, declared, terms, points * euros))
    full = team.with_(conditions=frozenset(), share_files=1.0)
    advance_points = sum(
        term.points
        for line in rules.lines
        if line.category in rules.advance_categories
        for term in _terms(rules, full, line, len(line.steps))
    )
    advance = max(rules.advance_share * advance_points * euros, rules.advance_minimum_eur)
    return MspFunding(rules, team, tuple(lines), advance)


def funding_table(funding: MspFunding) -> pd.DataFrame:
    """Return the lines as a table: one row a line, columns `TABLE_COLUMNS`, points of a full year, euros of the months.

    Parameters
    ----------
    funding
        As `fund_msp` returns it.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, in the order of the rules; `category` is its French name. The values are those of a team whose
        prerequisites are met: what is due is `funding.payable_eur`.
    """
    rows = [
        (
            funded.line.id, funded.line.label, CATEGORIES[funded.line.category], funded.reached, funded.fixed_points,
            funded.variable_points, funded.points, funded.value_eur,
        )
        for funded in funding.lines
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def _terms(rules: MspRules, team: MspTeam, line: Line, reached: int) -> Iterator[Term]:
    for step in line.steps[:reached]:
        if step.fixed_points:
            yield Term("fixed", step.fixed_points, 1)
        if step.variable is not None and (
            step.variable.condition is None or step.variable.condition in team.conditions
        ):
            yield from _variable_terms(rules, team, step.variable)


def _variable_terms(rules: MspRules, team: MspTeam, variable: Variable) -> Iterator[Term]:
    q = team.n_patients / rules.reference_patients
    if variable.kind == "per_patients":
        yield Term("patients", variable.points, q)
    elif variable.kind == "discussed_files":
        yield Term("files", variable.points, q, min(1.0, team.share_files / variable.full_share))
    else:
        by_patient = variable.kind == "patient_bands"
        count = team.coordination_patients if by_patient else team.n_professionals
        unit = rules.reference_patients if by_patient else 1.0
        lowest = 0.0
        for band in variable.bands:
            top = count if band.up_to is None else min(count, band.up_to)
            yield Term("patients" if by_patient else "professionals", band.points, max(0.0, top - lowest) / unit)
            lowest = top if band.up_to is None else float(band.up_to)


def _merge(terms: Iterator[Term]) -> tuple[Term, ...]:
    """Put together the terms of one rate: eight protocols are 100 × 8; those that bring nothing are left out."""
    merged: dict[tuple[TermKind, float, float], float] = {}
    for term in terms:
        key = (term.kind, term.rate, term.part)
        merged[key] = merged.get(key, 0.0) + term.factor
    return tuple(Term(kind, rate, factor, part) for (kind, rate, part), factor in merged.items() if factor * part)
