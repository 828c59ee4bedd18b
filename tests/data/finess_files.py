"""Small national FINESS files, in the layouts of the flat file and of the feed. Every site is invented."""

from __future__ import annotations

import gzip
import json
from typing import Any

LAMBERT = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"
ANTILLES = "2,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)"
MAYOTTE = "2,ATLASANTE,100,BDADRESSE,EPSG:4471 RGM04/UTM zone 38S (Mayotte)"

FLAT_FIELDS = (
    *("section", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie", "typvoie", "voie"),
    *("compvoie", "lieuditbp", "commune", "departement", "libdepartement", "ligneacheminement", "telephone"),
    *("telecopie", "categetab", "libcategetab", "categagretab", "libcategagretab", "siret", "codeape", "codemft"),
    *("libmft", "codesph", "libsph", "dateouv", "dateautor", "datemaj", "numuai"),
)


def flat_site(code: str = "090004219", **cells: str) -> str:
    """Return a row of a site: an MSP of Foix, but for the given cells."""
    usual = {
        "section": "structureet",
        "nofinesset": code,
        "nofinessej": "090000001",
        "rs": "MSP DE FOIX",
        "rslongue": "MAISON DE SANTÉ  DU PAYS DE FOIX",
        "numvoie": "12",
        "typvoie": "R",
        "voie": "DES LILAS",
        "commune": "122",
        "departement": "09",
        "libdepartement": "ARIEGE",
        "ligneacheminement": "09000 FOIX",
        "categetab": "603",
        "libcategetab": "Maison de santé",
        "dateouv": "2018-10-11",
        "datemaj": "2026-04-01",
    }
    return ";".join((usual | cells).get(name, "") for name in FLAT_FIELDS)


def flat_point(code: str = "090004219", x: str = "585000.0", y: str = "6208000.0", named: str = LAMBERT) -> str:
    """Return a row of a point; the usual one is in Foix."""
    return f"geolocalisation;{code};{x};{y};{named};2026-05-04"


def flat_file(*rows: str, day: str = "2026-05-12", encoding: str = "utf-8") -> bytes:
    """Return a whole flat file."""
    return ("\n".join([f"finess;etalab;111;{day}", *rows]) + "\n").encode(encoding)


def feed_site(code: str = "090004219", **changes: Any) -> dict[str, Any]:
    """Return an open site of the feed: an MSP of Foix; changes are of the site, its `known` facts or its `address`."""
    known = {
        "egeId": "525",
        "nomEgeCourt": "MSP DE FOIX       ",
        "nomEgeLong": "MAISON DE SANTÉ  DU PAYS DE FOIX",
        "numFinessEge": code,
        "dateOuverture": "2018-10-11",
    }
    address = {
        "usageAdresse": "03",
        "numeroVoie": "12",
        "typeVoie": "R   ",
        "libelleVoie": "DES LILAS",
        "cogCommune": "09122",
        "ligneAcheminement": "FOIX",
        "codePostal": "09000",
        "coordonneesGeographique": {
            "coordonneeX": "1.60",
            "coordonneeY": "42.96",
            "directionLatitude": "6208000.0",
            "directionLongitude": "585000.0",
            "cleInInteropBAN": "09122_0515_00240",
            "scoreBAN": "0.967",
        },
    }
    known |= changes.pop("known", {})
    address |= changes.pop("address", {})
    return {
        "informationsGeneralesEGE": known,
        "categorieentiteGeographiqueExercice": "603",
        "adresse": [address],
        "evenement": [{"codeEvenement": "003"}],
        "etatObjet": "A",
        **changes,
    }


def feed_document(*sites: dict[str, Any], day: str = "2026-11-20", **changes: Any) -> dict[str, Any]:
    """Return a whole feed, two sites a legal person."""
    people = [
        {"informationsGeneralesPMEJ": {"numFinessPm": "010000016"}, "ege": list(sites[place : place + 2])}
        for place in range(0, len(sites), 2)
    ]
    group = {"gccId": "1", "nomGcc": "21-52 Côte d'Or", "pmejDuGcc": [{"pmSmsseId": "14869"}]}
    closed = {"informationsGeneralesPMEJ": {"numFinessPm": "010000164"}, "ege": []}
    document = {
        "schemaVersion": "v1.0.0",
        "generatedAt": f"{day}T02:06:22.615611300Z",
        "gcc": [group],
        "gco": [],
        "pmej": [closed, *people],
    }
    return document | changes


def feed_file(
    *sites: dict[str, Any], day: str = "2026-11-20", compressed: bool = True, indent: int | None = 2
) -> bytes:
    """Return a whole feed as its bytes."""
    text = json.dumps(feed_document(*sites, day=day), ensure_ascii=False, indent=indent, separators=(" , ", " : "))
    return gzip.compress(text.encode(), mtime=0) if compressed else text.encode()
