"""The indicators that only a sync informs: offered, dated and cited once it is there, asked for politely before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
import streamlit as st

from coverage import practitioners_communes
from coverage.definitions import INDICATORS
from coverage.gazetteer import Territory
from data import store
from data.readers.rpps_practitioners import GP, PROFESSIONS
from data.sync import versions
from data.sync.run import sync
from pages.parts.figures import cite, format_figure
from pages.parts.map_values import draw_values
from pages.parts.numbers import format_number
from pages.parts.tables import level_table, offered_indicators
from reports.facts import Facts
from reports.tables import describe_sources
from tests.test_data.care_files import bpe_file
from tests.test_pages.test_screens import ROOT, open_page, texts

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "insee_bpe_communes"
INDICATOR = "bpe_gp_per_100k"
TARN = Territory("departement", "81")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    """No table is lent from a test to the next."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "data"))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def bring(tmp_path: Path) -> pd.DataFrame:
    """Sync a made-up BPE of all France, but Mayotte: ten GPs and a pharmacy in every commune that has a prefecture."""
    communes = store.load("communes")
    prefectures = set(store.load("departements")["prefecture_code"])
    places = communes.loc[communes["commune_code"].isin(prefectures) & (communes["departement_code"] != "976")]
    path = tmp_path / "DS_BPE_2024_data.csv"
    lines = [
        (code, "COM", kind, n)
        for code in places["commune_code"]
        for kind, n in (("D265", 10), ("D281", 3), ("D307", 1))
    ]
    path.write_bytes(bpe_file(*lines))
    (outcome,) = sync([SOURCE], complete=False, own_file=path, say=lambda _: None)
    assert outcome.status == "installed", outcome.sentence
    st.cache_resource.clear()
    return places


def test_before_the_update_no_list_offers_them_and_the_method_says_how():
    carte, classement = open_page("carte"), open_page("classement")
    for app, key in ((carte, "field_indicateur"), (classement, "ranked_indicator")):
        assert not [option for option in app.selectbox(key=key).options if "BPE par commune" in option]
    portrait = next(t.value for t in open_page("territoire").dataframe if "Thème" in t.value)
    assert not portrait["Indicateur"].str.contains("par commune", regex=False).any()
    method = open_page("sources")
    after = next(box for box in method.expander if box.label == "Après mise à jour")
    said = " ".join(item.value for item in (*after.markdown, *after.caption))
    assert all(card.label in said for card in INDICATORS.values() if card.table)
    assert "Base permanente des équipements : professionnels de santé" in said


@pytest.mark.parametrize(("page", "field"), [("carte", "indicateur"), ("classement", "rang_indicateur")])
def test_an_address_that_asks_for_one_is_told_which_update_it_needs(page, field):
    app = open_page(page, **{field: INDICATOR})
    assert not app.exception
    if page == "carte":  # the other page is reached after the first has read the address
        (warning,) = app.warning
        assert "cet indicateur demande la mise à jour « Base permanente des équipements" in warning.value
        assert "(page Mise à jour)" in warning.value
    assert getattr(app.session_state["view"], field) != INDICATOR


def test_once_synced_the_map_offers_it_with_its_vintage_and_its_source(tmp_path):
    places = bring(tmp_path)
    app = open_page("carte", indicateur=INDICATOR, maille="departement", territoire="departement-81")
    assert not app.exception
    assert not app.warning
    offered = app.selectbox(key="field_indicateur")
    assert "Démographie · Médecins généralistes pour 100 000 habitants (INSEE, BPE par commune)" in offered.options
    assert offered.value == INDICATOR
    assert "équipements au 1er janvier 2024, mesuré" in " ".join(item.proto.body for item in app.get("html"))
    assert "INSEE, BPE 2024" in texts(app)
    table = level_table("departement")
    people = store.load("communes").groupby("departement_code")["population"].sum()
    assert table.loc["81", INDICATOR] == pytest.approx(10 / people["81"] * 100_000)
    assert table["n_bpe_gp"].sum() == 10 * len(places)
    assert format_figure(INDICATOR, Territory("departement", "976")) == "n.d."
    drawn = draw_values(INDICATOR, "departement", Territory("france", "FR"), "quantiles", 5)
    assert drawn.values.vintage == "équipements au 1er janvier 2024, mesuré"
    assert cite(INDICATOR).startswith("INSEE, BPE 2024 ; ")


def test_once_synced_the_other_pages_show_it_and_the_reports_cite_it(tmp_path):
    bring(tmp_path)
    classement = open_page("classement", rang_indicateur=INDICATOR)
    assert not classement.exception
    assert classement.session_state["view"].rang_indicateur == INDICATOR
    assert "équipements au 1er janvier 2024" in texts(classement)
    portrait = next(t.value for t in open_page("territoire").dataframe if "Thème" in t.value)
    row = portrait[portrait["Indicateur"] == INDICATORS[INDICATOR].label].iloc[0]
    assert row["Millésime"] == "équipements au 1er janvier 2024"
    after = next(box for box in open_page("sources").expander if box.label == "Après mise à jour")
    assert len(after.caption) == 1  # the RPPS alone is missing
    facts = Facts.of_snapshot()
    assert facts.indicator(INDICATOR).vintage == "équipements au 1er janvier 2024"
    assert facts.value("n_bpe_gp", TARN) == 10
    assert "INSEE, BPE 2024" in facts.cite(INDICATOR)
    assert describe_sources([INDICATOR], facts.sources)[0]["Producteur"] == "INSEE"


def test_when_the_update_is_undone_the_session_that_showed_it_goes_back(tmp_path):
    bring(tmp_path)
    app = open_page("carte", indicateur=INDICATOR)
    assert app.session_state["view"].indicateur == INDICATOR
    versions.roll_back(SOURCE)
    st.cache_resource.clear()
    app.run()
    assert not app.exception
    assert app.session_state["view"].indicateur == "apl_65_2023"
    assert any("demande la mise à jour" in warning.value for warning in app.warning)


def test_no_gp_is_written_none_and_few_are_shown(tmp_path):
    bring(tmp_path)
    assert format_figure("population_per_bpe_gp", Territory("commune", "81065")) == "aucun"  # Castres, no prefecture
    albi = Territory("commune", "81004")  # three nurses
    expected = format_number(3e5 / level_table("commune")["population"]["81004"], 1)
    assert format_figure("bpe_nurses_per_100k", albi, unit=False) == expected
    drawn = draw_values("population_per_bpe_gp", "commune", TARN, "quantiles", 5)
    assert "aucun généraliste" in [entry.label for entry in drawn.legend.entries]


def test_without_the_tables_nothing_is_cited_and_nothing_fails():
    assert INDICATOR not in offered_indicators()
    assert "BPE" not in cite(INDICATOR)
    assert format_figure(INDICATOR, TARN) == "n.d."
    facts = Facts.of_snapshot()
    assert facts.indicators.keys() == offered_indicators().keys()
    assert "BPE" not in facts.cite(INDICATOR)


def test_the_words_of_the_rpps_are_those_of_its_reader():
    assert practitioners_communes.GP == GP
    assert practitioners_communes.LIBERAL == "liberal"
    assert "infirmier" in PROFESSIONS.values()
