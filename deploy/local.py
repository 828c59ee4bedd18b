"""The layout of a server without containers, on this machine alone: `python -m deploy.local`, stopped by Ctrl+C.

Debian's nginx before several replicas of the application, PostgreSQL for what readers write, one folder for what is
synced. It serves to try a setting, to measure, and as the plan of an installation by hand: see
docs/manual/administration.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg

from deploy.nginx import Front, write_configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
HOST: Final = "127.0.0.1"
START_S: Final = 120.0
"""Longest wait for a part to answer: the first screen is computed before a replica does."""
STOP_S: Final = 20.0
PORT: Final = 8600
_SBIN: Final = ("/usr/sbin", "/sbin", "/usr/local/sbin")


class LayoutError(RuntimeError):
    """A part is not installed, or did not start; says which and why."""


@dataclass
class Replica:
    """One server of the application.

    Attributes
    ----------
    number, port
        Its place among the others, from 1; where it listens on this machine.
    process
        What runs.
    """

    number: int
    port: int
    process: subprocess.Popen[bytes]


@dataclass
class Layout:
    """What runs.

    Attributes
    ----------
    address
        Where readers go, without a last slash.
    base_path
        Path of the address, without slashes at its ends.
    replicas
        The servers behind it.
    environment
        Variables that they were given: a command run with them works on the same data.
    folder
        Everything that is written stands in it.
    """

    address: str
    base_path: str
    folder: Path
    environment: Mapping[str, str]
    replicas: list[Replica] = field(default_factory=list)

    def direct(self, replica: Replica) -> str:
        """Return the address of a replica itself, behind nginx."""
        return f"http://{HOST}:{replica.port}" + (f"/{self.base_path}" if self.base_path else "")


def find_nginx() -> str | None:
    """Return the nginx of this machine; Debian keeps it out of the path of ordinary users."""
    return shutil.which("nginx") or next(filter(None, (shutil.which("nginx", path=path) for path in _SBIN)), None)


def find_postgresql() -> Path | None:
    """Return the folder of the programs of PostgreSQL, the latest that Debian installed where the path has none."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return installed[-1].parent if installed else None


@contextlib.contextmanager
def run_layout(
    folder: Path,
    *,
    n_replicas: int = 2,
    base_path: str = "",
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Layout]:
    """Run the whole layout; stop every part of it at the end.

    Parameters
    ----------
    folder
        Where everything is written; what a former run left in it is used again. As root, other users must be able to
        enter the folders above it: PostgreSQL refuses to run as root.
    n_replicas, base_path, port
        How many servers; path under which they are found; where nginx listens, any free one by default.
    settings
        Other variables of the replicas, as in the table of the guide.

    Raises
    ------
    LayoutError
        nginx or PostgreSQL is absent, or a part did not start.
    """
    nginx, postgresql = find_nginx(), find_postgresql()
    if nginx is None or postgresql is None:
        raise LayoutError("nginx et PostgreSQL sont nécessaires : sudo apt install nginx-light postgresql")
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        environment = _environment(folder, stack.enter_context(_postgresql(folder, postgresql))) | dict(settings or {})
        address = f"http://{HOST}:{port or free_port()}"
        layout = Layout(address + (f"/{base_path}" if base_path else ""), base_path, folder, environment)
        for number in range(1, n_replicas + 1):
            layout.replicas.append(_start_replica(stack, layout, number))
        for replica in layout.replicas:
            _wait_for_replica(layout, replica)
        _start_nginx(stack, layout, nginx, address.removeprefix("http://"))
        yield layout


def _environment(folder: Path, projects_url: str) -> dict[str, str]:
    """Return what every replica is given, as an installation by hand would write it in /etc/maillage/environment."""
    for name in ("data", "cache"):
        (folder / name).mkdir(exist_ok=True)
    return {
        "MAILLAGE_DATA": str(folder / "data"),
        "MAILLAGE_CACHE": str(folder / "cache"),
        "MAILLAGE_PROJECTS_URL": projects_url,
        "MAILLAGE_LOCAL": "",
        "MAILLAGE_LOG": "json",
        "MAILLAGE_METRICS": "1",
        "STREAMLIT_SERVER_COOKIE_SECRET": _secret(folder / "cookie.secret"),
    }


def _secret(path: Path) -> str:
    """Return a secret of this folder, drawn once."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")


def _start_replica(stack: contextlib.ExitStack, layout: Layout, number: int) -> Replica:
    """Start one server of the application, which answers once its first screen is ready."""
    port = free_port()
    options = {"address": HOST, "port": port, "baseUrlPath": layout.base_path, "headless": "true"}
    words = [sys.executable, "-m", "streamlit", "run", "app.py"]
    process = _start(
        [*words, *(f"--server.{name}={value}" for name, value in options.items())],
        layout.folder / f"replica-{number}.log",
        cwd=ROOT,
        env={**os.environ, **layout.environment, "MAILLAGE_REPLICA": str(number)},
    )
    stack.callback(stop, process)
    return Replica(number, port, process)


def _wait_for_replica(layout: Layout, replica: Replica) -> None:
    health = f"{layout.direct(replica)}/_stcore/health"
    _wait_for(lambda: _answers(health), replica.process, layout.folder / f"replica-{replica.number}.log")


def _start_nginx(stack: contextlib.ExitStack, layout: Layout, nginx: str, listen: str) -> None:
    configuration = write_nginx(layout, listen)
    log = layout.folder / "nginx.log"
    process = _start([nginx, "-p", str(layout.folder), "-e", "stderr", "-c", str(configuration)], log)
    stack.callback(stop, process)
    _wait_for(lambda: _answers(f"{layout.address}/_stcore/health"), process, log)


def write_nginx(layout: Layout, listen: str) -> Path:
    """Write the configuration of nginx, whole: what Debian's own would say around ours."""
    folder = layout.folder
    front = Front(
        tuple(f"{HOST}:{replica.port}" for replica in layout.replicas),
        listen=listen,
        base_path=layout.base_path,
        cache=str(folder / "nginx-cache"),
        access_log=str(folder / "access.log"),
        error_log=str(folder / "nginx.log"),
        extra=str(folder / "extra" / "*.conf"),
    )
    (folder / "maillage.conf").write_text(write_configuration(front), encoding="utf-8")
    places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {name}_temp_path {folder}/nginx-{name};\n" for name in places)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nworker_processes 2;\nworker_rlimit_nofile 8192;\n"
        f"events {{\n    worker_connections 2048;\n}}\nhttp {{\n{temporary}    include {folder}/maillage.conf;\n}}\n",
        encoding="utf-8",
    )
    return whole


@contextlib.contextmanager
def _postgresql(folder: Path, programs: Path) -> Iterator[str]:
    """Run PostgreSQL on a cluster of its own; give the address of its database."""
    password, port = _secret(folder / "postgresql.secret"), free_port()
    cluster, log = folder / "postgresql", folder / "postgresql.log"
    as_user = _as_ordinary_user()
    if as_user:
        folder.chmod(0o755)
    if not cluster.exists():
        _make_cluster(cluster, programs, password, as_user)
    settings = {"port": port, "listen_addresses": HOST, "unix_socket_directories": ""}
    words = [str(programs / "postgres"), "-D", str(cluster), *(f"--{name}={text}" for name, text in settings.items())]
    process = _start(words, log, cwd=cluster, **as_user)
    try:
        url = f"postgresql://maillage:{password}@{HOST}:{port}"
        _wait_for(lambda: _has_database(f"{url}/postgres"), process, log)
        yield f"{url}/maillage"
    finally:
        stop(process, signal.SIGINT)  # "fast": it waits for nobody and writes everything


def _make_cluster(cluster: Path, programs: Path, password: str, as_user: dict[str, Any]) -> None:
    cluster.mkdir(mode=0o700)
    if as_user:
        shutil.chown(cluster, as_user["user"], as_user["group"])
    given = [str(programs / "initdb"), "-D", str(cluster), "-U", "maillage", "-A", "scram-sha-256", "-E", "UTF8"]
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write(password)
        file.flush()
        if as_user:
            shutil.chown(file.name, as_user["user"])
        words = [*given, "--locale=C.UTF-8", "--no-sync", f"--pwfile={file.name}"]
        made = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cluster, **as_user)  # noqa: S603
    if made.returncode:
        shutil.rmtree(cluster)
        raise LayoutError(f"initdb : {made.stderr.strip()}")


def _has_database(url: str) -> bool:
    """Tell whether the server lets us in; make the database of the lists where it is not there."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'maillage'").fetchone()
            if known is None:
                connection.execute("CREATE DATABASE maillage")
    except psycopg.OperationalError:
        return False
    return True


def _as_ordinary_user() -> dict[str, Any]:
    """Return the user that PostgreSQL runs as; empty to keep this one."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import grp  # noqa: PLC0415 - not on Windows
    import pwd  # noqa: PLC0415 - as above

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_name, "group": grp.getgrgid(user.pw_gid).gr_name, "extra_groups": []}


def _start(words: Sequence[str], log: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own: a Ctrl+C then reaches us alone, and each part is stopped in order."""
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own words, read by no shell
            list(words), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **options
        )


def stop(process: subprocess.Popen[bytes], how: int = signal.SIGTERM) -> None:
    """End a program that we started, by force where it does not listen."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own http address
    except OSError:
        return False
    return True


def _wait_for(is_there: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    limit_s = time.monotonic() + START_S
    while time.monotonic() < limit_s and process.poll() is None:
        if is_there():
            return
        time.sleep(0.1)
    raise LayoutError(f"{log.name} :\n{log.read_text('utf-8', 'replace')[-2000:]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the layout until it is stopped."""
    asked = argparse.ArgumentParser(prog="python -m deploy.local", description="Maillage en répliques, sur ce poste.")
    asked.add_argument(
        "--folder", type=Path, help="dossier de tout ce qui est écrit (par défaut : un neuf, ôté à la fin)"
    )
    asked.add_argument("--replicas", type=int, default=2, help="nombre de serveurs (par défaut : 2)")
    asked.add_argument("--base-path", default="", help="chemin public, comme maillage")
    asked.add_argument("--port", type=int, default=PORT, help=f"port de nginx (par défaut : {PORT})")
    options = asked.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped as by Ctrl+C: every part is
    with tempfile.TemporaryDirectory(prefix="maillage-") as own:
        folder = (options.folder or Path(own)).resolve()
        base_path = options.base_path.strip("/")
        try:
            with run_layout(folder, n_replicas=options.replicas, base_path=base_path, port=options.port) as layout:
                print(f"Maillage : {layout.address}/  (Ctrl+C pour arrêter ; dossier {folder})", flush=True)
                signal.pause()
        except KeyboardInterrupt:
            print("Arrêté.")
        except LayoutError as error:
            print(f"Échec. {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
