"""Territoire: the portrait of any territory against what contains it and two others."""

import pandas as pd
import streamlit as st

from coverage.apl_classes import population_by_apl_class
from coverage.definitions import INDICATORS, THEMES
from coverage.gazetteer import FRANCE, LEVEL_LABELS, Gazetteer, Territory
from geo.palettes import diverging_around
from pages.parts.card import STRUCTURE_LABELS
from pages.parts.charts import draw, draw_lines, stack_shares
from pages.parts.downloads import describe_sources, offer_table
from pages.parts.exports_chart import offer_chart, sources_of
from pages.parts.exports_sheet import offer_sheet
from pages.parts.figures import cite, format_figure
from pages.parts.frame import run_page
from pages.parts.notices import coverage_notice, show_notices
from pages.parts.numbers import format_date
from pages.parts.session import change_view, current_view
from pages.parts.tables import covered_regions, load_gazetteer, load_table, offered_indicators, value_of
from pages.parts.territory_picker import pick_territory
from pages.parts.view_state import MOST_COMPARED

HEADLINES = (
    "population",
    "apl_65_2023",
    "share_population_under_2_5_apl_65_2023",
    "apl_at_risk_share_2023",
    "population_per_msp_dgos",
    "population_per_msp",
    "nearest_msp_min",
    "gp_per_100k",
    "share_75plus",
)
N_HEADLINES = 5
APL_BOUNDS = INDICATORS["apl_65_2023"].thresholds
APL_CLASSES = ("moins de 1,5", "1,5 à 2,5", "2,5 à 3,5", "3,5 à 4,5", "4,5 ou plus")


def show_page() -> None:
    gazetteer = load_gazetteer()
    view, notices = current_view()
    territory = view.territoire
    title, picker, others = st.columns([5, 3, 4], vertical_alignment="bottom")
    with title:
        st.title(gazetteer.name(territory), anchor=False)
        above = [gazetteer.name(other) for other in gazetteer.containing(territory)]
        st.caption(" · ".join([LEVEL_LABELS[territory.level], *above]))
    with picker:
        pick_territory(gazetteer, territory)
    with others:
        _pick_compared(gazetteer, territory, view.comparaison)
    show_notices(notices)
    compared = (territory, *view.comparaison, *_containing(gazetteer, territory))
    _show_headlines(gazetteer, territory)
    offer_sheet(territory)
    st.subheader("Accès aux généralistes", anchor=False)
    _chart_apl(gazetteer, compared)
    st.subheader("Maisons de santé dans le temps", anchor=False)
    _chart_msp(gazetteer, compared)
    st.subheader("Tous les chiffres", anchor=False)
    _table_of_figures(gazetteer, compared)
    st.subheader("Structures du territoire", anchor=False)
    _table_of_structures(gazetteer, territory)


def _containing(gazetteer: Gazetteer, territory: Territory) -> tuple[Territory, ...]:
    """Return department, region and France, where they contain the territory."""
    return tuple(other for other in gazetteer.containing(territory) if other.level != "epci")


def _pick_compared(gazetteer: Gazetteer, territory: Territory, compared: tuple[Territory, ...]) -> None:
    """Let the reader add two territories of the same level; communes and EPCI are taken from the same region."""
    level = territory.level
    if level == "france":
        return
    near = next((other for other in gazetteer.containing(territory) if other.level == "departement"), FRANCE)
    if level == "epci":
        near = next(other for other in gazetteer.containing(territory) if other.level == "region")
    rows = gazetteer.within(near if level in {"commune", "epci"} else FRANCE, level).sort_values("name")
    options = [Territory(level, code) for code in rows[f"{level}_code"] if code != territory.code]
    options += [other for other in compared if other not in options]
    st.session_state["compared"] = list(compared)
    st.multiselect(
        "Comparer avec",
        options,
        format_func=gazetteer.label,
        key="compared",
        max_selections=MOST_COMPARED,
        placeholder="Deux autres territoires",
        on_change=lambda: change_view(comparaison=tuple(st.session_state["compared"])),
    )


def _show_headlines(gazetteer: Gazetteer, territory: Territory) -> None:
    known = [name for name in HEADLINES if territory.level in INDICATORS[name].levels]
    known = [name for name in known if pd.notna(value_of(name, territory))][:N_HEADLINES]
    against = _containing(gazetteer, territory)
    for place, name in zip(st.columns(len(known)), known, strict=True):
        indicator = INDICATORS[name]
        others = [other for other in against if other.level in indicator.levels and name != "population"]
        with place.container(border=True, height="stretch"):
            st.metric(
                indicator.short_label,
                format_figure(name, territory, unit=indicator.unit in {"%", "min"}),
                help=f"{indicator.label} ({indicator.unit or 'indice'}). {indicator.formula} {indicator.note}",
            )
            lines = [f"{gazetteer.name(other)} : {format_figure(name, other, unit=False)}" for other in others[:2]]
            st.caption("  \n".join([*lines, f"*{indicator.vintage}, {indicator.nature_at(territory.level)}*"]))


def _chart_apl(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    apl = load_table("apl")
    shares = {}
    for territory in compared:
        codes = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
        population = population_by_apl_class(apl, 2023, "apl_65", APL_BOUNDS, codes)
        if population.sum() > 0:
            shares[gazetteer.name(territory)] = population / population.sum()
    if not shares:
        st.info("L’APL n’est pas publiée pour ce territoire (n.d.).")
        return
    figure = stack_shares(shares, APL_CLASSES, diverging_around(2, 3), "habitants")
    alt = "Part des habitants par classe d’accessibilité aux généralistes"
    draw(figure, "chart_apl", alt, height=110 + 44 * len(shares))
    st.caption(
        "Part des habitants selon l’APL de leur commune (consultations par an et par habitant, médecins de 65 ans ou "
        f"moins, 2023), population totale. En brun : sous le seuil de 2,5. Source : {cite('apl_65_2023')}."
    )
    offer_chart(
        figure,
        title=f"{gazetteer.name(compared[0])} : accès aux généralistes",
        subtitle="Part des habitants (population totale) selon l’APL de leur commune, en consultations par an et par "
        "habitant, médecins de 65 ans ou moins, 2023. En brun : sous le seuil de 2,5.",
        source_ids=sources_of("apl_65_2023"),
        name=f"maillage_apl_{compared[0].key}",
        key="territory_apl",
    )


def _chart_msp(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    series = load_table("msp_series")
    series = series[series["structure_type"] == "msp"]
    lines = {}
    for territory in compared:
        here = series[(series["level"] == territory.level) & (series["territory_code"] == territory.code)]
        population = value_of("population", territory)
        if not here.empty:
            lines[gazetteer.name(territory)] = (
                here.set_index("date")["n_structures"].sort_index() / population * 100_000
            )
    figure = draw_lines(lines, "MSP pour 100 000 hab.", 2)
    draw(figure, "chart_msp", "MSP pour 100 000 habitants, par semestre")
    st.caption(
        "MSP labellisées pour 100 000 habitants, série de la DGOS (de juin 2017 à décembre 2022), connue par "
        f"département, région et pour la France ; population municipale constante. "
        f"Source : {cite('msp_dgos_per_100k')}."
    )
    offer_chart(
        figure,
        title=f"{gazetteer.name(compared[0])} : maisons de santé pour 100 000 habitants",
        subtitle="MSP labellisées pour 100 000 habitants, par semestre, de juin 2017 à décembre 2022 ; population "
        "municipale constante.",
        source_ids=sources_of("msp_dgos_per_100k"),
        name=f"maillage_msp_{compared[0].key}",
        key="territory_msp",
    )


def _table_of_figures(gazetteer: Gazetteer, compared: tuple[Territory, ...]) -> None:
    offered = offered_indicators()
    names = [name for name in offered if any(other.level in offered[name].levels for other in compared)]
    names.sort(key=lambda name: THEMES.index(INDICATORS[name].theme))
    heads = {other: gazetteer.label(other) for other in compared}
    printed = pd.DataFrame(
        [
            {
                "Thème": INDICATORS[name].theme,
                "Indicateur": INDICATORS[name].label,
                **{
                    head: format_figure(name, other, unit=False) if other.level in INDICATORS[name].levels else "–"
                    for other, head in heads.items()
                },
                "Unité": INDICATORS[name].unit,
                "Millésime": offered[name].vintage,
                "Nature": INDICATORS[name].nature_at(compared[0].level),
            }
            for name in names
        ]
    )
    columns = {head: st.column_config.TextColumn(head, width="small", alignment="right") for head in heads.values()}
    columns["Indicateur"] = st.column_config.TextColumn("Indicateur", width="large")
    st.dataframe(printed, hide_index=True, column_config=columns, height=420, alt="Tous les indicateurs du territoire")
    raw = printed.assign(
        **{
            head: [
                value_of(name, other) if INDICATORS[name].kind == "categorical"
                else value_of(name, other) * INDICATORS[name].display_factor
                for name in names
            ]
            for other, head in heads.items()
        }
    )  # fmt: skip
    offer_table(
        raw,
        describe_sources(names),
        title=f"Portrait : {gazetteer.label(compared[0])}",
        name=f"maillage_portrait_{compared[0].key}",
    )
    st.caption("« – » : l’indicateur n’existe pas à cette maille. « n.d. » : la valeur n’est pas connue.")


def _table_of_structures(gazetteer: Gazetteer, territory: Territory) -> None:
    regions = {other.code for other in (territory, *gazetteer.containing(territory)) if other.level == "region"}
    if regions and not regions & covered_regions():
        st.info(f"Structures : n.d. {coverage_notice()}", icon=":material/info:")
        return
    codes = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    structures = load_table("structures")
    names = gazetteer.communes.set_index("commune_code")["name"]
    wanted = st.pills(
        "Types",
        list(STRUCTURE_LABELS),
        default=["msp", "cpts", "centre_sante"],
        format_func=STRUCTURE_LABELS.__getitem__,
        selection_mode="multi",
        key="structure_types",
        label_visibility="collapsed",
    )
    here = structures[structures["commune_code"].isin(codes) & structures["structure_type"].isin(wanted)]
    table = pd.DataFrame(
        {
            "Type": here["structure_type"].map(STRUCTURE_LABELS),
            "Nom": here["name"],
            "Commune": here["commune_code"].map(names),
            "Adresse": here["address"],
            "Ouverture": here["opened_on"].dt.date,
            "N° FINESS": here["finess_code"],
        }
    ).sort_values(["Type", "Commune", "Nom"])
    if table.empty:
        st.info("Aucune structure de ces types dans le territoire.")
        return
    date = st.column_config.DateColumn("Ouverture", format="DD/MM/YYYY")
    st.dataframe(table, hide_index=True, column_config={"Ouverture": date}, alt="Structures du territoire")
    offer_table(
        table,
        describe_sources(["n_msp"]),
        title=f"Structures : {gazetteer.label(territory)}",
        name=f"maillage_structures_{territory.key}",
    )
    latest = format_date(structures["opened_on"].max().date())
    st.caption(f"{len(table)} sites FINESS, ouvertures jusqu’au {latest}. Un site n’est pas une MSP labellisée.")


run_page(show_page)
