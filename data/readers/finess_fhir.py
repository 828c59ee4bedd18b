"""The national FINESS of 8 January 2021 in FHIR form: archives of one JSON resource a line.

An establishment is an Organization (name, address, category) and a Location (its point). The points overseas are wrong:
metres of the legal projection were read as Lambert-93, and are here read again as what they are.
"""

import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from pyproj import Transformer

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable
from data.readers.finess import FINESS_CODE, STRUCTURE_TYPE_OF_CATEGORY
from data.readers.site_points import WGS84, Pair, find_points
from geo.crs import legal_epsg
from geo.documents import parse_json

LAMBERT_93: Final = 2154
MOST_CHARACTERS: Final = 2**20
"""Characters of a line: the longest of the real files has three thousand."""

MOST_LINES: Final = 1_000_000
_CATEGORY: Final = "CAT_ETAB"
_OVERSEAS: Final = ("971", "972", "973", "974", "976")


class FhirSites(NamedTuple):
    """What the archives hold.

    Attributes
    ----------
    table
        One row a site of the kept categories, sorted by finess_code, each number once: finess_code, structure_type,
        category_code, name, address (text), postcode (text, "" unknown), town (text), longitude, latitude (float64
        degrees, EPSG:4326; NaN unknown), opened_on (datetime64; NaT unknown).
    counts
        n_establishments of every category, n_repeated, n_without_number, n_locations_alone (a Location whose
        Organization is not there), n_without_point and n_points_repaired (of the kept sites).
    """

    table: pd.DataFrame
    counts: dict[str, int]


def read_finess_fhir(paths: Sequence[Path]) -> FhirSites:
    """Give the sites of MSP, CPTS, centres de santé, pharmacies and hospitals, with the point and address of that day.

    Source: FINESS (Ministry of health), stock file of 8 January 2021, put in FHIR form by the project finess-fhir.
    There is no INSEE code: the commune is to be found from the point, the postcode and the town.

    Parameters
    ----------
    paths
        tar.gz archives, each with files of one resource a line.

    Returns
    -------
    FhirSites
        See its attributes.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError
        When an archive is absent, cut, no archive, or holds a line that is no resource, or no kept category is found.
    """
    organizations: dict[str, dict[str, Any]] = {}
    points: dict[str, tuple[float, float]] = {}
    locations: set[str] = set()
    numbers: set[str] = set()
    counts = dict.fromkeys(("n_establishments", "n_repeated", "n_without_number", "n_locations_alone"), 0)
    seen: set[str] = set()
    for path in paths:
        for place, resource in _resources(path):
            kind = resource.get("resourceType")
            if kind == "Organization":
                counts["n_establishments"] += 1
                seen.add(str(resource.get("id")))
                category = _category(resource)
                number = _number(resource)
                counts["n_without_number"] += not number
                counts["n_repeated"] += bool(number) and number in numbers
                if number and number not in numbers and category in STRUCTURE_TYPE_OF_CATEGORY:
                    organizations[str(resource.get("id"))] = _cells(resource, number, category)
                numbers.add(number)
            elif "position" in resource or str(resource.get("id", "")).endswith("-loc"):
                reference = (resource.get("managingOrganization") or {}).get("reference", "")
                owner = str(reference).removeprefix("Organization/")
                locations.add(owner)
                points[owner] = _point(resource.get("position"))
            else:
                found = f"une ressource {kind}"
                raise SourceLayoutError(path, place=place, expected="une Organization ou sa position", found=found)
    counts["n_locations_alone"] = len(locations - seen)
    if not organizations:
        kept = ", ".join(STRUCTURE_TYPE_OF_CATEGORY)
        raise SourceLayoutError(paths[0], expected=f"une des catégories {kept} quelque part", found="aucune")
    nowhere = (np.nan, np.nan)
    rows = [cells | dict(zip("xy", points.get(owner, nowhere), strict=True)) for owner, cells in organizations.items()]
    table = pd.DataFrame(rows).sort_values("finess_code", ignore_index=True)
    placed = _placed(table)
    counts["n_without_point"] = int(placed["longitude"].isna().sum())
    counts["n_points_repaired"] = int((placed["longitude"].notna() & (placed["longitude"] != table["x"])).sum())
    text = ["finess_code", "structure_type", "category_code", "name", "address", "postcode", "town"]
    table = table.drop(columns=["x", "y"]).assign(longitude=placed["longitude"], latitude=placed["latitude"])
    return FhirSites(table[[*text, "longitude", "latitude", "opened_on"]].astype(dict.fromkeys(text, "str")), counts)


def _resources(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each line of an archive as a JSON object, and where it stands."""
    if not path.is_file():
        raise SourceMissing(path, expected="une archive tar.gz")
    n_lines = 0
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is None:
                    continue
                while line := stream.readline(MOST_CHARACTERS):
                    n_lines += 1
                    place = f"{member.name[-60:]}, ligne {n_lines}"
                    if n_lines > MOST_LINES or not line.endswith((b"\n", b"}")):
                        found = f"plus de {MOST_LINES} lignes, ou une ligne de plus de {MOST_CHARACTERS} octets"
                        raise SourceUnreadable(path, place=place, expected="un extrait de FINESS", found=found)
                    yield place, _object(path, place, line)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise SourceUnreadable(path, expected="une archive tar.gz entière", found=error) from error


def _object(path: Path, place: str, line: bytes) -> dict[str, Any]:
    try:
        resource = parse_json(line)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(path, place=place, expected="une ressource JSON", found=error) from error
    if not isinstance(resource, dict):
        raise SourceLayoutError(path, place=place, expected="une ressource FHIR", found=type(resource).__name__)
    return resource


def _list(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list; empty for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _category(resource: Mapping[str, Any]) -> str:
    """Return the category of an establishment (« CAT_ETAB »); empty when it has none."""
    codings = [coding for kind in _list(resource.get("type")) for coding in _list(kind.get("coding"))]
    return next((str(coding.get("code")) for coding in codings if str(coding.get("system")).endswith(_CATEGORY)), "")


def _number(resource: Mapping[str, Any]) -> str:
    """Return the FINESS number of a site; empty when it has none that can be one."""
    values = [str(item.get("value", "")) for item in _list(resource.get("identifier"))]
    return next((value for value in values if re.fullmatch(FINESS_CODE, value)), "")


def _cells(resource: Mapping[str, Any], number: str, category: str) -> dict[str, Any]:
    address = next(iter(_list(resource.get("address"))), {})
    lines = [" ".join(str(line).split()) for line in address.get("line") or []]
    postcode, town = (" ".join(str(address.get(key) or "").split()) for key in ("postalCode", "city"))
    period = next((item.get("valuePeriod") for item in _list(resource.get("extension")) if "valuePeriod" in item), None)
    opened = pd.to_datetime((period or {}).get("start"), format="%Y-%m-%d", errors="coerce")
    return {
        "finess_code": number,
        "structure_type": STRUCTURE_TYPE_OF_CATEGORY[category],
        "category_code": category,
        "name": " ".join(str(resource.get("name") or "").split()) or "(sans nom)",
        "address": ", ".join(part for part in (*lines, f"{postcode} {town}".strip()) if part),
        "postcode": postcode,
        "town": town,
        "opened_on": opened,
    }


def _point(position: Any) -> tuple[float, float]:
    """Give longitude and latitude as written; NaN when they are no numbers."""
    known = position if isinstance(position, dict) else {}
    x, y = known.get("longitude"), known.get("latitude")
    if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return np.nan, np.nan
    return float(x), float(y)


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    """Find the point of each site in the territory of its postcode, as written or as metres of its projection."""
    home = table["postcode"].where(table["postcode"].str[:3].isin(_OVERSEAS), "75")
    degrees = pd.Series(WGS84, index=table.index)
    x, y = Transformer.from_crs(WGS84, LAMBERT_93, always_xy=True).transform(table["x"], table["y"])
    metres = pd.DataFrame({"x": x, "y": y}, index=table.index).replace([np.inf, -np.inf], np.nan)
    legal = home.str[:3].map({code: legal_epsg(code) for code in _OVERSEAS}).fillna(0).astype("int64")
    return find_points(home, [Pair(table["x"], table["y"], degrees), Pair(metres["x"], metres["y"], legal)])
