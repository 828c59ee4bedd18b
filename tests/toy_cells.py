"""Cells of 200 m of the toy country, in the table that a sync of the grid makes: some thirty a department, invented.

Each inhabited commune of departments 31, 32 and 974 has cells around its point, some of them nearer to the neighbour's;
69 and 976 have none: no grid covers them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.crs import metres_transformer

EPSG = {"31": 3035, "32": 3035, "974": 2975}
N_CELLS = 9


def toy_cells(communes: pd.DataFrame) -> pd.DataFrame:
    """Return `population_cells` of the toy communes: 97 % of their people, in nine cells up to 9 km away."""
    rng = np.random.default_rng(20191)
    parts = []
    for one in communes[communes["departement_code"].isin(EPSG) & (communes["population"] > 0)].itertuples():
        epsg = EPSG[one.departement_code]
        east, north = metres_transformer(epsg).transform(one.longitude, one.latitude)
        steps = rng.integers(-45, 45, (N_CELLS, 2)) * 200
        people = rng.dirichlet(np.ones(N_CELLS)) * one.population * 0.97
        corner = np.floor(np.array([[east, north]]) / 200) * 200 + steps + 100
        parts.append(
            pd.DataFrame(
                {
                    "commune_code": one.commune_code,
                    "epsg": np.int32(epsg),
                    "y_m": corner[:, 1].astype(np.int32),
                    "x_m": corner[:, 0].astype(np.int32),
                    "population": people,
                    "imputed": people < 20,
                }
            )
        )
    table = pd.concat(parts).astype({"commune_code": "str"})
    return table.sort_values(["commune_code", "epsg", "y_m", "x_m"], ignore_index=True)
