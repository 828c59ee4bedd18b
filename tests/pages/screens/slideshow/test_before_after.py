"""Two maps and the reader's own projects as slides: their titles against the figures, kept, shown, listed, written."""

import io
import re

import pandas as pd
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from coverage.simulator.scenario_file import KnownCodes, SavedScenario, write_token
from coverage.simulator.supply_change import Opening
from coverage.terms.project_list import STAGES
from coverage.territories.gazetteer import FRANCE, Territory
from data.projects.database import open_database, projects_url
from data.projects.storage import change_projects
from pages.app.facts import load_facts
from pages.app.tables import load_gazetteer, load_table
from pages.app.view import View
from pages.screens.simulator.state import known_codes
from pages.screens.slideshow import export
from pages.screens.slideshow.data import sheet_of, slides_for, title_of
from pages.screens.slideshow.simulated import simulation_of
from pages.widgets.saved_views.kept import LIST_KEY
from pages.widgets.saved_views.save import propose_title
from pages.widgets.saved_views.views import PresentationFileError, SavedView, read_views, write_views
from pages.widgets.two_maps.choice import Side, TwoMaps
from pages.widgets.two_maps.message import message_of
from reports.figures.numbers import format_number
from reports.territory import listed
from tests.pages.choosing import open_popover
from tests.pages.screens.slideshow.test_presentation import open_app
from tests.pages.test_screens import ROOT, texts
from tests.toy_projects import FLORAC, LILLE, build_projects

LOZERE, GERS, OCCITANIE = Territory("departement", "48"), Territory("departement", "32"), Territory("region", "76")
OF_2021 = TwoMaps(
    a=Side(indicateur="apl_65_2023", structures="2021"), b=Side(indicateur="apl_65_2023", structures="actuelles")
)
PROJECTS = (
    {"name": "MSP du Causse", "stage": "ouvert"} | FLORAC,
    {"name": "MSP des Cévennes", "stage": "projet"} | FLORAC,
    {"name": "CPTS <b>de Lozère</b>", "structure_type": "cpts", "stage": "idee"} | FLORAC,
    {"name": "MSP laissée", "stage": "projet", "abandoned": True} | FLORAC,
    {"name": "MSP de Lille", "stage": "aci_signe"} | LILLE,
)


@pytest.fixture(autouse=True)
def _root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def _listed(monkeypatch, tmp_path):
    """Save the list as its reader would have it: the one of the machine."""
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    rows = build_projects(*PROJECTS).assign(project_id="")
    change_projects(open_database(projects_url()), "poste", lambda _: rows, action="Import")


def of_maps(maps, territory=LOZERE, **view):
    return SavedView.of("", "", View(territoire=territory, **view), "deux_cartes", maps)


def html_of(app):
    assert not app.exception
    return " ".join(item.proto.body for item in app.get("html"))


def test_the_change_is_told_with_both_figures_and_their_years_in_the_order_of_time():
    before, after = (load_facts().figure(f"apl_65_{year}", LOZERE, unit=False) for year in (2022, 2023))
    assert before > after  # both have one digit and two decimals
    for maps in (TwoMaps(), TwoMaps(a=TwoMaps().b, b=TwoMaps().a)):
        said = message_of(View(territoire=LOZERE), maps)
        assert said.startswith(
            "Lozère, accessibilité aux généralistes (APL), médecins de 65 ans ou moins : en baisse, "
        )
        assert f"de {before} (2022) à {after}" in said
        assert said.endswith("(2023)")


def test_the_msp_of_two_days_are_those_of_the_tables():
    communes = load_gazetteer().within(OCCITANIE, "commune")["commune_code"]
    counts = [
        int((table["commune_code"].isin(communes) & (table["structure_type"] == "msp")).sum())
        for table in (load_table("structures_2021"), load_table("structures"))
    ]
    said = message_of(View(territoire=OCCITANIE), OF_2021)
    assert re.sub(r"\s", " ", said).startswith(f"Occitanie : {counts[0]} MSP au 8 janvier 2021, {counts[1]} au ")
    mayotte = View(territoire=Territory("departement", "976"))  # no file of 2021 there
    assert "8 janvier" not in message_of(mayotte, OF_2021)


def test_a_map_of_the_msp_since_2021_is_offered_under_their_numbers():
    view = View(territoire=OCCITANIE, dates="evolution")
    assert propose_title(view) == message_of(view, OF_2021)
    assert propose_title(view.with_(dates="recentes")) == "APL ≤ 65 ans 2023 : Occitanie"
    mayotte = Territory("departement", "976")
    assert propose_title(view.with_(territoire=mayotte)) == "APL ≤ 65 ans 2023 : Mayotte"


@pytest.mark.parametrize(
    ("maps", "territory", "parts"),
    [
        (TwoMaps(b=Side(indicateur="nearest_msp_min")), LOZERE, ["En Lozère", "APL ≤ 65 ans 2022", "Trajet MSP"]),
        (TwoMaps(territoire_b=GERS), LOZERE, ["En Lozère", "dans le Gers"]),
        (TwoMaps(), Territory("departement", "976"), ["Mayotte", "APL ≤ 65 ans 2022", "APL ≤ 65 ans 2023"]),
    ],
)
def test_what_is_no_change_is_told_as_two_figures_and_what_is_unknown_by_its_name(maps, territory, parts):
    said = message_of(View(territoire=territory), maps)
    assert all(part in said for part in parts)
    assert "en hausse" not in said
    assert "en baisse" not in said


def test_two_maps_under_a_handle_are_kept_side_by_side_and_of_one_territory():
    kept = of_maps(TwoMaps(vue="rideau", territoire_b=GERS)).maps
    assert kept == TwoMaps()


def test_two_maps_are_added_from_their_page_and_opened_there_again():
    app = open_app("deux_cartes", territoire="departement-48", b_indicateur="nearest_msp_min")
    assert "Trajet MSP" in texts(app)
    open_popover(app, "presentation_new")
    app.button(key="presentation_add").click().run()
    assert not app.exception
    maps = TwoMaps(b=Side(indicateur="nearest_msp_min"))
    assert app.session_state[LIST_KEY] == (of_maps(maps),)
    app.switch_page("pages/presentation.py").run()
    assert app.text_input(key="presentation_title_0").placeholder == message_of(View(territoire=LOZERE), maps)
    assert "Deux cartes · APL ≤ 65 ans 2022 et Trajet MSP · Lozère" in texts(app)


def test_a_slide_of_two_maps_says_both_figures_and_one_legend_where_it_is_one():
    app = open_app(saved=[of_maps(TwoMaps()), of_maps(TwoMaps(b=Side(indicateur="nearest_msp_min")))])
    app.button(key="presentation_start").click().run()
    shown = html_of(app)
    for name in ("apl_65_2022", "apl_65_2023"):
        assert load_facts().figure(name, LOZERE) in shown
    assert "DREES" in shown
    assert shown.count("class='legende'") == 1
    app.button(key="presentation_next").click().run()
    shown = html_of(app)
    assert shown.count("class='legende'") == 2
    assert load_facts().figure("nearest_msp_min", LOZERE) in shown


@pytest.mark.usefixtures("_listed")
def test_the_projects_of_a_territory_are_a_slide_of_it_and_only_where_there_are_some():
    assert [saved.slide for saved in slides_for(LOZERE)].count("projets") == 1
    assert "projets" not in [saved.slide for saved in slides_for(GERS)]
    app = open_app(saved=[saved for saved in slides_for(LOZERE) if saved.slide == "projets"])
    assert app.metric[0].value == "3"  # its picture
    app.button(key="presentation_start").click().run()
    shown = html_of(app)
    assert "<h1>Lozère : 1 MSP ouverte et 2 projets en cours dans la liste de projets</h1>" in shown
    for stage in ("idee", "projet", "ouvert"):
        label = STAGES[stage].lower()
        assert re.search(rf"Projet : (en )?{label}</span><em>1</em>", shown)
    assert "ACI signé" not in shown  # that of Lille
    assert "elle ne vient d’aucune source publique" in shown
    assert "<b>de Lozère</b>" not in shown


def test_without_projects_the_slide_of_a_file_says_none():
    app = open_app(saved=[SavedView.of("", "", View(territoire=LOZERE), "projets")])
    app.button(key="presentation_start").click().run()
    shown = html_of(app)
    assert "<h1>Lozère : projets par étape</h1>" in shown
    assert "<b class='chiffre'>0</b>" in shown


@pytest.mark.usefixtures("_listed")
def test_the_projects_of_a_reader_are_never_kept_for_another(monkeypatch, tmp_path):
    assert "projets" in [saved.slide for saved in slides_for(LOZERE)]
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "another"))
    assert "projets" not in [saved.slide for saved in slides_for(LOZERE)]
    assert sheet_of(LOZERE).projects is None


@pytest.mark.usefixtures("_listed")
def test_the_powerpoint_file_holds_every_slide_of_the_list_in_its_order(monkeypatch):
    own = SavedView.of("Nos projets", "Une liste d’ici", View(territoire=LOZERE), "projets")
    saved = [of_maps(TwoMaps()), own, SavedView.of("Le Gers", "", View(territoire=GERS)),
             SavedView.of("", "", View(territoire=LOZERE), "acces")]  # fmt: skip
    given = []
    monkeypatch.setattr(export.st, "download_button", lambda _, make, **more: given.append((make, more)))
    titles = [title_of(one) for one in saved]
    export.offer_powerpoint(saved, titles)
    ((make, more),) = given
    deck = Presentation(io.BytesIO(make()))
    assert more["file_name"] == "maillage_presentation.pptx"
    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == [*titles, "Sources"]
    pictures = [sum(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in slide.shapes) for slide in deck.slides]
    assert pictures == [2, 1, 1, 0, 0]
    assert sum(shape.has_chart for shape in deck.slides[3].shapes) == 1
    table = next(shape.table for shape in deck.slides[1].shapes if shape.has_table)
    assert [cell.text for cell in table.rows[len(table.rows) - 1].cells] == ["Ensemble", "3", "2", "1"]
    assert "Une liste d’ici" in [shape.text_frame.text for shape in deck.slides[1].shapes if shape.has_text_frame]


def test_a_file_of_all_kinds_is_read_again_with_the_tables_in_use():
    levels = {name: card.levels for name, card in load_facts().indicators.items()}
    saved = [of_maps(OF_2021), of_maps(TwoMaps(territoire_b=GERS, echelle=False)), of_maps(TwoMaps(), FRANCE),
             SavedView.of("", "Ici", View(territoire=LOZERE), "projets")]  # fmt: skip
    assert read_views(write_views(saved), load_gazetteer(), levels) == (tuple(saved), [])
    assert pd.Series(saved).is_unique


FLORAC_OPENS = SavedScenario("MSP à Florac", "apl_65_2023", (Opening(commune_code="48061", gp_fte=3.0),))


def simulated(scenario=FLORAC_OPENS, territory=LOZERE):
    return SavedView.of("", "", View(territoire=territory), "simulation", None, write_token(scenario))


def test_what_a_scenario_changes_is_a_slide_with_the_figures_before_and_after():
    tried = simulation_of(simulated())
    published = load_facts().value("apl_65_2023", LOZERE)
    assert tried.here["apl_before"] == pytest.approx(published)
    assert tried.here["apl_after"] > published
    app = open_app(saved=[simulated()])
    box = app.text_input(key="presentation_title_0")
    assert box.placeholder.startswith("« MSP à Florac » : ")
    assert "passent au-dessus de 2,5 consultations" in box.placeholder
    app.button(key="presentation_start").click().run()
    shown = html_of(app)
    for column in ("apl_before", "apl_after"):
        assert f"<b>{format_number(tried.here[column], 2)} consultations par an et par habitant</b>" in shown
    assert "Ouverture, Florac Trois Rivières (48061), 3\u00a0ETP" in shown
    assert "simulation Maillage" in shown
    assert "estimé" in shown


def test_a_scenario_is_added_from_the_simulator_once_it_changes_something():
    app = open_app("simulateur", territoire="departement-48")
    assert "Ajouter à la présentation" not in {block.proto.popover.label for block in app.get("popover")}
    app = open_app("simulateur", territoire="departement-48", s_scenario=write_token(FLORAC_OPENS))
    open_popover(app, "presentation_new")
    assert "Sans titre, la diapositive dira" in texts(app)
    app.button(key="presentation_add").click().run()
    assert not app.exception
    assert app.session_state[LIST_KEY] == (simulated(),)


def test_a_simulation_is_kept_in_the_file_and_left_out_where_its_place_is_gone():
    levels = {name: card.levels for name, card in load_facts().indicators.items()}
    known = known_codes()
    saved = (simulated(), SavedView.of("", "", View(territoire=LOZERE), "acces"))
    content = write_views(saved)
    assert read_views(content, load_gazetteer(), levels, known) == (saved, [])
    gone = KnownCodes(known.territories | {"commune": {"48095"}}, known.series)
    kept, notices = read_views(content, load_gazetteer(), levels, gone)
    assert kept == saved[1:]
    assert "le scénario ne peut pas être lu" in notices[0]
    assert "48061" in notices[0]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"slide": "simulation"', '"slide": "carte"', "scenario : attendu avec slide = simulation"),
        ('"scenario": "', '"scenario": 3, "title": "', "scenario : attendu au plus"),
        (', "scenario": "', ', "title": "', "scenario : attendu avec slide = simulation"),
    ],
)
def test_a_simulation_that_is_damaged_is_refused_with_its_line(before, after, said):
    content = write_views([simulated()])
    assert before in content
    damaged = content.replace(before, after)
    if "title" in after:  # the token is then the title: cut, since a title is short
        damaged = re.sub(r'"title": "[\w-]{80,}"', '"title": "Un titre"', damaged)
    with pytest.raises(PresentationFileError, match=rf"ligne 4.*{said}"):
        read_views(damaged, load_gazetteer(), {}, known_codes())


def test_a_simulation_is_two_maps_in_the_powerpoint_file_with_its_opening(monkeypatch):
    given = []
    monkeypatch.setattr(export.st, "download_button", lambda *made, **_: given.append(made[1]))
    export.offer_powerpoint([simulated()], [title_of(simulated())])
    slide = Presentation(io.BytesIO(given[0]())).slides[0]
    assert slide.shapes.title.text_frame.text.startswith("« MSP à Florac »")
    pictures = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    told = [shape._element._nvXxPr.cNvPr.get("descr") for shape in pictures]
    assert ["après le scénario" in text for text in told] == [False, True]
    assert "Simulation Maillage à partir de" in slide.notes_slide.notes_text_frame.text
    monkeypatch.setattr(listed, "render_listed", lambda _, slides, **_more: slides)
    (shown,) = given[0]()
    assert shown.names == ("Avant", "Après")
    assert ["ouverture" in set(content.structures["structure_type"]) for content in shown.maps] == [False, True]
