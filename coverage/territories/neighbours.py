"""The territories that touch one: of its level, by a stretch of border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.levels import code_column

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.shapes.adjacency import Adjacency


@dataclass(frozen=True)
class Neighbours:
    """What touches a territory.

    Attributes
    ----------
    territories
        Those of its level that share a stretch of border with it, by name; none for an island, or for what only the
        sea and other countries bound.
    is_known
        False when no shape of the territory is known: whether anything touches it is then not known either.
    """

    territories: tuple[Territory, ...]
    is_known: bool = True


def neighbours(gazetteer: Gazetteer, adjacency: Adjacency, territory: Territory) -> Neighbours:
    """Return what touches a territory.

    Parameters
    ----------
    gazetteer
        Names, and the territory of each commune at each level.
    adjacency
        The communes that touch; those of them that the gazetteer doesn't know are left out.
    territory
        Of any level. France has no neighbour.

    Returns
    -------
    Neighbours
        A territory is never its own neighbour, and two territories are each other's or neither is. What belongs to no
        territory of the level (`geo.levels.LevelNames.left_out`) is nobody's.
    """
    if territory == FRANCE:
        return Neighbours(())
    of = _codes_at(gazetteer, adjacency, territory.level)
    if not (of == territory.code).any():
        return Neighbours((), is_known=False)
    one, other = of[adjacency.pairs[:, 0]], of[adjacency.pairs[:, 1]]
    beside = np.concatenate([other[one == territory.code], one[other == territory.code]])
    found = [Territory(territory.level, code) for code in set(beside) - {territory.code, ""}]
    return Neighbours(tuple(sorted(found, key=lambda place: (gazetteer.name(place), place.code))))


def _codes_at(gazetteer: Gazetteer, adjacency: Adjacency, level: str) -> npt.NDArray[Any]:
    """Return the code of the territory of each commune of the adjacency at a level; "" where it has none."""
    communes = gazetteer.communes
    if level == "commune":
        codes = pd.Series(communes["commune_code"].to_numpy(), index=communes["commune_code"])
    else:
        codes = communes.set_index("commune_code")[code_column(level)]
    return codes.reindex(adjacency.codes).fillna("").to_numpy(dtype=object)
