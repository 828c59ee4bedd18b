"""Carte: where the structures are, who they serve, and which communes have too few GPs."""

import pandas as pd
import streamlit as st

from coverage.definitions import INDICATORS, THEMES
from coverage.gazetteer import Gazetteer, Territory
from geo.layers import STRUCTURE_SYMBOLS
from pages.parts.card import show_card
from pages.parts.downloads import describe_sources, offer_table
from pages.parts.exports_map import offer_map
from pages.parts.frame import run_page
from pages.parts.map_view import show_map
from pages.parts.notices import coverage_notice, guard_against_missing_data, show_notices
from pages.parts.own_projects_layer import (
    ProjectsLayer,
    add_layer,
    choose_layer,
    counts,
    draw_layer_values,
    layer_points,
    layer_table,
    project_commune,
    show_layer_card,
    shown_indicator,
)
from pages.parts.places import look_at, prefecture_labels
from pages.parts.presentation_save import offer_to_save
from pages.parts.session import VIEW_KEY, change_view, current_view, write_address
from pages.parts.structures_on_map import structures_on_map
from pages.parts.style import label_popover
from pages.parts.tables import level_table, load_gazetteer, load_table, offered_indicators
from pages.parts.territory_picker import pick_territory
from pages.parts.view_state import FEWEST_CLASSES, MOST_CLASSES, STRUCTURE_TYPES, View
from reports.drawn_values import METHOD_LABELS

MAP_HEIGHT = 640
MAP_LEVEL_LABELS = {"commune": "Communes", "epci": "EPCI", "departement": "Dépts", "region": "Régions"}


def show_page() -> None:
    gazetteer = load_gazetteer()
    view, notices = current_view()
    st.markdown(
        "**Où sont les maisons de santé et les CPTS, combien d’habitants elles servent, "
        "où manquent les généralistes.** "
        "Choisissez un territoire et un indicateur, puis cliquez la carte."
    )
    show_notices(notices)
    _show_controls(gazetteer, view)
    _show_map_and_card()
    st.caption(coverage_notice())


def _show_controls(gazetteer: Gazetteer, view: View) -> None:
    where, what, level, how = st.columns([3, 4, 5, 2])
    with where:
        pick_territory(gazetteer, view.territoire)
    with what:
        ordered = sorted(offered_indicators(), key=lambda name: THEMES.index(INDICATORS[name].theme))
        _bound_widget(st.selectbox, "Indicateur", "indicateur", ordered, _indicator_label)
    with level:
        levels = [name for name in MAP_LEVEL_LABELS if name in INDICATORS[view.indicateur].levels]
        _bound_widget(st.segmented_control, "Maille", "maille", levels, MAP_LEVEL_LABELS.__getitem__, required=True)
    with how:
        _show_drawing_options(view)


def _show_drawing_options(view: View) -> None:
    label_popover("Classes et structures")
    with st.popover("Affichage", icon=":material/tune:", width="stretch"):
        _bound_widget(st.selectbox, "Découpage en classes", "methode", list(METHOD_LABELS), METHOD_LABELS.__getitem__)
        fixed = view.methode == "seuils" and bool(INDICATORS[view.indicateur].thresholds)
        st.session_state["field_classes"] = view.classes
        st.slider(
            "Nombre de classes",
            FEWEST_CLASSES,
            MOST_CLASSES,
            key="field_classes",
            on_change=_apply,
            args=("classes",),
            disabled=fixed,
            help="Les seuils de référence fixent le nombre de classes." if fixed else None,
        )
        st.session_state["field_structures"] = list(view.structures)
        st.multiselect(
            "Structures sur la carte",
            STRUCTURE_TYPES,
            format_func=lambda name: STRUCTURE_SYMBOLS[name].label,
            key="field_structures",
            on_change=_apply,
            args=("structures",),
            placeholder="Aucune",
        )


def _bound_widget(widget, label, field, options, format_func, **options_of_widget) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003
    """Draw a choice that shows a field of the view and changes it."""
    key = f"field_{field}"
    st.session_state[key] = getattr(st.session_state[VIEW_KEY], field)
    widget(label, options, format_func=format_func, key=key, on_change=_apply, args=(field,), **options_of_widget)


def _apply(field: str) -> None:
    value = st.session_state[f"field_{field}"]
    if value is not None:
        change_view(**{field: tuple(value) if isinstance(value, list) else value})


def _indicator_label(name: str) -> str:
    return f"{INDICATORS[name].theme} · {INDICATORS[name].label}"


@st.fragment
@guard_against_missing_data()
def _show_map_and_card() -> None:
    gazetteer = load_gazetteer()
    view: View = st.session_state[VIEW_KEY]
    left, right = st.columns([7, 3])
    with left:
        layer = choose_layer()
        _show_map(gazetteer, view, layer)
        offer_to_save(st.session_state[VIEW_KEY])
        _offer_exports(gazetteer, view, layer)
    with right:
        selected = st.session_state[VIEW_KEY].selection or view.territoire
        if layer.is_counted:  # what changes comes first
            show_layer_card(layer, gazetteer, selected)
        show_card(gazetteer, selected, view.indicateur)
        if not layer.is_counted:
            show_layer_card(layer, gazetteer, selected)


def _show_map(gazetteer: Gazetteer, view: View, layer: ProjectsLayer) -> None:
    scope = gazetteer.surroundings(view.territoire)
    drawn = draw_layer_values(layer, view, scope)
    selected = view.selection
    pick = show_map(
        drawn.values,
        drawn.legend,
        add_layer(structures_on_map(view.structures, scope), layer, gazetteer, scope),
        key="carte",
        view=look_at(gazetteer, view.territoire),
        selected=(selected.level, selected.code) if selected and selected.level != "france" else None,
        labels=prefecture_labels(),
        height=MAP_HEIGHT,
    )
    if pick is None:
        return
    if pick.kind == "structure" and (commune := project_commune(pick.code)):
        change_view(selection=Territory("commune", commune))
    elif pick.kind == "structure":
        structures = load_table("structures")
        code = str(structures.loc[structures["finess_code"] == pick.code, "commune_code"].iloc[0])
        change_view(selection=Territory("commune", code))
    else:
        change_view(selection=Territory(view.maille, pick.code))
    write_address()


def _offer_exports(gazetteer: Gazetteer, view: View, layer: ProjectsLayer) -> None:
    scope = gazetteer.surroundings(view.territoire)
    indicator = shown_indicator(layer, view.indicateur)
    is_counted = counts(layer, view.indicateur)

    def make_table() -> pd.DataFrame:
        rows = gazetteer.within(scope, view.maille) if scope.level != view.maille else gazetteer.table(view.maille)
        codes = rows[f"{view.maille}_code"]
        table = layer_table(layer, view.maille) if is_counted else level_table(view.maille)
        values = table[indicator.id].reindex(codes)
        printed = values if indicator.kind == "categorical" else values * indicator.display_factor
        return pd.DataFrame(
            {"Code": codes.to_numpy(), "Nom": rows["name"].to_numpy(), indicator.label: printed.to_numpy()}
        )

    with st.container(horizontal=True):
        offer_map(
            indicator if is_counted else indicator.id,
            view.maille,
            scope,
            view.methode,
            view.classes,
            view.structures,
            key="carte_export",
            drawn=draw_layer_values(layer, view, scope) if is_counted else None,
            projects=layer_points(layer, gazetteer, scope),
        )
        offer_table(
            make_table,
            describe_sources([indicator.id]),
            title=f"{indicator.label} ({gazetteer.label(scope)})",
            name=f"maillage_{indicator.id}_{scope.key}_{view.maille}",
        )


run_page(show_page)
