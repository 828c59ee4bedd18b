"""The scenarios of the projection page, and how they stand in the address (``p_…`` for A, ``q_…`` for B)."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

from coverage.projection import LEVERS, PRESET_LABELS, PRESETS, Scenario, assumed
from coverage.terms.horizons import DEFAULT_HORIZON, LONGEST_HORIZON, SHORTEST_HORIZON
from coverage.territories.gazetteer import Territory
from pages.app.address import refuse
from reports.figures.numbers import format_number

PRESET_KEYS: Final = tuple(PRESET_LABELS)

PREFIXES: Final = {"a": "p_", "b": "q_"}
HORIZON: Final = "p_horizon"
SECOND: Final = "q_actif"


@dataclass(frozen=True, kw_only=True)
class Levers:
    """What the reader may move in one scenario: the parameters of the model that depend neither on place nor horizon.

    Attributes
    ----------
    settling_factor
        Multiplies the share of the country's new doctors who settle in the territory shown, whichever it is.
    others
        As in `coverage.projection.Scenario`.
    """

    retirement_shift_years: float = 0.0
    arrivals_of: str = "generalistes"
    entries_factor: float = 1.0
    settling_factor: float = 1.0
    population_variant: str = "centrale"
    target: str = "aucune"
    target_density_per_100k: float = 80.0
    target_apl: float = 2.5
    hours_under_50: float = dataclasses.field(default_factory=lambda: assumed("hours_under_50"))
    hours_50_64: float = dataclasses.field(default_factory=lambda: assumed("hours_50_64"))
    hours_65_plus: float = dataclasses.field(default_factory=lambda: assumed("hours_65_plus"))
    exit_factor: float = 1.0
    entries_late_factor: float = 1.0
    entries_ramp_start_year: int = 2026
    entries_ramp_end_year: int = 2036
    ageing_growth: float = dataclasses.field(default_factory=lambda: assumed("ageing_growth"))
    stock_factor: float = 1.0

    def with_(self, **changes: Any) -> Self:
        """Return the levers with some moved; a ramp never ends before it starts."""
        moved = replace(self, **changes)
        if moved.entries_ramp_end_year < moved.entries_ramp_start_year:
            year = changes.get("entries_ramp_end_year", moved.entries_ramp_start_year)
            moved = replace(moved, entries_ramp_start_year=year, entries_ramp_end_year=year)
        return moved

    @classmethod
    def of_preset(cls, name: str) -> Self:
        """Return the levers of a preset of the model."""
        preset = PRESETS[name]
        return cls(**{one.name: getattr(preset, one.name) for one in fields(cls)})

    @property
    def preset(self) -> str | None:
        """Name the preset that these levers are, None when a lever was moved away from all of them."""
        return next((name for name in PRESET_KEYS if type(self).of_preset(name) == self), None)

    def scenario(self, horizon_years: int, territory: Territory) -> Scenario:
        """Return the scenario of the model for a place and a horizon.

        Parameters
        ----------
        horizon_years
            Years projected.
        territory
            Where "here" is, for the share of new doctors who settle here: a region or a department. The whole of
            France has no elsewhere: the lever is then without effect.
        """
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        if territory.level not in {"region", "departement"} or self.settling_factor == 1:
            values["settling_factor"] = 1.0
        else:
            values |= {"settling_level": territory.level, "settling_code": territory.code}
        return Scenario(horizon_years=horizon_years, **values)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the page shows: one scenario or two, at one horizon."""

    horizon_years: int = DEFAULT_HORIZON
    a: Levers = dataclasses.field(default_factory=Levers)
    b: Levers | None = None

    def with_(self, **changes: Any) -> Self:
        """Return the plan with some fields changed."""
        return replace(self, **changes)

    @property
    def scenarios(self) -> dict[str, Levers]:
        """Return the levers of A, and of B when it is asked for."""
        return {"a": self.a} if self.b is None else {"a": self.a, "b": self.b}

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        query = {} if self.horizon_years == DEFAULT_HORIZON else {HORIZON: str(self.horizon_years)}
        if self.b is not None:
            query[SECOND] = "1"
        default = Levers()
        for letter, levers in self.scenarios.items():
            for field, lever in LEVERS.items():
                value = getattr(levers, field)
                if value != getattr(default, field):
                    query[PREFIXES[letter] + lever.address] = str(value)
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Read an address.

        Returns
        -------
        tuple of Plan and list of str
            The plan, and a French sentence for each parameter that is unknown or out of its bounds: it is then at its
            default. Parameters without one of the prefixes are left alone.
        """
        notices: list[str] = []
        horizon = DEFAULT_HORIZON
        if HORIZON in query:
            text = query[HORIZON]
            if text.isdecimal() and len(text) < 4 and SHORTEST_HORIZON <= int(text) <= LONGEST_HORIZON:  # noqa: PLR2004 - digits
                horizon = int(text)
            else:
                notices.append(refuse(HORIZON, text, f"de {SHORTEST_HORIZON} à {LONGEST_HORIZON} ans"))
        second = query.get(SECOND, "")
        if second not in {"", "1"}:
            notices.append(refuse(SECOND, second, "1"))
        a = _read_levers("p_", query, notices)
        b = _read_levers("q_", query, notices) if second == "1" else None
        return cls(horizon_years=horizon, a=a, b=b), notices


ADDRESS_NAMES: Final = frozenset(
    {HORIZON, SECOND, *(prefix + lever.address for prefix in PREFIXES.values() for lever in LEVERS.values())}
)
"""Every query parameter that belongs to the projection."""


def _read_levers(prefix: str, query: Mapping[str, str], notices: list[str]) -> Levers:
    values: dict[str, Any] = {}
    for field, lever in LEVERS.items():
        name = prefix + lever.address
        text = query.get(name)
        if text is None:
            continue
        value = _read_lever(field, text)
        if value is None:
            notices.append(refuse(name, text, _expected(field)))
        else:
            values[field] = value
    levers = Levers(**values)
    if levers.entries_ramp_end_year < levers.entries_ramp_start_year:
        notices.append(
            refuse(prefix + "montee_fin", str(levers.entries_ramp_end_year), "une année qui suit le début de la montée")
        )
        default = Levers()
        levers = replace(
            levers,
            entries_ramp_start_year=default.entries_ramp_start_year,
            entries_ramp_end_year=default.entries_ramp_end_year,
        )
    return levers


def _read_lever(field: str, text: str) -> float | int | str | None:
    """Read one lever; None when it is no number within its bounds, or none of the words."""
    lever = LEVERS[field]
    if lever.bounds is None:
        return text if text in lever.words else None
    try:
        value = float(text)
    except ValueError:
        return None
    low, high = lever.bounds
    if not low <= value <= high:  # a NaN fails here too
        return None
    if isinstance(getattr(Levers, field, None), int):
        return int(value) if value == int(value) else None
    return value


def _expected(field: str) -> str:
    lever = LEVERS[field]
    if lever.bounds is None:
        return ", ".join(lever.words)
    low, high = lever.bounds
    if isinstance(getattr(Levers, field, None), int):
        return f"de {low:g} à {high:g}"
    decimals = 0 if low == int(low) and high == int(high) else 2
    return f"de {format_number(low, decimals)} à {format_number(high, decimals)} ({lever.unit})"
