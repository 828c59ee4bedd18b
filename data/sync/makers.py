"""Who makes the tables of each source that can be synced: the one place where they are registered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from data.sync.finess import make_national_structures
from data.sync.made import Maker

MAKERS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "finess_national": make_national_structures,
    }
)
"""By id of the remote in the catalogue."""
