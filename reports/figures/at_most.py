"""Minutes that are a maximum, in French: near a region that is not loaded, a structure may be nearer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coverage.indicators.nearest import is_at_most
from reports.figures.numbers import format_number, format_share

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

AT_MOST: Final = "au plus"
WHY_AT_MOST: Final = "une structure d’une région non chargée peut être plus proche"
EVERYWHERE_MIN: Final = "nearest_msp_min"
"""Minutes that are never a maximum: the BPE knows the MSP of the whole country."""

_MINUTES: Final = re.compile(r"nearest_(.+)_min|share_population_within_[0-9]+_min_(.+)")


def minutes_behind(indicator_id: str) -> str:
    """Return the indicator of minutes that an indicator is made of, itself included; empty when it is of none."""
    found = _MINUTES.fullmatch(indicator_id)
    return f"nearest_{found[1] or found[2]}_min" if found else ""


def people_at_most(indicator_id: str, communes: pd.DataFrame, out_of_cover_min: pd.Series) -> pd.Series:
    """Return the inhabitants of each commune whose minutes are a maximum, 0 elsewhere and for any other indicator.

    Parameters
    ----------
    indicator_id
        An indicator of minutes, or of people within some minutes.
    communes
        Indicators of the communes, index: code.
    out_of_cover_min
        `coverage.indicators.commune_facts.CommuneFacts.out_of_cover_min`.

    Returns
    -------
    pandas.Series
        Inhabitants; index of `communes`.
    """
    name = minutes_behind(indicator_id)
    if name not in communes or name == EVERYWHERE_MIN:
        return communes["population"] * 0.0
    return communes["population"].where(is_at_most(communes[name], out_of_cover_min.reindex(communes.index)), 0.0)


def share_at_most(indicator_id: str, people: pd.Series, communes: pd.DataFrame, inside: npt.NDArray[np.bool_]) -> float:
    """Return the share (0 to 1) of the inhabitants whose minutes are a maximum, among those whose minutes are known.

    Parameters
    ----------
    indicator_id, people, communes, inside
        As in `tell_at_most`.

    Returns
    -------
    float
        0 where it concerns nobody, or for an indicator that is not of minutes.
    """
    n_people = float(people[inside].sum())
    if n_people == 0:
        return 0.0
    known = communes[minutes_behind(indicator_id)].notna().to_numpy()
    return n_people / float(communes.loc[inside & known, "population"].sum())


def tell_at_most(indicator_id: str, people: pd.Series, communes: pd.DataFrame, inside: npt.NDArray[np.bool_]) -> str:
    """Say how many communes and inhabitants of a territory the maximum concerns.

    Parameters
    ----------
    indicator_id, communes
        As in `people_at_most`.
    people
        Its result.
    inside
        True for the communes of the territory.

    Returns
    -------
    str
        "353 communes, 200 489 habitants (3,3 %) : temps maximal (« au plus »), …"; empty where it concerns nobody.
    """
    concerned = people[inside & (people > 0).to_numpy()]
    if concerned.empty:
        return ""
    share = share_at_most(indicator_id, people, communes, inside)
    many = "s" if len(concerned) > 1 else ""
    return (
        f"{format_number(len(concerned))} commune{many}, {format_number(concerned.sum())} habitants "
        f"({format_share(share, 1)}) : temps maximal (« {AT_MOST} »), {WHY_AT_MOST}."
    )
