"""The yearly report on one A4 page, as a tagged PDF: what is said goes to `report.typ`, which sets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from coverage.terms.project_list import RUNNING_STAGES, STAGES
from reports.figures.numbers import UNKNOWN
from reports.page.typesetting import set_document
from reports.project_board.content import YearlyReport
from reports.project_board.tables import TOTAL, ReportTable, tell_left_out

TEMPLATE: Final = Path(__file__).with_name("report.typ")
RUNNING_COLOUR, COMING_COLOUR = "#1f5a96", "#8fb3d9"
MOST_ROWS: Final = 40
"""More than the page holds."""


def render_report_pdf(report: YearlyReport, *, author: str = "") -> bytes:
    """Set a yearly report.

    Parameters
    ----------
    report
        What is said.
    author
        The organisation that signs it; "" for Maillage.

    Returns
    -------
    bytes
        A PDF/UA-1 of one A4 page; rows that have no room are counted in a line that says where they are.
    """
    content = {
        "title": report.title,
        "subtitle": report.subtitle,
        "sentences": report.sentences,
        "tiles": [{"label": tile.label, "figure": tile.figure, "note": tile.note} for tile in report.tiles],
        "stages": _stages(report),
        "total": TOTAL,
        "professions": _table(report.professions),
        "facilitators": _part(report.facilitators),
        "departements": _part(report.departements),
        "notes": " ".join((*report.notes, report.source)),
    }
    subject = f"{report.subtitle} {report.source}"
    return set_document(TEMPLATE, content, title=report.title, author=author, subject=subject, day=report.listed_on)


def _stages(report: YearlyReport) -> list[dict[str, Any]]:
    """Return the bars of the stages, and what is written beside them."""
    counts = report.figures.stages["n_current"]
    bars = []
    for stage, (label, figure, _, median, oldest, undated, _) in zip(STAGES, report.stages.rows, strict=True):
        age = "âge n.d." if median == UNKNOWN else f"âge médian {median} mois, le plus ancien {oldest}"
        age = f"{age}, {undated} sans date" if undated != "0" else age
        colour = RUNNING_COLOUR if stage in RUNNING_STAGES else COMING_COLOUR
        share = float(counts[stage] / max(counts.max(), 1))
        bars.append(
            {"label": label, "figure": figure, "age": age if counts[stage] else "", "share": share, "colour": colour}
        )
    return bars


def _table(table: ReportTable) -> dict[str, Any]:
    return {"title": table.title, "heads": table.heads, "rows": table.rows}


def _part(table: ReportTable) -> dict[str, Any]:
    """Return a table that may not have room: its sum apart, and what to say when the first n rows only are shown."""
    rows = [row for row in table.rows if row[0] != TOTAL]
    total = [row for row in table.rows if row[0] == TOTAL]
    left_out = [tell_left_out(len(rows) - n) for n in range(min(len(rows), MOST_ROWS) + 1)]
    return {**_table(table), "rows": rows[:MOST_ROWS], "total": total, "left-out": left_out}
