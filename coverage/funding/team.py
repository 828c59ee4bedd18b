"""The team that asks what it would be paid: its patients, its professionals, and what it has done in the year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from coverage.funding.errors import FundingInputError
from coverage.funding.rules import MspRules

MONTHS_A_YEAR: Final = 12
MOST_PATIENTS: Final = 200_000
MOST_PROFESSIONALS: Final = 500
"""No MSP comes near: beyond, a figure was mistyped."""
MANY_PATIENTS_A_PROFESSIONAL: Final = 3_000
"""Three times the mean list of a médecin traitant, for every professional of the team: worth a question."""


@dataclass(frozen=True)
class MspTeam:
    """What a team declares for one year.

    Attributes
    ----------
    n_patients
        Patients whose médecin traitant is an associate of the structure.
    n_professionals
        Associated health professionals, all professions.
    reached
        Id of a line → step reached: 1 or 0 for a yes or no, a level, a count. A line that is not named is at 0.
    share_files
        Files discussed in team / patients (0-1).
    conditions
        Ids of the conditions that the year has met.
    n_coordination_patients
        Patients that pay the coordination; None for `n_patients`.
    n_months
        Months of contract in the year, 1 to 12.
    """

    n_patients: float
    n_professionals: float
    reached: Mapping[str, int] = field(default_factory=dict)
    share_files: float = 0.0
    conditions: frozenset[str] = frozenset()
    n_coordination_patients: float | None = None
    n_months: int = MONTHS_A_YEAR

    @property
    def coordination_patients(self) -> float:
        """Patients that pay the coordination."""
        return self.n_patients if self.n_coordination_patients is None else self.n_coordination_patients

    def with_(self, **changes: Any) -> Self:
        """Return the team with some fields changed."""
        return replace(self, **changes)

    def reaching(self, line_id: str, step: int) -> Self:
        """Return the team with a line at another step."""
        return replace(self, reached={**self.reached, line_id: step})


def check_team(rules: MspRules, team: MspTeam) -> None:
    """Refuse a team whose numbers have no meaning.

    Raises
    ------
    FundingInputError
        A number is negative, unknown or beyond any structure; a share is out of 0-1; the months are not 1 to 12; a line
        or a condition is not of this edition. The French sentence names the field, what was expected and found.
    """
    bounded = {
        "n_patients": (team.n_patients, MOST_PATIENTS),
        "n_coordination_patients": (team.coordination_patients, MOST_PATIENTS),
        "n_professionals": (team.n_professionals, MOST_PROFESSIONALS),
    }
    for name, (number, most) in bounded.items():
        if not (math.isfinite(number) and 0 <= number <= most):
            raise FundingInputError(f"{rules.inputs[name].label} : attendu de 0 à {_print(most)}, trouvé {number:g}.")
    if not (math.isfinite(team.share_files) and 0 <= team.share_files <= 1):
        label = rules.inputs["share_files"].label
        raise FundingInputError(f"{label} : attendu de 0 à 100 %, trouvé {100 * team.share_files:g} %.")
    if team.n_months != int(team.n_months) or not 1 <= team.n_months <= MONTHS_A_YEAR:
        label = rules.inputs["n_months"].label
        raise FundingInputError(f"{label} : attendu de 1 à {MONTHS_A_YEAR}, trouvé {team.n_months:g}.")
    known = {line.id: line for line in rules.lines}
    for line_id, step in team.reached.items():
        if line_id not in known:
            raise FundingInputError(
                f"Ligne : attendu une ligne de {rules.label} ({', '.join(known)}), trouvé « {line_id} »."
            )
        if step != int(step) or step < 0:
            raise FundingInputError(f"{known[line_id].label} : attendu un nombre entier positif, trouvé {step:g}.")
    unknown = team.conditions - {condition.id for condition in rules.conditions}
    if unknown:
        raise FundingInputError(f"Condition : inconnue dans {rules.label} : {', '.join(sorted(unknown))}.")


def find_doubts(team: MspTeam, population: float | None = None, place: str = "") -> list[str]:
    """Say what is possible but surprising, one French sentence each; nothing is refused.

    Parameters
    ----------
    team
        A team that `check_team` accepts.
    population
        Inhabitants of the territory that the team serves; None or NaN when it is not known.
    place
        Name of that territory, as the sentence should say it.
    """
    doubts: list[str] = []
    if population is not None and not math.isnan(population) and team.n_patients > population:
        doubts.append(
            f"{_print(team.n_patients)} patients pour {_print(population)} habitants{f' ({place})' if place else ''} : "
            "plus que la population. Vérifiez le nombre, ou choisissez tout le bassin d’où viennent les patients."
        )
    if team.n_professionals and team.n_patients > MANY_PATIENTS_A_PROFESSIONAL * team.n_professionals:
        doubts.append(
            f"Plus de {_print(MANY_PATIENTS_A_PROFESSIONAL)} patients par professionnel : vérifiez les deux nombres."
        )
    if not team.n_patients:
        doubts.append("Sans patient médecin traitant, seuls les points fixes et par professionnel sont comptés.")
    if not team.n_professionals:
        doubts.append("Aucun professionnel associé : une MSP compte au moins deux médecins et un paramédical.")
    return doubts


def _print(number: float) -> str:
    return f"{number:,.0f}".replace(",", "\u202f")
