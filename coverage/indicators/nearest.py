"""How far the nearest structure is, and how many people live near one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import UnknownCommuneError
from coverage.territories.aggregation import FloatArray, Territories
from geo.travel_time.road_estimate import minutes_to_nearest


def minutes_to_structure(
    structures: pd.DataFrame, structure_type: str, communes: pd.DataFrame, covered: pd.Series
) -> pd.Series:
    """Estimate the minutes by road from each commune's point to the structure of a type reached soonest.

    Source: FINESS; points of the communes; model and assumptions of `geo.travel_time.road_estimate`. To be
    labelled « estimation ».
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
        Whether the table of structures is complete in each commune (`coverage.indicators.structures.covered_communes`).

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
    >>> from coverage.indicators.structures import covered_communes
    >>> from tests.toy import COVERED_REGIONS, toy_country
    >>> toy = toy_country()
    >>> covered = covered_communes(toy.communes, COVERED_REGIONS)
    >>> minutes = minutes_to_structure(toy.structures, "msp", toy.communes, covered)
    >>> minutes["31004"], minutes["69123"]  # its MSP stands at its mairie; the other region is not loaded
    (np.float64(0.0), np.float64(nan))
    """
    codes = _codes(communes, covered)
    sites = sites_of(structures, structure_type, communes)
    asked = _asked(codes, covered)
    minutes = np.full(len(codes), np.nan)
    minutes[asked] = minutes_to_nearest(_places(communes)[asked], sites)
    return pd.Series(minutes, index=codes, name=f"nearest_{structure_type}_min")


def sites_of(structures: pd.DataFrame, structure_type: str, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the sites of a type as places that one drives to, with the density of their commune.

    Parameters
    ----------
    structures, structure_type, communes
        As in `minutes_to_structure`.

    Raises
    ------
    UnknownCommuneError
        When a structure is in a commune that is not in the list.
    """
    places = _places(communes)
    sites = structures.loc[
        structures["structure_type"] == structure_type, ["commune_code", "departement_code", "longitude", "latitude"]
    ]
    home = pd.Index(places["commune_code"]).get_indexer(sites["commune_code"])
    if (home < 0).any():
        unknown = sites["commune_code"][home < 0]
        raise UnknownCommuneError(
            f"Structures : attendu des communes de la liste, trouvé {', '.join(map(str, unknown.head(5)))}"
            f" ({len(unknown)} en tout)."
        )
    return sites.assign(density_per_km2=places["density_per_km2"].to_numpy(np.float64)[home])


def communes_with(counts: pd.Series, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the communes that have one or more, as places that one drives to; `minutes_to_commune_with` says more."""
    numbers = counts.reindex(pd.Index(communes["commune_code"])).to_numpy(np.float64)
    return _places(communes)[numbers > 0]


def minutes_to_commune_with(counts: pd.Series, communes: pd.DataFrame) -> pd.Series:
    """Estimate the minutes by road from each commune's point to that of the commune reached soonest that has one.

    Source: a count by commune, as the BPE; points of the communes; model and assumptions of
    `geo.travel_time.road_estimate`. To be labelled « estimation ».

    Parameters
    ----------
    counts
        Structures of each commune, index commune code; NaN unknown.
    communes
        Table of communes: commune_code, departement_code, longitude, latitude, population, area_km2.

    Returns
    -------
    pandas.Series
        Minutes, 0 or more (0 where the commune has one); index of `counts`, which is that of `communes`. inf where no
        road leads to one, NaN where the count or the point of the commune is unknown.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> counts = pd.Series(0.0, index=pd.Index(communes["commune_code"]))
    >>> counts["69123"] = 2.0
    >>> minutes = minutes_to_commune_with(counts, communes)
    >>> minutes["69123"], minutes["97401"]  # another island
    (np.float64(0.0), np.float64(inf))
    """
    places = _places(communes)
    numbers = counts.reindex(pd.Index(communes["commune_code"])).to_numpy(np.float64)
    asked = ~np.isnan(numbers)
    minutes = np.full(len(numbers), np.nan)
    minutes[asked] = minutes_to_nearest(places[asked], communes_with(counts, communes))
    return pd.Series(minutes, index=counts.index, name="minutes")


def minutes_out_of_cover(communes: pd.DataFrame, covered: pd.Series) -> pd.Series:
    """Estimate the minutes from each covered commune to the commune reached soonest whose structures are not loaded.

    A structure there is not known: a known one that is farther may not be the nearest. See `is_at_most`.

    Source: points of the communes; model and assumptions of `geo.travel_time.road_estimate`.

    Parameters
    ----------
    communes, covered
        As in `minutes_to_structure`.

    Returns
    -------
    pandas.Series
        Minutes, above 0; index commune code, in the order of `communes`. inf where no road leads out of cover
        (everything is loaded, an island), NaN where the commune is not covered or has no known point.

    Examples
    --------
    >>> from coverage.indicators.structures import covered_communes
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> outside = minutes_out_of_cover(communes, covered_communes(communes, frozenset({"76", "84", "04", "06"})))
    >>> bool((outside == np.inf).all())  # every region is loaded
    True
    """
    codes, places = _codes(communes, covered), _places(communes)
    asked = _asked(codes, covered)
    minutes = np.full(len(codes), np.nan)
    minutes[asked] = minutes_to_nearest(places[asked], places[~asked])
    return pd.Series(minutes, index=codes, name="minutes_out_of_cover")


def is_at_most(minutes: pd.Series, out_of_cover: pd.Series) -> pd.Series:
    """Say of each commune whether its minutes are a maximum: a place whose structures are unknown is reached sooner.

    Parameters
    ----------
    minutes
        Minutes to the nearest known structure (`minutes_to_structure`).
    out_of_cover
        Result of `minutes_out_of_cover`, same index.

    Returns
    -------
    pandas.Series
        Booleans; False where the minutes are unknown, and everywhere once every region is loaded.
    """
    return (out_of_cover < minutes).rename("is_at_most")


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


def share_population_within(
    minutes: pd.Series, limit_min: int, territories: Territories, by_cell: pd.DataFrame | None = None
) -> pd.Series:
    """Return the share (0 to 1) of the inhabitants who live less than so many minutes from a structure.

    share = people within the minutes / people, both added up over the communes. In a commune whose cells of 200 m are
    known, they are the people of its cells; elsewhere its population, all counted at the commune's point.

    Parameters
    ----------
    minutes
        Minutes of each commune (`minutes_to_structure`).
    limit_min
        Minutes, exclusive.
    territories
        Territories of a level.
    by_cell
        Index commune_code: population (people of the cells; absent or NaN without any), within_<limit>_min (people).
        None where no grid is known.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where a commune of the territory is unknown, or nobody lives there.

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> minutes = pd.Series({"69002": 30.0, "69123": 13.0})
    >>> departements = Territories.of(toy_country().communes, "departement")
    >>> share_population_within(minutes, 20, departements)["69"].round(3)
    np.float64(0.882)
    >>> cells = pd.DataFrame({"population": 5000.0, "within_20_min": 1000.0}, index=["69002"])
    >>> share_population_within(minutes, 20, departements, cells)["69"].round(3)  # 31 000 of 35 000
    np.float64(0.886)
    """
    values, people = territories.align(minutes), territories.population
    near = np.where(values < limit_min, people, 0.0)
    if by_cell is not None:
        counted = territories.align(by_cell["population"])
        people = np.where(np.isnan(counted), people, counted)
        near = np.where(np.isnan(counted), near, territories.align(by_cell[f"within_{limit_min}_min"]))
    known = ~np.isnan(values)
    within, all_people = (territories.total(np.where(known, one, 0.0)) for one in (near, people))
    share = within / all_people.where(all_people > 0)
    return share.where(_known_everywhere(values, territories)).rename(minutes.name)


def _known_everywhere(values: FloatArray, territories: Territories) -> npt.NDArray[np.bool_]:
    """Say where every inhabited commune is known: a share of the covered half of an EPCI would pass for the whole."""
    return territories.everywhere(~np.isnan(values) | (territories.population == 0))


def _places(communes: pd.DataFrame) -> pd.DataFrame:
    """Return the point of each commune and its density, as `geo.travel_time.road_estimate` wants them."""
    density = (communes["population"] / communes["area_km2"]).to_numpy(np.float64)
    return communes[["commune_code", "departement_code", "longitude", "latitude"]].assign(density_per_km2=density)


def _asked(codes: pd.Index, covered: pd.Series) -> npt.NDArray[np.bool_]:
    return (covered if covered.index is codes else covered.reindex(codes).eq(True)).to_numpy(np.bool_)


def _codes(communes: pd.DataFrame, covered: pd.Series) -> pd.Index:
    """Return the index of the communes: that of `covered` when it is in the same order, so that lookups are shared."""
    codes = pd.Index(communes["commune_code"], name="commune_code")
    return covered.index if covered.index.equals(codes) else codes
