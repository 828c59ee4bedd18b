"""Espace de travail: all that this reader keeps in one file, and a file of another place taken in."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from data.errors import DataError
from pages.app.facts import load_facts
from pages.app.notices import show_fault, show_notices
from pages.app.projects import load_places, load_projects
from pages.app.session import current_view
from pages.app.tables import load_gazetteer
from pages.app.territories import saved_territories
from pages.navigation import SCREENS
from pages.screens.simulator.state import kept_drafts, known_codes
from pages.screens.workspace.document import (
    Merged,
    ReadWorkspace,
    Workspace,
    WorkspaceFileError,
    read_workspace,
    write_workspace,
)
from pages.screens.workspace.merging import forget_given, merge_workspace
from pages.widgets.exports.studio import today
from pages.widgets.saved_views.kept import current_views
from reports.figures.french import count_of

PARTS: Final = {
    "territories": ("Territoires personnels", "own_territory"),
    "projects": ("Projets", "projects"),
    "scenarios": ("Scénarios", "simulator"),
    "views": ("Vues de présentation", "slideshow"),
}
ROUND_KEY: Final = "workspace_round"
DONE_KEY: Final = "workspace_done"
MOST_FAULTS: Final = 20


def show_page() -> None:
    """Draw the page."""
    _, notices = current_view()
    st.title("Espace de travail", anchor=False)
    st.markdown(
        "**Vos territoires, projets, scénarios et vues de présentation dans un seul fichier**, à garder, à "
        "transmettre, à rouvrir sur un autre poste. Les scénarios et les vues ne durent que le temps de la visite : "
        "ce fichier les garde."
    )
    show_notices(notices)
    try:
        kept = _kept()
    except DataError as error:
        show_fault(error, "Votre espace ne peut pas être lu.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        _offer_file(kept)
    with right:
        _take_file()


def _kept() -> Workspace:
    # The empty scenario that a visit begins with is nothing that the reader made.
    drafts = kept_drafts()
    scenarios = () if drafts.is_untouched else tuple(draft.scenario for draft in drafts.items)
    territories = tuple(territory.own for _, territory in saved_territories())
    return Workspace(territories, load_projects(), scenarios, current_views())


def _offer_file(kept: Workspace) -> None:
    st.subheader("Enregistrer", anchor=False)
    counts = [len(kept.territories), len(kept.projects), len(kept.scenarios), len(kept.views)]
    for (label, screen), n in zip(PARTS.values(), counts, strict=True):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{label}** : {n}", width="stretch")
            st.page_link(SCREENS[screen].file, label=SCREENS[screen].title, icon=f":material/{SCREENS[screen].icon}:")
    st.download_button(
        "Enregistrer mon espace",
        lambda: write_workspace(kept, load_places().names, today()),
        file_name=f"maillage_espace_{today():%Y-%m-%d}.json",
        mime="application/json",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key="workspace_save",
        disabled=not any(counts),
    )
    st.caption(
        "Le fichier contient vos projets tels quels, noms et notes compris : transmettez-le comme un document interne."
    )


def _take_file() -> None:
    st.subheader("Reprendre", anchor=False)
    if done := st.session_state.pop(DONE_KEY, None):
        _show_done(done)
    given = st.file_uploader(
        "Fichier d’un espace de travail (.json, 10 Mo au plus)",
        type="json",
        key=f"workspace_given_{st.session_state.get(ROUND_KEY, 0)}",
        max_upload_size=10,
    )
    if given is None:
        st.caption(
            "Ce qui est déjà là reste : les éléments du fichier s’ajoutent, ceux que vous avez déjà sont laissés."
        )
        return
    try:
        with st.spinner("Lecture du fichier…"):
            read = _read(given.getvalue())
    except WorkspaceFileError as error:
        show_fault(error, "**Le fichier n’a pas été repris : votre espace n’a pas changé.**")
        return
    _show_read(read)
    if st.button("Reprendre dans mon espace", type="primary", icon=":material/merge:", key="workspace_merge"):
        try:
            st.session_state[DONE_KEY] = merge_workspace(read)
        except DataError as error:
            show_fault(error, "**La reprise s’est arrêtée.** Redonnez le fichier : rien ne sera doublé.")
            return
        forget_given(ROUND_KEY)
        st.rerun()


def _read(content: bytes) -> ReadWorkspace:
    return read_workspace(
        content,
        gazetteer=load_gazetteer(),
        indicators={name: indicator.levels for name, indicator in load_facts().indicators.items()},
        known=known_codes(),
        places=load_places(),
        today=today(),
    )


def _show_read(read: ReadWorkspace) -> None:
    held = " ; ".join(f"{PARTS[part][0].lower()} : {n}" for part, n in read.counts.items())
    st.markdown(f"Le fichier contient : {held}.")
    show_notices(list(read.notices))
    if read.rows.faults:
        st.markdown(f"**{count_of(read.rows.n_wrong, 'projet')} à corriger**, laissés de côté :")
        for fault in read.rows.faults[:MOST_FAULTS]:
            st.text(f"Ligne {fault.line}, {fault.found or '(vide)'} : {fault.reason}")


def _show_done(done: dict[str, Merged]) -> None:
    rows = [
        {
            "Éléments": PARTS[part][0],
            "Dans le fichier": merged.taken + merged.known + merged.left,
            "Ajoutés": merged.taken,
            "Déjà là": merged.known,
            "Laissés": merged.left,
        }
        for part, merged in done.items()
    ]
    st.success("Reprise faite : rien de ce que vous aviez n’a changé.", icon=":material/check:")
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Ce qui a été repris")
