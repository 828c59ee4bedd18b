"""The figures that reports print: tables, indicators by level and sources, without any screen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.indicators.cards.shortfall import at_horizon
from coverage.indicators.commune_facts import TABLE_NAMES, Tables, commune_facts, labelled_msp
from coverage.indicators.compute import compute, compute_own
from coverage.indicators.shortfall import projected_shortfall
from coverage.indicators.sites import communes_of_2021, dated_sites
from coverage.indicators.structures import covered_communes, regions_of
from coverage.projection import Baseline, Scenario, project
from coverage.terms.horizons import DEFAULT_HORIZON
from coverage.terms.site_dates import SiteDates
from coverage.territories.gazetteer import Gazetteer, Territory
from coverage.trajectory.msp_changes import msp_changes
from data import store
from data.sources.catalog import Source, load_catalog
from data.sources.registry import sources_in_use
from geo.levels import OWN, DrawnLevel, Level
from reports.figures.at_most import AT_MOST, minutes_behind, people_at_most, share_at_most, tell_at_most
from reports.figures.by_cell import with_cells
from reports.figures.class_cuts import ALL_DATES, Method
from reports.figures.map_classes import (
    MapClasses,
    draw_series,
    format_value,
    letters_left_out,
    lies_inside,
    none_word,
    tell_astride,
    unit_of,
    without_structure,
)
from reports.figures.tables import cite_with_licences, describe_sources, indicators_in_use
from reports.figures.zone_words import tell_zone_mix
from reports.projection.start import base_year_of, start_of

POPULATION_OF_THE_DAY: Final = "population de chaque date (INSEE : estimations jusqu’en 2021, municipale en 2023)"
"""What the MSP of a half-year are divided by."""
BOTH_MAPS: Final = "les deux cartes ensemble"

Drawn = tuple[str, DrawnLevel, Territory]
"""Indicator, level and scope of a map."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Every figure of the subject: pages, reports and commands all ask one, on a server's caches or on the snapshot.

    Attributes
    ----------
    table
        Gives a table of the snapshot by its name; never changed.
    level_table
        Gives every indicator of every territory of a level but those of the projection (index: territory code); NaN is
        unknown. `values` gives any indicator.
    own_table
        Gives the same of an own territory: one row, with what can be brought up from its communes.
    projected_table
        Gives the indicators of the projection of every territory of a level at a horizon (years), default scenario.
    gazetteer
        The territories by name.
    sources
        The catalogue of sources by id.
    covered_regions
        Regions whose structures are loaded: elsewhere their number is unknown.
    out_of_cover_min
        Gives the minutes from each covered commune to where structures are not loaded (`CommuneFacts`).
    msp_regions
        Regions whose MSP are loaded; None for those of every type.
    horizon_years
        How far the projected indicators look, in the default scenario.
    """

    table: Callable[[str], pd.DataFrame]
    level_table: Callable[[Level], pd.DataFrame]
    own_table: Callable[[Territory], pd.DataFrame]
    projected_table: Callable[[Level, int], pd.DataFrame]
    gazetteer: Gazetteer
    sources: Mapping[str, Source]
    covered_regions: frozenset[str]
    out_of_cover_min: Callable[[], pd.Series]
    msp_regions: frozenset[str] | None = None
    horizon_years: int = DEFAULT_HORIZON

    @classmethod
    def of_snapshot(cls, folder: Path | None = None) -> Self:
        """Read the snapshot (the one in use by default); tables and levels are computed once, when first asked for.

        Raises
        ------
        data.errors.DataError
            A table is absent or damaged; the message is in French.
        """

        @cache
        def table(name: str) -> pd.DataFrame:
            return store.load(name, folder)

        manifest = store.manifest(folder)
        covered, of_msp = (store.covered_regions("structures", kind, folder) for kind in ("", "msp"))
        sources = sources_in_use(load_catalog(), manifest)

        @cache
        def tables() -> Tables:
            at_hand = {name: table(name) for name in TABLE_NAMES if name in manifest["tables"]}
            return with_cells(Tables(covered_regions=covered, msp_regions=of_msp, **at_hand), manifest)

        @cache
        def shared() -> Any:
            return commune_facts(tables())

        @cache
        def level_table(level: Level) -> pd.DataFrame:
            return compute(level, tables(), shared())

        gazetteer = Gazetteer.of(table)

        @cache
        def own_table(territory: Territory) -> pd.DataFrame:
            return compute_own(gazetteer.mask(territory), territory.code, tables(), shared())

        @cache
        def yearly(horizon_years: int) -> pd.DataFrame:
            return project(start_of(table), Scenario(horizon_years=horizon_years)).yearly

        @cache
        def projected_table(level: Level, horizon_years: int) -> pd.DataFrame:
            return projected_shortfall(yearly(horizon_years), level, level_table(level).index)

        def out_of_cover_min() -> pd.Series:
            return shared().out_of_cover_min

        return cls(
            table, level_table, own_table, projected_table, gazetteer, sources, covered, out_of_cover_min, of_msp
        )

    def at(self, horizon_years: int) -> Self:
        """Return the same figures, the projected ones at another horizon."""
        if horizon_years == self.horizon_years:
            return self
        other = replace(self, horizon_years=horizon_years)
        # No horizon changes these: what they keep is shared.
        for name in ("indicators", "people_at_most", "_communes_inside"):
            vars(other)[name] = getattr(self, name)
        return other

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators that the tables in use can inform, each with its vintage: those that a report may list."""
        return indicators_in_use(self.sources)

    @cached_property
    def labelled_msp(self) -> pd.DataFrame:
        """The labelled MSP by half-year against the population of the day, see `growth.trajectory`."""
        names = ("communes", "msp_series", "population_estimates", "bpe_departements")
        table = labelled_msp(Tables(**{name: self.table(name) for name in names}))
        assert table is not None  # noqa: S101 - a snapshot always has the series
        return table

    def indicator(self, indicator_id: str) -> Indicator:
        """Return an indicator with the vintage of the table that informs it, or of its projection."""
        indicator = self.indicators.get(indicator_id, INDICATORS[indicator_id])
        if not indicator.is_projected:
            return indicator
        return at_horizon(indicator, base_year_of(self.table("professionals")), self.horizon_years)

    @cached_property
    def baseline(self) -> Baseline:
        """Where the projection starts."""
        return start_of(self.table)

    def values(self, indicator_id: str, level: Level) -> pd.Series:
        """Return an indicator of every territory of a level that it has; the projection is computed when asked for."""
        if INDICATORS[indicator_id].is_projected:
            return self.projected_table(level, self.horizon_years)[indicator_id]
        return self.level_table(level)[indicator_id]

    def value(self, indicator_id: str, territory: Territory) -> Any:
        """Return the value of an indicator for a territory; NaN when unknown or when it has no such level."""
        territory = self.gazetteer.official(territory)
        if territory.level not in INDICATORS[indicator_id].levels:
            return float("nan")
        if territory.level == OWN:
            return self.own_table(territory).loc[territory.code, indicator_id]
        return self.values(indicator_id, territory.level).get(territory.code, float("nan"))

    def figure(self, indicator_id: str, territory: Territory, *, unit: bool = True) -> str:
        """Write the figure of a territory: "aucune" where there is nothing to divide by, "au plus" before a maximum."""
        if self.lacks_divisor(indicator_id, territory):
            return none_word(INDICATORS[indicator_id])
        if indicator_id == "zone" and (mix := tell_zone_mix(self.table("zoning"), territory.code)):
            return f"Plusieurs zones : {mix}"
        figure = format_value(INDICATORS[indicator_id], self.value(indicator_id, territory), unit=unit)
        return f"{AT_MOST} {figure}" if self.is_at_most(indicator_id, territory) else figure

    def unit_after(self, indicator_id: str, territory: Territory) -> str:
        """Return the unit that follows the figure of a territory, where a large figure and its unit stand apart."""
        territory = self.gazetteer.official(territory)
        if territory.level not in INDICATORS[indicator_id].levels or self.lacks_divisor(indicator_id, territory):
            return ""
        return unit_of(INDICATORS[indicator_id], self.value(indicator_id, territory))

    def lacks_divisor(self, indicator_id: str, territory: Territory) -> bool:
        """Tell whether the territory is known to have nothing that the indicator could be divided by."""
        divisor = INDICATORS[indicator_id].divisor
        return divisor in INDICATORS and bool(self.value(divisor, territory) == 0)

    def is_at_most(self, indicator_id: str, territory: Territory) -> bool:
        """Tell whether the minutes of a commune are a maximum: a structure of a region not loaded may be nearer."""
        return territory.level == "commune" and bool(self.people_at_most(indicator_id).get(territory.code, 0.0) > 0)

    def share_at_most(self, indicator_id: str, scope: Territory) -> float:
        """Return the share (0-1) of the inhabitants whose minutes are a maximum, of those whose minutes are known."""
        communes = self.level_table("commune")
        return share_at_most(indicator_id, self.people_at_most(indicator_id), communes, self._communes_inside(scope))

    @cached_property
    def _communes_inside(self) -> Callable[[Territory], npt.NDArray[np.bool_]]:
        """The communes of a territory: a card asks for them once an indicator."""
        codes = self.level_table("commune").index
        return lru_cache(maxsize=64)(lambda scope: lies_inside(self.gazetteer, scope, "commune", codes))

    @cached_property
    def people_at_most(self) -> Callable[[str], pd.Series]:
        """The inhabitants of each commune whose minutes are a maximum, by indicator (`at_most.people_at_most`)."""
        behind = cache(lambda minutes: people_at_most(minutes, self.level_table("commune"), self.out_of_cover_min()))
        return lambda name: behind(minutes_behind(name))  # one column for the many that are of no minutes

    def tell_at_most(self, indicator_id: str, scope: Territory) -> str:
        """Say how many communes and inhabitants of a territory have minutes that are a maximum; empty for none."""
        communes = self.level_table("commune")
        return tell_at_most(indicator_id, self.people_at_most(indicator_id), communes, self._communes_inside(scope))

    def draw(
        self,
        indicator_id: str,
        level: DrawnLevel,
        scope: Territory,
        method: Method = "seuils",
        n_classes: int = 5,
        *,
        beside: Drawn | None = None,
        has_tooltips: bool = False,
    ) -> MapClasses:
        """Class an indicator over the territories of a level that lie in a scope, for the screen and for paper.

        Parameters
        ----------
        indicator_id, level
            What is shown, and of which territories.
        scope
            The territory whose parts are classed and coloured; the rest is pale.
        method, n_classes
            How the classes are cut; fixed bounds fall back to quantiles where the indicator has none.
        beside
            Another map of the same measure: the classes are cut on both together, so that a colour means one value.
        has_tooltips
            Whether each territory also gets its line of text: paper needs none.
        """
        table = self.level_table(level)
        is_maximum = self.people_at_most(indicator_id).reindex(table.index).to_numpy() > 0
        return draw_series(
            self.indicator(indicator_id),
            self.values(indicator_id, level).reindex(table.index),
            level,
            method,
            n_classes,
            inside=lies_inside(self.gazetteer, scope, level, table.index),
            none=without_structure(indicator_id, table),
            at_most=is_maximum if level == "commune" else None,
            note=" ".join(filter(None, (self.tell_at_most(indicator_id, scope), tell_astride(level, scope)))),
            texts=None if has_tooltips else [None] * len(table),
            left_out=letters_left_out(self.gazetteer, scope, level),
            pooled=None if beside is None else self._pool(((indicator_id, level, scope), beside)),
            together=ALL_DATES if beside is None else BOTH_MAPS,
            with_neighbours=True,
        )

    def _pool(self, maps: Sequence[Drawn]) -> pd.Series:
        """Return the values that some maps colour, the known « none » left out."""
        parts = []
        for indicator_id, level, scope in maps:
            table = self.level_table(level)
            inside = lies_inside(self.gazetteer, scope, level, table.index)
            inside &= ~without_structure(indicator_id, table)
            parts.append(self.values(indicator_id, level).reindex(table.index)[inside])
        return pd.concat(parts, ignore_index=True)

    def cite(self, *indicator_ids: str, level: str = "") -> str:
        """Name every source behind some indicators in a few words: "DREES, APL 2022 et 2023 ; FINESS, avril 2026".

        Those of one level only where it is given: an indicator may have another source above the commune.
        """
        cards = [self.indicators.get(one, INDICATORS[one]) for one in indicator_ids]
        names = dict.fromkeys(name for card in cards for name in card.at(level).source_ids)
        # A source that only a sync brings is absent until then: there is no figure of it to be cited.
        return " ; ".join(dict.fromkeys(self.sources[name].citation for name in names if name in self.sources))

    def cite_sources(self, *source_ids: str) -> str:
        """Name some sources and their licences, see `reports.figures.tables.cite_with_licences`."""
        # A source that only a sync brings is absent until then: there is no figure of it to be cited.
        return cite_with_licences([name for name in source_ids if name in self.sources], self.sources)

    def describe_sources(self, indicator_ids: Iterable[str], levels: Iterable[str]) -> list[dict[str, str]]:
        """Return what the sheet of sources of a workbook says: one line an indicator and source."""
        return describe_sources(indicator_ids, self.sources, levels)

    def n_inside(self, scope: Territory) -> int:
        """Count the communes of a territory."""
        return int(np.count_nonzero(self.gazetteer.mask(scope)))

    def sites(self, dates: SiteDates = "recentes") -> pd.DataFrame:
        """Return the sites of a choice of dates, see `sites.dated_sites` and `trajectory.msp_changes`."""
        structures, of_2021 = self.table("structures"), self.table("structures_2021")
        if dates != "evolution":
            return dated_sites(structures, of_2021, self.known_regions, dates)
        known = covered_communes(self.gazetteer.communes, self.known_regions("msp"))
        known &= communes_of_2021(self.gazetteer.communes, of_2021)
        return msp_changes(structures, of_2021, known, self.table("bpe_communes"))

    def known_regions(self, structure_type: str) -> frozenset[str]:
        """Return the regions where the file in use knows every site of a type."""
        return regions_of(structure_type, self.covered_regions, self.msp_regions)

    def knows_structures(self, territory: Territory, structure_type: str = "") -> bool:
        """Tell whether the structures of a territory are loaded: those of every region that it lies in.

        Parameters
        ----------
        territory
            Any territory.
        structure_type
            The type asked about; "" for every type.
        """
        return self.known_regions(structure_type) >= self.gazetteer.regions_of(territory)
