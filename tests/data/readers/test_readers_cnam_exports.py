"""Exports of data.ameli.fr: counts, patient lists, installations of any year; totals checked, hidden counts kept."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.cnam_counts import read_counts_export, read_professionals
from data.readers.cnam_installations import read_installations
from data.readers.cnam_patient_lists import read_patient_lists
from tests.data.population_files import COUNTS, GP, INSTALLATIONS, PATIENT_LISTS, TERRITORY_LABELS, cnam_line, text

EVERY = pytest.mark.parametrize(
    ("read", "contents"),
    [(read_counts_export, COUNTS), (read_patient_lists, PATIENT_LISTS), (read_installations, INSTALLATIONS)],
    ids=["counts", "lists", "installations"],
)


def written(tmp_path, contents: bytes):
    path = tmp_path / "export.csv"
    path.write_bytes(contents)
    return path


def test_counts_of_everyone_year_after_year(tmp_path):
    table = read_counts_export(written(tmp_path, COUNTS))
    assert next(iter(table.itertuples(index=False, name=None))) == ("09", GP, 118.0, False, 2023)
    assert table["n_professionals"].tolist()[1] == 120.0  # neither the 12 of an age class nor the 60 women
    hidden = table[table["suppressed"]]
    assert hidden["departement_code"].tolist() == ["974"]
    assert hidden["vintage"].tolist() == [2023]
    assert hidden["n_professionals"].isna().all()
    assert len(table) == 4


def test_a_file_split_by_age_only_is_refused(tmp_path):
    rows = [
        [*TERRITORY_LABELS, "classe_age", "effectif"],
        cnam_line("2024", GP, "76", "09", "30_34", "12"),
        cnam_line("2024", GP, "76", "999", "30_34", "12"),
    ]
    with pytest.raises(SourceValueError, match=r"Attendu : les lignes « Tout âge »"):
        read_counts_export(written(tmp_path, text(rows)))


def test_a_total_that_its_departments_do_not_add_up_to(tmp_path):
    wrong = COUNTS.replace(b"tout sexe;127", b"tout sexe;140")  # 120 and 7 are 127
    with pytest.raises(SourceValueError, match=r"2024, Médecins généralistes.*127.*140.*tronqué"):
        read_counts_export(written(tmp_path, wrong))


def test_a_hidden_count_is_worth_zero_to_four(tmp_path):
    five = COUNTS.replace(b"tout sexe;3;", b"tout sexe;5;").replace(b"tout sexe;121", b"tout sexe;123")
    with pytest.raises(SourceValueError, match="le total de ses départements, 0"):
        read_counts_export(written(tmp_path, five))


def test_a_file_cut_between_two_lines_is_told_by_its_totals(tmp_path):
    lines = INSTALLATIONS.splitlines(keepends=True)
    with pytest.raises(SourceValueError, match="un total et ses départements"):
        read_installations(written(tmp_path, b"".join(lines[:-1])))


def test_patient_lists_are_means_and_nothing_is_added_up(tmp_path):
    table = read_patient_lists(written(tmp_path, PATIENT_LISTS))
    expected = pd.DataFrame(
        {
            "departement_code": ["09", "09", "974", "974"],
            "vintage": [2023, 2024, 2023, 2024],
            "mean_patients": [1012.0, 1034.5, np.nan, 1101.0],
            "suppressed": [False, False, True, False],
        }
    ).astype({"departement_code": "str"})
    pd.testing.assert_frame_equal(table, expected)


def test_a_mean_of_france_outside_those_of_its_departments_is_refused(tmp_path):
    with pytest.raises(SourceValueError, match=r"2024, région 99, département 999.*comprise entre"):
        read_patient_lists(written(tmp_path, PATIENT_LISTS.replace(b"1 050", b"1 400")))


def test_a_number_of_patients_is_no_mean(tmp_path):
    with pytest.raises(SourceValueError, match="nombre moyen de patients"):
        read_patient_lists(written(tmp_path, PATIENT_LISTS.replace(b"1 101", b"1 101 000")))


def test_installations_of_a_year_written_as_a_day(tmp_path):
    table = read_installations(written(tmp_path, INSTALLATIONS))
    assert table["year"].tolist() == [2024] * 3
    assert table["departement_code"].tolist() == ["09", "31", "974"]
    assert table["n_installations"].tolist()[::2] == [12.0, 20.0]
    assert table["suppressed"].tolist() == [False, True, False]


def test_a_doctor_of_two_departments_is_one_of_france(tmp_path):
    # 12 + 0..4 + 20: 32 to 36, less one counted twice
    read_installations(written(tmp_path, INSTALLATIONS.replace(b";34;", b";31;")))
    with pytest.raises(SourceValueError, match="tronqué ou incomplet"):
        read_installations(written(tmp_path, INSTALLATIONS.replace(b";34;", b";28;")))


@EVERY
def test_spreadsheets_lose_zeros_and_reorder_columns(read, contents, tmp_path):
    expected = read(written(tmp_path, contents))
    rows = [line.split(";") for line in contents.decode().replace(";09;", ";9;").replace(";04;", ";4;").splitlines()]
    assert read(written(tmp_path, text([row[::-1] for row in rows], "\t"))).equals(expected)


@EVERY
def test_a_renamed_column_is_named(read, contents, tmp_path):
    with pytest.raises(SourceLayoutError, match=r"« departement ».*Le nom le plus proche"):
        read(written(tmp_path, contents.replace(b";departement;", b";departements_fr;")))


@EVERY
def test_a_page_or_a_cut_line_is_refused(read, contents, tmp_path):
    with pytest.raises(SourceUnreadable, match="page HTML"):
        read(written(tmp_path, b"<html><body>503</body></html>"))
    with pytest.raises(SourceUnreadable, match="tronqué"):
        read(written(tmp_path, contents[: contents.rindex(b";") - 3]))


@EVERY
def test_an_unknown_department_is_refused(read, contents, tmp_path):
    with pytest.raises(SourceValueError, match=r"un code de département ou 999.*« 20 »"):
        read(written(tmp_path, contents.replace(b";974;", b";20;")))


@EVERY
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, 400),
    piece=st.one_of(st.binary(max_size=6), st.sampled_from([b"NS", b";", b"\n", b"-1", b"1e9"])),
)
def test_never_a_crash_without_a_named_error(read, contents, place, piece, tmp_path):
    damaged = contents[:place] + piece + contents[place + len(piece) :]
    try:
        table = read(written(tmp_path, damaged))
    except DataError:
        return
    assert isinstance(table.index, pd.RangeIndex)
    assert table.dtypes.equals(read(written(tmp_path, contents)).dtypes)


@pytest.mark.mirror
def test_the_export_of_2024_is_read_as_the_embedded_reader_does(mirror):
    path = mirror / "cnam_effectifs_2024" / "toutes_specialites_departement_2024.csv"
    pd.testing.assert_frame_equal(read_counts_export(path), read_professionals(path))
