"""The slides of a presentation as its author listed them: any territories, in any order, under their own titles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from reports.map.two_maps import NAMES, under_name
from reports.territory.pptx import add_figures, add_projects
from reports.territory.slide_charts import add_series, add_shares, add_waterfall
from reports.territory.slide_page import (
    BODY_BOTTOM_IN,
    BODY_TOP_IN,
    MARGIN_IN,
    WIDTH_IN,
    add_list_slide,
    add_map,
    add_slide,
    add_told_slide,
    entitle,
    place_map,
    save_deck,
    start_deck,
)
from reports.territory.slides import slides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.map.content import MapContent
    from reports.map.shapes import PrintShapes
    from reports.territory.content import TerritorySheet
    from reports.territory.slides import SlideName

DECK_TITLE: Final = "Présentation"
SIDE_IN: Final = BODY_BOTTOM_IN - BODY_TOP_IN - 0.05
"""Width of one of two maps: a little less than their height, so that the legend stands under each."""
_WRITERS: Final = {
    "chiffres": add_figures,
    "acces": add_shares,
    "projection": add_waterfall,
    "msp": add_series,
}


@dataclass(frozen=True, eq=False)
class ListedSlide:
    """A slide of a presentation.

    Attributes
    ----------
    sheet
        What is said of its territory.
    title, comment
        What stands over it, and under its title; "" for no comment.
    slide
        What of its territory is shown; None for maps.
    maps, names
        One map, or two to be set side by side, each under its name.
    """

    sheet: TerritorySheet
    title: str
    comment: str = ""
    slide: SlideName | None = None
    maps: tuple[MapContent, ...] = ()
    names: tuple[str, str] = NAMES


def render_listed(print_shapes: PrintShapes, slides: Sequence[ListedSlide], *, author: str = "") -> bytes:
    """Write the slides of a presentation, then the sources of all.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    slides
        At least one.
    author
        The organisation that signs the file; "" for Maillage.

    Returns
    -------
    bytes
        A PPTX; every slide has a title, and its sources in the speaker notes.

    Raises
    ------
    EmptyTerritoryError
        A map has nothing to draw.
    """
    deck = start_deck(DECK_TITLE, author)
    for one in slides:
        entitle(_add(deck, print_shapes, one), one.title, one.comment)
    sources = tuple(dict.fromkeys(source for one in slides for source in one.sheet.sources))
    whole = replace(slides[0].sheet, name=DECK_TITLE, sources=sources)
    add_list_slide(deck, whole, "Sources", sources, 12)
    return save_deck(deck)


def _add(deck: Any, print_shapes: PrintShapes, one: ListedSlide) -> Any:
    if one.slide is None and len(one.maps) == 1:
        return add_map(deck, print_shapes, one.sheet, one.maps[0], one.title)
    if one.slide is None:
        return add_two_maps(deck, print_shapes, one)
    if one.slide == "projets":
        return add_projects(deck, print_shapes, one.sheet)
    if one.slide in slides_of(one.sheet):
        return _WRITERS[one.slide](deck, one.sheet)
    slide, _ = add_told_slide(deck, one.sheet, one.slide)  # what is unknown since the slide was listed
    return slide


def add_two_maps(deck: Any, print_shapes: PrintShapes, one: ListedSlide) -> Any:
    """Add two maps side by side, each under its letter; return the slide."""
    named = [under_name(content, name) for name, content in zip(one.names, one.maps, strict=True)]
    shown = " · ".join(content.drawn.legend.title for content in named)
    notes = "\n".join(f"{content.title}. {content.subtitle}\n{content.source}" for content in one.maps)
    slide = add_slide(deck, one.sheet, shown, notes, one.title)
    for content, left in zip(named, (MARGIN_IN, WIDTH_IN - MARGIN_IN - SIDE_IN), strict=True):
        place_map(slide, print_shapes, content, left, SIDE_IN)
    return slide
