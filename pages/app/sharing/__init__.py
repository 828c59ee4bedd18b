"""« Partager » : the address of what is shown, a message ready for a mail, a QR code, the code of a frame."""

from __future__ import annotations

import base64
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from starlette.datastructures import URL

from coverage.errors import CoverageError
from coverage.indicators.cards import INDICATORS
from data.errors import DataError
from geo.errors import GeoError
from pages.app.facts import load_facts
from pages.app.popover import show_popover
from pages.app.tables import load_gazetteer
from pages.app.view import VIEW_KEY, View
from pages.navigation import SCREENS

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE: Final = Path(__file__).parent
_CSS: Final = """
.sharing{display:flex;flex-wrap:wrap;gap:.5rem;font-family:var(--st-font);align-items:center}
.sharing button{font:inherit;font-size:.95rem;padding:.4rem .75rem;border-radius:.5rem;cursor:pointer;
  border:1px solid var(--st-border-color);background:var(--st-background-color);color:var(--st-text-color)}
.sharing button:hover,.sharing button:focus-visible{border-color:var(--st-primary-color);color:var(--st-primary-color)}
.sharing textarea{width:100%;font:inherit;font-size:.8rem;color:var(--st-text-color);resize:vertical;
  background:var(--st-secondary-background-color);border:1px solid var(--st-border-color);border-radius:.5rem}
.sharing p{margin:0;font-size:.875rem;color:var(--st-text-color)}
"""
_draw: Final = st.components.v2.component(
    "maillage_sharing",
    html="<div class='sharing'></div>",
    css=_CSS,
    js=(_HERE / "sharing.js").read_text("utf-8"),
)
ASKED_KEY: Final = "sharing_asked"
TITLE_KEY: Final = "sharing_title"
LONGEST_ADDRESS: Final = 2_000
"""Characters: beyond, the dots of a QR code are too fine for a phone across a room, and mails cut the address."""
QR_SCALE: Final = 6


def show_sharing(title: str) -> None:
    """Draw « Partager » for the page of a title: what it copies is the address as the browser has it at the click."""
    st.session_state[TITLE_KEY] = title
    with st.container(horizontal=True, horizontal_alignment="right", key="sharing_place"):
        show_popover("Partager", partial(_share, title), key="sharing_open", icon=":material/share:", type="tertiary")


def _share(title: str) -> None:
    buttons = [("link", "Copier le lien"), ("ask", "Message et QR code")]
    _draw(key="sharing", data={"buttons": buttons, "message": "", "title": title}, on_asked_change=_ask)
    asked = st.session_state.get(ASKED_KEY)
    if asked and asked[0] == title:
        _show_message(title, *asked[1:])


def address_of_map(view: View) -> str:
    """Return the address of the map of a view; "" where the browser has not told under which one it came."""
    return address_of_page("", view.to_query())


def address_of_page(own_route: str, query: Mapping[str, str]) -> str:
    """Return the address of a page, "" for the map, with its parameters; "" as `address_of_map` does."""
    base = st.context.url or ""
    if not base.startswith(("http://", "https://")):
        return ""
    route = next((screen.route for screen in SCREENS.values() if base.rstrip("/").endswith(f"/{screen.route}")), "")
    home = base.rstrip("/").removesuffix(route) if route else base
    at = f"{home.rstrip('/')}/{own_route}" if own_route else home
    return str(URL(at).include_query_params(**query))


def show_frame_code(title: str, *, key: str) -> None:
    """Draw the button that copies the code by which another site shows this view alone."""
    st.markdown("Pour montrer cette carte seule, à jour, dans une page d’un autre site :")
    _draw(key=key, data={"buttons": [("frame", "Copier le code")], "message": "", "title": title}, on_asked_change=_ask)
    st.caption("Le site et ce serveur doivent l’autoriser : demandez à votre administrateur.")


def _ask() -> None:
    address = st.session_state["sharing"].asked
    title = st.session_state.get(TITLE_KEY, "")
    if isinstance(address, str) and address.startswith(("http://", "https://")):
        try:
            message = write_message(title, st.session_state.get(VIEW_KEY), address)
        except (DataError, GeoError, CoverageError):  # a table cannot be read: the page itself says which
            message = write_message(title, None, address)
        st.session_state[ASKED_KEY] = (title, address, message)


def _show_message(title: str, address: str, message: str) -> None:
    st.text(message)
    _draw(
        key="sharing_message",
        data={"buttons": [("message", "Copier le message")], "message": message, "title": title},
        on_asked_change=_ask,
    )
    show_qr(address, key="sharing_qr")


def show_qr(address: str, *, key: str) -> None:
    """Draw the QR code of an address, and the buttons that give it as a picture and as a drawing."""
    if len(address) > LONGEST_ADDRESS:
        st.caption("Cette adresse est trop longue pour un QR code : envoyez le lien, ou le fichier du territoire.")
        return
    picture = base64.b64encode(qr_code(address, "png")).decode("ascii")
    st.html(
        f'<img alt="QR code de cette page" width="220" src="data:image/png;base64,{picture}">'
    )  # st.image has no alt
    with st.container(horizontal=True):
        for kind, label, mime in (("png", "PNG", "image/png"), ("svg", "SVG", "image/svg+xml")):
            st.download_button(
                f"QR code {label}",
                qr_code(address, kind),
                file_name=f"maillage_qr.{kind}",
                mime=mime,
                icon=":material/qr_code_2:",
                on_click="ignore",
                key=f"{key}_{kind}",
            )


def qr_code(address: str, kind: str) -> bytes:
    """Return the QR code of an address, "png" or "svg", with its quiet zone; a quarter of it may be stained."""
    import segno  # noqa: PLC0415 - for who shares only

    into = io.BytesIO()
    segno.make(address, error="q" if len(address) < LONGEST_ADDRESS // 4 else "m", micro=False).save(
        into, kind=kind, scale=QR_SCALE, border=4
    )
    return into.getvalue()


def write_message(title: str, view: View | None, address: str) -> str:
    """Write a message for a mail: what is shown and where, its figure with its date, the address.

    Parameters
    ----------
    title
        Of the page.
    view
        What the pages share; None where no page has read it.
    address
        Where it is.
    """
    if view is None:
        return f"{title} (Maillage)\n{address}"
    gazetteer = load_gazetteer()
    place = view.selection or view.territoire
    lines = [f"{title} : {gazetteer.label(place)} (Maillage)", _key_sentence(view, place), address]
    return "\n".join(filter(None, lines))


def _key_sentence(view: View, place: Any) -> str:
    shown = INDICATORS[view.indicateur]
    if place.level not in shown.levels:
        return ""
    dated = load_facts().indicator(view.indicateur).dated_at(place.level)
    return f"{shown.label} : {load_facts().figure(view.indicateur, place)} ({dated})."
