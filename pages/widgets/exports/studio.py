"""What the export buttons draw with: the figures of the pages, and the shapes, read when first asked for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from pages.app.tables import (
    covered_regions,
    level_table,
    load_gazetteer,
    load_sources,
    load_table,
    out_of_cover_min,
    own_table,
)

if TYPE_CHECKING:
    from reports.studio import Studio


@st.cache_resource(show_spinner=False)
def load_studio() -> Studio:
    """Return the studio of the server: one for all readers, on the tables that the pages show."""
    # Imported at the first export: Matplotlib, GeoPandas and the office writers would double the start of the server.
    from reports.figures.facts import Facts  # noqa: PLC0415 - reason above
    from reports.map.shapes import PrintShapes  # noqa: PLC0415
    from reports.projection.outlook import Outlooks  # noqa: PLC0415
    from reports.studio import Studio  # noqa: PLC0415

    covered, of_msp = covered_regions(), covered_regions("msp")
    facts = Facts(
        load_table, level_table, own_table, load_gazetteer(), load_sources(), covered, out_of_cover_min, of_msp
    )
    return Studio(facts, PrintShapes.of_snapshot(load_table("communes")), Outlooks.of(facts))


def today() -> dt.date:
    """Return the day that is written on what is exported."""
    return dt.datetime.now().astimezone().date()
