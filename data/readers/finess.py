"""Establishments of FINESS that matter to coordinated primary care, as a regional portal publishes them."""

from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from data.readers.delimited import read_delimited
from data.readers.source_table import COMMUNE_CODE

STRUCTURE_TYPE_OF_CATEGORY: Final = MappingProxyType(
    {
        "603": "msp",  # Maison de santé (L.6223-3)
        "604": "cpts",  # Communautés professionnelles territoriales de santé
        "124": "centre_sante",  # Centre de santé
        "620": "pharmacie",  # Pharmacie d'officine
        "355": "hopital",  # Centre hospitalier, all its sites
        "101": "hopital",  # Centre hospitalier régional, all its sites
    }
)
"""Categories of establishment that we keep, by code of the FINESS nomenclature (columns categetab and categorie).

355 and 101 are every site of a public hospital: wards, but also day psychiatry, CMP, family planning, screening and
long-stay units, which no column but the name tells apart. The layer is named for what it is."""

_COLUMNS: Final = {
    name: name
    for name in (
        *("rslongue", "raison_sociale", "numvoie", "compvoie", "typvoie", "voie", "compldistrib", "lieuditbp"),
        *("ligneacheminement", "categetab", "dateouv", "longitude", "latitude", "code_insee"),
    )
} | {"finess_code": "numero_finess_etablissement"}

_METROPOLE: Final = (-5.5, 41.0, 10.0, 51.5)
_TERRITORY_BOXES: Final = MappingProxyType(
    {
        "971": (-61.9, 15.8, -60.9, 16.6),
        "972": (-61.3, 14.3, -60.7, 15.0),
        "973": (-54.7, 2.0, -51.5, 6.0),
        "974": (55.1, -21.5, 55.9, -20.8),
        "976": (44.9, -13.1, 45.4, -12.5),
    }
)
"""West, south, east and north of each overseas department, in degrees (WGS84), with a margin of some kilometres."""

_DEGREES: Final = r"-?[0-9]{1,3}(?:\.[0-9]{1,25})?"
FINESS_CODE: Final = r"(?:[0-9]{2}|2[AB])[0-9]{7}"


def read_finess(path: Path) -> pd.DataFrame:
    """Give the sites of MSP, CPTS, centres de santé, pharmacies and hospitals that FINESS registers, with their point.

    Source: FINESS (Ministry of health), extraction published by the Occitanie data portal. A row is a site: an MSP
    with two sites has two rows, and being registered is not being labelled. A CPTS is its seat, not its perimeter.

    Parameters
    ----------
    path
        CSV file separated by semicolons, UTF-8.

    Returns
    -------
    pandas.DataFrame
        One row a site of the kept categories, none ever dropped, sorted by finess_code:

        - finess_code: text of nine characters; a number that the file repeats is repeated here;
        - structure_type: "msp", "cpts", "centre_sante", "pharmacie" or "hopital"; category_code: text;
        - name, address: the official text, in its capitals (casing it would spoil acronyms: CHU, MSP);
        - commune_code: text, INSEE code of the file's own date;
        - longitude, latitude: float64 degrees, EPSG:4326; NaN where the file gives none, gives one out of the
          territory of the commune's department or overseas department, or repeats the number (so that no site is drawn
          twice);
        - opened_on: datetime64; NaT is unknown. 1901-01-01 and 1904-04-04 are in the file and mean "long ago".

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, re-encoded, lacks a column, holds an impossible code or date, or none of the kept
        categories.
    """
    everything = read_delimited(path, _COLUMNS, separator=";")
    everything.codes("categetab", r"[0-9]{3}", expected="une catégorie FINESS de trois chiffres")
    # Every row, kept or not: a last row cut short in its last cell is how a truncated file shows.
    everything.codes("code_insee", COMMUNE_CODE, expected="un code INSEE de cinq caractères")
    everything.codes("finess_code", FINESS_CODE, expected="un numéro FINESS de neuf caractères")
    table = everything.where(categetab=lambda codes: codes.isin(list(STRUCTURE_TYPE_OF_CATEGORY)))
    if table.cells.empty:
        everything.require(
            "categetab",
            pd.Series(data=False, index=everything.cells.index),
            f"une des catégories {', '.join(STRUCTURE_TYPE_OF_CATEGORY)} quelque part",
        )
    cells = table.cells
    longitude, latitude = _points(cells)
    return pd.DataFrame(
        {
            "finess_code": cells["finess_code"],
            "structure_type": cells["categetab"].map(dict(STRUCTURE_TYPE_OF_CATEGORY)).astype("str"),
            "category_code": cells["categetab"],
            "name": site_names(cells),
            "address": site_addresses(cells),
            "commune_code": cells["code_insee"],
            "longitude": longitude,
            "latitude": latitude,
            "opened_on": table.dates("dateouv"),
        }
    ).sort_values("finess_code", kind="stable", ignore_index=True)


def site_names(cells: pd.DataFrame) -> "pd.Series[str]":
    """Return the long name (rslongue, 60 characters at most in FINESS), or the short one (raison_sociale)."""
    names = cells["rslongue"].where(cells["rslongue"] != "", cells["raison_sociale"])
    return names.str.replace(r"\s+", " ", regex=True)


def site_addresses(cells: pd.DataFrame) -> "pd.Series[str]":
    """Return the address on one line: street, complement, locality, postcode and town; absent parts leave no trace.

    Columns: numvoie, compvoie, typvoie, voie, compldistrib, lieuditbp and ligneacheminement, all text.
    """
    street = cells["numvoie"].str.cat([cells["compvoie"], cells["typvoie"], cells["voie"]], sep=" ")
    lines = street.str.cat([cells["compldistrib"], cells["lieuditbp"], cells["ligneacheminement"]], sep=", ")
    return lines.map(
        lambda line: ", ".join(part for piece in line.split(",") if (part := " ".join(piece.split())))
    ).astype("str")


def in_territory(
    longitude: "pd.Series[float]", latitude: "pd.Series[float]", commune_codes: "pd.Series[str]"
) -> "pd.Series[bool]":
    """Say which points (degrees, EPSG:4326) fall in metropolitan France or the overseas department of their commune.

    A box with a margin of some kilometres: it catches swapped or projected coordinates, not a wrong street.

    Parameters
    ----------
    longitude, latitude
        Degrees; NaN is nowhere.
    commune_codes
        INSEE codes, on the same index.

    Returns
    -------
    pandas.Series
        Booleans on that index.
    """
    boxes = pd.DataFrame(
        [_TERRITORY_BOXES.get(territory, _METROPOLE) for territory in commune_codes.str[:3]],
        index=commune_codes.index,
        columns=["west", "south", "east", "north"],
        dtype="float64",
    )
    return longitude.between(boxes["west"], boxes["east"]) & latitude.between(boxes["south"], boxes["north"])


def _points(cells: pd.DataFrame) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Give longitude and latitude, both NaN where the pair cannot be trusted."""
    longitude, latitude = (
        pd.to_numeric(texts.where(texts.str.fullmatch(_DEGREES)), errors="coerce").astype("float64")
        for texts in (cells["longitude"], cells["latitude"])
    )
    trusted = in_territory(longitude, latitude, cells["code_insee"]) & ~cells["finess_code"].duplicated()
    return longitude.where(trusted), latitude.where(trusted)
