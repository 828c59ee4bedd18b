"""`python -m data build [--mirror FOLDER] [--out FOLDER]`: make the embedded snapshot from official files."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from data.build import build
from data.errors import DataError
from data.store import DEFAULT_FOLDER
from geo.errors import GeoError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give 0 when it succeeded, 1 when the data are at fault, 2 when it was badly asked."""
    parser = argparse.ArgumentParser(prog="python -m data", description="Données de Maillage.")
    commands = parser.add_subparsers(dest="command", required=True)
    builder = commands.add_parser("build", help="refait les données embarquées depuis un miroir des fichiers officiels")
    builder.add_argument("--mirror", type=Path, help="dossier des fichiers officiels (par défaut : MAILLAGE_MIRROR)")
    builder.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="dossier des données embarquées")
    options = parser.parse_args(arguments)
    mirror = options.mirror or os.environ.get("MAILLAGE_MIRROR")
    if not mirror:
        parser.error("dites où sont les fichiers officiels : --mirror DOSSIER, ou la variable MAILLAGE_MIRROR")
    try:
        build(Path(mirror), options.out, say=_say)
    except (DataError, GeoError) as error:
        _say(f"Échec. {error}")
        _say("Les données embarquées précédentes n’ont pas été touchées.")
        return 1
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
