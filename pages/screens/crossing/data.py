"""What the page crosses: two indicators at a level they both have, the map of both, and the places that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.crossing.cells import holds
from coverage.crossing.correlation import Correlation, correlate
from coverage.crossing.marks import MOST_POINTS
from coverage.crossing.weights import percentile_ranks
from coverage.indicators.cards import INDICATORS
from coverage.indicators.ranking import worst_first
from coverage.territories.gazetteer import Territory
from geo.levels import DRAWN_LEVELS, DrawnLevel
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import DEFAULT_INDICATOR, View
from pages.screens.crossing.state import Contour, CrossingState, is_crossable
from reports.figures.bivariate import Axis, Cut, cut_axis, draw_pair
from reports.figures.map_classes import MapClasses, letters_left_out, lies_inside, tell_astride, without_structure

EDGE: Final = 0.001
USUAL_SECOND: Final = ("share_75plus", "density_per_km2")


@dataclass(frozen=True)
class Crossed:
    """What is crossed: two indicators, the level and the territory, and how both are cut."""

    first: str
    second: str
    level: DrawnLevel
    scope: Territory
    cut: Cut
    horizon: int


@dataclass(frozen=True, eq=False)
class Pair:
    """The map of two indicators.

    Attributes
    ----------
    x, y
        The two indicators, cut.
    drawn
        What the map colours.
    inside
        True for the places of the territory, in the order of the level.
    order
        Codes of the places of the territory, from the worst off on the first indicator.
    """

    x: Axis
    y: Axis
    drawn: MapClasses
    inside: npt.NDArray[np.bool_]
    order: pd.Index

    @property
    def letters(self) -> npt.NDArray[np.bytes_]:
        """Letter of each place of the level, in order."""
        return np.frombuffer(self.drawn.values.classes.encode("ascii"), dtype="S1")

    def figures(self, axis: Axis) -> npt.NDArray[np.float64]:
        """Return the values of an axis in the printed unit; NaN is unknown, or outside the territory."""
        printed = axis.indicator.display_factor * axis.values.to_numpy(np.float64)
        return np.where(self.inside, printed, np.nan)

    def coordinates(self, axes: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return where each place stands on the scatter; NaN where one of the two is unknown or infinite.

        Parameters
        ----------
        axes
            "valeurs", in the printed units, those of a thousandth at each end being at its edge where places are many;
            "rangs", the percentile rank among those drawn, 0 to 100.
        """
        drawn = self.has_place
        both = np.column_stack([self.figures(self.x), self.figures(self.y)])[drawn]
        if axes == "rangs":
            both = 100 * percentile_ranks(both, np.zeros(2, dtype=bool))
        elif self.is_trimmed:  # one commune of APL 40 would leave all the others a tenth of the width
            both = both.clip(*np.quantile(both, (EDGE, 1 - EDGE), axis=0))
        placed = np.full((len(drawn), 2), np.nan)
        placed[drawn] = both
        return placed[:, 0], placed[:, 1]

    @property
    def has_place(self) -> npt.NDArray[np.bool_]:
        """True for the places of the territory whose two values are known and finite."""
        return np.isfinite(self.figures(self.x)) & np.isfinite(self.figures(self.y))

    @property
    def is_trimmed(self) -> bool:
        """Tell whether places are too many for each to have its point: extreme ones are then at the edge."""
        return int(self.has_place.sum()) > MOST_POINTS


def crossed_of(view: View, state: CrossingState) -> Crossed:
    """Return what is crossed: what the view and the address ask, as far as it can be crossed."""
    offered = load_facts().indicators
    first = view.indicateur if is_crossable(view.indicateur) else DEFAULT_INDICATOR
    wanted = (state.second, *USUAL_SECOND)
    second = next(name for name in wanted if name in offered and name != first and common_levels(first, name))
    levels = common_levels(first, second)
    level = view.maille if view.maille in levels else levels[0]
    scope = load_gazetteer().surroundings(view.territoire, level)
    return Crossed(first, second, level, scope, state.cut, view.horizon)


def common_levels(first: str, second: str) -> tuple[DrawnLevel, ...]:
    """Return the drawn levels at which two indicators both exist, the finest first."""
    both = set(INDICATORS[first].levels) & set(INDICATORS[second].levels)
    return tuple(level for level in DRAWN_LEVELS if level in both)


@st.cache_resource(show_spinner=False, max_entries=24)
def draw_crossed(crossed: Crossed) -> Pair:
    """Cut and cross two indicators, once for all readers."""
    level, gazetteer = crossed.level, load_gazetteer()
    table = level_table(level)
    inside = lies_inside(gazetteer, crossed.scope, level, table.index)
    x, y = (_axis(name, crossed, inside) for name in (crossed.first, crossed.second))
    drawn = draw_pair(
        x,
        y,
        level,
        inside=inside,
        people=table["population"].to_numpy(np.float64),
        left_out=letters_left_out(gazetteer, crossed.scope, level),
        note=tell_astride(level, crossed.scope),
    )
    order = worst_first(x.values[inside], x.indicator, table["population"][inside]).index
    return Pair(x, y, drawn, inside, order)


def _axis(name: str, crossed: Crossed, inside: npt.NDArray[np.bool_]) -> Axis:
    table = level_table(crossed.level)
    is_commune = crossed.level == "commune"
    at_most = load_facts().people_at_most(name).reindex(table.index).to_numpy() > 0 if is_commune else None
    return cut_axis(
        load_facts(crossed.horizon).indicator(name).at(crossed.level),
        load_facts(crossed.horizon).values(name, crossed.level).reindex(table.index),
        crossed.cut,
        inside,
        without_structure(name, table),
        at_most,
    )


def kept_of(pair: Pair, cells: str, contour: Contour, axes: str) -> npt.NDArray[np.bool_]:
    """Tell which places are kept: those of the territory that are in the cells and in the contour asked for."""
    kept = pair.inside.copy()
    if cells:
        kept &= np.isin(pair.letters, [letter.encode("ascii") for letter in cells])
    if contour:
        kept &= holds(contour, *pair.coordinates(axes))
    return kept


def people_of(level: DrawnLevel, chosen: npt.NDArray[np.bool_]) -> float:
    """Return the inhabitants of some places, those of unknown population left out."""
    return float(np.nansum(level_table(level)["population"].to_numpy(np.float64)[chosen]))


@st.cache_resource(show_spinner=False, max_entries=64)
def correlations(crossed: Crossed) -> tuple[Correlation, Correlation]:
    """Return how the two indicators go together over the territory: each place once, and by its people."""
    pair = draw_crossed(crossed)
    x, y = pair.figures(pair.x), pair.figures(pair.y)
    people = level_table(crossed.level)["population"].to_numpy(np.float64)
    return correlate(x, y), correlate(x, y, people)


@st.cache_resource(show_spinner=False, max_entries=8)
def place_names(level: DrawnLevel) -> pd.DataFrame:
    """Return the name of each place of a level, in its order, and for a commune its department."""
    gazetteer = load_gazetteer()
    rows = gazetteer.table(level).set_index(f"{level}_code").reindex(level_table(level).index)
    names = pd.DataFrame({"name": rows["name"]})
    if level == "commune":
        departements = gazetteer.departements.set_index("departement_code")["name"]
        names["departement"] = rows["departement_code"].map(departements)
    return cast("pd.DataFrame", names)
