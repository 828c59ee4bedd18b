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

from tests import toy_care
from tests.toy_care import GENERAL_PRACTITIONERS, table

if TYPE_CHECKING:
    from coverage.indicators import Tables

__all__ = ["COVERED_REGIONS", "GENERAL_PRACTITIONERS", "ToyCountry", "toy_country"]

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
    return table(
        "commune_code name departement_code region_code epci_code postcodes population longitude latitude"
        " point_origin area_km2",
        rows,
        "commune_code name departement_code region_code epci_code postcodes point_origin",
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
    return table("commune_code year population", rows, "commune_code", "commune_code year")


def _commune_context() -> pd.DataFrame:
    return table(
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
    return table("commune_code zone", list(zones.items()), "commune_code zone", "commune_code")


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
        apl=toy_care.apl(),
        apl_parameters=toy_care.apl_parameters(),
        msp_series=toy_care.msp_series(),
        msp_targets=toy_care.msp_targets(),
        structures=toy_care.structures(),
        professionals=toy_care.professionals(),
        bpe_departements=toy_care.bpe_departements(),
        population_series=_population_series(),
        commune_context=_commune_context(),
        zoning=_zoning(),
        rpps_age=toy_care.rpps_age(),
        rpps_departements=toy_care.rpps_departements(),
        commune_geometry=_commune_geometry(communes),
    )
