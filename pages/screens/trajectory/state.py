"""What the trajectory page shows, and how it stands in the address (``t_…``)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self, get_args

from coverage.territories.gazetteer import Gazetteer, Territory, UnknownTerritoryError
from pages.app.address import refuse
from pages.app.trajectory import Shown

ComparedLevel = Literal["region", "departement"]
MOST_OTHERS: Final = 5
ADDRESS_NAMES: Final = frozenset({"t_mesure", "t_maille", "t_autres", "t_date"})


@dataclass(frozen=True, kw_only=True)
class Course:
    """What of the growth is shown: the measure, the level compared, the other territories and the date of the map.

    Attributes
    ----------
    date
        "2022-12": half-year of the map, None for the last one.
    """

    mesure: Shown = "nombre"
    maille: ComparedLevel = "region"
    autres: tuple[Territory, ...] = ()
    date: str | None = None

    def with_(self, **changes: Any) -> Self:
        """Return the course with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        default = Course()
        query: dict[str, str] = {}
        if self.mesure != default.mesure:
            query["t_mesure"] = self.mesure
        if self.maille != default.maille:
            query["t_maille"] = self.maille
        if self.autres:
            query["t_autres"] = ",".join(other.key for other in self.autres)
        if self.date is not None:
            query["t_date"] = self.date
        return query

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], gazetteer: Gazetteer, months: tuple[str, ...]
    ) -> tuple[Self, list[str]]:
        """Read an address.

        Parameters
        ----------
        query
            Query parameters as text.
        gazetteer
            The territories that exist.
        months
            The half-years of the series, as "2022-12".

        Returns
        -------
        tuple of Course and list of str
            The course, and a French sentence for each parameter that could not be used.
        """
        values: dict[str, Any] = {}
        notices: list[str] = []
        allowed = {
            "mesure": get_args(Shown),
            "maille": get_args(ComparedLevel),
            "date": months,
        }
        for field, words in allowed.items():
            text = query.get(f"t_{field}")
            if text in words:
                values[field] = text
            elif text is not None:
                notices.append(refuse(f"t_{field}", text, ", ".join(words)))
        others = []
        for key in filter(None, query.get("t_autres", "").split(",")):
            try:
                territory = gazetteer.parse(key)
            except UnknownTerritoryError:
                territory = None
            if territory is None or territory.level not in {"france", *get_args(ComparedLevel)}:
                notices.append(refuse("t_autres", key, "france, region-… ou departement-…"))
            elif territory not in others:
                others.append(territory)
        values["autres"] = tuple(others[:MOST_OTHERS])
        return cls(**values), notices
