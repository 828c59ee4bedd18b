"""The perimeters of the CPTS, lists of communes: how big each is, who is covered, who is left out, who is in two.

A commune belongs to a CPTS whole. Where no list is complete, a commune in none is unknown, never "not covered".
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage.errors import UnknownCommuneError
from coverage.funding.cpts import CptsRules
from coverage.territories import Territories

Pairs = npt.NDArray[np.intp]


def size_class(population: pd.Series, rules: CptsRules) -> pd.Series:
    """Give the size of a CPTS, 1 to 4, by its inhabitants: 1 < 40 000 ≤ 2 < 80 000 ≤ 3 < 175 000 ≤ 4 in 2024.

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


def cpts_territories(perimeters: pd.DataFrame, communes: pd.DataFrame) -> Territories:
    """Read the CPTS as territories, to add up and average whatever is known of communes.

    A unit is a row of the perimeters: a commune in two CPTS is two units, and counts whole in each of them.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`: cpts_id, commune_code, each pair once.
    communes
        Table of communes: commune_code, population.

    Returns
    -------
    Territories
        Level "cpts"; codes are the ids of the CPTS.

    Raises
    ------
    UnknownCommuneError
        When a perimeter names a commune that is not in the list.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> rows = pd.DataFrame({"cpts_id": ["a", "a", "b"], "commune_code": ["31001", "31002", "31002"]})
    >>> made = cpts_territories(rows, toy_country().communes)
    >>> made.total(made.population).to_dict()  # 31002 and its 3 000 people are in both
    {'a': 23000.0, 'b': 3000.0}
    """
    known = pd.Index(communes["commune_code"])
    positions = known.get_indexer(perimeters["commune_code"])
    if (positions < 0).any():
        lost = perimeters["commune_code"][positions < 0].unique()
        raise UnknownCommuneError(
            f"CPTS : attendu des communes de la liste, trouvé {', '.join(map(str, lost[:5]))} ({len(lost)} en tout)."
        )
    ids = pd.Categorical(perimeters["cpts_id"])
    return Territories(
        level="cpts",
        codes=ids.categories.rename("cpts_id"),
        unit_codes=pd.Index(perimeters["commune_code"]),
        membership=ids.codes.astype(np.intp),
        population=communes["population"].to_numpy(np.float64)[positions],
    )


def home_departements(perimeters: pd.DataFrame, communes: pd.DataFrame) -> pd.Series:
    """Give the department where most of the inhabitants of each CPTS live.

    Parameters
    ----------
    perimeters, communes
        As `cpts_territories`; communes with departement_code.

    Returns
    -------
    pandas.Series
        Code of a department, index cpts_id; the first code where two weigh the same.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> rows = pd.DataFrame({"cpts_id": ["a", "a"], "commune_code": ["31004", "32001"]})
    >>> home_departements(rows, toy_country().communes)["a"]  # 2 000 people in 31, 8 000 in 32
    '32'
    """
    rows = perimeters[["cpts_id", "commune_code"]].merge(
        communes[["commune_code", "departement_code", "population"]], on="commune_code", how="left"
    )
    people = rows.groupby(["cpts_id", "departement_code"], as_index=False)["population"].sum()
    people = people.sort_values(["cpts_id", "population", "departement_code"], ascending=[True, False, True])
    return people.drop_duplicates("cpts_id").set_index("cpts_id")["departement_code"]


def n_cpts_by_commune(
    perimeters: pd.DataFrame, communes: pd.DataFrame, known_departements: AbstractSet[str]
) -> pd.Series:
    """Count the CPTS that each commune belongs to.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`: cpts_id, commune_code.
    communes
        Table of communes: commune_code, departement_code.
    known_departements
        Departments where the list of perimeters is complete: there, a commune in none is known to be in none.

    Returns
    -------
    pandas.Series
        0 or more, index commune_code, in the order of `communes`. NaN where the commune is in no perimeter and the list
        is not complete.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> rows = pd.DataFrame({"cpts_id": ["a", "b", "a"], "commune_code": ["31001", "31001", "32001"]})
    >>> counts = n_cpts_by_commune(rows, toy_country().communes, {"31"})
    >>> counts[["31001", "31002", "32001", "32002"]].tolist()
    [2.0, 0.0, 1.0, nan]
    """
    codes = pd.Index(communes["commune_code"], name="commune_code")
    counts = perimeters.drop_duplicates(["cpts_id", "commune_code"])["commune_code"].value_counts()
    counted = counts.reindex(codes, fill_value=0).to_numpy(np.float64)
    complete = communes["departement_code"].isin(known_departements).to_numpy()
    return pd.Series(np.where((counted > 0) | complete, counted, np.nan), index=codes, name="n_cpts")


def share_population_covered(n_cpts: pd.Series, territories: Territories, *, where_known: bool = False) -> pd.Series:
    """Give the share (0 to 1) of the inhabitants whose commune is in a CPTS; a commune in two counts once.

    share = population of the communes in one CPTS or more / population.

    Parameters
    ----------
    n_cpts
        CPTS of each commune (`n_cpts_by_commune`).
    territories
        Territories of a level.
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
    >>> toy = toy_country()
    >>> rows = pd.DataFrame({"cpts_id": ["a"], "commune_code": ["31001"]})
    >>> counts = n_cpts_by_commune(rows, toy.communes, {"31"})
    >>> share_population_covered(counts, Territories.of(toy.communes, "departement"))["31"].round(4)  # 20 of 26
    np.float64(0.7692)
    """
    values = territories.align(n_cpts)
    known = ~np.isnan(values)
    share = territories.share(values >= 1, known, territories.population).rename("share_population_cpts")
    return share if where_known else share.where(territories.everywhere(known | (territories.population == 0)))


def communes_in_two(perimeters: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """List the communes that belong to two CPTS or more, the most populous first.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`: cpts_id, commune_code, name.
    communes
        Table of communes: commune_code, name, departement_code, population.

    Returns
    -------
    pandas.DataFrame
        commune_code, name, departement_code, population (inhabitants), n_cpts, cpts (their names, sorted, parted by
        " ; ").
    """
    rows = perimeters.drop_duplicates(["cpts_id", "commune_code"])
    rows = rows[rows["commune_code"].duplicated(keep=False)].sort_values(["commune_code", "name"])
    grouped = rows.groupby("commune_code")["name"]
    told = pd.DataFrame({"n_cpts": grouped.size(), "cpts": grouped.agg(" ; ".join)}).reset_index()
    columns = ["commune_code", "name", "departement_code", "population"]
    table = told.merge(communes[columns], on="commune_code", how="left")
    return table.sort_values(["population", "commune_code"], ascending=[False, True], ignore_index=True)[
        [*columns, "n_cpts", "cpts"]
    ]


def white_communes(n_cpts: pd.Series, communes: pd.DataFrame, borders: Pairs | None = None) -> pd.DataFrame:
    """List the communes known to be in no CPTS, and the white zone that each is part of.

    A white zone is a set of such communes that hold together by their borders.

    Parameters
    ----------
    n_cpts
        CPTS of each commune, in the order of `communes` (`n_cpts_by_commune`).
    communes
        Table of communes: commune_code, name, departement_code, population.
    borders
        Positions in `communes` of the pairs that share a border (`coverage.cpts_borders.shared_borders`); without them
        the zones are unknown.

    Returns
    -------
    pandas.DataFrame
        commune_code, name, departement_code, population (inhabitants), zone: 1 for the zone with the most inhabitants,
        2 for the next…, NaN when unknown; sorted by zone, then population, the largest first.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> counts = n_cpts_by_commune(pd.DataFrame({"cpts_id": ["a"], "commune_code": ["31001"]}), communes, {"31"})
    >>> white_communes(counts, communes, np.array([[1, 2]]))[["commune_code", "zone"]].to_numpy().tolist()
    [['31002', 1.0], ['31003', 1.0], ['31004', 2.0]]
    """
    white = (n_cpts == 0).to_numpy()
    table = communes.loc[white, ["commune_code", "name", "departement_code", "population"]].copy()
    table["zone"] = np.nan if borders is None else _zones(white, borders, table["population"].to_numpy(np.float64))
    order = {"zone": True, "population": False, "commune_code": True}
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
            "n_communes": grouped.size(),
            "population": grouped["population"].sum(min_count=1),
        }
    ).reset_index()
    return table.astype({"zone": "int64"})


def _zones(white: npt.NDArray[np.bool_], borders: Pairs, people: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give a number to each connected set of white communes, 1 to the one with the most inhabitants."""
    place = np.cumsum(white) - 1
    inside = borders[white[borders].all(axis=1)]
    n_white = int(white.sum())
    links = coo_array((np.ones(len(inside)), (place[inside[:, 0]], place[inside[:, 1]])), shape=(n_white, n_white))
    n_zones, labels = connected_components(links, directed=False)
    totals = np.bincount(labels, weights=np.nan_to_num(people), minlength=n_zones)
    rank = np.empty(n_zones)
    rank[np.argsort(-totals, kind="stable")] = np.arange(1, n_zones + 1)
    return rank[labels]
