"""One saved view as a room sees it: the map over the whole height; title, figure and legend in large type."""

import base64
import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.terms.site_dates import TYPES_2021
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import DrawnLevel
from geo.map import STRUCTURE_SYMBOLS, THEMES, CircleSize, SitesNote, StructureSymbol, legend_in_theme, sites_notes
from geo.map import View as Look
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data
from pages.app.tables import covered_regions, load_gazetteer
from pages.screens.slideshow.data import title_of
from pages.screens.slideshow.style import FILL_SCRIPT, STYLE
from pages.widgets.map.drawing import show_map
from pages.widgets.map.places import look_at_map, outlined, prefecture_labels, zone_of
from pages.widgets.map.values import draw_values
from pages.widgets.saved_views.views import SavedView
from pages.widgets.structure_dates import evolution_days
from pages.widgets.structures import structures_on_map
from reports.figures.map_classes import MapClasses
from reports.figures.numbers import UNKNOWN, format_number

MAP_HEIGHT: Final = 860  # CSS pixels, until the browser gives the map its whole height
TITLE_LETTERS, COMMENT_LETTERS, SOURCE_LETTERS = 22, 44, 58  # on a line, at least
LONGEST_LEGEND = 8  # lines; beyond, it stands in two columns
SIZES_ROWS = 3  # height of the circles of a legend, in its lines
SMALLEST, LARGEST = 0.8, 1.3
SHAPES: Final[Mapping[str, str]] = {
    "circle": "<circle cx='10' cy='10' r='6'/>",
    "square": "<rect x='4.5' y='4.5' width='11' height='11'/>",
    "diamond": "<path d='M10 2.5 16.6 10 10 17.5 3.4 10Z'/>",
    "triangle": "<path d='M10 3 17 15H3Z'/>",
    "saltire": "<path d='M10 7.5 14 3.5 16.5 6 12.5 10 16.5 14 14 16.5 10 12.5 6 16.5 3.5 14 7.5 10 3.5 6 6 3.5Z'/>",
    "house": "<path d='M10 3 17.5 10H15.5V17H4.5V10H2.5Z'/>",
    "cross": "<path d='M7.5 3h5v4.5H17v5h-4.5V17h-5v-4.5H3v-5h4.5Z'/>",
}


@dataclass(frozen=True)
class Beside:
    """What stands beside the map of a slide, in large type.

    Attributes
    ----------
    title, comment, source
        As text: nothing of them is markup.
    figure
        Its figures, as HTML.
    n_figure_rows
        Lines under the large figure.
    """

    title: str
    comment: str
    figure: str
    n_figure_rows: int
    source: str


@st.fragment
@guard_against_missing_data()
def show_slide(saved: SavedView, step: int, n_steps: int) -> None:
    """Draw a saved view over the whole window.

    Parameters
    ----------
    saved
        The view, its title and its comment.
    step, n_steps
        Its place in the presentation, from 0, and how many views there are.
    """
    gazetteer = load_gazetteer()
    view = saved.view
    scope = gazetteer.surroundings(view.territoire, view.maille)
    drawn = draw_values(view.indicateur, view.maille, scope, view.methode, view.classes, view.horizon)
    structures = structures_on_map(view.shown_structures, scope, view.dates)
    told = view.selection or view.territoire
    above = _set_against(gazetteer, told, view.indicateur)
    figure = _figure(gazetteer, told, above, view.indicateur, view.horizon)
    source = " ".join([_sources(gazetteer, saved, scope), *map(say_note, sites_notes(structures))])
    draw_slide(
        drawn,
        structures,
        Beside(title_of(saved), saved.comment, figure, len(above), source),
        f"{step + 1} / {n_steps}",
        look=look_at_map(gazetteer, view.territoire, view.maille),
        selected=outlined(gazetteer, view.territoire, view.maille, view.selection),
        zone=zone_of(gazetteer, view.territoire),
    )


def draw_slide(
    drawn: MapClasses,
    structures: pd.DataFrame,
    beside: Beside,
    rank: str,
    *,
    look: Look,
    selected: tuple[DrawnLevel, str] | None = None,
    zone: Sequence[str] = (),
) -> None:
    """Draw a map over the whole height, and beside it what is said of it and its legend.

    Parameters
    ----------
    drawn, structures, look, selected, zone
        The map, as `pages.widgets.map.drawing.show_map` takes it.
    beside
        What is said of it.
    rank
        Which slide it is: "2 / 6".
    """
    st.html(STYLE)
    left, right = st.columns([65, 35], gap="medium")
    with left, st.container(key="presentation_map"):
        show_map(
            drawn.values,
            None,  # written beside the map, in large type
            structures,
            key="presentation",
            view=look,
            selected=selected,
            zone=zone,
            labels=prefecture_labels(),
            height=MAP_HEIGHT,
        )
    fill_the_screen()
    n_structures = count_signs(structures)
    n_rows = beside.n_figure_rows + _legend_rows(drawn, n_structures)
    size = _size(beside.title, beside.comment, beside.source, n_rows=n_rows)
    with right, st.container(key="presentation_words"):
        st.html(
            f"<div class='diapo' style='--size:{size:.2f}'><div class='rang'>{rank}</div>"
            f"<h1>{html.escape(beside.title)}</h1>"
            + (f"<p class='dit'>{html.escape(beside.comment)}</p>" if beside.comment else "")
            + beside.figure
            + draw_legend(drawn, n_structures)
            + f"<p class='source'>{html.escape(beside.source)}</p></div>"
        )


def fill_the_screen() -> None:
    """Make the maps fill their place, and hand the keys pressed there to the page."""
    with st.container(key="presentation_script"):
        st.html(FILL_SCRIPT, unsafe_allow_javascript=True)


def count_signs(structures: pd.DataFrame) -> dict[str, int]:
    """Count the structures of each sign, in the order of the legend."""
    counts = structures["structure_type"].value_counts().to_dict()
    return {name: counts[name] for name in STRUCTURE_SYMBOLS if name in counts}


def _legend_rows(drawn: MapClasses, n_structures: Mapping[str, int]) -> int:
    n_rows = len(drawn.legend.shown) + len(n_structures)
    n_rows = math.ceil(n_rows / 2) if n_rows > LONGEST_LEGEND else n_rows
    return n_rows + (SIZES_ROWS if drawn.legend.sizes else 0)


def _size(title: str, comment: str, source: str, n_rows: int) -> float:
    """Return how large the type can be, 1 being what any view is read at: a view that says little says it larger.

    Heights are in ems at size 1, of which the screen has about 44; what doesn't depend on the view takes 15.
    """
    n_title_lines = math.ceil(len(title) / TITLE_LETTERS)
    n_comment_lines = sum(math.ceil(max(len(line), 1) / COMMENT_LETTERS) for line in comment.splitlines())
    n_source_lines = math.ceil(len(source) / SOURCE_LETTERS)
    height_em = 15 + 2.35 * n_title_lines + 1.55 * n_comment_lines + 1.5 * n_rows + 1.15 * n_source_lines
    return min(max(44 / height_em, SMALLEST), LARGEST)


def _set_against(gazetteer: Gazetteer, territory: Territory, name: str) -> list[Territory]:
    levels = INDICATORS[name].levels
    return [other for other in gazetteer.compared(territory) if other.level in levels]


def _figure(gazetteer: Gazetteer, territory: Territory, above: Sequence[Territory], name: str, horizon: int) -> str:
    indicator = INDICATORS[name]
    known = territory.level in indicator.levels
    figure = load_facts(horizon).figure(name, territory, unit=False) if known else UNKNOWN
    unit = load_facts().unit_after(name, territory)
    rows = "".join(
        f"<div class='ligne'><span>{html.escape(gazetteer.name(other))}</span>"
        f"<b>{html.escape(load_facts(horizon).figure(name, other, unit=False))}</b></div>"
        for other in above
    )
    return (
        f"<div class='phare'><div>{html.escape(gazetteer.name(territory))}</div>"
        f"<div class='mesure'><b class='chiffre'>{html.escape(figure)}</b><span>{html.escape(unit)}</span></div>"
        f"{rows}</div>"
    )


def draw_legend(drawn: MapClasses, structures: Mapping[str, int], *, has_counts: bool = True) -> str:
    """Return the legend of a map as HTML, with the number of territories of each class and structures of each sign."""
    theme = THEMES[st.context.theme.type or "light"]
    legend = legend_in_theme(drawn.legend, drawn.values, theme)
    hatching = f"repeating-linear-gradient(135deg,{theme.unknown} 0 4px,{theme.unknown_line} 4px 5.5px)"
    rows = [
        f"<li><i {'class=rond ' if entry.is_round else ''}"
        f"style='background:{hatching if entry.hatch else entry.colour}'></i>"
        f"<span>{html.escape(entry.label)}</span>{_count(entry.count if has_counts else None)}</li>"
        for entry in legend.shown
    ]
    rows += [
        f"<li>{_sign(STRUCTURE_SYMBOLS[name])}<span>{html.escape(STRUCTURE_SYMBOLS[name].label)}</span>"
        f"{_count(count if has_counts else None)}</li>"
        for name, count in structures.items()
    ]
    title, subtitle = html.escape(legend.title), html.escape(legend.subtitle)
    sizes = _sizes(legend.sizes, theme.text) if legend.sizes else ""
    shape = "class='deux'" if len(rows) > LONGEST_LEGEND else ""
    return f"<div class='legende'><b>{title}</b><small>{subtitle}</small>{sizes}<ul {shape}>{''.join(rows)}</ul></div>"


def _sizes(sizes: Sequence[CircleSize], ink: str) -> str:
    """Draw the circles of the legend at their size on the map, one in the other, each with its number."""
    line, largest = 16, sizes[0].radius_px
    height = max(2 * largest, line * (len(sizes) - 1)) + line
    parts, place = [], 0.0
    for one in sizes:
        edge = height - 2 - 2 * one.radius_px
        place = edge if one is sizes[0] else max(edge, place + line)
        end = 2 * largest + 14
        parts.append(
            f"<circle cx='{largest + 1}' cy='{height - 2 - one.radius_px}' r='{one.radius_px}'/>"
            f"<path d='M{largest + 1} {edge}L{end} {place}'/>"
            f"<text x='{end + 5}' y='{place + 5}' fill='{ink}' stroke='none'>{html.escape(one.label)}</text>"
        )
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{2 * largest + 130}' height='{height}' fill='none' "
        f"stroke='{ink}' font-family='sans-serif' font-size='14'>{''.join(parts)}</svg>"
    )
    told = html.escape(f"Cercles de {', '.join(one.label for one in sizes)}", quote=True)
    return f"<img class='tailles' alt='{told}' src='{_as_picture(drawing)}'>"


def _sources(gazetteer: Gazetteer, saved: SavedView, scope: Territory) -> str:
    """Cite what is shown; say where the structures are known when it is not all over the map."""
    shown, dates = saved.view.shown_structures, saved.view.dates
    told = f"Source : {load_facts().cite(saved.view.indicateur, *(['n_msp_finess'] if shown else []))}."
    if dates == "evolution":
        return f"{told} MSP : {evolution_days()}, fermées ou non reconnues ; voir la page Carte pour les règles."
    if dates == "2021":
        return f"{told} Structures au 8 janvier 2021."
    regions = set(gazetteer.communes.loc[gazetteer.mask(scope), "region_code"])
    partial = [kind for kind in shown if not regions <= covered_regions(kind)]
    former = [kind for kind in partial if dates == "recentes" and kind in TYPES_2021]
    if former:
        told += " Signes pâles : FINESS, 8 janvier 2021."
    partial = [kind for kind in partial if kind not in former]
    if not partial:
        return told
    known = [gazetteer.name(Territory("region", code)) for code in sorted(regions & covered_regions())]
    named = ", ".join(STRUCTURE_SYMBOLS[kind].label for kind in partial)
    return f"{told} {named} : {'connus en ' + ', '.join(known) + ' seulement' if known else 'n.d. ici'}."


def say_note(note: SitesNote) -> str:
    """Write what must be known of the structures of a map."""
    return f"{note.label}." if note.count is None else f"{note.label} ({format_number(note.count)})."


def _sign(symbol: StructureSymbol) -> str:
    """Draw the sign of a type of structure, as a picture: Streamlit takes drawings out of what it is given."""
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20' fill='{symbol.colour}' "
        f"stroke='{symbol.edge or '#fff'}'>"
        f"{SHAPES[symbol.shape]}</svg>"
    )
    return f"<img alt='' src='{_as_picture(drawing)}'>"


def _as_picture(drawing: str) -> str:
    """Return the address of a drawing that the page holds."""
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


def _count(count: int | None) -> str:
    return "" if count is None else f"<em>{format_number(count, 0)}</em>"
