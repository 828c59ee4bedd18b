"""Holes of a coverage: finding them, and giving each to the commune that it belongs to."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.codes import departement_of
from geo.crs import legal_epsg
from geo.errors import BoundaryError
from geo.shapes.boundary_fixes import BoundaryFixes, Hole

SMALLEST_HOLE_KM2: Final = 0.2
"""Below it (km²) a hole is a pond or a drawing error: no commune of France lost so little by merging."""

SAME_AREA: Final = 0.05
"""A hole is the one of the dated table when their areas agree to this share."""

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class FilledHole:
    """A hole (area in km²) and the commune that it was given to."""

    commune_code: str
    area_km2: float


@dataclass(frozen=True)
class LeftHole:
    """A hole that stays one: a point inside it (degrees, EPSG:4326), its area (km²), neighbours and the reason."""

    longitude: float
    latitude: float
    area_km2: float
    neighbours: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Filling:
    """The shapes once filled, in the order given, and what became of each hole."""

    shapes: Geometries
    by_rule: tuple[FilledHole, ...]
    by_table: tuple[FilledHole, ...]
    left: tuple[LeftHole, ...]
    fixes_unused: tuple[str, ...]


def find_holes(shapes: Geometries) -> Geometries:
    """Find the holes of a coverage: land (or water) that its shapes surround and none of them holds.

    Parameters
    ----------
    shapes
        A valid coverage (any CRS).

    Returns
    -------
    numpy.ndarray of shapely.Polygon
        The holes, without the shapes that may stand inside them, in the order of the union's rings.
    """
    landmasses = shapely.get_parts(shapely.coverage_union_all(shapes))
    rings = shapely.get_rings(landmasses)
    holes = shapely.polygons(rings[~np.isin(rings, shapely.get_exterior_ring(landmasses))])
    inside, island = shapely.STRtree(landmasses).query(holes, predicate="contains")
    for position in np.unique(inside):
        holes[position] = shapely.difference(holes[position], shapely.union_all(landmasses[island[inside == position]]))
    return np.asarray(holes, dtype=object)


def fill_holes(codes: Geometries, shapes: Geometries, partial: AbstractSet[str], fixes: BoundaryFixes) -> Filling:
    """Return each hole to a commune: by the dated table where it names the hole, else by the rule.

    The rule: a commune is partial when one of its delegated communes has no shape. When exactly one neighbour of a hole
    is partial, the hole is its missing part.

    Parameters
    ----------
    codes
        Commune codes of `shapes`.
    shapes
        A valid coverage in EPSG:4326; not changed.
    partial
        Codes of the partial communes.
    fixes
        The dated table.

    Returns
    -------
    Filling
        A new array of shapes, still a coverage (a hole's border is made of its neighbours' edges).

    Raises
    ------
    BoundaryError
        When the table gives a hole to a commune that is not beside it, or names a hole of another area.
    """
    result = shapes.copy()
    tree = shapely.STRtree(shapes)
    unused = list(fixes.holes)
    by_rule: list[FilledHole] = []
    by_table: list[FilledHole] = []
    left: list[LeftHole] = []
    for hole in find_holes(shapes):
        neighbours = _neighbours(hole, tree, shapes)
        area_km2 = _area_km2(hole, codes[neighbours[0]])
        if area_km2 < SMALLEST_HOLE_KM2:
            continue
        neighbour_codes = tuple(sorted(str(code) for code in codes[neighbours]))
        named = _named_hole(hole, area_km2, unused)
        candidates = [code for code in neighbour_codes if code in partial]
        if named is not None:
            unused.remove(named)
            if named.commune_code is None:
                left.append(_left(hole, area_km2, neighbour_codes, "hors de France"))
                continue
            if named.commune_code not in neighbour_codes:
                msg = (
                    f"Corrections de géométrie, trou de {area_km2:.2f} km² : attendu une commune voisine "
                    f"({', '.join(neighbour_codes)}), trouvé {named.commune_code}."
                )
                raise BoundaryError(msg)
            owner, done = named.commune_code, by_table
        elif len(candidates) == 1:
            owner, done = candidates[0], by_rule
        else:
            reason = "plusieurs communes possibles" if candidates else "aucune commune possible"
            left.append(_left(hole, area_km2, neighbour_codes, reason))
            continue
        position = neighbours[[str(codes[neighbour]) == owner for neighbour in neighbours]][0]
        result[position] = shapely.coverage_union_all([result[position], hole])
        done.append(FilledHole(owner, round(area_km2, 2)))
    return Filling(
        shapes=result,
        by_rule=tuple(sorted(by_rule, key=lambda hole: (hole.commune_code, hole.area_km2))),
        by_table=tuple(sorted(by_table, key=lambda hole: (hole.commune_code, hole.area_km2))),
        left=tuple(sorted(left, key=lambda hole: (-hole.area_km2, hole.longitude))),
        fixes_unused=tuple(f"{fix.longitude}, {fix.latitude}" for fix in unused),
    )


def _neighbours(hole: shapely.Polygon, tree: shapely.STRtree, shapes: Geometries) -> npt.NDArray[np.int64]:
    """Positions of the shapes that share an edge with the hole, not just a corner; the longest edge first."""
    near = tree.query(hole, predicate="intersects")
    shared = shapely.length(shapely.intersection(shapely.boundary(shapes[near]), shapely.boundary(hole)))
    order = np.lexsort((near, -shared))
    return np.asarray(near[order][shared[order] > 0], dtype=np.int64)


def _area_km2(shape: shapely.Polygon, commune_code: str) -> float:
    projected = gpd.GeoSeries([shape], crs=4326).to_crs(legal_epsg(departement_of(commune_code)))
    return float(projected.area.iloc[0]) / 1e6


def _named_hole(hole: shapely.Polygon, area_km2: float, fixes: list[Hole]) -> Hole | None:
    for fix in fixes:
        if shapely.contains_xy(hole, fix.longitude, fix.latitude):
            if abs(fix.area_km2 - area_km2) > SAME_AREA * area_km2:
                msg = (
                    f"Corrections de géométrie, trou en {fix.longitude}, {fix.latitude} : "
                    f"attendu {fix.area_km2:.2f} km², trouvé {area_km2:.2f} km² : la source a changé."
                )
                raise BoundaryError(msg)
            return fix
    return None


def _left(hole: shapely.Polygon, area_km2: float, neighbours: tuple[str, ...], reason: str) -> LeftHole:
    point = shapely.point_on_surface(hole)
    return LeftHole(round(point.x, 3), round(point.y, 3), round(area_km2, 2), neighbours, reason)
