"""What a server says of itself among several: its number, its logs, its metrics, the files that it no longer has."""

import asyncio
import json
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from pages.app import logs
from pages.app.logs import LOG_VARIABLE, JsonLines, write_logs_as_asked
from pages.app.lost_files import LostFiles
from pages.app.server import METRICS_VARIABLE, ServerGuard


def answer(app, path, kind="http", **headers):
    """Return what an application sends for a path, message by message."""
    sent = []
    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()],
    }

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": f"{kind}.disconnect"}

    with ThreadPoolExecutor(1) as apart:  # the loop of the browser tests may be running in this thread
        apart.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    return sent


@pytest.mark.parametrize(("status", "said"), [(404, "Ce fichier n’est plus disponible"), (200, "contenu")])
def test_a_file_that_is_gone_is_said_in_french_and_one_that_is_there_is_given(status, said):
    sent = answer(LostFiles(PlainTextResponse("contenu", status)), "/maillage/media/abc.csv")
    assert sent[0]["status"] == status
    assert said in b"".join(message.get("body", b"") for message in sent).decode()
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_another_address_that_is_not_found_is_left_alone():
    sent = answer(LostFiles(PlainTextResponse("Not Found", 404)), "/media/abc/def")
    assert sent[1]["body"] == b"Not Found"


@pytest.mark.parametrize(
    ("setting", "headers", "status"),
    [
        ("1", {}, 200),
        ("1", {"X_Forwarded_For": "192.0.2.1"}, 404),
        ("1", {"forwarded": "for=192.0.2.1"}, 404),
        ("", {}, 404),
    ],
)
def test_metrics_are_given_where_asked_for_to_who_comes_by_no_proxy(monkeypatch, setting, headers, status):
    monkeypatch.setenv(METRICS_VARIABLE, setting)
    assert answer(ServerGuard(PlainTextResponse("# TYPE")), "/_stcore/metrics", **headers)[0]["status"] == status


@pytest.mark.parametrize(("number", "said"), [("2", "2"), ("", None), ("2; Path=/", None)])
def test_a_replica_says_its_number_and_nothing_else(monkeypatch, number, said):
    monkeypatch.setenv(logs.REPLICA_VARIABLE, number)
    started = answer(ServerGuard(PlainTextResponse("ok")), "/_stcore/health")[0]
    assert Headers(raw=started["headers"]).get("x-maillage-replica") == said

    async def accept(_scope, _receive, send):
        await send({"type": "websocket.accept", "headers": []})

    (accepted,) = answer(ServerGuard(accept), "/_stcore/stream", "websocket")
    assert Headers(raw=accepted["headers"]).get("x-maillage-replica") == said


def record_of(error):
    try:
        raise error
    except type(error):
        return logging.LogRecord("pages.app.notices", logging.ERROR, __file__, 1, "a page failed", (), sys.exc_info())


def test_a_line_tells_a_fault_without_its_words(monkeypatch):
    monkeypatch.setenv(logs.REPLICA_VARIABLE, "1")
    line = JsonLines().format(record_of(KeyError("le nom qu’un lecteur a écrit")))
    told = json.loads(line)
    assert (told["level"], told["message"], told["replica"]) == ("ERROR", "a page failed", "1")
    assert told["fault"]["type"] == "KeyError"
    assert told["fault"]["where"][-1].endswith("record_of")
    assert "lecteur" not in line
    assert "\n" not in line


@pytest.fixture
def _loggers_put_back(monkeypatch):
    monkeypatch.setattr(logs.streamlit_logger, "setup_formatter", logs.streamlit_logger.setup_formatter)
    root, kept = logging.getLogger(), list(logging.getLogger().handlers)
    states = [(each, list(each.handlers), each.propagate) for each in logs.streamlit_logger._loggers.values()]
    yield
    root.handlers[:] = kept
    for each, handlers, propagate in states:
        each.handlers[:], each.propagate = handlers, propagate


@pytest.mark.usefixtures("_loggers_put_back")
def test_every_logger_writes_json_where_it_is_asked_for_those_made_later_too(monkeypatch, capsys):
    monkeypatch.setenv(LOG_VARIABLE, "json")
    write_logs_as_asked()
    for name in ("streamlit", "pages.app.start", "uvicorn.error"):
        logs.streamlit_logger.get_logger("root" if name == "streamlit" else name)
        logging.getLogger(name).warning("dit par %s", name)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["message"] for line in lines] == [
        "dit par streamlit",
        "dit par pages.app.start",
        "dit par uvicorn.error",
    ]


@pytest.mark.usefixtures("_loggers_put_back")
@pytest.mark.parametrize("asked", ["", "json"])
def test_requests_and_websockets_are_not_written_down(monkeypatch, capsys, asked):
    monkeypatch.setenv(LOG_VARIABLE, asked)
    write_logs_as_asked()
    logging.getLogger("uvicorn.access").info("192.0.2.1 GET /?q=mot")
    logging.getLogger("uvicorn.error").info('192.0.2.1 - "WebSocket /_stcore/stream" [accepted]')
    assert capsys.readouterr().err == ""
