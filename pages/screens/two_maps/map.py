"""The two maps in sight: side by side, moving together, or one over the other with a handle between them."""

from typing import Final

import pandas as pd
import streamlit as st

from coverage.terms.site_dates import SiteDates
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.map import Comparison, Layer, Link
from pages.app.session import change_view
from pages.app.view import USUAL_STRUCTURES, View
from pages.screens.two_maps.data import Shown, is_one_place, pair_of
from pages.screens.two_maps.state import NO_SITES, TwoMaps
from pages.widgets.exports.map import Printed, offer_two_maps
from pages.widgets.map.drawing import Pick, page_channel, show_map, take_pick
from pages.widgets.map.places import look_at_map, outlined, prefecture_labels
from pages.widgets.structures import load_sites, structures_on_map

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
            second=Layer(second.drawn.values, second.drawn.legend, _sites(second)),
            second_name="B",
        )
        _show(gazetteer, view, first, comparison, SWIPE_KEY)
        return
    views = is_one_place(maps, view)
    for place, shown in zip(st.columns(2, gap="small"), sides, strict=True):
        with place:
            link = Link(page_channel(), leads=shown is first, views=views)
            _show(gazetteer, view, shown, Comparison(shown.name, pair, link), KEYS[shown.name])


def _show(gazetteer: Gazetteer, view: View, shown: Shown, comparison: Comparison, key: str) -> None:
    show_map(
        shown.drawn.values,
        shown.drawn.legend,
        _sites(shown),
        key=key,
        view=look_at_map(gazetteer, shown.territory, shown.level),
        selected=outlined(gazetteer, shown.territory, shown.level, view.selection),
        labels=prefecture_labels(),
        comparison=comparison,
        height=HEIGHT,
    )


def offer_maps(gazetteer: Gazetteer, view: View, sides: tuple[Shown, Shown]) -> None:
    """Draw the button that gives both maps on one page."""
    first, second = sides
    places = dict.fromkeys(gazetteer.name(shown.territory) for shown in sides)
    offer_two_maps(
        (_printed(view, first), _printed(view, second)),
        title=f"{' et '.join(places)} : {first.card.short_label} (A) et {second.card.short_label} (B)",
        names=("A", "B"),
        name=f"maillage_deux_cartes_{first.side.indicateur}_{second.side.indicateur}_{first.territory.slug}",
        key="two_maps_export",
    )


def _printed(view: View, shown: Shown) -> Printed:
    with_sites = shown.side.structures != NO_SITES
    dates: SiteDates = shown.side.structures if with_sites else "recentes"  # type: ignore[assignment] # as in _sites
    return Printed(
        shown.side.indicateur,
        shown.level,
        shown.territory,
        view.methode,
        view.classes,
        shown.drawn,
        USUAL_STRUCTURES if with_sites else (),
        dates,
    )


def _sites(shown: Shown) -> pd.DataFrame | None:
    """Return the structures of a map, those of its day; None for none."""
    if shown.side.structures == NO_SITES:
        return None
    dates: SiteDates = shown.side.structures  # type: ignore[assignment] # one of SITES but the first
    return structures_on_map(USUAL_STRUCTURES, shown.scope, dates)
