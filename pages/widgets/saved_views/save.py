"""The offer to keep the view of the map for a presentation."""

from functools import partial

import streamlit as st

from coverage.indicators.cards import INDICATORS
from pages.app.plain_text import plain
from pages.app.popover import show_popover
from pages.app.tables import load_gazetteer
from pages.app.view import View
from pages.navigation import SCREENS
from pages.widgets.saved_views.kept import current_views, join, keep_views
from pages.widgets.saved_views.views import MAX_COMMENT, MAX_TITLE, MAX_VIEWS, SavedView, SlideKind
from pages.widgets.structure_dates import changes_message
from pages.widgets.two_maps.choice import TwoMaps


def offer_to_save(view: View, maps: TwoMaps | None = None, *, scenario: str = "", message: str = "") -> None:
    """Draw a button that adds a view to the presentation, with a title and a comment.

    Parameters
    ----------
    view
        What the map shows now.
    maps
        What both maps show, where there are two.
    scenario
        Token of what is simulated, where something is.
    message
        What a slide left without a title will say today; "" where it needs one.
    """
    draw = partial(_ask_slide, view, maps, scenario, message)
    show_popover(
        "Ajouter à la présentation", draw, key="presentation_new", icon=":material/slideshow:", type="tertiary"
    )


def _ask_slide(view: View, maps: TwoMaps | None, scenario: str, message: str) -> None:
    # Named after the view: another view has its own title, already filled in.
    query = view.to_query() | ({} if maps is None else maps.to_full_query()) | {"scenario": scenario}
    told = "&".join(f"{name}={value}" for name, value in query.items())
    title = st.text_input(
        "Titre",
        value="" if message else propose_title(view),
        key=f"presentation_new_title_{told}",
        max_chars=MAX_TITLE,
    )
    if message:
        st.caption(f"Sans titre, la diapositive dira, aux chiffres du moment : **{plain(message)}**.")
    comment = st.text_area(
        "Commentaire",
        key=f"presentation_new_comment_{told}",
        max_chars=MAX_COMMENT,
        placeholder="Ce que la salle doit retenir (facultatif)",
    )
    count = len(current_views())
    if st.button("Ajouter", key="presentation_add", type="primary", disabled=count >= MAX_VIEWS):
        slide: SlideKind = "simulation" if scenario else "" if maps is None else "deux_cartes"
        keep_views(join(current_views(), [SavedView.of(title, comment, view, slide, maps, scenario)]))
        count = len(current_views())
        st.toast(f"Vue ajoutée à la présentation ({count}).", icon=":material/slideshow:")
    if count:
        st.page_link(SCREENS["slideshow"].file, label=f"Ouvrir la présentation ({count})", icon=":material/slideshow:")


def propose_title(view: View) -> str:
    """Return a title for a view: what is shown, and where; how many MSP there were and are, where it shows that."""
    gazetteer, place = load_gazetteer(), view.selection or view.territoire
    if view.dates == "evolution" and (said := changes_message(gazetteer, place)):
        return said[:MAX_TITLE]
    where = gazetteer.name(place)
    return f"{INDICATORS[view.indicateur].short_label} : {where}"[:MAX_TITLE]
