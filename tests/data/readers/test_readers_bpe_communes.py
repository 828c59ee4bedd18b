"""The BPE by commune: both lay-outs, both nomenclatures, and their faults."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.bpe_communes import EQUIPMENTS, read_bpe_communes
from tests.data.care_files import bpe_file

LINES = (
    ("09122", "COM", "D265", 12),
    ("09122", "COM", "D281", "1 030"),
    ("09122", "COM", "D307", 4.0),
    ("09122", "COM", "B207", 9),  # a baker: not counted
    ("09", "DEP", "D265", 99),
    ("75101", "ARM", "D265", 3),  # in 75056 already
    ("75056", "COM", "D265", 2000),
    ("200000000", "EPCI", "D307", 5),
    ("2A004", "COM", "D281", 7),
)


def written(folder: Path, contents: bytes, name: str = "DS_BPE_2024_data.csv") -> Path:
    path = folder / name
    path.write_bytes(contents)
    return path


def test_the_data_set_since_2024(tmp_path):
    read = read_bpe_communes(written(tmp_path, bpe_file(*LINES)))
    assert read.year == 2024
    table = read.table.set_index("commune_code")
    assert list(table) == list(EQUIPMENTS)
    assert list(table.index) == ["09122", "2A004", "75056"]
    assert table.loc["09122"].iloc[:2].tolist() == [12.0, 1030.0]
    assert table["n_pharmacies"].tolist() == [4.0, 0.0, 0.0]
    # no dentist in all the file: unknown, not 0
    assert table["n_dentists"].isna().all()


def test_the_file_of_earlier_years_adds_up_its_iris(tmp_path):
    text = "AN;REG;DEP;DEPCOM;DCIRIS;TYPEQU;NB_EQUIP\n"
    text += "2021;84;01;01004;01004_0101;D201;3\n2021;84;01;01004;01004_0102;D201;4\n"
    text += "2021;84;01;01004;01004_0101;D232;2\n2021;84;01;01005;01005;D301;1\n"
    read = read_bpe_communes(written(tmp_path, text.encode("latin-1")))
    assert read.year == 2021
    assert read.table[["commune_code", "n_gp", "n_nurses", "n_pharmacies"]].to_numpy().tolist() == [
        ["01004", 7.0, 2.0, 0.0],
        ["01005", 0.0, 0.0, 1.0],
    ]


def test_the_same_line_twice_is_counted_once_and_other_measures_are_left_out(tmp_path):
    expected = read_bpe_communes(written(tmp_path, bpe_file(*LINES))).table
    again = bpe_file(*LINES, LINES[0])
    assert read_bpe_communes(written(tmp_path, again)).table.equals(expected)
    renamed = bpe_file(*LINES).replace(b"FACILITIES", b"NB_EQUIP")
    assert read_bpe_communes(written(tmp_path, renamed)).table.equals(expected)
    both = bpe_file(*LINES) + b'"09122";"COM";"D265";"BEDS";"2024";77\n'
    assert read_bpe_communes(written(tmp_path, both)).table.equals(expected)


def test_of_several_years_the_last_is_read(tmp_path):
    former = bpe_file(*(("09122", "COM", kind, 1) for kind in ("D265", "D281")), year=2019)
    lines = b"".join(bpe_file(*LINES).splitlines(keepends=True)[1:])
    read = read_bpe_communes(written(tmp_path, former + lines))
    assert read.year == 2024
    assert read.table.equals(read_bpe_communes(written(tmp_path, bpe_file(*LINES))).table)


@pytest.mark.parametrize("name", ["bpe23_ensemble.csv", "DS_BPE_2023.csv"])
def test_the_year_may_be_in_the_name(tmp_path, name):
    text = "DEPCOM,TYPEQU,NB_EQUIP\n01004,D201,3\n01004,D232,3\n"
    assert read_bpe_communes(written(tmp_path, text.encode(), name)).year == 2023
    assert read_bpe_communes(written(tmp_path, text.encode(), name), year=2022).year == 2022
    with pytest.raises(SourceLayoutError, match="l’année"):
        read_bpe_communes(written(tmp_path, text.encode(), "data.csv"))


def test_the_zero_that_a_spreadsheet_took_is_given_back(tmp_path):
    text = "DEPCOM,TYPEQU,NB_EQUIP,AN\n1004,D201,3,2021\n1004,D232,3,2021\n"
    assert list(read_bpe_communes(written(tmp_path, text.encode())).table["commune_code"]) == ["01004"]


@pytest.mark.parametrize(
    ("contents", "error", "said"),
    [
        (b"", SourceUnreadable, "sans contenu"),
        (b"<html>", SourceUnreadable, "HTML"),
        (bpe_file(*LINES)[:-4], SourceUnreadable, "cases"),
        (bpe_file(*LINES).replace(b"OBS_VALUE", b"OBS_VALEUR"), SourceLayoutError, "OBS_VALEUR"),
        (bpe_file(("09122", "COM", "B207", 1)), SourceLayoutError, "D265 et D281"),
        (bpe_file(*LINES, ("09160", "COM", "D265", "NS")), SourceValueError, "« NS »"),
        (bpe_file(*LINES, ("09160", "COM", "D265", -1)), SourceValueError, "-1"),
        (bpe_file(*LINES, ("99999", "COM", "D265", 1)), SourceValueError, "code INSEE"),
        (bpe_file(*LINES, ("75056", "COM", "D265", 1)), SourceValueError, "une seule ligne par commune"),
        (bpe_file(*LINES, year=24), SourceValueError, "une année"),
    ],
)
def test_a_fault_is_named(tmp_path, contents, error, said):
    with pytest.raises(error, match=said):
        read_bpe_communes(written(tmp_path, contents))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 500), st.booleans())
def test_never_a_crash_without_a_named_error(junk, place, inside):
    good = bpe_file(*LINES)
    contents = good[:place] + junk + good[place:] if inside else junk
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(DataError):
        read_bpe_communes(written(Path(folder), contents))
