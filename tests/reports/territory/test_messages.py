"""The slides say their message with the figures of the screen; documents say who made them, when and in what tongue."""

from __future__ import annotations

import datetime as dt
import io
import re

import docx
import pandas as pd
import pptx
import pytest

from coverage.territories.gazetteer import FRANCE, Territory
from reports.figures.french import begin, in_territory
from reports.figures.numbers import UNKNOWN
from reports.page.properties import OURS
from reports.territory.docx import render_sheet_docx
from reports.territory.messages import (
    date_of,
    known_leads,
    lead,
    map_message,
    projection_message,
    series_message,
    shares_message,
    tell_two,
)
from reports.territory.pptx import render_slides
from tests.reports.conftest import DRAWN_ON

LOZERE = Territory("departement", "48")


@pytest.fixture(scope="module")
def sheet(studio):
    return studio.sheet(LOZERE, drawn_on=DRAWN_ON, author="ARS Occitanie")


@pytest.fixture(scope="module")
def deck(studio, sheet):
    return pptx.Presentation(io.BytesIO(render_slides(studio.print_shapes, sheet)))


def test_titles_are_messages_with_the_figures_of_the_screen(studio, deck):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    facts = studio.facts
    for name in ("apl_65_2023", "nearest_msp_min", "gp_fte_short_of_2_5_65"):
        assert any(facts.figure(name, LOZERE) in title for title in titles), name
    below = round(100 * facts.value("share_population_under_2_5_apl_65_2023", LOZERE))
    assert any(re.search(rf"{below}\s% des habitants vivent sous", title) for title in titles)
    assert titles[-2:] == ["Ce qu’il faut savoir avant de citer ces chiffres", "Sources"]


def test_every_text_of_the_slides_stands_on_the_slide(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.top >= 0
            assert shape.top + shape.height <= deck.slide_height + 360_000  # what is at the foot has an empty line


@pytest.mark.parametrize("kind", ["word", "slides"])
def test_documents_say_who_when_and_in_what_tongue(studio, sheet, deck, kind):
    word = render_sheet_docx(studio.print_shapes, sheet) if kind == "word" else b""
    properties = docx.Document(io.BytesIO(word)).core_properties if word else deck.core_properties
    assert properties.author == properties.last_modified_by == "ARS Occitanie"
    assert "Lozère" in properties.title
    assert properties.language == "fr-FR"
    age = dt.datetime.now(dt.UTC) - properties.created.replace(tzinfo=dt.UTC)
    assert dt.timedelta(0) <= age < dt.timedelta(hours=1)


def test_without_an_organisation_the_author_is_ours(studio):
    slides = pptx.Presentation(io.BytesIO(render_slides(studio.print_shapes, studio.sheet(LOZERE, drawn_on=DRAWN_ON))))
    assert slides.core_properties.author == OURS


def test_no_heading_of_the_sheet_may_end_a_page(studio, sheet):
    document = docx.Document(io.BytesIO(render_sheet_docx(studio.print_shapes, sheet)))
    assert document.styles["Heading 1"].paragraph_format.keep_with_next
    body = [paragraph for paragraph in document.paragraphs if paragraph.text == sheet.projection_text]
    assert body[0].paragraph_format.keep_with_next


def test_what_is_unknown_has_no_message(studio):
    mayotte = Territory("departement", "976")
    assert map_message(studio.facts, "apl_65_2023", [mayotte]) == ""
    assert shares_message("Mayotte", {}) == ""
    assert series_message("Mayotte", {}) == ""
    assert series_message("A", {"A": pd.Series([1.0], index=[pd.Timestamp("2020-06-30")])}) == ""
    assert projection_message("Généralistes", ()) == "Généralistes"


SHARE, APL, PER_MSP = "share_population_under_2_5_apl_65_2023", "apl_65_2023", "population_per_msp"


@pytest.mark.parametrize(
    ("territory", "asked", "known"),
    [
        (LOZERE, (SHARE, PER_MSP, APL), (SHARE, PER_MSP)),
        (Territory("commune", "48095"), (SHARE, APL, PER_MSP), (APL, PER_MSP)),  # a share has no sense in a commune
        (FRANCE, (SHARE, PER_MSP), (SHARE, PER_MSP)),
        (Territory("departement", "976"), (SHARE, APL), ()),  # Mayotte has no APL
    ],
)
def test_a_page_opens_with_known_figures_as_its_tables_write_them(studio, territory, asked, known):
    facts = studio.facts
    assert known_leads(facts, territory, asked) == known
    sentence = lead(facts, territory, known)
    assert sentence.startswith(f"{begin(in_territory(facts.gazetteer, territory))}, ")
    assert all(facts.figure(name, territory) in sentence for name in known)
    assert sentence.count("(France : ") == (0 if territory == FRANCE else len(known))


def test_a_commune_with_an_msp_is_not_at_0_minutes_of_it(studio):
    facts = studio.facts
    assert "une maison de santé dans la commune." in lead(facts, Territory("commune", "48095"), ("nearest_msp_min",))
    near = lead(facts, Territory("commune", "48003"), ("nearest_msp_min",))
    assert "est à" in near
    assert "en moyenne" not in near
    assert "min en moyenne" in lead(facts, LOZERE, ("nearest_msp_min",))


def test_any_known_figure_has_its_sentence_and_its_date(studio):
    facts = studio.facts
    places = (LOZERE, Territory("commune", "30350"), FRANCE, Territory("departement", "976"))
    for name, place in [(name, place) for name in facts.indicators for place in places]:
        known = known_leads(facts, place, (name,))
        assert bool(known) == (not pd.isna(facts.value(name, place)))
        if known:
            sentence = lead(facts, place, known)
            assert UNKNOWN not in sentence
            assert not re.search(r"\.\.|\{|pour aucun", sentence), sentence
            assert date_of(facts, place, name) == facts.indicator(name).dated_at(place.level)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("apl_65_2023", "En Lozère, 2,45 consultations par an et par habitant, chez le généraliste (France : 3,29)."),
        ("nearest_pharmacie_min", "En Lozère, temps de trajet jusqu’à la pharmacie la plus proche : 6,4 min."),
        ("msp_per_100k", "(MSP) pour 100 000 habitants, INSEE, BPE : 11,8 (France : 3,8)."),
        ("n_gp", "En Lozère, nombre de médecins généralistes libéraux (CNAM) : 48."),
    ],
)
def test_a_figure_is_said_as_french_says_it(studio, name, said):
    sentence = lead(studio.facts, LOZERE, (name,)).replace("\u00a0", " ").replace("\u202f", " ")
    assert sentence.endswith(said)


def test_a_sentence_never_divides_by_no_structure(studio):
    facts = studio.facts
    name = "population_per_msp_finess"
    without = next(
        place
        for code in facts.gazetteer.names["commune"]
        if facts.lacks_divisor(name, place := Territory("commune", code))
    )
    assert "une maison de santé pour" not in lead(facts, without, (name,))


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            ("apl_at_risk_share_2022", LOZERE),
            ("apl_at_risk_share_2023", LOZERE),
            "En Lozère, APL due aux > 65 ans 2022 : 16,3 % ; APL due aux > 65 ans 2023 : 15,6 %.",
        ),
        (
            ("share_75plus", LOZERE),
            ("share_75plus", Territory("departement", "30")),
            "En Lozère, 75 ans ou plus : 12,3 % ; dans le Gard, 75 ans ou plus : 11,2 %.",
        ),
        (("apl_65_2023", LOZERE), ("apl_65_2023", Territory("departement", "976")), ""),
    ],
)
def test_two_maps_open_with_their_two_figures(studio, first, second, said):
    told = tell_two(studio.facts, first, second).replace("\u00a0", " ")
    assert told == said
