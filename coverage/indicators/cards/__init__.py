"""What each indicator means, in the words of the people who read it: the one registry that screens and reports quote.

`INDICATORS` keeps the order in which a reader meets them: structures, access to GPs and what is lacking of them,
demography, zoning, population.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coverage.indicators.cards.access import ACCESS
from coverage.indicators.cards.access_professions import ACCESS_PROFESSIONS
from coverage.indicators.cards.bassins_de_vie import BASSINS_DE_VIE
from coverage.indicators.cards.indicator import THEMES, Indicator
from coverage.indicators.cards.people import PEOPLE
from coverage.indicators.cards.practitioners_communes import PRACTITIONERS_BY_COMMUNE
from coverage.indicators.cards.shortfall import SHORTFALL
from coverage.indicators.cards.structures import CELLS, STRUCTURES, shares_by_cell
from coverage.indicators.cards.traits import TRAITS

__all__ = ["INDICATORS", "THEMES", "Indicator", "available_at", "available_indicators"]

INDICATORS: dict[str, Indicator] = {
    indicator.id: indicator
    for family in (
        *(STRUCTURES, ACCESS, SHORTFALL, ACCESS_PROFESSIONS, PRACTITIONERS_BY_COMMUNE, BASSINS_DE_VIE, PEOPLE, TRAITS),
    )
    for indicator in family
}


def available_at(level: str) -> dict[str, Indicator]:
    """Return the indicators that exist at a level, in the order of the registry.

    Parameters
    ----------
    level
        One of `geo.levels.LEVELS`.

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
        All but those whose table is not there; those that a table dates have its vintage, and people within some
        minutes are said to be counted by cell once there are cells.

    Examples
    --------
    >>> "n_bpe_gp" in available_indicators({})
    False
    >>> available_indicators({"bpe_communes": "équipements au 1er janvier 2024"})["n_bpe_gp"].vintage
    'équipements au 1er janvier 2024'
    >>> available_indicators({"population_cells": "2019"})["share_population_within_20_min_hopital"].told_where
    'distance mesurée par carreau de 200 m (Filosofi 2019), à la mairie ailleurs'
    """
    cards = INDICATORS | shares_by_cell(vintages[CELLS]) if CELLS in vintages else INDICATORS
    return {
        name: replace(indicator, vintage=vintages[indicator.table]) if indicator.table else indicator
        for name, indicator in cards.items()
        if not indicator.table or indicator.table in vintages
    }
