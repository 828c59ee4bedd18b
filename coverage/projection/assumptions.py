"""The dated defaults of the projection: value, unit, source, date and how sure it is."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Certainty = Literal["mesuré", "estimé", "supposé"]
CERTAINTIES: tuple[Certainty, ...] = ("mesuré", "estimé", "supposé")


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
        "mesuré" (read in an official table), "estimé" (computed from one) or "supposé" (a choice).
    """

    name: str
    value: float | tuple[float, ...]
    unit: str
    label: str
    source: str
    date: dt.date
    certainty: Certainty

    @property
    def number(self) -> float:
        """Return the value of an assumption that is one number."""
        if isinstance(self.value, tuple):
            raise TypeError(f"assumptions.toml, {self.name} : attendu un nombre, trouvé une liste.")
        return self.value


def _read_assumption(name: str, entry: Mapping[str, object]) -> Assumption:
    """Turn one table of the file into an assumption, or say which entry is wrong."""
    value, date, certainty = entry["value"], entry["date"], entry["certainty"]
    if certainty not in CERTAINTIES or not isinstance(date, dt.date):
        raise ValueError(f"assumptions.toml, {name} : date ou certitude absente (trouvé {date!r}, {certainty!r}).")
    numbers = tuple(float(v) for v in value) if isinstance(value, list) else float(str(value))
    unit, label, source = (str(entry[key]) for key in ("unit", "label", "source"))
    return Assumption(name, numbers, unit, label, source, date, certainty)


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Return the dated defaults of the projection by name, read once from ``assumptions.toml``.

    Raises
    ------
    ValueError
        When an entry has no date or an unknown certainty.
    """
    content = tomllib.loads(Path(__file__).with_name("assumptions.toml").read_text(encoding="utf-8"))
    content.pop("edition")
    return MappingProxyType({name: _read_assumption(name, entry) for name, entry in content.items()})


def assumed(name: str) -> float:
    """Return the number of one assumption, in the unit written in ``assumptions.toml``."""
    return assumptions()[name].number
