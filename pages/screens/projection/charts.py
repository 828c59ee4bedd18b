"""The charts of the projection: the waterfall of the GPs to find, the stock in its band, the age pyramid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.small_numbers import hide_small
from pages.app.projection import Outlook
from pages.widgets.charts import ACCENT, NEUTRAL
from reports.chart.specification import Axis, Bars, Chart, Line, Reference
from reports.figures.numbers import format_number
from reports.projection.outlook import waterfall_range, waterfall_steps
from reports.projection.words import format_gap, format_gps, format_range

SCENARIO_COLOURS: Final[Mapping[str, str]] = {"a": ACCENT, "b": "#d55e00"}


@dataclass(frozen=True)
class TrackedMeasure:
    """A measure that the fan chart can follow."""

    label: str
    unit: str
    decimals: int


TRACKED: Final[Mapping[str, TrackedMeasure]] = {
    "stock": TrackedMeasure("Effectif", "généralistes", 0),
    "gp_per_100k": TrackedMeasure("Pour 100 000 hab.", "généralistes pour 100 000 habitants", 1),
    "fte": TrackedMeasure("Temps plein (ETP)", "généralistes en équivalent temps plein", 0),
}


def waterfall_axis(outlooks: Mapping[str, Outlook]) -> tuple[float, float]:
    """Return the one axis that shows every step of the waterfalls compared."""
    ranges = [waterfall_range(waterfall_steps(outlook.start, outlook.end)) for outlook in outlooks.values()]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def draw_fan(outlooks: Mapping[str, Outlook], names: Mapping[str, str], measure: str) -> Chart:
    """Draw a measure by year, its 10-90 % band around the central path.

    Parameters
    ----------
    outlooks, names
        Projection and printed name of each scenario.
    measure
        One of `TRACKED`.
    """
    tracked = TRACKED[measure]
    alone, lines = len(outlooks) == 1, []
    for letter, outlook in outlooks.items():
        colour = SCENARIO_COLOURS[letter]
        band, central = outlook.band(measure), outlook.years[measure]
        years = list(band.index)
        lines.append(
            Line(
                "8 chances sur 10" if alone else f"{names[letter]} : 8 chances sur 10",
                [*years, *reversed(years)],
                [*band["p90"], *reversed(list(band["p10"]))],
                colour,
                opacity=0.2,
                is_band=True,
            )
        )
        texts = [
            f"1er janvier {year} : {format_number(value, tracked.decimals)} {tracked.unit}\n"
            f"8 chances sur 10 : {format_range(low, high, tracked.decimals)}"
            for year, value, low, high in zip(years, central, band["p10"], band["p90"], strict=True)
        ]
        lines.append(
            Line(
                "Trajectoire centrale" if alone else names[letter], years, list(central), colour, width=3, hovers=texts
            )
        )
    return Chart(
        Axis("years", most_labels=8),  # 25 years at most
        Axis(title=tracked.unit, decimals=0),
        lines=lines,
        references=[Reference("y", float(outlooks["a"].start[measure]), NEUTRAL, width=1.2)],
    )


def draw_pyramid(outlooks: Mapping[str, Outlook], names: Mapping[str, str]) -> tuple[Chart, bool]:
    """Draw the GPs by five-year age class, today and at the horizon.

    Returns
    -------
    tuple of Chart and bool
        The chart, and whether a class of fewer than five was left out of it.
    """
    first = outlooks["a"]
    bars = {f"{first.base_year}": (first.pyramid(first.base_year), NEUTRAL)}
    for letter, outlook in outlooks.items():
        name = f"{outlook.end_year}" if len(outlooks) == 1 else f"{outlook.end_year}, {names[letter]}"
        bars[name] = (outlook.pyramid(outlook.end_year), SCENARIO_COLOURS[letter])
    series, hidden = [], False
    for name, (by_age, colour) in bars.items():
        classes = by_class(by_age)
        shown = hide_small(classes)
        hidden |= bool((shown.isna() & classes.notna()).any())
        texts = [f"{label}, {name} : {format_gps(value)} généralistes" for label, value in classes.items()]
        series.append(Bars(name, list(shown.index)[::-1], list(shown)[::-1], colour, hovers=texts[::-1]))
    chart = Chart(
        Axis(title="généralistes libéraux", decimals=0),
        Axis("names", step=1, is_reversed=True),  # bars of a class from today down, as the legend names them
        series,
        is_horizontal=True,
        gap=0.18,
        group_gap=0.04,
    )
    return chart, hidden


def by_class(by_age: pd.Series) -> pd.Series:
    """Sum single ages into classes: under 30, five-year classes, 70 or more; names are those of the axis."""
    lower = by_age.index.to_series().floordiv(5).mul(5).clip(25, 70).astype(int)
    sums = by_age.groupby(lower.to_numpy()).sum(min_count=1)
    names = {25: "moins de 30 ans", 70: "70 ans ou plus"}
    return sums.rename(index=lambda age: names.get(age, f"{age}-{age + 4} ans"))


def show_headlines(outlooks: Mapping[str, Outlook]) -> None:
    """Draw the row of key figures, each with its band, and those of scenario B under them."""
    a = outlooks["a"]
    end = a.end
    figures = [
        (
            "À trouver",
            "need_to_find",
            format_gps,
            "départs à remplacer, besoin supplémentaire, objectif éventuel",
        ),
        ("Reste à convaincre", "left_to_convince", format_gap, "à trouver moins arrivées ; négatif, c’est un excédent"),
        ("Départs", "departures", format_gps, "cessations d’activité, à tout âge"),
        ("Arrivées", "entries", format_gps, "installations, dans l’hypothèse choisie"),
    ]
    places = st.columns(len(figures) + 1)
    for place, (label, measure, write, meaning) in zip(places, figures, strict=False):
        with place.container(border=True, height="stretch"):
            st.metric(
                label,
                write(end[measure]),
                help=f"De {a.base_year} au 1er janvier {a.end_year} : {meaning}. Estimé, en médecins "
                "(besoin : en médecins d’activité moyenne d’aujourd’hui).",
            )
            lines = [f"8 chances sur 10 : {format_range(*a.range_at_end(measure))}"]
            if "b" in outlooks:
                b = outlooks["b"]
                lines.append(f"**B : {write(b.end[measure])}** ({format_range(*b.range_at_end(measure))})")
            st.caption("  \n".join(lines))
    with places[-1].container(border=True, height="stretch"):
        st.metric(
            f"Densité en {a.end_year}",
            format_number(end["gp_per_100k"], 1),
            help="Généralistes libéraux pour 100 000 habitants au 1er janvier de l’année. Estimé.",
        )
        band = format_range(*a.range_at_end("gp_per_100k"), 1)
        lines = [
            f"pour 100 000 hab. ; {format_number(a.start['gp_per_100k'], 1)} en {a.base_year}",
            f"8 chances sur 10 : {band}",
        ]
        if "b" in outlooks:
            b = outlooks["b"]
            lines.append(
                f"**B : {format_number(b.end['gp_per_100k'], 1)}** ({format_range(*b.range_at_end('gp_per_100k'), 1)})"
            )
        st.caption("  \n".join(lines))
