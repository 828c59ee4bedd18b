"""The map on a page: draws it, and says what has just been clicked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit_folium import st_folium

from geo.layers import FRANCE_VIEW, THEMES, ClassedValues, Legend, View, base_map, overlay

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geo.layers.levels import Level

LEAFLET_SCRIPT: Final = Path("static", "vendor", "leaflet", "leaflet.js")


@dataclass(frozen=True)
class Pick:
    """A click on the map: a territory of the level drawn, by its code, or a structure, by its FINESS code.

    Attributes
    ----------
    longitude, latitude
        Where a territory was clicked, degrees (EPSG:4326, 5 decimals); None for a structure, and in the insets.
    """

    kind: Literal["territory", "structure"]
    code: str
    longitude: float | None = None
    latitude: float | None = None


def show_map(
    values: ClassedValues,
    legend: Legend | None = None,
    structures: pd.DataFrame | None = None,
    *,
    key: str,
    view: View = FRANCE_VIEW,
    selected: tuple[Level, str] | None = None,
    outlines: Sequence[Level] = ("departement", "region"),
    labels: Sequence[tuple[float, float, str]] = (),
    height: int = 680,
) -> Pick | None:
    """Draw the map and return the click that this run has to answer, once.

    Call it inside an ``st.fragment``, so that a click runs the fragment only.

    Parameters
    ----------
    values, legend, structures, outlines, selected, view, labels
        See `geo.layers.overlay`.
    key
        Name of this map in the session; the same at every run.
    height
        Height in CSS pixels; the width is that of the place where the map stands.

    Returns
    -------
    Pick or None
        What was clicked since the last run; None when nothing was. The same click is never returned twice, whatever
        makes the page run again; a second click on the same territory is returned again.
    """
    if not _leaflet_is_served():
        st.error(
            f"La carte ne peut pas s’afficher : le fichier {LEAFLET_SCRIPT} est absent. "
            "Relancez l’installation (« make run ») puis rechargez la page.",
            icon=":material/map:",
        )
        return None
    returned = st_folium(
        base_map(),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=overlay(
            values,
            legend,
            structures,
            outlines=outlines,
            selected=selected,
            view=view,
            labels=labels,
            theme=THEMES[st.context.theme.type or "light"],
        ),
    )
    return _new_pick(returned, key)


def _leaflet_is_served() -> bool:
    """Tell whether Leaflet is in the folder that Streamlit serves, beside the running script."""
    context = get_script_run_ctx()
    return context is None or (Path(context.main_script_path).parent / LEAFLET_SCRIPT).is_file()


def _new_pick(returned: dict[str, Any] | None, key: str) -> Pick | None:
    """Return the click not yet answered: each carries a number, the last one answered is kept in the session."""
    click = (returned or {}).get("last_active_drawing")
    if not click:
        return None
    answered = f"{key}_answered"
    if click["sequence"] <= st.session_state.get(answered, 0):
        return None
    st.session_state[answered] = click["sequence"]
    return Pick(click["kind"], click["code"], click.get("longitude"), click.get("latitude"))
