"""DREES's workbook: what is read in it, and the faults that only it can have."""

import math

import pandas as pd
import pytest

from data.errors import SourceLayoutError, SourceValueError
from data.readers.drees_apl import read_apl, read_apl_parameters
from tests.data.official_files import official_file


def apl_with(tmp_path, row: int, column: int, value, sheet="APL 2022"):
    file = official_file("apl")
    file.model[sheet][row][column] = value
    return file.written(tmp_path)


def test_reads_every_vintage_with_the_source_s_own_codes(tmp_path):
    table = read_apl(official_file("apl").written(tmp_path))
    expected = pd.DataFrame(
        {
            "vintage": [2022] * 3 + [2023] * 3,
            "unit_code": ["01001", "2A004", "75101", "01001", "2A004", "97424"],
            "apl": [1.89, 3.5, 3.123, 1.942, math.nan, 3.909],  # an empty cell is unknown, not 0
            "apl_65": [1.828, 3.1, 2.5, 1.881, math.nan, 2.754],
            "population_standardised": [810.855, 70000.5, 15000.25, 838.154, 70100.0, 5193.741],
            "population_total": [806.0, 71000.0, 16000.0, 832.0, 71200.0, 5390.0],
        }
    ).astype({"unit_code": "str"})
    pd.testing.assert_frame_equal(table.drop(columns="unit_name"), expected)
    assert table["unit_name"].iloc[0] == "L'Abergement-Clémenciat"


def test_the_header_is_found_wherever_it_stands(tmp_path):
    file = official_file("apl")
    expected = read_apl(file.written(tmp_path))
    file.model["APL 2022"] = [["une ligne de plus"], *file.model["APL 2022"]]
    file.model["APL 2023"] = file.model["APL 2023"][3:]
    pd.testing.assert_frame_equal(read_apl(file.written(tmp_path)), expected)


def test_a_new_vintage_is_read_without_a_change(tmp_path):
    file = official_file("apl")
    file.model["APL 2024"] = file.model["APL 2023"]
    assert set(read_apl(file.written(tmp_path))["vintage"]) == {2022, 2023, 2024}


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (10, 0, 1001, "cinq caractères.*« 1001 »"),  # the number that Excel makes of "01001"
        (10, 0, "2A004", "une seule fois"),
        (10, 2, "1,89", "colonne « APL aux médecins généralistes ».*« 1,89 »"),
        (10, 2, -1, "entre 0 et 100"),
        (10, 3, 1.99, "au plus l’APL"),  # GPs of 65 or less cannot offer more than all GPs
        (10, 5, "n.d.", "une case vide"),
        (10, 5, True, "un nombre"),
    ],
)
def test_a_faulty_cell_is_named(tmp_path, row, column, value, said):
    with pytest.raises(SourceValueError, match=f"apl.xlsx, feuille « APL 2022 », ligne .*{said}"):
        read_apl(apl_with(tmp_path, row, column, value))


def test_a_faulty_cell_is_placed_on_its_line(tmp_path):
    with pytest.raises(SourceValueError, match="ligne 12"):  # row 11 of the list is line 12 of the sheet
        read_apl(apl_with(tmp_path, 11, 2, "?"))


def test_another_unit_is_refused(tmp_path):
    with pytest.raises(SourceLayoutError, match=r"unité.*Trouvé : En nombre de visites"):
        read_apl(apl_with(tmp_path, 9, 2, "En nombre de visites"))


def test_a_workbook_without_vintage_is_refused(tmp_path):
    file = official_file("apl")
    with pytest.raises(SourceLayoutError, match=r"APL <année>.*Trouvé : Paramètres"):
        read_apl(file.with_model({"Paramètres": file.model["Paramètres"]}).written(tmp_path))


def test_parameters_are_bands_that_follow_each_other(tmp_path):
    table = read_apl_parameters(official_file("apl_parameters").written(tmp_path))
    inf = math.inf
    rows = [tuple(row) for row in table.drop(columns="unit").fillna(-1.0).itertuples(index=False)]
    assert rows == [
        ("age_weight", 2022, 0.0, 5.0, 0.93),
        ("age_weight", 2022, 5.0, 10.0, 0.59),  # "de 5 à 9 ans" holds the whole ninth year
        ("age_weight", 2022, 10.0, inf, 1.3),
        ("age_weight", 2023, 0.0, 5.0, 1.12),
        ("age_weight", 2023, 5.0, 10.0, 0.58),
        ("age_weight", 2023, 10.0, inf, 1.2),
        ("distance_weight", 0, 0.0, 10.0, 1.0),
        ("distance_weight", 0, 10.0, 15.0, 2 / 3),
        ("distance_weight", 0, 15.0, 20.0, 1 / 3),
        ("distance_weight", 0, 20.0, inf, 0.0),
        ("supply_counted", 0, 0.0, 251.0, 0.0),  # the sheet leaves 250 itself unsaid
        ("supply_counted", 0, 251.0, 3601.0, 3600.0),
        ("supply_counted", 0, 3601.0, 6001.0, -1.0),  # counted as it is
        ("supply_counted", 0, 6001.0, inf, 6000.0),
    ]
    assert table.groupby("parameter")["unit"].unique().map(list).to_dict() == {
        "age_weight": ["consultations par habitant, France = 1"],
        "distance_weight": ["minutes"],
        "supply_counted": ["actes par an"],
    }


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (13, 0, "Entre 11 et 15 minutes", "commence à 10"),
        (20, 0, "de 6 à 9 ans", "commence à 5"),
        (5, 1, "beaucoup", "un nombre"),
        (6, 1, "Sans borne", "un nombre"),  # only the sheet's own words mean "as it is"
        (14, 1, None, "une case vide"),
    ],
)
def test_a_gap_or_a_strange_value_in_the_parameters_is_named(tmp_path, row, column, value, said):
    with pytest.raises(SourceValueError, match=f"Paramètres.*{said}"):
        read_apl_parameters(apl_with(tmp_path, row, column, value, sheet="Paramètres"))


def test_a_block_without_open_end_is_refused(tmp_path):
    file = official_file("apl")
    del file.model["Paramètres"][15]  # "Plus de 20 minutes"
    with pytest.raises(SourceLayoutError, match="Plus de …"):
        read_apl_parameters(file.written(tmp_path))


@pytest.mark.mirror
def test_the_official_workbook(mirror):
    path = mirror / "drees_apl_mg" / "apl_generalistes.xlsx"
    table = read_apl(path)
    assert table.groupby("vintage").size().to_dict() == {2022: 34_964, 2023: 34_954}
    assert not table.duplicated(["vintage", "unit_code"]).any()
    arrondissements = table["unit_code"].str.fullmatch("751[0-9]{2}|6938[0-9]|132[0-9]{2}")
    assert arrondissements.groupby(table["vintage"]).sum().to_dict() == {2022: 45, 2023: 45}
    assert not table["unit_code"].str.startswith("976").any()
    # DREES publishes the mean (weighted by standardised population) and the first decile of 65 or less.
    weighted = (table["apl_65"] * table["population_standardised"]).groupby(table["vintage"]).sum()
    means = weighted / table.groupby("vintage")["population_standardised"].sum()
    assert means.round(2).to_dict() == {2022: 3.34, 2023: 3.29}
    parameters = read_apl_parameters(path)
    assert parameters.groupby(["parameter", "vintage"]).size().to_dict() == {
        ("age_weight", 2022): 19,
        ("age_weight", 2023): 19,
        ("distance_weight", 0): 4,
        ("supply_counted", 0): 4,
    }
