"""What the server needs before its first page: map files in the static folder, indicators in the cache."""

import subprocess
import sys

import streamlit as st

from geo.errors import AssetError
from pages.parts.places import GEOMETRY_INDEX
from pages.parts.tables import level_table


@st.cache_resource(show_spinner="Préparation des cartes (une seule fois)…")
def prepare_server() -> None:
    """Make the map files where `make run` has not, then compute what the first screen shows.

    Raises
    ------
    AssetError
        The map files could not be made; says why.
    """
    if not GEOMETRY_INDEX.exists():
        # In a process of its own: GeoPandas and the full shapes then never weigh on the server.
        made = subprocess.run([sys.executable, "-m", "data", "assets"], capture_output=True, text=True, check=False)
        if made.returncode:
            raise AssetError(made.stderr.strip().splitlines()[-1] if made.stderr else "Fonds de carte non faits.")
    level_table("commune")
