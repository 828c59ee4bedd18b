"""What the export buttons draw with: the figures of the pages, and the shapes, read when first asked for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from coverage.terms.horizons import DEFAULT_HORIZON
from pages.app.facts import load_facts
from pages.app.tables import load_table

if TYPE_CHECKING:
    from reports.studio import Studio


@st.cache_resource(show_spinner=False)
def load_studio() -> Studio:
    """Return the studio of the server: one for all readers, on the tables that the pages show."""
    # Imported at the first export: Matplotlib, GeoPandas and the office writers would double the start of the server.
    from reports.map.shapes import PrintShapes  # noqa: PLC0415 - reason above
    from reports.projection.outlook import Outlooks  # noqa: PLC0415
    from reports.studio import Studio  # noqa: PLC0415

    facts = load_facts(DEFAULT_HORIZON)
    return Studio(facts, PrintShapes.of_snapshot(load_table("communes")), Outlooks.of(facts))


def today() -> dt.date:
    """Return the day that is written on what is exported."""
    return dt.datetime.now().astimezone().date()
