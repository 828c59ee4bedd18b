"""Every indicator of every territory of a level, in one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coverage import apl_summary, nearest, population, practitioners, practitioners_communes, structures, zones
from coverage.definitions import available_at
from coverage.definitions.access import VINTAGES
from coverage.definitions.structures import REACH_MINUTES
from coverage.errors import UnknownCommuneError
from coverage.territories import LEVELS, Territories, departement_units

CHANGE_YEARS = (2013, 2021)
COUNTED_TYPES = ("msp", "cpts", "centre_sante")
# A CPTS is a network over a territory: how far its registered office is says nothing.
REACHED_TYPES = ("msp", "centre_sante", "pharmacie", "hopital")


@dataclass(frozen=True)
class Tables:
    """The tables that the indicators are computed from, in the schema of the snapshot.

    Attributes
    ----------
    communes
        The only table that cannot be missing.
    apl, msp_series, structures, professionals, bpe_departements, population_series, commune_context, zoning
        None when the source is missing: its indicators are then unknown everywhere, never 0.
    bpe_communes, rpps_practitioners
        The same; only a sync brings them.
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
    bpe_communes: pd.DataFrame | None = None
    rpps_practitioners: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class CommuneFacts:
    """What every level adds up: computed once from the tables, every series on the one index `codes`.

    Attributes
    ----------
    codes
        Codes of the communes, in the order of `Tables.communes`.
    area_km2
        Area of each commune.
    sites
        Type of structure -> number of sites of each commune.
    minutes
        Type of structure -> minutes from each commune to the nearest one.
    apl
        Vintage -> result of `coverage.apl_summary.apl_by_commune`.
    population_of_year
        Year -> inhabitants in the legal populations.
    context
        Share of 75 and over, poverty rate and F-EDI; None when missing.
    zones
        Zone of each commune; None when missing.
    practitioners
        Kind, as "bpe_gp" -> professionals (or pharmacies) of each commune; without the kinds of a missing table.
    """

    codes: pd.Index
    area_km2: pd.Series
    sites: dict[str, pd.Series]
    minutes: dict[str, pd.Series]
    apl: dict[int, pd.DataFrame]
    population_of_year: dict[int, pd.Series]
    context: pd.DataFrame | None
    zones: pd.Series | None
    practitioners: dict[str, pd.Series]


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
    if tables.structures is not None:
        for kind in COUNTED_TYPES:
            sites[kind] = structures.sites_by_commune(tables.structures, kind, covered)
        for kind in REACHED_TYPES:
            minutes[kind] = nearest.minutes_to_structure(tables.structures, kind, tables.communes, covered)
    apl: dict[int, pd.DataFrame] = {}
    if tables.apl is not None:
        for vintage in VINTAGES:
            apl[vintage] = _on(codes, apl_summary.apl_by_commune(tables.apl, vintage))
    people: dict[int, pd.Series] = {}
    if tables.population_series is not None:
        for year in CHANGE_YEARS:
            people[year] = _on(codes, population.population_of_year(tables.population_series, year))
    context, zoning = tables.commune_context, tables.zoning
    return CommuneFacts(
        codes=codes,
        area_km2=pd.Series(tables.communes["area_km2"].to_numpy(np.float64), index=codes),
        sites=sites,
        minutes=minutes,
        apl=apl,
        population_of_year=people,
        context=None if context is None else _on(codes, context.set_index("commune_code")),
        zones=None if zoning is None else _on(codes, zoning.set_index("commune_code"))["zone"],
        practitioners=practitioners_communes.counts_by_commune(
            tables.bpe_communes, tables.rpps_practitioners, tables.communes, codes
        ),
    )


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


def compute(level: str, tables: Tables, facts: CommuneFacts | None = None) -> pd.DataFrame:
    """Compute every indicator available at a level.

    Parameters
    ----------
    level
        One of "commune", "epci", "departement", "region", "france".
    tables
        The tables of the snapshot, left untouched.
    facts
        Result of `commune_facts(tables)`, when several levels are computed.

    Returns
    -------
    pandas.DataFrame
        A row per territory (index `territory_code`, sorted), a column per indicator of
        `coverage.definitions.available_at(level)`, in that order. NaN is unknown; minutes may be inf (no road to a
        structure).

    Raises
    ------
    UnknownLevelError
        When the level is none of the five.
    UnknownCommuneError
        When a table speaks of a commune that is not in the list of communes.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> table = compute("region", toy_country().tables())
    >>> table.loc["76", ["population", "n_msp", "population_per_msp"]].tolist()
    [34900.0, 4.0, 8725.0]
    """
    facts = commune_facts(tables) if facts is None else facts
    territories = Territories.of(tables.communes, level, facts.codes)
    people = population.population(territories)
    columns: dict[str, pd.Series] = {"population": people}
    for family in (
        _people(facts, territories),
        _sites(facts, territories, people),
        _labelled_msp(tables, territories, people),
        _reach(facts, territories),
        _access(facts, territories),
        _practitioners(tables, level),
        _practitioners_by_commune(facts, territories),
        _zoning(facts, territories),
    ):
        columns.update(family)
    unknown = pd.Series(np.nan, index=territories.codes)
    return pd.DataFrame({name: columns.get(name, unknown) for name in available_at(level)}, index=territories.codes)


def compute_all(tables: Tables) -> dict[str, pd.DataFrame]:
    """Compute every level at once, sharing what they have in common: level -> table of `compute`.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> tables = compute_all(toy_country().tables())
    >>> {level: len(table) for level, table in tables.items()}
    {'commune': 12, 'epci': 3, 'departement': 5, 'region': 4, 'france': 1}
    """
    facts = commune_facts(tables)
    return {level: compute(level, tables, facts) for level in LEVELS}


Columns = Iterator[tuple[str, pd.Series]]


def _people(facts: CommuneFacts, territories: Territories) -> Columns:
    yield "density_per_km2", population.density_per_km2(facts.area_km2, territories)
    if facts.population_of_year:
        before, after = (facts.population_of_year[year] for year in CHANGE_YEARS)
        yield "population_change", population.population_change(before, after, territories)
    if facts.context is not None:
        for name in ("share_75plus", "poverty_rate", "fedi"):
            yield name, population.population_weighted(facts.context[name], territories)


def _sites(facts: CommuneFacts, territories: Territories, people: pd.Series) -> Columns:
    for kind, sites in facts.sites.items():
        counts = structures.n_structures(sites, territories)
        yield f"n_{kind}", counts
        yield f"{kind}_per_100k", structures.per_100k(counts, people)
        yield f"population_per_{kind}", structures.population_per(counts, people)


def _labelled_msp(tables: Tables, territories: Territories, people: pd.Series) -> Columns:
    if tables.msp_series is None:
        return
    counts = structures.n_structures_dgos(tables.msp_series, territories)
    yield "n_msp_dgos", counts
    yield "msp_dgos_per_100k", structures.per_100k(counts, people)
    yield "population_per_msp_dgos", structures.population_per(counts, people)


def _reach(facts: CommuneFacts, territories: Territories) -> Columns:
    for kind, minutes in facts.minutes.items():
        yield f"nearest_{kind}_min", nearest.mean_minutes(minutes, territories)
        for limit in REACH_MINUTES:
            share = nearest.share_population_within(minutes, limit, territories)
            yield f"share_population_within_{limit}_min_{kind}", share


def _access(facts: CommuneFacts, territories: Territories) -> Columns:
    means: dict[tuple[str, int], pd.Series] = {}
    for vintage, by_commune in facts.apl.items():
        for series in apl_summary.SERIES:
            means[series, vintage] = apl_summary.mean_apl(by_commune, series, territories)
            yield f"{series}_{vintage}", means[series, vintage]
            share = apl_summary.share_population_under(by_commune, series, territories)
            yield f"share_population_under_2_5_{series}_{vintage}", share
        at_risk = apl_summary.apl_at_risk_share(means["apl", vintage], means["apl_65", vintage])
        yield f"apl_at_risk_share_{vintage}", at_risk
    if means:
        last, first = VINTAGES
        for series in apl_summary.SERIES:
            yield f"{series}_change", means[series, last] - means[series, first]


def _practitioners(tables: Tables, level: str) -> Columns:
    if level not in ("departement", "region", "france"):
        return
    departements = Territories.of(departement_units(tables.communes), level)
    if tables.professionals is not None:
        yield "n_gp", practitioners.n_professionals(tables.professionals, departements)
        yield "gp_per_100k", practitioners.professionals_per_100k(tables.professionals, departements)
    if tables.bpe_departements is not None:
        yield "gp_bpe_per_100k", practitioners.gp_bpe_per_100k(tables.bpe_departements, departements)


def _practitioners_by_commune(facts: CommuneFacts, territories: Territories) -> Columns:
    for kind, counts in facts.practitioners.items():
        yield from practitioners_communes.figures(kind, counts, territories)


def _zoning(facts: CommuneFacts, territories: Territories) -> Columns:
    if facts.zones is None:
        return
    if territories.level == "commune":
        yield "zone", facts.zones.reindex(territories.codes)
    else:
        yield "share_population_zip", zones.share_population_zip(facts.zones, territories)
