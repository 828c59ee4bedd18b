"""Territoire: the portrait of any territory against what contains it and two others."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from coverage.indicators.apl_classes import population_by_apl_class
from coverage.indicators.cards import INDICATORS, THEMES
from coverage.indicators.cards.access import AplSeries, series_words
from coverage.indicators.cards.indicator import FROM_DEPARTEMENT
from coverage.indicators.cards.structures import why_msp_differ
from coverage.indicators.sites import of_several_days
from coverage.terms.months import format_date
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.levels import BELOW_DEPARTEMENT, OWN, Level
from geo.map import STRUCTURE_SYMBOLS
from geo.map.palettes import diverging_around
from pages.app.facts import load_facts, shown_horizon
from pages.app.notices import coverage_notice, show_notices
from pages.app.plain_text import plain
from pages.app.session import change_view, current_view
from pages.app.tables import covered_regions, load_gazetteer, load_sources, load_table
from pages.app.territories import own_territories
from pages.app.trajectory import course_of, old_age_course
from pages.app.view import MOST_COMPARED
from pages.screens.territory.locator import beside_locator, fill_locator
from pages.screens.territory.peers import peers_of, show_peers
from pages.widgets.apl_series import current_series, pick_series, shown, shown_as
from pages.widgets.card import STRUCTURE_LABELS
from pages.widgets.charts import draw, draw_lines, territory_colours
from pages.widgets.choice import About, choose_many
from pages.widgets.exports.chart import offer_chart, sources_of
from pages.widgets.exports.sheet import offer_sheet
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.lead import show_lead
from pages.widgets.neighbours import neighbours_of, offer_neighbours
from pages.widgets.structures import load_sites
from pages.widgets.territory_picker import pick_territory
from reports.chart.shares import stack_shares
from reports.figures.by_departement import tell_by_departement
from reports.figures.facts import POPULATION_OF_THE_DAY
from reports.figures.french import count_of
from reports.figures.numbers import UNKNOWN
from reports.figures.tables import export_value, say_nature

MSP_HEADLINES = ("n_msp_dgos", "population_per_msp_dgos", "n_msp", "nearest_msp_min")
HEADLINES = (
    "population",
    "apl_65_2023",
    "share_population_under_2_5_apl_65_2023",
    "gp_fte_short_of_2_5_65",
    "gp_fte_over_65",
    "gp_per_100k",
    "share_75plus",
)
LEADS = ("share_population_under_2_5_apl_65_2023", "population_per_msp_dgos", "nearest_msp_min")
LEADS_OF_COMMUNE = ("apl_65_2023", "nearest_msp_min")
N_MSP_HEADLINES, N_HEADLINES = 2, 6
ALL_AGES = ("apl_2022", "apl_2023", "apl_all_ages_2024")
APL_BOUNDS = INDICATORS["apl_65_2023"].thresholds
APL_CLASSES = ("moins de 1,5", "1,5 à 2,5", "2,5 à 3,5", "3,5 à 4,5", "4,5 ou plus")
POSITION_LABELS = {"ok": "adresse", "loin_commune": "adresse, douteuse", "commune": "commune"}


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    territory = view.territoire
    title, picker, others = st.columns([5, 3, 4], vertical_alignment="bottom")
    with title:
        st.title(gazetteer.name(territory), anchor=False)
        st.caption(gazetteer.situation(territory))
    with picker:
        pick_territory(gazetteer, territory)
    with others:
        _pick_compared(gazetteer, territory, view.comparaison)
    show_notices(notices)
    compared = (territory, *view.comparaison, *gazetteer.compared(territory))
    locator, beside = beside_locator(gazetteer, territory)
    with beside:
        show_lead(territory, shown(LEADS_OF_COMMUNE if territory.level == "commune" else LEADS))
    _show_headlines(gazetteer, compared)
    offer_sheet(territory)
    offer_neighbours(gazetteer, territory, "territory_neighbour", lambda place: change_view(territoire=place))
    st.subheader("Accès aux généralistes", anchor=False)
    _chart_apl(gazetteer, compared)
    show_peers(gazetteer, view)
    st.subheader("Maisons de santé dans le temps", anchor=False)
    _chart_msp(gazetteer, compared)
    st.subheader("Vieillissement de la population", anchor=False)
    _chart_age(gazetteer, compared)
    st.subheader("Tous les chiffres", anchor=False)
    _table_of_figures(gazetteer, compared)
    st.subheader("Structures du territoire", anchor=False)
    _table_of_structures(gazetteer, territory)
    fill_locator(locator, gazetteer, territory)


def _pick_compared(gazetteer: Gazetteer, territory: Territory, compared: tuple[Territory, ...]) -> None:
    """Let the reader add two territories of the same level, or their own; those below a department are taken near it.

    An own territory is set against the EPCI of its region.
    """
    level: Level = "epci" if territory.level == OWN else territory.level
    if level == "france":
        return
    near = FRANCE
    if level in BELOW_DEPARTEMENT:
        near = gazetteer.home(territory, "departement" if level == "commune" else "region")
    rows = gazetteer.within(near, level).sort_values("name")
    inside = [Territory(level, code) for code in rows[f"{level}_code"] if code != territory.code]
    groups = {
        "Mes territoires": tuple(own for own in own_territories() if own != territory),
        "Limitrophes": neighbours_of(territory).territories,
        "Comparables (densité, âge, pauvreté)": peers_of(territory),
        gazetteer.name(near): (*inside, *compared),
    }
    group_of = {place: group for group, places in reversed(groups.items()) for place in places}
    options = list(dict.fromkeys(place for places in groups.values() for place in places))
    st.session_state["compared"] = list(compared)
    choose_many(
        "Comparer avec",
        options,
        format_func=gazetteer.label,
        about=lambda place: About(group_of[place]),
        key="compared",
        max_selections=MOST_COMPARED,
        placeholder="Deux autres territoires",
        on_change=lambda: change_view(comparaison=tuple(st.session_state["compared"])),
    )


def _show_headlines(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    """Draw the cards, the MSP first, each with the same figure of all that the territory is compared with."""
    facts, territory = load_facts(), compared[0]
    level = _level(territory)
    msp, others = (
        [name for name in shown(names) if level in INDICATORS[name].levels and pd.notna(facts.value(name, territory))]
        for names in (MSP_HEADLINES, HEADLINES)
    )
    known = [*msp[:N_MSP_HEADLINES], *others][:N_HEADLINES]
    for place, name in zip(st.columns(len(known)), known, strict=True):
        indicator = facts.indicator(name).at(level)
        with place.container(border=True, height="stretch"):
            st.metric(
                indicator.short_label,
                facts.figure(name, territory, unit=indicator.unit in {"%", "min", "ETP"}),
                help=f"{indicator.label} ({indicator.unit or 'indice'}). {indicator.formula} {indicator.note}",
            )
            lines = [_against(gazetteer, name, other) for other in compared[1:]]
            st.caption("  \n".join([*filter(None, lines), f"*{indicator.dated_at(level)}*"]))
    if by_departement := tell_by_departement(shown((*MSP_HEADLINES, *HEADLINES)), gazetteer.official(territory)):
        st.caption(by_departement)
    if differ := why_msp_differ(known):
        st.caption(differ)


def _against(gazetteer: Gazetteer, name: str, other: Territory) -> str:
    """Write the figure of a territory compared; "" where its level has none."""
    if _level(other) not in INDICATORS[name].levels:
        return ""
    return f"{plain(gazetteer.name(other))} : {load_facts().figure(name, other, unit=False)}"


def _level(territory: Territory) -> str:
    """Return the level that the figures of a territory are of: an own one may be exactly a department."""
    return load_gazetteer().official(territory).level


def _chart_apl(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    facts = load_facts()
    series, indicator = current_series(), shown_as("apl_65_2023")
    pick_series("territory_serie")
    shares = {}
    for territory in compared:
        population = _people_by_class(territory, series)
        if population.sum() > 0:
            shares[gazetteer.name(territory)] = population / population.sum()
    if not shares:
        st.info("L’APL n’est pas publiée pour ce territoire (n.d.).")
        return
    chart = stack_shares(shares, APL_CLASSES, diverging_around(2, 3), "habitants")
    alt = "Part des habitants par classe d’accessibilité aux généralistes"
    draw(chart, "chart_apl", alt, height=116 + 48 * len(shares))
    st.caption(
        "Part des habitants selon l’APL de leur commune (consultations par an et par habitant, "
        f"{series_words(series)}, 2023), population totale. En brun : sous le seuil de 2,5. "
        f"Source : {facts.cite(indicator)}."
    )
    if pd.notna(facts.value("apl_all_ages_2024", compared[0])):
        courses = [f"{facts.figure(name, compared[0], unit=False)} en {name[-4:]}" for name in ALL_AGES]
        st.caption(
            f"{gazetteer.name(compared[0])}, APL moyenne, médecins de tous âges : {', '.join(courses)}, la dernière "
            f"relevée par un tiers. Une autre série que celle des 65 ans ou moins. Source : {facts.cite(*ALL_AGES)}."
        )
    offer_chart(
        chart,
        title=f"{gazetteer.name(compared[0])} : accès aux généralistes",
        subtitle="Part des habitants (population totale) selon l’APL de leur commune, en consultations par an et par "
        f"habitant, {series_words(series)}, 2023. En brun : sous le seuil de 2,5.",
        source_ids=sources_of(indicator),
        name=f"maillage_apl_{compared[0].slug}",
        key="territory_apl",
    )


@st.cache_resource(show_spinner=False, max_entries=256)
def _people_by_class(territory: Territory, series: AplSeries) -> pd.Series:
    """Return the inhabitants of a territory by class of the APL of their commune; kept for all, not to be changed."""
    gazetteer = load_gazetteer()
    codes = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    return population_by_apl_class(load_table("apl"), 2023, series, APL_BOUNDS, codes)


def _chart_msp(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    courses = {gazetteer.name(territory): course_of(territory)["per_100k"] for territory in compared}
    lines = {name: course for name, course in courses.items() if not course.empty}
    chart = draw_lines(lines, "MSP pour 100 000 hab.", 2, territory_colours(gazetteer, compared))
    draw(chart, "chart_msp", "MSP pour 100 000 habitants, par semestre")
    st.caption(
        "MSP labellisées pour 100 000 habitants, série de la DGOS (de juin 2017 à décembre 2022), connue par "
        f"département, région et pour la France ; {POPULATION_OF_THE_DAY}. "
        f"Source : {load_facts().cite('msp_dgos_per_100k')}."
    )
    offer_chart(
        chart,
        title=f"{gazetteer.name(compared[0])} : maisons de santé pour 100 000 habitants",
        subtitle="MSP labellisées pour 100 000 habitants, par semestre, de juin 2017 à décembre 2022 ; "
        f"{POPULATION_OF_THE_DAY}.",
        source_ids=(*sources_of("msp_dgos_per_100k"), "insee_estimations"),
        name=f"maillage_msp_{compared[0].slug}",
        key="territory_msp",
    )


def _chart_age(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    years = old_age_course(FRANCE).index  # of all departments: Mayotte has estimates since 2014
    known = [territory for territory in compared if gazetteer.official(territory).level in FROM_DEPARTEMENT]
    courses = {gazetteer.name(territory): old_age_course(territory) for territory in known}
    lines = {name: 100 * course.reindex(years).dropna() for name, course in courses.items()}
    span = f"de {years[0].year} à {years[-1].year}"
    about = f"Part des habitants de 75 ans ou plus au 1er janvier, {span}, estimations de l’INSEE"
    chart = draw_lines(lines, "% des habitants", 1, territory_colours(gazetteer, compared))
    named = list(years[::2])
    chart = replace(chart, x=replace(chart.x, wanted=named, wanted_labels=[f"{year:%Y}" for year in named]))
    draw(chart, "chart_age", "Part des habitants de 75 ans ou plus, par année")
    st.caption(
        f"{about} (les trois dernières années provisoires), par département, région et pour la France : estimé. "
        f"Source : {load_sources()['insee_estimations'].citation}."
    )
    offer_chart(
        chart,
        title=f"{gazetteer.name(compared[0])} : part des 75 ans ou plus",
        subtitle=f"{about}, les trois dernières provisoires.",
        source_ids=("insee_estimations",),
        name=f"maillage_age_{compared[0].slug}",
        key="territory_age",
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def _figures_of(compared: tuple[Territory, ...], horizon_years: int) -> tuple[list[str], pd.DataFrame]:
    """Return the indicators that some territories have, and their figures as read; kept for all, not to be changed."""
    facts = load_facts(horizon_years)
    offered = facts.indicators
    names = [name for name in offered if any(_level(other) in offered[name].levels for other in compared)]
    names.sort(key=lambda name: THEMES.index(INDICATORS[name].theme))
    level = _level(compared[0])
    printed = pd.DataFrame(
        [
            {
                "Thème": INDICATORS[name].theme,
                "Indicateur": facts.indicator(name).at(level).label,
                **{
                    facts.gazetteer.label(other): facts.figure(name, other, unit=False)
                    if _level(other) in INDICATORS[name].levels
                    else "–"
                    for other in compared
                },
                "Unité": INDICATORS[name].unit,
                "Millésime": facts.indicator(name).at(level).vintage,
                "Nature": say_nature(facts.indicator(name), map(_level, compared))
                + (", temps maximal" if facts.is_at_most(name, compared[0]) else ""),
            }
            for name in names
        ]
    )
    return names, printed


def _table_of_figures(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    facts = load_facts()
    names, printed = _figures_of(compared, shown_horizon())
    heads = {other: gazetteer.label(other) for other in compared}
    columns = {head: st.column_config.TextColumn(head, width="small", alignment="right") for head in heads.values()}
    columns["Indicateur"] = st.column_config.TextColumn("Indicateur", width="large")
    st.dataframe(printed, hide_index=True, column_config=columns, height=420, alt="Tous les indicateurs du territoire")
    offer_table(
        lambda: printed.assign(
            **{
                head: pd.Series([export_value(INDICATORS[name], facts.value(name, at)) for name in names], dtype=object)
                for at, head in heads.items()
            }
        ),
        describe_sources(names, *map(_level, compared)),
        title=f"Portrait : {gazetteer.label(compared[0])}",
        name=f"maillage_portrait_{compared[0].slug}",
    )
    dash = "« – » : l’indicateur n’existe pas à cette maille. « n.d. » : la valeur n’est pas connue."
    st.caption(f"{dash} {why_msp_differ(names)}")


@st.cache_resource(show_spinner=False, max_entries=64)
def _structures_of(territory: Territory, wanted: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sites of some types in a territory, and their list as read; kept for all, not to be changed."""
    gazetteer, sites = load_gazetteer(), load_sites()
    names = gazetteer.communes.set_index("commune_code")["name"]
    here = sites[gazetteer.holds(territory, sites["commune_code"]) & sites["structure_type"].isin(wanted)]
    table = pd.DataFrame(
        {
            "Type": here["sign"].map({kind: symbol.label for kind, symbol in STRUCTURE_SYMBOLS.items()}),
            "Nom": here["name"],
            "Commune": here["commune_code"].map(names),
            "Adresse": here["address"],
            "Position": here["point_flag"].map(POSITION_LABELS),
            "Ouverture": here["opened_on"].dt.date,
            "Au": here["as_of"].dt.date,
            "N° FINESS": here["finess_code"],
            "order": here["structure_type"].map({kind: rank for rank, kind in enumerate(STRUCTURE_LABELS)}),
        }
    )
    return here, table.sort_values(["order", "Commune", "Nom"]).drop(columns="order")


def _table_of_structures(gazetteer: Gazetteer, territory: Territory) -> None:
    if territory != FRANCE and not gazetteer.regions_of(territory) & covered_regions():
        st.info(coverage_notice(), icon=":material/info:")
    wanted = st.pills(
        "Types",
        list(STRUCTURE_LABELS),
        default=["msp", "cpts", "centre_sante"],
        format_func=STRUCTURE_LABELS.__getitem__,
        selection_mode="multi",
        key="structure_types",
        label_visibility="collapsed",
    )
    here, table = _structures_of(territory, tuple(wanted))
    if table.empty:
        st.info("Aucune structure de ces types dans le territoire.")
        return
    dates = {name: st.column_config.DateColumn(name, format="DD/MM/YYYY") for name in ("Ouverture", "Au")}
    st.dataframe(table, hide_index=True, column_config=dates, placeholder=UNKNOWN, alt="Structures du territoire")
    offer_table(
        table,
        describe_sources(["n_msp_finess", "n_cpts_finess"], _level(territory)),
        title=f"Structures : {gazetteer.label(territory)}",
        name=f"maillage_structures_{territory.slug}",
    )
    latest = here["opened_on"].max()
    known = f", dernière ouverture le {format_date(latest.date())}" if pd.notna(latest) else ""
    apart = " de dates différentes : leur nombre n’est le compte d’aucun jour" if of_several_days(here) else ""
    st.caption(
        f"{count_of(len(table), 'site')}{apart}{known}. Un site n’est pas une MSP labellisée. « Au » : "
        f"jour du fichier. Source : {load_facts().cite('n_msp_finess')}."
    )
