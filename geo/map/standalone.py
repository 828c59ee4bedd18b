"""One view of the map as a web page by itself: it opens by double click, without a server, and asks nothing outside."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.errors import AssetError
from geo.map.base_map import ATTRIBUTION, CENTRE, MAX_ZOOM, MIN_ZOOM, START_ZOOM
from geo.map.browser_files import browser_script
from geo.map.overlay import MapUpdate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import folium

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'"
)
"""What the page may do (CSP): nothing that leaves it."""

_STYLE: Final = """
html,body{margin:0;height:100%;font:15px/1.45 system-ui,sans-serif;color:#1d2733;background:#fff}
body{display:flex;flex-direction:column}
header,footer{padding:.6rem 1rem}
h1{font-size:1.25rem;margin:0}
p{margin:.15rem 0 0;color:#566270;font-size:.875rem}
footer p{font-size:.78rem}
#map{flex:1;min-height:300px}
"""
# The layer fetches its files by name: here they stand in the page. A finer file that is not there leaves the coarser.
_SCRIPT: Final = """
const files = JSON.parse(document.getElementById("files").textContent);
window.fetch = async (address) => {
  const packed = files[String(address).split("/").pop().split("?")[0]];
  if (!packed) return new Response("", { status: 404 });
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
};
window.__GLOBAL_DATA__ = {};
window.Streamlit = { setComponentValue() {} };
"""


@dataclass(frozen=True)
class PageWords:
    """What a page says around its map: title, subtitle, sources, and the address where it can be explored ("" none)."""

    title: str
    subtitle: str
    source: str
    address: str = ""


def standalone_page(update: folium.FeatureGroup, levels: Iterable[str], words: PageWords, static: Path) -> str:
    """Write a page with one map, its shapes, its legend and its script.

    Parameters
    ----------
    update
        As `geo.map.overlay` returns it: the whole view.
    levels
        Levels whose shapes are drawn: that of the values, of the outlines, "commune" for a zone.
    words
        What stands around the map.
    static
        Folder of the files that the application serves: `geometry/` and `vendor/leaflet/`.

    Returns
    -------
    str
        HTML, UTF-8: some 2 MB for the communes, 0.7 MB for other levels.

    Raises
    ------
    AssetError
        A file of the map is missing.
    """
    # An attribute of branca without annotation; the update is the only child of its group.
    payload = next(child.payload for child in update._children.values() if isinstance(child, MapUpdate))  # noqa: SLF001
    files = {name: _packed(static / "geometry" / name) for name in _names(levels)}
    leaflet = static / "vendor" / "leaflet"
    options = {"minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM, "zoomSnap": 0.25, "zoomDelta": 1, "zoomControl": False}
    start = (
        f"const map = L.map('map', {json.dumps(options)}).setView({json.dumps(CENTRE)}, {START_ZOOM});\n"
        f"{browser_script()}\n"
        f"map.attributionControl.addAttribution({json.dumps(ATTRIBUTION)});\n"
        f"window.Maillage.start(map, '');\nwindow.Maillage.update({json.dumps(payload)});"
    )
    style = re.sub(r"url\([^)]*\)", "none", _text(leaflet / "leaflet.css"))  # pictures of controls that are not here
    scripts = [_text(leaflet / "leaflet.js"), _SCRIPT, start]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="fr"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(words.title)}</title>",
            f"<style>{style}{_STYLE}</style></head><body>",
            f"<header><h1>{html.escape(words.title)}</h1><p>{html.escape(words.subtitle)}</p></header>",
            '<div id="map"></div>',
            f"<footer><p>{html.escape(words.source)}{_link(words.address)}</p></footer>",
            f'<script type="application/json" id="files">{json.dumps(files)}</script>',
            *(f"<script>{_in_page(script)}</script>" for script in scripts),
            "</body></html>",
            "",
        ]
    )


def _names(levels: Iterable[str]) -> list[str]:
    """Return the names of the files that a map asks for."""
    return ["index.json", *(name for level in dict.fromkeys(levels) for name in (f"{level}.bin", f"names_{level}.tsv"))]


def _packed(path: Path) -> str:
    return base64.b64encode(gzip.compress(_bytes(path), 9, mtime=0)).decode("ascii")


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AssetError(
            f"Carte : fichier {path.name} attendu dans « {path.parent.name} », trouvé aucun. "
            "Prévenez votre administrateur."
        ) from error


def _link(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        return ""
    return f' <a href="{html.escape(address, quote=True)}" rel="noopener">Ouvrir dans Maillage</a>'


def _in_page(script: str) -> str:
    """Keep the end of the element out of what it holds."""
    return script.replace("</", r"<\/")
