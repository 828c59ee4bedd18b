"""What no table can check alone: sums that must agree, shapes that must fit, figures that the producers publish."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.catalog import Catalog
from data.errors import CatalogError, ContractError

Tables = Mapping[str, pd.DataFrame]

_FIRST_DECILE: Final = 0.1


def run_cross_checks(tables: Tables, shapes: gpd.GeoDataFrame, catalog: Catalog) -> dict[str, Any]:
    """Check what the tables say together, and against the figures that the catalogue wrote down from their producers.

    Parameters
    ----------
    tables
        Tables of the snapshot, each one true to its contract.
    shapes
        The table `commune_geometry`.
    catalog
        Its `checks` are found again in the tables.

    Returns
    -------
    dict
        What was checked and found, for the manifest.

    Raises
    ------
    ContractError
        When two tables disagree, or a published figure is not found again.
    CatalogError
        When the catalogue has a check that this module does not know.
    """
    require_levels_agree(tables["msp_series"], tables["departements"])
    require_territories_agree(tables)
    require_parameters_follow(tables["apl_parameters"])
    require_coverage(shapes)
    found = {
        source.id: {
            name: _published(tables, source.id, name, expected) for name, expected in sorted(source.checks.items())
        }
        for source in catalog.sources
        if source.checks
    }
    require_covered_regions(tables["structures"], catalog)
    return {"published_figures": found, "coverage_is_valid": True, "msp_levels_agree": True}


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
    """Want communes, departments, regions and EPCI to name each other, and their populations to add up.

    Raises
    ------
    ContractError
        With the table and the code at fault.
    """
    communes, departements = tables["communes"], tables["departements"]
    links = {
        "departements": (communes["departement_code"], departements["departement_code"]),
        "regions": (communes["region_code"], tables["regions"]["region_code"]),
        "epci": (communes["epci_code"].dropna(), tables["epci"]["epci_code"]),
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


def require_covered_regions(structures: pd.DataFrame, catalog: Catalog) -> None:
    """Want the structures to stand in the regions that their source covers, and in each of them.

    Raises
    ------
    ContractError
        With the regions at fault.
    """
    covered = {region for source in catalog.feeding("structures") for region in source.covered_regions}
    found = set(structures["region_code"])
    if covered and found != covered:
        expected = f"les régions {', '.join(sorted(covered))}"
        raise ContractError("structures", place="region_code", expected=expected, found=", ".join(sorted(found)))


def lowest_mean(units: pd.DataFrame, column: str, share: float) -> float:
    """Average the APL of the share of the people who have the lowest.

    The people are counted by total population, the mean is weighted by standardised population; the unit astride counts
    for the part of its people that is within the share. This, and not the quantile, is what DREES publishes of its
    first decile.

    Parameters
    ----------
    units
        APL of one vintage, with population_total and population_standardised.
    column
        "apl" or "apl_65".
    share
        Above 0, at most 1.

    Returns
    -------
    float
        Consultations a year per standardised inhabitant; NaN when there is nobody.

    Examples
    --------
    >>> people = {"population_total": [5.0, 10.0, 85.0], "population_standardised": [5.0, 20.0, 75.0]}
    >>> lowest_mean(pd.DataFrame({"apl": [1.0, 2.0, 9.0], **people}), "apl", 0.1)
    1.6666666666666667
    """
    known = units.dropna(subset=[column, "population_total", "population_standardised"]).sort_values(column)
    people = known["population_total"].to_numpy()
    room = share * people.sum() - (people.cumsum() - people)
    within = np.divide(room.clip(0.0, people), people, out=np.zeros_like(people), where=people > 0)
    weights = known["population_standardised"].to_numpy() * within
    return float((known[column].to_numpy() * weights).sum() / weights.sum()) if weights.sum() > 0 else float("nan")


def _mean_apl_65(tables: Tables, year: int) -> float:
    units = tables["apl"][tables["apl"]["vintage"] == year].dropna(subset=["apl_65", "population_standardised"])
    weights = units["population_standardised"]
    return round(float((units["apl_65"] * weights).sum() / weights.sum()), 2)


def _first_decile_mean_apl_65(tables: Tables, year: int) -> float:
    units = tables["apl"][tables["apl"]["vintage"] == year]
    return round(lowest_mean(units, "apl_65", _FIRST_DECILE), 2)


def _n_structures(tables: Tables, structure_type: str) -> float:
    return float((tables["structures"]["structure_type"] == structure_type).sum())


def _n_msp(tables: Tables, day: str) -> float:
    series = tables["msp_series"]
    date = pd.Timestamp(dt.date(*map(int, day.split("_"))))
    is_it = (series["level"] == "france") & (series["structure_type"] == "msp") & (series["date"] == date)
    return float(series.loc[is_it, "n_structures"].sum())


def _n_gp(tables: Tables, source_id: str) -> float:
    if source_id == "insee_bpe":
        return float(tables["bpe_departements"]["n_gp"].sum())
    professionals = tables["professionals"]
    is_gp = professionals["profession"] == "Ensemble des médecins généralistes"
    return float(professionals.loc[is_gp, "n_professionals"].sum())


def _n_units(tables: Tables, year: int) -> float:
    return float((tables["apl"]["vintage"] == year).sum())


def _population(tables: Tables, year: int) -> float:
    series = tables["population_series"]
    return float(series.loc[series["year"] == year, "population"].sum())


_MEASURES: Final[Mapping[str, Callable[[Tables, str, re.Match[str]], float]]] = {
    r"n_communes": lambda tables, _, __: float(len(tables["communes"])),
    r"n_departements": lambda tables, _, __: float(len(tables["departements"])),
    r"n_regions": lambda tables, _, __: float(len(tables["regions"])),
    r"population": lambda tables, _, __: float(tables["communes"]["population"].sum()),
    r"population_2025": lambda tables, _, __: float(tables["bpe_departements"]["population_2025"].sum()),
    r"population_(\d{4})": lambda tables, _, match: _population(tables, int(match[1])),
    r"n_units_(\d{4})": lambda tables, _, match: _n_units(tables, int(match[1])),
    r"mean_apl_65_(\d{4})": lambda tables, _, match: _mean_apl_65(tables, int(match[1])),
    r"first_decile_mean_apl_65_(\d{4})": lambda tables, _, match: _first_decile_mean_apl_65(tables, int(match[1])),
    r"n_msp_(\d{4}_\d{2}_\d{2})": lambda tables, _, match: _n_msp(tables, match[1]),
    r"n_gp": lambda tables, source_id, _: _n_gp(tables, source_id),
    r"n_(msp|cpts|centre_sante|pharmacie|hopital)": lambda tables, _, match: _n_structures(tables, match[1]),
}
"""How each published figure is found again in the tables; the first pattern that matches its name wins."""


def _published(tables: Tables, source_id: str, name: str, expected: float) -> float:
    """Find a published figure again."""
    for pattern, measure in _MEASURES.items():
        match = re.fullmatch(pattern, name)
        if match:
            found = measure(tables, source_id, match)
            if found != expected:
                place = f"chiffre publié {name} (source {source_id})"
                raise ContractError("tables", place=place, expected=f"{expected:.10g}", found=f"{found:.10g}")
            return found
    raise CatalogError(
        "catalog.toml", place=f"source « {source_id} », checks", expected="un contrôle connu", found=name
    )
