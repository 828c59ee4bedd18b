"""Indicators of access to nurses, physiotherapists, midwives and dentists: the APL of the DREES."""

from __future__ import annotations

from coverage.indicators.cards.access import VINTAGES
from coverage.indicators.cards.indicator import ALL_LEVELS, Indicator

THEME = "Autres professions"

_PROFESSIONS = {
    "nurses": ("infirmiers", "Infirmiers", "hab."),
    "physiotherapists": ("masseurs-kinésithérapeutes", "Kinés", "hab."),
    "midwives": ("sages-femmes", "Sages-femmes", "femmes"),
    "dentists": ("chirurgiens-dentistes", "Dentistes", "hab."),
}


def _apl(profession: str, vintage: int) -> Indicator:
    many, short, people = _PROFESSIONS[profession]
    return Indicator(
        id=f"apl_{profession}_{vintage}",
        label=f"Accessibilité aux {many} (APL {vintage})",
        short_label=f"APL {short} {vintage}",
        unit=f"ETP pour 100 000 {people}",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is="mieux",
        source_ids=("drees_apl_professions",),
        vintage=str(vintage),
        formula=(
            f"APL aux {many} libéraux publiée par la DREES, en équivalents temps plein accessibles ; au-dessus de la "
            "commune, moyenne pondérée par la population standardisée de la profession."
        ),
        note=(
            "La Corse et Mayotte n’ont pas de valeur. Aucun seuil de sous-densité n’est publié pour cette profession : "
            "les classes sont relatives. L’unité n’est pas celle de l’APL aux généralistes."
        ),
        theme=THEME,
    )


ACCESS_PROFESSIONS: tuple[Indicator, ...] = tuple(
    _apl(profession, vintage) for profession in _PROFESSIONS for vintage in VINTAGES
)
