"""The tables that indicators are made of, and what every level adds up: computed once, commune by commune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pandas as pd

from coverage.errors import UnknownCommuneError
from coverage.indicators import (
    apl_professions,
    apl_summary,
    nearest,
    population,
    practitioners_communes,
    structures,
    zones,
)
from coverage.indicators.cards.access import VINTAGES
from coverage.indicators.cards.indicator import FROM_DEPARTEMENT
from coverage.indicators.population import GROWTH_YEARS, OLD_AGE
from coverage.territories.aggregation import Territories, departement_units
from coverage.trajectory.growth import msp_by_half_year

AGE_YEAR = 2022
"""Year of the share of 75 and over: that of the census by commune, so that a commune and its department compare."""
COUNTED_TYPES = ("msp", "cpts", "centre_sante")
# A CPTS is a network over a territory: how far its registered office is says nothing. MSP are reached by the BPE.
REACHED_TYPES = ("centre_sante", "pharmacie", "hopital")


@dataclass(frozen=True)
class Tables:
    """The tables that the indicators are computed from, in the schema of the snapshot.

    Attributes
    ----------
    communes
        The only table that cannot be missing.
    apl, msp_series, structures, professionals, bpe_departements, population_series, population_estimates,
    commune_context, zoning, apl_professions, apl_departements, commune_traits, qpv, bassins_de_vie
        None when the source is missing: its indicators are then unknown everywhere, never 0.
    bpe_communes, rpps_practitioners
        The same; only a sync brings them.
    covered_regions
        Codes of the regions for which `structures` is complete. Elsewhere the number of structures is unknown.
    msp_regions
        Codes of the regions for which its MSP are complete; None for those of every type.
    people_by_cell
        Result of `coverage.indicators.by_cell.count_by_cell`; None where no grid of cells is known.
    """

    communes: pd.DataFrame
    apl: pd.DataFrame | None = None
    msp_series: pd.DataFrame | None = None
    structures: pd.DataFrame | None = None
    covered_regions: frozenset[str] = frozenset()
    msp_regions: frozenset[str] | None = None
    professionals: pd.DataFrame | None = None
    bpe_departements: pd.DataFrame | None = None
    population_series: pd.DataFrame | None = None
    population_estimates: pd.DataFrame | None = None
    commune_context: pd.DataFrame | None = None
    zoning: pd.DataFrame | None = None
    apl_professions: pd.DataFrame | None = None
    apl_departements: pd.DataFrame | None = None
    commune_traits: pd.DataFrame | None = None
    qpv: pd.DataFrame | None = None
    bassins_de_vie: pd.DataFrame | None = None
    bpe_communes: pd.DataFrame | None = None
    rpps_practitioners: pd.DataFrame | None = None
    people_by_cell: pd.DataFrame | None = None

    def regions_of(self, structure_type: str) -> frozenset[str]:
        """Return the regions for which `structures` has every site of a type."""
        return structures.regions_of(structure_type, self.covered_regions, self.msp_regions)


TABLE_NAMES: Final = tuple(
    field.name for field in fields(Tables) if not field.name.endswith("_regions") and field.name != "people_by_cell"
)
"""Tables to be given where they are at hand."""


@dataclass(frozen=True, eq=False)
class CommuneFacts:
    """What every level adds up: computed once from the tables, every series on the one index `codes`.

    Attributes
    ----------
    codes
        Codes of the communes, in the order of `Tables.communes`.
    area_km2
        Area of each commune.
    msp
        MSP of each commune in the BPE; None when missing.
    sites
        Type of structure -> number of FINESS sites of each commune.
    minutes
        Type of structure -> minutes from each commune to the nearest one: the nearest commune that has one in the BPE
        for "msp", the nearest FINESS site for the others.
    by_cell
        Type of structure -> people of the cells of each commune and those within some minutes (`by_cell` of
        `nearest.share_population_within`); empty where no grid is known.
    out_of_cover_min
        Minutes from each covered commune to the soonest reached whose FINESS sites are not loaded.
    apl
        Vintage -> result of `coverage.indicators.apl_summary.apl_by_commune`.
    apl_professions
        Profession and vintage -> result of `coverage.indicators.apl_professions.apl_of_communes`; empty when missing.
    population_of_year
        Year -> municipal inhabitants of each commune on its perimeter of today.
    context
        Share of 75 and over, bassin de vie and its poverty rate, F-EDI; None when missing.
    published
        Level from the department up -> what INSEE publishes there and is not made again from communes:
        population_growth_per_year, share_75plus, n_75plus, poverty_rate (index territory code; a column per table at
        hand).
    zones
        Zone of each commune, `coverage.indicators.zones.SEVERAL` where its parts differ; None when missing.
    zone_shares
        Result of `coverage.indicators.zones.zone_shares`; None when missing.
    traits
        Classes of each commune and its minutes to emergency care; None when missing.
    practitioners
        Kind, as "bpe_gp" -> professionals (or pharmacies) of each commune; without the kinds of a missing table.
    labelled_msp
        Result of `labelled_msp`.
    """

    codes: pd.Index
    area_km2: pd.Series
    msp: pd.Series | None
    sites: dict[str, pd.Series]
    minutes: dict[str, pd.Series]
    by_cell: dict[str, pd.DataFrame]
    out_of_cover_min: pd.Series
    apl: dict[int, pd.DataFrame]
    apl_professions: dict[tuple[str, int], pd.DataFrame]
    population_of_year: dict[int, pd.Series]
    context: pd.DataFrame | None
    published: dict[str, pd.DataFrame]
    zones: pd.Series | None
    zone_shares: pd.DataFrame | None
    traits: pd.DataFrame | None
    practitioners: dict[str, pd.Series]
    labelled_msp: pd.DataFrame | None


def commune_facts(tables: Tables) -> CommuneFacts:
    """Compute what every level adds up.

    Parameters
    ----------
    tables
        The tables of the snapshot.

    Returns
    -------
    CommuneFacts
        To be given to `compute`, with the same tables.

    Raises
    ------
    UnknownCommuneError
        When a structure is in a commune that is not in the list of communes.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> commune_facts(toy_country().tables()).sites["msp"]["32001"]
    np.float64(2.0)
    """
    covered = structures.covered_communes(tables.communes, tables.covered_regions)
    codes = covered.index
    sites: dict[str, pd.Series] = {}
    minutes: dict[str, pd.Series] = {}
    msp = None if tables.bpe_communes is None else practitioners_communes.bpe_counts(tables.bpe_communes, codes, "msp")
    if msp is not None:
        minutes["msp"] = nearest.minutes_to_commune_with(msp, tables.communes)
    if tables.structures is not None:
        for kind in COUNTED_TYPES:
            known = structures.covered_communes(tables.communes, tables.regions_of(kind))
            sites[kind] = structures.sites_by_commune(tables.structures, kind, known)
        for kind in REACHED_TYPES:
            minutes[kind] = nearest.minutes_to_structure(tables.structures, kind, tables.communes, covered)
    apl: dict[int, pd.DataFrame] = {}
    if tables.apl is not None:
        for vintage in VINTAGES:
            apl[vintage] = _on(codes, apl_summary.apl_by_commune(tables.apl, vintage))
    people: dict[int, pd.Series] = {}
    if tables.population_series is not None:
        for year in GROWTH_YEARS:
            people[year] = _on(codes, population.population_of_year(tables.population_series, year))
    context, zoning = tables.commune_context, tables.zoning
    return CommuneFacts(
        codes=codes,
        area_km2=pd.Series(tables.communes["area_km2"].to_numpy(np.float64), index=codes),
        msp=msp,
        sites=sites,
        minutes=minutes,
        by_cell=dict(_by_cell(tables, codes)),
        out_of_cover_min=nearest.minutes_out_of_cover(tables.communes, covered),
        apl=apl,
        apl_professions=dict(_apl_professions(tables, codes)),
        population_of_year=people,
        context=None if context is None else _on(codes, context.set_index("commune_code")),
        published={level: pd.DataFrame(dict(_published_people(tables, level))) for level in FROM_DEPARTEMENT},
        zones=None if zoning is None else _on(codes, zones.zone_of_communes(zoning)),
        zone_shares=None if zoning is None else _on(codes, zones.zone_shares(zoning)),
        traits=None if tables.commune_traits is None else _on(codes, tables.commune_traits.set_index("commune_code")),
        practitioners=practitioners_communes.counts_by_commune(
            tables.bpe_communes, tables.rpps_practitioners, tables.communes, codes
        ),
        labelled_msp=labelled_msp(tables),
    )


def labelled_msp(tables: Tables) -> pd.DataFrame | None:
    """Return the labelled MSP by half-year, against the population of the day (see `msp_by_half_year`).

    None when nothing is known of them.
    """
    if tables.msp_series is None or tables.population_estimates is None:
        return None
    return msp_by_half_year(tables.msp_series, tables.communes, tables.population_estimates, tables.bpe_departements)


def _published_people(tables: Tables, level: str) -> Iterator[tuple[str, pd.Series]]:
    departements = Territories.of(departement_units(tables.communes), level)
    if tables.population_estimates is not None:
        estimates = tables.population_estimates
        growth = population.estimated_growth_per_year(estimates, *GROWTH_YEARS, departements)
        yield "population_growth_per_year", growth
        yield "share_75plus", population.estimated_share_from(estimates, AGE_YEAR, OLD_AGE, departements)
        old = population.estimated_population(estimates, AGE_YEAR, OLD_AGE)
        yield "n_75plus", departements.total(departements.align(old))
    if level == "departement" and tables.bpe_departements is not None:
        published = tables.bpe_departements.set_index("departement_code")
        if "poverty_rate_2021" in published:
            yield "poverty_rate", published["poverty_rate_2021"].reindex(departements.codes)


def _by_cell(tables: Tables, codes: pd.Index) -> Iterator[tuple[str, pd.DataFrame]]:
    if tables.people_by_cell is None:
        return
    for kind, rows in tables.people_by_cell.groupby("structure_type"):
        yield str(kind), _on(codes, rows.set_index("commune_code").drop(columns="structure_type"))


def _apl_professions(tables: Tables, codes: pd.Index) -> Iterator[tuple[tuple[str, int], pd.DataFrame]]:
    if tables.apl_professions is None:
        return
    for vintage in VINTAGES:
        units = tables.apl_professions[tables.apl_professions["vintage"] == vintage]
        for profession in apl_professions.PROFESSIONS:
            yield (profession, vintage), _on(codes, apl_professions.apl_of_communes(units, profession))


def _on(codes: pd.Index, table: Any) -> Any:
    """Put a table or a series on the one index of the communes; a commune that is not in it may not be dropped."""
    unknown = table.index.difference(codes)
    if len(unknown):
        raise UnknownCommuneError(
            f"Communes : attendu des codes de la liste des communes, trouvé {', '.join(map(str, unknown[:5]))}"
            f" ({len(unknown)} en tout)."
        )
    placed = table.reindex(codes)
    placed.index = codes
    return placed
