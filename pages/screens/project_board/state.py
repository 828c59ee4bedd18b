"""What the board of projects shows, and how it stands in the address (``sp_…``)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self, get_args

from coverage.project_board.yearly_report import STUCK_MONTHS
from coverage.terms.project_list import STRUCTURE_TYPES
from pages.app.address import refuse

Shown = Literal["etapes", "parcours", "carte", "groupes", "rapport"]
NOBODY: Final = "aucun"
"""In the address, the projects that name no facilitator."""
FEWEST_MONTHS, MOST_MONTHS = 3, 60
ADDRESS_NAMES: Final = frozenset({"sp_vue", "sp_type", "sp_facilitateur", "sp_annee", "sp_mois"})


@dataclass(frozen=True, kw_only=True)
class BoardView:
    """What of the projects is shown, and how.

    Attributes
    ----------
    vue
        Part of the page.
    type, facilitateur
        Structure type and facilitator of the projects shown; None for all, `NOBODY` for those that name nobody.
    annee
        The list as it stood on 31 December of that year; None for today.
    mois
        Months above which a project is stuck.
    """

    vue: Shown = "etapes"
    type: str | None = None
    facilitateur: str | None = None
    annee: int | None = None
    mois: int = STUCK_MONTHS

    def with_(self, **changes: Any) -> Self:
        """Return the view with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        default = BoardView()
        values = {name: (getattr(self, name), getattr(default, name)) for name in self.__dataclass_fields__}
        return {f"sp_{name}": str(value) for name, (value, usual) in values.items() if value != usual}

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], facilitators: Collection[str], years: Collection[int]
    ) -> tuple[Self, list[str]]:
        """Read an address.

        Parameters
        ----------
        query
            Query parameters as text.
        facilitators
            People named in the reader's list.
        years
            Years at the end of which the list can be shown.

        Returns
        -------
        tuple of BoardView and list of str
            The view, and a French sentence for each parameter that could not be used.
        """
        values: dict[str, Any] = {}
        notices: list[str] = []
        allowed: dict[str, Mapping[str, Any]] = {
            "vue": {name: name for name in get_args(Shown)},
            "type": {name: name for name in STRUCTURE_TYPES},
            "facilitateur": {name: name for name in (*facilitators, NOBODY)},
            "annee": {str(year): year for year in years},
            "mois": {str(months): months for months in range(FEWEST_MONTHS, MOST_MONTHS + 1)},
        }
        expected = {
            "facilitateur": "un facilitateur de votre liste",
            "annee": f"une année de {min(years)} à {max(years)}" if years else "aucune année : la liste est sans date",
            "mois": f"un nombre de mois de {FEWEST_MONTHS} à {MOST_MONTHS}",
        }
        for name, words in allowed.items():
            text = query.get(f"sp_{name}")
            if text is None:
                continue
            if text in words:
                values[name] = words[text]
            else:
                notices.append(refuse(f"sp_{name}", text, expected.get(name, ", ".join(words))))
        return cls(**values), notices
