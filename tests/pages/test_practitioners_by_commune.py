"""Practitioners by commune: the embedded BPE, and the RPPS, offered, dated and cited once it was synced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
import streamlit as st

from coverage.indicators import practitioners_communes
from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import Territory
from data import store
from data.readers.rpps_practitioners import GP, PROFESSIONS
from data.sync import versions
from data.sync.run import sync
from pages.app.facts import load_facts
from pages.app.tables import level_table
from pages.widgets.map.values import draw_values
from reports.figures.facts import Facts
from reports.figures.tables import describe_sources
from tests.data.care_files import rpps_file, rpps_line
from tests.pages.choosing import chosen_in, list_of, open_tab, options_of
from tests.pages.test_screens import ROOT, open_page, texts

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "rpps_practitioners"
INDICATOR = "rpps_liberal_gp_per_100k"
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
    """Sync a made-up RPPS of all France, but Mayotte: ten GPs and a nurse in every commune that has a prefecture."""
    communes = store.load("communes")
    prefectures = set(store.load("departements")["prefecture_code"])
    places = communes.loc[communes["commune_code"].isin(prefectures) & (communes["departement_code"] != "976")]
    path = tmp_path / "PS_LibreAcces_Personne_activite_202605040000.txt"
    people = [("10", "SM54")] * 10 + [("60", "")]
    lines = [
        rpps_line(f"{code}{number}", profession, code, skill=skill)
        for code in places["commune_code"]
        for number, (profession, skill) in enumerate(people)
    ]
    path.write_bytes(rpps_file(*lines))
    (outcome,) = sync([SOURCE], complete=False, own_file=path, say=lambda _: None)
    assert outcome.status == "installed", outcome.sentence
    st.cache_resource.clear()
    return places


def test_before_the_update_no_list_offers_them_and_the_method_says_how():
    carte, classement = open_page("carte"), open_page("classement")
    for app, key in ((carte, "field_indicateur"), (classement, "ranked_indicator")):
        assert not [option for option in options_of(app, key) if "RPPS" in option]
    portrait = next(t.value for t in open_page("territoire").dataframe if "Thème" in t.value)
    assert not portrait["Indicateur"].str.contains("RPPS", regex=False).any()
    assert portrait["Indicateur"].str.contains("BPE par commune", regex=False).any()
    method = open_tab(open_page("sources"), "sources_tab", "Indicateurs et formules")
    after = next(box for box in method.expander if box.label == "Après mise à jour")
    said = " ".join(item.value for item in (*after.markdown, *after.caption))
    assert INDICATORS[INDICATOR].label in said
    assert INDICATORS["n_bpe_gp"].label not in said  # embedded
    assert "RPPS" in said


@pytest.mark.parametrize(("page", "field"), [("carte", "indicateur"), ("classement", "rang_indicateur")])
def test_an_address_that_asks_for_one_is_told_which_update_it_needs(page, field):
    app = open_page(page, **{field: INDICATOR})
    assert not app.exception
    if page == "carte":  # the other page is reached after the first has read the address
        (warning,) = app.warning
        assert "cet indicateur demande la mise à jour «" in warning.value
        assert "(page Mise à jour)" in warning.value
    assert getattr(app.session_state["view"], field) != INDICATOR


def test_once_synced_the_map_offers_it_with_its_vintage_and_its_source(tmp_path):
    places = bring(tmp_path)
    app = open_page("carte", indicateur=INDICATOR, maille="departement", territoire="departement-81")
    assert not app.exception
    assert not app.warning
    offered = {name: (group, detail) for _, name, group, detail, _ in list_of(app, "field_indicateur")["options"]}
    group, detail = offered[INDICATORS[INDICATOR].short_label]
    assert group == "Démographie"
    assert INDICATORS[INDICATOR].label in detail
    assert "4 mai 2026" in detail
    assert chosen_in(app, "field_indicateur") == [INDICATORS[INDICATOR].short_label]
    assert "au 4 mai 2026, mesuré" in " ".join(item.proto.body for item in app.get("html"))
    assert "Annuaire santé (RPPS), mai 2026" in texts(app)
    table = level_table("departement")
    people = store.load("communes").groupby("departement_code")["population"].sum()
    assert table.loc["81", INDICATOR] == pytest.approx(10 / people["81"] * 100_000)
    assert (table[INDICATOR] * people / 100_000).sum() == pytest.approx(10 * len(places))
    assert load_facts().figure(INDICATOR, Territory("departement", "976")) == "n.d."
    drawn = draw_values(INDICATOR, "departement", Territory("france", "FR"), "quantiles", 5)
    assert drawn.values.vintage == "au 4 mai 2026, mesuré"
    assert load_facts().cite(INDICATOR).startswith("Annuaire santé (RPPS), mai 2026 ; ")


def test_once_synced_the_other_pages_show_it_and_the_reports_cite_it(tmp_path):
    bring(tmp_path)
    classement = open_page("classement", rang_indicateur=INDICATOR)
    assert not classement.exception
    assert classement.session_state["view"].rang_indicateur == INDICATOR
    assert "au 4 mai 2026" in texts(classement)
    portrait = next(t.value for t in open_page("territoire").dataframe if "Thème" in t.value)
    row = portrait[portrait["Indicateur"] == INDICATORS[INDICATOR].label].iloc[0]
    assert row["Millésime"] == "au 4 mai 2026"
    assert "Après mise à jour" not in [box.label for box in open_page("sources").expander]  # nothing more to bring
    facts = Facts.of_snapshot()
    people = facts.value("population", TARN)
    assert facts.indicator(INDICATOR).vintage == "au 4 mai 2026"
    assert facts.value(INDICATOR, TARN) == pytest.approx(10 / people * 100_000)
    assert "Annuaire santé (RPPS)" in facts.cite(INDICATOR)
    assert "numérique en santé" in describe_sources([INDICATOR], facts.sources, ["commune"])[0]["Producteur"]


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


def test_the_embedded_counts_need_no_update_and_no_gp_is_written_none():
    assert {"n_bpe_gp", "bpe_gp_per_100k"} <= set(load_facts().indicators)
    assert load_facts().figure("n_bpe_gp", Territory("france", "FR"), unit=False) == "60\u202f573"
    assert load_facts().figure("population_per_bpe_gp", Territory("commune", "81001")) == "aucun"
    assert (
        load_facts().figure("population_per_bpe_gp", Territory("commune", "81065"), unit=False) == "1\u202f063"
    )  # Castres
    drawn = draw_values("population_per_bpe_gp", "commune", TARN, "quantiles", 5)
    assert drawn.values.vintage == "équipements au 1er janvier 2024, mesuré"
    assert "aucun généraliste" in [entry.label for entry in drawn.legend.entries]
    assert load_facts().cite("n_bpe_gp").startswith("INSEE, BPE 2024")


def test_without_the_tables_nothing_is_cited_and_nothing_fails():
    assert INDICATOR not in load_facts().indicators
    assert "RPPS" not in load_facts().cite(INDICATOR)
    assert load_facts().figure(INDICATOR, TARN) == "n.d."
    facts = Facts.of_snapshot()
    assert facts.indicators.keys() == load_facts().indicators.keys()
    assert "RPPS" not in facts.cite(INDICATOR)


def test_the_words_of_the_rpps_are_those_of_its_reader():
    assert practitioners_communes.GP == GP
    assert practitioners_communes.LIBERAL == "liberal"
    assert "infirmier" in PROFESSIONS.values()
