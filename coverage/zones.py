"""The zoning of GPs decided by the ARS (ZIP, ZAC, ZAR, HZ): a decision, never derived from the APL."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from coverage.territories import Territories

ZONES: Final = ("ZIP", "ZAC", "ZAR", "HZ")


def share_population_zip(zones: pd.Series, territories: Territories) -> pd.Series:
    """Give the share (0 to 1) of the inhabitants who live in a zone d'intervention prioritaire.

    share = population of the communes in ZIP / population of the communes whose zone is known.

    Source: ARS zoning of GPs as exported by CartoSanté, copy seen in June 2025; list of communes.

    Parameters
    ----------
    zones
        Zone of each commune, one of `ZONES`, index `commune_code`; missing where unknown.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where no zone is known (La Réunion).

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> zones = toy.zoning.set_index("commune_code")["zone"]
    >>> share_population_zip(zones, Territories.of(toy.communes, "departement"))["31"].round(4)  # 3 000 of 26 000
    np.float64(0.1154)
    """
    in_zip = territories.align((zones == "ZIP").astype(np.float64).where(zones.notna()))
    return territories.share(in_zip == 1, ~np.isnan(in_zip), territories.population).rename("share_population_zip")
