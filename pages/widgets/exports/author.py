"""What the author of a map writes in place of our words: title, subtitle, note, places to name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.territories.gazetteer import FRANCE
from pages.app.tables import load_gazetteer
from pages.widgets.choice import choose_many

if TYPE_CHECKING:
    from reports.map.content import MapContent
    from reports.map.words import AuthorWords

MOST_OFFERED: Final = 6_000
"""Communes offered in a list, the most populous first: all those of a region."""


def choose_words(content: MapContent, *, key: str) -> AuthorWords:
    """Draw the fields of a map, filled with our words, and return what the author makes of them.

    Parameters
    ----------
    content
        The map as we would print it.
    key
        Name of the fields in the session: another view has its own.
    """
    from reports.map.words import MAX_NOTE, MAX_SUBTITLE, MAX_TITLE, MOST_PLACES, AuthorWords  # noqa: PLC0415 - heavy

    title = st.text_input("Titre", value=content.title[:MAX_TITLE], max_chars=MAX_TITLE, key=f"{key}_title")
    subtitle = st.text_area(
        "Sous-titre", value=content.subtitle[:MAX_SUBTITLE], max_chars=MAX_SUBTITLE, key=f"{key}_subtitle", height=100
    )
    note = st.text_area(
        "Note de l’auteur, au-dessus des sources", max_chars=MAX_NOTE, key=f"{key}_note", height=68,
        placeholder="Lecture, réserve, référence du document (facultatif)",
    )  # fmt: skip
    communes = load_gazetteer().communes
    offered = communes if content.scope == FRANCE else communes[load_gazetteer().mask(content.scope)]
    names = offered.nlargest(MOST_OFFERED, "population").set_index("commune_code")["name"].to_dict()
    ours = tuple(town.code for town in content.towns if town.code in names)
    st.session_state.setdefault(f"{key}_places", list(ours))
    places = tuple(
        choose_many(
            "Communes à nommer",
            names,
            key=f"{key}_places",
            format_func=lambda code: f"{names[code]} ({code})",
            max_selections=MOST_PLACES,
        )
    )
    return AuthorWords(
        title.strip() if title.strip() and title != content.title else None,
        subtitle.strip() if subtitle != content.subtitle[:MAX_SUBTITLE] else None,
        " ".join(note.split()),
        places if places != ours else None,
    )
