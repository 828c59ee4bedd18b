"""The funding page, as Streamlit runs it: values of the guide, address, bad input, CPTS, zones, projects, exports."""

import csv
import datetime as dt
import io
import math
import re

import openpyxl
import pandas as pd
import pytest

from coverage.funding import MspTeam, fund_cpts, fund_msp, rank_gains
from coverage.terms.project_list import empty_projects
from coverage.territories.gazetteer import FRANCE, Territory
from data.errors import SnapshotDamaged
from pages.app.perimeters import Perimeters
from pages.app.tables import load_gazetteer
from pages.screens.funding import cpts as funding_cpts
from pages.screens.funding import data as funding_data
from pages.screens.funding import inputs as funding_inputs
from pages.screens.funding import page as funding_page
from pages.screens.funding.data import load_cpts_rules, load_msp_rules, load_perimeters, population_of, zone_of
from pages.screens.funding.state import ADDRESS_NAMES, Plan
from reports.figures import tables
from reports.funding import words as funding_words
from reports.funding.sheet import render_funding_pdf
from tests.pages.choosing import choose, options_of
from tests.pages.test_screens import ROOT, open_page, texts
from tests.reports.pdf_reading import (
    assert_nothing_leaves_or_overlaps,
    assert_tagged,
    n_pages,
    needs_poppler,
    words_of,
)

FLORAC = "commune-48061"
DAY = dt.date(2026, 11, 22)
WHOLE = "ouverture,crise,coordination,systeme,protocoles-8,concertations,diversite-2,second_recours-2,cstm,missions-2"


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def figures(app):
    return {plain(metric.label): plain(metric.value) for metric in app.metric}


def due(app):
    return figures(app)["Montant dû pour l’année"]


def line_of(app, label):
    """Return the cells of a line of the table, as a reader sees them."""
    page = next(element.proto.body for element in app.get("html") if "class='lignes'" in element.proto.body)
    row = next(row for row in re.findall(r"<tr.*?</tr>", page) if label in row)
    return [plain(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<td>.*?</td>", row)]


def test_a_team_of_13_with_8000_patients_reads_the_values_of_the_guide():
    app = open_page("financement", f_patients="8000", f_professionnels="13")
    assert not app.exception
    assert not app.error
    assert line_of(app, "Fonction de coordination") == ["oui", "4 400", "30 800 €"]
    assert line_of(app, "Système d’information partagé") == ["oui", "3 100", "21 700 €"]
    assert due(app) == "58 800 €"
    assert figures(app)["Avance (60 % du socle)"] == "47 040 €"
    assert "avenant 2 (2025)" in texts(app)
    assert "avenant 1 (2022)" in texts(app)
    assert "d’après un document d’octobre 2022 (date d’effet non relevée)" in texts(app)
    assert "en vigueur depuis" not in texts(app)
    assert "source secondaire" in texts(app)  # the advance
    said = plain(texts(app))
    assert "80 040 €, versé en moyenne à une MSP de 16 professionnels" in said
    assert "en fait 73 % : un même ordre de grandeur" in said  # 58 800 / 80 040
    assert "environ 2 100 points de plus au mieux, soit près de 14 800 €" in said


def test_inputs_change_the_total_and_the_address():
    app = open_page("financement")
    app.number_input(key="funding_n_patients").set_value(12_000).run()
    assert line_of(app, "Fonction de coordination") == ["oui", "5 500", "38 500 €"]
    app.checkbox(key="funding_line_cstm").check().run()
    app.slider(key="funding_line_protocoles").set_value(3).run()
    app.segmented_control(key="funding_line_usagers").set_value(2).run()
    assert line_of(app, "Implication des usagers") == ["niveau 2", "1 100", "7 700 €"]  # 200 + 300 × 3
    app.slider(key="funding_n_months").set_value(6).run()
    assert app.query_params["f_patients"] in ("12000", ["12000"])
    (actions,) = (
        app.query_params["f_actions"]
        if isinstance(app.query_params["f_actions"], list)
        else (app.query_params["f_actions"],)
    )
    assert actions == "ouverture,crise,coordination,systeme,protocoles-3,cstm,usagers-2"
    total = due(app)
    again = open_page("financement", f_patients="12000", f_actions=actions, f_mois="6")
    assert due(again) == total
    again.button(key="funding_reset").click().run()
    assert not [name for name in again.query_params if name.startswith("f_")]


def test_an_action_of_the_list_adds_just_what_it_said():
    app = open_page("financement", f_patients="8000", f_professionnels="13")
    first = next(text.value for text in app.markdown if text.value.startswith("**+"))
    assert first.replace("\u202f", " ").startswith("**+14 000")
    app.button(key="funding_gain_0").click().run()
    assert due(app) == "72 800 €"  # 58 800 + 14 000
    assert app.select_slider(key="funding_files").value == 5


def test_the_page_opens_with_what_the_team_would_be_paid():
    app = open_page("financement")
    assert f"L’équipe décrite ici recevrait {app.metric[0].value} pour l’année, dont" in texts(app)


def test_a_missing_prerequisite_pays_nothing_and_says_so():
    app = open_page("financement", f_patients="8000", f_professionnels="13")
    app.checkbox(key="funding_line_crise").uncheck().run()
    assert due(app) == "0 €"
    assert "Rien n’est dû" in app.error[0].value
    assert figures(app)["Avance (non comptée)"] == figures(app)["Solde l’année suivante"] == "0 €"
    assert "Pour situer" not in texts(app)
    assert "Plan de réponse aux crises sanitaires" in app.error[0].value
    app.button(key="funding_gain_0").click().run()
    assert due(app) == "58 800 €"


def test_a_declared_crisis_and_other_patients_for_the_coordination():
    app = open_page("financement", f_patients="4000")
    app.checkbox(key="funding_condition_crisis").check().run()
    assert line_of(app, "Plan de réponse aux crises sanitaires") == ["oui", "450", "3 150 €"]
    app.number_input(key="funding_n_coordination_patients").set_value(8000).run()
    assert line_of(app, "Fonction de coordination")[1] == "4 400"
    assert app.query_params["f_conditions"] in ("crisis", ["crisis"])


def test_patients_above_the_population_are_asked_about():
    app = open_page("financement", territoire=FLORAC, f_patients="8000")
    assert any("plus que la population" in warning.value for warning in app.warning)
    assert not open_page("financement", territoire="departement-48", f_patients="8000").warning
    assert "la patientèle lui sera comparée" in texts(open_page("financement", f_patients="8000"))


@pytest.mark.parametrize(
    ("place", "patients", "told"),
    [
        ("commune-48198", 618, "Point de départ : tous"),  # Villefort
        ("epci-200069144", None, "Point de départ : tous"),
        ("departement-48", 4000, "l’exemple est de 4"),  # no team serves a department
        ("commune-31555", 4000, "l’exemple est de 4"),  # nor Toulouse
        ("france", 4000, "le calcul partira de ses habitants"),
    ],
)
def test_the_patients_start_from_the_people_of_the_place(place, patients, told):
    app = open_page("financement", territoire=place)
    assert not app.exception
    if patients is None:
        gazetteer = load_gazetteer()
        patients = int(gazetteer.communes.loc[gazetteer.mask(gazetteer.parse(place)), "population"].sum())
    assert app.number_input(key="funding_n_patients").value == patients
    assert told in texts(app)
    assert not app.warning  # the page never doubts the number that it gave itself
    assert "f_patients" not in app.query_params
    if place != "france":
        assert "INSEE, populations municipales 2023" in texts(app)


def test_an_action_keeps_the_people_of_the_place_and_a_number_of_the_reader_stays():
    app = open_page("financement", territoire="commune-48198")
    app.button(key="funding_gain_0").click().run()
    assert "f_patients" not in app.query_params
    assert app.number_input(key="funding_n_patients").value == 618
    app.number_input(key="funding_n_patients").set_value(500).run()
    assert app.number_input(key="funding_n_patients").value == 500
    assert "Point de départ" not in texts(app)
    assert app.query_params["f_patients"] in ("500", ["500"])


def test_an_unknown_edition_is_refused_with_the_known_ones_and_the_page_stays():
    app = open_page("financement", f_edition="avenant-7")
    assert not app.exception
    (said,) = [warning.value for warning in app.warning]
    assert "avenant-7" in said
    assert "avenant-1-2022 (document de 2022-10)" in said
    assert due(app)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f_patients", "-3"),
        ("f_patients", "9" * 30),
        ("f_professionnels", "douze"),
        ("f_mois", "13"),
        ("f_dossiers", "nan"),
        ("f_dossiers", "150"),
        ("f_actions", "ouverture,danse"),
        ("f_actions", "protocoles--2"),
        ("f_conditions", "guerre"),
        ("f_onglet", "esp"),
        ("f_source", "rumeur"),
        ("f_population", "0"),
    ],
)
def test_a_bad_address_is_said_and_the_usual_value_is_used(name, text):
    plan, notices = Plan.from_query({name: text})
    (said,) = notices
    assert name in said
    assert name in ADDRESS_NAMES
    assert plan.team(load_msp_rules()).n_months == 12


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"f_patients": "0", "f_professionnels": "0", "f_mois": "1", "f_actions": "aucune"},
        {"f_actions": WHOLE, "f_dossiers": "2.5", "f_conditions": "crisis", "f_coordination": "9000"},
        {"f_onglet": "cpts", "f_source": "saisie", "f_population": "41000"},
        {"f_onglet": "zone", "f_projet": "P1", "f_cpts": "C1", "f_edition": "avenant-1-2022", "f_source": "perimetre"},
    ],
)
def test_the_address_says_the_whole_plan(query):
    plan, notices = Plan.from_query(query)
    assert notices == []
    assert plan.to_query() == query
    rules = load_msp_rules()
    assert plan.of_team(rules, plan.team(rules)) == plan


def test_steps_beyond_the_cap_are_capped_and_the_first_plan_has_no_actions_in_its_address():
    rules = load_msp_rules()
    plan, _ = Plan.from_query({"f_actions": "protocoles-99"})
    assert plan.steps(rules) == {"protocoles": 8}
    plan, _ = Plan.from_query({"f_actions": "systeme,crise,coordination,ouverture"})
    assert plan == Plan()


def test_the_tab_of_the_cpts_gives_the_published_range_with_its_condition():
    app = open_page("financement", f_onglet="cpts", f_source="saisie")
    assert not app.exception
    assert figures(app)["Taille"] == "2"
    assert figures(app)["Fourchette publiée, par an"] == "de 287 500 € à 580 000 €"
    assert figures(app)["Habitants de plus pour la taille suivante"] == "20 000"
    app.number_input(key="funding_population").set_value(200_000).run()
    assert figures(app)["Fourchette publiée, par an"] == "de 287 500 € à 580 000 €"
    said = plain(texts(app))
    assert "selon la population couverte et l’atteinte des objectifs" in said
    assert "Maximum de 2019 pour cette taille : 450 000 € (source secondaire)" in said
    assert "non de la source (supposé) : 287 500 € pour la taille 1, 580 000 € pour la taille 4" in said
    assert "d’après un document de 2024" in said
    assert app.query_params["f_population"] in ("200000", ["200000"])


def test_the_population_of_a_cpts_comes_from_the_territory():
    app = open_page("financement", f_onglet="cpts", territoire=FLORAC)
    assert figures(app)["Taille"] == "1"
    assert figures(app)["Fourchette publiée, par an"] == "de 287 500 € à 580 000 €"
    assert "rarement un département" in texts(open_page("financement", f_onglet="cpts", territoire="departement-48"))
    country = open_page("financement", f_onglet="cpts")
    assert not country.metric
    assert "Choisissez un territoire" in country.info[0].value


def perimeters(*rows):
    columns = ["cpts_id", "commune_code", "unit_code", "name"]
    table = pd.DataFrame(rows, columns=columns).assign(finess_code=pd.NA, extent="entier")
    return {"liste": Perimeters(table, frozenset(), "liste", "liste « essai »", "", "1")}


def test_the_perimeter_of_a_cpts_sums_its_communes_and_is_unknown_as_soon_as_one_is(monkeypatch):
    rows = [
        ("A", "48061", "48061", "CPTS des Gorges"),
        ("A", "48095", "48095", "CPTS des Gorges"),
        ("B", "48061", "48061", "CPTS perdue"),
        ("B", "99999", "99999", "CPTS perdue"),
        ("C", "69123", "69383", "CPTS Lyon 3"),
    ]
    monkeypatch.setattr(funding_data, "available", lambda: perimeters(*rows))
    known = load_perimeters()
    communes = load_gazetteer().communes.set_index("commune_code")["population"]
    assert known["A"].population == communes[["48061", "48095"]].sum()
    assert known["A"].n_communes == 2
    assert math.isnan(known["B"].population)
    assert 95_000 < known["C"].population < 110_000  # the third arrondissement, not the 519 127 of Lyon
    monkeypatch.setattr(funding_cpts, "load_perimeters", lambda: known)
    app = open_page("financement", f_onglet="cpts", f_source="perimetre", f_cpts="A")
    assert figures(app)["Taille"] == "1"
    assert "liste « essai »" in texts(app)
    choose(app, "funding_cpts_id", known["B"].name)
    assert not app.metric
    assert "CPTS perdue est inconnue (n.d.)" in texts(app)
    choose(app, "funding_cpts_id", known["C"].name)
    assert figures(app)["Taille"] == "3"
    assert "3e arrondissement de Lyon : la CPTS n’en couvre qu’une partie" in texts(app)


def test_the_aids_are_links_with_the_zone_of_the_commune_and_no_amount():
    app = open_page("financement", f_onglet="zone", territoire=FLORAC)
    assert "zone d’intervention prioritaire (ZIP)" in texts(app)
    assert "https://www.ameli.fr/medecin" in texts(app)
    assert "€" not in texts(app)
    assert "France Ruralités Revitalisation : **FRR socle**" in texts(app)
    assert "Quartiers prioritaires (QPV 2024) : **0\u00a0quartier**" in texts(app)
    assert "n’y ouvre en général pas droit" not in texts(app)
    for wanted in ("Étude de faisabilité", "formation PACTE", "source secondaire"):
        assert wanted in texts(app)
    lille = texts(open_page("financement", f_onglet="zone", territoire="commune-59350"))
    assert "n’y ouvre en général pas droit" in lille  # not in FRR
    assert "Quartiers prioritaires (QPV 2024) : **" in lille
    assert "Choisissez une commune" in texts(open_page("financement", f_onglet="zone"))
    assert zone_of(Territory("departement", "48")) is None
    reunion = Territory("commune", "97411")  # no zoning is known there
    assert zone_of(reunion) is None
    assert "est inconnue (n.d.)" in texts(open_page("financement", f_onglet="zone", territoire=reunion.key))


def test_the_aids_of_a_town_of_several_zones_say_the_share_of_each_and_leave_out_no_aid():
    said = texts(open_page("financement", f_onglet="zone", territoire="commune-75056"))
    assert "plusieurs zones selon l’arrondissement (ZAC 78,4 %, HZ 13,1 %, ZIP 8,5 %)".replace(" %", "\u00a0%") in said
    assert said.count("n’y ouvre en général pas droit") == 1  # the aids of FRR, where Paris is not


def test_the_population_of_a_place():
    gazetteer = load_gazetteer()
    assert math.isnan(population_of(gazetteer, FRANCE))
    lozere = population_of(gazetteer, Territory("departement", "48"))
    assert 70_000 < lozere < 80_000


def a_project(**fields):
    row = {
        "project_id": "P1", "name": "MSP du Causse", "structure_type": "msp", "commune_code": "48061",
        "departement_code": "48", "region_code": "76", "stage": "projet", "abandoned": False, "n_professionals": 14.0,
    }  # fmt: skip
    empty = empty_projects()
    return pd.DataFrame([row | fields]).reindex(columns=empty.columns)


def test_a_project_fills_in_its_commune_and_its_professionals(monkeypatch):
    both = pd.concat([a_project(), a_project(project_id="P2", name="CPTS", structure_type="cpts")], ignore_index=True)
    monkeypatch.setattr(funding_data, "load_projects", lambda: both)
    app = open_page("financement")
    assert options_of(app, "funding_project") == ["MSP du Causse"]
    choose(app, "funding_project", "MSP du Causse")
    assert app.number_input(key="funding_n_professionals").value == 14
    assert app.query_params["territoire"] in (FLORAC, [FLORAC])
    assert app.query_params["f_projet"] in ("P1", ["P1"])


def test_projects_that_cannot_be_read_leave_the_page_usable(monkeypatch):
    def fail():
        raise SnapshotDamaged("projets", expected="une base lisible", found="rien")

    monkeypatch.setattr(funding_data, "load_projects", fail)
    app = open_page("financement")
    assert any("Vos projets ne sont pas lus" in warning.value for warning in app.warning)
    assert due(app)


def test_a_second_edition_can_be_chosen(monkeypatch):
    monkeypatch.setattr(funding_page, "msp_editions", lambda: ["avenant-1-2022", "avenant-2"])
    app = open_page("financement", f_patients="8000", f_edition="avenant-1-2022")
    assert app.selectbox(key="funding_edition").value == "avenant-1-2022"
    assert line_of(app, "Fonction de coordination")[2] == "30 800 €"


def test_a_project_of_an_unknown_commune_or_team_changes_only_what_it_knows(monkeypatch):
    lost = a_project(commune_code="00000", n_professionals=float("nan"))
    monkeypatch.setattr(funding_data, "load_projects", lambda: lost)
    app = open_page("financement", f_professionnels="9")
    choose(app, "funding_project", "MSP du Causse")
    assert not app.exception
    assert app.number_input(key="funding_n_professionals").value == 9


def test_every_input_of_the_rules_has_its_help():
    app = open_page("financement", f_actions=WHOLE)
    for line in load_msp_rules().lines:
        drawn = [*app.checkbox, *app.slider, *app.segmented_control]
        widget = next(each for each in drawn if each.key == f"funding_line_{line.id}")
        assert widget.help == line.help
    assert app.select_slider(key="funding_files").help
    assert set(funding_inputs.CATEGORY_HELP) == {"prerequisite", "socle", "optional"}


def a_funding(**reached):
    rules = load_msp_rules()
    met = {line.id: 1 for line in rules.lines if line.category == "prerequisite"}
    team = MspTeam(8000, 18, met | reached, 0.03, frozenset(), None, 9)
    return fund_msp(rules, team), rank_gains(rules, team)


def test_the_exports_carry_the_lines_the_edition_the_assumptions_and_the_source():
    funding, _ = a_funding(missions=2, stagiaires=3, concertations=1)
    table = funding_words.lines_to_export(funding)
    assert table["Montant (€)"].iloc[:-1].sum() == pytest.approx(funding.value_eur, abs=0.1)
    assert table["Montant (€)"].iloc[-1] == pytest.approx(funding.payable_eur, abs=0.01)
    rows = list(csv.reader(io.StringIO(tables.write_csv(table).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + 14 + 1
    said = funding_words.tell_plausibility(funding, *funding_data.mean_paid())
    assert "ramené à douze mois" in said
    sheet = funding_words.assumptions_to_export(funding, place="Florac", printed_on=DAY, plausibility=said)
    book = openpyxl.load_workbook(io.BytesIO(tables.write_xlsx(table, sheet, title="Financement")))
    told = " ".join(str(cell) for row in book["Sources"].iter_rows(values_only=True) for cell in row if cell)
    for wanted in (
        "avenant-1-2022",
        "octobre 2022",
        "avenant 2 (2025)",
        "hypothèse de Maillage",
        "Florac",
        "9 mois",
        "versé en moyenne",
        "coordination externe",
        "date d’effet non relevée",
    ):
        assert wanted in told
    assert book["Données"].max_row == 16


def test_words_say_how_points_are_made():
    funding, _ = a_funding(protocoles=2, concertations=1, missions=1, sas=1)
    told = {funded.line.id: plain(funding_words.tell_terms(funded, funding.rules)) for funded in funding.lines}
    assert told["coordination"] == "1 000 + 1 700 × 2 (8 000 patients ÷ 4 000)"
    assert told["systeme"] == "500 + 200 × 16 professionnels + 150 × 2 professionnels"
    assert told["concertations"] == "1 000 × 2 (8 000 patients ÷ 4 000) × 60 %"
    assert told["protocoles"] == "100 × 2"
    assert told["cstm"] == ""
    reached = {funded.line.id: funding_words.tell_reached(funded) for funded in funding.lines}
    assert reached["sas"] == "la moitié des médecins"
    assert reached["missions"] == "1 mission"
    assert reached["usagers"] == "non"
    over, _ = a_funding(protocoles=10)
    assert "8 protocoles (10 déclarés)" in [funding_words.tell_reached(funded) for funded in over.lines]


def test_the_sheet_is_one_page_that_says_the_total_and_the_rules():
    funding, gains = a_funding(missions=2)
    for place in ("Florac", "Communauté de communes " * 8):
        said = funding_words.tell_plausibility(funding, *funding_data.mean_paid())
        content = render_funding_pdf(funding, gains, place=place, printed_on=DAY, plausibility=said)
        assert content.startswith(b"%PDF")
        assert n_pages(content) == 1
        assert_tagged(content)
    missing = fund_msp(funding.rules, funding.team.reaching("crise", 0).with_(n_patients=0, n_professionals=0))
    assert render_funding_pdf(missing, (), place="Nulle part", printed_on=DAY).startswith(b"%PDF")


@needs_poppler
def test_the_sheet_of_one_page_says_every_line_and_rule():
    funding, gains = a_funding(missions=2, stagiaires=3)
    pdf = render_funding_pdf(funding, gains, place="#panic() $x$", printed_on=DAY, plausibility="Pour situer.")
    assert_nothing_leaves_or_overlaps(pdf)
    said = words_of(pdf)
    rules = funding.rules
    wanted = [funded.line.label for funded in funding.lines]
    wanted += [funding_words.format_euros(funded.value_eur) for funded in funding.lines]
    wanted += [funding_words.tell_gain(gain) for gain in gains[:6]]
    wanted += [funding_words.tell_not_counted(rules), rules.source, rules.warning, "Pour situer.", "#panic() $x$"]
    wanted += [statement.text for statement in rules.assumptions]
    assert [text for text in wanted if " ".join(plain(text).split()) not in said] == []


def test_the_sizes_of_a_cpts_are_exported_without_an_invented_amount():
    rules = load_cpts_rules()
    table = funding_words.sizes_to_export(rules)
    assert set(table["Fourchette publiée, bas (€ par an)"]) == {287_500}
    assert set(table["Fourchette publiée, haut (€ par an)"]) == {580_000}
    assert table["Lecture de Maillage (supposé, € par an)"].isna().tolist() == [False, True, True, False]
    sheet = funding_words.cpts_assumptions(rules, fund_cpts(rules, 50_000), place="X", printed_on=DAY)
    assert any(plain(line["Valeur"]) == "de 287 500 € à 580 000 €" for line in sheet)
    assert any(line["Fiabilité"] == "supposé" for line in sheet)
    unknown = funding_words.cpts_assumptions(rules, None, place="X", printed_on=DAY)
    assert [line["Valeur"] for line in unknown].count("n.d.") == 2


def test_a_result_far_from_the_mean_is_said():
    few = fund_msp(load_msp_rules(), MspTeam(0, 0, {line.id: 1 for line in load_msp_rules().lines}))
    assert few.payable_eur > 0
    assert "nettement moins" in funding_words.tell_plausibility(few, 80_040, "ailleurs")
    many = fund_msp(few.rules, few.team.with_(n_patients=40_000, n_professionals=40))
    assert "nettement plus, vérifiez" in funding_words.tell_plausibility(many, 80_040, "ailleurs")
    nothing = fund_msp(few.rules, few.team.reaching("crise", 0))
    assert funding_words.tell_plausibility(nothing, 80_040, "ailleurs") == ""
