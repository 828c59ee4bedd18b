"""Tables of territories that a sync brings: shapes of the communes, perimeters of the CPTS, zones of the ARS."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.terms.extents import PART, WHOLE
from coverage.terms.months import format_date
from data.build.access import carry_zones
from data.cpts.units import arrondissements_of, carry_units, settle
from data.errors import SourceValueError
from data.history import Carried, carry_codes
from data.readers.commune_shapes import read_commune_shapes
from data.readers.cpts_perimeters import read_perimeters
from data.readers.loose_table import label_key
from data.readers.zoning import read_zones
from data.sync.made import Comparison, Made, SyncContext
from geo.crs import WGS84_EPSG
from geo.shapes.boundaries import clean_coverage

_N_SHOWN: Final = 10

_AGREED_STAGE: Final = (
    r"(?:.*_)?(?:signe|signee|signataire|aci|valide|validee|fonctionnement|fonctionnelle|active|actif)(?:_.*)?"
)
"""Stages, as `label_key` gives them, of a CPTS that exists; the others are projects."""

_FEWEST_TO_COMPARE: Final = 500

_NEARLY_ALL: Final = 0.95
_HARDLY_ANY: Final = 0.02
"""Shares of the area of a commune: outlines drawn at two scales never agree to the metre."""


def make_commune_shapes(path: Path, context: SyncContext) -> Made:
    """Make the table `commune_geometry` of the current communes from the shapes of another year.

    Shapes of former communes are joined in the one that holds them, then all are made a coverage, neighbours sharing
    their border exactly. Areas and points of the communes stay those embedded.

    Parameters
    ----------
    path
        What `read_commune_shapes` reads.
    context
        Embedded tables; its year, or the day of the file, is that of the shapes.

    Returns
    -------
    Made
        One row a commune that has a shape.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file has no shapes of communes, or its list differs: a commune that has a shape now would lose it.
    BoundaryError
        When the shapes cannot be made a coverage.
    """
    read = read_commune_shapes(path)
    current = context.table("communes")["commune_code"]
    carried, not_carried = carry_codes(read, context.table("commune_history"), current)
    shapes = gpd.GeoDataFrame(carried, geometry="geometry", crs=WGS84_EPSG)
    if shapes["commune_code"].duplicated().any():
        shapes = shapes.dissolve("commune_code", as_index=False)
    lost = sorted(set(context.shapes["commune_code"]) - set(shapes["commune_code"]))
    if lost:
        raise SourceValueError(
            path,
            expected="un contour pour chaque commune de la liste en place",
            found=f"{len(lost)} communes sans contour : {', '.join(lost[:_N_SHOWN])}",
            remedy="Ces contours sont d’une autre année que la liste des communes : prenez ceux de la même année.",
        )
    ordered = shapes.sort_values("commune_code", ignore_index=True)
    coverage, n_open_edges = clean_coverage(ordered.geometry.to_numpy())
    table = gpd.GeoDataFrame(
        {"commune_code": ordered["commune_code"]}, geometry=gpd.GeoSeries(coverage, crs=WGS84_EPSG)
    )
    if context.year:
        as_of, vintage = pd.Timestamp(context.year, 1, 1).date(), f"communes au 1er janvier {context.year}"
    else:
        as_of = context.modified_on or context.today
        vintage = f"contours relevés le {format_date(as_of)}"
    return Made(
        tables={"commune_geometry": table},
        as_of=as_of,
        vintage=vintage,
        not_carried=not_carried,
        report={
            "n_vertices": int(shapely.get_num_coordinates(coverage).sum()),
            "n_open_edges": n_open_edges,
            "n_features_joined": len(carried) - len(table),
        },
    )


def make_cpts_perimeters(path: Path, context: SyncContext) -> Made:
    """Make the table `cpts_perimeters`: the communes of each CPTS.

    An outline holds the communes whose own inner point is in it (their place, for those without shape). Of a city of
    arrondissements, and of a commune that holds a CPTS smaller than itself, an outline has a part, of unknown
    inhabitants, unless it covers nearly all of it. A list may name arrondissements. Projects of CPTS are left out when
    the file tells them.

    Parameters
    ----------
    path
        What `read_perimeters` reads.
    context
        Embedded tables.

    Returns
    -------
    Made
        Its number of CPTS compared with that of the last sync.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file has no perimeters, or none holds a commune.
    """
    perimeters = read_perimeters(path)
    is_agreed = perimeters["stage"].map(label_key).str.fullmatch(_AGREED_STAGE)
    are_told = bool(is_agreed.any())  # no stage at all, or words that are not known: every perimeter is kept
    agreed = perimeters[is_agreed] if are_told else perimeters
    if isinstance(agreed, gpd.GeoDataFrame):
        members, n_within = _communes_inside(agreed, context)
    else:
        members, n_within = agreed, 0
    carried = _carried(members, context)
    table = settle(pd.DataFrame(carried.table), context.table("commune_history"))
    if table.empty:
        raise SourceValueError(path, expected="des CPTS et leurs communes", found="aucune commune actuelle")
    as_of = context.modified_on or context.today
    return Made(
        tables={"cpts_perimeters": table},
        as_of=as_of,
        vintage=f"relevé du {format_date(as_of)}",
        comparisons=_compared_numbers(context, table),
        not_carried=carried.not_carried,
        report={
            "n_cpts": int(table["cpts_id"].nunique()),
            "n_cpts_within_a_commune": n_within,
            "n_projects_left_out": len(set(perimeters["cpts_id"]) - set(agreed["cpts_id"])),
        },
    )


def make_zones(path: Path, context: SyncContext) -> Made:
    """Make the table `zoning` of the current communes from a file of zones by commune.

    Parameters
    ----------
    path
        What `read_zones` reads.
    context
        Embedded tables.

    Returns
    -------
    Made
        Its number of zoned communes compared with that of the zones shown now.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not one of zones.
    """
    source = read_zones(path)
    communes, history = context.table("communes"), context.table("commune_history")
    (table, not_carried), several = carry_zones(
        source, communes=communes, history=history, arrondissements=context.table("arrondissements")
    )
    before = context.shown("zoning")
    counts = () if before is None else (Comparison("communes zonées", _n_zoned(before), _n_zoned(table)),)
    as_of = context.modified_on or context.today
    return Made(
        tables={"zoning": table},
        as_of=as_of,
        vintage=f"relevé du {format_date(as_of)}, à vérifier auprès de l’ARS",
        comparisons=counts,
        not_carried=not_carried,
        report={
            "communes_of_several_zones": several,
            "n_unknown": len(communes) - int(_n_zoned(table)),
        },
    )


def _n_zoned(zoning: pd.DataFrame) -> float:
    """Count the communes of which some part has a known zone."""
    return float(zoning.dropna(subset="zone")["commune_code"].nunique())


def _communes_inside(outlines: gpd.GeoDataFrame, context: SyncContext) -> tuple[pd.DataFrame, int]:
    """Return the communes of each outline, and the number of CPTS that lie within one commune."""
    shapes = context.shapes
    inner = gpd.GeoDataFrame(shapes[["commune_code"]], geometry=shapes.geometry.representative_point())
    communes = context.table("communes")
    shapeless = communes[~communes["commune_code"].isin(shapes["commune_code"])]
    places = gpd.points_from_xy(shapeless["longitude"], shapeless["latitude"], crs=WGS84_EPSG)
    points = pd.concat([inner, gpd.GeoDataFrame(shapeless[["commune_code"]], geometry=places)])
    inside = gpd.sjoin(points, outlines, predicate="within").drop(columns=["geometry", "index_right"])
    small = outlines[~outlines["cpts_id"].isin(inside["cpts_id"])]
    centres = small.set_geometry(small.geometry.representative_point())
    around = gpd.sjoin(centres, shapes[["commune_code", "geometry"]], predicate="within")
    around = around.drop(columns=["geometry", "index_right"])
    members = pd.concat([pd.DataFrame(inside), pd.DataFrame(around)], ignore_index=True)
    parted = {*arrondissements_of(context.table("commune_history")), *around["commune_code"]}
    shared = _parts_of(outlines, shapes[shapes["commune_code"].isin(parted)])
    rest = members[~members["commune_code"].isin(shared["commune_code"])].assign(extent=WHOLE)
    return pd.concat([rest, shared], ignore_index=True), int(around["cpts_id"].nunique())


def _parts_of(outlines: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the outlines that cover some of these communes: whole where nearly all of it is in, else a part."""
    pairs = gpd.sjoin(outlines, communes[["commune_code", "geometry"]], predicate="intersects")
    shapes = communes.set_index("commune_code").geometry.loc[pairs["commune_code"]].to_numpy()
    share = shapely.area(shapely.intersection(pairs.geometry.to_numpy(), shapes)) / shapely.area(shapes)
    is_small = shapely.within(pairs.geometry.representative_point().to_numpy(), shapes)
    extent = np.where(share >= _NEARLY_ALL, WHOLE, PART)
    pairs = pd.DataFrame(pairs.drop(columns=["geometry", "index_right"])).assign(extent=extent)
    return pairs[(share >= _HARDLY_ANY) | is_small]


def _carried(members: pd.DataFrame, context: SyncContext) -> Carried:
    """Carry the communes; the names of the CPTS are not theirs, so they are set aside meanwhile."""
    unnamed = members.rename(columns={"name": "cpts_name"})
    carried = carry_units(unnamed, context.table("commune_history"), context.table("communes")["commune_code"])
    return Carried(carried.table.rename(columns={"cpts_name": "name"}), carried.not_carried)


def _compared_numbers(context: SyncContext, table: pd.DataFrame) -> tuple[Comparison, ...]:
    before = context.shown("cpts_perimeters")
    if before is None or before["cpts_id"].nunique() < _FEWEST_TO_COMPARE:
        return ()
    return (Comparison("CPTS", float(before["cpts_id"].nunique()), float(table["cpts_id"].nunique())),)
