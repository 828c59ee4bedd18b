"""The planner's projects in the sheet of a territory."""

import datetime as dt
import io

import pandas as pd
import pytest
from docx import Document

from coverage.terms.project_list import empty_projects
from coverage.territories.gazetteer import Territory
from data.projects.schema import conform
from reports.territory.docx import render_sheet_docx
from reports.territory.pdf import render_sheet_pdf
from reports.territory.projects import PROJECTS_HEADING, count_stages, with_projects

LOZERE = Territory("departement", "48")


def project(**values):
    row = dict.fromkeys(empty_projects().columns) | {
        "project_id": f"P{len(str(values))}{values.get('name')}", "name": "MSP", "structure_type": "msp",
        "commune_code": "48095", "departement_code": "48", "region_code": "76", "longitude": 3.5, "latitude": 44.5,
        "point_origin": "commune", "stage": "projet", "abandoned": False, "facilitator": "Personne Nommée", "n_gp": 3,
    }  # fmt: skip
    return row | values


@pytest.fixture
def projects():
    return conform(
        pd.DataFrame(
            [
                project(name="Du Gévaudan", commune_code="48092"),
                project(name="De Mende", stage="aci_signe"),
                project(name="Abandonnée", abandoned=True),
                project(name="D’ailleurs", commune_code="31555", departement_code="31"),
            ]
        )
    )


@pytest.fixture
def sheet(studio):
    return studio.sheet(LOZERE, drawn_on=dt.date(2026, 11, 22))


def test_the_projects_of_the_territory_the_most_advanced_first(sheet, projects, studio):
    table = with_projects(sheet, projects, studio.facts.gazetteer).projects
    assert table.to_numpy().tolist() == [
        ["MSP", "De Mende", "Mende", "ACI signé"],
        ["MSP", "Du Gévaudan", "Marvejols", "Projet"],
    ]
    assert count_stages(table) == "ACI signé : 1 · Projet : 1"


def test_a_territory_without_project_keeps_its_sheet(sheet, projects, studio):
    elsewhere = projects[projects["departement_code"] == "31"]
    assert with_projects(sheet, elsewhere, studio.facts.gazetteer) is sheet
    assert with_projects(sheet, empty_projects(), studio.facts.gazetteer) is sheet


def test_both_documents_hold_them_and_nobody_is_named(sheet, projects, studio):
    print_shapes = studio.print_shapes
    full = with_projects(sheet, projects, studio.facts.gazetteer)
    document = Document(io.BytesIO(render_sheet_docx(print_shapes, full)))
    assert PROJECTS_HEADING in [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Du Gévaudan" in cells
    assert "Personne Nommée" not in cells
    assert len(render_sheet_pdf(print_shapes, full)) != len(render_sheet_pdf(print_shapes, sheet))
