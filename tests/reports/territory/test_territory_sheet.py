"""Sheets and slides are reopened and read: same figures everywhere, titles, descriptions, notes and native charts."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from functools import cache

import pytest
from docx import Document
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.own import OwnTerritory
from reports.errors import EmptyTerritoryError, LogoError
from reports.map.panel import describe_map
from reports.projection.outlook import waterfall_range
from reports.territory.content import compose_sheet, file_stem
from reports.territory.docx import render_sheet_docx
from reports.territory.pdf import render_sheet_pdf
from reports.territory.pptx import render_slides
from tests.reports.conftest import DRAWN_ON
from tests.reports.pdf_reading import (
    assert_nothing_leaves_or_overlaps,
    assert_tagged,
    descriptions_of,
    needs_poppler,
    words_of,
)

TERRITORIES = [
    Territory("departement", "48"),
    Territory("departement", "976"),  # neither APL nor projection nor structures
    Territory("commune", "48095"),
]


@pytest.fixture(scope="module")
def lozere(studio):
    return studio.sheet(TERRITORIES[0], drawn_on=DRAWN_ON)


def test_the_steps_of_the_waterfall_add_up(lozere):
    start, departures, arrivals, need, left = lozere.steps
    assert departures.base == start.top
    assert arrivals.base == departures.top
    assert need.base == arrivals.top
    assert left.base == pytest.approx(need.top)  # what is left to convince is what brings back to today
    assert left.top == start.top
    low, high = waterfall_range(lozere.steps)
    assert 0 <= low < min(left.base, departures.top)
    assert high > start.top


def test_the_sheet_says_how_fragile_its_projection_is_and_the_other_end(studio, lozere):
    tarn = studio.sheet(Territory("departement", "81"), drawn_on=DRAWN_ON)
    assert "s’annule si les arrivées montent de" in tarn.projection_text
    assert "à moins de cinq médecins près" in lozere.projection_text  # too few to be said to double
    assert "comme de 2021 à 2024 (−0,33" in lozere.projection_note
    assert "promotions plus nombreuses s’installent à partir de 2028 (proche de la DREES)" in lozere.projection_note


def test_what_is_published_by_department_only_is_said_unknown_of_an_own_territory(studio):
    sheet = studio.sheet(Territory.of_own(OwnTerritory.of("Deux communes", ("48095", "48092"))), drawn_on=DRAWN_ON)
    assert "n.d. pour un territoire personnel" in sheet.figures_note
    first = [figure.figures[0] for figure in sheet.key_figures]
    assert "n.d." in first
    assert "–" not in first
    waterfall = {step.label: step.text for step in sheet.steps}
    assert not any("équilibre (" in text for text in waterfall.values())
    assert waterfall["Départs"].startswith(("moins de 5", "−"))


def test_shares_of_inhabitants_make_one(lozere):
    assert list(lozere.apl_shares) == ["Lozère", "Occitanie", "France"]
    for parts in lozere.apl_shares.values():
        assert sum(parts) == pytest.approx(1)


@pytest.fixture(scope="module")
def pdf_of(studio):
    @cache
    def made(territory):
        sheet = studio.sheet(territory, drawn_on=DRAWN_ON)
        return sheet, render_sheet_pdf(studio.print_shapes, sheet)

    return made


def test_the_same_sheet_gives_the_same_bytes(studio, pdf_of):
    sheet, pdf = pdf_of(TERRITORIES[-1])
    assert render_sheet_pdf(studio.print_shapes, sheet) == pdf


@pytest.mark.parametrize("territory", TERRITORIES, ids=lambda territory: territory.key)
def test_pdf_has_two_pages_with_embedded_fonts(pdf_of, territory):
    _, pdf = pdf_of(territory)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    sizes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert all(
        float(w) == pytest.approx(595.3, abs=0.1) and float(h) == pytest.approx(841.9, abs=0.1) for w, h in sizes
    )
    assert_tagged(pdf)


@needs_poppler
@pytest.mark.parametrize("territory", TERRITORIES, ids=lambda territory: territory.key)
def test_pdf_says_all_that_the_sheet_says_and_nothing_leaves_it(pdf_of, territory):
    sheet, pdf = pdf_of(territory)
    assert_nothing_leaves_or_overlaps(pdf)
    said = words_of(pdf)
    for figure in sheet.key_figures:
        assert all(plain(text) in said for text in (figure.label, figure.dated, *figure.figures))
    texts = (sheet.name, sheet.situation, sheet.projection_text, sheet.figures_note, *sheet.sources)
    assert all(plain(text) in said for text in texts)
    assert all(plain(step.text) in said for step in sheet.steps)  # the texts of a picture are texts
    for content in sheet.maps:
        assert plain(content.drawn.legend.shown[0].label) in said
    alts = descriptions_of(pdf)
    located, alts = [one for one in alts if one == sheet.where], [one for one in alts if one != sheet.where]
    assert len(located) == bool(sheet.seen_in)
    maps, charts = [plain(one) for one in alts if one.startswith("Carte.")], alts[3:]
    assert maps == [plain(describe_map(content)) for content in sheet.maps]
    assert len(charts) == bool(sheet.steps) + bool(sheet.apl_shares)
    assert pdf.count(b"/S/URI") >= len(sheet.links) > 5


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


@pytest.mark.parametrize("territory", TERRITORIES, ids=lambda territory: territory.key)
def test_docx_can_be_reopened_and_holds_every_figure(studio, territory):
    sheet = studio.sheet(territory, drawn_on=DRAWN_ON)
    document = Document(io.BytesIO(render_sheet_docx(studio.print_shapes, sheet)))
    cells = {cell.text for row in document.tables[0].rows for cell in row.cells}
    for figure in sheet.key_figures:
        assert set(figure.figures) <= cells
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert sheet.projection_text in text
    assert all(source in text for source in sheet.sources)
    assert round(document.sections[0].page_width.mm) == 210
    pictures = document.element.body.findall(".//{*}docPr")
    assert len(pictures) == 3 + bool(sheet.steps) + bool(sheet.seen_in)
    assert all(len(picture.get("descr")) > 30 for picture in pictures)


def test_slides_can_be_reopened_and_edited(studio, lozere):
    deck = Presentation(io.BytesIO(render_slides(studio.print_shapes, lozere)))
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=1e-3)
    charts = tables = pictures = 0
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        assert "Licence Ouverte" in slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            charts += shape.has_chart
            tables += shape.has_table
            if shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
                pictures += 1
                assert "Carte." in shape._element._nvXxPr.cNvPr.get("descr")
    assert (charts, tables, pictures) == (3, 1, 3)


def test_the_waterfall_of_the_slides_holds_the_numbers_of_the_sheet(studio, lozere):
    deck = Presentation(io.BytesIO(render_slides(studio.print_shapes, lozere)))
    chart = next(
        shape.chart
        for slide in deck.slides
        if slide.shapes.title.text_frame.text.startswith(lozere.projection_title)
        for shape in slide.shapes
        if shape.has_chart
    )
    assert list(chart.plots[0].categories) == [step.label for step in lozere.steps]
    low, high = (series.values for series in chart.plots[0].series)
    tops = [below + above for below, above in zip(low, high, strict=True)]
    assert tops == pytest.approx([max(step.base, step.top) for step in lozere.steps])


def test_an_unknown_territory_still_gives_slides(studio):
    sheet = studio.sheet(Territory("departement", "976"), drawn_on=DRAWN_ON)
    assert sheet.steps == ()
    assert "n.d." in sheet.projection_text
    assert zipfile.is_zipfile(io.BytesIO(render_slides(studio.print_shapes, sheet)))


def test_overseas_the_region_is_not_said_twice(studio):
    assert studio.sheet(Territory("departement", "976"), drawn_on=DRAWN_ON).compared == ("Mayotte", "France")


def test_a_territory_that_does_not_exist_is_named(studio):
    with pytest.raises(EmptyTerritoryError, match="departement-99"):
        compose_sheet(studio.facts, studio.outlooks, Territory("departement", "99"), drawn_on=DRAWN_ON)


@pytest.mark.parametrize("writer", [render_sheet_pdf, render_sheet_docx, render_slides])
def test_a_logo_that_is_no_picture_is_named(studio, lozere, tmp_path, writer):
    (tmp_path / "logo.png").write_text("<svg/>")
    with pytest.raises(LogoError, match=r"logo\.png"):
        writer(studio.print_shapes, dataclasses.replace(lozere, logo=tmp_path / "logo.png"))


def test_file_names_are_plain():
    assert file_stem(Territory("departement", "22"), "Côtes-d'Armor") == "departement-22_cotes-d-armor"
    assert file_stem(FRANCE, "France") == "france"
