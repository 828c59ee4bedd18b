"""The dated defaults of the projection: value, unit, source, date and how sure it is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coverage.terms.natures import NATURES, Nature
from geo.documents import parameters_of, read_toml

_FILE: Final = Path(__file__).with_name("assumptions.toml")


@dataclass(frozen=True)
class Assumption:
    """One figure of the model with all that is needed to argue about it.

    Attributes
    ----------
    name
        Name of the parameter.
    value
        Its value, or its values when it is a short list.
    unit, label, source
        In French, shown as they are.
    date
        Date of the source, not of the reading.
    certainty
        One of `coverage.terms.natures.NATURES`.
    interval
        Lowest and highest value that the source leaves open; None where it gives one value only.
    """

    name: str
    value: float | tuple[float, ...]
    unit: str
    label: str
    source: str
    date: dt.date
    certainty: Nature
    interval: tuple[float, float] | None = None

    @property
    def number(self) -> float:
        """Return the value of an assumption that is one number."""
        if isinstance(self.value, tuple):
            raise TypeError(f"assumptions.toml, {self.name} : attendu un nombre, trouvé une liste.")
        return self.value


def _read_assumption(name: str, entry: Mapping[str, object]) -> Assumption:
    """Turn one table of the file into an assumption, or say which entry is wrong."""
    value, date, certainty = entry["value"], entry["date"], entry["certainty"]
    if certainty not in NATURES or not isinstance(date, dt.date):
        raise ValueError(f"assumptions.toml, {name} : date ou certitude absente (trouvé {date!r}, {certainty!r}).")
    numbers = tuple(float(v) for v in value) if isinstance(value, list) else float(str(value))
    unit, label, source = (str(entry[key]) for key in ("unit", "label", "source"))
    return Assumption(name, numbers, unit, label, source, date, certainty, _read_interval(name, numbers, entry))


def _read_interval(
    name: str, value: float | tuple[float, ...], entry: Mapping[str, object]
) -> tuple[float, float] | None:
    """Return the interval of an entry, which holds its value; None where it has none."""
    given = entry.get("interval")
    if given is None:
        return None
    if not (isinstance(given, list) and len(given) == 2 and isinstance(value, float)):  # noqa: PLR2004 - both ends
        raise ValueError(f"assumptions.toml, {name} : attendu un intervalle de deux nombres, trouvé {given!r}.")
    low, high = float(given[0]), float(given[1])
    if not low <= value <= high:
        raise ValueError(f"assumptions.toml, {name} : attendu un intervalle qui contient {value:g}, trouvé {given!r}.")
    return low, high


@cache
def edition() -> dt.date:
    """Return the day of this edition of the assumptions: that of the choices made by whoever moves a lever.

    Raises
    ------
    DocumentError
        When the file is damaged, or has no such date.
    """
    with parameters_of(_FILE):
        day = read_toml(_FILE).get("edition")
        if not isinstance(day, dt.date):
            raise TypeError(f"assumptions.toml, edition : attendu une date, trouvé {day!r}.")
        return day


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Return the dated defaults of the projection by name, read once from ``assumptions.toml``.

    Raises
    ------
    DocumentError
        When the file is damaged, or an entry has no date or an unknown certainty.
    """
    with parameters_of(_FILE):
        tables = {name: entry for name, entry in read_toml(_FILE).items() if name != "edition"}
        return MappingProxyType({name: _read_assumption(name, entry) for name, entry in tables.items()})


def assumed(name: str) -> float:
    """Return the number of one assumption, in the unit written in ``assumptions.toml``."""
    with parameters_of(_FILE):
        return assumptions()[name].number
