"""The yearly report on the screen, and the buttons that give it as PDF, Word and workbook."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from pages.app.plain_text import plain
from pages.screens.project_board.data import Board
from pages.screens.project_board.map import report_map
from pages.widgets.exports.logo import current_organisation
from pages.widgets.grid import head_px
from reports.figures.french import begin
from reports.project_board.content import Tile
from reports.project_board.tables import ReportTable

TILES_A_ROW: Final = 4
HEIGHT, ROW_PX, NAME_PX = 560, 35, 165
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"


def show_tiles(tiles: tuple[Tile, ...]) -> None:
    """Draw the key figures, four a row."""
    for start in range(0, len(tiles), TILES_A_ROW):
        for column, tile in zip(st.columns(TILES_A_ROW), tiles[start : start + TILES_A_ROW], strict=False):
            with column, st.container(border=True, height="stretch", gap=None):
                st.metric(tile.label, tile.figure)
                st.caption(tile.note or "\u00a0")
                if tile.before:
                    st.caption(begin(tile.before))


def show_report(board: Board) -> None:
    """Draw the report as it will be printed: sentences, professionals, and the files."""
    report = board.report
    st.subheader(plain(report.title), anchor=False)
    st.caption(plain(report.subtitle))
    with st.container(border=True):
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in report.sentences))
    offer_report(board)
    _show_table(report.departements)
    if report.professions.rows:
        _show_table(report.professions)
    st.caption(plain(" ".join((*report.notes, report.source))))


def offer_report(board: Board) -> None:
    """Draw the three buttons; the files are made when asked for."""
    files: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("Rapport PDF", "pdf", "application/pdf", partial(_pdf, board, current_organisation())),
        ("Rapport Word", "docx", f"{_OFFICE}.wordprocessingml.document", partial(_docx, board, current_organisation())),
        ("Classeur XLSX", "xlsx", f"{_OFFICE}.spreadsheetml.sheet", lambda: _xlsx(board)),
    )
    with st.container(horizontal=True):
        for label, ending, mime, make in files:
            st.download_button(
                label,
                make,
                file_name=f"maillage_rapport_{board.territory.slug}_{board.day:%Y-%m-%d}.{ending}",
                mime=mime,
                icon=":material/description:",
                on_click="ignore",
                key=f"board_report_{ending}",
            )


# The writers are loaded at the first export only: Matplotlib and python-docx would slow the start of the server.
def _pdf(board: Board, author: str) -> bytes:
    from reports.project_board.pdf import render_report_pdf  # noqa: PLC0415 - reason above

    return render_report_pdf(board.report, author=author, drawn=report_map(board))


def _docx(board: Board, author: str) -> bytes:
    from reports.project_board.docx import render_report_docx  # noqa: PLC0415 - reason above

    return render_report_docx(board.report, author=author, drawn=report_map(board))


def _xlsx(board: Board) -> bytes:
    from reports.project_board.xlsx import render_report_xlsx  # noqa: PLC0415 - reason above

    return render_report_xlsx(board.report, board.gazetteer)


def _show_table(table: ReportTable) -> None:
    st.markdown(f"##### {plain(table.title)}")
    shown = pd.DataFrame(list(table.rows), columns=list(table.heads))
    columns = {table.heads[0]: st.column_config.TextColumn(pinned=True, width=NAME_PX)}
    columns |= {head: st.column_config.TextColumn(alignment="right", width=head_px(head)) for head in table.heads[1:]}
    height = min(HEIGHT, ROW_PX * (len(shown) + 1) + 3)
    st.dataframe(shown, hide_index=True, height=height, column_config=columns, alt=table.title)
