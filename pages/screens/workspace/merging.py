"""A workspace file joins what is already kept: what is new is added, nothing that was there is changed or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import streamlit as st

from coverage.simulator.scenario_file import MAX_NAME as LONGEST_SCENARIO_NAME
from coverage.simulator.scenario_file import SavedScenario
from data.projects.merging import stacked
from geo.commune_names import fold
from pages.app.projects import change_list
from pages.app.territories import Draft, own_territories, save_draft
from pages.screens.simulator.state import change_drafts, kept_drafts
from pages.screens.workspace.document import Merged, ReadWorkspace, new_territories, unused
from pages.widgets.saved_views.kept import current_views, join, keep_views

if TYPE_CHECKING:
    import pandas as pd

    from pages.screens.simulator.drafts import Drafts

ACTION: Final = "Reprise d’un espace de travail"


def merge_workspace(read: ReadWorkspace) -> dict[str, Merged]:
    """Add what a file holds to what this reader keeps, part by part.

    Returns
    -------
    dict of str to Merged
        What became of the items of each part; together, all that the file holds.

    Raises
    ------
    DataError
        The database fails or is full; what was added before stays, and the file can be given again: it doubles nothing.
    """
    return {
        "territories": _merge_territories(read),
        "projects": _merge_projects(read),
        "scenarios": _merge_scenarios(read),
        "views": _merge_views(read),
    }


def _merge_territories(read: ReadWorkspace) -> Merged:
    fresh, merged = new_territories([territory.own for territory in own_territories()], read.territories)
    for own in fresh:
        save_draft(Draft(own.name, own.communes))
    return merged


def _merge_projects(read: ReadWorkspace) -> Merged:
    good = read.rows.projects
    if good.empty:
        return Merged(left=read.rows.n_rows)
    difference = change_list(lambda current: stacked(current, new_projects(current, good)), action=ACTION)
    taken = difference.n_added if difference else 0
    return Merged(taken, len(good) - taken, read.rows.n_rows - len(good))


def new_projects(current: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Return the projects of a file that a list does not hold by name and commune; their numbers are of elsewhere.

    Parameters
    ----------
    current, given
        As `data.projects.schema` has them; not changed.
    """
    keys = {(fold(name), code) for name, code in zip(current["name"], current["commune_code"], strict=True)}
    known = [(fold(name), code) in keys for name, code in zip(given["name"], given["commune_code"], strict=True)]
    return given[~np.array(known, dtype=bool)].assign(project_id=np.nan)


def _merge_scenarios(read: ReadWorkspace) -> Merged:
    drafts, merged = join_scenarios(kept_drafts(), read.scenarios)
    if merged.taken:
        change_drafts(drafts)
    return merged


def join_scenarios(drafts: Drafts, given: tuple[SavedScenario, ...]) -> tuple[Drafts, Merged]:
    """Return the scenarios of a session with those of a file, each under a name that no other bears."""
    taken = known = 0
    for scenario in given:
        mine = {draft.scenario.name: draft.scenario for draft in drafts.items}
        alike = [one for one in mine.values() if (one.series, one.changes) == (scenario.series, scenario.changes)]
        if any(one.name.startswith(scenario.name) for one in alike):
            known += 1
        elif drafts.is_untouched or not drafts.is_full:
            name = scenario.name if drafts.is_untouched else unused(scenario.name, mine, LONGEST_SCENARIO_NAME)
            drafts = drafts.opening(SavedScenario(name, scenario.series, scenario.changes))
            taken += 1
    return drafts, Merged(taken, known, len(given) - taken - known)


def _merge_views(read: ReadWorkspace) -> Merged:
    before = current_views()
    fresh = [view for view in dict.fromkeys(read.views) if view not in before]
    keep_views(join(before, read.views))
    taken = len(current_views()) - len(before)
    return Merged(taken, len(read.views) - len(fresh), len(read.notices) + len(fresh) - taken)


def forget_given(key: str) -> None:
    """Forget a file once it is taken: the uploader is drawn anew."""
    st.session_state[key] = st.session_state.get(key, 0) + 1
