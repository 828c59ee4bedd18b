"""A colour for each CPTS, such that two neighbours never have the same."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pandas as pd

Pairs = npt.NDArray[np.intp]


def colour_neighbours(perimeters: pd.DataFrame, codes: pd.Index, borders: Pairs, n_colours: int) -> pd.Series:
    """Return each CPTS a colour so that two that share a border, or a commune, differ.

    Smallest-last order (Matula & Beck 1983), the least used colour that no neighbour has: a map whose territories are
    in one piece never needs more than six. Where CPTS in pieces or astride one another ask for more than there are,
    the colour that the fewest neighbours have is taken.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`: cpts_id, commune_code.
    codes
        Codes of the communes that `borders` counts by position.
    borders
        Positions in `codes` of the pairs of communes that share a border (`coverage.cpts.borders.shared_borders`).
    n_colours
        How many colours there are.

    Returns
    -------
    pandas.Series of int
        0 to n_colours - 1, index cpts_id, sorted. The same for the same perimeters, whatever the order of their rows.

    Examples
    --------
    >>> rows = pd.DataFrame({"cpts_id": ["a", "b", "c"], "commune_code": ["31001", "31002", "31003"]})
    >>> colours = colour_neighbours(rows, pd.Index(["31001", "31002", "31003"]), np.array([[0, 1], [1, 2]]), 6)
    >>> colours["a"] != colours["b"] != colours["c"]
    np.True_
    """
    neighbours = _neighbours(perimeters, codes, borders)
    colours: dict[str, int] = {}
    used: Counter[int] = Counter()
    for cpts_id in reversed(_smallest_last(neighbours)):
        around = Counter(colours[other] for other in neighbours[cpts_id] if other in colours)
        chosen = min(range(n_colours), key=lambda colour: (around[colour], used[colour], colour))
        colours[cpts_id] = chosen
        used[chosen] += 1
    return pd.Series(colours, dtype="int64").sort_index().rename_axis("cpts_id")


def _neighbours(perimeters: pd.DataFrame, codes: pd.Index, borders: Pairs) -> dict[str, set[str]]:
    """Give, for each CPTS, those that share a border or a commune with it."""
    members = perimeters[["cpts_id", "commune_code"]].drop_duplicates()
    here = members.assign(place=codes.get_indexer(members["commune_code"]))[["cpts_id", "place"]]
    touching = pd.DataFrame(borders, columns=["first", "second"])
    across = touching.merge(here, left_on="first", right_on="place").merge(here, left_on="second", right_on="place")
    within = here.merge(here, on="place")
    pairs = pd.concat([across[["cpts_id_x", "cpts_id_y"]], within[["cpts_id_x", "cpts_id_y"]]])
    found: dict[str, set[str]] = {cpts_id: set() for cpts_id in sorted(here["cpts_id"].unique())}
    for one, other in pairs.drop_duplicates().itertuples(index=False):
        if one != other:
            found[one].add(other)
            found[other].add(one)
    return found


def _smallest_last(neighbours: dict[str, set[str]]) -> list[str]:
    """Take away, again and again, the CPTS with the fewest neighbours left."""
    left = {cpts_id: set(others) for cpts_id, others in neighbours.items()}
    order = []
    while left:
        cpts_id = min(left, key=lambda name: (len(left[name]), name))
        for other in left.pop(cpts_id):
            left[other].discard(cpts_id)
        order.append(cpts_id)
    return order
