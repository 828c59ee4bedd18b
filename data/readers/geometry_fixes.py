"""Reader of our own dated table of corrections of the communes' shapes."""

from pathlib import Path
from typing import Final

from data.errors import SourceMissing, SourceUnreadable, SourceValueError
from geo.documents import DocumentError, DocumentMissing, read_toml
from geo.errors import BoundaryError
from geo.shapes.boundary_fixes import BoundaryFixes, parse_fixes

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
        What `geo.shapes.boundaries.build_commune_geometry` asks for.

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
        document = read_toml(path)
    except DocumentMissing as error:
        raise SourceMissing(path, expected="la table des corrections de géométrie") from error
    except DocumentError as error:
        raise SourceUnreadable(path, expected=error.expected, found=error.found) from error
    try:
        return parse_fixes(document)
    except BoundaryError as error:
        raise SourceValueError(path, expected="une correction complète", found=error) from error
