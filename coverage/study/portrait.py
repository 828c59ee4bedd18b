"""Who lives around a candidate commune, with which access to GPs, against what contains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage import apl_summary, population
from coverage.decay import read_access_parameters
from coverage.indicators import CHANGE_YEARS
from coverage.study.reach import BOUNDS_MIN, gathered
from coverage.zones import ZONES

if TYPE_CHECKING:
    from coverage.indicators import CommuneFacts
    from coverage.study.reach import Reach
    from coverage.territories import FloatArray, Territories

CANDIDATE: Final = "commune"
ABOVE: Final = ("departement", "region", "france")
OUTLOOK_YEARS: Final = 10
REFERENCE: Final = "apl_65"
"""Series that thresholds are about: GPs of 65 or less."""


def zone_name(bound_min: float) -> str:
    """Name the zone of the communes less than so many minutes away: "zone_15"."""
    return f"zone_{bound_min:g}"


def portrait(reach: Reach, communes: pd.DataFrame, facts: CommuneFacts, vintages: tuple[int, int]) -> pd.DataFrame:
    """Give the same figures of the candidate, of the zones around it, and of its department, region and France.

    Means of the APL by standardised population, shares of people by total population, as the DREES says. Sources:
    list of communes (etalab); DREES, APL; INSEE, 75 and over and poverty (metropolitan France only), legal
    populations; zoning of the ARS.

    Parameters
    ----------
    reach
        Minutes around the candidate.
    communes
        Table of communes: departement_code, region_code, population.
    facts
        Of the same table (`coverage.indicators.commune_facts`); what it lacks is unknown.
    vintages
        First and last year of the APL.

    Returns
    -------
    pandas.DataFrame
        Index: "commune", "zone_10", "zone_15", "zone_20", "departement", "region", "france". Columns, NaN unknown:

        - n_communes, population (municipal inhabitants);
        - share_75plus, poverty_rate (0-1): a mean of the communes' rates weighted by their inhabitants, over those
          where it is known, for want of published counts; share_poverty_known (0-1): the inhabitants it speaks for;
        - apl_<first>, apl_65_<first>, apl_<last>, apl_65_<last> (consultations a year per standardised inhabitant);
        - apl_at_risk_share (0-1): part of the last APL that GPs over 65 bring;
        - share_under_threshold (0-1): people whose commune has a last APL (65 or less) under 2.5;
        - share_zip, share_zac, share_zar, share_hz (0-1): people by zone of the ARS, among those whose zone is known;
        - fte_at_risk: full-time GPs over 65 that the inhabitants resort to, Σ P̃ (APL - APL65) / acts of a full-time GP;
        - fte_to_threshold: the fewest full-time GPs that would lift every commune to 2.5, Σ P̃ (2.5 - APL65)+ / acts;
        - population_change (relative) between the two years of the legal populations, and population_change_10_years,
          the same yearly rate over ten years;
        - fte_growth: full-time GPs more (less) for that population to keep today's APL, at the same ages.
    """
    home = communes.loc[np.asarray(reach.codes == reach.commune_code)].iloc[0]
    insides = {CANDIDATE: np.asarray(reach.codes == reach.commune_code)}
    insides |= {zone_name(bound): reach.within(bound) for bound in BOUNDS_MIN}
    for level in ABOVE[:-1]:
        column = f"{level}_code"
        insides[level] = (communes[column] == home[column]).to_numpy(np.bool_)
    insides["france"] = np.ones(len(communes), dtype=np.bool_)
    rows = {
        name: _figures(gathered(communes, reach.codes, inside, name), facts, vintages)
        for name, inside in insides.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.insert(0, "n_communes", [float(inside.sum()) for inside in insides.values()])
    return table


def catchment_communes(
    reach: Reach, communes: pd.DataFrame, facts: CommuneFacts, vintages: tuple[int, int]
) -> pd.DataFrame:
    """List the communes less than 20 minutes from the candidate, nearest first.

    Parameters
    ----------
    reach, communes, facts, vintages
        As in `portrait`.

    Returns
    -------
    pandas.DataFrame
        RangeIndex; commune_code, name, departement_code, minutes (to the candidate), population, share_75plus,
        poverty_rate, apl_<last>, apl_65_<last>, zone; NaN unknown.
    """
    last = vintages[-1]
    table = communes[["commune_code", "name", "departement_code", "population"]].reset_index(drop=True)
    table.insert(3, "minutes", reach.minutes_to)
    for name in ("share_75plus", "poverty_rate"):
        table[name] = np.nan if facts.context is None else facts.context[name].to_numpy(np.float64)
    apl = facts.apl.get(last)
    for series in apl_summary.SERIES:
        table[f"{series}_{last}"] = np.nan if apl is None else apl[series].to_numpy(np.float64)
    table["zone"] = None if facts.zones is None else facts.zones.to_numpy()
    near = table[reach.within(BOUNDS_MIN[-1])]
    return near.sort_values(["minutes", "population"], ascending=[True, False], ignore_index=True)


def _figures(place: Territories, facts: CommuneFacts, vintages: tuple[int, int]) -> dict[str, float]:
    figures = {"population": _one(population.population(place))}
    figures |= _context(place, facts)
    figures |= _access(place, facts, vintages)
    figures |= _zones(place, facts)
    return _outlook(place, facts, figures)


def _context(place: Territories, facts: CommuneFacts) -> dict[str, float]:
    unknown = dict.fromkeys(("share_75plus", "poverty_rate", "share_poverty_known"), np.nan)
    if facts.context is None:
        return unknown
    return {
        "share_75plus": _one(population.population_weighted(facts.context["share_75plus"], place)),
        "poverty_rate": _one(population.population_weighted(facts.context["poverty_rate"], place)),
        "share_poverty_known": _one(population.share_population_known(facts.context["poverty_rate"], place)),
    }


def _access(place: Territories, facts: CommuneFacts, vintages: tuple[int, int]) -> dict[str, float]:
    last = vintages[-1]
    figures = {f"{series}_{vintage}": np.nan for vintage in vintages for series in apl_summary.SERIES}
    for vintage, by_commune in facts.apl.items():
        for series in apl_summary.SERIES:
            if f"{series}_{vintage}" in figures:
                figures[f"{series}_{vintage}"] = _one(apl_summary.mean_apl(by_commune, series, place))
    every, to_65 = (pd.Series([figures[f"{series}_{last}"]]) for series in apl_summary.SERIES)
    figures["apl_at_risk_share"] = _one(apl_summary.apl_at_risk_share(every, to_65))
    if last in facts.apl:
        under = apl_summary.share_population_under(facts.apl[last], REFERENCE, place)
        return figures | {"share_under_threshold": _one(under)} | _full_time(place, facts.apl[last])
    return figures | dict.fromkeys(("share_under_threshold", "fte_at_risk", "fte_to_threshold", "_fte"), np.nan)


def _full_time(place: Territories, by_commune: pd.DataFrame) -> dict[str, float]:
    """Turn the APL into the full-time GPs behind it: conservation of acts, Σ P̃·APL = Σ S."""
    acts_per_fte = float(read_access_parameters()["general_practitioner"]["acts_per_fte"])
    every, to_65, weight = (place.align(by_commune[name]) for name in ("apl", REFERENCE, f"weight_{REFERENCE}"))
    lacking = np.clip(apl_summary.UNDER_DENSE - to_65, 0, None)
    return {
        # Never below 0 but by the rounding to three decimals
        "fte_at_risk": _sum(place, weight * np.clip(every - to_65, 0, None)) / acts_per_fte,
        "fte_to_threshold": _sum(place, weight * lacking) / acts_per_fte,
        "_fte": _sum(place, place.align(by_commune["weight_apl"]) * every) / acts_per_fte,
    }


def _zones(place: Territories, facts: CommuneFacts) -> dict[str, float]:
    names = {zone: f"share_{zone.lower()}" for zone in ZONES}
    if facts.zones is None:
        return dict.fromkeys(names.values(), np.nan)
    zones = facts.zones.to_numpy(dtype=object)
    known = np.asarray(facts.zones.notna())
    return {name: _one(place.share(zones == zone, known, place.population)) for zone, name in names.items()}


def _outlook(place: Territories, facts: CommuneFacts, figures: dict[str, float]) -> dict[str, float]:
    kept = {name: value for name, value in figures.items() if name != "_fte"}
    first, end = CHANGE_YEARS
    change = np.nan
    if {first, end} <= set(facts.population_of_year):
        before, after = (facts.population_of_year[year] for year in CHANGE_YEARS)
        change = _one(population.population_change(before, after, place))
    ten_years = (1 + change) ** (OUTLOOK_YEARS / (end - first)) - 1
    trend = {"population_change": change, "population_change_10_years": ten_years}
    return kept | trend | {"fte_growth": figures["_fte"] * ten_years}


def _sum(place: Territories, values: FloatArray) -> float:
    return _one(place.total_known(values))


def _one(series: pd.Series) -> float:
    return float(series.iloc[0])
