"""The CPTS page as Streamlit runs it: where perimeters are known and not, with a list, badly addressed."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from coverage.territories.gazetteer import FRANCE, Territory
from data.cpts.saved import CptsList, list_path, load_list
from pages.app import perimeters as cpts_lists
from pages.app.owner import Owner
from pages.app.perimeters import KEPT, Perimeters, available
from pages.app.tables import load_gazetteer, load_table
from pages.screens.cpts import data as cpts_data
from pages.screens.cpts.card import communes_table
from pages.screens.cpts.data import coverage_by, facts_of, members_in
from pages.screens.cpts.importing import name_departements
from pages.screens.cpts.map import (
    COLOURS,
    PALETTE,
    PART_COLOUR,
    PART_LABEL,
    SHARED_COLOUR,
    SHARED_LABEL,
    WHITE_LABEL,
    draw_cpts,
    draw_unknown,
)
from pages.screens.cpts.page import _view_of
from pages.screens.cpts.state import CptsChoice
from pages.screens.cpts.tables import coverage_table, hide_small_counts
from pages.screens.cpts.words import say_funding, say_gps, say_size, tell_coverage, tell_seats
from pages.widgets.map.places import look_at
from tests.pages.choosing import choose, chosen_in
from tests.pages.test_screens import ROOT, open_page, texts
from tests.toy_cpts import perimeters_of

LOZERE = Territory("departement", "48")
SMALL = (
    "CPTS;Code commune;Commune\nCPTS de Mende;48095;Mende\nCPTS de Mende;48061;Florac Trois Rivières\n"
    "CPTS du Sud;48061;Florac Trois Rivières\nCPTS du Sud;48006;\nCPTS du Sud;99999;Nulle-Part\n"
)
"""48006 is in Les Monts-Verts (48012) today; 99999 never was a commune."""


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))


def perimeters(members, known=("48",), version="essai"):
    return Perimeters(perimeters_of(members), frozenset(known), "liste", "liste « essai.csv »", "", version)


def give(app, text, name="cpts.csv"):
    app.file_uploader(key="cpts_upload").set_value((name, text.encode(), "text/csv"))
    return app.run()


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def test_without_perimeters_the_page_says_what_is_missing_and_how_to_get_it():
    app = open_page("cpts", territoire="region-76")
    assert not app.exception
    said = texts(app)
    assert "Les périmètres des CPTS ne sont pas connus ici" in said
    assert "la page **Mise à jour** apporte la couche nationale" in said
    assert "82 sièges" in said
    assert "82\u00a0%" in said  # published for France, never computed here
    assert not app.metric


def test_lines_without_a_cpts_are_asked_about_and_taken_when_their_owner_says_so():
    app = give(open_page("cpts", territoire="departement-48"), "CPTS;Code INSEE\nCPTS A;48095\n;48092\n;48061\n")
    assert "2 lignes n’ont pas de CPTS" in texts(app)
    assert "ligne 3 : celle du dessus, « CPTS A » ?" in texts(app)
    assert "1 CPTS et 1 commune" in app.success[0].value
    app.button(key="cpts_from_above").click().run()
    assert not app.exception
    assert "1 CPTS et 3 communes" in app.success[0].value
    assert "2 lignes sans CPTS" in texts(app)
    app.button(key="cpts_from_above").click().run()
    assert "1 CPTS et 1 commune" in app.success[0].value


def test_where_finess_is_not_loaded_seats_are_nd():
    app = open_page("cpts", territoire="departement-976")
    assert not app.exception
    assert any("Sièges : n.d." in info.value for info in app.info)


def test_a_list_given_is_read_reported_and_counted():
    app = give(open_page("cpts", territoire="departement-48"), SMALL)
    assert not app.exception
    assert "2 CPTS et 3 communes" in app.success[0].value
    assert "1 ligne laissée de côté" in texts(app)
    report = next(frame.value for frame in app.dataframe if "Ce qui a été vu" in frame.value)
    assert report["Ligne"].tolist() == [5, 6]
    choose(app, "cpts_complete", "Lozère (48)")
    people = load_table("communes").set_index("commune_code")["population"]
    lozere = people[load_gazetteer().mask(LOZERE)].sum()
    share = 100 * people[["48095", "48061", "48012"]].sum() / lozere
    assert metrics(app)["Population couverte"] == f"{share:.1f} %".replace(".", ",").replace(" ", "\u00a0")
    assert metrics(app)["CPTS"] == "2"
    assert metrics(app)["Communes dans deux CPTS"] == "1"


def territory_of(app):
    return app.session_state["view"].territoire.key


def test_the_page_opens_on_all_of_the_list_given_and_leads_back():
    app = give(open_page("cpts", territoire="commune-48095"), SMALL)  # the list goes beyond Mende
    assert not app.exception
    assert territory_of(app) == "departement-48"
    assert metrics(app)["CPTS"] == "2 au moins"
    assert "La page s’ouvre sur toute votre liste : Lozère." in texts(app)
    app.button(key="cpts_whole_list").click().run()
    assert territory_of(app) == "commune-48095"
    assert app.button(key="cpts_whole_list").label == "Voir toute ma liste : Lozère"
    app.button(key="cpts_whole_list").click().run()
    assert territory_of(app) == "departement-48"
    assert "cpts_whole_list" not in {button.key for button in app.button}  # all of it is there


def test_a_list_kept_is_what_the_page_opens_on_unless_the_address_says_where():
    give(open_page("cpts", territoire="departement-48"), SMALL)
    assert territory_of(open_page("cpts")) == "departement-48"
    assert territory_of(open_page("cpts", territoire="france")) == "france"
    elsewhere = open_page("cpts", territoire="departement-32")
    assert territory_of(elsewhere) == "departement-32"
    assert elsewhere.button(key="cpts_whole_list").label == "Voir toute ma liste : Lozère"


def test_a_file_that_cannot_be_read_leaves_the_list_in_place():
    app = give(open_page("cpts", territoire="departement-48"), SMALL)
    give(app, "rien;de;bon\n1;2;3\n", "autre.csv")
    assert not app.exception
    assert "autre.csv" in app.error[0].value
    assert metrics(app)["CPTS"] == "2 au moins"  # the list is not said to be complete


def test_where_the_list_is_not_complete_coverage_is_nd():
    app = give(open_page("cpts", territoire="departement-48"), SMALL)
    choose(app, "cpts_complete")
    assert metrics(app)["Population couverte"] == "n.d."
    choose(app, "cpts_complete", "Lozère (48)")
    assert metrics(app)["Population couverte"] != "n.d."


def test_a_list_says_nothing_of_what_it_does_not_name_until_it_is_said_complete():
    one = "CPTS;Code commune\nCPTS de Mende;48095\n"
    app = give(open_page("cpts", territoire="departement-48"), one)
    assert metrics(app)["Population en zone blanche"] == "n.d."
    assert chosen_in(app, "cpts_complete") == []
    assert any("Lozère (48) 16" in info.value for info in app.info)  # 12 000 of 77 000 inhabitants
    app.query_params["territoire"] = "france"
    app.run()
    assert metrics(app)["Population en zone blanche"] == "n.d."
    choose(app, "cpts_complete", "Lozère (48)")
    assert metrics(app)["Population en zone blanche"].endswith(" au moins")


def test_lines_left_aside_never_make_a_white_zone_that_is_sure():
    app = give(open_page("cpts", territoire="departement-48"), SMALL)
    choose(app, "cpts_complete", "Lozère (48)")
    assert metrics(app)["Population en zone blanche"].endswith(" au plus")
    assert "1 ligne de la liste" in texts(app)
    app.query_params["territoire"] = "france"
    app.run()
    assert metrics(app)["Population en zone blanche"].endswith(" au plus, là où la liste est complète")


def test_a_list_is_forgotten_when_asked():
    app = give(open_page("cpts", territoire="departement-48"), SMALL)
    app.button(key="cpts_forget").click().run()
    assert not app.exception
    assert "Les périmètres des CPTS ne sont pas connus ici" in texts(app)


def test_choosing_a_cpts_opens_its_card_and_stands_in_the_address():
    app = give(open_page("cpts", territoire="departement-48"), SMALL)
    choose(app, "cpts_chosen", "CPTS de Mende")
    assert not app.exception
    assert app.query_params["c_cpts"] in ("cpts-de-mende", ["cpts-de-mende"])
    assert any(title.value == "CPTS de Mende" for title in app.subheader)


def test_a_bad_address_is_said_and_the_page_stays_up():
    app = open_page("cpts", territoire="departement-48", c_commune="00000", c_source="x", c_cpts=" ")
    assert not app.exception
    assert len(app.warning) == 3
    app = open_page("cpts", territoire="departement-48", c_cpts="inconnue")
    give(app, SMALL)
    assert not app.exception


def test_every_territory_opens_with_a_list():
    app = give(open_page("cpts", territoire="departement-48"), SMALL)
    for key in ("france", "region-53", "commune-48095", "epci-200069151"):
        app.query_params["territoire"] = key
        app.run()
        assert not app.exception
        assert not app.error


def test_the_map_of_a_commune_shows_its_whole_cpts_and_the_commune_alone_without_one():
    gazetteer = load_gazetteer()
    known = perimeters({"a": ["48095", "48061"], "b": ["48012"]})
    west, south, east, north = _view_of(gazetteer, known, Territory("commune", "48095")).bounds
    rows = gazetteer.communes.set_index("commune_code").loc[["48095", "48061"]]
    assert rows["longitude"].between(west, east).all()
    assert rows["latitude"].between(south, north).all()
    alone = Territory("commune", "48009")
    assert _view_of(gazetteer, known, alone) == look_at(gazetteer, alone)
    assert _view_of(gazetteer, known, LOZERE) == look_at(gazetteer, LOZERE)


def test_a_choice_is_written_and_read_back():
    choice = CptsChoice(cpts="a", commune="48095", source="sync")
    assert CptsChoice.from_query(choice.to_query(), load_gazetteer()) == (choice, [])
    assert CptsChoice().to_query() == {}


def test_the_map_tells_covered_shared_white_and_unknown_apart():
    shown = perimeters({"a": ["48095", "48061"], "b": ["48061"]}, version="carte")
    codes = list(load_table("communes")["commune_code"])
    drawn = draw_cpts(shown, FRANCE)
    letter = dict(zip(codes, drawn.values.classes, strict=True))
    colour = {code: PALETTE[int(letter[code])] for code in ("48095", "48061", "48092")}
    assert colour["48095"] in COLOURS
    assert colour["48061"] == SHARED_COLOUR
    assert colour["48092"] == "#ffffff"  # Marvejols: in none, and the list is complete in Lozère
    assert letter["12145"] == "n"  # Millau: another department
    text = dict(zip(codes, drawn.values.texts, strict=True))
    assert text["48061"] == "CPTS a ; CPTS b"
    assert text["48092"] == WHITE_LABEL
    assert text["12145"] is None
    labels = {entry.label: entry.count for entry in drawn.legend.entries}
    assert labels["CPTS a"] == 1
    assert labels[SHARED_LABEL] == 1
    assert labels[WHITE_LABEL] == 152 - 2
    outside = dict(zip(codes, draw_cpts(shown, LOZERE).values.classes, strict=True))
    assert outside["12145"] == "x"
    assert set(draw_unknown(LOZERE).values.classes) == {"n", "x"}


def test_coverage_by_territory_puts_the_least_covered_first_and_the_unknown_last():
    shown = perimeters({"a": ["48095"]}, version="territoires")
    table = coverage_table(load_gazetteer(), facts_of(shown), Territory("region", "76"))
    assert table["Département"].iloc[0] == "Lozère (48)"
    assert table["Population couverte (%)"].iloc[1:].isna().all()
    assert table["Communes blanches"].iloc[0] == 151
    share = coverage_by(facts_of(shown), "region", where_known=True)["76"]
    assert table["Population couverte (%)"].iloc[0] == pytest.approx(100 * share)


def test_a_cpts_astride_two_departments_is_shown_in_both_whole():
    shown = perimeters({"a": ["48095", "12145"], "b": ["32013"]})
    assert members_in(shown, Territory("departement", "12"))["commune_code"].tolist() == ["12145", "48095"]
    assert len(members_in(shown, FRANCE)) == 3


def test_departments_that_make_a_region_are_named_by_it():
    gazetteer = load_gazetteer()
    inside = set(gazetteer.within(Territory("region", "94"), "departement")["departement_code"])
    assert name_departements(gazetteer, inside) == "Corse"
    assert name_departements(gazetteer, {*inside, "48"}) == "Corse, Lozère (48)"
    assert name_departements(gazetteer, {"48", "32"}) == "Gers (32), Lozère (48)"
    assert name_departements(gazetteer, ()) == ""


def test_many_cpts_share_the_colours_and_the_legend_says_how():
    names = {
        f"c{rank}": [code] for rank, code in enumerate(["48095", "48092", "48061", "48080", "48140", "48009", "48198"])
    }
    legend = draw_cpts(perimeters(names, version="beaucoup"), LOZERE).legend
    assert legend.entries[0].label == "dans une CPTS (7 en tout)"
    assert legend.entries[0].count == 7
    assert "voisines" in legend.note


def test_small_counts_of_gps_leave_neither_the_table_nor_the_file():
    table = pd.DataFrame(
        {"Généralistes": [3.0, 5.0, np.nan, 0.0], "Généralistes / 100 000 hab.": [9.0, 8.0, np.nan, 0.0]}
    )
    shown, given = hide_small_counts(table)
    assert shown["Généralistes"].fillna(-1).tolist() == [1.0, 5.0, -1.0, 0.0]  # 1 stands for all from 1 to 4
    assert shown["Généralistes / 100 000 hab."].isna().tolist() == [True, False, True, False]
    assert given["Généralistes"].tolist()[:2] == ["NS", 5.0]
    assert [say_gps(count) for count in (1.0, 4.0, 5.0, float("nan"), 0.0, 1234.0)] == [
        "NS", "NS", "5", "n.d.", "0", "1\u202f234",
    ]  # fmt: skip


def test_funding_is_the_published_range_with_its_condition():
    said = re.sub(r"\s", " ", say_funding())
    assert said == "de 287 500 € à 580 000 € par an, selon la population couverte et l’atteinte des objectifs"
    assert say_size(float("nan")) == "n.d."
    assert say_size(2.0) == "taille 2"


def with_tables(monkeypatch, tables):
    manifest = cpts_data.store.manifest()
    manifest["tables"] |= {name: {"sha256": f"essai-{name}"} for name in tables}
    monkeypatch.setattr(cpts_data.store, "manifest", lambda: manifest)
    monkeypatch.setattr(cpts_data, "load_table", lambda name: tables[name] if name in tables else load_table(name))


def test_the_gps_of_the_bpe_stay_unknown_where_it_does_not_know(monkeypatch):
    bpe = pd.DataFrame({"commune_code": ["48061", "48095"], "n_gp": [np.nan, 12.0]})
    with_tables(monkeypatch, {"bpe_communes": bpe})
    assert cpts_data.gp_table() == "bpe_communes"
    assert cpts_data._gps()[["48061", "48095"]].isna().tolist() == [True, False]


def test_the_gps_of_the_rpps_are_self_employed_and_nobody_is_nobody(monkeypatch):
    rpps = pd.DataFrame(
        [
            ("48095", "medecin_generaliste", "liberal", 12),
            ("48095", "medecin_generaliste", "salarie", 5),
            ("48095", "infirmier", "liberal", 40),
        ],
        columns=["commune_code", "profession", "practice_mode", "n_practitioners"],
    )
    with_tables(monkeypatch, {"rpps_practitioners": rpps})
    gps = cpts_data._gps()
    assert gps["48095"] == 12.0
    assert gps["48061"] == 0.0
    assert np.isnan(gps["32013"])  # no line at all in its department: not covered, not without GPs
    assert len(gps) == len(load_table("communes"))


@pytest.mark.parametrize("name", ["cpts", "suivi"])
def test_a_missing_snapshot_is_a_clear_sentence(name, tmp_path, monkeypatch):
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(tmp_path / "nowhere"))
    st.cache_resource.clear()
    app = open_page(name)
    assert not app.exception
    assert any("ne peut pas être affichée" in error.value for error in app.error)
    st.cache_resource.clear()


def kept(members, name="essai.csv"):
    return CptsList(name, pd.Timestamp("2026-11-22").date(), ("48",), perimeters_of(members))


def as_owner(monkeypatch, kind):
    monkeypatch.setattr(cpts_lists, "current_owner", lambda: Owner(f"{kind}:moi", kind))
    st.session_state.pop(KEPT, None)


def test_a_list_is_there_the_next_time_on_the_readers_own_machine(monkeypatch, tmp_path):
    as_owner(monkeypatch, "poste")
    assert cpts_lists.keep_list(kept({"a": ["48095"]})) == "Elle sera là la prochaine fois."
    st.session_state.pop(KEPT)
    assert cpts_lists.own_list().perimeters["commune_code"].tolist() == ["48095"]
    assert list(cpts_lists.available()) == ["liste", "sync"]
    cpts_lists.drop_list()
    assert cpts_lists.own_list() is None
    assert load_list("poste:moi", load_table("communes"), load_table("commune_history"), tmp_path) is None


def test_a_reader_known_by_a_key_leaves_nothing_on_the_server(monkeypatch, tmp_path):
    as_owner(monkeypatch, "cle")
    assert "cette session" in cpts_lists.keep_list(kept({"a": ["48095"]}))
    assert cpts_lists.own_list() is not None
    assert not list(tmp_path.rglob("*.json"))


def test_an_unwritable_folder_keeps_the_list_for_the_session_and_says_why(monkeypatch, tmp_path):
    as_owner(monkeypatch, "poste")
    (tmp_path / "cpts").write_text("un fichier à la place du dossier")
    assert "cette session seulement" in cpts_lists.keep_list(kept({"a": ["48095"]}))
    assert cpts_lists.own_list() is not None


def test_a_damaged_kept_list_is_said_and_forgotten_for_the_session(monkeypatch):
    as_owner(monkeypatch, "poste")
    path = list_path("poste:moi")
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert cpts_lists.own_list() is None


def test_synced_perimeters_know_the_regions_where_a_cpts_lives(monkeypatch):
    table = perimeters_of({"a": ["48095", "43157"]})
    manifest = cpts_lists.store.manifest()
    manifest["tables"]["cpts_perimeters"] = {"sha256": "essai-de-regions", "covered_regions": []}
    monkeypatch.setattr(cpts_lists.store, "manifest", lambda: manifest)
    monkeypatch.setattr(cpts_lists, "load_table", lambda name: table if name == "cpts_perimeters" else load_table(name))
    as_owner(monkeypatch, "cle")
    synced = cpts_lists.available()["sync"]
    lives_in = load_table("communes").set_index("commune_code")["population"][["48095", "43157"]].idxmax()
    region = load_table("communes").set_index("commune_code").loc[lives_in, "region_code"]
    departements = load_gazetteer().departements
    assert synced.known_departements == set(departements.loc[departements["region_code"] == region, "departement_code"])


def test_vaucluse_is_there_without_a_sync():
    app = open_page("cpts", territoire="departement-84")
    assert not app.exception
    shown = metrics(app)
    assert shown["Population couverte"] == "100,0\u00a0%"
    assert shown["CPTS"] == "10"
    assert shown["Population en zone blanche"] == "0"
    said = texts(app)
    assert "Les périmètres des CPTS ne sont pas connus ici" not in said
    assert "DAC de PACA" in said
    listed = next(frame.value for frame in app.dataframe if "N° FINESS" in frame.value)
    assert len(listed) == 10
    drome = listed[listed["CPTS"].str.startswith("CPTS Drôme Provençale")]
    assert drome["Population"].isna().all()  # it goes beyond the region
    assert listed["Population"].notna().sum() == 9


def test_the_region_is_covered_as_its_source_says_and_its_white_communes_are_listed():
    app = open_page("cpts", territoire="region-93")
    shown = metrics(app)
    assert shown["Population couverte"] == "98,7\u00a0%"
    assert shown["CPTS"] == "70"
    assert shown["Communes dans deux CPTS"] == "0"
    assert "48 communes sans CPTS" in texts(app)


def test_the_country_says_where_it_is_known_and_nothing_elsewhere():
    app = open_page("cpts")
    assert not app.exception
    shown = metrics(app)
    assert shown["Population couverte"] == "n.d."
    assert shown["CPTS"] == "70 au moins"
    assert "98,7\u00a0% là où la liste est complète : Provence-Alpes-Côte d’Azur" in texts(app).replace("'", "’")


def test_a_cpts_of_marseille_counts_the_people_of_its_arrondissements():
    app = open_page("cpts", territoire="commune-13055", c_cpts="cpts-coordination-sante-marseille-1-2-3")
    assert not app.exception
    people = load_table("arrondissements").set_index("arrondissement_code")["population"]
    assert "1er, 2e, 3e arrondissements de Marseille : la CPTS n’en couvre qu’une partie" in texts(app)
    assert metrics(app)["Communes dans deux CPTS"] == "0"
    portrait = facts_of(cpts_lists.available()["sync"]).portrait
    rows = cpts_lists.available()["sync"].table
    marseille = rows[rows["commune_code"] == "13055"]
    assert people[marseille["unit_code"]].sum() == 886_040  # the sixteen, each once
    alone = set(marseille["cpts_id"]) - set(rows.loc[rows["commune_code"] != "13055", "cpts_id"])
    for cpts_id in alone:
        units = marseille.loc[marseille["cpts_id"] == cpts_id, "unit_code"]
        assert portrait.loc[cpts_id, "population"] == people[units].sum()
    apl = load_table("apl").query("vintage == 2023").set_index("unit_code")["apl_65"]
    assert portrait.loc["cpts-marseille-7e", "apl"] == apl["13207"]


def test_the_three_cpts_of_nice_have_unknown_people_and_nice_is_covered():
    facts = facts_of(cpts_lists.available()["sync"])
    nice = facts.portrait[facts.portrait["name"].str.startswith("CPTS Nice")]
    assert len(nice) == 3
    assert nice.loc[:, "population":].isna().all().all()
    assert facts.n_by_commune["06088"] == 1.0
    app = open_page("cpts", territoire="commune-06088", c_commune="06088", c_cpts="cpts-nice-ouest-valee")
    assert not app.exception
    assert "est dans 3 CPTS, chacune pour une partie" in texts(app)
    assert "Nice : la CPTS n’en couvre qu’une partie, dont la population est inconnue." in texts(app)


LYON = (
    "CPTS;Code INSEE;Commune\nCPTS Gerland;69387;Lyon 7e Arrondissement\nCPTS Monplaisir;69388;\n"
    "CPTS Monplaisir;69383;Lyon 3e\n"
)


def test_two_cpts_of_lyon_are_parts_of_it_everywhere_on_the_page():
    app = give(open_page("cpts", territoire="commune-69123"), LYON)
    assert not app.exception
    report = next(frame.value for frame in app.dataframe if "Ce qui a été vu" in frame.value)
    assert set(report["Ce qui a été vu"]) == {"arrondissement de Lyon : la CPTS n’en couvre qu’une partie"}
    assert "ancien code" not in texts(app)
    assert metrics(app)["Communes dans deux CPTS"] == "0 au moins"
    listed = next(frame.value for frame in app.dataframe if "N° FINESS" in frame.value).set_index("CPTS")
    people = load_table("arrondissements").set_index("arrondissement_code")["population"]
    assert listed.loc["CPTS Gerland", "Population"] == people["69387"]
    assert listed.loc["CPTS Monplaisir", "Population"] == people[["69383", "69388"]].sum()


def test_a_list_of_elsewhere_leaves_the_published_perimeters_where_it_says_nothing():
    app = give(open_page("cpts", territoire="departement-69"), LYON)
    assert metrics(app)["CPTS"] == "2 au moins"
    app.query_params["territoire"] = "departement-84"
    app.run()
    assert not app.exception
    assert metrics(app)["CPTS"] == "10"
    assert "DAC de PACA" in texts(app)


def test_no_two_neighbours_of_the_region_have_the_same_colour():
    published = cpts_lists.available()["sync"]
    facts = facts_of(published)
    codes = pd.Index(load_table("communes")["commune_code"])
    whole = published.table[~cpts_data.is_in_part(published.table)].set_index("commune_code")["cpts_id"]
    borders = cpts_data._borders(codes.isin(whole.index))
    assert len(borders) > 1_000
    for one, other in borders:
        first, second = whole[codes[one]], whole[codes[other]]
        assert first == second or facts.colours[first] != facts.colours[second], (first, second)


def test_a_city_covered_by_parts_has_a_colour_of_its_own_and_the_parts_are_named():
    shown = perimeters({"a": ["69387", "69388"], "b": ["69383"], "c": ["69266"]}, known=("69",), version="lyon")
    codes = list(load_table("communes")["commune_code"])
    drawn = draw_cpts(shown, Territory("departement", "69"))
    letter = dict(zip(codes, drawn.values.classes, strict=True))
    assert PALETTE[int(letter["69123"])] == PART_COLOUR
    assert PALETTE[int(letter["69266"])] in COLOURS
    text = dict(zip(codes, drawn.values.texts, strict=True))
    assert text["69123"] == "CPTS a (7e, 8e) ; CPTS b (3e)"
    labels = {entry.label: entry.count for entry in drawn.legend.entries}
    assert labels[PART_LABEL] == 1
    table = communes_table(shown, "a", "apl_65")
    assert table["Étendue"].tolist() == ["arrondissement"] * 2
    assert table["Zone"].tolist() == ["HZ"] * 2  # the city is of two zones
    assert communes_table(shown, "a", "apl").columns[5] == "APL tous âges 2023"
    assert table["Population"].sum() == facts_of(shown).portrait.loc["a", "population"]


def test_the_msp_are_those_of_the_bpe():
    msp, bpe = cpts_data.load_care().msp, load_table("bpe_communes").set_index("commune_code")["n_msp"]
    assert msp is not None
    assert msp[bpe.index].equals(bpe)
    assert np.isnan(msp["69383"])  # the BPE counts Lyon whole


def test_the_page_opens_with_who_is_covered_or_with_the_seats():
    day, before = dt.date(2026, 4, 1), dt.date(2021, 1, 8)
    assert tell_coverage("en Lozère", 3, float("nan"), 0) == ""
    said = tell_coverage("en Lozère", 3, 0.825, 4).replace("\u00a0", " ")
    assert said == "En Lozère, 82,5 % des habitants vivent dans une CPTS (3 en tout) ; 4 communes sans CPTS."
    assert tell_coverage("au Vigan", 1, 1.0, 0).endswith("(1 en tout) ; aucune commune sans CPTS.")
    assert tell_seats("en Lozère", []) == tell_seats("en Lozère", [day, before]) == ""
    assert tell_seats("en Lozère", [day, day]).startswith("En Lozère, 2 CPTS avaient leur siège au 1er avril 2026 ;")
    assert "1 CPTS avait son siège" in tell_seats("au Vigan", [before])


def test_the_sentence_says_the_figures_of_the_cards():
    app = open_page("cpts", territoire="departement-13")
    share = next(metric.value for metric in app.metric if metric.label == "Population couverte")
    assert f"Dans les Bouches-du-Rhône, {share} des habitants vivent dans une CPTS" in texts(app)


def test_where_no_perimeter_is_known_a_department_that_has_some_is_shown():
    app = open_page("cpts", territoire="departement-48")
    app.button(key="cpts_example").click().run()
    assert not app.exception
    assert "Bouches-du-Rhône" in app.title[0].value
    assert metrics(app)["CPTS"] != "0"


@pytest.mark.parametrize("key", ["departement-84", "region-93", "departement-05"])
def test_a_count_of_cpts_without_msp_that_leaves_some_unknown_is_a_lower_bound(key):
    territory = load_gazetteer().parse(key)
    shown = available()["sync"]
    table = facts_of(shown).portrait.loc[members_in(shown, territory)["cpts_id"].unique(), "n_msp"]
    app = open_page("cpts", territoire=key)
    without = sum(1 for n in table if n == 0)
    unknown = sum(1 for n in table if pd.isna(n))
    written = f"{without} au moins" if unknown else str(without)  # Vaucluse: none of those that are known, one n.d.
    assert metrics(app)["CPTS sans MSP"] == written
    assert (f"{unknown} n.d." in texts(app)) == bool(unknown)
