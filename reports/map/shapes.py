"""Shapes for printing: every level in the legal projection of its territory, as paths that Matplotlib fills."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.path import Path

from coverage.territories.gazetteer import FRANCE, Territory
from data import store
from geo.crs import TERRITORIES, territory_numbers
from geo.levels import OWN, code_column, places_left_out
from geo.shapes.projected_shapes import project_shapes
from reports.errors import EmptyTerritoryError

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Sequence

    from geo.levels import Level

METROPOLE: Final = (0, 1)
"""Ranks in `geo.crs.TERRITORIES` of the two parts of the main map of France, both in Lambert-93."""

OVERSEAS: Final = tuple(territory.number for territory in TERRITORIES if territory.number not in METROPOLE)

Shapes = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LevelShapes:
    """The territories of one level.

    Attributes
    ----------
    codes
        Code of each shape.
    shapes
        Geometry (m) in the legal projection of its territory.
    grounds
        Rank in `geo.crs.TERRITORIES` of each shape; two shapes compare only when these are of one projection.
    """

    codes: pd.Index
    shapes: Shapes
    grounds: Numbers

    @cached_property
    def corners(self) -> npt.NDArray[np.float64]:
        """Left, bottom, right and top (m) of each shape."""
        corners: npt.NDArray[np.float64] = shapely.bounds(self.shapes)
        return corners

    def select(self, mask: npt.NDArray[np.bool_]) -> LevelShapes:
        """Keep some of the shapes."""
        return LevelShapes(self.codes[mask], self.shapes[mask], self.grounds[mask])

    def bounds(self) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top (m) of all the shapes, which must be of one projection.

        Raises
        ------
        EmptyTerritoryError
            There is no shape.
        """
        if not len(self.shapes):
            raise EmptyTerritoryError("Carte : attendu au moins un territoire avec un contour, trouvé aucun.")
        left, bottom, right, top = shapely.total_bounds(self.shapes)
        return float(left), float(bottom), float(right), float(top)


class PrintShapes:
    """The shapes of all the territories of France, projected and merged once, then shared by every map.

    Parameters
    ----------
    codes
        Codes of the communes that have a shape.
    shapes
        Their geometry (EPSG:4326): a valid coverage.
    communes
        The snapshot table: what contains each commune.
    """

    def __init__(self, codes: pd.Index, shapes: Shapes, communes: pd.DataFrame) -> None:
        self._members = communes.set_index("commune_code")
        departements = self._members["departement_code"].reindex(codes)
        self._communes = LevelShapes(
            codes, project_shapes(shapes, departements), np.asarray(territory_numbers(departements))
        )
        self._dissolved: dict[str, LevelShapes] = {}

    @classmethod
    def of_snapshot(cls, communes: pd.DataFrame, folder: pathlib.Path | None = None) -> Self:
        """Read the shapes of the snapshot.

        Raises
        ------
        data.errors.DataError
            The table of shapes is absent or damaged; the message is in French.
        """
        import geopandas as gpd  # noqa: PLC0415 - a second of start, for who draws from the full shapes only

        table = gpd.read_parquet(store.snapshot_path("commune_geometry", folder))
        return cls(pd.Index(table["commune_code"]), table.geometry.to_numpy(), communes)

    def level(self, level: str) -> LevelShapes:
        """Return the shapes of a drawn level, merged when first asked for."""
        if level == "commune":
            return self._communes
        if level not in self._dissolved:
            # A region is merged from its departments: a hundred shapes instead of 35 000.
            parts = self.level("departement") if level == "region" else self._communes
            group_of = self._members.set_index("departement_code") if level == "region" else self._members
            group_of = group_of.loc[~group_of.index.duplicated(), f"{level}_code"]
            groups = group_of.reindex(parts.codes)
            known = groups.notna().to_numpy()  # four islands are in no EPCI, a quarter of the communes in no aire
            self._dissolved[level] = merged(parts.select(known), groups[known].to_numpy(dtype=str))
        return self._dissolved[level]

    def of(self, territory: Territory) -> LevelShapes:
        """Return the shape of one territory, one a ground that it is on; of an own one, its communes merged.

        Those of France are its regions.
        """
        if territory == FRANCE:
            return self.level("region")
        if territory.level != OWN:
            shapes = self.level(territory.level)
            return shapes.select(np.asarray(shapes.codes == territory.code))
        inside = self._communes.select(np.asarray(self._communes.codes.isin(territory.own.communes)))
        return merged(inside, np.full(len(inside.codes), territory.code)) if len(inside.codes) else inside

    def left_out(self, level: str) -> LevelShapes:
        """Return what is in no territory of a level, one shape a department (`geo.levels.places_left_out`)."""
        alone = self._members[code_column(level)].reindex(self._communes.codes).isna().to_numpy()
        homes = self._members["departement_code"].reindex(self._communes.codes)
        found = merged(self._communes.select(alone), homes[alone].to_numpy(dtype=str))
        places = places_left_out(self._members, level)
        order = pd.Index(found.codes).get_indexer(places)
        return LevelShapes(pd.Index(places), found.shapes[order], found.grounds[order])

    def codes_within(self, scope: Territory, levels: Sequence[Level] = ("departement", "region")) -> frozenset[str]:
        """Return the codes of the departments and regions that hold a commune of a territory, or of one of the two."""
        return codes_within(self._members, scope, levels)


def codes_within(members: pd.DataFrame, scope: Territory, levels: Sequence[Level]) -> frozenset[str]:
    """Return the codes of the territories of some levels that hold a commune of a territory.

    Parameters
    ----------
    members
        What contains each commune: a column a level; index commune_code.
    """
    if scope.level == OWN:
        inside = members[members.index.isin(scope.own.communes)]
    else:
        inside = members[members[f"{scope.level}_code"] == scope.code]
    return frozenset().union(*(inside[f"{level}_code"] for level in levels))


def simplified(shapes: LevelShapes, tolerance_m: float) -> LevelShapes:
    """Drop the vertices that a printed map cannot show; borders stay shared, so no sliver opens. For drawing only.

    Parameters
    ----------
    shapes
        A valid coverage (m), of any grounds.
    tolerance_m
        See `geo.shapes.simplification`; 0 changes nothing.
    """
    if tolerance_m <= 0:
        return shapes
    thinned = np.array(shapes.shapes, dtype=object)
    for number in np.unique(shapes.grounds):
        here = shapes.grounds == number
        thinned[here] = shapely.coverage_simplify(thinned[here], tolerance_m)
    return LevelShapes(shapes.codes, thinned, shapes.grounds)


def merged(shapes: LevelShapes, groups: npt.NDArray[np.str_]) -> LevelShapes:
    """Merge the shapes of a group into one, print_shapes by print_shapes; codes are then those of the groups."""
    keys = pd.MultiIndex.from_arrays([shapes.grounds, groups])
    numbers, kinds = pd.factorize(keys)
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    whole = [shapely.coverage_union_all(part) for part in np.split(shapes.shapes[order], starts[1:])]
    grounds = kinds.get_level_values(0).to_numpy(dtype=np.int64)
    return LevelShapes(pd.Index(kinds.get_level_values(1)), np.array(whole, dtype=object), grounds)


def paths(shapes: Shapes) -> tuple[list[Path], npt.NDArray[np.intp]]:
    """Turn polygons into paths that keep their holes.

    Parameters
    ----------
    shapes
        Polygons and multipolygons (m).

    Returns
    -------
    tuple of list of Path and numpy.ndarray
        One path a polygon, and the position in `shapes` of the one it belongs to.
    """
    polygons, owner = _polygons(shapes)
    points, codes, ends = _rings(polygons)
    bounds = [0, *ends.tolist()]
    return [_Outline(points[start:end], codes[start:end]) for start, end in pairwise(bounds)], owner


def one_path(shapes: Shapes) -> Path:
    """Turn polygons that do not overlap (m) into one path: filled, nothing shows where two of them meet."""
    points, codes, _ = _rings(_polygons(shapes)[0])
    return _Outline(points, codes)


def _polygons(shapes: Shapes) -> tuple[Shapes, npt.NDArray[np.intp]]:
    """Return the polygons that are not empty, and the position in `shapes` of the one each belongs to."""
    polygons, owner = shapely.get_parts(shapes, return_index=True)
    kept = ~shapely.is_empty(polygons)
    return polygons[kept], owner[kept]


def _rings(polygons: Shapes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8], npt.NDArray[np.intp]]:
    """Return the points of polygons (m), what Matplotlib does at each, and where each polygon ends.

    As `shapely.to_ragged_array`, which makes an object of each ring: here of those of polygons with holes only, few.
    """
    sizes = shapely.get_num_coordinates(polygons)
    ends = np.cumsum(sizes)
    holed = shapely.get_num_interior_rings(polygons) > 0
    rings, of = shapely.get_rings(polygons[holed], return_index=True)
    within = pd.Series(shapely.get_num_coordinates(rings)).groupby(of).cumsum().to_numpy()
    ring_ends = np.sort(np.concatenate([ends[~holed], (ends - sizes)[holed][of] + within]))
    codes = np.full(sizes.sum(), Path.LINETO, dtype=Path.code_type)
    codes[np.r_[0, ring_ends[:-1]][: len(ring_ends)]] = Path.MOVETO
    codes[ring_ends - 1] = Path.CLOSEPOLY
    return shapely.get_coordinates(polygons), codes, ends


class _Outline(Path):
    """A closed path, made without the checks and the settings that `Path` reads: 35 000 of them took a third of a map.

    A path with codes beyond LINETO is never simplified; the rest are the defaults of `Path`.
    """

    _interpolation_steps = 1
    _should_simplify = False
    _simplify_threshold = 0.0
    _readonly = False

    def __init__(self, vertices: npt.NDArray[np.float64], codes: npt.NDArray[np.uint8]) -> None:
        self._vertices, self._codes = vertices, codes
