"""The projection as tables: departments, assumptions, checks against published figures; and what leaves the app."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.small_numbers import SECRECY_THRESHOLD
from coverage.projection import Scenario
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import OWN
from pages.app.projection import (
    Outlook,
    departements_at_end,
    is_synced,
    load_assumptions,
    load_baseline,
    load_gaps,
    shares_of,
)
from pages.app.tables import load_sources
from pages.screens.projection.charts import TRACKED
from pages.widgets.exports.table import offer_table
from reports.figures.numbers import UNKNOWN, format_number, format_signed
from reports.figures.tables import write_csv
from reports.projection.start import SYNCED_SOURCES
from reports.projection.words import format_gps

COUNTS: Final[Mapping[str, str]] = {
    "stock_start": "Aujourd’hui",
    "departures": "Départs",
    "entries": "Arrivées",
    "extra_need": "Besoin suppl.",
    "catch_up": "Objectif",
    "need_to_find": "À trouver",
    "left_to_convince": "Reste à convaincre",
    "left_p10": "Borne basse",
    "left_p90": "Borne haute",
    "stock": "À l’horizon",
}
SIGNED: Final = ("Besoin suppl.", "Reste à convaincre", "Borne basse", "Borne haute", "Reste à convaincre (B)")
PART_HEAD: Final = "Part des habitants (%)"
"""Of a department, those who live in the own territory shown: the other columns are of the whole department."""
DENSITIES: Final[Mapping[str, str]] = {
    "gp_per_100k_start": "Pour 100 000 hab. aujourd’hui",
    "gp_per_100k": "Pour 100 000 hab. à l’horizon",
}
USED_SOURCES: Final = (
    "cnam_effectifs", "drees_rpps", "drees_apl_mg", "insee_estimations", "etalab_decoupage",
)  # fmt: skip
ASSUMPTION_HEADS: Final[Mapping[str, str]] = {
    "label": "Hypothèse",
    "value": "Valeur",
    "default": "Valeur habituelle",
    "interval": "Intervalle",
    "unit": "Unité",
    "certainty": "Nature",
    "source": "Source",
    "date": "Date",
}


def departement_table(gazetteer: Gazetteer, scenarios: Mapping[str, Scenario], territory: Territory) -> pd.DataFrame:
    """Return one row a department of the territory (of its region, for a department), largest gap first.

    Counts of one to four are left empty, as unknown ones are; a gap smaller than five either way too.
    """
    a = departements_at_end(scenarios["a"])
    scope = territory
    if territory.level == "departement":
        scope = next(above for above in gazetteer.containing(territory) if above.level == "region")
    names = gazetteer.within(scope, "departement").set_index("departement_code")["name"]
    rows = a.reindex(names.index)
    table = pd.DataFrame({"Département": names, "Code": names.index})
    if territory.level == OWN:
        table[PART_HEAD] = 100 * shares_of(territory).reindex(names.index)
    for name, head in COUNTS.items():
        table[head] = rows[name].mask(_too_small(rows[name])) if name not in {"left_p10", "left_p90"} else rows[name]
    if "b" in scenarios:
        left = departements_at_end(scenarios["b"])["left_to_convince"].reindex(names.index)
        table.insert(table.columns.get_loc("Borne basse"), "Reste à convaincre (B)", left.mask(_too_small(left)))
    for name, head in DENSITIES.items():
        table[head] = rows[name]
    if scenarios["a"].target == "aucune":
        table = table.drop(columns="Objectif")
    order = rows["left_to_convince"].rank(ascending=False, na_option="bottom", method="first")
    return table.loc[order.sort_values().index].reset_index(drop=True)


def _too_small(counts: pd.Series) -> pd.Series:
    return (counts.abs() > 0) & (counts.abs() < SECRECY_THRESHOLD)


def show_departements(gazetteer: Gazetteer, scenarios: Mapping[str, Scenario], territory: Territory) -> None:
    """Draw the table of the departments and its downloads, every assumption on the second sheet."""
    table = departement_table(gazetteer, scenarios, territory)
    unknown = departements_at_end(scenarios["a"])["left_to_convince"].reindex(table["Code"]).isna().to_numpy()

    def write_counts(values: pd.Series, head: str) -> list[str]:
        write, small = (format_signed, "± 5") if head in SIGNED else (format_gps, "< 5")
        return [
            (UNKNOWN if nothing else small) if pd.isna(value) else write(value)
            for value, nothing in zip(values, unknown, strict=True)
        ]

    printed = table.copy()
    for head in [*COUNTS.values(), "Reste à convaincre (B)"]:
        if head in printed:
            printed[head] = write_counts(table[head], head)
    for head in [*DENSITIES.values(), *([PART_HEAD] if PART_HEAD in printed else [])]:
        printed[head] = [format_number(value, 1) for value in table[head]]
    columns = {
        head: st.column_config.TextColumn(head, alignment="right")
        for head in printed.columns
        if head not in {"Département", "Code"}
    }
    st.dataframe(
        printed,
        hide_index=True,
        column_config=columns,
        height=min(420, 38 + 35 * len(printed)),
        alt="Projection par département",
    )
    horizon, base_year = scenarios["a"].horizon_years, load_baseline().base_year
    offer_table(
        table.round(1).assign(Horizon=base_year + horizon, Nature="estimé"),
        [*_assumption_rows(scenarios), *_source_rows()],
        title=f"Projection des généralistes, {gazetteer.label(territory)}, {horizon} ans",
        name=f"maillage_projection_{territory.slug}",
    )
    st.caption(
        f"Généralistes libéraux, flux cumulés de {base_year} à l’horizon ; bornes : 8 chances sur 10 que le reste à "
        "convaincre soit entre elles. « < 5 » et « ± 5 » : moins de cinq médecins, non montrés (cases vides dans les "
        "fichiers). « n.d. » : inconnu. Le second onglet du classeur donne chaque hypothèse."
    )


def years_table(outlooks: Mapping[str, Outlook]) -> pd.DataFrame:
    """Return one row a scenario and year: central path and 10-90 % bounds of each measure that the chart follows."""
    rows = []
    for letter, outlook in outlooks.items():
        table = pd.DataFrame({"Scénario": letter.upper(), "Année": outlook.years.index})
        for measure, tracked in TRACKED.items():
            band = outlook.band(measure).reindex(outlook.years.index)
            heads = (tracked.label, f"{tracked.label}, borne basse", f"{tracked.label}, borne haute")
            for head, values in zip(heads, (outlook.years[measure], band["p10"], band["p90"]), strict=True):
                table[head] = values.to_numpy()
        rows.append(table)
    return pd.concat(rows, ignore_index=True)


def offer_years(
    gazetteer: Gazetteer, outlooks: Mapping[str, Outlook], scenarios: Mapping[str, Scenario], territory: Territory
) -> None:
    """Draw the downloads of the chart by year, every assumption on the second sheet."""
    offer_table(
        lambda: years_table(outlooks).round(2),
        [*_assumption_rows(scenarios), *_source_rows()],
        title=f"Généralistes libéraux par année, {gazetteer.label(territory)}",
        name=f"maillage_projection_annees_{territory.slug}",
    )


def _printed_assumptions(scenario: Scenario) -> pd.DataFrame:
    """Return the assumptions of a scenario, their numbers written as the rest of the page writes numbers."""
    table = load_assumptions(scenario)
    comma = {name: table[name].str.replace(r"(?<=\d)\.(?=\d)", ",", regex=True) for name in ("value", "default")}
    return table.assign(**comma)


def _assumption_rows(scenarios: Mapping[str, Scenario]) -> list[dict[str, str]]:
    return [
        {"Scénario": letter.upper(), **{head: str(row[name]) for name, head in ASSUMPTION_HEADS.items()}}
        for letter, scenario in scenarios.items()
        for row in _printed_assumptions(scenario).to_dict("records")
    ]


def _source_rows() -> list[dict[str, str]]:
    catalogue = load_sources()
    return [
        {
            "Scénario": "",
            "Hypothèse": f"Données : {catalogue[name].title}",
            "Unité": catalogue[name].unit,
            "Nature": "mesuré",
            "Source": f"{catalogue[name].producer}, {catalogue[name].url}",
            "Date": catalogue[name].vintage,
        }
        for name in used_sources()
    ]


def used_sources() -> tuple[str, ...]:
    """Return the sources of the projection, those that only a sync brings included once they are there."""
    brought = (source for table, source in SYNCED_SOURCES.items() if is_synced(table))
    return (*USED_SOURCES, *(source for source in brought if source in load_sources()))


def ages_origin() -> str:
    """Say where the ages of a department's GPs come from."""
    if is_synced("gp_age_departements"):
        return "comptés par classe d’âge (DREES, RPPS), répartis sur les âges d’une classe"
    return "pyramide nationale de tous les médecins, inclinée d’après la part de l’APL qui tient aux plus de 65 ans"


def _populations() -> str:
    """Say where the population and its growth come from."""
    if is_synced("population_outlook"):
        return "populations municipales et leur croissance projetée (INSEE, Omphale, scénario central)"
    return "populations municipales 2023 (INSEE)"


def show_assumptions(scenarios: Mapping[str, Scenario]) -> None:
    """Say what is measured, estimated and assumed, then list every assumption with its source."""
    measured, estimated, supposed = st.columns(3)
    measured.markdown(
        f"**Mesuré**\n- généralistes libéraux par département (CNAM, 31 décembre {load_baseline().base_year - 1})\n"
        f"- {_populations()}\n"
        "- APL tous âges et 65 ans ou moins (DREES, 2023)\n"
        "- médecins par âge et par département (DREES, RPPS 2012-2020)"
    )
    estimated.markdown(
        "**Estimé**\n- départs par âge : cohortes de **tous les médecins** suivies de 2012 à 2020, généralistes et "
        "spécialistes\n- arrivées annuelles : leurs âges et l’attrait de chaque région viennent des mêmes cohortes, "
        "leur niveau est **calé sur les généralistes libéraux** (52 291 en 2021, 51 775 fin 2024)\n"
        "- croissance de la population et part des 75 ans ou plus de chaque département, et leur évolution de 2017 à "
        "2023 (INSEE, estimations au 1er janvier, provisoires depuis 2022)\n"
        f"- âge des généralistes du département : {ages_origin()}\n- besoin par habitant : poids d’âge de l’APL"
    )
    supposed.markdown(
        "**Supposé**\n- les curseurs, et la durée de validité des comportements passés\n"
        "- croissance de la part des 75 ans ou plus en France (les écarts entre départements viennent des estimations "
        "de l’INSEE)\n- aucun solde de déménagements entre départements en plus de celui compris dans les arrivées\n"
        "- les écarts-types des départs et du vieillissement dans les tirages (1 000, 8 chances sur 10) ; ceux des "
        "arrivées et de la population sont estimés"
    )
    table = pd.concat(
        [_printed_assumptions(scenario).assign(Scénario=letter.upper()) for letter, scenario in scenarios.items()],
        ignore_index=True,
    ).rename(columns=dict(ASSUMPTION_HEADS))[["Scénario", *ASSUMPTION_HEADS.values()]]
    if len(scenarios) == 1:
        table = table.drop(columns="Scénario")
    widths = {
        "Hypothèse": st.column_config.TextColumn(width="large"),
        "Source": st.column_config.TextColumn(width="large"),
    }
    st.dataframe(table, hide_index=True, column_config=widths, height=360, alt="Toutes les hypothèses")
    st.download_button(
        "CSV des hypothèses",
        lambda: write_csv(table),
        file_name="maillage_projection_hypotheses.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="projection_assumptions_csv",
    )


def say_drees_gaps() -> str:
    """Say how far the preset close to DREES is from each of its published points, in points of index."""
    gaps = load_gaps()
    rows = gaps[gaps["check"].str.fullmatch(r"drees_\d{4}")]
    words = [
        f"{label.removeprefix('DREES : généralistes en ')} : {format_signed(gap, 1)}"
        for label, gap in zip(rows["label"], rows["gap"], strict=True)
    ]
    return f"Écart à la projection de la DREES ({rows['unit'].iloc[0]}), France : {' ; '.join(words)}."


def show_checks() -> None:
    """Draw each published figure beside what the model finds, with the gap."""
    gaps = load_gaps()

    def write(value: float, unit: str) -> str:
        if unit == "année":
            return f"{value:.0f}" if pd.notna(value) else UNKNOWN
        return format_number(value, 1 if "indice" in unit else 0)

    printed = pd.DataFrame(
        {
            "Chiffre publié": gaps["label"],
            "Unité": gaps["unit"],
            "Nature": gaps["nature"],
            **{
                head: [write(value, unit) for value, unit in zip(gaps[name], gaps["unit"], strict=True)]
                for head, name in {
                    "Publié": "published", "Retrouvé": "found", "Écart": "gap", "Écart admis": "tolerance",
                }.items()
            },
            "Résultat": ["dans la marge" if within else "hors de la marge" for within in gaps["within"]],
        }
    )  # fmt: skip
    printed["Écart"] = [
        write(gap, "écart" if unit == "année" else unit) for gap, unit in zip(gaps["gap"], gaps["unit"], strict=True)
    ]
    printed["Écart admis"] = [
        f"± {write(value, 'écart' if unit == 'année' else unit)}"
        for value, unit in zip(gaps["tolerance"], gaps["unit"], strict=True)
    ]
    right = {
        head: st.column_config.TextColumn(alignment="right") for head in ("Publié", "Retrouvé", "Écart", "Écart admis")
    }
    st.dataframe(printed, hide_index=True, column_config=right, alt="Contrôles du modèle")
    st.caption(
        "Toutes ces lignes sont des cibles : elles montrent un calage, aucune n’est une épreuve du modèle. Les "
        "arrivées du réglage « Proche de la DREES » passent par les points publiés de 2028 et de 2050, ramenés à "
        "l’année de départ (entre deux points publiés, une évolution annuelle constante) ; la date de la montée a "
        "été choisie au vu de 2033. Le champ, les arrivées et la population du réglage « ARS Occitanie » ont été "
        "choisis pour retrouver 2 600 et 500. L’épreuve est le contre-essai, dans « Sources et méthode ». Sources : "
        "DREES, projection à comportements constants (source secondaire) ; ARS Occitanie, 2025-2035."
    )
