"""Both ends of the answer beside each other, never their mean, and what separates the trend from what was announced."""

from typing import Final

import streamlit as st

from coverage.projection import assumptions
from coverage.terms.horizons import DEFAULT_HORIZON
from coverage.territories.gazetteer import Territory
from pages.app.projection import look_ahead, steps_to_preset
from pages.screens.projection.state import Levers
from reports.figures.numbers import format_signed
from reports.projection.words import enumerate_french, format_gap, format_gps

ANNOUNCED_FOR: Final = Territory("region", "76")
"""Where an authority announced a figure to hold against the trend."""
STEP_WORDS: Final = {
    "stock_factor": "compter les médecins comme l’ARS (14 % de plus)",
    "arrivals_of": "prolonger les arrivées de tous les médecins",
    "population_variant": "prendre la variante haute de population",
}


def show_ends(territory: Territory, horizon_years: int) -> None:
    """Draw what is left to convince if today's arrivals go on, and if larger cohorts arrive, in a small table.

    Parameters
    ----------
    territory
        One that the model projects.
    horizon_years
        Years projected.
    """
    trend, larger = (
        look_ahead(Levers.of_preset(name).scenario(horizon_years, territory), territory)
        for name in ("tendance", "drees")
    )
    rows = [
        ("Les arrivées d’aujourd’hui continuent (tendance, estimé)", trend),
        ("Promotions plus nombreuses à partir de 2028 (proche de la DREES, estimé)", larger),
    ]
    lines = [
        f"| {label} | {format_gps(outlook.end['need_to_find'])} | **{format_gap(outlook.end['left_to_convince'])}** |"
        for label, outlook in rows
    ]
    announced = territory == ANNOUNCED_FOR and horizon_years == DEFAULT_HORIZON
    if announced:
        need, left = (assumptions()[f"published_ars_occitanie_{name}"] for name in ("need", "left"))
        lines.append(
            f"| {need.source} ({need.certainty}) | {format_gps(need.number)} | **{format_signed(left.number)}** |"
        )
    heads = [f"| D’ici {trend.end_year} | À trouver | Reste à convaincre |", "|:--|--:|--:|"]
    st.markdown("\n".join([*heads, *lines]))
    said = ["Deux fins possibles, à lire ensemble : leur moyenne n’aurait pas de sens."]
    if announced:
        said.append(_say_gap(trend.end["left_to_convince"], territory, horizon_years))
    st.caption(" ".join(said))


def _say_gap(trend: float, territory: Territory, horizon_years: int) -> str:
    """Say what leads from the trend to the preset that finds the announced figure again, step by step."""
    steps = steps_to_preset("ars_occitanie", horizon_years, territory)
    words = [f"{STEP_WORDS[field]} ({format_signed(effect)})" for field, effect in steps.items()]
    reached = trend + sum(steps.values())
    return (
        f"De la tendance ({format_gap(trend)}) aux {format_gps(assumptions()['published_ars_occitanie_left'].number)} "
        f"annoncés par l’ARS : {enumerate_french(words)}, soit {format_gap(reached)}."
    )
