"""Files of some kilobytes made to take the memory or the time of who reads them, and honest ones of the same kinds."""

import io
import zipfile
from collections.abc import Callable, Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Commune</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>MSP</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>Foix</t></is></c></row>'
)


def workbook(
    sheets: Mapping[str, str] | None = None, *, folder: str = "worksheets", texts: str = "", dtype: str = ""
) -> bytes:
    """Write a workbook of sheets given by their lines (XML), each in a member of a folder of the archive."""
    sheets = {"Liste": _HEADER} if sheets is None else sheets
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>',
        )
        listed, linked = [], [f'<Relationship Id="s" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/>']
        for number, (name, lines) in enumerate(sheets.items(), start=1):
            listed.append(f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>')
            target = f"{folder}/sheet{number}.xml"
            linked.append(f'<Relationship Id="r{number}" Type="{_LINKS}/worksheet" Target="{target}"/>')
            sheet = f'{dtype}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
            archive.writestr(f"xl/{target}", sheet)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="w" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{"".join(listed)}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{"".join(linked)}</Relationships>'
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{texts}</sst>')
    return buffer.getvalue()


def _cell(place: str, line: int, extra: str = "") -> str:
    return f'<row r="{line}"><c {extra}r="{place}{line}"><v>1</v></c></row>'


def _without_address() -> str:
    return _HEADER + '<row r="1048576">' + "<c><v>1</v></c>" * 16_000 + "</row>"


def _named_thousands_of_times(text_length: int, n: int) -> bytes:
    cells = "".join(f'<row r="{line}"><c r="A{line}" t="s"><v>0</v></c></row>' for line in range(3, n + 3))
    return workbook({"Liste": _HEADER + cells}, texts=f"<si><t>{'x' * text_length}</t></si>")


def _many_sheets(n: int, line: int) -> bytes:
    return workbook({f"F{number}": _HEADER + _cell("OJ", line) for number in range(n)})


def _one_member_for_all(n: int) -> bytes:
    """Write a workbook whose sheets are all one member, large once unpacked: read as many times as it is named."""
    blank = workbook({"Liste": _HEADER + " " * 900_000})
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            contents = old.read(name)
            if name == "xl/workbook.xml":
                sheets = "".join(f'<sheet name="S{k}" sheetId="{k}" r:id="r1"/>' for k in range(1, n + 1)).encode()
                contents = contents.partition(b"<sheets>")[0] + b"<sheets>" + sheets + b"</sheets></workbook>"
            new.writestr(name, contents)
    return buffer.getvalue()


def _packed(lines: str) -> bytes:
    return workbook({"Liste": lines})


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "cellule lointaine, feuille rangée ailleurs": lambda: workbook(
        {"Liste": _HEADER + _cell("XFD", 1_048_576)}, folder="other"
    ),
    "cellule lointaine, derrière un attribut": lambda: workbook(
        {"Liste": _HEADER + _cell("XFD", 1_048_576, 'foo="&gt;" bar=">" ')}
    ),
    "cellule lointaine, en minuscules": lambda: workbook({"Liste": _HEADER + _cell("xfd", 1_048_576)}),
    "cellule lointaine, référence en entité": lambda: workbook(
        {"Liste": _HEADER + '<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>'}
    ),
    "16 000 cellules sans adresse": lambda: workbook({"Liste": _without_address()}),
    "coin à OJ40000": lambda: workbook({"Liste": _HEADER + _cell("OJ", 40_000)}),
    "soixante feuilles": lambda: _many_sheets(60, 9_000),
    "mille feuilles sur un élément": lambda: _one_member_for_all(1_000),
    "quatre cents feuilles sur un élément": lambda: _one_member_for_all(400),
    "texte partagé de 900 ko": lambda: _named_thousands_of_times(900_000, 15_000),
    "texte partagé de 32 ko": lambda: _named_thousands_of_times(32_000, 15_000),
    "40 Mo de blancs": lambda: workbook({"Liste": _HEADER + " " * 40_000_000}),
    "entités": lambda: workbook(dtype='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'),
}


def _accents(n: int) -> bytes:
    return ("Nom;Commune\nMSP e" + "\u0301\u0327" * n + ";Foix\n").encode()


TEXTS: dict[str, Callable[[], bytes]] = {
    "accents sans fin": lambda: _accents(120_000),
    "accents sans fin, 20 Mo": lambda: _accents(4_900_000),
    "une ligne de 19 Mo": lambda: b"Nom;Commune\n" + b";" * 19_000_000,
    "une case de 130 000 caractères": lambda: b"Nom;Commune\nMSP;" + b"0" * 130_000,
    "crochets imbriqués": lambda: b'{"type": "FeatureCollection", "features": ' + b"[" * 1_000_000,
    "quatre millions de listes": lambda: b'{"features": [' + b"[]," * 4_000_000 + b"[]]}",
}


def sheet_of(n_rows: int, n_columns: int) -> bytes:
    """Write an honest workbook, every cell filled."""
    letters = [column_letters(number) for number in range(1, n_columns + 1)]
    header = "".join(f'<c r="{name}1" t="inlineStr"><is><t>C{name}</t></is></c>' for name in letters)
    lines = [f'<row r="1">{header}</row>']
    for line in range(2, n_rows + 1):
        cells = "".join(f'<c r="{name}{line}"><v>{line * 7919 % 99_991}</v></c>' for name in letters)
        lines.append(f'<row r="{line}">{cells}</row>')
    return _packed("".join(lines))


def column_letters(number: int) -> str:
    """Return the letters of a column (from 1)."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
