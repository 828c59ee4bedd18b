"""In what a territory is shown, for who does not know where it lies."""

from __future__ import annotations

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.codes import OVERSEAS_DEPARTEMENT_CODES


def seen_in(gazetteer: Gazetteer, territory: Territory) -> Territory | None:
    """Return France for a department or a region, else the region where most of the people of the territory live.

    None where a map would say nothing: of France, of an overseas department, that fills its own frame.
    """
    if territory == FRANCE:
        return None
    if territory.level not in {"region", "departement"}:
        return gazetteer.home(territory, "region")
    departements = set(gazetteer.within(territory, "departement")["departement_code"])
    return None if departements & set(OVERSEAS_DEPARTEMENT_CODES) else FRANCE
