"""Colours of the map that are not data: background, outlines, panels, in light and in dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NEIGHBOUR_PALENESS: Final = 0.68
"""Share of the colour of the outside in that of a territory around the one shown."""


@dataclass(frozen=True)
class Theme:
    """Colours (CSS, ``#rrggbb``) of everything on the map but the classes and the structures."""

    background: str
    ground: str
    outside: str
    none: str
    unknown: str
    unknown_line: str
    line: str
    outline: str
    selection: str
    selection_halo: str
    label: str
    label_halo: str
    cluster: str
    cluster_ring: str
    panel: str
    panel_line: str
    text: str
    text_soft: str
    focus: str


LIGHT: Final = Theme(
    background="#eaeff3",
    ground="#dcdfe0",
    outside="#f8f8f6",
    none="#ffffff",
    unknown="#dcdcdc",
    unknown_line="#8f8f8f",
    line="#ffffff",
    outline="#5a6673",
    selection="#c2185b",
    selection_halo="#ffffff",
    label="#1d2733",
    label_halo="#ffffff",
    cluster="#2f3b49",
    cluster_ring="#ffffff",
    panel="#ffffff",
    panel_line="#c9d1d9",
    text="#1d2733",
    text_soft="#566270",
    focus="#0a76f6",
)
DARK: Final = Theme(
    background="#12181f",
    ground="#39434e",
    outside="#232c36",
    none="#3a444f",
    unknown="#5b6269",
    unknown_line="#9aa1a8",
    line="#2a323b",
    outline="#0b0f14",
    selection="#ff6fa5",
    selection_halo="#12181f",
    label="#ffffff",
    label_halo="#12181f",
    cluster="#e8edf2",
    cluster_ring="#12181f",
    panel="#1c242d",
    panel_line="#3a4652",
    text="#eef2f6",
    text_soft="#a9b4bf",
    focus="#6cb2ff",
)
THEMES: Final = {"light": LIGHT, "dark": DARK}
