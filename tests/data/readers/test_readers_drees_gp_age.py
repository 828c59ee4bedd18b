"""GPs by age and department: DREES's workbook and its export, what is left out, and their faults."""

import contextlib
import csv
import io
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers.drees_gp_age import read_gp_ages
from tests.data.care_files import gp_age_rows, workbook

LINES = (
    ("001-Ain", "0-Ensemble", "00-Ensemble", 30, 32),
    ("001-Ain", "0-Ensemble", "01-Moins de 30 ans", 10, 11),
    ("001-Ain", "0-Ensemble", "02-30-34 ans", 8, 9),
    ("001-Ain", "0-Ensemble", "03-Entre 35 et 64 ans", 7, 7),
    ("001-Ain", "0-Ensemble", "04-65 ans et plus", 5, 5),
    ("001-Ain", "1-Libéral exclusif", "01-Moins de 30 ans", 4, 4),
    ("001-Ain", "2-Mixte", "01-Moins de 30 ans", 3, 2),
    ("001-Ain", "3-Salarié exclusif", "01-Moins de 30 ans", 3, 5),
    ("001-Ain", "4-Remplaçant", "01-Moins de 30 ans", 1, 1),  # in the total, not a mode of ours
    ("02A -Corse-du-Sud", "0-Ensemble", "01-Moins de 30 ans", "ND", "1 200"),
    ("975-Saint-Pierre-et-Miquelon", "0-Ensemble", "01-Moins de 30 ans", 1, 1),
    ("000-Ensemble", "0-Ensemble", "01-Moins de 30 ans", 999, 999),
)


def written(folder: Path, contents: bytes, name: str = "medecins.xlsx") -> Path:
    path = folder / name
    path.write_bytes(contents)
    return path


def as_workbook(rows) -> bytes:
    return workbook(Lisezmoi=[["Champ"]], Effectifs=rows, Densités=[["territoire"]])


def as_csv(rows, separator: str = ";", encoding: str = "utf-8") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows(rows)
    return buffer.getvalue().encode(encoding)


@pytest.fixture
def table(tmp_path) -> pd.DataFrame:
    return read_gp_ages(written(tmp_path, as_workbook(gp_age_rows(*LINES))))


def test_every_year_mode_and_class_of_each_department(table):
    ain = table[(table["departement_code"] == "01") & (table["year"] == 2026)]
    every = ain[ain["practice_mode"] == "tous"]
    assert every["age_min"].tolist() == [0.0, 30.0, 35.0, 65.0]
    assert every["age_max"].tolist() == [30.0, 35.0, 65.0, float("inf")]
    assert every["n_gp"].tolist() == [11.0, 9.0, 7.0, 5.0]
    # private practice holds those who also have a salary: 4 + 2
    assert ain.loc[ain["practice_mode"] != "tous", ["practice_mode", "n_gp"]].to_numpy().tolist() == [
        ["liberal", 6.0],
        ["salarie", 5.0],
    ]
    assert set(table["departement_code"]) == {"01", "2A"}


def test_a_suppressed_count_is_unknown(table):
    corse = table[table["departement_code"] == "2A"].set_index("year")["n_gp"]
    assert pd.isna(corse[2025])
    assert corse[2026] == 1200.0  # a space between thousands


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8"), (",", "utf-8-sig"), (";", "latin-1")])
def test_the_export_gives_the_same(tmp_path, table, separator, encoding):
    contents = as_csv(gp_age_rows(*LINES), separator, encoding)
    pd.testing.assert_frame_equal(read_gp_ages(written(tmp_path, contents, "export.csv")), table)


def test_any_order_of_columns_title_lines_and_capitals(tmp_path, table):
    rows = [row[::-1] for row in gp_age_rows(*LINES)]
    rows[0] = [str(label).capitalize() for label in rows[0]]
    rows = [["Médecins en activité"], *rows]
    pd.testing.assert_frame_equal(read_gp_ages(written(tmp_path, as_workbook(rows))), table)


def test_the_same_line_under_its_region_and_the_whole_is_counted_once(tmp_path, table):
    rows = gp_age_rows(*LINES)
    twice = [*rows, *(["0-France entière", "00-Ensemble", *row[2:]] for row in rows[1:])]
    pd.testing.assert_frame_equal(read_gp_ages(written(tmp_path, as_workbook(twice))), table)
    twice[-3][8] = 77  # the count of 2025 of the salaried substitute lines differs now
    twice[-7][8] = 77
    with pytest.raises(SourceValueError, match="une valeur pour"):
        read_gp_ages(written(tmp_path, as_workbook(twice)))


def test_other_specialities_and_one_sex_are_left_out(tmp_path, table):
    rows = gp_age_rows(*LINES)
    cardiologist, woman = list(rows[1]), list(rows[1])
    cardiologist[4], woman[7] = "12-Cardiologie", "2-Femmes"
    pd.testing.assert_frame_equal(read_gp_ages(written(tmp_path, as_workbook([*rows, cardiologist, woman]))), table)


def faulty(place: int, column: int, value: object) -> bytes:
    rows = gp_age_rows(*LINES)
    rows[place][column] = value
    return as_workbook(rows)


@pytest.mark.parametrize(
    ("contents", "error", "said"),
    [
        (b"", SourceUnreadable, "vide"),
        (b"<html>", SourceUnreadable, "HTML"),
        (as_workbook(gp_age_rows(*LINES))[:-200], SourceUnreadable, "classeur"),
        (workbook(Feuille=[["a"]]), SourceLayoutError, "« Effectifs »"),
        (as_csv(gp_age_rows(*LINES))[:-10], SourceUnreadable, "tronqué"),
        (as_workbook(gp_age_rows()), SourceLayoutError, "aucun"),
        (faulty(0, 6, "age_moyen"), SourceLayoutError, "age_moyen"),
        (faulty(1, 9, 33), SourceValueError, "somme des classes"),
        (faulty(2, 9, 1.5), SourceValueError, "nombre entier"),
        (faulty(2, 2, "Ain"), SourceValueError, "002-Aisne"),
        (faulty(2, 6, "jeunes"), SourceValueError, "classe d’âge"),
        (faulty(2, 6, "02-30-39 ans"), SourceValueError, "recouvrent|une valeur|somme"),
    ],
)
def test_a_fault_is_named(tmp_path, contents, error, said):
    name = "medecins.xlsx" if contents.startswith(b"PK") else "medecins.csv"
    with pytest.raises(error, match=said):
        read_gp_ages(written(tmp_path, contents, name))


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(SourceMissing):
        read_gp_ages(tmp_path / "nowhere.xlsx")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 3000), st.booleans())
def test_never_a_crash_without_a_named_error(junk, place, is_book):
    good = as_workbook(gp_age_rows(*LINES)) if is_book else as_csv(gp_age_rows(*LINES))
    place = min(place, len(good))
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(DataError):
        read_gp_ages(written(Path(folder), good[:place] + junk + good[place:], "x"))
