"""The map that locates a territory: what it is shown in, and that it is found there."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.location import seen_in
from coverage.territories.own import OwnTerritory
from reports.errors import EmptyTerritoryError
from reports.map.body import SELECTION
from reports.map.locator import locator_picture

OCCITANIE, REUNION = Territory("region", "76"), Territory("region", "04")
PLACES = {
    "region-76": FRANCE,
    "departement-48": FRANCE,
    "commune-48095": OCCITANIE,
    "bassin_de_vie-01004": Territory("region", "84"),
    "commune-97411": REUNION,
    "region-04": None,
    "departement-974": None,
    "france": None,
}


@pytest.mark.parametrize(("key", "around"), PLACES.items())
def test_what_a_territory_is_shown_in(studio, key, around):
    gazetteer = studio.facts.gazetteer
    assert seen_in(gazetteer, gazetteer.parse(key)) == around


def test_an_own_territory_is_shown_in_the_region_of_its_people(studio):
    own = Territory.of_own(OwnTerritory.of("Deux communes", ("48095", "48092")))
    assert seen_in(studio.facts.gazetteer, own) == OCCITANIE


def place_of(picture):
    """Return where the colour of the territory stands: part of the width from the left, of the height from the top."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)
    wanted = [int(SELECTION[place : place + 2], 16) for place in (1, 3, 5)]
    rows, columns = np.nonzero(np.abs(pixels - wanted).sum(axis=2) < 12)
    assert len(rows)
    return columns.mean() / pixels.shape[1], rows.mean() / pixels.shape[0]


@pytest.mark.parametrize(
    ("key", "across", "down"),
    [
        ("region-94", (0.8, 1.0), (0.7, 1.0)),  # Corsica, at the lower right of France
        ("departement-29", (0.0, 0.2), (0.2, 0.4)),  # Finistère, at its upper left
        ("commune-66136", (0.55, 0.75), (0.65, 0.85)),  # Perpignan, at the foot of Occitanie, in a ring
    ],
)
def test_it_is_found_where_it_is(studio, key, across, down):
    territory = studio.facts.gazetteer.parse(key)
    around = seen_in(studio.facts.gazetteer, territory)
    x, y = place_of(locator_picture(studio.print_shapes, territory, around, kind="png"))
    assert across[0] < x < across[1]
    assert down[0] < y < down[1]


def test_the_region_of_an_overseas_commune_holds_its_own_department_only(studio):
    svg = locator_picture(studio.print_shapes, Territory("commune", "48095"), OCCITANIE)
    assert svg.count(b"<path") < 40  # thirteen departments, one commune, its ring, and no Seine-Maritime (76)
    across, down = place_of(locator_picture(studio.print_shapes, Territory("commune", "97411"), REUNION, kind="png"))
    assert across == pytest.approx(0.5, abs=0.2)
    assert down < 0.3  # Saint-Denis, in the north of the island


def test_a_commune_without_shape_is_refused(studio):
    with pytest.raises(EmptyTerritoryError, match="trouvé aucun"):
        locator_picture(studio.print_shapes, Territory("commune", "15031"), Territory("region", "84"))
