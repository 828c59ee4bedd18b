"""The map of the half-years: one frame a date, the same classes at all dates, played or stepped by hand."""

import time
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from coverage.terms.months import format_full_month
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data
from pages.app.tables import level_table, load_gazetteer
from pages.app.trajectory import SHOWN, Shown, half_years, month_key
from pages.screens.trajectory.controls import ADDRESS
from pages.screens.trajectory.state import ComparedLevel
from pages.widgets.exports.map import offer_map
from pages.widgets.map.drawing import show_map
from pages.widgets.map.places import look_at, zone_of
from pages.widgets.map.values import draw_series
from reports.figures.map_classes import MapClasses

SECONDS_A_FRAME: Final = 1.5
PLAYING: Final = "trajectory_playing"
FRAME: Final = "trajectory_frame"
SHOWN_AT: Final = "trajectory_frame_shown_at"
N_CLASSES: Final = 6
HEIGHT: Final = 540


@st.cache_resource(show_spinner=False, max_entries=96)
def draw_half_year(level: ComparedLevel, shown: Shown, date: pd.Timestamp) -> MapClasses:
    """Class the territories of a level at one date; the classes are cut on all dates together."""
    measure = SHOWN[shown]
    rows = load_facts().labelled_msp
    rows = rows[rows["level"] == level]
    at_date = rows[rows["date"] == date].set_index("territory_code")
    counts = at_date["n_structures"].reindex(level_table(level).index)
    return draw_series(
        replace(measure.indicator, vintage=format_full_month(date), thresholds=(), pivot=None),
        at_date[measure.column],
        level,
        FRANCE,
        "quantiles",
        N_CLASSES,
        none=(counts == 0).to_numpy() if shown == "habitants" else None,
        pooled=rows[measure.column],
    )


def show_film(gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw the film of the half-years: a button that plays it, a slider of dates, the map."""
    playing = st.session_state.get(PLAYING, False)
    # Regions are seen among all regions, departments among those of the region.
    place = FRANCE
    if ADDRESS.current()[0].maille == "departement":
        around = (territory, *gazetteer.containing(territory))
        place = next((other for other in around if other.level == "region"), FRANCE)
    # The pace of a fragment is settled when the page runs: playing and stopping therefore rerun the page.
    st.fragment(_show_half_year, run_every=SECONDS_A_FRAME if playing else None)(place, territory)


@guard_against_missing_data()
def _show_half_year(place: Territory, territory: Territory) -> None:
    course, _ = ADDRESS.current()
    dates = half_years()
    keys = [month_key(date) for date in dates]
    if st.session_state.get(PLAYING, False):
        _advance(keys)
        shown_key = st.session_state[FRAME]
    else:
        shown_key = course.date or keys[-1]
    button, slider = st.columns([2, 7], vertical_alignment="bottom")
    with button:
        _show_button()
    with slider:
        st.session_state["trajectory_date"] = shown_key
        st.select_slider(
            "Semestre",
            keys,
            key="trajectory_date",
            format_func=lambda key: format_full_month(dates[keys.index(key)]),
            on_change=_choose_date,
        )
    drawn = draw_half_year(course.maille, course.mesure, dates[keys.index(shown_key)])
    show_map(
        drawn.values,
        drawn.legend,
        key="trajectory_map",
        view=look_at(load_gazetteer(), place),
        selected=(course.maille, territory.code) if territory.level == course.maille else None,
        zone=zone_of(load_gazetteer(), territory),
        outlines=("region",),
        height=HEIGHT,
    )
    if not st.session_state.get(PLAYING, False):
        card = replace(SHOWN[course.mesure].indicator, vintage=format_full_month(dates[keys.index(shown_key)]))
        offer_map(card, course.maille, FRANCE, "quantiles", N_CLASSES, key="trajectory_export", drawn=drawn)


def _show_button() -> None:
    playing = st.session_state.get(PLAYING, False)
    pressed = st.button(
        "Arrêter" if playing else "Lire",
        icon=":material/stop:" if playing else ":material/play_arrow:",
        key="trajectory_play",
        width="stretch",
    )
    if not pressed:
        return
    st.session_state[PLAYING] = not playing
    if playing:
        _keep_date(st.session_state[FRAME])
    else:
        st.session_state[FRAME] = None
    st.rerun()


def _advance(keys: list[str]) -> None:
    """Step to the next half-year when the last one has been seen long enough; stop at the end."""
    current = st.session_state.get(FRAME)
    now = time.monotonic()
    if current is None:
        st.session_state[FRAME] = keys[0]
        st.session_state[SHOWN_AT] = now
    elif now - st.session_state[SHOWN_AT] >= SECONDS_A_FRAME / 2:
        if current == keys[-1]:
            st.session_state[PLAYING] = False
            _keep_date(keys[-1])
            st.rerun()
        st.session_state[FRAME] = keys[keys.index(current) + 1]
        st.session_state[SHOWN_AT] = now


def _choose_date() -> None:
    st.session_state[PLAYING] = False
    _keep_date(st.session_state["trajectory_date"])


def _keep_date(key: str) -> None:
    last = month_key(half_years()[-1])
    ADDRESS.change(st.session_state[ADDRESS.key].with_(date=None if key == last else key))
