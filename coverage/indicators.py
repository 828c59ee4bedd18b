"""Every indicator of every territory of a level, in one table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Tables:
    """The tables that the indicators are computed from, in the schema of the snapshot.

    Attributes
    ----------
    communes
        The only table that cannot be missing.
    apl, msp_series, structures, professionals, bpe_departements, population_series, commune_context, zoning
        None when the source is missing: its indicators are then unknown everywhere, never 0.
    covered_regions
        Codes of the regions for which `structures` is complete. Elsewhere the number of structures is unknown.
    """

    communes: pd.DataFrame
    apl: pd.DataFrame | None = None
    msp_series: pd.DataFrame | None = None
    structures: pd.DataFrame | None = None
    covered_regions: frozenset[str] = frozenset()
    professionals: pd.DataFrame | None = None
    bpe_departements: pd.DataFrame | None = None
    population_series: pd.DataFrame | None = None
    commune_context: pd.DataFrame | None = None
    zoning: pd.DataFrame | None = None


def compute(level: str, tables: Tables) -> pd.DataFrame:
    """Compute every indicator available at a level.

    Parameters
    ----------
    level
        One of "commune", "epci", "departement", "region", "france".
    tables
        The tables of the snapshot, left untouched.

    Returns
    -------
    pandas.DataFrame
        A row per territory (index `territory_code`, sorted), a column per indicator of
        `coverage.definitions.available_at(level)`, in that order. NaN is unknown.
    """
    raise NotImplementedError


def compute_all(tables: Tables) -> dict[str, pd.DataFrame]:
    """Compute every level at once, sharing what they have in common: level -> table of `compute`."""
    raise NotImplementedError
