"""Where the map looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class View:
    """A place to show: either bounds that must be in sight, or a centre and a zoom.

    Attributes
    ----------
    bounds
        West, south, east, north in degrees (EPSG:4326).
    centre
        Latitude and longitude in degrees (EPSG:4326).
    zoom
        Leaflet zoom level, 4 to 14.
    whole
        True to stretch the bounds so that every territory of the scope is whole in sight.

    Raises
    ------
    ValueError
        Neither or both of bounds and centre with zoom.
    """

    bounds: tuple[float, float, float, float] | None = None
    centre: tuple[float, float] | None = None
    zoom: int | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        by_centre = self.centre is not None and self.zoom is not None
        if by_centre == (self.bounds is not None):
            raise ValueError("a view is either bounds, or a centre and a zoom")

    def as_payload(self) -> dict[str, Any]:
        """Return the view as the map reads it."""
        if self.bounds is not None:
            return {"bounds": self.bounds} | ({"whole": True} if self.whole else {})
        return {"centre": self.centre, "zoom": self.zoom}


#: Metropolitan France, Corsica included; the overseas departments are in the insets.
FRANCE_VIEW: Final = View(bounds=(-5.2, 41.3, 9.6, 51.1))
