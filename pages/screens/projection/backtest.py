"""The back-test of the projection on the method page: what was predicted of 2020, and how much the band held."""

import numpy as np
import pandas as pd
import streamlit as st

from coverage.projection import BackTest
from pages.app.projection import load_backtests
from pages.widgets.charts import ACCENT, draw
from reports.chart.specification import Axis, Bars, Chart
from reports.figures.numbers import format_number, format_signed

OUTSIDE_COLOUR = "#b35806"
STEP_POINTS = 2
"""Width of the classes of error, in percentage points."""


def show_backtest() -> None:
    """Draw the errors of the prediction of each department, and the share held by the band before and after."""
    before, after = load_backtests()
    first, last = after.fit_years
    st.markdown(
        f"**Contre-essai.** Les taux sont ajustés sur {first}-{last} seulement, puis le modèle prévoit le nombre de "
        f"médecins de {after.target_year} dans chaque département, et la prévision est comparée au compte. Il porte "
        "sur **tous les médecins**, généralistes et spécialistes : les âges des généralistes par département, de 2012 "
        "à 2020, ne sont dans aucune table publique réunie ici. L’âge de chaque département y est celui du pays."
    )
    table, chart = st.columns([5, 6], gap="medium")
    with table:
        rows = backtest_figures(before, after).itertuples(index=False)
        st.markdown(
            "\n".join(["| Contre-essai | Résultat |", "|:--|--:|", *(f"| {row[0]} | {row[1]} |" for row in rows)])
        )
    with chart:
        draw(
            draw_errors(after),
            "projection_backtest",
            "Départements par écart entre la prévision et le compte",
            height=350,
        )
    st.caption(
        "À cette échelle de temps, le modèle fait à peine mieux que de ne rien changer : il dit surtout le besoin et "
        "ce qui le fait, pas l’effectif d’un département à quelques médecins près. La fourchette « 8 chances sur 10 » "
        "a donc été élargie jusqu’à contenir huit départements sur dix, et la projection des généralistes la reprend. "
        "Source : DREES, RPPS, 1er janvier 2012 à 2020. Estimé."
    )


def backtest_figures(before: BackTest, after: BackTest) -> pd.DataFrame:
    """Return the results of the back-test in French, one row a figure."""

    def percent(value: float, decimals: int) -> str:
        return format_number(100 * value, decimals, "%")

    rows = [
        ("Départements comparés", format_number(len(after.table))),
        ("Écart moyen d’un département, en taille", percent(after.mean_absolute_error, 1)),
        ("Le même, si l’on suppose l’effectif inchangé", percent(after.unchanged_error, 1)),
        ("Biais : France prévue, rapportée au compte", percent(after.national_error, 1)),
        ("Arrivées survenues, rapportées à celles prévues", format_signed(100 * after.entries_error, 0, "%")),
        ("Départements dans la fourchette, écarts choisis", percent(before.coverage, 0)),
        ("Départements dans la fourchette, écarts tirés du contre-essai", percent(after.coverage, 0)),
    ]
    return pd.DataFrame(rows, columns=["Contre-essai", "Résultat"])


def draw_errors(test: BackTest) -> Chart:
    """Draw the number of departments by class of error, those inside the band apart from those outside."""
    points = 100 * test.table["error"]
    edges = np.arange(
        np.floor(points.min() / STEP_POINTS) * STEP_POINTS, points.max() + STEP_POINTS, STEP_POINTS, dtype=float
    )
    centres = edges[:-1] + STEP_POINTS / 2
    series = []
    for name, rows, colour in (
        ("dans la fourchette", points[test.table["inside"]], ACCENT),
        ("hors de la fourchette", points[~test.table["inside"]], OUTSIDE_COLOUR),
    ):
        counts = [int(count) for count in np.histogram(rows, bins=edges)[0]]
        texts = [
            f"{count} département{'s' if count > 1 else ''} {name}\n"
            f"écart de {format_number(low)} à {format_number(low + STEP_POINTS)} %"
            for count, low in zip(counts, edges[:-1], strict=True)
        ]
        series.append(Bars(name, list(centres), counts, colour, hovers=texts))
    return Chart(
        Axis(title=f"prévision {test.target_year} moins compte, en % du compte", suffix=" %"),
        Axis(title="départements"),
        series,
        is_stacked=True,
        gap=0.08,
    )
