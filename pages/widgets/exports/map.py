"""Buttons that give the map of a page as a picture that can be printed as it is."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.terms.site_dates import SiteDates
from coverage.territories.gazetteer import Territory
from geo.levels import DrawnLevel
from pages.app.facts import shown_horizon
from pages.widgets.exports.author import choose_words
from pages.widgets.exports.drawing_queue import LARGE_DRAWINGS
from pages.widgets.exports.logo import current_logo, offer_logo
from pages.widgets.exports.studio import load_studio, today
from reports.figures.class_cuts import Method
from reports.figures.map_classes import MapClasses

if TYPE_CHECKING:
    from reports.map.content import MapContent
    from reports.map.words import AuthorWords, Block
    from reports.studio import Studio

PREVIEW_DPI: Final = 72
FORMATS: Final = {"png": "PNG (image)", "pdf": "PDF", "svg": "SVG (modifiable)"}
PAPERS: Final = {"a4": "A4", "a3": "A3", "16:9": "Diapositive 16:9", "carre": "Carré"}
ORIENTATIONS: Final = {"paysage": "Paysage", "portrait": "Portrait"}
RESOLUTIONS: Final = {150: "150 ppp (écran)", 300: "300 ppp (impression)", 600: "600 ppp (affiche)"}
TYPES: Final = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}


def offer_map(
    shown: str | Indicator,
    level: DrawnLevel,
    territory: Territory,
    method: Method,
    n_classes: int,
    structures: Sequence[str] = (),
    *,
    key: str,
    drawn: MapClasses | None = None,
    projects: pd.DataFrame | None = None,
    dates: SiteDates = "recentes",
    has_grey: bool = True,
    blocks: Sequence[Block] | None = None,
    simulated: bool = False,
) -> None:
    """Draw a button that gives the map as PNG in one click, and one that opens what its author may choose.

    Parameters
    ----------
    shown, level, territory, method, n_classes, structures
        The view, as the map of the page has it.
    key
        Name of these buttons in the session.
    drawn
        What the map of the page colours, when it is not an indicator of the catalogue.
    projects
        The reader's own projects on the map, as `coverage.projects.points.project_points` gives them.
    dates
        Of what day the structures are.
    has_grey
        False where the classes cannot be told in greys.
    blocks, simulated
        As in `reports.map.content.compose_map`.
    """
    # Read now: files are made outside the run of the page
    logo, horizon_years = current_logo(), shown_horizon()

    choices: dict[str, Any] = {
        "drawn_on": today(),
        "method": method,
        "n_classes": n_classes,
        "structures": (*structures, *([] if projects is None else projects["structure_type"].unique())),
        "dates": dates,
        "drawn": drawn,
        "logo": logo,
        "blocks": blocks,
        "simulated": simulated,
    }

    def studio() -> Studio:
        return _at_horizon(with_projects(load_studio(), projects), horizon_years)

    def compose() -> MapContent:
        return studio().map_content(shown, level, territory, **choices)

    def draw(*, grey: bool = False, words: AuthorWords | None = None, **form: Any) -> bytes:
        from reports.studio import MapFormat  # noqa: PLC0415 - Matplotlib is loaded at the first export only

        said = choices if words is None else choices | {"words": words}
        return studio().map_bytes(shown, level, territory, form=MapFormat(**form), grey=grey, **said)

    indicator = INDICATORS[shown] if isinstance(shown, str) else shown
    name = f"maillage_{indicator.id}_{territory.slug}_{level}"
    with st.container(horizontal=True):
        _button("Carte PNG", name, "png", draw, key=f"{key}_png")
        if st.button("Textes et autres formats", icon=":material/print:", key=f"{key}_prepare"):
            _prepare(compose, draw, name, key, has_grey=has_grey)


@st.dialog("Préparer la carte", width="large")
def _prepare(
    compose: Callable[[], MapContent], draw: Callable[..., bytes], name: str, key: str, *, has_grey: bool
) -> None:
    """Draw the window where an author writes on the map, chooses its format, sees it, then takes it."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        with st.spinner("Lecture de la carte…"):
            content = compose()
        words = choose_words(content, key=f"{key}_{name}")
        form = _choose_format(key)
        grey = has_grey and st.checkbox("Niveaux de gris", key=f"{key}_grey")
        offer_logo(key=f"{key}_logo")
    chosen = partial(draw, words=words, grey=grey)
    with right:
        _show_preview(chosen, form, (name, words, grey, form["paper"], form["orientation"]), key)
        kind = form["kind"]
        label, drawn = f"Télécharger ({kind.upper()})", partial(chosen, **form)
        if is_large(kind, form["paper"], form["dpi"]):
            _offer_in_turn(label, name, kind, drawn, key=f"{key}_other")
        else:
            _button(label, name, kind, drawn, key=f"{key}_other")


def _choose_format(key: str) -> dict[str, Any]:
    """Draw the choices of format; returns the fields of `reports.studio.MapFormat`."""

    def choose(label: str, part: str, options: Mapping[Any, str], index: int = 0, *, disabled: bool = False) -> Any:
        return st.selectbox(
            label,
            list(options),
            index=index,
            format_func=options.__getitem__,
            key=f"{key}_{part}",
            disabled=disabled,
            filter_mode=None,
        )

    first, second = st.columns(2)
    with first:
        kind = choose("Format", "kind", FORMATS)
        paper = choose("Papier", "paper", PAPERS)
    with second:
        dpi = choose("Résolution", "dpi", RESOLUTIONS, 1, disabled=kind != "png")
        orientation = choose("Orientation", "orientation", ORIENTATIONS, disabled=paper == "carre")
    return {"kind": kind, "paper": paper, "orientation": orientation, "dpi": dpi}


def _show_preview(draw: Callable[..., bytes], form: Mapping[str, Any], seen: tuple[Any, ...], key: str) -> None:
    """Draw the button that shows the page, small, as it will be; told when the choices have changed since."""
    kept = f"{key}_preview"
    if st.button("Voir l’aperçu", icon=":material/visibility:", key=f"{key}_look"):
        with st.spinner("Dessin de l’aperçu…"):
            page = draw(kind="png", paper=form["paper"], orientation=form["orientation"], dpi=PREVIEW_DPI)
        st.session_state[kept] = (seen, page)
    before, page = st.session_state.get(kept, (None, None))
    if page is None or before[0] != seen[0]:
        st.caption("L’aperçu montre la page entière, avec vos textes, avant le téléchargement.")
        return
    st.image(page, width="stretch", caption="Aperçu" if before == seen else "Aperçu d’avant vos derniers changements")


@dataclass(frozen=True)
class Printed:
    """One of two maps to be printed on one page; fields as the parameters of `offer_map`."""

    shown: str | Indicator
    level: DrawnLevel
    territory: Territory
    method: Method
    n_classes: int
    drawn: MapClasses
    structures: Sequence[str] = ()
    dates: SiteDates = "recentes"
    simulated: bool = False


def offer_two_maps(
    maps: tuple[Printed, Printed],
    *,
    title: str,
    names: tuple[str, str],
    name: str,
    key: str,
    projects: pd.DataFrame | None = None,
) -> None:
    """Draw a button that gives two maps on one page, an A3 as PNG.

    Parameters
    ----------
    maps
        The left one, the right one.
    title
        Of the page.
    names
        Of the maps, in their legends: "A", "B".
    name
        File name without extension, ASCII.
    key
        Name of the button in the session.
    projects
        Points of no file of ours, as in `offer_map`; each map draws the types that its structures name.
    """
    # Read now: files are made outside the run of the page
    logo, horizon_years = current_logo(), shown_horizon()

    def draw() -> bytes:
        # not asdict, which would copy the classes of all communes
        first, second = ({field.name: getattr(one, field.name) for field in fields(one)} for one in maps)
        return _at_horizon(with_projects(load_studio(), projects), horizon_years).two_maps_bytes(
            (first | {"logo": logo}, second), title=title, names=names, drawn_on=today()
        )

    _button("Les deux cartes (PNG, A3)", name, "png", draw, key=key)


def is_large(kind: str, paper: str, dpi: int) -> bool:
    """Tell whether a picture weighs more than an A4 at 300 dpi: some 400 MB of memory for an A3 at 600 dpi."""
    return kind == "png" and (dpi > 300 or (dpi == 300 and paper == "a3"))  # noqa: PLR2004 - as the docstring says


@st.fragment(run_every=2)
def _offer_in_turn(label: str, name: str, kind: str, draw: Callable[[], bytes], *, key: str) -> None:
    """Draw the button of a large picture, which waits for its turn, and tell the place of the reader in the queue."""
    context = get_script_run_ctx()
    reader = context.session_id if context else ""

    def draw_in_turn() -> bytes:
        with LARGE_DRAWINGS.turn(reader):
            picture = draw()
            gc.collect()  # a figure and its parts hold each other: 280 MB for an A3, to be let go before the next turn
            return picture

    waiting, before = LARGE_DRAWINGS.is_waiting(reader), LARGE_DRAWINGS.before(reader)
    full = LARGE_DRAWINGS.is_full and not waiting
    _button(label, name, kind, draw_in_turn, key=key, disabled=full or waiting)
    if before or waiting:
        st.caption(tell_place(before, waiting=waiting, full=full))


def tell_place(before: int, *, waiting: bool, full: bool) -> str:
    """Say where the reader stands in the queue of large pictures."""
    if waiting and not before:
        return "Votre image se dessine."
    asked = "une grande image est demandée" if before == 1 else f"{before} grandes images sont demandées"
    if full:
        return f"{asked.capitalize()} : réessayez dans une minute, ou choisissez 300 ppp en A4."
    return f"{asked.capitalize()} avant la vôtre."


def with_projects(studio: Studio, projects: pd.DataFrame | None) -> Studio:
    """Return a studio whose sites include a reader's projects; that of the server, which all share, is not changed."""
    if projects is None or projects.empty:
        return studio
    read = studio.facts.table

    def table(name: str) -> pd.DataFrame:
        return pd.concat([read(name), projects], ignore_index=True) if name == "structures" else read(name)

    return replace(studio, facts=replace(studio.facts, table=table))


def _at_horizon(studio: Studio, horizon_years: int) -> Studio:
    """Return a studio whose projected indicators look as far as the reader's view."""
    return replace(studio, facts=studio.facts.at(horizon_years))


def _button(label: str, name: str, kind: str, draw: Callable[[], bytes], *, key: str, disabled: bool = False) -> None:
    st.download_button(
        label,
        draw,
        file_name=f"{name}.{kind}",
        mime=TYPES[kind],
        icon=":material/image:",
        on_click="ignore",
        key=key,
        disabled=disabled,
    )
