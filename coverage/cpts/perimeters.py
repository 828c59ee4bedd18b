"""The perimeters of the CPTS, lists of communes: how big each is, who is covered, who is left out, who is in two.

A unit is a commune, or an arrondissement of a city (`coverage.cpts.units`): a part of a city is never the whole city.
Where no list is complete, a unit in none is unknown, never "not covered".
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

from coverage.cpts.units import finest_units, gather_cities, in_finest_units
from coverage.errors import UnknownCommuneError
from coverage.funding.cpts import CptsRules
from coverage.terms.extents import PART, WHOLE
from coverage.territories.aggregation import Territories

Pairs = npt.NDArray[np.intp]


def size_class(population: pd.Series, rules: CptsRules) -> pd.Series:
    """Return the size of a CPTS, 1 to 4, by its inhabitants: 1 < 40 000 ≤ 2 < 80 000 ≤ 3 < 175 000 ≤ 4 in 2024.

    Parameters
    ----------
    population
        Inhabitants of each CPTS.
    rules
        Edition of the sizes.

    Returns
    -------
    pandas.Series
        Number of the size, same index; NaN where the population is unknown.

    Examples
    --------
    >>> from tests.toy_cpts import TOY_RULES
    >>> size_class(pd.Series([39_999.0, 40_000.0, 175_000.0, float("nan")]), TOY_RULES).tolist()
    [1.0, 2.0, 4.0, nan]
    """
    people = population.to_numpy(np.float64)
    bounds = [size.under_population for size in rules.sizes if size.under_population is not None]
    numbers = np.array([size.size for size in rules.sizes], dtype=np.float64)
    sizes = numbers[np.searchsorted(bounds, people, side="right").clip(max=len(numbers) - 1)]
    return pd.Series(np.where(np.isnan(people), np.nan, sizes), index=population.index, name="size_class")


def cpts_territories(perimeters: pd.DataFrame, units: pd.DataFrame) -> Territories:
    """Read the CPTS as territories, to add up and average whatever is known of units.

    A row of the perimeters is a unit: a commune in two CPTS is there twice, and counts whole in each of them.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`: cpts_id, unit_code, each pair once, extent.
    units
        Result of `coverage.cpts.units.cpts_units`.

    Returns
    -------
    Territories
        Level "cpts"; codes are the ids of the CPTS. The inhabitants of a unit that is not in whole, or whose CPTS goes
        beyond what is listed, are unknown.

    Raises
    ------
    UnknownCommuneError
        When a perimeter names a unit that is not in the list.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> from tests.toy_cpts import perimeters_of
    >>> from coverage.cpts.units import cpts_units
    >>> units = cpts_units(toy_country().communes, toy_country().arrondissements)
    >>> made = cpts_territories(perimeters_of({"a": ["31001", "31002"], "b": ["31002", "69381"]}), units)
    >>> made.total(made.population).to_dict()  # 31002 and its 3 000 people are in both; 12 000 in the arrondissement
    {'a': 23000.0, 'b': 15000.0}
    """
    known = pd.Index(units["unit_code"])
    positions = known.get_indexer(perimeters["unit_code"])
    if (positions < 0).any():
        lost = perimeters["unit_code"][positions < 0].unique()
        raise UnknownCommuneError(
            f"CPTS : attendu des communes de la liste, trouvé {', '.join(map(str, lost[:5]))} ({len(lost)} en tout)."
        )
    ids = pd.Categorical(perimeters["cpts_id"])
    people = units["population"].to_numpy(np.float64)[positions]
    return Territories(
        level="cpts",
        codes=ids.categories.rename("cpts_id"),
        unit_codes=pd.Index(perimeters["unit_code"]),
        membership=ids.codes.astype(np.intp),
        population=np.where((perimeters["extent"] == WHOLE).to_numpy(), people, np.nan),
    )


def cpts_population(perimeters: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Add up the inhabitants of each CPTS; the one figure of every page, NaN as soon as one unit is unknown.

    Parameters
    ----------
    perimeters, units
        As `cpts_territories`; a unit that is not in the list has unknown inhabitants.

    Returns
    -------
    pandas.Series
        Inhabitants, index cpts_id.
    """
    listed = perimeters["unit_code"].isin(units["unit_code"])
    cpts = cpts_territories(perimeters[listed], units)
    people = cpts.total(cpts.population).reindex(perimeters["cpts_id"].unique())
    return people.mask(people.index.isin(perimeters.loc[~listed, "cpts_id"]))


def home_departements(perimeters: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Give the department where most of the inhabitants of each CPTS live, a unit in part counting as if it were whole.

    Parameters
    ----------
    perimeters, units
        As `cpts_territories`.

    Returns
    -------
    pandas.Series
        Code of a department, index cpts_id; the first code where two weigh the same.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> from tests.toy_cpts import perimeters_of
    >>> from coverage.cpts.units import cpts_units
    >>> units = cpts_units(toy_country().communes, toy_country().arrondissements)
    >>> home_departements(perimeters_of({"a": ["31004", "32001"]}), units)["a"]  # 2 000 people in 31, 8 000 in 32
    '32'
    """
    rows = perimeters[["cpts_id", "unit_code"]].merge(
        units[["unit_code", "departement_code", "population"]], on="unit_code", how="left"
    )
    people = rows.groupby(["cpts_id", "departement_code"], as_index=False)["population"].sum()
    people = people.sort_values(["cpts_id", "population", "departement_code"], ascending=[True, False, True])
    return people.drop_duplicates("cpts_id").set_index("cpts_id")["departement_code"]


def n_cpts_by_unit(perimeters: pd.DataFrame, units: pd.DataFrame, known_departements: AbstractSet[str]) -> pd.Series:
    """Count the CPTS that cover each unit; several that share it, each a part of its own, count as one.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`.
    units
        Result of `coverage.cpts.units.cpts_units`.
    known_departements
        Departments where the list of perimeters is complete: there, a unit in none is known to be in none.

    Returns
    -------
    pandas.Series
        0 or more, index unit_code, in the order of `finest_units`. NaN where the unit is in no perimeter and the list
        is not complete.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> from tests.toy_cpts import perimeters_of
    >>> from coverage.cpts.units import cpts_units
    >>> units = cpts_units(toy_country().communes, toy_country().arrondissements)
    >>> rows = perimeters_of({"a": ["31001", "69123"], "b": ["31001", "69381"]})
    >>> n_cpts_by_unit(rows, units, {"31"})[["31001", "31002", "69381", "69382", "32002"]].tolist()
    [2.0, 0.0, 2.0, 1.0, nan]
    """
    finest = finest_units(units)
    codes = pd.Index(finest["unit_code"], name="unit_code")
    rows = in_finest_units(perimeters, units)
    is_part = rows["extent"] == PART
    counts = rows.loc[~is_part, "unit_code"].value_counts().reindex(codes, fill_value=0).to_numpy(np.float64)
    counted = counts + codes.isin(rows.loc[is_part, "unit_code"])
    complete = finest["departement_code"].isin(known_departements).to_numpy()
    return pd.Series(np.where((counted > 0) | complete, counted, np.nan), index=codes, name="n_cpts")


def share_population_covered(n_cpts: pd.Series, territories: Territories, *, where_known: bool = False) -> pd.Series:
    """Return the share (0 to 1) of the inhabitants whose unit is in a CPTS; a unit in two counts once.

    share = population of the units in one CPTS or more / population. A unit that several CPTS share, each a part of it,
    is in one.

    Parameters
    ----------
    n_cpts
        CPTS of each unit (`n_cpts_by_unit`).
    territories
        Territories of a level, made of the same units (`covered_territories`).
    where_known
        True to divide by the population of the communes where the answer is known, and not to ask that all be.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where an inhabited commune of the territory is unknown (where all are, with `where_known`), or
        nobody lives.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> from tests.toy_cpts import perimeters_of
    >>> from coverage.cpts.units import cpts_units
    >>> units = cpts_units(toy_country().communes, toy_country().arrondissements)
    >>> counts = n_cpts_by_unit(perimeters_of({"a": ["31001"]}), units, {"31"})
    >>> share_population_covered(counts, covered_territories(units, "departement"))["31"].round(4)  # 20 of 26
    np.float64(0.7692)
    """
    values = territories.align(n_cpts)
    known = ~np.isnan(values)
    share = territories.share(values >= 1, known, territories.population).rename("share_population_cpts")
    return share if where_known else share.where(territories.everywhere(known | (territories.population == 0)))


def covered_territories(units: pd.DataFrame, level: str) -> Territories:
    """Read the territories of a level as made of the finest units (`n_cpts_by_unit`)."""
    finest = finest_units(units)
    return Territories.of(finest, level, pd.Index(finest["unit_code"]))


def covered_set(units: pd.DataFrame, communes: Collection[str], code: str) -> Territories:
    """Read any set of communes as the only territory of its level, made of the finest units."""
    finest = finest_units(units)
    inside = finest["commune_code"].isin(communes).to_numpy(dtype=bool)
    return Territories.of_own(finest, inside, code, pd.Index(finest["unit_code"]))


def communes_in_two(perimeters: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """List the units that belong whole to two CPTS or more, the most populous first.

    Two CPTS on different arrondissements of a city do not overlap; a city that is twice in two is listed once.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`.
    units
        Result of `coverage.cpts.units.cpts_units`.

    Returns
    -------
    pandas.DataFrame
        unit_code, commune_code, name, departement_code, population (inhabitants), n_cpts, cpts (their names, sorted,
        parted by " ; ").
    """
    rows = in_finest_units(perimeters, units)
    rows = rows[rows["extent"] != PART]
    rows = rows[rows["unit_code"].duplicated(keep=False)].sort_values(["unit_code", "name"])
    grouped = rows.groupby("unit_code")["name"]
    told = pd.DataFrame({"n_cpts": grouped.size(), "cpts": grouped.agg(" ; ".join)}).reset_index()
    columns = ["unit_code", "commune_code", "name", "departement_code", "population"]
    table = gather_cities(told.merge(units[columns], on="unit_code", how="left"), units, same="cpts")
    return table.sort_values(["population", "unit_code"], ascending=[False, True], ignore_index=True)[
        [*columns, "n_cpts", "cpts"]
    ]


def white_communes(
    n_cpts: pd.Series, units: pd.DataFrame, communes: pd.DataFrame, borders: Pairs | None = None
) -> pd.DataFrame:
    """List the units known to be in no CPTS, and the white zone that each is part of.

    A white zone is a set of communes, white at least in part, that hold together by their borders.

    Parameters
    ----------
    n_cpts
        CPTS of each unit (`n_cpts_by_unit`).
    units
        Result of `coverage.cpts.units.cpts_units`.
    communes
        Table of communes: commune_code, whose positions `borders` are.
    borders
        Positions in `communes` of the pairs that share a border (`coverage.cpts.borders.shared_borders`); without them
        the zones are unknown.

    Returns
    -------
    pandas.DataFrame
        unit_code, commune_code, name, departement_code, population (inhabitants), zone: 1 for the zone with the most
        inhabitants, 2 for the next…, NaN when unknown; sorted by zone, then population, the largest first.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> from tests.toy_cpts import perimeters_of
    >>> toy = toy_country()
    >>> from coverage.cpts.units import cpts_units
    >>> units = cpts_units(toy.communes, toy.arrondissements)
    >>> counts = n_cpts_by_unit(perimeters_of({"a": ["31001"]}), units, {"31"})
    >>> found = white_communes(counts, units, toy.communes, np.array([[1, 2]]))
    >>> found[["unit_code", "zone"]].to_numpy().tolist()
    [['31002', 1.0], ['31003', 1.0], ['31004', 2.0]]
    """
    finest = finest_units(units)
    columns = ["unit_code", "commune_code", "name", "departement_code", "population"]
    table = gather_cities(finest.loc[(n_cpts == 0).to_numpy(), columns], units)
    people = table.groupby("commune_code")["population"].sum().reindex(communes["commune_code"])
    white = people.notna().to_numpy()
    zones = np.full(len(people), np.nan)
    if borders is not None:
        zones[white] = _zones(white, borders, people.to_numpy(np.float64)[white])
    table["zone"] = table["commune_code"].map(pd.Series(zones, index=people.index))
    order = {"zone": True, "population": False, "unit_code": True}
    return table.sort_values(list(order), ascending=list(order.values()), ignore_index=True)


def white_zones(white: pd.DataFrame) -> pd.DataFrame:
    """Sum up the white zones, the one with the most inhabitants first.

    Parameters
    ----------
    white
        As returned by `white_communes`, zones known.

    Returns
    -------
    pandas.DataFrame
        zone (1, 2…), main_commune (name of the most populous), departement_code (its own), n_communes, population
        (inhabitants).
    """
    grouped = white.groupby("zone")
    table = pd.DataFrame(
        {
            "main_commune": grouped["name"].first(),
            "departement_code": grouped["departement_code"].first(),
            "n_communes": grouped["commune_code"].nunique(),
            "population": grouped["population"].sum(min_count=1),
        }
    ).reset_index()
    return table.astype({"zone": "int64"})


def _zones(white: npt.NDArray[np.bool_], borders: Pairs, people: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return a number to each connected set of white communes, 1 to the one with the most inhabitants."""
    place = np.cumsum(white) - 1
    inside = borders[white[borders].all(axis=1)]
    n_white = int(white.sum())
    links = scipy.sparse.coo_array(
        (np.ones(len(inside)), (place[inside[:, 0]], place[inside[:, 1]])), shape=(n_white, n_white)
    )
    n_zones, labels = scipy.sparse.csgraph.connected_components(links, directed=False)
    totals = np.bincount(labels, weights=np.nan_to_num(people), minlength=n_zones)
    rank = np.empty(n_zones)
    rank[np.argsort(-totals, kind="stable")] = np.arange(1, n_zones + 1)
    return rank[labels]
