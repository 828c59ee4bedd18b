"""Two printed maps on one page: one title, both maps with their legends, the sources of both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reports.map.print_map import draw_foot, draw_head, draw_map
from reports.page.paper import MM_PER_INCH, Paper
from reports.page.pictures import rasterise, render_picture

if TYPE_CHECKING:
    from reports.map.content import MapContent
    from reports.map.shapes import PrintShapes

NAMES: Final = ("A", "B")
GAP_MM: Final = 6.0
MARGIN_MM: Final = 10.0


def two_maps_png(
    print_shapes: PrintShapes,
    contents: tuple[MapContent, MapContent],
    *,
    title: str,
    names: tuple[str, str] = NAMES,
    dpi: int = 200,
) -> bytes:
    """Draw two maps side by side on an A3 in landscape, which two A4 in portrait fill.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    contents
        What the maps say, the left one first; the logo is that of the first.
    title
        Of the page.
    names
        Of the maps, before the titles of their legends.
    dpi
        Resolution (dots an inch).

    Returns
    -------
    bytes
        A PNG.
    """
    sheet, half = Paper("a3", "paysage", Paper().font), Paper("a4", "portrait", Paper().font)
    figure, page = sheet.sheet()
    said = replace(contents[0], title=title, subtitle=_told(contents, names), source=_sources(contents))
    top = draw_head(page, sheet, said, MARGIN_MM)
    bottom = draw_foot(page, sheet, said, MARGIN_MM)
    width = (sheet.width - 2 * MARGIN_MM - GAP_MM) / 2
    scale = min(width / half.width, (top - bottom) / half.height)
    pixels = dpi / MM_PER_INCH
    for rank, (content, name) in enumerate(zip(contents, names, strict=True)):
        # Drawn at the resolution that it has on the page: not one pixel is stretched.
        picture = rasterise(draw_map(print_shapes, under_name(content, name), half, bare=True), dpi * scale)
        left = MARGIN_MM + rank * (width + GAP_MM) + (width - scale * half.width) / 2
        figure.figimage(picture, round(left * pixels), round(bottom * pixels), origin="upper")
    return render_picture(figure, "png", dpi=dpi, title=title, subject=said.subtitle)


def under_name(content: MapContent, name: str) -> MapContent:
    """Return a map whose legend begins with the name that tells it from the other."""
    legend, begins = content.drawn.legend, f"{name} : "
    if legend.title.startswith(begins):  # what is simulated says "Après" on a map of its own too
        return content
    return replace(content, drawn=replace(content.drawn, legend=replace(legend, title=begins + legend.title)))


def _told(contents: tuple[MapContent, MapContent], names: tuple[str, str]) -> str:
    return " ".join(f"{name} : {content.subtitle}" for content, name in zip(contents, names, strict=True))


def _sources(contents: tuple[MapContent, MapContent]) -> str:
    return " ".join(dict.fromkeys(content.source for content in contents))
