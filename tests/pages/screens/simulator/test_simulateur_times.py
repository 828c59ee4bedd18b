"""Whose travel times the simulator works with, and that it says so: on screen, in what is exported, when damaged."""

import dataclasses

import pytest
import streamlit as st

from data.travel_times.saved import own_times_path
from geo.travel_time.estimate import estimate_travel_times
from geo.travel_time.storage import save_travel_times
from pages.app.travel_times import load_times, minutes_around
from pages.screens.simulator.supply import SupplyTask
from pages.screens.simulator.words import travel_note
from tests.pages.screens.simulator.test_simulateur import MILLAU, open_simulator
from tests.pages.test_screens import ROOT, texts
from tests.toy import toy_country


@pytest.fixture
def _own_folder(monkeypatch, tmp_path):
    """Return a data folder to the user, and keep what is read there out of the other tests."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    monkeypatch.setattr(SupplyTask, "_estimate", lambda *_: None)  # twenty seconds, of no use here
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def half_of_the_estimate():
    """Make a matrix that differs from the estimate, as if a table had given it."""
    estimated = load_times()
    st.cache_resource.clear()
    return dataclasses.replace(estimated, tenths=estimated.tenths // 2, provider="table", vintage="METRIC_2023*")


def travel_line(app):
    tables = [frame.value for frame in app.dataframe if "Élément" in frame.value.columns]
    return tables[-1].set_index("Élément").loc["Temps de trajet"]


def open_assumptions():
    app = open_simulator()
    app.session_state["simulator_tab"] = "Hypothèses"
    return app.run()


@pytest.mark.usefixtures("_own_folder")
def test_times_of_the_user_are_used_and_named():
    own = half_of_the_estimate()
    save_travel_times(own, own_times_path())
    app = open_assumptions()
    assert not app.exception
    assert not app.warning
    assert "Temps de trajet : **table fournie** (METRIC_2023*)" in texts(app)
    assert "**estimation**" not in texts(app)
    line = travel_line(app)
    assert line["Valeur"] == "table fournie (METRIC_2023*), jusqu’à 30 min"
    assert line["Nature"] == "fourni"
    assert minutes_around(MILLAU).to_dict() == own.minutes_from(MILLAU)


@pytest.mark.usefixtures("_own_folder")
def test_damaged_times_are_said_and_the_estimate_takes_their_place():
    own_times_path().write_bytes(b"PK\x03\x04 not a matrix")
    app = open_assumptions()
    assert not app.exception
    (warning,) = app.warning
    assert "Vos temps de trajet ne peuvent pas être utilisés : travel_times.npz" in warning.value
    assert "L’estimation est utilisée à la place" in warning.value
    assert "Temps de trajet : **estimation**" in texts(app)
    line = travel_line(app)
    assert line["Valeur"].startswith("estimation : vol d’oiseau")
    assert line["Nature"] == "estimé"


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        ("estimation", "Temps de trajet : **estimation** (distance à vol d’oiseau, détour"),
        ("table", "Temps de trajet : **table fournie** (avril)"),
        ("osm", "Temps de trajet : **routes OSM** (avril), © contributeurs OpenStreetMap, ODbL"),
        ("osrm", "Temps de trajet : **OSRM** (avril)"),
    ],
)
def test_each_provider_is_named_under_the_map(provider, said):
    times = dataclasses.replace(estimate_travel_times(toy_country().communes), provider=provider, vintage="avril")
    assert travel_note(times).startswith(said)
    assert travel_note(times).endswith("Mayotte n’a pas d’APL (n.d.).")
