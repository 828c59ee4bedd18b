"""A page with nothing but the map of the toy country, for the browser tests."""

import numpy as np
import pandas as pd
import streamlit as st

from geo.map import FRANCE_VIEW, ClassedValues, View, circles_for, class_legend, class_string
from pages.widgets.map.drawing import show_map
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
# "cercles": the commune of each line and the fourth column counts 0, 1, 4, 9, 16… others nothing; the third is unknown.
line = np.array([int(code[2:4]) for code in codes])
counts = np.where(column == 3, line**2.0, 0.0)
counts[column == 2] = np.nan
counted = circles_for(counts, largest=49.0, whole=False) if st.query_params.get("cercles") else None
if counted is not None:
    numbers = np.where(np.isnan(counts), np.nan, np.where(counts > 0, 2.0, 0.0))
values = ClassedValues(
    "commune",
    class_string(numbers, inside=inside),
    texts,
    PALETTE,
    indicator=indicator,
    unit="consultations/an/hab.",
    vintage="2023",
    circles=counted,
    around=class_string(numbers, inside=~inside) if only_west and st.query_params.get("voisins") else "",
)
# Four MSP and a CPTS at one address, one MSP alone.
structures = pd.DataFrame(
    {
        "finess_code": [f"0100000{k:02}" for k in range(6)],
        "structure_type": ["msp", "cpts", "msp", "msp", "msp", "msp"],
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
