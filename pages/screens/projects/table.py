"""The list of projects as a table to edit, its history, and its exports."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.terms.months import format_date
from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from data.errors import DataError
from data.projects.editing import check_edits, editor_table, remove_all
from data.projects.fields import COUNT_FIELDS, DAY_FIELDS, FIELDS
from data.projects.written import HEADS, NO, YES, write_geojson, written_table
from pages.app.notices import show_fault
from pages.app.owner import current_owner
from pages.app.plain_text import plain
from pages.app.projects import (
    READ_KEY,
    change_list,
    compare_version,
    forget_list,
    list_history,
    load_places,
    load_projects,
    may_undo,
    projects_state,
    redo_change,
    restore_version,
    seen_revision,
    undo_change,
)
from pages.widgets.exports.table import offer_table

_SHOWN: Final = (
    *("name", "structure_type", "commune_name", "stage", *DAY_FIELDS, *COUNT_FIELDS),
    *("facilitator", "accompanied", "abandoned", "finess_code", "note"),
)
_TABLE_HEIGHT: Final = 520
_NOT_MINE: Final = "Le dernier changement est d’un autre lecteur : « Historique » le montre, et permet d’en revenir."
_EDITOR: Final = "projects_editor_{}"
_SHOWN_LIST: Final = "projects_shown_list"


def show_undo() -> None:
    """Draw the two arrows, dead when there is nothing to undo or redo."""
    state, mine = projects_state(), may_undo()
    with st.container(horizontal=True, width="content"):
        st.button(
            "Annuler",
            icon=":material/undo:",
            key="projects_undo",
            disabled=not mine,
            on_click=_try,
            args=(undo_change,),
            help=None
            if mine or not state.can_undo
            else "Le dernier changement est d’un autre lecteur : « Historique » le montre, et permet d’y revenir.",
        )
        st.button(
            "Rétablir",
            icon=":material/redo:",
            key="projects_redo",
            disabled=not state.can_redo,
            on_click=_try,
            args=(redo_change,),
        )


def show_list(today: dt.date) -> None:
    """Draw the table; what is edited is checked, then saved as a new version at once."""
    places = load_places()
    revision, projects = _shown_list()
    before = editor_table(projects, places)
    after = st.data_editor(
        before,
        # A key of its own for each version: what was typed is then in the list, not in the widget.
        key=_EDITOR.format(revision),
        num_rows="dynamic",
        hide_index=True,
        height=min(_TABLE_HEIGHT, 110 + 35 * len(before)),
        column_order=[HEADS[name] for name in _SHOWN],
        column_config=_editor_columns(),
        placeholder="",
        alt="Mes projets",
    )
    checked = check_edits(projects, before, after, places, today=today)
    if checked.faults:
        st.warning(
            "**Ces changements ne sont pas encore enregistrés :**\n"
            + "\n".join(
                f"- {f'ligne {said.line}, ' if said.line else ''}{FIELDS[said.field].label}"
                f"{f' « {plain(said.found)} »' if said.found else ''} : {plain(said.reason)}"
                for said in checked.faults[:10]
            ),
            icon=":material/edit:",
        )
    elif checked.edit is not None:
        try:
            change_list(checked.edit, action="Modification dans le tableau")
        except DataError as error:
            show_fault(error)
            return
        st.session_state.pop(_SHOWN_LIST, None)
        st.session_state["projects_said"] = (*(said.reason for said in checked.remarks), *checked.meanwhile.moved)
        st.session_state["projects_lost"] = tuple(checked.meanwhile.lost)
        st.rerun()
    if lost := st.session_state.pop("projects_lost", ()):
        st.warning(
            "**La liste a changé entre-temps.**\n" + "\n".join(f"- {plain(sentence)}" for sentence in lost),
            icon=":material/sync_problem:",
        )
    for sentence in st.session_state.pop("projects_said", ()):
        st.info(plain(sentence), icon=":material/info:")
    st.caption(
        "Modifiez une case, ajoutez une ligne en bas, retirez-en une en la cochant : chaque changement est vérifié, "
        "enregistré comme une version, et peut être annulé. La commune s’écrit par son nom ou son code."
    )


def _shown_list() -> tuple[int, pd.DataFrame]:
    """Return the list that the table shows, and its revision.

    Another may change it while this reader types: the table stays the one that they saw until what they typed is
    joined to the list of the day.
    """
    owner = current_owner().name
    kept = st.session_state.get(_SHOWN_LIST)
    if kept is not None and kept[0] == owner and _has_typed(kept[1]):
        return kept[1], kept[2]
    projects = load_projects()
    revision: int = st.session_state[READ_KEY][0][1] if READ_KEY in st.session_state else projects_state().revision
    st.session_state[_SHOWN_LIST] = (owner, revision, projects)
    return revision, projects


def _has_typed(revision: int) -> bool:
    typed = st.session_state.get(_EDITOR.format(revision))
    return typed is not None and any(typed[name] for name in ("edited_rows", "added_rows", "deleted_rows"))


def _editor_columns() -> dict[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    choice, day = st.column_config.SelectboxColumn, st.column_config.DateColumn
    advice = {name: FIELDS[name].advice for name in FIELDS}
    columns: dict[str, Any] = {
        HEADS["name"]: text(HEADS["name"], width=240, required=True, pinned=True, max_chars=200),
        HEADS["structure_type"]: choice(options=list(STRUCTURE_TYPES.values()), required=True, default="MSP"),
        HEADS["commune_name"]: text(HEADS["commune_name"], width=200, required=True, help=advice["commune_name"]),
        HEADS["stage"]: choice(options=list(STAGES.values()), required=True, default=STAGES["projet"]),
        HEADS["accompanied"]: choice(options=[YES, NO], help=advice["accompanied"]),
        HEADS["abandoned"]: choice(options=[YES, NO], default=NO),
        HEADS["finess_code"]: text(HEADS["finess_code"], max_chars=9),
        HEADS["note"]: text(HEADS["note"], width=260, max_chars=2_000),
        HEADS["facilitator"]: text(HEADS["facilitator"], width=140, max_chars=200),
    }
    columns |= {HEADS[name]: day(HEADS[name], format="DD/MM/YYYY", help=advice[name]) for name in DAY_FIELDS}
    columns |= {
        HEADS[name]: number(HEADS[name], min_value=0, step=1, format="%d", help=advice[name]) for name in COUNT_FIELDS
    }
    return columns


def offer_list(today: dt.date) -> None:
    """Draw the exports: CSV, XLSX and GeoJSON, all of which can be imported again."""
    projects, places = load_projects(), load_places()
    source = {
        "Source": "Liste de projets de l’utilisateur",
        "Relevée le": format_date(today),
        "Contenu": "Une ligne par structure ou projet ; une case vide est inconnue, jamais zéro.",
        "Coordonnées": "Degrés WGS 84, seulement quand la liste les donne ; sinon la commune fait foi.",
    }
    with st.container(horizontal=True):
        st.download_button(
            "GeoJSON",
            lambda: write_geojson(projects, places.names),
            file_name="maillage_projets.geojson",
            mime="application/geo+json",
            icon=":material/location_on:",
            on_click="ignore",
            key="projects_geojson",
        )
        offer_table(
            lambda: written_table(projects, places.names),
            [source],
            title="Mes projets",
            name="maillage_projets",
        )


def show_history() -> None:
    """Draw what was done to the list, what each version changed, the way back, and the way to forget everything."""
    history = list_history()
    if history.empty:
        st.info("Rien n’a encore été enregistré.", icon=":material/info:")
        return
    state = history["is_shown"].map({True: "affichée", False: ""}).where(~history["is_undone"], "annulée")
    st.dataframe(
        pd.DataFrame(
            {
                "Version": history["version"],
                "Le": history["made_on"].map(_local_time),
                "Ce qui a été fait": history["action"],
                "Par": history["author"],
                "Ajoutés": history["n_added"],
                "Modifiés": history["n_changed"],
                "Retirés": history["n_removed"],
                "Projets": history["n_projects"],
                "": state,
            }
        ).drop(columns=[] if history["author"].any() else ["Par"]),
        hide_index=True,
        alt="Historique de la liste",
    )
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    version = left.selectbox(
        "Voir ce qu’une version a changé", list(history["version"]), key="projects_version", filter_mode=None
    )
    right.button(
        f"Revenir à la version {version}",
        icon=":material/history:",
        key="projects_restore",
        disabled=bool(history.loc[history["version"] == version, "is_shown"].iloc[0]),
        on_click=_try,
        args=(restore_version, int(version)),
        help="Ajoute une version identique à celle-là : aucune autre n’est perdue.",
    )
    changes = compare_version(int(version))
    labels = {name: field.label for name, field in FIELDS.items()}
    told = changes.assign(
        columns=[
            ", ".join(dict.fromkeys(labels.get(name, "Position") for name in text.split(", ") if name))
            for text in changes["columns"]
        ]
    )
    heads = {"project_id": "Identifiant", "name": "Nom", "change": "Changement", "columns": "Colonnes"}
    st.dataframe(told.rename(columns=heads), hide_index=True, height=240, alt="Ce que la version a changé")


def show_removal() -> None:
    """Draw the two ways to remove everything, each behind a confirmation."""
    with st.popover("Tout supprimer", icon=":material/delete:"):
        st.markdown("**Vider la liste** : elle devient vide, l’historique reste et le geste peut être annulé.")
        st.button("Vider la liste", key="projects_empty", on_click=_try, args=(_empty,), disabled=load_projects().empty)
        st.divider()
        st.markdown("**Tout effacer, historique compris** : rien ne pourra être retrouvé.")
        sure = st.checkbox("J’ai compris que c’est définitif", key="projects_sure")
        st.button("Tout effacer", key="projects_forget", on_click=_try, args=(forget_list,), disabled=not sure)


def _empty() -> None:
    change_list(remove_all, action="Liste vidée", expected=seen_revision())


def _try(act: Callable[..., object], *arguments: object) -> None:
    """Do what a button asks; a fault is said above the page at the next run."""
    try:
        act(*arguments)
    except DataError as error:
        st.session_state["projects_fault"] = str(error)


def _local_time(moment: pd.Timestamp) -> str:
    """Write a moment (UTC) on the clock of the reader's browser."""
    zone = st.context.timezone or dt.datetime.now().astimezone().tzinfo
    return f"{moment.tz_localize('UTC').tz_convert(zone):%d/%m/%Y %H:%M}"
