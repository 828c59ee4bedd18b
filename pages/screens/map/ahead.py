"""What the page Carte shows first, computed before any reader asks.

It must not import streamlit-folium: a component imported outside a page's run is one that Streamlit does not serve.
"""

# What the page imports itself, but for what stands on the component: a third of a second, before its first reader.
import folium.plugins  # noqa: F401
import streamlit as st

import pages.app.travel_times
import pages.widgets.saved_views.save
import pages.widgets.written  # noqa: F401
from pages.app.tables import load_gazetteer
from pages.app.view import View
from pages.screens.map.list_rows import list_units
from pages.screens.map.projects import ProjectsLayer, draw_layer_values
from pages.widgets.map.places import look_at, prefecture_labels
from pages.widgets.structures import structures_on_map


def prepare() -> None:
    """Compute what all readers share of the first screen."""
    st.empty()  # Streamlit looks once, at the first element of all, at what runs it: 50 ms
    view, layer = View(), ProjectsLayer()
    drawn = draw_layer_values(layer, view, view.territoire)
    list_units(view, layer, drawn, ())
    structures_on_map(view.shown_structures, view.territoire, view.dates)
    look_at(load_gazetteer(), view.territoire)
    prefecture_labels()
