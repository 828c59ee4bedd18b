"""The structures that a map of a page shows: those of some types, in a territory, with the name of their commune."""

import pandas as pd
import streamlit as st

from coverage.gazetteer import FRANCE, Territory
from pages.parts.tables import load_gazetteer, load_table


@st.cache_resource(show_spinner=False, max_entries=64)
def structures_on_map(types: tuple[str, ...], scope: Territory) -> pd.DataFrame:
    """Return the sites of some types in a territory, as `geo.layers.structure_columns` reads them; shared, not changed.

    Parameters
    ----------
    types
        Types of structures, as the table names them.
    scope
        The territory.
    """
    gazetteer = load_gazetteer()
    structures = load_table("structures")
    shown = structures[structures["structure_type"].isin(types)]
    if scope != FRANCE:
        inside = pd.Index(gazetteer.communes["commune_code"].to_numpy()[gazetteer.mask(scope)])
        shown = shown[inside.get_indexer(shown["commune_code"]) >= 0]
    names = gazetteer.communes.set_index("commune_code")["name"]
    return shown.assign(commune_name=shown["commune_code"].map(names))
