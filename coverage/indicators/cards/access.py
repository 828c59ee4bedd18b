"""Indicators of access to general practitioners: the APL of the DREES, the counts of GPs, the zoning of the ARS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Final, Literal

from coverage.indicators.cards.indicator import (
    ABOVE_COMMUNE,
    ALL_LEVELS,
    FROM_DEPARTEMENT,
    MAYOTTE_RATE,
    PER_100K,
    SHARE,
    Indicator,
)
from coverage.indicators.zones import SEVERAL

# 2.5 is the published bound of an under-dense commune; the other bounds step by one consultation on either side of it.
UNDER_DENSE = 2.5
APL_THRESHOLDS = (1.5, UNDER_DENSE, 3.5, 4.5)
VINTAGES = (2023, 2022)

AplSeries = Literal["apl_65", "apl"]
"""The two series that the DREES publishes: GPs of 65 or less, the reference, and GPs of all ages."""

REFERENCE_SERIES: Final[AplSeries] = "apl_65"

_SERIES: Final[dict[AplSeries, tuple[str, str, str]]] = {
    "apl_65": (
        "médecins de 65 ans ou moins",
        "APL ≤ 65 ans",
        "Série de référence : sans les médecins de plus de 65 ans.",
    ),
    "apl": ("médecins de tous âges", "APL tous âges", "Compte aussi les médecins de plus de 65 ans."),
}
_ID: Final = re.compile(r"^(.*?)(apl_65|apl)(_(?:\d{4}|change))$")
_SHORT: Final = re.compile(r"^(gp_fte_short_of_2_5)(?:_65)?(_per_10k)?$")
_NO_APL = "Mayotte n’a pas d’APL."
_UNIT = "consultations par an et par habitant"
_RELEVE = "Zonage relevé en juin 2025, remplacé dans certaines régions depuis le 1er janvier 2026."
_ZONING_VINTAGE = "relevé de juin 2025, à vérifier auprès de l’ARS"
_SUPERSEDED = (
    "Relevé de juin 2025 : depuis le 1er janvier 2026, de nouveaux zonages le remplacent dans certaines régions, "
    "dont les Hauts-de-France et l’Auvergne-Rhône-Alpes (source secondaire)."
)


def series_words(series: AplSeries) -> str:
    """Return the GPs that a series counts, in French: "médecins de 65 ans ou moins"."""
    return _SERIES[series][0]


def in_series(indicator_id: str, series: AplSeries) -> str:
    """Return the same indicator in a series of the APL; any other indicator is unchanged.

    Examples
    --------
    >>> in_series("share_population_under_2_5_apl_65_2023", "apl")
    'share_population_under_2_5_apl_2023'
    >>> in_series("apl_at_risk_share_2023", "apl")  # of both series
    'apl_at_risk_share_2023'
    """
    if short := _SHORT.match(indicator_id):
        return f"{short[1]}{'_65' if series == REFERENCE_SERIES else ''}{short[2] or ''}"
    return _ID.sub(rf"\g<1>{series}\g<3>", indicator_id)


def follow_series(indicator_ids: Iterable[str], series: AplSeries) -> tuple[str, ...]:
    """Return a list written for the reference series as a visit in a series reads it: the two change places.

    Examples
    --------
    >>> follow_series(("population", "apl_65_2023", "apl_2023"), "apl")
    ('population', 'apl_2023', 'apl_65_2023')
    """
    if series == REFERENCE_SERIES:
        return tuple(indicator_ids)
    return tuple(
        in_series(name, series if in_series(name, REFERENCE_SERIES) == name else REFERENCE_SERIES)
        for name in indicator_ids
    )


def _levels_of_apl(series: AplSeries, vintage: int) -> tuple[Indicator, ...]:
    title, short, says = _SERIES[series]
    return (
        Indicator(
            id=f"{series}_{vintage}",
            label=f"Accessibilité aux généralistes (APL {vintage}), {title}",
            short_label=f"{short} {vintage}",
            unit=_UNIT,
            decimals=2,
            levels=ALL_LEVELS,
            kind="sequential",
            higher_is="mieux",
            source_ids=("drees_apl_mg",),
            vintage=str(vintage),
            formula=(
                "APL publiée par la DREES ; au-dessus de la commune, moyenne pondérée par la population standardisée."
            ),
            note=f"{says} {_NO_APL}",
            theme="Accès aux généralistes",
            thresholds=APL_THRESHOLDS,
            pivot=UNDER_DENSE,
        ),
        Indicator(
            id=f"share_population_under_2_5_{series}_{vintage}",
            label=f"Population des communes sous 2,5 consultations (APL {vintage}), {title}",
            short_label=f"Pop. sous 2,5 ({short} {vintage})",
            **SHARE,
            levels=ABOVE_COMMUNE,
            higher_is="moins bien",
            source_ids=("drees_apl_mg",),
            vintage=str(vintage),
            formula=(
                "Population totale des communes dont l’APL est inférieure à 2,5 ÷ population totale des "
                "communes connues."
            ),
            note=f"{says} {_NO_APL} Le seuil d’APL et le zonage de l’ARS sont deux choses distinctes.",
            theme="Accès aux généralistes",
        ),
    )


def _of_departements(vintage: int) -> tuple[Indicator, ...]:
    """Make the cards of an edition known by department only, whose ids belong to no series that a visit can be in."""
    card = partial(
        Indicator,
        kind="sequential",
        source_ids=("drees_apl_2024",),
        vintage=f"{vintage}, relevée par un tiers",
        theme="Accès aux généralistes",
        map_note="Médecins de tous âges : ne se compare pas à l’APL des 65 ans ou moins.",
    )
    note = (
        "Chiffres de la DREES de juillet 2026, relevés par un tiers, à deux décimales, par département seulement. À "
        f"comparer à l’APL tous âges de 2022 et 2023, jamais à celle des médecins de 65 ans ou moins. {_NO_APL}"
    )
    return (
        card(
            id=f"apl_all_ages_{vintage}",
            label=f"Accessibilité aux généralistes (APL {vintage}), médecins de tous âges, par département",
            short_label=f"APL tous âges {vintage}",
            unit=_UNIT,
            decimals=2,
            levels=("departement", "france"),
            higher_is="mieux",
            formula="Moyenne du département, ou de la France, publiée par la DREES.",
            note=f"{note} Régions : n.d., faute de leur population standardisée.",
            thresholds=APL_THRESHOLDS,
            pivot=UNDER_DENSE,
        ),
        card(
            id=f"share_population_under_2_5_all_ages_{vintage}",
            label=f"Population des communes sous 2,5 consultations (APL {vintage}), médecins de tous âges, publiée",
            short_label=f"Pop. sous 2,5 (APL tous âges {vintage})",
            **SHARE,
            levels=FROM_DEPARTEMENT,
            higher_is="moins bien",
            formula="Habitants des communes sous 2,5 ÷ habitants, publiés par département ; au-dessus, sommes.",
            note=note,
        ),
    )


def _at_risk(vintage: int) -> Indicator:
    return Indicator(
        id=f"apl_at_risk_share_{vintage}",
        divisor=f"apl_{vintage}",
        lacks="gp_in_reach",
        label=f"Part de l’APL {vintage} apportée par les médecins de plus de 65 ans",
        short_label=f"APL due aux > 65 ans {vintage}",
        **SHARE,
        levels=ALL_LEVELS,
        higher_is="moins bien",
        source_ids=("drees_apl_mg",),
        vintage=str(vintage),
        nature="estimé",  # worked out here from two published figures; the same on every screen
        formula="(APL tous âges − APL des médecins de 65 ans ou moins) ÷ APL tous âges.",
        note=(
            "Ce que les départs en retraite mettent en jeu sans remplacement. Sans valeur là où l’APL est nulle : "
            f"aucun généraliste à moins de 20 minutes. {_NO_APL}"
        ),
        theme="Accès aux généralistes",
    )


def _change(series: AplSeries) -> Indicator:
    title, short, says = _SERIES[series]
    return Indicator(
        id=f"{series}_change",
        label=f"Évolution de l’APL de 2022 à 2023, {title}",
        short_label=f"Évolution {short}",
        unit=_UNIT,
        decimals=2,
        levels=ALL_LEVELS,
        kind="diverging",
        higher_is="mieux",
        pivot=0.0,
        source_ids=("drees_apl_mg",),
        vintage="2022 à 2023",
        formula="APL 2023 − APL 2022 de la même série.",
        note=f"{says} {_NO_APL}",
        theme="Accès aux généralistes",
    )


ACCESS: tuple[Indicator, ...] = (
    *(indicator for vintage in VINTAGES for series in _SERIES for indicator in _levels_of_apl(series, vintage)),
    *_of_departements(2024),
    *(_at_risk(vintage) for vintage in VINTAGES),
    *(_change(series) for series in _SERIES),
    Indicator(
        id="n_gp",
        is_count=True,
        label="Nombre de médecins généralistes libéraux (CNAM)",
        short_label="Généralistes (CNAM)",
        unit="médecins",
        decimals=0,
        levels=FROM_DEPARTEMENT,
        kind="sequential",
        higher_is=None,
        source_ids=("cnam_effectifs",),
        vintage="2024",
        formula="Effectif « Ensemble des médecins généralistes » de la CNAM.",
        note="Libéraux, médecins à expertise particulière compris. Moins de 5 professionnels : secret, non affiché.",
        theme="Démographie",
    ),
    Indicator(
        id="gp_per_100k",
        label="Médecins généralistes libéraux pour 100 000 habitants (CNAM)",
        short_label="Généralistes / 100 000 hab. (CNAM)",
        **PER_100K,
        levels=FROM_DEPARTEMENT,
        source_ids=("cnam_effectifs", "etalab_decoupage"),
        vintage="2024",
        formula=(
            "Effectif de la CNAM ÷ population municipale × 100 000 ; au-dessus, somme des effectifs ÷ "
            "somme des populations."
        ),
        note=(
            "Libéraux, médecins à expertise particulière compris. La population n’est pas celle de la "
            f"densité de la CNAM. {MAYOTTE_RATE}"
        ),
        theme="Démographie",
    ),
    Indicator(
        id="gp_bpe_per_100k",
        label="Médecins généralistes pour 100 000 habitants (INSEE, BPE)",
        short_label="Généralistes / 100 000 hab. (BPE)",
        **PER_100K,
        levels=FROM_DEPARTEMENT,
        source_ids=("insee_bpe", "etalab_decoupage"),
        vintage="2024",
        formula="Médecins généralistes de la base permanente des équipements ÷ population municipale × 100 000.",
        note=f"Champ différent de celui de la CNAM : les deux séries ne se comparent pas. {MAYOTTE_RATE}",
        theme="Démographie",
    ),
    Indicator(
        id="zone",
        label="Zonage des médecins généralistes (ARS)",
        short_label="Zonage",
        unit="",
        decimals=0,
        levels=("commune",),
        kind="categorical",
        higher_is=None,
        source_ids=("ars_zonage",),
        vintage=_ZONING_VINTAGE,
        formula="Zone de la commune dans le zonage conventionnel.",
        note=(
            "Le zonage est arrêté par territoire de vie-santé : il ne se déduit pas de l’APL. Paris, Lyon et Marseille "
            f"sont zonées par arrondissement : « plusieurs zones ». La Réunion : n.d. {_SUPERSEDED}"
        ),
        theme="Zonage",
        map_note=_RELEVE,
        categories=(
            ("ZIP", "Zone d’intervention prioritaire"),
            ("ZAC", "Zone d’action complémentaire"),
            ("ZAR", "Zone d’accompagnement régional"),
            ("HZ", "Hors zonage"),
            (SEVERAL, "Plusieurs zones"),
        ),
        # Those of Rézone (Assurance maladie): ZIP orange, ZAC blue, the next zone green, outside white, as a press
        # release of February 2020 says them (secondary source); white is tinted, to be seen on a white page.
        category_colours=("#e69f00", "#0072b2", "#009e73", "#f3eddc", "#cc79a7"),
    ),
    Indicator(
        id="share_population_zip",
        label="Population vivant en zone d’intervention prioritaire (ZIP)",
        short_label="Pop. en ZIP",
        **SHARE,
        levels=ABOVE_COMMUNE,
        higher_is="moins bien",
        source_ids=("ars_zonage", "etalab_decoupage"),
        vintage=_ZONING_VINTAGE,
        formula=(
            "Population municipale des communes en ZIP ÷ population municipale des communes dont la zone est connue ; "
            "Paris, Lyon et Marseille par arrondissement."
        ),
        note=f"Le zonage et le seuil d’APL sont deux choses distinctes. {_SUPERSEDED}",
        theme="Zonage",
        map_note=_RELEVE,
    ),
    Indicator(
        id="share_population_zone_known",
        label="Population dont la zone est connue dans le zonage des généralistes",
        short_label="Pop. de zone connue",
        **SHARE,
        levels=ABOVE_COMMUNE,
        higher_is=None,
        source_ids=("ars_zonage", "etalab_decoupage"),
        vintage=_ZONING_VINTAGE,
        formula="Population municipale des communes et arrondissements de zone connue ÷ population municipale.",
        note="La part de la population en ZIP ne parle que de ces habitants. La Réunion n’est pas renseignée : 0 %.",
        theme="Zonage",
    ),
)
