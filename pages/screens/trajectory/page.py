"""Trajectoire: how the number of MSP grew, where, against the targets, and what others published of it."""

import pandas as pd
import streamlit as st

from coverage.terms.months import format_date
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from coverage.trajectory.growth import openings_by_year, rank_by_date
from pages.app.facts import load_facts
from pages.app.notices import coverage_notice, show_notices
from pages.app.projection import projected_territory
from pages.app.session import current_view
from pages.app.tables import covered_regions, load_gazetteer, load_table
from pages.app.trajectory import SHOWN, course_of, date_label, published, target_of
from pages.screens.trajectory.charts import draw_course, draw_openings, draw_ranks
from pages.screens.trajectory.controls import ADDRESS, pick_level, pick_measure, pick_others
from pages.screens.trajectory.dates import SOURCE_IDS as DATES_SOURCES
from pages.screens.trajectory.dates import show_dates
from pages.screens.trajectory.map import show_film
from pages.screens.trajectory.state import Course
from pages.widgets.charts import draw, territory_colours
from pages.widgets.exports.chart import offer_chart, sources_of
from pages.widgets.exports.table import describe_catalogue, describe_sources, offer_table
from pages.widgets.published import CERTAINTIES, name_place, show_claims, write_value
from pages.widgets.territory_picker import pick_territory
from reports.figures.french import count_of
from reports.figures.numbers import format_number

OPENED = {"msp": "MSP", "cpts": "CPTS"}
FIRST_OPENING_SHOWN = 2005
SERIES_SOURCES = (*sources_of("n_msp_dgos", "msp_dgos_per_100k", "population_per_msp_dgos"), "insee_estimations")
REPERES = ("n_msp", "n_msp_sites", "n_msp_validated_total", "n_msp_validated", "n_msp_ten_years_before", "rank_msp",
           "n_msp_projects", "n_msp_and_projects", "change_msp", "target_msp", "n_msp_aci", "share_msp_aci", "n_teams",
           "share_projects", "n_cpts", "n_cpts_projects", "share_population_cpts", "aci_cpts_low_eur",
           "aci_cpts_high_eur")  # fmt: skip


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    course, more_notices = ADDRESS.current()
    # The DGOS counts departments, regions and France: a commune is shown by its department.
    territory = projected_territory(gazetteer, view.territoire)
    title, picker, others = st.columns([5, 3, 4], vertical_alignment="bottom")
    with title:
        st.title(f"MSP : {gazetteer.name(territory)}", anchor=False)
        st.caption(
            "Maisons de santé labellisées, série semestrielle de la DGOS"
            if territory == view.territoire
            else f"La DGOS compte par département : {gazetteer.label(territory)} est montré pour "
            f"{gazetteer.label(view.territoire)}."
        )
    with picker:
        pick_territory(gazetteer, view.territoire)
    with others:
        pick_others(gazetteer, territory, course)
    show_notices([*notices, *more_notices])
    compared = _compared(gazetteer, territory, course)
    with st.container(border=True):
        st.markdown(f"#### {_tell(gazetteer, territory)}")
    measure, marks = st.columns([6, 6], vertical_alignment="bottom")
    with measure:
        pick_measure(course)
    with marks:
        marked = st.toggle(
            "Montrer les chiffres publiés par d’autres",
            value=True,
            key="trajectory_marks",
            disabled=course.mesure != "nombre",
            help="ARS, fédérations, presse : croix isolées, jamais reliées à la série de la DGOS.",
        )
    _show_lines(gazetteer, compared, course, marked=marked)
    st.subheader("MSP à chaque date, par source", anchor=False)
    show_dates(gazetteer, territory, course.maille)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Rang des régions", anchor=False)
        _show_ranks(gazetteer, compared, course)
    with right:
        heading, level = st.columns([5, 5], vertical_alignment="bottom")
        heading.subheader("Carte par semestre", anchor=False)
        with level:
            pick_level(course)
        show_film(gazetteer, territory)
        st.caption("Mêmes classes à toutes les dates : les couleurs se comparent d’un semestre à l’autre.")
    st.subheader("Ouvertures (FINESS)", anchor=False)
    _show_openings(gazetteer, territory)
    st.subheader("Ce qui est annoncé, ce qui est mesuré", anchor=False)
    show_claims(gazetteer, (territory, *gazetteer.containing(territory)), key=territory.key)
    st.subheader("Chiffres publiés par d’autres", anchor=False)
    _show_published(gazetteer, territory)


def _compared(gazetteer: Gazetteer, territory: Territory, course: Course) -> tuple[Territory, ...]:
    """Return the territories of the lines: the page's, those asked for, and what contains it where rates compare."""
    around = () if course.mesure == "nombre" else gazetteer.compared(territory)
    return tuple(dict.fromkeys((territory, *course.autres, *around)))


def _tell(gazetteer: Gazetteer, territory: Territory) -> str:
    """Return the growth and the target in two sentences."""
    series = course_of(territory)["n_structures"].dropna()
    name = gazetteer.name(territory)
    if series.empty:
        return f"{name} : MSP n.d. dans la série de la DGOS."
    first, last = series.iloc[0], series.iloc[-1]
    text = (
        f"{name} : de {format_number(first)} à {format_number(last)} MSP entre le "
        f"{format_date(series.index[0].date())} et le {format_date(series.index[-1].date())}"
    )
    if first > 0:
        text += f" (×{format_number(last / first, 1)})"
    target = target_of(territory, "nombre")
    if target:
        gap = last - target[1]
        reached = "atteint" if gap == 0 else f"{'dépassé' if gap > 0 else 'manqué'} de {format_number(abs(gap))}"
        text += f" ; objectif de {format_number(target[1])} à cette date {reached}"
    if territory != FRANCE:
        ranks = rank_by_date(load_facts().labelled_msp, territory.level, "population_per_structure").iloc[:, -1]
        if pd.notna(ranks[territory.code]):
            text += f". {_say_rank(territory, int(ranks[territory.code]), int(ranks.notna().sum()))}"
    return f"{text}."


def _say_rank(territory: Territory, rank: int, total: int) -> str:
    """Write a rank with its noun: "3e région sur 18", "1er département sur 100"."""
    noun, first = ("région", "re") if territory.level == "region" else ("département", "er")
    order = f"{rank}{first if rank == 1 else 'e'} {noun} sur {total}"
    return f"Pour le nombre d’habitants par MSP : {order}"


def _show_lines(gazetteer: Gazetteer, compared: tuple[Territory, ...], course: Course, *, marked: bool) -> None:
    facts = load_facts()
    measure = SHOWN[course.mesure]
    chart = draw_course(gazetteer, compared, course.mesure, marks=marked)
    draw(chart, "trajectory_lines", f"{measure.label} de MSP, par semestre", height=430)
    st.caption(
        f"Ligne : MSP labellisées, {facts.cite('n_msp_dgos')}. Losange : objectif fixé pour le 31 décembre 2022. "
        "Carré : sites FINESS. Triangle : BPE. Croix : chiffres publiés par d’autres. Autres champs, jamais reliés. "
        "Une année seule est placée en son milieu. "
        + ("" if course.mesure == "nombre" else "Population de chaque date (INSEE) ; Mayotte : recensement de 2017.")
    )
    offer_chart(
        chart,
        title=f"{gazetteer.name(compared[0])} : MSP labellisées par semestre",
        subtitle=f"En {measure.unit}. Ligne : série de la DGOS, mesurée. Losange : objectif fixé pour le 31 décembre "
        "2022. Carré : sites FINESS. Triangle : BPE. Autres définitions, jamais reliées."
        + (" Croix : chiffres publiés par d’autres, d’un autre champ." if marked and course.mesure == "nombre" else ""),
        source_ids=(*SERIES_SOURCES, *DATES_SOURCES),
        name=f"maillage_trajectoire_{course.mesure}_{compared[0].slug}",
        key="trajectory_lines_export",
    )
    tables = [
        course_of(other)
        .reset_index()
        .assign(Territoire=gazetteer.label(other))[
            ["Territoire", "date", "n_structures", "population", "per_100k", "population_per_structure"]
        ]
        for other in compared
    ]
    table = pd.concat(tables, ignore_index=True).rename(
        columns={
            "date": "Date",
            "n_structures": "MSP",
            "population": "Population",
            "per_100k": "MSP pour 100 000 hab.",
            "population_per_structure": "Habitants par MSP",
        }
    )
    offer_table(
        table.round({"Population": 0, "MSP pour 100 000 hab.": 3, "Habitants par MSP": 0}),
        describe_sources(
            ["n_msp_dgos", "msp_dgos_per_100k", "population_per_msp_dgos"], *(other.level for other in compared)
        ),
        title="MSP labellisées par semestre (DGOS)",
        name=f"maillage_trajectoire_{compared[0].slug}",
    )


def _show_ranks(gazetteer: Gazetteer, compared: tuple[Territory, ...], course: Course) -> None:
    found = [other for shown in compared for other in (shown, *gazetteer.containing(shown))]
    colours = territory_colours(gazetteer, (*compared, *(other for other in found if other.level == "region")))
    chart = draw_ranks(gazetteer, course.mesure, colours)
    draw(chart, "trajectory_ranks", "Rang des régions à chaque semestre", height=600)
    without = " ; sans rang tant qu’elle n’a aucune MSP à diviser" if course.mesure == "habitants" else ""
    said = f"Rang sur « {SHOWN[course.mesure].label} » à chaque date, 1 pour la région la mieux dotée{without}."
    st.caption(said)
    offer_chart(
        chart,
        title="Maisons de santé : rang des régions, par semestre",
        subtitle=f"{said} Série de la DGOS, mesurée.",
        source_ids=SERIES_SOURCES,
        name=f"maillage_rangs_{course.mesure}",
        key="trajectory_ranks_export",
    )


def _show_openings(gazetteer: Gazetteer, territory: Territory) -> None:
    facts = load_facts()
    regions = {other.code for other in (territory, *gazetteer.containing(territory)) if other.level == "region"}
    if not regions & covered_regions():
        st.info(f"Ouvertures : n.d. pour {gazetteer.name(territory)}. {coverage_notice()}", icon=":material/info:")
        return
    structures = load_table("structures")
    here = structures[structures[f"{territory.level}_code"] == territory.code]
    by_type = {
        label: openings_by_year(here[here["structure_type"] == kind])
        for kind, label in OPENED.items()
        if (here["structure_type"] == kind).any()
    }
    counts = here["structure_type"].value_counts()
    st.markdown(
        f"**{count_of(counts.get('msp', 0), 'site de MSP', 'sites de MSP')} et {format_number(counts.get('cpts', 0))} "
        f"CPTS aujourd’hui** au fichier FINESS ({gazetteer.name(territory)})."
    )
    shown = {label: table[table.index >= FIRST_OPENING_SHOWN] for label, table in by_type.items()}
    yearly, cumulated = st.columns(2, gap="medium")
    with yearly:
        _show_opened(gazetteer, territory, shown, "n_opened", "Sites ouverts dans l’année")
    with cumulated:
        _show_opened(gazetteer, territory, shown, "n_cumulated", "Sites ouverts, cumulés")
    st.caption(
        "Sites **encore ouverts aujourd’hui** : les fermetures ne sont pas connues, le passé est donc sous-estimé. La "
        "date est celle de l’ouverture du site, parfois antérieure à la MSP. Un site FINESS n’est pas une MSP "
        f"labellisée : cette courbe ne se compare pas à la série de la DGOS. Source : {facts.cite('n_cpts_finess')}."
    )
    if not by_type:
        return
    tables = [table.assign(Type=label).rename_axis("Année") for label, table in by_type.items()]
    offer_table(
        pd.concat(tables).reset_index().rename(columns={"n_opened": "Ouverts", "n_cumulated": "Cumul"}),
        describe_sources(["n_msp_finess", "n_cpts_finess"], territory.level),
        title=f"Sites ouverts par année, {gazetteer.label(territory)}",
        name=f"maillage_ouvertures_{territory.slug}",
    )


def _show_opened(
    gazetteer: Gazetteer, territory: Territory, by_type: dict[str, pd.DataFrame], column: str, title: str
) -> None:
    st.caption(title)
    chart = draw_openings(by_type, column, "sites")
    draw(chart, f"trajectory_{column}", title, height=300)
    offer_chart(
        chart,
        title=f"{gazetteer.name(territory)} : {title[:1].lower()}{title[1:]} (FINESS)",
        subtitle="Sites encore ouverts aujourd’hui, par année d’ouverture du site : les fermetures ne sont pas "
        "connues. Un site FINESS n’est pas une MSP labellisée.",
        source_ids=sources_of("n_cpts_finess"),
        name=f"maillage_ouvertures_{column.removeprefix('n_')}_{territory.slug}",
        key=f"trajectory_{column}_export",
    )


def _show_published(gazetteer: Gazetteer, territory: Territory) -> None:
    table = published()
    table = table[table["indicator"].isin(REPERES) & (table["source"] != "dgos_msp")]
    near = {(other.level, other.code) for other in (territory, *gazetteer.containing(territory))}
    own = [(level, code) in near for level, code in zip(table["level"], table["territory_code"], strict=True)]
    table = table.assign(own=own).sort_values(["own", "level", "when"], ascending=[False, False, True], kind="stable")
    printed = pd.DataFrame(
        {
            "Territoire": [
                name_place(gazetteer, level, code)
                for level, code in zip(table["level"], table["territory_code"], strict=True)
            ],
            "Date": [date_label(date) for date in table["date"]],
            "Chiffre": table["label"].to_numpy(),
            "Valeur": [write_value(row) for row in table.to_dict("records")],
            "Source": table["who"].to_numpy(),
            "Nature": table["nature"].to_numpy(),
            "Fiabilité": table["certainty"].map(CERTAINTIES).to_numpy(),
        }
    )
    columns = {
        "Chiffre": st.column_config.TextColumn(width="large"),
        "Valeur": st.column_config.TextColumn(alignment="right"),
    }
    st.dataframe(printed, hide_index=True, column_config=columns, alt="Chiffres publiés par d’autres")
    offer_table(
        printed.drop(columns="Valeur").assign(
            Précision=table["qualifier"].to_numpy(), Valeur=table["value"].to_numpy(), Unité=table["unit"].to_numpy()
        ),
        describe_catalogue(dict.fromkeys(table["source"])),
        title="Chiffres publiés par d’autres",
        name=f"maillage_chiffres_publies_{territory.slug}",
    )
    st.caption(
        "MSP, projets, équipes accompagnées, CPTS et parts des MSP signataires de l’ACI (accord conventionnel "
        "interprofessionnel), là où elles sont publiées ; ailleurs : n.d. Chaque chiffre a son champ : aucun n’est "
        "relié à un autre."
    )
