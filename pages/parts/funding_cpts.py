"""The funding of a CPTS: a population, its size, and the amount or the range that is published for it."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from coverage.funding import CptsFunding, FundingInputError, fund_cpts
from coverage.funding.cpts import MOST_INHABITANTS
from coverage.gazetteer import FRANCE, Gazetteer, Territory
from pages.parts.downloads import offer_table
from pages.parts.exports_studio import today
from pages.parts.funding_data import Perimeter, load_cpts_rules, load_perimeters, population_of
from pages.parts.funding_state import CPTS_SOURCES, Plan, change_plan
from pages.parts.numbers import NO_BREAK_SPACE, format_number
from reports.funding_words import CERTAINTIES, cpts_assumptions, format_euros, sizes_to_export, tell_edition


def show_cpts(gazetteer: Gazetteer, territory: Territory, plan: Plan) -> None:
    """Draw the tab of the CPTS."""
    rules = load_cpts_rules()
    perimeters = load_perimeters()
    left, right = st.columns([4, 7], gap="medium")
    with left, st.container(border=True):
        st.markdown("**Population du périmètre**")
        population, place = _pick_population(gazetteer, territory, plan, perimeters)
    with right:
        if math.isnan(population):
            st.info(place, icon=":material/info:")
        else:
            try:
                _show_size(fund_cpts(rules, population), place)
            except FundingInputError as error:
                st.error(str(error), icon=":material/error:")
        st.markdown("**Les quatre tailles**")
        _show_sizes(None if math.isnan(population) else fund_cpts(rules, population).size.size)
        st.caption(
            f"{rules.warning} Source : {rules.source} ({CERTAINTIES[rules.certainty]}). {tell_edition(rules)}. "
            + " ".join(statement.text for statement in rules.assumptions)
        )
        told = "n.d." if math.isnan(population) else format_number(population, 0, "habitants")
        offer_table(
            sizes_to_export(rules),
            cpts_assumptions(rules, place=place, population=told, printed_on=today()),
            title=f"Financement d’une CPTS : {place}",
            name="maillage_financement_cpts",
        )


def _pick_population(
    gazetteer: Gazetteer, territory: Territory, plan: Plan, perimeters: dict[str, Perimeter]
) -> tuple[float, str]:
    """Draw the inputs; return the population (NaN: unknown) and what it is that of, or what is missing."""
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
            "Les périmètres des CPTS ne sont pas dans vos données : apportez une liste de communes à la page CPTS, ou "
            "synchronisez-la si une source est proposée."
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
    st.markdown(f"{name} : **{format_number(population_of(gazetteer, territory))}** habitants (INSEE, 2023)")
    return population_of(gazetteer, territory), name


def _take_population() -> None:
    value = st.session_state["funding_population"]
    if value is not None:
        change_plan(population=int(value))


def _pick_perimeter(plan: Plan, perimeters: dict[str, Perimeter]) -> tuple[float, str]:
    chosen = plan.cpts_id if plan.cpts_id in perimeters else next(iter(perimeters))
    st.session_state["funding_cpts_id"] = chosen
    st.selectbox(
        "CPTS",
        list(perimeters),
        format_func=lambda cpts_id: perimeters[cpts_id].name,
        key="funding_cpts_id",
        on_change=lambda: change_plan(cpts_id=st.session_state["funding_cpts_id"]),
    )
    perimeter = perimeters[chosen]
    st.markdown(f"{perimeter.n_communes} communes, **{format_number(perimeter.population)}** habitants (INSEE, 2023)")
    if perimeter.n_unknown:
        st.warning(
            f"{perimeter.n_unknown} communes de la liste sont inconnues aujourd’hui : elles ne sont pas comptées.",
            icon=":material/info:",
        )
    if math.isnan(perimeter.population):
        return math.nan, f"La population de {perimeter.name} est inconnue."
    return perimeter.population, perimeter.name


def _show_size(funding: CptsFunding, place: str) -> None:
    size, amount, missing = st.columns([2, 5, 4])
    size.metric("Taille", str(funding.size.size), help=place)
    if funding.is_published:
        amount.metric("Montant par an", format_euros(funding.low_eur))
    else:
        amount.metric(
            "Montant par an",
            f"entre {format_euros(funding.low_eur)} et {format_euros(funding.high_eur)}",
            help="Le montant de cette taille n’est pas publié dans nos sources : il est entre les deux qui le sont.",
        )
    if funding.to_next is not None:
        missing.metric("Pour la taille suivante", format_number(funding.to_next, 0, "habitants de plus"))


def _show_sizes(shown: int | None) -> None:
    rules = load_cpts_rules()
    lowest, rows = 0.0, []
    table = sizes_to_export(rules)
    for size, reading in zip(rules.sizes, table["Lecture"], strict=True):
        top = size.under_population
        rows.append(
            {
                "Taille": f"{size.size}{f'{NO_BREAK_SPACE}◂ ce périmètre' if size.size == shown else ''}",
                "Habitants": f"{format_number(lowest)} ou plus"
                if top is None
                else f"moins de {format_number(top)}"
                if lowest == 0
                else f"de {format_number(lowest)} à moins de {format_number(top)}",
                "Montant par an": reading if size.amount_eur is None else format_euros(size.amount_eur),
            }
        )
        lowest = top or lowest
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Tailles et montants des CPTS", key="funding_sizes")
