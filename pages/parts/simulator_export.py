"""What goes with every table of the simulator that leaves the app: the changes, what they assume, the sources."""

from typing import Final

from coverage.decay import read_access_parameters
from coverage.definitions import INDICATORS
from coverage.gazetteer import Gazetteer
from data.travel_times import LIMIT_MIN, n_isolated
from geo.travel_time.estimate import read_estimate_parameters
from geo.travel_time.matrix import TravelTimes
from pages.parts.numbers import format_number, format_share
from pages.parts.simulator_engine import Result, load_model, load_times, supply_task
from pages.parts.simulator_words import tell_change, tell_times
from pages.parts.tables import load_sources

USED_SOURCES: Final = ("drees_apl_mg", "etalab_decoupage", "insee_75plus", "insee_pauvrete", "finess_occitanie")


def describe_run(gazetteer: Gazetteer, result: Result, name: str) -> list[dict[str, str]]:
    """Return the lines of the second sheet: scenario, changes, assumptions, sources, each with its nature."""
    series = INDICATORS[result.counted.series]
    rows = [("Scénario", name, "choix", ""), ("APL de départ", series.label, "mesuré", series.formula)]
    rows += [("Changement", tell_change(gazetteer, change), "choix", "") for change in result.counted.changes]
    rows += [("Changement en attente", tell_change(gazetteer, change), "non compté", "") for change in result.waiting]
    rows += [("Changement sans effet", tell_change(gazetteer, change), "non compté", "") for change in result.idle]
    rows += _assumptions()
    rows += [
        ("Source", f"{source.title}, {source.producer}, {source.vintage}", "mesuré", f"{source.licence}. {source.url}")
        for source in (load_sources()[key] for key in USED_SOURCES)
    ]
    return [dict(zip(("Élément", "Valeur", "Nature", "Précision"), row, strict=True)) for row in rows]


def _assumptions() -> list[tuple[str, str, str, str]]:
    constants = read_access_parameters()["general_practitioner"]
    decay = load_model().reach.decay
    weights = " ; ".join(
        f"moins de {upper:g} min : {format_number(weight, 2)}"
        for upper, weight in zip(decay.upper_min, decay.weight, strict=True)
    )
    rows = [
        (
            "Calcul",
            "APL après = APL publiée + Σ poids × actes ajoutés ÷ population standardisée à portée",
            "estimé",
            "Exact aux temps de trajet près ; jamais sous 0.",
        ),
        ("Activité d’un ETP", format_number(constants["acts_per_fte"], 0, "consultations par an"), "supposé", "DREES"),
        ("Seuil de la commune sous-dense", format_number(constants["threshold_apl"], 1), "publié", "DREES"),
        ("Poids selon le temps", weights, "publié", "DREES, onglet « Paramètres »"),
        _travel(load_times()),
    ]
    supply = supply_task().supply
    if supply is not None:
        fit = (
            f"écart quadratique moyen {format_number(supply.rmse, 2)}, {format_share(supply.share_explained)} expliqués"
        )
        rows.append(("Offre par commune", "déduite de l’APL publiée par moindres carrés positifs", "estimé", fit))
    return rows


def _travel(times: TravelTimes) -> tuple[str, str, str, str]:
    """Return the line of the travel times; those of the estimate are told with all their assumptions."""
    if times.provider != "estimation":
        isolated = f"{n_isolated(times)} communes n’en atteignent aucune autre"
        terms = "© contributeurs OpenStreetMap, ODbL ; " if times.provider == "osm" else ""
        nature = "fourni" if times.provider == "table" else "calculé"
        return ("Temps de trajet", f"{tell_times(times)}, jusqu’à {LIMIT_MIN:g} min", nature, terms + isolated)
    parameters = read_estimate_parameters()
    speeds = " ; ".join(
        f"dès {density:g} hab./km² : {speed:g} km/h"
        for density, speed in zip(parameters.density_from_per_km2, parameters.road_km_per_h, strict=True)
    )
    travel = (
        f"estimation : vol d’oiseau × {format_number(parameters.detour, 2)} ÷ vitesse, "
        f"+ {parameters.terminal_min:g} min ; {speeds} ; "
        f"× {format_number(parameters.relief_factor, 2)} en relief ; jusqu’à {LIMIT_MIN:g} min"
    )
    return ("Temps de trajet", travel, "estimé", f"Hypothèses de {parameters.edition}")
