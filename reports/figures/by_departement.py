"""What is published by department only, and so unknown of an own territory: said where its figures stand."""

from collections.abc import Iterable

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import Territory
from geo.levels import OWN

WHY_UNKNOWN = "publié par département seulement"


def is_by_departement(indicator_id: str, territory: Territory) -> bool:
    """Tell whether an indicator is unknown of an own territory because its source gives departments only."""
    levels = INDICATORS[indicator_id].levels
    return territory.level == OWN and "departement" in levels and OWN not in levels


def tell_by_departement(indicator_ids: Iterable[str], territory: Territory) -> str:
    """Name those of some indicators that are unknown for that reason; empty when there are none.

    Parameters
    ----------
    indicator_ids
        What would be shown of a department.
    territory
        Any territory, see `coverage.territories.gazetteer.Gazetteer.official`.
    """
    names = dict.fromkeys(INDICATORS[one].short_label for one in indicator_ids if is_by_departement(one, territory))
    if not names:
        return ""
    return f"n.d. pour un territoire personnel, car {WHY_UNKNOWN} : {', '.join(names)}."
