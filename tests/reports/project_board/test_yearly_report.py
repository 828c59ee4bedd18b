"""The yearly report gives published figures back to the letter, on screen words, PDF, Word and workbook alike."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from docx import Document

from coverage.projects.listing import within as projects_within
from coverage.terms.project_list import empty_projects
from coverage.territories.gazetteer import FRANCE, Territory
from reports.project_board.content import between, compose_report, name_open
from reports.project_board.docx import render_report_docx
from reports.project_board.map import HEADING, ReportMap
from reports.project_board.pdf import render_report_pdf
from reports.project_board.tables import first_rows
from reports.project_board.xlsx import render_report_xlsx, report_sheets
from tests.reports.conftest import DRAWN_ON
from tests.reports.pdf_reading import (
    assert_nothing_leaves_or_overlaps,
    assert_tagged,
    descriptions_of,
    n_pages,
    needs_poppler,
    words_of,
)
from tests.toy_projects import FLORAC, build_projects, hauts_de_france_2021, occitanie_2020, random_projects

OCCITANIE, HAUTS_DE_FRANCE = Territory("region", "76"), Territory("region", "32")
YEAR_2020, JUNE_2021 = dt.date(2020, 12, 31), dt.date(2021, 6, 30)
READ_ON = dt.date(2026, 11, 22)
THIN = "\u202f"


@pytest.fixture(scope="module")
def compose(studio):
    def composed(projects, territory, day, **options):
        return compose_report(
            projects, studio.facts.gazetteer, territory, **({"day": day, "listed_on": READ_ON} | options)
        )

    return composed


@pytest.fixture(scope="module")
def occitanie(compose):
    return compose(occitanie_2020(), OCCITANIE, YEAR_2020)


@pytest.fixture(scope="module")
def hauts_de_france(compose):
    return compose(hauts_de_france_2021(), HAUTS_DE_FRANCE, JUNE_2021)


def tiles(report):
    return {tile.label: (tile.figure, tile.note) for tile in report.tiles}


def test_occitanie_2020_is_printed_back(occitanie):
    assert occitanie.title == "Occitanie : bilan 2020 des projets"
    assert (
        "320 équipes accompagnées, la moitié en fonctionnement (160), la moitié en projet (160) : "
        "80\u00a0% des projets de la région."
    ) in occitanie.sentences
    assert "40 facilitateurs." in occitanie.sentences
    told = tiles(occitanie)
    assert told["Équipes accompagnées"] == ("320", "160 en fonctionnement, 160 en projet")
    assert told["Part des projets de la région accompagnés"] == ("80\u00a0%", "320 sur 400")
    assert told["Facilitateurs"][0] == "40"
    # Without any date nobody knows who is stuck: unknown, not 0.
    assert told["Projets bloqués depuis plus de 24 mois"] == ("n.d.", "400 sans date")


def test_hauts_de_france_2021_is_printed_back(hauts_de_france):
    assert hauts_de_france.subtitle == "Situation au 30 juin 2021."
    assert hauts_de_france.sentences == (
        "188 MSP ouvertes et 26 projets.",
        "121 MSP sur 188 ont signé l’ACI (64\u00a0%).",
        (
            f"2{THIN}359 professionnels, 12 à 13 par structure : 666 médecins généralistes, 687 infirmiers, "
            "246 kinésithérapeutes et 61 sages-femmes."
        ),
    )
    # The list says of nobody whether they are accompanied: unknown, not 0.
    assert tiles(hauts_de_france)["Équipes accompagnées"] == ("n.d.", "la liste ne le dit pas")


@needs_poppler
def test_the_pdf_holds_the_published_figures(occitanie, hauts_de_france):
    said = words_of(render_report_pdf(occitanie))
    assert "la moitié en fonctionnement (160), la moitié en projet (160)" in said
    assert "40 facilitateurs" in said
    said = words_of(render_report_pdf(hauts_de_france))
    for words in ("188 MSP ouvertes et 26 projets", "121 MSP sur 188", "2 359 professionnels, 12 à 13 par structure"):
        assert words in said
    assert "relevée le 22 novembre 2026" in said


def test_the_word_document_can_be_reopened_and_holds_the_published_figures(hauts_de_france):
    document = Document(io.BytesIO(render_report_docx(hauts_de_france)))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert all(sentence in said for sentence in hauts_de_france.sentences)
    assert hauts_de_france.source in said
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"666", "687", "246", "61", f"2{THIN}359"} <= cells
    assert document.core_properties.title == hauts_de_france.title


def test_the_workbook_holds_numbers_and_the_source(studio, hauts_de_france):
    book = openpyxl.load_workbook(io.BytesIO(render_report_xlsx(hauts_de_france, studio.facts.gazetteer)))
    people = {row[0]: row[1] for row in book["Professionnels"].iter_rows(min_row=2, values_only=True)}
    assert people["Médecins généralistes"] == 666
    assert people["Ensemble"] == 2359
    assert people["Pharmaciens"] is None  # unknown: an empty cell
    assert hauts_de_france.source in [row[0] for row in book["Sources"].iter_rows(values_only=True)]


def busy_list(studio, n_projects):
    """Make a long list with projects in every department of Occitanie and names as long as they come."""
    communes = studio.facts.gazetteer.within(OCCITANIE, "commune").sample(n_projects, random_state=1)
    codes = {name: communes[name].to_numpy() for name in ("commune_code", "departement_code")}
    names = [f"=Marie-Françoise Delacroix-Bernardin-Lafargue {number % 30}" for number in range(n_projects)]
    return random_projects(2, n_projects).assign(**codes, facilitator=pd.Series(names, dtype="str"))


@needs_poppler
@pytest.mark.parametrize("case", ["busy", "empty", "hauts_de_france"])
def test_the_pdf_is_one_page_and_nothing_leaves_it_or_overlaps(studio, compose, case):
    projects = {"busy": busy_list(studio, 700), "empty": empty_projects(), "hauts_de_france": hauts_de_france_2021()}
    report = compose(projects[case], OCCITANIE, READ_ON, selection="suivis par Anne Roux, MSP seulement")
    pdf = render_report_pdf(report)
    assert n_pages(pdf) == 1
    assert b"/Type3" not in pdf
    assert_tagged(pdf)
    assert_nothing_leaves_or_overlaps(pdf)


def test_a_long_table_says_how_many_rows_it_leaves_out(studio, compose):
    report = compose(busy_list(studio, 700), OCCITANIE, READ_ON)
    assert len(report.departements.rows) == 14
    rows, said = first_rows(report.departements, 5)
    assert [row[0] for row in rows][-1] == "Ensemble"
    assert said.startswith("9 autres lignes")
    assert first_rows(report.departements, 14)[1] == ""


def test_facilitators_named_like_formulas_are_text(studio, compose):
    report = compose(busy_list(studio, 60), OCCITANIE, READ_ON)
    book = openpyxl.load_workbook(io.BytesIO(render_report_xlsx(report, studio.facts.gazetteer)))
    names = [row[0] for row in book["Facilitateurs"].iter_rows(min_row=2, values_only=True)]
    assert all(name.startswith("'=") for name in names)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_few_professionals_of_a_department_are_secret_everywhere(studio, compose):
    people = {"n_gp": 3, "n_professionals": 4}
    many = {"n_gp": 12, "n_professionals": 40}
    projects = build_projects(
        {"stage": "ouvert"} | people | FLORAC, {"stage": "ouvert"} | many, {"stage": "aci_signe"} | many
    )
    report = compose(projects, OCCITANIE, READ_ON)
    shown = {row[0]: row[-1] for row in report.departements.rows}
    # 84 - 80 would give the 4 of Lozère back: Haute-Garonne is hidden with it.
    assert shown == {"Haute-Garonne": "NS", "Lozère": "NS", "Ensemble": "84"}
    sheet = report_sheets(report, studio.facts.gazetteer)["Prof. par département"].set_index("Département")
    assert sheet.loc["Lozère", "Médecins généralistes"] == "NS"
    alone = compose(
        projects_within(projects, studio.facts.gazetteer, Territory("departement", "48")), OCCITANIE, READ_ON
    )
    assert tiles(alone)["Professionnels"] == ("NS", "")
    assert not any("professionnels" in sentence for sentence in alone.sentences)
    rows = {row[0]: row[1:3] for row in alone.professions.rows}
    assert rows["Médecins généralistes"] == ("NS", "NS")


def test_a_total_known_in_some_structures_only_says_in_how_many(compose):
    projects = build_projects({"stage": "ouvert", "n_professionals": 10}, {"stage": "ouvert"}, {"stage": "ouvert"})
    (said,) = [sentence for sentence in compose(projects, FRANCE, READ_ON).sentences if "professionnels" in sentence]
    assert said == "10 professionnels connus, dans 1 structure sur 3, soit 10 par structure."


def test_an_empty_list_still_makes_a_report(compose):
    report = compose(empty_projects(), FRANCE, YEAR_2020)
    assert report.sentences == ("0 structure ouverte et 0 projet.",)
    assert tiles(report)["Part des projets de la liste accompagnés"][0] == "n.d."
    assert render_report_docx(report)


def test_small_words():
    assert between(12.5) == "12 à 13"
    assert between(12.0) == "12"
    assert name_open(pd.Series({"msp": 1})) == "1 MSP ouverte"
    assert name_open(pd.Series({"centre_sante": 3})) == "3 centres de santé ouverts"
    assert name_open(pd.Series({"msp": 2, "cpts": 1})) == "3 structures ouvertes (2 MSP et 1 CPTS)"


def test_a_past_day_says_that_it_is_rebuilt_from_dates(occitanie):
    assert any("effectifs, accompagnement et abandons sont ceux d’aujourd’hui" in note for note in occitanie.notes)


DATED = (
    {"stage": "ouvert", "project_on": "2022-01-01", "validated_on": "2023-01-01", "opened_on": "2026-03-01"},
    {"stage": "ouvert", "project_on": "2020-01-01", "validated_on": "2021-01-01", "opened_on": "2022-03-01"},
    {"stage": "ouvert", "validated_on": "2021-01-01"} | FLORAC,
    {"stage": "projet", "idea_on": "2026-08-01", "project_on": "2026-09-01"},
)


def test_each_figure_stands_beside_that_of_the_year_before(studio, compose):
    projects = build_projects(*DATED)
    report = compose(projects, OCCITANIE, READ_ON, listed=projects)
    beside = {tile.label: tile.before for tile in report.tiles}
    # The third may have opened before or after: one or two were open.
    assert beside["Structures ouvertes"] == "un an avant : 1 à 2 (+1 à +2)"
    assert beside["En projet"] == "un an avant : 1 à 2 (−1 à 0)"
    for label in ("Équipes accompagnées", "Facilitateurs", "Professionnels"):
        assert beside[label] == "un an avant : n.d."  # the list keeps those of today only
    assert any("situation au 22 novembre 2025" in note and "estimé" in note for note in report.notes)
    heads, rows = report.departements.heads, {row[0]: row for row in report.departements.rows}
    place = heads.index("Ouvertes un an avant")
    assert rows["Haute-Garonne"][place - 1 : place + 2] == ("2", "1", "+1")
    assert rows["Lozère"][place - 1 : place + 2] == ("1", "n.d.", "n.d.")  # it may be none: not 0
    sheet = report_sheets(report, studio.facts.gazetteer)["Un an avant"].set_index("Chiffre")
    assert sheet.loc["Structures ouvertes"].tolist() == [3, 3, 1, 2]
    assert "Un an avant" in [table.rows[0].cells[-2].text for table in _word(report).tables]


def _word(report, **options):
    return Document(io.BytesIO(render_report_docx(report, **options)))


def test_what_a_list_does_not_tell_is_never_zero(compose):
    projects = build_projects({"stage": "projet", "facilitator": "Anne Roux"}, {"stage": "idee"} | FLORAC)
    report = compose(projects, FRANCE, READ_ON, listed=projects)
    assert {row[0]: row[-1] for row in report.facilitators.rows}["Anne Roux"] == "n.d."  # stuck, perhaps
    assert {row[-1] for row in report.departements.rows} == {"–"}  # nobody to count where none is open
    assert report.professions.rows == ()
    assert {tile.before for tile in report.tiles} == {"un an avant : n.d.", "un an avant : 0 (0)"}
    past = compose(projects.assign(stage=pd.Series([None, None], dtype="str")), FRANCE, YEAR_2020)
    assert tiles(past)["Structures ouvertes"][0] == tiles(past)["En projet"][0] == "n.d."
    assert past.sentences[0].startswith("n.d. structures ouvertes et n.d. projets")


@needs_poppler
def test_the_map_has_a_page_of_its_own(studio, compose):
    projects = build_projects(*DATED)
    report = compose(projects, OCCITANIE, READ_ON, listed=projects)
    drawn = ReportMap(studio.print_shapes, studio.map_content("apl_65_2023", "epci", OCCITANIE, drawn_on=DRAWN_ON))
    pdf = render_report_pdf(report, drawn=drawn)
    assert n_pages(pdf) == 2
    assert_tagged(pdf)
    assert HEADING in words_of(pdf)
    assert [one.startswith("Carte. Occitanie") for one in descriptions_of(pdf)] == [True]
    document = _word(report, drawn=drawn)
    assert HEADING in [paragraph.text for paragraph in document.paragraphs]
    assert len(document.inline_shapes) == 1
