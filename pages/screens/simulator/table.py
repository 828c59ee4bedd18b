"""The changes of a scenario as a table that can be edited: a row a change, places by name or code."""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.simulator.scenario_file import MAX_CHANGES, MAX_FTE, MAX_NAME, ClickedPoint, MinutesToPoint
from coverage.simulator.supply_change import Change, Closure, Departures, Move, Opening, RetirementOver65
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.screens.simulator.state import change_drafts, current_drafts, minutes_to_point
from pages.screens.simulator.words import (
    CLOSURE,
    DEPARTURES,
    KIND_LABELS,
    MOVE,
    OPENING,
    RETIREMENT,
    find_place,
    name_place,
    place_of,
)

KIND, WHERE, TOWARDS, GP_FTE, SHARE, NAME = "Changement", "Où", "Vers", "Médecins (ETP)", "Part (%)", "Nom"
DEFAULT_FTE: Final = 3.0
_NUMBER: Final = r"(-?\d{1,3}(?:,\d+)?)"
_CLICKED: Final = re.compile(rf"^(.*), point cliqué \({_NUMBER} ; {_NUMBER}\)\s*$")
"""A commune, then latitude and longitude in degrees, as `_tell_where` writes them: taken away, the mairie is meant."""


def table_of(changes: Sequence[Change], gazetteer: Gazetteer) -> pd.DataFrame:
    """Return the changes as rows, in order; a cell that a kind of change has no use for is empty."""
    rows = [
        {
            KIND: KIND_LABELS[type(change)],
            WHERE: _tell_where(change, gazetteer),
            TOWARDS: (
                name_place(gazetteer, Territory("commune", change.to_commune_code))
                if isinstance(change, Move)
                else None
            ),
            GP_FTE: None if isinstance(change, RetirementOver65) else change.gp_fte,
            SHARE: 100 * change.share if isinstance(change, RetirementOver65) else None,
            NAME: (change.name or None) if isinstance(change, (Opening, Closure)) else None,
        }
        for change in changes
    ]
    table = pd.DataFrame(rows, columns=[KIND, WHERE, TOWARDS, GP_FTE, SHARE, NAME])
    return table.astype({KIND: "str", WHERE: "str", TOWARDS: "str", GP_FTE: float, SHARE: float, NAME: "str"})


def _tell_where(change: Change, gazetteer: Gazetteer) -> str:
    """Write where a change happens: "Millau (12145), point cliqué (44,1 ; 3,07812)"."""
    place = name_place(gazetteer, place_of(change))
    if not isinstance(change, Opening) or not isinstance(change.minutes_to_point, ClickedPoint):
        return place
    point = change.minutes_to_point
    latitude, longitude = (
        np.format_float_positional(degrees, trim="-").replace(".", ",") for degrees in (point.latitude, point.longitude)
    )
    return f"{place}, point cliqué ({latitude} ; {longitude})"


def changes_of(
    table: pd.DataFrame, gazetteer: Gazetteer, way: MinutesToPoint = minutes_to_point
) -> tuple[list[Change], list[str]]:
    """Read the rows of an edited table.

    Parameters
    ----------
    table
        As `table_of` writes it, edited.
    gazetteer
        To find the places named.
    way
        To the point of an opening.

    Returns
    -------
    tuple of list of Change and list of str
        The changes of the rows that are whole, and a French sentence for each row that is not.
    """
    changes: list[Change] = []
    faults: list[str] = []
    if len(table) > MAX_CHANGES:
        return [], [f"Un scénario compte au plus {MAX_CHANGES} changements, celui-ci en a {len(table)}."]
    for number, row in enumerate(table.to_dict("records"), start=1):
        if all(pd.isna(value) or value in {"", OPENING, DEFAULT_FTE} for value in row.values()):
            faults.append(f"Ligne {number} : indiquez où (nom ou code de la commune).")
            continue
        try:
            changes.append(_read_row(row, gazetteer, way))
        except _RowError as error:
            faults.append(f"Ligne {number} : {error}.")
    return changes, faults


class _RowError(ValueError):
    """A row that can't be read; says why in French."""


def _read_row(row: dict[Any, Any], gazetteer: Gazetteer, way: MinutesToPoint) -> Change:
    kind = OPENING if pd.isna(row[KIND]) else row[KIND]
    clicked = None if pd.isna(row[WHERE]) else _CLICKED.match(str(row[WHERE]))
    place = _find(clicked[1] if clicked else row[WHERE], gazetteer, WHERE)
    if kind == RETIREMENT:
        percent = 100.0 if pd.isna(row[SHARE]) else float(row[SHARE])
        if not 0 <= percent <= 100:  # noqa: PLR2004 - percent
            raise _RowError(f"« {SHARE} » va de 0 à 100")
        return RetirementOver65(place.level, place.code, percent / 100)
    fte = DEFAULT_FTE if pd.isna(row[GP_FTE]) else float(row[GP_FTE])
    if not 0 <= fte <= MAX_FTE:
        raise _RowError(f"« {GP_FTE} » va de 0 à {MAX_FTE:.0f}")
    if place.level != "commune":
        raise _RowError(f"« {kind} » demande une commune, {gazetteer.label(place)} n’en est pas une")
    name = "" if pd.isna(row[NAME]) else str(row[NAME]).strip()[:MAX_NAME]
    if kind == MOVE:
        towards = _find(row[TOWARDS], gazetteer, TOWARDS)
        if towards.level != "commune":
            raise _RowError(f"« {TOWARDS} » demande une commune, {gazetteer.label(towards)} n’en est pas une")
        return Move(place.code, towards.code, fte)
    if kind == CLOSURE:
        return Closure(place.code, fte, name)
    if kind == DEPARTURES:
        return Departures(place.code, fte)
    return Opening(place.code, fte, _read_point(clicked, place.code, way) if clicked else None, name)


def _read_point(clicked: re.Match[str], commune_code: str, way: MinutesToPoint) -> ClickedPoint:
    latitude, longitude = (float(text.replace(",", ".")) for text in clicked.groups()[1:])
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004 - degrees
        raise _RowError(f"« {WHERE} » nomme un point hors du globe")
    return ClickedPoint(way(commune_code, longitude, latitude), longitude, latitude)


def _find(text: Any, gazetteer: Gazetteer, head: str) -> Territory:
    if pd.isna(text) or not str(text).strip():
        raise _RowError(f"indiquez « {head} » (nom ou code)")
    place, why = find_place(gazetteer, str(text))
    if place is None:
        raise _RowError(why)
    return place


def show_changes(gazetteer: Gazetteer) -> None:
    """Draw the table; whole rows change the scenario at once, the others say what they lack."""
    drafts = current_drafts()
    base = table_of(drafts.scenario.changes, gazetteer)
    # A key of its own for each state of the scenario: what was typed is then in the scenario, not in the widget.
    version = (drafts.scenario.name, len(drafts.draft.past), len(drafts.draft.future))
    edited = st.data_editor(
        base,
        key=f"simulator_changes_{version}",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            KIND: st.column_config.SelectboxColumn(
                KIND, options=list(KIND_LABELS.values()), default=OPENING, required=True, width="medium"
            ),
            WHERE: st.column_config.TextColumn(
                WHERE, width="medium", help="Commune : nom ou code INSEE. Pour un départ des plus de 65 ans, aussi "
                "un EPCI, un département ou une région."
            ),
            TOWARDS: st.column_config.TextColumn(TOWARDS, help="Commune d’arrivée, pour un déplacement seulement."),
            GP_FTE: st.column_config.NumberColumn(
                GP_FTE, min_value=0.0, max_value=MAX_FTE, step=0.5, format="%g", default=DEFAULT_FTE, width="small",
                help="Équivalents temps plein : 1 ETP = 5 400 consultations par an.",
            ),
            SHARE: st.column_config.NumberColumn(
                SHARE, min_value=0, max_value=100, step=5, width="small",
                help="Part des plus de 65 ans qui partent.",
            ),
            NAME: st.column_config.TextColumn(NAME, max_chars=MAX_NAME),
        },
        placeholder="",
        alt="Changements du scénario",
    )  # fmt: skip
    if edited.equals(base):
        return
    changes, faults = changes_of(edited, gazetteer)
    if faults:
        st.warning(
            "Le tableau n’est pas encore pris en compte :\n" + "\n".join(f"- {fault}" for fault in faults),
            icon=":material/edit:",
        )
        return
    change_drafts(drafts.with_changes(changes))
    st.rerun()
