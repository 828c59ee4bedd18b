"""Scale, frame and north of a printed map."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import metres_transformer
from reports.map.content import Town
from reports.map.frame import frame_on, nice_length
from reports.map.place_names import place_names
from reports.page.paper import Box, Paper

sizes = st.floats(1.0, 1e7, allow_nan=False)


@given(sizes)
def test_a_nice_length_is_round_and_fits(longest):
    length = nice_length(longest)
    assert length <= longest * (1 + 1e-6)
    assert length > longest / 2.6  # steps are 1, 2, 5, 10: the next one would not fit
    assert str(f"{length:e}")[0] in "125"


@given(sizes, sizes, st.floats(10, 400), st.floats(10, 400))
def test_the_frame_shows_all_the_ground_and_is_centred(width, height, box_width, box_height):
    frame = frame_on((100.0, 200.0, 100.0 + width, 200.0 + height), Box(5, 7, box_width, box_height), 2154)
    left, bottom, right, top = frame.bounds
    assert left <= 100.0 <= 100.0 + width <= right
    assert bottom <= 200.0 <= 200.0 + height <= top
    x, y = frame.to_page(100.0 + width / 2, 200.0 + height / 2)
    assert (float(x), float(y)) == pytest.approx((5 + box_width / 2, 7 + box_height / 2), abs=1e-3)


def test_one_millimetre_of_the_bar_is_one_millimetre_of_the_map():
    # 1 km of print_shapes in a box of 100 mm without margin: 10 m a millimetre
    frame = frame_on((0, 0, 1000, 1000), Box(0, 0, 100, 100), 2154, margin=0)
    assert frame.m_per_mm == pytest.approx(10)


@pytest.mark.parametrize(("longitude", "sign"), [(-4.5, -1), (3.0, 0), (9.0, 1)])
def test_north_leans_west_of_the_meridian_of_lambert_and_east_of_it(longitude, sign):
    # West of 3° E, Lambert-93 turns the meridians to the right of the page; east of it, to the left
    x, y = metres_transformer(2154).transform(longitude, 47.0)
    angle = frame_on((x - 1e4, y - 1e4, x + 1e4, y + 1e4), Box(0, 0, 100, 100), 2154).north_angle()
    expected = math.degrees(math.radians(longitude - 3) * math.sin(math.radians(46.5)))
    assert angle == pytest.approx(expected, abs=0.1)
    assert (angle > 0.5) - (angle < -0.5) == sign


@given(st.lists(st.tuples(st.floats(5, 95), st.floats(5, 95), st.floats(2, 30)), min_size=1, max_size=25))
def test_names_never_overlap_nor_leave_the_map(dots):
    towns = [Town(f"T{rank}", 0.0, 0.0, "48", rank, is_prefecture=False) for rank in range(len(dots))]
    placed = place_names(towns, [(x, y) for x, y, _ in dots], [width for *_, width in dots], 3.0, Box(0, 0, 100, 100))
    for rank, name in enumerate(placed):
        assert name.box.left >= 0
        assert name.box.right <= 100
        for other in placed[rank + 1 :]:
            apart = (
                name.box.right <= other.box.left
                or other.box.right <= name.box.left
                or name.box.top <= other.box.bottom
                or other.box.top <= name.box.bottom
            )
            assert apart


def test_a_name_alone_is_always_placed():
    town = Town("Mende", 3.5, 44.5, "48", 0, is_prefecture=True)
    assert len(place_names([town], [(50.0, 50.0)], [12.0], 3.0, Box(0, 0, 100, 100))) == 1


def test_wrapping_loses_no_word():
    text = "Accessibilité aux généralistes, médecins de 65 ans ou moins, par commune"
    lines = Paper().wrap(text, 9.0, 40.0)
    assert " ".join(lines) == text
    assert len(lines) > 1


def test_no_line_begins_with_a_sign_that_french_keeps_with_the_word_before():
    for width in range(15, 90):
        for line in Paper().wrap("Classes : seuils de référence ; « n.d. » : 12 % des communes ?", 9.0, float(width)):
            assert line[0] not in ":;?!%»"
            assert not line.endswith("«")
