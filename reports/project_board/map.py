"""The map of the yearly report: the printed map of the board, without the title and sources that the page says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.map.panel import describe_map
from reports.map.print_map import draw_map
from reports.page.paper import CustomPage
from reports.page.pictures import PictureFormat, render_picture

if TYPE_CHECKING:
    from reports.map.content import MapContent
    from reports.map.shapes import PrintShapes

HEADING: Final = "Les projets sur la carte"


@dataclass(frozen=True, eq=False)
class ReportMap:
    """A map to be drawn in a document: the shapes, and what it says."""

    print_shapes: PrintShapes
    content: MapContent

    def draw(self, size: tuple[float, float], kind: PictureFormat, *, dpi: int = 200) -> bytes:
        """Draw it as a picture of a size in millimetres; an SVG is for a document that has the fonts.

        Raises
        ------
        EmptyTerritoryError
            The territory has no shape.
        """
        figure = draw_map(self.print_shapes, self.content, CustomPage(size=size), in_lines=kind != "png", bare=True)
        return render_picture(figure, kind, dpi=dpi, title=self.content.title, fonts_inside=False)

    @property
    def description(self) -> str:
        """What it shows, for those who do not see it."""
        return describe_map(self.content)
