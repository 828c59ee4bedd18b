"""Projection: GPs five to twenty-five years ahead, who leaves, who arrives, and how many are left to convince."""

import streamlit as st

from coverage.projection import PRESET_LABELS, PRESET_SETTINGS, Scenario, ScenarioError
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import OWN
from pages.app.notices import guard_against_missing_data, show_fault, show_notices
from pages.app.projection import Outlook, load_baseline, look_ahead, projected_part, tell_part, why_unknown
from pages.app.session import current_view
from pages.app.tables import load_gazetteer
from pages.screens.projection.charts import (
    TRACKED,
    draw_fan,
    draw_pyramid,
    show_headlines,
    waterfall_axis,
)
from pages.screens.projection.controls import ADDRESS, pick_horizon, pick_scenarios, show_levers
from pages.screens.projection.ends import show_ends
from pages.screens.projection.map import show_maps
from pages.screens.projection.state import Levers, Plan
from pages.screens.projection.table import (
    ages_origin,
    offer_years,
    say_drees_gaps,
    show_assumptions,
    show_checks,
    show_departements,
    used_sources,
)
from pages.widgets.charts import draw
from pages.widgets.exports.chart import offer_chart
from pages.widgets.glossary import explain
from pages.widgets.territory_picker import pick_territory
from reports.figures.numbers import format_number
from reports.projection.outlook import waterfall_steps
from reports.projection.waterfall import draw_waterfall
from reports.projection.words import arrivals_sentence, tell

NAMES = {"a": "Scénario A", "b": "Scénario B"}
OCCITANIE = "76"
CHART_HEIGHT = 350


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    plan, more_notices = ADDRESS.current()
    territory = projected_part(gazetteer, view.territoire)
    title, picker, horizon = st.columns([5, 3, 4], vertical_alignment="bottom")
    with title:
        st.title(gazetteer.name(territory), anchor=False)
        st.caption(
            _say_place(gazetteer, view.territoire, territory), help=explain("À trouver", "Reste à convaincre", "ETP")
        )
    with picker:
        pick_territory(gazetteer, view.territoire)
    with horizon:
        pick_horizon(plan)
    show_notices([*notices, *more_notices])
    pick_scenarios(plan)
    scenarios = {letter: levers.scenario(plan.horizon_years, territory) for letter, levers in plan.scenarios.items()}
    try:
        _show_result(gazetteer, plan, scenarios, territory)
    except ScenarioError as error:
        show_fault(error, "Ce scénario ne peut pas être calculé.")
        show_levers(plan, territory)
    with st.expander("Ce qui est mesuré, estimé, supposé", icon=":material/fact_check:"):
        show_assumptions(scenarios)
    with st.expander("Contrôles : ce que le modèle retrouve des chiffres publiés", icon=":material/rule:"):
        show_checks()


def _say_place(gazetteer: Gazetteer, asked: Territory, shown: Territory) -> str:
    counted = f"Généralistes libéraux, CNAM {load_baseline().base_year - 1}, projetés"
    if part := tell_part(gazetteer, shown):
        return f"{part} {counted}."
    if asked == shown or gazetteer.official(asked) == shown:
        above = [gazetteer.name(other) for other in gazetteer.containing(shown)]
        return " · ".join([counted, *above])
    return (
        f"Le modèle compte par département : {gazetteer.label(shown)} est montré pour {gazetteer.label(asked)}. "
        f"{counted}."
    )


def _show_result(gazetteer: Gazetteer, plan: Plan, scenarios: dict[str, Scenario], territory: Territory) -> None:
    outlooks = {letter: look_ahead(scenario, territory) for letter, scenario in scenarios.items()}
    unknown = why_unknown(territory)
    if unknown:
        known = format_number(outlooks["a"].start["stock"])
        st.info(
            f"La projection n’est pas possible pour {gazetteer.name(territory)} ({unknown}). "
            f"Généralistes libéraux au 31 décembre {outlooks['a'].base_year - 1} (CNAM) : **{known}**.",
            icon=":material/info:",
        )
    else:
        with st.container(border=True):
            alone = len(outlooks) == 1
            for letter, outlook in outlooks.items():
                name = gazetteer.name(territory) + (", part estimée" if territory.level == OWN else "")
                st.markdown(f"#### {tell(outlook, name)}" if alone else tell(outlook, f"{NAMES[letter]}, {name}"))
            _show_remarks(gazetteer, plan, territory, outlooks["a"])
            show_ends(territory, plan.horizon_years)
        show_headlines(outlooks)
        levers, charts = st.columns([4, 11], gap="medium")
        with levers.container(border=True):
            st.markdown("**Hypothèses**")
            show_levers(plan, territory)
        with charts:
            _show_charts(plan, outlooks, gazetteer.label(territory))
            offer_years(gazetteer, outlooks, scenarios, territory)
    _show_map_and_pyramid(outlooks, scenarios, territory, known=not unknown)
    st.subheader("Par département" if territory.level != OWN else "Par département entier", anchor=False)
    show_departements(gazetteer, scenarios, territory)


def _show_remarks(gazetteer: Gazetteer, plan: Plan, territory: Territory, outlook: Outlook) -> None:
    """Say what the result rests on and what would surprise the reader: presets set on a figure, who is left out."""
    said = dict.fromkeys(_say_setting(levers) for levers in plan.scenarios.values())
    remarks = [f"**{setting.replace(' :', '** :', 1)}" for setting in said if setting]
    if any(levers.preset == "drees" for levers in plan.scenarios.values()):
        remarks.append(say_drees_gaps())
    remarks.append(
        "Estimations, à niveau d’accès maintenu en temps plein (compté en médecins d’activité moyenne d’aujourd’hui) : "
        f"{arrivals_sentence()}."
    )
    if any(levers.arrivals_of == "tous_medecins" for levers in plan.scenarios.values()):
        remarks.append(
            "« Arrivées de tous médecins » prolonge le taux de toutes les spécialités de 2012 à 2020, dont l’effectif "
            "montait quand celui des généralistes libéraux baissait."
        )
    if territory.level == OWN:
        remarks.append("Fourchette : somme de celles des départements, donc plutôt trop large.")
    left_out = int(outlook.start["n_unknown"])
    if left_out:
        remarks.append("Mayotte, dont les données manquent, n’est pas comptée (n.d.).")
    in_occitanie = gazetteer.regions_of(territory) == {OCCITANIE}
    if any(levers.preset == "ars_occitanie" for levers in plan.scenarios.values()) and not in_occitanie:
        remarks.append(
            "Le réglage « ARS Occitanie » compte les médecins comme l’ARS de cette région (14 % de plus que la CNAM) : "
            "ailleurs, ce champ n’est pas vérifié."
        )
    elif any(levers.stock_factor != 1 for levers in plan.scenarios.values()):
        remarks.append("L’effectif de départ est multiplié : le champ compté n’est plus celui de la CNAM.")
    st.caption(" ".join(remarks))


def _say_setting(levers: Levers) -> str:
    """Say what a preset was set on; empty for one that was set on nothing, and for levers of the reader's own."""
    if levers.preset is None or levers.preset not in PRESET_SETTINGS:
        return ""
    return f"« {PRESET_LABELS[levers.preset]} » est un réglage calé : {PRESET_SETTINGS[levers.preset]}."


def _show_charts(plan: Plan, outlooks: dict[str, Outlook], name: str) -> None:
    st.markdown(f"**D’aujourd’hui à {outlooks['a'].end_year} : ce qui part, ce qui arrive, ce qui manque**")
    axis = waterfall_axis(outlooks)
    for place, (letter, outlook) in zip(st.columns(len(outlooks)), outlooks.items(), strict=True):
        with place:
            if len(outlooks) > 1:
                st.caption(NAMES[letter])
            chart = draw_waterfall(waterfall_steps(outlook.start, outlook.end), axis)
            draw(
                chart,
                f"projection_waterfall_{letter}",
                "Généralistes d’aujourd’hui, départs, arrivées, besoin supplémentaire, reste à convaincre",
                height=CHART_HEIGHT,
            )
            told = tell(outlook, name).replace("**", "")
            offer_chart(
                chart,
                title=f"Généralistes libéraux d’ici {outlook.end_year} : {name}",
                subtitle=f"{told} Projection Maillage, estimation. {_say_setting(plan.scenarios[letter])}".strip(),
                source_ids=used_sources(),
                name=f"maillage_projection_{letter}",
                key=f"projection_waterfall_{letter}_png",
            )
    st.caption(
        "Le reste à convaincre ramène au niveau d’accès d’aujourd’hui (première barre). Besoin supplémentaire : "
        "population plus nombreuse et plus âgée, temps de travail, et objectif s’il y en a un."
    )
    heading, choice = st.columns([5, 6], vertical_alignment="bottom")
    heading.markdown("**Année par année**")
    with choice:
        measure = st.segmented_control(
            "Mesure",
            list(TRACKED),
            default="stock",
            format_func=lambda name: TRACKED[name].label,
            key="projection_measure",
            required=True,
            label_visibility="collapsed",
        )
    chart = draw_fan(outlooks, NAMES, measure or "stock")
    draw(chart, "projection_fan", "Trajectoire centrale et fourchette de 10 à 90 %", height=CHART_HEIGHT)
    offer_chart(
        chart,
        title=f"{name} : généralistes libéraux jusqu’en {outlooks['a'].end_year}",
        subtitle=f"{TRACKED[measure or 'stock'].label}, au 1er janvier de chaque année. Estimé : trajectoire centrale "
        "et fourchette où l’on a 8 chances sur 10 de se trouver. Pointillé : niveau d’aujourd’hui.",
        source_ids=used_sources(),
        name=f"maillage_projection_{measure or 'stock'}",
        key="projection_fan_export",
    )


@st.fragment
@guard_against_missing_data()
def _show_map_and_pyramid(
    outlooks: dict[str, Outlook], scenarios: dict[str, Scenario], territory: Territory, *, known: bool
) -> None:
    left, right = st.columns([5, 7], gap="medium")
    with left:
        st.markdown("**Âge des généralistes**")
        if known:
            chart, hidden = draw_pyramid(outlooks, NAMES)
            draw(chart, "projection_pyramid", "Généralistes par âge, aujourd’hui et à l’horizon", height=520)
            offer_chart(
                chart,
                title=f"{load_gazetteer().label(territory)} : âge des généralistes libéraux",
                subtitle="Généralistes libéraux par classe d’âge, aujourd’hui et à l’horizon. Estimé : "
                f"{ages_origin()}.",
                source_ids=used_sources(),
                name="maillage_projection_ages",
                key="projection_pyramid_export",
            )
            st.caption(
                f"Estimé : {ages_origin()}."
                + (" Les classes de moins de cinq médecins ne sont pas montrées." if hidden else "")
            )
        else:
            st.info("Âges : n.d.")
    with right:
        show_maps(load_gazetteer(), scenarios, territory)
