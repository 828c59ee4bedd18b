"""A page with nothing but the map of the toy country, for the browser tests."""

import numpy as np
import pandas as pd
import streamlit as st

from geo.layers import FRANCE_VIEW, ClassedValues, View, class_legend, class_string
from pages.parts.map_view import show_map
from tests.e2e.toy_site import communes

PALETTE = ["#ffffcc", "#41b6c4", "#253494"]
BOARD = View(bounds=(0.0, 43.0, 4.0, 47.0))

st.set_page_config(layout="wide")
codes = list(communes())
indicator = st.radio("Indicateur", ["APL", "Population"], horizontal=True)
only_west = st.checkbox("Ouest seulement")
show_structures = st.checkbox("Structures")
forget = st.button("Rien")

# By column of the chessboard: classes 0, 1, 2, 0, 1, 2…; the population turns the order round.
column = np.array([int(code[4]) for code in codes])
numbers = (column % 3 if indicator == "APL" else 2 - column % 3).astype(float)
numbers[codes.index("01001")] = np.nan
texts = [None if np.isnan(number) else f"{number:.1f}".replace(".", ",") for number in numbers]
inside = column < 4 if only_west else None
values = ClassedValues(
    "commune",
    class_string(numbers, inside=inside),
    texts,
    PALETTE,
    indicator=indicator,
    unit="consultations/an/hab.",
    vintage="2023",
)
# Five at one address, one alone.
structures = pd.DataFrame(
    {
        "finess_code": [f"0100000{k:02}" for k in range(6)],
        "structure_type": ["msp", "cpts", "centre_sante", "pharmacie", "hopital", "msp"],
        "name": [f"Structure <i>{k}</i>" for k in range(6)],
        "commune_name": "Lieu",
        "longitude": [1.25] * 5 + [3.25],
        "latitude": [44.25] * 5 + [45.75],
        "opened_on": pd.to_datetime(["2019-05-01"] * 5 + [None]),
    }
)


@st.fragment
def draw_map():
    st.session_state.setdefault("runs", 0)
    st.session_state.setdefault("picks", [])
    st.session_state["runs"] += 1
    pick = show_map(
        values,
        class_legend(values, ["bas", "moyen", "haut"]),
        structures if show_structures else None,
        key="map",
        view=FRANCE_VIEW if st.query_params.get("view") == "france" else BOARD,
        selected=st.session_state.get("selected", ("commune", st.query_params.get("code", ""))),
        height=560,
    )
    if pick is not None:
        st.session_state["picks"].append(pick)
        if pick.kind == "territory":
            st.session_state["selected"] = ("commune", pick.code)
    st.write(f"PICKS={','.join(f'{pick.kind}:{pick.code}' for pick in st.session_state['picks'])}.")
    st.write(f"RUNS={st.session_state['runs']}.")


draw_map()
