"""The yearly report as a workbook: one sheet a table, numbers as numbers, and the source."""

from __future__ import annotations

import io

import pandas as pd

from coverage.indicators.small_numbers import NOT_SHOWN
from coverage.terms.project_list import PROFESSIONS, STAGES
from coverage.territories.gazetteer import Gazetteer, Territory
from reports.figures.tables import neutralise_formulas, tidy_numbers
from reports.project_board.content import YearlyReport
from reports.project_board.tables import TOTAL, UNNAMED

_STAGE_HEADS = {
    "n_current": "Projets à cette étape",
    "n_reached": "Projets qui l’ont atteinte (abandonnés compris)",
    "n_abandoned": "Abandonnés à cette étape",
    "q25_months": "Âge, premier quartile (mois)",
    "median_months": "Âge médian (mois)",
    "q75_months": "Âge, troisième quartile (mois)",
    "oldest_months": "Âge du plus ancien (mois)",
    "n_unknown": "Projets dont la date est inconnue",
}
_GROUP_HEADS = {
    "n_projects": "Projets (hors abandons)",
    **{f"n_{stage}": label for stage, label in STAGES.items()},
    "n_unknown_stage": "Étape inconnue",
    "n_in_project": "En projet",
    "n_running": "Structures ouvertes",
    "n_abandoned": "Abandonnés",
    "n_stuck": "Bloqués",
    "n_accompanied": "Accompagnés",
    "n_accompaniment_unknown": "Accompagnement inconnu",
    "share_accompanied": "Part accompagnée (0 à 1)",
    "share_aci": "Part des ouvertes avec ACI (0 à 1)",
}

_CHANGE_ROWS = {
    "n_running": "Structures ouvertes",
    "n_in_project": "En projet",
    "n_aci": "ACI signés",
    **{stage: f"Étape : {label}" for stage, label in STAGES.items()},
    "n_stuck": "Projets bloqués",
}
_CHANGE_HEADS = {
    "least": "Au moins",
    "most": "Au plus",
    "least_before": "Un an avant, au moins",
    "most_before": "Un an avant, au plus",
}


def render_report_xlsx(report: YearlyReport, gazetteer: Gazetteer) -> bytes:
    """Write a yearly report as an XLSX; text is never read as a formula, unknown values are empty cells.

    Parameters
    ----------
    report
        What is said.
    gazetteer
        Names of the departments.
    """
    sheets = report_sheets(report, gazetteer)
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        writer.book.set_properties({"title": report.title, "comments": report.source})
        for name, table in sheets.items():
            neutralise_formulas(tidy_numbers(table)).to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 1))
            writer.sheets[name].autofit(360)
    return buffer.getvalue()


def report_sheets(report: YearlyReport, gazetteer: Gazetteer) -> dict[str, pd.DataFrame]:
    """Return the tables of a yearly report by the name of their sheet, columns named for the reader."""
    figures = report.figures
    said = [(tile.label, tile.figure, tile.note) for tile in report.tiles]
    summary = pd.DataFrame(said, columns=["Chiffre", "Valeur", "Précision"])
    stages = figures.stages.join(figures.ages.drop(columns=["n_projects"]))
    departements = figures.departements[list(_GROUP_HEADS)].rename(columns=_GROUP_HEADS)
    names = [gazetteer.name(Territory("departement", str(code))) for code in departements.index]
    facilitators = figures.facilitators[list(_GROUP_HEADS)].rename(columns=_GROUP_HEADS)
    return {
        "Bilan": summary,
        **({} if report.change is None else {"Un an avant": _change(report.change)}),
        "Étapes": _named(stages[list(_STAGE_HEADS)].rename(columns=_STAGE_HEADS), "Étape", list(STAGES.values())),
        "Professionnels": _professionals(report),
        "Départements": _named(departements, "Département", names).assign(Code=departements.index.astype(str)),
        "Prof. par département": _professionals_by_departement(report, gazetteer),
        "Facilitateurs": _named(
            facilitators, "Facilitateur", [UNNAMED if pd.isna(name) else name for name in facilitators.index]
        ),
        "Sources": pd.DataFrame({"": [report.title, report.subtitle, report.source, *report.notes]}),
    }


def _change(change: pd.DataFrame) -> pd.DataFrame:
    """Write the bounds on both days: where two differ, the dates of the list leave the choice."""
    return _named(
        change.loc[list(_CHANGE_ROWS), list(_CHANGE_HEADS)].rename(columns=_CHANGE_HEADS),
        "Chiffre",
        list(_CHANGE_ROWS.values()),
    )


def _named(table: pd.DataFrame, head: str, names: list[str]) -> pd.DataFrame:
    named = table.reset_index(drop=True)
    named.insert(0, head, pd.Series(names, dtype="str"))
    return named


def _professionals(report: YearlyReport) -> pd.DataFrame:
    table = report.figures.professionals
    shown = table[["total", "mean"]].astype(object).mask(table["hidden"], NOT_SHOWN)
    return pd.DataFrame(
        {
            "Profession": [*PROFESSIONS.values(), TOTAL],
            "Nombre": shown["total"].to_numpy(),
            "Moyenne par structure": shown["mean"].to_numpy(),
            "Structures qui l’indiquent": table["n_structures"].to_numpy(),
            "Structures qui ne l’indiquent pas": table["n_unknown"].to_numpy(),
        }
    )


def _professionals_by_departement(report: YearlyReport, gazetteer: Gazetteer) -> pd.DataFrame:
    counts = report.figures.departement_professionals
    shown = counts.astype(object).mask(report.figures.departement_hidden, NOT_SHOWN)
    shown = shown.rename(columns={**PROFESSIONS, "n_professionals": TOTAL})
    names = [TOTAL if code == "total" else gazetteer.name(Territory("departement", str(code))) for code in counts.index]
    return _named(shown, "Département", names)
