"""DREES's series of doctors: spaces in numbers, footers, totals."""

import math

import pytest

from data.errors import SourceLayoutError, SourceValueError
from data.readers.rpps import read_doctors_by_age, read_doctors_by_departement
from tests.data.official_files import official_file


def test_age_classes_follow_each_other_up_to_the_open_one(tmp_path):
    table = read_doctors_by_age(official_file("rpps_age").written(tmp_path))
    first = [tuple(row) for row in table[table["year"] == 2012].itertuples(index=False)]
    assert first == [(2012, 0.0, 30.0, 2099.0), (2012, 30.0, 65.0, 200355.0), (2012, 65.0, math.inf, 13476.0)]
    assert table["year"].unique().tolist() == [2012, 2013, 2014]


def test_departments_with_our_codes(tmp_path):
    table = read_doctors_by_departement(official_file("rpps_departements").written(tmp_path))
    assert table.loc[table["year"] == 2013, "departement_code"].tolist() == ["01", "2A", "972", "974"]
    assert table.loc[table["departement_code"] == "972", "n_doctors"].tolist() == [1004.0, 1100.0, 3.0]


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_any_space_between_thousands(tmp_path, space):
    file = official_file("rpps_departements")
    for row in file.model[1:6]:
        row[1:] = [cell.replace(" ", space) for cell in row[1:]]
    assert read_doctors_by_departement(file.written(tmp_path))["n_doctors"].max() == 2331


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "said"),
    [
        ("rpps_age", 1, 2, "217 599", "Ensemble.*2013.*la somme des lignes, 217598"),
        ("rpps_age", 3, 0, "2- Entre 31 et 64 ans", "suit la précédente"),
        ("rpps_age", 2, 0, "1- Entre 25 et 29 ans", "suit la précédente"),  # nobody below would be an assumption
        ("rpps_age", 3, 0, "2- Jeunes", "classe d’âge"),
        ("rpps_age", 3, 1, "NS", "un nombre entier"),
        ("rpps_departements", 3, 0, "020 -Corse", "un département"),
        ("rpps_departements", 3, 0, "001 -Ain", "une fois"),
        ("rpps_departements", 4, 1, "1 005", "Ensemble.*5001"),
    ],
)
def test_a_faulty_cell_is_named(tmp_path, name, row, column, value, said):
    file = official_file(name)
    file.model[row][column] = value
    with pytest.raises(SourceValueError, match=said):
        file.read(file.written(tmp_path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[0].__setitem__(1, "total"), "années"),
        (lambda rows: rows[0].__setitem__(2, "2016"), "se suivent"),
        (lambda rows: rows.pop(1), "Ensemble"),
    ],
)
def test_an_unexpected_layout_is_named(tmp_path, change, said):
    file = official_file("rpps_departements")
    change(file.model)
    if said == "années":
        file.model[0][2:] = ["a", "b"]
    with pytest.raises(SourceLayoutError, match=said):
        read_doctors_by_departement(file.written(tmp_path))


def test_a_series_without_its_oldest_class_is_refused(tmp_path):
    file = official_file("rpps_age")
    del file.model[4]
    file.model[1][1:] = ["202 454", "200 950", "999"]  # a total that still adds up
    with pytest.raises(SourceLayoutError, match="65 ans et plus"):
        read_doctors_by_age(file.written(tmp_path))


@pytest.mark.mirror
def test_the_official_files(mirror):
    ages = read_doctors_by_age(mirror / "drees_rpps_2012_2020" / "Medecin_age_annee.csv")
    departements = read_doctors_by_departement(mirror / "drees_rpps_2012_2020" / "Medecin_departement_annee.csv")
    assert (len(ages), len(departements)) == (9 * 9, 101 * 9)
    by_age = ages.groupby("year")["n_doctors"].sum()
    assert by_age.to_dict() == departements.groupby("year")["n_doctors"].sum().to_dict()
    assert (by_age[2012], by_age[2020]) == (215_930, 227_298)
