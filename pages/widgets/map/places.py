"""Where the map looks to show a territory."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.codes import OVERSEAS_DEPARTEMENT_CODES
from geo.documents import DocumentError, parameters_of, read_json
from geo.errors import AssetError
from geo.levels import OWN, DrawnLevel
from geo.map import FRANCE_VIEW, View
from pages.app.static_files import GEOMETRY_INDEX
from pages.app.tables import load_table

COMMUNE_ZOOM = 11
AROUND_DEG = 0.06
"""Degrees kept in sight around the town halls of a set of communes: about 5 km."""


@st.cache_resource(show_spinner=False)
def _bounding_boxes() -> Mapping[str, Any]:
    try:
        index = read_json(GEOMETRY_INDEX)
        with parameters_of(GEOMETRY_INDEX):
            bounds: Mapping[str, Any] = index["bounds"]
            return bounds
    except DocumentError as error:
        raise AssetError(
            f"Fonds de carte absents ou abîmés : {GEOMETRY_INDEX.name}. Attendu : {error.expected}. Trouvé : "
            f"{error.found}. Prévenez votre administrateur."
        ) from error


@st.cache_resource(show_spinner=False)
def prefecture_labels() -> tuple[tuple[float, float, str], ...]:
    """Return longitude, latitude (EPSG:4326) and name of the prefectures, to be written on the map."""
    prefectures = set(load_table("departements")["prefecture_code"])
    communes = load_table("communes")
    towns = communes[communes["commune_code"].isin(prefectures)]
    return tuple(zip(towns["longitude"], towns["latitude"], towns["name"], strict=True))


def look_at_map(gazetteer: Gazetteer, territory: Territory, level: DrawnLevel) -> View:
    """Return the view of a map of a territory, or of what it is seen in (`Gazetteer.surroundings`)."""
    scope = gazetteer.surroundings(territory, level)
    return look_at(gazetteer, territory if scope == gazetteer.surroundings(territory) else scope)


def outlined(
    gazetteer: Gazetteer, territory: Territory, level: DrawnLevel, selected: Territory | None
) -> tuple[DrawnLevel, str] | None:
    """Return what a map outlines: what is selected, else the territory where it is seen in a wider one."""
    seen = gazetteer.surroundings(territory)
    chosen = selected or (seen if gazetteer.surroundings(territory, level) != seen else FRANCE)
    if chosen.level == "france" or chosen.level == OWN:  # noqa: PLR1714 - narrows the level to those drawn
        return None
    return chosen.level, chosen.code


def zone_of(gazetteer: Gazetteer, territory: Territory) -> tuple[str, ...]:
    """Return the communes that a map outlines as one: those of an own territory, which no level draws."""
    if territory.level != OWN:
        return ()
    return tuple(gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"])


def look_at(gazetteer: Gazetteer, territory: Territory) -> View:
    """Return the view that shows a whole territory; metropolitan France for France, whose overseas are in insets."""
    if territory == FRANCE:
        return FRANCE_VIEW
    if territory.level == "commune":
        row = gazetteer.row(territory)
        return View(centre=(float(row["latitude"]), float(row["longitude"])), zoom=COMMUNE_ZOOM)
    if territory.level == OWN:
        return look_at_communes(gazetteer.communes[gazetteer.mask(territory)])
    west, south, east, north = _bounding_boxes()[territory.level][territory.code]
    return View(bounds=(west, south, east, north))


def look_at_communes(communes: pd.DataFrame) -> View:
    """Return the view of some communes; those of metropolitan France where some are overseas too."""
    overseas = communes["departement_code"].isin(OVERSEAS_DEPARTEMENT_CODES)
    if overseas.any() and communes.loc[overseas, "departement_code"].nunique() + (not overseas.all()) > 1:
        if overseas.all():
            return FRANCE_VIEW
        communes = communes[~overseas]
    east, north = communes["longitude"], communes["latitude"]
    if not east.notna().any():
        return FRANCE_VIEW
    return View(
        bounds=(
            *(float(east.min()) - AROUND_DEG, float(north.min()) - AROUND_DEG),
            *(float(east.max()) + AROUND_DEG, float(north.max()) + AROUND_DEG),
        )
    )
