"""The toy country's tables of care: APL, structures, professionals (see tests/toy.py for the places)."""

from __future__ import annotations

import numpy as np
import pandas as pd

GENERAL_PRACTITIONERS = "Ensemble des médecins généralistes"


def table(columns: str, rows: list[tuple[object, ...]], text: str, key: str) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=columns.split())
    made = made.astype(dict.fromkeys(text.split(), "str"))
    return made.sort_values(key.split()).reset_index(drop=True)


def apl() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        (2022, "31001", "31001", 4.0, 3.5, 19000.0, 19800.0),
        (2022, "31002", "31002", 2.6, 2.4, 3000.0, 2900.0),
        (2022, "31003", "31003", 2.0, 1.2, 1100.0, 1000.0),
        (2022, "31004", "31004", 3.0, 2.0, 2000.0, 1900.0),
        (2022, "32001", "32001", 3.2, 2.8, 8000.0, 7400.0),
        (2022, "32900", "32001", 1.6, 1.0, 1000.0, 700.0),  # merged since: two units in one current commune
        (2022, "32002", "32002", 1.2, 0.8, 600.0, 500.0),
        (2022, "69002", "69002", 2.4, 2.2, 4200.0, 4000.0),
        (2022, "69381", "69123", 5.0, 4.6, 9000.0, 10000.0),
        (2022, "69382", "69123", 3.0, 2.3, 18000.0, 19500.0),
        (2022, "97401", "97401", 3.6, 3.4, 5000.0, 5900.0),
        (2023, "31001", "31001", 3.8, 3.3, 19200.0, 19900.0),
        (2023, "31002", "31002", 2.4, 2.2, 3050.0, 2950.0),
        (2023, "31003", "31003", 1.9, 1.1, 1100.0, 1000.0),
        (2023, "31004", "31004", 2.8, 1.8, 2050.0, 1950.0),
        (2023, "32001", "32001", 2.9, 2.5, 9100.0, 8100.0),
        (2023, "32002", "32002", 1.1, 0.7, 600.0, 500.0),
        (2023, "69002", "69002", 2.6, 2.5, 4200.0, 4000.0),
        (2023, "69381", "69123", 4.9, 4.5, 9000.0, 10000.0),
        (2023, "69382", "69123", 2.9, 2.2, 18200.0, 19800.0),
        (2023, "97401", "97401", 3.5, 3.3, 5100.0, 5950.0),
    ]
    return table(
        "vintage unit_code commune_code apl apl_65 population_standardised population_total",
        rows,
        "unit_code commune_code",
        "vintage unit_code",
    )


def apl_departements() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("departement", "31", 2023, 3.34, np.nan, np.nan),
        ("departement", "31", 2024, 3.31, 26000.0, 4000.0),
        ("departement", "32", 2024, 2.75, 9000.0, 500.0),
        ("departement", "69", 2024, 3.45, 34000.0, 5800.0),
        ("departement", "974", 2024, 3.4, 6000.0, 1900.0),
        ("france", "FR", 2024, 3.2, np.nan, np.nan),
    ]
    return table(
        "level territory_code vintage apl population_total population_under_2_5",
        rows,
        "level territory_code",
        "level territory_code vintage",
    )


def apl_parameters() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("age_weight", 2022, 0.0, 5.0, 1.2, "consultations par habitant, France = 1"),
        ("age_weight", 2022, 5.0, 75.0, 0.9, "consultations par habitant, France = 1"),
        ("age_weight", 2022, 75.0, np.inf, 1.9, "consultations par habitant, France = 1"),
        ("distance_weight", 0, 0.0, 10.0, 1.0, "minutes"),
        ("distance_weight", 0, 10.0, 15.0, 2 / 3, "minutes"),
        ("distance_weight", 0, 15.0, 20.0, 1 / 3, "minutes"),
        ("distance_weight", 0, 20.0, np.inf, 0.0, "minutes"),
        ("supply_counted", 0, 0.0, 251.0, 0.0, "actes par an"),
        ("supply_counted", 0, 251.0, 3601.0, 3600.0, "actes par an"),
        ("supply_counted", 0, 3601.0, 6001.0, np.nan, "actes par an"),
        ("supply_counted", 0, 6001.0, np.inf, 6000.0, "actes par an"),
    ]
    return table("parameter vintage lower upper value unit", rows, "parameter unit", "parameter vintage lower")


def msp_series() -> pd.DataFrame:
    dates = ("2021-12-31", "2022-06-30", "2022-12-31")
    counts = {
        ("departement", "31"): (2, 3, 4),
        ("departement", "32"): (1, 1, 2),
        ("departement", "69"): (3, 3, 3),
        ("departement", "974"): (0, 0, 1),
        ("departement", "976"): (0, 0, 0),
        ("region", "04"): (0, 0, 1),
        ("region", "06"): (0, 0, 0),
        ("region", "76"): (3, 4, 6),
        ("region", "84"): (3, 3, 3),
        ("france", "FR"): (6, 7, 10),
    }
    rows: list[tuple[object, ...]] = [
        (level, code, "msp", pd.Timestamp(date), float(n))
        for (level, code), series in counts.items()
        for date, n in zip(dates, series, strict=True)
    ]
    # Health centres stop one year earlier, as in the official series.
    centres = {("departement", "31"): 1, ("departement", "69"): 2, ("region", "76"): 1, ("region", "84"): 2}
    centres |= {("france", "FR"): 3}
    rows += [(level, code, "centre_sante", pd.Timestamp(dates[0]), float(n)) for (level, code), n in centres.items()]
    return table(
        "level territory_code structure_type date n_structures",
        rows,
        "level territory_code structure_type",
        "level territory_code structure_type date",
    )


def msp_targets() -> pd.DataFrame:
    date = pd.Timestamp("2022-12-31")
    return table(
        "level territory_code structure_type target_date target",
        [
            ("france", "FR", "msp", date, 12.0),
            ("region", "76", "msp", date, 7.0),
            ("departement", "31", "msp", date, 5.0),
        ],
        "level territory_code structure_type",
        "level territory_code structure_type target_date",
    )


def structures() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("310000001", "msp", "MSP de Villehaute", "31001", "31", 1.441, 43.601, "2012-05-01", "ok"),
        ("310000002", "msp", "MSP de Rivelune", "31004", "31", 1.10, 43.60, "2020-09-15", "ok"),
        ("310000003", "cpts", "CPTS de la Haute-Rive", "31001", "31", 1.45, 43.60, "2021-01-01", "ok"),
        ("310000004", "centre_sante", "Centre de santé municipal", "31001", "31", 1.43, 43.61, "1998-03-02", "ok"),
        ("310000005", "pharmacie", "Pharmacie de Prébois", "31002", "31", 1.55, 43.62, "1975-01-01", "ok"),
        ("310000006", "hopital", "Centre hospitalier", "31001", "31", 1.42, 43.58, "1960-01-01", "ok"),
        ("320000001", "msp", "MSP d'Auchelle", "32001", "32", 0.602, 43.651, "2018-11-30", "ok"),
        ("320000002", "pharmacie", "Pharmacie d'Auchelle", "32001", "32", 0.60, 43.65, "1982-06-01", "ok"),
        ("320000003", "msp", "MSP du Pont", "32001", "32", 0.60, 43.65, None, "commune"),
        ("320000004", "pharmacie", "Pharmacie de Sèchecombe", "32002", "32", 0.95, 43.72, "1990-01-01", "loin_commune"),
    ]
    columns = "finess_code structure_type name commune_code departement_code longitude latitude opened_on point_flag"
    sites = pd.DataFrame(rows, columns=columns.split())
    sites.insert(3, "address", "1 place de la Mairie")
    sites.insert(6, "region_code", "76")
    sites["opened_on"] = pd.to_datetime(sites["opened_on"])
    sites["category_basis"] = "finess"
    sites["as_of"] = pd.Timestamp("2026-04-01")
    sites["place_as_of"] = sites["as_of"].where(sites["point_flag"] != "commune")
    text = "finess_code structure_type name address commune_code departement_code region_code point_flag category_basis"
    return sites.astype(dict.fromkeys(text.split(), "str"))


def structures_2021() -> pd.DataFrame:
    """Return the sites that were there on 8 January 2021, in the columns of that day."""
    sites = structures().drop(columns=["category_basis", "as_of", "place_as_of"])
    return sites[sites["opened_on"] < "2021-01-08"].reset_index(drop=True)


def professionals() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("31", GENERAL_PRACTITIONERS, 30.0, False, 2024),
        ("31", "Infirmiers", 60.0, False, 2024),
        ("32", GENERAL_PRACTITIONERS, 8.0, False, 2024),
        ("32", "Infirmiers", 15.0, False, 2024),
        ("69", GENERAL_PRACTITIONERS, 40.0, False, 2024),
        ("69", "Infirmiers", 50.0, False, 2024),
        ("974", GENERAL_PRACTITIONERS, 7.0, False, 2024),
        ("974", "Infirmiers", 20.0, False, 2024),
        ("976", GENERAL_PRACTITIONERS, np.nan, True, 2024),
        ("976", "Infirmiers", 9.0, False, 2024),
    ]
    return table(
        "departement_code profession n_professionals suppressed vintage",
        rows,
        "departement_code profession",
        "departement_code profession",
    )


def bpe_departements() -> pd.DataFrame:
    return table(
        "departement_code n_gp n_nurses n_pharmacies n_dentists n_emergency population_2025 poverty_rate_2021",
        [
            ("31", 33.0, 70.0, 12.0, 18.0, 1.0, 26200.0, 0.19),
            ("32", 9.0, 17.0, 5.0, 4.0, 1.0, 8850.0, 0.175),
            ("69", 44.0, 58.0, 15.0, 25.0, 2.0, 34300.0, 0.15),
            ("974", 8.0, 23.0, 3.0, 3.0, 1.0, 6050.0, 0.36),
            ("976", 4.0, 10.0, 2.0, 1.0, 1.0, 12500.0, np.nan),
        ],
        "departement_code",
        "departement_code",
    )


def rpps_age() -> pd.DataFrame:
    counts = {2019: (10.0, 22.0, 30.0, 18.0), 2020: (12.0, 21.0, 29.0, 20.0)}
    bounds = ((25.0, 35.0), (35.0, 50.0), (50.0, 65.0), (65.0, np.inf))
    rows: list[tuple[object, ...]] = [
        (year, lower, upper, n)
        for year, by_age in counts.items()
        for (lower, upper), n in zip(bounds, by_age, strict=True)
    ]
    return table("year age_min age_max n_doctors", rows, "", "year age_min")


def rpps_departements() -> pd.DataFrame:
    counts = {"31": (35.0, 37.0), "32": (10.0, 9.0), "69": (25.0, 26.0), "974": (7.0, 7.0), "976": (3.0, 3.0)}
    rows: list[tuple[object, ...]] = [
        (year, code, n) for code, series in counts.items() for year, n in zip((2019, 2020), series, strict=True)
    ]
    return table("year departement_code n_doctors", rows, "departement_code", "year departement_code")
