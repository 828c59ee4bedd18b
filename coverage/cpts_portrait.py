"""What each CPTS is made of: inhabitants, size, access to GPs, MSP, GPs and zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coverage.apl_summary import mean_apl, share_population_under
from coverage.cpts import cpts_territories, home_departements, size_class
from coverage.funding.cpts import CptsRules
from coverage.structures import per_100k
from coverage.territories import Territories
from coverage.zones import ZONES


@dataclass(frozen=True, eq=False)
class CareFacts:
    """What is known of the care in each commune; None when the table is missing: unknown everywhere, never 0.

    Attributes
    ----------
    apl_by_commune
        Result of `coverage.apl_summary.apl_by_commune`, index commune_code.
    zones
        Zone of each commune, one of `coverage.zones.ZONES`; missing where unknown.
    msp_sites
        MSP sites of each commune (`coverage.structures.sites_by_commune`); NaN where not covered.
    gps
        General practitioners of each commune; NaN unknown.
    """

    apl_by_commune: pd.DataFrame | None = None
    zones: pd.Series | None = None
    msp_sites: pd.Series | None = None
    gps: pd.Series | None = None


def describe_cpts(
    perimeters: pd.DataFrame, communes: pd.DataFrame, care: CareFacts, rules: CptsRules, *, series: str = "apl_65"
) -> pd.DataFrame:
    """Describe each CPTS: a commune in two of them counts whole in each.

    Mean APL by standardised population, share under the threshold by total population, as the DREES does.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`: cpts_id, commune_code, name, finess_code (may be NA).
    communes
        Table of communes: commune_code, departement_code, population.
    care
        What is known of the communes.
    rules
        Edition of the sizes.
    series
        "apl_65" (GPs of 65 or less, the reference) or "apl" (all ages).

    Returns
    -------
    pandas.DataFrame
        Index cpts_id: name, finess_code, departement_code (where most of its inhabitants live), n_communes,
        n_shared_communes (also in another CPTS), population, size_class (1 to 4), apl (consultations a year per
        standardised inhabitant), share_population_under_2_5, n_msp (sites), n_gp, gp_per_100k, and for each zone
        share_population_<zone> (0 to 1, over the communes whose zone is known). NaN is unknown; n_msp and n_gp are
        unknown as soon as they are in one commune.

    Raises
    ------
    UnknownCommuneError
        When a perimeter names a commune that is not in the list.
    """
    rows = perimeters.drop_duplicates(["cpts_id", "commune_code"])
    cpts = cpts_territories(rows, communes)
    named = rows.drop_duplicates("cpts_id").set_index("cpts_id")
    shared = rows["commune_code"].duplicated(keep=False).to_numpy(np.float64)
    table = pd.DataFrame(
        {
            "name": named["name"],
            "finess_code": named["finess_code"],
            "departement_code": home_departements(rows, communes),
            "n_communes": cpts.total(np.ones(len(rows))),
            "n_shared_communes": cpts.total(shared),
            "population": cpts.total(cpts.population),
        },
        index=cpts.codes,
    )
    table["size_class"] = size_class(table["population"], rules)
    unknown = pd.Series(np.nan, index=cpts.codes)
    apl = None if care.apl_by_commune is None else _of_members(care.apl_by_commune, cpts)
    table["apl"] = unknown if apl is None else mean_apl(apl, series, cpts)
    table["share_population_under_2_5"] = unknown if apl is None else share_population_under(apl, series, cpts)
    for name, counts in (("n_msp", care.msp_sites), ("n_gp", care.gps)):
        table[name] = unknown if counts is None else cpts.total(cpts.align(_of_members(counts, cpts)))
    table["gp_per_100k"] = per_100k(table["n_gp"], table["population"])
    shares = {} if care.zones is None else _zone_shares(_of_members(care.zones, cpts), cpts)
    for zone in ZONES:
        table[f"share_population_{zone.lower()}"] = shares.get(zone, unknown)
    return table


def _of_members(values: Any, cpts: Territories) -> Any:
    """Keep what is said of the communes of a CPTS: the others are in no perimeter."""
    return values[values.index.isin(cpts.unit_codes)]


def _zone_shares(zones: pd.Series, cpts: Territories) -> dict[str, pd.Series]:
    placed = zones.reindex(cpts.unit_codes)
    known = placed.notna().to_numpy()
    return {zone: cpts.share((placed == zone).to_numpy(dtype=bool), known, cpts.population) for zone in ZONES}
