"""The printed maps of the simulator: a scenario by its name, its openings, its effects, and what it starts from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.simulator.supply_change import Move
from coverage.territories.gazetteer import Territory
from pages.screens.simulator.map import (
    AFTER,
    BEFORE,
    BOTH_MODES,
    CHANGE_CARD,
    ZONE_CARD,
    draw_result,
    draw_zone,
    opening_points,
)
from pages.screens.simulator.signs import SHOW_KEY
from pages.screens.simulator.words import place_of, tell_change
from pages.widgets.exports.map import Printed, offer_map, offer_two_maps
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from coverage.indicators.cards import Indicator
    from coverage.simulator.supply_change import Change
    from coverage.territories.gazetteer import Gazetteer
    from pages.screens.simulator.engine import Result
    from reports.map.words import Block

MOST_LISTED: Final = 12


def offer_result_map(
    gazetteer: Gazetteer,
    result: Result,
    mode: str,
    territory: Territory,
    name: str,
    *,
    selected: Territory | None = None,
) -> None:
    """Draw the buttons that give the map shown as a picture.

    Parameters
    ----------
    name
        The reader's name of the scenario, which the results do not hold: two names have one outcome.
    """
    scope = gazetteer.surroundings(territory)
    published, sites = INDICATORS[result.counted.series], _shown_sites()
    if mode in BOTH_MODES:
        _offer_both(gazetteer, result, scope, name)
    elif mode == "zone" and selected is not None:
        drawn = draw_zone(selected.code)
        card = replace(ZONE_CARD, label=f"Temps de trajet depuis {gazetteer.label(selected)}")
        offer_map(
            card, "commune", scope, "seuils", len(drawn.values.palette), sites, key="simulator_export", drawn=drawn
        )
    elif mode == "before":
        drawn = draw_result(result, mode, scope)
        n_classes = len(drawn.values.palette)
        offer_map(published, "commune", scope, "seuils", n_classes, sites, key="simulator_export", drawn=drawn)
    else:
        drawn = draw_result(result, mode, scope)
        offer_map(
            simulated_card(published, mode, name), "commune", scope, "seuils", len(drawn.values.palette), sites,
            key="simulator_export",
            drawn=drawn,
            projects=opening_signs(gazetteer, result.counted.changes),
            blocks=scenario_blocks(gazetteer, result),
            simulated=True,
        )  # fmt: skip


def simulated_card(published: Indicator, mode: str, name: str) -> Indicator:
    """Return the card of what a scenario gives, "after" or "difference": never that of the published figure."""
    label = f"{published.label}, après le scénario « {name} »"
    if mode == "difference":
        label = f"Différence d’APL due au scénario « {name} »"
    base = CHANGE_CARD if mode == "difference" else published
    started = f"Simulation Maillage à partir de l’{published.short_label} (DREES), toutes choses égales par ailleurs."
    return replace(
        base,
        label=label,
        nature="estimé",
        formula=started,
        nature_aggregated=None,
        vintage=f"simulation depuis {published.vintage}",
    )


def scenario_blocks(gazetteer: Gazetteer, result: Result) -> list[Block]:
    """Return what stands beside a simulated map: the changes counted, and what they do to the inhabitants."""
    from reports.map.words import Block  # noqa: PLC0415 - the reports are loaded at the first export

    changes = [tell_change(gazetteer, change) for change in result.counted.changes]
    listed = [(said, "") for said in changes[:MOST_LISTED]]
    if len(changes) > MOST_LISTED:
        listed.append((f"et {len(changes) - MOST_LISTED} autres, dans le tableau des changements", ""))
    outcome = result.outcome
    effects = [
        ("Habitants dont l’APL augmente", format_number(outcome.people_better)),
        ("Habitants dont l’APL baisse", format_number(outcome.people_worse)),
        ("Habitants qui passent au-dessus du seuil", format_number(outcome.people_lifted)),
        ("Habitants qui passent dessous", format_number(outcome.people_dropped)),
    ]
    return [
        Block("Changements du scénario", tuple(listed)),
        Block(f"Effets, toutes communes (seuil : APL {format_number(outcome.threshold_apl, 1)})", tuple(effects)),
    ]


def opening_signs(gazetteer: Gazetteer, changes: Sequence[Change]) -> pd.DataFrame:
    """Return the openings as a printed map reads structures, with their commune."""
    points = opening_points(gazetteer, changes)
    ranks = points["finess_code"].str.removeprefix("scenario-").astype(int)
    codes = [
        changes[rank].to_commune_code if isinstance(changes[rank], Move) else place_of(changes[rank]).code
        for rank in ranks
    ]
    departements = [str(gazetteer.row(Territory("commune", code))["departement_code"]) for code in codes]
    return points.assign(commune_code=codes, departement_code=departements)


def _shown_sites() -> tuple[str, ...]:
    return ("msp",) if st.session_state.get(SHOW_KEY) else ()


def printed_both(result: Result, scope: Territory, name: str, sites: tuple[str, ...]) -> tuple[Printed, Printed]:
    """Return the maps before and after as the exports draw them, under the name of the scenario."""
    published = INDICATORS[result.counted.series]

    def printed(card: Indicator, mode: str, sites: tuple[str, ...], **more: Any) -> Printed:
        drawn = draw_result(result, mode, scope)
        return Printed(card, "commune", scope, "seuils", len(drawn.values.palette), drawn, sites, **more)

    after = printed(simulated_card(published, "after", name), "after", (*sites, "ouverture"), simulated=True)
    return printed(published, "before", sites), after


def _offer_both(gazetteer: Gazetteer, result: Result, scope: Territory, name: str) -> None:
    published = INDICATORS[result.counted.series]
    offer_two_maps(
        printed_both(result, scope, name, _shown_sites()),
        title=f"{gazetteer.name(scope)} : {published.short_label}, avant et après « {name} »",
        names=(BEFORE, AFTER),
        name=f"maillage_avant_apres_{scope.slug}",
        key="simulator_export_both",
        projects=opening_signs(gazetteer, result.counted.changes),
    )
