"""What each indicator means, in the words of the people who read it: the one registry that screens and reports quote.

`INDICATORS` keeps the order in which a reader meets them: structures, access to GPs, demography, zoning, population.
"""

from __future__ import annotations

from coverage.definitions.access import ACCESS
from coverage.definitions.indicator import THEMES, Indicator
from coverage.definitions.people import PEOPLE
from coverage.definitions.structures import STRUCTURES

__all__ = ["INDICATORS", "THEMES", "Indicator", "available_at"]

INDICATORS: dict[str, Indicator] = {indicator.id: indicator for indicator in (*STRUCTURES, *ACCESS, *PEOPLE)}


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
