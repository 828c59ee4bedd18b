"""The figures that reports print: tables, indicators by level and sources, without any screen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from coverage.definitions import INDICATORS, SYNCED_TABLES, Indicator, available_indicators
from coverage.gazetteer import Gazetteer, Level, Territory
from coverage.indicators import Tables, commune_facts, compute
from data import store
from data.catalog import Source, load_catalog
from data.sync.registry import sources_in_use
from reports.drawn_values import (
    DrawnValues,
    MapLevel,
    Method,
    draw_series,
    format_value,
    lies_inside,
    none_word,
    without_structure,
)
from reports.tables import cite_with_licences, describe_sources

_COMPUTED_FROM: Final = (
    "communes", "apl", "msp_series", "structures", "professionals", "bpe_departements", "population_series",
    "commune_context", "zoning",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Facts:
    """All that a report may quote; a page builds one on its own caches, a command on the snapshot.

    Attributes
    ----------
    table
        Gives a table of the snapshot by its name; never changed.
    level_table
        Gives every indicator of every territory of a level (index: territory code); NaN is unknown.
    gazetteer
        The territories by name.
    sources
        The catalogue of sources by id.
    covered_regions
        Regions whose structures are loaded: elsewhere their number is unknown.
    """

    table: Callable[[str], pd.DataFrame]
    level_table: Callable[[Level], pd.DataFrame]
    gazetteer: Gazetteer
    sources: Mapping[str, Source]
    covered_regions: frozenset[str]

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
        covered = frozenset(manifest["tables"]["structures"]["covered_regions"])
        sources = sources_in_use(load_catalog(), manifest)
        computed_from = (*_COMPUTED_FROM, *(SYNCED_TABLES & set(manifest["tables"])))

        @cache
        def tables() -> Tables:
            return Tables(covered_regions=covered, **{name: table(name) for name in computed_from})

        @cache
        def shared() -> Any:
            return commune_facts(tables())

        @cache
        def level_table(level: Level) -> pd.DataFrame:
            return compute(level, tables(), shared())

        gazetteer = Gazetteer(
            communes=table("communes"),
            epci=table("epci"),
            departements=table("departements"),
            regions=table("regions"),
        )
        return cls(table, level_table, gazetteer, sources, covered)

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators that the tables in use can inform, each with its vintage: those that a report may list."""
        return available_indicators({table: s.vintage for s in self.sources.values() for table in s.tables})

    def indicator(self, indicator_id: str) -> Indicator:
        """Return an indicator with the vintage of the table that informs it, where it is there."""
        return self.indicators.get(indicator_id, INDICATORS[indicator_id])

    def value(self, indicator_id: str, territory: Territory) -> Any:
        """Return the value of an indicator for a territory; NaN when unknown or when it has no such level."""
        if territory.level not in INDICATORS[indicator_id].levels:
            return float("nan")
        return self.level_table(territory.level)[indicator_id].get(territory.code, float("nan"))

    def figure(self, indicator_id: str, territory: Territory, *, unit: bool = True) -> str:
        """Write the figure of a territory; "aucune" where a population per structure has no structure to divide by."""
        counted = f"n_{indicator_id.removeprefix('population_per_')}"
        if indicator_id.startswith("population_per_") and counted in INDICATORS and self.value(counted, territory) == 0:
            return none_word(INDICATORS[indicator_id])
        return format_value(INDICATORS[indicator_id], self.value(indicator_id, territory), unit=unit)

    def draw(
        self, indicator_id: str, level: MapLevel, scope: Territory, method: Method = "seuils", n_classes: int = 5
    ) -> DrawnValues:
        """Class an indicator over the territories of a level in a scope, by the very function the screen uses."""
        table = self.level_table(level)
        return draw_series(
            self.indicator(indicator_id),
            table[indicator_id],
            level,
            method,
            n_classes,
            inside=lies_inside(self.gazetteer, scope, level, table.index),
            none=without_structure(indicator_id, table),
            texts=[None] * len(table),  # tooltips: paper has none
        )

    def cite(self, *indicator_ids: str) -> str:
        """Name every source behind some indicators and its licence: "DREES, APL 2023 – Licence Ouverte 2.0"."""
        names = dict.fromkeys(source_id for name in indicator_ids for source_id in INDICATORS[name].source_ids)
        return self.cite_sources(*names)

    def cite_sources(self, *source_ids: str) -> str:
        """Name some sources and their licences, see `reports.tables.cite_with_licences`."""
        # A source that only a sync brings is absent until then: there is no figure of it to be cited.
        return cite_with_licences([name for name in source_ids if name in self.sources], self.sources)

    def describe_sources(self, indicator_ids: Iterable[str]) -> list[dict[str, str]]:
        """Return what the sheet of sources of a workbook says: one line an indicator and source."""
        return describe_sources(indicator_ids, self.sources)

    def n_inside(self, scope: Territory) -> int:
        """Count the communes of a territory."""
        return int(np.count_nonzero(self.gazetteer.mask(scope)))

    def region_of(self, territory: Territory) -> Territory | None:
        """Return the region of a territory: itself when it is one, None for France."""
        return next((t for t in (territory, *self.gazetteer.containing(territory)) if t.level == "region"), None)

    def knows_structures(self, territory: Territory) -> bool:
        """Tell whether the structures of a territory are loaded (those of France: only if every region's are)."""
        region = self.region_of(territory)
        if region is None:
            return self.covered_regions >= set(self.gazetteer.regions["region_code"])
        return region.code in self.covered_regions
