"""The sentence that a page about a territory opens with: its answer, before its charts."""

from collections.abc import Sequence

import streamlit as st

from coverage.territories.gazetteer import Territory
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from reports.territory.messages import known_leads, lead


def show_lead(territory: Territory, indicator_ids: Sequence[str]) -> None:
    """Draw the first two known figures in a sentence, their dates and sources under it; nothing where none is known."""
    facts = load_facts()
    known = known_leads(facts, territory, indicator_ids)
    if not known:
        return
    level = facts.gazetteer.official(territory).level
    cards = [facts.indicator(name).at(level) for name in known]
    dates = " · ".join(f"{card.short_label} : {card.dated_at(level)}" for card in cards)
    with st.container(border=True):
        with st.container(key="lead"):
            st.markdown(plain(lead(facts, territory, known)))
        st.caption(f"{dates}. Sources : {facts.cite(*known, level=level)}.")
