"""The list under the map of the page Carte: order, filter, address, files, and what cannot be understood."""

import io

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from coverage.indicators.criteria import Criterion
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import View
from pages.screens.map.list import is_filtered, tell_list
from pages.screens.map.list_filter import propose, tell_criterion
from pages.screens.map.list_rows import export_rows, list_units
from pages.screens.map.list_state import ListState, read_list
from pages.screens.map.projects import ProjectsLayer
from pages.widgets.map.values import draw_values
from tests.pages.choosing import choose
from tests.pages.test_screens import open_page, texts

LOZERE = View(territoire=Territory("departement", "48"))
HIDDEN = ProjectsLayer("caches")
WORSE_THAN = (
    Criterion("apl_65_2023", "moins", 2.5),
    Criterion("share_75plus", "plus", 12.0),
    Criterion("nearest_msp_min", "plus", 15.0),
)
ADDRESS = "apl_65_2023.moins.2.5~share_75plus.plus.12~nearest_msp_min.plus.15"


def listed(view, criteria=(), searched=""):
    scope = load_gazetteer().surroundings(view.territoire)
    drawn = draw_values(view.indicateur, view.maille, scope, view.methode, view.classes, view.horizon)
    return list_units(view, HIDDEN, drawn, criteria, searched), drawn


def criteria_of(app):
    """Return the criteria of the address, which AppTest gives as a text or as a list of one."""
    value = app.query_params["criteres"]
    return value if isinstance(value, str) else value[0]


def by_hand(row):
    return row["apl_65_2023"] < 2.5 and row["share_75plus"] > 0.12 and row["nearest_msp_min"] > 15


def test_the_list_of_lozere_is_that_of_a_loop_over_its_communes():
    units, _ = listed(LOZERE, WORSE_THAN)
    table = level_table("commune")
    here = {code: row for code, row in table.to_dict("index").items() if code.startswith("48")}
    kept = [code for code, row in here.items() if by_hand(row)]
    expected = sorted(kept, key=lambda code: (here[code]["apl_65_2023"], -here[code]["population"]))
    assert list(units.ranks.index) == expected
    assert units.kept.sum() == len(expected)
    assert units.people(units.kept) == sum(here[code]["population"] for code in kept)
    for code in expected:
        assert units.ranks[code] == 1 + sum(row["apl_65_2023"] < here[code]["apl_65_2023"] for row in here.values())


def test_the_unknown_are_last_counted_and_never_kept_by_a_filter():
    units, _ = listed(View())
    n_unknown = int(level_table("commune")["apl_65_2023"].isna().sum())
    assert n_unknown > 0
    assert units.ranks.tail(n_unknown).isna().all()
    assert units.ranks.head(-n_unknown).notna().all()
    said = tell_list(units, ListState())
    assert f"n.d.) pour {n_unknown} communes" in said
    filtered, _ = listed(View(), (Criterion("apl_65_2023", "aumoins", 0.0),))
    assert int(filtered.undecided.sum()) == n_unknown
    assert filtered.ranks.notna().all()


@pytest.mark.parametrize("level", ["commune", "epci", "departement", "region"])
@pytest.mark.parametrize("indicator", ["apl_65_2023", "population", "population_per_msp", "apl_at_risk_share_2023"])
def test_at_each_level_all_that_is_mapped_is_listed_once(level, indicator):
    units, drawn = listed(View(indicateur=indicator, maille=level, territoire=Territory("region", "76")))
    assert units.ranks.index.is_unique
    assert len(units.ranks) == len(drawn.values.classes) - drawn.values.classes.count("x")
    rows = export_rows(units, drawn, "")
    assert list(rows["Code"]) == list(units.ranks.index)
    classes = set(rows["Classe"]) - {""}
    assert classes <= {entry.label for entry in drawn.legend.entries}


@pytest.mark.parametrize(
    ("level", "said"), [("epci", "Chaque EPCI compte en entier"), ("aire_attraction", "Chaque aire d’attraction")]
)
def test_people_of_a_grouping_may_outnumber_those_of_the_place_and_it_is_said(level, said):
    vaucluse = View(maille=level, territoire=Territory("departement", "84"))
    assert said in tell_list(listed(vaucluse)[0], ListState())
    assert "en entier" not in tell_list(listed(vaucluse.with_(maille="commune"))[0], ListState())


def test_a_search_needs_no_accent_and_takes_a_code():
    assert "48061" in listed(LOZERE, searched="FLORAC")[0].ranks.index
    names = load_gazetteer()
    found = listed(LOZERE, searched="saint etienne")[0].ranks.index
    assert len(found)
    assert all("Saint-Étienne" in names.name(Territory("commune", code)) for code in found)
    assert list(listed(LOZERE, searched="48095")[0].ranks.index) == ["48095"]


def test_an_address_is_read_and_what_it_cannot_mean_is_said():
    assert read_list({"criteres": ADDRESS}) == (ListState(WORSE_THAN), [])
    assert read_list(ListState(WORSE_THAN).to_query()) == (ListState(WORSE_THAN), [])
    state, notices = read_list({"criteres": f"{ADDRESS}~inconnu.plus.1~apl_65_2023.moins.1e400"})
    assert state == ListState(WORSE_THAN)
    assert len(notices) == 2
    state, notices = read_list({"criteres": ""})
    assert state == ListState()
    assert "vide" in notices[0]


def test_the_page_says_how_many_communes_meet_the_criteria_and_who_lives_there():
    app = open_page("carte", territoire="departement-48", criteres=ADDRESS)
    assert not app.error
    units, _ = listed(LOZERE, WORSE_THAN)
    said = texts(app).replace("\u202f", " ").replace("\u00a0", " ")
    assert f"{int(units.kept.sum())} communes sur 152 remplissent les critères" in said
    assert f"{int(units.people(units.kept)):,} habitants y vivent".replace(",", " ") in said
    assert "75 ans ou plus : plus de 12 %" in said


def test_a_criterion_is_added_changed_refused_and_taken_away():
    app = open_page("carte", territoire="departement-48")
    app.button(key="criterion_add").click().run()
    assert criteria_of(app) == "apl_65_2023.moins.2.5"
    app.text_input(key="criterion_0_value_number").input("1,75").run()
    assert criteria_of(app) == "apl_65_2023.moins.1.75"
    app.text_input(key="criterion_0_value_number").input("beaucoup").run()
    assert criteria_of(app) == "apl_65_2023.moins.1.75"
    assert any("beaucoup" in error.value and "1,75" in error.value for error in app.error)
    choose(app, "criterion_0_indicator", "Zonage")
    assert criteria_of(app) == "zone.est.ZIP"
    app.button(key="criterion_0_remove").click().run()
    assert "criteres" not in app.query_params
    assert not app.exception


def test_a_filter_that_nothing_meets_says_what_each_criterion_leaves():
    app = open_page("carte", territoire="departement-48", criteres="apl_65_2023.moins.0~share_75plus.plus.12")
    assert not app.error
    told = next(info.value for info in app.info if "Rien ne remplit" in info.value)
    assert "moins de 0 : 0 commune" in told
    assert criteria_of(app) == "apl_65_2023.moins.0~share_75plus.plus.12"


def test_a_criterion_that_the_level_lacks_is_kept_and_has_no_effect():
    app = open_page("carte", territoire="departement-48", maille="epci", criteres="zone.est.ZIP")
    assert not app.error
    assert "sans effet ici" in texts(app)
    assert criteria_of(app) == "zone.est.ZIP"
    assert not is_filtered(ListState((Criterion("zone", "est", "ZIP"),)), View(maille="epci"))


def test_the_files_have_class_population_places_dates_and_the_filter(monkeypatch):
    given = {}
    real = st.download_button

    def keep(label, data, **options):
        given[label] = (options["file_name"], data)
        return real(label, data, **options)

    monkeypatch.setattr(st, "download_button", keep)
    open_page("carte", territoire="departement-48", criteres=ADDRESS)
    name, write = given["CSV"]
    assert name == "maillage_apl_65_2023_departement-48_commune.csv"
    table = pd.read_csv(io.BytesIO(write()), sep=";", decimal=",", dtype={"Code": str})
    assert {"Rang", "Nom", "Classe", "Population municipale", "Département", "EPCI", "Millésime", "Nature"} <= set(
        table
    )
    assert (table["Filtre"].str.contains("75 ans ou plus : plus de 12")).all()
    content = io.BytesIO(given["XLSX avec les sources"][1]())
    book = pd.read_excel(content, sheet_name="Sources", skiprows=2, engine="openpyxl")
    assert {"DREES", "INSEE"} <= {producer.split()[0].strip(",") for producer in book["Producteur"]}


def test_a_first_criterion_is_on_the_bad_side():
    assert propose("apl_65_2023", "commune") == Criterion("apl_65_2023", "moins", 2.5)
    assert propose("nearest_msp_min", "commune").operator == "plus"
    assert np.isfinite(propose("nearest_msp_min", "commune").value)
    assert tell_criterion(Criterion("zone", "sauf", "ZIP")) == (
        "Zonage : n’est pas « Zone d’intervention prioritaire »"
    )


def test_the_chosen_row_says_its_place():
    view = LOZERE.with_(selection=Territory("commune", "48095"))
    units, _ = listed(view)
    assert "Mende** :" in tell_list(units, ListState())
    assert FRANCE.key not in tell_list(units, ListState())
