"""The charts of the trajectory: lines with targets and published marks, ranks of the regions, openings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from coverage.terms.months import format_full_month
from coverage.territories.gazetteer import Gazetteer, Territory
from coverage.trajectory.growth import rank_by_date
from coverage.trajectory.msp_dates import BPE, FINESS_NOW
from pages.app.facts import load_facts
from pages.app.trajectory import SHOWN, Shown, course_of, date_label, published, target_of
from pages.screens.trajectory.dates import NAMES, SYMBOLS, points_at_dates
from pages.widgets.charts import ACCENT, LINE_COLOURS, NEUTRAL, month_axis, on_two_lines, territory_colours, whole_step
from reports.chart.specification import Axis, Bars, Chart, Line, Mark, Note
from reports.figures.french import count_of
from reports.figures.numbers import format_number

ROOM_FOR_NAMES: Final = 0.5
"""Part of the span of the dates kept free beside the last one."""

TARGET: Final[Mark] = "open diamond"
CROSS: Final[Mark] = "cross"


def draw_course(gazetteer: Gazetteer, territories: Sequence[Territory], shown: Shown, *, marks: bool) -> Chart:
    """Draw one line a territory, its target as a diamond, other counts and what others published as separate marks.

    Parameters
    ----------
    gazetteer
        Names.
    territories
        Whose lines; the first is the one that the page is about.
    shown
        Measure drawn.
    marks
        Whether the published figures are drawn (counts only); they are never joined to a line.
    """
    measure = SHOWN[shown]
    decimals = measure.indicator.decimals
    lines: list[Line] = []
    colours = territory_colours(gazetteer, territories)
    for rank, territory in enumerate(territories):
        name = gazetteer.name(territory)
        colour = colours[name]
        values = course_of(territory)[measure.column]
        texts = [
            f"{name}\n{format_full_month(date)} : {format_number(value, decimals)} {measure.unit}"
            for date, value in values.items()
        ]
        width = 3 if rank == 0 else 1.8
        lines.append(Line(name, list(values.index), list(values), colour, width=width, mark="circle", hovers=texts))
        target = target_of(territory, shown)
        if target and target[1] == target[1]:
            text = f"{name}\nobjectif au 31 décembre 2022 : {format_number(target[1], decimals)} {measure.unit}"
            date, value = target
            lines.append(_marks([date], [value], colour, TARGET, mark_size=13, hovers=[text]))
        lines += points_at_dates(gazetteer, territory, shown, colour, 1.0 if rank == 0 else 0.75)
        if marks and shown == "nombre":
            lines += _published_marks(territory, name, colour)
    symbols = {"objectif pour fin 2022": TARGET} | {NAMES[origin]: SYMBOLS[origin] for origin in (BPE, FINESS_NOW)}
    if marks and shown == "nombre":
        symbols["publié par d’autres"] = CROSS
    lines += [_marks([None], [None], NEUTRAL, symbol, name=label) for label, symbol in symbols.items()]
    largest = max((float(value) for line in lines for value in line.y if pd.notna(value)), default=0.0)
    return Chart(
        month_axis([pd.Timestamp(date) for line in lines for date in line.x if date is not None]),
        Axis(
            title=measure.unit,
            starts_at_zero=True,
            decimals=min(decimals, 1),
            step=whole_step(largest) if shown == "nombre" else None,
        ),
        lines=lines,
    )


def _marks(
    x: Sequence[Any], y: Sequence[Any], colour: str, mark: Mark, *, name: str = "", mark_size: float = 11,
    hovers: Sequence[str] = (),
) -> Line:  # fmt: skip
    """Return marks that no line joins."""
    return Line(name, x, y, colour, mark=mark, mark_size=mark_size, outline=2.5, hovers=hovers)


def _published_marks(territory: Territory, name: str, colour: str) -> list[Line]:
    table = published()
    rows = table[
        (table["indicator"] == "n_msp")
        & (table["level"] == territory.level)
        & (table["territory_code"] == territory.code)
        & (table["source"] != "dgos_msp")  # the line itself
        & table["when"].notna()
    ]
    if rows.empty:
        return []
    texts = [
        f"{name}, {date_label(row['date'])} : {row['qualifier']} {format_number(row['value'])} MSP\n"
        f"{row['who']}, {row['nature']}"
        for row in rows.to_dict("records")
    ]
    return [_marks(list(rows["when"]), list(rows["value"]), colour, CROSS, hovers=texts)]


def draw_ranks(gazetteer: Gazetteer, shown: Shown, colours: Mapping[str, str]) -> Chart:
    """Draw the rank of each region at each date, in colour those whose name has one."""
    ranks = rank_by_date(load_facts().labelled_msp, "region", SHOWN[shown].column)
    lines, notes = [], []
    last = ranks.columns[-1]
    places = ranks[last].rank(method="first")  # regions with the same rank have their names one under the other
    for code, row in ranks.sort_values(last, ascending=False).iterrows():
        name = gazetteer.name(Territory("region", str(code)))
        mine = name in colours
        colour = colours.get(name, NEUTRAL)
        lines.append(
            Line(
                "",
                list(row.index),
                list(row),
                colour,
                opacity=1 if mine else 0.55,
                width=3.5 if mine else 1.2,
                mark="circle",
                mark_size=9 if mine else 5,
                hovers=[
                    f"{name}\n{format_full_month(date)} : rang {format_number(rank)} sur {len(ranks)}"
                    for date, rank in row.items()
                ],
            )
        )
        if pd.notna(row[last]):
            beside = last + pd.Timedelta(days=25)
            notes.append(Note(beside, places[code], on_two_lines(name), colour if mine else None, is_bold=mine))
    # Room for the names on the right: Provence-Alpes-Côte d’Azur is the longest.
    ends = (ranks.columns[0] - pd.Timedelta(days=60), last + ROOM_FOR_NAMES * (last - ranks.columns[0]))
    return Chart(
        replace(month_axis(list(ranks.columns)), has_grid=False, ends=ends),
        Axis(title="rang", ends=(len(ranks) + 0.6, 0.4), step=1, has_grid=False, has_zero_line=False),
        lines=lines,
        notes=notes,
    )


def draw_openings(by_type: Mapping[str, pd.DataFrame], column: str, unit: str) -> Chart:
    """Draw openings by year or cumulated, one series a type of structure."""
    bars, lines = [], []
    for (label, table), colour in zip(by_type.items(), (ACCENT, LINE_COLOURS[0]), strict=False):
        years, counts = list(table.index), list(table[column])
        texts = [f"{label}, {year} : {count_of(n, 'site')}" for year, n in zip(years, counts, strict=True)]
        if column == "n_opened":
            bars.append(Bars(label, years, counts, colour, hovers=texts))
        else:
            lines.append(Line(label, years, counts, colour, width=3, is_stepped=True, hovers=texts))
    largest = max((float(table[column].max()) for table in by_type.values()), default=0.0)
    return Chart(Axis("years"), Axis(title=unit, starts_at_zero=True, step=whole_step(largest)), bars, lines)
