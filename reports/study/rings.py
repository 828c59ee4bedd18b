"""The catchment of a candidate commune as a map colours it: rings of travel time, and the APL of its communes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from coverage.access.reach import BOUNDS_MIN
from coverage.indicators.cards import INDICATORS, Indicator
from geo.map.points import COLUMNS as POINT_COLUMNS
from reports.figures.map_classes import MapClasses, draw_series
from reports.figures.rings import RINGS, draw_minutes

if TYPE_CHECKING:
    from coverage.study.dossier import Dossier


def draw_rings(dossier: Dossier, codes: pd.Index) -> MapClasses:
    """Class the communes of the catchment by their minutes to the candidate; the others are left pale.

    Parameters
    ----------
    dossier
        The figures.
    codes
        Codes of the communes in the order of the map.
    """
    drawn = draw_minutes(RINGS, _on_map(dossier, codes))
    told = f"minutes vers la commune étudiée, {dossier.provider}"
    return replace(drawn, legend=replace(drawn.legend, subtitle=told))


def access_indicator(dossier: Dossier) -> Indicator:
    """Return the APL that the study is read in."""
    return INDICATORS[f"{dossier.series}_2023"]


def draw_access(dossier: Dossier, codes: pd.Index, apl: pd.Series) -> MapClasses:
    """Class the communes of the catchment by their APL, with the bounds of the indicator.

    Parameters
    ----------
    dossier, codes
        As in `draw_rings`.
    apl
        APL by commune in the order of `codes`.
    """
    near = (_on_map(dossier, codes) < BOUNDS_MIN[-1]).to_numpy()
    texts: list[str | None] = [None] * len(codes)  # tooltips: paper has none
    return draw_series(access_indicator(dossier), apl, "commune", "seuils", 5, inside=near, texts=texts)


def structure_points(dossier: Dossier) -> pd.DataFrame:
    """Return the structures around as a map reads them, see `geo.map.structure_columns`."""
    return dossier.around[[*POINT_COLUMNS, "point_flag", "category_basis", "as_of"]]


def bounds_degrees(dossier: Dossier, communes: pd.DataFrame) -> tuple[float, float, float, float]:
    """Give west, south, east and north (degrees, EPSG:4326) of the points of the catchment, with some room around.

    Parameters
    ----------
    dossier
        The figures.
    communes
        Table of communes: commune_code, longitude, latitude.
    """
    inside = communes["commune_code"].isin(dossier.communes["commune_code"])
    points = communes.loc[inside, ["longitude", "latitude"]]
    room = 0.06  # about half a commune: points stand inside their communes
    (west, south), (east, north) = points.min() - room, points.max() + room
    return float(west), float(south), float(east), float(north)


def _on_map(dossier: Dossier, codes: pd.Index) -> pd.Series:
    return pd.Series(dossier.reach.minutes_to, index=dossier.reach.codes).reindex(codes)
