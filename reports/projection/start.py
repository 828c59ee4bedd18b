"""Where the projection starts, for screen and paper alike: the snapshot's tables, and those that were synced."""

from collections.abc import Callable
from typing import Final

import pandas as pd

from coverage.projection import Baseline, build_baseline
from coverage.projection.synced_tables import latest_gp_ages
from data.errors import SnapshotMissing

START_TABLES: Final = (
    "departements", "communes", "professionals", "apl", "apl_parameters", "population_estimates", "rpps_age",
    "rpps_departements",
)  # fmt: skip
"""Tables that are always there."""

SYNCED_SOURCES: Final = {"gp_age_departements": "drees_gp_age", "population_outlook": "insee_omphale"}
"""Tables that only a sync brings, and the source of each."""

Load = Callable[[str], pd.DataFrame]


def start_of(load: Load) -> Baseline:
    """Return the start of the projection: 1 January after the last count of the CNAM.

    Parameters
    ----------
    load
        Gives a table by name, or raises SnapshotMissing.

    Returns
    -------
    coverage.projection.Baseline
        With the ages counted by the DREES and the growth projected by INSEE where those were synced.

    Raises
    ------
    SnapshotMissing, SnapshotDamaged
        When a table of the snapshot is not there.
    """
    tables = {name: load(name) for name in START_TABLES}
    ages = synced_table(load, "gp_age_departements")
    return build_baseline(
        **tables,
        gp_ages=None if ages is None else latest_gp_ages(ages),
        population_outlook=synced_table(load, "population_outlook"),
        base_year=base_year_of(tables["professionals"]),
    )


def base_year_of(professionals: pd.DataFrame) -> int:
    """Return the year on whose 1 January the projection starts: the one after the last count of the CNAM."""
    return int(professionals["vintage"].max()) + 1


def synced_table(load: Load, name: str) -> pd.DataFrame | None:
    """Return a table that only a sync brings; None until it has."""
    try:
        return load(name)
    except SnapshotMissing:
        return None
