"""The structures with a name that a map or a list shows, each of its own day: two days are never one kind."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

import pandas as pd

from coverage.terms.site_dates import SITES_2021_ON, TYPES_2021, SiteDates

FORMER: Final = "_2021"
"""What ends the sign of a site that is shown as it was on 8 January 2021."""


def dated_sites(
    structures: pd.DataFrame,
    of_2021: pd.DataFrame,
    known_regions: Callable[[str], AbstractSet[str]],
    when: SiteDates = "recentes",
) -> pd.DataFrame:
    """Return the sites of a choice of dates.

    Source: FINESS. A site of 2021 stands only where the file in use does not know its type, and only if its number is
    nowhere in that file.

    Parameters
    ----------
    structures
        Table `structures`, the file in use.
    of_2021
        Table `structures_2021`.
    known_regions
        Gives the regions where the file in use knows every site of a type.
    when
        "recentes", "actuelles" or "2021"; `coverage.trajectory.msp_changes` makes "evolution".

    Returns
    -------
    pandas.DataFrame
        Columns of `structures` and sign: the type, followed by `FORMER` for a site of 2021. finess_code is unique.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> sites = dated_sites(toy.structures, toy.structures_2021, lambda kind: {"76"} if kind == "msp" else set())
    >>> sorted(sites["sign"].unique())
    ['centre_sante', 'cpts', 'hopital', 'msp', 'pharmacie']
    """
    current = structures.assign(sign=structures["structure_type"])
    if when == "actuelles":
        return current
    former = as_of_2021(of_2021)
    if when == "2021":
        return former
    unknown = pd.Series(data=False, index=former.index)
    for kind in TYPES_2021:
        unknown |= (former["structure_type"] == kind) & ~former["region_code"].isin(known_regions(kind))
    kept = former[unknown & ~former["finess_code"].isin(current["finess_code"])]
    return pd.concat([current, kept], ignore_index=True) if len(kept) else current


def as_of_2021(of_2021: pd.DataFrame) -> pd.DataFrame:
    """Return the table `structures_2021` in the columns of `dated_sites`."""
    day = pd.Timestamp(SITES_2021_ON).as_unit("us")
    former = of_2021.assign(category_basis="finess", as_of=day, sign=of_2021["structure_type"] + FORMER)
    placed = former["as_of"].where(former["point_flag"] != "commune")
    return former.assign(place_as_of=placed)


def communes_of_2021(communes: pd.DataFrame, of_2021: pd.DataFrame) -> pd.Series:
    """Say of each commune whether the file of 2021 speaks of it: it has no site at all, of any type, in Mayotte.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> communes_of_2021(toy.communes, toy.structures_2021)[["31001", "97601"]].tolist()
    [True, False]
    """
    inside = communes["region_code"].isin(of_2021["region_code"])
    return pd.Series(inside.to_numpy(), index=pd.Index(communes["commune_code"]), name="known")


def of_several_days(sites: pd.DataFrame) -> bool:
    """Tell whether sites of 8 January 2021 stand among later ones, so that their number is no count of any day."""
    former = sites["sign"].str.endswith(FORMER)
    return bool(former.any() and not former.all())
