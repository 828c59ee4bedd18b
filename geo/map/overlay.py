"""Everything on the map that changes, as one folium group that the frame runs without being mounted again."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
from branca.element import MacroElement
from folium.template import Template

from geo.levels import LEVEL_NAMES
from geo.map.legend import colours_in_theme, legend_in_theme
from geo.map.payload import BETWEEN, encode_payload, one_a_line
from geo.map.points import STRUCTURE_SYMBOLS, encode_structures
from geo.map.themes import LIGHT, NEIGHBOUR_PALENESS
from geo.map.view import FRANCE_VIEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from geo.levels import DrawnLevel
    from geo.map.comparison import Comparison, Pair, PairedTexts
    from geo.map.distribution import Distribution
    from geo.map.legend import Legend
    from geo.map.themes import Theme
    from geo.map.values import ClassedValues
    from geo.map.view import View


class MapUpdate(MacroElement):
    """The call that hands one update to the map."""

    _template = Template('{% macro script(this, kwargs) %}window.Maillage.update("{{ this.payload }}");{% endmacro %}')

    def __init__(self, payload: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is not annotated
        self._name = "MapUpdate"
        self.payload = payload

    def render(self, **_kwargs: Any) -> str:
        """Add nothing to the page of folium: see `geo.map.base_map.CanvasMap.render`."""
        return ""


def _flags(facts: ArrayLike) -> str:
    """Write facts as one character a territory, "1" for a true one."""
    return (np.asarray(facts, dtype=bool).astype(np.uint8) + ord("0")).tobytes().decode("ascii")


def _bars(distribution: Distribution) -> dict[str, Any]:
    """Return the bars of the legend as the browser reads them."""
    return {
        "bars": distribution.bars,
        "letters": distribution.letters,
        "first": distribution.first,
        "last": distribution.last,
    }


def overlay(
    values: ClassedValues,
    legend: Legend | None = None,
    structures: pd.DataFrame | None = None,
    *,
    outlines: Sequence[DrawnLevel] = ("departement", "region"),
    selected: tuple[DrawnLevel, str] | None = None,
    zone: Sequence[str] = (),
    view: View = FRANCE_VIEW,
    labels: Sequence[tuple[float, float, str]] = (),
    dimmed: ArrayLike | None = None,
    choices: str | None = None,
    chosen: str = "",
    comparison: Comparison | None = None,
    corners: Sequence[tuple[float, float]] | None = None,
    theme: Theme = LIGHT,
) -> folium.FeatureGroup:
    """Return one update of the map: values, legend, structures, outlines, selection, view and theme.

    Parameters
    ----------
    values
        Classes and texts of all the territories of the level drawn.
    legend
        None for a map without one.
    structures
        Structures drawn on top, see `geo.map.structure_columns`.
    outlines
        Levels whose borders are drawn over the colours; the level drawn itself is skipped.
    selected
        Level and code of the territory shown as selected. Out of sight, it is brought in sight.
    zone
        Codes of communes whose union is outlined, whatever the level drawn; their shapes are asked for then only.
    view
        Where to look; the map moves only when it differs from the last update's.
    labels
        Longitude, latitude (EPSG:4326) and name of towns, written from zoom 7.
    dimmed
        True for each territory that a filter leaves out, in the order of the values: drawn in a pale tint of its
        colour, it keeps its tooltip and can be clicked. None when there is no filter.
    choices, chosen
        Class letters that the reader can choose in the legend, and those chosen; None where the legend is only read.
    comparison
        The map that this one is compared with; None for a map alone.
    corners
        Longitude, latitude (EPSG:4326) of those of the zone last drawn by hand, none at first; None: none can be drawn.
    theme
        Colours of what is not data.

    Returns
    -------
    folium.FeatureGroup
        To be given to streamlit-folium as ``feature_group_to_add``. The overseas insets show when no territory is
        outside (``x``), on a map wide enough.
    """
    common = {
        "outlines": list(outlines),
        "selection": None if selected is None else {"level": selected[0], "code": selected[1]},
        "zone": list(zone),
        "view": view.as_payload(),
        "labels": [list(label) for label in labels],
        "theme": asdict(theme),
    }
    payload = common | _side(values, legend, theme)
    kept = [values.encoded, encode_structures(structures)]
    payload |= {
        "choices": choices or "",
        "chosen": None if choices is None else chosen,
        "dimmed": None if dimmed is None else _flags(dimmed),
        "corners": None if corners is None else [list(corner) for corner in corners],
    }
    if comparison is not None:
        payload |= _compared(comparison)
        if (second := comparison.second) is not None:
            beside = _side(second.values, second.legend, theme)
            payload["second"] = payload | beside | {"name": comparison.second_name, "pair": None, "dimmed": None}
            kept += [second.values.encoded, encode_structures(second.structures)]
    group = folium.FeatureGroup(name="update", control=False)
    MapUpdate(BETWEEN.join([encode_payload(payload), *kept])).add_to(group)
    return group


def _side(values: ClassedValues, legend: Legend | None, theme: Theme) -> dict[str, Any]:
    """Return what one side of the map shows, as the browser reads it."""
    shown = None if legend is None else legend_in_theme(replace(legend, entries=legend.shown), values, theme)
    palette, none_colour = colours_in_theme(values, theme)
    return {
        "level": values.level,
        "counted": LEVEL_NAMES[values.level].plural,
        "palette": palette,
        "none_colour": none_colour,
        "paleness": NEIGHBOUR_PALENESS,
        "distribution": None if values.distribution is None else _bars(values.distribution),
        "indicator": values.indicator,
        "unit": values.unit,
        "vintage": values.vintage,
        "parts": values.parts,
        "legend": None if shown is None else asdict(shown),
        "symbols": {kind: asdict(symbol) for kind, symbol in STRUCTURE_SYMBOLS.items()},
    }


def _compared(comparison: Comparison) -> dict[str, Any]:
    """Return what a map that is compared says more, as the browser reads it."""
    return {
        "name": comparison.name,
        "link": None if comparison.link is None else asdict(comparison.link),
        "pair": None if comparison.pair is None else _pair(comparison.pair),
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "sides": [_paired(pair.first), _paired(pair.second)],
        "difference": None if pair.difference is None else _paired(pair.difference),
    }


def _paired(part: PairedTexts) -> dict[str, str]:
    return {
        "name": part.name,
        "values": one_a_line(part.texts),
        "unit": part.unit,
        "dated": part.dated,
        "none": part.none,
    }
