"""The levers of the projection: horizon, presets, sliders, each with its usual value, its unit and its source."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import streamlit as st

from coverage.projection import LEVERS, PRESET_LABELS, assumptions
from coverage.terms.horizons import LONGEST_HORIZON, SHORTEST_HORIZON
from coverage.territories.gazetteer import Territory
from geo.levels import OWN
from pages.app.address import PageAddress
from pages.app.projection import is_synced, load_baseline
from pages.screens.projection.state import (
    ADDRESS_NAMES,
    PRESET_KEYS,
    Levers,
    Plan,
)
from reports.figures.numbers import format_number, format_signed

ADDRESS: Final = PageAddress("projection", ADDRESS_NAMES, Plan.from_query, witness="projection_horizon")
FIRST_B: Final = "attractivite_renforcee"

MAIN: Final = (
    "retirement_shift_years", "arrivals_of", "entries_factor", "settling_factor", "population_variant", "target",
)  # fmt: skip
HOURS: Final = ("hours_under_50", "hours_50_64", "hours_65_plus")
FURTHER: Final = (
    "exit_factor", "entries_late_factor", "entries_ramp_start_year", "entries_ramp_end_year", "ageing_growth",
    "stock_factor",
)  # fmt: skip


def format_lever(field: str, value: float | str) -> str:
    """Write the value of a lever in its printed unit: "+2 ans", "120 %", "0,90 ETP"."""
    lever = LEVERS[field]
    if isinstance(value, str):
        return lever.words[value]
    if lever.is_shift:
        decimals = 0 if value == int(value) else 1
        return format_signed(value, decimals, "an" if abs(value) < 2 else "ans")  # noqa: PLR2004 - French plural
    if not lever.printed_unit:
        return str(value)
    return format_number(lever.scale * value, lever.decimals, lever.printed_unit)


def lever_help(field: str) -> str:
    """Say what a lever is, its usual value, its unit and where that comes from."""
    lever, known = LEVERS[field], assumptions().get(field)
    source = f"{known.source} ({known.certainty}, {known.date.year})" if known else lever.source.format_map(_start())
    usual = format_lever(field, getattr(Levers(), field))
    return f"{lever.label}. Valeur habituelle : **{usual}** (unité : {lever.unit}). Source : {source}."


def _start() -> dict[str, str | int]:
    """Say where the projection starts, for the sentences on the levers."""
    is_projected = is_synced("population_outlook")
    trend = "croissance projetée par l’INSEE (Omphale, scénario central)"
    return {
        "trend": trend if is_projected else "tendance des estimations de population 2017-2023 (INSEE)",
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
        help="Tendance : les arrivées d’aujourd’hui continuent, les généralistes libéraux baissent comme de 2021 à "
        "2024. Arrivées de tous médecins : au taux de toutes les spécialités, dont l’effectif montait. ARS Occitanie : "
        "champ compté par l’ARS, arrivées de tous médecins et population haute, pour retrouver les 2 600 et 500 "
        "annoncés. Départs accélérés : retraite deux ans plus tôt. Attractivité renforcée : 20 % d’arrivées de plus. "
        "Proche de la DREES : arrivées basses jusqu’en 2027, puis promotions plus nombreuses à partir de 2028.",
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
        _lever(letter, levers, field, disabled=field == "settling_factor" and territory.level in {"france", OWN})
        if field == "target" and levers.target != "aucune":
            _lever(letter, levers, "target_density_per_100k" if levers.target == "densite" else "target_apl")
    with st.expander("Activité par âge"):
        for field in HOURS:
            _lever(letter, levers, field)
        st.caption(
            "Le niveau d’accès à maintenir se compte en équivalents temps plein (ETP) : si ceux qui arrivent "
            "travaillent moins que ceux qui partent, il en faut davantage."
        )
    with st.expander("Autres hypothèses"):
        for field in FURTHER:
            _lever(letter, levers, field)


def _lever(letter: str, levers: Levers, field: str, *, disabled: bool = False) -> None:
    key = f"projection_{letter}_{field}"
    lever, value = LEVERS[field], getattr(levers, field)
    st.session_state[key] = value
    options: dict[str, Any] = {
        "key": key,
        "format_func": lambda shown: format_lever(field, shown),
        "on_change": _move,
        "args": (letter, field, key),
        "help": lever_help(field),
        "disabled": disabled,
    }
    if lever.bounds is not None:
        st.select_slider(lever.short, _grid(lever.bounds, lever.step, value), **options)
    elif field == "population_variant":
        st.select_slider(lever.short, list(lever.words), **options)
    else:
        st.selectbox(lever.short, list(lever.words), filter_mode=None, **options)


def _grid(bounds: tuple[float, float], step: float, value: float) -> Sequence[float]:
    """Return the positions of a slider: round steps within the bounds of the model, and the value it has."""
    low, high = bounds
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
