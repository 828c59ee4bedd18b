"""The map on a page: draws it, and says what has just been clicked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit_folium import st_folium

from geo.map import FRANCE_VIEW, THEMES, ClassedValues, Comparison, Legend, View, base_map, overlay
from pages.app.notices import show_fault
from pages.app.shell import map_script
from pages.app.static_files import geometry_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from geo.levels import DrawnLevel

CHANNEL_KEY: Final = "map_channel"
LEAFLET_SCRIPT: Final = Path("static", "vendor", "leaflet", "leaflet.js")


@dataclass(frozen=True)
class Pick:
    """A click on the map or its legend.

    Attributes
    ----------
    kind, code
        A territory of the level drawn, by its code; a structure, by its FINESS code; a class of the legend, by its
        letter; a range of its bars, by the numbers of the first and the last: "3-8"; a zone drawn, by its corners, see
        `geo.shapes.drawn_zone.read_zone`.
    level
        Level of the territories drawn where the click was: a map with two sides may have two.
    longitude, latitude
        Where a territory was clicked, degrees (EPSG:4326, 5 decimals); None for a structure, and in the insets.
    """

    kind: Literal["territory", "structure", "class", "range", "zone"]
    code: str
    longitude: float | None = None
    latitude: float | None = None
    level: DrawnLevel = "commune"


def show_map(
    values: ClassedValues,
    legend: Legend | None = None,
    structures: pd.DataFrame | None = None,
    *,
    key: str,
    view: View = FRANCE_VIEW,
    selected: tuple[DrawnLevel, str] | None = None,
    zone: Sequence[str] = (),
    outlines: Sequence[DrawnLevel] = ("departement", "region"),
    labels: Sequence[tuple[float, float, str]] = (),
    dimmed: ArrayLike | None = None,
    choices: str | None = None,
    chosen: str = "",
    comparison: Comparison | None = None,
    corners: Sequence[tuple[float, float]] | None = None,
    height: int = 680,
) -> Pick | None:
    """Draw the map and return the click that this run has to answer, once.

    Call it inside an ``st.fragment``, so that a click runs the fragment only.

    Parameters
    ----------
    values, legend, structures, zone, outlines, selected, view, labels, dimmed, choices, chosen, comparison, corners
        See `geo.map.overlay`.
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
        show_fault(
            f"La carte ne peut pas s’afficher : le fichier {LEAFLET_SCRIPT} est absent. "
            "Prévenez votre administrateur, puis rechargez la page.",
            icon=":material/map:",
        )
        return None
    with st.container(key=f"place_of_{key}", height=height, border=False):  # nothing below moves when the map comes
        returned = st_folium(
            base_map(geometry_version(), map_script()),
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
                zone=zone,
                view=view,
                labels=labels,
                dimmed=dimmed,
                choices=choices,
                chosen=chosen,
                comparison=comparison,
                corners=corners,
                theme=THEMES[st.context.theme.type or "light"],
            ),
        )
    return _new_pick(returned, key)


def take_pick(key: str) -> Pick | None:
    """Return the click that this run has to answer before its map is drawn, once; None when there is none.

    The outline, the card and the address of one run then come from one state: answered after `show_map`, a click
    would leave the outline of the click before.

    Parameters
    ----------
    key
        As in `show_map`: streamlit-folium has put what the browser sent under it before the run.
    """
    return _new_pick(st.session_state.get(key), key)


def page_channel() -> str:
    """Return the name under which two frames of this page speak (`geo.map.Link`): no other page knows it."""
    if CHANNEL_KEY not in st.session_state:
        st.session_state[CHANNEL_KEY] = f"maillage-{secrets.token_hex(16)}"
    return str(st.session_state[CHANNEL_KEY])


def is_pick_waiting(key: str) -> bool:
    """Tell whether a click has not been answered yet: in the callback of a widget, that the map and no widget was used.

    A browser that is quicker than the server sends, with a click, what it holds of widgets that have changed since:
    their callbacks are run though nobody has touched them.
    """
    return _find_pick(st.session_state.get(key), key) is not None


def _leaflet_is_served() -> bool:
    """Tell whether Leaflet is in the folder that Streamlit serves, beside the running script."""
    context = get_script_run_ctx()
    return context is None or (Path(context.main_script_path).parent / LEAFLET_SCRIPT).is_file()


def _new_pick(returned: dict[str, Any] | None, key: str) -> Pick | None:
    """Return the click not yet answered, which is so now."""
    click = _find_pick(returned, key)
    if click is None:
        return None
    st.session_state[f"{key}_answered"] = click["sequence"]
    place = (click.get("longitude"), click.get("latitude"))
    return Pick(click["kind"], click["code"], *place, click.get("level", "commune"))


def _find_pick(returned: dict[str, Any] | None, key: str) -> dict[str, Any] | None:
    """Find the click not yet answered: each carries a number, the last one answered is kept in the session."""
    click: dict[str, Any] | None = (returned or {}).get("last_active_drawing")
    return click if click and click["sequence"] > st.session_state.get(f"{key}_answered", 0) else None
