"""`python -m reports atlas --region 76 --out FOLDER`: maps, sheets, slides and tables of many departments at once."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped]

from coverage.gazetteer import FRANCE, Gazetteer, Territory
from data import store
from data.errors import DataError
from geo.errors import GeoError
from reports.atlas import Ledger, Outcome, Task, departements_of, fingerprint, make, plan
from reports.errors import ReportError
from reports.pictures import HIGHEST_DPI, LOWEST_DPI

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give 0 when all was made, 1 when something failed, 2 when it was badly asked, 130 when stopped."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not LOWEST_DPI <= options.dpi <= HIGHEST_DPI:
        parser.error(f"--dpi : attendu de {LOWEST_DPI} à {HIGHEST_DPI}, trouvé {options.dpi}")
    if options.jobs < 1:
        parser.error(f"--jobs : attendu 1 ou plus, trouvé {options.jobs}")
    try:
        gazetteer = Gazetteer(*(store.load(name) for name in ("communes", "epci", "departements", "regions")))
        territories = _territories(options, gazetteer, parser)
        ledger = Ledger.read(options.out, fingerprint(options.dpi))
        tasks, n_kept = plan(gazetteer, departements_of(gazetteer, territories), options.out, ledger)
        n_files = sum(len(task.names) for task in tasks)
        _say(f"{n_files} fichiers à faire, {n_kept} déjà à jour, dans {options.out}.")
        if options.dry_run:
            for task in tasks:
                _say(f"  {task.folder} : {', '.join(task.names)}")
            return 0
        return _make(options, ledger, tasks, n_files)
    except (ReportError, DataError, GeoError) as error:
        _say(f"Échec. {error}")
        return 1
    except KeyboardInterrupt:
        _say("Interrompu. Ce qui est fait est gardé : la même commande reprend où elle s’est arrêtée.")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description="Ce qui sort de Maillage.")
    commands = parser.add_subparsers(dest="command", required=True)
    atlas = commands.add_parser("atlas", help="cartes, fiches, diapositives et tables de chaque département")
    where = atlas.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--region", action="append", default=[], metavar="CODE", help="tous les départements d’une région"
    )
    where.add_argument(
        "--departement", action="append", default=[], metavar="CODES", help="codes, séparés par une virgule"
    )
    where.add_argument("--france", action="store_true", help="les 101 départements")
    atlas.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où écrire")
    atlas.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processus (par défaut : tous les cœurs)")
    atlas.add_argument("--dpi", type=int, default=300, help="points par pouce des cartes (par défaut : 300)")
    atlas.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        default=None,
        metavar="AAAA-MM-JJ",
        help="date écrite (par défaut : ce jour)",
    )
    atlas.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien écrire")
    return parser


def _territories(options: argparse.Namespace, gazetteer: Gazetteer, parser: argparse.ArgumentParser) -> list[Territory]:
    if options.france:
        return [FRANCE]
    asked = [Territory("region", code) for code in options.region]
    asked += [Territory("departement", code) for codes in options.departement for code in codes.split(",") if code]
    for territory in asked:
        if territory not in gazetteer:
            parser.error(f"attendu un code de {territory.level}, trouvé « {territory.code} »")
    return asked


def _make(options: argparse.Namespace, ledger: Ledger, tasks: list[Task], n_files: int) -> int:
    drawn_on = options.date or dt.datetime.now().astimezone().date()
    with tqdm(total=n_files, unit="fichier", file=sys.stderr, disable=None) as bar:

        def tell(outcome: Outcome) -> None:
            bar.set_postfix_str(outcome.task.folder)
            bar.update(len(outcome.task.names))

        make(tasks, options.out, ledger, jobs=options.jobs, dpi=options.dpi, drawn_on=drawn_on, tell=tell)
    failures = {name: reason for name, reason in ledger.failures.items() if name not in ledger.files}
    _say(
        f"{n_files - len(failures)} fichiers faits, {len(failures)} en échec. Liste : {options.out / 'manifeste.json'}."
    )
    for name, reason in sorted(failures.items()):
        _say(f"  {name} : {reason}")
    return 1 if failures else 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
