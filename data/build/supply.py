"""Structures and professionals of the snapshot."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from data.history import carry_codes, sum_counts
from data.readers import bpe_communes, dgos_msp, finess
from geo.shapes.mairie_points import DECIMALS, distance_outside_m

FARTHEST_M: Final = 5_000.0
"""A structure that stands farther than this (m) from the shape of its commune has a doubtful point."""

PLACEHOLDER_DAYS: Final = pd.to_datetime(["1900-01-01", "1901-01-01", "1904-04-04"])
"""Days that FINESS writes where it does not know: no opening is shown at them."""

MSP_LEVELS: Final = ("france", "region", "departement")

STRUCTURE_COLUMNS: Final = [
    "finess_code",
    "structure_type",
    "name",
    "address",
    "commune_code",
    "departement_code",
    "region_code",
    "longitude",
    "latitude",
    "opened_on",
    "point_flag",
]


class Structures(NamedTuple):
    """A table, the codes that could not be carried to a current commune, and counts for the manifest."""

    table: pd.DataFrame
    not_carried: pd.DataFrame
    counts: dict[str, Any]


def make_structures(
    path: Path, *, communes: pd.DataFrame, history: pd.DataFrame, shapes: gpd.GeoDataFrame
) -> Structures:
    """Make the table `structures` from the extraction of a region; see `place_sites`.

    Parameters
    ----------
    path
        FINESS extraction.
    communes, history
        Tables of the snapshot.
    shapes
        Full shapes (EPSG:4326).

    Returns
    -------
    Structures
        One row a site, sorted by finess_code.

    Raises
    ------
    DataError
        When the file is not what its reader expects.
    """
    return place_sites(finess.read_finess(path), communes=communes, history=history, shapes=shapes)


def place_sites(
    sites: pd.DataFrame, *, communes: pd.DataFrame, history: pd.DataFrame, shapes: gpd.GeoDataFrame
) -> Structures:
    """Place each FINESS site in a current commune, and say how far its point can be believed.

    point_flag is "ok"; "loin_commune" where the point stands more than `FARTHEST_M` outside the shape of its commune,
    in the legal projection; "commune" where there was no usable point, and the one of the commune was taken.

    Parameters
    ----------
    sites
        As `read_finess` and `read_finess_national` give them; not changed.
    communes, history
        Tables of the snapshot.
    shapes
        Full shapes (EPSG:4326).

    Returns
    -------
    Structures
        One row a site of a current commune, sorted by finess_code.
    """
    sites, not_carried = carry_codes(sites, history, communes["commune_code"])
    home = communes.set_index("commune_code")
    by_commune = home.reindex(sites["commune_code"]).set_axis(sites.index)
    outside_m = distance_outside_m(sites, shapes)
    unplaced = sites["longitude"].isna() | sites["latitude"].isna()
    is_placeholder = sites["opened_on"].isin(PLACEHOLDER_DAYS)
    table = sites.assign(
        departement_code=by_commune["departement_code"],
        region_code=by_commune["region_code"],
        longitude=sites["longitude"].where(~unplaced, by_commune["longitude"]).round(DECIMALS),
        latitude=sites["latitude"].where(~unplaced, by_commune["latitude"]).round(DECIMALS),
        opened_on=sites["opened_on"].mask(is_placeholder),
        point_flag=pd.Series("ok", index=sites.index, dtype="str")
        .mask(outside_m > FARTHEST_M, "loin_commune")
        .mask(unplaced, "commune"),
    )[STRUCTURE_COLUMNS].sort_values("finess_code", ignore_index=True)
    flags = table["point_flag"].value_counts().sort_index()
    counts = {
        "point_flags": {flag: int(n) for flag, n in flags.items()},
        "n_placeholder_opening_days": int(is_placeholder.sum()),
    }
    return Structures(table, not_carried, counts)


def cover_communes(read: bpe_communes.CommuneEquipment, *, communes: pd.DataFrame, history: pd.DataFrame) -> Structures:
    """Make the table `bpe_communes` of the equipment that the BPE counts by commune (places of practice).

    The BPE is exhaustive and lists only what exists: a commune that it does not name has none, and 0 is known. A
    department that it does not name at all is not covered, and its communes are unknown.

    Parameters
    ----------
    read
        Equipment by commune of any year.
    communes, history
        Tables of the snapshot.

    Returns
    -------
    Structures
        One row a commune, sorted.
    """
    carried, not_carried = carry_codes(read.table, history, communes["commune_code"])
    columns = list(bpe_communes.EQUIPMENTS)
    sums = sum_counts(carried, ["commune_code"], columns).set_index("commune_code")
    homes = communes[["commune_code", "departement_code"]].sort_values("commune_code", ignore_index=True)
    covered = set(homes.loc[homes["commune_code"].isin(sums.index), "departement_code"])
    table = sums.reindex(homes["commune_code"]).reset_index()
    is_none = homes["departement_code"].isin(covered) & ~table["commune_code"].isin(sums.index)
    table.loc[is_none, [name for name in columns if sums[name].notna().any()]] = 0.0
    table.insert(1, "vintage", read.year)
    counts = {
        "n_communes_in_file": len(sums),
        "departements_not_covered": sorted(set(homes["departement_code"]) - covered),
    }
    return Structures(table, not_carried, counts)


def make_bpe_communes(paths: Sequence[Path], *, year: int, communes: pd.DataFrame, history: pd.DataFrame) -> Structures:
    """Make the table `bpe_communes` of the snapshot; see `cover_communes` and `read_bpe_counts`."""
    read = bpe_communes.read_bpe_counts(paths, year=year)
    return cover_communes(read, communes=communes, history=history)


def make_msp_series(paths: dict[str, Path]) -> pd.DataFrame:
    """Put the half-yearly counts of MSP and centres de santé of the three levels in one table.

    Parameters
    ----------
    paths
        File of each of `MSP_LEVELS`.

    Returns
    -------
    pandas.DataFrame
        The table `msp_series`.
    """
    levels = [dgos_msp.read_msp_series(paths[level], level) for level in MSP_LEVELS]
    counts = pd.concat(levels).astype({"n_structures": "float64"})  # as every count: NaN must be able to be said
    return _sorted(counts, ["level", "territory_code", "structure_type", "date"])


def make_msp_targets(paths: dict[str, Path]) -> pd.DataFrame:
    """Put the targets of the three levels in one table: `msp_targets`; parameters as for `make_msp_series`."""
    levels = [dgos_msp.read_msp_targets(paths[level], level) for level in MSP_LEVELS]
    targets = pd.concat(levels).astype({"target": "float64"})
    return _sorted(targets, ["level", "territory_code", "structure_type"])


def _sorted(table: pd.DataFrame, key: Iterable[str]) -> pd.DataFrame:
    return table.sort_values(list(key), ignore_index=True)
