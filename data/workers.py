"""Who does the parts of a long job: processes of this machine (`--jobs`), or a Dask cluster (`--cluster ADDRESS`).

The workers of a cluster need no common folder: each reads its own checkout and tables, proven the same before any work,
and gives bytes back. `distributed` is an extra, imported only when a cluster is asked for.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import queue
import re
import signal
import tomllib
import warnings
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from data.errors import DataError
from data.fingerprint import ROOT, fingerprint
from geo.workers import ALONE, Item, Result, Shared, Workers

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import distributed

_ADDRESS: Final = re.compile(r"(tcp|tls)://\S+:\d+")
_MOST_NAMED: Final = 3
_ANSWER_S: Final = 4.0  # for a scheduler to answer, and for a first worker to be there
_RETURN_S: Final = 20.0  # for a worker that died to be started again, where no other is left
_WATCH_S: Final = 1.0  # between two looks at a cluster that says nothing
_KEPT: Final = "Ce qui est écrit est gardé : relancez la même commande."
_HOW: Final = "« Calculer à plusieurs machines », dans le guide de l’administrateur, dit comment les lancer."

_shared: Any = None


class WorkersError(DataError, RuntimeError):
    """The processes or machines that should do the work are absent, differ, or stopped."""

    problem = "Calcul partagé"


def add_options(parser: argparse.ArgumentParser, *, jobs: int, jobs_help: str) -> None:
    """Describe `--jobs` (with its default) and `--cluster`, the same for every long job."""
    parser.add_argument("--jobs", type=int, default=jobs, help=jobs_help)
    parser.add_argument(
        "--cluster",
        metavar="ADRESSE",
        help="ordonnanceur Dask qui partage le travail entre machines, comme tcp://hote:8786 ; --jobs n’y compte pas",
    )


@contextmanager
def open_workers(jobs: int, address: str | None = None) -> Iterator[Workers]:
    """Give who does the parts of a job.

    Parameters
    ----------
    jobs
        Processes of this machine; 1 works in this one.
    address
        That of a Dask scheduler, which is then asked instead.

    Raises
    ------
    WorkersError
        `distributed` is not installed, nobody answers at the address, or a worker differs from this process.
    """
    if address is None:
        yield ALONE if jobs == 1 else _Processes(jobs)
        return
    with _connected(address) as client:
        yield _Cluster(client, address)


class _Processes:
    """Processes of this machine."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Sequence[Item],
        take: Callable[[int, Result], None],
    ) -> None:
        """See `geo.workers.Workers.run`."""
        if len(items) <= 1:
            ALONE.run(work, shared, items, take)
            return
        # Spawned, not forked: a fork of a process that has threads (Arrow, BLAS) may hang.
        context = multiprocessing.get_context("spawn")
        n_processes = min(self.jobs, len(items))
        with ProcessPoolExecutor(n_processes, mp_context=context, initializer=_begin, initargs=(shared,)) as pool:
            try:
                asked = {pool.submit(_work_here, work, item): position for position, item in enumerate(items)}
                for future in as_completed(asked):
                    take(asked.pop(future), future.result())
            except BrokenExecutor as error:
                found = "un processus arrêté (mémoire insuffisante ?)"
                remedy = "Ce qui est écrit est gardé ; relancez avec --jobs 1."
                raise WorkersError("cette machine", found=found, remedy=remedy) from error
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _begin(shared: Any) -> None:
    """Keep what every part needs; let a process end the part it is at when the reader stops the command."""
    global _shared  # noqa: PLW0603 - what a process keeps from one part to the next
    _shared = shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work_here(work: Callable[[Any, Any], Any], item: Any) -> Any:
    return work(_shared, item)


@dataclass(frozen=True, eq=False)
class _Common:
    """What every part of a job on a cluster needs; a task of its own, so that a lost copy is made again."""

    work: Callable[[Any, Any], Any]
    shared: Any
    wanted: Mapping[str, str]


class _Cluster:
    """Workers of a Dask scheduler: a part whose worker died is done again by another."""

    def __init__(self, client: distributed.Client, address: str) -> None:
        self.client, self.address = client, address

    def run(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Sequence[Item],
        take: Callable[[int, Result], None],
    ) -> None:
        """See `geo.workers.Workers.run`; raises `WorkersError` when the scheduler or every worker is gone."""
        ended: queue.SimpleQueue[distributed.Future] = queue.SimpleQueue()
        common = self.client.submit(_keep, _Common(work, shared, fingerprint()), pure=False)
        futures = self.client.map(_work_there, items, common=common, pure=False)
        awaited = {future.key: (position, future) for position, future in enumerate(futures)}
        for future in futures:
            future.add_done_callback(ended.put)
        futures.clear()
        try:
            while awaited:
                future = self._next(ended)
                position, _ = awaited.pop(future.key)  # held by nobody else: a result leaves the cluster once taken
                take(position, self._result_of(future))
        finally:
            if self.client.status == "running":
                self.client.cancel([common, *(future for _, future in awaited.values())])

    def _next(self, ended: queue.SimpleQueue[distributed.Future]) -> distributed.Future:
        while True:
            try:
                return ended.get(timeout=_WATCH_S)
            except queue.Empty:
                self._look_for_workers()

    def _result_of(self, future: distributed.Future) -> Any:
        """Bring a result here; it is made again when the worker that held it is gone."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        while True:
            try:
                return future.result() if future.status == "error" else future.result(timeout=_WATCH_S)
            except CancelledError as error:
                raise self._lost("plus d’ordonnanceur") from error
            except TimeoutError:
                if future.status == "error":
                    raise
                self._look_for_workers()
            except KilledWorker as error:
                raise self._lost("une partie qui arrête ses exécutants (mémoire insuffisante ?)") from error

    def _look_for_workers(self) -> None:
        """Wait a moment for a worker where there is none."""
        try:
            if not self.client.nthreads():  # those that pause for want of memory are there
                self.client.wait_for_workers(1, timeout=_RETURN_S)
        except TimeoutError as error:
            raise self._lost("plus aucun exécutant") from error
        except (OSError, RuntimeError) as error:  # the connection, or the client that closed with it
            raise self._lost("plus d’ordonnanceur") from error

    def _lost(self, found: str) -> WorkersError:
        return WorkersError(self.address, found=found, remedy=_KEPT)


def _keep(common: _Common) -> _Common:
    return common


def _work_there(item: Any, *, common: _Common) -> Any:
    """Do a part on a worker, once it is known to be the same as who asks: it may have come since the others were."""
    import distributed  # noqa: PLC0415 - an extra

    _require_same(distributed.get_worker().address, common.wanted, fingerprint())
    return common.work(common.shared, item)


@contextmanager
def _connected(address: str) -> Iterator[distributed.Client]:
    if not _ADDRESS.fullmatch(address):
        raise WorkersError("--cluster", expected="une adresse comme tcp://hote:8786", found=f"« {address} »")
    try:
        import dask  # noqa: PLC0415 - an extra
        import distributed  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise WorkersError(
            "--cluster", expected=f"{_extra()}, une option d’installation", found="rien", remedy=_how_to_install()
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    for name in ("client", "core"):
        logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL)  # what happens is said in French, once
    # What every part needs is sent once; Dask would advise to send it another way.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "100 GB"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=distributed.versions.VersionMismatchWarning)  # a refusal, below
        try:
            with ThreadPoolExecutor(1) as apart:  # a notebook already runs a loop in its own thread
                apart.submit(asyncio.run, asyncio.wait_for(_knock(address), _ANSWER_S)).result()
            client = distributed.Client(address, timeout=_ANSWER_S, set_as_default=False)
        except Exception as error:  # whatever a stranger answers
            raise WorkersError(
                address, expected="un ordonnanceur Dask", found=f"aucune réponse en {_ANSWER_S:.0f} s", remedy=_HOW
            ) from error
        with client:
            _check_workers(client, address)
            yield client


async def _knock(address: str) -> None:
    """Find out that a scheduler answers: the client itself would wait forever for one that accepts and says nothing."""
    from distributed.comm import connect  # noqa: PLC0415 - an extra
    from distributed.security import Security  # noqa: PLC0415 - an extra

    stream = await connect(address, timeout=_ANSWER_S, **Security().get_connection_args("client"))
    await stream.close()


def _check_workers(client: distributed.Client, address: str) -> None:
    """Compare every worker with this process.

    Raises
    ------
    WorkersError
        There is none, or one differs; it is named.
    """
    try:
        client.wait_for_workers(1, timeout=_ANSWER_S)
    except TimeoutError as error:
        raise WorkersError(address, expected="au moins un exécutant", found="aucun", remedy=_HOW) from error
    for worker, n_threads in sorted(client.nthreads().items()):
        if n_threads != 1:  # Matplotlib draws in one thread
            found = f"{n_threads} fils"
            raise WorkersError(worker, expected="un exécutant d’un seul fil (--nthreads 1)", found=found, remedy=_HOW)
    wanted = fingerprint()
    for worker, found in sorted(client.run(fingerprint, on_error="return").items()):
        if isinstance(found, BaseException):
            raise WorkersError(
                worker, expected="un exécutant lancé depuis la même copie de Maillage", found=found, remedy=_HOW
            )
        _require_same(worker, wanted, found)


def _require_same(worker: str, wanted: Mapping[str, str], found: Mapping[str, str]) -> None:
    differing = [name for name in sorted({*wanted, *found}) if wanted.get(name) != found.get(name)][:_MOST_NAMED]
    if differing:
        expected, seen = (
            ", ".join(f"{name} {side.get(name, 'absent')}" for name in differing) for side in (wanted, found)
        )
        remedy = "Mettez-le à jour, puis relancez-le : tous lisent les mêmes données avec le même code."
        raise WorkersError(worker, expected=expected, found=seen, remedy=remedy)


def _extra() -> str:
    """Return what has to be installed, as pip takes it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return " ".join(project["optional-dependencies"]["cluster"])


def _how_to_install() -> str:
    return f'Installez-le : .venv/bin/pip install "{_extra()}".'
