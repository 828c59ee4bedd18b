"""What is published of the bassins de vie and of no other territory: liberal GPs and long illnesses."""

from __future__ import annotations

from coverage.indicators.cards.indicator import Indicator

PUBLISHED_BY_BASSIN = ("gp_liberal_per_100k", "share_ald", "share_75plus", "poverty_rate")
"""Indicators whose figure for a bassin de vie is published, and not made from its communes."""

BASSINS_DE_VIE: tuple[Indicator, ...] = (
    Indicator(
        id="gp_liberal_per_100k",
        label="Généralistes libéraux pour 100 000 habitants (bassins de vie)",
        short_label="Généralistes libéraux / 100 000 hab.",
        unit="pour 100 000 hab.",
        decimals=0,
        levels=("bassin_de_vie",),
        kind="sequential",
        higher_is="mieux",
        source_ids=("cartosante_bassins", "insee_bassins_de_vie"),
        vintage="2024",
        formula="Densité publiée par CartoSanté pour le bassin de vie.",
        note=(
            "Publiée pour 10 000 habitants, à 0,1 près : à 1 près pour 100 000. Rapportée aux habitants, elle fait "
            "55 566 médecins, pour 55 546 libéraux comptés par la CNAM."
        ),
        theme="Démographie",
    ),
    Indicator(
        id="share_ald",
        label="Part des habitants en affection de longue durée (ALD)",
        short_label="Habitants en ALD",
        unit="%",
        decimals=1,
        levels=("bassin_de_vie",),
        kind="sequential",
        higher_is=None,
        source_ids=("cartosante_bassins", "insee_bassins_de_vie"),
        vintage="2024",
        formula="Part publiée par CartoSanté pour le bassin de vie : bénéficiaires d’une ALD ÷ population.",
        note="Couverte par le secret statistique dans 157 bassins de vie : n.d., jamais 0.",
        theme="Population",
        display_factor=100.0,
        map_note="n.d. : secret statistique.",
        unknown_because="secret statistique",
    ),
)
