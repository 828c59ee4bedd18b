"""The two maps in sight: side by side, moving together, or one over the other with a handle between them."""

from typing import Final

import streamlit as st

from coverage.territories.gazetteer import Gazetteer, Territory
from geo.map import Comparison, Layer
from pages.app.session import change_view
from pages.app.view import View
from pages.widgets.exports.map import offer_two_maps
from pages.widgets.map.drawing import Pick, take_pick
from pages.widgets.structures import load_sites
from pages.widgets.two_maps.choice import NO_SITES, TwoMaps
from pages.widgets.two_maps.drawing import printed, show_beside, show_side, sites_of
from pages.widgets.two_maps.sides import Shown, is_one_place, pair_of

HEIGHT: Final = 560
SWIPE_KEY: Final = "two_maps_swipe"
KEYS: Final = {"A": "two_maps_a", "B": "two_maps_b"}


def answer_click(gazetteer: Gazetteer, maps: TwoMaps) -> None:
    """Choose what has just been clicked on one of the maps, before anything of this run is drawn."""
    for key in (SWIPE_KEY, *KEYS.values()):
        pick = take_pick(key)
        if pick is not None:
            change_view(selection=_picked(gazetteer, pick, maps))


def _picked(gazetteer: Gazetteer, pick: Pick, maps: TwoMaps) -> Territory | None:
    """Return the territory of a click: that of a site is its commune, on whichever of the maps it stands."""
    if pick.kind == "territory":
        territory = Territory(pick.level, pick.code)
        return territory if territory in gazetteer else None
    for side in (maps.a, maps.b):
        if side.structures != NO_SITES:
            sites = load_sites(side.structures)  # type: ignore[arg-type] # one of SiteDates
            found = sites.loc[sites["finess_code"] == pick.code, "commune_code"]
            if len(found):
                return Territory("commune", str(found.iloc[0]))
    return None


def show_maps(gazetteer: Gazetteer, view: View, maps: TwoMaps, sides: tuple[Shown, Shown]) -> None:
    """Draw both maps as the reader looks at them."""
    first, second = sides
    pair = pair_of(first, second)
    if maps.vue == "rideau":
        comparison = Comparison(
            "A",
            pair,
            second=Layer(second.drawn.values, second.drawn.legend, sites_of(second)),
            second_name="B",
        )
        show_side(gazetteer, view, first, comparison, key=SWIPE_KEY, height=HEIGHT)
        return
    columns = st.columns(2, gap="small")
    show_beside(gazetteer, view, sides, columns, keys=KEYS, height=HEIGHT, views=is_one_place(maps, view))


def offer_maps(gazetteer: Gazetteer, view: View, sides: tuple[Shown, Shown]) -> None:
    """Draw the button that gives both maps on one page."""
    first, second = sides
    places = dict.fromkeys(gazetteer.name(shown.territory) for shown in sides)
    offer_two_maps(
        (printed(view, first), printed(view, second)),
        title=f"{' et '.join(places)} : {first.card.short_label} (A) et {second.card.short_label} (B)",
        names=("A", "B"),
        name=f"maillage_deux_cartes_{first.side.indicateur}_{second.side.indicateur}_{first.territory.slug}",
        key="two_maps_export",
    )
