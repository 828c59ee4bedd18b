"""The scatter of two indicators: a mark a place in the colour of its cell, a part of it kept by drawing around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from coverage.crossing.marks import Marks, gather
from coverage.territories.gazetteer import Territory
from geo.levels import LEVEL_NAMES
from geo.map import THEMES
from geo.map.legend import colours_in_theme
from pages.app.session import change_view
from pages.app.tables import level_table, load_gazetteer
from pages.screens.crossing.correlation import show_correlations
from pages.screens.crossing.data import Crossed, Pair, place_names
from pages.screens.crossing.state import AXES_LABELS, Contour, CrossingState, change, shorten_contour
from pages.widgets.charts import NEUTRAL, REFERENCE, draw
from pages.widgets.exports.chart import offer_chart
from reports.chart.specification import Axis, Chart, Line, Reference, Side
from reports.figures.numbers import format_number

HEIGHT: Final = 460
TOOLS: Final = {"box": "Rectangle", "lasso": "Lasso", "points": "Clic"}
_SIZES: Final = ((1, 3.0), (10, 4.5), (100, 6.5), (10**9, 9.0))
"""Places of a mark at most → its width on the screen (pixels)."""
SIZES_TOLD: Final = "Un point rassemble les lieux voisins du nuage : quatre tailles, 1, 2 à 10, 11 à 100, plus de 100."
ALONE: Final = 6.5
PALE: Final = 0.12


@dataclass(frozen=True, eq=False)
class Trace:
    """Marks that are drawn alike: their numbers in the scatter, their cell, their width, whether they are kept."""

    marks: npt.NDArray[np.intp]
    group: int
    size: float
    is_kept: bool


def marks_of(pair: Pair, axes: str) -> Marks:
    """Return the marks of a pair: places of two cells never share one."""
    letters = pair.letters
    groups = np.where(np.char.isdigit(letters.astype(str)), letters, b"0").astype(np.int64)
    return gather(*pair.coordinates(axes), groups)


def traces_of(marks: Marks, kept: npt.NDArray[np.bool_]) -> list[Trace]:
    """Part the marks in traces: those of which no place is kept first, so that the others stand over them."""
    here = marks.members[kept]
    is_kept = np.isin(np.arange(len(marks.x)), here[here >= 0])
    size = np.searchsorted([most for most, _ in _SIZES], marks.counts) if marks.is_gathered else np.zeros(len(marks.x))
    found = []
    for shown in (False, True):
        for group in np.unique(marks.group):
            for rank, (_, width) in enumerate(_SIZES):
                chosen = np.flatnonzero((marks.group == group) & (size == rank) & (is_kept == shown))
                if len(chosen):
                    found.append(Trace(chosen, int(group), width if marks.is_gathered else ALONE, shown))
    return found


def draw_scatter(
    pair: Pair,
    state: CrossingState,
    marks: Marks,
    traces: list[Trace],
    palette: list[str],
    texts: list[str],
    chosen: tuple[str, float, float] | None,
) -> Chart:
    """Draw the scatter.

    Parameters
    ----------
    pair, state
        What is crossed, and the part of it that is kept.
    marks, traces
        Results of `marks_of` and `traces_of`.
    palette
        Colours of the cells.
    texts
        What each mark says; empty without any.
    chosen
        Name and place of the territory chosen in the view; None when it has no mark.
    """
    lines = [
        Line(
            "",
            marks.x[trace.marks],
            marks.y[trace.marks],
            palette[trace.group],
            opacity=1.0 if trace.is_kept else PALE,
            mark="circle",
            mark_size=trace.size,
            has_edge=True,  # the palest cells are hardly seen on a white page
            hovers=[texts[mark] for mark in trace.marks] if texts else (),
        )
        for trace in traces
    ]
    if chosen:
        name, x, y = chosen
        lines.append(Line(name, [x], [y], REFERENCE, mark="diamond", mark_size=13, has_edge=True, hovers=[name]))
    ranks = state.axes == "rangs"
    titles = [f"{axis.indicator.short_label}, rang de 0 à 100" if ranks else axis.title for axis in (pair.x, pair.y)]
    cuts: tuple[tuple[Side, tuple[float, ...]], ...] = (("x", pair.x.cuts), ("y", pair.y.cuts))
    return Chart(
        Axis(title=titles[0], has_zero_line=False),
        Axis(title=titles[1], has_zero_line=False),
        lines=lines,
        references=[Reference(side, cut, NEUTRAL, width=1) for side, found in cuts for cut in found if not ranks],
    )


def show_scatter(
    crossed: Crossed, pair: Pair, state: CrossingState, kept: npt.NDArray[np.bool_], chosen: str | None
) -> None:
    """Draw the scatter, what its axes and its tool are, what it says of the two indicators, and its files."""
    st.subheader("Nuage de points", anchor=False)
    tool = _choose_tools(state)
    marks = marks_of(pair, state.axes)
    if not len(marks.x):
        st.info("Aucun lieu n’a les deux valeurs connues (n.d.) : il n’y a pas de nuage à dessiner.")
        return
    traces = traces_of(marks, kept)
    named = _chosen(crossed, pair, state, chosen)
    palette, _ = colours_in_theme(pair.drawn.values, THEMES[st.context.theme.type or "light"])
    chart = draw_scatter(pair, state, marks, traces, palette, _texts(crossed, pair, marks), named)
    key = f"crossing_scatter_{tool}_{_round()}"
    draw(
        chart,
        key,
        f"Nuage de points : {pair.x.indicator.label} en largeur, {pair.y.indicator.label} en hauteur",
        height=HEIGHT,
        on_select=lambda: _take(key, crossed, pair, state, marks, traces),
        selection_mode=tool,
    )
    _say_marks(crossed, pair, state, marks)
    show_correlations(crossed)
    both = f"{pair.x.indicator.short_label} et {pair.y.indicator.short_label}"
    offer_chart(
        draw_scatter(pair, state, marks, traces, list(pair.drawn.values.palette), [], named),
        title=f"{load_gazetteer().name(crossed.scope)} : {both}",
        subtitle=f"Un point par {LEVEL_NAMES[crossed.level].noun} ; {pair.drawn.legend.subtitle}. "
        f"{pair.drawn.legend.method} {SIZES_TOLD if marks.is_gathered else ''}",
        source_ids=tuple(dict.fromkeys((*pair.x.indicator.source_ids, *pair.y.indicator.source_ids))),
        name=f"maillage_nuage_{crossed.level}_{crossed.first}_{crossed.second}_{crossed.scope.slug}",
        key="crossing_chart",
    )


def _choose_tools(state: CrossingState) -> str:
    left, right = st.columns(2)
    with left:
        st.session_state["crossing_axes"] = state.axes
        st.segmented_control(
            "Axes",
            list(AXES_LABELS),
            format_func=AXES_LABELS.__getitem__,
            key="crossing_axes",
            required=True,
            on_change=lambda: change(axes=st.session_state["crossing_axes"], contour=()),
            help="Les rangs étalent les lieux : 0 pour la valeur la plus basse du territoire, 100 pour la plus élevée.",
        )
    with right:
        st.session_state.setdefault("crossing_tool", "box")
        tool = st.segmented_control(
            "Choisir des lieux avec",
            list(TOOLS),
            format_func=TOOLS.__getitem__,
            key="crossing_tool",
            required=True,
            help="Entourez des points : la carte et la liste ne gardent qu’eux. Un clic sur un point ouvre la fiche du "
            "lieu, ou garde les lieux qu’il rassemble.",
        )
    return tool or next(iter(TOOLS))


def _round() -> int:
    """Return the number of the chart: another forgets what was drawn around, once it is in the address."""
    return int(st.session_state.setdefault("crossing_round", 0))


def _take(key: str, crossed: Crossed, pair: Pair, state: CrossingState, marks: Marks, traces: list[Trace]) -> None:
    """Keep what was drawn around, or open the place whose mark was clicked."""
    event = st.session_state[key]["selection"]
    st.session_state["crossing_round"] = _round() + 1
    contour = contour_of(event)
    if contour:
        change(contour=contour)
        return
    clicked = [point for point in event.get("points", ()) if point["curve_number"] < len(traces)]
    if not clicked:
        return
    mark = traces[clicked[0]["curve_number"]].marks[clicked[0]["point_index"]]
    rows = np.flatnonzero(marks.members == mark)
    if len(rows) == 1:
        code = str(level_table(crossed.level).index[rows[0]])
        change_view(selection=Territory(crossed.level, code))
        return
    change(contour=around(rows, *pair.coordinates(state.axes)))


def around(rows: npt.NDArray[np.intp], x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Contour:
    """Return the rectangle that holds some places, a little larger: an address has not all their digits."""
    sides = []
    for values in (x, y):
        room = 1e-4 * (float(np.nanmax(values)) - float(np.nanmin(values)))
        sides.append((float(values[rows].min()) - room, float(values[rows].max()) + room))
    (west, east), (south, north) = sides
    return (round(west, 6), round(south, 6)), (round(east, 6), round(north, 6))


def contour_of(event: Any) -> Contour:
    """Return what was drawn around on a chart, as an address can hold it; empty when nothing was."""
    for box in event.get("box", ()):
        (x0, x1), (y0, y1) = box["x"], box["y"]
        return shorten_contour(((min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))))
    for lasso in event.get("lasso", ()):
        corners = tuple(zip(lasso["x"], lasso["y"], strict=True))
        return shorten_contour(corners) if len(corners) > 2 else ()  # noqa: PLR2004 - a line holds nothing
    return ()


def _chosen(crossed: Crossed, pair: Pair, state: CrossingState, code: str | None) -> tuple[str, float, float] | None:
    index = level_table(crossed.level).index
    if code not in index:
        return None
    row = int(index.get_loc(code))
    x, y = (float(values[row]) for values in pair.coordinates(state.axes))
    return None if np.isnan(x) else (str(place_names(crossed.level)["name"].iloc[row]), x, y)


def _texts(crossed: Crossed, pair: Pair, marks: Marks) -> list[str]:
    """Say what each mark is: the name and the values of a place, or how many places it stands for."""
    names = place_names(crossed.level)["name"].to_numpy()
    first = np.full(len(marks.x), -1, dtype=np.int64)
    drawn = np.flatnonzero(marks.members >= 0)
    first[marks.members[drawn]] = drawn
    x, y = pair.x.texts, pair.y.texts
    plural = LEVEL_NAMES[crossed.level].plural
    return [
        f"<b>{names[row]}</b>\n{pair.x.indicator.short_label} : {x[row]}\n{pair.y.indicator.short_label} : {y[row]}"
        if count == 1
        else f"<b>{format_number(count)} {plural}</b>\ndont {names[row]} : {x[row]} ; {y[row]}"
        for row, count in zip(first, marks.counts, strict=True)
    ]


def _say_marks(crossed: Crossed, pair: Pair, state: CrossingState, marks: Marks) -> None:
    """Say what a mark is, and what has none."""
    said = [SIZES_TOLD] if marks.is_gathered else []
    if pair.is_trimmed and state.axes == "valeurs":
        said.append("Le millième des valeurs les plus basses et le millième des plus hautes sont au bord du nuage.")
    absent = int(pair.inside.sum() - marks.counts.sum())
    if absent:
        names = LEVEL_NAMES[crossed.level]
        said.append(f"{format_number(absent)} {names.plural if absent > 1 else names.noun} hors du nuage : valeur n.d. "
                    "ou sans objet.")  # fmt: skip
    said.append("Couleurs : celles de la carte. Pointillés : bornes des classes.")
    st.caption(" ".join(said))
