"""What kind of place each commune is, its quartiers prioritaires, and its access to other professions than GPs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from data.build.access import CarriedTable
from data.history import carry_codes
from data.readers import commune_grids
from data.readers.apl_professions import read_apl_professions

_READERS: Final = {
    "density": commune_grids.read_density,
    "rurality": commune_grids.read_rurality,
    "centrality": commune_grids.read_centrality,
    "mountain": commune_grids.read_mountain,
    "frr": commune_grids.read_frr,
    "emergency": commune_grids.read_emergency_minutes,
}


def make_commune_traits(paths: Mapping[str, Path], *, communes: pd.DataFrame, history: pd.DataFrame) -> CarriedTable:
    """Put the classes of each commune, and its minutes to emergency care, side by side.

    A commune whose parts (former communes) are of several classes, or at several minutes, is unknown: none of its parts
    stands for the whole.

    Parameters
    ----------
    paths
        File of each of "density", "rurality", "centrality", "mountain", "frr" and "emergency".
    communes, history
        Tables of the snapshot.

    Returns
    -------
    CarriedTable
        `commune_traits`: one row for every current commune. NA is unknown; of `massif`, outside the mountain.
    """
    table = communes[["commune_code"]].copy()
    left = []
    for name, read in _READERS.items():
        carried, not_carried = carry_codes(read(paths[name]), history, communes["commune_code"])
        (column,) = carried.columns.drop("commune_code")
        classes = carried[["commune_code", column]].drop_duplicates()
        alone = classes.drop_duplicates("commune_code", keep=False).set_index("commune_code")[column]
        table[column] = table["commune_code"].map(alone).astype(carried[column].dtype)
        left.append(not_carried)
    return CarriedTable(table, pd.concat(left).drop_duplicates("code").sort_values("code", ignore_index=True))


def make_qpv(path: Path, *, communes: pd.DataFrame, history: pd.DataFrame) -> CarriedTable:
    """Return the quartiers prioritaires of each current commune; the name of a quarter is not that of its commune.

    Returns
    -------
    CarriedTable
        `qpv`: commune_code, qpv_code, name, sorted; a quarter over several communes has a row in each.
    """
    quarters = commune_grids.read_qpv(path).rename(columns={"name": "quarter"})
    carried, not_carried = carry_codes(quarters, history, communes["commune_code"])
    table = carried.rename(columns={"quarter": "name"})[["commune_code", "qpv_code", "name"]]
    keys = ["commune_code", "qpv_code"]
    return CarriedTable(table.drop_duplicates(keys).sort_values(keys, ignore_index=True), not_carried)


def make_apl_professions(path: Path, *, communes: pd.DataFrame, history: pd.DataFrame) -> CarriedTable:
    """Return each unit of the APL of four professions the current commune that holds it; no value is changed.

    Returns
    -------
    CarriedTable
        `apl_professions`, sorted by vintage and unit_code; a current commune of several units is to be averaged by the
        standardised population of the profession.
    """
    units = read_apl_professions(path).assign(commune_code=lambda table: table["unit_code"])
    carried, not_carried = carry_codes(units, history, communes["commune_code"])
    keys = ["vintage", "unit_code", "commune_code"]
    table = carried[[*keys, *carried.columns.drop(keys)]].sort_values(keys[:2], ignore_index=True)
    return CarriedTable(table, not_carried)
