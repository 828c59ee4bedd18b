"""The map of the planner's projects: one sign a project, over the number of projects of each territory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from coverage.indicators.cards import Indicator
from coverage.projects.points import project_points
from coverage.terms.months import format_date
from geo.levels import BELOW_DEPARTEMENT, DrawnLevel
from reports.figures.map_classes import UNREACHED_LABEL, MapClasses, draw_series, letters_left_out, lies_inside
from reports.map.content import compose_map

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from coverage.territories.gazetteer import Gazetteer, Territory
    from reports.figures.facts import Facts
    from reports.map.content import MapContent

SOURCE: Final = "Liste de projets de l’utilisateur"
LAST_OF_CLASSES: Final[dict[DrawnLevel, tuple[int, ...]]] = {
    "departement": (3, 6, 10, 20),
    "epci": (1, 2, 4, 8),
    "commune": (1, 2, 3, 4),
}
"""Last whole number of each class but the highest: fixed, so that two selections of projects compare."""
LEVELS: Final[dict[str, DrawnLevel]] = {
    "france": "departement",
    "region": "departement",
    "departement": "epci",
    **dict.fromkeys(BELOW_DEPARTEMENT, "commune"),
}
NO_PROJECT: Final = "aucun projet"
CIRCLES_NOTE: Final = "Cercles : nombre de projets et structures de la liste, abandons exclus."
SIGNS_NOTE: Final = "Projets de la liste de l’utilisateur, et non sites FINESS."


def points_known(projects: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return the projects as a map draws structures; those of unknown stage have no sign and are left out."""
    return project_points(projects[projects["stage"].notna()], gazetteer)


def draw_counts(
    facts: Facts, projects: pd.DataFrame, territory: Territory, day: dt.date
) -> tuple[DrawnLevel, MapClasses]:
    """Class the territories of a map by their number of projects; those without any are "aucun projet".

    Parameters
    ----------
    facts
        Names and codes of the territories.
    projects
        Those of the territory, as they stood on `day`; the abandoned ones are not counted.
    territory
        What the map is about; its level says which territories count.
    day
        Date of the counts.
    """
    level, gazetteer = LEVELS[territory.level], facts.gazetteer
    communes = gazetteer.communes.set_index("commune_code")
    codes = projects.loc[~projects["abandoned"], "commune_code"]
    if level != "commune":
        codes = codes.map(communes[f"{level}_code"])
    places = facts.level_table(level).index
    counts = codes.value_counts().reindex(places, fill_value=0).astype("float64")
    scope, lasts = gazetteer.surroundings(territory), LAST_OF_CLASSES[level]
    drawn = draw_series(
        replace(count_card(day), thresholds=tuple(last + 0.5 for last in lasts)),
        counts,
        level,
        "seuils",
        len(lasts) + 1,
        inside=lies_inside(gazetteer, scope, level, places),
        left_out=letters_left_out(gazetteer, scope, level),
        none=(counts == 0).to_numpy(),
    )
    return level, _with_whole_numbers(drawn, lasts)


def without_circles(drawn: MapClasses) -> MapClasses:
    """Return a map of counts as a plain ground, for the signs alone to be read; its tooltips still say the counts."""
    circles = drawn.values.circles
    if circles is not None:
        circles = replace(circles, values=np.full_like(circles.values, np.nan))
    legend = replace(drawn.legend, entries=[], sizes=(), note="")
    return replace(drawn, values=replace(drawn.values, circles=circles), legend=legend)


def _with_whole_numbers(drawn: MapClasses, lasts: tuple[int, ...]) -> MapClasses:
    labels = dict(zip(drawn.values.palette, _class_labels(lasts), strict=True))
    entries = [
        replace(entry, label=NO_PROJECT if entry.label == UNREACHED_LABEL else labels.get(entry.colour, entry.label))
        for entry in drawn.legend.entries
    ]
    return replace(drawn, legend=replace(drawn.legend, entries=entries))


def _class_labels(lasts: tuple[int, ...]) -> list[str]:
    """Name the classes of whole numbers: "1", "2–4", "5 et plus"."""
    firsts = [1, *(last + 1 for last in lasts)]
    named = [str(first) if first == last else f"{first}–{last}" for first, last in zip(firsts, lasts, strict=False)]
    return [*named, f"{firsts[-1]} et plus"]


def count_card(day: dt.date) -> Indicator:
    """Return the card of the number of projects: what the legend and the printed map say of it."""
    return Indicator(
        id="n_projects",
        label="Projets et structures de la liste",
        short_label="Projets et structures",
        unit="projets",
        decimals=0,
        levels=("commune", "epci", "departement", "region"),
        kind="sequential",
        is_count=True,
        higher_is=None,
        source_ids=(),
        vintage=format_date(day),
        formula="",
        note="",
        theme="Structures",
        nature="mesuré",
    )


def compose_counts(
    facts: Facts,
    projects: pd.DataFrame,
    territory: Territory,
    *,
    day: dt.date,
    listed_on: dt.date,
    drawn_on: dt.date,
    has_circles: bool = True,
) -> MapContent:
    """Return what the printed map says, the signs of the projects on it.

    Parameters
    ----------
    facts, projects, territory, day
        As in `draw_counts`.
    listed_on, drawn_on
        Day the list was read; date written on the map.
    has_circles
        False for the signs alone, without the number of projects of each territory.
    """
    level, drawn = draw_counts(facts, projects, territory, day)
    drawn = drawn if has_circles else without_circles(drawn)
    content = compose_map(facts, count_card(day), level, territory, drawn_on=drawn_on, drawn=drawn)
    points = points_known(projects, facts.gazetteer)
    return replace(
        content,
        title=f"{facts.gazetteer.name(territory)} : projets par étape",
        subtitle=f"Un signe par projet, à son étape, situation au {format_date(day)}."
        + (f" {CIRCLES_NOTE}" if has_circles else ""),
        structures_note=SIGNS_NOTE,
        structures=points[["structure_type", "longitude", "latitude", "departement_code"]],
        source=content.source.replace("Sources : ", f"Sources : {SOURCE}, relevée le {format_date(listed_on)} ; ", 1),
    )
