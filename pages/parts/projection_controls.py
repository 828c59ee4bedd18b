"""The levers of the projection: horizon, presets, sliders, each with its usual value, its unit and its source."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import streamlit as st

from coverage.gazetteer import Territory
from coverage.projection import BOUNDS, LABELS, PRESET_LABELS, assumptions
from pages.parts.numbers import format_number
from pages.parts.page_address import PageAddress
from pages.parts.projection_data import is_synced, load_baseline
from pages.parts.projection_state import (
    ADDRESS_NAMES,
    LONGEST_HORIZON,
    PRESET_KEYS,
    SHORTEST_HORIZON,
    WORDS,
    Levers,
    Plan,
)

ADDRESS: Final = PageAddress("projection", ADDRESS_NAMES, Plan.from_query, witness="projection_horizon")
FIRST_B: Final = "attractivite_renforcee"

LEVER_LABELS: Final[Mapping[str, str]] = {
    "retirement_shift_years": "Âge de départ",
    "entries_factor": "Arrivées de médecins",
    "settling_factor": "Part qui s’installe ici",
    "population_variant": "Population",
    "target": "Objectif à rattraper en plus",
    "target_density_per_100k": "Densité visée",
    "target_apl": "APL visée",
    "hours_under_50": "Avant 50 ans",
    "hours_50_64": "De 50 à 64 ans",
    "hours_65_plus": "65 ans ou plus",
    "exit_factor": "Niveau des départs",
    "entries_late_factor": "Arrivées après la montée",
    "entries_ramp_start_year": "Début de la montée",
    "entries_ramp_end_year": "Fin de la montée",
    "ageing_growth": "Vieillissement (75 ans ou plus)",
    "stock_factor": "Effectif de départ",
}
WORD_LABELS: Final[Mapping[str, str]] = {
    "basse": "Basse",
    "centrale": "Centrale",
    "haute": "Haute",
    "aucune": "Aucun",
    "densite": "Densité minimale",
    "apl": "APL minimale",
}
STEPS: Final[Mapping[str, float]] = {
    "retirement_shift_years": 0.5,
    "entries_factor": 0.05,
    "settling_factor": 0.05,
    "target_density_per_100k": 5,
    "target_apl": 0.1,
    "hours_under_50": 0.05,
    "hours_50_64": 0.05,
    "hours_65_plus": 0.05,
    "exit_factor": 0.05,
    "entries_late_factor": 0.05,
    "entries_ramp_start_year": 1,
    "entries_ramp_end_year": 1,
    "ageing_growth": 0.002,
    "stock_factor": 0.05,
}
UNITS: Final[Mapping[str, tuple[int, int, str]]] = {
    "ageing_growth": (100, 1, "% par an"),
    "target_density_per_100k": (1, 0, "pour 100 000 hab."),
    "target_apl": (1, 1, "consult./an/hab."),
}
"""Factor, decimals and unit of the levers that are printed neither in percent nor in FTE."""
PERCENTS: Final = {"entries_factor", "settling_factor", "exit_factor", "entries_late_factor", "stock_factor"}
SOURCES: Final[Mapping[str, str]] = {
    "retirement_shift_years": "la courbe des départs par âge, estimée en suivant les cohortes de tous les médecins "
    "(DREES, RPPS 2012-2020), est décalée d’autant (supposé)",
    "exit_factor": "multiplie les probabilités de départ estimées sur les cohortes (DREES, RPPS 2012-2020)",
    "entries_factor": "multiplie les arrivées annuelles estimées sur les cohortes (DREES, RPPS 2012-2020), "
    "avec l’attrait mesuré de chaque région (estimé)",
    "settling_factor": "100 % garde au territoire sa part actuelle des nouveaux médecins ; le total national ne change "
    "pas, les autres territoires en perdent autant (supposé)",
    "entries_late_factor": "niveau atteint à la fin de la montée, rapporté à celui du début : effet de l’ouverture des "
    "études de médecine (supposé)",
    "entries_ramp_start_year": "année où les arrivées commencent à changer de niveau (supposé)",
    "entries_ramp_end_year": "année où elles l’ont atteint (supposé)",
    "population_variant": "{trend} ; les variantes s’en écartent de 0,2 point par an (supposé)",
    "target": "le maintien du niveau d’aujourd’hui est toujours compris dans le besoin ; l’objectif s’y ajoute (choix)",
    "target_density_per_100k": "choix ; chaque département est porté au moins à cette densité",
    "target_apl": "2,5 : seuil national de la commune sous-dense (DREES) ; chaque commune y est portée",
    "stock_factor": "généralistes libéraux de la CNAM, 31 décembre {count_year} ; à changer pour qui compte un autre "
    "champ (l’ARS Occitanie en compte 6 214 là où la CNAM en compte 5 463)",
}
MAIN: Final = ("retirement_shift_years", "entries_factor", "settling_factor", "population_variant", "target")
HOURS: Final = ("hours_under_50", "hours_50_64", "hours_65_plus")
FURTHER: Final = (
    "exit_factor", "entries_late_factor", "entries_ramp_start_year", "entries_ramp_end_year", "ageing_growth",
    "stock_factor",
)  # fmt: skip


def format_lever(field: str, value: float | str) -> str:
    """Write the value of a lever in its printed unit: "+2 ans", "120 %", "0,90 ETP"."""
    if isinstance(value, str):
        return WORD_LABELS[value]
    if field in PERCENTS:
        return format_number(100 * value, 0, "%")
    if field == "retirement_shift_years":
        decimals = 0 if value == int(value) else 1
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return f"{sign}{format_number(abs(value), decimals, 'an' if abs(value) < 2 else 'ans')}"  # noqa: PLR2004 - French plural
    if isinstance(value, int):
        return str(value)
    scale, decimals, unit = UNITS.get(field, (1, 2, "ETP"))
    return format_number(scale * value, decimals, unit)


def lever_help(field: str) -> str:
    """Say what a lever is, its usual value, its unit and where that comes from."""
    label, unit = LABELS[field]
    known = assumptions().get(field)
    source = f"{known.source} ({known.certainty}, {known.date.year})" if known else SOURCES[field].format_map(_start())
    usual = format_lever(field, getattr(Levers(), field))
    return f"{label}. Valeur habituelle : **{usual}** (unité : {unit}). Source : {source}."


def _start() -> dict[str, str | int]:
    """Say where the projection starts, for the sentences on the levers."""
    is_projected = is_synced("population_outlook")
    trend = "croissance projetée par l’INSEE (Omphale, scénario central)"
    return {
        "trend": trend if is_projected else "tendance des populations légales 2013-2021 (INSEE)",
        "count_year": load_baseline().base_year - 1,
    }


def pick_horizon(plan: Plan) -> None:
    """Draw the slider of the horizon, shared by both scenarios."""
    st.session_state[ADDRESS.witness] = plan.horizon_years
    base_year = load_baseline().base_year
    st.slider(
        "Horizon",
        SHORTEST_HORIZON,
        LONGEST_HORIZON,
        key=ADDRESS.witness,
        format="%d ans",
        help=f"De {SHORTEST_HORIZON} à {LONGEST_HORIZON} ans après le 1er janvier {base_year}, date du dernier "
        f"effectif connu (CNAM, 31 décembre {base_year - 1}). Valeur habituelle : 10 ans.",
        on_change=lambda: _change(horizon_years=st.session_state[ADDRESS.witness]),
    )


def pick_scenarios(plan: Plan) -> None:
    """Draw the presets of A, the switch of B and its presets, and the button that resets all."""
    # A row that wraps: on a narrow screen the presets keep their whole names and the buttons go below.
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _pick_preset("a", plan.a, "Scénario" if plan.b is None else "Scénario A")
        st.session_state["projection_second"] = plan.b is not None
        st.toggle("Deux scénarios", key="projection_second", on_change=_switch_second)
        st.button(
            "Réinitialiser",
            icon=":material/restart_alt:",
            key="projection_reset",
            on_click=lambda: ADDRESS.change(Plan()),
            disabled=plan == Plan(),
        )
    if plan.b is not None:
        _pick_preset("b", plan.b, "Scénario B")


def _pick_preset(letter: str, levers: Levers, label: str) -> None:
    key = f"projection_preset_{letter}"
    st.session_state[key] = levers.preset
    changed = "" if levers.preset else " · réglages personnels"
    st.segmented_control(
        f"{label}{changed}",
        PRESET_KEYS,
        format_func=PRESET_LABELS.__getitem__,
        key=key,
        on_change=_take_preset,
        args=(letter, key),
        help="Tendance : comportements constants. ARS Occitanie : champ compté par l’ARS et population haute, pour "
        "retrouver les 2 600 et 500 publiés. Départs accélérés : retraite deux ans plus tôt. Attractivité renforcée : "
        "20 % d’arrivées de plus. Proche de la DREES : arrivées basses jusqu’en 2026, puis montée rapide.",
    )


def show_levers(plan: Plan, territory: Territory) -> None:
    """Draw the sliders, in one tab a scenario when there are two."""
    if plan.b is None:
        _show_levers("a", plan.a, territory)
        return
    for tab, (letter, levers) in zip(st.tabs(["Scénario A", "Scénario B"]), plan.scenarios.items(), strict=True):
        with tab:
            _show_levers(letter, levers, territory)


def _show_levers(letter: str, levers: Levers, territory: Territory) -> None:
    for field in MAIN:
        _lever(letter, levers, field, disabled=field == "settling_factor" and territory.level == "france")
        if field == "target" and levers.target != "aucune":
            _lever(letter, levers, "target_density_per_100k" if levers.target == "densite" else "target_apl")
    with st.expander("Activité par âge"):
        for field in HOURS:
            _lever(letter, levers, field)
        st.caption("L’activité change l’offre en équivalents temps plein (ETP), pas le nombre de médecins.")
    with st.expander("Autres hypothèses"):
        for field in FURTHER:
            _lever(letter, levers, field)


def _lever(letter: str, levers: Levers, field: str, *, disabled: bool = False) -> None:
    key = f"projection_{letter}_{field}"
    value = getattr(levers, field)
    st.session_state[key] = value
    options: dict[str, Any] = {
        "key": key,
        "format_func": lambda shown: format_lever(field, shown),
        "on_change": _move,
        "args": (letter, field, key),
        "help": lever_help(field),
        "disabled": disabled,
    }
    if field == "population_variant":
        st.select_slider(LEVER_LABELS[field], WORDS[field], **options)
    elif field == "target":
        st.selectbox(LEVER_LABELS[field], WORDS[field], **options)
    else:
        st.select_slider(LEVER_LABELS[field], _grid(field, value), **options)


def _grid(field: str, value: float) -> Sequence[float]:
    """Return the positions of a slider: round steps within the bounds of the model, and the value it has."""
    low, high = BOUNDS[field]
    step = STEPS[field]
    grid = {round(float(x), 6) for x in np.arange(low, high + step / 2, step)}
    if isinstance(value, int):
        return sorted({int(x) for x in grid} | {value})
    # A value of the address may lie between two steps: it must not be moved by the mere drawing of the page.
    return sorted(grid | {value})


def _move(letter: str, field: str, key: str) -> None:
    value = st.session_state[key]
    plan: Plan = st.session_state[ADDRESS.key]
    if value is not None:
        _change(**{letter: plan.scenarios[letter].with_(**{field: value})})


def _take_preset(letter: str, key: str) -> None:
    name = st.session_state[key]
    if name is not None:
        _change(**{letter: Levers.of_preset(name)})


def _switch_second() -> None:
    _change(b=Levers.of_preset(FIRST_B) if st.session_state["projection_second"] else None)


def _change(**changes: Any) -> None:
    ADDRESS.change(st.session_state[ADDRESS.key].with_(**changes))
