"""Long jobs by several processes and by a real Dask cluster (a scheduler, two workers): same bytes, nothing lost."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import distributed
import pytest

from data import workers as workers_module
from data.__main__ import main as data_main
from data.workers import WorkersError, open_workers
from geo.travel_time.roads.minutes import road_travel_times
from geo.workers import ALONE
from reports.__main__ import main as reports_main
from reports.studio import DOCUMENT_NAMES, FILE_NAMES
from tests.dask_cluster import PATIENCE, ROOT, Cluster
from tests.geo.travel_time.test_roads import PLAIN, long_street
from tests.toy_work import die_always, die_once, leave_a_mark, power, refuse, slow_power


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.stop()


def results_of(workers, work, shared, items):
    taken = {}
    workers.run(work, shared, items, taken.__setitem__)
    return taken


@pytest.fixture(params=["processes", "cluster"])
def where(request, cluster):
    """Return the options of a command that shares its work, as words."""
    return ["--jobs", "2"] if request.param == "processes" else ["--cluster", cluster.ready()]


def opened(where):
    return open_workers(2, None) if where[0] == "--jobs" else open_workers(1, where[1])


# --- the same as one process alone ----------------------------------------------------------------------------------


def test_every_part_comes_back_at_its_place(where):
    items = list(range(20))
    with opened(where) as workers:
        assert results_of(workers, power, 3, items) == results_of(ALONE, power, 3, items)
        assert results_of(workers, power, 2, [7]) == {0: b"7^2=49"}
        assert results_of(workers, power, 2, []) == {}


def test_who_takes_the_results_may_stop_and_the_rest_is_not_done(where, tmp_path):
    with opened(where) as workers:
        with pytest.raises(KeyboardInterrupt):
            workers.run(leave_a_mark, str(tmp_path), list(range(100)), stop_at_once)
        assert results_of(workers, power, 2, [4]) == {0: b"4^2=16"}  # and they serve again
    assert 1 <= len(list(tmp_path.iterdir())) < 100


def test_a_fault_of_a_part_is_that_of_the_whole(cluster):
    with open_workers(1, cluster.ready()) as workers, pytest.raises(ValueError, match="no "):
        results_of(workers, refuse, None, [1, 2, 3])


def stop_at_once(_position, _result):
    raise KeyboardInterrupt


def test_minutes_on_roads_are_the_same(where, tmp_path):
    path, at = long_street(tmp_path)  # three parts
    said = []
    with opened(where) as workers:
        shared = road_travel_times(
            path, at, PLAIN, folder=tmp_path / "kept", progress=lambda *told: said.append(told), workers=workers
        )
    assert shared.content_hash == road_travel_times(path, at, PLAIN).content_hash
    assert len(said) == 4  # the reading, then the three parts
    assert said[-1] == (1.0, "Trajets par la route : 261 lieux sur 261.")


def test_the_draws_are_the_same(where, capsys):
    asked = ["projection", "--territory", "region-76", "--draws", "350"]
    assert reports_main(asked) == 0
    alone = capsys.readouterr().out
    assert reports_main([*asked, *where]) == 0
    assert capsys.readouterr().out == alone


def test_the_atlas_is_the_same_and_goes_on_where_it_was(cluster, tmp_path, capsys):
    asked = ["atlas", "--departement", "48", "--dpi", "40", "--date", "2026-11-22", "--out", str(tmp_path)]
    assert reports_main([*asked, "--jobs", "2"]) == 0
    by_processes = contents(tmp_path)
    lozere = tmp_path / "departement-48_lozere"
    assert sorted(path.name for path in lozere.iterdir()) == sorted(FILE_NAMES)
    for name in DOCUMENT_NAMES:  # of all kinds: the slides hold maps and workbooks
        (lozere / name).unlink()
    capsys.readouterr()
    assert reports_main([*asked, "--cluster", cluster.ready()]) == 0
    assert f"3 fichiers à faire, {len(FILE_NAMES) - 3} déjà à jour" in capsys.readouterr().err
    assert contents(tmp_path) == by_processes


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what may go wrong ----------------------------------------------------------------------------------------------


def test_a_worker_that_dies_loses_nothing(cluster, tmp_path):
    with open_workers(1, cluster.ready()) as workers:
        found = results_of(workers, die_once, str(tmp_path), list(range(8)))
    assert (tmp_path / "died").exists()
    assert found == {item: item for item in range(8)}
    assert sum(worker.poll() is not None for worker in cluster.workers) == 1


def test_without_any_worker_left_it_ends_and_keeps_what_is_made(cluster, monkeypatch):
    monkeypatch.setattr(workers_module, "_RETURN_S", 1.0)
    address, taken = cluster.ready(), {}
    with open_workers(1, address) as workers, pytest.raises(WorkersError) as ended:
        workers.run(die_always, 5, list(range(6)), taken.__setitem__)
    assert "Trouvé : plus aucun exécutant. Ce qui est écrit est gardé" in str(ended.value)
    assert address in str(ended.value)
    assert taken == {item: item for item in range(5)}
    with pytest.raises(WorkersError, match="Attendu : au moins un exécutant"), open_workers(1, address):
        pass


def test_a_scheduler_that_dies_is_told(cluster):
    address, taken = cluster.ready(), []

    def end_the_scheduler(position, _result):
        taken.append(position)
        if len(taken) == 1:
            cluster.scheduler.kill()
            cluster.scheduler.wait()

    with open_workers(1, address) as workers, pytest.raises(WorkersError) as ended:
        workers.run(slow_power, 2, list(range(200)), end_the_scheduler)
    assert f"{address}. Trouvé : plus d’ordonnanceur. Ce qui est écrit est gardé" in str(ended.value)
    assert 1 <= len(taken) < 200


@contextlib.contextmanager
def one_more_worker(cluster, *words, cwd=ROOT, **environment):
    """Add a worker that is not as the others, and give its address."""
    with distributed.Client(cluster.address, timeout=PATIENCE, set_as_default=False) as client:
        known = set(client.nthreads())
        process = cluster.start_worker(*words, cwd=cwd, **environment)
        client.wait_for_workers(len(known) + 1, timeout=PATIENCE)
        (named,) = set(client.nthreads()) - known
        yield named
    process.kill()
    process.wait()


def test_a_worker_with_other_tables_is_named(cluster, tmp_path):
    address = cluster.ready()
    manifest = json.loads((ROOT / "data" / "snapshots" / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"other": True}))
    with open_workers(1, address) as workers, one_more_worker(cluster, MAILLAGE_SNAPSHOTS=str(tmp_path)) as named:
        with pytest.raises(WorkersError) as late:  # it came after the check
            results_of(workers, slow_power, 2, list(range(60)))
        with pytest.raises(WorkersError) as early, open_workers(1, address):
            pass
    for refused in (late, early):
        assert f"Calcul partagé : {named}. Attendu : données " in str(refused.value)
        assert "Mettez-le à jour" in str(refused.value)


def test_a_worker_of_several_threads_or_started_elsewhere_is_named(cluster, tmp_path):
    address = cluster.ready()
    with one_more_worker(cluster, "--nthreads", "2") as named:
        with pytest.raises(WorkersError, match=r"--nthreads 1.*Trouvé : 2 fils") as refused, open_workers(1, address):
            pass
        assert named in str(refused.value)
    with one_more_worker(cluster, cwd=tmp_path) as named:
        with pytest.raises(WorkersError, match="lancé depuis la même copie") as refused, open_workers(1, address):
            pass
        assert named in str(refused.value)


@contextlib.contextmanager
def stranger_at(answer: bytes | None):
    """Give an address where nobody is a scheduler: closed (None), silent (empty) or of another protocol."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        if answer is None:
            server.close()
        held = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    held.append(server.accept()[0])
                    held[-1].sendall(answer)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield address
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        serving.join()
        for one in held:
            one.close()


@pytest.mark.parametrize("answer", [None, b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["closed", "silent", "http"])
def test_an_address_where_no_scheduler_answers_is_told_at_once(answer, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(workers_module, "_ANSWER_S", 1.0)
    started = time.monotonic()
    with stranger_at(answer) as address:
        asked = ["atlas", "--departement", "976", "--out", str(tmp_path), "--cluster", address]
        assert reports_main(asked) == 1
    assert time.monotonic() - started < 30  # it would wait forever
    said = capsys.readouterr().err
    assert f"Échec. Calcul partagé : {address}. Attendu : un ordonnanceur Dask" in said
    assert "guide de l’administrateur" in said


@pytest.mark.parametrize("address", ["calcul", "ftp://calcul:8786", ""])
def test_what_is_no_address_is_refused(address, capsys):
    assert reports_main(["projection", "--territory", "france", "--cluster", address]) == 1
    assert "Attendu : une adresse comme tcp://hote:8786" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert reports_main(["projection", "--territory", "france", "--cluster", "tcp://127.0.0.1:8786"]) == 1
    assert 'pip install "distributed==' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--provider", "estimation", "--cluster", "tcp://127.0.0.1:8786"], "seul le calcul sur les routes"),
        (["--provider", "osm", "--file", "x.pbf", "--jobs", "0"], "--jobs : attendu 1 ou plus, trouvé 0"),
    ],
)
def test_what_cannot_be_shared_is_refused(asked, words, capsys):
    with pytest.raises(SystemExit) as stopped:
        data_main(["times", *asked])
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "words"),
    [(["--draws", "0"], "--draws : attendu de 1 à 100000, trouvé 0"), (["--jobs", "-1"], "--jobs : attendu 1 ou plus")],
)
def test_draws_badly_asked_are_refused(asked, words, capsys):
    with pytest.raises(SystemExit) as stopped:
        reports_main(["projection", "--territory", "france", *asked])
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_a_process_of_this_machine_that_dies_is_told(tmp_path):
    with open_workers(2) as workers, pytest.raises(WorkersError, match="relancez avec --jobs 1"):
        results_of(workers, die_once, str(tmp_path), list(range(8)))


def test_only_a_cluster_loads_its_library():
    code = "import sys, data.workers; sys.exit(not {'dask', 'distributed'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
