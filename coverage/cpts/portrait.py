"""What each CPTS is made of: inhabitants, size, access to GPs, MSP, GPs and zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coverage.cpts.perimeters import cpts_population, cpts_territories, home_departements, size_class
from coverage.cpts.units import in_finest_units
from coverage.funding.cpts import CptsRules
from coverage.indicators.apl_summary import apl_by_commune, mean_apl, share_population_under
from coverage.indicators.structures import per_100k
from coverage.indicators.zones import ZONES, share_population_in_zone
from coverage.terms.extents import PART, WHOLE
from coverage.territories.aggregation import Territories


@dataclass(frozen=True, eq=False)
class CareFacts:
    """What is known of the care in each unit (a commune or an arrondissement; `coverage.cpts.units`).

    None when the table is missing: unknown everywhere, never 0.

    Attributes
    ----------
    apl_by_unit
        Result of `apl_by_unit`, index unit_code.
    zone_shares
        Result of `coverage.indicators.zones.zone_shares` for `zoning_by_unit`, index unit_code.
    msp
        MSP of each unit; NaN unknown.
    gps
        General practitioners of each unit; NaN unknown.
    """

    apl_by_unit: pd.DataFrame | None = None
    zone_shares: pd.DataFrame | None = None
    msp: pd.Series | None = None
    gps: pd.Series | None = None


def apl_by_unit(apl: pd.DataFrame, units: pd.DataFrame, vintage: int) -> pd.DataFrame:
    """Gather the APL by commune, and by arrondissement.

    Parameters
    ----------
    apl
        Table `apl`, whose unit_code is the arrondissement in Paris, Lyon and Marseille.
    units
        Result of `coverage.cpts.units.cpts_units`.
    vintage
        Year.

    Returns
    -------
    pandas.DataFrame
        Columns of `coverage.indicators.apl_summary.apl_by_commune`, index unit_code.
    """
    parts = units.loc[units["unit_code"] != units["commune_code"], "unit_code"]
    of_parts = apl[apl["unit_code"].isin(parts)]
    both = pd.concat([apl, of_parts.assign(commune_code=of_parts["unit_code"])], ignore_index=True)
    return apl_by_commune(both, vintage)


def zoning_by_unit(zoning: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Add the arrondissements to the table of zones, each as if it were a commune: with its own zone, or the city's.

    Parameters
    ----------
    zoning
        Table `zoning`: part_code, commune_code, zone, share.
    units
        Result of `coverage.cpts.units.cpts_units`.

    Returns
    -------
    pandas.DataFrame
        The columns of `zoning`, where commune_code is a unit_code; of an arrondissement of a city of several zones that
        the table leaves out, the zone is missing.

    Examples
    --------
    >>> from coverage.cpts.units import cpts_units
    >>> from coverage.indicators.zones import zone_of_communes
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> zoning = zoning_by_unit(toy.zoning, cpts_units(toy.communes, toy.arrondissements))
    >>> zone_of_communes(zoning)[["69123", "69381", "69382"]].tolist()
    ['plusieurs', 'HZ', 'ZAC']
    """
    zone_of = zoning.set_index("part_code")["zone"]
    parts = units.loc[units["unit_code"] != units["commune_code"], ["unit_code", "commune_code"]]
    told = parts["unit_code"].where(parts["unit_code"].isin(zone_of.index), parts["commune_code"])
    codes = parts["unit_code"].to_numpy()
    added = {"part_code": codes, "commune_code": codes, "zone": told.map(zone_of).to_numpy(), "share": 1.0}
    return pd.concat([zoning, pd.DataFrame(added)], ignore_index=True)


def describe_cpts(
    perimeters: pd.DataFrame, units: pd.DataFrame, care: CareFacts, rules: CptsRules, *, series: str = "apl_65"
) -> pd.DataFrame:
    """Describe each CPTS: a commune in two of them counts whole in each.

    Mean APL by standardised population, share under the threshold by total population, as the DREES does.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`; finess_code may be NA.
    units
        Result of `coverage.cpts.units.cpts_units`.
    care
        What is known of the units.
    rules
        Edition of the sizes.
    series
        "apl_65" (GPs of 65 or less, the reference) or "apl" (all ages).

    Returns
    -------
    pandas.DataFrame
        Index cpts_id: name, finess_code, departement_code (where most of its inhabitants live), n_communes,
        n_shared_communes (also in another CPTS), n_part_communes (covered in part only), population, size_class (1 to
        4), apl (consultations a year per standardised inhabitant), share_population_under_2_5, n_msp, n_gp,
        gp_per_100k, and for each zone
        share_population_<zone> (0 to 1, over the communes whose zone is known). NaN is unknown; n_msp and n_gp are
        unknown as soon as they are in one unit; all of these are where a unit is in without its extent being known.

    Raises
    ------
    UnknownCommuneError
        When a perimeter names a commune that is not in the list.
    """
    rows = perimeters.drop_duplicates(["cpts_id", "unit_code"])
    cpts = cpts_territories(rows, units)
    named = rows.drop_duplicates("cpts_id").set_index("cpts_id")
    finest = in_finest_units(rows, units)
    finest = finest[finest["extent"] != PART]
    shared = finest[finest["unit_code"].duplicated(keep=False)]
    in_part = rows[(rows["extent"] == PART) | (rows["unit_code"] != rows["commune_code"])]
    table = pd.DataFrame(
        {
            "name": named["name"],
            "finess_code": named["finess_code"],
            "departement_code": home_departements(rows, units),
            "n_communes": _count_communes(rows, cpts),
            "n_shared_communes": _count_communes(shared, cpts),
            "n_part_communes": _count_communes(in_part, cpts),
            "population": cpts_population(rows, units),
        },
        index=cpts.codes,
    )
    table["size_class"] = size_class(table["population"], rules)
    unknown = pd.Series(np.nan, index=cpts.codes)
    apl = None if care.apl_by_unit is None else _of_members(care.apl_by_unit, cpts)
    table["apl"] = unknown if apl is None else mean_apl(apl, series, cpts)
    table["share_population_under_2_5"] = unknown if apl is None else share_population_under(apl, series, cpts)
    for name, counts in (("n_msp", care.msp), ("n_gp", care.gps)):
        table[name] = unknown if counts is None else cpts.total(cpts.align(_of_members(counts, cpts)))
    table["gp_per_100k"] = per_100k(table["n_gp"], table["population"])
    shares = None if care.zone_shares is None else _of_members(care.zone_shares, cpts)
    for zone in ZONES:
        share = unknown if shares is None else share_population_in_zone(shares, zone, cpts)
        table[f"share_population_{zone.lower()}"] = share
    # Rates and counts of the units that are listed would stand for a perimeter that is not them.
    unbounded = table.index.isin(rows.loc[rows["extent"] != WHOLE, "cpts_id"])
    measured = table.columns[table.columns.get_loc("size_class") + 1 :]
    table.loc[unbounded, measured] = np.nan
    return table


def _count_communes(rows: pd.DataFrame, cpts: Territories) -> pd.Series:
    counts = rows.groupby("cpts_id")["commune_code"].nunique()
    return counts.reindex(cpts.codes, fill_value=0).astype("float64")


def _of_members(values: Any, cpts: Territories) -> Any:
    """Keep what is said of the communes of a CPTS: the others are in no perimeter."""
    return values[values.index.isin(cpts.unit_codes)]
