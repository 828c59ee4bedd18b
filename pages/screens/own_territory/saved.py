"""The territories that the reader has saved: opened, used, removed, and had again as they were."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from coverage.terms.months import format_date
from data.errors import DataError
from pages.app.notices import show_fault
from pages.app.owner import current_owner
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.app.tables import load_gazetteer
from pages.app.territories import (
    FAULT_KEY,
    Draft,
    as_territory,
    keep_draft,
    remove_saved,
    saved_territories,
    saved_versions,
)
from reports.figures.french import count_of

if TYPE_CHECKING:
    from data.territories.storage import SavedTerritory


def show_saved() -> None:
    """Draw the list of saved territories, and under it the versions that can be had again."""
    try:
        saved = saved_territories()
    except DataError as error:
        show_fault(error, "Vos territoires enregistrés ne sont pas montrés ; celui que vous faites est intact.")
        return
    if not saved and not saved_versions():
        return
    st.subheader("Mes territoires enregistrés", anchor=False)
    if current_owner().kind == "cle":
        st.caption("Ils sont gardés sous la même clé privée que vos projets : notez-la sur la page « Mes projets ».")
    for one, territory in saved:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            place = load_gazetteer().situation(territory).partition(" · ")[2]
            told = [count_of(len(one.communes), "commune"), f"enregistré le {format_date(one.made_on.date())}"]
            st.markdown(f"**{plain(one.name)}** · {' · '.join(filter(None, [told[0], plain(place), told[1]]))}")
            for label, icon, act in (
                ("Utiliser", ":material/check:", partial(change_view, territoire=territory, selection=None)),
                ("Modifier", ":material/edit:", partial(_open, one)),
                ("Supprimer", ":material/delete:", partial(_remove, one)),
            ):
                st.button(label, icon=icon, key=f"own_{label}_{one.number}", type="tertiary", on_click=act)
    _show_versions()


def _open(saved: SavedTerritory) -> None:
    territory = as_territory(saved.name, saved.communes)
    if territory is not None:
        keep_draft(Draft(saved.name, territory.own.communes, saved.number))


def _remove(saved: SavedTerritory) -> None:
    try:
        remove_saved(saved)
    except DataError as error:
        st.session_state[FAULT_KEY] = error


def _show_versions() -> None:
    versions = saved_versions()
    with st.expander("Versions", icon=":material/history:"):
        st.caption("Chaque enregistrement est une version : rouvrez-en une, puis enregistrez-la pour y revenir.")
        for one in versions[:50]:
            with st.container(horizontal=True, vertical_alignment="center"):
                what = count_of(len(one.communes), "commune") if one.communes else "supprimé"
                by = f", par {plain(one.author)}" if one.author else ""
                when = f"{format_date(one.made_on.date())} à {one.made_on:%H:%M} (UTC){by}"
                st.markdown(f"**{plain(one.name)}** · version {one.version} · {what} · {when}")
                if one.communes:
                    st.button(
                        "Rouvrir",
                        key=f"own_again_{one.number}_{one.version}",
                        type="tertiary",
                        on_click=partial(_open, one),
                    )
