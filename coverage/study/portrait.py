"""Who lives around a candidate commune, with which access to GPs, against what contains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.access.reach import BOUNDS_MIN
from coverage.indicators import apl_summary, population, shortfall
from coverage.indicators.cards.access import REFERENCE_SERIES, AplSeries
from coverage.indicators.population import GROWTH_YEARS
from coverage.indicators.zones import ZONES, share_population_in_zone
from coverage.territories.aggregation import Territories

if TYPE_CHECKING:
    from coverage.access.reach import Reach
    from coverage.indicators.commune_facts import CommuneFacts

CANDIDATE: Final = "commune"
ABOVE: Final = ("departement", "region", "france")
OUTLOOK_YEARS: Final = 10
"""Series that thresholds are about: GPs of 65 or less."""


def zone_name(bound_min: float) -> str:
    """Name the zone of the communes less than so many minutes away: "zone_15"."""
    return f"zone_{bound_min:g}"


def portrait(
    reach: Reach,
    communes: pd.DataFrame,
    facts: CommuneFacts,
    vintages: tuple[int, int],
    series: AplSeries = REFERENCE_SERIES,
) -> pd.DataFrame:
    """Return the same figures of the candidate, of the zones around it, and of its department, region and France.

    Means of the APL by standardised population, shares of people by total population, as the DREES says. Sources:
    list of communes (etalab); DREES, APL; INSEE, 75 and over, poverty, municipal populations and estimates; zoning of
    the ARS.

    Parameters
    ----------
    reach
        Minutes around the candidate.
    communes
        Table of communes: departement_code, region_code, population.
    facts
        Of the same table (`coverage.indicators.commune_facts.commune_facts`); what it lacks is unknown.
    vintages
        First and last year of the APL.
    series
        Series that the threshold is compared with.

    Returns
    -------
    pandas.DataFrame
        Index: "commune", "zone_10", "zone_15", "zone_20", "departement", "region", "france". Columns, NaN unknown:

        - n_communes, population (municipal inhabitants);
        - share_75plus (0-1): in the commune and zones, a mean of the communes' shares weighted by their inhabitants,
          over those where it is known; from the department up, of INSEE's estimates;
        - poverty_rate (0-1): in the commune and zones, that of their bassin de vie when they are in one only; in the
          department, its own; unknown above, where none is in the sources: a mean of rates would be no rate;
        - apl_<first>, apl_65_<first>, apl_<last>, apl_65_<last> (consultations a year per standardised inhabitant);
        - apl_at_risk_share (0-1): part of the last APL that GPs over 65 bring;
        - share_under_threshold (0-1): people whose commune has a last APL, in the series, under 2.5;
        - share_zip, share_zac, share_zar, share_hz (0-1): people by zone of the ARS, among those whose zone is known;
        - fte_at_risk: full-time GPs over 65 that the inhabitants resort to, Σ P̃ (APL - APL65) / acts of a full-time GP;
        - fte_to_threshold: the fewest full-time GPs that would lift every commune to 2.5, Σ P̃ (2.5 - APL)+ / acts,
          in the series;
        - population_growth_per_year (relative) between `GROWTH_YEARS`, unknown when a commune is not comparable, and
          population_change_10_years, the same yearly rate over ten years;
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
        name: _figures(
            Territories.of_own(communes, inside, name, reach.codes),
            facts,
            vintages,
            series,
            _published(name, home, facts),
        )
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
        bassin_de_vie_name, bassin_de_vie_poverty_rate, apl_<last>, apl_65_<last>, zone; NaN unknown.
    """
    last = vintages[-1]
    table = communes[["commune_code", "name", "departement_code", "population"]].reset_index(drop=True)
    table.insert(3, "minutes", reach.minutes_to)
    for name in ("share_75plus", "bassin_de_vie_name", "bassin_de_vie_poverty_rate"):
        table[name] = np.nan if facts.context is None else facts.context[name].to_numpy()
    apl = facts.apl.get(last)
    for series in apl_summary.SERIES:
        table[f"{series}_{last}"] = np.nan if apl is None else apl[series].to_numpy(np.float64)
    table["zone"] = None if facts.zones is None else facts.zones.to_numpy()
    near = table[reach.within(BOUNDS_MIN[-1])]
    return near.sort_values(["minutes", "population"], ascending=[True, False], ignore_index=True)


def _figures(
    place: Territories,
    facts: CommuneFacts,
    vintages: tuple[int, int],
    series: AplSeries,
    published: dict[str, float],
) -> dict[str, float]:
    figures = {"population": _one(population.population(place))}
    figures |= _context(place, facts)
    figures |= _access(place, facts, vintages, series)
    figures |= _zones(place, facts)
    figures["population_growth_per_year"] = _growth(place, facts)
    return _outlook(figures | published)


def _published(name: str, home: pd.Series, facts: CommuneFacts) -> dict[str, float]:
    """Return what INSEE publishes of the department, region or France; nothing for the commune and its zones."""
    if name not in ABOVE:
        return {}
    code = "FR" if name == "france" else home[f"{name}_code"]
    unknown = dict.fromkeys(("population_growth_per_year", "share_75plus", "poverty_rate"), np.nan)
    return unknown | {str(column): float(values[code]) for column, values in facts.published[name].items()}


def _context(place: Territories, facts: CommuneFacts) -> dict[str, float]:
    if facts.context is None:
        return dict.fromkeys(("share_75plus", "poverty_rate"), np.nan)
    return {
        "share_75plus": _one(population.population_weighted(facts.context["share_75plus"], place)),
        "poverty_rate": _poverty_rate(facts.context[np.asarray(place.membership == 0)]),
    }


def _poverty_rate(context: pd.DataFrame) -> float:
    """Return the poverty rate of the bassin de vie of some communes, NaN when they are of several or of none."""
    bassins = set(context["bassin_de_vie_code"])
    if len(bassins) != 1 or context["bassin_de_vie_code"].isna().any():
        return float("nan")
    return float(context["bassin_de_vie_poverty_rate"].iloc[0])


def _growth(place: Territories, facts: CommuneFacts) -> float:
    first, last = GROWTH_YEARS
    if not {first, last} <= set(facts.population_of_year):
        return float("nan")
    before, after = (facts.population_of_year[year] for year in GROWTH_YEARS)
    return _one(population.growth_per_year(before, after, place, last - first))


def _access(place: Territories, facts: CommuneFacts, vintages: tuple[int, int], chosen: AplSeries) -> dict[str, float]:
    last = vintages[-1]
    figures = {f"{series}_{vintage}": np.nan for vintage in vintages for series in apl_summary.SERIES}
    for vintage, by_commune in facts.apl.items():
        for series in apl_summary.SERIES:
            if f"{series}_{vintage}" in figures:
                figures[f"{series}_{vintage}"] = _one(apl_summary.mean_apl(by_commune, series, place))
    every, to_65 = (pd.Series([figures[f"{series}_{last}"]]) for series in apl_summary.SERIES)
    figures["apl_at_risk_share"] = _one(apl_summary.apl_at_risk_share(every, to_65))
    if last in facts.apl:
        under = apl_summary.share_population_under(facts.apl[last], chosen, place)
        return figures | {"share_under_threshold": _one(under)} | _full_time(place, facts.apl[last], chosen)
    return figures | dict.fromkeys(("share_under_threshold", "fte_at_risk", "fte_to_threshold", "_fte"), np.nan)


def _full_time(place: Territories, by_commune: pd.DataFrame, series: AplSeries) -> dict[str, float]:
    counts = dict(shortfall.full_time_gps(by_commune, place))
    short = "gp_fte_short_of_2_5" if series == "apl" else "gp_fte_short_of_2_5_65"
    return {
        "fte_at_risk": _one(counts["gp_fte_over_65"]),
        "fte_to_threshold": _one(counts[short]),
        "_fte": _one(counts["gp_fte"]),
    }


def _zones(place: Territories, facts: CommuneFacts) -> dict[str, float]:
    names = {zone: f"share_{zone.lower()}" for zone in ZONES}
    if facts.zone_shares is None:
        return dict.fromkeys(names.values(), np.nan)
    return {name: _one(share_population_in_zone(facts.zone_shares, zone, place)) for zone, name in names.items()}


def _outlook(figures: dict[str, float]) -> dict[str, float]:
    """Prolong the growth of the population over the years to come, and give the GPs that it asks for."""
    kept = {name: value for name, value in figures.items() if name != "_fte"}
    ten_years = (1 + figures["population_growth_per_year"]) ** OUTLOOK_YEARS - 1
    return kept | {"population_change_10_years": ten_years, "fte_growth": figures["_fte"] * ten_years}


def _one(series: pd.Series) -> float:
    return float(series.iloc[0])
