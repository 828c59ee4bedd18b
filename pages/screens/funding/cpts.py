"""The funding of a CPTS: a population, its size, and the range that is published, with what it depends on."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from coverage.funding import CptsFunding, CptsRules, FundingInputError, fund_cpts
from coverage.funding.cpts import MOST_INHABITANTS
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.notices import show_fault
from pages.app.plain_text import plain
from pages.screens.cpts.words import say_parts
from pages.screens.funding.data import Perimeter, load_cpts_rules, load_perimeters, population_of
from pages.screens.funding.state import CPTS_SOURCES, Plan, change_plan
from pages.widgets.choice import choose_one
from pages.widgets.exports.studio import today
from pages.widgets.exports.table import offer_table
from reports.figures.numbers import NO_BREAK_SPACE, UNKNOWN, format_number
from reports.funding.words import (
    CERTAINTIES,
    SUPPOSED,
    cpts_assumptions,
    format_euros,
    sizes_to_export,
    tell_edition,
    tell_range,
    tell_reading,
)


def show_cpts(gazetteer: Gazetteer, territory: Territory, plan: Plan) -> None:
    """Draw the tab of the CPTS."""
    rules = load_cpts_rules()
    perimeters = load_perimeters()
    left, right = st.columns([4, 7], gap="medium")
    with left, st.container(border=True):
        st.markdown("**Population du périmètre**")
        population, place = _pick_population(gazetteer, territory, plan, perimeters)
    with right:
        funding = _show_answer(rules, population, place)
        st.markdown("**Les quatre tailles**")
        _show_sizes(rules, None if funding is None else funding.size.size)
        st.caption(
            f"{rules.warning} Source : {rules.source} ({CERTAINTIES[rules.certainty]}). {tell_edition(rules)}. "
            + " ".join(statement.text for statement in rules.assumptions)
        )
        offer_table(
            sizes_to_export(rules),
            cpts_assumptions(rules, funding, place=place or UNKNOWN, printed_on=today()),
            title=f"Financement d’une CPTS{f' : {place}' if place else ''}",
            name="maillage_financement_cpts",
        )


def _show_answer(rules: CptsRules, population: float, place: str) -> CptsFunding | None:
    """Draw the size and the amount; None when the population is unknown or has no meaning."""
    if math.isnan(population):
        st.info(
            f"La population de {place} est inconnue (n.d.)."
            if place
            else "Choisissez un territoire en haut de page (une intercommunalité) ou saisissez une population.",
            icon=":material/info:",
        )
        return None
    try:
        funding = fund_cpts(rules, population)
    except FundingInputError as error:
        show_fault(error)
        return None
    _show_size(rules, funding, place)
    return funding


def _pick_population(
    gazetteer: Gazetteer, territory: Territory, plan: Plan, perimeters: dict[str, Perimeter]
) -> tuple[float, str]:
    """Draw the inputs; return the population (NaN: unknown) and the name of what it is that of, empty for nothing."""
    facts = load_facts()
    sources = [name for name in CPTS_SOURCES if name != "perimetre" or perimeters]
    source = plan.source if plan.source in sources else "territoire"
    st.session_state["funding_source"] = source
    st.radio(
        "D’où vient la population ?",
        sources,
        format_func=CPTS_SOURCES.__getitem__,
        key="funding_source",
        on_change=lambda: change_plan(source=st.session_state["funding_source"]),
    )
    if not perimeters:
        st.caption(
            "Aucun périmètre de CPTS n’est à portée de main : apportez une liste de communes à la page CPTS, ou une "
            "mise à jour."
        )
    if source == "saisie":
        st.session_state["funding_population"] = plan.population
        st.number_input(
            "Habitants",
            min_value=1,
            max_value=MOST_INHABITANTS,
            step=1000,
            key="funding_population",
            on_change=_take_population,
        )
        return float(plan.population), "population saisie"
    if source == "perimetre":
        return _pick_perimeter(plan, perimeters)
    if territory == FRANCE:
        return (
            math.nan,
            "Choisissez un territoire en haut de page, une intercommunalité par exemple, ou saisissez.",
        )
    name = gazetteer.label(territory)
    st.markdown(
        f"{name} : **{format_number(population_of(gazetteer, territory))}** habitants ({facts.cite('population')})"
    )
    if territory.level in {"region", "departement"}:
        st.caption("Une CPTS couvre rarement un département entier : choisissez plutôt une intercommunalité.")
    return population_of(gazetteer, territory), name


def _take_population() -> None:
    value = st.session_state["funding_population"]
    if value is not None:
        change_plan(population=int(value))


def _pick_perimeter(plan: Plan, perimeters: dict[str, Perimeter]) -> tuple[float, str]:
    chosen = plan.cpts_id if plan.cpts_id in perimeters else next(iter(perimeters))
    st.session_state["funding_cpts_id"] = chosen
    choose_one(
        "CPTS",
        list(perimeters),
        format_func=lambda cpts_id: perimeters[cpts_id].name,
        key="funding_cpts_id",
        on_change=lambda: change_plan(cpts_id=st.session_state["funding_cpts_id"]),
    )
    perimeter = perimeters[chosen]
    population = format_number(perimeter.population)
    st.markdown(f"Communes : {perimeter.n_communes}. Habitants : **{population}** ({load_facts().cite('population')}).")
    st.caption(f"Périmètre : {plain(perimeter.citation)}.")
    for sentence in say_parts(perimeter.origin, chosen):
        st.caption(plain(sentence))
    return perimeter.population, perimeter.name


def _show_size(rules: CptsRules, funding: CptsFunding, place: str) -> None:
    size, amount, missing = st.columns([2, 5, 4])
    size.metric("Taille", str(funding.size.size), help=place)
    told = f"La même pour toutes les tailles. {rules.source}."
    amount.metric("Fourchette publiée, par an", tell_range(rules), help=told)
    if funding.to_next is not None:
        missing.metric("Habitants de plus pour la taille suivante", format_number(funding.to_next))
    most = funding.size.most_2019_eur
    past = "" if most is None else f" Maximum de 2019 pour cette taille : {format_euros(most)} (source secondaire)."
    st.markdown(f"Pouvant aller {tell_range(rules)} par an, **{rules.condition}**.{past}")
    st.caption(tell_reading(rules))


def _show_sizes(rules: CptsRules, shown: int | None) -> None:
    lowest, rows = 0.0, []
    for size in rules.sizes:
        top, most, supposed = size.under_population, size.most_2019_eur, size.supposed_eur
        rows.append(
            {
                "Taille": f"{size.size}{f'{NO_BREAK_SPACE}◂ ce périmètre' if size.size == shown else ''}",
                "Habitants": f"{format_number(lowest)} ou plus"
                if top is None
                else f"moins de {format_number(top)}"
                if lowest == 0
                else f"de {format_number(lowest)} à moins de {format_number(top)}",
                "Maximum de 2019": UNKNOWN if most is None else format_euros(most),
                f"Lecture de Maillage ({SUPPOSED})": "" if supposed is None else format_euros(supposed),
            }
        )
        lowest = top or lowest
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Tailles et montants des CPTS", key="funding_sizes")
