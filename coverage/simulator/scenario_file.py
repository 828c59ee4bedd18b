"""A what-if scenario as a small JSON file, and as a token short enough for an address.

A file names its edition (`SCHEMA`), the published series it starts from and one change a line. Whatever is damaged is
refused with the line at fault, the place, what was expected and what was found.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self

from coverage.errors import CoverageError
from coverage.json_document import MAX_BYTES, JsonDocumentError, Places, is_text, quote, read_json
from coverage.simulator.supply_change import Change, Closure, Departures, Move, Opening, RetirementOver65

SCHEMA: Final = "maillage-scenario-1"
MAX_CHANGES: Final = 500
MAX_NAME: Final = 80
MAX_FTE: Final = 1_000.0
_KINDS: Final[Mapping[str, type[Change]]] = {
    "opening": Opening,
    "closure": Closure,
    "departures": Departures,
    "retirement_over_65": RetirementOver65,
    "move": Move,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_TOP_KEYS: Final = ("schema", "name", "series", "changes")
_OPTIONAL: Final = {"name": "", "share": 1.0, "point": None}
_POINT_BOUNDS: Final = {"longitude": 180.0, "latitude": 90.0}

MinutesToPoint = Callable[[str, float, float], Iterable[tuple[str, float]]]
"""Commune that a point lies in, longitude and latitude (EPSG:4326) -> the minutes of `Opening.minutes_to_point`."""


class ScenarioFileError(CoverageError, ValueError):
    """A scenario file or address cannot be used; the message is for the user and names the line."""


class ClickedPoint(tuple[tuple[str, float], ...]):  # noqa: SLOT001 - a tuple can't have slots of its own
    """Minutes from each commune to a point of the map, as `Opening.minutes_to_point` has them, and where it is.

    Parameters
    ----------
    minutes : pairs (commune_code, minutes).
    longitude, latitude : the point, degrees, EPSG:4326.
    """

    longitude: float
    latitude: float

    def __new__(cls, minutes: Iterable[tuple[str, float]], longitude: float, latitude: float) -> Self:
        """Keep the minutes, and beside them the place."""
        point = super().__new__(cls, minutes)
        point.longitude, point.latitude = longitude, latitude
        return point

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Return what a copy is made of."""
        return tuple(self), self.longitude, self.latitude

    def __eq__(self, other: object) -> bool:
        """Tell two points apart, even where rounded minutes don't."""
        return isinstance(other, ClickedPoint) and self.__getnewargs__() == other.__getnewargs__()

    def __ne__(self, other: object) -> bool:
        """Contradict `==`: a tuple has its own idea."""
        return not self == other

    def __hash__(self) -> int:
        """Agree with `==`."""
        return hash(self.__getnewargs__())


@dataclass(frozen=True)
class SavedScenario:
    """A scenario as it is kept: its name, the published series it starts from, its changes in the order of entry.

    Parameters
    ----------
    name : what the user calls it, at most 80 characters.
    series : published series, as the indicators name it: "apl_2023", "apl_65_2023".
    changes : openings (at a clicked point, its minutes are a `ClickedPoint`), closures, departures, retirements, moves.
    """

    name: str
    series: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, eq=False)
class KnownCodes:
    """What a file may name.

    Parameters
    ----------
    territories : codes that exist, by level ("commune", "epci", "departement", "region", "france").
    series : published series at hand.
    minutes_to_point : for openings at a point, of which a file keeps the place only; without it they are refused.
    """

    territories: Mapping[str, Collection[str]]
    series: Collection[str]
    minutes_to_point: MinutesToPoint | None = None


def write_scenario(scenario: SavedScenario) -> str:
    """Write a scenario as JSON, one change a line, so that a fault has a line of its own and two versions compare.

    Raises
    ------
    ScenarioFileError
        An opening stands at a point of which only the minutes are known (no `ClickedPoint`).
    """
    head = [
        f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},"
        for key, value in (("schema", SCHEMA), ("name", scenario.name), ("series", scenario.series))
    ]
    changes = [f"    {json.dumps(_as_record(change), ensure_ascii=False)}" for change in scenario.changes]
    body = ['  "changes": [', ",\n".join(changes), "  ]"] if changes else ['  "changes": []']
    return "\n".join(["{", *head, *body, "}", ""])


def read_scenario(content: str | bytes, known: KnownCodes) -> SavedScenario:
    """Read a scenario file, trusting nothing of it.

    Parameters
    ----------
    content : the file, UTF-8 (a byte-order mark is let through).
    known : territories and series that exist.

    Raises
    ------
    ScenarioFileError
        The file is too large, is no UTF-8 or no JSON, is of another edition, or a value is missing, unknown, or out of
        its bounds. The message is in French and names the line.
    """
    try:
        values, places = read_json(content, "Scénario")
    except JsonDocumentError as error:
        raise ScenarioFileError(str(error)) from error
    return _check(values, known, places)


def write_token(scenario: SavedScenario) -> str:
    """Write a scenario as a token of letters, digits, "-" and "_", for an address: deflated JSON in base64.

    Raises
    ------
    ScenarioFileError
        An opening stands at a point of which only the minutes are known (no `ClickedPoint`).
    """
    record = {
        "schema": SCHEMA,
        "name": scenario.name,
        "series": scenario.series,
        "changes": [_as_record(change) for change in scenario.changes],
    }
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), level=9)).decode().rstrip("=")


def read_token(token: str, known: KnownCodes) -> SavedScenario:
    """Read what `write_token` wrote.

    Raises
    ------
    ScenarioFileError
        The token is truncated or altered, inflates beyond measure, or names what does not exist.
    """
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        inflater = zlib.decompressobj()
        text = inflater.decompress(packed, MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise ScenarioFileError("Adresse : attendu un scénario entier, trouvé une adresse altérée.") from error
    if not inflater.eof:
        raise ScenarioFileError("Adresse : attendu un scénario entier, trouvé une adresse coupée ou démesurée.")
    return read_scenario(text, known)


def _as_record(change: Change) -> dict[str, object]:
    values = {name: getattr(change, name) for name in _field_names(type(change)) if name != "point"}
    kept = {name: value for name, value in values.items() if name not in _OPTIONAL or value != _OPTIONAL[name]}
    if isinstance(change, Opening) and (point := change.minutes_to_point) is not None:
        if not isinstance(point, ClickedPoint):
            raise ScenarioFileError(
                "Scénario : attendu la longitude et la latitude d’un point de la carte, trouvé rien."
            )
        kept["point"] = {name: getattr(point, name) for name in _POINT_BOUNDS}
    return {"kind": _NAMES[type(change)], **kept}


def _field_names(kind: type[Change]) -> list[str]:
    """Name the fields of a change as a file does: the point of an opening, not the minutes to it."""
    return ["point" if field.name == "minutes_to_point" else field.name for field in fields(kind)]


def _check(values: Any, known: KnownCodes, places: Places) -> SavedScenario:
    if not isinstance(values, dict):
        raise ScenarioFileError("Scénario, ligne 1 : attendu un objet JSON, entre accolades.")
    if values.get("schema") != SCHEMA:
        place = places.of_key("schema")
        raise ScenarioFileError(f"{place} : attendu schema = {SCHEMA}, trouvé {quote(values.get('schema'))}.")
    _check_keys(values, _TOP_KEYS, _TOP_KEYS, places.of_key)
    name, series, changes = values["name"], values["series"], values["changes"]
    if not is_text(name, MAX_NAME) or not name.strip():
        raise ScenarioFileError(
            f"{places.of_key('name')}, name : attendu un nom de 1 à {MAX_NAME} caractères, trouvé {quote(name)}."
        )
    if series not in known.series:
        raise ScenarioFileError(
            f"{places.of_key('series')}, series : attendu {' ou '.join(known.series)}, trouvé {quote(series)}."
        )
    if not isinstance(changes, list) or len(changes) > MAX_CHANGES:
        found = f"{len(changes)} changements" if isinstance(changes, list) else quote(changes)
        raise ScenarioFileError(
            f"{places.of_key('changes')}, changes : attendu au plus {MAX_CHANGES} changements, trouvé {found}."
        )
    for rank, change in enumerate(changes):
        if not isinstance(change, dict):
            place = f"{places.of_key('changes')}, changement {rank + 1}"
            raise ScenarioFileError(f"{place} : attendu un changement entre accolades, trouvé {quote(change)}.")
    read = tuple(_check_change(change, known, places.of_item(rank)) for rank, change in enumerate(changes))
    return SavedScenario(name.strip(), series, read)


def _check_change(record: dict[str, Any], known: KnownCodes, place: str) -> Change:
    kind = _KINDS.get(record["kind"]) if isinstance(record.get("kind"), str) else None
    if kind is None:
        raise ScenarioFileError(f"{place}, kind : attendu {', '.join(_KINDS)}, trouvé {quote(record.get('kind'))}.")
    names = _field_names(kind)
    _check_keys(record, ("kind", *names), [name for name in names if name not in _OPTIONAL], lambda _: place)
    values = {name: record.get(name, _OPTIONAL.get(name)) for name in names}
    point = _check_point(record["point"], place) if "point" in record else None
    values.pop("point", None)
    for name, value in values.items():
        values[name] = _check_value(name, value, str(values.get("level", "commune")), known, place)
    if point is not None:
        if known.minutes_to_point is None:
            raise ScenarioFileError(f"{place}, point : attendu une ouverture à la mairie, trouvé un point de la carte.")
        values["minutes_to_point"] = ClickedPoint(known.minutes_to_point(values["commune_code"], *point), *point)
    return kind(**values)


def _check_point(point: Any, place: str) -> tuple[float, float]:
    """Return longitude and latitude, both on the globe."""
    if not isinstance(point, dict) or set(point) != set(_POINT_BOUNDS):
        raise ScenarioFileError(
            f"{place}, point : attendu longitude et latitude entre accolades, trouvé {quote(point)}."
        )
    for name, bound in _POINT_BOUNDS.items():
        if not _is_number(point[name]) or not -bound <= point[name] <= bound:
            expected = f"un nombre de -{bound:g} à {bound:g}"
            raise ScenarioFileError(f"{place}, point, {name} : attendu {expected}, trouvé {quote(point[name])}.")
    return float(point["longitude"]), float(point["latitude"])


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_keys(record: dict[str, Any], allowed: Collection[str], needed: Collection[str], place_of: Any) -> None:
    for key in record:
        if key not in allowed:
            raise ScenarioFileError(f"{place_of(key)} : attendu {', '.join(allowed)}, trouvé {quote(key)}.")
    for key in needed:
        if key not in record:
            raise ScenarioFileError(f"{place_of(key)} : attendu {key}, trouvé rien.")


def _check_value(name: str, value: Any, level: str, known: KnownCodes, place: str) -> Any:
    if name in {"gp_fte", "share"}:
        low, high = (0.0, MAX_FTE) if name == "gp_fte" else (0.0, 1.0)
        if not _is_number(value) or not low <= value <= high:
            expected = f"un nombre de {low:g} à {high:g}"
            raise ScenarioFileError(f"{place}, {name} : attendu {expected}, trouvé {quote(value)}.")
        return float(value)
    if name == "name":
        if not is_text(value, MAX_NAME):
            raise ScenarioFileError(f"{place}, name : attendu au plus {MAX_NAME} caractères, trouvé {quote(value)}.")
        return value
    if name == "level":
        if not isinstance(value, str) or value not in known.territories:
            raise ScenarioFileError(f"{place}, level : attendu {', '.join(known.territories)}, trouvé {quote(value)}.")
        return value
    of_level = "commune" if name.endswith("commune_code") else level
    if not isinstance(value, str) or value not in known.territories.get(of_level, ()):
        what = "une commune connue" if of_level == "commune" else f"un territoire connu de niveau {of_level}"
        raise ScenarioFileError(f"{place}, {name} : attendu {what}, trouvé {quote(value)}.")
    return value
