"""Reader of our own dated table of corrections of the communes' shapes."""

import tomllib
from pathlib import Path
from typing import Final

from data.errors import SourceMissing, SourceUnreadable, SourceValueError
from geo.boundary_fixes import BoundaryFixes, parse_fixes
from geo.errors import BoundaryError

DEFAULT_PATH: Final = Path(__file__).parents[1] / "geometry_fixes.toml"


def read_geometry_fixes(path: Path = DEFAULT_PATH) -> BoundaryFixes:
    """Read the dated table of holes and containers.

    Parameters
    ----------
    path
        A TOML file laid out as `data/geometry_fixes.toml`, the default.

    Returns
    -------
    BoundaryFixes
        What `geo.boundaries.build_commune_geometry` asks for.

    Raises
    ------
    SourceMissing
        No such file.
    SourceUnreadable
        Not TOML, or not UTF-8.
    SourceValueError
        An entry is not what the table announces.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceMissing(path, expected="la table des corrections de géométrie") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceUnreadable(path, expected="un fichier TOML", found=error) from error
    try:
        return parse_fixes(document)
    except BoundaryError as error:
        raise SourceValueError(path, expected="une correction complète", found=error) from error
