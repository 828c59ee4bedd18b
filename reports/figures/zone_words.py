"""The zone of a commune in French: its one zone, or the share of its inhabitants in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage.indicators.zones import SEVERAL, zone_of_communes, zone_shares
from reports.figures.numbers import UNKNOWN, format_share

_LEAST_PRINTED = 0.0005
"""Less would be printed 0,0 %."""

if TYPE_CHECKING:
    import pandas as pd


def tell_zone_mix(zoning: pd.DataFrame, commune_code: str) -> str:
    """Write the shares of a commune of several zones, largest first: "ZAC 65,8 %, HZ 25,6 %, ZIP 8,6 %".

    Parameters
    ----------
    zoning
        Table `zoning`: part_code, commune_code, zone, share.
    commune_code
        Code of a current commune.

    Returns
    -------
    str
        Empty for a commune of one zone, or of none; the people whose zone is unknown come last, « n.d. ».
    """
    parts = zoning[zoning["commune_code"] == commune_code]
    if zone_of_communes(parts).get(commune_code) != SEVERAL:
        return ""
    shares = zone_shares(parts).loc[commune_code]
    mix = {str(zone): share for zone, share in shares.sort_values(ascending=False).items() if share > 0}
    unknown = 1 - sum(mix.values())
    if unknown > _LEAST_PRINTED:
        mix[UNKNOWN] = unknown
    return ", ".join(f"{zone} {format_share(share, 1)}" for zone, share in mix.items())
