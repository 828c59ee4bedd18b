"""The map alone: in a frame of another site (`?embed=true`), and as a web page that needs no server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from coverage.terms.months import format_date
from geo.map import overlay
from geo.map.standalone import PageWords, standalone_page
from pages.app.facts import load_facts
from pages.app.popover import show_popover
from pages.app.sharing import address_of_map, show_frame_code
from pages.app.static_files import STATIC_FOLDER
from pages.app.tables import load_gazetteer
from pages.widgets.exports.studio import today
from pages.widgets.map.drawing import show_map
from reports.figures.map_classes import say_unit

if TYPE_CHECKING:
    from pages.app.view import View

EMBEDDED_HEIGHT: Final = 520
_STYLE: Final = (
    "<style>:root .stMainBlockContainer{padding:.75rem 1rem .5rem}"
    ":root .stMainBlockContainer h1{font-size:1.35rem}</style>"
)


def is_embedded() -> bool:
    """Tell whether the page stands in a frame of another site: its address says embed=true, which Streamlit keeps."""
    return bool(st.context.is_embedded)


def page_words(view: View) -> PageWords:
    """Return what stands around the map of a view: title, unit and date, sources, address of the whole page."""
    indicator = load_facts().indicator(view.indicateur).at(view.maille)
    where = load_gazetteer().name(view.territoire)
    return PageWords(
        f"{where} : {indicator.label}",
        f"{say_unit(indicator)}, {indicator.dated_at(view.maille)}".strip(", ").capitalize(),
        f"Sources : {load_facts().cite(view.indicateur, level=view.maille)}. Carte : Maillage, {format_date(today())}.",
        address_of_map(view),
    )


def show_embedded(view: View, parts: dict[str, Any], *, key: str) -> None:
    """Draw the title, the map with its legend, its sources, and the way to the whole page: nothing else."""
    words = page_words(view)
    st.html(_STYLE)
    st.title(words.title, anchor=False)
    show_map(**parts | {"choices": None}, key=key, height=EMBEDDED_HEIGHT)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{words.subtitle}. {words.source}", width="stretch")
        if words.address:
            st.link_button("Ouvrir dans Maillage", words.address, icon=":material/open_in_new:", type="tertiary")


def offer_to_embed(view: View, parts: dict[str, Any]) -> None:
    """Draw the popover that gives the map to another site: the code of a frame, or a page by itself."""

    def show() -> None:
        words = page_words(view)

        def write() -> str:
            levels = [view.maille, "departement", "region", *(["commune"] if parts["zone"] else [])]
            return standalone_page(overlay(**parts | {"choices": None}), levels, words, STATIC_FOLDER)

        show_frame_code(words.title, key="map_frame")
        st.markdown("Pour une page qui s’ouvre par double-clic, sans serveur ni internet (2 Mo environ) :")
        st.download_button(
            "Carte HTML autonome",
            write,
            file_name=f"maillage_{view.indicateur}_{view.territoire.slug}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            key="map_standalone",
        )

    show_popover("Intégrer cette carte", show, key="map_embed", icon=":material/code:", type="tertiary")
