"""Structures: the FINESS sites where they are known, and how any count is set against inhabitants.

The labelled MSP of the DGOS are another series, never mixed with these: `coverage.trajectory.growth`.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from coverage.errors import UnknownCommuneError
from coverage.territories.aggregation import Territories

PER_100K = 100_000


def covered_communes(communes: pd.DataFrame, covered_regions: AbstractSet[str]) -> pd.Series:
    """Say of each commune whether the table of structures is complete there.

    Parameters
    ----------
    communes
        Table of communes: commune_code, region_code.
    covered_regions
        Codes of the regions that were loaded.

    Returns
    -------
    pandas.Series of bool
        Index `commune_code`.
    """
    codes = pd.Index(communes["commune_code"], name="commune_code")
    return pd.Series(communes["region_code"].isin(covered_regions).to_numpy(), index=codes, name="covered")


def regions_of(
    structure_type: str, covered_regions: AbstractSet[str], msp_regions: AbstractSet[str] | None
) -> frozenset[str]:
    """Return the regions where every site of a type is known: MSP may be known in more of them than the other types.

    Examples
    --------
    >>> sorted(regions_of("msp", {"76"}, {"76", "84"})), sorted(regions_of("cpts", {"76"}, {"76", "84"}))
    (['76', '84'], ['76'])
    """
    return frozenset(covered_regions if msp_regions is None or structure_type != "msp" else msp_regions)


def sites_by_commune(structures: pd.DataFrame, structure_type: str, covered: pd.Series) -> pd.Series:
    """Count the FINESS sites of a type in each commune.

    Source: FINESS. A row is a site: there are more sites of category 603 than labelled MSP, and a CPTS is its seat.

    Parameters
    ----------
    structures
        Table of structures: structure_type, commune_code.
    structure_type
        "msp", "cpts", "centre_sante", "pharmacie" or "hopital".
    covered
        Whether the table is complete in each commune (`covered_communes`).

    Returns
    -------
    pandas.Series
        Sites, 0 or more: 0 is a known absence; index of `covered`. NaN where the commune is not covered.

    Raises
    ------
    UnknownCommuneError
        When a site is in a commune that is not in the list.

    Examples
    --------
    >>> from tests.toy import COVERED_REGIONS, toy_country
    >>> toy = toy_country()
    >>> sites = sites_by_commune(toy.structures, "msp", covered_communes(toy.communes, COVERED_REGIONS))
    >>> sites["32001"], sites["31002"], sites["69123"]
    (np.float64(2.0), np.float64(0.0), np.float64(nan))
    """
    homes = structures.loc[structures["structure_type"] == structure_type, "commune_code"]
    positions = covered.index.get_indexer(homes)
    if (positions < 0).any():
        raise UnknownCommuneError(
            f"Structures : attendu des communes de la liste, trouvé {', '.join(map(str, homes[positions < 0][:5]))}"
            f" ({(positions < 0).sum()} en tout)."
        )
    counts = np.bincount(positions, minlength=len(covered)).astype(np.float64)
    return pd.Series(counts, index=covered.index, name=f"n_{structure_type}").where(covered)


def n_structures(sites: pd.Series, territories: Territories) -> pd.Series:
    """Count the FINESS sites of a type in each territory.

    Parameters
    ----------
    sites
        Sites of each commune (`sites_by_commune`).
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        Sites, 0 or more: 0 is a known absence. NaN where one commune of the territory is not covered.

    Examples
    --------
    >>> from tests.toy import COVERED_REGIONS, toy_country
    >>> toy = toy_country()
    >>> sites = sites_by_commune(toy.structures, "msp", covered_communes(toy.communes, COVERED_REGIONS))
    >>> n_structures(sites, Territories.of(toy.communes, "region")).to_dict()
    {'04': nan, '06': nan, '76': 4.0, '84': nan}
    """
    return territories.total(territories.align(sites)).rename(sites.name)


def per_100k(counts: pd.Series, population: pd.Series) -> pd.Series:
    """Return a number per 100 000 inhabitants: counts / population · 100 000.

    Parameters
    ----------
    counts
        Structures or professionals, index `territory_code`; NaN unknown.
    population
        Inhabitants, same index.

    Returns
    -------
    pandas.Series
        0 or more. NaN where the count is unknown or nobody lives there.

    Examples
    --------
    >>> import pandas as pd
    >>> per_100k(pd.Series({"76": 6.0, "06": 0.0}), pd.Series({"76": 30000.0, "06": 12000.0})).to_dict()
    {'76': 20.0, '06': 0.0}
    """
    return counts / population.where(population > 0) * PER_100K


def population_per(counts: pd.Series, population: pd.Series) -> pd.Series:
    """Return the inhabitants per structure: population / counts.

    Parameters
    ----------
    counts
        Structures, index `territory_code`; NaN unknown.
    population
        Inhabitants, same index.

    Returns
    -------
    pandas.Series
        0 or more. NaN where the count is unknown, and where there is no structure at all.

    Examples
    --------
    >>> import pandas as pd
    >>> population_per(pd.Series({"76": 6.0, "06": 0.0}), pd.Series({"76": 30000.0, "06": 12000.0})).to_dict()
    {'76': 5000.0, '06': nan}
    """
    return population / counts.where(counts > 0)
