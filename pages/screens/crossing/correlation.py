"""How the two indicators go together, in four figures, and what these do not say."""

import streamlit as st

from coverage.crossing.correlation import FEWEST_PLACES, Correlation
from geo.levels import LEVEL_NAMES
from pages.app.tables import load_gazetteer
from pages.screens.crossing.data import Crossed, correlations
from reports.figures.numbers import format_number, format_signed


def show_correlations(crossed: Crossed) -> None:
    """Say how the two indicators go together, and what that does not say."""
    places, people = correlations(crossed)
    noun = LEVEL_NAMES[crossed.level].noun
    for place, (label, value) in zip(
        st.columns(4),
        (
            (f"Spearman, par {noun}", places.spearman),
            ("Spearman, par habitant", people.spearman),
            (f"Pearson, par {noun}", places.pearson),
            ("Pearson, par habitant", people.pearson),
        ),
        strict=True,
    ):
        with place:
            st.metric(label, format_signed(value, 2))
    st.caption(tell_correlation(crossed, places))


def tell_correlation(crossed: Crossed, found: Correlation) -> str:
    """Say over what correlations are computed, and what they do not say."""
    names = LEVEL_NAMES[crossed.level]
    counted = f"{format_number(found.n_places)} {names.plural if found.n_places > 1 else names.noun}"
    if found.n_places < FEWEST_PLACES:
        return f"Corrélations n.d. : {counted} où les deux valeurs sont connues, il en faut au moins {FEWEST_PLACES}."
    shared = "Les communes d’un même bassin partagent certaines valeurs, comme le taux de pauvreté. "
    return (
        f"Sur {counted} ({load_gazetteer().name(crossed.scope)}) où les deux valeurs sont connues, sans tenir compte "
        f"de la sélection. Par {names.noun} : chaque lieu compte une fois ; par habitant : il compte autant que sa "
        "population. Spearman compare les rangs, Pearson les valeurs, de −1 à +1 ; 0 : aucun lien de ce type. "
        f"Une corrélation n’est pas une cause. {shared if crossed.level == 'commune' else ''}"
        "Des lieux voisins se ressemblent : leur nombre exagère la précision. Un lien entre territoires n’est pas un "
        "lien entre personnes."
    )
