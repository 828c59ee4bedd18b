"""INSEE's tables (departments, populations) and the indicators kept as JSON."""

import math

import pytest

from data.errors import SourceLayoutError, SourceValueError
from data.readers.bpe_departements import read_bpe_departements
from data.readers.commune_indicators import read_fedi, read_poverty_rate, read_share_75plus
from data.readers.legal_populations import read_legal_populations
from tests.test_data.official_files import BPE_LABELS, official_file


def bpe_with(tmp_path, row, label, value):
    file = official_file("bpe")
    file.model[row][BPE_LABELS.index(label)] = value
    return file.written(tmp_path)


def test_departments_in_our_units(tmp_path):
    table = read_bpe_departements(official_file("bpe").written(tmp_path)).set_index("departement_code")
    assert len(table) == 101
    ain = table.loc["01"].to_dict()
    assert ain == {
        "n_gp": 439.0,
        "n_nurses": 890.0,
        "n_pharmacies": 160.0,
        "n_dentists": 323.0,
        "n_emergency": 5.0,
        "population_2025": 688626.0,
        "life_expectancy_women_years": 86.0,
        "life_expectancy_men_years": 81.4,
        "mortality_per_1000": 7.9,
        "mortality_under_65_per_1000": 1.4,
        "poverty_rate_2021": pytest.approx(0.108),  # 10.8 % in the file
        "median_living_standard_2021_eur": 24810.0,
        "density_2022_per_km2": 116.5,
    }
    mayotte = table.loc["976"]
    assert mayotte["n_gp"] == 39.0
    assert math.isnan(mayotte["poverty_rate_2021"])  # « N/A » is unknown, not 0


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("Médecin généraliste (en nombre) 2024", "439.5", "nombre entier"),
        ("Taux de pauvreté 2021", "108", "entre 0 et 100"),
        ("Taux de pauvreté 2021", "10,8", "« 10,8 »"),
        ("Urgences (en nombre) 2024", "n.d.", "N/A - résultat non disponible"),
        ("Code", "02", "une seule fois"),
        ("Code", "1", "code de département"),
    ],
)
def test_a_faulty_department_is_named(tmp_path, label, value, said):
    with pytest.raises(SourceValueError, match=f"bpe.csv, ligne .*{said}"):
        read_bpe_departements(bpe_with(tmp_path, 3, label, value))


def test_a_department_that_is_not_there_is_named(tmp_path):
    file = official_file("bpe")
    del file.model[3]
    with pytest.raises(SourceLayoutError, match=r"101 départements.*01 absents"):
        read_bpe_departements(file.written(tmp_path))


def test_another_year_is_refused(tmp_path):
    with pytest.raises(SourceLayoutError, match="Estimations de population 2025"):
        read_bpe_departements(bpe_with(tmp_path, 2, "Estimations de population 2025", "Estimations de population 2026"))


def test_populations_long_with_insee_codes(tmp_path):
    table = read_legal_populations(official_file("populations").written(tmp_path))
    assert len(table) == 3 * 9
    population = table.set_index(["commune_code", "year"])["population"]
    assert population[("85062", 2013)] == 968
    assert population[("97102", 2021)] == 5106  # written 971102 in the file: department, then commune
    assert math.isnan(population[("16351", 2021)])  # merged in 2019: unknown, not 0


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (4, "971202", None),
        (4, "972102", "code INSEE"),  # department 972, but a commune code of 971
        (4, "8506", "code INSEE"),
        (4, "16351", "une fois"),
        (6, 968.5, "nombre entier"),
        (6, -1, "entre 0"),
        (6, "968 hab", "p13_pop"),
    ],
)
def test_a_faulty_population_is_named(tmp_path, column, value, said):
    file = official_file("populations")
    next(iter(file.model.values()))[1][column] = value
    said = said or "code INSEE"
    with pytest.raises(SourceValueError, match=f"ligne .*{said}"):
        read_legal_populations(file.written(tmp_path))


def test_a_year_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceLayoutError, match="p22_pop"):
        read_legal_populations(official_file("populations").written(tmp_path), years=range(2013, 2023))


def test_percentages_become_shares_and_null_stays_unknown(tmp_path):
    shares = read_share_75plus(official_file("share_75plus").written(tmp_path)).set_index("commune_code")[
        "share_75plus"
    ]
    assert shares.index.tolist() == ["01001", "01002", "2A004"]
    assert shares["01001"] == pytest.approx(0.088)
    assert math.isnan(shares["01002"])
    rates = read_poverty_rate(official_file("poverty_rate").written(tmp_path)).set_index("commune_code")["poverty_rate"]
    assert rates["2B033"] == pytest.approx(0.205)
    assert math.isnan(rates["46063"])
    scores = read_fedi(official_file("fedi").written(tmp_path)).set_index("commune_code")["fedi"]
    assert scores["01023"] == -1.36  # a score: no unit, no division
    assert math.isnan(scores["85165"])


@pytest.mark.parametrize("value", [101, -0.1, "8.8", True, [8.8]])
def test_a_value_that_is_no_percentage_is_named(tmp_path, value):
    file = official_file("poverty_rate")
    file.model["01001"]["tx_pauvrete"] = value
    with pytest.raises(SourceValueError, match="commune 01001, tx_pauvrete"):
        read_poverty_rate(file.written(tmp_path))


def test_a_code_that_lost_its_zero_is_named(tmp_path):
    file = official_file("poverty_rate")
    file.model["1001"] = file.model.pop("01001")
    with pytest.raises(SourceValueError, match="clé « 1001 »"):
        read_poverty_rate(file.written(tmp_path))


def test_json_that_python_would_take_and_we_do_not(tmp_path):
    file = official_file("poverty_rate")
    twice = b'{"01001": {"tx_pauvrete": 8.0}, "01001": {"tx_pauvrete": 9.0}}'
    with pytest.raises(SourceLayoutError, match=r"01001.*doublon"):
        read_poverty_rate(file.written(tmp_path, twice))
    with pytest.raises(SourceValueError, match=r"nombre fini.*NaN"):
        read_poverty_rate(file.written(tmp_path, b'{"01001": {"tx_pauvrete": NaN}}'))
    with pytest.raises(SourceValueError):
        read_poverty_rate(file.written(tmp_path, b'{"01001": {"tx_pauvrete": 1e999}}'))


@pytest.mark.mirror
def test_the_official_files(mirror):
    bpe = read_bpe_departements(mirror / "insee_bpe_2024_departements" / "departements_bpe_2024.csv")
    assert bpe["n_gp"].sum() == 60_573
    assert bpe["population_2025"].sum() == 68_605_616
    (path,) = (mirror / "insee_populations_2013_2021").glob("*.xlsx")
    populations = read_legal_populations(path)
    assert populations["commune_code"].nunique() == 34_995
    assert populations["commune_code"].str.startswith("97").groupby(populations["year"]).sum().unique().tolist() == [
        112
    ]
    assert populations.loc[populations["year"] == 2021, "population"].sum() == 67_406_164
    shares = read_share_75plus(mirror / "insee_part_75plus_2022" / "part_personnes_agees_communes.json")
    assert (len(shares), shares["share_75plus"].max()) == (34_848, pytest.approx(0.511))
    rates = read_poverty_rate(mirror / "insee_pauvrete_2021" / "tx_pauvrete_communes.json")
    assert (len(rates), rates["poverty_rate"].isna().sum()) == (34_746, 2)
    fedi = read_fedi(mirror / "spf_fedi_2021" / "fedi_communes.json")
    assert (len(fedi), fedi["fedi"].isna().sum()) == (34_848, 3)
