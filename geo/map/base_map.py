"""The part of the map that never changes, so that streamlit-folium never mounts it again."""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template

#: Relative to the component's frame (``component/<name>/index.html``): a base path in front of the app is kept.
LEAFLET: Final = "../../app/static/vendor/leaflet/leaflet.js"
ATTRIBUTION: Final = "Contours : IGN, INSEE 2025–2026 (Licence Ouverte)"
CENTRE: Final = (46.6, 2.4)
START_ZOOM: Final = 6
MIN_ZOOM: Final = 4
MAX_ZOOM: Final = 14


class OfflineMap(folium.Map):
    """A folium map whose only scripts are served by this application: Leaflet's, and the map's own beside it."""

    # folium declares instance variables and reads class attributes: neither ClassVar nor a tuple would type-check
    default_js = [("leaflet", LEAFLET)]  # noqa: RUF012 — see above
    default_css = [("leaflet_css", LEAFLET.replace(".js", ".css"))]  # noqa: RUF012 — see above


class CanvasMap(MacroElement):
    """The canvas layer: starts the map's JavaScript on its parent map."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent.get_name() }}.attributionControl.addAttribution({{ this.attribution|tojson }});\n"
        "window.Maillage.start({{ this._parent.get_name() }}, {{ this.version|tojson }}); // {{ this.script }}"
        "{% endmacro %}"
    )

    def __init__(self, version: str, script: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is not annotated
        self._name = "CanvasMap"
        self.version = version
        self.script = script  # named here too: streamlit-folium mounts the map again when another version is served
        self.attribution = ATTRIBUTION

    def render(self, **_kwargs: Any) -> str:
        """Add nothing to the page of folium: streamlit-folium asks the template itself for the script.

        branca would compile it as a template at every run of a page.
        """
        return ""


def base_map(geometry_version: str = "", script: str = "") -> folium.Map:
    """Return the constant base of the map: no tiles, no remote asset, the canvas layer and its controls.

    streamlit-folium mounts a map again as soon as its script changes; everything that changes therefore goes
    through `geo.map.overlay`. A new object at each call, because folium adds the overlay to the map it is given.

    Parameters
    ----------
    geometry_version
        What changes whenever the files of `geo.map.assets` do: browsers keep them under it. Empty: they ask each time.
    script
        Address of the map's JavaScript (`geo.map.browser_files.browser_script`), relative to the component's frame: one
        file that browsers keep, where the text would come with every update.

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
    base.default_js = [*base.default_js, ("maillage", script)]
    CanvasMap(geometry_version, script).add_to(base)
    return base
