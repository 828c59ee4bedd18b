"""Indicators of what is lacking: full-time GPs short of 2.5, those over 65, and those to find in the coming years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from coverage.indicators.cards.indicator import ALL_LEVELS, FROM_DEPARTEMENT, Indicator
from geo.levels import GROUPINGS

SHORTFALL_VINTAGE = 2023
_THEME = "Manque de généralistes"
_MINIMUM = "Minimum : ce qu’il faudrait pour que chaque commune atteigne 2,5, sans tenir compte du besoin réel."
_REACHED = "C’est l’activité à laquelle les habitants ont recours, où que les médecins exercent."
_NO_APL = "Mayotte n’a pas d’APL : elle n’est comptée dans aucune somme."
_FTE = "un équivalent temps plein, ETP : 5 400 consultations par an"
_UNITS = "Somme sur les communes (et les arrondissements de Paris, Lyon et Marseille)"

# As many classes as are read at a glance, the first one being next to nothing; a count follows the size of territories.
_LACKING_BOUNDS = (
    ("commune", (0.01, 0.05, 0.2, 1.0)),
    *((level, (0.1, 0.5, 2.0, 5.0)) for level in GROUPINGS),
    ("departement", (5.0, 10.0, 20.0, 40.0)),
    ("region", (20.0, 50.0, 100.0, 200.0)),
)
_OVER_65_BOUNDS = (
    ("commune", (0.01, 0.05, 0.2, 1.0)),
    *((level, (0.5, 2.0, 5.0, 10.0)) for level in GROUPINGS),
    ("departement", (15.0, 30.0, 60.0, 120.0)),
    ("region", (50.0, 150.0, 300.0, 600.0)),
)


@dataclass(frozen=True)
class _Count:
    """A count of full-time GPs and what is said of it."""

    id: str
    what: str
    which: str
    short: str
    short_per_10k: str
    formula: str
    note: str
    worse_when_high: bool
    thresholds_per_10k: tuple[float, ...]
    level_thresholds: tuple[tuple[str, tuple[float, ...]], ...] = ()
    map_note: str = ""


def _lacking(suffix: str, doctors: str, short: str, apl: str) -> _Count:
    return _Count(
        f"gp_fte_short_of_2_5{suffix}",
        "ETP de généralistes manquants",
        f"pour atteindre 2,5 (APL 2023, {doctors})",
        f"ETP manquants, {short} (minimum)",
        f"ETP manquants / 10 000 hab., {short}",
        f"{_UNITS} de population standardisée × max(0 ; 2,5 − {apl}) ÷ 5 400",
        _MINIMUM,
        worse_when_high=True,
        thresholds_per_10k=(0.1, 0.25, 0.5, 1.0, 2.0),
        level_thresholds=_LACKING_BOUNDS,
        map_note=_MINIMUM,
    )


_COUNTS = (
    _lacking("_65", "médecins de 65 ans ou moins", "≤ 65 ans", "APL des médecins de 65 ans ou moins"),
    _lacking("", "médecins de tous âges", "tous âges", "APL tous âges"),
    _Count(
        "gp_fte_over_65",
        "ETP de généralistes de plus de 65 ans",
        "(APL 2023)",
        "ETP des plus de 65 ans",
        "ETP des plus de 65 ans / 10 000 hab.",
        f"{_UNITS} de population standardisée × (APL tous âges − APL des médecins de 65 ans ou moins) ÷ 5 400",
        f"Ce que les départs en retraite mettent en jeu sans remplacement. {_REACHED}",
        worse_when_high=True,
        thresholds_per_10k=(0.25, 0.5, 0.75, 1.0, 1.5),
        level_thresholds=_OVER_65_BOUNDS,
    ),
    _Count(
        "gp_fte",
        "ETP de généralistes accessibles",
        "(APL 2023, médecins de tous âges)",
        "ETP de généralistes accessibles",
        "ETP accessibles / 10 000 hab.",
        f"{_UNITS} de population standardisée × APL tous âges ÷ 5 400",
        f"{_REACHED} Un ETP n’est pas un médecin : la CNAM compte 55 546 généralistes libéraux en 2024.",
        worse_when_high=False,
        thresholds_per_10k=(3.0, 4.5, 6.0, 7.5, 9.0),
    ),
)


def _cards(count: _Count) -> tuple[Indicator, ...]:
    card = partial(
        Indicator,
        levels=ALL_LEVELS,
        kind="sequential",
        vintage=str(SHORTFALL_VINTAGE),
        theme=_THEME,
        nature="estimé",
        map_note=count.map_note,
        decimals=2,
    )
    return (
        card(
            id=count.id,
            label=f"{count.what} {count.which}",
            short_label=count.short,
            unit="ETP",
            higher_is="moins bien" if count.worse_when_high else None,
            source_ids=("drees_apl_mg",),
            formula=f"{count.formula} ({_FTE}).",
            note=f"{count.note} {_NO_APL} Un nombre suit la taille du territoire ; pour comparer : pour 10 000 hab.",
            level_thresholds=count.level_thresholds,
            drops_decimals=True,
            is_count=True,
        ),
        card(
            id=f"{count.id}_per_10k",
            label=f"{count.what} pour 10 000 habitants {count.which}",
            short_label=count.short_per_10k,
            unit="pour 10 000 hab.",
            higher_is="moins bien" if count.worse_when_high else "mieux",
            source_ids=("drees_apl_mg", "etalab_decoupage"),
            formula=(
                f"{count.formula} ({_FTE}), puis ÷ population municipale des communes dont l’APL est connue × 10 000."
            ),
            note=f"{count.note} {_NO_APL}",
            thresholds=count.thresholds_per_10k,
        ),
    )


_SCENARIO = "Scénario « Tendance » ; la page Projection en dit les hypothèses et la fourchette"


def _projected() -> tuple[Indicator, ...]:
    card = partial(
        Indicator,
        unit="médecins",
        decimals=0,
        levels=FROM_DEPARTEMENT,
        higher_is="moins bien",
        source_ids=("cnam_effectifs", "drees_rpps", "drees_apl_mg", "insee_estimations"),
        vintage="projection à l’horizon choisi, scénario « Tendance »",
        theme=_THEME,
        nature="estimé",
        is_projected=True,
        is_count=True,
        map_note="Scénario « Tendance » ; fourchette et autres scénarios : page Projection.",
    )
    return (
        card(
            id="projected_left_to_convince",
            label="Généralistes qu’il reste à convaincre de venir (projection)",
            short_label="Reste à convaincre (projection)",
            kind="diverging",
            pivot=0.0,
            formula=(
                "Généralistes à trouver − arrivées attendues − mobilité nette ; négatif quand les arrivées dépassent "
                "le besoin. Au-dessus du département, somme."
            ),
            note=(
                f"{_SCENARIO}. Estimé, en médecins d’activité moyenne d’aujourd’hui. Mayotte, dont les données "
                "manquent, n’est pas comptée."
            ),
            level_thresholds=(
                ("departement", (-20.0, 0.0, 20.0, 50.0, 100.0, 200.0)),
                ("region", (-50.0, 0.0, 50.0, 200.0, 500.0, 1000.0)),
            ),
        ),
        card(
            id="projected_need_to_find",
            label="Généralistes à trouver (projection)",
            short_label="À trouver (projection)",
            kind="sequential",
            formula=(
                "Départs à remplacer + besoin d’une population plus nombreuse et plus âgée, et de médecins qui "
                "travaillent moins, pour garder l’accès d’aujourd’hui. Au-dessus du département, somme."
            ),
            note=(
                f"{_SCENARIO}. Estimé, en médecins d’activité moyenne d’aujourd’hui : le besoin brut, avant les "
                "arrivées. Mayotte, dont les données manquent, n’est pas comptée."
            ),
        ),
    )


def at_horizon(indicator: Indicator, base_year: int, horizon_years: int) -> Indicator:
    """Return a projected indicator as it is named and dated at a horizon; any other as it is.

    Examples
    --------
    >>> from coverage.indicators.cards import INDICATORS
    >>> at_horizon(INDICATORS["projected_need_to_find"], 2025, 10).label
    'Généralistes à trouver d’ici 2035 (projection)'
    """
    if not indicator.is_projected:
        return indicator
    end = base_year + horizon_years
    return replace(
        indicator,
        label=indicator.label.replace(" (projection)", f" d’ici {end} (projection)"),
        short_label=indicator.short_label.replace(" (projection)", f" d’ici {end}"),
        vintage=f"{base_year} à {end}, scénario « Tendance »",
    )


SHORTFALL: tuple[Indicator, ...] = (
    *(card for count in _COUNTS for card in _cards(count)),
    *_projected(),
    Indicator(
        id="projected_left_to_convince_share",
        label="Clé de répartition du reste à convaincre : part de la commune dans le manque de son département",
        short_label="Clé : part du manque du département",
        unit="%",
        decimals=2,
        levels=("commune",),
        kind="sequential",
        higher_is="moins bien",
        source_ids=("drees_apl_mg",),
        vintage=str(SHORTFALL_VINTAGE),
        formula=(
            "ETP manquants de la commune pour atteindre 2,5 (médecins de 65 ans ou moins) ÷ ceux de son département ; "
            "100 % par département."
        ),
        note=(
            "Supposé : une clé pour répartir ce que la projection donne par département, si les médecins vont là où "
            "ils manquent ; ce n’est pas une projection de la commune. Sans valeur dans un département où rien ne "
            "manque (Paris), ni à Mayotte, qui n’a pas d’APL."
        ),
        theme=_THEME,
        nature="supposé",
        map_note="Clé de répartition, supposée : la projection ne descend pas sous le département.",
        thresholds=(0.0005, 0.002, 0.005, 0.02),
        display_factor=100.0,
    ),
)
