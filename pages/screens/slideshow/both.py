"""Two maps as a room sees them: one title over both, each with its figure, and the legend that they share."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.map import sites_notes
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data
from pages.app.tables import load_gazetteer
from pages.screens.slideshow.data import title_of
from pages.screens.slideshow.slide import count_signs, draw_legend, fill_the_screen, say_note
from pages.screens.slideshow.style import STYLE
from pages.widgets.two_maps.drawing import show_beside, sites_of
from pages.widgets.two_maps.sides import Shown, is_one_place, show_sides
from reports.figures.numbers import UNKNOWN

if TYPE_CHECKING:
    from pages.app.view import View
    from pages.widgets.saved_views.views import SavedView
    from pages.widgets.two_maps.choice import TwoMaps

KEYS: Final = {"A": "presentation_a", "B": "presentation_b"}
MAP_HEIGHT: Final = 480  # CSS pixels, until the browser gives the maps what is left of its height


@st.fragment
@guard_against_missing_data()
def show_two_maps(saved: SavedView, maps: TwoMaps, step: int, n_steps: int) -> None:
    """Draw two maps over the whole window.

    Parameters
    ----------
    saved, maps
        The slide, and what its maps show.
    step, n_steps
        Its place in the presentation, from 0, and how many slides there are.
    """
    gazetteer, view = load_gazetteer(), saved.view
    sides = show_sides(gazetteer, view, maps)
    said = f"<p class='dit'>{html.escape(saved.comment)}</p>" if saved.comment else ""
    heads = "".join(_head(shown, view) for shown in sides)
    head = f"<h1>{html.escape(title_of(saved))}</h1>{said}<div class='paire'>{heads}</div>"
    foot = f"{_legends(sides)}<p class='source'>{html.escape(_foot(sides))}</p>"
    st.html(STYLE)
    with st.container(key="presentation_told"):
        st.html(f"<div class='diapo'><div class='rang'>{step + 1} / {n_steps}</div>{head}</div>")
        with st.container(key="presentation_maps"):
            show_beside(
                gazetteer,
                view,
                sides,
                st.columns(2, gap="medium"),
                keys=KEYS,
                height=MAP_HEIGHT,
                views=is_one_place(maps, view),
                has_legend=False,
            )
        st.html(f"<div class='diapo'>{foot}</div>")
    fill_the_screen()


def _head(shown: Shown, view: View) -> str:
    """Return what stands over a map: its letter, its indicator, and the figure of the place with its date."""
    place = view.selection or shown.territory
    card = shown.card.at(place.level)
    known = place.level in card.levels
    figure = load_facts(view.horizon).figure(shown.side.indicateur, place) if known else UNKNOWN
    dated = f"{card.short_label}, {card.dated_at(place.level)}"
    return (
        f"<div><small><b>{shown.name}</b> · {html.escape(dated)}</small>"
        f"<div class='ligne'><span>{html.escape(load_gazetteer().name(place))}</span>"
        f"<b>{html.escape(figure)}</b></div></div>"
    )


def _legends(sides: tuple[Shown, Shown]) -> str:
    """Return the legend of both where it is one, else that of each under its map."""
    signs = [{} if (sites := sites_of(shown)) is None else count_signs(sites) for shown in sides]
    first, second = (shown.drawn for shown in sides)
    keys = [[(entry.label, entry.colour) for entry in drawn.legend.entries] for drawn in (first, second)]
    if keys[0] == keys[1] and signs[0].keys() == signs[1].keys() and not first.legend.sizes:
        shared = replace(first, legend=replace(first.legend, title="Les deux cartes", subtitle=sides[0].card.unit))
        return f"<div class='commune'>{draw_legend(shared, signs[0], has_counts=False)}</div>"
    drawn = "".join(draw_legend(shown.drawn, counts) for shown, counts in zip(sides, signs, strict=True))
    return f"<div class='paire commune'>{drawn}</div>"


def _foot(sides: tuple[Shown, Shown]) -> str:
    cited = load_facts().cite(*dict.fromkeys(shown.side.indicateur for shown in sides))
    sites = [sites for shown in sides if (sites := sites_of(shown)) is not None]
    if sites:
        cited = f"{cited} ; {load_facts().cite('n_msp_finess')}"
    notes = dict.fromkeys(say_note(note) for one in sites for note in sites_notes(one))
    return " ".join([f"Sources : {cited}.", *notes])
