"""Two maps on a page, side by side: they move together, and the place under the pointer is shown in both."""

from collections.abc import Mapping, Sequence

import pandas as pd

from coverage.terms.site_dates import SiteDates
from coverage.territories.gazetteer import Gazetteer
from geo.map import Comparison, Link
from pages.app.view import USUAL_STRUCTURES, View
from pages.widgets.exports.map import Printed
from pages.widgets.map.drawing import page_channel, show_map
from pages.widgets.map.places import look_at_map, outlined, prefecture_labels
from pages.widgets.structures import structures_on_map
from pages.widgets.two_maps.choice import NO_SITES
from pages.widgets.two_maps.sides import Shown, pair_of


def show_beside(
    gazetteer: Gazetteer,
    view: View,
    sides: tuple[Shown, Shown],
    places: Sequence,  # type: ignore[type-arg] # the columns or containers of Streamlit
    *,
    keys: Mapping[str, str],
    height: int,
    views: bool = True,
    has_legend: bool = True,
) -> None:
    """Draw both maps, each in its place.

    Parameters
    ----------
    view
        What is selected.
    places
        Where each is drawn, the first one first.
    keys
        Names of the maps in the session, by their names: "A", "B".
    height
        CSS pixels.
    views
        True where they look at the same place.
    has_legend
        False where the page writes it itself.
    """
    pair = pair_of(*sides)
    for place, shown in zip(places, sides, strict=True):
        with place:
            link = Link(page_channel(), leads=shown is sides[0], views=views)
            comparison = Comparison(shown.name, pair, link)
            show_side(gazetteer, view, shown, comparison, key=keys[shown.name], height=height, has_legend=has_legend)


def show_side(
    gazetteer: Gazetteer,
    view: View,
    shown: Shown,
    comparison: Comparison,
    *,
    key: str,
    height: int,
    has_legend: bool = True,
) -> None:
    """Draw one of the maps as it is compared with the other; parameters as in `show_beside`."""
    show_map(
        shown.drawn.values,
        shown.drawn.legend if has_legend else None,
        sites_of(shown),
        key=key,
        view=look_at_map(gazetteer, shown.territory, shown.level),
        selected=outlined(gazetteer, shown.territory, shown.level, view.selection),
        labels=prefecture_labels(),
        comparison=comparison,
        height=height,
    )


def sites_of(shown: Shown) -> pd.DataFrame | None:
    """Return the structures of a map, those of its day; None for none."""
    if shown.side.structures == NO_SITES:
        return None
    return structures_on_map(USUAL_STRUCTURES, shown.scope, _dates_of(shown))


def printed(view: View, shown: Shown) -> Printed:
    """Return a map as the exports draw it."""
    with_sites = shown.side.structures != NO_SITES
    return Printed(
        shown.side.indicateur,
        shown.level,
        shown.territory,
        view.methode,
        view.classes,
        shown.drawn,
        USUAL_STRUCTURES if with_sites else (),
        _dates_of(shown) if with_sites else "recentes",
    )


def _dates_of(shown: Shown) -> SiteDates:
    dates: SiteDates = shown.side.structures  # type: ignore[assignment] # one of SITES but the first
    return dates
