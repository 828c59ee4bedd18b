"""What a scenario does: headlines, communes that change most, EPCI and departments, two scenarios side by side."""

from typing import Final, Literal

import pandas as pd
import streamlit as st

from coverage.simulator.scenario_file import SavedScenario
from coverage.simulator.supply_change import ScenarioError
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.notices import show_fault
from pages.app.plain_text import plain
from pages.screens.simulator.drafts import Drafts
from pages.screens.simulator.engine import Result, answer, by_level, outcome_in
from pages.screens.simulator.export import describe_run
from pages.screens.simulator.map import MODES, NOTICEABLE, show_result_map
from pages.screens.simulator.words import format_fte, tell_change
from pages.widgets.choice import choose_one
from pages.widgets.exports.table import offer_table
from reports.figures.french import count_of
from reports.figures.numbers import format_number, format_signed

TABLE_ROWS: Final = 300
COMPARED_HEIGHT: Final = 420
LEAST_GAP: Final = 0.01
"""A smaller change of the mean APL is written with one more decimal."""
UNCHANGED: Final = format_number(0, 3)


def show_headlines(gazetteer: Gazetteer, result: Result, territory: Territory) -> None:
    """Draw the five figures of a scenario, then what must be said about them."""
    outcome = result.outcome
    here = outcome_in(result.counted, territory)
    name = gazetteer.name(territory)
    whole = territory.level == "france"
    lifted = "" if whole else f"dont {format_number(here['people_lifted'])} ici ({name})"
    dropped = f"{format_number(outcome.people_dropped)} passent dessous" if outcome.people_dropped else ""
    gap = float(here["apl_change"])
    mean, change = format_number(here["apl_after"], 2), format_signed(gap, 2 if abs(gap) >= LEAST_GAP else 3)
    figures = (
        (
            "Habitants passés au-dessus de 2,5",
            format_number(outcome.people_lifted),
            "  \n".join(part for part in (lifted, dropped) if part) or "toute la France",
            "Population totale des communes sous 2,5 consultations avant, à 2,5 ou plus après.",
        ),
        (
            "Habitants mieux desservis",
            format_number(outcome.people_better),
            "APL en hausse",
            "Population des communes dont l’APL monte d’au moins 0,0005.",
        ),
        (
            "Habitants moins bien desservis",
            format_number(outcome.people_worse),
            "APL en baisse",
            "Population des communes dont l’APL baisse d’au moins 0,0005.",
        ),
        (
            "Médecins ajoutés",
            format_fte(outcome.fte_added),
            f"retirés : {format_fte(outcome.fte_removed)}",
            "Équivalents temps plein ; un déplacement compte dans les deux.",
        ),
        (
            f"APL moyenne, {name}",
            mean,
            f"avant {format_number(here['apl_before'], 2)} ({change})" if change != UNCHANGED else "inchangée",
            "Moyenne pondérée par la population standardisée, comme la DREES le demande.",
        ),
    )
    for place, (label, figure, under, help_text) in zip(st.columns(len(figures)), figures, strict=True):
        with place.container(border=True, height="stretch"):
            st.metric(label, figure, help=help_text)
            st.caption(under)
    _show_remarks(gazetteer, result)


def _show_remarks(gazetteer: Gazetteer, result: Result) -> None:
    """Say what is not counted, and where the estimated supply contradicts the published figure."""
    if result.outcome.n_floored:
        st.warning(
            f"**APL montrée à 0 dans {count_of(result.outcome.n_floored, 'commune')}** : il y serait retiré plus que "
            "l’APL publiée, l’offre retirée étant une estimation. La vraie valeur n’est pas connue.",
            icon=":material/rule:",
        )
    if result.idle:
        told = " ; ".join(tell_change(gazetteer, change) for change in result.idle)
        st.info(
            f"Sans effet ici : {told}. La série « ≤ 65 ans » ne compte déjà plus ces médecins ; choisissez "
            "« Tous âges » pour simuler leur départ.",
            icon=":material/info:",
        )


def changed_communes(gazetteer: Gazetteer, result: Result) -> pd.DataFrame:
    """Return the communes that a scenario changes, the largest change first."""
    outcome = result.outcome
    table = outcome.by_commune
    table = table[table["apl_change"].abs() >= NOTICEABLE]
    table = table.iloc[table["apl_change"].abs().argsort(kind="stable")[::-1]]
    communes = gazetteer.communes.set_index("commune_code").loc[table.index]
    crossed = pd.Series("", index=table.index, dtype="str")
    under_before, under_after = (table[name] < outcome.threshold_apl for name in ("apl_before", "apl_after"))
    crossed[under_before & ~under_after] = "passe au-dessus"
    crossed[~under_before & under_after] = "passe dessous"
    return pd.DataFrame(
        {
            "Commune": communes["name"],
            "Code": table.index,
            "Département": communes["departement_code"],
            "Habitants": table["population_total"],
            "APL avant": table["apl_before"].round(3),
            "APL après": table["apl_after"].round(3),
            "Différence": table["apl_change"].round(3),
            "Seuil de 2,5": crossed,
        }
    ).reset_index(drop=True)


def show_communes(gazetteer: Gazetteer, result: Result, name: str) -> None:
    """Draw the communes that change most, and the downloads of them all."""
    table = changed_communes(gazetteer, result)
    if table.empty:
        st.info("Ce scénario ne change l’APL d’aucune commune : ajoutez une ouverture.", icon=":material/info:")
        return
    shown = f", les {TABLE_ROWS} premières sont montrées" if len(table) > TABLE_ROWS else ""
    st.markdown(f"**Changement dans {count_of(len(table), 'commune')}**{shown} ; les fichiers les donnent toutes.")
    _draw_table(table.head(TABLE_ROWS), whole=("Habitants",), alt="Communes qui changent le plus")
    offer_table(
        table, describe_run(gazetteer, result, name), title=f"{name} : communes", name="maillage_simulation_communes"
    )


def show_territories(gazetteer: Gazetteer, result: Result, name: str) -> None:
    """Draw EPCI or departments before and after, those that change only, and the downloads."""
    labels: dict[Literal["epci", "departement"], str] = {"epci": "EPCI", "departement": "Départements"}
    level = st.segmented_control(
        "Maille",
        list(labels),
        default="epci",
        format_func=labels.__getitem__,
        key="simulator_level",
        required=True,
        label_visibility="collapsed",
    )
    rows = by_level(result.counted, level)
    rows = rows[rows["apl_change"].abs() >= NOTICEABLE / 10]
    rows = rows.iloc[rows["apl_change"].abs().argsort(kind="stable")[::-1]]
    if rows.empty:
        st.info("Aucun territoire de cette maille ne change.", icon=":material/info:")
        return
    table = pd.DataFrame(
        {
            "Territoire": [gazetteer.name(Territory(level, code)) for code in rows.index],
            "Code": rows.index,
            "APL avant": rows["apl_before"].round(4),
            "APL après": rows["apl_after"].round(4),
            "Différence": rows["apl_change"].round(4),
            "Sous 2,5 avant": rows["people_under_before"],
            "Sous 2,5 après": rows["people_under_after"],
            "Passés au-dessus": rows["people_lifted"],
            "Passés dessous": rows["people_dropped"],
        }
    ).reset_index(drop=True)
    people = ("Sous 2,5 avant", "Sous 2,5 après", "Passés au-dessus", "Passés dessous")
    _draw_table(table, whole=people, alt=f"{labels[level]} avant et après")
    offer_table(
        table,
        describe_run(gazetteer, result, name),
        title=f"{name} : {labels[level]}",
        name=f"maillage_simulation_{level}",
    )
    st.caption("APL : moyenne pondérée par la population standardisée. Habitants : population totale des communes.")


def _draw_table(table: pd.DataFrame, *, whole: tuple[str, ...], alt: str) -> None:
    writers = {head: (lambda value: format_number(value, 2)) for head in ("APL avant", "APL après")}
    writers["Différence"] = lambda value: format_signed(value, 3)
    writers |= dict.fromkeys(whole, format_number)
    styled = table.style.format(writers)
    st.dataframe(styled, hide_index=True, height=min(420, 38 + 35 * len(table)), alt=alt)


def show_comparison(gazetteer: Gazetteer, drafts: Drafts, territory: Territory) -> None:
    """Draw two scenarios side by side: their figures, then their maps in the same classes."""
    others = [name for name in drafts.names if name != drafts.scenario.name]
    if not others:
        st.info(
            "Un seul scénario pour l’instant : dupliquez-le ou commencez-en un autre, puis comparez-les ici.",
            icon=":material/info:",
        )
        return
    with_whom, which = st.columns([4, 6], vertical_alignment="bottom")
    with with_whom:
        other = choose_one("Comparer avec", others, key="simulator_other")
    modes = [mode for mode in MODES if mode != "zone"]
    mode = which.segmented_control(
        "Cartes", modes, default="difference", format_func=MODES.__getitem__, key="simulator_compared", required=True
    )
    pair = (drafts.scenario, drafts.items[drafts.names.index(other or others[0])].scenario)
    try:
        results = [answer(scenario) for scenario in pair]
    except ScenarioError as error:
        show_fault(error, "La comparaison ne peut pas être faite.")
        return
    table = pd.DataFrame(
        {
            scenario.name: _column(gazetteer, scenario, result, territory)
            for scenario, result in zip(pair, results, strict=True)
        }
    )
    right = {name: st.column_config.TextColumn(alignment="right") for name in table.columns}
    st.dataframe(table, column_config=right, alt="Comparaison de deux scénarios")
    offer_table(
        table.rename_axis("Mesure").reset_index(),
        [row for s, result in zip(pair, results, strict=True) for row in describe_run(gazetteer, result, s.name)],
        title=f"{pair[0].name} et {pair[1].name}",
        name=f"maillage_comparaison_{territory.slug}",
    )
    if pair[0].series != pair[1].series:
        st.warning("Les deux scénarios partent de séries d’APL différentes.", icon=":material/warning:")
    for place, letter, scenario, result in zip(st.columns(2), "ab", pair, results, strict=True):
        with place:
            st.markdown(f"**{plain(scenario.name)}**")
            show_result_map(
                gazetteer,
                result,
                mode or "difference",
                territory,
                key=f"simulator_map_{letter}",
                height=COMPARED_HEIGHT,
            )


def _column(gazetteer: Gazetteer, scenario: SavedScenario, result: Result, territory: Territory) -> dict[str, str]:
    outcome = result.outcome
    here = outcome_in(result.counted, territory)
    name = gazetteer.name(territory)
    return {
        "Changements": format_number(len(scenario.changes)) + (" (une partie attend)" if result.waiting else ""),
        "Habitants passés au-dessus de 2,5": format_number(outcome.people_lifted),
        f"dont {name}": format_number(here["people_lifted"]),
        "Habitants passés dessous": format_number(outcome.people_dropped),
        "Habitants mieux desservis": format_number(outcome.people_better),
        "Habitants moins bien desservis": format_number(outcome.people_worse),
        "Médecins ajoutés": format_fte(outcome.fte_added),
        "Médecins retirés": format_fte(outcome.fte_removed),
        f"APL moyenne après, {name}": format_number(here["apl_after"], 3),
        "Habitants gagnés par ETP ajouté": format_number(
            outcome.people_lifted / outcome.fte_added if outcome.fte_added else float("nan")
        ),
    }
