"""One edition of the rules that pay an MSP: lines, steps and named formulas, as read from a dated file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

Category = Literal["prerequisite", "socle", "optional"]
Answer = Literal["yes_no", "level", "count"]
VariableKind = Literal["per_patients", "patient_bands", "professional_bands", "discussed_files"]

CATEGORIES: Final[Mapping[Category, str]] = MappingProxyType(
    {"prerequisite": "Prérequis", "socle": "Socle", "optional": "Options"}
)
"""French name of each category, in the order of the screens."""


@dataclass(frozen=True)
class Statement:
    """A sentence to be shown with the result: French text, and how sure it is ("P", "S" or "?")."""

    text: str
    certainty: str


@dataclass(frozen=True)
class Edition:
    """What tells an edition: its name, the document it was read in, its source and what to beware of; texts in French.

    Attributes
    ----------
    document_date
        Year or month of the document ("2022-10"); the day from which the rules apply was read nowhere.
    valid_to
        Last day, None when it is not known.
    certainty
        "P" read in the primary document, "S" in a secondary source.
    """

    edition: str
    label: str
    document_date: str
    valid_to: dt.date | None
    source: str
    source_page: str
    certainty: str
    warning: str
    assumptions: tuple[Statement, ...]


@dataclass(frozen=True)
class NotCounted:
    """The lines of the agreement that an edition leaves out: what they are, and about how much they weigh."""

    text: str
    points: float
    value_eur: float
    certainty: str


@dataclass(frozen=True)
class Band:
    """A band of patients or professionals: points by head (or by reference number of patients) up to a bound."""

    points: float
    up_to: float | None


@dataclass(frozen=True)
class Variable:
    """Points that depend on the team.

    Attributes
    ----------
    kind
        "per_patients": points · patients / reference_patients. "patient_bands": the same, band by band.
        "professional_bands": points · professionals, band by band. "discussed_files": points · patients /
        reference_patients · min(1, share of files discussed / full_share).
    condition
        Id of the condition without which nothing is due; None for none.
    """

    kind: VariableKind
    points: float
    bands: tuple[Band, ...]
    full_share: float
    condition: str | None


@dataclass(frozen=True)
class Step:
    """One step of a line: what reaching it adds."""

    label: str
    fixed_points: float
    variable: Variable | None


@dataclass(frozen=True)
class Line:
    """One indicator of the agreement; steps add up, so that the number of steps is a cap."""

    id: str
    label: str
    category: Category
    answer: Answer
    help: str
    noun: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Wording:
    """French label and help of an input."""

    label: str
    help: str


@dataclass(frozen=True)
class Condition:
    """Something that the year brings or not, and that a variable part may depend on."""

    id: str
    label: str
    help: str


@dataclass(frozen=True)
class MspRules(Edition):
    """One edition of the rules of an MSP.

    Attributes
    ----------
    point_eur
        Value of a point (euros).
    reference_patients
        Number of patients for which the points by patient are given.
    advance_share
        Part (0-1) of the full value of `advance_categories` that is paid in advance.
    advance_minimum_eur
        Least advance (euros).
    not_counted
        Lines of the agreement that are not among `lines`.
    inputs
        Words of the inputs that are no line.
    """

    point_eur: float
    reference_patients: float
    advance_share: float
    advance_minimum_eur: float
    advance_categories: frozenset[Category]
    advance_source: str
    advance_certainty: str
    not_counted: NotCounted
    inputs: Mapping[str, Wording]
    conditions: tuple[Condition, ...]
    lines: tuple[Line, ...]

    def line(self, line_id: str) -> Line:
        """Return a line by its id; KeyError when the edition has none of that name."""
        return next((line for line in self.lines if line.id == line_id), None) or _unknown(line_id)


def _unknown(line_id: str) -> Line:
    raise KeyError(line_id)


def read_edition(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `Edition` from a document of rules already checked."""
    texts = ("edition", "label", "document_date", "source", "source_page", "certainty", "warning")
    return {name: document[name] for name in texts} | {
        "valid_to": document.get("valid_to"),
        "assumptions": tuple(Statement(entry["text"], entry["certainty"]) for entry in document["assumption"]),
    }


def read_msp_rules(document: Mapping[str, Any]) -> MspRules:
    """Build the rules of an MSP from a document already checked, laid out as the files of rules are.

    Parameters
    ----------
    document
        Edition, `point_eur` (euros), `reference_patients`, `advance`, `not_counted`, `inputs`, `condition` and `line`.

    Returns
    -------
    MspRules
        Repeated steps are written out: a line has as many steps as can be reached.
    """
    advance = document["advance"]
    return MspRules(
        **read_edition(document),
        point_eur=float(document["point_eur"]),
        reference_patients=float(document["reference_patients"]),
        advance_share=float(advance["share"]),
        advance_minimum_eur=float(advance["minimum_eur"]),
        advance_categories=frozenset(advance["categories"]),
        advance_source=advance["source"],
        advance_certainty=advance["certainty"],
        not_counted=NotCounted(**document["not_counted"]),
        inputs=MappingProxyType(
            {name: Wording(words["label"], words["help"]) for name, words in document["inputs"].items()}
        ),
        conditions=tuple(
            Condition(entry["id"], entry["label"], entry["help"]) for entry in document.get("condition", [])
        ),
        lines=tuple(_read_line(entry) for entry in document["line"]),
    )


def _read_line(entry: Mapping[str, Any]) -> Line:
    steps = tuple(
        Step(step.get("label", ""), float(step.get("fixed_points", 0)), _read_variable(step.get("variable")))
        for step in entry["steps"]
        for _ in range(step.get("repeat", 1))
    )
    return Line(
        id=entry["id"],
        label=entry["label"],
        category=entry["category"],
        answer=entry["answer"],
        help=entry["help"],
        noun=entry.get("noun", ""),
        steps=steps,
    )


def _read_variable(entry: Mapping[str, Any] | None) -> Variable | None:
    if entry is None:
        return None
    return Variable(
        kind=entry["kind"],
        points=float(entry.get("points", 0)),
        bands=tuple(Band(float(band["points"]), band.get("up_to")) for band in entry.get("bands", [])),
        full_share=float(entry.get("full_share", 1)),
        condition=entry.get("condition"),
    )
