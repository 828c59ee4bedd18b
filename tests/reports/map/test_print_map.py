"""Printed maps: their pictures, their words in every format, and what is refused."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess

import numpy as np
import pytest
import scipy.spatial
import shapely
from matplotlib.text import Text
from PIL import Image

from coverage.territories.gazetteer import FRANCE, Territory
from geo.map.palettes import luminance
from reports.errors import EmptyTerritoryError, FormatError, LogoError, OutputError
from reports.map.body import frame_of, grounds_of
from reports.map.content import compose_map
from reports.map.layers import draw_structures, fanned_out, sign_size
from reports.map.panel import describe_map
from reports.map.print_map import draw_map
from reports.page.paper import MM_PER_INCH, MM_PER_POINT, Box, Paper
from reports.page.pictures import drawing_settings, render_picture
from reports.page.saving import write_whole
from reports.studio import MapFormat
from tests.reports.conftest import DRAWN_ON
from tests.reports.pdf_reading import assert_tagged, descriptions_of, n_pages
from tests.reports.pictures import assert_same_picture

OCCITANIE, LOZERE = Territory("region", "76"), Territory("departement", "48")
VIEWS = {
    "occitanie_apl": ("apl_65_2023", "commune", OCCITANIE, ("msp", "cpts")),
    "la_reunion_75_ans": ("share_75plus", "commune", Territory("departement", "974"), ()),
    "france_apl": ("apl_65_2023", "commune", FRANCE, ()),
    "france_msp_departements": ("msp_dgos_per_100k", "departement", FRANCE, ()),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_picture_is_the_one_that_was_looked_at(studio, name):
    indicator, level, territory, structures = VIEWS[name]
    content = studio.map_bytes(
        indicator, level, territory, drawn_on=DRAWN_ON, form=MapFormat(dpi=45), structures=structures
    )
    assert_same_picture(content, name)


def compose(studio, territory=LOZERE, indicator="apl_65_2023", level="commune", **choices):
    return compose_map(studio.facts, indicator, level, territory, drawn_on=DRAWN_ON, **choices)


def words_of(content):
    """Return every text that must be read on a map, whatever its format."""
    legend = content.drawn.legend
    labels = [entry.label for entry in legend.entries]
    return [content.title, legend.title, *labels, "Licence Ouverte 2.0", "22 novembre 2026", "Mende", "km"]


def test_svg_holds_its_words_and_its_letters(studio):
    content = compose(studio, structures=("msp",))
    svg = render_picture(draw_map(studio.print_shapes, content, Paper(), in_lines=True), "svg").decode("utf-8")
    found = "\n".join(re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL))
    for word in words_of(content):
        assert word in found
    assert svg.count("@font-face") == 2  # normal and bold
    assert "font/ttf;base64," in svg
    assert "http" not in re.sub(r'(xmlns(:\w+)?|rdf:resource)="[^"]*"|<!DOCTYPE[^>]*>', "", svg)


def test_pdf_holds_its_words_and_its_fonts(studio):
    content = compose(studio, structures=("msp",))
    figure = draw_map(studio.print_shapes, content, Paper(), in_lines=True)
    pdf = render_picture(figure, "pdf", title=content.title, alt=describe_map(content))
    assert pdf.count(b"/FontFile2") >= 2
    assert b"/Type3" not in pdf
    assert n_pages(pdf) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 841\.8\d* 595\.2\d*\s*\]", pdf)
    assert_tagged(pdf)
    assert descriptions_of(pdf) == [describe_map(content).replace("\u00a0", " ")]
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        for word in words_of(content):
            assert word in " ".join(text.split())


@pytest.mark.parametrize("name", ["a4", "a3", "16:9", "carre"])
@pytest.mark.parametrize("orientation", ["paysage", "portrait"])
def test_every_paper_has_its_size_and_keeps_its_words_inside(studio, name, orientation):
    paper = Paper(name, orientation)
    figure = draw_map(studio.print_shapes, compose(studio, FRANCE, level="region"), paper)
    image = Image.open(io.BytesIO(render_picture(figure, "png", dpi=72)))
    expected = (paper.width / MM_PER_INCH * 72, paper.height / MM_PER_INCH * 72)
    assert np.allclose(image.size, expected, atol=1)
    renderer = figure.canvas.get_renderer()
    page = figure.bbox
    for text in figure.findobj(Text):
        if text.get_text():
            with drawing_settings():
                box = text.get_window_extent(renderer)
            assert box.x0 >= page.x0 - 0.5, text.get_text()
            assert box.x1 <= page.x1 + 0.5, text.get_text()
            assert box.y0 >= page.y0 - 0.5, text.get_text()
            assert box.y1 <= page.y1 + 0.5, text.get_text()


def test_no_two_texts_of_the_margin_overlap(studio):
    content = compose(studio, OCCITANIE, structures=("msp", "cpts", "centre_sante", "hopital", "pharmacie"))
    figure = draw_map(studio.print_shapes, content, Paper("a4", "portrait"))
    render_picture(figure, "png", dpi=72)
    renderer = figure.canvas.get_renderer()
    texts = {
        (text.get_text(), *map(round, text.get_window_extent(renderer).bounds)): text.get_window_extent(renderer)
        for text in figure.findobj(Text)
        if text.get_text()
    }
    boxes = [(key[0], box.shrunk(0.98, 0.7)) for key, box in texts.items()]
    for rank, (one, box) in enumerate(boxes):
        for other, its_box in boxes[rank + 1 :]:
            assert not box.overlaps(its_box), f"{one!r} over {other!r}"


@pytest.mark.parametrize("dpi", [150, 300])
def test_resolution_is_written_in_the_file(studio, dpi):
    image = Image.open(
        io.BytesIO(studio.map_bytes("apl_65_2023", "commune", LOZERE, drawn_on=DRAWN_ON, form=MapFormat(dpi=dpi)))
    )
    assert round(image.info["dpi"][0]) == dpi
    assert (
        image.size == (round(297 / 25.4 * dpi - 0.5), round(210 / 25.4 * dpi - 0.5))
        or abs(image.size[0] - 297 / 25.4 * dpi) <= 1
    )
    assert "Lozère" in image.info["Title"]


def test_the_unknown_is_hatched_and_said(studio):
    content = compose(studio, Territory("departement", "976"))
    assert [entry.label for entry in content.drawn.legend.entries if entry.count] == ["n.d. (donnée inconnue)"]
    figure = draw_map(studio.print_shapes, content, Paper())
    assert any(collection.get_hatch() for axes in figure.axes for collection in axes.collections)


def test_where_structures_are_not_loaded_the_map_says_so(studio):
    content = compose(studio, Territory("departement", "29"), structures=("pharmacie",))
    assert content.structures.empty
    assert content.structures_note == "Pharmacie : n.d. ici."


def test_seats_of_2021_have_their_own_sign_and_source_where_those_of_today_are_not_loaded(studio):
    content = compose(studio, Territory("departement", "59"), structures=("msp", "cpts"))
    assert set(content.structures["structure_type"]) == {"msp", "cpts_2021"}
    assert content.structures_note == ""
    assert "FINESS, 8 janvier 2021" in content.source
    only_today = compose(studio, Territory("departement", "59"), structures=("cpts",), dates="actuelles")
    assert only_today.structures.empty
    assert only_today.structures_note == "CPTS (siège) : n.d. ici."
    mayotte = compose(studio, Territory("departement", "976"), structures=("msp", "cpts"))
    assert mayotte.structures_note == "CPTS (siège) : n.d. ici."


def test_sites_at_their_commune_are_hollow_and_stand_apart(studio):
    content = compose(studio, Territory("departement", "75"), structures=("msp",))
    hollow = content.structures["point_flag"] == "commune"
    assert hollow.sum() > 10
    frame = frame_of(studio.print_shapes, content, Box(0, 0, 200, 150), grounds_of(studio.print_shapes, content))
    axes = Paper().sheet()[1]
    draw_structures(axes, content.structures, frame, 1.0)
    solid, white = axes.collections
    assert len(solid.get_offsets()) == len(content.structures)
    assert len(white.get_offsets()) == hollow.sum()
    gaps = scipy.spatial.distance.pdist(white.get_offsets())
    assert gaps.min() > 0.8 * sign_size(len(content.structures)) * MM_PER_POINT * frame.m_per_mm


def test_only_sites_that_share_the_point_of_their_commune_are_moved():
    x, y = np.array([0.0, 0.0, 0.0, 5000.0]), np.zeros(4)
    moved_x, moved_y = fanned_out(x, y, np.array([True, True, False, True]), 100.0)
    assert (moved_x[2], moved_y[2]) == (0.0, 0.0)  # an address is never moved
    assert (moved_x[3], moved_y[3]) == (5000.0, 0.0)  # alone at its place
    assert np.hypot(moved_x[0] - moved_x[1], moved_y[0] - moved_y[1]) > 80
    assert (x == [0, 0, 0, 5000]).all()
    nothing = np.zeros(4, dtype=bool)
    assert (fanned_out(x, y, nothing, 100.0)[0] == x).all()


def test_the_map_of_the_changes_draws_them_all_and_says_the_rules(studio):
    content = compose(studio, Territory("region", "32"), structures=(), dates="evolution")
    counts = content.structures["structure_type"].value_counts()
    assert counts["msp_restee"] + counts["msp_absente"] == 171
    assert set(counts.index) == {"msp_restee", "msp_ouverte", "msp_absente"}
    assert "même numéro FINESS" in content.structures_note


@pytest.mark.parametrize("indicator", ["apl_65_2023", "nearest_msp_min", "share_75plus"])
def test_greys_keep_the_order_of_the_classes(studio, indicator):
    legend = compose(studio, OCCITANIE, indicator, grey=True).drawn.legend
    tones = [luminance(entry.colour) for entry in legend.entries if not entry.hatch and entry.colour != "#ffffff"]
    steps = np.diff(tones)
    assert (steps > 0.02).all() or (steps < -0.02).all()


def test_colours_get_darker_away_from_the_pivot(studio):
    content = compose(studio, OCCITANIE)
    tones = [luminance(colour) for colour in content.drawn.values.palette]
    assert tones[0] < tones[1]  # below 2.5: the darker, the fewer
    assert tones[2] > tones[3] > tones[4]


def test_a_commune_is_shown_among_its_neighbours(studio):
    content = compose(studio, Territory("commune", "48095"))
    assert content.scope == LOZERE
    assert content.framed.level == "epci"
    assert content.outlined == Territory("commune", "48095")


@pytest.mark.parametrize("paper", ["a5", "A4"])
def test_an_impossible_paper_is_refused(paper):
    with pytest.raises(FormatError, match="attendu a4, a3, 16:9, carre"):
        Paper(paper)


@pytest.mark.parametrize(("kind", "dpi"), [("bmp", 300), ("png", 0), ("png", 5000)])
def test_an_impossible_format_is_refused(studio, kind, dpi):
    figure = Paper().sheet()[0]
    with pytest.raises(FormatError, match="attendu"):
        render_picture(figure, kind, dpi=dpi)


def test_bad_logo_and_territory_are_named(studio, tmp_path):
    (tmp_path / "logo.png").write_bytes(b"not a picture")
    for path in (tmp_path / "logo.png", tmp_path / "absent.png"):
        content = dataclasses.replace(compose(studio), logo=path)
        with pytest.raises(LogoError, match=path.name):
            draw_map(studio.print_shapes, content, Paper())
    with pytest.raises(EmptyTerritoryError, match="departement-99"):
        compose(studio, Territory("departement", "99"))


def test_a_logo_leaves_room_for_the_title(studio, tmp_path):
    Image.new("RGB", (400, 100), "navy").save(tmp_path / "logo.png")
    content = dataclasses.replace(compose(studio, OCCITANIE), logo=tmp_path / "logo.png")
    figure = draw_map(studio.print_shapes, content, Paper())
    render_picture(figure, "png", dpi=72)
    title = next(text for text in figure.findobj(Text) if text.get_text().startswith("Occitanie :"))
    right = title.get_window_extent(figure.canvas.get_renderer()).x1
    assert right < figure.bbox.width * (297 - 10 - 34) / 297


def test_nothing_is_left_under_the_final_name_when_the_folder_refuses(studio, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"carte\.png"):
        write_whole(tmp_path / "file" / "carte.png", render_picture(Paper().sheet()[0], "png", dpi=30))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_same_map_gives_the_same_file(studio):
    def make() -> bytes:
        form = MapFormat(kind="svg")
        return studio.map_bytes("apl_65_2023", "commune", LOZERE, drawn_on=DRAWN_ON, form=form)

    assert make() == make()


def test_a_bassin_de_vie_over_two_departments_is_drawn_whole_and_alone(studio):
    toulouse = Territory("bassin_de_vie", "31555")
    content = compose(studio, toulouse)
    assert (content.scope, content.framed, content.outlined) == (toulouse, toulouse, None)
    assert content.title.startswith("Toulouse (bassin de vie) : ")
    coloured = content.codes[[letter != "x" for letter in content.drawn.values.classes]]
    assert {code[:2] for code in coloured} == {"31", "32"}
    figure = draw_map(studio.print_shapes, content, Paper())
    said = " ".join(text.get_text() for text in figure.findobj(Text))
    assert "Limite de département" in said


def test_what_is_in_no_aire_is_hatched_by_department_on_the_communes_own_borders(studio):
    left_out = studio.print_shapes.left_out("aire_attraction")
    communes = studio.facts.gazetteer.communes
    alone = communes[communes["aire_attraction_code"].isna() & (communes["departement_code"] == "15")]
    shapes = studio.print_shapes.level("commune")
    own = shapes.shapes[shapes.codes.isin(alone["commune_code"])]
    (found,) = left_out.shapes[left_out.codes == "15"]
    assert shapely.area(found) == pytest.approx(shapely.area(own).sum())
