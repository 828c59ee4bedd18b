"""Commands on the data: `python -m data build`, `sync`, `rollback` and `status`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped] # its stubs are another package

from data import store
from data.build import build
from data.errors import DataError
from data.store import DEFAULT_FOLDER
from data.sync import versions
from data.sync.lock import locked
from data.sync.registry import load_remotes
from data.sync.run import sync
from geo.errors import GeoError

_STATUS_WORDS = {"installed": "mise à jour", "unchanged": "inchangée", "failed": "ÉCHEC"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give 0 when it succeeded, 1 when the data are at fault, 2 when it was badly asked."""
    parser = argparse.ArgumentParser(prog="python -m data", description="Données de Maillage.")
    commands = parser.add_subparsers(dest="command", required=True)
    builder = commands.add_parser("build", help="refait les données embarquées depuis un miroir des fichiers officiels")
    builder.add_argument("--mirror", type=Path, help="dossier des fichiers officiels (par défaut : MAILLAGE_MIRROR)")
    builder.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="dossier des données embarquées")
    syncer = commands.add_parser("sync", help="télécharge les sources officielles dans votre dossier de données")
    syncer.add_argument("source", nargs="*", help="sources à mettre à jour (par défaut : toutes)")
    syncer.add_argument("--accept-drop", action="store_true", help="accepte une baisse de plus de 5 %%")
    returner = commands.add_parser("rollback", help="revient à la version précédente")
    returner.add_argument("source", nargs="*", help="sources concernées (par défaut : toutes celles synchronisées)")
    commands.add_parser("status", help="dit quelles données synchronisées sont en place")
    options = parser.parse_args(arguments)
    try:
        if options.command == "sync":
            return _sync(options.source, accept_drop=options.accept_drop)
        if options.command == "rollback":
            return _roll_back(options.source)
        if options.command == "status":
            return _show_status()
    except DataError as error:
        _say(f"Échec. {error}")
        return 1
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


def _sync(source_ids: Sequence[str], *, accept_drop: bool) -> int:
    """Sync the named sources, or all of them, and sum up."""
    bars: dict[str, tqdm] = {}

    def progress(source_id: str, done: int, total: int | None) -> None:
        bar = bars.get(source_id)
        if bar is None:
            bar = bars[source_id] = tqdm(desc=source_id, total=total, unit="o", unit_scale=True, leave=False)
        bar.total = total
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    try:
        outcomes = sync(source_ids, accept_drop=accept_drop, say=_say, progress=progress)
    finally:
        for bar in bars.values():
            bar.close()
    for outcome in outcomes:
        _say(f"- {outcome.source_id} : {_STATUS_WORDS[outcome.status]}. {outcome.sentence}")
    n_failed = sum(outcome.status == "failed" for outcome in outcomes)
    _say(f"{len(outcomes) - n_failed} source(s) en ordre, {n_failed} en échec. Dossier : {versions.data_folder()}")
    if any(outcome.status == "installed" for outcome in outcomes):
        _say("Redémarrez Maillage s’il est ouvert, pour voir les nouvelles données.")
    return 1 if n_failed else 0


def _roll_back(source_ids: Sequence[str]) -> int:
    """Return the named sources, or all of them, to their version before."""
    asked = list(source_ids) or versions.synced_ids()
    if not asked:
        _say("Aucune donnée synchronisée : rien à reprendre.")
        return 1
    with locked(versions.data_folder()):
        for source_id in asked:
            version = versions.roll_back(source_id).version
            _say(f"- {source_id} : {f'version {version}' if version else 'données embarquées'} en place.")
    return 0


def _show_status() -> int:
    """Say, for each source that can be synced, what the app shows."""
    synced = store.manifest()["synced"]
    _say(f"Dossier : {versions.data_folder()}")
    for source_id, remote in load_remotes().items():
        shown = synced.get(source_id)
        what = f"{shown['vintage']}, téléchargé le {shown['installed_on'][:10]}" if shown else "données embarquées"
        _say(f"- {source_id} ({remote.title}) : {what}")
    warnings = store.warnings()
    for warning in warnings:
        _say(f"Attention : {warning}")
    return 1 if warnings else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
