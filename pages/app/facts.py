"""The one door to the figures: what pages show, and what they hand to reports, are the same `Facts`."""

from functools import cache, lru_cache

import streamlit as st

from coverage.terms.horizons import DEFAULT_HORIZON
from pages.app.tables import (
    covered_regions,
    level_table,
    load_gazetteer,
    load_sources,
    load_table,
    out_of_cover_min,
    own_table,
    projected_table,
)
from pages.app.view import VIEW_KEY, View
from reports.figures.facts import Facts


@st.cache_resource(show_spinner=False)
def _facts() -> Facts:
    # Kept again, in these figures alone: Streamlit takes 60 µs to know the arguments of what it has kept.
    return Facts(
        cache(load_table),
        cache(level_table),
        own_table,
        lru_cache(maxsize=64)(projected_table),
        load_gazetteer(),
        load_sources(),
        covered_regions(),
        out_of_cover_min,
        covered_regions("msp"),
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def _facts_at(horizon_years: int) -> Facts:
    return _facts().at(horizon_years)


def load_facts(horizon_years: int | None = None) -> Facts:
    """Return the figures for all readers; the projected ones at a horizon, that of this session's view by default."""
    return _facts_at(horizon_years or shown_horizon())


def shown_horizon() -> int:
    """Return how far (years) the projected indicators look in this session's view."""
    view: View | None = st.session_state.get(VIEW_KEY)
    return DEFAULT_HORIZON if view is None else view.horizon
