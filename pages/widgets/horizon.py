"""The choice of how far the projected indicators look, on the pages that show one; it stands in the address."""

import streamlit as st

from coverage.terms.horizons import LONGEST_HORIZON, SHORTEST_HORIZON
from pages.app.session import change_view
from pages.app.view import VIEW_KEY

_KEY = "field_horizon"


def choose_horizon() -> None:
    """Draw the slider of the horizon of this session's view."""
    st.session_state[_KEY] = st.session_state[VIEW_KEY].horizon
    st.slider(
        "Horizon de la projection (années)",
        SHORTEST_HORIZON,
        LONGEST_HORIZON,
        key=_KEY,
        on_change=lambda: change_view(horizon=st.session_state[_KEY]),
        width=420,
        help="Scénario « Tendance ». La page Projection montre ses hypothèses, sa fourchette et d’autres scénarios.",
    )
