"""The workbook to fill in, and the reader's own file given back with what is to be corrected."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import xlsxwriter

from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from data.projects.fields import COUNT_FIELDS, DAY_FIELDS, FIELDS
from data.projects.reading import RawTable
from data.projects.rows import CheckedRows
from data.projects.written import HEADS, NO, YES

TO_CORRECT: Final = "À corriger"
"""Head of the column that says what is wrong; it is ignored when the file comes back."""

_FILLED_ROWS: Final = 2_000
_OBLIGATORY: Final = frozenset({"name", "commune_name", "stage", "structure_type"})
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "structure_type": tuple(STRUCTURE_TYPES.values()),
    "stage": tuple(STAGES.values()),
    "abandoned": (YES, NO),
    "accompanied": (YES, NO),
}
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
                   "in_memory": True}  # fmt: skip
_REASON_WIDTH: Final = 64
_LINE_POINTS: Final = 15
_WIDTHS: Final = {"name": 34, "commune_name": 26, "note": 40, "facilitator": 24, "structure_type": 22, "stage": 20}


def write_template() -> bytes:
    """Write the workbook to fill in: a sheet with lists of allowed values and notes, a sheet that explains.

    Returns
    -------
    bytes
        A workbook whose first sheet has the heads alone: filled in, it is read without anything to confirm.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": "Modèle de liste de projets"})
        head = book.add_format({"bold": True, "bg_color": "#DCE6F2", "border": 1, "text_wrap": True, "valign": "top"})
        needed = book.add_format({"bold": True, "bg_color": "#F7D9C4", "border": 1, "text_wrap": True, "valign": "top"})
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Projets")
        _fit_on_a_page(sheet)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        for column, (name, label) in enumerate(HEADS.items()):
            form = day if name in DAY_FIELDS else text if name not in COUNT_FIELDS else None
            sheet.set_column(column, column, _WIDTHS.get(name, 14), form)
            sheet.write_string(0, column, label, needed if name in _OBLIGATORY else head)
            sheet.write_comment(0, column, FIELDS[name].advice, {"x_scale": 1.6, "y_scale": 0.8})
            if validation := _validation(name):
                sheet.data_validation(1, column, _FILLED_ROWS, column, validation)
        _explain(book, head)
    return buffer.getvalue()


def _fit_on_a_page(sheet: Any) -> None:
    """Print all columns on the width of one page."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _validation(name: str) -> dict[str, Any]:
    if name in _CHOICES:
        return {
            "validate": "list",
            "source": list(_CHOICES[name]),
            "error_title": FIELDS[name].label,
            "error_message": "Choisissez dans la liste.",
        }
    if name in COUNT_FIELDS:
        return {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            "error_title": FIELDS[name].label,
            "error_message": "Un nombre entier de personnes ; rien quand on ne sait pas.",
        }
    return {}


def _explain(book: Any, head: Any) -> None:
    sheet = book.add_worksheet("Mode d’emploi")
    _fit_on_a_page(sheet)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 96)
    advice = (
        "Une ligne par structure ou par projet.",
        "Ce qu’on ne sait pas se laisse vide : ce n’est jamais un zéro.",
        "En orange, ce qui est obligatoire.",
        "La commune se dit par son nom, son code INSEE, son code postal ou des coordonnées.",
        "L’étape peut se déduire de la dernière date atteinte.",
    )
    for row, sentence in enumerate(advice):
        sheet.write_string(row, 0, sentence)
    start = len(advice) + 1
    sheet.write_string(start, 0, "Ce que dit la colonne", head)
    sheet.write_string(start, 1, "Comment l’écrire", head)
    for row, name in enumerate(HEADS, start=start + 1):
        sheet.write_string(row, 0, f"« {HEADS[name]} »")
        sheet.write_string(row, 1, FIELDS[name].advice)


def write_corrections(table: RawTable, checked: CheckedRows, columns: Mapping[str, int]) -> bytes:
    """Return the reader's file back: a column that says what is wrong, the cells at fault coloured.

    Parameters
    ----------
    table
        Cells of the file.
    checked
        What was found in it.
    columns
        Position of the column of each field.

    Returns
    -------
    bytes
        A workbook of text cells, none of which can run as a formula. Rows at fault come first; corrected and imported
        again by « Mettre à jour », it completes the list without doubling what was loaded.
    """
    reasons: dict[int, list[str]] = {}
    wrong: set[tuple[int, int]] = set()
    for fault in checked.faults:
        reasons.setdefault(fault.row, []).append(f"{FIELDS[fault.field].label} : {fault.reason}")
        if fault.field in columns:
            wrong.add((fault.row, columns[fault.field]))
    order = sorted(range(len(table.rows)), key=lambda row: (row not in reasons, row))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F2", "border": 1, "text_wrap": True, "valign": "top"})
        red = book.add_format({"bg_color": "#F8C9C4", "num_format": "@", "valign": "top"})
        said = book.add_format({"text_wrap": True, "font_color": "#A61C00", "valign": "top"})
        text = book.add_format({"num_format": "@", "valign": "top"})
        sheet = book.add_worksheet("À corriger")
        _fit_on_a_page(sheet)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, _REASON_WIDTH)
        sheet.set_column(1, len(table.header), 18, text)
        sheet.write_string(0, 0, TO_CORRECT, head)
        for column, label in enumerate(table.header, start=1):
            sheet.write_string(0, column, label, head)
        for line, row in enumerate(order, start=1):
            told = reasons.get(row, [])
            sheet.write_string(line, 0, "\n".join(told), said)
            if told:  # not every spreadsheet makes the row as high as its text
                sheet.set_row(line, _LINE_POINTS * sum(1 + len(sentence) // _REASON_WIDTH for sentence in told))
            for column, cell in enumerate(table.rows[row]):
                form = red if (row, column) in wrong else text
                if cell or form is red:
                    sheet.write_string(line, column + 1, cell, form)
        sheet.autofilter(0, 0, len(order), len(table.header))
    return buffer.getvalue()
