"""How fast a car goes on a way of OpenStreetMap, in each direction, from its tags and the dated `road_speeds.toml`."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from geo.documents import DocumentError, read_toml
from geo.travel_time.errors import TravelTimeParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEEDS_FILE: Final = Path(__file__).parent.with_name("road_speeds.toml")
KM_PER_MILE: Final = 1.609344
_NUMBER: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_ACCESS_KEYS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")  # the most precise one present decides
_ONE_WAY: Final = frozenset({"yes", "true", "1"})
_ONE_WAY_BACK: Final = frozenset({"-1", "reverse"})
_ROUND: Final = frozenset({"roundabout", "circular"})
_MOTORWAYS: Final = frozenset({"motorway", "motorway_link"})  # one-way unless they say otherwise


class Tags(Protocol):
    """Tags of a way or a node: a dict, or the list that osmium gives."""

    def get(self, key: str, /) -> str | None:
        """Return the value of a tag, None when it is absent."""


@dataclass(frozen=True)
class RoadSettings:
    """What is assumed of cars and roads; see `road_speeds.toml` for the origin of each value.

    Parameters
    ----------
    edition : date of the assumptions, as text.
    km_per_h : speed of each class of road where no limit is signposted; a class that is absent is closed to cars.
    limit_factor : share of a signposted limit at which cars go, above 0.
    implied_km_per_h : limits written in words ("FR:rural" reads "rural").
    duration_factor : minutes on the road are multiplied by it, above 0.
    snap_limit_m : metres from a place to the nearest road node beyond which the place is off the network.
    approach_km_per_h : crow-fly speed from the place to that node.
    smallest_network_nodes : nodes that a network closed on itself must have to catch a place.
    closed_access : values of the access tags that close a way or a barrier to cars.
    closed_barriers : barriers that stop cars when no access tag says otherwise.

    Raises
    ------
    TravelTimeParameterError
        A value is out of its range.
    """

    edition: str
    km_per_h: Mapping[str, float]
    limit_factor: float
    implied_km_per_h: Mapping[str, float]
    duration_factor: float
    snap_limit_m: float
    approach_km_per_h: float
    smallest_network_nodes: int
    closed_access: frozenset[str]
    closed_barriers: frozenset[str]

    def __post_init__(self) -> None:
        checks = {
            "au moins une classe de route": len(self.km_per_h) > 0,
            "des vitesses > 0": all(speed > 0 for speed in (*self.km_per_h.values(), *self.implied_km_per_h.values())),
            "factor > 0": self.limit_factor > 0,
            "duration_factor > 0": self.duration_factor > 0,
            "limit_m au moins 0": self.snap_limit_m >= 0,
            "approach_km_per_h > 0": self.approach_km_per_h > 0,
        }
        for expected, holds in checks.items():
            if not holds:
                raise TravelTimeParameterError(f"Paramètres des routes : attendu {expected}, trouvé {self}.")

    def as_json(self) -> dict[str, Any]:
        """Return the values as JSON can hold them, sets in order."""
        return {
            name: sorted(value) if isinstance(value, frozenset) else dict(value) if isinstance(value, dict) else value
            for name, value in asdict(self).items()
        }


def read_road_settings(path: Path = SPEEDS_FILE) -> RoadSettings:
    """Read the dated assumptions on roads.

    Raises
    ------
    TravelTimeParameterError
        The file is not TOML, or a value is missing or out of range.
    """
    try:
        table = read_toml(path)["roads"]
        return RoadSettings(
            edition=str(table["edition"]),
            km_per_h={str(name): float(speed) for name, speed in table["speeds"]["km_per_h"].items()},
            limit_factor=float(table["limits"]["factor"]),
            implied_km_per_h={str(k): float(v) for k, v in table["limits"]["implied_km_per_h"].items()},
            duration_factor=float(table["calibration"]["duration_factor"]),
            snap_limit_m=float(table["snapping"]["limit_m"]),
            approach_km_per_h=float(table["snapping"]["approach_km_per_h"]),
            smallest_network_nodes=int(table["snapping"]["smallest_network_nodes"]),
            closed_access=frozenset(table["closed"]["access"]),
            closed_barriers=frozenset(table["closed"]["barriers"]),
        )
    except TravelTimeParameterError:
        raise
    except DocumentError as error:
        raise TravelTimeParameterError(str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TravelTimeParameterError(f"{path.name} : attendu les clés de [roads], trouvé {error!r}.") from error


def way_speeds_km_per_h(tags: Tags, settings: RoadSettings) -> tuple[float, float] | None:
    """Return the speed of a car along a way and against it, in km/h; 0 where that direction is closed.

    speed = limit × `limit_factor` where a limit is signposted and understood, else the speed of the class of the road.

    Parameters
    ----------
    tags : of the way: highway, maxspeed, oneway, junction, access…
    settings : what is assumed.

    Returns
    -------
    (along, against), None when the way is not for cars.

    Examples
    --------
    >>> way_speeds_km_per_h({"highway": "primary", "maxspeed": "50", "oneway": "yes"}, read_road_settings())
    (40.0, 0.0)
    """
    highway = tags.get("highway")
    base = settings.km_per_h.get(highway) if highway else None
    one_way = tags.get("oneway")
    if base is None or tags.get("area") == "yes" or one_way == "reversible" or is_closed(tags, settings):
        return None
    both = tags.get("maxspeed")
    along, against = (
        base if limit is None else limit * settings.limit_factor
        for limit in (
            read_limit_km_per_h(tags.get(f"maxspeed:{direction}") or both, settings)
            for direction in ("forward", "backward")
        )
    )
    if one_way in _ONE_WAY_BACK:
        return 0.0, against
    implied = tags.get("junction") in _ROUND or highway in _MOTORWAYS
    if one_way in _ONE_WAY or (implied and one_way != "no"):
        return along, 0.0
    return along, against


def read_limit_km_per_h(text: str | None, settings: RoadSettings) -> float | None:
    """Read a speed limit as OpenStreetMap writes it, in km/h; None when there is none or it is not understood.

    Examples
    --------
    >>> settings = read_road_settings()
    >>> [read_limit_km_per_h(text, settings) for text in ("50", "30 mph", "FR:rural", "FR:zone30", "none", "70;50")]
    [50.0, 48.28032, 80.0, 30.0, None, 50.0]
    """
    if not text:
        return None
    limits = [_one_limit(part.strip(), settings) for part in text.split(";")]
    known = [limit for limit in limits if limit]
    return min(known) if known else None


def is_closed(tags: Tags, settings: RoadSettings) -> bool:
    """Tell whether the access tags of a way close it to cars: the most precise one present decides."""
    access = next((value for value in map(tags.get, _ACCESS_KEYS) if value), None)
    return access in settings.closed_access


def stops_cars(tags: Tags, settings: RoadSettings) -> bool:
    """Tell whether a node with a barrier stops cars: by its access tags, else by what the barrier is."""
    if any(tags.get(key) for key in _ACCESS_KEYS):
        return is_closed(tags, settings)
    return tags.get("barrier") in settings.closed_barriers


def _one_limit(text: str, settings: RoadSettings) -> float | None:
    word = text.rpartition(":")[2].removeprefix("zone").strip().lower()
    number = _NUMBER.fullmatch(word)
    if number:
        return float(number[1]) * (KM_PER_MILE if number[2] == "mph" else 1.0)
    return settings.implied_km_per_h.get(word)
