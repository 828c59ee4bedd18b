"""Boundaries of the communes: from the source's raw shapes to a coverage that can be dissolved and simplified.

A coverage is a set of polygons without overlap whose neighbours share their border vertex by vertex. The source comes
close: 202 of 34 867 shapes have one edge that their neighbour does not have, and communes that merged often kept the
shape of their chief commune only, which leaves holes of up to 158 km². `build_commune_geometry` repairs what a rule or
a dated table can repair, and reports the rest.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import BoundaryError
from geo.shapes.areas import areas_km2
from geo.shapes.boundary_fixes import BoundaryFixes
from geo.shapes.boundary_holes import FilledHole, LeftHole, fill_holes

GRID_DEG: Final = 2.0**-18
"""Step of the grid that coordinates are rounded to (degrees): 0.42 m north-south. Binary, so that the low bytes of each
coordinate are zeros: the file compresses to 40 % of its size, and a rounded coordinate is exact."""

GAP_WIDTH_DEG: Final = 1e-5
"""Gaps narrower than this (degrees, about 1 m) between two communes are drawing errors: they are closed."""

RAW_COLUMNS: Final = ("code", "kind", "parent_code", "geometry")

_CLEANING_ROUNDS: Final = 3

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class BoundaryReport:
    """What was repaired and what was not, for the manifest.

    Attributes
    ----------
    n_communes, n_shaped, n_vertices
        Current communes, those with a shape in the result, vertices of the result.
    n_open_edges
        Communes of the source with an edge that no neighbour shares.
    rebuilt_from_parts
        Communes without a shape that got the union of their delegated communes.
    holes_by_rule, holes_by_table
        Holes given to the only neighbour with a shapeless delegated commune; holes given by the dated table.
    holes_left
        Holes of the result larger than a drawing error, with the reason: abroad, or nobody's.
    shapeless
        Communes without a shape in the result.
    oversized
        Communes whose shape holds the land of a shapeless one: their area says nothing.
    still_partial
        Communes with a shapeless delegated commune that no hole could be given to.
    fixes_unused
        Entries of the dated table whose hole the source no longer has.
    """

    n_communes: int
    n_shaped: int
    n_vertices: int
    n_open_edges: int
    rebuilt_from_parts: tuple[str, ...]
    holes_by_rule: tuple[FilledHole, ...]
    holes_by_table: tuple[FilledHole, ...]
    holes_left: tuple[LeftHole, ...]
    shapeless: tuple[str, ...]
    oversized: tuple[str, ...]
    still_partial: tuple[str, ...]
    fixes_unused: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain numbers, texts and lists, ready for JSON."""
        return asdict(self)


def build_commune_geometry(raw: gpd.GeoDataFrame, fixes: BoundaryFixes) -> tuple[gpd.GeoDataFrame, BoundaryReport]:
    """Make the coverage of current communes from the source's raw shapes (degrees, EPSG:4326).

    In this order: round to the grid, rebuild shapeless communes from their parts, clean into a coverage
    (`shapely.coverage_clean`), fill holes by the rule then by the dated table, round and check again.

    Parameters
    ----------
    raw
        Units in EPSG:4326 with the columns `code`, `kind` ("COM", "COMD", "COMA"; others are ignored), `parent_code`
        (the current commune of a delegated or associated one) and `geometry` (None when the source has none).
    fixes
        The dated corrections.

    Returns
    -------
    tuple of geopandas.GeoDataFrame and BoundaryReport
        `commune_code` (sorted) and `geometry` (EPSG:4326, valid coverage) of the communes that have a shape; a commune
        without one has no row and is listed in the report.

    Raises
    ------
    BoundaryError
        When a column is absent, a commune comes twice, no commune has a shape, a correction contradicts the source or
        the result is no valid coverage.
    """
    communes, parts = _split_kinds(raw)
    codes = communes["code"].to_numpy(dtype=object)
    shapes, rebuilt = _rebuild_from_parts(codes, communes.geometry.to_numpy(), parts)
    has_shape = ~shapely.is_missing(shapes)
    if not has_shape.any():
        msg = "Formes des communes : attendu au moins une commune avec une forme, trouvé aucune."
        raise BoundaryError(msg)
    coverage, n_open_edges = clean_coverage(shapes[has_shape])
    shaped_codes = codes[has_shape]
    partial = set(parts.loc[parts.geometry.isna(), "parent_code"])
    filled = fill_holes(shaped_codes, coverage, partial, fixes)
    coverage, _ = clean_coverage(filled.shapes)
    table = gpd.GeoDataFrame({"commune_code": shaped_codes}, geometry=gpd.GeoSeries(coverage, crs=4326))
    shapeless = tuple(codes[~has_shape])
    containers = dict(fixes.containers)
    completed = {hole.commune_code for hole in (*filled.by_rule, *filled.by_table)}
    report = BoundaryReport(
        n_communes=len(codes),
        n_shaped=len(table),
        n_vertices=int(shapely.get_num_coordinates(coverage).sum()),
        n_open_edges=n_open_edges,
        rebuilt_from_parts=rebuilt,
        holes_by_rule=filled.by_rule,
        holes_by_table=filled.by_table,
        holes_left=filled.left,
        shapeless=shapeless,
        oversized=tuple(sorted({containers[code] for code in shapeless if code in containers})),
        still_partial=tuple(sorted((partial & set(shaped_codes)) - completed)),
        fixes_unused=filled.fixes_unused,
    )
    return table.astype({"commune_code": "str"}), report


def clean_coverage(shapes: Geometries) -> tuple[Geometries, int]:
    """Round shapes to the grid (`GRID_DEG`) and make them a valid coverage, neighbours sharing their border exactly.

    Parameters
    ----------
    shapes
        Polygons and multipolygons (degrees, EPSG:4326), none missing.

    Returns
    -------
    tuple of numpy.ndarray and int
        As many shapes, in the same order, every coordinate a multiple of `GRID_DEG`, rings oriented as RFC 7946 wants;
        and the number of shapes that had an edge of their own when rounded.

    Raises
    ------
    BoundaryError
        When a shape is emptied, or the coverage is still not valid after a few rounds.
    """
    cleaned = _on_grid(shapes)
    n_open_edges = int((~shapely.is_empty(shapely.coverage_invalid_edges(cleaned))).sum())
    # Cleaning makes new vertices where borders cross, which are off the grid; rounding those may break a border again.
    # One round has always been enough on real shapes.
    rounds = 0
    while not (shapely.is_valid(cleaned).all() and shapely.coverage_is_valid(cleaned)):
        if rounds == _CLEANING_ROUNDS:
            msg = f"Formes des communes : attendu une couverture valide après {rounds} nettoyages, trouvé le contraire."
            raise BoundaryError(msg)
        cleaned = _on_grid(shapely.coverage_clean(cleaned, gap_width=GAP_WIDTH_DEG))
        rounds += 1
    if shapely.is_empty(cleaned).any():
        msg = f"Formes des communes : {int(shapely.is_empty(cleaned).sum())} forme(s) vidée(s) par le nettoyage."
        raise BoundaryError(msg)
    return np.asarray(shapely.orient_polygons(cleaned)), n_open_edges


def dissolve(communes: gpd.GeoDataFrame, group_of: "pd.Series[str]") -> gpd.GeoDataFrame:
    """Merge the communes of each group into one shape; the borders that remain are the communes' own, vertex by vertex.

    Parameters
    ----------
    communes
        A valid coverage: `commune_code` and `geometry`, any CRS, full or simplified.
    group_of
        Group code (department, region, EPCI) of each commune, indexed by commune code; a commune with a missing group
        is left out.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a group, sorted by its code: a column named as `group_of`, and `geometry` in the CRS given.

    Raises
    ------
    BoundaryError
        When a commune is not in `group_of`.
    """
    unknown = communes.loc[~communes["commune_code"].isin(group_of.index), "commune_code"]
    if len(unknown):
        msg = f"Regroupement : attendu un groupe pour chaque commune, sans groupe : {', '.join(unknown.head(5))}."
        raise BoundaryError(msg)
    name = str(group_of.name or "group_code")
    groups = communes[["geometry"]].assign(**{name: communes["commune_code"].map(group_of)})
    dissolved = groups.dropna(subset=[name]).dissolve(by=name, method="coverage", sort=True).reset_index()
    return dissolved[[name, "geometry"]].astype({name: "str"})


def commune_areas(communes: gpd.GeoDataFrame, report: BoundaryReport) -> "pd.Series[float]":
    """Return the area (km²) of each commune in the legal projection of its department.

    Parameters
    ----------
    communes
        Full geometry, as `build_commune_geometry` returns it; never a simplified one.
    report
        The report that came with it.

    Returns
    -------
    pandas.Series
        "area_km2", above 0, indexed by commune code; NaN (unknown) for a commune whose shape holds another one's land.
        A commune without a shape has no row.
    """
    areas = areas_km2(communes)
    return areas.mask(areas.index.isin(report.oversized))


def _split_kinds(raw: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    absent = [column for column in RAW_COLUMNS if column not in raw.columns]
    if absent:
        msg = f"Formes des communes : attendu les colonnes {', '.join(RAW_COLUMNS)}, absentes : {', '.join(absent)}."
        raise BoundaryError(msg)
    communes = raw[raw["kind"] == "COM"].sort_values("code", ignore_index=True)
    twice = communes.loc[communes["code"].duplicated(), "code"]
    if len(twice):
        msg = f"Formes des communes : attendu une ligne par commune, en double : {', '.join(twice.head(5))}."
        raise BoundaryError(msg)
    return communes, raw[raw["kind"].isin(["COMD", "COMA"])]


def _rebuild_from_parts(
    codes: Geometries, shapes: Geometries, parts: gpd.GeoDataFrame
) -> tuple[Geometries, tuple[str, ...]]:
    """Return each shapeless commune the union of its delegated communes' shapes, where there are some."""
    rebuilt = np.array(shapes, dtype=object)
    done = []
    shaped_parts = parts[parts.geometry.notna()].groupby("parent_code")["geometry"]
    for position in np.flatnonzero(shapely.is_missing(rebuilt)):
        if codes[position] in shaped_parts.groups:
            rebuilt[position] = shapely.union_all(shaped_parts.get_group(codes[position]).to_numpy())
            done.append(str(codes[position]))
    return rebuilt, tuple(done)


def _on_grid(shapes: Geometries) -> Geometries:
    return np.asarray(shapely.transform(shapes, lambda degrees: np.round(degrees / GRID_DEG) * GRID_DEG), dtype=object)
