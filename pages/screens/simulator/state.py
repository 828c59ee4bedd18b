"""The drafts of this session and the address, and the territories that a file or an address may name."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import streamlit as st

from coverage.simulator.scenario_file import ClickedPoint, KnownCodes, ScenarioFileError, read_token
from coverage.territories.gazetteer import Territory
from geo.levels import LEVELS
from geo.travel_time.estimate import estimate_minutes_to_point
from pages.app.address import PageAddress
from pages.app.session import change_view, write_address
from pages.app.tables import load_gazetteer, load_table
from pages.app.view import VIEW_KEY
from pages.screens.simulator.drafts import PARAMETER, SERIES, Drafts
from pages.screens.simulator.engine import load_model
from pages.widgets.apl_series import current_series, shown_as
from pages.widgets.map.drawing import Pick

DRAFTS_KEY: Final = "simulator_drafts"
CHOICE_KEY: Final = "simulator_choice"
CLICK_KEY: Final = "simulator_click"
SERIES_KEY: Final = "simulator_visit_series"


@st.cache_resource(show_spinner=False)
def known_codes() -> KnownCodes:
    """Return the territories and series that exist, and the way to a point."""
    gazetteer = load_gazetteer()
    codes = {level: frozenset(gazetteer.table(level)[f"{level}_code"]) for level in LEVELS if level != "france"}
    return KnownCodes(codes | {"france": frozenset({"FR"})}, SERIES, minutes_to_point)


@st.cache_resource(show_spinner=False, max_entries=1000)
def minutes_to_point(commune_code: str, longitude: float, latitude: float) -> tuple[tuple[str, float], ...]:
    """Estimate the minutes to a point of a commune, from the communes that the APL counts in its reach.

    Always an estimate: a table of travel times knows the communes' own points only.
    """
    communes = load_table("communes")
    here = load_gazetteer().row(Territory("commune", commune_code))
    density = float(here["population"]) / float(here["area_km2"])
    point = (longitude, latitude)
    minutes = estimate_minutes_to_point(communes, point, here["departement_code"], density, commune_code=commune_code)
    near = minutes[load_model().reach.decay.of_minutes(minutes.to_numpy()) > 0]
    return tuple((str(code), float(value)) for code, value in near.items())


def point_at(commune_code: str, longitude: float, latitude: float) -> ClickedPoint:
    """Return a point of a commune (degrees, EPSG:4326) as an opening carries it."""
    return ClickedPoint(minutes_to_point(commune_code, longitude, latitude), longitude, latitude)


def reaches_people(point: ClickedPoint) -> bool:
    """Tell whether someone of known demand is in reach of a point; elsewhere an opening can't be simulated."""
    model = load_model()
    return bool(np.nansum(model.demand[model.places.isin([code for code, _ in point])]) > 0)


def keep_click(pick: Pick) -> None:
    """Keep where the map was clicked last, for an opening there."""
    st.session_state[CLICK_KEY] = pick


def clicked_place(commune: Territory) -> tuple[float, float] | None:
    """Return longitude and latitude of the last click, where it was on the ground of the commune; else None."""
    click: Pick | None = st.session_state.get(CLICK_KEY)
    if click is None or (click.kind, click.code) != ("territory", commune.code):
        return None
    return None if click.longitude is None or click.latitude is None else (click.longitude, click.latitude)


def _first_drafts() -> Drafts:
    return Drafts.of_series(shown_as(SERIES[0]))


def kept_drafts() -> Drafts:
    """Return the drafts of the session, those that a visit begins with before it has any."""
    drafts: Drafts = st.session_state.get(DRAFTS_KEY, _first_drafts())
    return drafts


def _read(query: Mapping[str, str]) -> tuple[Drafts, list[str]]:
    """Read the scenario of an address and put it beside those of the session."""
    drafts = kept_drafts()
    if PARAMETER not in query:
        return drafts, []
    try:
        return drafts.opening(read_token(query[PARAMETER], known_codes())), []
    except ScenarioFileError as error:
        return drafts, [f"Le scénario de l’adresse ne peut pas être ouvert. {error}"]


ADDRESS: Final = PageAddress(DRAFTS_KEY, frozenset({PARAMETER}), _read)


def open_drafts() -> tuple[Drafts, list[str]]:
    """Return the drafts, and what of the address could not be used; while nothing is begun they follow the visit."""
    drafts, notices = ADDRESS.current()
    series = current_series()
    before, st.session_state[SERIES_KEY] = st.session_state.get(SERIES_KEY, series), series
    if series != before and drafts.is_untouched:
        drafts = _first_drafts()
        ADDRESS.change(drafts)
        ADDRESS.write(drafts)
    return drafts, notices


def current_drafts() -> Drafts:
    """Return the drafts, inside a fragment or a callback: the page has read the address already."""
    drafts: Drafts = st.session_state[DRAFTS_KEY]
    return drafts


def change_drafts(drafts: Drafts) -> None:
    """Keep the drafts; the page shows them at its next run."""
    ADDRESS.change(drafts)


def chosen_commune() -> Territory | None:
    """Return the current commune: the one clicked, or the one that the whole page is about."""
    view = st.session_state[VIEW_KEY]
    return next((place for place in (view.selection, view.territoire) if place and place.level == "commune"), None)


def choose_commune(commune_code: str) -> None:
    """Make a commune the current one."""
    change_view(selection=Territory("commune", commune_code))
    write_address()
