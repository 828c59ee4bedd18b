"""The travel times in use: minutes between communes, who is near one of them, and what is said of the minutes."""

import hashlib
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import streamlit as st

from coverage.access.reach import Reach
from coverage.terms.estimates import ESTIMATE_LIMITS
from data.cache import cache_folder
from data.travel_times.saved import LIMIT_MIN, OwnTimesUnusable, load_own_times, n_isolated
from geo.travel_time.estimate import PLACE_COLUMNS, estimate_travel_times, read_estimate_parameters
from geo.travel_time.matrix import TravelTimes
from geo.travel_time.provider import provider_label
from geo.travel_time.storage import cached_travel_times
from pages.app.plain_text import plain
from pages.app.tables import load_table
from reports.figures.numbers import format_number


class TimesInUse(NamedTuple):
    """Minutes between communes up to 30, and why the user's own are not among them; "" when there is no fault."""

    times: TravelTimes
    warning: str


@st.cache_resource(show_spinner="Lecture des temps de trajet…")
def _times_in_use() -> TimesInUse:
    """Take the user's own travel times where they are sound, else the estimate; read once, as all the data."""
    try:
        own = load_own_times(tuple(load_table("communes")["commune_code"]))
    except OwnTimesUnusable as error:
        return TimesInUse(_estimated_times(), str(error))
    return TimesInUse(_estimated_times() if own is None else own.within(LIMIT_MIN), "")


def load_times() -> TravelTimes:
    """Return the minutes between communes up to 30: the user's own, else estimated."""
    return _times_in_use().times


def times_warnings() -> tuple[str, ...]:
    """Return why the user's own travel times are not used, in French; empty when they are, or there are none."""
    return tuple(filter(None, [_times_in_use().warning]))


def _estimated_times() -> TravelTimes:
    places = load_table("communes")[list(PLACE_COLUMNS)]
    parameters = replace(read_estimate_parameters(), limit_min=LIMIT_MIN)
    inputs = hashlib.sha256(pd.util.hash_pandas_object(places, index=False).to_numpy().tobytes())
    inputs.update(repr(parameters).encode())

    def compute() -> TravelTimes:
        return estimate_travel_times(places, parameters)

    try:
        return cached_travel_times(cache_folder(), inputs.digest(), compute)
    except OSError:  # the folder can't be written: computed again at each start, half a second
        return compute()


@st.cache_resource(show_spinner=False, max_entries=16)
def load_reach(commune_code: str) -> Reach:
    """Return who is near a commune, by the times in use."""
    return Reach.of(commune_code, load_table("communes"), load_times())


def minutes_around(commune_code: str) -> pd.Series:
    """Return the minutes from a commune to those within 30 minutes, itself included; index commune_code."""
    reach = load_reach(commune_code)
    return pd.Series(reach.minutes_from, index=reach.codes, name="minutes").dropna()


def tell_times(times: TravelTimes) -> str:
    """Say who gave the travel times and of which date: "table fournie (METRIC 2023)"."""
    return f"{provider_label(times.provider)} ({times.vintage})"


def tell_travel(times: TravelTimes) -> str:
    """Say where the travel times come from and what they lack (Markdown)."""
    vintage = plain(times.vintage)  # a text of the user's
    if times.provider == "estimation":
        told = (
            "**estimation** (distance à vol d’oiseau, détour et vitesse selon la densité et le relief). "
            + ESTIMATE_LIMITS.removesuffix(".")
        )
    else:
        told = f"**{provider_label(times.provider)}** ({vintage})"
        told += ", © contributeurs OpenStreetMap, ODbL" if times.provider == "osm" else ""
        n = n_isolated(times)
        told += f" ; {format_number(n)} communes n’en atteignent aucune autre en {times.limit_min:g} min" if n else ""
    return f"Temps de trajet : {told}."
