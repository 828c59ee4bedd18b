"""The chart of the territorial study on paper: what 2 to 8 GPs do to the APL and to the people under the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from coverage.indicators.apl_summary import UNDER_DENSE
from reports.figures.numbers import format_number
from reports.page.paper import INK, MM_PER_POINT, Box, CustomPage, Paper, line_height
from reports.page.pictures import render_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from reports.study.content import StudyContent

CHOSEN, OTHER, LINE = "#2f74b8", "#b4c0cc", "#c2185b"
SIZE: Final = 8.0
BAR_PART: Final = 0.74
SIZE_MM: Final = (182.0, 62.0)


@dataclass(frozen=True)
class _Bar:
    label: str
    value: float
    text: str
    is_chosen: bool


def staffing_picture(study: StudyContent, *, dpi: int = 200) -> bytes:
    """Draw both series of bars side by side, the number tried in full colour, as a PNG.

    Parameters
    ----------
    study
        Its `dossier.staffing` is known.
    dpi
        Dots an inch.

    Raises
    ------
    ValueError
        Nothing could be computed for this commune.
    """
    table = study.dossier.staffing
    if table is None:
        raise ValueError("no staffing to draw")
    paper = CustomPage(size=SIZE_MM)
    figure, page = paper.sheet()
    gap = 8.0
    width = (paper.width - gap - 2.0) / 2
    labels = ["2023" if n_gp == 0 else f"+{n_gp}" for n_gp in table.index]
    apl = [
        _Bar(label, value, format_number(value, 2), n_gp == study.n_gp)
        for label, value, n_gp in zip(labels, table["apl_catchment"], table.index, strict=True)
    ]
    lifted = [
        _Bar(label, value, format_number(value), n_gp == study.n_gp)
        for label, value, n_gp in zip(labels[1:], table["people_lifted"].iloc[1:], table.index[1:], strict=True)
    ]
    box = Box(1.0, 1.0, width, paper.height - 2.0)
    _draw_bars(page, paper, box, "APL du bassin (moins de 15 minutes)", apl, line=UNDER_DENSE)
    _draw_bars(page, paper, Box(box.right + gap, 1.0, width, box.height), "Habitants passés au-dessus de 2,5", lifted)
    return render_picture(figure, "png", dpi=dpi, title=f"{study.name} : effet de 2 à 8 médecins")


def describe_staffing(study: StudyContent) -> str:
    """Return the description of the chart for those who do not see it."""
    table = study.dossier.staffing
    if table is None:
        return ""
    told = " ; ".join(
        f"{n_gp} médecins : APL {format_number(row['apl_catchment'], 2)}, "
        f"{format_number(row['people_lifted'])} habitants passés au-dessus de 2,5"
        for n_gp, row in table.iloc[1:].iterrows()
    )
    return f"Graphique en barres. Aujourd’hui : APL {format_number(table['apl_catchment'].iloc[0], 2)} ; {told}."


def _draw_bars(
    page: Axes, paper: Paper, box: Box, title: str, bars: Sequence[_Bar], *, line: float | None = None
) -> None:
    """Draw bars in a box of the page (mm): title above, figure on each bar, its label under it, unit at the bottom."""
    small = line_height(SIZE)
    paper.write(page, box.left, box.top - 0.8 * SIZE * MM_PER_POINT, title, SIZE, weight="bold")
    foot = 2 * small + 1.5
    chart = Box(box.left, box.bottom + foot, box.width, box.height - foot - 2.6 * small)
    highest = max((bar.value for bar in bars if bar.value == bar.value), default=0.0)
    mm = chart.height / highest if highest > 0 else 0.0
    step = chart.width / len(bars)
    for rank, bar in enumerate(bars):
        left = chart.left + (rank + (1 - BAR_PART) / 2) * step
        height = bar.value * mm if bar.value == bar.value else 0.0
        colour = CHOSEN if bar.is_chosen else OTHER
        page.add_patch(Rectangle((left, chart.bottom), BAR_PART * step, height, facecolor=colour, edgecolor="none"))
        middle = left + BAR_PART * step / 2
        weight = "bold" if bar.is_chosen else "normal"
        paper.write(page, middle, chart.bottom + height + 1.0, bar.text, SIZE, ha="center", weight=weight)
        paper.write(page, middle, chart.bottom - small, bar.label, SIZE, ha="center", weight=weight)
    page.plot([chart.left, chart.right], [chart.bottom] * 2, color=INK, linewidth=0.7)
    if line is not None and mm:
        y = chart.bottom + line * mm
        page.plot([chart.left, chart.right], [y, y], color=LINE, linewidth=0.9, linestyle=(0, (3, 2)))
        told = f"- - - seuil de {format_number(line, 1)}"
        paper.write(page, box.right, box.top - 0.8 * SIZE * MM_PER_POINT, told, SIZE - 1, ha="right", color=LINE)
    unit = "médecins à temps plein ajoutés"
    paper.write(page, chart.left + chart.width / 2, box.bottom, unit, SIZE - 1, ha="center")
