"""The embedded perimeters of the CPTS: those of Provence-Alpes-Côte d'Azur."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from coverage.terms.extents import BEYOND, PART, WHOLE
from data.build.access import CarriedTable
from data.cpts.units import carry_units, settle
from data.readers.cpts_paca import read_cpts_paca
from geo.commune_names import fold

HOMONYMS: Final = frozenset({"04234", "05121"})
"""Venterol and Rochebrune are members of the CPTS Drôme Provençale, as communes of Drôme: the file took their
namesakes of PACA, far from it."""

SPELLINGS: Final[Mapping[str, str]] = {"CPTS Gapençais": "CPTS du Gapençais"}
"""One CPTS under two names."""

SHARED: Final[Mapping[str, tuple[str, ...]]] = {
    "06088": ("CPTS Nice Centre Nice Est", "CPTS Nice Nord et ses Colines", "CPTS Nice Ouest Valée")
}
"""Communes shared by several CPTS where the file can give only one: each covers a part that nobody has published."""

BEYOND_REGION: Final = frozenset({"CPTS Drôme Provençale - Enclave des Papes"})
"""CPTS known to cover communes of another region, which the file does not list."""


def make_cpts_perimeters(path: Path, *, communes: pd.DataFrame, history: pd.DataFrame) -> CarriedTable:
    """Make the table `cpts_perimeters` of PACA.

    Parameters
    ----------
    path
        What `read_cpts_paca` reads.
    communes, history
        Tables of the snapshot.

    Returns
    -------
    CarriedTable
        `cpts_perimeters`, sorted by cpts_id and unit_code.

    Raises
    ------
    DataError
        When the file is not what its reader expects.
    """
    read = read_cpts_paca(path)
    read = read[~read["commune_code"].isin(HOMONYMS)].assign(cpts=lambda rows: rows["cpts"].replace(SPELLINGS))
    shared = read["commune_code"].isin(SHARED)
    extent = pd.Series(WHOLE, index=read.index).mask(read["cpts"].isin(BEYOND_REGION), BEYOND)
    parts = [(code, name, PART) for code in read.loc[shared, "commune_code"] for name in SHARED[code]]
    named = pd.concat(
        [read.assign(extent=extent)[~shared], pd.DataFrame(parts, columns=["commune_code", "cpts", "extent"])],
        ignore_index=True,
    )
    carried, not_carried = carry_units(named, history, communes["commune_code"])
    rows = carried.rename(columns={"cpts": "name"}).assign(
        cpts_id=carried["cpts"].map(lambda name: fold(name).replace(" ", "-")), finess_code=None
    )
    return CarriedTable(settle(rows, history), not_carried)
