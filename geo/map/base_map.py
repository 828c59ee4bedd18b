"""The part of the map that never changes, so that streamlit-folium never mounts it again."""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.map.browser_files import browser_script

#: Relative to the component's frame (``component/<name>/index.html``): a base path in front of the app is kept.
LEAFLET_FOLDER: Final = "../../app/static/vendor/leaflet"
ATTRIBUTION: Final = "Contours : IGN, INSEE 2025–2026 (Licence Ouverte)"
CENTRE: Final = (46.6, 2.4)
START_ZOOM: Final = 6
MIN_ZOOM: Final = 4
MAX_ZOOM: Final = 14


class OfflineMap(folium.Map):
    """A folium map whose only scripts are the Leaflet files served by this application."""

    # folium declares instance variables and reads class attributes: neither ClassVar nor a tuple would type-check
    default_js = [("leaflet", f"{LEAFLET_FOLDER}/leaflet.js")]  # noqa: RUF012 — see above
    default_css = [("leaflet_css", f"{LEAFLET_FOLDER}/leaflet.css")]  # noqa: RUF012 — see above


class CanvasMap(MacroElement):
    """The canvas layer: runs the map's JavaScript and starts it on its parent map."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.source }}\n"
        "{{ this._parent.get_name() }}.attributionControl.addAttribution({{ this.attribution|tojson }});\n"
        "window.Maillage.start({{ this._parent.get_name() }}, {{ this.version|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, version: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is not annotated
        self._name = "CanvasMap"
        self.version = version
        self.source = browser_script()
        self.attribution = ATTRIBUTION

    def render(self, **_kwargs: Any) -> str:
        """Add nothing to the page of folium: streamlit-folium asks the template itself for the script.

        branca would compile the whole script as a template at every run of a page.
        """
        return ""


def base_map(geometry_version: str = "") -> folium.Map:
    """Return the constant base of the map: no tiles, no remote asset, the canvas layer and its controls.

    streamlit-folium mounts a map again as soon as its script changes; everything that changes therefore goes
    through `geo.map.overlay`. A new object at each call, because folium adds the overlay to the map it is given.

    Parameters
    ----------
    geometry_version
        What changes whenever the files of `geo.map.assets` do: browsers keep them under it. Empty: they ask each time.

    Returns
    -------
    folium.Map
        In web Mercator (EPSG:3857), centred on metropolitan France, zooms 4 to 14.
    """
    base = OfflineMap(
        location=CENTRE,
        zoom_start=START_ZOOM,
        tiles=None,
        zoom_control=False,
    )
    # folium keeps min_zoom and max_zoom for a tile layer; without tiles Leaflet must be told.
    # Quarter steps of zoom let a territory fill the frame; a button or a key still moves by a whole step.
    base.options |= {"minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM, "zoomSnap": 0.25, "zoomDelta": 1}
    CanvasMap(geometry_version).add_to(base)
    return base
