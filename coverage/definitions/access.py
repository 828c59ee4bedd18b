"""Indicators of access to general practitioners: the APL of the DREES, the counts of GPs, the zoning of the ARS."""

from __future__ import annotations

from coverage.definitions.indicator import ABOVE_COMMUNE, ALL_LEVELS, FROM_DEPARTEMENT, Indicator

# 2.5 is the published bound of an under-dense commune; the other bounds step by one consultation on either side of it.
UNDER_DENSE = 2.5
APL_THRESHOLDS = (1.5, UNDER_DENSE, 3.5, 4.5)
VINTAGES = (2023, 2022)

_SERIES = {
    "apl_65": (
        "médecins de 65 ans ou moins",
        "APL ≤ 65 ans",
        "Série de référence : sans les médecins de plus de 65 ans.",
    ),
    "apl": ("médecins de tous âges", "APL tous âges", "Compte aussi les médecins de plus de 65 ans."),
}
_NO_APL = "Mayotte n’a pas d’APL."
_UNIT = "consultations par an et par habitant"


def _levels_of_apl(series: str, vintage: int) -> tuple[Indicator, ...]:
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
            unit="%",
            decimals=1,
            levels=ABOVE_COMMUNE,
            kind="sequential",
            higher_is="moins bien",
            source_ids=("drees_apl_mg",),
            vintage=str(vintage),
            formula=(
                "Population totale des communes dont l’APL est inférieure à 2,5 ÷ population totale des "
                "communes connues."
            ),
            note=f"{says} {_NO_APL} Le seuil d’APL et le zonage de l’ARS sont deux choses distinctes.",
            theme="Accès aux généralistes",
            display_factor=100.0,
        ),
    )


def _at_risk(vintage: int) -> Indicator:
    return Indicator(
        id=f"apl_at_risk_share_{vintage}",
        label=f"Part de l’APL {vintage} apportée par les médecins de plus de 65 ans",
        short_label=f"APL due aux > 65 ans {vintage}",
        unit="%",
        decimals=1,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is="moins bien",
        source_ids=("drees_apl_mg",),
        vintage=str(vintage),
        formula="(APL tous âges − APL des médecins de 65 ans ou moins) ÷ APL tous âges.",
        note=f"Ce que les départs en retraite mettent en jeu sans remplacement. {_NO_APL}",
        theme="Accès aux généralistes",
        display_factor=100.0,
    )


def _change(series: str) -> Indicator:
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
    *(_at_risk(vintage) for vintage in VINTAGES),
    *(_change(series) for series in _SERIES),
    Indicator(
        id="n_gp",
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
        unit="pour 100 000 hab.",
        decimals=1,
        levels=FROM_DEPARTEMENT,
        kind="sequential",
        higher_is="mieux",
        source_ids=("cnam_effectifs", "etalab_decoupage"),
        vintage="2024",
        formula=(
            "Effectif de la CNAM ÷ population municipale × 100 000 ; au-dessus, somme des effectifs ÷ "
            "somme des populations."
        ),
        note=(
            "Libéraux, médecins à expertise particulière compris. La population n’est pas celle de la "
            "densité de la CNAM."
        ),
        theme="Démographie",
    ),
    Indicator(
        id="gp_bpe_per_100k",
        label="Médecins généralistes pour 100 000 habitants (INSEE, BPE)",
        short_label="Généralistes / 100 000 hab. (BPE)",
        unit="pour 100 000 hab.",
        decimals=1,
        levels=FROM_DEPARTEMENT,
        kind="sequential",
        higher_is="mieux",
        source_ids=("insee_bpe", "etalab_decoupage"),
        vintage="2024",
        formula="Médecins généralistes de la base permanente des équipements ÷ population municipale × 100 000.",
        note="Champ différent de celui de la CNAM : les deux séries ne se comparent pas.",
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
        vintage="relevé de juin 2025, à vérifier auprès de l’ARS",
        formula="Zone de la commune dans le zonage conventionnel.",
        note=("Le zonage est arrêté par territoire de vie-santé : il ne se déduit pas de l’APL. La Réunion : n.d."),
        theme="Zonage",
        categories=(
            ("ZIP", "Zone d’intervention prioritaire"),
            ("ZAC", "Zone d’action complémentaire"),
            ("ZAR", "Zone d’appui régional"),
            ("HZ", "Hors zonage"),
        ),
    ),
    Indicator(
        id="share_population_zip",
        label="Population vivant en zone d’intervention prioritaire (ZIP)",
        short_label="Pop. en ZIP",
        unit="%",
        decimals=1,
        levels=ABOVE_COMMUNE,
        kind="sequential",
        higher_is="moins bien",
        source_ids=("ars_zonage", "etalab_decoupage"),
        vintage="relevé de juin 2025, à vérifier auprès de l’ARS",
        formula=(
            "Population municipale des communes en ZIP ÷ population municipale des communes dont la zone est connue."
        ),
        note="Le zonage et le seuil d’APL sont deux choses distinctes.",
        theme="Zonage",
        display_factor=100.0,
    ),
)
