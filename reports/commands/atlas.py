"""`python -m reports atlas --region 76 --out FOLDER`: maps, sheets, slides and tables of many departments at once."""

import argparse
import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm  # type: ignore[import-untyped]

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from data import store
from data.errors import DataError
from data.projects.columns import guess_columns
from data.projects.places import load_places
from data.projects.reading import read_file
from data.projects.rows import check_rows
from data.workers import add_options, open_workers
from reports.atlas import AtlasManifest, Outcome, Style, Task, departements_of, fingerprint, make, plan
from reports.commands.own import MOST_SAID, read_own_territory
from reports.commands.parser import BadQuestion, add_command, require_jobs, say
from reports.errors import LogoError
from reports.page.logo import as_png
from reports.page.pictures import HIGHEST_DPI, LOWEST_DPI
from reports.studio import Signature

_INTERRUPTED = "Ce qui est fait est gardé : la même commande reprend où elle s’est arrêtée."


def run(options: argparse.Namespace) -> int:
    """Make what is asked; give 0 when all was made, 1 when something failed."""
    if not LOWEST_DPI <= options.dpi <= HIGHEST_DPI:
        raise BadQuestion(f"--dpi : attendu de {LOWEST_DPI} à {HIGHEST_DPI}, trouvé {options.dpi}")
    require_jobs(options.jobs)
    gazetteer = Gazetteer.of(store.load, history=False)
    territories = _territories(options, gazetteer)
    own = [read_own_territory(None, path, "") for path in options.territory]
    signature = _signature(options)
    manifest = AtlasManifest.read(options.out, fingerprint(options.dpi, signature=signature))
    tasks, n_kept = plan(gazetteer, [*departements_of(gazetteer, territories), *own], options.out, manifest)
    n_files = sum(len(task.names) for task in tasks)
    say(f"{n_files} fichiers à faire, {n_kept} déjà à jour, dans {options.out}.")
    if options.dry_run:
        for task in tasks:
            say(f"  {task.folder} : {', '.join(task.names)}")
        return 0
    return _make(options, manifest, tasks, n_files, signature)


def _signature(options: argparse.Namespace) -> Signature:
    """Read the logo and the projects once, before any work is done."""
    try:
        logo = None if options.logo is None else as_png(options.logo)
    except LogoError as error:
        raise BadQuestion(f"--logo : {error}") from error
    projects = None if options.projects is None else _read_projects(options.projects)
    return Signature(logo, options.organisation.strip(), projects)


def _read_projects(path: Path) -> pd.DataFrame:
    """Read a list of projects; each row at fault is said and left out."""
    try:
        table = read_file(path.read_bytes(), path.name)
        today = dt.datetime.now().astimezone().date()
        checked = check_rows(table, guess_columns(table.header, table.rows), load_places(), today=today)
    except OSError as error:
        raise BadQuestion(f"--projects : « {path.name} » ne peut être lu ({error.strerror})") from error
    except DataError as error:
        raise BadQuestion(f"--projects : {error}") from error
    for fault in checked.faults[:MOST_SAID]:
        say(f"{path.name}, ligne {fault.line} : « {fault.found} » laissé de côté, {fault.reason}")
    if not len(checked.projects):
        raise BadQuestion(f"--projects : aucun projet reconnu dans « {path.name} »")
    return checked.projects


def add_parser(commands: Any) -> None:
    """Describe the command."""
    atlas = add_command(commands, "atlas", run, help="cartes, fiches, diapositives et tables de chaque département")
    atlas.set_defaults(when_interrupted=_INTERRUPTED)
    where = atlas.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--region", action="append", default=[], metavar="CODE", help="tous les départements d’une région"
    )
    where.add_argument(
        "--departement", action="append", default=[], metavar="CODES", help="codes, séparés par une virgule"
    )
    where.add_argument("--france", action="store_true", help="les 101 départements")
    where.add_argument(
        "--territory",
        action="append",
        type=Path,
        default=[],
        metavar="LISTE",
        help="un territoire personnel : liste de communes (CSV, XLSX), une option par territoire",
    )
    atlas.add_argument("--logo", type=Path, metavar="IMAGE", help="logo de l’organisation (PNG ou JPEG)")
    atlas.add_argument(
        "--projects", type=Path, metavar="LISTE", help="vos projets (CSV, XLSX, GeoJSON), listés dans les fiches"
    )
    atlas.add_argument("--organisation", default="", metavar="NOM", help="auteur inscrit dans les documents")
    atlas.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où écrire")
    add_options(atlas, jobs=os.cpu_count() or 1, jobs_help="processus (par défaut : tous les cœurs)")
    atlas.add_argument("--dpi", type=int, default=300, help="points par pouce des cartes (par défaut : 300)")
    atlas.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        default=None,
        metavar="AAAA-MM-JJ",
        help="date écrite (par défaut : ce jour)",
    )
    atlas.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien écrire")


def _territories(options: argparse.Namespace, gazetteer: Gazetteer) -> list[Territory]:
    if options.france:
        return [FRANCE]
    asked = [Territory("region", code) for code in options.region]
    asked += [Territory("departement", code) for codes in options.departement for code in codes.split(",") if code]
    for territory in asked:
        if territory not in gazetteer:
            raise BadQuestion(f"attendu un code de {territory.level}, trouvé « {territory.code} »")
    return asked


def _make(
    options: argparse.Namespace, manifest: AtlasManifest, tasks: list[Task], n_files: int, signature: Signature
) -> int:
    style = Style(options.dpi, options.date or dt.datetime.now().astimezone().date(), signature)
    jobs, cluster = (options.jobs, options.cluster) if len(tasks) > 1 else (1, options.cluster if tasks else None)
    with (
        open_workers(jobs, cluster) as workers,
        tqdm(total=n_files, unit="fichier", file=sys.stderr, disable=None) as bar,
    ):

        def tell(outcome: Outcome) -> None:
            bar.set_postfix_str(outcome.task.folder)
            bar.update(len(outcome.task.names))

        make(tasks, options.out, manifest, workers=workers, style=style, tell=tell)
    failures = {name: reason for name, reason in manifest.failures.items() if name not in manifest.files}
    say(
        f"{n_files - len(failures)} fichiers faits, {len(failures)} en échec. Liste : {options.out / 'manifeste.json'}."
    )
    for name, reason in sorted(failures.items()):
        say(f"  {name} : {reason}")
    return 1 if failures else 0
