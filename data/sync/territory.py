"""Tables of territories that a sync brings: shapes of the communes, perimeters of the CPTS, zones of the ARS."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from data.errors import SourceValueError
from data.history import Carried, carry_codes
from data.readers.commune_shapes import read_commune_shapes
from data.readers.cpts_perimeters import read_perimeters
from data.readers.loose_table import label_key
from data.readers.zoning import read_zones
from data.sync.made import Comparison, Ground, Made
from data.sync.registry import french_day
from data.tables.access import carry_zones
from geo.boundaries import clean_coverage
from geo.crs import WGS84_EPSG

_N_SHOWN: Final = 10

_AGREED_STAGE: Final = (
    r"(?:.*_)?(?:signe|signee|signataire|aci|valide|validee|fonctionnement|fonctionnelle|active|actif)(?:_.*)?"
)
"""Stages, as `label_key` gives them, of a CPTS that exists; the others are projects."""

_FEWEST_TO_COMPARE: Final = 500


def make_commune_shapes(path: Path, ground: Ground) -> Made:
    """Make the table `commune_geometry` of the current communes from the shapes of another year.

    Shapes of former communes are joined in the one that holds them, then all are made a coverage, neighbours sharing
    their border exactly. Areas and points of the communes stay those embedded.

    Parameters
    ----------
    path
        What `read_commune_shapes` reads.
    ground
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
    current = ground.table("communes")["commune_code"]
    carried, not_carried = carry_codes(read, ground.table("commune_history"), current)
    shapes = gpd.GeoDataFrame(carried, geometry="geometry", crs=WGS84_EPSG)
    if shapes["commune_code"].duplicated().any():
        shapes = shapes.dissolve("commune_code", as_index=False)
    lost = sorted(set(ground.shapes["commune_code"]) - set(shapes["commune_code"]))
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
    if ground.year:
        as_of, vintage = pd.Timestamp(ground.year, 1, 1).date(), f"communes au 1er janvier {ground.year}"
    else:
        as_of = ground.modified_on or ground.today
        vintage = f"contours relevés le {french_day(as_of)}"
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


def make_cpts_perimeters(path: Path, ground: Ground) -> Made:
    """Make the table `cpts_perimeters`: the communes of each CPTS.

    An outline holds the communes whose own inner point is in it (their place, for those without shape); a CPTS smaller
    than a commune (a quarter of Paris or Marseille) is given the commune that it lies in, whole. Projects of CPTS are
    left out when the file tells them.

    Parameters
    ----------
    path
        What `read_perimeters` reads.
    ground
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
        members, n_within = _communes_inside(agreed, ground)
    else:
        members, n_within = agreed, 0
    carried = _carried(members, ground)
    columns = ["cpts_id", "commune_code", "name", "finess_code"]
    table = pd.DataFrame(carried.table)[columns].drop_duplicates(columns[:2])
    table = table.sort_values(columns[:2], ignore_index=True)
    if table.empty:
        raise SourceValueError(path, expected="des CPTS et leurs communes", found="aucune commune actuelle")
    as_of = ground.modified_on or ground.today
    return Made(
        tables={"cpts_perimeters": table},
        as_of=as_of,
        vintage=f"relevé du {french_day(as_of)}",
        comparisons=_compared_numbers(ground, table),
        not_carried=carried.not_carried,
        report={
            "n_cpts": int(table["cpts_id"].nunique()),
            "n_cpts_within_a_commune": n_within,
            "n_projects_left_out": len(set(perimeters["cpts_id"]) - set(agreed["cpts_id"])),
        },
    )


def make_zones(path: Path, ground: Ground) -> Made:
    """Make the table `zoning` of the current communes from a file of zones by commune.

    Parameters
    ----------
    path
        What `read_zones` reads.
    ground
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
    # No population weighs the parts of a commune: every part counts, uninhabited ones too.
    populations = pd.DataFrame({"commune_code": pd.Series(dtype="str"), "year": [], "population": []})
    communes, history = ground.table("communes"), ground.table("commune_history")
    (table, not_carried), several = carry_zones(source, populations, communes=communes, history=history)
    before = ground.shown("zoning")
    counts = (
        ()
        if before is None
        else (Comparison("communes zonées", *(float(t["zone"].notna().sum()) for t in (before, table))),)
    )
    as_of = ground.modified_on or ground.today
    return Made(
        tables={"zoning": table},
        as_of=as_of,
        vintage=f"relevé du {french_day(as_of)}, à vérifier auprès de l’ARS",
        comparisons=counts,
        not_carried=not_carried,
        report={"communes_of_several_zones": several, "n_unknown": int(table["zone"].isna().sum())},
    )


def _communes_inside(outlines: gpd.GeoDataFrame, ground: Ground) -> tuple[pd.DataFrame, int]:
    """Give the communes of each outline, and the number of CPTS that lie within one commune."""
    shapes = ground.shapes
    inner = gpd.GeoDataFrame(shapes[["commune_code"]], geometry=shapes.geometry.representative_point())
    communes = ground.table("communes")
    shapeless = communes[~communes["commune_code"].isin(shapes["commune_code"])]
    places = gpd.points_from_xy(shapeless["longitude"], shapeless["latitude"], crs=WGS84_EPSG)
    points = pd.concat([inner, gpd.GeoDataFrame(shapeless[["commune_code"]], geometry=places)])
    inside = gpd.sjoin(points, outlines, predicate="within").drop(columns=["geometry", "index_right"])
    small = outlines[~outlines["cpts_id"].isin(inside["cpts_id"])]
    centres = small.set_geometry(small.geometry.representative_point())
    around = gpd.sjoin(centres, shapes[["commune_code", "geometry"]], predicate="within")
    around = around.drop(columns=["geometry", "index_right"])
    return pd.concat([pd.DataFrame(inside), pd.DataFrame(around)]), int(around["cpts_id"].nunique())


def _carried(members: pd.DataFrame, ground: Ground) -> Carried:
    """Carry the communes; the names of the CPTS are not theirs, so they are set aside meanwhile."""
    unnamed = members.rename(columns={"name": "cpts_name"})
    carried = carry_codes(unnamed, ground.table("commune_history"), ground.table("communes")["commune_code"])
    return Carried(carried.table.rename(columns={"cpts_name": "name"}), carried.not_carried)


def _compared_numbers(ground: Ground, table: pd.DataFrame) -> tuple[Comparison, ...]:
    before = ground.shown("cpts_perimeters")
    if before is None or before["cpts_id"].nunique() < _FEWEST_TO_COMPARE:
        return ()
    return (Comparison("CPTS", float(before["cpts_id"].nunique()), float(table["cpts_id"].nunique())),)
