"""APL, zones and context of the snapshot, carried to the current communes."""

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from data.errors import ContractError
from data.history import carry_codes
from data.readers import bassins_de_vie, commune_indicators, drees_apl

WEIGHT_YEAR: Final = 2021
"""Year of the populations that weight the parts of a commune: the year of F-EDI."""

CONTEXT_COLUMNS: Final = [
    *("commune_code", "share_75plus", "bassin_de_vie_code", "bassin_de_vie_name", "bassin_de_vie_poverty_rate", "fedi"),
]


class CarriedTable(NamedTuple):
    """A table of the snapshot, and the codes of its source that no current commune holds."""

    table: pd.DataFrame
    not_carried: pd.DataFrame


def make_apl(path: Path, *, communes: pd.DataFrame, history: pd.DataFrame) -> CarriedTable:
    """Return each unit of DREES's workbook the current commune that holds it; no value is changed or added up.

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


def carry_zones(
    source: pd.DataFrame, *, communes: pd.DataFrame, history: pd.DataFrame, arrondissements: pd.DataFrame
) -> tuple[CarriedTable, list[str]]:
    """Carry the zones of a file to the current communes, in parts where a commune is of several zones.

    Parameters
    ----------
    source
        What `read_zoning` or `read_zones` gives.
    communes, history, arrondissements
        Tables of the snapshot.

    Returns
    -------
    tuple of CarriedTable and list of str
        `zoning`, sorted by part_code, and the codes of the communes of several zones. A commune of one zone, or of
        none, has one row: itself, of share 1. One of several has a row a part (arrondissement, former commune), with
        its share of the inhabitants, NaN where no source gives the inhabitants of the parts.
    """
    people_of = arrondissements.set_index("arrondissement_code")["population"]
    parts, not_carried = carry_codes(source.assign(part_code=source["commune_code"]), history, communes["commune_code"])
    parts = _with_every_arrondissement(parts, arrondissements)
    parts = parts.assign(people=parts["part_code"].map(people_of))
    told = parts[(parts["zone"].notna() | parts["people"].notna()) & (parts["people"] != 0)]
    n_zones = told.groupby("commune_code")["zone"].nunique(dropna=False)
    several = sorted(n_zones.index[n_zones > 1])
    split = told[told["commune_code"].isin(several)]
    of_commune = split["commune_code"].map(communes.set_index("commune_code")["population"])
    zone_of = told.drop_duplicates("commune_code").set_index("commune_code")["zone"]
    whole = communes.loc[~communes["commune_code"].isin(several), ["commune_code"]].reset_index(drop=True)
    whole = whole.assign(part_code=whole["commune_code"], zone=whole["commune_code"].map(zone_of), share=1.0)
    table = pd.concat([whole, split.assign(share=split["people"] / of_commune)])
    table = table[["part_code", "commune_code", "zone", "share"]].astype({"zone": "str"})
    return CarriedTable(table.sort_values("part_code", ignore_index=True), not_carried), several


def _with_every_arrondissement(parts: pd.DataFrame, arrondissements: pd.DataFrame) -> pd.DataFrame:
    """Add the arrondissements that a file zoned by arrondissement leaves out, without a zone; drop the whole town."""
    all_parts = arrondissements.rename(columns={"arrondissement_code": "part_code"})[["part_code", "commune_code"]]
    towns = parts.loc[parts["part_code"].isin(all_parts["part_code"]), "commune_code"].unique()
    missing = all_parts[all_parts["commune_code"].isin(towns) & ~all_parts["part_code"].isin(parts["part_code"])]
    is_town = parts["part_code"].isin(towns)
    return pd.concat([parts[~is_town], missing.assign(zone=pd.Series(pd.NA, index=missing.index, dtype="str"))])


def make_commune_context(
    *,
    share_75plus: Path,
    fedi: Path,
    bassins: Path,
    poverty: Path,
    populations: pd.DataFrame,
    communes: pd.DataFrame,
    history: pd.DataFrame,
) -> CarriedTable:
    """Put side by side what is known of the people of each commune: age, F-EDI, and the poverty of its bassin de vie.

    A commune given in parts (arrondissements, former communes) gets the mean of their shares or scores weighted by the
    inhabitants of `WEIGHT_YEAR`; it is unknown when a part is. No poverty rate is published by commune for the whole
    country: the rate is that of the bassin de vie, and the columns say so.

    Parameters
    ----------
    share_75plus, fedi
        The two JSON documents.
    bassins, poverty
        The bassin de vie of each commune, and the poverty rate of each bassin de vie.
    populations
        What `read_legal_populations` gives, for the weights.
    communes, history
        Tables of the snapshot.

    Returns
    -------
    CarriedTable
        `commune_context`: one row for every current commune, NaN where unknown (overseas, statistical secrecy).

    Raises
    ------
    DataError
        When a file is not what its reader expects, or a bassin de vie of a commune has no line of rates.
    """
    weights = _weights(populations)
    sources = {
        "share_75plus": commune_indicators.read_share_75plus(share_75plus),
        "fedi": commune_indicators.read_fedi(fedi),
    }
    table = communes[["commune_code"]].copy()
    left = []
    for name, source in sources.items():
        weighted = source.assign(weight=source["commune_code"].map(weights))
        carried, not_carried = carry_codes(weighted, history, communes["commune_code"])
        table[name] = table["commune_code"].map(_weighted_means(carried, name)).astype("float64")
        left.append(not_carried)
    table = table.merge(_bassins(bassins, poverty), on="commune_code", how="left")[CONTEXT_COLUMNS]
    return CarriedTable(table, pd.concat(left).drop_duplicates("code").sort_values("code", ignore_index=True))


def _bassins(bassins: Path, poverty: Path) -> pd.DataFrame:
    """Return each commune its bassin de vie, its name and its poverty rate."""
    members = bassins_de_vie.read_bassins_de_vie(bassins)
    rates = bassins_de_vie.read_poverty_rates(poverty).set_index("bassin_de_vie_code")["poverty_rate"]
    without = sorted(set(members["bassin_de_vie_code"]) - set(rates.index))
    if without:
        raise ContractError(
            "commune_context",
            expected="une ligne de taux par bassin de vie",
            found=f"aucune pour {', '.join(without[:5])}",
        )
    return members.assign(bassin_de_vie_poverty_rate=members["bassin_de_vie_code"].map(rates))


def _weights(populations: pd.DataFrame) -> "pd.Series[float]":
    """Return the inhabitants of each commune of the source's own list in `WEIGHT_YEAR`."""
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
