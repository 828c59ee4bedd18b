"""What goes with every table of the simulator that leaves the app: the changes, what they assume, the sources."""

import math
from typing import Final

import pandas as pd

from coverage.access.decay import read_access_parameters
from coverage.indicators.cards import INDICATORS
from coverage.simulator.siting.request import SitingAnswer
from coverage.territories.gazetteer import Gazetteer
from data.travel_times.saved import LIMIT_MIN, n_isolated
from geo.travel_time.estimate import read_estimate_parameters
from geo.travel_time.matrix import TravelTimes
from pages.app.tables import load_sources
from pages.app.travel_times import load_times, tell_times
from pages.screens.simulator.engine import Result, load_model, supply_task
from pages.screens.simulator.siting import OBJECTIVE_LABELS, Ask
from pages.screens.simulator.words import tell_change, tell_supply
from reports.figures.numbers import format_number, format_share

USED_SOURCES: Final = (
    "drees_apl_mg", "etalab_decoupage", "insee_75plus", "insee_pauvrete", "finess_occitanie", "finess_msp_2026",
    "insee_bpe_2024",
)  # fmt: skip


def describe_run(gazetteer: Gazetteer, result: Result, name: str) -> list[dict[str, str]]:
    """Return the lines of the second sheet: scenario, changes, assumptions, sources, each with its nature."""
    series = INDICATORS[result.counted.series]
    rows = [("Scénario", name, "supposé", ""), ("APL de départ", series.label, "mesuré", series.formula)]
    rows.append(
        ("Valeurs « après » et « différence »", "Simulation Maillage à partir de l’APL de départ", "estimé", "")
    )
    rows += [("Changement", tell_change(gazetteer, change), "supposé", "") for change in result.counted.changes]
    rows += [
        ("Changement en attente", tell_change(gazetteer, change), "supposé", "Non compté.") for change in result.waiting
    ]
    rows += [
        ("Changement sans effet", tell_change(gazetteer, change), "supposé", "Non compté.") for change in result.idle
    ]
    rows += _assumptions()
    rows += [
        ("Source", f"{source.title}, {source.producer}, {source.vintage}", "mesuré", f"{source.licence}. {source.url}")
        for source in (load_sources()[key] for key in USED_SOURCES)
    ]
    return [dict(zip(("Élément", "Valeur", "Nature", "Précision"), row, strict=True)) for row in rows]


def sites_table(gazetteer: Gazetteer, answer: SitingAnswer, gain_head: str) -> pd.DataFrame:
    """Return the sites of an answer in their order, with their places: one row a site."""
    communes = gazetteer.communes.set_index("commune_code").loc[answer.sites["commune_code"]]
    return pd.DataFrame(
        {
            "Rang": range(1, len(communes) + 1),
            "Commune": communes["name"].to_numpy(),
            "Code": communes.index,
            "Département": communes["departement_code"].to_numpy(),
            "Longitude": communes["longitude"].to_numpy(),
            "Latitude": communes["latitude"].to_numpy(),
            gain_head: answer.sites["gain"].to_numpy(),
        }
    )


def describe_siting(
    gazetteer: Gazetteer, ask: Ask, answer: SitingAnswer, result: Result, name: str
) -> list[dict[str, str]]:
    """Return the lines of the second sheet of proposed sites: the question, how good the answer is, the scenario."""
    gap = "n.d." if pd.isna(answer.gap_share) else format_share(answer.gap_share)
    question = (
        ("But", OBJECTIVE_LABELS[ask.objective], "supposé", ""),
        ("Territoire", gazetteer.label(ask.territory), "supposé", "Sites et habitants de ce territoire"),
        ("Sites demandés", format_number(ask.n_sites), "supposé", f"{format_number(ask.gp_fte, 1)} ETP par site"),
        ("Minutes de trajet, au plus", format_number(ask.max_minutes, 0, "min"), "supposé", ""),
        ("Poids d’un habitant de 75 ans ou plus", format_number(1 + ask.weight_75plus, 1), "supposé", "INSEE, 2022"),
        ("Poids d’un habitant pauvre", format_number(1 + ask.weight_poverty, 1), "supposé", "INSEE, 2021"),
        ("Habitants par site, au moins", format_number(ask.min_people_served), "supposé", ""),
        ("Minutes entre deux sites, au moins", format_number(ask.min_minutes_between), "supposé", ""),
        ("Au plus un site par EPCI", "oui" if ask.one_per_epci else "non", "supposé", ""),
        ("Écart à l’optimum, au plus", gap, "estimé", "Optimum prouvé." if answer.status == "optimal" else ""),
    )
    rows = [dict(zip(("Élément", "Valeur", "Nature", "Précision"), row, strict=True)) for row in question]
    return rows + describe_run(gazetteer, result, name)


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
        (
            "Seuil de la commune sous-dense",
            format_number(constants["threshold_apl"], 1),
            "supposé",
            "Choix de la DREES",
        ),
        ("Poids selon le temps", weights, "supposé", "Choix de la DREES, onglet « Paramètres »"),
        _travel(load_times()),
    ]
    supply = supply_task().supply
    if supply is not None:
        is_counted = not math.isnan(supply.share_elsewhere)
        made = "généralistes de la BPE, activité ajustée sur l’APL" if is_counted else "déduite de l’APL publiée"
        rows.append(("Offre par commune", made, "estimé", tell_supply(supply)))
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
