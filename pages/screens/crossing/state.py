"""What the page of crossings shows, and how it stands in the address (``x_…``)."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, Self, get_args

import streamlit as st

from coverage.crossing.weights import MOST_WEIGHT
from coverage.indicators.cards import INDICATORS
from pages.app.address import PageAddress, refuse
from reports.figures.bivariate import CUT_LABELS, Cut

Part = Literal["deux", "criteres"]
PART_LABELS: Final[Mapping[Part, str]] = {"deux": "Deux indicateurs", "criteres": "Critères pondérés"}
Axes = Literal["valeurs", "rangs"]
AXES_LABELS: Final[Mapping[Axes, str]] = {"valeurs": "Valeurs", "rangs": "Rangs (0 à 100)"}
Draws = Literal["tous", "autour"]
DRAWS_LABELS: Final[Mapping[Draws, str]] = {"tous": "Tous les poids possibles", "autour": "Autour des décideurs"}
CELLS: Final = "012345678n"
"""Letters of the cells that can be kept: the nine classes, and the unknown."""
MOST_CORNERS: Final = 60
"""Corners of a contour kept in the address: one drawn by hand has hundreds."""
MOST_CRITERIA: Final = 8
MOST_MAKERS: Final = 6
LONGEST_NAME: Final = 30
USUAL_WEIGHT: Final = 3
_BETWEEN, _WITHIN = "~", "."

Contour = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Weighed:
    """A criterion of the ranking: its indicator, and whether a low value is what is urgent."""

    indicator_id: str
    low_first: bool


@dataclass(frozen=True)
class Maker:
    """A decision maker: a name, and a weight (0 to 5) for each criterion, in their order."""

    name: str
    weights: tuple[int, ...]


USUAL_CRITERIA: Final = (
    Weighed("share_75plus", low_first=False),
    Weighed("poverty_rate", low_first=False),
    Weighed("apl_65_2023", low_first=True),
    Weighed("nearest_msp_min", low_first=False),
    Weighed("density_per_km2", low_first=True),
)
USUAL_MAKERS: Final = (
    Maker("ARS", (3, 3, 5, 4, 1)),
    Maker("Département", (4, 4, 3, 3, 3)),
    Maker("CPTS", (3, 2, 5, 2, 1)),
)
"""Where to begin from: weights that nobody has stated, to be replaced by those of the meeting."""


@dataclass(frozen=True, kw_only=True)
class CrossingState:
    """What is crossed and kept; the first indicator, the level and the territory are those of the view.

    Attributes
    ----------
    part
        Which half of the page is shown.
    second
        The other indicator.
    cut
        How both are cut.
    cells
        Letters of the cells that the map and the list keep; empty for all.
    contour
        What is kept of the scatter, in the units of its axes (`coverage.crossing.cells.holds`); empty for all.
    axes
        Whether the scatter shows values or percentile ranks.
    criteria, makers, draws
        The weighted ranking.
    """

    part: Part = "deux"
    second: str = "share_75plus"
    cut: Cut = "france"
    cells: str = ""
    contour: Contour = ()
    axes: Axes = "valeurs"
    criteria: tuple[Weighed, ...] = USUAL_CRITERIA
    makers: tuple[Maker, ...] = USUAL_MAKERS
    draws: Draws = "tous"

    @property
    def is_filtered(self) -> bool:
        """Tell whether a part of the places is kept."""
        return bool(self.cells or self.contour)

    def with_(self, **changes: Any) -> Self:
        """Return the state with some fields changed."""
        return replace(self, **changes)

    def with_criteria(self, criteria: tuple[Weighed, ...]) -> Self:
        """Return the state with other criteria: decision makers keep the weights they gave, a new one gets 3."""
        before = [one.indicator_id for one in self.criteria]

        def weight(maker: Maker, name: str) -> int:
            return maker.weights[before.index(name)] if name in before else 3

        makers = tuple(
            Maker(one.name, tuple(weight(one, each.indicator_id) for each in criteria)) for one in self.makers
        )
        return self.with_(criteria=criteria, makers=makers)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        default = CrossingState()
        written = {_NAMES[f.name]: getattr(self, f.name) for f in fields(self)
                   if getattr(self, f.name) != getattr(default, f.name)}  # fmt: skip
        if self.criteria != default.criteria and "x_decideurs" not in written:
            written["x_decideurs"] = self.makers  # read with the number of criteria of the address
        return {name: _WRITERS.get(name, str)(value) for name, value in written.items()}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Read an address: the state, and a French sentence for each parameter that could not be used."""
        values: dict[str, Any] = {}
        notices = []
        for field, name in _NAMES.items():
            if name not in query:
                continue
            read, expected = _READERS[name]
            try:
                values[field] = read(query[name])
            except ValueError:
                notices.append(refuse(name, query[name], expected))
        state = cls(**values) if "makers" in values else cls().with_criteria(values.pop("criteria", USUAL_CRITERIA))
        state = state.with_(**values)
        if any(len(maker.weights) != len(state.criteria) for maker in state.makers):
            expected = f"{len(state.criteria)} poids par décideur, un par critère"
            notices.append(refuse("x_decideurs", query.get("x_decideurs", ""), expected))
            state = state.with_(makers=USUAL_MAKERS, criteria=USUAL_CRITERIA)
        return state, notices


_NAMES: Final = {
    "part": "x_partie",
    "second": "x_avec",
    "cut": "x_coupe",
    "cells": "x_cases",
    "contour": "x_zone",
    "axes": "x_axes",
    "criteria": "x_criteres",
    "makers": "x_decideurs",
    "draws": "x_tirages",
}


def is_crossable(name: str) -> bool:
    """Tell whether an indicator can be crossed: a number, of places."""
    return name in INDICATORS and INDICATORS[name].kind != "categorical"


def shorten_contour(corners: Contour) -> Contour:
    """Return a contour with few enough corners for an address, and four digits each: what is kept is what it says."""
    step = math.ceil(len(corners) / MOST_CORNERS) if len(corners) > MOST_CORNERS else 1
    return tuple((float(f"{x:.4g}"), float(f"{y:.4g}")) for x, y in corners[::step])


def _write_contour(contour: Contour) -> str:
    return _BETWEEN.join(f"{x:.10g},{y:.10g}" for x, y in contour)


def _write_criteria(criteria: tuple[Weighed, ...]) -> str:
    return _BETWEEN.join(f"{one.indicator_id}{_WITHIN}{'bas' if one.low_first else 'haut'}" for one in criteria)


def _write_makers(makers: tuple[Maker, ...]) -> str:
    return _BETWEEN.join(_WITHIN.join([one.name, *map(str, one.weights)]) for one in makers)


def clean_name(text: object) -> str:
    """Return the name of a decision maker as the address can hold it."""
    return " ".join(str(text or "").replace(_BETWEEN, " ").replace(_WITHIN, " ").split())[:LONGEST_NAME]


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        _require(text in known)
        return text

    return read


def _read_second(text: str) -> str:
    _require(is_crossable(text))
    return text


def _read_cells(text: str) -> str:
    _require(bool(text) and set(text) <= set(CELLS))
    return "".join(letter for letter in CELLS if letter in text)


def _read_contour(text: str) -> Contour:
    pairs = [part.split(",") for part in text.split(_BETWEEN)]
    _require(2 <= len(pairs) <= MOST_CORNERS and all(len(pair) == 2 for pair in pairs))  # noqa: PLR2004 - x and y
    corners = tuple((float(x), float(y)) for x, y in pairs)
    _require(all(math.isfinite(number) for corner in corners for number in corner))
    return corners


def _read_criteria(text: str) -> tuple[Weighed, ...]:
    pairs = [part.rpartition(_WITHIN) for part in text.split(_BETWEEN)]
    names = [name for name, _, _ in pairs]
    _require(1 <= len(pairs) <= MOST_CRITERIA and len(set(names)) == len(names))
    _require(all(is_crossable(name) and way in {"bas", "haut"} for name, _, way in pairs))
    return tuple(Weighed(name, way == "bas") for name, _, way in pairs)


def _read_makers(text: str) -> tuple[Maker, ...]:
    makers = []
    for part in text.split(_BETWEEN):
        name, *weights = part.split(_WITHIN)
        _require(all(weight.isdecimal() and int(weight) <= MOST_WEIGHT for weight in weights))
        _require(bool(weights) and name == clean_name(name) and bool(name))
        makers.append(Maker(name, tuple(map(int, weights))))
    _require(len(makers) <= MOST_MAKERS and len({maker.name for maker in makers}) == len(makers))
    return tuple(makers)


def _require(fact: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not fact:
        raise ValueError


_WRITERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "x_zone": _write_contour,
    "x_criteres": _write_criteria,
    "x_decideurs": _write_makers,
}


def _choice(labels: tuple[str, ...]) -> tuple[Callable[[str], str], str]:
    return _one_of(labels), ", ".join(labels)


_READERS: Final[Mapping[str, tuple[Callable[[str], Any], str]]] = {
    "x_partie": _choice(get_args(Part)),
    "x_avec": (_read_second, "un indicateur chiffré"),
    "x_coupe": _choice(tuple(CUT_LABELS)),
    "x_cases": (_read_cells, "des cases, de 0 à 8, ou n"),
    "x_zone": (_read_contour, f"de 2 à {MOST_CORNERS} points « x,y » séparés par « ~ »"),
    "x_axes": _choice(get_args(Axes)),
    "x_criteres": (_read_criteria, f"de 1 à {MOST_CRITERIA} critères « indicateur.haut » ou « indicateur.bas »"),
    "x_decideurs": (_read_makers, f"de 1 à {MOST_MAKERS} décideurs « nom.poids.poids », poids de 0 à {MOST_WEIGHT}"),
    "x_tirages": _choice(get_args(Draws)),
}

ADDRESS: Final = PageAddress("crossing", frozenset(_READERS), CrossingState.from_query)


def change(**changes: Any) -> None:
    """Change the state; to be called in a widget's callback."""
    kept: CrossingState = st.session_state[ADDRESS.key]
    ADDRESS.change(kept.with_(**changes))
