"""A territory: its level and its code, as all floors name it."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coverage.territories.own import read_code
from geo.levels import OWN, Level

if TYPE_CHECKING:
    from coverage.territories.own import OwnTerritory


class UnknownTerritoryError(LookupError):
    """A territory key that names no territory of the loaded geography."""


class UnreadableTerritoryError(UnknownTerritoryError):
    """The key of an own territory that is damaged, or whose communes are all unknown; the message is in French."""


@dataclass(frozen=True, order=True)
class Territory:
    """A territory: its level and its official code ("FR" for France).

    The code of an own territory (`geo.levels.OWN`) carries its name and its communes: see `coverage.territories.own`.
    """

    level: Level
    code: str

    @classmethod
    def of_own(cls, own: "OwnTerritory") -> "Territory":
        """Return a set of communes as a territory like any other."""
        return cls(OWN, own.code)

    @property
    def own(self) -> "OwnTerritory":
        """The name and the communes of an own territory.

        Raises
        ------
        coverage.territories.own.OwnTerritoryError
            The code is damaged.
        """
        return read_code(self.code)

    @property
    def key(self) -> str:
        """The form that stands in addresses: "region-76", "commune-31555", "france"."""
        return "france" if self.level == "france" else f"{self.level}-{self.code}"

    @property
    def digest(self) -> str:
        """Twelve characters that stand for the code where it is too long."""
        return hashlib.sha256(self.code.encode()).hexdigest()[:12]

    @property
    def slug(self) -> str:
        """The form that stands in the names of files: the key, short for an own territory."""
        return f"{OWN}-{self.digest}" if self.level == OWN else self.key


FRANCE = Territory("france", "FR")
