"""The file of a workspace: what is saved is reopened elsewhere, nothing kept is lost, damage is told by its place."""

import dataclasses
import datetime as dt
import json

import pandas as pd
import pytest

from coverage.simulator.scenario_file import SavedScenario
from coverage.simulator.supply_change import Opening
from coverage.terms.project_list import empty_projects
from coverage.territories.gazetteer import Territory
from coverage.territories.own import OwnTerritory
from data.projects.merging import stacked
from data.projects.places import load_places
from data.projects.schema import conform
from pages.app.facts import load_facts
from pages.app.tables import load_gazetteer
from pages.app.view import View
from pages.screens.simulator.drafts import MOST_SCENARIOS, Drafts
from pages.screens.simulator.state import known_codes
from pages.screens.workspace.document import (
    MAX_BYTES,
    Workspace,
    WorkspaceFileError,
    new_territories,
    read_workspace,
    write_workspace,
)
from pages.screens.workspace.merging import join_scenarios, new_projects
from pages.widgets.saved_views.views import SavedView
from tests.pages.screens.projects.test_projets import LISTED
from tests.pages.test_screens import open_page, texts

TODAY = dt.date(2026, 11, 27)
MENDE = OwnTerritory.of("Mende et alentours", ["48095", "48198"])
SCENARIO = SavedScenario("Deux MSP", "apl_65_2023", (Opening("48198", 3.0), Opening("48061", 2.0)))
VIEW = SavedView.of("Lozère", "À retenir", View(territoire=Territory("departement", "48")))


def projects():
    return conform(pd.DataFrame(list(LISTED)).assign(project_id=["P1", "P2", "P3"]))


def kept():
    return Workspace((MENDE,), projects(), (SCENARIO,), (VIEW,))


def read(content):
    return read_workspace(
        content,
        gazetteer=load_gazetteer(),
        indicators={name: indicator.levels for name, indicator in load_facts().indicators.items()},
        known=known_codes(),
        places=load_places(),
        today=TODAY,
    )


def written(workspace=None):
    return write_workspace(workspace or kept(), load_places().names, TODAY)


def test_what_is_saved_is_reopened():
    found = read(written().encode())
    assert found.territories == (MENDE,)
    assert found.scenarios == (SCENARIO,)
    assert found.views == (VIEW,)
    assert not found.rows.faults
    assert found.rows.projects["name"].tolist() == projects()["name"].tolist()
    assert found.rows.projects["commune_code"].tolist() == projects()["commune_code"].tolist()
    assert found.rows.projects["stage"].tolist() == projects()["stage"].tolist()
    assert dict(found.counts) == {"territories": 1, "projects": 3, "scenarios": 1, "views": 1}


def test_an_empty_workspace_is_a_file_too():
    found = read(written(Workspace((), empty_projects(), (), ())))
    assert not any(found.counts.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(schema="maillage-espace-9"), "attendu maillage-espace-1, trouvé « maillage-espace-9 »"),
        (lambda d: d.pop("views"), "attendu views, trouvé rien"),
        (lambda d: d.update(autre=1), "trouvé « autre »"),
        (lambda d: d["territories"][0].update(communes=["99"]), "territories, n° 1"),
        (lambda d: d["territories"][0].update(communes=[]), "attendu au moins une commune"),
        (lambda d: d["scenarios"][0].update(series="apl_1999"), "scenarios, n° 1. Scénario, ligne"),
        (lambda d: d["views"]["views"][0].update(title=""), "views. Présentation"),
        (lambda d: d["projects"]["rows"][0].pop(), "projects, ligne 1 : attendu"),
        (lambda d: d["projects"].update(header=[1, 2]), "projects : attendu des textes"),
        (lambda d: d.update(territories="tout"), "territories : attendu une liste de 200 éléments au plus"),
    ],
)
def test_damage_is_told_by_its_place_and_nothing_is_used(change, said):
    document = json.loads(written())
    change(document)
    with pytest.raises(WorkspaceFileError) as caught:
        read(json.dumps(document))
    assert str(caught.value).startswith("Espace de travail")
    assert said in str(caught.value)
    assert "trouvé" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b" " * (MAX_BYTES + 1)])
def test_what_is_no_workspace_is_refused(content):
    with pytest.raises(WorkspaceFileError, match="Espace de travail"):
        read(content)


def test_a_project_at_fault_is_told_and_the_others_are_read():
    document = json.loads(written())
    place = document["projects"]["header"].index("Code commune")
    document["projects"]["rows"][0][place] = "99999"
    document["projects"]["rows"][0][document["projects"]["header"].index("Commune")] = "Nulle-Part-du-Tout"
    found = read(json.dumps(document))
    assert found.rows.n_wrong == 1
    assert len(found.rows.projects) == 2
    assert found.counts["projects"] == 3


def test_given_twice_a_file_doubles_nothing():
    mine, merged = new_territories([], [MENDE])
    assert (merged.taken, merged.known, merged.left) == (1, 0, 0)
    again, merged = new_territories(mine, [MENDE])
    assert (again, merged.known) == ([], 1)
    other = OwnTerritory.of(MENDE.name, ["48095"])
    both, merged = new_territories([other], [MENDE])
    assert both == [OwnTerritory.of(f"{MENDE.name} (2)", MENDE.communes)]
    assert new_territories([other, *both], [MENDE])[1].known == 1


def test_projects_join_by_name_and_commune_never_by_the_numbers_of_elsewhere():
    mine = projects().head(1).assign(note="à moi")
    fresh = new_projects(mine, projects())
    assert fresh["name"].tolist() == projects()["name"].tolist()[1:]
    assert fresh["project_id"].isna().all()
    joined = stacked(mine, fresh)
    assert joined["note"].tolist()[0] == "à moi"
    assert new_projects(joined, projects()).empty
    assert len(new_projects(empty_projects(), projects())) == 3


def test_scenarios_join_those_of_the_session_under_names_of_their_own():
    drafts, merged = join_scenarios(Drafts(), (SCENARIO,))
    assert drafts.names == (SCENARIO.name,)
    assert merged.taken == 1
    assert join_scenarios(drafts, (SCENARIO,)) == (drafts, type(merged)(0, 1, 0))
    other = dataclasses.replace(SCENARIO, changes=SCENARIO.changes[:1])
    both, merged = join_scenarios(drafts, (other,))
    assert both.names == (SCENARIO.name, f"{SCENARIO.name} (2)")
    assert both.items[0] == drafts.items[0]
    many = tuple(SavedScenario(f"S{k}", "apl_2023", (Opening("48198", k + 1.0),)) for k in range(MOST_SCENARIOS + 2))
    full, merged = join_scenarios(drafts, many)
    assert len(full.items) == MOST_SCENARIOS
    assert (merged.taken, merged.known, merged.left) == (MOST_SCENARIOS - 1, 0, 3)


def test_the_page_takes_a_file_and_announces_as_many_as_it_holds(monkeypatch, tmp_path):
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    app = open_page("espace")
    assert not app.exception
    assert app.get("download_button")[0].proto.disabled
    app.file_uploader[0].set_value(("espace.json", written().encode(), "application/json")).run()
    assert "territoires personnels : 1 ; projets : 3 ; scénarios : 1 ; vues de présentation : 1" in texts(app)
    app.button(key="workspace_merge").click().run()
    assert not app.exception
    told = app.dataframe[0].value
    assert told["Dans le fichier"].tolist() == told["Ajoutés"].tolist() == [1, 3, 1, 1]
    assert told[["Déjà là", "Laissés"]].to_numpy().sum() == 0
    assert "**Projets** : 3" in texts(app)
    assert not app.get("download_button")[0].proto.disabled
    app.file_uploader[0].set_value(("espace.json", written().encode(), "application/json")).run()
    app.button(key="workspace_merge").click().run()
    told = app.dataframe[0].value
    assert told["Déjà là"].tolist() == told["Dans le fichier"].tolist() == [1, 3, 1, 1]
    assert "**Projets** : 3" in texts(app)
