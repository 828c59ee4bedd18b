"""The filled cells of a sheet, seen by an XML parser that keeps none of them, and how a cell is named."""

import xml.parsers.expat
from typing import Final

from data.errors import FileRefused

LONGEST_CELL: Final = 32_767
"""Characters of a cell: a spreadsheet takes no more."""


class FilledCells:
    """The filled cells of a sheet, seen by an XML parser without keeping any of them; nothing for what is no XML."""

    def __init__(self, place: str) -> None:
        self.last_row = self.last_column = self.n_rows = self.n_tables = 0
        self._place = place
        self._row = self._column = 0
        self._is_open = False  # a cell whose content has not come yet: a blank one is formatted, nothing more
        self._filled_row = 0
        self._n_texts = self._n_characters = 0
        self._kinds: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._parser: xml.parsers.expat.XMLParserType | None = xml.parsers.expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        """Go on with the member."""
        if self._parser is None:
            return
        try:
            self._parser.Parse(chunk, False)
        except xml.parsers.expat.ExpatError:
            self._parser = None  # what is no XML, or damaged, is for the reader of workbooks to say

    def _refuse_doctype(self, *_: object) -> None:
        found = "une déclaration d’entité ou de type de document"
        raise FileRefused("", place=self._place, expected="un classeur sans entité XML", found=found)

    def _start(self, name: str, attributes: list[str]) -> None:
        kind = self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = name.rpartition(":")[2]
        if kind == "c":
            self._column += 1
            self._is_open = True
            if reference := _reference(attributes):
                self._go_to(reference)
        elif self._is_open:
            self._is_open = False
            self.last_column = max(self.last_column, self._column)
            if self._row != self._filled_row:
                self._filled_row = self._row
                self.last_row = max(self.last_row, self._row)
                self.n_rows += 1
        if kind in {"table", "table-row", "table-cell", "covered-table-cell"}:
            self._start_open_document(kind, attributes)
        elif kind == "row":
            self._column, self._is_open = 0, False
            self._row += 1
            self._row = _number(_reference(attributes)) or self._row
        elif kind == "si" and self._parser is not None:
            self._n_texts += 1
            self._n_characters = 0
            self._parser.CharacterDataHandler = self._add_text

    def _start_open_document(self, kind: str, attributes: list[str]) -> None:
        """Count what an .ods says once for many: a row or a cell with the number of times that it is repeated."""
        if kind == "table":
            self.n_tables += 1
            self._row = self._column = 0
            return
        names = {name.rpartition(":")[2]: value for name, value in zip(attributes[::2], attributes[1::2], strict=True)}
        if kind == "table-row":
            self._column, self._is_open = 0, False
            self._row += _number(names.get("number-rows-repeated", "")) or 1
        else:
            self._column += _number(names.get("number-columns-repeated", "")) or 1
            self._is_open = True

    def _go_to(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _column(letters)
        self._column = column or self._column
        self._row = _number(reference[len(letters) :]) or self._row

    def _add_text(self, text: str) -> None:
        self._n_characters += len(text)
        if self._n_characters > LONGEST_CELL:
            raise too_long(f"{self._place}, texte {self._n_texts}")


def _reference(attributes: list[str]) -> str:
    """Return the attribute r of an element, of its names and values in turn; empty without one."""
    if attributes and attributes[0] == "r":
        return attributes[1]
    names = attributes[::2]
    return attributes[2 * names.index("r") + 1] if "r" in names else ""


def _number(digits: str) -> int:
    """Read the number of a line; 0 for what is none."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0  # noqa: PLR2004 - of any sheet


def _column(letters: str) -> int:
    """Read the letters of a column; 0 for what is none."""
    column = 0
    for letter in letters.upper()[:5]:
        column = 26 * column + ord(letter) - ord("A") + 1 if "A" <= letter <= "Z" else 0
    return column


def column_letters(column: int) -> str:
    """Return the letters of a column (from 1)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def too_long(place: str) -> FileRefused:
    """Return the refusal of a cell of more than `LONGEST_CELL` characters."""
    return FileRefused(
        "", place=place, expected=f"{LONGEST_CELL} caractères au plus dans une cellule", found="davantage"
    )
