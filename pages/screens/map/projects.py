"""The reader's projects on the page Carte: drawn or not, counted in the indicators or not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.indicators.commune_facts import Tables
from coverage.projects.listing import within
from coverage.projects.planned_structures import COUNTED_INDICATORS, indicators_with_projects, projects_to_count
from coverage.projects.points import is_project, project_points
from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import OWN, Level
from pages.app.address import PageAddress, refuse
from pages.app.facts import load_facts
from pages.app.owner import current_owner
from pages.app.plain_text import plain
from pages.app.projects import load_projects, projects_beside, projects_version
from pages.app.tables import covered_regions, level_table, load_gazetteer, load_table, out_of_cover_min
from pages.app.view import View
from pages.widgets.map.values import draw_series, draw_values
from reports.figures.at_most import people_at_most, tell_at_most
from reports.figures.map_classes import MapClasses, format_value, lies_inside, without_structure

PARAMETER: Final = "mp_carte"
_MODES: Final = ("montres", "caches", "comptes", "comptes_ouverts")
_KEPT_KEY: Final = "projects_levels"
_MOST_LISTED: Final = 12
_COMPARED: Final = ("n_msp", "population_per_msp", "nearest_msp_min", "n_cpts_finess", "n_centre_sante_finess")


@dataclass(frozen=True)
class ProjectsLayer:
    """What the map makes of the projects: "montres", "caches", "comptes" or "comptes_ouverts" (open ones too)."""

    mode: str = "montres"

    @property
    def is_shown(self) -> bool:
        """Tell whether they are drawn."""
        return self.mode != "caches"

    @property
    def is_counted(self) -> bool:
        """Tell whether the indicators count them."""
        return self.mode in {"comptes", "comptes_ouverts"}

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; drawn and not counted is the default."""
        return {} if self.mode == "montres" else {PARAMETER: self.mode}


def read_layer(query: Mapping[str, str]) -> tuple[ProjectsLayer, list[str]]:
    """Read the address."""
    mode = query.get(PARAMETER, "montres")
    if mode not in _MODES:
        return ProjectsLayer(), [refuse(PARAMETER, mode, ", ".join(_MODES))]
    return ProjectsLayer(mode), []


ADDRESS: Final = PageAddress("projects_layer", frozenset({PARAMETER}), read_layer)


def choose_layer() -> ProjectsLayer:
    """Draw the switches and return what was chosen; nothing is drawn for a reader who has no project."""
    layer, _ = ADDRESS.current()
    projects = projects_beside()
    if projects.empty:
        return ProjectsLayer("caches")
    counted = projects_to_count(projects, with_open=layer.mode == "comptes_ouverts")
    st.session_state["projects_layer_shown"] = layer.is_shown
    st.session_state["projects_layer_counted"] = layer.is_counted
    st.session_state["projects_layer_open"] = layer.mode == "comptes_ouverts"
    with st.container(horizontal=True):
        st.toggle("Mes projets", key="projects_layer_shown", on_change=_choose)
        if layer.is_shown:
            st.toggle(
                "Compter mes projets dans les indicateurs",
                key="projects_layer_counted",
                on_change=_choose,
                help="Les MSP, CPTS et centres de santé de votre liste qui ne sont ni ouverts ni abandonnés sont "
                "comptés comme s’ils étaient ouverts : nombre, habitants par structure, temps de trajet.",
            )
        if layer.is_counted:
            st.checkbox(
                "Les ouverts aussi",
                key="projects_layer_open",
                on_change=_choose,
                help="À cocher si FINESS ne les a pas encore : sinon ils compteraient deux fois. Ceux dont la liste "
                "donne le n° FINESS ne sont jamais ajoutés.",
            )
    if layer.is_counted:
        open_rule = (
            "ouverts compris, sauf ceux dont le n° FINESS est donné"
            if layer.mode == "comptes_ouverts"
            else "les ouverts sont supposés déjà dans FINESS"
        )
        st.caption(
            f"**Avec mes projets** : {len(counted)} structure{'s' if len(counted) > 1 else ''} de votre liste comptée"
            f"{'s' if len(counted) > 1 else ''} en plus de FINESS ({open_rule}). Cela change les indicateurs de "
            "structures FINESS, pas l’APL ni les comptes de la DGOS."
        )
    return layer


def _choose() -> None:
    chosen = st.session_state
    mode = "montres" if chosen["projects_layer_shown"] else "caches"
    if chosen["projects_layer_shown"] and chosen.get("projects_layer_counted"):
        mode = "comptes_ouverts" if chosen.get("projects_layer_open") else "comptes"
    ADDRESS.change(ProjectsLayer(mode))


def shown_indicator(layer: ProjectsLayer, indicator_id: str) -> Indicator:
    """Return the indicator of the map, named as counting the projects where it does."""
    known = load_facts().indicator(indicator_id)
    if not counts(layer, indicator_id):
        return known
    indicator = replace(INDICATORS[indicator_id], vintage=known.vintage)  # the cells are not counted for a session
    return replace(
        indicator,
        label=f"{indicator.label}, avec mes projets",
        short_label=f"{indicator.short_label}, avec mes projets",
        nature="estimé",
        nature_aggregated=None,
        note=f"{indicator.note} Les projets non ouverts de la liste de l’utilisateur sont comptés comme ouverts.",
    )


def counts(layer: ProjectsLayer, indicator_id: str) -> bool:
    """Tell whether an indicator changes with the projects as they are now counted."""
    return layer.is_counted and indicator_id in COUNTED_INDICATORS


def layer_values(layer: ProjectsLayer, indicator_id: str, level: Level, horizon_years: int | None = None) -> pd.Series:
    """Return an indicator of every territory of a level, with the projects where they are counted; NaN is unknown."""
    if counts(layer, indicator_id):
        return layer_table(layer, level)[indicator_id]
    return load_facts(horizon_years).values(indicator_id, level)


def layer_none(layer: ProjectsLayer, indicator_id: str, level: Level) -> npt.NDArray[np.bool_]:
    """Tell which territories have nothing that the indicator could be divided by, the projects counted or not."""
    table = layer_table(layer, level) if counts(layer, indicator_id) else level_table(level)
    return without_structure(indicator_id, table)


def draw_layer_values(layer: ProjectsLayer, view: View, scope: Territory) -> MapClasses:
    """Class the indicator of the view, with the projects where they are counted."""
    if not counts(layer, view.indicateur):
        return draw_values(view.indicateur, view.maille, scope, view.methode, view.classes, view.horizon)
    table = layer_table(layer, view.maille)
    communes = layer_table(layer, "commune").assign(population=level_table("commune")["population"])
    maximal = people_at_most(view.indicateur, communes, out_of_cover_min())
    inside = lies_inside(load_gazetteer(), scope, "commune", communes.index)
    return draw_series(
        shown_indicator(layer, view.indicateur),
        table[view.indicateur],
        view.maille,
        scope,
        view.methode,
        view.classes,
        none=layer_none(layer, view.indicateur, view.maille),
        at_most=maximal.reindex(table.index).to_numpy() > 0 if view.maille == "commune" else None,
        note=tell_at_most(view.indicateur, maximal, communes, inside),
    )


def layer_table(layer: ProjectsLayer, level: Level) -> pd.DataFrame:
    """Return the indicators of structures of a level with the projects counted, kept in this session alone."""
    asked = (current_owner().name, projects_version(), layer.mode)
    kept_for, tables_of = st.session_state.get(_KEPT_KEY, (None, {}))
    if kept_for != asked:
        tables_of = {}
        st.session_state[_KEPT_KEY] = (asked, tables_of)
    if level not in tables_of:
        with st.spinner("Calcul avec mes projets…"):
            tables_of[level] = _with_projects(layer, level)
    table: pd.DataFrame = tables_of[level]
    return table.reindex(level_table(level).index)


def _with_projects(layer: ProjectsLayer, level: Level, inside: npt.NDArray[np.bool_] | None = None) -> pd.DataFrame:
    counted = projects_to_count(load_projects(), with_open=layer.mode == "comptes_ouverts")
    tables = Tables(
        communes=load_table("communes"),
        structures=load_table("structures"),
        covered_regions=covered_regions(),
        msp_regions=covered_regions("msp"),
        bpe_communes=load_table("bpe_communes"),
    )
    return indicators_with_projects(level, tables, counted, inside)


def layer_points(layer: ProjectsLayer, gazetteer: Gazetteer, scope: Territory) -> pd.DataFrame | None:
    """Return the points of the projects of a territory; None when there are none to draw."""
    points = project_points(load_projects(), gazetteer, scope) if layer.is_shown else None
    return points if points is not None and len(points) else None


def add_layer(structures: pd.DataFrame, layer: ProjectsLayer, gazetteer: Gazetteer, scope: Territory) -> pd.DataFrame:
    """Put the projects of a territory over the structures of a map."""
    points = layer_points(layer, gazetteer, scope)
    return structures if points is None else pd.concat([structures[list(points.columns)], points], ignore_index=True)


def project_commune(code: str) -> str | None:
    """Return the commune of the project that was clicked; None when it was a structure."""
    if not is_project(code):
        return None
    projects = load_projects()
    here = projects.loc[projects["project_id"] == code, "commune_code"]
    return None if here.empty else str(here.iloc[0])


def show_layer_card(layer: ProjectsLayer, gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw what the list holds in a territory, under its card, and what the projects change there."""
    if not layer.is_shown:
        return
    projects = within(load_projects(), gazetteer, territory)
    projects = projects[~projects["abandoned"]]
    if projects.empty and not layer.is_counted:
        return
    with st.container(border=True, key="card_projects"):
        st.markdown(f"**Mes projets : {gazetteer.name(territory)}**")
        if projects.empty:
            st.caption("Aucun projet de votre liste ici.")
        elif territory.level == "commune" or len(projects) <= _MOST_LISTED:
            st.markdown("\n".join(_tell(row, gazetteer, territory) for row in projects.to_dict("records")))
        else:
            by_stage = projects["stage"].value_counts()
            st.markdown("\n".join(f"- {STAGES[stage]} : {by_stage[stage]}" for stage in STAGES if stage in by_stage))
        if layer.is_counted:
            _show_change(layer, territory)


def _tell(row: Mapping[Any, Any], gazetteer: Gazetteer, territory: Territory) -> str:
    kind, stage = STRUCTURE_TYPES[row["structure_type"]], _in_a_sentence(STAGES[row["stage"]])
    where = "" if territory.level == "commune" else f", {gazetteer.name(Territory('commune', row['commune_code']))}"
    opened = f", ouverture {row['opened_on'].year}" if pd.notna(row["opened_on"]) else ""
    return f"- {kind} : {plain(row['name'])}{where} ({stage}{opened})"


def _in_a_sentence(label: str) -> str:
    """Write a label inside a sentence: "projet", but "ACI signé"."""
    return label if label[:2].isupper() else label[0].lower() + label[1:]


def _show_change(layer: ProjectsLayer, territory: Territory) -> None:
    if territory.level == OWN:
        then = _with_projects(layer, OWN, load_gazetteer().mask(territory)).set_axis([territory.code])
    else:
        then = layer_table(layer, territory.level)
    lines = []
    for name in _COMPARED:
        if name not in then or territory.code not in then.index:
            continue
        indicator = INDICATORS[name]
        with_unit = indicator.unit == "min"  # the others are told by the label
        before, after = (
            format_value(indicator, value, unit=with_unit)
            for value in (load_facts().value(name, territory), then.loc[territory.code, name])
        )
        if before != after:
            lines.append(f"- {indicator.short_label} : {before} → **{after}**")
    st.caption("Sans et avec mes projets" if lines else "Mes projets n’y changent aucun indicateur de structures.")
    if lines:
        st.markdown("\n".join(lines))
