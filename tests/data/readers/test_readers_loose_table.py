"""Tables whose labels, order, separator, encoding and container change: what is read, and what is refused by name."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, FileRefused, SourceLayoutError, SourceMissing, SourceUnreadable
from data.readers.loose_table import label_key, read_loose_table, with_plain_numbers, with_whole_codes
from tests.data.population_files import text, workbook

NEEDED = {"code": ("code_insee", "codgeo"), "n": ("effectif", "nombre")}
ROWS = [["Code INSEE", "Libellé", "Effectif"], ["01001", "L'Abergement", "1 234,5"], ["2A004", "Ajaccio", "7"]]
EXPECTED = {"code": ["01001", "2A004"], "n": ["1234.5", "7"]}


def read(path, contents: bytes, **more):
    path.write_bytes(contents)
    return with_plain_numbers(read_loose_table(path, NEEDED, **more), "n")


@pytest.mark.parametrize(
    "contents",
    [
        text(ROWS),
        text(ROWS, "\t"),
        text(ROWS, "|"),
        b"\xef\xbb\xbf" + text(ROWS),
        text(ROWS).decode().encode("latin-1"),
        text(ROWS).replace(b"\n", b"\r\n"),
        text([row[::-1] for row in ROWS]),
        text([["CODGEO", "x", "Nombre"], *ROWS[1:]]),
        b"Un titre\n\n" + text(ROWS),
        text([*ROWS[:2], ["", "", ""], *ROWS[2:]]),
        text(ROWS).replace(b"2A004", b"\n\n2A004"),
        text(ROWS).replace(b"L'Abergement", b"\"L'Abergement; l'autre\""),
        text(ROWS).replace(b" ", "\u202f".encode()),
        workbook({"Lisez-moi": [["Des notes"]], "Données": [["Titre"], [], *ROWS]}),
    ],
    ids=[
        *("semicolon", "tab", "bar", "mark", "latin_1", "windows", "order", "labels", "title", "blank_cells"),
        *("blank_lines", "quoted", "narrow_space", "workbook"),
    ],
)
def test_reads_whatever_the_dress(contents, tmp_path):
    table = read(tmp_path / "a.csv", contents)
    assert table.cells.to_dict("list") == EXPECTED


def test_lines_are_those_of_the_file(tmp_path):
    table = read(tmp_path / "a.csv", b"Titre\n" + text(ROWS[:2]) + b"\n" + text(ROWS[2:]))
    assert list(table.cells.index) == [3, 5]  # title 1, header 2, blank 4


def test_optional_columns_come_when_they_are_there(tmp_path):
    optional = {"name": ("libelle",), "year": ("annee",)}
    assert list(read(tmp_path / "a.csv", text(ROWS), optional=optional).cells) == ["code", "n", "name"]


@pytest.mark.parametrize("container", ["csv", "xlsx"])
def test_an_absent_column_is_named_with_the_nearest(container, tmp_path):
    rows = [["Code INSEE", "Libellé", "Effectifs 2024"], *ROWS[1:]]
    contents = text(rows) if container == "csv" else workbook({"Feuille": rows})
    with pytest.raises(SourceLayoutError, match=r"« effectif ».*Le nom le plus proche est « Effectifs 2024 »"):
        read(tmp_path / "a", contents)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_table_without_any_known_column_is_named_when_none_is_needed(name, tmp_path):
    rows = [["Nom", "Âge"], ["A", "7"]]
    (tmp_path / name).write_bytes(text(rows) if name == "a.csv" else workbook({"Feuille": rows}))
    with pytest.raises(SourceLayoutError, match=r"« codgeo ».*Trouvé : Nom, Âge"):
        read_loose_table(tmp_path / name, {}, optional={"code": ("codgeo", "code_insee"), "n": ("nombre",)})


def test_a_column_written_twice_is_refused(tmp_path):
    with pytest.raises(SourceLayoutError, match="une seule colonne « effectif »"):
        read(tmp_path / "a", text([["code_insee", "Effectif", "EFFECTIF"], ["01001", "1", "2"]]))


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"", "sans contenu"),
        (b"\xef\xbb\xbf \n", "sans contenu"),
        (b"<!DOCTYPE html><p>Maintenance", "page HTML"),
        (text(ROWS).decode().encode("utf-16"), "UTF-16"),
        (b"a;b\0;c", "binaire"),
        (text(ROWS)[:-9], "2 cases"),
        (text(ROWS) + b"01004;x\n", "ligne 4.*3 cases, comme l’en-tête.*2 cases"),
        (workbook({"a": ROWS})[:-40], "archive abîmée"),
    ],
    ids=["empty", "blank", "html", "utf_16", "nul", "cut_in_a_line", "short_line", "cut_workbook"],
)
def test_what_is_no_table_is_named(contents, words, tmp_path):
    with pytest.raises(SourceUnreadable, match=words):
        read(tmp_path / "a", contents)


def test_nothing_below_the_header(tmp_path):
    with pytest.raises(SourceLayoutError, match="des lignes sous l’en-tête"):
        read(tmp_path / "a", text([*ROWS[:1], ["", "", ""]]))


def test_absent_or_a_folder(tmp_path):
    with pytest.raises(SourceMissing):
        read_loose_table(tmp_path / "absent", NEEDED)
    with pytest.raises(SourceUnreadable):
        read_loose_table(tmp_path, NEEDED)


def test_a_lost_zero_is_given_back_to_codes_only(tmp_path):
    rows = [["codgeo", "effectif"], ["1001", "1"], ["2A004", "2"], ["97411", "3"], ["101", "4"]]
    table = with_whole_codes(read(tmp_path / "a", text(rows)), "code", 5)
    assert list(table.cells["code"]) == ["01001", "2A004", "97411", "101"]


def test_labels_are_compared_without_accents_case_nor_punctuation():
    assert label_key(" Code de la  Région (2024) ") == "code_de_la_region_2024"
    assert label_key("Qualification attribuée par l’arrêté régional") == label_key(
        "QUALIFICATION ATTRIBUEE PAR L'ARRETE REGIONAL"
    )


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), keeps_header=st.booleans())
def test_never_a_crash_without_a_named_error(contents, keeps_header, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text(ROWS[:1]) + contents if keeps_header else contents)
    try:
        table = read_loose_table(path, NEEDED)
    except DataError:
        return
    assert list(table.cells) == ["code", "n"]
    assert len(table.cells)


def test_a_cell_that_no_spreadsheet_has_is_named_with_its_line(tmp_path):
    with pytest.raises(FileRefused, match=r"ligne 3, colonne « code ».*32767 caractères au plus.*40000 caractères"):
        read(tmp_path / "x.csv", text([*ROWS[:2], ["1" * 40_000, "x", "1"]]))
    assert len(read(tmp_path / "x.csv", text([*ROWS[:2], ["é" * 20_000, "x", "1"]])).cells) == 2
