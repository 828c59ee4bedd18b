"""The planner's projects in the sheet of a territory."""

import datetime as dt
import io
import re

import pandas as pd
import pytest
from docx import Document
from PIL import Image

from coverage.terms.project_list import empty_projects
from coverage.territories.gazetteer import Territory
from coverage.territories.own import OwnTerritory
from data.projects.schema import conform
from reports.territory.docx import render_sheet_docx
from reports.territory.pdf import render_sheet_pdf
from reports.territory.projects import PROJECTS_HEADING, count_stages, with_projects
from tests.reports.pdf_reading import (
    assert_nothing_leaves_or_overlaps,
    assert_tagged,
    descriptions_of,
    n_pages,
    needs_poppler,
    tags_of,
    words_of,
)

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
    table = with_projects(sheet, projects, studio.facts).projects
    assert table.to_numpy().tolist() == [
        ["MSP", "De Mende", "Mende", "ACI signé"],
        ["MSP", "Du Gévaudan", "Marvejols", "Projet"],
    ]
    assert count_stages(table) == "ACI signé : 1 · Projet : 1"


def test_a_territory_without_project_keeps_its_sheet(sheet, projects, studio):
    elsewhere = projects[projects["departement_code"] == "31"]
    assert with_projects(sheet, elsewhere, studio.facts) is sheet
    assert with_projects(sheet, empty_projects(), studio.facts) is sheet


@needs_poppler
def test_both_documents_hold_them_and_nobody_is_named(sheet, projects, studio):
    print_shapes = studio.print_shapes
    full = with_projects(sheet, projects, studio.facts)
    document = Document(io.BytesIO(render_sheet_docx(print_shapes, full)))
    assert PROJECTS_HEADING in [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Du Gévaudan" in cells
    assert "Personne Nommée" not in cells
    pdf = render_sheet_pdf(print_shapes, full)
    assert len(pdf) != len(render_sheet_pdf(print_shapes, sheet))
    assert "Du Gévaudan" in words_of(pdf)
    assert "Personne Nommée" not in words_of(pdf)


@needs_poppler
def test_a_logo_and_projects_named_like_source_or_very_long_are_printed_as_they_are(studio):
    names = ["#panic() $x$ @a *b* ]", "Anticonstitutionnellement" * 4, "Maison de santé " * 12, "e", "f", "g", "h"]
    rows = conform(pd.DataFrame([project(name=name, project_id=f"P{rank}") for rank, name in enumerate(names)]))
    own = Territory.of_own(OwnTerritory.of("Pays [de] $Mende$", ("48095", "48092")))
    logo = io.BytesIO()
    Image.new("RGBA", (300, 100), "navy").save(logo, format="png")
    sheet = studio.sheet(own, drawn_on=dt.date(2026, 11, 22), logo=logo.getvalue(), author="ARS #1")
    pdf = render_sheet_pdf(studio.print_shapes, with_projects(sheet, rows, studio.facts))
    assert n_pages(pdf) == 2
    assert_tagged(pdf)
    assert_nothing_leaves_or_overlaps(pdf)
    said = words_of(pdf)
    assert "#panic() $x$ @a *b* ]" in said
    assert "Anticonstitutionnellement" * 4 in re.sub(r'["\s]', "", tags_of(pdf))  # whole, on several lines
    assert sheet.name in said
    assert "1 autre n’est pas listé ici." in said
    assert "Logo de l’organisation" in descriptions_of(pdf)
