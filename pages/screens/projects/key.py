"""Who sees the list of projects, said to the reader; and the private key, to be noted or typed again."""

import streamlit as st

from pages.app.owner import KEY_IN_SESSION, Owner, read_key, session_key
from pages.app.plain_text import plain


def show_owner(owner: Owner) -> None:
    """Say where the list is kept and who sees it; with a private key, show it and let another be typed."""
    if owner.kind == "poste":
        st.caption("Votre liste est enregistrée sur cet ordinateur, dans votre dossier de données ; rien n’en sort.")
    elif owner.kind == "compte":
        st.caption(
            f"Votre liste est enregistrée sur ce serveur ; vous seul la voyez, avec votre compte {plain(owner.author)}."
        )
    elif owner.kind == "partage":
        st.caption(
            "**Liste partagée** : toutes les personnes qui ouvrent Maillage sur ce serveur la voient et la modifient. "
            "L’historique dit ce qui a été fait."
        )
    else:
        _show_key()


def _show_key() -> None:
    with st.container(border=True):
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        with left:
            st.markdown(
                "**Votre clé privée** ouvre votre liste sur ce serveur, et elle seule : notez-la, elle ne pourra pas "
                "être retrouvée."
            )
            st.code(session_key(), language=None)
        with right:
            st.text_input(
                "Ouvrir une liste avec sa clé",
                key="projects_typed_key",
                placeholder="ABCDE-FGHIJ-…",
                on_change=_open_with_key,
                max_chars=60,
            )
    if st.session_state.pop("projects_key_refused", False):
        st.warning(
            "Cette clé n’en est pas une ; attendu : 26 lettres et chiffres, comme ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z.",
            icon=":material/key:",
        )


def _open_with_key() -> None:
    typed = str(st.session_state.get("projects_typed_key", ""))
    if not typed.strip():
        return
    key = read_key(typed)
    if key is None:
        st.session_state["projects_key_refused"] = True
        return
    st.session_state[KEY_IN_SESSION] = key
    st.session_state["projects_typed_key"] = ""
