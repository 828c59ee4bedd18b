"""What a view of the app is made of, and how it stands in the address so that copying it reopens the same view."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Literal, Self, get_args

from coverage.indicators.cards import INDICATORS
from coverage.indicators.cards.access import REFERENCE_SERIES, AplSeries, in_series
from coverage.terms.horizons import DEFAULT_HORIZON, LONGEST_HORIZON, SHORTEST_HORIZON
from coverage.terms.site_dates import SiteDates
from coverage.territories.gazetteer import (
    FRANCE,
    Gazetteer,
    Territory,
    UnknownTerritoryError,
    UnreadableTerritoryError,
)
from coverage.territories.own import OwnTerritoryError, read_code
from geo.levels import DRAWN_LEVELS, OWN, DrawnLevel
from reports.figures.class_cuts import METHOD_LABELS, Method

VIEW_KEY = "view"

STRUCTURE_TYPES = ("msp", "cpts", "centre_sante", "hopital", "pharmacie")
USUAL_STRUCTURES = ("msp", "cpts")
FEWEST_CLASSES, MOST_CLASSES = 3, 7
RankedLevel = Literal["region", "departement", "aire_attraction", "bassin_de_vie", "epci", "commune"]
RANKED_LEVELS: tuple[RankedLevel, ...] = get_args(RankedLevel)
"""Levels that are ranked, the largest territories first."""
DEFAULT_INDICATOR = "apl_65_2023"
DEFAULT_RANKED = "population_per_msp_dgos"
MOST_COMPARED = 2
LONGEST_KEY = 2_000
"""Characters of the territory in an address: one of a thousand scattered communes, or of ten departments, fits."""
SHORT_KEY = f"{OWN}-~"
_BOUNDS = {"classes": (FEWEST_CLASSES, MOST_CLASSES), "horizon": (SHORTEST_HORIZON, LONGEST_HORIZON)}
TERRITORY_FIELDS = ("territoire", "selection", "comparaison")
INDICATOR_FIELDS = ("indicateur", "rang_indicateur")
RENAMED = MappingProxyType(
    {
        former.format(kind): f"{former.format(kind)}_finess"
        for kind in ("cpts", "centre_sante")
        for former in ("n_{}", "{}_per_100k", "population_per_{}")
    }
)
"""Names that indicators had in older addresses, which still open them."""


@dataclass(frozen=True)
class View:
    """One view: where, what, how it is cut into classes and what stands on top. Every field is in the address.

    Attributes
    ----------
    structures
        Types of structures drawn; None for those that suit the map (`shown_structures`).
    """

    territoire: Territory = FRANCE
    indicateur: str = DEFAULT_INDICATOR
    maille: DrawnLevel = "commune"
    methode: Method = "seuils"
    classes: int = 5
    structures: tuple[str, ...] | None = None
    dates: SiteDates = "recentes"
    selection: Territory | None = None
    comparaison: tuple[Territory, ...] = ()
    rang_indicateur: str = ""
    rang_maille: RankedLevel = "region"
    rang_region: str = ""
    horizon: int = DEFAULT_HORIZON
    serie: AplSeries = REFERENCE_SERIES

    @property
    def ranked(self) -> str:
        """Indicator of the page Classement: that of the map, unless the address names another."""
        return self.rang_indicateur or self.indicateur

    @property
    def shown_structures(self) -> tuple[str, ...]:
        """Types of structures drawn: by default none where they would hide the map.

        That is a country or a region, whose structures are hundreds, and any map of circles or of categories.
        """
        if self.structures is not None:
            return self.structures
        card = INDICATORS[self.indicateur]
        hidden = card.is_count or card.kind == "categorical" or self.territoire.level in {"france", "region"}
        return () if hidden and self.dates == "recentes" else USUAL_STRUCTURES

    def with_(self, **changes: Any) -> Self:
        """Return the view with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters of the address; a field at its default is left out."""
        default = View.of_series(self.serie)
        written = {
            field.name: _write(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != getattr(default, field.name)
        }
        return written | ({} if self.serie == REFERENCE_SERIES else {"serie": self.serie})

    @classmethod
    def of_series(cls, series: AplSeries) -> Self:
        """Return the view of a visit that has just chosen a series of the APL."""
        return cls(serie=series, indicateur=in_series(DEFAULT_INDICATOR, series))

    def in_series(self, series: AplSeries) -> Self:
        """Return the view once its series is chosen: what it shows of the APL is shown in that series."""
        shown = {name: in_series(named, series) for name in INDICATOR_FIELDS if (named := getattr(self, name))}
        return self.with_(serie=series, **shown)

    @classmethod
    def from_query(
        cls,
        query: Mapping[str, str],
        gazetteer: Gazetteer,
        indicators: Mapping[str, Collection[str]],
        to_update: Mapping[str, str] = MappingProxyType({}),
        kept: Mapping[str, Territory] = MappingProxyType({}),
    ) -> tuple[Self, list[str]]:
        """Read an address.

        Parameters
        ----------
        query
            Query parameters as text; unknown names are left alone (other pages and Streamlit have theirs).
        gazetteer
            The territories that exist.
        indicators
            Each known indicator and the levels it is known at.
        to_update
            What to say of each indicator that an update of the data would make known.
        kept
            The own territories that the reader has saved, by `Territory.digest`: those that are too large for an
            address are found among them.

        Returns
        -------
        tuple of View and list of str
            The view, and a French sentence for each parameter that could not be used: that field is at its default.
        """
        default = cls()
        values: dict[str, Any] = {}
        notices: list[str] = []
        for field in fields(cls):
            if field.name not in query:
                continue
            text = query[field.name]
            if field.name in INDICATOR_FIELDS and text not in indicators:
                text = RENAMED.get(text, text)
            try:
                values[field.name] = _read(field.name, text, gazetteer, indicators, kept)
            except UnreadableTerritoryError as error:
                notices.append(f"{error} La valeur habituelle est utilisée.")
            except (ValueError, UnknownTerritoryError):
                notices.append(
                    to_update[query[field.name]]
                    if field.name in INDICATOR_FIELDS and query[field.name] in to_update
                    else f"L’adresse demande « {field.name} = {query[field.name][:60]} », qui n’existe pas ou plus : "
                    "la valeur habituelle est utilisée."
                )
        notices += [told for name in TERRITORY_FIELDS for told in _tell_gone(query.get(name, ""), gazetteer)]
        if "serie" in values:
            default = cls.of_series(values["serie"])
        view = replace(default, **values)
        levels = indicators[view.indicateur]
        if view.maille not in levels:
            known = [level for level in DRAWN_LEVELS if level in levels]
            if "maille" in values:
                notices.append(
                    "Cet indicateur n’est pas connu à la maille demandée : la plus fine disponible est montrée."
                )
            view = replace(view, maille=known[0])
        if "rang_maille" in values and view.rang_maille not in indicators[view.ranked]:
            notices.append("Cet indicateur n’est pas classé à la maille demandée : une autre est montrée.")
        return view, notices


def _write(value: object) -> str:
    if isinstance(value, Territory):
        return value.key if len(value.key) <= LONGEST_KEY else f"{SHORT_KEY}{value.digest}"
    return ",".join(map(_write, value)) if isinstance(value, tuple) else str(value)


def _read_territory(key: str, gazetteer: Gazetteer, kept: Mapping[str, Territory]) -> Territory:
    if not key.startswith(SHORT_KEY):
        return gazetteer.parse(key)
    try:
        return kept[key.removeprefix(SHORT_KEY)]
    except KeyError:
        raise UnreadableTerritoryError(
            "Le territoire personnel de cette adresse est trop grand pour y tenir, et il n’est pas enregistré ici : "
            "rouvrez-le par son fichier (« Mon territoire », dans le choix du territoire)."
        ) from None


def _tell_gone(text: str, gazetteer: Gazetteer) -> list[str]:
    """Say which communes of an own territory of the address no list knows: the others are kept."""
    told = []
    for key in text.split(","):
        try:
            own = read_code(key.removeprefix(f"{OWN}-"))
        except OwnTerritoryError:
            continue
        if unknown := gazetteer.unknown_in(own):
            codes = ", ".join(unknown[:5]) + (f" et {len(unknown) - 5} autres" if len(unknown) > 5 else "")  # noqa: PLR2004
            told.append(
                f"Territoire « {own.name} » : aucune commune, d’aucune année, n’a pour code {codes}. "
                "Le territoire est montré sans."
            )
    return told


def _read(
    name: str,
    text: str,
    gazetteer: Gazetteer,
    indicators: Mapping[str, Collection[str]],
    kept: Mapping[str, Territory],
) -> object:
    """Read one parameter; ValueError or UnknownTerritoryError when it names nothing known."""
    if name in {"territoire", "selection"}:
        return _read_territory(text, gazetteer, kept)
    if name == "comparaison":
        return tuple(_read_territory(part, gazetteer, kept) for part in text.split(",") if part)[:MOST_COMPARED]
    if name == "structures":
        types = tuple(part for part in text.split(",") if part)
        _require(all(part in STRUCTURE_TYPES for part in types))
        return types
    if name in _BOUNDS:
        least, most = _BOUNDS[name]
        _require(text.isdecimal() and least <= int(text) <= most)
        return int(text)
    if name == "rang_region":
        return gazetteer.parse(f"region-{text}").code
    known: Mapping[str, Collection[str]] = {
        "indicateur": indicators,
        "maille": DRAWN_LEVELS,
        "methode": METHOD_LABELS,
        "rang_indicateur": indicators,
        "rang_maille": RANKED_LEVELS,
        "serie": get_args(AplSeries),
        "dates": get_args(SiteDates),
    }
    _require(text in known[name])
    return text


def _require(fact: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not fact:
        raise ValueError
