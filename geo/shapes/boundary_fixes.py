"""What no rule can find in the communes' shapes, as a small dated table decides it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.codes import is_commune_code
from geo.errors import BoundaryError

_LONGITUDES: Final = (-180.0, 180.0)
_LATITUDES: Final = (-90.0, 90.0)


@dataclass(frozen=True)
class Hole:
    """A hole of the source that the table names.

    Attributes
    ----------
    longitude, latitude
        A point inside it (degrees, EPSG:4326).
    area_km2
        Its area in the legal projection, by which a hole that changed is recognised.
    commune_code
        The current commune that it belongs to; None when it is no part of France.
    """

    longitude: float
    latitude: float
    area_km2: float
    commune_code: str | None


@dataclass(frozen=True)
class BoundaryFixes:
    """All dated corrections.

    Attributes
    ----------
    holes
        Holes given to a commune, or known to be abroad.
    containers
        For each commune without a shape, the commune whose shape still contains its land.
    """

    holes: tuple[Hole, ...] = ()
    containers: tuple[tuple[str, str], ...] = ()


NO_FIXES: Final = BoundaryFixes()


def parse_fixes(document: Mapping[str, Any]) -> BoundaryFixes:
    """Read the corrections from a parsed TOML document with the tables `hole`, `abroad` and `inside`.

    Parameters
    ----------
    document
        `hole`: longitude, latitude, area_km2, commune_code; `abroad`: the same without a commune; `inside`:
        commune_code, container_code. Other keys are notes for people.

    Returns
    -------
    BoundaryFixes
        The same facts, typed.

    Raises
    ------
    BoundaryError
        When a key is absent, a number is none or out of range, or a code is not that of a commune.
    """
    holes = [
        Hole(
            longitude=_number(entry, place, "longitude", *_LONGITUDES),
            latitude=_number(entry, place, "latitude", *_LATITUDES),
            area_km2=_number(entry, place, "area_km2", 0, math.inf),
            commune_code=_code(entry, place, "commune_code") if table == "hole" else None,
        )
        for table in ("hole", "abroad")
        for place, entry in _entries(document, table)
    ]
    containers = [
        (_code(entry, place, "commune_code"), _code(entry, place, "container_code"))
        for place, entry in _entries(document, "inside")
    ]
    return BoundaryFixes(tuple(holes), tuple(containers))


def _entries(document: Mapping[str, Any], table: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = document.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        msg = f"Corrections de géométrie, « {table} » : attendu une liste de tables, trouvé {type(entries).__name__}."
        raise BoundaryError(msg)
    for number, entry in enumerate(entries, start=1):
        yield f"{table} n° {number}", entry


def _number(entry: Mapping[str, Any], place: str, key: str, lowest: float, highest: float) -> float:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        msg = (
            f"Corrections de géométrie, {place}, {key} : "
            f"attendu un nombre de {lowest:g} à {highest:g}, trouvé {value!r}."
        )
        raise BoundaryError(msg)
    return float(value)


def _code(entry: Mapping[str, Any], place: str, key: str) -> str:
    value = entry.get(key)
    if not is_commune_code(value):
        msg = f"Corrections de géométrie, {place}, {key} : attendu un code de commune, trouvé {value!r}."
        raise BoundaryError(msg)
    return str(value)
