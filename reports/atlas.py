"""The atlas: maps, sheets, slides and tables of many departments, made in parallel, resumed where it was stopped."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coverage.territories.gazetteer import Gazetteer, Territory
from data import store
from data.errors import DataError
from geo.errors import GeoError
from reports.errors import ReportError, WorkerError
from reports.page.saving import write_whole
from reports.studio import DOCUMENT_NAMES, FILE_NAMES, UNSIGNED, Signature, Studio
from reports.territory.content import file_stem

MANIFEST: Final = "manifeste.json"
FORMAT: Final = 1
_CODE: Final = ("reports", "coverage", "geo")
_studio: Studio | None = None


@dataclass(frozen=True)
class Task:
    """Files of one department that have to be made."""

    territory: Territory
    folder: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a task: by file name, its size and digest, or the French sentence that says why it failed."""

    task: Task
    made: dict[str, dict[str, Any]]
    failed: dict[str, str]


@dataclass
class AtlasManifest:
    """What stands in the folder of the atlas and from what it was made."""

    inputs: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path, inputs: str) -> AtlasManifest:
        """Read the manifest of a folder; an absent or unreadable one knows of no file."""
        try:
            document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            files = dict(document["files"]) if document.get("format") == FORMAT else {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            files = {}
        return cls(inputs, files)

    def is_current(self, folder: Path, name: str) -> bool:
        """Tell whether a file stands there, whole, made from the same data by the same code."""
        entry = self.files.get(name)
        if not isinstance(entry, dict) or entry.get("inputs") != self.inputs:
            return False
        try:
            return hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry.get("sha256")
        except OSError:
            return False

    def write(self, folder: Path) -> None:
        """Write the manifest, whole or not at all."""
        document = {
            "format": FORMAT,
            "inputs": self.inputs,
            "files": dict(sorted(self.files.items())),
            "failures": dict(sorted(self.failures.items())),
        }
        text = json.dumps(document, ensure_ascii=False, indent=1)
        write_whole(folder / MANIFEST, text.encode("utf-8"))


def fingerprint(dpi: int, snapshot: Path | None = None, signature: Signature = UNSIGNED) -> str:
    """Return the digest of all that the files are made from: the snapshot, the code, the resolution, who signs.

    The date written on a map is not part of it: a map of yesterday from the same data is current.
    """
    digest = hashlib.sha256(f"{FORMAT} {dpi}".encode())
    digest.update(signature.key)
    digest.update((store.folder_in_use(snapshot) / store.MANIFEST).read_bytes())
    root = Path(__file__).resolve().parents[1]
    for package in _CODE:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in {".py", ".toml", ".typ"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


def departements_of(gazetteer: Gazetteer, territories: Iterable[Territory]) -> list[Territory]:
    """Return the departments of regions, departments or France, in the order of their codes, each once."""
    codes: set[str] = set()
    for territory in territories:
        if territory.level == "departement":
            codes.add(territory.code)
        else:
            codes |= set(gazetteer.within(territory, "departement")["departement_code"])
    return [Territory("departement", code) for code in sorted(codes)]


def plan(
    gazetteer: Gazetteer, departements: Sequence[Territory], folder: Path, manifest: AtlasManifest
) -> tuple[list[Task], int]:
    """Return what has to be made, and how many files are kept as they are."""
    tasks, n_kept = [], 0
    for territory in departements:
        stem = file_stem(territory, gazetteer.name(territory))
        missing = tuple(name for name in FILE_NAMES if not manifest.is_current(folder, f"{stem}/{name}"))
        n_kept += len(FILE_NAMES) - len(missing)
        if missing:
            tasks.append(Task(territory, stem, missing))
    return tasks, n_kept


def make(
    tasks: Sequence[Task],
    folder: Path,
    manifest: AtlasManifest,
    *,
    jobs: int,
    dpi: int,
    drawn_on: dt.date,
    tell: Callable[[Outcome], None],
    signature: Signature = UNSIGNED,
) -> None:
    """Make the files of every task; the manifest is brought up to date after each, so that nothing made is lost.

    Parameters
    ----------
    tasks
        As `plan` gives them.
    folder
        Where the atlas stands.
    manifest
        Manifest of the folder; changed.
    jobs
        Processes; 1 works in this one.
    dpi, drawn_on
        Resolution of the maps (dots an inch), and the date written on them.
    tell
        Called after each task, in the order they end.
    signature
        Who signs the files.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    manifest.write(folder)  # a folder that cannot be written is known before any work is done
    for outcome in _outcomes(tasks, folder, signature, jobs=jobs, dpi=dpi, drawn_on=drawn_on):
        for name, entry in outcome.made.items():
            manifest.files[f"{outcome.task.folder}/{name}"] = entry | {"inputs": manifest.inputs}
            manifest.failures.pop(f"{outcome.task.folder}/{name}", None)
        for name, reason in outcome.failed.items():
            manifest.files.pop(f"{outcome.task.folder}/{name}", None)
            manifest.failures[f"{outcome.task.folder}/{name}"] = reason
        manifest.write(folder)
        tell(outcome)


def _outcomes(
    tasks: Sequence[Task], folder: Path, signature: Signature, *, jobs: int, dpi: int, drawn_on: dt.date
) -> Iterator[Outcome]:
    if jobs == 1 or len(tasks) == 1:
        for task in tasks:
            yield run_task(task, folder, dpi, drawn_on, signature)
        return
    # Spawned, not forked: a fork of a process that has threads (Arrow, BLAS) may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_leave_stopping_to_parent) as pool:
        try:
            parts = [part for task in tasks for part in _split(task)]
            asked = [pool.submit(run_task, part, folder, dpi, drawn_on, signature) for part in parts]
            for future in as_completed(asked):
                yield future.result()
        except BrokenExecutor as error:
            raise WorkerError(
                "Atlas : un processus s’est arrêté (mémoire insuffisante ?). Ce qui est fait est gardé ; relancez avec "
                "--jobs 1."
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _split(task: Task) -> list[Task]:
    """Part a department in two, the documents and the rest: no process then ends long after the others."""
    documents = tuple(name for name in task.names if name in DOCUMENT_NAMES)
    others = tuple(name for name in task.names if name not in DOCUMENT_NAMES)
    return [Task(task.territory, task.folder, names) for names in (documents, others) if names]


def _leave_stopping_to_parent() -> None:
    """Let a process end the file it is at when the reader stops the command."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_task(task: Task, folder: Path, dpi: int, drawn_on: dt.date, signature: Signature = UNSIGNED) -> Outcome:
    """Make the files of one department; a file that fails does not stop the others."""
    made: dict[str, dict[str, Any]] = {}
    failed: dict[str, str] = {}
    try:
        files = _shared_studio().files_of(task.territory, drawn_on=drawn_on, dpi=dpi, signature=signature)
    except (ReportError, DataError, GeoError) as error:
        return Outcome(task, made, dict.fromkeys(task.names, str(error)))
    for name in task.names:
        try:
            content = files[name]()
            write_whole(folder / task.folder / name, content)
        except (ReportError, DataError, GeoError) as error:
            failed[name] = str(error)
        except Exception as error:  # noqa: BLE001 - one file's fault must not stop a hundred departments; it is reported
            failed[name] = f"Erreur inattendue ({type(error).__name__}) : {error}"
        else:
            made[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return Outcome(task, made, failed)


def _shared_studio() -> Studio:
    """Read the snapshot once a process."""
    global _studio  # noqa: PLW0603 - what a process keeps from one task to the next
    if _studio is None:
        _studio = Studio.of_snapshot()
    return _studio
