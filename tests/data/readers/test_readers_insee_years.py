"""INSEE: ages, populations of reference and projections, in each of the layouts that they have had."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, FileRefused, SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.age_classes import AgeClass, finest_partition, parse_age_class
from data.readers.insee_population_age import read_population_by_age
from data.readers.insee_reference_populations import read_reference_populations
from data.readers.legal_populations import read_legal_populations
from data.readers.omphale import read_outlook
from tests.data.population_files import (
    PAIRS,
    ages_csv,
    archive,
    outlook_sheet,
    outlook_workbook,
    reference_csv,
    text,
    workbook,
)

INF = math.inf


def written(tmp_path, contents: bytes, name: str = "file.csv"):
    path = tmp_path / name
    path.write_bytes(contents)
    return path


# --- Age classes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("[0;5[", (0, 5)),
        ("[0;4]", (0, 5)),
        ("[95;+]", (95, INF)),
        ("[95;+[", (95, INF)),
        ("0 à 4 ans", (0, 5)),
        ("Moins de 15 ans", (0, 15)),
        ("80 ans ou plus", (80, INF)),
        ("007", (7, 8)),
        ("100+", (100, INF)),
        ("Y_LT15", (0, 15)),
        ("Y15T24", (15, 25)),
        ("Y_GE80", (80, INF)),
        ("Y7", (7, 8)),
        ("_T", None),
        ("Ensemble", None),
    ],
)
def test_labels_of_ages(label, expected):
    assert parse_age_class(label) == (None if expected is None else AgeClass(*expected))


def test_the_finest_partition_leaves_out_what_overlaps():
    classes = [
        AgeClass(0, 20),
        AgeClass(0, 15),
        AgeClass(15, 25),
        AgeClass(20, 65),
        AgeClass(25, INF),
        AgeClass(65, INF),
    ]
    assert finest_partition(classes) == [AgeClass(0, 15), AgeClass(15, 25), AgeClass(25, INF)]
    assert finest_partition([AgeClass(0, 15), AgeClass(20, INF)]) == []
    assert finest_partition([]) == []


@given(
    cuts=st.sets(st.integers(1, 110), max_size=12), extra=st.lists(st.tuples(st.integers(0, 50), st.integers(51, 110)))
)
def test_a_partition_covers_every_age_once(cuts, extra):
    starts = [0, *sorted(cuts)]
    whole = [AgeClass(low, high) for low, high in zip(starts, [*starts[1:], INF], strict=True)]
    found = finest_partition([*whole, *(AgeClass(*pair) for pair in extra)])
    assert len(found) >= len(whole)
    assert found[0].low == 0
    assert found[-1].high == INF
    assert all(one.high == following.low for one, following in itertools.pairwise(found))


# --- Population by age ------------------------------------------------------------------------------------------------


def test_single_years_are_put_in_five_year_classes(tmp_path):
    table, year = read_population_by_age(written(tmp_path, ages_csv([("09122", 1010), ("01001", 202)])))
    assert year is None
    foix = table[table["commune_code"] == "09122"].reset_index(drop=True)
    assert foix["age_min"].tolist() == [5.0 * n for n in range(20)]
    assert foix["age_max"].tolist() == [*(5.0 * n for n in range(1, 20)), INF]
    # 10 people a year of age, both sexes together; 95 to 100 are six years
    np.testing.assert_allclose(foix["population"], [50.0] * 19 + [60.0])
    assert table["commune_code"].tolist()[:1] == ["01001"]


def test_an_age_without_a_line_is_an_age_that_nobody_has(tmp_path):
    # the hamlet has no line but for 40 years; the file leaves zeros out
    contents = ages_csv([("09122", 1010)]) + b"COM;09999;Hameau;1;040;2.5\n"
    table = read_population_by_age(written(tmp_path, contents)).table
    hamlet = table[table["commune_code"] == "09999"].set_index("age_min")["population"]
    assert hamlet[40.0] == 2.5
    assert hamlet.drop(40.0).eq(0.0).all()
    assert len(hamlet) == 20


def test_a_city_given_whole_and_in_parts_is_counted_once(tmp_path):
    contents = ages_csv([("75056", 2020), ("75101", 1010), ("75102", 1010), ("13201", 202)])
    table = read_population_by_age(written(tmp_path, contents)).table
    assert table.groupby("commune_code")["population"].sum().round(6).to_dict() == {"75056": 2020.0, "13201": 202.0}


def test_the_wide_layouts(tmp_path):
    fine = [["Base"], [], ["CODGEO", "LIBGEO", *(f"SEXE{s}_AGED100{a:03d}" for s in (1, 2) for a in range(101))]]
    fine.append(["01001", "Ville", *([1.0] * 202)])
    table = read_population_by_age(written(tmp_path, workbook({"COM": fine}), "TD_POP1B_2021.xlsx")).table
    assert table["population"].tolist() == [10.0] * 19 + [12.0]
    ages = (0, 3, 6, 11, 18, 25, 40, 55, 65, 80)
    coarse = [["CODGEO", *(f"SEXE{s}_AGEPYR10{a:03d}" for s in (1, 2) for a in ages)], ["1001", *range(20)]]
    table = read_population_by_age(written(tmp_path, text(coarse))).table
    assert table["age_min"].tolist() == [float(age) for age in ages]
    assert table["age_max"].tolist() == [*(float(age) for age in ages[1:]), INF]
    assert table["population"].tolist() == [float(n + n + 10) for n in range(10)]


def test_the_melodi_data_set(tmp_path):
    labels = ["GEO", "GEO_OBJECT", "RP_MEASURE", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE"]
    ages = {"Y_LT15": 10, "Y15T24": 5, "Y_GE25": 85, "Y_LT20": 13, "_T": 100}
    lines = [
        [geo, level, "POP", sex, age, year, n * scale]
        for geo, level in (("01001", "COM"), ("2025-COM-2A004", "COM"), ("01", "DEP"))
        for sex, scale in (("_T", 1), ("M", 0.5))
        for year in ("2017", "2023")
        for age, n in ages.items()
    ]
    table, year = read_population_by_age(written(tmp_path, text([labels, *lines])))
    assert year == 2023
    assert table["commune_code"].unique().tolist() == ["01001", "2A004"]
    assert table["population"].tolist() == [10.0, 5.0, 85.0] * 2
    assert table["age_max"].tolist() == [15.0, 25.0, INF] * 2


@pytest.mark.parametrize(
    ("contents", "error", "words"),
    [
        (ages_csv([("09122", 101)]).replace(b";NB\n", b";EFFECTIF_PONDERE\n"), SourceLayoutError, "AGED100 et NB"),
        (ages_csv([("09122", 101)]).replace(b";050;", b";Ensemble;"), SourceValueError, "tous les âges de 0"),
        (ages_csv([("09122", 101)]).replace(b"09122", b"ABCDE"), SourceValueError, "un code INSEE"),
        (ages_csv([("09122", 101)])[:-6], SourceUnreadable, ""),
        (text([["CODGEO", "SEXE1_AGED100000"], ["01001", "3"]]), SourceLayoutError, "SEXE1_AGED100001"),
    ],
    ids=["renamed", "missing_age", "code", "cut", "wide_without_ages"],
)
def test_what_is_no_table_of_ages_is_named(contents, error, words, tmp_path):
    if words or error is not SourceUnreadable:
        with pytest.raises(error, match=words):
            read_population_by_age(written(tmp_path, contents))
    else:  # a cut number is still a number: the totals tell it, in the sync
        assert len(read_population_by_age(written(tmp_path, contents)).table)


# --- Populations of reference -----------------------------------------------------------------------------------------


def test_the_file_of_the_ensemble(tmp_path):
    table, year = read_reference_populations(written(tmp_path, reference_csv(PAIRS)))
    assert year is None
    assert dict(zip(table["commune_code"], table["population"], strict=True)) == dict(PAIRS)


def test_the_former_layout_where_com_is_a_name(tmp_path):
    labels = ["CODREG", "REG", "CODDEP", "CODARR", "CODCAN", "CODCOM", "COM", "PMUN", "PCAP", "PTOT"]
    rows = [
        ["84", "Auvergne", "01", "1", "04", "009", "Andert-et-Condon", "326", "9", "335"],
        ["01", "Guadeloupe", "971", "1", "99", "02", "Anse-Bertrand", "4 000", "9", "4 009"],
        ["94", "Corse", "2A", "1", "99", "4", "Ajaccio", "72000", "9", "72009"],
    ]
    table = read_reference_populations(written(tmp_path, text([labels, *rows]))).table
    assert dict(zip(table["commune_code"], table["population"], strict=True)) == {
        "01009": 326.0,
        "2A004": 72_000.0,
        "97102": 4_000.0,
    }


def test_the_latest_of_several_years(tmp_path):
    rows = [["codgeo", "p20_pop", "p21_pop"], ["09122", 8000, 8008], ["971102", 900, ""]]
    table, year = read_reference_populations(written(tmp_path, workbook({"populations": rows}), "a.xlsx"))
    assert year == 2021
    assert table["commune_code"].tolist() == ["09122", "97102"]
    assert table["population"].isna().tolist() == [False, True]  # unknown, never 0


def test_the_melodi_data_set_of_reference(tmp_path):
    labels = ["GEO", "GEO_OBJECT", "POPREF_MEASURE", "TIME_PERIOD", "OBS_VALUE"]
    rows = [
        ["01001", "COM", "PMUN", "2023", 860],
        ["01001", "COM", "PTOT", "2023", 876],
        ["01001", "COM", "PMUN", "2022", 850],
        ["75101", "ARM", "PMUN", "2023", 15000],
        ["01", "DEP", "PMUN", "2023", 679344],
    ]
    table, year = read_reference_populations(written(tmp_path, text([labels, *rows])))
    assert (year, table["population"].tolist()) == (2023, [860.0])


@pytest.mark.parametrize(
    ("contents", "error", "words"),
    [
        (reference_csv(PAIRS).replace(b"PMUN", b"POPULATION"), SourceLayoutError, "PMUN"),
        (reference_csv([*PAIRS, PAIRS[0]]), SourceValueError, "un code présent une seule fois"),
        (reference_csv([("09122", -3)]), SourceValueError, "entre 0"),
        (reference_csv(PAIRS).replace(b"9500", b"9500,5"), SourceValueError, "entier"),
        (text([["PMUN", "PTOT"], ["1", "2"]]), SourceLayoutError, "code INSEE de la commune"),
    ],
    ids=["renamed", "twice", "negative", "part", "no_code"],
)
def test_what_are_no_populations_is_named(contents, error, words, tmp_path):
    with pytest.raises(error, match=words):
        read_reference_populations(written(tmp_path, contents))


# --- Projections ------------------------------------------------------------------------------------------------------


def test_a_scenario(tmp_path):
    table = read_outlook(written(tmp_path, outlook_workbook(["Ain", "Côte-d'Or"]), "donnees_det_Central.xlsx"))
    assert table["scenario"].unique().tolist() == ["central"]
    assert table["zone"].unique().tolist() == ["Ain", "Côte-d'Or"]
    assert table["year"].unique().tolist() == [2018, 2019, 2020]
    ain = table[(table["zone"] == "Ain") & (table["year"] == 2020)]
    assert ain["population"].tolist() == [205.0] * 3  # two sexes of 102.5
    assert list(zip(ain["age_min"], ain["age_max"], strict=True)) == [(0.0, 5.0), (5.0, 65.0), (65.0, INF)]


def test_a_folder_of_scenarios_and_csv(tmp_path):
    written(tmp_path, outlook_workbook(["Ain"]), "donnees_det_Central.xlsx")
    written(tmp_path, text(outlook_sheet(["Ain"], 200.0)[5:]), "donnees_det_Pop_haute.csv")
    table = read_outlook(tmp_path)
    assert table.groupby("scenario")["population"].max().to_dict() == {"central": 205.0, "pop_haute": 405.0}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row for row in outlook_sheet(["Ain"]) if row[2:3] != ["[5;65["]], "tous les âges"),
        ([*outlook_sheet(["Ain"]), ["Aisne", 1, "[0;5[", 1, 1, 1]], "zone « Aisne ».*3 classes.*tronqué"),
        ([row[:3] for row in outlook_sheet(["Ain"])], "colonnes d’années"),
        ([[*row[:4], *row[5:]] for row in outlook_sheet(["Ain"])], "se suivent"),
        ([[*row[:3], "?", *row[4:]] if row[:1] == ["Ain"] else row for row in outlook_sheet(["Ain"])], "un nombre"),
    ],
    ids=["age", "cut", "no_year", "year_missing", "no_number"],
)
def test_what_are_no_projections_is_named(rows, words, tmp_path):
    with pytest.raises(DataError, match=words):
        read_outlook(written(tmp_path, workbook({"Population": rows}), "donnees_det_Central.xlsx"))


def test_an_archive_in_place_of_the_workbook(tmp_path):
    with pytest.raises(FileRefused, match="archive"):
        read_outlook(written(tmp_path, archive(a=b"x"), "donnees_det_Central.xlsx"))


FUZZ = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
READERS = {
    "ages": (lambda path: read_population_by_age(path).table, ages_csv([("01001", 202)])),
    "reference": (lambda path: read_reference_populations(path).table, reference_csv(PAIRS)),
    "outlook": (read_outlook, text(outlook_sheet(["Ain"])[5:])),
}


@pytest.mark.parametrize("name", READERS)
@FUZZ
@given(place=st.integers(0, 700), piece=st.one_of(st.binary(max_size=5), st.sampled_from([b";", b"\n", b"-1", b"NA"])))
def test_never_a_crash_without_a_named_error(name, place, piece, tmp_path):
    read, contents = READERS[name]
    expected = read(written(tmp_path, contents))
    try:
        table = read(written(tmp_path, contents[:place] + piece + contents[place + len(piece) :]))
    except DataError:
        return
    assert list(table.columns) == list(expected.columns)
    assert table.dtypes.equals(expected.dtypes)


@pytest.mark.mirror
def test_the_populations_of_the_mirror(mirror):
    path = next((mirror / "insee_populations_2013_2021").glob("*.xlsx"))
    table, year = read_reference_populations(path)
    assert (year, table["population"].sum()) == (2021, 67_406_164)
    of_2021 = read_legal_populations(path).query("year == 2021").reset_index(drop=True)
    pd.testing.assert_frame_equal(table, of_2021[["commune_code", "population"]])
