"""APL, zones, context and past populations of the snapshot, carried to the current communes."""

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from data.errors import ContractError
from data.history import carry_codes, sum_counts
from data.readers import commune_indicators, drees_apl, zoning

WEIGHT_YEAR: Final = 2021
"""Year of the populations that weight the parts of a commune: the year of F-EDI."""


class CarriedTable(NamedTuple):
    """A table of the snapshot, and the codes of its source that no current commune holds."""

    table: pd.DataFrame
    not_carried: pd.DataFrame


def make_apl(path: Path, *, communes: pd.DataFrame, history: pd.DataFrame) -> CarriedTable:
    """Give each unit of DREES's workbook the current commune that holds it; no value is changed or added up.

    Parameters
    ----------
    path
        The workbook.
    communes, history
        Tables of the snapshot.

    Returns
    -------
    CarriedTable
        `apl`, sorted by vintage and unit_code. A current commune born of a merger, or of arrondissements, has
        several units, to be averaged by standardised population.
    """
    units = drees_apl.read_apl(path).assign(commune_code=lambda table: table["unit_code"])
    carried, not_carried = carry_codes(units.rename(columns={"unit_name": "name"}), history, communes["commune_code"])
    columns = ["vintage", "unit_code", "commune_code", "apl", "apl_65", "population_standardised", "population_total"]
    table = carried[columns].sort_values(["vintage", "unit_code"], ignore_index=True)
    return CarriedTable(table, not_carried)


def make_population_series(populations: pd.DataFrame, *, communes: pd.DataFrame, history: pd.DataFrame) -> CarriedTable:
    """Add up the municipal populations (inhabitants) of the communes that a current one holds, year by year.

    Parameters
    ----------
    populations
        What `read_legal_populations` gives.
    communes, history
        Tables of the snapshot.

    Returns
    -------
    CarriedTable
        `population_series`, sorted by commune_code and year; the total of each year is that of the source, less what
        could not be carried. A commune re-established since has no row: its inhabitants are still in the one it left.

    Raises
    ------
    ContractError
        When carrying lost or made an inhabitant.
    """
    carried, not_carried = carry_codes(populations, history, communes["commune_code"])
    series = sum_counts(carried, ["commune_code", "year"], ["population"])
    left = populations[populations["commune_code"].isin(not_carried["code"])]
    kept = series.groupby("year")["population"].sum().add(left.groupby("year")["population"].sum(), fill_value=0.0)
    expected = populations.groupby("year")["population"].sum()
    if not kept.equals(expected):
        raise ContractError("population_series", place="total", expected=expected.to_dict(), found=kept.to_dict())
    return CarriedTable(series, not_carried)


def make_zoning(
    path: Path, populations: pd.DataFrame, *, communes: pd.DataFrame, history: pd.DataFrame
) -> tuple[CarriedTable, list[str]]:
    """Give each current commune its zone, NA where the source has none or where its parts are of several zones.

    Parameters
    ----------
    path
        The zones by INSEE code.
    populations
        What `read_legal_populations` gives: a part where nobody lived does not count.
    communes, history
        Tables of the snapshot.

    Returns
    -------
    tuple of CarriedTable and list of str
        `zoning` (one row for every current commune), and the codes of the communes of several zones.
    """
    return carry_zones(zoning.read_zoning(path), populations, communes=communes, history=history)


def carry_zones(
    source: pd.DataFrame, populations: pd.DataFrame, *, communes: pd.DataFrame, history: pd.DataFrame
) -> tuple[CarriedTable, list[str]]:
    """Carry the zones of a file to the current communes; parameters and returns as for `make_zoning`.

    Parameters
    ----------
    source
        What `read_zoning` or `read_zones` gives.
    """
    weighted = source.assign(weight=source["commune_code"].map(_weights(populations)))
    parts, not_carried = carry_codes(weighted, history, communes["commune_code"])
    inhabited = parts[parts["zone"].notna() & (parts["weight"] != 0)]
    n_zones = inhabited.groupby("commune_code")["zone"].nunique()
    several = sorted(n_zones.index[n_zones > 1])
    zone_of = parts.dropna(subset="zone").groupby("commune_code")["zone"].first()
    zones = communes["commune_code"].map(zone_of.drop(several)).astype("str")
    table = pd.DataFrame({"commune_code": communes["commune_code"], "zone": zones})
    return CarriedTable(table, not_carried), several


def make_commune_context(
    *,
    share_75plus: Path,
    poverty_rate: Path,
    fedi: Path,
    populations: pd.DataFrame,
    communes: pd.DataFrame,
    history: pd.DataFrame,
) -> CarriedTable:
    """Put the shares of 75 and over, the poverty rates and the F-EDI scores of the communes side by side.

    A commune given in parts (arrondissements, former communes) gets their mean weighted by the inhabitants of
    `WEIGHT_YEAR`; it is unknown when a part is.

    Parameters
    ----------
    share_75plus, poverty_rate, fedi
        The three JSON documents.
    populations
        What `read_legal_populations` gives, for the weights.
    communes, history
        Tables of the snapshot.

    Returns
    -------
    CarriedTable
        `commune_context`: one row for every current commune, NaN where unknown (overseas, statistical secrecy).
    """
    weights = _weights(populations)
    sources = {
        "share_75plus": commune_indicators.read_share_75plus(share_75plus),
        "poverty_rate": commune_indicators.read_poverty_rate(poverty_rate),
        "fedi": commune_indicators.read_fedi(fedi),
    }
    table = communes[["commune_code"]].copy()
    left = []
    for name, source in sources.items():
        weighted = source.assign(weight=source["commune_code"].map(weights))
        carried, not_carried = carry_codes(weighted, history, communes["commune_code"])
        table[name] = table["commune_code"].map(_weighted_means(carried, name)).astype("float64")
        left.append(not_carried)
    return CarriedTable(table, pd.concat(left).drop_duplicates("code").sort_values("code", ignore_index=True))


def _weights(populations: pd.DataFrame) -> "pd.Series[float]":
    """Give the inhabitants of each commune of the source's own list in `WEIGHT_YEAR`."""
    return populations[populations["year"] == WEIGHT_YEAR].set_index("commune_code")["population"]


def _weighted_means(parts: pd.DataFrame, name: str) -> "pd.Series[float]":
    """Average a column over the parts of each commune; the value itself where there is one part only."""
    alone = ~parts["commune_code"].duplicated(keep=False)
    several = parts[~alone]
    products = (several[name] * several["weight"]).groupby(several["commune_code"])
    totals = several["weight"].where(several[name].notna()).groupby(several["commune_code"])
    # min_count of the size: one unknown part, or one unknown weight, makes the mean unknown.
    sums = products.apply(lambda part: part.sum(skipna=False))
    means = sums / totals.apply(lambda part: part.sum(skipna=False)).replace(0.0, np.nan)
    return pd.concat([parts[alone].set_index("commune_code")[name], means]).astype("float64")
