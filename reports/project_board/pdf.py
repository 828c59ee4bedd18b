"""The yearly report on an A4 page, its map on another, as a tagged PDF: what is said goes to `report.typ`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from coverage.terms.project_list import RUNNING_STAGES, STAGES
from reports.figures.numbers import UNKNOWN
from reports.page.typesetting import Picture, set_document
from reports.project_board.content import YearlyReport
from reports.project_board.map import HEADING, ReportMap
from reports.project_board.tables import TOTAL, ReportTable, tell_left_out
from reports.project_board.year_before import HEADS

TEMPLATE: Final = Path(__file__).with_name("report.typ")
RUNNING_COLOUR, COMING_COLOUR = "#1f5a96", "#8fb3d9"
MOST_ROWS: Final = 40
"""More than the page holds."""
MAP_MM: Final = (186.0, 228.0)


def render_report_pdf(report: YearlyReport, *, author: str = "", drawn: ReportMap | None = None) -> bytes:
    """Set a yearly report.

    Parameters
    ----------
    report
        What is said.
    author
        The organisation that signs it; "" for Maillage.
    drawn
        The map of the projects; None for none.

    Returns
    -------
    bytes
        A PDF/UA-1 of one A4 page, and of another with the map; rows that have no room are counted in a line that says
        where they are.

    Raises
    ------
    EmptyTerritoryError
        The territory of the map has no shape.
    """
    content = {
        "title": report.title,
        "subtitle": report.subtitle,
        "sentences": report.sentences,
        "tiles": [{"label": tile.label, "figure": tile.figure, "note": tile.note, "before": tile.before}
                  for tile in report.tiles],
        "stages": _stages(report),
        "total": TOTAL,
        "professions": _table(report.professions),
        "facilitators": _part(report.facilitators),
        "departements": _part(report.departements),
        "notes": " ".join((*report.notes, report.source)),
        "map": _map(drawn),
    }  # fmt: skip
    subject = f"{report.subtitle} {report.source}"
    return set_document(TEMPLATE, content, title=report.title, author=author, subject=subject, day=report.listed_on)


def _stages(report: YearlyReport) -> list[dict[str, Any]]:
    """Return the bars of the stages, and what is written beside them."""
    counts = report.figures.stages["n_current"]
    bars = []
    for stage, cells in zip(STAGES, report.stages.rows, strict=True):
        row = dict(zip(report.stages.heads, cells, strict=True))
        median, undated = row["Âge médian (mois)"], row["Sans date"]
        age = "âge n.d." if median == UNKNOWN else f"âge médian {median} mois, le plus ancien {row['Le plus ancien']}"
        age = f"{age}, {undated} sans date" if undated != "0" else age
        before = f"{HEADS[0].lower()} : {row[HEADS[0]]}" if HEADS[0] in row else ""
        beside = " · ".join(filter(None, (age if counts[stage] else "", before)))
        colour = RUNNING_COLOUR if stage in RUNNING_STAGES else COMING_COLOUR
        share = float(counts[stage] / max(counts.max(), 1))
        bars.append(
            {"label": row["Étape"], "figure": row["Projets"], "beside": beside, "share": share, "colour": colour}
        )
    return bars


def _map(drawn: ReportMap | None) -> dict[str, Any] | None:
    if drawn is None:
        return None
    content = drawn.content
    picture = Picture(drawn.draw(MAP_MM, "svg"), drawn.description)
    return {"title": HEADING, "said": content.subtitle, "picture": picture, "source": content.source}


def _table(table: ReportTable) -> dict[str, Any]:
    return {"title": table.title, "heads": table.heads, "rows": table.rows}


def _part(table: ReportTable) -> dict[str, Any]:
    """Return a table that may not have room: its sum apart, and what to say when the first n rows only are shown."""
    rows = [row for row in table.rows if row[0] != TOTAL]
    total = [row for row in table.rows if row[0] == TOTAL]
    left_out = [tell_left_out(len(rows) - n) for n in range(min(len(rows), MOST_ROWS) + 1)]
    return {**_table(table), "rows": rows[:MOST_ROWS], "total": total, "left-out": left_out}
