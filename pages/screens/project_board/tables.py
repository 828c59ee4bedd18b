"""The tables of the board of projects: all of them, those stuck, by facilitator and by department, with exports."""

from typing import Final, Literal

import pandas as pd
import streamlit as st

from coverage.project_board.progress import count_by_group, find_stuck
from coverage.project_board.stages import months_in_stage
from coverage.projects.listing import is_late
from coverage.terms.project_list import STAGE_DATES, STAGES, STRUCTURE_TYPES
from coverage.territories.gazetteer import Territory
from pages.screens.project_board.data import Board
from pages.widgets.exports.table import offer_table
from pages.widgets.grid import head_px
from reports.figures.french import count_of
from reports.figures.numbers import UNKNOWN, format_share
from reports.project_board.tables import UNNAMED, tell_stuck

HEIGHT: Final = 560
ROW_PX: Final = 35
TYPE_PX: Final = 170
"""The longest type, "Équipe de soins primaires"."""
STAGE_PX: Final = 150
NAME_PX: Final = 200
AGE: Final = "Mois dans l’étape"
PLANNED: Final = "Ouverture prévue le"
GROUP_HEADS: Final = {
    "n_projects": "Projets",
    **{f"n_{stage}": label for stage, label in STAGES.items()},
    "n_abandoned": "Abandonnés",
    "n_stuck": "Bloqués",
    "n_accompanied": "Accompagnés",
    "n_accompaniment_unknown": "Accompagnement n.d.",
    "share_accompanied": "Part accompagnée",
    "share_aci": "Part des ouvertes avec ACI",
}
SHARES: Final = ("Part accompagnée", "Part des ouvertes avec ACI")


def list_projects(board: Board, projects: pd.DataFrame) -> pd.DataFrame:
    """Write projects as a reader sees them; the professionals of a single structure are left to « Mes projets »."""
    communes = board.gazetteer.communes.set_index("commune_code")["name"]
    stages = projects["stage"].map(STAGES).fillna(UNKNOWN)
    late = is_late(projects, board.moment)
    return pd.DataFrame(
        {
            "Projet": projects["name"],
            "Type": projects["structure_type"].map(STRUCTURE_TYPES),
            "Commune": projects["commune_code"].map(communes),
            "Département": [
                board.gazetteer.name(Territory("departement", code)) for code in projects["departement_code"]
            ],
            "Étape": stages.mask(projects["abandoned"], stages + " (abandonné)").mask(late, stages + " (en retard)"),
            "Depuis le": _reached_on(projects),
            AGE: months_in_stage(projects, board.moment).round(1),
            PLANNED: projects["opening_planned_on"],
            "Facilitateur": projects["facilitator"],
            "Accompagné": projects["accompanied"].map({True: "oui", False: "non"}).astype("str"),
        }
    ).reset_index(drop=True)


def _reached_on(projects: pd.DataFrame) -> pd.Series:
    reached = pd.Series(pd.NaT, index=projects.index, dtype="datetime64[us]")
    for stage, column in STAGE_DATES.items():
        reached = reached.mask(projects["stage"] == stage, projects[column])
    return reached


def show_projects(board: Board, projects: pd.DataFrame, *, title: str, key: str) -> None:
    """Draw a table of projects and its exports."""
    table = list_projects(board, projects)
    columns = st.column_config
    st.dataframe(  # formats of columns, not of cells: a list may have thousands of rows
        table,
        hide_index=True,
        height=min(HEIGHT, ROW_PX * (len(table) + 1) + 3),
        placeholder=UNKNOWN,
        column_config={
            "Projet": columns.TextColumn(pinned=True),
            "Type": columns.TextColumn(width=TYPE_PX),
            "Étape": columns.TextColumn(width=STAGE_PX),
            "Depuis le": columns.DateColumn(format="DD/MM/YYYY"),
            PLANNED: columns.DateColumn(format="DD/MM/YYYY", width=head_px(PLANNED)),
            AGE: columns.NumberColumn(format="%.0f", width=head_px(AGE)),
            "Accompagné": columns.TextColumn(width=head_px("Accompagné")),
        },
        alt=title,
    )
    offer_table(table, board.sources, title=title, name=f"maillage_{key}_{board.territory.slug}")


def show_stuck(board: Board) -> None:
    """Draw the projects stuck in their stage."""
    stuck = find_stuck(board.projects, board.moment, board.view.mois)
    undated = board.report.figures.n_stuck_unknown
    st.subheader(f"Bloqués depuis plus de {board.view.mois} mois : {tell_stuck(len(stuck), undated)}", anchor=False)
    if undated:
        st.caption(f"Pour {count_of(undated, 'projet')}, la date de l’étape est inconnue : on ne peut le dire.")
    if len(stuck):
        show_projects(board, stuck, title=f"Projets bloqués depuis plus de {board.view.mois} mois", key="bloques")


def show_groups(board: Board, by: Literal["facilitator", "departement_code", "structure_type"], head: str) -> None:
    """Draw the figures of each facilitator, department or type, and their exports."""
    groups = count_by_group(board.projects, by, board.moment, board.view.mois)
    names = [_name(board, by, code) for code in groups.index]
    untold = (groups["n_stuck"] == 0) & (groups["n_stuck_unknown"] > 0)
    groups["n_stuck"] = groups["n_stuck"].astype("Int64").mask(untold)
    table = groups[list(GROUP_HEADS)].rename(columns=GROUP_HEADS).reset_index(drop=True)
    table.insert(0, head, pd.Series(names, dtype="str"))
    styled = table.style.format(dict.fromkeys(SHARES, lambda share: format_share(share, 0)))
    st.dataframe(
        styled,
        hide_index=True,
        height=min(HEIGHT, ROW_PX * (len(table) + 1) + 3),
        column_config={
            head: st.column_config.TextColumn(pinned=True, width=NAME_PX),
            **{name: st.column_config.Column(width=head_px(name)) for name in GROUP_HEADS.values()},
        },
        placeholder=UNKNOWN,
        alt=f"Par {head.lower()}",
    )
    offer_table(table, board.sources, title=f"Projets par {head.lower()}", name=f"maillage_projets_{by}")


def _name(board: Board, by: str, code: object) -> str:
    if pd.isna(code):
        return UNNAMED
    if by == "departement_code":
        return board.gazetteer.label(Territory("departement", str(code)))
    return STRUCTURE_TYPES[str(code)] if by == "structure_type" else str(code)
