"""What the export buttons draw with: the figures of the pages, and the shapes, read when first asked for."""

import datetime as dt

import streamlit as st

from pages.parts.tables import covered_regions, level_table, load_gazetteer, load_sources, load_table
from reports.facts import Facts
from reports.ground import Ground
from reports.outlook import Outlooks
from reports.studio import Studio


@st.cache_resource(show_spinner=False)
def load_studio() -> Studio:
    """Return the studio of the server: one for all readers, on the tables that the pages show."""
    facts = Facts(load_table, level_table, load_gazetteer(), load_sources(), covered_regions())
    return Studio(facts, Ground.of_snapshot(load_table("communes")), Outlooks.of(facts))


def today() -> dt.date:
    """Return the day that is written on what is exported."""
    return dt.datetime.now().astimezone().date()
