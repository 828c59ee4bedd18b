"""The tables of the yearly report, every cell written out as it will be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage.indicators.small_numbers import NOT_SHOWN
from coverage.project_board.yearly_report import YearlyFigures
from coverage.terms.project_list import PROFESSIONS, STAGES
from coverage.territories.gazetteer import Gazetteer, Territory
from reports.figures.french import count_of
from reports.figures.numbers import UNKNOWN, format_number
from reports.project_board.year_before import HEADS, before_cells

TOTAL: Final = "Ensemble"
NONE_OPEN: Final = "–"
"""In place of the professionals where no structure is open: neither 0 nor unknown, there is nobody to count."""
UNNAMED: Final = "Non renseigné"


@dataclass(frozen=True)
class ReportTable:
    """A table of the report, every cell written out; the first column names, the others are figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def stage_table(figures: YearlyFigures, change: pd.DataFrame | None = None) -> ReportTable:
    """Write the stages: projects there, projects that reached it, ages in months, undated, abandoned; a year before."""
    rows = []
    for stage, label in STAGES.items():
        counts, ages = figures.stages.loc[stage], figures.ages.loc[stage]
        rows.append(
            (
                label,
                format_number(counts["n_current"]),
                format_number(counts["n_reached"]),
                format_number(ages["median_months"]),
                format_number(ages["oldest_months"]),
                format_number(ages["n_unknown"]),
                format_number(counts["n_abandoned"]),
                *(() if change is None else before_cells(change.loc[stage])),
            )
        )
    heads = ("Étape", "Projets", "L’ont atteinte", "Âge médian (mois)", "Le plus ancien", "Sans date", "Abandonnés")
    return ReportTable("Étapes", heads + (() if change is None else HEADS), tuple(rows))


def profession_table(figures: YearlyFigures) -> ReportTable:
    """Write the professionals of the running structures; "NS" where secrecy hides them, no row that nobody tells."""
    rows: list[tuple[str, ...]] = []
    for name, label in {**PROFESSIONS, "n_professionals": TOTAL}.items():
        row = figures.professionals.loc[name]
        if not row["n_structures"] and (label != TOTAL or not rows):
            continue
        total, mean = format_number(row["total"]), format_number(row["mean"], 1)
        if row["hidden"]:
            total = mean = NOT_SHOWN
        known = f"{format_number(row['n_structures'])} sur {format_number(row['n_structures'] + row['n_unknown'])}"
        rows.append((label, total, mean, known))
    heads = ("Profession", "Nombre", "Par structure", "Structures qui l’indiquent")
    return ReportTable("Professionnels des structures ouvertes", heads, tuple(rows))


def untold_professions(figures: YearlyFigures) -> tuple[str, ...]:
    """Return the professions that no running structure tells of."""
    told = figures.professionals["n_structures"] > 0
    return tuple(label for name, label in PROFESSIONS.items() if not told[name])


def departement_table(
    figures: YearlyFigures, gazetteer: Gazetteer, change: pd.DataFrame | None = None, whole: pd.Series | None = None
) -> ReportTable:
    """Write the departments, in the order of their codes, and their sum; the open ones beside those of a year before.

    Parameters
    ----------
    figures, gazetteer
        What is counted, and names.
    change, whole
        Rows of `coverage.project_board.year_before` by department, and of them all; None without the year before.
    """
    rows = []
    for code, row in figures.departements.iterrows():
        name = gazetteer.name(Territory("departement", str(code)))
        before = None if change is None else change.loc[str(code)]
        rows.append((name, *_counts(row, before), _people(figures, str(code))))
    total = figures.departements.sum()
    rows.append((TOTAL, *_counts(total, whole), _people(figures, "total")))
    beside = () if change is None else (f"Ouvertes {HEADS[0].lower()}", HEADS[1])
    heads = ("Département", "Projets", "En projet", "Ouvertes", *beside, "ACI", "Accompagnés", "Professionnels")
    return ReportTable("Par département", heads, tuple(rows))


def _counts(row: pd.Series, before: pd.Series | None) -> tuple[str, ...]:
    told = row["n_projects"] - row["n_accompaniment_unknown"]
    counts = [format_number(row[name]) for name in ("n_projects", "n_in_project", "n_running")]
    beside = () if before is None else before_cells(before)
    accompanied = format_number(row["n_accompanied"]) if told else UNKNOWN
    return (*counts, *beside, format_number(row["n_aci_signe"]), accompanied)


def _people(figures: YearlyFigures, code: str) -> str:
    table = figures.departement_professionals
    if code not in table.index or not figures.n_running:
        return NONE_OPEN
    if figures.departement_hidden.loc[code, "n_professionals"]:
        return NOT_SHOWN
    return format_number(table.loc[code, "n_professionals"])


def facilitator_table(figures: YearlyFigures) -> ReportTable:
    """Write the facilitators, those with the most projects first."""
    columns = ("n_projects", "n_in_project", "n_running", "n_aci_signe")
    rows = [
        (
            UNNAMED if pd.isna(name) else str(name),
            *(format_number(row[column]) for column in columns),
            tell_stuck(row["n_stuck"], row["n_stuck_unknown"]),
        )
        for name, row in figures.facilitators.iterrows()
    ]
    heads = ("Facilitateur", "Projets", "En projet", "Ouvertes", "ACI", "Bloqués")
    return ReportTable("Par facilitateur", heads, tuple(rows))


def tell_stuck(count: float, n_unknown: float) -> str:
    """Write a number of projects stuck; "n.d." where none is known to be and some cannot tell."""
    return UNKNOWN if not count and n_unknown else format_number(count)


def first_rows(table: ReportTable, most: int) -> tuple[Sequence[tuple[str, ...]], str]:
    """Return the rows that have room, the total kept, and the sentence that says how many have none."""
    rows = table.rows
    if len(rows) <= most:
        return rows, ""
    total = [row for row in rows[-1:] if row[0] == TOTAL]
    kept = most - len(total)
    return [*rows[:kept], *total], tell_left_out(len(rows) - len(total) - kept)


def tell_left_out(count: int) -> str:
    """Say how many rows have no room, and where they are; "" where all have."""
    return f"{count_of(count, 'autre ligne', 'autres lignes')} : voir le classeur XLSX." if count else ""
