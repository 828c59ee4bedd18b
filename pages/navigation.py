"""The menu: name, route, title and icon of each screen, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Screen:
    """A screen of the menu.

    Attributes
    ----------
    name
        Folder of the screen under ``pages/screens``: its name on every floor.
    route
        Its French address, which Streamlit takes from the file of that name under ``pages``.
    title
        French, in the menu.
    icon
        Name of a Material symbol.
    is_titled
        Whether the page writes a title: a map leaves none the place, and the frame then says it to who hears the page.
    """

    name: str
    route: str
    title: str
    icon: str
    is_titled: bool = True

    @property
    def file(self) -> str:
        """File that Streamlit runs, from the root of the checkout."""
        return f"pages/{self.route}.py"


MENU: Final[Mapping[str, tuple[Screen, ...]]] = {
    "": (
        Screen("map", "carte", "Carte", "map", is_titled=False),
        Screen("territory", "territoire", "Territoire", "location_city"),
        Screen("ranking", "classement", "Classement", "leaderboard", is_titled=False),
        Screen("simulator", "simulateur", "Simulateur", "science", is_titled=False),
        Screen("projection", "projection", "Projection", "trending_up"),
        Screen("trajectory", "trajectoire", "Trajectoire", "timeline"),
        Screen("slideshow", "presentation", "Présentation", "slideshow"),
    ),
    "Analyse": (
        Screen("crossing", "croisement", "Croisement", "grid_view", is_titled=False),
        Screen("two_maps", "deux_cartes", "Deux cartes", "compare", is_titled=False),
    ),
    "Programme": (
        Screen("projects", "projets", "Mes projets", "folder_shared"),
        Screen("own_territory", "mon_territoire", "Mon territoire", "edit_location_alt"),
        Screen("project_board", "suivi_projets", "Suivi des projets", "view_kanban"),
        Screen("study", "etude", "Étude territoriale", "travel_explore"),
        Screen("cpts", "cpts", "CPTS", "hub"),
        Screen("funding", "financement", "Financement", "payments"),
        Screen("programme", "suivi", "Indicateurs de suivi", "monitoring"),
        Screen("workspace", "espace", "Espace de travail", "work"),
    ),
    "Données": (
        Screen("sync", "donnees", "Mise à jour", "sync"),
        Screen("quality", "qualite", "Qualité", "fact_check"),
        Screen("sources", "sources", "Sources et méthode", "menu_book"),
    ),
}
"""Sections of the menu, the first without a title; the first screen is the one that opens."""

SCREENS: Final[Mapping[str, Screen]] = {screen.name: screen for section in MENU.values() for screen in section}
