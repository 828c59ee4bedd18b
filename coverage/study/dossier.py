"""All the figures of the study of a candidate commune, by one door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coverage.access.reach import BOUNDS_MIN, Reach
from coverage.indicators.structures import covered_communes, regions_of
from coverage.simulator.supply_change import ScenarioError
from coverage.study.offer import Competition, compete, is_covered, structures_around
from coverage.study.portrait import catchment_communes, portrait
from coverage.study.staffing import staffing
from geo.travel_time.provider import provider_label

if TYPE_CHECKING:
    import pandas as pd

    from coverage.indicators.cards.access import AplSeries
    from coverage.indicators.commune_facts import CommuneFacts
    from coverage.simulator.supply_change import Baseline
    from geo.travel_time.matrix import TravelTimes

VINTAGES: Final = (2022, 2023)
"""Years of the APL that the study compares."""


@dataclass(frozen=True, eq=False)
class StudyTables:
    """What a study is computed from.

    Attributes
    ----------
    communes
        Table of communes.
    facts
        Of these communes (`coverage.indicators.commune_facts.commune_facts`).
    structures
        Table of structures.
    covered_regions
        Codes of the regions where it is complete.
    msp_regions
        Codes of the regions where its MSP are complete; None for those of every type.
    times
        Minutes between communes, limit at least 20.
    baseline
        Where the APL of a what-if starts from.
    """

    communes: pd.DataFrame
    facts: CommuneFacts
    structures: pd.DataFrame
    covered_regions: frozenset[str]
    times: TravelTimes
    baseline: Baseline
    msp_regions: frozenset[str] | None = None


@dataclass(frozen=True, eq=False)
class Dossier:
    """The figures of a study.

    Attributes
    ----------
    reach
        Minutes around the candidate.
    provider
        Who gave the travel times, in French: "estimation", "routes OSM"…
    series
        Series of the APL that it is read in, that of the baseline.
    zone
        Zone of the ARS of the candidate ("ZIP", "ZAC", "ZAR", "HZ"); "" when unknown.
    figures
        See `coverage.study.portrait.portrait`.
    communes
        See `coverage.study.portrait.catchment_communes`.
    around
        See `coverage.study.offer.structures_around`.
    is_covered
        Whether the structures are known in all the communes less than 20 minutes away.
    competition
        See `coverage.study.offer.compete`.
    staffing
        See `coverage.study.staffing.staffing`; None where nobody of known demand is in reach.
    """

    reach: Reach
    provider: str
    series: AplSeries
    zone: str
    figures: pd.DataFrame
    communes: pd.DataFrame
    around: pd.DataFrame
    is_covered: bool
    competition: Competition
    staffing: pd.DataFrame | None


def study(commune_code: str, tables: StudyTables) -> Dossier:
    """Compute everything that a study says of a candidate commune.

    Parameters
    ----------
    commune_code
        Any current commune.
    tables
        What it is computed from.

    Raises
    ------
    UnknownCommuneError
        The candidate is not in the list of communes.
    """
    communes, series = tables.communes, _series(tables.baseline)
    reach = Reach.of(commune_code, communes, tables.times)
    covered = covered_communes(communes, tables.covered_regions)
    of_msp = covered_communes(communes, regions_of("msp", tables.covered_regions, tables.msp_regions))
    try:
        by_gps = staffing(reach, tables.baseline)
    except ScenarioError:
        by_gps = None
    return Dossier(
        reach=reach,
        provider=provider_label(tables.times.provider),
        series=series,
        zone=_zone(commune_code, tables.facts),
        figures=portrait(reach, communes, tables.facts, VINTAGES, series),
        communes=catchment_communes(reach, communes, tables.facts, VINTAGES),
        around=structures_around(tables.structures, communes, reach),
        is_covered=is_covered(covered, reach.minutes_from < BOUNDS_MIN[-1]),
        competition=compete(reach, tables.structures, communes, of_msp, tables.times),
        staffing=by_gps,
    )


def _series(baseline: Baseline) -> AplSeries:
    return "apl" if baseline.series == "apl" else "apl_65"


def _zone(commune_code: str, facts: CommuneFacts) -> str:
    zone = np.nan if facts.zones is None else facts.zones.get(commune_code, np.nan)
    return zone if isinstance(zone, str) else ""
