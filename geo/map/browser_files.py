"""The JavaScript and CSS of the map, joined into the one text that the page runs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "browser"

#: Order matters only for what runs at load (constants, panels); functions see each other wherever they stand.
SCRIPTS: Final = (
    "geometry.js",
    "state.js",
    "hatching.js",
    "cover.js",
    "painting.js",
    "circles.js",
    "canvas_layer.js",
    "symbols.js",
    "structures.js",
    "tooltip.js",
    "pick.js",
    "pointer.js",
    "touch.js",
    "link.js",
    "insets.js",
    "distribution.js",
    "legend.js",
    "controls.js",
    "swipe.js",
    "drawn_zone.js",
    "update.js",
    "start.js",
)
STYLE: Final = "map.css"


@cache
def browser_script() -> str:
    """Return the map's whole JavaScript, in strict mode and in a scope of its own.

    It leaves one name in the page, ``Maillage``, with ``start(map)`` and ``update(payload)``. Comment lines and
    indentation are dropped, as a page by itself carries the text.

    Returns
    -------
    str
        A JavaScript statement; ``start`` installs the style sheet too.
    """
    lines = (line.strip() for name in SCRIPTS for line in (FOLDER / name).read_text("utf-8").splitlines())
    body = "\n".join(line for line in lines if line and not line.startswith("//"))
    style = " ".join((FOLDER / STYLE).read_text("utf-8").split())
    return f"(() => {{\n'use strict';\nconst STYLE = {json.dumps(style)};\n{body}\n}})();"
