"""What each table of the snapshot promises: columns, types, units, key, bounds, links to the communes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa

DEPARTEMENT: Final = r"0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[12346]"
COMMUNE: Final = r"(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB])[0-9]{3}|97[12346][0-9]{2}"
_REGION: Final = r"[0-9]{2}"
_TERRITORY: Final = rf"FR|{_REGION}|{DEPARTEMENT}"

_LEVELS: Final = ("departement", "france", "region")
_STRUCTURE_TYPES: Final = ("centre_sante", "cpts", "hopital", "msp", "pharmacie")
_RELATIONS: Final = ("ancienne", "arrondissement", "associee", "deleguee")
_ZONES: Final = ("HZ", "ZAC", "ZAR", "ZIP")


@dataclass(frozen=True)
class Contract:
    """What a table promises.

    Attributes
    ----------
    columns
        Its columns, in order; the unit of each number is in `metadata["unit"]`.
    key
        Columns that name a row, by which the table is sorted.
    rows
        Fewest and most rows that the table of France may have.
    communes, departements
        Columns whose values must be those of the table `communes`.
    """

    columns: Mapping[str, pa.Column]
    key: tuple[str, ...]
    rows: tuple[int, int]
    communes: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()


def _text(pattern: str = r".+", *, nullable: bool = False) -> pa.Column:
    check = pa.Check.str_matches(rf"^(?:{pattern})$", error=f"un texte de la forme {pattern}")
    return pa.Column("str", check, nullable=nullable)


def _choice(*values: str, nullable: bool = False) -> pa.Column:
    return pa.Column("str", pa.Check.isin(values, error=f"une valeur parmi {', '.join(values)}"), nullable=nullable)


def _number(
    unit: str,
    low: float,
    high: float = np.inf,
    *,
    nullable: bool = False,
    whole: bool = False,
    dtype: str = "float64",
    required: bool = True,
) -> pa.Column:
    checks = [pa.Check.in_range(low, high, error=f"un nombre entre {low:g} et {high:g} ({unit})")]
    if whole:
        checks.append(pa.Check(lambda values: values % 1 == 0, error=f"un nombre entier ({unit})"))
    return pa.Column(dtype, checks, nullable=nullable, metadata={"unit": unit}, required=required)


def _count(unit: str, *, nullable: bool = False, required: bool = True) -> pa.Column:
    return _number(unit, 0.0, nullable=nullable, whole=True, required=required)


def _share(*, nullable: bool = True, required: bool = True) -> pa.Column:
    return _number("part de 0 à 1", 0.0, 1.0, nullable=nullable, required=required)


def _year(first: int, last: int) -> pa.Column:
    return _number("année", first, last, dtype="int64")


def _day(*, nullable: bool = False) -> pa.Column:
    first, last = pd.Timestamp("1800-01-01"), pd.Timestamp("2100-01-01")
    check = pa.Check.in_range(first, last, error="un jour entre 1800 et 2100")
    return pa.Column("datetime64[us]", check, nullable=nullable)


_LONGITUDE: Final = _number("degrés, WGS 84", -63.2, 56.0)
_LATITUDE: Final = _number("degrés, WGS 84", -21.5, 51.2)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "communes": Contract(
            {
                "commune_code": _text(COMMUNE),
                "name": _text(),
                "departement_code": _text(DEPARTEMENT),
                "region_code": _text(_REGION),
                "epci_code": _text(r"[0-9]{9}", nullable=True),
                "postcodes": _text(r"(?:[0-9]{5}(?: [0-9]{5})*)?"),
                "population": _count("habitants"),
                "longitude": _LONGITUDE,
                "latitude": _LATITUDE,
                "point_origin": _choice("mairie", "surface", "contenant", "centre_epci"),
                "area_km2": _number("km²", 0.001, 20_000.0, nullable=True),
            },
            key=("commune_code",),
            rows=(34_500, 35_500),
        ),
        "epci": Contract(
            {
                "epci_code": _text(r"[0-9]{9}"),
                "name": _text(),
                "epci_type": _choice("CA", "CC", "CU", "MET69", "METRO"),
                "departement_code": _text(DEPARTEMENT),
                "region_code": _text(_REGION),
                "population": _count("habitants"),
            },
            key=("epci_code",),
            rows=(1_200, 1_300),
            departements=("departement_code",),
        ),
        "departements": Contract(
            {
                "departement_code": _text(DEPARTEMENT),
                "name": _text(),
                "region_code": _text(_REGION),
                "prefecture_code": _text(COMMUNE),
            },
            key=("departement_code",),
            rows=(101, 101),
            communes=("prefecture_code",),
            departements=("departement_code",),
        ),
        "regions": Contract(
            {"region_code": _text(_REGION), "name": _text(), "prefecture_code": _text(COMMUNE)},
            key=("region_code",),
            rows=(18, 18),
            communes=("prefecture_code",),
        ),
        "commune_history": Contract(
            {"old_code": _text(COMMUNE), "commune_code": _text(COMMUNE), "relation": _choice(*_RELATIONS)},
            key=("old_code",),
            rows=(4_000, 6_000),
            communes=("commune_code",),
        ),
        "apl": Contract(
            {
                "vintage": _year(2015, 2100),
                "unit_code": _text(COMMUNE),
                "commune_code": _text(COMMUNE),
                "apl": _number("consultations par an et par habitant standardisé", 0.0, 100.0, nullable=True),
                "apl_65": _number("consultations par an et par habitant standardisé", 0.0, 100.0, nullable=True),
                "population_standardised": _number("habitants standardisés", 0.0, nullable=True),
                "population_total": _number("habitants", 0.0, nullable=True),
            },
            key=("vintage", "unit_code"),
            rows=(34_000, 400_000),
            communes=("commune_code",),
        ),
        "apl_parameters": Contract(
            {
                "parameter": _choice("age_weight", "distance_weight", "supply_counted"),
                "vintage": _number("année, 0 quand elle n'est pas dite", 0, 2100, dtype="int64"),
                "lower": _number("unité de la ligne", 0.0),
                "upper": _number("unité de la ligne", 0.0),
                "value": _number("poids, ou actes par an", 0.0, nullable=True),
                "unit": _text(),
            },
            key=("parameter", "vintage", "lower"),
            rows=(20, 200),
        ),
        "msp_series": Contract(
            {
                "level": _choice(*_LEVELS),
                "territory_code": _text(_TERRITORY),
                "structure_type": _choice("centre_sante", "msp"),
                "date": _day(),
                "n_structures": _count("structures"),
            },
            key=("level", "territory_code", "structure_type", "date"),
            rows=(1_500, 5_000),
        ),
        "msp_targets": Contract(
            {
                "level": _choice(*_LEVELS),
                "territory_code": _text(_TERRITORY),
                "structure_type": _choice("centre_sante", "msp"),
                "target_date": _day(),
                "target": _count("structures"),
            },
            key=("level", "territory_code", "structure_type"),
            rows=(100, 500),
        ),
        "structures": Contract(
            {
                "finess_code": _text(r"(?:[0-9]{2}|2[AB])[0-9]{7}"),
                "structure_type": _choice(*_STRUCTURE_TYPES),
                "name": _text(),
                "address": _text(r".*"),
                "commune_code": _text(COMMUNE),
                "departement_code": _text(DEPARTEMENT),
                "region_code": _text(_REGION),
                "longitude": _LONGITUDE,
                "latitude": _LATITUDE,
                "opened_on": _day(nullable=True),
                "point_flag": _choice("ok", "loin_commune", "commune"),
            },
            key=("finess_code",),
            rows=(2_000, 100_000),
            communes=("commune_code",),
            departements=("departement_code",),
        ),
        "professionals": Contract(
            {
                "departement_code": _text(DEPARTEMENT),
                "profession": _text(),
                "n_professionals": _count("professionnels", nullable=True),
                "suppressed": pa.Column("bool"),
                "vintage": _year(2015, 2100),
            },
            key=("departement_code", "profession"),
            rows=(3_000, 5_000),
            departements=("departement_code",),
        ),
        "bpe_departements": Contract(
            {
                "departement_code": _text(DEPARTEMENT),
                "n_gp": _count("médecins généralistes", nullable=True),
                "n_nurses": _count("infirmiers", nullable=True),
                "n_pharmacies": _count("pharmacies", nullable=True),
                "n_dentists": _count("chirurgiens-dentistes", nullable=True),
                "n_emergency": _count("services d'urgences", nullable=True),
                "population_2025": _count("habitants", nullable=True),
                "life_expectancy_women_years": _number("années", 60.0, 100.0, nullable=True, required=False),
                "life_expectancy_men_years": _number("années", 60.0, 100.0, nullable=True, required=False),
                "mortality_per_1000": _number("décès pour 1 000 habitants", 0.0, 50.0, nullable=True, required=False),
                "mortality_under_65_per_1000": _number(
                    "décès pour 1 000 habitants", 0.0, 50.0, nullable=True, required=False
                ),
                "poverty_rate_2021": _share(required=False),
                "median_living_standard_2021_eur": _number(
                    "euros par an", 5_000.0, 60_000.0, nullable=True, required=False
                ),
                "density_2022_per_km2": _number("habitants par km²", 0.0, 40_000.0, nullable=True, required=False),
            },
            key=("departement_code",),
            rows=(101, 101),
            departements=("departement_code",),
        ),
        "population_series": Contract(
            {
                "commune_code": _text(COMMUNE),
                "year": _year(2006, 2100),
                "population": _count("habitants", nullable=True),
            },
            key=("commune_code", "year"),
            rows=(300_000, 400_000),
            communes=("commune_code",),
        ),
        "commune_context": Contract(
            {
                "commune_code": _text(COMMUNE),
                "share_75plus": _share(),
                "poverty_rate": _share(),
                "fedi": _number("score", -100.0, 100.0, nullable=True),
            },
            key=("commune_code",),
            rows=(34_500, 35_500),
            communes=("commune_code",),
        ),
        "zoning": Contract(
            {"commune_code": _text(COMMUNE), "zone": _choice(*_ZONES, nullable=True)},
            key=("commune_code",),
            rows=(34_500, 35_500),
            communes=("commune_code",),
        ),
        "rpps_age": Contract(
            {
                "year": _year(2000, 2100),
                "age_min": _number("ans, inclus", 0.0, 120.0),
                "age_max": _number("ans, exclu", 0.0),
                "n_doctors": _count("médecins"),
            },
            key=("year", "age_min"),
            rows=(50, 1_000),
        ),
        "rpps_departements": Contract(
            {"year": _year(2000, 2100), "departement_code": _text(DEPARTEMENT), "n_doctors": _count("médecins")},
            key=("year", "departement_code"),
            rows=(500, 5_000),
            departements=("departement_code",),
        ),
        "commune_geometry": Contract(
            {"commune_code": _text(COMMUNE), "geometry": pa.Column(None)},
            key=("commune_code",),
            rows=(34_500, 35_500),
            communes=("commune_code",),
        ),
    }
)
