"""What the inhabitants of a grid of cells must be against those of its communes: neither a part nor twice as many."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from data.contracts.gates import Breach

FEWEST: Final = 0.90
MOST: Final = 1.02
"""People of a grid for one of the municipal population of the same communes: the grid leaves out those who live in
homes and institutions (2 to 3 %), and is some years older (INSEE: −1 to +1 % a year by department)."""
FROM_PEOPLE: Final = 200_000
"""Inhabitants from which the ratio means something: a village may have more people in its home than in its houses."""


def people_of_grid(name: str, cells: pd.DataFrame, communes: pd.DataFrame) -> Iterator[Breach]:
    """Want a grid to have about the people of the communes that it covers.

    Parameters
    ----------
    name, cells
        A table of commune_code, population.
    communes
        commune_code, population.

    Yields
    ------
    Breach
        One, with both numbers; none under `FROM_PEOPLE` inhabitants.
    """
    covered = communes["commune_code"].isin(cells["commune_code"])
    expected, found = float(communes.loc[covered, "population"].sum()), float(cells["population"].sum())
    if expected >= FROM_PEOPLE and not FEWEST * expected <= found <= MOST * expected:
        bounds = f"de {FEWEST * expected:.0f} à {MOST * expected:.0f} habitants dans les communes de la grille"
        yield Breach(name, "habitants d’une grille", "colonne « population »", bounds, f"{found:.0f} habitants")
