"""The light shapes of the browser against the full ones: same places, same borders, at the size of a small picture."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.location import seen_in
from coverage.territories.own import OwnTerritory
from geo.errors import AssetError
from reports.errors import EmptyTerritoryError
from reports.map.light_shapes import LightShapes
from reports.map.locator import locator_picture

GEOMETRY = Path(__file__).parents[3] / "static" / "geometry"
KEYS = ["commune-48095", "commune-97411", "epci-200069151", "departement-29", "region-94", "bassin_de_vie-01004"]


@pytest.fixture(scope="module")
def light(studio):
    return LightShapes(GEOMETRY, studio.facts.table("communes"))


@pytest.mark.parametrize("level", ["departement", "region"])
def test_a_level_has_the_same_territories_on_the_same_ground_and_of_the_same_size(studio, light, level):
    full, found = studio.print_shapes.level(level), light.level(level)
    sizes = pd.Series(shapely.area(full.shapes), index=full.codes)
    here = pd.Series(shapely.area(found.shapes), index=found.codes)
    assert set(here.index) == set(sizes.index)
    assert (here / sizes[here.index]).between(0.97, 1.03).all()
    grounds = pd.Series(full.grounds, index=full.codes)
    assert (grounds[found.codes].to_numpy() == found.grounds).all()


@pytest.mark.parametrize("key", KEYS)
def test_a_territory_stands_where_the_full_one_does(studio, light, key):
    territory = studio.facts.gazetteer.parse(key)
    full, found = studio.print_shapes.of(territory), light.of(territory)
    assert list(found.codes) == [territory.code]
    apart = [here - there for here, there in zip(found.bounds(), full.bounds(), strict=True)]
    assert np.abs(apart).max() < 1000  # metres: a rock off Corsica is gone


def test_the_departments_of_a_region_are_those_of_the_full_shapes(studio, light):
    for key in ("76", "04"):
        region = Territory("region", key)
        assert light.codes_within(region, ["departement"]) == studio.print_shapes.codes_within(region, ["departement"])


def test_an_own_territory_is_its_communes(studio, light):
    own = Territory.of_own(OwnTerritory.of("Deux communes", ("48095", "48092")))
    assert set(light.of(own).codes) == {"48095", "48092"}
    assert len(locator_picture(light, own, seen_in(studio.facts.gazetteer, own))) > 1000


@pytest.mark.parametrize("key", KEYS)
def test_the_picture_is_that_of_the_full_shapes_but_for_a_few_dots(studio, light, key):
    gazetteer = studio.facts.gazetteer
    territory = gazetteer.parse(key)
    around = seen_in(gazetteer, territory) or FRANCE
    if key == "commune-97411":
        around = gazetteer.parse("departement-974")
    drawn = [
        np.asarray(Image.open(io.BytesIO(locator_picture(one, territory, around, kind="png", dpi=100))).convert("RGB"))
        for one in (studio.print_shapes, light)
    ]
    differs = np.abs(drawn[0].astype(int) - drawn[1].astype(int)).max(axis=2) > 64
    assert differs.mean() < 0.01


def test_a_commune_without_shape_is_refused(light):
    with pytest.raises(EmptyTerritoryError, match="trouvé aucun"):
        locator_picture(light, Territory("commune", "15031"), Territory("region", "84"))


def test_files_that_are_not_there_are_said_in_french(studio, tmp_path):
    with pytest.raises(AssetError, match=r"departement\.bin attendu, trouvé aucun"):
        LightShapes(tmp_path, studio.facts.table("communes")).level("departement")
