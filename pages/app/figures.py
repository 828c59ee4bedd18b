"""Figures as they are printed: one way for the card, the tables, the tooltips and the exports."""

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import Territory
from pages.app.tables import level_table, load_gazetteer, load_sources, load_table, people_at_most, value_of
from reports.figures import at_most
from reports.figures.at_most import AT_MOST
from reports.figures.map_classes import format_value, lies_inside, none_word, unit_of
from reports.figures.zone_words import tell_zone_mix


def format_figure(
    indicator_id: str, territory: Territory, *, unit: bool = True, horizon_years: int | None = None
) -> str:
    """Write the figure of a territory: "aucune" where there is nothing to divide by, the shares of several zones."""
    if lacks_divisor(indicator_id, territory):
        return none_word(INDICATORS[indicator_id])
    if indicator_id == "zone" and (mix := tell_zone_mix(load_table("zoning"), territory.code)):
        return f"Plusieurs zones : {mix}"
    figure = format_value(INDICATORS[indicator_id], value_of(indicator_id, territory, horizon_years), unit=unit)
    return f"{AT_MOST} {figure}" if is_at_most(indicator_id, territory) else figure


def unit_after(indicator_id: str, territory: Territory) -> str:
    """Return the unit that follows the figure of a territory, where a large figure and its unit stand apart."""
    territory = load_gazetteer().official(territory)
    if territory.level not in INDICATORS[indicator_id].levels or lacks_divisor(indicator_id, territory):
        return ""
    return unit_of(INDICATORS[indicator_id], value_of(indicator_id, territory))


def lacks_divisor(indicator_id: str, territory: Territory) -> bool:
    """Tell whether the territory is known to have nothing that the indicator could be divided by."""
    divisor = INDICATORS[indicator_id].divisor
    return divisor in INDICATORS and bool(value_of(divisor, territory) == 0)


def is_at_most(indicator_id: str, territory: Territory) -> bool:
    """Tell whether the minutes of a commune are a maximum: a structure of a region not loaded may be nearer."""
    return territory.level == "commune" and bool(people_at_most(indicator_id).get(territory.code, 0.0) > 0)


def share_at_most(indicator_id: str, territory: Territory) -> float:
    """Return the share (0-1) of the inhabitants whose minutes are a maximum, of those whose minutes are known."""
    communes = level_table("commune")
    inside = lies_inside(load_gazetteer(), territory, "commune", communes.index)
    return at_most.share_at_most(indicator_id, people_at_most(indicator_id), communes, inside)


def tell_at_most(indicator_id: str, territory: Territory) -> str:
    """Say how many communes and inhabitants of a territory have minutes that are a maximum; empty for none."""
    communes = level_table("commune")
    inside = lies_inside(load_gazetteer(), territory, "commune", communes.index)
    return at_most.tell_at_most(indicator_id, people_at_most(indicator_id), communes, inside)


def cite(*indicator_ids: str, level: str = "") -> str:
    """Name every source behind some indicators in a few words: "DREES, APL 2022 et 2023 ; FINESS, avril 2026".

    Those of one level only where it is given: an indicator may have another source above the commune.
    """
    sources = load_sources()
    names = dict.fromkeys(source_id for name in indicator_ids for source_id in INDICATORS[name].at(level).source_ids)
    # A source that only a sync brings is absent until then: there is no figure of it to be cited.
    return " ; ".join(dict.fromkeys(sources[name].citation for name in names if name in sources))
