"""What stands between the network and Streamlit: limits, refusals and headers that hold for every address."""

import logging
import os
import re
from asyncio import base_events
from collections import Counter
from pathlib import Path
from typing import Final

from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.url_util import get_hostname

from pages.app.connections import send_at_once
from pages.app.downloads import PatientFileManager
from pages.app.logs import REPLICA_VARIABLE, write_logs_as_asked
from pages.app.lost_files import LostFiles
from pages.app.reader import PROXY_HEADERS, is_declared_local
from pages.app.shell import InFrench
from pages.app.static_files import CompressedFiles

LARGEST_OFFICIAL_FILE_MB: Final = 200
"""Largest official file that the page « Mise à jour » takes; a larger one goes by `python -m data sync --file`."""
MOST_KEPT_BYTES: Final = 64 * 2**20
"""Uploads kept for one visitor; the oldest leave first, the last one stays whatever its size."""
MOST_KEPT_BY_ALL_BYTES: Final = 1024 * 2**20
"""Uploads kept for all visitors; beyond, they are asked to come back later."""
MOST_AT_ONCE: Final = 2
"""Uploads of one visitor that may arrive at the same time."""
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
}

METRICS_VARIABLE: Final = "MAILLAGE_METRICS"
"""Set to 1, it opens the metrics to who asks this server itself, never to who comes by a proxy."""

UNKNOWN_PAGE: Final = "page_inconnue"
"""Query parameter that keeps the name of a page that does not exist, for the French sentence above the map."""
DEFAULT_PAGE: Final = "carte"

_PAGES: Final = frozenset(path.stem for path in Path(__file__).parents[1].glob("*.py"))
_NO_PAGES: Final = frozenset({"_stcore", "app", "auth", "component", "media", "oauth2callback", "static"})
"""Words of the addresses that are Streamlit's own, under a page too: a browser tries `/projets/_stcore/health` before
`/_stcore/health`, to find under which path the application is served."""
_LONGEST_NAME: Final = 60

_UPLOAD: Final = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")
_CLOSED: Final = re.compile(r"/_stcore/metrics/?$")


def prepare_settings() -> None:
    """Settle what Streamlit's configuration file cannot say; call it before the server answers."""
    # Streamlit asks a cloud provider for the machine's address, in the loop that serves all readers, for any websocket
    # whose Origin it does not know. Without an answer that Origin is refused, as it must be.
    net_util.get_external_ip = _no_external_ip
    write_logs_as_asked()
    base_events._set_nodelay = send_at_once  # type: ignore[attr-defined]  # noqa: SLF001 - no setting says it
    runtime.MediaFileManager = PatientFileManager  # type: ignore[attr-defined]  # no setting says it
    # What is made ahead, or at a click on a file, runs in no page: nothing to warn of.
    logging.getLogger(script_run_context.__name__).setLevel(logging.ERROR)
    if is_declared_local():
        config.set_option("server.maxUploadSize", LARGEST_OFFICIAL_FILE_MB)


def _no_external_ip() -> None:
    """Know no address of this machine outside; nobody is asked."""


class ServerGuard:
    """Refuse what no page asks for, before Streamlit sees it.

    - Uploads: few at a time and a bounded memory for each visitor and for all.
    - A websocket whose Origin is no address: Streamlit would fail on it; it refuses the foreign ones itself.
    - The order to empty the caches, which any reader could send, is dropped: it would slow all the others.
    - `/_stcore/metrics` is closed, but to the machines inside where `MAILLAGE_METRICS` says so.
    - An address that names no page leads to the map, which says so: Streamlit would say it in English.
    - Every answer carries `HEADERS`, where the application has not set its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._arriving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "websocket" and not _can_be_read(Headers(scope=scope).get("origin", "")):
            await send({"type": "websocket.close", "code": 1008})  # before any acceptance: answered 403
        elif scope["type"] == "websocket":
            await self._app(scope, _without_cache_orders(receive), _with_headers(send))
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _CLOSED.search(scope["path"]) and not _may_measure(Headers(scope=scope)):
            await PlainTextResponse("Not Found", 404)(scope, receive, _with_headers(send))
        elif scope["method"] == "PUT" and (upload := _UPLOAD.search(scope["path"])):
            await self._take_upload(upload["session"], scope, receive, _with_headers(send))
        elif scope["method"] == "GET" and (elsewhere := _page_elsewhere(scope)):
            await RedirectResponse(elsewhere, 303)(scope, receive, _with_headers(send))
        else:
            await self._app(scope, receive, _with_headers(send))

    async def _take_upload(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        if self._arriving[session] >= MOST_AT_ONCE or _kept_by_all() > MOST_KEPT_BY_ALL_BYTES:
            await PlainTextResponse("Too Many Requests", 429, {"Retry-After": "10"})(scope, receive, send)
            return
        self._arriving[session] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._arriving[session] -= 1
            if not self._arriving[session]:
                del self._arriving[session]
            _forget_oldest(session)


def _page_elsewhere(scope: Scope) -> str:
    """Return the address of the map for one that names no page, or names the map; empty for any other.

    It is relative, so that a proxy may serve the application under any path.
    """
    base = [part for part in config.get_option("server.baseUrlPath").split("/") if part]
    parts = scope["path"].strip("/").split("/")
    if parts[: len(base)] == base:
        parts = parts[len(base) :]
    is_page_asked = "text/html" in Headers(scope=scope).get("accept", "")
    if not is_page_asked or not parts or not parts[0] or _NO_PAGES & set(parts) or "." in parts[-1]:
        return ""
    name = "/".join(parts)
    if name in _PAGES - {DEFAULT_PAGE, "__init__"}:
        return ""
    up = "../" * (len(parts) - (not scope["path"].endswith("/"))) or "./"
    query = scope["query_string"].decode("latin-1")
    there = URL(f"{up}?{query}" if query else up)
    return str(there if name == DEFAULT_PAGE else there.include_query_params(**{UNKNOWN_PAGE: name[:_LONGEST_NAME]}))


def _may_measure(headers: Headers) -> bool:
    """Tell whether metrics are given: where they were asked for, to who did not come by a proxy."""
    return os.environ.get(METRICS_VARIABLE) == "1" and not any(name in headers for name in PROXY_HEADERS)


def _uploads() -> MemoryUploadedFileManager:
    manager = Runtime.instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101 - for mypy: the only one Streamlit has
    return manager


def _kept_by_all() -> int:
    return sum(len(file.data) for files in list(_uploads().file_storage.values()) for file in list(files.values()))


def _forget_oldest(session: str) -> None:
    """Drop the oldest uploads of a visitor until what stays is small enough."""
    manager = _uploads()
    files = list(manager.file_storage.get(session, {}).items())
    kept = sum(len(file.data) for _, file in files)
    for name, file in files[:-1]:
        if kept <= MOST_KEPT_BYTES:
            return
        manager.remove_file(session, name)
        kept -= len(file.data)


def _can_be_read(origin: str) -> bool:
    try:
        get_hostname(origin)
    except ValueError:
        return False
    return True


def _without_cache_orders(receive: Receive) -> Receive:
    async def receive_others() -> Message:
        while True:
            message = await receive()
            if not (message["type"] == "websocket.receive" and _empties_caches(message.get("bytes"))):
                return message

    return receive_others


def _empties_caches(content: bytes | None) -> bool:
    if not content:
        return False
    asked = BackMsg()
    try:
        asked.ParseFromString(content)
    except ValueError:  # DecodeError: Streamlit words it
        return False
    return asked.WhichOneof("type") == "clear_cache"


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        if message["type"] in {"http.response.start", "websocket.accept"} and (number := _replica()):
            MutableHeaders(scope=message)["X-Maillage-Replica"] = number
        await send(message)

    return send_with_headers


def _replica() -> str:
    """Return the number of this server among several, which the proxy reads (deploy/); empty where it has none."""
    number = os.environ.get(REPLICA_VARIABLE, "").strip()
    return number if number.isdecimal() else ""


MIDDLEWARE: Final = (
    Middleware(ServerGuard),
    Middleware(InFrench),
    Middleware(LostFiles),
    Middleware(CompressedFiles),
)
