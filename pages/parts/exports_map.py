"""Buttons that give the map of a page as a picture that can be printed as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from coverage.definitions import INDICATORS, Indicator
from coverage.gazetteer import Territory
from pages.parts.exports_logo import current_logo, offer_logo
from pages.parts.exports_studio import load_studio, today
from reports.drawn_values import DrawnValues, MapLevel, Method

if TYPE_CHECKING:
    from reports.studio import Studio

FORMATS: Final = {"png": "PNG (image)", "pdf": "PDF", "svg": "SVG (modifiable)"}
PAPERS: Final = {"a4": "A4", "a3": "A3", "16:9": "Diapositive 16:9", "carre": "Carré"}
ORIENTATIONS: Final = {"paysage": "Paysage", "portrait": "Portrait"}
RESOLUTIONS: Final = {150: "150 ppp (écran)", 300: "300 ppp (impression)", 600: "600 ppp (affiche)"}
TYPES: Final = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}


def offer_map(
    shown: str | Indicator,
    level: MapLevel,
    territory: Territory,
    method: Method,
    n_classes: int,
    structures: Sequence[str] = (),
    *,
    key: str,
    drawn: DrawnValues | None = None,
    projects: pd.DataFrame | None = None,
) -> None:
    """Draw a button that gives the map as PNG in one click, and the choice of other formats.

    Parameters
    ----------
    shown, level, territory, method, n_classes, structures
        The view, as the map of the page has it.
    key
        Name of these buttons in the session.
    drawn
        What the map of the page colours, when it is not an indicator of the catalogue.
    projects
        The reader's own projects on the map, as `pages.parts.own_projects_points.project_points` gives them.
    """
    logo = current_logo()  # read now: files are made outside the run of the page

    def draw(*, grey: bool = False, **form: Any) -> bytes:
        from reports.studio import MapFormat  # noqa: PLC0415 - Matplotlib is loaded at the first export only

        return _with_projects(load_studio(), projects).map_bytes(
            shown,
            level,
            territory,
            drawn_on=today(),
            form=MapFormat(**form),
            method=method,
            n_classes=n_classes,
            structures=(*structures, *([] if projects is None else projects["structure_type"].unique())),
            drawn=drawn,
            grey=grey,
            logo=logo,
        )

    indicator = INDICATORS[shown] if isinstance(shown, str) else shown
    name = f"maillage_{indicator.id}_{territory.key}_{level}"
    with st.container(horizontal=True):
        _button("Carte PNG", name, "png", draw, key=f"{key}_png")
        with st.popover("Autres formats", icon=":material/print:"):
            kind = st.selectbox("Format", list(FORMATS), format_func=FORMATS.__getitem__, key=f"{key}_kind")
            paper = st.selectbox("Papier", list(PAPERS), format_func=PAPERS.__getitem__, key=f"{key}_paper")
            orientation = st.selectbox(
                "Orientation",
                list(ORIENTATIONS),
                format_func=ORIENTATIONS.__getitem__,
                key=f"{key}_orientation",
                disabled=paper == "carre",
            )
            dpi = st.selectbox(
                "Résolution",
                list(RESOLUTIONS),
                index=1,
                format_func=RESOLUTIONS.__getitem__,
                key=f"{key}_dpi",
                disabled=kind != "png",
            )
            grey = st.checkbox("Niveaux de gris", key=f"{key}_grey")
            chosen = partial(draw, kind=kind, paper=paper, orientation=orientation, dpi=dpi, grey=grey)
            offer_logo(key=f"{key}_logo")
            _button(f"Télécharger ({kind.upper()})", name, kind, chosen, key=f"{key}_other")


def _with_projects(studio: Studio, projects: pd.DataFrame | None) -> Studio:
    """Return a studio whose sites include a reader's projects; that of the server, which all share, is not changed."""
    if projects is None or projects.empty:
        return studio
    read = studio.facts.table

    def table(name: str) -> pd.DataFrame:
        return pd.concat([read(name), projects], ignore_index=True) if name == "structures" else read(name)

    return replace(studio, facts=replace(studio.facts, table=table))


def _button(label: str, name: str, kind: str, draw: Callable[[], bytes], *, key: str) -> None:
    st.download_button(
        label,
        draw,
        file_name=f"{name}.{kind}",
        mime=TYPES[kind],
        icon=":material/image:",
        on_click="ignore",
        key=key,
    )
