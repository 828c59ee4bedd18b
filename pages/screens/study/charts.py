"""Charts of the territorial study: the APL of the catchment and the people lifted, by number of GPs."""

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.apl_summary import UNDER_DENSE
from pages.widgets.charts import ACCENT, NEUTRAL, REFERENCE, draw
from pages.widgets.exports.chart import offer_chart
from reports.chart.specification import Axis, Bars, Chart, Reference
from reports.figures.numbers import format_number
from reports.study.content import StudyContent
from reports.study.tables import staffing_note

TITLES: Final = ("APL du bassin, à moins de 15 minutes", "Habitants passés au-dessus de 2,5")


def show_staffing(content: StudyContent, mean_france: float) -> None:
    """Draw both charts side by side, the number tried in full colour, each with its downloads.

    Parameters
    ----------
    content
        The study; its number of GPs can be tried.
    mean_france
        Mean APL of France, drawn as a line.
    """
    table = content.dossier.staffing
    if table is None:
        return
    apl = _bars(table["apl_catchment"], content.n_gp, 2)
    below, above = sorted(((UNDER_DENSE, "seuil"), (mean_france, "France")), key=lambda line: line[0])
    apl = replace(
        apl,
        # An empty place to the right, where the lines are named: on the bars nobody could read it
        x=replace(apl.x, ends=(-0.5, len(table) + 0.9)),
        references=[*_line(*below, under=True), *_line(*above, under=False)],
    )
    lifted = _bars(table["people_lifted"].iloc[1:], content.n_gp, 0)
    for place, chart, name, title in zip(
        st.columns(2, gap="medium"), (apl, lifted), ("apl", "habitants"), TITLES, strict=True
    ):
        with place:
            st.markdown(f"**{title}**")
            draw(chart, f"study_{name}", f"{title}, selon le nombre de médecins ajoutés", height=260)
            offer_chart(
                chart,
                title=f"{content.name} : {title}",
                subtitle=f"Selon le nombre de médecins à temps plein ajoutés. {staffing_note(content.dossier)}",
                source_ids=("drees_apl_mg", "etalab_decoupage"),
                name=f"maillage_etude_{content.territory.code}_{name}",
                key=f"study_chart_{name}",
            )


def _bars(values: pd.Series, n_gp: int, decimals: int) -> Chart:
    labels = ["2023" if number == 0 else f"+{number}" for number in values.index]
    texts = [format_number(value, decimals) for value in values]
    bars = Bars(
        "",
        labels,
        values.to_numpy(),
        [ACCENT if number == n_gp else NEUTRAL for number in values.index],
        texts=texts,
        hovers=[f"{label} : {text}" for label, text in zip(labels, texts, strict=True)],
    )
    highest = float(values.max())
    return Chart(
        Axis("names", title="médecins à temps plein ajoutés"),
        Axis(is_labelled=False, has_grid=False, ends=(0, 1.18 * highest if highest > 0 else 1)),
        [bars],
    )


def _line(value: float, name: str, *, under: bool) -> list[Reference]:
    if value != value:  # noqa: PLR0124 - NaN: unknown, nothing to draw
        return []
    return [Reference("y", value, REFERENCE, f"{name} {format_number(value, 2)}", words_under=under)]
