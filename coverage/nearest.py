"""How far the nearest structure is, and how many people live near one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import UnknownCommuneError
from coverage.territories import FloatArray, Territories
from geo.road_estimate import minutes_to_nearest


def minutes_to_structure(
    structures: pd.DataFrame, structure_type: str, communes: pd.DataFrame, covered: pd.Series
) -> pd.Series:
    """Estimate the minutes by road from each commune's point to the structure of a type reached soonest.

    Source: FINESS; points of the communes; model and assumptions of `geo.road_estimate`. To be labelled « estimation ».
    Near a region that is not loaded a nearer structure may be missing: the time is then an upper bound.

    Parameters
    ----------
    structures
        Table of structures: structure_type, commune_code, departement_code, longitude, latitude (EPSG:4326).
    structure_type
        "msp", "cpts", "centre_sante", "pharmacie" or "hopital".
    communes
        Table of communes: commune_code, departement_code, longitude, latitude, population, area_km2.
    covered
        Whether the table of structures is complete in each commune (`coverage.structures.covered_communes`).

    Returns
    -------
    pandas.Series
        Minutes, 0 or more; index commune code, in the order of `communes`. inf where no road leads to one (an island
        without any), NaN where the commune is not covered or has no known point.

    Raises
    ------
    UnknownCommuneError
        When a structure is in a commune that is not in the list.

    Examples
    --------
    >>> from coverage.structures import covered_communes
    >>> from tests.toy import COVERED_REGIONS, toy_country
    >>> toy = toy_country()
    >>> covered = covered_communes(toy.communes, COVERED_REGIONS)
    >>> minutes = minutes_to_structure(toy.structures, "msp", toy.communes, covered)
    >>> minutes["31004"], minutes["69123"]  # its MSP stands at its mairie; the other region is not loaded
    (np.float64(0.0), np.float64(nan))
    """
    codes = _codes(communes, covered)
    density = (communes["population"] / communes["area_km2"]).to_numpy(np.float64)
    places = communes[["commune_code", "departement_code", "longitude", "latitude"]].assign(density_per_km2=density)
    sites = structures.loc[
        structures["structure_type"] == structure_type, ["commune_code", "departement_code", "longitude", "latitude"]
    ]
    home = codes.get_indexer(sites["commune_code"])
    if (home < 0).any():
        unknown = sites["commune_code"][home < 0]
        raise UnknownCommuneError(
            f"Structures : attendu des communes de la liste, trouvé {', '.join(map(str, unknown.head(5)))}"
            f" ({len(unknown)} en tout)."
        )
    sites = sites.assign(density_per_km2=density[home])
    asked = (covered if covered.index is codes else covered.reindex(codes).eq(True)).to_numpy(np.bool_)
    minutes = np.full(len(codes), np.nan)
    minutes[asked] = minutes_to_nearest(places[asked], sites)
    return pd.Series(minutes, index=codes, name=f"nearest_{structure_type}_min")


def mean_minutes(minutes: pd.Series, territories: Territories) -> pd.Series:
    """Average the minutes to the nearest structure over the inhabitants, each counted at the commune's point.

    mean = sum of (population · minutes) / sum of population, over those whom a road leads to a structure.

    Parameters
    ----------
    minutes
        Minutes of each commune (`minutes_to_structure`).
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        Minutes, 0 or more. inf where every known commune is cut off, NaN where a commune is unknown. At the commune
        level, `minutes`.

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> minutes = pd.Series({"69002": 30.0, "69123": 13.0})
    >>> mean_minutes(minutes, Territories.of(toy_country().communes, "departement"))["69"]  # 4 000 and 30 000 people
    np.float64(15.0)
    """
    values = territories.align(minutes)
    if territories.level == "commune":
        return territories.place(values).rename(minutes.name)
    reached = np.where(np.isinf(values), np.nan, values)
    mean = territories.mean(reached, territories.population)
    cut_off = territories.everywhere(np.isinf(values) | (territories.population == 0))
    inhabited = ~territories.everywhere(territories.population == 0)
    mean = mean.mask(cut_off & inhabited, np.inf).where(_known_everywhere(values, territories))
    return mean.rename(minutes.name)


def share_population_within(minutes: pd.Series, limit_min: float, territories: Territories) -> pd.Series:
    """Give the share (0 to 1) of the inhabitants who live less than so many minutes from a structure.

    share = population of the communes whose minutes < limit / population. Everyone is counted at the commune's point.

    Parameters
    ----------
    minutes
        Minutes of each commune (`minutes_to_structure`).
    limit_min
        Minutes, exclusive.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where a commune of the territory is unknown, or nobody lives there.

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> minutes = pd.Series({"69002": 30.0, "69123": 13.0})
    >>> share_population_within(minutes, 20, Territories.of(toy_country().communes, "departement"))["69"].round(3)
    np.float64(0.882)
    """
    values = territories.align(minutes)
    share = territories.share(values < limit_min, ~np.isnan(values), territories.population)
    return share.where(_known_everywhere(values, territories)).rename(minutes.name)


def _known_everywhere(values: FloatArray, territories: Territories) -> npt.NDArray[np.bool_]:
    """Say where every inhabited commune is known: a share of the covered half of an EPCI would pass for the whole."""
    return territories.everywhere(~np.isnan(values) | (territories.population == 0))


def _codes(communes: pd.DataFrame, covered: pd.Series) -> pd.Index:
    """Give the index of the communes: that of `covered` when it is in the same order, so that lookups are shared."""
    codes = pd.Index(communes["commune_code"], name="commune_code")
    return covered.index if covered.index.equals(codes) else codes
