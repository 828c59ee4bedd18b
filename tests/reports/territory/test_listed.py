"""The slides of a presentation as they are listed; a territory's own projects among its slides; the change in words."""

import io
import re

import numpy as np
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from coverage.territories.gazetteer import FRANCE, Territory
from data.projects.example import MARK
from reports.map.two_maps import under_name
from reports.project_board.counts import compose_counts, draw_counts, without_circles
from reports.territory.listed import DECK_TITLE, ListedSlide, render_listed
from reports.territory.messages import change_message
from reports.territory.pptx import render_slides
from reports.territory.projects import projects_message, stage_rows, with_projects
from tests.reports.conftest import DRAWN_ON
from tests.toy_projects import FLORAC, TOULOUSE, build_projects, random_projects

LOZERE, OCCITANIE = Territory("departement", "48"), Territory("region", "76")
APL = ("apl_65_2022", "apl_65_2023")
LIST = build_projects(
    {"stage": "ouvert"} | FLORAC,
    {"stage": "projet", "name": "Une équipe"} | FLORAC,
    {"stage": "idee", "structure_type": "cpts"} | FLORAC,
    {"stage": "projet", "abandoned": True} | FLORAC,
    {"stage": "aci_signe"} | TOULOUSE,
)


@pytest.fixture(scope="module")
def sheet(studio):
    return studio.sheet(LOZERE, drawn_on=DRAWN_ON)


@pytest.fixture(scope="module")
def own(studio, sheet):
    return with_projects(sheet, LIST, studio.facts)


def read(content):
    return Presentation(io.BytesIO(content))


def n_pictures(slide):
    return sum(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in slide.shapes)


def title_of(slide):
    return slide.shapes.title.text_frame.text


def test_each_slide_has_its_authors_title_its_comment_and_its_sources(studio, sheet, own):
    maps = tuple(studio.map_content(name, "commune", LOZERE, drawn_on=DRAWN_ON) for name in APL)
    listed = [
        ListedSlide(sheet, "Deux", "De 2022 à 2023", maps=maps),
        ListedSlide(own, "Nos projets", "Une liste. " * 20, "projets"),
        ListedSlide(sheet, "Une carte", maps=maps[:1]),
        ListedSlide(sheet, "Le métier", slide="projection"),
        ListedSlide(sheet, "Sans projet", slide="projets"),
    ]
    deck = read(render_listed(studio.print_shapes, listed, author="ARS Occitanie"))
    assert [title_of(slide) for slide in deck.slides] == [*(one.title for one in listed), "Sources"]
    assert [n_pictures(slide) for slide in deck.slides] == [2, 1, 1, 0, 0, 0]
    assert deck.core_properties.author == "ARS Occitanie"
    assert deck.core_properties.title == DECK_TITLE
    for slide, one in zip(list(deck.slides), listed, strict=False):
        notes = slide.notes_slide.notes_text_frame.text
        assert "Licence Ouverte" in notes
        assert one.comment.strip() in notes
        assert one.comment in " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
    both = [shape for shape in deck.slides[0].shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert both[0].left + both[0].width < both[1].left
    assert "2022" in both[0]._element._nvXxPr.cNvPr.get("descr")
    assert "2023" in both[1]._element._nvXxPr.cNvPr.get("descr")


def test_the_projects_are_a_slide_of_their_territory_and_only_of_it(studio, sheet, own):
    plain, more = (read(render_slides(studio.print_shapes, one)) for one in (sheet, own))
    titles = [title_of(slide) for slide in more.slides]
    assert [title for title in titles if title not in [title_of(slide) for slide in plain.slides]] == [
        "Lozère : 1 MSP ouverte et 2 projets en cours dans la liste de projets"
    ]
    slide = next(slide for slide in more.slides if "liste de projets" in title_of(slide))
    assert "aucune source publique" in slide.notes_slide.notes_text_frame.text
    assert n_pictures(slide) == 1


@pytest.mark.parametrize("seed", range(4))
def test_the_counts_by_stage_are_those_of_a_slow_twin(studio, seed):
    projects = random_projects(seed, 60)
    sheet = studio.sheet(OCCITANIE, drawn_on=DRAWN_ON)
    rows = stage_rows(with_projects(sheet, projects, studio.facts).projects)
    here = [one for one in projects.to_dict("records") if one["region_code"] == "76" and not one["abandoned"]]
    types = [label for kind, label in STRUCTURE_TYPES.items() if kind in {one["structure_type"] for one in here}]
    assert rows[0] == ("Étape", "Projets", *(types if len(types) in {2, 3} else []))
    for label, *counts in rows[1:-1]:
        mine = [one for one in here if STAGES.get(one["stage"], "n.d.") == label]
        kinds = [STRUCTURE_TYPES[one["structure_type"]] for one in mine]
        assert counts == [str(len(mine)), *(str(kinds.count(kind)) for kind in rows[0][2:])]
        assert mine
    assert rows[-1][:2] == ("Ensemble", str(len(here)))
    assert sum(int(row[1]) for row in rows[1:-1]) == len(here)


def test_a_few_types_have_a_column_each_and_many_none(studio, sheet):
    kinds = ("msp", "cpts", "esp", "autre")
    for n_types, columns in ((1, 2), (2, 4), (3, 5), (4, 2)):
        rows = build_projects(*({"structure_type": kind} | FLORAC for kind in kinds[:n_types]))
        assert len(stage_rows(with_projects(sheet, rows, studio.facts).projects)[0]) == columns


def test_a_name_that_a_legend_has_already_is_not_said_twice(studio):
    content = studio.map_content("apl_65_2023", "commune", LOZERE, drawn_on=DRAWN_ON)
    once = under_name(content, "Après")
    assert once.drawn.legend.title == f"Après : {content.drawn.legend.title}"
    assert under_name(once, "Après").drawn.legend.title == once.drawn.legend.title


def test_the_message_of_the_projects_says_what_is_unknown_and_what_is_invented():
    rows = [{"stage": None}, {"stage": "idee"}]
    assert projects_message("Ici", build_projects(*rows)) == (
        "Ici : 1 projet en cours et 1 projet d’étape n.d. dans la liste de projets"
    )
    invented = build_projects({"name": f"{MARK} 1, équipe", "stage": "ouvert"})
    assert projects_message("Ici", invented).endswith("dans la liste de projets (exemple fictif)")


def test_the_map_of_the_slide_has_signs_alone_and_names_the_list(studio):
    here = LIST[(LIST["departement_code"] == "48") & ~LIST["abandoned"]]
    days = {"day": DRAWN_ON, "listed_on": DRAWN_ON, "drawn_on": DRAWN_ON}
    content = compose_counts(studio.facts, here, LOZERE, **days, has_circles=False)
    assert sorted(content.structures["structure_type"]) == ["projet_idee", "projet_ouvert", "projet_projet"]
    assert content.drawn.legend.entries == []
    assert np.isnan(content.drawn.values.circles.values).all()
    assert "non sites FINESS" in content.structures_note
    assert "Liste de projets de l’utilisateur" in content.source
    _, drawn = draw_counts(studio.facts, here, LOZERE, DRAWN_ON)
    assert without_circles(drawn).values.texts == drawn.values.texts
    assert np.nansum(drawn.values.circles.values) == 3  # the counts themselves are not touched


@pytest.mark.parametrize("territory", [LOZERE, OCCITANIE, FRANCE, Territory("commune", "48095")])
@pytest.mark.parametrize(
    "names", [APL, ("share_population_under_2_5_apl_65_2022", "share_population_under_2_5_apl_65_2023"),
              ("apl_nurses_2022", "apl_nurses_2023")],
)  # fmt: skip
def test_the_change_told_is_that_of_the_figures(studio, territory, names):
    facts = studio.facts
    said = change_message(facts, names, territory)
    assert change_message(facts, names[::-1], territory) == said  # told in the order of time
    before, after = (facts.figure(name, territory, unit=False) for name in names)
    if territory.level not in facts.indicator(names[0]).levels:
        assert said == ""
        return
    numbers = re.findall(r"\d+(?:,\d+)?", re.sub(r"\(APL\)|2,5 consultations|65 ans", "", said))
    if before == after:
        assert "sans changement de 2022 à 2023" in said
        assert after in numbers
        return
    assert [number for number in numbers if number not in {"2022", "2023"}][:2] == [before, after]
    assert ("en hausse" in said) == (facts.value(names[1], territory) > facts.value(names[0], territory))


def test_what_is_no_change_of_one_measure_says_nothing(studio):
    facts = studio.facts
    assert change_message(facts, ("apl_65_2022", "nearest_msp_min"), LOZERE) == ""
    assert change_message(facts, ("apl_65_2023", "apl_65_2023"), LOZERE) == ""
    assert change_message(facts, APL, Territory("departement", "976")) == ""  # unknown
