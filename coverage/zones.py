"""The zoning of GPs decided by the ARS (ZIP, ZAC, ZAR, HZ): a decision, never derived from the APL."""

from __future__ import annotations

from typing import Final

import pandas as pd

from coverage.territories import Territories

ZONES: Final = ("ZIP", "ZAC", "ZAR", "HZ")


def zone(zoning: pd.DataFrame, territories: Territories) -> pd.Series:
    """Give the zone of each commune.

    Source: ARS zoning of GPs as exported by CartoSanté, copy seen in June 2025.

    Parameters
    ----------
    zoning
        Table `zoning`: commune_code, zone.
    territories
        The communes (level "commune").

    Returns
    -------
    pandas.Series
        One of `ZONES`, index commune code; missing where unknown.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> zone(toy.zoning, Territories.of(toy.communes, "commune"))["31003"]
    'ZIP'
    """
    return zoning.set_index("commune_code")["zone"].reindex(territories.codes)


def share_population_zip(zoning: pd.DataFrame, territories: Territories) -> pd.Series:
    """Give the share (0 to 1) of the inhabitants who live in a zone d'intervention prioritaire.

    share = population of the communes in ZIP / population of the communes whose zone is known.

    Source: ARS zoning as exported by CartoSanté; list of communes.

    Parameters
    ----------
    zoning
        Table `zoning`: commune_code, zone.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where no zone is known (La Réunion, Mayotte).

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> share_population_zip(toy.zoning, Territories.of(toy.communes, "departement"))["31"].round(4)  # 3 000 of 26 000
    np.float64(0.1154)
    """
    zones = zoning.set_index("commune_code")["zone"]
    known = zones.notna()
    in_zip = territories.align((zones == "ZIP").where(known).astype("float64"))
    return territories.share(in_zip == 1, in_zip >= 0, territories.population).rename("share_population_zip")
