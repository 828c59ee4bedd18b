"""Command line of the map files: `python -m geo assets` makes what the browser needs, unless it is there already."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from geo.errors import GeoError
from geo.map.leaflet import copy_leaflet

_CHECKOUT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        Words after `python -m geo`; those of the process by default.

    Returns
    -------
    int
        0 when the static folder is complete, 1 when a fault was named on the standard error.
    """
    parser = argparse.ArgumentParser(prog="python -m geo", description="Fichiers que le navigateur lit.")
    commands = parser.add_subparsers(dest="command", required=True)
    assets = commands.add_parser("assets", help="remplit static/geometry et static/vendor s’ils ne sont pas à jour")
    default_snapshots = Path(os.environ.get("MAILLAGE_SNAPSHOTS") or _CHECKOUT / "data" / "snapshots")
    assets.add_argument("--snapshots", type=Path, default=default_snapshots, help="dossier des données embarquées")
    assets.add_argument(
        "--shapes", type=Path, help="contours des communes à la place des contours embarqués (GeoParquet)"
    )
    assets.add_argument("--static", type=Path, default=_CHECKOUT / "static", help="dossier servi au navigateur")
    assets.add_argument("--force", action="store_true", help="refait les fichiers même à jour")
    options = parser.parse_args(arguments)
    try:
        copied = copy_leaflet(options.static / "vendor" / "leaflet")
        _tell(f"Leaflet : {len(copied)} fichier(s) copié(s)." if copied else "Leaflet : à jour.")
        # Imported here: GeoPandas takes a second to load, which a start with nothing to do need not wait for.
        from geo.map.assets import write_geometry_files  # noqa: PLC0415 - reason above

        started = time.perf_counter()
        made = write_geometry_files(
            options.snapshots,
            options.static / "geometry",
            shapes_file=options.shapes,
            force=options.force,
            tell=_tell,
        )
        _tell(f"Géométrie : faite en {time.perf_counter() - started:.0f} s." if made else "Géométrie : à jour.")
    except GeoError as error:
        _tell(f"Erreur : {error}")
        return 1
    return 0


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
