"""Structures to come: the planner's own projects counted with the FINESS sites, to see what they would change."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.cards import INDICATORS
from coverage.indicators.commune_facts import COUNTED_TYPES, Tables, commune_facts
from coverage.indicators.compute import compute, compute_own
from coverage.terms.project_list import RUNNING_STAGES

COUNTED_INDICATORS: Final = frozenset(
    name
    for name in INDICATORS
    for kind in COUNTED_TYPES
    if name in {f"nearest_{kind}_min", "n_msp", "msp_per_100k", "population_per_msp"}
    or name in {f"n_{kind}_finess", f"{kind}_per_100k_finess", f"population_per_{kind}_finess"}
    or (name.startswith("share_population_within_") and name.endswith(f"_{kind}"))
)
"""Indicators of FINESS sites and of the MSP of the BPE, which projects change; the labelled MSP of the DGOS are a
published count, left alone."""


def projects_to_count(projects: pd.DataFrame, *, with_open: bool = False) -> pd.DataFrame:
    """Keep the projects that FINESS does not have yet: neither abandoned, nor open.

    Parameters
    ----------
    projects
        The table of projects: structure_type, stage, abandoned; not changed.
    with_open
        Also keep the open ones, when the planner knows that FINESS lacks them; not those that give a FINESS code.

    Returns
    -------
    pandas.DataFrame
        Rows of `projects` whose type is one of those counted (MSP, CPTS, centre de santé).

    Examples
    --------
    >>> import pandas as pd
    >>> projects = pd.DataFrame({"structure_type": ["msp", "msp", "esp"], "stage": ["projet", "ouvert", "idee"],
    ...                          "abandoned": False, "finess_code": None})
    >>> len(projects_to_count(projects)), len(projects_to_count(projects, with_open=True))
    (1, 2)
    """
    kept = projects["structure_type"].isin(COUNTED_TYPES) & ~projects["abandoned"]
    is_open = projects["stage"].isin(RUNNING_STAGES)
    if with_open:
        return projects[kept & ~(is_open & projects["finess_code"].notna())]
    return projects[kept & ~is_open]


def add_projects(structures: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Put projects under the FINESS sites, as if each were open where it is planned.

    Parameters
    ----------
    structures
        The table `structures`; not changed.
    counted
        Rows of `projects_to_count`: structure_type, name, commune, point (degrees, EPSG:4326).

    Returns
    -------
    pandas.DataFrame
        The columns of `structures`; of a project, `finess_code` is its `project_id`, the opening day is unknown.
    """
    if counted.empty:
        return structures
    planned = pd.DataFrame(
        {
            "finess_code": counted["project_id"],
            "structure_type": counted["structure_type"],
            "name": counted["name"],
            "address": pd.Series(np.nan, index=counted.index, dtype="str"),
            "commune_code": counted["commune_code"],
            "departement_code": counted["departement_code"],
            "region_code": counted["region_code"],
            "longitude": counted["longitude"],
            "latitude": counted["latitude"],
            "opened_on": pd.Series(pd.NaT, index=counted.index, dtype=structures["opened_on"].dtype),
            "point_flag": counted["point_origin"].map({"donne": "ok", "commune": "commune"}).astype("str"),
        }
    )
    return pd.concat([structures, planned], ignore_index=True)


def add_msp(equipment: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Count the MSP to come with those of the BPE, in the commune where each is planned.

    Parameters
    ----------
    equipment
        The table `bpe_communes`; not changed.
    counted
        Rows of `projects_to_count`.

    Returns
    -------
    pandas.DataFrame
        The table, `n_msp` larger where an MSP is planned; a commune whose number is unknown stays unknown.
    """
    planned = counted.loc[counted["structure_type"] == "msp", "commune_code"].value_counts()
    return equipment.assign(n_msp=equipment["n_msp"] + equipment["commune_code"].map(planned).fillna(0.0))


def indicators_with_projects(
    level: str, tables: Tables, counted: pd.DataFrame, inside: npt.NDArray[np.bool_] | None = None
) -> pd.DataFrame:
    """Compute the indicators of structures as if the projects were open.

    Parameters
    ----------
    level
        "commune", "epci", "departement", "region" or "france"; `geo.levels.OWN` with `inside`.
    tables
        The tables of the snapshot; only communes, structures and their regions, BPE and populations are read.
    counted
        Rows of `projects_to_count`.
    inside
        The communes of an own territory, in the order of the table: the one row is then named as the level.

    Returns
    -------
    pandas.DataFrame
        Index territory code, the columns of `COUNTED_INDICATORS` that exist at the level. NaN is unknown: where FINESS
        is not loaded, a project does not make the number known.
    """
    equipment = None if tables.bpe_communes is None else add_msp(tables.bpe_communes, counted)
    merged = None if tables.structures is None else add_projects(tables.structures, counted)
    alone = Tables(
        communes=tables.communes,
        structures=merged,
        covered_regions=tables.covered_regions,
        msp_regions=tables.msp_regions,
        bpe_communes=equipment,
        bpe_departements=tables.bpe_departements,
    )
    facts = commune_facts(alone)
    table = compute(level, alone, facts) if inside is None else compute_own(inside, level, alone, facts)
    return table[[name for name in table.columns if name in COUNTED_INDICATORS]]
