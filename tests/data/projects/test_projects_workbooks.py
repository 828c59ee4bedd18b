"""Workbooks as people make them: merged cells, a sheet a department, two header lines, .ods; and GeoJSON of maps."""

import io
import json
import zipfile

import openpyxl
import pytest

from data.errors import FileRefused
from data.projects.columns import guess_columns
from data.projects.reading import read_file


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def workbook(sheets, merged=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    return saved(book)


def open_document(tables):
    """Write an .ods by hand: each table is the XML of its rows."""
    body = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in tables.items())
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.3"><office:body>'
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", mime)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def ods_row(*cells):
    written = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row>{written}</table:table-row>"


def test_merged_cells_name_all_their_lines():
    rows = [["CPTS", "Commune"], ["Nord", "Mende"], [None, "Badaroux"], ["Sud", "Florac"], [None, "Ispagnac"]]
    table = read_file(workbook({"A": rows}, ["A2:A3", "A4:A5"]), "x.xlsx")
    assert table.rows == [["Nord", "Mende"], ["Nord", "Badaroux"], ["Sud", "Florac"], ["Sud", "Ispagnac"]]


def test_a_forgotten_cell_is_not_filled():
    rows = [["Nom", "Commune"], ["A", "Mende"], [None, "Badaroux"]]
    assert read_file(workbook({"A": rows}), "x.xlsx").rows[1] == ["", "Badaroux"]


def test_two_header_lines_merged_where_they_say_one_thing():
    rows = [["Nom", "Commune", "Effectifs", None], [None, None, "MG", "IDE"], ["A", "Mende", 3, 4]]
    table = read_file(workbook({"A": rows}, ["A1:A2", "B1:B2", "C1:D1"]), "x.xlsx")
    assert table.header == ["Nom", "Commune", "MG", "IDE"]
    assert table.rows == [["A", "Mende", "3", "4"]]


def test_sheets_of_the_same_columns_are_all_read_and_the_others_are_said():
    head = ["Nom", "Commune", "Étape"]
    contents = workbook(
        {
            "48 Lozère": [head, ["A", "Mende", "Projet"], ["B", "Florac", "Projet"]],
            "12 Aveyron": [["Titre"], head, ["C", "Rodez", "Ouvert"]],
            "Notes": [["Ceci", "est"], ["à", "lire"]],
        }
    )
    table = read_file(contents, "x.xlsx")
    assert [row[0] for row in table.rows] == ["A", "B", "C"]
    assert [row[guess_columns(table.header)["departement"]] for row in table.rows] == ["48", "48", "12"]
    assert table.lines == [2, 3, 3]
    said = " ".join(said.sentence for said in table.remarks)
    assert "« 48 Lozère » 2, « 12 Aveyron » 1" in said
    assert "« Notes » n’est pas lue" in said


def test_an_open_document_is_read_as_a_workbook():
    rows = ods_row("Nom", "Commune", "Étape") + ods_row("A", "Mende", "Projet")
    rest = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    table = read_file(open_document({"Feuille1": rows + rest}), "x.ods")
    assert (table.header, table.rows) == (["Nom", "Commune", "Étape"], [["A", "Mende", "Projet"]])


@pytest.mark.parametrize(("n_rows", "n_columns"), [(1_000_000, 1_000), (1, 900_000_000)])
def test_a_cell_said_once_for_millions_is_refused(n_rows, n_columns):
    rows = (
        f'<table:table-row table:number-rows-repeated="{n_rows}"><table:table-cell office:value-type="string" '
        f'table:number-columns-repeated="{n_columns}"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(FileRefused):
        read_file(open_document({"Feuille1": ods_row("Nom", "Commune") + rows}), "x.ods")


def feature(kind, coordinates, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def read_geojson(document):
    return read_file(json.dumps(document).encode(), "x.geojson")


def test_a_multipoint_of_one_point_is_a_point_and_of_several_is_said():
    table = read_geojson(
        {
            "type": "FeatureCollection",
            "features": [
                feature("MultiPoint", [[3.5, 44.5]], Nom="A"),
                feature("MultiPoint", [[3.5, 44.5], [3.6, 44.5]], Nom="B"),
            ],
        }
    )
    assert table.header == ["Nom", "longitude", "latitude"]
    assert table.rows == [["A", "3.5", "44.5"], ["B", "2 points pour un projet", "2 points pour un projet"]]


def test_all_the_layers_of_a_umap_are_read():
    layers = [{"type": "FeatureCollection", "features": [feature("Point", [3.5, 44.5], name=name)]} for name in "AB"]
    table = read_geojson({"type": "umap", "properties": {}, "layers": layers})
    assert [row[0] for row in table.rows] == ["A", "B"]
