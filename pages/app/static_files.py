"""The files of the map and the scripts of packages, compressed once for all readers and kept by their browsers."""

import gzip
import hashlib
import mimetypes
import re
import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from anyio import to_thread
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

STATIC_FOLDER: Final = Path("static")
GEOMETRY_INDEX: Final = STATIC_FOLDER / "geometry" / "index.json"
UNTIL_CHANGED: Final = "public, max-age=31536000, immutable"

_ASKED: Final = re.compile(
    r"/app/static/(?P<ours>(?:geometry|vendor)(?:/\w[\w.-]*)+)$"
    r"|/component/streamlit_folium\.st_folium/static/(?P<frame>js/\w[\w.-]*)$"
    r"|(?<!/app)/static/(?P<page>(?:js|css)/\w[\w.-]*)$"
)


def _folder_of(package: str) -> Path:
    """Return the folder of a package without importing it: a component must be declared after the server's start."""
    found = find_spec(package)
    assert found is not None and found.origin is not None  # noqa: S101, PT018 - a dependency
    return Path(found.origin).parent


_FOLDERS: Final = {
    "ours": STATIC_FOLDER,
    "frame": _folder_of("streamlit_folium") / "frontend" / "build" / "static",
    "page": Path(get_static_dir(), "static"),
}
"""The names in the last two, of packages, change whenever their files do."""
_READING: Final = threading.Lock()


class _Compressed(NamedTuple):
    tag: str
    content: bytes


class CompressedFiles:
    """Answer for the files of the map, and for the scripts of Streamlit and of the map's frame, from memory.

    Streamlit compresses the first anew for each reader, in the loop that serves all of them: 90 ms of processor for
    the communes; the others never: three times the bytes. What this can't answer (another method, a part of a file, no
    compression wanted) goes on to Streamlit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        answer = await _answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self._app)(scope, receive, send)


def geometry_version() -> str:
    """Return what changes whenever a file of the map does; empty while there are none."""
    found = sorted(path for path in GEOMETRY_INDEX.parent.glob("*") if path.is_file())
    states = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in found]
    return hashlib.sha256(repr(states).encode()).hexdigest()[:20] if states else ""


async def _answer(scope: Scope) -> Response | None:
    asked, headers = _ASKED.search(scope["path"]), Headers(scope=scope)
    if asked is None or "range" in headers or "gzip" not in headers.get("accept-encoding", ""):
        return None
    origin = str(asked.lastgroup)
    name = asked[origin]
    kept = await to_thread.run_sync(_compress, _FOLDERS[origin], name)
    if kept is None:
        return None
    # A page drawn before the files were made again asks with the former version: not to be kept under its name.
    is_of_now = origin != "ours" or (
        QueryParams(scope["query_string"]).get("v") == await to_thread.run_sync(geometry_version)
    )
    answered = {
        "Cache-Control": UNTIL_CHANGED if is_of_now else "no-cache",
        "ETag": kept.tag,
        "Vary": "Accept-Encoding",
    }
    if headers.get("if-none-match") == kept.tag:
        return Response(status_code=304, headers=answered)
    kind, _ = mimetypes.guess_type(name)
    return Response(kept.content, 200, answered | {"Content-Encoding": "gzip"}, kind or "application/octet-stream")


def _compress(folder: Path, name: str) -> _Compressed | None:
    """Return a file of a folder, compressed; None when there is no such file in it."""
    found = (folder / name).resolve()
    if not found.is_relative_to(folder.resolve()) or not found.is_file():
        return None
    status = found.stat()
    with _READING:  # the first readers of a server ask for the same file together
        return _compress_once(found, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _compress_once(path: Path, _mtime_ns: int, _size: int) -> _Compressed:
    content = path.read_bytes()
    return _Compressed(f'"{hashlib.sha256(content).hexdigest()[:20]}"', gzip.compress(content, 6, mtime=0))
