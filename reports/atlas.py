"""The atlas: maps, sheets, slides and tables of many departments, made in parallel, resumed where it was stopped."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coverage.territories.gazetteer import Gazetteer, Territory
from data.errors import DataError
from data.fingerprint import code_digest, tables_digest
from geo.errors import GeoError
from geo.workers import Workers
from reports.errors import OutputError, ReportError
from reports.page.saving import write_whole
from reports.studio import DOCUMENT_NAMES, FILE_NAMES, UNSIGNED, Signature, Studio
from reports.territory.content import file_stem

MANIFEST: Final = "manifeste.json"
FORMAT: Final = 1
_studio: Studio | None = None


@dataclass(frozen=True)
class Task:
    """Files of one department that have to be made."""

    territory: Territory
    folder: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Style:
    """How the files of an atlas are made: dots an inch of the maps, the date written on them, who signs."""

    dpi: int
    drawn_on: dt.date
    signature: Signature = UNSIGNED


@dataclass(frozen=True)
class Outcome:
    """What came of a task: by file name, its bytes, or the French sentence that says why it failed."""

    task: Task
    made: dict[str, bytes]
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
    """Return the digest of all that the files are made from: the tables in use, the code, the resolution, who signs.

    The date written on a map is not part of it: a map of yesterday from the same data is current.
    """
    digest = hashlib.sha256(f"{FORMAT} {dpi} {tables_digest(snapshot)} {code_digest()}".encode())
    digest.update(signature.key)
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
    workers: Workers,
    style: Style,
    tell: Callable[[Outcome], None],
) -> None:
    """Make the files of every task; the manifest is brought up to date after each, so that nothing made is lost.

    Parameters
    ----------
    tasks
        As `plan` gives them.
    folder
        Where the atlas stands; written by this process alone.
    manifest
        Manifest of the folder; changed.
    workers
        Who makes the files.
    style
        How they are made.
    tell
        Called after each task, in the order they end.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    manifest.write(folder)  # a folder that cannot be written is known before any work is done
    parts = [part for task in tasks for part in _split(task)]

    def keep(_position: int, outcome: Outcome) -> None:
        for name, content in outcome.made.items():
            _keep_file(f"{outcome.task.folder}/{name}", content, folder, manifest)
        for name, reason in outcome.failed.items():
            manifest.files.pop(f"{outcome.task.folder}/{name}", None)
            manifest.failures[f"{outcome.task.folder}/{name}"] = reason
        manifest.write(folder)
        tell(outcome)

    workers.run(run_task, style, parts, keep)


def _keep_file(name: str, content: bytes, folder: Path, manifest: AtlasManifest) -> None:
    try:
        write_whole(folder / name, content)
    except OutputError as error:
        manifest.files.pop(name, None)
        manifest.failures[name] = str(error)
        return
    entry = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "inputs": manifest.inputs}
    manifest.files[name] = entry
    manifest.failures.pop(name, None)


def _split(task: Task) -> list[Task]:
    """Part a department in two, the documents and the rest: no process then ends long after the others."""
    documents = tuple(name for name in task.names if name in DOCUMENT_NAMES)
    others = tuple(name for name in task.names if name not in DOCUMENT_NAMES)
    return [Task(task.territory, task.folder, names) for names in (documents, others) if names]


def run_task(style: Style, task: Task) -> Outcome:
    """Make the files of one department; a file that fails does not stop the others."""
    made: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    drawn_on, dpi, signature = style.drawn_on, style.dpi, style.signature
    try:
        files = _shared_studio().files_of(task.territory, drawn_on=drawn_on, dpi=dpi, signature=signature)
    except (ReportError, DataError, GeoError) as error:
        return Outcome(task, made, dict.fromkeys(task.names, str(error)))
    for name in task.names:
        try:
            made[name] = files[name]()
        except (ReportError, DataError, GeoError) as error:
            failed[name] = str(error)
        except Exception as error:  # noqa: BLE001 - one file's fault must not stop a hundred departments; it is reported
            failed[name] = f"Erreur inattendue ({type(error).__name__}) : {error}"
    return Outcome(task, made, failed)


def _shared_studio() -> Studio:
    """Read the snapshot once a process."""
    global _studio  # noqa: PLW0603 - what a process keeps from one task to the next
    if _studio is None:
        _studio = Studio.of_snapshot()
    return _studio
