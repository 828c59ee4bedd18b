"""What an update of a source would change, and where: its indicators, and the screens that read its tables."""

from collections.abc import Mapping
from typing import Final

from coverage.indicators.cards import INDICATORS
from data.sources.registry import Remote
from pages.navigation import SCREENS
from reports.figures.french import count_of

OF_INDICATORS: Final = ("map", "territory", "ranking")
"""The first screens that show every indicator."""

SCREENS_OF_TABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "structures": ("map", "territory", "cpts", "study", "simulator", "trajectory"),
    "professionals": ("projection",),
    "cnam_patient_lists": ("projection",),
    "cnam_installations": ("projection",),
    "communes": (
        "projection",
        "simulator",
        "study",
        "cpts",
        "programme",
        "trajectory",
        "own_territory",
        "quality",
        "map",
        "territory",
    ),
    "epci": ("map", "territory", "ranking"),
    "population_age": ("projection",),
    "population_cells": ("map", "territory", "ranking"),
    "population_outlook": ("projection",),
    "commune_geometry": ("map", "own_territory"),
    "cpts_perimeters": ("cpts", "funding", "study"),
    "zoning": ("cpts", "funding", "programme", "study"),
    "msp_series": ("trajectory", "programme"),
    "msp_targets": ("trajectory",),
    "rpps_practitioners": ("map",),
    "bpe_communes": ("map", "simulator", "study", "trajectory"),
    "gp_age_departements": ("projection",),
    "apl": ("cpts", "programme", "simulator", "study", "territory"),
    "apl_parameters": ("simulator", "study"),
}
"""Screens that read a table themselves, by the table that an update brings."""


def indicators_of(remote: Remote) -> list[str]:
    """Return the indicators that a source informs, at one level at least."""
    ids = {remote.id, *remote.replaces}
    cards = INDICATORS.items()
    return [name for name, card in cards if any(ids & set(card.at(level).source_ids) for level in card.levels)]


def tell_effects(remote: Remote) -> str:
    """Say what an update of a source would change: "3 indicateurs (Carte, Territoire, Classement) ; Financement"."""
    n_indicators = len(indicators_of(remote))
    titles = [SCREENS[name].title for name in OF_INDICATORS]
    told = [f"{count_of(n_indicators, 'indicateur')} ({', '.join(titles)})"] if n_indicators else []
    read = dict.fromkeys(SCREENS[name].title for table in remote.tables for name in SCREENS_OF_TABLE[table])
    others = [title for title in read if not (n_indicators and title in titles)]
    return " ; ".join([*told, *filter(None, [", ".join(others)])])
