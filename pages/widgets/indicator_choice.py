"""The list of the indicators: by theme, under their short names, each with its definition and its date."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.app.facts import load_facts
from pages.widgets.choice import About, choose_one


def choose_indicator(
    label: str, indicator_ids: Sequence[str], *, level: str, key: str, says_choice: bool = True, **options: Any
) -> str:
    """Draw the list of some indicators and return the id of the one chosen.

    Parameters
    ----------
    label, key, options
        As `choose_one`.
    indicator_ids
        What can be chosen, each theme in one piece.
    level
        Level whose names, definitions and dates are shown.
    says_choice
        The definition and the date of the one chosen stand under the list.
    """
    offered = load_facts().indicators

    def tell(name: str) -> str:
        indicator = offered[name].at(level)
        return f"{indicator.label} · {indicator.dated_at(level)}"

    def about(name: str) -> About:
        return About(offered[name].theme, tell(name), tell(name))

    chosen = st.session_state.get(key, indicator_ids[0])
    return choose_one(
        label,
        indicator_ids,
        format_func=lambda name: offered[name].at(level).short_label,
        about=about,
        key=key,
        under=tell(chosen) if says_choice else "",
        **options,
    )
