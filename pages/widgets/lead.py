"""The sentence that a page opens with: its answer, before its maps and charts."""

from collections.abc import Sequence

import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import Territory
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from reports.figures.french import begin
from reports.territory.messages import date_of, known_leads, lead


def show_lead(territory: Territory, indicator_ids: Sequence[str]) -> None:
    """Draw the first two known figures in a sentence, their dates and sources under it; nothing where none is known."""
    facts = load_facts()
    known = known_leads(facts, territory, indicator_ids)
    if not known:
        return
    level = facts.gazetteer.official(territory).level
    dates = " · ".join(
        f"{INDICATORS[name].at(level).short_label} : {date_of(facts, territory, name)}" for name in known
    )
    show_sentence(lead(facts, territory, known), f"{dates}. Sources : {facts.cite(*known, level=level)}.")


def show_sentence(sentence: str, dated: str) -> None:
    """Draw a sentence in large, and under it from when its figures are and whose; nothing where nothing is known.

    Parameters
    ----------
    sentence, dated
        French, as they are to be read: neither is Markdown.
    """
    if not sentence:
        return
    with st.container(border=True):
        with st.container(key="lead"):
            st.markdown(plain(sentence))
        st.caption(plain(dated))


def show_line(sentence: str, dated: str, then: str, *, otherwise: str, words: str) -> None:
    """Draw the opening line of a page that a map fills: its answer, what to do; the question where it is unknown.

    Parameters
    ----------
    sentence, dated
        The answer and from when it is; both "" where it is unknown.
    then
        What the reader can do next (Markdown), "" where the line has no room for it.
    otherwise
        The whole line without an answer (Markdown).
    words
        Definitions, as `pages.widgets.glossary.explain` gives them.
    """
    said = f"**{plain(sentence)}** {plain(begin(dated))}. {then}".rstrip() if sentence else otherwise
    st.markdown(said, help=words)


def answer_of(territory: Territory, *indicator_ids: str) -> tuple[str, str]:
    """Return the sentence of the first indicator known in a territory, and its date; both "" where none is known."""
    facts = load_facts()
    known = known_leads(facts, territory, indicator_ids)[:1]
    return (lead(facts, territory, known), date_of(facts, territory, *known)) if known else ("", "")
