"""MSP counted at three dates by FINESS and the BPE, beside the series of the DGOS: points that no line joins."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from coverage.indicators.cards.indicator import FROM_DEPARTEMENT
from coverage.indicators.structures import per_100k, population_per
from coverage.terms.site_dates import SITES_2021_ON
from coverage.trajectory.growth import population_at

FINESS_2021, BPE, FINESS_NOW = "finess_2021", "bpe", "finess"
ORIGINS: Final = (FINESS_2021, BPE, FINESS_NOW)
"""What counted: FINESS on 8 January 2021, INSEE's BPE, the FINESS in use."""


def msp_at_dates(
    counts: Mapping[str, pd.Series],
    days: Mapping[str, pd.Series],
    communes: pd.DataFrame,
    by_year: pd.DataFrame,
) -> pd.DataFrame:
    """Return the MSP of departments, regions and France by each of `ORIGINS`, alone and against the people of the day.

    Each origin has its own definition: figures of two origins are never drawn as one line nor subtracted.

    Parameters
    ----------
    counts
        By origin, MSP of each commune (index `commune_code`); NaN where they are not known.
    days
        By origin, day of the count in each department (index `departement_code`).
    communes
        commune_code, departement_code, region_code.
    by_year
        People, see `coverage.trajectory.growth.population_by_year`.

    Returns
    -------
    pandas.DataFrame
        level, territory_code, origin, date (latest day of the territory), days ("01/04/2026 et 12/05/2026"),
        n_structures, population, per_100k, population_per_structure (NaN where there is no MSP) and left_out: codes of
        the departments not known, separated by commas, which neither count nor people include. NaN where none is known.
    """
    homes = communes.drop_duplicates("departement_code").set_index("departement_code")["region_code"]
    where = communes.set_index("commune_code")["departement_code"]
    frames = []
    for origin in ORIGINS:
        by_departement = counts[origin].reindex(where.index).groupby(where).agg(lambda each: each.sum(skipna=False))
        day = days[origin].reindex(homes.index)
        people = {date: population_at(by_year, [date]).iloc[:, 0].loc["departement"] for date in day.dropna().unique()}
        table = pd.DataFrame({"n_structures": by_departement.reindex(homes.index), "day": day})
        table["population"] = [
            float("nan") if pd.isna(date) else people[date].get(code, float("nan")) for code, date in day.items()
        ]
        for level in FROM_DEPARTEMENT:
            codes = {"departement": homes.index.to_series(), "region": homes}.get(level, homes * 0 + "FR")
            frames.append(_total(table, codes).assign(level=level, origin=origin))
    total = pd.concat(frames, ignore_index=True)
    total["per_100k"] = per_100k(total["n_structures"], total["population"])
    total["population_per_structure"] = population_per(total["n_structures"], total["population"])
    return total


def _total(table: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Add up the departments known of each territory, saying which are not."""
    rows = []
    for code, here in table.groupby(codes.to_numpy()):
        known = here[here["n_structures"].notna()]
        said = [f"{day:%d/%m/%Y}" for day in sorted(known["day"].unique())]
        rows.append(
            {
                "territory_code": code,
                "date": known["day"].max(),
                "days": " et ".join(filter(None, (", ".join(said[:-1]), said[-1]))) if said else "",
                "n_structures": known["n_structures"].sum(min_count=1),
                "population": known["population"].sum(min_count=1, skipna=False),
                "left_out": ",".join(map(str, here.index.difference(known.index))),
            }
        )
    return pd.DataFrame(rows)


def sites_at_dates(
    structures: pd.DataFrame,
    of_2021: pd.DataFrame,
    bpe_communes: pd.DataFrame,
    known_now: pd.Series,
    known_2021: pd.Series,
    departement_of: pd.Series,
) -> tuple[dict[str, pd.Series], dict[str, pd.Series]]:
    """Return the counts and the days that `msp_at_dates` takes.

    Parameters
    ----------
    structures, of_2021, bpe_communes
        Tables of the snapshot.
    known_now, known_2021
        Whether every MSP of the file in use, and of that of 2021, is known in each commune (index `commune_code`).
    departement_of
        Department of each commune, same index.
    """
    index = known_now.index
    now, before = (table[table["structure_type"] == "msp"] for table in (structures, of_2021))
    of_bpe = bpe_communes.set_index("commune_code")
    counts = {
        FINESS_2021: _by_commune(before, known_2021),
        BPE: of_bpe["n_msp"].reindex(index),
        FINESS_NOW: _by_commune(now, known_now),
    }
    departements = pd.Index(sorted(departement_of.unique()), name="departement_code")
    read_on = now.groupby("departement_code")["as_of"].max().reindex(departements)
    # A department without an MSP is of the day of the file around it.
    read_on = read_on.fillna(now["as_of"].max())
    days = {
        FINESS_2021: pd.Series(pd.Timestamp(SITES_2021_ON), index=departements),
        BPE: pd.Series(pd.Timestamp(int(of_bpe["vintage"].max()), 1, 1), index=departements),
        FINESS_NOW: read_on,
    }
    return counts, days


def _by_commune(sites: pd.DataFrame, known: pd.Series) -> pd.Series:
    return sites["commune_code"].value_counts().reindex(known.index, fill_value=0).astype("float64").where(known)
