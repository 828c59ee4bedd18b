"""Users' files read whatever they are: separators, encodings, workbooks, GeoJSON; what is made to harm is refused."""

import contextlib
import datetime as dt
import doctest
import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, FileRefused, SourceLayoutError, SourceUnreadable
from data.projects import columns, safety
from data.projects.columns import guess_columns, number_text
from data.projects.fields import FIELDS
from data.projects.reading import read_file
from data.projects.safety import shown_name
from geo.commune_names import fold

HEADER = ["Nom", "Commune", "Étape"]
ROWS = [["MSP du Lac", "Mende", "Ouvert"], ["Élan d’été", "Florac Trois Rivières", "Projet"]]


def csv_bytes(separator=";", encoding="utf-8", end="\r\n", rows=ROWS, header=HEADER):
    return end.join(separator.join(row) for row in [header, *rows]).encode(encoding)


def workbook(rows, *, sheets=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, cells in sheets:
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rewritten(contents, name, change):
    """Change one member of a workbook."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contents)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, change(old.read(member)) if member == name else old.read(member))
    return buffer.getvalue()


@pytest.mark.parametrize("module", [columns, safety])
def test_examples_run(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert outcome.failed == 0


class TestDelimited:
    @pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32"])
    def test_any_separator_and_encoding_gives_the_same_cells(self, separator, encoding):
        table = read_file(csv_bytes(separator, encoding), "projets.csv")
        assert (table.header, table.rows, table.lines) == (HEADER, ROWS, [2, 3])

    def test_title_lines_blank_lines_and_short_rows_are_understood(self):
        text = "Mes projets au 1er mars;;\n\nNom;Commune;Étape\nA;Mende\n;;\nB;Mende;Projet\n"
        table = read_file(text.encode(), "x.csv")
        assert table.header == HEADER
        assert table.rows == [["A", "Mende", ""], ["B", "Mende", "Projet"]]
        assert table.lines == [4, 6]

    def test_a_comma_in_a_quoted_cell_does_not_part_it(self):
        table = read_file(b'Nom,Commune\n"MSP, le lac",Mende\n"Deux\nlignes",Mende\n', "x.csv")
        assert [row[0] for row in table.rows] == ["MSP, le lac", "Deux\nlignes"]

    def test_labels_without_name_or_twice_the_same_are_told_apart(self):
        assert read_file(b"Nom;;Nom\na;b;c\n", "x.csv").header == ["Nom", "Colonne 2", "Nom (2)"]

    @pytest.mark.parametrize(
        ("contents", "told"),
        [
            (b"", "fichier vide"),
            (b"Nom;Commune\n", "aucune"),
            (b"\n\n \n", "aucune ligne"),
            (b"<!DOCTYPE html><html></html>", "page HTML"),
            (b"Nom;Commune\nA\0;Mende", "binaire"),
            (b"\xff\xfe\x00\xd8\x00", "utf-16"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
            (b"%PDF-1.4 \x00\x01", "binaire"),
        ],
    )
    def test_what_is_not_a_table_is_named(self, contents, told):
        with pytest.raises(DataError, match=told) as caught:
            read_file(contents, "mon fichier.csv")
        assert "mon fichier.csv" in str(caught.value)


class TestWorkbook:
    def test_cells_are_read_as_a_reader_sees_them(self):
        contents = workbook([["Nom", "Ouvert le", "MG", "Accompagné"], ["A", dt.date(2021, 3, 12), 4, True]])
        assert read_file(contents, "x.xlsx").rows == [["A", "2021-03-12", "4", "oui"]]

    def test_the_sheet_of_the_projects_is_chosen_among_others(self):
        contents = workbook([["Lisez-moi"], ["bonjour"]], sheets=[("Liste 2026", [HEADER, *ROWS])])
        table = read_file(contents, "x.xlsx")
        assert (table.sheet, table.rows) == ("Liste 2026", ROWS)

    def test_the_name_of_the_file_does_not_decide(self):
        assert read_file(workbook([HEADER, *ROWS]), "x.csv").kind == "xlsx"

    @pytest.mark.parametrize("cut", [10, 300, 2_000])
    def test_a_cut_workbook_is_named(self, cut):
        with pytest.raises(DataError, match="classeur"):
            read_file(workbook([HEADER, *ROWS])[:cut], "x.xlsx")

    def test_a_bomb_is_refused_while_it_is_unpacked(self, monkeypatch):
        monkeypatch.setattr(safety, "LARGEST_CONTENT_BYTES", 3_000_000)
        bomb = rewritten(workbook([HEADER, *ROWS]), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 4_000_000)
        assert len(bomb) < 50_000
        with pytest.raises(FileRefused, match="bombe"):
            read_file(bomb, "x.xlsx")

    def test_a_member_packed_a_thousand_times_is_refused_even_when_small_enough(self):
        bomb = rewritten(workbook([HEADER]), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 9_000_000)
        with pytest.raises(FileRefused, match="bombe"):
            read_file(bomb, "x.xlsx")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
    def test_entities_are_refused(self, encoding):
        entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'.encode(encoding)
        contents = rewritten(workbook([HEADER, *ROWS]), "xl/workbook.xml", lambda xml: entity + xml)
        with pytest.raises(FileRefused, match="entité"):
            read_file(contents, "x.xlsx")

    def test_a_cell_at_the_end_of_the_world_is_refused_before_room_is_made_for_it(self):
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        contents = rewritten(
            workbook([HEADER, *ROWS]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far)
        )
        with pytest.raises(FileRefused, match="XFD1048576"):
            read_file(contents, "x.xlsx")

    def test_a_blank_formatted_cell_far_below_is_no_reason_to_refuse(self):
        far = b'<row r="1048576" ht="15"><c r="C1048576" s="0"/></row></sheetData>'
        contents = rewritten(
            workbook([HEADER, *ROWS]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far)
        )
        assert read_file(contents, "x.xlsx").rows == ROWS

    def test_an_archive_of_another_sort_is_refused(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("../../etc/passwd", "x")
        with pytest.raises(FileRefused, match="autre sorte"):
            read_file(buffer.getvalue(), "x.xlsx")


class TestGeojson:
    def features(self, geometry, **properties):
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()

    def test_points_become_two_columns(self):
        contents = self.features({"type": "Point", "coordinates": [3.5, 44.52, 700]}, nom="A", mg=4, x=None)
        table = read_file(contents, "x.geojson")
        assert dict(zip(table.header, table.rows[0], strict=True)) == {
            "nom": "A", "mg": "4", "x": "", "longitude": "3.5", "latitude": "44.52",
        }  # fmt: skip

    def test_another_geometry_is_said_in_its_row(self):
        table = read_file(self.features({"type": "Polygon", "coordinates": []}, nom="A"), "x.geojson")
        assert "Polygon, non un point" in table.rows[0][1]
        table = read_file(self.features({"type": ["Point"], "coordinates": [1, 2]}, nom="A"), "x.geojson")
        assert "non un point" in table.rows[0][1]

    @pytest.mark.parametrize(
        "contents",
        [b"{", b"[1, 2]", b'{"type": "FeatureCollection"}', b'{"features": [1]}', b"[" * 100_000, b'{"features": []}',
         b'{"features": {"a": 1}}', b'{"crs": {"name": "EPSG:3857"}, "features": [{}]}'],
    )  # fmt: skip
    def test_what_is_not_a_collection_is_named(self, contents):
        with pytest.raises(DataError):
            read_file(contents, "x.geojson")


class TestLimits:
    def test_a_file_too_heavy(self, monkeypatch):
        monkeypatch.setattr(safety, "LARGEST_FILE_BYTES", 20)
        with pytest.raises(FileRefused, match="Mo au plus"):
            read_file(csv_bytes(), "x.csv")

    def test_too_many_rows_or_columns(self, monkeypatch):
        monkeypatch.setattr(safety, "MOST_ROWS", 1)
        with pytest.raises(FileRefused, match="2 lignes"):
            read_file(csv_bytes(), "x.csv")
        monkeypatch.setattr(safety, "MOST_COLUMNS", 2)
        with pytest.raises(FileRefused, match="3 colonnes"):
            read_file(csv_bytes(), "x.csv")

    @pytest.mark.parametrize(
        ("name", "shown"),
        [("../../etc/passwd", "passwd"), ("C:\\a\\b.csv", "b.csv"), ("", "fichier"), ("a\x00\x1b[3b.csv", "a[3b.csv"),
         ("/", "fichier"), ("x" * 300, "x" * 79 + "…")],
    )  # fmt: skip
    def test_a_name_is_only_ever_shown(self, name, shown):
        assert shown_name(name) == shown


class TestColumns:
    def test_every_field_is_found_by_its_own_label(self):
        labels = [field.label for field in FIELDS.values()]
        assert guess_columns(labels) == {name: at for at, name in enumerate(FIELDS)}

    @pytest.mark.parametrize(
        ("label", "field"),
        [
            ("NOM DE LA STRUCTURE", "name"),
            ("Type de structure", "structure_type"),
            ("code_insee", "commune_code"),
            ("Commune d'implantation", "commune_name"),
            ("C.P.", None),
            ("CP", "postcode"),
            ("Date d’ouverture prévue", "opening_planned_on"),
            ("Date de validation ARS", "validated_on"),
            ("Date du comité", None),
            ("Nb médecins généralistes", "n_gp"),
            ("IDE", "n_nurses"),
            ("Idée", None),
            ("geo_point_2d", "lat_lon"),
            ("État d'avancement", "stage"),
            ("Facilitateur·trice", "facilitator"),
        ],
    )
    def test_labels_of_real_lists(self, label, field):
        assert next(iter(guess_columns([label])), None) == field

    def test_a_column_serves_one_field_and_a_field_takes_one_column(self):
        found = guess_columns(["Commune", "Nom de la commune", "Ville", "Nom"])
        assert len(set(found.values())) == len(found)
        assert found["name"] == 3
        assert found["commune_name"] == 0

    @given(st.lists(st.text(max_size=12), max_size=8))
    def test_any_labels_are_guessed_without_a_clash(self, labels):
        found = guess_columns(labels)
        assert len(set(found.values())) == len(found)
        assert all(0 <= at < len(labels) for at in found.values())

    def test_folding(self):
        assert fold("  Œuvre de l'Été – Sainte-Énimie ") == "oeuvre de l ete ste enimie"
        assert number_text("1 234,5") == "1234.5"
        assert number_text("dix") == "dix"


# Any bytes: noise, and noise behind the first bytes of each format.
STARTS = [b"", b"Nom;Commune\n", b"PK\x03\x04", b'{"features": [', b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0"]


@settings(max_examples=150)
@given(start=st.sampled_from(STARTS), noise=st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_named_error(start, noise):
    try:
        table = read_file(start + noise, "x")
    except DataError:
        return
    assert table.rows
    assert all(len(row) == len(table.header) for row in table.rows)
    assert len(table.lines) == len(table.rows)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_workbook_damaged_anywhere_gives_a_table_or_a_named_error(data):
    contents = bytearray(WHOLE)
    for at in data.draw(st.lists(st.integers(0, len(contents) - 1), min_size=1, max_size=6)):
        contents[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SourceUnreadable, SourceLayoutError, FileRefused):
        assert read_file(bytes(contents), "x.xlsx").rows


@settings(max_examples=60)
@given(xml=st.text(alphabet="<>/cvrst=\"'A1 &;#", max_size=80))
def test_a_sheet_of_any_markup_gives_a_table_or_a_named_error(xml):
    contents = rewritten(
        WHOLE, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", xml.encode() + b"</sheetData>")
    )
    with contextlib.suppress(SourceUnreadable, SourceLayoutError, FileRefused):
        assert read_file(contents, "x.xlsx").rows


WHOLE = workbook([HEADER, *ROWS])


def test_what_was_repaired_in_the_reading_goes_with_the_table():
    lines = ["Nom;Étape;Note", "A;Projet;été", 'B;Projet;"ouvert', "C;Projet;ok"]
    contents = "\n".join(lines).encode() + "\nD;Projet;Corbière\n".encode("latin-1")
    table = read_file(contents, "x.csv")
    assert [row[0] for row in table.rows] == ["A", "B", "C", "D"]
    assert [said.line for said in table.remarks] == [5, 3]
