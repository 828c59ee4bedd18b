"""The logo and the name of the reader's organisation, for what leaves the app in this session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from pages.app.notices import show_fault

LOGO_KEY: Final = "organisation_logo"
ORGANISATION_KEY: Final = "organisation_name"
MAX_NAME: Final = 80
UPLOAD_KEY: Final = "organisation_logo_upload"
MAX_UPLOAD_MB: Final = 5


def current_logo() -> bytes | None:
    """Return the logo of this session (PNG, checked); None when the reader gave none."""
    logo: bytes | None = st.session_state.get(LOGO_KEY)
    return logo


def current_organisation() -> str:
    """Return the organisation that signs the documents of this session; "" for none."""
    return str(st.session_state.get(ORGANISATION_KEY, ""))


def offer_logo(*, key: str, then: Callable[[], None] | None = None) -> None:
    """Draw the place where the reader gives a logo, or takes it away; a bad file is refused with its reason.

    Parameters
    ----------
    key
        Name of these widgets in the session: a page may have several.
    then
        Called once the logo is taken away or the name changed: what takes them may stand in another fragment.
    """
    field = f"{key}_organisation"

    def sign() -> None:
        st.session_state[ORGANISATION_KEY] = st.session_state[field].strip()
        if then:
            then()

    def forget() -> None:
        st.session_state.pop(LOGO_KEY, None)
        if then:
            then()

    st.text_input(
        "Nom de votre organisation",
        value=current_organisation(),
        max_chars=MAX_NAME,
        key=field,
        on_change=sign,
        help="Inscrit comme auteur dans les propriétés des documents Word et des diapositives.",
    )
    logo = current_logo()
    if logo is not None:
        st.image(logo, width=120, caption="Logo de votre organisation")
        st.button("Retirer le logo", icon=":material/close:", key=f"{key}_remove", on_click=forget)
        return
    given = st.file_uploader(
        f"Logo de votre organisation (PNG ou JPEG, {MAX_UPLOAD_MB} Mo au plus)",
        type=["png", "jpg", "jpeg"],
        key=f"{key}_{UPLOAD_KEY}",
        max_upload_size=MAX_UPLOAD_MB,
        help="Paraît sur les cartes, graphiques, fiches et diapositives de cette session ; il n’est pas conservé.",
    )
    if given is None:
        return
    # Matplotlib is not needed here, Pillow is: loaded when a logo is given.
    from reports.errors import LogoError  # noqa: PLC0415 - reason above
    from reports.page.logo import as_png  # noqa: PLC0415

    try:
        st.session_state[LOGO_KEY] = as_png(given.getvalue())
    except LogoError as error:
        show_fault(error, icon=":material/broken_image:")
        return
    st.rerun()
