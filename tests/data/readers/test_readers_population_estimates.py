"""INSEE's yearly estimates of the departments: read, refused, and held to the totals published elsewhere."""

import math

import pytest

from data.errors import DataError, SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.population_estimates import COLUMNS, read_population_estimates
from tests.data.estimates_files import estimates_model, estimates_workbook
from tests.data.official_files import official_file

YEARS = {
    2013: {"01": (10, 20, 30, 40, 50), "2A": (1, 2, 3, 4, 5)},
    2014: {"01": (11, 21, 31, 41, 51), "2A": (1, 2, 3, 4, 6), "976": (100, 50, 20, 5, 1)},
}


@pytest.fixture
def write(tmp_path):
    def write_file(contents: bytes):
        path = tmp_path / "estimations.xlsx"
        path.write_bytes(contents)
        return path

    return write_file


def changed(model, sheet, line, column, value):
    model[sheet][line][column] = value
    return official_file("apl").with_model(model).contents


def test_every_year_department_and_class_is_read_and_no_total(write):
    table = read_population_estimates(write(estimates_workbook(YEARS, provisional=2014)))
    assert list(table.columns) == COLUMNS
    assert table.dtypes.astype(str).to_dict() == {
        "departement_code": "str",
        "year": "int64",
        "age_min": "float64",
        "age_max": "float64",
        "population": "float64",
        "provisional": "bool",
    }
    read = {(row.departement_code, row.year, row.age_min, row.age_max): row.population for row in table.itertuples()}
    bounds = [(0, 20), (20, 40), (40, 60), (60, 75), (75, math.inf)]
    assert read == {
        (code, year, *ages): count
        for year, counts in YEARS.items()
        for code, classes in counts.items()
        for ages, count in zip(bounds, classes, strict=True)
    }
    assert table.groupby("year")["provisional"].all().to_dict() == {2013: False, 2014: True}
    assert table[COLUMNS[:3]].equals(table[COLUMNS[:3]].sort_values(COLUMNS[:3], ignore_index=True))


@pytest.mark.parametrize(
    ("line", "column", "value", "error", "message"),
    [
        (5, 2, 12, SourceValueError, r"feuille « 2014 », ligne 6.*somme 155"),
        (5, 7, 156, SourceValueError, r"feuille « 2014 », ligne 6.*somme 156"),
        (5, 6, "n.d.", SourceValueError, r"feuille « 2014 », ligne 6.*nombre d’habitants.*n\.d\."),
        (5, 6, None, SourceValueError, "case vide"),
        (5, 6, -3, SourceValueError, "-3"),
        (6, 0, "01", SourceValueError, "ligne 7.*écrit une fois.*01"),
        (10, 7, 999, SourceValueError, "feuille « 2014 », total.*347.*999"),
        (4, 6, "80 ans et plus", SourceLayoutError, "ligne 5.*75 ans et plus.*80 ans et plus"),
        (4, 2, "0 à 14 ans", SourceLayoutError, "0 à 14 ans"),
        (3, 2, "Total des deux", SourceLayoutError, "Ensemble"),
    ],
)
def test_a_wrong_cell_is_named(write, line, column, value, error, message):
    contents = changed(estimates_model(YEARS), "2014", line, column, value)
    with pytest.raises(error, match=message):
        read_population_estimates(write(contents))


def test_a_missing_year_or_department_is_named(write):
    with pytest.raises(SourceLayoutError, match="sans lacune"):
        read_population_estimates(write(estimates_workbook({2012: YEARS[2013], 2014: YEARS[2014]})))
    with pytest.raises(SourceValueError, match="département 2A"):
        read_population_estimates(write(estimates_workbook({2013: YEARS[2013], 2014: {"01": (1, 1, 1, 1, 1)}})))
    with pytest.raises(SourceLayoutError, match="une feuille par année"):
        read_population_estimates(write(estimates_workbook({})))


@pytest.mark.parametrize("contents", [b"", b"<html>", bytes.fromhex("d0cf11e0a1b11ae1"), b"\xd0\xcf\x11\xe0" * 99])
def test_another_file_is_refused(write, contents):
    with pytest.raises(SourceUnreadable, match="estimations"):
        read_population_estimates(write(contents))


@pytest.mark.mirror
def test_the_real_workbook_and_its_accidents(mirror, tmp_path):
    path = mirror / "insee_estimations_population_departements" / "estim-pop-dep-sexe-gca-1975-2024.xls"
    table = read_population_estimates(path)
    sums = table.groupby("year")["population"].sum()
    assert (sums[2013], sums[2024]) == (65_564_756, 68_373_433)
    assert table.loc[(table["year"] == 2024) & (table["age_min"] == 75), "population"].sum() == 7_106_175
    assert set(table.loc[table["provisional"], "year"]) == {2022, 2023, 2024}
    firsts = table.groupby("departement_code")["year"].min()
    assert firsts.value_counts().to_dict() == {1975: 96, 1990: 4, 2014: 1}
    whole = path.read_bytes()
    for part in (0.2, 0.6, 0.95):  # an .xls has no checksum: a cut one must still not pass for a shorter series
        cut = tmp_path / "cut.xls"
        cut.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(DataError, match=r"cut\.xls"):
            read_population_estimates(cut)
