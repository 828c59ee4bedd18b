"""The board itself: one column a stage, one card a project, and the move of a project to another stage."""

import datetime as dt
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.project_board.progress import LAST_STAGE
from coverage.project_board.stages import months_in_stage, move_project
from coverage.projects.listing import is_late
from coverage.terms.project_list import RUNNING_STAGES, STAGE_DATES, STAGES
from data.errors import DataError
from geo.map import THEMES
from pages.app.notices import show_fault
from pages.app.plain_text import plain
from pages.app.projects import change_list, may_undo, undo_change
from pages.screens.project_board.data import Board
from reports.figures.numbers import format_number

MOST_CARDS: Final = 6
NAME_ROOM: Final = 90
SAID_KEY: Final = "board_said"
FAULT_KEY: Final = "board_fault"
SHOWN_KEY: Final = "board_shown"
UNDONE: Final = "Annulé : la liste est comme avant le changement."
STEP: Final = 50
"""Cards that a click adds to a column: a list may hold thousands, each of which is drawn with its buttons."""
STYLE: Final = """
<style>
.projet{font-size:.8rem;line-height:1.3;overflow-wrap:anywhere}
.projet b{font-size:.875rem;font-weight:600}
.projet small{display:block;opacity:.75;font-size:.75rem}
.projet .age{display:inline-block;margin-top:.2rem;padding:0 .4rem;border-radius:.6rem;background:rgba(127,150,180,.22)}
.projet .bloque{background:#c2410c;color:#fff}
[class*=st-key-board_moves_]{flex-wrap:wrap;column-gap:.6rem}
[class*=st-key-board_moves_] button{min-height:1.75rem;padding:0}
.st-key-board_said{position:fixed;bottom:1rem;left:50%;transform:translateX(-50%);width:min(44rem,94vw);z-index:10;
  box-shadow:0 2px 12px rgba(0,0,0,.25)}
.colonne{font-weight:600;font-size:.95rem;border-bottom:3px solid #2f74b8;padding-bottom:.2rem}
.colonne span{float:right;font-variant-numeric:tabular-nums}
</style>
"""


def show_cards(board: Board) -> None:
    """Draw the columns of the stages; a project can be moved when the list shown is that of today."""
    st.html(STYLE)
    active = board.projects[~board.projects["abandoned"]]
    active = active.assign(age_months=months_in_stage(active, board.moment), late=is_late(active, board.moment))
    names = board.gazetteer.communes.set_index("commune_code")["name"]
    for column, (stage, label) in zip(st.columns(len(STAGES), gap="small"), STAGES.items(), strict=True):
        here = active[active["stage"] == stage]
        here = here.sort_values(["age_months", "name"], ascending=[False, True], kind="stable")
        with column:
            st.html(f"<div class='colonne'>{label}<span>{format_number(len(here))}</span></div>")
            for project in here.head(_n_shown(stage)).to_dict("records"):
                _show_card(board, project, str(names.get(project["commune_code"], project["commune_code"])))
            _offer_more(stage, len(here))
            if here.empty:
                st.caption("Aucun projet")
    _say_apart(board)


def _n_shown(stage: str) -> int:
    """Return how many cards of a stage the reader asked for."""
    asked: int = st.session_state.get(f"{SHOWN_KEY}_{stage}", MOST_CARDS)
    return asked


def _offer_more(stage: str, n_here: int) -> None:
    """Draw the buttons that show the other cards of a column, by steps where they are many, and the first ones only."""
    shown = _n_shown(stage)
    if n_here > shown:
        left = n_here - shown
        label = f"Tout voir ({format_number(n_here)})" if left <= STEP else f"Voir {STEP} projets de plus"
        _count_button(label, "unfold_more", stage, shown + STEP)
        st.caption(f"{format_number(shown)} sur {format_number(n_here)}")
    if shown > MOST_CARDS and n_here > MOST_CARDS:
        _count_button("Replier", "unfold_less", stage, MOST_CARDS)


def _count_button(label: str, icon: str, stage: str, count: int) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"board_{icon}_{stage}",
        width="stretch",
        on_click=lambda: st.session_state.update({f"{SHOWN_KEY}_{stage}": count}),
    )


def _show_card(board: Board, project: dict[str, Any], commune: str) -> None:
    with st.container(border=True, gap=None):
        name = str(project["name"])
        name = name if len(name) <= NAME_ROOM else f"{name[:NAME_ROOM]}…"
        who = "" if pd.isna(project["facilitator"]) else f"<small>{escape(str(project['facilitator']))}</small>"
        st.html(
            f"<div class='projet'><b>{escape(name)}</b>"
            f"<small>{escape(commune)} ({escape(str(project['departement_code']))})</small>{who}"
            f"{_write_age(project, board.view.mois)}{_write_planned(project)}</div>"
        )
        if not board.is_past:
            _offer_moves(project, board.listed_on)


def _offer_moves(project: dict[str, Any], today: dt.date) -> None:
    """Draw the buttons of a card: one stage on or back at once, or the window that also asks for the day."""
    stages, key = list(STAGES), project["project_id"]
    place = stages.index(project["stage"])
    with st.container(horizontal=True, gap=None, key=f"board_moves_{key}"):
        if place > 0:
            before = stages[place - 1]
            st.button(
                "Précédente",
                key=f"board_back_{key}",
                icon=":material/arrow_back:",
                type="tertiary",
                help=f"Étape précédente : « {STAGES[before]} » ; la date de l’étape actuelle est effacée.",
                on_click=_step,
                args=(project, before, project[STAGE_DATES[before]]),
            )
        if place + 1 < len(stages):
            following = stages[place + 1]
            st.button(
                "Suivante",
                key=f"board_on_{key}",
                icon=":material/arrow_forward:",
                type="tertiary",
                help=f"Étape suivante : « {STAGES[following]} », atteinte ce jour.",
                on_click=_step,
                args=(project, following, pd.Timestamp(today)),
            )
        st.button(
            "Changer d’étape…",
            key=f"board_move_{key}",
            icon=":material/edit_calendar:",
            type="tertiary",
            help="Choisir l’étape et sa date, ou noter un abandon.",
            on_click=_ask,
            args=(key,),
        )


def _step(project: dict[str, Any], stage: str, day: pd.Timestamp) -> None:
    """Move a project one stage on or back, before the page is drawn again."""
    _write(project["project_id"], project["name"], project["stage"], stage, None if pd.isna(day) else day)


def _write_age(project: dict[str, Any], stuck_months: int) -> str:
    age = project["age_months"]
    if pd.isna(age):
        return "<span class='age'>date n.d.</span>"
    stuck = age > stuck_months and project["stage"] != LAST_STAGE
    return f"<span class='age{' bloque' if stuck else ''}'>{format_number(age)} mois</span>"


def _write_planned(project: dict[str, Any]) -> str:
    """Write the day planned for the opening of a team on its way, in red where it is past."""
    day = project["opening_planned_on"]
    if pd.isna(day) or project["stage"] in RUNNING_STAGES:
        return ""
    late = bool(project["late"])
    return f"<span class='age{' bloque' if late else ''}'>{'en retard, ' if late else ''}prévu le {day:%d/%m/%Y}</span>"


def _say_apart(board: Board) -> None:
    """Say what stands in no column."""
    abandoned = int(board.projects["abandoned"].sum())
    unknown = int((board.projects["stage"].isna() & ~board.projects["abandoned"]).sum())
    late = int(is_late(board.projects, board.moment).sum())
    told = f", et les {late} dont l’ouverture prévue est passée" if late > 1 else ""
    told = ", et celui dont l’ouverture prévue est passée" if late == 1 else told
    said = []
    if abandoned:
        said.append(f"{format_number(abandoned)} projet{'s' if abandoned > 1 else ''} abandonné{'s' * (abandoned > 1)}")
    if unknown:
        said.append(f"{format_number(unknown)} d’étape inconnue à cette date")
    apart = f" Comptés à part : {', '.join(said)}." if said else ""
    st.caption(
        "Les plus anciens dans l’étape d’abord ; en rouge, ceux qui y sont depuis plus de "
        f"{board.view.mois} mois{told}.{apart}"
    )


def _ask(project_id: str) -> None:
    st.session_state["board_moving"] = project_id


def show_move(board: Board) -> None:
    """Open the window that moves a project, when its button was pressed; say what was just done, and offer to undo."""
    if said := st.session_state.pop(SAID_KEY, None):
        _say(said)
    _show_fault()
    moving = st.session_state.pop("board_moving", None)
    found = board.projects[board.projects["project_id"] == moving]
    if moving is not None and not board.is_past and len(found):
        _move(found.iloc[0].to_dict(), board.listed_on)


def _say(said: str) -> None:
    """Say what was just done at the foot of the window, where its reader is in a long board, with its undo."""
    theme = THEMES[st.context.theme.type or "light"]
    st.html(f"<style>.st-key-board_said{{background:{theme.panel}}}</style>")
    with st.container(key="board_said", horizontal=True, vertical_alignment="center", border=True):
        st.success(plain(said), icon=":material/check:", width="stretch")
        if said != UNDONE and may_undo():
            st.button("Annuler", icon=":material/undo:", key="board_undo", on_click=_undo)
        st.button(
            "Fermer", icon=":material/close:", key="board_said_close", type="tertiary"
        )  # said once: a run is enough


def _undo() -> None:
    """Show the list as it was before the move, unless it has changed since."""
    try:
        undo_change()
    except DataError as error:
        st.session_state[FAULT_KEY] = str(error)
    else:
        st.session_state[SAID_KEY] = UNDONE


def _show_fault() -> None:
    if fault := st.session_state.pop(FAULT_KEY, None):
        show_fault(fault)


@st.dialog("Changer d’étape")
def _move(project: dict[str, Any], today: dt.date) -> None:
    if SAID_KEY in st.session_state:  # saved: the page says it, without the window
        st.rerun()
    st.text(str(project["name"]))
    stages = list(STAGES)
    place = stages.index(project["stage"])
    st.caption(f"Étape actuelle : {STAGES[project['stage']]}")
    stage = st.selectbox(
        "Nouvelle étape",
        stages,
        index=min(place + 1, len(stages) - 1),
        format_func=STAGES.__getitem__,
        key="board_new_stage",
        filter_mode=None,
    )
    st.date_input(
        "Atteinte le",
        value=today,
        max_value=today,
        min_value=dt.date(1990, 1, 1),
        format="DD/MM/YYYY",
        key="board_new_day",
        help="Laissez vide si la date n’est pas connue.",
    )
    abandoned = st.checkbox("Le projet est abandonné (il garde son étape actuelle)", key="board_abandoned")
    if stages.index(stage) < place and not abandoned:
        st.caption("Revenir en arrière efface les dates des étapes suivantes.")
    _show_fault()
    st.button(
        "Enregistrer",
        type="primary",
        key="board_save",
        on_click=_save,
        args=(project["project_id"], project["name"], project["stage"]),
    )


def _save(project_id: str, name: str, seen: str) -> None:
    """Write what the window says, before the page is drawn again."""
    stage = None if st.session_state["board_abandoned"] else st.session_state["board_new_stage"]
    day = st.session_state["board_new_day"]
    _write(project_id, name, seen, stage, None if day is None else pd.Timestamp(day))


def _write(project_id: str, name: str, seen: str, stage: str | None, day: pd.Timestamp | None) -> None:
    """Move a project that was seen at a stage to another one, or to none (given up), in a new version of the list."""

    def edit(table: pd.DataFrame) -> pd.DataFrame:
        now = table.loc[table["project_id"] == project_id, "stage"].tolist()
        if now != [seen]:
            held = f"à l’étape {STAGES[now[0]]}" if now else "retiré de la liste"
            raise ValueError(f"« {name} » a changé entre-temps : il est {held}. Rien n’a été enregistré.")
        if stage is None:
            return table.assign(abandoned=table["abandoned"] | (table["project_id"] == project_id))
        return move_project(table, project_id, stage, day)

    said = f"« {name} » : {'abandonné' if stage is None else STAGES[stage]}"
    try:
        change_list(edit, action=said)
    except (DataError, ValueError) as error:
        st.session_state[FAULT_KEY] = str(error)
    else:
        st.session_state[SAID_KEY] = f"{said}. « Mes projets » garde l’historique."
