"""The projection as tables: departments, assumptions, checks against published figures; and what leaves the app."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from coverage.gazetteer import Gazetteer, Territory
from coverage.projection import Scenario
from coverage.small_numbers import SECRECY_THRESHOLD
from pages.parts.downloads import offer_table
from pages.parts.numbers import UNKNOWN, format_number
from pages.parts.projection_charts import TRACKED
from pages.parts.projection_data import (
    Outlook,
    departements_at_end,
    is_synced,
    load_assumptions,
    load_baseline,
    load_gaps,
)
from pages.parts.projection_words import format_gps, format_signed
from pages.parts.tables import load_sources
from reports.projection_start import SYNCED_SOURCES
from reports.tables import write_csv

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
DENSITIES: Final[Mapping[str, str]] = {
    "gp_per_100k_start": "Pour 100 000 hab. aujourd’hui",
    "gp_per_100k": "Pour 100 000 hab. à l’horizon",
}
USED_SOURCES: Final = (
    "cnam_effectifs", "drees_rpps", "drees_apl_mg", "insee_populations", "insee_75plus", "etalab_decoupage",
)  # fmt: skip
ASSUMPTION_HEADS: Final[Mapping[str, str]] = {
    "label": "Hypothèse",
    "value": "Valeur",
    "default": "Valeur habituelle",
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
    for head in DENSITIES.values():
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
        name=f"maillage_projection_{territory.key}",
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
        name=f"maillage_projection_annees_{territory.key}",
    )


def _assumption_rows(scenarios: Mapping[str, Scenario]) -> list[dict[str, str]]:
    return [
        {"Scénario": letter.upper(), **{head: str(row[name]) for name, head in ASSUMPTION_HEADS.items()}}
        for letter, scenario in scenarios.items()
        for row in load_assumptions(scenario).to_dict("records")
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
    return "populations légales 2013-2021 et municipales 2023 (INSEE)"


def show_assumptions(scenarios: Mapping[str, Scenario]) -> None:
    """Say what is measured, estimated and assumed, then list every assumption with its source."""
    measured, estimated, supposed = st.columns(3)
    measured.markdown(
        f"**Mesuré**\n- généralistes libéraux par département (CNAM, 31 décembre {load_baseline().base_year - 1})\n"
        f"- {_populations()}, part des 75 ans ou plus (2022)\n"
        "- APL tous âges et 65 ans ou moins (DREES, 2023)\n"
        "- médecins par âge et par département (DREES, RPPS 2012-2020)"
    )
    estimated.markdown(
        "**Estimé**\n- départs par âge : cohortes de **tous les médecins** suivies de 2012 à 2020, généralistes et "
        "spécialistes\n- arrivées annuelles et attrait de chaque région, sur les mêmes cohortes\n"
        f"- âge des généralistes du département : {ages_origin()}\n- besoin par habitant : poids d’âge de l’APL"
    )
    supposed.markdown(
        "**Supposé**\n- les curseurs, et la durée de validité des comportements passés\n"
        "- croissance de la part des 75 ans ou plus, égale partout\n- aucun solde de déménagements entre départements "
        "en plus de celui compris dans les arrivées\n- les écarts-types des tirages qui donnent la fourchette "
        "(1 000 tirages, 8 chances sur 10)"
    )
    table = pd.concat(
        [load_assumptions(scenario).assign(Scénario=letter.upper()) for letter, scenario in scenarios.items()],
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


def show_checks() -> None:
    """Draw each published figure beside what the model finds, with the gap."""
    gaps = load_gaps()

    def write(value: float, unit: str) -> str:
        if unit == "année":
            return f"{value:.0f}" if pd.notna(value) else UNKNOWN
        return format_number(value, 1 if "indice" in unit else 0).replace("-", "−")

    printed = pd.DataFrame(
        {
            "Chiffre publié": gaps["label"],
            "Unité": gaps["unit"],
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
        "Le niveau des arrivées du réglage « Proche de la DREES » a été choisi sur le point bas et sur 2050 : ces deux "
        "lignes montrent un ajustement, seules les années intermédiaires sont une épreuve. De même la variante de "
        "population du réglage « ARS Occitanie » a été choisie pour retrouver 2 600 et 500. Sources : DREES, "
        "projection à comportements constants (source secondaire) ; ARS Occitanie, 2025-2035."
    )
