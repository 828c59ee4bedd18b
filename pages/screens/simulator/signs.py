"""What stands on the maps of the simulator besides the openings: the MSP that exist, the sites that are proposed."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from coverage.territories.gazetteer import Gazetteer, Territory
from geo.map.points import COLUMNS as POINT_COLUMNS
from pages.widgets.structures import structures_on_map

SHOW_KEY: Final = "simulator_msp"
CHOSEN_KEY: Final = "simulator_msp_chosen"
PROPOSED: Final = "proposition-"
"""What begins the code of a proposed site on the map; its commune follows."""


def choose_existing(territory: Territory) -> None:
    """Draw the choice of the MSP that exist; until it is made, they stand where they are too few to hide the map."""
    st.session_state[SHOW_KEY] = st.session_state.get(CHOSEN_KEY, territory.level not in {"france", "region"})
    st.toggle(
        "MSP existantes",
        key=SHOW_KEY,
        on_change=lambda: st.session_state.update({CHOSEN_KEY: st.session_state[SHOW_KEY]}),
        help="MSP du fichier FINESS, chacune à sa date la plus récente.",
    )


def existing_msp(scope: Territory) -> pd.DataFrame | None:
    """Return the MSP that exist in a territory, as the map reads structures; None where they are not asked for."""
    return structures_on_map(("msp",), scope) if st.session_state.get(SHOW_KEY) else None


def proposed_points(gazetteer: Gazetteer, proposed: Sequence[str]) -> pd.DataFrame:
    """Return the sites that the siting proposes, in its order, as the map reads structures."""
    rows = []
    for rank, code in enumerate(proposed, start=1):
        commune = gazetteer.row(Territory("commune", code))
        place = (commune["name"], float(commune["longitude"]), float(commune["latitude"]))
        rows.append((f"{PROPOSED}{code}", "proposition", f"Site proposé n° {rank}", *place, pd.NaT))
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS)).astype({"opened_on": "datetime64[ns]"})


def gather(*tables: pd.DataFrame | None) -> pd.DataFrame:
    """Return the signs of several tables together, those of the last on top."""
    kept = [table for table in tables if table is not None and not table.empty]
    if not kept:
        return pd.DataFrame(columns=list(POINT_COLUMNS)).astype({"opened_on": "datetime64[ns]"})
    return kept[0] if len(kept) == 1 else pd.concat(kept, ignore_index=True)
