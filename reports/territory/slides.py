"""What each slide of a territory says: the same on the screen and in the PowerPoint file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from coverage.terms.months import format_date
from reports.figures.facts import POPULATION_OF_THE_DAY
from reports.territory.messages import projection_message, series_message, shares_message
from reports.territory.projects import PROJECTS_NOTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.territory.content import TerritorySheet

SlideName = Literal["chiffres", "acces", "projection", "msp", "projets"]
SLIDE_LABELS: Final[Mapping[SlideName, str]] = {
    "chiffres": "Chiffres clés",
    "acces": "Accès aux généralistes",
    "projection": "Généralistes à dix ans",
    "msp": "Maisons de santé",
    "projets": "Mes projets",
}
"""The slides that say more than a view of the map, in their order."""


@dataclass(frozen=True)
class SlideWords:
    """The words of a slide.

    Attributes
    ----------
    title
        What it shows.
    message
        What it says, its figure in it; "" where that is unknown, the title then heads it.
    notes
        From when, how, and what must be known of it.
    """

    title: str
    message: str
    notes: str

    @property
    def head(self) -> str:
        """What stands at the top of the slide."""
        return self.message or self.title


def slides_of(sheet: TerritorySheet) -> tuple[SlideName, ...]:
    """Return the slides that have something to show of the territory itself, not only of what it is set against."""
    shown = {
        "chiffres": bool(sheet.key_figures),
        "acces": sheet.name in sheet.apl_shares,
        "projection": bool(sheet.steps),
        "msp": sheet.name in sheet.msp_series,
        "projets": sheet.projects is not None,
    }
    return tuple(name for name in SLIDE_LABELS if shown[name])


def words_of(sheet: TerritorySheet, slide: SlideName) -> SlideWords:
    """Return the words of a slide of a territory."""
    match slide:
        case "chiffres":
            dated = " ; ".join(f"{line.label} : {line.dated}" for line in sheet.key_figures)
            notes = f"{dated}. {sheet.figures_note}".strip()
            return SlideWords(f"{sheet.name} : chiffres clés", sheet.figures_message, notes)
        case "acces":
            return SlideWords(
                f"{sheet.name} : habitants selon l’APL 2023 de leur commune",
                shares_message(sheet.name, sheet.apl_shares),
                f"APL : consultations par an et par habitant, {sheet.apl_doctors}, 2023 ; population totale. "
                "En brun : sous le seuil de 2,5.",
            )
        case "projection":
            message = projection_message(sheet.projection_title, sheet.steps)
            return SlideWords(sheet.projection_title, message, sheet.projection_note)
        case "msp":
            return SlideWords(
                f"{sheet.name} : maisons de santé pour 100 000 habitants",
                series_message(sheet.name, sheet.msp_series),
                f"MSP labellisées, série de la DGOS, de juin 2017 à décembre 2022 ; {POPULATION_OF_THE_DAY}.",
            )
        case "projets":
            notes = f"{PROJECTS_NOTE} Situation au {format_date(sheet.drawn_on)}."
            return SlideWords(f"{sheet.name} : projets par étape", sheet.projects_message, notes)
