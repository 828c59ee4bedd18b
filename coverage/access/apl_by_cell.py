"""The APL modelled from each cell of 200 m, and its mean in each commune: what counting at the mairie hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coverage.access.cells import PEOPLE, access_by_cell
from geo.travel_time.road_estimate import PLACE_COLUMNS
from geo.workers import ALONE, Workers

if TYPE_CHECKING:
    from coverage.access.decay import Decay


def apl_by_cell(
    cells: pd.DataFrame,
    communes: pd.DataFrame,
    published: pd.DataFrame,
    n_gp: pd.Series,
    decay: Decay,
    workers: Workers = ALONE,
) -> pd.DataFrame:
    """Model the APL of the communes of a grid, from their cells, and from their mairie by the same supply.

    The standardised people of a commune are shared between its cells as its people are; a commune without cells stands
    at its mairie, so that those beyond the edge of a grid still share the GPs. Every GP is as active as the mean, at
    the mairie of his commune: Σ acts = Σ P̃ · APL published. An estimate: what the two columns tell is the effect of
    counting by cell, not an APL that replaces the published one.

    Parameters
    ----------
    cells
        Result of `coverage.access.cells.place_cells`.
    communes
        Table of communes: `PLACE_COLUMNS` but the density, population, area_km2.
    published
        Result of `coverage.access.apl_model.apl_by_commune`: apl, population_standardised; index commune_code. A
        commune that it does not have weighs nothing.
    n_gp
        GPs of each commune, index commune_code; absent or NaN counts none.
    decay
        That of the DREES.
    workers
        As in `coverage.access.cells.people_within`.

    Returns
    -------
    pandas.DataFrame
        Index commune_code, the communes that have a cell, sorted: demand (standardised people), apl_by_cell and
        apl_at_mairie (acts a year per standardised person; NaN where nobody is counted).
    """
    mairies = communes.assign(density_per_km2=communes["population"] / communes["area_km2"])[list(PLACE_COLUMNS)]
    standardised = published["population_standardised"].reindex(communes["commune_code"]).fillna(0.0)
    mairies = mairies.assign(**{PEOPLE: standardised.to_numpy(np.float64)}).dropna(subset=["longitude", "latitude"])
    of_commune = cells.groupby("commune_code")[PEOPLE].transform("sum")
    share = (cells[PEOPLE] / of_commune.where(of_commune > 0)).fillna(0.0)
    by_cell = cells.assign(**{PEOPLE: share * standardised.reindex(cells["commune_code"]).to_numpy(np.float64)})
    elsewhere = mairies[~mairies["commune_code"].isin(cells["commune_code"])]
    homes = pd.concat([by_cell[list(mairies)], elsewhere], ignore_index=True)
    counted = n_gp.reindex(mairies["commune_code"]).fillna(0.0).to_numpy(np.float64)
    acts = float((published["population_standardised"] * published["apl"]).sum())
    supplies = mairies.assign(supply=counted * acts / counted.sum())
    supplies = supplies[supplies["supply"] > 0].reset_index(drop=True)
    cell, mairie = (access_by_cell(places, supplies, decay, workers).communes for places in (homes, mairies))
    table = pd.DataFrame(
        {"demand": cell["demand"], "apl_by_cell": cell["access"], "apl_at_mairie": mairie["access"].reindex(cell.index)}
    )
    return table[table.index.isin(cells["commune_code"])]
