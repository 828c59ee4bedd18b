"""What the projection takes from the tables that only a sync brings: ages of GPs by department, INSEE's population."""

import datetime as dt
from typing import Final

import pandas as pd

from coverage.projection.assumptions import Assumption

CENTRAL: Final = "central"
"""INSEE's own reference scenario."""

OUTLOOK_YEARS: Final = 10
"""Years over which the growth of INSEE's projection is averaged: the usual horizon."""

_MODES: Final = ("liberal", "tous")
"""Modes of practice whose ages stand for those of liberal GPs, the one to be preferred first."""


def latest_gp_ages(gp_age_departements: pd.DataFrame) -> pd.DataFrame:
    """Return the GPs by department and age class in the latest year (persons), those in private practice where told.

    Source: DREES, RPPS at 1 January.

    Parameters
    ----------
    gp_age_departements
        departement_code, year, practice_mode, age_min, age_max, n_gp (NaN when suppressed); not changed.

    Returns
    -------
    pandas.DataFrame
        departement_code, year, age_min, n_practitioners, as `build_baseline` takes them; RangeIndex.

    Raises
    ------
    ValueError
        When no row is of a known mode of practice.
    """
    modes = set(gp_age_departements["practice_mode"])
    mode = next((name for name in _MODES if name in modes), None)
    if mode is None:
        found = ", ".join(sorted(modes)) or "aucune ligne"
        raise ValueError(f"Âges des généralistes : attendu un mode parmi {', '.join(_MODES)}, trouvé {found}.")
    rows = gp_age_departements[gp_age_departements["practice_mode"] == mode]
    latest = rows[rows["year"] == rows["year"].max()].rename(columns={"n_gp": "n_practitioners"})
    return latest[["departement_code", "year", "age_min", "n_practitioners"]].reset_index(drop=True)


def outlook_growth(population_outlook: pd.DataFrame, first_year: int) -> "pd.Series[float]":
    """Return the mean yearly growth of the population of each department that INSEE projects, relative.

    Formula: ``(P_last / P_first) ** (1 / years) - 1``, from ``first_year`` over `OUTLOOK_YEARS` or less.
    Source: INSEE, Omphale, central scenario: present trends go on, which is no forecast.

    Parameters
    ----------
    population_outlook
        departement_code, scenario, year, age_min, age_max, population (inhabitants); not changed.
    first_year
        Year of the start.

    Returns
    -------
    pandas.Series
        Indexed by departement_code; a department that the table lacks is absent here.

    Raises
    ------
    ValueError
        When the table has no central scenario, or fewer than two years from the start on.
    """
    central = population_outlook[population_outlook["scenario"] == CENTRAL]
    years = central.loc[central["year"].between(first_year, first_year + OUTLOOK_YEARS), "year"]
    if years.nunique() < 2:  # noqa: PLR2004 - a growth needs two ends
        raise ValueError(
            f"Projection de population : attendu le scénario « {CENTRAL} » de {first_year} à "
            f"{first_year + OUTLOOK_YEARS}, trouvé {years.nunique()} année(s)."
        )
    first, last = int(years.min()), int(years.max())
    totals = central[central["year"].isin([first, last])].pivot_table(
        index="departement_code", columns="year", values="population", aggfunc="sum"
    )
    return ((totals[last] / totals[first]) ** (1 / (last - first)) - 1).rename("population_growth")


def describe_synced(
    gp_ages: pd.DataFrame | None, population_outlook: pd.DataFrame | None, base_year: int
) -> tuple[Assumption, ...]:
    """List what the synced tables replaced, in the same form as the assumptions; empty when there are none.

    Parameters
    ----------
    gp_ages
        As `latest_gp_ages` gives them.
    population_outlook
        As for `outlook_growth`.
    base_year
        Year of the start.
    """
    rows = []
    if gp_ages is not None and "year" in gp_ages and len(gp_ages):
        year = int(gp_ages["year"].max())
        label = "Âges des généralistes comptés par département, au 1er janvier de cette année"
        source = "DREES, démographie des professionnels de santé (RPPS)"
        rows.append(Assumption("gp_ages_year", float(year), "année", label, source, dt.date(year, 1, 1), "mesuré"))
    if population_outlook is not None:
        central = population_outlook[population_outlook["scenario"] == CENTRAL]
        totals = central.groupby("year")["population"].sum()
        last = min(base_year + OUTLOOK_YEARS, int(totals.index.max()))
        first = max(base_year, int(totals.index.min()))
        growth = float((totals[last] / totals[first]) ** (1 / (last - first)) - 1)
        label = f"Croissance de la population, France, {first}-{last} (chaque département a la sienne)"
        source = "INSEE, Omphale, scénario central"
        date = dt.date(int(totals.index.min()), 1, 1)
        rows.append(Assumption("population_outlook", growth, "par an", label, source, date, "estimé"))
    return tuple(rows)
