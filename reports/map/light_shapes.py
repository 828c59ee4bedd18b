"""The light shapes of the browser's map, for a picture so small that the full ones would not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.territories.gazetteer import FRANCE, Territory
from geo.crs import territory_numbers
from geo.errors import AssetError
from geo.levels import OWN, Level
from geo.map.geometry import as_polygons, decode
from geo.shapes.projected_shapes import project_shapes
from reports.map.shapes import LevelShapes, codes_within

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

_KEPT: Final = ("departement", "region")
"""Levels whose shapes are kept: a hundred or less."""


class LightShapes:
    """The shapes of a level as the browser first shows them, thinned to 300 m; a level is read when it is asked for.

    Parameters
    ----------
    folder
        `static/geometry/`, as `geo.map.assets` makes it.
    communes
        The snapshot table: what contains each commune.
    """

    def __init__(self, folder: Path, communes: pd.DataFrame) -> None:
        self._folder = folder
        self._members = communes.set_index("commune_code", drop=False)
        self._levels: dict[str, LevelShapes] = {}

    def level(self, level: str) -> LevelShapes:
        """Return the shapes of a drawn level.

        Raises
        ------
        AssetError
            A file is absent or damaged; the message is in French.
        """
        if level in self._levels:
            return self._levels[level]
        shapes = self._read(level, None)
        if level in _KEPT:
            self._levels[level] = shapes
        return shapes

    def of(self, territory: Territory) -> LevelShapes:
        """Return the shape of one territory; of an own one, those of its communes.

        Raises
        ------
        AssetError
            As `level`.
        """
        if territory.level == OWN:
            return self._read("commune", frozenset(territory.own.communes))
        if territory.level in _KEPT or territory == FRANCE:
            shapes = self.level(territory.level)
            return shapes.select(np.asarray(shapes.codes == territory.code))
        return self._read(territory.level, frozenset({territory.code}))

    def codes_within(self, scope: Territory, levels: Sequence[Level] = ("departement", "region")) -> frozenset[str]:
        """Return the codes of the departments and regions that hold a commune of a territory, or of one of the two."""
        return codes_within(self._members, scope, levels)

    def _read(self, level: str, wanted: Collection[str] | None) -> LevelShapes:
        """Read the shapes of a level, or of some of its codes; what lies in no territory of the level is left out."""
        names, path = self._folder / f"names_{level}.tsv", self._folder / f"{level}.bin"
        try:
            codes = pd.Index([line.split("\t")[0] for line in names.read_text("utf-8").splitlines()])
            ranks = np.arange(len(codes)) if wanted is None else codes.get_indexer(list(wanted))
            decoded = decode(path.read_bytes(), frozenset(ranks.tolist()))
        except OSError as error:
            raise AssetError(
                f"Carte : fichier {path.name} attendu, trouvé aucun. Prévenez votre administrateur."
            ) from error
        drawn = {codes[one]: rings for one, rings in zip(decoded.ids, decoded.rings, strict=True) if rings}
        kept = pd.Index(drawn, dtype="str")
        shapes = np.array([as_polygons(rings, decoded.quantum) for rings in drawn.values()], dtype=object)
        homes = self._members.drop_duplicates(f"{level}_code").set_index(f"{level}_code", drop=False)
        departements = homes["departement_code"].reindex(kept)
        return LevelShapes(kept, project_shapes(shapes, departements), np.asarray(territory_numbers(departements)))
