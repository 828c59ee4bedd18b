"""How projects go on: conversion from stage to stage, by year, and the time they take."""

from typing import Final

import pandas as pd
import streamlit as st

from coverage.project_board.progress import conversion, conversion_by_year
from coverage.project_board.stages import months_to_next
from coverage.terms.months import format_date
from coverage.terms.project_list import STAGES
from pages.screens.project_board.charts import draw_ages, draw_cohorts, draw_conversion
from pages.screens.project_board.data import Board, describe_selection
from pages.widgets.charts import draw
from pages.widgets.exports.logo import current_logo
from pages.widgets.exports.table import offer_table
from reports.chart.specification import Chart
from reports.figures.french import count_of
from reports.figures.numbers import format_number

STAGE_KEY: Final = "board_cohort_stage"


def show_course(board: Board) -> None:
    """Draw the conversion, the ages, and their tables."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("D’une étape à la suivante", anchor=False)
        _show_conversion(board)
    with right:
        st.subheader("Depuis combien de temps", anchor=False)
        _show_ages(board)
    st.subheader("Selon l’année où l’étape a été atteinte", anchor=False)
    _show_cohorts(board)


def _show_conversion(board: Board) -> None:
    table = conversion(board.projects)
    chart = draw_conversion(table, board.report.figures.stages)
    draw(chart, "board_conversion", "Projets passés d’une étape à la suivante", height=390)
    st.caption(
        "En % : part de ceux qui ont atteint l’étape et sont passés à la suivante. Les abandons comptent, et les "
        "projets récents n’ont pas eu le temps d’avancer : la part monte avec les années."
    )
    _offer_picture(board, chart, "projets d’une étape à la suivante", "conversion")
    times = months_to_next(board.projects)
    offer_table(
        pd.DataFrame(
            {
                "Étape": [STAGES[stage] for stage in table.index],
                "L’ont atteinte": table["n_reached"].to_numpy(),
                "Passés à la suivante": table["n_next"].to_numpy(),
                "Encore à cette étape": table["n_waiting"].to_numpy(),
                "Abandonnés à cette étape": table["n_abandoned"].to_numpy(),
                "Part passée à la suivante (0 à 1)": table["share"].to_numpy(),
                "Délai médian (mois)": times["median_months"].to_numpy(),
                "Délais connus": times["n_known"].to_numpy(),
                "Dates dans le désordre": times["n_reversed"].to_numpy(),
            }
        ),
        board.sources,
        title="Projets d’une étape à la suivante",
        name="maillage_projets_conversion",
    )


def _show_ages(board: Board) -> None:
    ages = board.report.figures.ages
    if not ages["n_known"].sum():
        st.info("Âges n.d. : la liste ne donne pas la date des étapes.", icon=":material/event_busy:")
        return
    draw(draw_ages(ages, board.view.mois), "board_ages", "Mois passés dans chaque étape", height=390)
    undated = int(ages["n_unknown"].sum())
    times = months_to_next(board.projects)
    known = [
        f"{STAGES[stage]} → {following} : {format_number(row['median_months'])} mois "
        f"({count_of(row['n_known'], 'projet')})"
        for (stage, row), following in zip(times.iterrows(), list(STAGES.values())[1:], strict=True)
        if row["n_known"]
    ]
    st.caption(f"Projets non abandonnés ; {format_number(undated)} sans date n’y sont pas.")
    if known:
        st.caption(f"Délai médian d’une étape à la suivante, pour ceux qui l’ont franchie : {' ; '.join(known)}.")


def _show_cohorts(board: Board) -> None:
    stage = st.selectbox(
        "Étape atteinte",
        list(STAGES)[:-1],
        index=1,
        format_func=STAGES.__getitem__,
        key=STAGE_KEY,
        width=320,
        filter_mode=None,
    )
    table = conversion_by_year(board.projects, stage)
    if not table.index.notna().any():
        st.info("Aucun projet de la sélection ne dit quand il a atteint cette étape.", icon=":material/event_busy:")
        return
    undated = table[table.index.isna()]["n_reached"].sum()
    chart = draw_cohorts(table)
    draw(chart, "board_cohorts", "Projets par année et part de ceux qui ont avancé", height=300)
    _offer_picture(board, chart, f"projets selon l’année de l’étape « {STAGES[stage]} »", "annees")
    if undated:
        st.caption(f"Sans date pour cette étape, donc absents ici : {count_of(undated, 'projet')}.")


def _offer_picture(board: Board, chart: Chart, said: str, name: str) -> None:
    """Draw the button that gives a chart as a picture, with its title and its source."""
    logo = current_logo()  # read now: files are made outside the run of the page

    def render() -> bytes:
        # Matplotlib is loaded at the first export only.
        from reports.chart.page import ChartWords, render_chart  # noqa: PLC0415 - reason above

        chosen = describe_selection(board.view)
        selection = f"Projets {chosen}. " if chosen else ""
        words = ChartWords(
            f"{board.gazetteer.name(board.territory)} : {said}",
            f"{selection}En nombre de projets ; en %, part de ceux qui sont passés à l’étape suivante. "
            f"Situation au {format_date(board.day)}.",
            board.report.source,
        )
        return render_chart(chart, words, "png", logo=logo)

    st.download_button(
        "Graphique PNG",
        render,
        file_name=f"maillage_projets_{name}_{board.territory.slug}.png",
        mime="image/png",
        icon=":material/image:",
        on_click="ignore",
        key=f"board_chart_{name}",
    )
