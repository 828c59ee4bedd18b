"""Every indicator of every territory of a level, in one table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators import (
    apl_professions,
    apl_summary,
    nearest,
    population,
    practitioners,
    practitioners_communes,
    shortfall,
    structures,
    traits,
    zones,
)
from coverage.indicators.cards import available_at
from coverage.indicators.cards.access import VINTAGES
from coverage.indicators.cards.bassins_de_vie import PUBLISHED_BY_BASSIN
from coverage.indicators.cards.indicator import FROM_DEPARTEMENT
from coverage.indicators.cards.shortfall import SHORTFALL_VINTAGE
from coverage.indicators.cards.structures import REACH_MINUTES
from coverage.indicators.commune_facts import CommuneFacts, Tables, commune_facts
from coverage.indicators.population import GROWTH_YEARS
from coverage.territories.aggregation import Territories, departement_units


def compute(level: str, tables: Tables, facts: CommuneFacts | None = None) -> pd.DataFrame:
    """Compute every indicator available at a level but those of the projection.

    Parameters
    ----------
    level
        One of `geo.levels.LEVELS`.
    tables
        The tables of the snapshot, left untouched.
    facts
        Result of `commune_facts(tables)`, when several levels are computed.

    Returns
    -------
    pandas.DataFrame
        A row per territory (index `territory_code`, sorted), a column per indicator of
        `cards.available_at(level)` that is not projected, in that order. NaN is unknown; minutes may be
        inf (no road to a structure).

    Raises
    ------
    UnknownLevelError
        When the level is none of them.
    UnknownCommuneError
        When a table speaks of a commune that is not in the list of communes.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> table = compute("region", toy_country().tables())
    >>> table.loc["84", ["population", "n_msp", "population_per_msp"]].tolist()
    [34000.0, 4.0, 8500.0]
    """
    facts = commune_facts(tables) if facts is None else facts
    return _figures(Territories.of(tables.communes, level, facts.codes), tables, facts)


def compute_own(
    inside: npt.NDArray[np.bool_], code: str, tables: Tables, facts: CommuneFacts | None = None
) -> pd.DataFrame:
    """Compute every indicator of any set of communes that can be brought up from its communes.

    Parameters
    ----------
    inside
        True for each commune of the set, in the order of the table of communes.
    code
        Name of the row.
    tables, facts
        As in `compute`.

    Returns
    -------
    pandas.DataFrame
        One row, a column per indicator of `cards.available_at(OWN)`; NaN is unknown. What is published by department
        only has no column.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> compute_own(toy.communes["region_code"].eq("84").to_numpy(), "84", toy.tables()).loc["84", "n_msp"]
    np.float64(4.0)
    """
    facts = commune_facts(tables) if facts is None else facts
    return _figures(Territories.of_own(tables.communes, inside, code, facts.codes), tables, facts)


def _figures(territories: Territories, tables: Tables, facts: CommuneFacts) -> pd.DataFrame:
    level = territories.level
    columns: dict[str, pd.Series] = {"population": population.population(territories)}
    codes = tables.communes["departement_code"].to_numpy(dtype=object)
    people = population.population_for_rates(territories, codes, tables.bpe_departements)
    for family in (
        _people(facts, territories),
        _published_by_bassin(tables, territories),
        _sites(facts, territories, people),
        _labelled_msp(facts, territories),
        _reach(facts, territories),
        _access(facts, territories),
        _access_of_departements(tables, level),
        _shortfall(facts, territories, tables.communes),
        _practitioners(tables, level),
        _practitioners_by_commune(facts, territories, people),
        _zoning(facts, territories),
        _access_to_professions(facts, territories),
        _traits(tables, facts, territories),
    ):
        columns.update(family)
    unknown = pd.Series(np.nan, index=territories.codes)
    names = [name for name, indicator in available_at(level).items() if not indicator.is_projected]
    return pd.DataFrame({name: columns.get(name, unknown) for name in names}, index=territories.codes)


Columns = Iterator[tuple[str, pd.Series]]


def _people(facts: CommuneFacts, territories: Territories) -> Columns:
    yield "density_per_km2", population.density_per_km2(facts.area_km2, territories)
    if facts.context is not None:
        yield "fedi", population.population_weighted(facts.context["fedi"], territories)
    if territories.level in FROM_DEPARTEMENT:
        yield from facts.published[territories.level].items()
        return
    if facts.population_of_year:
        first, last = GROWTH_YEARS
        before, after = (facts.population_of_year[year] for year in GROWTH_YEARS)
        growth = population.growth_per_year(before, after, territories, last - first)
        yield "population_growth_per_year", growth
    if facts.context is not None:
        yield "share_75plus", population.population_weighted(facts.context["share_75plus"], territories)
        yield "n_75plus", population.people_of_share(facts.context["share_75plus"], territories)
        if territories.level == "commune":
            rate = facts.context["bassin_de_vie_poverty_rate"]
            yield "poverty_rate", territories.place(rate.to_numpy(np.float64))


def _published_by_bassin(tables: Tables, territories: Territories) -> Columns:
    """Return what is published of the bassins de vie, at their level only; it stands in the place of an estimate."""
    if territories.level != "bassin_de_vie":
        return
    codes = territories.codes
    published = tables.bassins_de_vie
    for name in PUBLISHED_BY_BASSIN:
        known = None if published is None else published.set_index("bassin_de_vie_code")[name].reindex(codes)
        yield name, pd.Series(np.nan, index=codes) if known is None else known


def _sites(facts: CommuneFacts, territories: Territories, people: pd.Series) -> Columns:
    counted = [(kind, "_finess", sites) for kind, sites in facts.sites.items()]
    if facts.msp is not None:
        counted.append(("msp", "", facts.msp))
    for kind, origin, sites in counted:
        counts = structures.n_structures(sites, territories)
        yield f"n_{kind}{origin}", counts
        yield f"{kind}_per_100k{origin}", structures.per_100k(counts, people)
        yield f"population_per_{kind}{origin}", structures.population_per(counts, people)


def _labelled_msp(facts: CommuneFacts, territories: Territories) -> Columns:
    if facts.labelled_msp is None:
        return
    table = facts.labelled_msp[facts.labelled_msp["level"] == territories.level]
    last = table[table["date"] == facts.labelled_msp["date"].max()]
    here = last.set_index("territory_code").reindex(territories.codes)
    yield "n_msp_dgos", here["n_structures"]
    yield "msp_dgos_per_100k", here["per_100k"]
    yield "population_per_msp_dgos", here["population_per_structure"]


def _reach(facts: CommuneFacts, territories: Territories) -> Columns:
    for kind, minutes in facts.minutes.items():
        yield f"nearest_{kind}_min", nearest.mean_minutes(minutes, territories)
        for limit in REACH_MINUTES:
            share = nearest.share_population_within(minutes, limit, territories, facts.by_cell.get(kind))
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


def _access_of_departements(tables: Tables, level: str) -> Columns:
    if tables.apl_departements is not None and level in FROM_DEPARTEMENT:
        departements = Territories.of(departement_units(tables.communes), level)
        yield from apl_summary.published_by_departement(tables.apl_departements, departements)


def _shortfall(facts: CommuneFacts, territories: Territories, communes: pd.DataFrame) -> Columns:
    by_commune = facts.apl.get(SHORTFALL_VINTAGE)
    if by_commune is None:
        return
    yield from shortfall.full_time_gps(by_commune, territories)
    if territories.level == "commune":
        departements = Territories.of(communes, "departement", facts.codes)
        yield shortfall.KEY, shortfall.key_of_distribution(by_commune, territories, departements)


def _practitioners(tables: Tables, level: str) -> Columns:
    if level not in FROM_DEPARTEMENT:
        return
    units = departement_units(tables.communes)
    if level != "france":
        codes = units["departement_code"].to_numpy(dtype=object)
        counted = Territories.of(units, "departement")
        units["population"] = population.population_for_rates(counted, codes, tables.bpe_departements).to_numpy()
    departements = Territories.of(units, level)
    if tables.professionals is not None:
        yield "n_gp", practitioners.n_professionals(tables.professionals, departements)
        yield "gp_per_100k", practitioners.professionals_per_100k(tables.professionals, departements)
    if tables.bpe_departements is not None:
        yield "gp_bpe_per_100k", practitioners.gp_bpe_per_100k(tables.bpe_departements, departements)


def _practitioners_by_commune(facts: CommuneFacts, territories: Territories, people: pd.Series) -> Columns:
    for kind, counts in facts.practitioners.items():
        yield from practitioners_communes.figures(kind, counts, territories, people)


def _zoning(facts: CommuneFacts, territories: Territories) -> Columns:
    if facts.zones is None or facts.zone_shares is None:
        return
    if territories.level == "commune":
        yield "zone", facts.zones.reindex(territories.codes)
    else:
        yield "share_population_zip", zones.share_population_zip(facts.zone_shares, territories)
        yield "share_population_zone_known", zones.share_population_zone_known(facts.zone_shares, territories)


def _access_to_professions(facts: CommuneFacts, territories: Territories) -> Columns:
    for (profession, vintage), by_commune in facts.apl_professions.items():
        yield f"apl_{profession}_{vintage}", apl_professions.mean_apl_of_profession(by_commune, territories)


def _traits(tables: Tables, facts: CommuneFacts, territories: Territories) -> Columns:
    if facts.traits is not None:
        yield from traits.trait_figures(facts.traits, territories)
    if tables.qpv is not None:
        yield "n_qpv", traits.n_qpv(tables.qpv, territories)
