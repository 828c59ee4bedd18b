"""Carte: where the structures are, who they serve, and which communes have too few GPs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coverage.indicators.cards import INDICATORS, THEMES
from coverage.terms.site_dates import SITE_DATE_LABELS
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import DRAWN_LEVELS, LEVEL_NAMES
from geo.map import STRUCTURE_SYMBOLS
from pages.app.facts import load_facts
from pages.app.notices import coverage_notice, guard_against_missing_data, show_notices
from pages.app.popover import show_popover
from pages.app.session import change_view, current_view, run_body, write_address
from pages.app.style import label_popover
from pages.app.tables import load_gazetteer
from pages.app.view import FEWEST_CLASSES, MOST_CLASSES, STRUCTURE_TYPES, VIEW_KEY, View
from pages.screens.map.embedded import is_embedded, offer_to_embed, show_embedded
from pages.screens.map.legend_filter import choices_of, choose_values, chosen_classes
from pages.screens.map.list import current_list, is_filtered, legend_of, show_list
from pages.screens.map.list_rows import UnitList
from pages.screens.map.list_state import MAP_KEY, ListState
from pages.screens.map.projects import ADDRESS as LAYER_ADDRESS
from pages.screens.map.projects import (
    ProjectsLayer,
    add_layer,
    choose_layer,
    counts,
    draw_layer_values,
    layer_points,
    project_commune,
    show_layer_card,
    shown_indicator,
)
from pages.screens.map.reach import show_reach, zone_in_legend
from pages.screens.map.reach_state import ADDRESS as REACH_ADDRESS
from pages.screens.map.reach_state import note_click, reach_of
from pages.widgets.apl_series import pick_series
from pages.widgets.card import show_card
from pages.widgets.choice import choose_many, choose_one
from pages.widgets.exports.map import offer_map
from pages.widgets.glossary import explain
from pages.widgets.horizon import choose_horizon
from pages.widgets.indicator_choice import choose_indicator
from pages.widgets.lead import answer_of, show_line
from pages.widgets.map.drawing import show_map, take_pick
from pages.widgets.map.places import look_at_map, outlined, prefecture_labels, zone_of
from pages.widgets.saved_views.save import offer_to_save
from pages.widgets.structure_dates import offer_changes, show_changes_card
from pages.widgets.structures import commune_of_site, structures_on_map
from pages.widgets.territory_picker import pick_territory
from reports.figures.class_cuts import METHOD_LABELS
from reports.figures.map_classes import MapClasses

MAP_HEIGHT = 640
CONTROLS_KEY = "map_controls"


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    if is_embedded():
        _show_map_alone()
        return
    show_line(
        *answer_of(view.territoire, view.indicateur),
        "Où sont les maisons de santé, où manquent les généralistes : choisissez, puis cliquez.",
        otherwise="**Où sont les maisons de santé et les CPTS, combien d’habitants elles servent, "
        "où manquent les généralistes.** "
        "Choisissez un territoire et un indicateur, puis cliquez la carte ou la liste qui la suit.",
        words=explain("APL", "MSP", "CPTS", "Maille", "n.d."),
    )
    show_notices(notices)
    with st.container(key=CONTROLS_KEY):
        row = st.columns([3, 5, 3, 2])
        horizon = st.container()
    _show_map_and_card()
    # The controls are sent after the map, which is long to draw in the browser: all of the view is known before them.
    _show_controls(gazetteer, view, row)
    if INDICATORS[view.indicateur].is_projected:
        with horizon:
            choose_horizon()
    st.caption(coverage_notice())


def _show_controls(gazetteer: Gazetteer, view: View, row: Sequence[DeltaGenerator]) -> None:
    where, what, level, how = row
    with where:
        pick_territory(gazetteer, view.territoire)
    with what:
        ordered = sorted(load_facts().indicators, key=lambda name: THEMES.index(INDICATORS[name].theme))
        _bound_widget(partial(choose_indicator, level=view.maille), "Indicateur", "indicateur", ordered)
    with level:
        levels = [name for name in DRAWN_LEVELS if name in INDICATORS[view.indicateur].levels]
        _bound_widget(choose_one, "Maille", "maille", levels, lambda name: LEVEL_NAMES[name].choice)
    with how:
        _show_drawing_options(view)


def _show_drawing_options(view: View) -> None:
    label_popover("Classes et structures")
    choose = partial(_choose_drawing, view)
    show_popover("Affichage", choose, key="map_drawing", icon=":material/tune:", width="stretch")


def _choose_drawing(view: View) -> None:
    pick_series("carte_serie")
    _bound_widget(
        choose_one,
        "Découpage en classes",
        "methode",
        list(METHOD_LABELS),
        METHOD_LABELS.__getitem__,
        on_change=_apply_from_popover,
    )
    fixed = view.methode == "seuils" and bool(INDICATORS[view.indicateur].at(view.maille).thresholds)
    st.session_state["field_classes"] = view.classes
    st.slider(
        "Nombre de classes",
        FEWEST_CLASSES,
        MOST_CLASSES,
        key="field_classes",
        on_change=_apply_from_popover,
        args=("classes",),
        disabled=fixed,
        help="Les seuils de référence fixent le nombre de classes." if fixed else None,
    )
    st.session_state["field_structures"] = list(view.shown_structures)
    choose_many(
        "Structures sur la carte",
        STRUCTURE_TYPES,
        format_func=lambda name: STRUCTURE_SYMBOLS[name].label,
        key="field_structures",
        on_change=_apply_from_popover,
        args=("structures",),
        placeholder="Aucune",
        disabled=view.dates == "evolution",
        help="La carte de 2021 à aujourd’hui ne montre que les MSP." if view.dates == "evolution" else None,
    )
    _bound_widget(
        choose_one,
        "Date des structures",
        "dates",
        list(SITE_DATE_LABELS),
        SITE_DATE_LABELS.__getitem__,
        on_change=_apply_from_popover,
        help="Chaque lieu dit sa date. Hors d’Occitanie, CPTS et centres de santé ne sont connus qu’au 8 janvier "
        "2021 tant que le fichier national n’est pas chargé.",
    )


def _apply(field: str) -> None:
    value = st.session_state[f"field_{field}"]
    if value is not None:
        change_view(**{field: tuple(value) if isinstance(value, list) else value})


def _apply_from_popover(field: str) -> None:
    _apply(field)
    run_body()


def _bound_widget(widget, label, field, options, format_func=None, on_change=_apply, **more) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003
    """Draw a choice that shows a field of the view and changes it."""
    key = f"field_{field}"
    st.session_state[key] = getattr(st.session_state[VIEW_KEY], field)
    named = {"format_func": format_func} if format_func else {}
    widget(label, options, key=key, on_change=on_change, args=(field,), **named, **more)


@st.fragment
@guard_against_missing_data()
def _show_map_and_card() -> None:
    gazetteer = load_gazetteer()
    _answer_click()
    write_address()  # a row of the list may have been chosen
    # Beside the map on a screen, right after it on a phone: the card, which answers a click, comes before the list.
    with st.container(key="map_and_card"):
        left, right, below = (st.container(key=key) for key in ("map_side", "card_side", "list_side"))
    with left:
        show_notices(REACH_ADDRESS.current()[1])
        layer = choose_layer()
        view: View = st.session_state[VIEW_KEY]
        scope = gazetteer.surroundings(view.territoire, view.maille)
        drawn = draw_layer_values(layer, view, scope)
        units, asked = current_list(view, layer, drawn)
        parts = _map_parts(gazetteer, view, layer, drawn, units, asked)
        show_map(**parts, key=MAP_KEY, height=MAP_HEIGHT)
        with st.container(horizontal=True):
            offer_to_save(view)
            offer_to_embed(view, parts)
        _offer_map(gazetteer, view, layer, drawn)
        if is_filtered(asked, view):
            st.caption("L’image et la présentation montrent toute la carte, sans le filtre de la liste.")
        if reach_of(gazetteer, view.selection or view.territoire):
            st.caption("L’image et la présentation montrent la carte sans le contour des minutes.")
    with right:
        selected = view.selection or view.territoire
        show_reach(gazetteer, selected)
        if layer.is_counted:  # what changes comes first
            show_layer_card(layer, gazetteer, selected)
        if view.dates == "evolution":
            show_changes_card(gazetteer, selected)
        show_card(gazetteer, selected, view.indicateur)
        if not layer.is_counted:
            show_layer_card(layer, gazetteer, selected)
    with below:  # the map and the card, which answer a click, are not kept waiting
        show_list(units, asked, drawn)


@st.fragment
@guard_against_missing_data()
def _show_map_alone() -> None:
    _answer_click()
    view: View = st.session_state[VIEW_KEY]
    layer, _ = LAYER_ADDRESS.current()
    drawn = draw_layer_values(layer, view, load_gazetteer().surroundings(view.territoire, view.maille))
    units, asked = current_list(view, layer, drawn)
    show_embedded(view, _map_parts(load_gazetteer(), view, layer, drawn, units, asked), key=MAP_KEY)


def _answer_click() -> None:
    """Choose what has just been clicked on the map, before anything of this run is drawn."""
    pick = take_pick(MAP_KEY)
    if pick is None:
        return
    if pick.kind in {"class", "range"}:
        view: View = st.session_state[VIEW_KEY]
        layer, _ = LAYER_ADDRESS.current()
        drawn = draw_layer_values(layer, view, load_gazetteer().surroundings(view.territoire, view.maille))
        choose_values(pick, drawn, view.indicateur)
    elif pick.kind == "territory":
        level = st.session_state[VIEW_KEY].maille
        change_view(selection=Territory(level, pick.code))
        note_click(load_gazetteer(), pick, level)
    elif commune := project_commune(pick.code):
        change_view(selection=Territory("commune", commune))
    else:
        dates = st.session_state[VIEW_KEY].dates
        change_view(selection=Territory("commune", commune_of_site(pick.code, dates)))


def _map_parts(
    gazetteer: Gazetteer, view: View, layer: ProjectsLayer, drawn: MapClasses, units: UnitList, asked: ListState
) -> dict[str, Any]:
    """Return what the map shows, as `geo.map.overlay` takes it: on the page, in a frame, in a page by itself."""
    scope = gazetteer.surroundings(view.territoire, view.maille)
    found = reach_of(gazetteer, view.selection or view.territoire)
    return {
        "values": drawn.values,
        "legend": zone_in_legend(gazetteer, legend_of(drawn, units, asked), found),
        "structures": add_layer(structures_on_map(view.shown_structures, scope, view.dates), layer, gazetteer, scope),
        "view": look_at_map(gazetteer, view.territoire, view.maille),
        "selected": outlined(gazetteer, view.territoire, view.maille, view.selection),
        "zone": zone_of(gazetteer, view.territoire) if found is None else tuple(found[0].reached_zone(found[1])),
        "labels": prefecture_labels(),
        "dimmed": units.inside & ~units.kept if is_filtered(asked, view) else None,
        "choices": choices_of(drawn),
        "chosen": chosen_classes(drawn, asked),
    }


def _offer_map(gazetteer: Gazetteer, view: View, layer: ProjectsLayer, drawn: MapClasses) -> None:
    scope = gazetteer.surroundings(view.territoire)
    is_counted = counts(layer, view.indicateur)
    offer_map(
        shown_indicator(layer, view.indicateur) if is_counted else view.indicateur,
        view.maille,
        scope,
        view.methode,
        view.classes,
        view.shown_structures,
        key="carte_export",
        drawn=drawn if is_counted else None,
        projects=layer_points(layer, gazetteer, scope),
        dates=view.dates,
    )
    if view.dates == "evolution":
        offer_changes(gazetteer, scope, view.maille)
