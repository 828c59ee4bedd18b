"""Indicators of what kind of place a territory is: density, rurality, mountain, FRR, QPV, emergency care."""

from __future__ import annotations

from functools import partial

from coverage.indicators.cards.indicator import ABOVE_COMMUNE, ALL_LEVELS, SHARE, Indicator

THEME = "Ruralité et quartiers"
COMMUNE_ONLY = ("commune",)
GRID_VINTAGE = "grille publiée en 2026, millésime non dit"

_card = partial(Indicator, theme=THEME, higher_is=None)
_class = partial(_card, unit="", decimals=0, levels=COMMUNE_ONLY, kind="categorical")
_anct_class = partial(_class, source_ids=("anct_grids",), vintage="fichier de 2026")
_share = partial(_card, levels=ABOVE_COMMUNE, **SHARE)
_emergency = partial(
    _card,
    source_ids=("drees_emergency", "etalab_decoupage"),
    vintage="fin 2019",
    decimals=1,
    kind="sequential",
)
_MOUNTAIN_NOTE = (
    "La liste donne le massif de chaque commune de montagne ; une commune qu’elle ne nomme pas n’en est pas."
)
_EMERGENCY_NOTE = (
    "Soins urgents (service d’urgences ou SMUR), et non médecin généraliste. Données de la DREES de fin 2019, "
    "reprises de seconde main : des services ont fermé ou ouvert depuis."
)

TRAITS: tuple[Indicator, ...] = (
    _class(
        id="density_level",
        label="Densité de la commune (grille de l’INSEE en sept niveaux)",
        short_label="Densité (grille INSEE)",
        source_ids=("anct_grids",),
        vintage=GRID_VINTAGE,
        formula="Niveau publié par l’INSEE, repris par l’ANCT.",
        note="Bourgs ruraux, rural à habitat dispersé et très dispersé forment le rural de l’INSEE.",
        categories=(
            ("1", "Grands centres urbains"),
            ("2", "Centres urbains intermédiaires"),
            ("3", "Ceintures urbaines"),
            ("4", "Petites villes"),
            ("5", "Bourgs ruraux"),
            ("6", "Rural à habitat dispersé"),
            ("7", "Rural à habitat très dispersé"),
        ),
    ),
    _share(
        id="share_population_rural",
        label="Population des communes rurales (grille de densité de l’INSEE)",
        short_label="Population rurale",
        source_ids=("anct_grids", "etalab_decoupage"),
        vintage=GRID_VINTAGE,
        formula="Habitants des communes rurales (trois derniers niveaux) ÷ habitants des communes classées.",
        note="Bourgs ruraux, rural à habitat dispersé et très dispersé.",
    ),
    _anct_class(
        id="rural_type",
        label="Type d’espace rural (typologie de l’ANCT)",
        short_label="Type de ruralité",
        formula="Typologie publiée par l’ANCT, en quatre groupes.",
        note="Hors champ : communes urbaines et départements d’outre-mer. 74 communes au périmètre changé sont n.d.",
        categories=(
            ("residentielle", "Ruralités résidentielles"),
            ("petite_polarite", "Petites polarités"),
            ("productive", "Ruralités productives"),
            ("touristique", "Ruralités touristiques"),
            ("hors_champ", "Hors champ (urbain ou outre-mer)"),
        ),
    ),
    _anct_class(
        id="centrality",
        label="Niveau de centre d’équipements et de services (ANCT)",
        short_label="Centralité",
        formula="Niveau publié par l’ANCT.",
        note="Les départements d’outre-mer ne sont pas classés par la source : n.d.",
        categories=(
            ("majeur", "Centre majeur"),
            ("structurant", "Centre structurant"),
            ("intermediaire", "Centre intermédiaire"),
            ("local", "Centre local"),
            ("non_centre", "Commune non centre"),
        ),
    ),
    _anct_class(
        id="mountain",
        label="Commune de montagne",
        short_label="Montagne",
        formula="Communes des massifs de la liste de l’ANCT.",
        note=_MOUNTAIN_NOTE,
        categories=(("oui", "En montagne"), ("non", "Hors montagne")),
    ),
    _share(
        id="share_population_mountain",
        label="Population des communes de montagne",
        short_label="Population en montagne",
        source_ids=("anct_grids", "etalab_decoupage"),
        vintage="fichier de 2026",
        formula="Habitants des communes des massifs ÷ population municipale.",
        note=_MOUNTAIN_NOTE,
    ),
    _class(
        id="frr",
        label="France Ruralités Revitalisation (FRR)",
        short_label="FRR",
        source_ids=("dgcl_frr",),
        vintage="10 juillet 2025",
        formula="Classement publié par la DGCL.",
        note="Le classement ouvre des exonérations ; il ne dit rien de l’accès aux soins.",
        categories=(
            ("frr_plus", "FRR+"),
            ("frr", "FRR socle"),
            ("beneficiaire", "Bénéficiaire (maintien des effets)"),
            ("partiel", "Classée en partie"),
            ("beneficiaire_partiel", "Bénéficiaire en partie"),
            ("non", "Non classée"),
        ),
    ),
    _share(
        id="share_population_frr",
        label="Population des communes en France Ruralités Revitalisation",
        short_label="Population en FRR",
        source_ids=("dgcl_frr", "etalab_decoupage"),
        vintage="10 juillet 2025",
        formula="Habitants des communes classées FRR, FRR+ ou bénéficiaires, même en partie ÷ population municipale.",
        note="Une commune classée en partie compte pour tous ses habitants.",
    ),
    _card(
        id="n_qpv",
        is_count=True,
        label="Quartiers prioritaires de la politique de la ville (QPV 2024)",
        short_label="QPV",
        unit="quartiers",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        source_ids=("anct_qpv",),
        vintage="2024",
        formula="Nombre de quartiers situés en tout ou partie dans le territoire ; un quartier n’y compte qu’une fois.",
        note="Ni contour ni population des quartiers : une commune en compte un ou plusieurs, rien de plus.",
    ),
    _emergency(
        id="emergency_min",
        label="Temps d’accès aux soins urgents (urgences ou SMUR)",
        short_label="Accès aux urgences",
        unit="min",
        levels=ALL_LEVELS,
        higher_is="moins bien",
        formula="Minutes publiées pour la commune ; au-dessus, moyenne pondérée par la population.",
        note=_EMERGENCY_NOTE,
        nature_aggregated="estimé",
        thresholds=(10.0, 20.0, 30.0),
    ),
    _emergency(
        id="share_population_within_30_min_emergency",
        label="Population à moins de 30 minutes de soins urgents",
        short_label="À < 30 min, urgences",
        unit="%",
        levels=ABOVE_COMMUNE,
        higher_is="mieux",
        formula="Habitants des communes à moins de 30 minutes ÷ habitants des communes dont le temps est connu.",
        note=f"Tous les habitants d’une commune sont comptés au même temps. {_EMERGENCY_NOTE}",
        told_where="un seul temps publié par commune",
        display_factor=100.0,
        nature="estimé",
    ),
)
