"""Who lives under which access, before and after a scenario: the inhabitants of a territory by class of APL."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.screens.simulator.engine import Result
from pages.screens.simulator.export import USED_SOURCES, describe_run
from pages.widgets.charts import draw
from pages.widgets.exports.chart import offer_chart
from pages.widgets.exports.table import offer_table
from reports.chart.shares import stack_shares
from reports.territory.content import APL_CLASSES, APL_COLOURS

BEFORE, AFTER = "Avant", "Après"
BOUNDS: Final = INDICATORS["apl_65_2023"].thresholds


def people_by_class(gazetteer: Gazetteer, result: Result, territory: Territory) -> pd.DataFrame:
    """Return the inhabitants of a territory by class of APL, before and after a scenario.

    Returns
    -------
    pandas.DataFrame
        Index: classes of `APL_CLASSES`; columns « Avant » and « Après », in inhabitants (total population, as the
        DREES asks). Inhabitants of communes without APL are in none.
    """
    codes = gazetteer.communes["commune_code"].to_numpy()[gazetteer.mask(territory)]
    here = result.outcome.by_commune.reindex(codes)
    people = here["population_total"].to_numpy(np.float64)
    columns = {}
    for head, name in ((BEFORE, "apl_before"), (AFTER, "apl_after")):
        apl = here[name].to_numpy(np.float64)
        known = ~np.isnan(apl)
        classes = np.searchsorted(np.asarray(BOUNDS), apl[known], side="right")
        columns[head] = np.bincount(classes, weights=people[known], minlength=len(APL_CLASSES))
    return pd.DataFrame(columns, index=pd.Index(APL_CLASSES, name="Classe d’APL"))


def show_classes(gazetteer: Gazetteer, result: Result, territory: Territory, name: str) -> None:
    """Draw the two bars, and give them as a picture and as a table with the assumptions of the scenario."""
    people = people_by_class(gazetteer, result, territory)
    if not people.to_numpy().sum():
        st.info("L’APL n’est pas publiée pour ce territoire (n.d.).", icon=":material/info:")
        return
    place = gazetteer.name(territory)
    shares = {head: people[head] / people[head].sum() for head in (BEFORE, AFTER)}
    chart = stack_shares(shares, APL_CLASSES, APL_COLOURS, "habitants")
    series = INDICATORS[result.counted.series]
    st.markdown(f"**{place} : habitants selon l’APL de leur commune, avant et après**")
    draw(chart, "simulator_classes", f"{place} : habitants par classe d’APL, avant et après", height=200)
    st.caption(
        f"Population totale, par classe de consultations par an et par habitant ({series.short_label}). En brun : sous "
        "le seuil de 2,5. « Après » : estimé."
    )
    offer_chart(
        chart,
        title=f"{name} : habitants de {place} par classe d’accès aux généralistes",
        subtitle=f"Part des habitants (population totale) selon l’APL de leur commune, en consultations par an et par "
        f"habitant ; {series.label}. Avant : mesuré. Après : estimé. En brun : sous le seuil de 2,5.",
        source_ids=USED_SOURCES,
        name=f"maillage_simulation_classes_{territory.slug}",
        key="simulator_classes_export",
    )
    table = people.round(0).assign(Différence=(people[AFTER] - people[BEFORE]).round(0)).reset_index()
    offer_table(
        table,
        describe_run(gazetteer, result, name),
        title=f"{name} : habitants de {place} par classe d’APL",
        name=f"maillage_simulation_classes_{territory.slug}",
    )
