"""Commands on the data: build, sync, rollback, status, check, assets, times, backup and restore."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped] # its stubs are another package

from data import store
from data.build.snapshot import build
from data.errors import DataError
from data.quality.checks import check_tables
from data.sources.registry import load_remotes
from data.store import DEFAULT_FOLDER
from data.sync import versions
from data.sync.rollback import take_back
from data.sync.run import sync
from data.travel_times import saved as travel_times
from data.travel_times.making import choose_own_provider, compute_own_times, forget_own_times
from data.workers import add_options, open_workers
from geo.__main__ import main as make_map_files
from geo.errors import GeoError
from geo.travel_time.errors import TravelTimeError
from geo.travel_time.matrix import MAX_LIMIT_MIN, TravelTimes
from geo.travel_time.provider import PROVIDER_LABELS, provider_label
from geo.workers import Workers

_STATUS_WORDS = {"installed": "mise à jour", "unchanged": "inchangée", "failed": "ÉCHEC"}


def make_parser() -> argparse.ArgumentParser:
    """Describe every command, for who types one and for the manual that lists them."""
    parser = argparse.ArgumentParser(prog="python -m data", description="Données de Maillage.")
    commands = parser.add_subparsers(dest="command", required=True)
    builder = commands.add_parser("build", help="refait les données embarquées depuis un miroir des fichiers officiels")
    builder.add_argument("--mirror", type=Path, help="dossier des fichiers officiels (par défaut : MAILLAGE_MIRROR)")
    builder.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="dossier des données embarquées")
    syncer = commands.add_parser("sync", help="télécharge les sources officielles dans votre dossier de données")
    syncer.add_argument("source", nargs="*", help="sources à mettre à jour (par défaut : toutes)")
    syncer.add_argument("--accept-drop", action="store_true", help="accepte une baisse de plus de 5 %%")
    syncer.add_argument("--file", type=Path, help="fichier ou dossier officiel déjà téléchargé, pour une source")
    syncer.add_argument("--list", action="store_true", help="dit ce qui peut être synchronisé, sans rien télécharger")
    returner = commands.add_parser("rollback", help="revient à la version précédente")
    returner.add_argument("source", nargs="*", help="sources concernées (par défaut : toutes celles synchronisées)")
    commands.add_parser("status", help="dit quelles données synchronisées sont en place")
    commands.add_parser("check", help="vérifie toutes les tables en place")
    drawer = commands.add_parser(
        "assets", help="refait les fichiers de la carte, avec les contours synchronisés s’il y en a"
    )
    drawer.add_argument("--static", type=Path, default=Path(__file__).parents[1] / "static", help="dossier servi")
    timer = commands.add_parser("times", help="remplace l’estimation des temps de trajet par les vôtres")
    _describe_times(timer)
    saver = commands.add_parser("backup", help="sauvegarde les listes de projets et les territoires enregistrés")
    saver.add_argument("folder", type=Path, help="dossier des sauvegardes")
    saver.add_argument("--keep", type=int, default=0, help="nombre de sauvegardes gardées (par défaut : toutes)")
    restorer = commands.add_parser("restore", help="remplace toutes les listes par celles d’une sauvegarde")
    restorer.add_argument("file", type=Path, help="fichier fait par backup")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give 0 when it succeeded, 1 when the data are at fault, 2 when it was badly asked."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        if options.command == "times":
            return _forget_times() if options.forget else _compute_times(options)
        if options.command == "assets":
            return _make_assets(options.static)
        if options.command != "build":
            return _run_on_user_data(options)
    except (DataError, TravelTimeError) as error:
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


def _run_on_user_data(options: argparse.Namespace) -> int:
    """Run a command on what was synced, or on what readers wrote."""
    if options.command in {"backup", "restore"}:
        return _keep_projects(options)
    if options.command == "sync":
        if options.list:
            return _list_sources()
        return _sync(options.source, accept_drop=options.accept_drop, own_file=options.file)
    if options.command == "rollback":
        return _roll_back(options.source)
    return _check() if options.command == "check" else _show_status()


def _sync(source_ids: Sequence[str], *, accept_drop: bool, own_file: Path | None) -> int:
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
        outcomes = sync(source_ids, accept_drop=accept_drop, own_file=own_file, say=_say, progress=progress)
    finally:
        for bar in bars.values():
            bar.close()
    for outcome in outcomes:
        _say(f"- {outcome.source_id} : {_STATUS_WORDS[outcome.status]}. {outcome.sentence}")
    n_failed = sum(outcome.status == "failed" for outcome in outcomes)
    _say(f"{len(outcomes) - n_failed} source(s) en ordre, {n_failed} en échec. Dossier : {versions.data_folder()}")
    if any(outcome.status == "installed" for outcome in outcomes):
        _say("Si Maillage est ouvert, ses pages montrent les nouvelles données dès la prochaine action.")
    return 1 if n_failed else 0


def _roll_back(source_ids: Sequence[str]) -> int:
    """Return the named sources, or all of them, to their version before."""
    asked = list(source_ids) or versions.synced_ids()
    if not asked:
        _say("Aucune donnée synchronisée : rien à reprendre.")
        return 1
    for source_id in asked:
        _say(f"- {source_id} : {take_back(source_id)}")
    return 0


def _keep_projects(options: argparse.Namespace) -> int:
    """Save what readers wrote, or put it back."""
    from data.projects import backup  # noqa: PLC0415 - SQLAlchemy for these two commands alone

    if options.command == "backup":
        _say(f"Sauvegarde : {backup.back_up(options.folder, kept=max(0, options.keep))}")
    else:
        n_rows = sum(backup.restore(options.file).values())
        _say(f"Listes remises en place : {n_rows} lignes. Les pages ouvertes les montrent dès la prochaine action.")
    return 0


def _check() -> int:
    """Hold every table in use to its contract, and say which checks fail."""
    checks = list(check_tables())
    for found in checks:
        if not found.passed:
            _say(f"- {found.table} : {found.wanted}. {found.sentence}")
    n_failed = sum(not found.passed for found in checks)
    _say(f"{len(checks) - n_failed} contrôle(s) passé(s), {n_failed} en échec.")
    return 1 if n_failed else 0


def _list_sources() -> int:
    """Say what can be synced: its tables, what it replaces, and whether an address is known."""
    synced = store.manifest()["synced"]
    for source_id, remote in load_remotes().items():
        where = "à télécharger" if remote.addresses else f"fichier à donner (--file), depuis {remote.url}"
        shown = f"en place : {synced[source_id]['vintage']}" if source_id in synced else where
        _say(f"- {source_id} : {remote.title} [{', '.join(remote.tables)}] ({shown})")
    return 0


def _make_assets(static: Path) -> int:
    """Make the files of the map from the shapes that the app shows: `python -m geo assets` knows the embedded ones."""
    shapes = store.snapshot_path("commune_geometry")
    places = ["--snapshots", str(store.folder_in_use()), "--shapes", str(shapes), "--static", str(static)]
    return make_map_files(["assets", *places])


def _show_status() -> int:
    """Say, for each source that can be synced, what the app shows."""
    synced = store.manifest()["synced"]
    _say(f"Dossier : {versions.data_folder()}")
    for source_id, remote in load_remotes().items():
        shown = synced.get(source_id)
        absent = "données embarquées" if remote.replaces else "pas encore synchronisé"
        what = f"{shown['vintage']}, téléchargé le {shown['installed_on'][:10]}" if shown else absent
        _say(f"- {source_id} ({remote.title}) : {what}")
    warnings = store.warnings()
    try:
        times = travel_times.load_own_times(tuple(store.load("communes")["commune_code"]))
    except travel_times.OwnTimesUnusable as error:
        warnings = (*warnings, str(error))
    else:
        what = f"{provider_label(times.provider)} ({times.vintage})" if times else "estimation intégrée"
        _say(f"- temps de trajet : {what}")
    for warning in warnings:
        _say(f"Attention : {warning}")
    return 1 if warnings else 0


def _describe_times(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(parser=parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--provider", choices=PROVIDER_LABELS, help="qui donne les temps")
    what.add_argument("--forget", action="store_true", help="revient à l’estimation intégrée")
    parser.add_argument("--file", type=Path, help="table : CSV ou Parquet (origin, destination, minutes) ; osm : .pbf")
    parser.add_argument("--url", default="", help="osrm : adresse du serveur, comme http://127.0.0.1:5000")
    parser.add_argument("--vintage", default="date inconnue", help="table, osrm : date des temps, montrée à l’écran")
    parser.add_argument("--symmetric", action="store_true", help="table : chaque paire n’y est donnée qu’une fois")
    parser.add_argument("--limit", type=float, default=travel_times.LIMIT_MIN, help="minutes au plus (30 à 6553)")
    parser.add_argument("--out", type=Path, help="autre fichier à écrire, que Maillage n’utilisera pas")
    jobs_help = "osm : processus, chacun avec sa copie du réseau (par défaut : tous les cœurs)"
    add_options(parser, jobs=os.cpu_count() or 1, jobs_help=jobs_help)


def _compute_times(options: argparse.Namespace) -> int:
    """Compute the user's travel times, and say what they are worth."""
    parser = options.parser
    if not travel_times.LIMIT_MIN <= options.limit <= MAX_LIMIT_MIN:  # False for NaN
        parser.error(f"--limit : attendu de {travel_times.LIMIT_MIN:g} à {MAX_LIMIT_MIN:g} minutes")
    if options.jobs < 1:
        parser.error(f"--jobs : attendu 1 ou plus, trouvé {options.jobs}")
    if options.cluster and options.provider != "osm":
        parser.error("--cluster : seul le calcul sur les routes (--provider osm) se partage entre machines")
    try:
        with open_workers(options.jobs, options.cluster) as workers:
            times = _compute_with(options, workers)
    except KeyboardInterrupt:
        _say("Interrompu. Relancez la même commande : les trajets déjà calculés sur les routes ou reçus sont repris.")
        return 1
    _say(
        f"{provider_label(times.provider)} ({times.vintage}) : {times.n_pairs} paires à {times.limit_min:g} min au "
        f"plus, entre {times.n_places} communes."
    )
    if summary := times.parameters.get("summary"):
        _say(str(summary))
    if n_isolated := travel_times.n_isolated(times):
        _say(f"Attention : {n_isolated} communes n’atteignent aucune autre commune en {times.limit_min:g} min.")
    _say(f"Fichier : {options.out or travel_times.own_times_path()}")
    if options.out is None:
        _say("Si Maillage est ouvert, le simulateur les prend dès la prochaine action.")
    return 0


def _compute_with(options: argparse.Namespace, workers: Workers) -> TravelTimes:
    """Compute with the provider asked for; what it lacks is a fault of the question."""
    try:
        provider = choose_own_provider(
            options.provider,
            path=options.file,
            url=options.url,
            vintage=options.vintage,
            symmetric=options.symmetric,
            limit_min=options.limit,
            workers=workers,
        )
    except TravelTimeError as error:
        options.parser.error(str(error))
    places = store.load("communes")
    with tqdm(total=1.0, bar_format="{desc} {percentage:3.0f} % [{elapsed}<{remaining}]", leave=False) as bar:

        def progress(share: float, sentence: str) -> None:
            bar.set_description_str(sentence, refresh=False)
            bar.update(share - bar.n)

        return compute_own_times(provider, places, options.out, progress)


def _forget_times() -> int:
    """Return to the built-in estimate."""
    if forget_own_times():
        _say("Temps de trajet oubliés : Maillage reprend son estimation.")
    else:
        _say("Aucun temps de trajet à oublier : Maillage utilise déjà son estimation.")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
