"""The table `structures` of all France, from the national FINESS."""

from pathlib import Path
from typing import Final

import pandas as pd

from data import store
from data.errors import SourceValueError
from data.readers.finess_national import read_finess_national
from data.sync.made import Comparison, Ground, Made
from data.sync.registry import french_day
from data.tables.supply import place_sites

_FEWEST_TO_COMPARE: Final = 500
"""A smaller count may well lose 5 % in a month."""

_TYPE_NAMES: Final = {
    "msp": "MSP",
    "cpts": "CPTS",
    "centre_sante": "centres de santé",
    "pharmacie": "pharmacies",
    "hopital": "hôpitaux",
}


def make_national_structures(path: Path, ground: Ground) -> Made:
    """Make the structures of all France.

    A site without point in the file keeps the one it had in the data in use, as long as it is of the same commune: the
    feed of 2026 lost the points of one site in four that the former files had.

    Parameters
    ----------
    path
        A national FINESS, in either of its formats.
    ground
        Embedded tables.

    Returns
    -------
    Made
        The table `structures`, compared with the one in use in the regions that both cover.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not a national FINESS.
    """
    communes = ground.table("communes")
    national = read_finess_national(path)
    before = store.load("structures")
    regions = sorted(ground.table("regions")["region_code"])
    covered_before = store.manifest()["tables"]["structures"].get("covered_regions", regions)
    sites, n_kept = _with_known_points(national.table, before)
    placed = place_sites(sites, communes=communes, history=ground.table("commune_history"), shapes=ground.shapes)
    structures = placed.table
    absent = sorted(set(regions) - set(structures["region_code"]))
    if absent:
        raise SourceValueError(
            path, expected="des structures dans chaque région", found=f"aucune dans {', '.join(absent)}"
        )
    report = {**placed.counts, **national.counts, "n_points_kept_from_before": n_kept}
    return Made(
        tables={"structures": structures},
        as_of=national.as_of,
        vintage=f"au {french_day(national.as_of)}",
        covered_regions={"structures": regions},
        comparisons=_comparisons(before, structures, covered_before),
        not_carried=placed.not_carried,
        report=report,
    )


def _with_known_points(sites: pd.DataFrame, before: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Give the sites without point the one they had, when it was a true one in the same commune."""
    true = before[before["point_flag"] == "ok"].set_index("finess_code")
    known = true.reindex(sites["finess_code"]).set_axis(sites.index)
    is_kept = sites["longitude"].isna() & (known["commune_code"] == sites["commune_code"])
    points = {name: sites[name].mask(is_kept, known[name]) for name in ("longitude", "latitude")}
    return sites.assign(**points), int(is_kept.sum())


def _comparisons(before: pd.DataFrame, now: pd.DataFrame, regions: list[str]) -> tuple[Comparison, ...]:
    """Compare the structures of the regions that were covered: all of them, then each type that is common enough."""
    old, new = (table.loc[table["region_code"].isin(regions), "structure_type"] for table in (before, now))
    pairs = [("structures", len(old), len(new))]
    pairs += [(label, int((old == kind).sum()), int((new == kind).sum())) for kind, label in _TYPE_NAMES.items()]
    return tuple(
        Comparison(label, n_old, n_new)
        for label, n_old, n_new in pairs
        if label == "structures" or n_old >= _FEWEST_TO_COMPARE
    )
