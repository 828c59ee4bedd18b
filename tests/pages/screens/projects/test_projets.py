"""« Mes projets » as Streamlit runs it: nothing yet, a list, undo, who sees what; the layer on the map."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, strategies
from streamlit.testing.v1 import AppTest

from coverage.projects.listing import within
from coverage.projects.points import is_project, project_points
from coverage.terms.project_list import COLUMNS
from coverage.territories.gazetteer import FRANCE, Territory
from data.projects import schema
from data.projects.database import open_database, projects_url
from data.projects.schema import conform
from data.projects.storage import change_projects, read_projects
from pages.app import owner as own_projects_owner
from pages.app import reader
from pages.app.owner import SHARED_VARIABLE, new_key, owner_of_key, read_key
from pages.app.tables import load_gazetteer
from pages.screens.map.projects import ProjectsLayer, counts, read_layer, shown_indicator
from pages.widgets.exports import map as exports_map
from pages.widgets.exports import studio as exports_studio
from reports.map.content import compose_map
from tests.pages.test_screens import ROOT, open_page, texts

PATIENCE_S = 120


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    monkeypatch.delenv(schema.URL_VARIABLE, raising=False)
    monkeypatch.delenv(SHARED_VARIABLE, raising=False)


def project(name, **values):
    row = dict.fromkeys(COLUMNS) | {
        "name": name, "structure_type": "msp", "commune_code": "48095", "departement_code": "48", "region_code": "76",
        "longitude": 3.5, "latitude": 44.52, "point_origin": "commune", "stage": "projet", "abandoned": False,
    }  # fmt: skip
    return row | values


LISTED = (
    project("MSP du Lac", stage="ouvert", opened_on="2021-03-12"),
    project("MSP du Gévaudan", commune_code="48092", longitude=3.29, latitude=44.55),
    project("MSP d’antan", abandoned=True),
)


def save(*rows, owner="poste"):
    engine = open_database(projects_url())
    change_projects(engine, owner, lambda _: pd.DataFrame(list(rows)), action="Ajout")
    engine.dispose()


def saved(owner="poste"):
    engine = open_database(projects_url())
    found = read_projects(engine, owner)
    engine.dispose()
    return found


def open_projects(**query):
    return open_page("projets", **query)


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def test_the_empty_page_explains_and_makes_no_file(tmp_path):
    app = open_projects()
    assert not app.exception
    assert not app.error
    assert "modèle" in texts(app)
    assert "sur cet ordinateur" in texts(app)
    assert not (tmp_path / schema.FILE_NAME).exists()


def test_a_list_is_shown_counted_and_undone():
    save(*LISTED)
    app = open_projects()
    assert not app.exception
    assert metrics(app) == {
        "Structures et projets": "2", "Ouverts": "1", "Dont ACI signé": "0", "Pas encore ouverts": "1",
        "Abandonnés, à part": "1",
    }  # fmt: skip
    app.button(key="projects_undo").click().run()
    assert not app.exception
    assert saved().empty
    assert app.button(key="projects_undo").disabled
    app.button(key="projects_redo").click().run()
    assert len(saved()) == 3


def test_undo_never_undoes_what_another_reader_did(monkeypatch):
    monkeypatch.setenv(SHARED_VARIABLE, "1")
    save(*LISTED, owner="partage")
    app = open_projects()
    assert app.button(key="projects_undo").disabled  # another session made it
    assert len(saved("partage")) == 3


def test_a_page_that_another_tab_has_left_behind_undoes_nothing():
    save(*LISTED)
    app = open_projects()
    save(project("D’un autre onglet"))
    app.button(key="projects_undo").click().run()
    assert not app.exception
    assert "recommencez si vous le voulez toujours" in texts(app)
    assert saved()["name"].tolist() == ["D’un autre onglet"]
    app.button(key="projects_undo").click().run()
    assert len(saved()) == 3


@pytest.mark.parametrize("tab", ["carte", "import", "historique", "liste"])
def test_each_view_opens_from_its_address(tab):
    save(*LISTED)
    app = open_projects(mp_vue=tab)
    assert not app.exception
    assert not app.error


def test_a_view_that_does_not_exist_is_said():
    assert "mp_vue = nulle part" in texts(open_projects(mp_vue="nulle part"))


def test_the_list_is_emptied_then_forgotten():
    save(*LISTED)
    app = open_projects(mp_vue="historique")
    app.button(key="projects_empty").click().run()
    assert saved().empty
    app.button(key="projects_undo").click().run()
    assert len(saved()) == 3
    assert app.button(key="projects_forget").disabled
    app.checkbox(key="projects_sure").check().run()
    app.button(key="projects_forget").click().run()
    assert not app.exception
    assert saved().empty
    assert "modèle" in texts(app)


def test_an_old_version_comes_back():
    save(LISTED[0])
    engine = open_database(projects_url())
    change_projects(engine, "poste", lambda table: table.assign(name="Autre"), action="Renommer")
    engine.dispose()
    app = open_projects(mp_vue="historique")
    app.selectbox(key="projects_version").set_value(1).run()
    app.button(key="projects_restore").click().run()
    assert saved()["name"].tolist() == ["MSP du Lac"]


FILE = (
    "Nom du projet;Type;Commune;Étape;Nb MG;Couleur\n"
    "MSP du Lac;MSP;Mende;Ouvert;4;bleu\n"
    "MSP de nulle part;MSP;Saint-Denis;Projet;2;vert\n"
    "MSP du Gévaudan;;Marvejols;;trois;\n"
    "MSP de Florac;;48061;;3;\n"
)


def upload(app, contents, name="projets.csv"):
    app.file_uploader[0].set_value((name, contents.encode() if isinstance(contents, str) else contents, "text/csv"))
    return app.run()


def test_a_file_is_checked_row_by_row_then_loaded():
    app = upload(open_projects(), FILE)
    assert not app.exception
    assert metrics(app) == {"Lignes bonnes": "1", "Lignes à corriger": "3", "Lignes complétées ou réparées": "0"}
    reasons = next(frame.value for frame in app.dataframe if "Pourquoi" in frame.value)
    assert set(reasons["Ligne"]) == {3, 4, 5}
    assert reasons.loc[reasons["Ligne"] == 4, "Colonne"].tolist() == ["Type", "Médecins généralistes", "Étape"]
    app.selectbox[0].set_value("msp").run()
    app.selectbox[1].set_value("idee").run()
    assert metrics(app)["Lignes bonnes"] == "2"
    app.button(key="projects_confirm").click().run()
    assert not app.exception
    assert "2 ajoutés" in " ".join(success.value for success in app.success)
    assert dict(zip(saved()["name"], saved()["stage"], strict=True)) == {
        "MSP du Lac": "ouvert",
        "MSP de Florac": "idee",
    }


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("update", ["MSP du Lac", "MSP du Gévaudan", "MSP d’antan", "MSP de Florac"]),
        ("add", ["MSP du Lac", "MSP du Gévaudan", "MSP d’antan", "MSP du Lac", "MSP de Florac"]),
        ("replace", ["MSP du Lac", "MSP de Florac"]),
    ],
)
def test_what_an_import_makes_of_the_list(mode, names):
    save(*LISTED)
    app = upload(open_projects(mp_vue="import"), "Nom;Type;Commune;Étape\nMSP du Lac;MSP;Mende;Ouvert\n"
                 "MSP de Florac;MSP;Florac Trois Rivières;Idée\n")  # fmt: skip
    app.radio(key="projects_mode").set_value(mode).run()
    app.button(key="projects_confirm").click().run()
    assert not app.exception
    assert saved()["name"].tolist() == names
    app.button(key="projects_undo").click().run()
    assert len(saved()) == 3


@pytest.mark.parametrize("contents", [b"", b"PK\x03\x04 cass\xc3\xa9", b"<html>", b"Nom\n", b"\x00\x01"])
def test_a_file_that_is_no_table_is_said_and_changes_nothing(contents):
    save(*LISTED)
    app = upload(open_projects(mp_vue="import"), contents, "![a](b).csv")
    assert not app.exception
    assert any("votre liste n’a pas changé" in error.value for error in app.error)
    assert len(saved()) == 3


def test_a_project_of_a_commune_of_another_year_is_carried_or_said(snapshots):
    old = snapshots("commune_history").query("relation == 'ancienne'").iloc[0]
    save(project("Ancienne", commune_code=old["old_code"]), project("Perdue", commune_code="48999"), *LISTED)
    app = open_projects()
    assert not app.exception
    assert metrics(app)["Structures et projets"] == "3"
    assert "Perdue" in " ".join(warning.value for warning in app.warning)
    assert "Ancienne" not in " ".join(warning.value for warning in app.warning)
    assert len(saved()) == 5


def test_a_database_that_cannot_be_read_is_said_and_the_page_stands(tmp_path):
    (tmp_path / schema.FILE_NAME).write_bytes(b"pas une base" * 500)
    app = open_projects()
    assert not app.exception
    assert any("projets.sqlite" in error.value for error in app.error)


class TestWhoSeesWhat:
    @pytest.fixture
    def _at_a_distance(self, monkeypatch):
        monkeypatch.setattr(own_projects_owner, "sits_at_this_machine", lambda: False)

    @pytest.mark.usefixtures("_at_a_distance")
    def test_two_readers_of_a_server_never_see_each_other(self):
        first, second = open_projects(), open_projects()
        keys = [app.session_state["own_projects_key"] for app in (first, second)]
        assert keys[0] != keys[1]
        save(*LISTED, owner=owner_of_key(keys[0]))
        assert metrics(first.run())["Structures et projets"] == "2"
        assert "Structures et projets" not in metrics(second.run())
        second.text_input(key="projects_typed_key").input(keys[0].lower().replace("-", " ")).run()
        assert metrics(second)["Structures et projets"] == "2"

    @pytest.mark.usefixtures("_at_a_distance")
    def test_a_wrong_key_is_said_and_the_machines_own_list_stays_hidden(self):
        save(*LISTED)
        app = open_projects()
        assert metrics(app) == {}
        app.text_input(key="projects_typed_key").input("poste").run()
        assert "n’en est pas une" in texts(app)
        assert metrics(app) == {}

    @pytest.mark.usefixtures("_at_a_distance")
    def test_the_administrator_may_share_one_list(self, monkeypatch):
        monkeypatch.setenv(SHARED_VARIABLE, "1")
        save(*LISTED, owner="partage")
        first, second = open_projects(), open_projects()
        assert metrics(first) == metrics(second)
        assert "Liste partagée" in texts(first)

    def test_an_account_has_its_own_list(self, monkeypatch):
        account = {"is_logged_in": True, "iss": "https://ars", "sub": "42", "email": "ana@ars.fr"}
        monkeypatch.setattr(own_projects_owner.st, "user", account)
        owner = own_projects_owner.current_owner()
        assert (owner.kind, owner.name, owner.author) == ("compte", "compte:https://ars|42", "ana@ars.fr")

    def test_the_key_does_not_stand_in_the_database(self):
        key = new_key()
        assert key.replace("-", "") not in owner_of_key(key)
        assert len({new_key() for _ in range(50)}) == 50
        assert all(read_key(new_key()) for _ in range(50))

    @given(strategies.text(max_size=60))
    def test_any_text_is_a_key_or_none(self, text):
        key = read_key(text)
        assert key is None or read_key(key) == key

    @pytest.mark.parametrize(
        ("address", "headers", "local"),
        [
            ("127.0.0.1", {"Host": "127.0.0.1:8501"}, True),
            ("127.0.0.1", {"Host": "maillage.ars.fr"}, False),
            ("127.0.0.1", {"Host": "localhost:8501", "X-Forwarded-For": "10.0.0.1"}, False),
            ("0.0.0.0", {"Host": "127.0.0.1:8501"}, False),  # noqa: S104 - the case under test
            ("", {}, False),
        ],
    )
    def test_the_machines_own_reader(self, address, headers, local):
        assert reader.is_local(address, headers) is local

    @pytest.mark.parametrize("said", ["", "0", "non"])
    def test_nobody_is_the_machines_own_reader_where_it_was_not_said_at_start(self, monkeypatch, said):
        monkeypatch.setenv(reader.LOCAL_VARIABLE, said)
        assert own_projects_owner.current_owner().kind == "cle"
        monkeypatch.setenv(reader.LOCAL_VARIABLE, "1")
        assert own_projects_owner.current_owner().kind == "poste"


class TestLayer:
    def open_map(self, **query):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    def test_without_a_project_the_map_has_no_switch(self):
        assert [toggle.label for toggle in self.open_map().toggle] == []

    def test_the_card_tells_the_projects_and_what_they_change(self):
        save(*LISTED)
        app = self.open_map(territoire="departement-48", selection="commune-48092", indicateur="nearest_msp_min")
        assert not app.exception
        assert "MSP du Gévaudan" in texts(app)
        app.toggle(key="projects_layer_counted").set_value(True).run()
        assert not app.exception
        assert "1 structure de votre liste comptée" in texts(app)
        assert "MSP (BPE) : 1 → **2**" in texts(app)
        assert app.query_params["mp_carte"] == "comptes"
        app.checkbox(key="projects_layer_open").check().run()
        assert "2 structures de votre liste comptées" in texts(app)
        app.toggle(key="projects_layer_shown").set_value(False).run()
        assert not app.exception
        assert "MSP du Gévaudan" not in texts(app)

    def test_the_name_of_a_project_is_never_markup(self):
        save(project("![x](https://ailleurs.fr/a.png) <b>"))
        app = self.open_map(selection="commune-48095")
        said = " ".join(markdown.value for markdown in app.markdown)
        assert "![x]" not in said
        assert r"!\[x\]" in said

    @pytest.mark.parametrize("mode", ["montres", "caches", "comptes", "comptes_ouverts"])
    def test_the_address_says_what_is_shown(self, mode):
        layer = ProjectsLayer(mode)
        assert read_layer(layer.to_query()) == (layer, [])

    def test_an_unknown_mode_is_said(self):
        layer, notices = read_layer({"mp_carte": "x"})
        assert layer == ProjectsLayer()
        assert "mp_carte" in notices[0]

    def test_an_indicator_says_that_it_counts_the_projects(self):
        layer = ProjectsLayer("comptes")
        assert counts(layer, "n_msp_finess")
        assert not counts(layer, "apl_65_2023")
        assert shown_indicator(layer, "n_msp_finess").short_label.endswith("avec mes projets")
        assert shown_indicator(ProjectsLayer(), "n_msp_finess").short_label == "MSP (FINESS)"

    def test_points_of_a_territory_without_the_abandoned(self):
        table = conform(pd.DataFrame(list(LISTED)).assign(project_id=["P1", "P2", "P3"]))
        points = project_points(table, load_gazetteer(), Territory("departement", "48"))
        assert points["structure_type"].tolist() == ["projet_ouvert", "projet_projet"]
        assert points["commune_name"].tolist() == ["Mende", "Marvejols"]
        assert project_points(table, load_gazetteer(), Territory("departement", "31")).empty
        assert within(table, load_gazetteer(), FRANCE) is table
        assert is_project("P00001")
        assert not is_project("480001234")


def test_the_printed_map_draws_the_projects_and_leaves_the_shared_tables_alone():
    table = conform(pd.DataFrame(list(LISTED)).assign(project_id=["P1", "P2", "P3"]))
    lozere = Territory("departement", "48")
    points = project_points(table, load_gazetteer(), lozere)
    shared = exports_studio.load_studio()
    own = exports_map.with_projects(shared, points)
    content = compose_map(
        own.facts,
        "n_msp_finess",
        "commune",
        lozere,
        drawn_on=dt.date(2026, 11, 22),
        structures=("msp", "projet_projet"),
    )
    assert content.structures["structure_type"].value_counts().to_dict() == {"msp": 8, "projet_projet": 1}
    assert len(own.facts.table("structures")) == len(shared.facts.table("structures")) + 2
    assert exports_map.with_projects(shared, None) is shared


def test_an_example_is_tried_marked_everywhere_and_taken_away():
    app = open_projects()
    app.button(key="example_projects").click().run()
    assert not app.exception
    assert len(saved()) == 6
    assert saved()["name"].str.startswith("Exemple fictif").all()
    assert "6 projets inventés" in texts(app)
    save(project("À moi"), *saved().to_dict("records"))
    app.run()
    app.button(key="example_projects_out").click().run()
    assert saved()["name"].tolist() == ["À moi"]
    assert "inventés" not in texts(app)


def test_no_example_is_offered_where_all_readers_share_a_list(monkeypatch):
    monkeypatch.setenv(SHARED_VARIABLE, "1")
    assert not [button for button in open_projects().button if button.key == "example_projects"]
