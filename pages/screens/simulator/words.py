"""The simulator in words: kinds of changes, the places they name, what a scenario does."""

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from coverage.simulator.scenario import Outcome
from coverage.simulator.supply_change import Change, Closure, Departures, Move, Opening, RetirementOver65
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory, UnknownTerritoryError
from geo.commune_names import fold
from geo.levels import LEVELS
from geo.travel_time.matrix import TravelTimes
from pages.app.travel_times import tell_travel
from pages.screens.simulator.supply import Fit, Supply
from reports.figures.french import count_of
from reports.figures.numbers import format_number, format_share

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


def travel_note(times: TravelTimes) -> str:
    """Say, under a map or a table, where the travel times come from and what they and the APL lack (Markdown)."""
    return f"{tell_travel(times)} {_ONE_POINT}"


def tell_supply(supply: Supply) -> str:
    """Say how the supply of each commune was made, and how well it gives the published APL back, beside the others."""
    residual = f"APL tous âges recalculée contre APL publiée, écart quadratique moyen de {_tell_fit(supply.fit)}."
    if math.isnan(supply.share_elsewhere):
        return f"Activité déduite de l’APL publiée par moindres carrés. {residual}"
    return (
        "Généralistes de chaque commune (INSEE, BPE, lieux d’exercice et non temps pleins), activité ajustée sur l’APL "
        f"publiée sans dépasser ce que la DREES compte au plus pour un médecin. {residual} Écartés : l’APL seule, "
        f"{_tell_fit(supply.free_fit)}, mais {format_share(supply.share_elsewhere, 0)} de l’activité dans des "
        f"communes sans généraliste ; les seuls effectifs, à activité égale, {_tell_fit(supply.counted_fit)}."
    )


def _tell_fit(fit: Fit) -> str:
    return f"{format_number(fit.rmse, 2)} ({format_share(fit.share_explained, 0)} de la variance expliqués)"


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
    code = (rest.rstrip(") ").rpartition(", ")[2] or wanted).upper()
    found = [place for level in LEVELS[1:] if (place := Territory(level, code)) in gazetteer]
    if rest:
        labelled = [place for place in found if gazetteer.label(place) == wanted]
        found = labelled or [place for place in found if fold(gazetteer.name(place)) == fold(name)]
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


def tell_scenario(name: str, where: str, outcome: Outcome, here: pd.Series) -> str:
    """Say what a scenario does in one sentence, its name first.

    Parameters
    ----------
    name
        Of the scenario.
    where
        The territory of the page, as `reports.figures.french.in_territory` writes it.
    outcome
        Over the whole country.
    here
        The same in the territory: people_lifted, apl_before, apl_after (NaN where the APL is unknown).
    """
    if outcome.people_lifted:
        lifted, inside = count_of(outcome.people_lifted, "habitant"), here["people_lifted"]
        part = "" if inside == outcome.people_lifted else f", dont {format_number(inside)} {where}"
        return f"« {name} » : {lifted} passent au-dessus de 2,5 consultations{part}."
    before, after = (format_number(here[column], 2) for column in ("apl_before", "apl_after"))
    if before != after:
        return f"« {name} » : {where}, l’APL moyenne passe de {before} à {after}, personne ne franchit 2,5."
    return f"« {name} » : personne ne passe au-dessus de 2,5 consultations."


def format_fte(fte: float) -> str:
    """Write full-time equivalents: "3 ETP", "2,5 ETP"."""
    return format_number(fte, 0 if round(fte, 1) == round(fte) else 1, FTE)
