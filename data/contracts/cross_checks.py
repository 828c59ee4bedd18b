"""What no table can check alone: sums that must agree, shapes that must fit."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.errors import ContractError
from data.sources.catalog import Catalog
from geo.levels import GROUPINGS, LEVEL_NAMES, code_column

Tables = Mapping[str, pd.DataFrame]


def run_cross_checks(tables: Tables, shapes: gpd.GeoDataFrame, catalog: Catalog) -> dict[str, Any]:
    """Check what the tables say together.

    Parameters
    ----------
    tables
        Tables of the snapshot, each one true to its contract.
    shapes
        The table `commune_geometry`.
    catalog
        The regions that each source covers.

    Returns
    -------
    dict
        What was checked and found, for the manifest.

    Raises
    ------
    ContractError
        When two tables disagree.
    """
    require_levels_agree(tables["msp_series"], tables["departements"])
    require_territories_agree(tables)
    require_parameters_follow(tables["apl_parameters"])
    require_coverage(shapes)
    require_covered_regions(tables["structures"], catalog, set(tables["regions"]["region_code"]))
    return {"coverage_is_valid": True, "msp_levels_agree": True}


def require_levels_agree(series: pd.DataFrame, departements: pd.DataFrame) -> None:
    """Want the MSP of the departments to add up to those of their regions, and these to France's, at every date.

    Raises
    ------
    ContractError
        With the first territory and date that do not add up.
    """
    region_of = departements.set_index("departement_code")["region_code"]
    msp = series[series["structure_type"] == "msp"]
    counts = {level: msp[msp["level"] == level] for level in ("departement", "region", "france")}
    of_departements = counts["departement"].assign(territory_code=lambda part: part["territory_code"].map(region_of))
    _require_sums("msp_series", of_departements, counts["region"])
    _require_sums("msp_series", counts["region"].assign(territory_code="FR"), counts["france"])


def _require_sums(table_name: str, parts: pd.DataFrame, wholes: pd.DataFrame) -> None:
    key = ["territory_code", "date"]
    sums = parts.groupby(key)["n_structures"].sum()
    stated = wholes.set_index(key)["n_structures"]
    # A whole that the source leaves out at a date is zero only if its parts are.
    both = pd.concat([sums.rename("parts"), stated.rename("whole")], axis="columns").fillna(0.0)
    wrong = both[both["parts"] != both["whole"]]
    if len(wrong):
        code, day = wrong.index[0]
        place = f"{code}, {day:%Y-%m-%d}"
        raise ContractError(
            table_name, place=place, expected=f"{wrong.iloc[0]['parts']:g}", found=wrong.iloc[0]["whole"]
        )


def require_territories_agree(tables: Tables) -> None:
    """Want communes, departments, regions and groupings to name each other, and their populations to add up.

    Raises
    ------
    ContractError
        With the table and the code at fault.
    """
    communes, departements = tables["communes"], tables["departements"]
    links = {
        "departements": (communes["departement_code"], departements["departement_code"]),
        "regions": (communes["region_code"], tables["regions"]["region_code"]),
        **{
            table: (communes[column].dropna(), tables[table][column])
            for table, column in ((LEVEL_NAMES[level].table, code_column(level)) for level in GROUPINGS)
        },
    }
    for name, (used, listed) in links.items():
        if set(used) != set(listed):
            odd = sorted(set(used) ^ set(listed))
            raise ContractError(name, expected="les mêmes codes que ceux des communes", found=", ".join(odd[:5]))
    region_of = departements.set_index("departement_code")["region_code"]
    moved = communes[communes["departement_code"].map(region_of) != communes["region_code"]]
    if len(moved):
        found = ", ".join(moved["commune_code"].head(3))
        raise ContractError("communes", place="region_code", expected="la région du département", found=found)
    expected = communes.loc[communes["epci_code"].notna(), "population"].sum()
    if tables["epci"]["population"].sum() != expected:
        found = tables["epci"]["population"].sum()
        raise ContractError("epci", place="population", expected=f"{expected:.0f}", found=f"{found:.0f}")
    parts = tables["arrondissements"].groupby("commune_code")["population"].sum()
    wholes = communes.set_index("commune_code")["population"].reindex(parts.index)
    for code in parts.index[parts != wholes][:1]:
        place = f"{code}, somme des arrondissements"
        raise ContractError("arrondissements", place=place, expected=wholes[code], found=parts[code])
    both = set(tables["commune_history"]["old_code"]) & set(communes["commune_code"])
    if both:
        raise ContractError("commune_history", expected="aucun code actuel", found=", ".join(sorted(both)[:5]))


def require_parameters_follow(parameters: pd.DataFrame) -> None:
    """Want the bands of each parameter of the APL to follow each other from 0 to infinity.

    Raises
    ------
    ContractError
        With the parameter at fault.
    """
    for (parameter, vintage), bands in parameters.groupby(["parameter", "vintage"]):
        lower, upper = bands["lower"].to_numpy(), bands["upper"].to_numpy()
        if lower[0] != 0 or not np.isposinf(upper[-1]) or (lower[1:] != upper[:-1]).any():
            place = f"{parameter}, {vintage}"
            raise ContractError("apl_parameters", place=place, expected="des tranches qui se suivent", found=upper)


def require_coverage(shapes: gpd.GeoDataFrame) -> None:
    """Want the communes' shapes to share their borders exactly: no overlap, no edge that nearly matches another.

    Raises
    ------
    ContractError
        When they do not.
    """
    if not shapely.coverage_is_valid(shapes.geometry.to_numpy()):
        edges = shapely.coverage_invalid_edges(shapes.geometry.to_numpy())
        wrong = shapes.loc[~shapely.is_empty(edges), "commune_code"]
        expected = "des frontières communes identiques"
        raise ContractError("commune_geometry", expected=expected, found=", ".join(wrong.head(5)))


def require_covered_regions(structures: pd.DataFrame, catalog: Catalog, regions: AbstractSet[str]) -> None:
    """Want each type of structure to stand in the regions that its sources cover, and some type in each of them.

    Parameters
    ----------
    structures
        The table `structures`.
    catalog
        The regions and types that each source covers.
    regions
        Codes of the regions of the country.

    Raises
    ------
    ContractError
        With the regions at fault.
    """
    sources = [source for source in catalog.feeding("structures") if source.covered_regions]
    for kind, found in structures.groupby("structure_type")["region_code"].agg(set).items():
        knowing = [source for source in sources if not source.covered_types or kind in source.covered_types]
        _require_regions(found - {region for source in knowing for region in source.covered_regions}, str(kind))
    covered = {region for source in sources for region in source.covered_regions} & regions
    _require_regions(covered - set(structures["region_code"]), "aucune structure")


def _require_regions(wrong: AbstractSet[str], found: str) -> None:
    if wrong:
        expected = "les types et les régions que les sources couvrent"
        raise ContractError(
            "structures", place="region_code", expected=expected, found=f"{found} en {', '.join(sorted(wrong))}"
        )
