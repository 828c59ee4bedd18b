"""The study as a document: reopened, every figure of the screen in it, pictures described, blanks to write in."""

from __future__ import annotations

import dataclasses
import io
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from coverage.access.apl_model import apl_by_commune, apl_model
from coverage.indicators.commune_facts import Tables, commune_facts
from coverage.simulator.supply_change import Baseline
from coverage.study.dossier import StudyTables, study
from coverage.study.eligibility import Team
from geo.travel_time.estimate import estimate_travel_times
from reports.page.word import BLANK_TITLE
from reports.study.additions import KnownPerimeters, OwnData
from reports.study.content import compose_study
from reports.study.docx import HEADINGS, TICKED, render_study_docx
from reports.study.maps import access_map, describe, rings_map, rings_page
from reports.study.rings import bounds_degrees
from reports.study.words import CATCHMENT, tell_access
from tests.reports.conftest import DRAWN_ON
from tests.toy_cpts import perimeters_of

FLORAC, MAYOTTE, CAYENNE, NO_SHAPE = "48061", "97608", "97302", "15031"
NOBODY = Team()
TRAVEL = "Temps de trajet : estimation."


@pytest.fixture(scope="module")
def tables(studio):
    table = studio.facts.table
    communes = table("communes")
    names = ("apl", "population_series", "population_estimates", "bpe_departements", "commune_context", "zoning")
    facts = commune_facts(Tables(communes=communes, **{name: table(name) for name in names}))
    times = estimate_travel_times(communes)
    published = apl_by_commune(table("apl"), 2023)
    model = apl_model(times, published["population_standardised"], table("apl_parameters"))
    return StudyTables(
        communes=communes,
        facts=facts,
        structures=table("structures"),
        covered_regions=frozenset({"76"}),
        times=times,
        baseline=Baseline(model, published, communes, series="apl_65"),
    )


@pytest.fixture(scope="module")
def compose(studio, tables):
    def composed(code, team=NOBODY, **options):
        return compose_study(
            studio.facts, study(code, tables), team=team, travel=TRAVEL, drawn_on=DRAWN_ON, **({"n_gp": 4} | options)
        )

    return composed


@pytest.fixture(scope="module")
def florac(compose):
    projects = pd.DataFrame(
        {
            "name": ["MSP des Gorges"],
            "structure_type": ["msp"],
            "stage": ["valide_ars"],
            "commune_code": ["48075"],
            "abandoned": [False],
        }
    )
    return compose(FLORAC, Team(2, 1, frozenset({"projet_ecrit"})), around=OwnData(projects=projects))


@pytest.fixture(scope="module")
def document(studio, florac):
    return Document(io.BytesIO(render_study_docx(studio.print_shapes, studio.facts, florac)))


def cells_of(document):
    return {cell.text for table in document.tables for row in table.rows for cell in row.cells}


def words_of(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_headings_are_real_and_in_reading_order(document):
    found = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert tuple(found) == HEADINGS
    assert document.paragraphs[0].style.name == "Title"
    assert document.core_properties.title == "Étude territoriale : Florac Trois Rivières"
    assert document.core_properties.language == "fr-FR"


def test_the_table_of_contents_is_a_field_that_already_names_every_chapter(document):
    body = document.element.body
    instructions = [text.text for text in body.iter(qn("w:instrText"))]
    assert any(text.strip().startswith("TOC") for text in instructions)
    kinds = [mark.get(qn("w:fldCharType")) for mark in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]  # well formed: Word opens it without repair
    before = words_of(document).split(HEADINGS[0])[1]
    assert all(heading in before for heading in HEADINGS[1:])


def test_every_figure_and_sentence_of_the_screen_is_in_the_document(document, florac):
    cells, words = cells_of(document), words_of(document)
    for table in (florac.compared, florac.work, florac.structures, florac.structures_counts, florac.staffing):
        assert {str(cell) for row in table.itertuples(index=False) for cell in row} <= cells
        assert set(table.columns) <= cells
    for sentence in florac.summary:
        assert sentence in words
    for title in florac.sources["Source"]:
        assert title in cells
    assert set(florac.sources["Licence"]) <= cells
    assert TRAVEL in words


@pytest.mark.parametrize(
    ("fte", "said"), [(0.04, "soit moins de 0,1 ETP."), (0.3, "soit environ 0,3 ETP qui partiront les premiers.")]
)
def test_gps_too_few_to_be_written_are_not_said_to_leave(fte, said):
    row = {"apl_65_2023": 3.0, "apl_at_risk_share": 0.001, "fte_at_risk": fte, "fte_to_threshold": 0.0}
    dossier = SimpleNamespace(series="apl_65", figures=pd.DataFrame([row], index=[CATCHMENT]))
    assert tell_access(dossier, {}).endswith(said)


def test_the_numbers_of_the_summary_are_those_of_the_tables(florac):
    here = florac.compared.set_index(["Indicateur", "Date"])["Moins de 15 min"]
    said = " ".join(florac.summary)
    people = here["Habitants", "2023, mesuré"]
    assert f"vivent {people} habitants" in said.replace("\u00a0", " ")
    assert here["75 ans ou plus", "2022, mesuré (commune), estimé ailleurs"] in said
    chosen = florac.staffing.set_index("Médecins ajoutés").loc["4"]
    assert f"à {chosen['APL du bassin']}" in florac.staffing_text
    assert chosen["Habitants passés au-dessus"] in florac.staffing_text


def test_pictures_are_described_and_fit_the_page(document):
    pictures = document.element.body.findall(".//{*}docPr")
    assert len(pictures) == 3  # rings, access, chart
    assert all(len(picture.get("descr")) > 60 for picture in pictures)
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert all(shape.width <= room for shape in document.inline_shapes)
    for table in document.tables:
        assert sum(column.width for column in table.columns if column.width) <= room * 1.01


def test_the_team_finds_where_to_write(document):
    blanks = [table for table in document.tables if BLANK_TITLE in table.rows[0].cells[0].text]
    assert len(blanks) >= 7
    assert all("?" in table.rows[0].cells[0].text for table in blanks)
    members = next(table for table in document.tables if table.rows[0].cells[0].text == "Nom")
    assert len(members.rows) == 9
    assert all(not cell.text for row in members.rows[1:] for cell in row.cells)


def test_heads_repeat_and_rows_are_never_cut(document):
    lists = [table for table in document.tables if len(table.rows) > 1]
    for table in lists:
        properties = table.rows[0]._tr.trPr
        assert properties.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_ticks_and_the_status_of_their_sources_are_printed(document, florac):
    table = next(table for table in document.tables if "Condition" in [cell.text for cell in table.rows[0].cells])
    printed = {row.cells[2].text: (row.cells[0].text == TICKED, row.cells[4].text) for row in table.rows[1:]}
    assert {label: met for label, (met, _) in printed.items()} == {
        answer.condition.label: answer.is_met for answer in florac.answers
    }
    assert sum(met for met, _ in printed.values()) == 3
    assert {status for _, status in printed.values()} == {"lu dans le texte", "source secondaire, à vérifier"}
    assert "7 conditions à réunir sur 10" in words_of(document)


@pytest.mark.parametrize("code", [MAYOTTE, CAYENNE])
def test_where_much_is_unknown_the_document_says_so_and_never_0(studio, compose, code):
    content = compose(code)
    document = Document(io.BytesIO(render_study_docx(studio.print_shapes, studio.facts, content)))
    assert "n.d." in words_of(document)
    counts = content.structures_counts.set_index("Type")
    msp = [label for label in counts.index if "MSP" in label or "pluriprofessionnelle" in label]
    assert len(msp) == 1
    # every type of FINESS is embedded for Occitanie only, its MSP for the whole country
    assert set(counts.drop(index=msp).to_numpy().ravel()) == {"n.d."}
    if code == MAYOTTE:
        assert content.staffing.empty
        assert len(document.inline_shapes) == 2  # no chart of what cannot be computed
        row = content.compared.set_index(["Indicateur", "Date"]).loc[("APL, médecins de tous âges", "2023, mesuré")]
        assert row["Moins de 15 min"] == "n.d."
        assert list(content.compared.columns[2:]) == [
            "Dzaoudzi", "Moins de 10 min", "Moins de 15 min", "Moins de 20 min", "Mayotte", "France"
        ]  # fmt: skip # the region is the department: said once


def test_a_commune_without_shape_is_still_studied(studio, compose):
    content = compose(NO_SHAPE)
    assert rings_page(studio.print_shapes, studio.facts, content, dpi=50).startswith(b"\x89PNG")


def test_what_a_study_does_not_know_around_is_a_least(compose):
    # Villefranche-de-Lauragais is inside Occitanie; Agen's neighbours are half in it
    inside, astride = compose("31582"), compose("47001")
    assert all(value.isdigit() for value in inside.structures_counts["Moins de 20 min"])
    counts = astride.structures_counts.set_index("Type")
    others = counts.drop(index=[label for label in counts.index if "MSP" in label or "pluriprofessionnelle" in label])
    assert set(others["Moins de 10 min"]) == {"n.d."}
    told = " ".join(others["Moins de 20 min"])
    assert "0" not in told.split()
    assert "n.d." in astride.summary[3] or "n’est pas dans la liste" in astride.summary[3]


def test_the_map_stands_by_itself(studio, florac):
    picture = Image.open(io.BytesIO(rings_page(studio.print_shapes, studio.facts, florac, dpi=60)))
    assert picture.width > picture.height
    assert "Florac Trois Rivières" in picture.info["Title"]
    rings = rings_map(studio.facts, florac).content
    assert sum(entry.count for entry in rings.drawn.legend.entries) == len(florac.dossier.communes)
    assert len(rings.structures) == len(florac.structures)  # two pharmacies
    assert "Licence Ouverte" in rings.source
    assert "estimation" in rings.drawn.legend.subtitle
    assert "moins de 10 min : 2" in describe(rings_map(studio.facts, florac))


def test_the_map_of_access_has_the_classes_of_the_indicator(studio, florac):
    content = access_map(studio.facts, florac).content
    assert [entry.label for entry in content.drawn.legend.entries][:2] == ["moins de 1,50", "1,50 à 2,50"]
    assert sum(entry.count for entry in content.drawn.legend.entries) == len(florac.dossier.communes)


def test_the_view_holds_every_point_of_the_catchment(florac, tables):
    west, south, east, north = bounds_degrees(florac.dossier, tables.communes)
    points = tables.communes[tables.communes["commune_code"].isin(florac.dossier.communes["commune_code"])]
    assert points["longitude"].between(west, east).all()
    assert points["latitude"].between(south, north).all()


def test_the_planners_own_projects_are_listed(document, florac):
    assert florac.projects.to_dict("records") == [
        {"Projet": "MSP des Gorges", "Type": "MSP", "Étape": "Validé par l’ARS", "Commune": "Ispagnac", "Minutes": "15"}
    ]
    assert {"MSP des Gorges", "Validé par l’ARS"} <= cells_of(document)


def test_small_counts_of_professionals_are_not_shown(compose):
    codes = ["48061", "48050", "48166", "48075"]  # those less than 15 minutes away, the first two less than 10
    counts = pd.DataFrame({"n_gp": [4.0, 0.0, 1.0, 2.0], "n_midwives": [0.0, 0.0, float("nan"), 1.0]}, index=codes)
    table = compose(FLORAC, around=OwnData(professionals=counts, professionals_source="essai")).professionals
    by_profession = table.set_index("Profession")
    assert by_profession.loc["Médecins généralistes"].to_list() == ["NS", "7", "n.d."]
    assert by_profession.loc["Sages-femmes"].to_list() == ["0", "n.d.", "n.d."]


@pytest.mark.parametrize(
    ("codes", "is_complete", "said"),
    [
        (["48061"], False, "est dans le périmètre de : CPTS d’essai (ma liste)"),
        (["48095"], True, "n’est dans le périmètre d’aucune CPTS"),
        (["48095"], False, "CPTS qui couvre la commune : n.d., les périmètres chargés"),
    ],
)
def test_the_cpts_of_the_commune_is_named_denied_or_unknown(compose, codes, is_complete, said):
    table = perimeters_of({"d’essai": codes})
    around = OwnData(perimeters=(KnownPerimeters(table, "ma liste", is_complete),))
    assert said in compose(FLORAC, around=around).cpts_note
    assert "aucun périmètre n’est chargé" in compose(FLORAC).cpts_note


def test_a_logo_stands_on_the_first_page(studio, compose):
    picture = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(picture, format="png")
    content = compose(MAYOTTE)
    with_logo = Document(
        io.BytesIO(render_study_docx(studio.print_shapes, studio.facts, content, logo=picture.getvalue()))
    )
    assert len(with_logo.inline_shapes) == 3  # two maps and the logo
    assert round(with_logo.inline_shapes[0].height.mm) == 12


def test_without_a_list_no_project_is_spoken_of(compose):
    assert compose(FLORAC).projects.empty


@pytest.mark.parametrize(
    ("n_left", "expected"),
    [(10, "Il reste 10 conditions"), (1, "Il reste 1 condition à"), (0, "Les 10 conditions de la liste sont cochées")],
)
def test_what_is_left_is_counted_in_french(compose, florac, n_left, expected):
    ids = florac.rules.ticked_ids
    team = Team() if n_left == 10 else Team(2, 1, frozenset(ids[: len(ids) - n_left]))
    assert compose(FLORAC, team).conditions_text.startswith(expected)


def test_a_small_catchment_asks_whether_it_needs_that_many(compose):
    assert "fois l’APL de la France" in compose(FLORAC, n_gp=8).staffing_text
    assert "fois l’APL de la France" not in compose("31555", n_gp=2).staffing_text


def test_no_figure_is_printed_in_the_english_way(florac):
    texts = [
        *florac.summary,
        *(line.value for line in florac.headlines),
        *(str(cell) for table in (florac.compared, florac.work, florac.staffing) for cell in table.to_numpy().ravel()),
    ]
    assert not [text for text in texts if re.search(r"\d\.\d|nan|None", text)]


def test_content_is_not_shared_between_readers(florac):
    assert dataclasses.is_dataclass(florac)
    with pytest.raises(dataclasses.FrozenInstanceError):
        florac.n_gp = 2
