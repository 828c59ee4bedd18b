"""The simulator in words: kinds of changes, the places they name, what a scenario does."""

import re
from collections.abc import Mapping
from typing import Final

from coverage.gazetteer import FRANCE, LEVELS, Gazetteer, Territory, UnknownTerritoryError, fold
from coverage.supply_change import Change, Closure, Departures, Move, Opening, RetirementOver65
from data.travel_times import n_isolated
from geo.travel_time.matrix import TravelTimes
from geo.travel_time.provider import provider_label
from pages.parts.numbers import format_number, format_share

OPENING, CLOSURE, DEPARTURES, RETIREMENT, MOVE = (
    "Ouverture", "Fermeture", "Départ de médecins", "Départ des plus de 65 ans", "Déplacement",
)  # fmt: skip
KIND_LABELS: Final[Mapping[type[Change], str]] = {
    Opening: OPENING,
    Closure: CLOSURE,
    Departures: DEPARTURES,
    RetirementOver65: RETIREMENT,
    Move: MOVE,
}
FTE: Final = "ETP"
APL_UNIT: Final = "consultations par an et par habitant"
_ONE_POINT: Final = (
    "Paris, Lyon et Marseille sont chacune un seul point : le détail entre arrondissements n’est pas simulé. "
    "Mayotte n’a pas d’APL (n.d.)."
)


def tell_times(times: TravelTimes) -> str:
    """Say who gave the travel times and of which date: "table fournie (METRIC 2023)"."""
    return f"{provider_label(times.provider)} ({times.vintage})"


def travel_note(times: TravelTimes) -> str:
    """Say, under a map or a table, where the travel times come from and what they lack (Markdown)."""
    vintage = re.sub(r"([\\`*_{}\[\]<>$#~|:])", r"\\\1", times.vintage)  # a text of the user's
    if times.provider == "estimation":
        told = "**estimation** (distance à vol d’oiseau, détour et vitesse selon la densité et le relief)"
    else:
        told = f"**{provider_label(times.provider)}** ({vintage})"
        told += ", © contributeurs OpenStreetMap, ODbL" if times.provider == "osm" else ""
        n = n_isolated(times)
        told += f" ; {format_number(n)} communes n’en atteignent aucune autre en {times.limit_min:g} min" if n else ""
    return f"Temps de trajet : {told}. {_ONE_POINT}"


def place_of(change: Change) -> Territory:
    """Return where a change happens; for a move, where the GPs come from."""
    match change:
        case RetirementOver65():
            return Territory(change.level, change.territory_code)  # type: ignore[arg-type] # read from LEVELS
        case Move():
            return Territory("commune", change.from_commune_code)
        case _:
            return Territory("commune", change.commune_code)


def name_place(gazetteer: Gazetteer, territory: Territory) -> str:
    """Write a place so that `find_place` finds it again: "Millau (12145)", "Aveyron (12)", "Occitanie", "France"."""
    name = gazetteer.label(territory)
    found, _ = find_place(gazetteer, name)
    return name if found == territory else territory.key


def find_place(gazetteer: Gazetteer, text: str) -> tuple[Territory | None, str]:
    """Find the one territory that a text names: a label, a code, a key, or a name borne by one only.

    A name borne by a commune and by something larger is the commune's: most changes happen in one.

    Returns
    -------
    tuple of Territory or None, and str
        The territory, or None and why in French.
    """
    wanted = text.strip()
    if fold(wanted) == "france":
        return FRANCE, ""
    try:
        return gazetteer.parse(wanted), ""
    except UnknownTerritoryError:
        pass
    name, _, rest = wanted.partition("(")
    code = (rest.rstrip(") ") or wanted).upper()
    found = [place for level in LEVELS[1:] if (place := Territory(level, code)) in gazetteer]
    if rest:
        found = [place for place in found if fold(gazetteer.name(place)) == fold(name)]
    elif not found:
        matches = gazetteer.search(wanted, limit=60)
        found = [match for match in matches if fold(gazetteer.name(match)) == fold(wanted)]
        if not found:
            near = ", ".join(gazetteer.label(match) for match in matches[:3])
            return None, f"« {wanted} » n’est pas un territoire connu" + (f" (proches : {near})" if near else "")
    communes = [place for place in found if place.level == "commune"]
    if len(found) == 1 or len(communes) == 1:
        return (communes or found)[0], ""
    if not found:
        return None, f"« {wanted} » n’est pas un territoire connu"
    several = ", ".join(f"{gazetteer.name(place)} ({place.code})" for place in found[:4])
    return None, f"« {wanted} » désigne plusieurs territoires : {several}"


def tell_change(gazetteer: Gazetteer, change: Change) -> str:
    """Say a change in one line: "Ouverture à Millau (12145), 3 ETP"."""
    place = gazetteer.label(place_of(change))
    match change:
        case RetirementOver65():
            share = "" if change.share == 1 else f" ({format_share(change.share, 0)} d’entre eux)"
            return f"{RETIREMENT}, {place}{share}"
        case Move():
            to = gazetteer.label(Territory("commune", change.to_commune_code))
            return f"{MOVE} de {place} à {to}, {format_fte(change.gp_fte)}"
        case _:
            return f"{KIND_LABELS[type(change)]}, {place}, {format_fte(change.gp_fte)}"


def format_fte(fte: float) -> str:
    """Write full-time equivalents: "3 ETP", "2,5 ETP"."""
    return format_number(fte, 0 if round(fte, 1) == round(fte) else 1, FTE)


def format_change(value: float, decimals: int = 2) -> str:
    """Write a difference with its sign, a true minus; "0" when it rounds to nothing, "n.d." when unknown."""
    text = format_number(value, decimals)
    if value != value:  # noqa: PLR0124 - NaN
        return text
    if float(f"{value:.{decimals}f}") == 0:
        return "0"
    return f"+{text}" if value > 0 else text.replace("-", "−", 1)
