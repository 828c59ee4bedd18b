"""Figures as they are printed: one way for the card, the tables, the tooltips and the exports."""

from coverage.definitions import INDICATORS
from coverage.gazetteer import Territory
from pages.parts.tables import load_sources, value_of
from reports.drawn_values import format_value, none_word


def format_figure(indicator_id: str, territory: Territory, *, unit: bool = True) -> str:
    """Write the figure of a territory; "aucune" where a population has no structure to be divided by."""
    if lacks_structure(indicator_id, territory):
        return none_word(INDICATORS[indicator_id])
    return format_value(INDICATORS[indicator_id], value_of(indicator_id, territory), unit=unit)


def lacks_structure(indicator_id: str, territory: Territory) -> bool:
    """Tell whether the territory is known to have no structure of the type that the indicator divides by."""
    counted = f"n_{indicator_id.removeprefix('population_per_')}"
    return indicator_id.startswith("population_per_") and bool(value_of(counted, territory) == 0)


def cite(*indicator_ids: str) -> str:
    """Name every source behind some indicators in a few words: "DREES, APL 2022 et 2023 ; FINESS, avril 2026"."""
    sources = load_sources()
    names = dict.fromkeys(source_id for name in indicator_ids for source_id in INDICATORS[name].source_ids)
    # A source that only a sync brings is absent until then: there is no figure of it to be cited.
    return " ; ".join(sources[name].citation for name in names if name in sources)
