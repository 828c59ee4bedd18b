"""What each indicator means, in the words of the people who read it: the one registry that screens and reports quote.

`INDICATORS` keeps the order in which a reader meets them: structures, access to GPs, demography, zoning, population.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coverage.definitions.access import ACCESS
from coverage.definitions.indicator import THEMES, Indicator
from coverage.definitions.people import PEOPLE
from coverage.definitions.practitioners_communes import PRACTITIONERS_BY_COMMUNE
from coverage.definitions.structures import STRUCTURES

__all__ = ["INDICATORS", "SYNCED_TABLES", "THEMES", "Indicator", "available_at", "available_indicators"]

INDICATORS: dict[str, Indicator] = {
    indicator.id: indicator for indicator in (*STRUCTURES, *ACCESS, *PRACTITIONERS_BY_COMMUNE, *PEOPLE)
}

SYNCED_TABLES: frozenset[str] = frozenset(indicator.table for indicator in INDICATORS.values() if indicator.table)
"""Tables that only a sync brings and that some indicator needs."""


def available_at(level: str) -> dict[str, Indicator]:
    """Give the indicators that exist at a level, in the order of the registry.

    Parameters
    ----------
    level
        One of "commune", "epci", "departement", "region", "france".

    Returns
    -------
    dict of str to Indicator
        Empty for a level that does not exist.

    Examples
    --------
    >>> "gp_per_100k" in available_at("commune")  # the CNAM counts by department only
    False
    """
    return {name: indicator for name, indicator in INDICATORS.items() if level in indicator.levels}


def available_indicators(vintages: Mapping[str, str]) -> dict[str, Indicator]:
    """Give the indicators that the tables at hand can inform, in the order of the registry: those that may be offered.

    Parameters
    ----------
    vintages
        Name of each table at hand -> what it is dated from, in French.

    Returns
    -------
    dict of str to Indicator
        All but those whose table only a sync brings and is not there; those whose table is there have its vintage.

    Examples
    --------
    >>> "n_bpe_gp" in available_indicators({})
    False
    >>> available_indicators({"bpe_communes": "équipements au 1er janvier 2024"})["n_bpe_gp"].vintage
    'équipements au 1er janvier 2024'
    """
    return {
        name: replace(indicator, vintage=vintages[indicator.table]) if indicator.table else indicator
        for name, indicator in INDICATORS.items()
        if not indicator.table or indicator.table in vintages
    }
