"""What each table of the snapshot promises: columns, types, units, key, bounds, links to the communes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandera.pandas as pa

from coverage.terms.extents import EXTENTS
from data.contracts.columns import (
    COMMUNE,
    DEPARTEMENT,
    REGION,
    TERRITORY,
    Contract,
    choice,
    day,
    number,
    share,
    text,
    whole_number,
    year,
)

_LEVELS: Final = ("departement", "france", "region")
_STRUCTURE_TYPES: Final = ("centre_sante", "cpts", "hopital", "msp", "pharmacie")
_RELATIONS: Final = ("ancienne", "arrondissement", "associee", "deleguee")
_ZONES: Final = ("HZ", "ZAC", "ZAR", "ZIP")

_LONGITUDE: Final = number("degrés, WGS 84", -63.2, 56.0)
_LATITUDE: Final = number("degrés, WGS 84", -21.5, 51.2)

_SITE: Final = {
    "finess_code": text(r"(?:[0-9]{2}|2[AB])[0-9]{7}"),
    "structure_type": choice(*_STRUCTURE_TYPES),
    "name": text(),
    "address": text(r".*"),
    "commune_code": text(COMMUNE),
    "departement_code": text(DEPARTEMENT),
    "region_code": text(REGION),
    "longitude": _LONGITUDE,
    "latitude": _LATITUDE,
    "opened_on": day(nullable=True),
    "point_flag": choice("ok", "loin_commune", "commune"),
}

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "communes": Contract(
            {
                "commune_code": text(COMMUNE),
                "name": text(),
                "departement_code": text(DEPARTEMENT),
                "region_code": text(REGION),
                "epci_code": text(r"[0-9]{9}", nullable=True),
                "bassin_de_vie_code": text(COMMUNE, nullable=True),
                "aire_attraction_code": text(r"[0-9A-Z]{3}", nullable=True),
                "postcodes": text(r"(?:[0-9]{5}(?: [0-9]{5})*)?"),
                # Of the delegated and associated communes that it holds; a synced table may be of before this column.
                "former_names": text(r"[^|]+(?:\|[^|]+)*", nullable=True, required=False),
                "population": whole_number("habitants"),
                "longitude": _LONGITUDE,
                "latitude": _LATITUDE,
                "point_origin": choice("mairie", "surface", "contenant", "centre_epci"),
                "area_km2": number("km²", 0.001, 20_000.0, nullable=True),
            },
            key=("commune_code",),
            rows=(34_500, 35_500),
        ),
        "epci": Contract(
            {
                "epci_code": text(r"[0-9]{9}"),
                "name": text(),
                "epci_type": choice("CA", "CC", "CU", "MET69", "METRO"),
                "departement_code": text(DEPARTEMENT),
                "region_code": text(REGION),
                "population": whole_number("habitants"),
            },
            key=("epci_code",),
            rows=(1_200, 1_300),
            departements=("departement_code",),
        ),
        "bassins_de_vie": Contract(
            {
                "bassin_de_vie_code": text(COMMUNE),
                "name": text(),
                "gp_liberal_per_100k": number("/100 000 habitants", 0.0, 1_000.0, nullable=True),
                "share_ald": share(),
                "share_75plus": share(),
                "poverty_rate": share(),
            },
            key=("bassin_de_vie_code",),
            rows=(1_650, 1_750),
        ),
        "aires_attraction": Contract(
            {"aire_attraction_code": text(r"[0-9A-Z]{3}"), "name": text()},
            key=("aire_attraction_code",),
            rows=(650, 750),
        ),
        "departements": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "name": text(),
                "region_code": text(REGION),
                "prefecture_code": text(COMMUNE),
            },
            key=("departement_code",),
            rows=(101, 101),
            communes=("prefecture_code",),
            departements=("departement_code",),
        ),
        "regions": Contract(
            {"region_code": text(REGION), "name": text(), "prefecture_code": text(COMMUNE)},
            key=("region_code",),
            rows=(18, 18),
            communes=("prefecture_code",),
        ),
        "commune_history": Contract(
            {
                "old_code": text(COMMUNE),
                "commune_code": text(COMMUNE),
                "relation": choice(*_RELATIONS),
            },
            key=("old_code",),
            rows=(4_000, 6_000),
            communes=("commune_code",),
        ),
        "apl": Contract(
            {
                "vintage": year(2015, 2100),
                "unit_code": text(COMMUNE),
                "commune_code": text(COMMUNE),
                "apl": number("consultations par an et par habitant standardisé", 0.0, 100.0, nullable=True),
                "apl_65": number("consultations par an et par habitant standardisé", 0.0, 100.0, nullable=True),
                "apl_60": number(
                    "consultations par an et par habitant standardisé", 0.0, 100.0, nullable=True, required=False
                ),
                "apl_62": number(
                    "consultations par an et par habitant standardisé", 0.0, 100.0, nullable=True, required=False
                ),
                "population_standardised": number("habitants standardisés", 0.0, nullable=True),
                "population_total": number("habitants", 0.0, nullable=True),
            },
            key=("vintage", "unit_code"),
            rows=(34_000, 400_000),
            communes=("commune_code",),
        ),
        "apl_parameters": Contract(
            {
                "parameter": choice("age_weight", "distance_weight", "supply_counted"),
                "vintage": number("année, 0 quand elle n'est pas dite", 0, 2100, dtype="int64"),
                "lower": number("unité de la ligne", 0.0),
                "upper": number("unité de la ligne", 0.0),
                "value": number("poids, ou actes par an", 0.0, nullable=True),
                "unit": text(),
            },
            key=("parameter", "vintage", "lower"),
            rows=(20, 200),
        ),
        "msp_series": Contract(
            {
                "level": choice(*_LEVELS),
                "territory_code": text(TERRITORY),
                "structure_type": choice("centre_sante", "msp"),
                "date": day(),
                "n_structures": whole_number("structures"),
            },
            key=("level", "territory_code", "structure_type", "date"),
            rows=(1_500, 5_000),
        ),
        "msp_targets": Contract(
            {
                "level": choice(*_LEVELS),
                "territory_code": text(TERRITORY),
                "structure_type": choice("centre_sante", "msp"),
                "target_date": day(),
                "target": whole_number("structures"),
            },
            key=("level", "territory_code", "structure_type"),
            rows=(100, 500),
        ),
        "structures": Contract(
            {
                **_SITE,
                "category_basis": choice("finess", "finess_2021", "nom"),
                "as_of": day(),
                "place_as_of": day(nullable=True),
            },
            key=("finess_code",),
            rows=(4_000, 100_000),
            communes=("commune_code",),
            departements=("departement_code",),
        ),
        "structures_2021": Contract(
            _SITE,
            key=("finess_code",),
            rows=(4_000, 6_000),
            communes=("commune_code",),
            departements=("departement_code",),
        ),
        "professionals": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "profession": text(),
                "n_professionals": whole_number("professionnels", nullable=True),
                "suppressed": pa.Column("bool"),
                "vintage": year(2015, 2100),
            },
            key=("departement_code", "profession"),
            rows=(3_000, 5_000),
            departements=("departement_code",),
        ),
        "bpe_departements": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "n_gp": whole_number("médecins généralistes", nullable=True),
                "n_nurses": whole_number("infirmiers", nullable=True),
                "n_pharmacies": whole_number("pharmacies", nullable=True),
                "n_dentists": whole_number("chirurgiens-dentistes", nullable=True),
                "n_emergency": whole_number("services d'urgences", nullable=True),
                "population_2025": whole_number("habitants", nullable=True),
                "life_expectancy_women_years": number("années", 60.0, 100.0, nullable=True, required=False),
                "life_expectancy_men_years": number("années", 60.0, 100.0, nullable=True, required=False),
                "mortality_per_1000": number("décès pour 1 000 habitants", 0.0, 50.0, nullable=True, required=False),
                "mortality_under_65_per_1000": number(
                    "décès pour 1 000 habitants", 0.0, 50.0, nullable=True, required=False
                ),
                "poverty_rate_2021": share(required=False),
                "median_living_standard_2021_eur": number(
                    "euros par an", 5_000.0, 60_000.0, nullable=True, required=False
                ),
                "density_2022_per_km2": number("habitants par km²", 0.0, 40_000.0, nullable=True, required=False),
            },
            key=("departement_code",),
            rows=(101, 101),
            departements=("departement_code",),
        ),
        "bpe_communes": Contract(
            {
                "commune_code": text(COMMUNE),
                "vintage": year(2010, 2100),
                "n_gp": whole_number("médecins généralistes", nullable=True),
                "n_nurses": whole_number("infirmiers", nullable=True),
                "n_physiotherapists": whole_number("masseurs-kinésithérapeutes", nullable=True),
                "n_midwives": whole_number("sages-femmes", nullable=True),
                "n_dentists": whole_number("chirurgiens-dentistes", nullable=True),
                "n_pharmacies": whole_number("pharmacies", nullable=True),
                "n_emergency": whole_number("services d'urgences", nullable=True),
                "n_msp": whole_number("maisons de santé pluriprofessionnelles", nullable=True),
                "n_health_centres": whole_number("centres de santé", nullable=True),
            },
            key=("commune_code",),
            rows=(34_500, 35_500),
            communes=("commune_code",),
        ),
        "population_series": Contract(
            {
                "commune_code": text(COMMUNE),
                "year": year(2006, 2100),
                "population": whole_number("habitants", nullable=True),
            },
            key=("commune_code", "year"),
            rows=(69_000, 71_000),
            communes=("commune_code",),
        ),
        "population_estimates": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "year": year(1975, 2100),
                "age_min": number("ans, inclus", 0.0, 120.0),
                "age_max": number("ans, exclu", 0.0),
                "population": whole_number("habitants"),
                "provisional": pa.Column("bool"),
            },
            key=("departement_code", "year", "age_min"),
            rows=(20_000, 60_000),
            departements=("departement_code",),
        ),
        "commune_context": Contract(
            {
                "commune_code": text(COMMUNE),
                "share_75plus": share(),
                "bassin_de_vie_code": text(COMMUNE, nullable=True),
                "bassin_de_vie_name": text(nullable=True),
                "bassin_de_vie_poverty_rate": share(),
                "fedi": number("score", -100.0, 100.0, nullable=True),
            },
            key=("commune_code",),
            rows=(34_500, 35_500),
            communes=("commune_code",),
        ),
        "zoning": Contract(
            {
                "part_code": text(COMMUNE),
                "commune_code": text(COMMUNE),
                "zone": choice(*_ZONES, nullable=True),
                "share": share(),
            },
            key=("part_code",),
            rows=(34_500, 40_000),
            communes=("commune_code",),
        ),
        "apl_professions": Contract(
            {
                "vintage": year(2015, 2100),
                "unit_code": text(COMMUNE),
                "commune_code": text(COMMUNE),
                **{
                    name: number(unit, 0.0, nullable=True)
                    for profession, people in (
                        ("nurses", "habitants"),
                        ("physiotherapists", "habitants"),
                        ("midwives", "femmes"),
                        ("dentists", "habitants"),
                    )
                    for name, unit in (
                        (f"apl_{profession}", f"ETP pour 100 000 {people}"),
                        (f"standardised_{profession}", f"{people}, population standardisée"),
                    )
                },
            },
            key=("vintage", "unit_code"),
            rows=(34_000, 400_000),
            communes=("commune_code",),
        ),
        "apl_departements": Contract(
            {
                "level": choice("departement", "france"),
                "territory_code": text(TERRITORY),
                "vintage": year(2015, 2100),
                "apl": number("consultations par an et par habitant standardisé", 0.0, 100.0),
                "population_total": whole_number("habitants", nullable=True),
                "population_under_2_5": whole_number("habitants", nullable=True),
            },
            key=("level", "territory_code", "vintage"),
            rows=(202, 202),
        ),
        "commune_traits": Contract(
            {
                "commune_code": text(COMMUNE),
                "density_level": choice(*"1234567", nullable=True),
                "rural_type": choice(
                    "hors_champ", "petite_polarite", "productive", "residentielle", "touristique", nullable=True
                ),
                "centrality": choice("intermediaire", "local", "majeur", "non_centre", "structurant", nullable=True),
                "massif": text(r"Massif .+", nullable=True),
                "frr": choice(
                    "beneficiaire", "beneficiaire_partiel", "frr", "frr_plus", "non", "partiel", nullable=True
                ),
                "emergency_min": number("minutes", 0.0, 600.0, nullable=True),
            },
            key=("commune_code",),
            rows=(34_500, 35_500),
            communes=("commune_code",),
        ),
        "qpv": Contract(
            {"commune_code": text(COMMUNE), "qpv_code": text(r"Q[NP][0-9A-Z]{6}"), "name": text()},
            key=("commune_code", "qpv_code"),
            rows=(1_300, 3_000),
            communes=("commune_code",),
        ),
        "rpps_age": Contract(
            {
                "year": year(2000, 2100),
                "age_min": number("ans, inclus", 0.0, 120.0),
                "age_max": number("ans, exclu", 0.0),
                "n_doctors": whole_number("médecins"),
            },
            key=("year", "age_min"),
            rows=(50, 1_000),
        ),
        "rpps_departements": Contract(
            {"year": year(2000, 2100), "departement_code": text(DEPARTEMENT), "n_doctors": whole_number("médecins")},
            key=("year", "departement_code"),
            rows=(500, 5_000),
            departements=("departement_code",),
        ),
        "arrondissements": Contract(
            {
                "arrondissement_code": text(COMMUNE),
                "name": text(),
                "commune_code": text(COMMUNE),
                "population": whole_number("habitants", nullable=True),
            },
            key=("arrondissement_code",),
            rows=(45, 45),
            communes=("commune_code",),
        ),
        "cpts_perimeters": Contract(
            {
                "cpts_id": text(),
                "commune_code": text(COMMUNE),
                "unit_code": text(COMMUNE),
                "name": text(),
                "finess_code": text(r"(?:[0-9]{2}|2[AB])[0-9]{7}", nullable=True),
                "extent": choice(*EXTENTS),
            },
            key=("cpts_id", "unit_code"),
            rows=(800, 60_000),
            communes=("commune_code",),
        ),
        "commune_geometry": Contract(
            {"commune_code": text(COMMUNE), "geometry": pa.Column(None)},
            key=("commune_code",),
            rows=(34_500, 35_500),
            communes=("commune_code",),
        ),
    }
)
