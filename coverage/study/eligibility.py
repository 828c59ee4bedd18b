"""What a team still has to bring together for an MSP: the check list, dated, each condition with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coverage.errors import CoverageError
from geo.documents import parameters_of, read_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

RULES_FILE: Final = Path(__file__).with_name("eligibility.toml")
STATUS_WORDS: Final = {"primaire": "lu dans le texte", "secondaire": "source secondaire, à vérifier"}
"""How well the source of a condition is known, as the reader is told."""


class UnknownConditionError(CoverageError, ValueError):
    """A tick is about no condition of the list, or about one that is counted and not ticked."""


@dataclass(frozen=True)
class Condition:
    """One condition of the list.

    Attributes
    ----------
    id, label
        Name in an address, and sentence for the reader.
    source, status
        Where it stands; a key of `STATUS_WORDS`.
    counted
        "n_gp" or "n_paramedical" for what the size of the team answers; "" for what is ticked.
    """

    id: str
    label: str
    source: str
    status: str
    counted: str = ""

    @property
    def cited(self) -> str:
        """The source, and how well it is known."""
        return f"{self.source} ({STATUS_WORDS[self.status]})"


@dataclass(frozen=True)
class Step:
    """Conditions that go together, in the order of a project."""

    id: str
    title: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class CheckList:
    """The steps, their edition, and the numbers that a team is held against."""

    edition: str
    note: str
    thresholds: Mapping[str, int]
    steps: tuple[Step, ...]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition in order."""
        return tuple(condition for step in self.steps for condition in step.conditions)

    @property
    def ticked_ids(self) -> tuple[str, ...]:
        """Ids of the conditions that are ticked by hand."""
        return tuple(condition.id for condition in self.conditions if not condition.counted)


@dataclass(frozen=True)
class Team:
    """A team as it is.

    Attributes
    ----------
    n_gp, n_paramedical
        GPs and paramedical professionals ready to practise together, persons; those already in place included.
    ticked
        Ids of the other conditions that are met.
    """

    n_gp: int = 0
    n_paramedical: int = 0
    ticked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """A condition and whether it is met."""

    condition: Condition
    is_met: bool


@cache
def read_check_list() -> CheckList:
    """Read the dated rules.

    Raises
    ------
    DocumentError
        The file is damaged.
    """
    document = read_toml(RULES_FILE)
    with parameters_of(RULES_FILE):
        steps = tuple(
            Step(step["id"], step["title"], tuple(Condition(**condition) for condition in step["condition"]))
            for step in document["step"]
        )
        return CheckList(document["edition"], document["note"], document["thresholds"], steps)


def check(team: Team) -> tuple[Answer, ...]:
    """Say of each condition whether a team meets it.

    Parameters
    ----------
    team
        The team as it is.

    Returns
    -------
    tuple of Answer
        In the order of the list.

    Raises
    ------
    UnknownConditionError
        A tick names nothing that can be ticked.

    Examples
    --------
    >>> answers = check(Team(n_gp=2, ticked=frozenset({"projet_ecrit"})))
    >>> [answer.condition.id for answer in answers if answer.is_met]
    ['medecins', 'projet_ecrit']
    """
    rules = read_check_list()
    if strange := sorted(team.ticked - set(rules.ticked_ids)):
        raise UnknownConditionError(
            f"Conditions : attendu {', '.join(rules.ticked_ids)}, trouvé {', '.join(strange[:5])}."
        )
    persons = {"n_gp": team.n_gp, "n_paramedical": team.n_paramedical}
    return tuple(Answer(condition, _is_met(condition, rules, persons, team.ticked)) for condition in rules.conditions)


def _is_met(condition: Condition, rules: CheckList, persons: Mapping[str, int], ticked: Collection[str]) -> bool:
    if condition.counted:
        return persons[condition.counted] >= rules.thresholds[condition.counted]
    return condition.id in ticked
