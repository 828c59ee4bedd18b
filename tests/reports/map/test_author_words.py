"""What an author writes on a map, and what stands beside it: words, places, key figures, neighbours, signs in sight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from coverage.territories.gazetteer import FRANCE, Territory
from reports.map.body import frame_of, grounds_of
from reports.map.content import FROM, Town, compose_map
from reports.map.layers import sign_boxes, sign_size
from reports.map.place_names import place_names
from reports.map.print_map import draw_map
from reports.map.words import AuthorWords, Block, key_figures
from reports.page.paper import MM_PER_POINT, Box, Paper
from tests.reports.conftest import DRAWN_ON

LOZERE, OCCITANIE = Territory("departement", "48"), Territory("region", "76")


def compose(studio, territory=LOZERE, **choices):
    return compose_map(studio.facts, "apl_65_2023", "commune", territory, drawn_on=DRAWN_ON, **choices)


def said_on(studio, content, paper=None):
    figure = draw_map(studio.print_shapes, content, paper or Paper())
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_the_author_writes_title_subtitle_note_and_places(studio):
    words = AuthorWords("49 % des habitants", "Arrêté du 3 mai", "Note de l’auteur.", ("48198", "48095", "99999"))
    content = compose(studio, words=words)
    assert [town.name for town in content.towns] == ["Villefort", "Mende"]
    said = said_on(studio, content)
    for text in ("49 % des habitants", "Arrêté du 3 mai", "Note de l’auteur.", "Villefort", "Mende"):
        assert text in said
    assert not any(text.startswith("Lozère : accessibilité") for text in said)
    assert "Chanac" not in said
    assert "Chanac" in said_on(studio, compose(studio))


def test_without_the_author_the_words_are_ours(studio):
    assert compose(studio, words=AuthorWords()).title == compose(studio).title
    assert compose(studio, words=AuthorWords(subtitle="")).subtitle == ""


@pytest.mark.parametrize("territory", [LOZERE, Territory("commune", "48198"), Territory("region", "76")])
def test_key_figures_are_those_of_the_screen(studio, territory):
    block = key_figures(studio.facts, "apl_65_2023", territory)
    rows = dict(block.rows)
    gazetteer = studio.facts.gazetteer
    assert rows[gazetteer.name(territory)] == studio.facts.figure("apl_65_2023", territory, unit=False)
    assert rows["France"] == studio.facts.figure("apl_65_2023", FRANCE, unit=False)
    assert rows[f"Population, {gazetteer.name(territory)}"] == studio.facts.figure("population", territory)


def test_france_alone_has_nothing_to_compare_with(studio):
    assert key_figures(studio.facts, "apl_65_2023", FRANCE) is None


def test_key_figures_and_histogram_fill_the_column(studio):
    said = said_on(studio, compose(studio, structures=("msp",)))
    for text in ("Repères : APL ≤ 65 ans 2023", "Nombre de communes selon la valeur"):
        assert text in said


def test_what_stands_around_is_named(studio):
    said = said_on(studio, compose(studio))
    assert {"AVEYRON", "CANTAL", "HAUTE-LOIRE", "ARDÈCHE", "GARD"} <= set(said)
    assert "LOZÈRE" not in said
    assert "NOUVELLE-AQUITAINE" in said_on(studio, compose(studio, OCCITANIE))


def test_a_simulation_says_what_it_starts_from(studio):
    block = Block("Changements", (("Ouverture, Villefort (48198)", "3 ETP"),))
    content = compose(studio, simulated=True, blocks=[block])
    assert content.source.startswith(f"{FROM} : ")
    assert "3 ETP" in said_on(studio, content)


def test_few_signs_are_three_millimetres_wide():
    assert sign_size(20) * MM_PER_POINT == pytest.approx(3.0, abs=0.05)
    assert sign_size(10) >= sign_size(100) >= sign_size(1000) >= sign_size(10_000) > 0


@given(st.lists(st.tuples(st.floats(5, 95), st.floats(5, 95), st.floats(2, 30)), min_size=1, max_size=20))
def test_no_name_covers_a_sign(dots):
    towns = [Town(f"T{rank}", 0.0, 0.0, "48", rank, is_prefecture=False) for rank in range(len(dots))]
    signs = [Box(x - 1.5, y - 1.5, 3.0, 3.0) for x, y, _ in dots]
    room = Box(0, 0, 100, 100)
    placed = place_names(towns, [(x, y) for x, y, _ in dots], [width for *_, width in dots], 3.0, room, signs)
    for name in placed:
        for sign in signs:
            assert (
                name.box.right <= sign.left
                or sign.right <= name.box.left
                or name.box.top <= sign.bottom
                or sign.top <= name.box.bottom
            )


def test_the_signs_of_a_map_have_a_box_each_around_their_place(studio):
    content = compose(studio, structures=("msp", "cpts"))
    frame = frame_of(studio.print_shapes, content, Box(0, 0, 200, 150), grounds_of(studio.print_shapes, content))
    boxes = sign_boxes(content.structures, frame, 1.0)
    assert len(boxes) == len(content.structures)
    assert all(0 < (box.left + box.right) / 2 < 200 for box in boxes)
