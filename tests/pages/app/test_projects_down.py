"""The list of projects is down: what is not about it stays, with one line; a silent server is not waited for twice."""

import contextlib
import errno
import os
import socket
import time
from pathlib import Path

import pytest

from data.projects import schema
from pages.app.owner import SHARED_VARIABLE
from tests.pages.screens.projects.test_projets import LISTED, save
from tests.pages.test_screens import ROOT, as_shown, open_page

PASSWORD = "mot-de-passe-de-test"  # noqa: S105 - of no server
LINE = "Vos projets ne sont pas montrés."


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    monkeypatch.delenv(schema.URL_VARIABLE, raising=False)
    monkeypatch.delenv(SHARED_VARIABLE, raising=False)


@pytest.fixture(params=["corrupt", "read-only", "refusing", "silent"])
def fault(request, monkeypatch, tmp_path):
    """Make the list unavailable in one way."""
    with contextlib.ExitStack() as stack:
        if request.param == "corrupt":
            (tmp_path / schema.FILE_NAME).write_bytes(b"pas une base" * 500)
        elif request.param == "read-only":
            save(*LISTED)
            touch = Path.touch

            def refuse(path, *arguments, **options):
                if path.name == schema.FILE_NAME:
                    raise OSError(errno.EROFS, os.strerror(errno.EROFS))
                touch(path, *arguments, **options)

            monkeypatch.setattr(Path, "touch", refuse)
            from pages.app import projects as own_projects  # noqa: PLC0415 - for this case alone

            own_projects._open.clear()
        else:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            port = listener.getsockname()[1]
            if request.param == "refusing":
                listener.close()
            monkeypatch.setenv(schema.URL_VARIABLE, f"postgresql://maillage:{PASSWORD}@127.0.0.1:{port}/projets")
        yield request.param


def warnings(app):
    return [as_shown(warning.value) for warning in app.warning]


def test_what_is_not_about_projects_stays_with_one_line(fault):
    begun = time.monotonic()
    for name in ("carte", "territoire", "etude", "classement", "sources"):
        app = open_page(name, territoire="departement-48", **({"commune": "48095"} if name == "etude" else {}))
        assert not app.exception
        assert not app.error
        assert sum(LINE in said for said in warnings(app)) <= 1
        if name in {"carte", "territoire"}:
            assert sum(LINE in said for said in warnings(app)) == 1
        assert PASSWORD not in " ".join(warnings(app))
    if fault == "silent":
        assert time.monotonic() - begun < 40


def test_the_pages_of_projects_say_it(fault):
    for name in ("projets", "suivi_projets"):
        app = open_page(name)
        assert not app.exception
        said = " ".join(as_shown(error.value) for error in app.error)
        assert "Liste de projets indisponible" in said
        assert PASSWORD not in said
