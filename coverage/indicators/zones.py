"""The zoning of GPs decided by the ARS (ZIP, ZAC, ZAR, HZ): a decision, never derived from the APL.

Paris, Lyon and Marseille are zoned by arrondissement: a commune is a set of parts, each with its zone and its share of
the inhabitants, and has one zone only where all its parts have the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.territories.aggregation import Territories

if TYPE_CHECKING:
    from coverage.territories.aggregation import FloatArray

ZONES: Final = ("ZIP", "ZAC", "ZAR", "HZ")
SEVERAL: Final = "plusieurs"
"""What stands for the zone of a commune whose parts are not all in the same."""


def zone_of_communes(zoning: pd.DataFrame) -> pd.Series:
    """Name the zone of each commune, `SEVERAL` where its parts are of several zones, or zoned in part only.

    Parameters
    ----------
    zoning
        Table `zoning`: part_code, commune_code, zone, share.

    Returns
    -------
    pandas.Series
        One of `ZONES`, or `SEVERAL`; index commune_code; missing where no zone is known.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> zone_of_communes(toy_country().zoning)[["31003", "69123"]].tolist()  # two arrondissements, HZ and ZAC
    ['ZIP', 'plusieurs']
    """
    parts = zoning.groupby("commune_code")["zone"]
    zones, n_distinct = parts.first(), parts.nunique(dropna=False)
    return zones.mask((n_distinct > 1) & zones.notna(), SEVERAL).rename("zone")


def zone_shares(zoning: pd.DataFrame) -> pd.DataFrame:
    """Return the share (0 to 1) of the inhabitants of each commune who live in each zone.

    Parameters
    ----------
    zoning
        Table `zoning`: part_code, commune_code, zone, share.

    Returns
    -------
    pandas.DataFrame
        Index commune_code, columns `ZONES`. What a row lacks to 1 lives where no zone is known; a commune of several
        zones whose parts have no known population is unknown in whole, like one without any zone: a row of zeros.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> zone_shares(toy_country().zoning).loc["69123", ["HZ", "ZAC", "ZIP"]].tolist()
    [0.4, 0.6, 0.0]
    """
    shares = zoning.pivot_table(index="commune_code", columns="zone", values="share", aggfunc="sum")
    codes = pd.Index(zoning["commune_code"].unique(), name="commune_code")
    return shares.reindex(index=codes, columns=list(ZONES)).fillna(0.0).rename_axis(columns=None)


def share_population_in_zone(shares: pd.DataFrame, zone: str, territories: Territories) -> pd.Series:
    """Return the share (0 to 1) of the inhabitants who live in a zone, among those whose zone is known.

    share = inhabitants of the parts of communes in the zone / inhabitants of the parts whose zone is known.

    Source: ARS zoning of GPs as exported by CartoSanté, copy seen in June 2025; populations of 2023, by arrondissement
    in Paris, Lyon and Marseille (list of communes).

    Parameters
    ----------
    shares
        Result of `zone_shares`.
    zone
        One of `ZONES`.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where no zone is known (La Réunion), or nobody lives there.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> departements = Territories.of(toy.communes, "departement")
    >>> share_population_in_zone(zone_shares(toy.zoning), "ZIP", departements)["31"].round(4)  # 3 000 of 26 000
    np.float64(0.1154)
    """
    inside, known = territories.align(shares[zone]), _known(shares, territories)
    share = np.divide(inside, known, out=np.full_like(known, np.nan), where=known > 0)
    return territories.mean(share, territories.population * known)


def share_population_zip(shares: pd.DataFrame, territories: Territories) -> pd.Series:
    """Return the share (0 to 1) of the inhabitants who live in a zone d'intervention prioritaire.

    See `share_population_in_zone`.
    """
    return share_population_in_zone(shares, "ZIP", territories).rename("share_population_zip")


def share_population_zone_known(shares: pd.DataFrame, territories: Territories) -> pd.Series:
    """Return the share (0 to 1) of the inhabitants whose zone is known: what the shares by zone speak of.

    Parameters
    ----------
    shares
        Result of `zone_shares`.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 to 1, 0 where the source says nothing (La Réunion). NaN where nobody lives.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> known = share_population_zone_known(zone_shares(toy.zoning), Territories.of(toy.communes, "departement"))
    >>> known["32"].round(4), known["974"]  # 8 500 of 8 900
    (np.float64(0.9551), np.float64(0.0))
    """
    known = territories.mean(_known(shares, territories), territories.population)
    return known.rename("share_population_zone_known")


def _known(shares: pd.DataFrame, territories: Territories) -> FloatArray:
    """Return the share of the inhabitants of each commune whose zone is known, 0 in a commune absent from the table."""
    return np.nan_to_num(territories.align(shares.sum(axis="columns"), default=0.0))
