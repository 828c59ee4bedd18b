"""What the funding page shows, and how it stands in the address (``f_…``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from coverage.funding import MspRules, MspTeam
from coverage.funding.cpts import MOST_INHABITANTS
from coverage.funding.team import MONTHS_A_YEAR, MOST_PATIENTS, MOST_PROFESSIONALS
from data.funding.rules import FundingRulesError
from pages.app.address import PageAddress, refuse
from pages.screens.funding.data import load_msp_rules

TABS: Final = {"msp": "MSP", "cpts": "CPTS", "zone": "Aides"}
CPTS_SOURCES: Final = {"territoire": "Territoire choisi", "saisie": "Population saisie", "perimetre": "Périmètre connu"}
FIRST_PATIENTS, FIRST_PROFESSIONALS, FIRST_POPULATION = 4000, 10, 60_000
"""An example to start from, where the place chosen gives no number: one reference list and an ordinary team."""
NOTHING: Final = "aucune"
NUMBERS: Final[Mapping[str, tuple[str, int, int]]] = {
    "n_patients": ("f_patients", 0, MOST_PATIENTS),
    "n_professionals": ("f_professionnels", 0, MOST_PROFESSIONALS),
    "n_coordination_patients": ("f_coordination", 0, MOST_PATIENTS),
    "n_months": ("f_mois", 1, MONTHS_A_YEAR),
    "population": ("f_population", 1, MOST_INHABITANTS),
}
"""Whole numbers: name in the address, and bounds."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the page shows.

    Attributes
    ----------
    tab
        "msp", "cpts" or "zone".
    edition
        Edition of the rules of an MSP; None for the one in force.
    n_patients
        Patients of the team; None for those that the place gives to start from.
    reached
        Steps reached by line; None for a team that meets its prerequisites and does nothing more.
    percent_files
        Files discussed in team (% of the patients).
    project_id
        Project of the reader that the team was filled from; None for none.
    source, population, cpts_id
        Where the population of the CPTS comes from, what was typed, which perimeter.
    """

    tab: str = "msp"
    edition: str | None = None
    n_patients: int | None = None
    n_professionals: int = FIRST_PROFESSIONALS
    n_coordination_patients: int | None = None
    percent_files: float = 5.0
    n_months: int = MONTHS_A_YEAR
    conditions: frozenset[str] = frozenset()
    reached: tuple[tuple[str, int], ...] | None = None
    project_id: str | None = None
    source: str = "territoire"
    population: int = FIRST_POPULATION
    cpts_id: str | None = None

    def with_(self, **changes: Any) -> Self:
        """Return the plan with some fields changed."""
        return replace(self, **changes)

    def steps(self, rules: MspRules) -> dict[str, int]:
        """Return the step reached by each line that is not at 0."""
        if self.reached is None:
            return {line.id: 1 for line in rules.lines if line.category == "prerequisite"}
        return dict(self.reached)

    def team(self, rules: MspRules, first_patients: int = FIRST_PATIENTS) -> MspTeam:
        """Return the team of the model; `first_patients` are those that the place gives to start from."""
        return MspTeam(
            n_patients=first_patients if self.n_patients is None else self.n_patients,
            n_professionals=self.n_professionals,
            reached=self.steps(rules),
            share_files=self.percent_files / 100,
            conditions=self.conditions,
            n_coordination_patients=self.n_coordination_patients,
            n_months=self.n_months,
        )

    def of_team(self, rules: MspRules, team: MspTeam, first_patients: int = FIRST_PATIENTS) -> Self:
        """Return the plan with the team of the model in place of its own."""
        other = team.n_coordination_patients
        as_given = self.n_patients is None and team.n_patients == first_patients
        return replace(
            self,
            n_patients=None if as_given else int(team.n_patients),
            n_professionals=int(team.n_professionals),
            n_coordination_patients=None if other is None else int(other),
            percent_files=round(100 * team.share_files, 4),
            conditions=team.conditions,
            n_months=team.n_months,
            reached=_settle(rules, team.reached),
        )

    def reaching(self, rules: MspRules, line_id: str, step: int) -> Self:
        """Return the plan with one line at another step."""
        return replace(self, reached=_settle(rules, {**self.steps(rules), line_id: step}))

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        default = Plan()
        query: dict[str, str] = {}
        for field, (name, _, _) in NUMBERS.items():
            value = getattr(self, field)
            if value != getattr(default, field):
                query[name] = str(value)
        if self.percent_files != default.percent_files:
            query["f_dossiers"] = f"{self.percent_files:g}"
        if self.reached is not None:
            told = (line_id if step == 1 else f"{line_id}-{step}" for line_id, step in self.reached)
            query["f_actions"] = ",".join(told) or NOTHING
        if self.conditions:
            query["f_conditions"] = ",".join(sorted(self.conditions))
        texts = {
            "f_onglet": self.tab,
            "f_edition": self.edition,
            "f_projet": self.project_id,
            "f_source": self.source,
            "f_cpts": self.cpts_id,
        }
        defaults = {"f_onglet": default.tab, "f_source": default.source}
        return query | {name: text for name, text in texts.items() if text and text != defaults.get(name)}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Read an address.

        Returns
        -------
        tuple of Plan and list of str
            The plan, and a French sentence for each parameter that could not be used: it is then at its default.

        Raises
        ------
        data.funding.rules.FundingRulesError
            No edition of the rules can be read at all.
        """
        notices: list[str] = []
        values: dict[str, Any] = {"project_id": query.get("f_projet") or None, "cpts_id": query.get("f_cpts") or None}
        edition = query.get("f_edition") or None
        try:
            rules = load_msp_rules(edition)
        except FundingRulesError as error:
            if edition is None:
                raise
            notices.append(f"{error} L’édition en vigueur est utilisée.")
            edition, rules = None, load_msp_rules()
        values["edition"] = edition
        for field, name, choices in (("tab", "f_onglet", TABS), ("source", "f_source", CPTS_SOURCES)):
            text = query.get(name, "")
            if text in choices:
                values[field] = text
            elif text:
                notices.append(refuse(name, text, ", ".join(choices)))
        _read_numbers(query, values, notices)
        _read_team(query, rules, values, notices)
        return cls(**values), notices


ADDRESS_NAMES: Final = frozenset(
    {
        *(name for name, _, _ in NUMBERS.values()), "f_dossiers", "f_actions", "f_conditions", "f_onglet", "f_edition",
        "f_projet", "f_source", "f_cpts",
    }
)  # fmt: skip
"""Every query parameter that belongs to the page."""

ADDRESS: Final = PageAddress("funding", ADDRESS_NAMES, Plan.from_query, witness="funding_tab")


def change_plan(**changes: Any) -> None:
    """Change some fields of the plan; call it in a widget's callback."""
    ADDRESS.change(current_plan().with_(**changes))


def current_plan() -> Plan:
    """Return the plan of this session, in a widget's callback."""
    import streamlit as st  # noqa: PLC0415 - the state above is tested without a session

    plan: Plan = st.session_state[ADDRESS.key]
    return plan


def _settle(rules: MspRules, reached: Mapping[str, int]) -> tuple[tuple[str, int], ...] | None:
    """Write steps in the order of the rules, zeros left out; None for those that a new plan starts with."""
    settled = tuple((line.id, reached[line.id]) for line in rules.lines if reached.get(line.id))
    first = tuple((line.id, 1) for line in rules.lines if line.category == "prerequisite")
    return None if settled == first else settled


def _read_numbers(query: Mapping[str, str], values: dict[str, Any], notices: list[str]) -> None:
    for field, (name, low, high) in NUMBERS.items():
        text = query.get(name, "")
        if text.isdecimal() and len(text) <= len(str(high)) and low <= int(text) <= high:
            values[field] = int(text)
        elif text:
            notices.append(refuse(name, text, f"un nombre entier de {low} à {high}"))


def _read_team(query: Mapping[str, str], rules: MspRules, values: dict[str, Any], notices: list[str]) -> None:
    text = query.get("f_dossiers", "")
    if text:
        try:
            percent = float(text)
        except ValueError:
            percent = -1.0
        if 0 <= percent <= 100:  # noqa: PLR2004 - percent
            values["percent_files"] = percent
        else:
            notices.append(refuse("f_dossiers", text, "de 0 à 100 (%)"))
    known = {condition.id for condition in rules.conditions}
    asked = frozenset(filter(None, query.get("f_conditions", "").split(",")))
    values["conditions"] = asked & known
    if asked - known:
        notices.append(refuse("f_conditions", ",".join(sorted(asked - known)), ", ".join(sorted(known))))
    actions = query.get("f_actions", "")
    if actions:
        reached: dict[str, int] = {}
        steps = {line.id: len(line.steps) for line in rules.lines}
        for part in () if actions == NOTHING else actions.split(","):
            line_id, _, step = part.partition("-")
            if line_id in steps and (not step or (step.isdecimal() and len(step) <= 3 and int(step) >= 1)):  # noqa: PLR2004 - digits
                reached[line_id] = min(int(step or 1), steps[line_id])
            else:
                notices.append(refuse("f_actions", part, ", ".join(steps)))
        values["reached"] = _settle(rules, reached)
