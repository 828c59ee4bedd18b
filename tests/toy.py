"""The toy country: twelve communes in exactly the schema of the snapshot, small enough to be checked by hand.

What each place is there for:

- 31001 Villehaute: the town, four kinds of structures, above every threshold.
- 31003 Montclair: under 2.5 in both series, the poverty rate of its bassin de vie is a secret, its point is on its
  surface.
- 200000002: an EPCI over two departments, as the bassin de vie 32001 and the aire d'attraction 001.
- 31003, 32002, 32003, 32004, 97401, 97601: in no aire d'attraction.
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

from tests import toy_care, toy_places, toy_practitioners
from tests.toy_care import GENERAL_PRACTITIONERS, table

if TYPE_CHECKING:
    from coverage.indicators.commune_facts import Tables

__all__ = ["COVERED_REGIONS", "GENERAL_PRACTITIONERS", "ToyCountry", "toy_country"]

COVERED_REGIONS = frozenset({"76"})
_ZONINGS: dict[str, tuple[str | None, str | None]] = {
    "31001": ("31001", "001"),
    "31002": ("31001", "001"),
    "31003": ("31003", None),
    "31004": ("32001", "001"),
    "32001": ("32001", "001"),
    "32002": ("32001", None),
    "32003": (None, None),
    "32004": ("32001", None),
    "69002": ("69123", "002"),
    "69123": ("69123", "002"),
    "97401": ("97401", None),
    "97601": ("97601", None),
}
"""Bassin de vie and aire d'attraction of each commune."""


@dataclass(frozen=True)
class ToyCountry:
    """Every table of the snapshot, for a country that fits on a page."""

    communes: pd.DataFrame
    epci: pd.DataFrame
    bassins_de_vie: pd.DataFrame
    aires_attraction: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame
    commune_history: pd.DataFrame
    arrondissements: pd.DataFrame
    cpts_perimeters: pd.DataFrame
    apl: pd.DataFrame
    apl_parameters: pd.DataFrame
    msp_series: pd.DataFrame
    msp_targets: pd.DataFrame
    structures: pd.DataFrame
    structures_2021: pd.DataFrame
    professionals: pd.DataFrame
    bpe_departements: pd.DataFrame
    population_series: pd.DataFrame
    population_estimates: pd.DataFrame
    commune_context: pd.DataFrame
    zoning: pd.DataFrame
    bpe_communes: pd.DataFrame
    apl_professions: pd.DataFrame
    apl_departements: pd.DataFrame
    commune_traits: pd.DataFrame
    qpv: pd.DataFrame
    rpps_age: pd.DataFrame
    rpps_departements: pd.DataFrame
    commune_geometry: gpd.GeoDataFrame

    def tables(self) -> Tables:
        """Return the tables that the indicators read, the structures being known in region 76 only."""
        from coverage.indicators.commune_facts import Tables  # noqa: PLC0415 - the toy is also used by tests of the lower floors

        return Tables(
            communes=self.communes,
            apl=self.apl,
            msp_series=self.msp_series,
            structures=self.structures,
            covered_regions=COVERED_REGIONS,
            professionals=self.professionals,
            bpe_departements=self.bpe_departements,
            population_series=self.population_series,
            population_estimates=self.population_estimates,
            commune_context=self.commune_context,
            zoning=self.zoning,
            bpe_communes=self.bpe_communes,
            apl_professions=self.apl_professions,
            apl_departements=self.apl_departements,
            commune_traits=self.commune_traits,
            qpv=self.qpv,
            bassins_de_vie=self.bassins_de_vie,
        )


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
    rows = [(*row[:5], *_ZONINGS[str(row[0])], *row[5:]) for row in rows]
    return table(
        "commune_code name departement_code region_code epci_code bassin_de_vie_code aire_attraction_code postcodes"
        " population longitude latitude point_origin area_km2",
        rows,
        "commune_code name departement_code region_code epci_code bassin_de_vie_code aire_attraction_code postcodes"
        " point_origin",
        "commune_code",
    )


def _epci() -> pd.DataFrame:
    return table(
        "epci_code name epci_type departement_code region_code population",
        [
            ("200000001", "CA de Villehaute", "CA", "31", "76", 24000.0),
            ("200000002", "CC des Deux-Rives", "CC", "32", "76", 10900.0),
            ("200000003", "Métropole de Grandrive", "METRO", "69", "84", 34000.0),
        ],
        "epci_code name epci_type departement_code region_code",
        "epci_code",
    )


def _bassins_de_vie() -> pd.DataFrame:
    return table(
        "bassin_de_vie_code name gp_liberal_per_100k share_ald share_75plus poverty_rate",
        [
            ("31001", "Villehaute", 95.0, 0.17, 0.083, 0.20),
            ("31003", "Montclair", 40.0, np.nan, 0.141, np.nan),
            ("32001", "Auchelle", 61.0, np.nan, 0.129, 0.18),
            ("69123", "Grandrive", 102.0, 0.15, 0.072, 0.16),
            ("97401", "Case-Volcan", 88.0, 0.14, 0.051, 0.36),
            ("97601", "Lagon", 0.0, 0.05, np.nan, np.nan),
        ],
        "bassin_de_vie_code name",
        "bassin_de_vie_code",
    )


def _aires_attraction() -> pd.DataFrame:
    return table(
        "aire_attraction_code name",
        [("001", "Villehaute"), ("002", "Grandrive")],
        "aire_attraction_code name",
        "aire_attraction_code",
    )


def _departements() -> pd.DataFrame:
    return table(
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
    return table(
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
    return table(
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


def _arrondissements() -> pd.DataFrame:
    return table(
        "arrondissement_code name commune_code population",
        [
            ("69381", "Grandrive 1er Arrondissement", "69123", 12_000.0),
            ("69382", "Grandrive 2e Arrondissement", "69123", 18_000.0),
        ],
        "arrondissement_code name commune_code",
        "arrondissement_code",
    )


def _cpts_perimeters() -> pd.DataFrame:
    return table(
        "cpts_id commune_code unit_code name finess_code extent",
        [
            ("grandrive-1", "69123", "69381", "CPTS Grandrive 1", None, "entier"),
            ("rive", "31001", "31001", "CPTS de la Rive", "310000017", "entier"),
            ("rive", "31002", "31002", "CPTS de la Rive", "310000017", "partie"),
        ],
        "cpts_id commune_code unit_code name finess_code extent",
        "cpts_id",
    )


def _population_series() -> pd.DataFrame:
    # (2017, 2023): 32003 was born since, 97601 is censused apart; 32001 with the 600 people of 32900, absorbed since.
    ends: dict[str, tuple[float, float]] = {
        "31001": (18000.0, 20000.0),
        "31002": (2500.0, 3000.0),
        "31003": (1200.0, 1000.0),
        "31004": (2000.0, 2000.0),
        "32001": (8400.0, 8000.0),
        "32002": (580.0, 500.0),
        "32003": (np.nan, 400.0),
        "32004": (0.0, 0.0),
        "69002": (3600.0, 4000.0),
        "69123": (28000.0, 30000.0),
        "97401": (5200.0, 6000.0),
        "97601": (np.nan, np.nan),
    }
    rows: list[tuple[object, ...]] = [
        (code, year, people) for code, both in ends.items() for year, people in zip((2017, 2023), both, strict=True)
    ]
    return table("commune_code year population", rows, "commune_code", "commune_code year")


def _population_estimates() -> pd.DataFrame:
    # By department: inhabitants and those of 75 or more in 2017, then in 2023; straight lines between and beyond.
    ends = {
        "31": ((24000, 2000), (25800, 2300)),
        "32": ((9000, 1200), (8900, 1300)),
        "69": ((31800, 2400), (33900, 2700)),
        "974": ((5300, 300), (5900, 400)),
        "976": ((10000, 100), (12400, 110)),
    }
    bounds = [0.0, 20.0, 40.0, 60.0, 75.0, np.inf]
    rows: list[tuple[object, ...]] = []
    for code, ((first, first_old), (last, last_old)) in ends.items():
        for year in range(2016, 2025):
            moved = (year - 2017) / 6
            everyone = round(first + moved * (last - first))
            old = round(first_old + moved * (last_old - first_old))
            quarter = (everyone - old) // 4
            classes = [quarter, quarter, quarter, everyone - old - 3 * quarter, old]
            rows += [
                (code, year, low, high, float(people), year >= 2022)
                for low, high, people in zip(bounds, bounds[1:], classes, strict=False)
            ]
    return table(
        "departement_code year age_min age_max population provisional",
        rows,
        "departement_code",
        "departement_code year age_min",
    )


def _commune_context() -> pd.DataFrame:
    town, hills, river = ("31001", "Villehaute"), ("32001", "Auchelle"), ("69123", "Grandrive")
    return table(
        "commune_code share_75plus bassin_de_vie_code bassin_de_vie_name bassin_de_vie_poverty_rate fedi",
        [
            ("31001", 0.08, *town, 0.20, 1.5),
            ("31002", 0.10, *town, 0.20, -1.0),
            ("31003", 0.14, "31003", "Montclair", np.nan, 0.4),
            ("31004", 0.12, *hills, 0.18, 0.0),
            ("32001", 0.13, *hills, 0.18, 2.0),
            ("32002", 0.18, *hills, 0.18, 3.0),
            ("32003", np.nan, None, None, np.nan, np.nan),
            ("32004", np.nan, *hills, 0.18, np.nan),
            ("69002", 0.09, *river, 0.16, -3.0),
            ("69123", 0.07, *river, 0.16, 1.0),
            ("97401", np.nan, "97401", "Case-Volcan", 0.36, np.nan),
            ("97601", np.nan, "97601", "Lagon", np.nan, np.nan),
        ],
        "commune_code bassin_de_vie_code bassin_de_vie_name",
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
        "97401": None,
        "97601": None,
    }
    rows: list[tuple[object, ...]] = [(code, code, zone, 1.0) for code, zone in zones.items()]
    rows += [("69381", "69123", "HZ", 0.4), ("69382", "69123", "ZAC", 0.6)]
    return table("part_code commune_code zone share", rows, "part_code commune_code zone", "part_code")


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
        bassins_de_vie=_bassins_de_vie(),
        aires_attraction=_aires_attraction(),
        departements=_departements(),
        regions=_regions(),
        commune_history=_commune_history(),
        arrondissements=_arrondissements(),
        cpts_perimeters=_cpts_perimeters(),
        apl=toy_care.apl(),
        apl_parameters=toy_care.apl_parameters(),
        msp_series=toy_care.msp_series(),
        msp_targets=toy_care.msp_targets(),
        structures=toy_care.structures(),
        structures_2021=toy_care.structures_2021(),
        professionals=toy_care.professionals(),
        bpe_departements=toy_care.bpe_departements(),
        population_series=_population_series(),
        population_estimates=_population_estimates(),
        commune_context=_commune_context(),
        zoning=_zoning(),
        bpe_communes=toy_practitioners.bpe_communes(),
        apl_professions=toy_places.apl_professions(),
        apl_departements=toy_care.apl_departements(),
        commune_traits=toy_places.commune_traits(),
        qpv=toy_places.qpv(),
        rpps_age=toy_care.rpps_age(),
        rpps_departements=toy_care.rpps_departements(),
        commune_geometry=_commune_geometry(communes),
    )
