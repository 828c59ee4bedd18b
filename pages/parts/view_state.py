"""What a view of the app is made of, and how it stands in the address so that copying it reopens the same view."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Literal, Self, get_args

from coverage.gazetteer import FRANCE, Gazetteer, Territory, UnknownTerritoryError
from reports.drawn_values import METHOD_LABELS, MapLevel, Method

STRUCTURE_TYPES = ("msp", "cpts", "centre_sante", "hopital", "pharmacie")
FEWEST_CLASSES, MOST_CLASSES = 3, 7
RankedLevel = Literal["region", "departement"]
DEFAULT_INDICATOR = "apl_65_2023"
DEFAULT_RANKED = "population_per_msp_dgos"
MOST_COMPARED = 2
INDICATOR_FIELDS = ("indicateur", "rang_indicateur")


@dataclass(frozen=True)
class View:
    """One view: where, what, how it is cut into classes and what stands on top. Every field is in the address."""

    territoire: Territory = FRANCE
    indicateur: str = DEFAULT_INDICATOR
    maille: MapLevel = "commune"
    methode: Method = "seuils"
    classes: int = 5
    structures: tuple[str, ...] = ("msp", "cpts")
    selection: Territory | None = None
    comparaison: tuple[Territory, ...] = ()
    rang_indicateur: str = DEFAULT_RANKED
    rang_maille: RankedLevel = "region"

    def with_(self, **changes: Any) -> Self:
        """Return the view with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters of the address; a field at its default is left out."""
        default = View()
        return {
            field.name: _write(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != getattr(default, field.name)
        }

    @classmethod
    def from_query(
        cls,
        query: Mapping[str, str],
        gazetteer: Gazetteer,
        indicators: Mapping[str, Collection[str]],
        to_update: Mapping[str, str] = MappingProxyType({}),
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
            try:
                values[field.name] = _read(field.name, query[field.name], gazetteer, indicators)
            except (ValueError, UnknownTerritoryError):
                notices.append(
                    to_update[query[field.name]]
                    if field.name in INDICATOR_FIELDS and query[field.name] in to_update
                    else f"L’adresse demande « {field.name} = {query[field.name][:60]} », qui n’existe pas ou plus : "
                    "la valeur habituelle est utilisée."
                )
        view = replace(default, **values)
        levels = indicators[view.indicateur]
        if view.maille not in levels:
            known = [level for level in get_args(MapLevel) if level in levels]
            if "maille" in values:
                notices.append(
                    "Cet indicateur n’est pas connu à la maille demandée : la plus fine disponible est montrée."
                )
            view = replace(view, maille=known[0])
        return view, notices


def _write(value: object) -> str:
    if isinstance(value, Territory):
        return value.key
    return ",".join(map(_write, value)) if isinstance(value, tuple) else str(value)


def _read(name: str, text: str, gazetteer: Gazetteer, indicators: Mapping[str, Collection[str]]) -> object:
    """Read one parameter; ValueError or UnknownTerritoryError when it names nothing known."""
    if name in {"territoire", "selection"}:
        return gazetteer.parse(text)
    if name == "comparaison":
        return tuple(gazetteer.parse(part) for part in text.split(",") if part)[:MOST_COMPARED]
    if name == "structures":
        types = tuple(part for part in text.split(",") if part)
        _require(all(part in STRUCTURE_TYPES for part in types))
        return types
    if name == "classes":
        _require(text.isdecimal() and FEWEST_CLASSES <= int(text) <= MOST_CLASSES)
        return int(text)
    known: Mapping[str, Collection[str]] = {
        "indicateur": indicators,
        "maille": get_args(MapLevel),
        "methode": METHOD_LABELS,
        "rang_indicateur": [ranked for ranked, levels in indicators.items() if "region" in levels],
        "rang_maille": get_args(RankedLevel),
    }
    _require(text in known[name])
    return text


def _require(fact: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not fact:
        raise ValueError
