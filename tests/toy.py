"""The toy country: twelve communes in exactly the schema of the snapshot, small enough to be checked by hand.

What each place is there for:

- 31001 Villehaute: the town, four kinds of structures, above every threshold.
- 31003 Montclair: under 2.5 in both series, its poverty rate is a statistical secret, its point is on its surface.
- 200000002: an EPCI over two departments.
- 32001 Auchelle: absorbed 32900 after 2022, so that its APL of 2022 comes in two units.
- 32003 Inconnue: unknown of everything but its inhabitants (no APL, zone, context, area; a point taken from its EPCI).
- 32004 Village-Mort: nobody lives there, and it belongs to no EPCI.
- 69123 Grandrive: a town of arrondissements (69381, 69382), outside the region whose structures are known.
- 97401 Case-Volcan: overseas, with an APL, without context nor zone.
- 97601 Lagon: overseas, without APL, its GPs hidden by the secrecy of small counts.

Populations: department 31 = 26 000, 32 = 8 900, 69 = 34 000, 974 = 6 000, 976 = 12 000; region 76 = 34 900;
France = 86 900.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

if TYPE_CHECKING:
    from coverage.indicators import Tables

GENERAL_PRACTITIONERS = "Ensemble des médecins généralistes"
COVERED_REGIONS = frozenset({"76"})


@dataclass(frozen=True)
class ToyCountry:
    """Every table of the snapshot, for a country that fits on a page."""

    communes: pd.DataFrame
    epci: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame
    commune_history: pd.DataFrame
    apl: pd.DataFrame
    apl_parameters: pd.DataFrame
    msp_series: pd.DataFrame
    msp_targets: pd.DataFrame
    structures: pd.DataFrame
    professionals: pd.DataFrame
    bpe_departements: pd.DataFrame
    population_series: pd.DataFrame
    commune_context: pd.DataFrame
    zoning: pd.DataFrame
    rpps_age: pd.DataFrame
    rpps_departements: pd.DataFrame
    commune_geometry: gpd.GeoDataFrame

    def tables(self) -> Tables:
        """Give the tables that the indicators read, the structures being known in region 76 only."""
        from coverage.indicators import Tables  # noqa: PLC0415 - the toy is also used by tests of the lower floors

        return Tables(
            communes=self.communes,
            apl=self.apl,
            msp_series=self.msp_series,
            structures=self.structures,
            covered_regions=COVERED_REGIONS,
            professionals=self.professionals,
            bpe_departements=self.bpe_departements,
            population_series=self.population_series,
            commune_context=self.commune_context,
            zoning=self.zoning,
        )


def _table(columns: str, rows: list[tuple[object, ...]], text: str, key: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns.split())
    table = table.astype(dict.fromkeys(text.split(), "str"))
    return table.sort_values(key.split()).reset_index(drop=True)


def _communes() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("31001", "Villehaute", "31", "76", "200000001", "31000 31100", 20000.0, 1.44, 43.60, "mairie", 10.0),
        ("31002", "Prébois", "31", "76", "200000001", "31110", 3000.0, 1.55, 43.62, "mairie", 30.0),
        ("31003", "Montclair", "31", "76", "200000001", "31110", 1000.0, 1.70, 43.55, "surface", 40.0),
        ("31004", "Rivelune", "31", "76", "200000002", "31120", 2000.0, 1.10, 43.60, "mairie", 50.0),
        ("32001", "Auchelle", "32", "76", "200000002", "32000", 8000.0, 0.60, 43.65, "mairie", 80.0),
        ("32002", "Sèchecombe", "32", "76", "200000002", "32100", 500.0, 0.85, 43.60, "mairie", 25.0),
        ("32003", "Inconnue", "32", "76", "200000002", "32200", 400.0, 0.70, 43.50, "centre_epci", np.nan),
        ("32004", "Village-Mort", "32", "76", None, "32200", 0.0, 0.20, 43.80, "surface", 5.0),
        ("69002", "Colline", "69", "84", "200000003", "69220", 4000.0, 4.60, 46.00, "mairie", 40.0),
        ("69123", "Grandrive", "69", "84", "200000003", "69001 69002", 30000.0, 4.84, 45.76, "mairie", 20.0),
        ("97401", "Case-Volcan", "974", "04", None, "97410", 6000.0, 55.45, -21.00, "mairie", 60.0),
        ("97601", "Lagon", "976", "06", None, "97600", 12000.0, 45.23, -12.78, "mairie", 30.0),
    ]
    return _table(
        "commune_code name departement_code region_code epci_code postcodes population longitude latitude"
        " point_origin area_km2",
        rows,
        "commune_code name departement_code region_code epci_code postcodes point_origin",
        "commune_code",
    )


def _epci() -> pd.DataFrame:
    return _table(
        "epci_code name epci_type departement_code region_code population",
        [
            ("200000001", "CA de Villehaute", "CA", "31", "76", 24000.0),
            ("200000002", "CC des Deux-Rives", "CC", "32", "76", 10900.0),
            ("200000003", "Métropole de Grandrive", "METRO", "69", "84", 34000.0),
        ],
        "epci_code name epci_type departement_code region_code",
        "epci_code",
    )


def _departements() -> pd.DataFrame:
    return _table(
        "departement_code name region_code prefecture_code",
        [
            ("31", "Haute-Rive", "76", "31001"),
            ("32", "Basse-Rive", "76", "32001"),
            ("69", "Grandrive", "84", "69123"),
            ("974", "Île du Volcan", "04", "97401"),
            ("976", "Île du Lagon", "06", "97601"),
        ],
        "departement_code name region_code prefecture_code",
        "departement_code",
    )


def _regions() -> pd.DataFrame:
    return _table(
        "region_code name prefecture_code",
        [
            ("04", "Île du Volcan", "97401"),
            ("06", "Île du Lagon", "97601"),
            ("76", "Deux-Rives", "31001"),
            ("84", "Monts-et-Fleuve", "69123"),
        ],
        "region_code name prefecture_code",
        "region_code",
    )


def _commune_history() -> pd.DataFrame:
    return _table(
        "old_code commune_code relation",
        [
            ("31901", "31002", "associee"),
            ("32900", "32001", "ancienne"),
            ("32901", "32002", "deleguee"),
            ("69381", "69123", "arrondissement"),
            ("69382", "69123", "arrondissement"),
        ],
        "old_code commune_code relation",
        "old_code",
    )


def _apl() -> pd.DataFrame:
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
    return _table(
        "vintage unit_code commune_code apl apl_65 population_standardised population_total",
        rows,
        "unit_code commune_code",
        "vintage unit_code",
    )


def _apl_parameters() -> pd.DataFrame:
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
    return _table("parameter vintage lower upper value unit", rows, "parameter unit", "parameter vintage lower")


def _msp_series() -> pd.DataFrame:
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
    return _table(
        "level territory_code structure_type date n_structures",
        rows,
        "level territory_code structure_type",
        "level territory_code structure_type date",
    )


def _msp_targets() -> pd.DataFrame:
    date = pd.Timestamp("2022-12-31")
    return _table(
        "level territory_code structure_type target_date target",
        [
            ("france", "FR", "msp", date, 12.0),
            ("region", "76", "msp", date, 7.0),
            ("departement", "31", "msp", date, 5.0),
        ],
        "level territory_code structure_type",
        "level territory_code structure_type target_date",
    )


def _structures() -> pd.DataFrame:
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
    table = pd.DataFrame(rows, columns=columns.split())
    table.insert(3, "address", "1 place de la Mairie")
    table.insert(6, "region_code", "76")
    table["opened_on"] = pd.to_datetime(table["opened_on"])
    text = "finess_code structure_type name address commune_code departement_code region_code point_flag"
    return table.astype(dict.fromkeys(text.split(), "str"))


def _professionals() -> pd.DataFrame:
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
    return _table(
        "departement_code profession n_professionals suppressed vintage",
        rows,
        "departement_code profession",
        "departement_code profession",
    )


def _bpe_departements() -> pd.DataFrame:
    return _table(
        "departement_code n_gp n_nurses n_pharmacies n_dentists n_emergency population_2025",
        [
            ("31", 33.0, 70.0, 12.0, 18.0, 1.0, 26200.0),
            ("32", 9.0, 17.0, 5.0, 4.0, 1.0, 8850.0),
            ("69", 44.0, 58.0, 15.0, 25.0, 2.0, 34300.0),
            ("974", 8.0, 23.0, 3.0, 3.0, 1.0, 6050.0),
            ("976", 4.0, 10.0, 2.0, 1.0, 1.0, 12500.0),
        ],
        "departement_code",
        "departement_code",
    )


def _population_series() -> pd.DataFrame:
    # (2013, 2021) with a straight line between; 32003 and 97601 are absent from the older lists.
    ends = {
        "31001": (18000, 20000),
        "31002": (2500, 2900),
        "31003": (1200, 1000),
        "31004": (2000, 2000),
        "32001": (8400, 8080),
        "32002": (580, 500),
        "32004": (0, 0),
        "69002": (3600, 4000),
        "69123": (28000, 29600),
        "97401": (5200, 6000),
    }
    rows: list[tuple[object, ...]] = [
        (code, year, float(round(first + (last - first) * (year - 2013) / 8)))
        for code, (first, last) in ends.items()
        for year in range(2013, 2022)
    ]
    return _table("commune_code year population", rows, "commune_code", "commune_code year")


def _commune_context() -> pd.DataFrame:
    return _table(
        "commune_code share_75plus poverty_rate fedi",
        [
            ("31001", 0.08, 0.20, 1.5),
            ("31002", 0.10, 0.10, -1.0),
            ("31003", 0.14, np.nan, 0.4),
            ("31004", 0.12, 0.15, 0.0),
            ("32001", 0.13, 0.18, 2.0),
            ("32002", 0.18, 0.22, 3.0),
            ("32003", np.nan, np.nan, np.nan),
            ("32004", np.nan, np.nan, np.nan),
            ("69002", 0.09, 0.07, -3.0),
            ("69123", 0.07, 0.16, 1.0),
            ("97401", np.nan, np.nan, np.nan),
            ("97601", np.nan, np.nan, np.nan),
        ],
        "commune_code",
        "commune_code",
    )


def _zoning() -> pd.DataFrame:
    zones: dict[str, str | None] = {
        "31001": "HZ",
        "31002": "ZAC",
        "31003": "ZIP",
        "31004": "ZIP",
        "32001": "ZAC",
        "32002": "ZIP",
        "32003": None,
        "32004": "ZIP",
        "69002": "ZAR",
        "69123": "HZ",
        "97401": None,
        "97601": None,
    }
    return _table("commune_code zone", list(zones.items()), "commune_code zone", "commune_code")


def _rpps_age() -> pd.DataFrame:
    counts = {2019: (10.0, 22.0, 30.0, 18.0), 2020: (12.0, 21.0, 29.0, 20.0)}
    bounds = ((25.0, 35.0), (35.0, 50.0), (50.0, 65.0), (65.0, np.inf))
    rows: list[tuple[object, ...]] = [
        (year, lower, upper, n)
        for year, by_age in counts.items()
        for (lower, upper), n in zip(bounds, by_age, strict=True)
    ]
    return _table("year age_min age_max n_doctors", rows, "", "year age_min")


def _rpps_departements() -> pd.DataFrame:
    counts = {"31": (35.0, 37.0), "32": (10.0, 9.0), "69": (25.0, 26.0), "974": (7.0, 7.0), "976": (3.0, 3.0)}
    rows: list[tuple[object, ...]] = [
        (year, code, n) for code, series in counts.items() for year, n in zip((2019, 2020), series, strict=True)
    ]
    return _table("year departement_code n_doctors", rows, "departement_code", "year departement_code")


def _commune_geometry(communes: pd.DataFrame) -> gpd.GeoDataFrame:
    # Small squares that never touch: enough for drawing and lookups; the areas of the communes are not theirs.
    half = 0.02
    shaped = communes[communes["area_km2"].notna()]
    squares = [
        box(x - half, y - half, x + half, y + half)
        for x, y in zip(shaped["longitude"], shaped["latitude"], strict=True)
    ]
    return gpd.GeoDataFrame({"commune_code": shaped["commune_code"].to_numpy()}, geometry=squares, crs="EPSG:4326")


def toy_country() -> ToyCountry:
    """Build a fresh toy country: a test may not spoil another's."""
    communes = _communes()
    return ToyCountry(
        communes=communes,
        epci=_epci(),
        departements=_departements(),
        regions=_regions(),
        commune_history=_commune_history(),
        apl=_apl(),
        apl_parameters=_apl_parameters(),
        msp_series=_msp_series(),
        msp_targets=_msp_targets(),
        structures=_structures(),
        professionals=_professionals(),
        bpe_departements=_bpe_departements(),
        population_series=_population_series(),
        commune_context=_commune_context(),
        zoning=_zoning(),
        rpps_age=_rpps_age(),
        rpps_departements=_rpps_departements(),
        commune_geometry=_commune_geometry(communes),
    )
