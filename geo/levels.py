"""The levels of territory, from the whole country to the commune: the one place where a level is declared.

Every floor reads them here: the table that holds a level, its names on screen and on paper, its rank.
A level other than those of the administration is a grouping of communes, of which each commune says its own
(`<level>_code` in the table of communes); it may cross departments and regions, and leave communes out. The own
territories of readers (`OWN`) are a level without a table: each carries the communes that it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["france", "region", "departement", "aire_attraction", "bassin_de_vie", "epci", "commune", "perso"]
DrawnLevel = Literal["commune", "epci", "bassin_de_vie", "aire_attraction", "departement", "region"]
"""Levels that a map can draw, from the finest."""

OWN: Final = "perso"
"""Level of the own territories: any set of communes."""
LEVELS: Final[tuple[Level, ...]] = tuple(level for level in get_args(Level) if level != OWN)
"""The levels whose territories are known to all, from the largest."""
DRAWN_LEVELS: Final[tuple[DrawnLevel, ...]] = get_args(DrawnLevel)
FROM_FINEST: Final[tuple[Level, ...]] = tuple(reversed(LEVELS))


@dataclass(frozen=True)
class LevelNames:
    """How a level is stored and written.

    Attributes
    ----------
    table
        Its table in the snapshot, keyed by `<level>_code`; "" for France.
    label
        French name of one territory of it, as a title: "Bassin de vie".
    noun, plural
        The same within a sentence: "bassin de vie", "bassins de vie".
    of_it
        The same after a noun: "du bassin de vie".
    every
        "Tous les bassins de vie".
    choice
        What a list of levels calls it, short.
    is_grouping
        True for a grouping of communes that may cross departments and regions.
    is_named_after_town
        True when its territories bear the names of their towns, which must be told from the communes.
    left_out
        Name of what belongs to no territory of it, where whole parts of the country do not; "" elsewhere.
    """

    table: str
    label: str
    noun: str
    plural: str
    of_it: str
    every: str
    choice: str
    is_grouping: bool = False
    is_named_after_town: bool = False
    left_out: str = ""


LEVEL_NAMES: Final[Mapping[str, LevelNames]] = MappingProxyType(
    {
        "france": LevelNames("", "France", "France", "pays", "du pays", "France", "France"),
        "region": LevelNames("regions", "Région", "région", "régions", "de la région", "Toutes les régions", "Régions"),
        "departement": LevelNames(
            *("departements", "Département", "département", "départements", "du département"),
            *("Tous les départements", "Départements"),
        ),
        "aire_attraction": LevelNames(
            *("aires_attraction", "Aire d’attraction des villes", "aire d’attraction", "aires d’attraction"),
            *("de l’aire d’attraction", "Toutes les aires d’attraction", "Aires d’attraction"),
            is_grouping=True,
            is_named_after_town=True,
            left_out="Hors attraction des villes",
        ),
        "bassin_de_vie": LevelNames(
            *("bassins_de_vie", "Bassin de vie", "bassin de vie", "bassins de vie", "du bassin de vie"),
            *("Tous les bassins de vie", "Bassins de vie"),
            is_grouping=True,
            is_named_after_town=True,
        ),
        "epci": LevelNames(
            *("epci", "Intercommunalité (EPCI)", "EPCI", "EPCI", "de l’intercommunalité"),
            *("Toutes les intercommunalités", "EPCI"),
            is_grouping=True,
        ),
        "commune": LevelNames(
            "communes", "Commune", "commune", "communes", "de la commune", "Toutes les communes", "Communes"
        ),
        OWN: LevelNames(
            *("", "Territoire personnel", "territoire personnel", "territoires personnels"),
            *("du territoire personnel", "Tous les territoires personnels", "Territoires personnels"),
        ),
    }
)
GROUPINGS: Final[tuple[Level, ...]] = tuple(level for level in FROM_FINEST if LEVEL_NAMES[level].is_grouping)
ADMINISTRATIVE: Final[tuple[Level, ...]] = ("departement", "region", "france")
"""The levels that hold whole communes by law, each within the next: what a territory is compared with."""
MADE_OF_COMMUNES: Final[tuple[Level, ...]] = (*GROUPINGS, OWN)
"""Levels whose territories may cross departments and regions."""
BELOW_DEPARTEMENT: Final[tuple[Level, ...]] = ("commune", *MADE_OF_COMMUNES)
"""Levels for which what is known by department only is that of their department."""


def code_column(level: str) -> str:
    """Return the name of the column that holds the codes of a level."""
    return f"{level}_code"


def places_left_out(communes: "pd.DataFrame", level: str) -> tuple[str, ...]:
    """Return the departments that hold communes in no territory of a level whose map shows them, sorted.

    Parameters
    ----------
    communes
        Table of communes: departement_code and the codes of the level (missing where a commune belongs to none).
    level
        Any level; the answer is empty for one without a `LevelNames.left_out`.
    """
    names = LEVEL_NAMES.get(level)
    if names is None or not names.left_out:
        return ()
    return tuple(sorted(set(communes.loc[communes[code_column(level)].isna(), "departement_code"])))
