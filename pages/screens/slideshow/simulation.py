"""A scenario as a room sees it: the access before and after, and the figure that changes."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.indicators.cards import INDICATORS
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data
from pages.app.tables import load_gazetteer
from pages.screens.simulator.map import AFTER, BEFORE, show_result_map
from pages.screens.simulator.words import APL_UNIT, tell_change
from pages.screens.slideshow.data import title_of
from pages.screens.slideshow.simulated import Simulation, simulation_of
from pages.screens.slideshow.slide import draw_legend, fill_the_screen
from pages.screens.slideshow.style import STYLE
from reports.figures.french import count_of
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from pages.widgets.saved_views.views import SavedView

MAP_HEIGHT: Final = 480  # CSS pixels, until the browser gives the maps what is left of its height
MOST_CHANGES: Final = 4


@st.fragment
@guard_against_missing_data()
def show_simulation(saved: SavedView, step: int, n_steps: int) -> None:
    """Draw what a scenario changes over the whole window.

    Parameters
    ----------
    saved
        The slide.
    step, n_steps
        Its place in the presentation, from 0, and how many slides there are.
    """
    tried = simulation_of(saved)
    said = f"<p class='dit'>{html.escape(saved.comment)}</p>" if saved.comment else ""
    head = f"<h1>{html.escape(title_of(saved))}</h1>{said}<div class='paire'>{_heads(tried)}</div>"
    before = tried.drawn[0]
    legend = replace(before.legend, title="Les deux cartes", subtitle=APL_UNIT)
    foot = draw_legend(replace(before, legend=legend), {}, has_counts=False)
    st.html(STYLE)
    with st.container(key="presentation_told"):
        st.html(f"<div class='diapo'><div class='rang'>{step + 1} / {n_steps}</div>{head}</div>")
        with st.container(key="presentation_maps"):
            show_result_map(
                load_gazetteer(),
                tried.result,
                "beside",
                tried.territory,
                key="presentation_result",
                height=MAP_HEIGHT,
                has_legend=False,
            )
        source = html.escape(tell_source(tried))
        st.html(f"<div class='diapo'><div class='commune'>{foot}</div><p class='source'>{source}</p></div>")
    fill_the_screen()


def _heads(tried: Simulation) -> str:
    """Return what stands over both maps: the mean of the territory, before as published, after as simulated."""
    published, name = INDICATORS[tried.result.counted.series], load_gazetteer().name(tried.territory)
    sides = (
        (BEFORE, f"{published.short_label}, {published.dated_at(tried.territory.level)}", "apl_before"),
        (AFTER, f"simulation à partir de l’{published.short_label}, estimé", "apl_after"),
    )
    return "".join(
        f"<div><small><b>{side}</b> · {html.escape(dated)}</small><div class='ligne'><span>{html.escape(name)}</span>"
        f"<b>{format_number(tried.here[column], 2)} {APL_UNIT}</b></div></div>"
        for side, dated, column in sides
    )


def tell_source(tried: Simulation) -> str:
    """Say what is tried, what is not counted, from what it starts, and that it is an estimate."""
    gazetteer, result = load_gazetteer(), tried.result
    changes = [tell_change(gazetteer, change) for change in result.counted.changes]
    listed = " ; ".join(changes[:MOST_CHANGES])
    more = f" ; et {len(changes) - MOST_CHANGES} autres" if len(changes) > MOST_CHANGES else ""
    left = len(result.waiting) + len(result.idle)
    uncounted = f" {count_of(left, 'changement n’est pas compté', 'changements ne sont pas comptés')}." if left else ""
    return (
        f"{listed}{more}.{uncounted} « Après » : simulation Maillage, toutes choses égales par ailleurs. "
        f"Source : {load_facts().cite(result.counted.series)}."
    )
