"""The stamp of a map has the colours of its classes, and only of what is shown."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from coverage.territories.gazetteer import FRANCE, Territory
from reports.errors import EmptyTerritoryError
from reports.map.thumbnail import draw_thumbnail
from reports.page.pictures import render_picture

LOZERE, REUNION = Territory("departement", "48"), Territory("departement", "974")


def colours_of(studio, values, level):
    codes = studio.facts.level_table(level).index
    picture = render_picture(draw_thumbnail(studio.print_shapes, values, codes), "png", dpi=100)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    assert image.size == (160, 120)
    pixels, counts = np.unique(np.asarray(image).reshape(-1, 3), axis=0, return_counts=True)
    return {f"#{r:02x}{g:02x}{b:02x}": n for (r, g, b), n in zip(pixels.tolist(), counts.tolist(), strict=True)}


@pytest.mark.parametrize(("scope", "level"), [(LOZERE, "commune"), (REUNION, "commune"), (FRANCE, "departement")])
def test_each_class_has_its_colour(studio, scope, level):
    values = studio.facts.draw("apl_65_2023", level, scope).values
    drawn = colours_of(studio, values, level)
    shown = {int(letter) for letter in values.classes if letter.isdigit()}
    assert {values.palette[number] for number in shown} <= set(drawn)


def test_nothing_shown_is_refused(studio):
    values = studio.facts.draw("apl_65_2023", "commune", LOZERE).values
    with pytest.raises(EmptyTerritoryError, match="Vignette"):
        colours_of(studio, replace(values, classes="x" * len(values.classes), around=""), "commune")
