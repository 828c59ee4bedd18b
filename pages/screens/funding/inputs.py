"""The inputs of the funding of an MSP: the team, then one widget a line of the rules, each with its help."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from coverage.funding import CATEGORIES, Category, Line, MspRules
from coverage.funding.team import MONTHS_A_YEAR, MOST_PATIENTS, MOST_PROFESSIONALS
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.session import change_view
from pages.screens.funding.data import load_msp_rules
from pages.screens.funding.state import ADDRESS, Plan, change_plan, current_plan
from pages.widgets.choice import choose_one
from reports.figures.numbers import format_number
from reports.funding.words import tell_step

FEW_STEPS = 4
"""Up to this many steps, all choices are shown side by side; beyond, a slider."""
FILE_STEPS = 10
CATEGORY_HELP: dict[Category, str] = {
    "prerequisite": "Tous obligatoires : tant qu’il en manque un, rien n’est versé.",
    "socle": "Obligatoires, payés selon ce qui est fait ; la valeur pleine fixe l’avance.",
    "optional": "Au choix de l’équipe.",
}


def pick_project(projects: pd.DataFrame, plan: Plan, gazetteer: Gazetteer) -> str:
    """Draw the list of the reader's projects; choosing one fills in its professionals and its commune.

    Returns
    -------
    str
        Name of the project chosen; empty for none.
    """
    if projects.empty:
        return ""
    names = dict(zip(projects["project_id"].astype(str), projects["name"].astype(str), strict=True))
    st.session_state["funding_project"] = plan.project_id if plan.project_id in names else None
    choose_one(
        "Partir d’un de mes projets",
        list(names),
        format_func=names.__getitem__,
        key="funding_project",
        index=None,
        placeholder="Aucun",
        help="Reprend la commune et le nombre de professionnels du projet ; le reste se saisit ici.",
        on_change=_take_project,
        args=(projects, gazetteer),
    )
    return names.get(plan.project_id or "", "")


def _take_project(projects: pd.DataFrame, gazetteer: Gazetteer) -> None:
    chosen = st.session_state["funding_project"]
    if chosen is None:
        change_plan(project_id=None)
        return
    project = projects[projects["project_id"].astype(str) == chosen].iloc[0]
    known = pd.notna(project["n_professionals"])
    count = min(int(project["n_professionals"]), MOST_PROFESSIONALS) if known else current_plan().n_professionals
    change_plan(project_id=chosen, n_professionals=count)
    commune = Territory("commune", str(project["commune_code"]))
    if commune in gazetteer:
        change_view(territoire=commune, selection=commune)


def show_inputs(rules: MspRules, plan: Plan, first_patients: int) -> None:
    """Draw every input; each move changes the plan and the address.

    Parameters
    ----------
    rules, plan
        The lines that are asked about, and what was answered.
    first_patients
        Patients that the place gives to start from.
    """
    with st.container(border=True):
        st.markdown("**L’équipe**")
        _show_team(rules, plan, first_patients)
    for category, label in CATEGORIES.items():
        lines = [line for line in rules.lines if line.category == category]
        with st.container(border=True):
            st.markdown(f"**{label}**", help=CATEGORY_HELP[category])
            for line in lines:
                _show_line(rules, plan, line)
    st.button(
        "Réinitialiser",
        icon=":material/restart_alt:",
        key="funding_reset",
        on_click=lambda: ADDRESS.change(Plan(tab=current_plan().tab)),
        disabled=plan == Plan(tab=plan.tab),
    )


def _show_team(rules: MspRules, plan: Plan, first_patients: int) -> None:
    left, right = st.columns(2)
    with left:
        started = plan.with_(n_patients=first_patients) if plan.n_patients is None else plan
        _number(rules, started, "n_patients", high=MOST_PATIENTS, step=100)
    with right:
        _number(rules, plan, "n_professionals", high=MOST_PROFESSIONALS, step=1)
    words = rules.inputs["n_months"]
    st.session_state["funding_n_months"] = plan.n_months
    st.slider(
        words.label,
        1,
        MONTHS_A_YEAR,
        key="funding_n_months",
        help=words.help,
        on_change=lambda: change_plan(n_months=st.session_state["funding_n_months"]),
    )
    with st.expander("Cas particuliers"):
        _number(rules, plan, "n_coordination_patients", high=MOST_PATIENTS, step=100, placeholder="comme ci-dessus")
        for condition in rules.conditions:
            key = f"funding_condition_{condition.id}"
            st.session_state[key] = condition.id in plan.conditions
            st.checkbox(
                condition.label, key=key, help=condition.help, on_change=_switch_condition, args=(condition.id,)
            )


def _switch_condition(condition_id: str) -> None:
    met = st.session_state[f"funding_condition_{condition_id}"]
    kept = current_plan().conditions - {condition_id}
    change_plan(conditions=kept | {condition_id} if met else kept)


def _number(rules: MspRules, plan: Plan, field: str, *, high: int, step: int, placeholder: str | None = None) -> None:
    """Draw a whole number; an emptied field takes its usual value back."""
    key = f"funding_{field}"
    words = rules.inputs[field]
    st.session_state[key] = getattr(plan, field)
    st.number_input(
        words.label,
        min_value=0,
        max_value=high,
        step=step,
        key=key,
        help=words.help,
        placeholder=placeholder,
        on_change=_take_number,
        args=(field, key),
    )


def _take_number(field: str, key: str) -> None:
    value = st.session_state[key]
    change_plan(**{field: getattr(Plan(), field) if value is None else int(value)})


def _show_line(rules: MspRules, plan: Plan, line: Line) -> None:
    key = f"funding_line_{line.id}"
    reached = min(plan.steps(rules).get(line.id, 0), len(line.steps))
    change = partial(_take_step, line.id, key)
    if line.answer == "yes_no":
        st.session_state[key] = bool(reached)
        st.checkbox(line.label, key=key, help=line.help, on_change=change)
        full_percent = _full_percent(line)
        if reached and full_percent is not None:
            _show_files(rules, plan, full_percent)
        return
    st.session_state[key] = reached
    if len(line.steps) > FEW_STEPS:
        st.slider(line.label, 0, len(line.steps), key=key, help=line.help, on_change=change)
        return
    st.segmented_control(
        line.label,
        range(len(line.steps) + 1),
        format_func=_step_names(line).__getitem__,
        key=key,
        help=line.help,
        on_change=change,
        required=True,
    )


def _step_names(line: Line) -> Sequence[str]:
    if line.answer == "count":
        return [str(step) for step in range(len(line.steps) + 1)]
    names = [tell_step(step.label, rank) for rank, step in enumerate(line.steps, start=1)]
    return ["Non", *(f"{name[0].upper()}{name[1:]}" for name in names)]


def _full_percent(line: Line) -> float | None:
    """Return the share of files (%) that brings all the points of a line; None for a line without files."""
    variables = [step.variable for step in line.steps if step.variable is not None]
    return next((100 * each.full_share for each in variables if each.kind == "discussed_files"), None)


def _show_files(rules: MspRules, plan: Plan, full_percent: float) -> None:
    words = rules.inputs["share_files"]
    st.session_state["funding_files"] = plan.percent_files
    # A value of the address may lie between two steps, or beyond the last: it must not be moved by the mere drawing.
    steps = {round(full_percent * rank / FILE_STEPS, 4) for rank in range(FILE_STEPS + 1)}
    st.select_slider(
        words.label,
        sorted(steps | {plan.percent_files}),
        format_func=lambda percent: format_number(percent, 0 if percent == int(percent) else 1, "%"),
        key="funding_files",
        help=words.help,
        on_change=_take_files,
    )


def _take_files() -> None:
    value = st.session_state["funding_files"]
    change_plan(percent_files=Plan().percent_files if value is None else float(value))


def _take_step(line_id: str, key: str) -> None:
    rules = load_msp_rules(current_plan().edition)
    step = st.session_state[key]
    ADDRESS.change(current_plan().reaching(rules, line_id, int(step or 0)))
