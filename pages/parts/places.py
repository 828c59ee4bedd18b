"""Where the map looks to show a territory."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from coverage.gazetteer import FRANCE, Gazetteer, Territory
from geo.layers import FRANCE_VIEW, View
from pages.parts.tables import load_table

GEOMETRY_INDEX = Path("static", "geometry", "index.json")
COMMUNE_ZOOM = 11


@st.cache_resource(show_spinner=False)
def _bounding_boxes() -> Mapping[str, Any]:
    return json.loads(GEOMETRY_INDEX.read_text(encoding="utf-8"))["bounds"]


@st.cache_resource(show_spinner=False)
def prefecture_labels() -> tuple[tuple[float, float, str], ...]:
    """Return longitude, latitude (EPSG:4326) and name of the prefectures, to be written on the map."""
    prefectures = set(load_table("departements")["prefecture_code"])
    communes = load_table("communes")
    towns = communes[communes["commune_code"].isin(prefectures)]
    return tuple(zip(towns["longitude"], towns["latitude"], towns["name"], strict=True))


def look_at(gazetteer: Gazetteer, territory: Territory) -> View:
    """Return the view that shows a whole territory; metropolitan France for France, whose overseas are in insets."""
    if territory == FRANCE:
        return FRANCE_VIEW
    if territory.level == "commune":
        row = gazetteer.row(territory)
        return View(centre=(float(row["latitude"]), float(row["longitude"])), zoom=COMMUNE_ZOOM)
    west, south, east, north = _bounding_boxes()[territory.level][territory.code]
    return View(bounds=(west, south, east, north))
