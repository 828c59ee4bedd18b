"""Where territories and communes lie: in what a territory is shown, and what holds a list of communes."""

from __future__ import annotations

from collections.abc import Iterable

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


def smallest_holding(gazetteer: Gazetteer, commune_codes: Iterable[str]) -> Territory:
    """Return the smallest department or region that holds some communes; France where none does."""
    rows = gazetteer.communes[gazetteer.communes["commune_code"].isin(set(commune_codes))]
    if rows["departement_code"].nunique() == 1:
        return Territory("departement", str(rows["departement_code"].iloc[0]))
    if rows["region_code"].nunique() == 1:
        return Territory("region", str(rows["region_code"].iloc[0]))
    return FRANCE
