"""What is within some minutes of a click on Carte: numbers, address, files, and nothing unless it is asked."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from coverage.territories.gazetteer import Territory
from pages.app.tables import load_gazetteer, load_table
from pages.app.travel_times import load_reach, load_times
from pages.screens.map import reach, reach_state
from pages.screens.map.reach import list_reached
from pages.screens.map.reach_state import ADDRESS, ReachState, note_click, read_reach, start_of
from pages.widgets.map.drawing import Pick
from reports.figures.numbers import format_number
from tests.pages.test_screens import open_page, texts

MENDE = "48095"
AT_MENDE = {"territoire": "departement-48", "selection": f"commune-{MENDE}"}


def near(minutes):
    """Return the rows of the communes within some minutes of Mende, by a loop over the pairs."""
    away = load_times().minutes_from(MENDE)
    rows = load_table("communes").to_dict("records")
    return {row["commune_code"]: row for row in rows if away.get(row["commune_code"], math.inf) < minutes}


@pytest.mark.parametrize("minutes", [10, 15, 20])
def test_the_card_adds_up_the_communes_within_the_minutes(minutes):
    app = open_page("carte", **AT_MENDE, minutes=str(minutes))
    assert not app.exception
    people = sum(row["population"] for row in near(minutes).values())
    assert f"**{len(near(minutes))} communes, {format_number(people)} habitants**" in texts(app)
    gps = load_table("bpe_communes").set_index("commune_code")["n_gp"]
    rows = " ".join(block.proto.body for block in app.get("html"))
    assert f"Médecins généralistes<small>BPE, 1er janvier 2024</small></span><span><b>{_sum(gps, minutes)}</b>" in rows
    assert "**estimés**" in texts(app)


def _sum(counts, minutes):
    return format_number(sum(counts[code] for code in near(minutes)))


def test_nothing_is_read_as_long_as_no_minutes_are_chosen(monkeypatch):
    def refuse(*_):
        raise AssertionError("travel times read for nothing")

    for module in (reach, reach_state):
        monkeypatch.setattr(module, "load_reach", refuse)
    app = open_page("carte", **AT_MENDE)
    assert not app.exception
    assert "Autour de Mende, à moins de" in [group.label for group in app.get("button_group")]
    assert "minutes" not in app.query_params


def test_the_minutes_of_an_address_that_do_not_exist_are_said():
    app = open_page("carte", **AT_MENDE, minutes="17", depuis="99999")
    assert not app.exception
    assert "« minutes = 17 » ; attendu : 10, 15, 20." in texts(app)
    assert "« depuis = 99999 » ; attendu : le code d’une commune." in texts(app)


@pytest.mark.parametrize("state", [ReachState(), ReachState(15), ReachState(20, MENDE)])
def test_the_address_gives_the_state_back(state):
    assert read_reach(state.to_query()) == (state, [])


def test_a_click_on_an_epci_starts_from_its_nearest_mairie(monkeypatch):
    kept = {}
    monkeypatch.setattr(type(ADDRESS), "current", lambda _: (ReachState(15), []))
    monkeypatch.setattr(type(ADDRESS), "change", lambda _, state: kept.update(state=state))
    gazetteer = load_gazetteer()
    row = gazetteer.row(Territory("commune", MENDE))
    epci = Territory("epci", row["epci_code"])
    rows = [one for one in gazetteer.communes.to_dict("records") if one["epci_code"] == epci.code]
    for longitude, latitude in ((3.5, 44.53), (3.42, 44.47), (3.65, 44.6)):
        note_click(gazetteer, Pick("territory", epci.code, longitude, latitude), "epci")
        flat = math.cos(math.radians(latitude))
        slow = min(rows, key=lambda one: math.hypot((one["longitude"] - longitude) * flat, one["latitude"] - latitude))
        assert kept["state"] == ReachState(15, slow["commune_code"])
        assert start_of(gazetteer, kept["state"], epci) == Territory("commune", slow["commune_code"])
    elsewhere = Territory("epci", gazetteer.row(Territory("commune", "48080"))["epci_code"])
    assert start_of(gazetteer, kept["state"], elsewhere) is None  # chosen in the list: nothing was clicked there


def test_the_file_lists_the_communes_nearest_first():
    table = list_reached(load_gazetteer(), load_reach(MENDE), 15)
    away = load_times().minutes_from(MENDE)
    assert list(table["Code"]) == sorted(near(15), key=lambda code: (away[code], code))
    assert table["Minutes"].tolist() == [away[code] for code in table["Code"]]
    assert table["Population municipale"].tolist() == [near(15)[code]["population"] for code in table["Code"]]


def test_the_professions_of_the_rpps_are_listed_once_synced():
    def page():
        from coverage.access.around import Count  # noqa: PLC0415 - the script of the page
        from pages.screens.map.reach import _show_liberal  # noqa: PLC0415

        _show_liberal([Count("infirmier", 12.0, "rpps"), Count("orthoptiste", float("nan"), "rpps")])

    (table,) = AppTest.from_function(page, default_timeout=90).run().dataframe
    assert table.value.to_numpy().tolist() == [["Infirmiers", "12"], ["Orthoptistes", "n.d."]]
