"""Lists of projects kept in versions: the same tests on SQLite and on a real PostgreSQL server."""

import contextlib
import multiprocessing
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.terms.project_list import COLUMNS, DTYPES, empty_projects
from data.errors import ContractError
from data.projects import database as database_module
from data.projects import storage
from data.projects.database import FORMATS, ROWS, ProjectsUnavailable, open_database, projects_url, reading, writing
from data.projects.history import compare_versions
from data.projects.schema import FILE_NAME, URL_VARIABLE, conform
from data.projects.storage import (
    ListTooLong,
    NothingToUndo,
    change_projects,
    forget,
    read_history,
    read_projects,
    read_state,
    redo,
    restore,
    undo,
)

ME, OTHER = "poste", "cle:abc"


def project(name="MSP du Lac", **values):
    row = dict.fromkeys(COLUMNS) | {
        "name": name, "structure_type": "msp", "commune_code": "48095", "departement_code": "48", "region_code": "76",
        "longitude": 3.5, "latitude": 44.52, "point_origin": "commune", "stage": "projet", "abandoned": False,
    }  # fmt: skip
    return pd.DataFrame([row | values])


def adding(*tables):
    def edit(current):
        return pd.concat([table.astype("object") for table in (current, *tables) if len(table)], ignore_index=True)

    return edit


def names(table):
    return table["name"].tolist()


@pytest.fixture(scope="session")
def postgres_url():
    """Start a PostgreSQL server of Debian on 127.0.0.1, under a user of its own; skip, and say why, where none can."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    if not folders:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    binaries = folders[-1]
    if os.geteuid() == 0:
        user = next((n for n in ("postgres", "nobody") if _user_exists(n)), None)
        if user is None or not shutil.which("setpriv"):
            pytest.skip("PostgreSQL refuses to run as root, and there is no setpriv or no other user to run it as")
        entry = pwd.getpwnam(user)
        prefix = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    else:
        user, prefix = pwd.getpwuid(os.geteuid()).pw_name, []
    # /tmp and not pytest's own folder, which only root may enter.
    home = Path(tempfile.mkdtemp(prefix="maillage-pg-"))
    if prefix:
        shutil.chown(home, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = home / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    password = home / "password"
    password.write_text("secret-de-test", encoding="utf-8")
    password.chmod(0o644)
    made = subprocess.run(
        [*prefix, binaries / "initdb", "-D", data, "-U", "maillage", "-A", "scram-sha-256", f"--pwfile={password}",
         "-E", "UTF8", "--no-sync"],
        env=environment, capture_output=True, text=True, check=False, cwd=home,
    )  # fmt: skip
    if made.returncode:
        shutil.rmtree(home, ignore_errors=True)
        pytest.skip(f"initdb failed: {made.stderr[-300:]}")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
    control = [*prefix, binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", home / "log"]
    # Not captured: the server would inherit the pipe and keep it open.
    started = subprocess.run(
        [*control, "-o", options, "start"],
        env=environment, cwd=home, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if started.returncode:
        log = (home / "log").read_text(errors="replace") if (home / "log").exists() else ""
        shutil.rmtree(home, ignore_errors=True)
        pytest.skip(f"pg_ctl failed: {log[-300:]}")
    try:
        yield f"postgresql://maillage:secret-de-test@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], env=environment, cwd=home, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)


def _user_exists(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, monkeypatch):
    """Address of an empty database of each engine, as the administrator would give it."""
    if request.param == "sqlite":
        monkeypatch.delenv(URL_VARIABLE, raising=False)
        yield projects_url(tmp_path)
        return
    address = request.getfixturevalue("postgres_url")
    server = sa.create_engine(sa.make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    name = f"t{os.getpid()}_{time.monotonic_ns()}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    monkeypatch.setenv(URL_VARIABLE, address.replace("/postgres", f"/{name}"))
    yield projects_url()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture
def database(url):
    engine = open_database(url)
    yield engine
    engine.dispose()


class TestChanges:
    def test_a_list_never_written_is_empty_and_typed(self, database):
        found = read_projects(database, ME)
        pd.testing.assert_frame_equal(found, empty_projects())
        assert read_state(database, ME).revision == 0
        assert read_history(database, ME).empty

    def test_what_is_saved_comes_back_with_its_types_and_its_unknowns(self, database):
        full = project(
            opened_on="2021-03-12", stage="ouvert", n_gp=3, n_professionals=7.0, accompanied=True, facilitator="Forms",
            finess_code="480001234", note="Élan « d’été » ; œuvre",
        )  # fmt: skip
        change_projects(database, ME, adding(full, project("Autre")), action="Ajout")
        found = read_projects(database, ME)
        assert found.dtypes.astype(str).to_dict() == DTYPES
        assert found["project_id"].tolist() == ["P00001", "P00002"]
        first, second = found.iloc[0], found.iloc[1]
        assert first["opened_on"] == pd.Timestamp("2021-03-12")
        assert first["note"] == "Élan « d’été » ; œuvre"
        assert first["accompanied"] is True or bool(first["accompanied"])
        assert pd.isna(second["n_gp"])
        assert pd.isna(second["accompanied"])
        assert pd.isna(second["opened_on"])
        assert pd.isna(second["facilitator"])

    def test_a_change_that_changes_nothing_makes_no_version(self, database):
        change_projects(database, ME, adding(project()), action="Ajout")
        before = read_state(database, ME)
        assert not change_projects(database, ME, lambda table: table, action="Rien")
        assert read_state(database, ME).version == before.version

    def test_a_difference_counts_what_was_added_changed_and_removed(self, database):
        change_projects(database, ME, adding(project("A"), project("B"), project("C")), action="Ajout")

        def edit(table):
            kept = table[table["name"] != "C"].copy()
            kept.loc[kept["name"] == "A", "stage"] = "ouvert"
            return adding(project("D"))(kept)

        assert change_projects(database, ME, edit, action="Tout") == storage.Difference(1, 1, 1)
        told = compare_versions(database, ME, 2)
        assert dict(zip(told["name"], told["change"], strict=True)) == {"A": "modifié", "C": "retiré", "D": "ajouté"}
        assert told.loc[told["name"] == "A", "columns"].tolist() == ["stage"]

    def test_a_number_is_never_given_twice(self, database):
        change_projects(database, ME, adding(project("A"), project("B")), action="Ajout")
        change_projects(database, ME, lambda table: table.iloc[:0], action="Vider")
        change_projects(database, ME, adding(project("C")), action="Ajout")
        assert read_projects(database, ME)["project_id"].tolist() == ["P00003"]

    @pytest.mark.parametrize("wrong", [{"stage": "rêve"}, {"n_gp": -1}, {"commune_code": None}, {"longitude": 400.0}])
    def test_what_breaks_the_contract_changes_nothing(self, database, wrong):
        change_projects(database, ME, adding(project("A")), action="Ajout")
        with pytest.raises(ContractError):
            change_projects(database, ME, adding(project("B", **wrong)), action="Faux")
        assert names(read_projects(database, ME)) == ["A"]
        assert read_state(database, ME).version == 1

    def test_a_list_too_long_is_refused_whole(self, database, monkeypatch):
        monkeypatch.setattr(storage, "MOST_PROJECTS", 2)
        with pytest.raises(ListTooLong, match="2 projets au plus"):
            change_projects(database, ME, adding(project("A"), project("B"), project("C")), action="Ajout")
        assert read_projects(database, ME).empty

    def test_an_edit_that_fails_leaves_what_was_saved(self, database):
        change_projects(database, ME, adding(project("A")), action="Ajout")

        def broken(_table):
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            change_projects(database, ME, broken, action="Panne")
        assert names(read_projects(database, ME)) == ["A"]
        change_projects(database, ME, adding(project("B")), action="Ajout")  # the lock was let go
        assert names(read_projects(database, ME)) == ["A", "B"]


class TestOwners:
    def test_nobody_sees_the_rows_of_another(self, database):
        change_projects(database, ME, adding(project("Le mien")), action="Ajout")
        change_projects(database, OTHER, adding(project("Le sien"), project("Son autre")), action="Ajout")
        assert names(read_projects(database, ME)) == ["Le mien"]
        assert names(read_projects(database, OTHER)) == ["Le sien", "Son autre"]
        assert len(read_history(database, ME)) == 1
        undo(database, OTHER)
        assert names(read_projects(database, ME)) == ["Le mien"]
        forget(database, ME)
        redo(database, OTHER)
        assert len(read_projects(database, OTHER)) == 2
        assert read_projects(database, "inconnu").empty

    def test_to_forget_leaves_no_row_in_the_database(self, database):
        change_projects(database, ME, adding(project("Secret")), action="Ajout")
        change_projects(database, ME, lambda table: table.iloc[:0], action="Vider")
        forget(database, ME)
        assert read_projects(database, ME).empty
        assert read_history(database, ME).empty
        with database.connect() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM maillage_project_rows")).scalar() == 0


class TestVersions:
    def test_undo_and_redo_walk_through_the_versions(self, database):
        for name in "ABC":
            change_projects(database, ME, adding(project(name)), action=f"Ajout de {name}")
        assert undo(database, ME) == 2
        assert names(read_projects(database, ME)) == ["A", "B"]
        assert undo(database, ME) == 1
        assert redo(database, ME) == 2
        assert redo(database, ME) == 3
        assert names(read_projects(database, ME)) == ["A", "B", "C"]
        with pytest.raises(NothingToUndo):
            redo(database, ME)

    def test_undo_stops_at_the_empty_list(self, database):
        change_projects(database, ME, adding(project()), action="Ajout")
        undo(database, ME)
        assert read_projects(database, ME).empty
        with pytest.raises(NothingToUndo):
            undo(database, ME)

    def test_a_change_after_an_undo_forgets_what_was_undone_and_nothing_else(self, database):
        change_projects(database, ME, adding(project("A", note="avant")), action="Ajout")
        change_projects(database, ME, lambda table: table.assign(note="après"), action="Note")
        change_projects(database, ME, lambda table: table.iloc[:0], action="Vider")
        undo(database, ME)
        undo(database, ME)
        change_projects(database, ME, adding(project("B")), action="Ajout")
        assert names(read_projects(database, ME)) == ["A", "B"]
        assert read_projects(database, ME)["note"].iloc[0] == "avant"
        assert not read_state(database, ME).can_redo
        assert read_history(database, ME)["action"].tolist() == ["Ajout", "Ajout"]

    @pytest.mark.parametrize(
        "act",
        [
            lambda database, seen: undo(database, ME, expected=seen),
            lambda database, seen: restore(database, ME, 1, expected=seen),
            lambda database, seen: forget(database, ME, expected=seen),
            lambda database, seen: change_projects(
                database, ME, lambda table: table.iloc[:0], action="Vider", expected=seen
            ),
        ],
    )
    def test_what_another_did_since_is_never_undone_by_who_has_not_seen_it(self, database, act):
        change_projects(database, ME, adding(project("A")), action="Ajout")
        seen = read_state(database, ME).revision
        change_projects(database, ME, adding(project("B")), action="Ajout", author="Bob")
        with pytest.raises(storage.ListMoved, match="Rien n’a été fait"):
            act(database, seen)
        assert names(read_projects(database, ME)) == ["A", "B"]
        act(database, read_state(database, ME).revision)
        assert names(read_projects(database, ME)) in ([], ["A"])

    def test_each_write_has_a_revision_of_its_own_so_that_no_cache_is_stale(self, database):
        seen = set()
        for act in (
            lambda: change_projects(database, ME, adding(project("A")), action="Ajout"),
            lambda: undo(database, ME),
            lambda: change_projects(database, ME, adding(project("B")), action="Ajout"),
            lambda: forget(database, ME),
            lambda: change_projects(database, ME, adding(project("C")), action="Ajout"),
        ):
            act()
            seen.add(read_state(database, ME).revision)
        assert len(seen) == 5

    def test_to_restore_adds_a_version_and_loses_none(self, database):
        change_projects(database, ME, adding(project("A")), action="Ajout")
        change_projects(database, ME, lambda table: table.assign(name="Z"), action="Renommer")
        restore(database, ME, 1, author="Ana")
        assert names(read_projects(database, ME)) == ["A"]
        history = read_history(database, ME)
        assert history["action"].tolist() == ["Retour à la version 1", "Renommer", "Ajout"]
        assert history["author"].iloc[0] == "Ana"
        assert names(read_projects(database, ME, 2)) == ["Z"]
        with pytest.raises(NothingToUndo, match="version 9"):
            restore(database, ME, 9)

    def test_the_oldest_versions_go_and_the_list_stays_whole(self, database, monkeypatch):
        monkeypatch.setattr(storage, "MOST_VERSIONS", 3)
        for name in "ABCDEF":
            change_projects(database, ME, adding(project(name)), action="Ajout")
        assert names(read_projects(database, ME)) == list("ABCDEF")
        for _ in range(3):
            undo(database, ME)
        assert names(read_projects(database, ME)) == list("ABC")
        with pytest.raises(NothingToUndo):
            undo(database, ME)
        assert len(read_history(database, ME)) == 4

    def test_the_history_says_what_is_shown_and_what_is_undone(self, database):
        for name in "AB":
            change_projects(database, ME, adding(project(name)), action="Ajout", author="ana@ars.fr")
        undo(database, ME)
        history = read_history(database, ME).set_index("version")
        assert history["is_shown"].to_dict() == {2: False, 1: True}
        assert history["is_undone"].to_dict() == {2: True, 1: False}
        age = pd.Timestamp.now("UTC").tz_localize(None) - history["made_on"].max()
        assert pd.Timedelta(0) <= age < pd.Timedelta("1min")


class TestSeveralWriters:
    def test_none_of_two_writers_at_once_is_lost(self, database):
        def write(letter):
            for number in range(5):
                change_projects(database, ME, adding(project(f"{letter}{number}")), action="Ajout")

        threads = [threading.Thread(target=write, args=(letter,)) for letter in "ABC"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        found = read_projects(database, ME)
        assert sorted(found["name"]) == sorted(f"{letter}{number}" for letter in "ABC" for number in range(5))
        assert found["project_id"].is_unique
        assert read_state(database, ME).version == 15

    def test_several_processes_may_open_a_new_database_at_once(self, url):
        address = url.render_as_string(hide_password=False)
        code = (
            "import sys, sqlalchemy as sa\n"
            "from data.projects.database import open_database\n"
            "open_database(sa.make_url(sys.argv[1])).dispose()"
        )
        root = Path(__file__).parents[3]
        runs = [subprocess.Popen([sys.executable, "-c", code, address], cwd=root) for _ in range(2)]
        assert [run.wait(timeout=60) for run in runs] == [0, 0]

    def test_an_import_killed_in_the_middle_leaves_the_version_before(self, url, tmp_path):
        engine = open_database(url)
        change_projects(engine, ME, adding(project("A")), action="Ajout")
        mark = tmp_path / "writing"
        context = multiprocessing.get_context("spawn")
        address = url.render_as_string(hide_password=False)
        writer = context.Process(target=_write_then_hang, args=(address, str(mark)))
        writer.start()
        limit = time.monotonic() + 60
        while not mark.exists() and time.monotonic() < limit:
            time.sleep(0.05)
        assert mark.exists()
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(timeout=20)
        assert names(read_projects(engine, ME)) == ["A"]
        assert read_state(engine, ME).version == 1
        change_projects(engine, ME, adding(project("B")), action="Ajout")
        assert names(read_projects(engine, ME)) == ["A", "B"]
        engine.dispose()


def _write_then_hang(address, mark):
    """Import, and stop after every row was written but before the end of the transaction."""
    engine = open_database(sa.make_url(address))

    def hang(*_arguments, **_values):
        Path(mark).touch()
        time.sleep(120)

    storage._move = hang
    change_projects(engine, ME, adding(*(project(f"X{n}") for n in range(50))), action="Import")


class TestDatabase:
    def test_another_layout_is_refused_and_left_alone(self, url):
        engine = open_database(url)
        with writing(engine) as connection:
            connection.execute(FORMATS.update().values(format=99))
        engine.dispose()
        with pytest.raises(ProjectsUnavailable, match="format 99"):
            open_database(url)

    def test_a_database_made_before_the_planned_opening_is_brought_up_to_date(self, url):
        engine = open_database(url)
        change_projects(engine, ME, adding(project("X1"), project("X2")), action="Import")
        with writing(engine) as connection:
            connection.exec_driver_sql(f"ALTER TABLE {ROWS.name} DROP COLUMN opening_planned_on")
            connection.execute(FORMATS.update().values(format=1))
        engine.dispose()
        engine = open_database(url)
        table = read_projects(engine, ME)
        assert len(table) == 2
        assert table["opening_planned_on"].isna().all()
        day = pd.Timestamp("2027-03-01")
        change_projects(engine, ME, lambda now: now.assign(opening_planned_on=day), action="Date")
        assert read_projects(engine, ME)["opening_planned_on"].eq(day).all()
        open_database(url).dispose()  # and only once
        engine.dispose()

    def test_a_file_that_is_not_a_database_is_named(self, tmp_path, monkeypatch):
        monkeypatch.delenv(URL_VARIABLE, raising=False)
        (tmp_path / FILE_NAME).write_bytes(b"ceci n'est pas une base" * 200)
        with pytest.raises(ProjectsUnavailable, match=FILE_NAME):
            open_database(projects_url(tmp_path))

    def test_the_file_is_for_its_owner_alone(self, tmp_path, monkeypatch):
        monkeypatch.delenv(URL_VARIABLE, raising=False)
        open_database(projects_url(tmp_path)).dispose()
        assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize("address", ["mysql://ana:motdepasse@h/b", "motdepasse", "sqlite://", "://"])
    def test_an_address_of_another_kind_is_refused_without_being_shown(self, monkeypatch, address):
        monkeypatch.setenv(URL_VARIABLE, address)
        with pytest.raises(ProjectsUnavailable) as caught:
            projects_url()
        assert "motdepasse" not in str(caught.value)

    def test_a_server_that_does_not_answer_is_said_without_its_password(self, monkeypatch):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        monkeypatch.setenv(URL_VARIABLE, f"postgres://ana:motdepasse@127.0.0.1:{port}/projets")
        with pytest.raises(ProjectsUnavailable, match="PostgreSQL") as caught:
            open_database(projects_url())
        assert "motdepasse" not in str(caught.value)
        assert "127.0.0.1" not in str(caught.value)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["add", "drop", "rename", "undo", "redo", "restore"]), max_size=8))
def test_any_walk_gives_what_a_plain_list_of_versions_would(tmp_path_factory, steps):
    """The slow twin: every version kept as a whole in a Python list, with a place in it."""
    engine = open_database(projects_url(tmp_path_factory.mktemp("walk")))
    versions, at, count = [{}], 0, 0
    for step in steps:
        now = dict(versions[at])
        with contextlib.suppress(NothingToUndo):
            if step == "undo":
                undo(engine, ME)
                at -= 1
                continue
            if step == "redo":
                redo(engine, ME)
                at += 1
                continue
        if step in {"undo", "redo"}:
            continue
        if step == "add":
            count += 1
            change_projects(engine, ME, adding(project(f"N{count}")), action=step)
            now[f"P{count:05d}"] = f"N{count}"
        elif step == "drop":
            change_projects(engine, ME, lambda table: table.iloc[1:], action=step)
            now = dict(sorted(now.items())[1:])
        elif step == "rename":
            change_projects(engine, ME, lambda table: table.assign(name=table["name"] + "!"), action=step)
            now = {key: f"{name}!" for key, name in now.items()}
        elif versions:
            restore(engine, ME, 0)
            now = {}
        if now != versions[at]:
            versions, at = [*versions[: at + 1], now], at + 1
    found = read_projects(engine, ME)
    assert dict(zip(found["project_id"], found["name"], strict=True)) == versions[at]
    pd.testing.assert_frame_equal(found, conform(found))
    engine.dispose()


@contextlib.contextmanager
def relay(server_port):
    """Stand between a client and a server; once told to be silent, keep every connection open and pass nothing on."""
    silence, ends = threading.Event(), []

    def pass_on(source, sink):
        with contextlib.suppress(OSError):
            while content := source.recv(65_536):
                if silence.is_set():
                    return
                sink.sendall(content)

    def accept(listener):
        with contextlib.suppress(OSError):
            while True:
                near, far = listener.accept()[0], socket.create_connection(("127.0.0.1", server_port))
                ends.extend([near, far])
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=pass_on, args=pair, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1], silence
        listener.shutdown(socket.SHUT_RDWR)
    for end in ends:
        end.close()


class TestOutages:
    @pytest.fixture
    def silent(self):
        """Listen, accept, and say nothing; count the callers."""
        callers = []
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def accept():
                with contextlib.suppress(OSError):
                    while True:
                        callers.append(listener.accept()[0])

            threading.Thread(target=accept, daemon=True).start()
            yield f"postgresql://maillage:secret@127.0.0.1:{listener.getsockname()[1]}/projets", callers
            listener.shutdown(socket.SHUT_RDWR)
        for caller in callers:
            caller.close()

    def test_a_silent_server_is_waited_for_once_then_left_alone_for_a_while(self, silent, monkeypatch):
        url, callers = silent
        monkeypatch.setenv(URL_VARIABLE, url)
        took_s = []
        for _ in range(4):
            begun = time.monotonic()
            with pytest.raises(ProjectsUnavailable) as refusal:
                open_database(projects_url())
            took_s.append(time.monotonic() - begun)
            assert "secret" not in str(refusal.value)
        assert took_s[0] < database_module.CONNECT_S + 1
        assert max(took_s[1:]) < 0.2
        assert len(callers) == 1

    def test_it_is_asked_again_after_the_pause_by_one_reader_alone(self, silent, monkeypatch):
        url, callers = silent
        monkeypatch.setenv(URL_VARIABLE, url)
        monkeypatch.setattr(database_module, "PAUSE_S", 4.0)
        monkeypatch.setattr(database_module, "CONNECT_S", 2)

        def ask():
            with pytest.raises(ProjectsUnavailable):
                open_database(projects_url())

        ask()
        time.sleep(4.1)
        readers = [threading.Thread(target=ask) for _ in range(4)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert len(callers) == 2

    def test_a_server_that_falls_silent_after_the_connection_is_hung_up_on_then_left_alone(
        self, postgres_url, monkeypatch
    ):
        monkeypatch.setattr(database_module, "ANSWER_S", 1.5)
        monkeypatch.setattr(database_module, "WRITE_S", 1.5)
        with relay(sa.make_url(postgres_url).port) as (port, silence):
            monkeypatch.setenv(URL_VARIABLE, re.sub(r":[0-9]+/", f":{port}/", postgres_url))
            engine = open_database(projects_url())
            change_projects(engine, f"silent{port}", adding(project("X1")), action="Import")
            silence.set()
            took_s = []
            for ask in (lambda: read_projects(engine, ME), lambda: read_state(engine, ME)):
                begun = time.monotonic()
                with pytest.raises(ProjectsUnavailable) as refusal:
                    ask()
                took_s.append(time.monotonic() - begun)
                assert "secret" not in str(refusal.value)
            assert took_s[0] < 5
            assert took_s[1] < 0.2
            engine.dispose()

    def test_a_connection_serves_the_next_operation_and_is_replaced_when_the_server_has_ended_it(
        self, postgres_url, monkeypatch
    ):
        monkeypatch.setenv(URL_VARIABLE, postgres_url)
        engine = open_database(projects_url())

        def process(hold=reading):
            with hold(engine) as connection:
                return connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()

        first = process()
        assert {process(), process(writing), process()} == {first}
        ends = sa.create_engine(projects_url(), poolclass=sa.NullPool)
        with reading(ends) as other:
            assert other.exec_driver_sql(f"SELECT pg_terminate_backend({first}, 5000)").scalar_one()
        assert process(writing) != first
        engine.dispose()

    @pytest.mark.parametrize("hold", [reading, writing])
    def test_a_statement_that_never_ends_is_stopped(self, postgres_url, monkeypatch, hold):
        monkeypatch.setattr(database_module, "ANSWER_S", 1.0)
        monkeypatch.setenv(URL_VARIABLE, f"{postgres_url}?application_name={hold.__name__}")
        engine = open_database(projects_url())
        begun = time.monotonic()
        with pytest.raises(ProjectsUnavailable), hold(engine) as connection:
            connection.exec_driver_sql("SELECT pg_sleep(60)")
        assert time.monotonic() - begun < 5
        with pytest.raises(ProjectsUnavailable, match="aucune réponse"):
            read_state(engine, ME)
        engine.dispose()

    def test_an_order_that_is_refused_is_no_outage(self, url):
        engine = open_database(url)
        for _ in range(2):
            with pytest.raises(ProjectsUnavailable) as refusal, writing(engine) as connection:
                connection.exec_driver_sql("SELECT nothing FROM nowhere")
            assert "aucune réponse" not in str(refusal.value)
        assert read_projects(engine, ME).empty
        engine.dispose()
