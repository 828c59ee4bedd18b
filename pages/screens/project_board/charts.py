"""The charts of the board of projects: how many go on from each stage, by year, and how long they stay."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from coverage.terms.project_list import STAGES
from pages.widgets.charts import ACCENT, NEUTRAL, whole_step
from reports.chart.specification import Axis, Bars, Chart, Line, Mark, Reference
from reports.figures.numbers import format_number, format_share

WAITING, GIVEN_UP, OLDEST = "#8fb3d9", NEUTRAL, "#c2410c"


def draw_conversion(table: pd.DataFrame, stages: pd.DataFrame) -> Chart:
    """Draw the stages as a funnel: of those that reached each, how many went on, are there, were given up.

    Parameters
    ----------
    table
        As `coverage.project_board.progress.conversion` gives it.
    stages
        As `coverage.project_board.progress.count_by_stage` gives it: what became of those at the last stage.
    """
    labels = list(STAGES.values())
    shares = [format_share(share, 0) for share in table["share"]]
    parts: tuple[tuple[str, list[float], str, list[str]], ...] = (
        ("Passés à l’étape suivante", [*table["n_next"], 0], ACCENT, [*shares, ""]),
        ("Encore à cette étape", list(stages["n_current"]), WAITING, []),
        ("Abandonnés à cette étape", list(stages["n_abandoned"]), GIVEN_UP, []),
    )
    return Chart(
        Axis(title="projets qui ont atteint l’étape", title_gap_px=4, starts_at_zero=True),
        Axis("names", is_reversed=True),
        [_counts(name, labels, counts, colour, texts) for name, counts, colour, texts in parts],
        is_horizontal=True,
        is_stacked=True,
    )


def _counts(name: str, places: Sequence[Any], counts: Sequence[float], colour: str, texts: Sequence[str]) -> Bars:
    hovers = [f"{place}\n{name} : {format_number(count)}" for place, count in zip(places, counts, strict=True)]
    return Bars(name, places, [float(count) for count in counts], colour, texts=texts, texts_at="end", hovers=hovers)


def draw_cohorts(table: pd.DataFrame) -> Chart:
    """Draw the projects by the year they reached a stage: those that have reached the next one, and the others.

    Parameters
    ----------
    table
        As `coverage.project_board.progress.conversion_by_year` gives it; the undated are left out.
    """
    dated = table[table.index.notna()]
    years = [int(year) for year in dated.index]
    shares = [format_share(share, 0) for share in dated["share"]]
    return Chart(
        Axis("years", step=1),
        Axis(title="projets", starts_at_zero=True, step=whole_step(float(dated["n_reached"].max()))),
        [
            _counts("Ont atteint la suivante", years, list(dated["n_next"]), ACCENT, shares),
            _counts("Pas encore, ou abandonnés", years, list(dated["n_reached"] - dated["n_next"]), WAITING, []),
        ],
        is_stacked=True,
    )


def draw_ages(table: pd.DataFrame, stuck_months: float) -> Chart:
    """Draw the ages in each stage: from the first to the third quartile, the median, the oldest.

    Parameters
    ----------
    table
        As `coverage.project_board.stages.age_by_stage` gives it.
    stuck_months
        Months above which a project is stuck: a dotted line.
    """
    known = table[table["n_known"] > 0]
    labels = [STAGES[str(stage)] for stage in known.index]
    low, high = known["q25_months"], known["q75_months"]
    half = Bars(
        "La moitié centrale des projets",
        labels,
        list(high - low),
        WAITING,
        starts=list(low),
        hovers=[
            f"{label}\nLa moitié centrale : de {format_number(first)} à {format_number(last)} mois"
            for label, first, last in zip(labels, low, high, strict=True)
        ],
        width=0.5,
    )
    marks: tuple[tuple[str, str, Mark, str], ...] = (
        ("Médiane", "median_months", "circle", ACCENT),
        ("Le plus ancien", "oldest_months", "diamond", OLDEST),
    )
    return Chart(
        Axis(title="mois dans l’étape", title_gap_px=4, starts_at_zero=True),
        Axis("names", names=list(STAGES.values()), is_reversed=True),
        [half],
        [
            Line(
                name,
                list(known[column]),
                labels,
                colour,
                mark=mark,
                mark_size=11,
                hovers=[
                    f"{label}\n{name} : {format_number(months)} mois"
                    for label, months in zip(labels, known[column], strict=True)
                ],
            )
            for name, column, mark, colour in marks
        ],
        is_horizontal=True,
        references=[Reference("x", float(stuck_months), OLDEST)],
    )
