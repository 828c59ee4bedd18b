"""The table `structures` of all France, from the national FINESS."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from coverage.terms.months import format_date
from data import store
from data.build.supply import place_sites
from data.errors import SourceValueError
from data.readers.finess_national import read_finess_national
from data.sync.made import Comparison, Made, SyncContext

_FEWEST_TO_COMPARE: Final = 500
"""A smaller count may well lose 5 % in a month."""

_DAYS: Final = ("as_of", "place_as_of")

_TYPE_NAMES: Final = {
    "msp": "MSP",
    "cpts": "CPTS",
    "centre_sante": "centres de santé",
    "pharmacie": "pharmacies",
    "hopital": "sites d’hôpital public",
}


def make_national_structures(path: Path, context: SyncContext) -> Made:
    """Make the structures of all France.

    A site without point in the file keeps the one it had in the data in use, as long as it is of the same commune: the
    feed of 2026 lost the points of one site in four that the former files had.

    Parameters
    ----------
    path
        A national FINESS, in either of its formats.
    context
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
    communes = context.table("communes")
    national = read_finess_national(path)
    before = store.load("structures")
    regions = sorted(context.table("regions")["region_code"])
    entry = store.manifest()["tables"]["structures"]
    sites, kept_on = _with_known_points(national.table, before)
    placed = place_sites(sites, communes=communes, history=context.table("commune_history"), shapes=context.shapes)
    read_on = pd.Timestamp(national.as_of)
    known_on = kept_on.reindex(placed.table["finess_code"]).set_axis(placed.table.index)
    placed_on = known_on.fillna(read_on).where(placed.table["point_flag"] != "commune")
    structures = placed.table.assign(category_basis="finess", as_of=read_on, place_as_of=placed_on)
    structures = structures.astype(dict.fromkeys(_DAYS, "datetime64[us]") | {"category_basis": "str"})
    absent = sorted(set(regions) - set(structures["region_code"]))
    if absent:
        raise SourceValueError(
            path, expected="des structures dans chaque région", found=f"aucune dans {', '.join(absent)}"
        )
    report = {**placed.counts, **national.counts, "n_points_kept_from_before": len(kept_on)}
    return Made(
        tables={"structures": structures},
        as_of=national.as_of,
        vintage=f"au {format_date(national.as_of)}",
        covered_regions={"structures": regions},
        comparisons=_comparisons(before, structures, entry.get("covered_regions", regions)),
        not_carried=placed.not_carried,
        report=report,
    )


def _with_known_points(sites: pd.DataFrame, before: pd.DataFrame) -> tuple[pd.DataFrame, "pd.Series[Any]"]:
    """Return the sites without point the one they had, if it was true and in the same commune, and its day by code."""
    true = before[before["point_flag"] == "ok"].set_index("finess_code")
    known = true.reindex(sites["finess_code"]).set_axis(sites.index)
    is_kept = sites["longitude"].isna() & (known["commune_code"] == sites["commune_code"])
    points = {name: sites[name].mask(is_kept, known[name]) for name in ("longitude", "latitude")}
    return sites.assign(**points), known["place_as_of"][is_kept].set_axis(sites.loc[is_kept, "finess_code"])


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
