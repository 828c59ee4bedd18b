"""One saved view as a room sees it: the map over the whole height; title, figure and legend in large type."""

import base64
import html
import math
from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from coverage.definitions import INDICATORS
from coverage.gazetteer import Gazetteer, Territory
from geo.layers import STRUCTURE_SYMBOLS, THEMES, StructureSymbol
from pages.parts.figures import cite, format_figure
from pages.parts.map_values import draw_values
from pages.parts.map_view import show_map
from pages.parts.notices import guard_against_missing_data
from pages.parts.numbers import UNKNOWN, format_number
from pages.parts.places import look_at, prefecture_labels
from pages.parts.presentation_style import FILL_SCRIPT, STYLE
from pages.parts.saved_views import SavedView
from pages.parts.structures_on_map import structures_on_map
from pages.parts.tables import covered_regions, load_gazetteer
from reports.drawn_values import DrawnValues

MAP_HEIGHT: Final = 860  # CSS pixels, until the browser gives the map its whole height
TITLE_LETTERS, COMMENT_LETTERS = 22, 44  # on a line, at least
LONGEST_LEGEND = 8  # lines; beyond, it stands in two columns
SMALLEST, LARGEST = 0.8, 1.3
SHAPES: Final[Mapping[str, str]] = {
    "circle": "<circle cx='10' cy='10' r='6'/>",
    "square": "<rect x='4.5' y='4.5' width='11' height='11'/>",
    "diamond": "<path d='M10 2.5 16.6 10 10 17.5 3.4 10Z'/>",
    "triangle": "<path d='M10 3 17 15H3Z'/>",
    "cross": "<path d='M7.5 3h5v4.5H17v5h-4.5V17h-5v-4.5H3v-5h4.5Z'/>",
}


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
    scope = gazetteer.surroundings(view.territoire)
    drawn = draw_values(view.indicateur, view.maille, scope, view.methode, view.classes)
    structures = structures_on_map(view.structures, scope)
    selected = view.selection
    st.html(STYLE)
    left, right = st.columns([65, 35], gap="medium")
    with left, st.container(key="presentation_map"):
        show_map(
            drawn.values,
            None,  # written beside the map, in large type
            structures,
            key="presentation",
            view=look_at(gazetteer, view.territoire),
            selected=(selected.level, selected.code) if selected and selected.level != "france" else None,
            labels=prefecture_labels(),
            height=MAP_HEIGHT,
        )
    with st.container(key="presentation_script"):
        st.html(FILL_SCRIPT, unsafe_allow_javascript=True)
    counts = structures["structure_type"].value_counts().to_dict()
    n_structures = {name: counts[name] for name in view.structures if name in counts}
    told = selected or view.territoire
    above = _set_against(gazetteer, told, view.indicateur)
    n_legend_rows = len(drawn.legend.entries) + len(n_structures)
    n_legend_rows = math.ceil(n_legend_rows / 2) if n_legend_rows > LONGEST_LEGEND else n_legend_rows
    size = _size(saved, n_rows=len(above) + n_legend_rows)
    with right, st.container(key="presentation_words"):
        st.html(
            f"<div class='diapo' style='--size:{size:.2f}'><div class='rang'>{step + 1} / {n_steps}</div>"
            f"<h1>{html.escape(saved.title)}</h1>"
            + (f"<p class='dit'>{html.escape(saved.comment)}</p>" if saved.comment else "")
            + _figure(gazetteer, told, above, view.indicateur)
            + _legend(drawn, n_structures)
            + f"<p class='source'>{html.escape(_sources(gazetteer, saved, scope))}</p></div>"
        )


def _size(saved: SavedView, n_rows: int) -> float:
    """Return how large the type can be, 1 being what any view is read at: a view that says little says it larger.

    Heights are in ems at size 1, of which the screen has about 44; what doesn't depend on the view takes 16.
    """
    n_title_lines = math.ceil(len(saved.title) / TITLE_LETTERS)
    n_comment_lines = sum(math.ceil(max(len(line), 1) / COMMENT_LETTERS) for line in saved.comment.splitlines())
    height_em = 16 + 2.35 * n_title_lines + 1.55 * n_comment_lines + 1.5 * n_rows
    return min(max(44 / height_em, SMALLEST), LARGEST)


def _set_against(gazetteer: Gazetteer, territory: Territory, name: str) -> list[Territory]:
    levels = INDICATORS[name].levels
    return [other for other in gazetteer.containing(territory) if other.level != "epci" and other.level in levels]


def _figure(gazetteer: Gazetteer, territory: Territory, above: Sequence[Territory], name: str) -> str:
    indicator = INDICATORS[name]
    figure = format_figure(name, territory, unit=False) if territory.level in indicator.levels else UNKNOWN
    unit = indicator.unit if figure != UNKNOWN else ""
    rows = "".join(
        f"<div class='ligne'><span>{html.escape(gazetteer.name(other))}</span>"
        f"<b>{html.escape(format_figure(name, other, unit=False))}</b></div>"
        for other in above
    )
    return (
        f"<div class='phare'><div>{html.escape(gazetteer.name(territory))}</div>"
        f"<div class='mesure'><b class='chiffre'>{html.escape(figure)}</b><span>{html.escape(unit)}</span></div>"
        f"{rows}</div>"
    )


def _legend(drawn: DrawnValues, structures: Mapping[str, int]) -> str:
    theme = THEMES[st.context.theme.type or "light"]
    hatching = f"repeating-linear-gradient(135deg,{theme.unknown} 0 4px,{theme.unknown_line} 4px 5.5px)"
    rows = [
        f"<li><i style='background:{hatching if entry.hatch else entry.colour}'></i>"
        f"<span>{html.escape(entry.label)}</span>{_count(entry.count)}</li>"
        for entry in drawn.legend.entries
    ]
    rows += [
        f"<li>{_sign(STRUCTURE_SYMBOLS[name])}<span>{html.escape(STRUCTURE_SYMBOLS[name].label)}</span>"
        f"{_count(count)}</li>"
        for name, count in structures.items()
    ]
    title, subtitle = html.escape(drawn.legend.title), html.escape(drawn.legend.subtitle)
    shape = "class='deux'" if len(rows) > LONGEST_LEGEND else ""
    return f"<div class='legende'><b>{title}</b><small>{subtitle}</small><ul {shape}>{''.join(rows)}</ul></div>"


def _sources(gazetteer: Gazetteer, saved: SavedView, scope: Territory) -> str:
    """Cite what is shown; say where the structures are known when it is not all over the map."""
    shown = saved.view.structures
    told = f"Source : {cite(saved.view.indicateur, *(['n_msp'] if shown else []))}."
    regions = set(gazetteer.communes.loc[gazetteer.mask(scope), "region_code"])
    if not shown or regions <= covered_regions():
        return told
    known = [gazetteer.name(Territory("region", code)) for code in sorted(regions & covered_regions())]
    return f"{told} Structures : {'connues en ' + ', '.join(known) + ' seulement' if known else 'n.d. ici'}."


def _sign(symbol: StructureSymbol) -> str:
    """Draw the sign of a type of structure, as a picture: Streamlit takes drawings out of what it is given."""
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20' fill='{symbol.colour}' stroke='#fff'>"
        f"{SHAPES[symbol.shape]}</svg>"
    )
    return f"<img alt='' src='data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}'>"


def _count(count: int | None) -> str:
    return "" if count is None else f"<em>{format_number(count, 0)}</em>"
