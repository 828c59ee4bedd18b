"""INSEE's tables (departments, populations) and the indicators kept as JSON."""

import gzip
import json
import math

import pandas as pd
import pytest

from data.errors import SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.bassins_de_vie import (
    read_aires_attraction,
    read_bassins_de_vie,
    read_health,
    read_old_age,
    read_poverty_rates,
)
from data.readers.bpe_departements import read_bpe_departements
from data.readers.commune_indicators import read_fedi, read_share_75plus
from data.readers.legal_populations import read_legal_populations
from tests.data.official_files import BPE_LABELS, official_file


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


_OUT = ("000", "Commune hors attraction des villes", "1")


def test_a_commune_out_of_the_attraction_of_towns_is_in_no_aire(tmp_path):
    aires = read_aires_attraction(official_file("aires_attraction").written(tmp_path)).set_index("commune_code")
    assert aires["aire_attraction_code"].to_dict() == {"01001": "524", "2A004": "072", "97101": "9B1"}
    assert aires["aire_attraction_name"]["2A004"] == "Ajaccio"


def test_densities_per_10_000_become_per_100_000_and_a_secret_is_unknown(tmp_path):
    health = read_health(official_file("bassins_health").written(tmp_path)).set_index("bassin_de_vie_code")
    assert health["gp_liberal_per_100k"].to_dict() == pytest.approx({"01004": 90.0, "01033": 34.0, "2B033": 102.0})
    assert health["share_ald"][["01033", "2B033"]].tolist() == pytest.approx([0.137, 0.18])
    assert math.isnan(health["share_ald"]["01004"])
    old = read_old_age(official_file("bassins_old_age").written(tmp_path)).set_index("bassin_de_vie_code")
    assert old["share_75plus"]["01004"] == pytest.approx(0.084)
    assert math.isnan(old["share_75plus"]["97101"])


def test_percentages_become_shares_and_null_stays_unknown(tmp_path):
    shares = read_share_75plus(official_file("share_75plus").written(tmp_path)).set_index("commune_code")[
        "share_75plus"
    ]
    assert shares.index.tolist() == ["01001", "01002", "2A004"]
    assert shares["01001"] == pytest.approx(0.088)
    assert math.isnan(shares["01002"])
    scores = read_fedi(official_file("fedi").written(tmp_path)).set_index("commune_code")["fedi"]
    assert scores["01023"] == -1.36  # a score: no unit, no division
    assert math.isnan(scores["85165"])


def test_poverty_rates_are_those_of_bassins_de_vie(tmp_path):
    rates = read_poverty_rates(official_file("poverty_rates").written(tmp_path)).set_index("bassin_de_vie_code")
    assert rates["poverty_rate"]["2B033"] == pytest.approx(0.20)
    assert rates["poverty_rate"][["46063", "97101"]].isna().all()  # secrecy and « N/A » are unknown, not 0
    members = read_bassins_de_vie(official_file("bassins_de_vie").written(tmp_path)).set_index("commune_code")
    assert members.loc["01001"].tolist() == ["01093", "Châtillon-sur-Chalaronne"]
    assert members.index.tolist() == ["01001", "01002", "2A004", "97101"]


@pytest.mark.parametrize("value", ["101", "-0.1", "8,8", "secret"])
def test_a_poverty_rate_that_is_no_percentage_is_named(tmp_path, value):
    file = official_file("poverty_rates")
    file.model[3][2] = value
    with pytest.raises(SourceValueError, match=f"ligne 4, colonne « Taux de pauvreté 2021 ».*{value}"):
        read_poverty_rates(file.written(tmp_path))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["1001", "012", "Ville", "01093", *_OUT], "code de commune"),
        (["01001", "012", "Ambérieu-en-Bugey", "01004", *_OUT], "une seule fois"),
        (["01003", "012", "Autre nom", "01093", *_OUT], "un seul nom"),
        (["01003", "012", "", "", *_OUT], "code d’un bassin de vie"),
    ],
)
def test_a_wrong_line_of_bassins_is_named(tmp_path, row, message):
    file = official_file("bassins_de_vie")
    file.model.append(row)
    with pytest.raises(SourceValueError, match=message):
        read_bassins_de_vie(file.written(tmp_path))


def test_a_compressed_table_is_the_same_and_a_cut_one_is_refused(tmp_path):
    file = official_file("bassins_de_vie")
    plain = read_bassins_de_vie(file.written(tmp_path))
    packed = gzip.compress(file.contents)
    path = tmp_path / "bassins.csv.gz"
    path.write_bytes(packed)
    assert read_bassins_de_vie(path).equals(plain)
    for wrong in (packed[:-9], file.contents, gzip.compress(b"")):
        path.write_bytes(wrong)
        with pytest.raises(SourceUnreadable, match=r"bassins\.csv\.gz"):
            read_bassins_de_vie(path)


@pytest.mark.parametrize("value", [101, -0.1, "8.8", True, [8.8]])
def test_a_value_that_is_no_percentage_is_named(tmp_path, value):
    file = official_file("share_75plus")
    file.model["01001"]["part_personnes_agees_75_plus"] = value
    with pytest.raises(SourceValueError, match="commune 01001, part_personnes_agees_75_plus"):
        read_share_75plus(file.written(tmp_path))


def test_a_code_that_lost_its_zero_is_named(tmp_path):
    file = official_file("share_75plus")
    file.model["1001"] = file.model.pop("01001")
    with pytest.raises(SourceValueError, match="clé « 1001 »"):
        read_share_75plus(file.written(tmp_path))


def test_json_that_python_would_take_and_we_do_not(tmp_path):
    file = official_file("fedi")
    record = b'{"01001": {"Commune": "A", "EDI": %s}%s}'
    with pytest.raises(SourceLayoutError, match=r"01001.*doublon"):
        read_fedi(file.written(tmp_path, record % (b"8.0", b', "01001": {"Commune": "A", "EDI": 9.0}')))
    with pytest.raises(SourceValueError, match=r"nombre fini.*NaN"):
        read_fedi(file.written(tmp_path, record % (b"NaN", b"")))
    with pytest.raises(SourceValueError):
        read_fedi(file.written(tmp_path, record % (b"1e999", b"")))


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
    folder = mirror / "cartosante_insee_bassins_de_vie_2024"
    rates = read_poverty_rates(folder / "social_determinants.csv").set_index("bassin_de_vie_code")["poverty_rate"]
    assert (len(rates), rates.isna().sum(), rates["75056"]) == (1_707, 13, pytest.approx(0.168))
    (members_path,) = (mirror / "insee_zonages_2025").glob("*.csv.gz")
    members = read_bassins_de_vie(members_path)
    assert (len(members), set(members["bassin_de_vie_code"])) == (34_875, set(rates.index))
    aires = read_aires_attraction(members_path)
    assert (len(aires), aires["aire_attraction_code"].nunique()) == (34_875 - 8_897, 699)
    health, old = read_health(folder / "health.csv"), read_old_age(folder / "social_determinants.csv")
    assert (len(health), health["share_ald"].isna().sum(), old["share_75plus"].isna().sum()) == (1_707, 157, 2)
    # What circulates as « the poverty rate of the commune » is the rate of its bassin de vie, commune by commune.
    circulated = json.loads((mirror / "insee_pauvrete_2021" / "tx_pauvrete_communes.json").read_text("utf-8"))
    ours = members.set_index("commune_code")["bassin_de_vie_code"].map(rates)
    stated = pd.Series({code: record["tx_pauvrete"] for code, record in circulated.items()}, dtype="float64") / 100
    both = pd.concat([ours, stated], axis="columns", join="inner").dropna()
    assert len(both) > 34_600
    assert (both.iloc[:, 0] - both.iloc[:, 1]).abs().max() < 1e-9
    fedi = read_fedi(mirror / "spf_fedi_2021" / "fedi_communes.json")
    assert (len(fedi), fedi["fedi"].isna().sum()) == (34_848, 3)
