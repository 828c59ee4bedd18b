"""The page that holds all the others: Streamlit's own, said to be in French, with our rules of style and our script.

Streamlit has no setting for its language, for what is printed, nor for a rule of style before its first run. Its page
goes through here: the files of `pages/app/browser` are named in its head and served beside it, nothing else.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.map.base_map import LEAFLET
from geo.map.browser_files import browser_script
from pages.app.static_files import UNTIL_CHANGED

FOLDER: Final = Path(__file__).parent / "browser"
SCRIPT: Final = "page.js"
STYLE: Final = "page.css"
SCRIPTS: Final = ("words.js", "french.js", "headings.js", "tables.js", "print.js")
STYLES: Final = ("screen.css", "print.css")
MODULES: Final = ("choice.js",)
"""Scripts of components, each served by itself: see `script_of`."""
MAP_SCRIPT: Final = "map.js"
"""The script of the map, for the frame it stands in."""

_PLACE: Final = "/app/page/"
_MAP_FRAME: Final = "/component/streamlit_folium."
_NOT_AS_IT_IS: Final = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since"})
"""What a browser asks that would give it the page compressed, or none because it has the former one."""


@dataclass(frozen=True)
class _File:
    content: bytes
    kind: str

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.content, 6, mtime=0)


class InFrench:
    """Give each page of the application its language, its rules of style and its script."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] in {"GET", "HEAD"} and (file := _asked(scope["path"])):
            await _answer(file, Headers(scope=scope))(scope, receive, send)
        elif "text/html" in Headers(scope=scope).get("accept", ""):
            headers = [(name, value) for name, value in scope["headers"] if name not in _NOT_AS_IT_IS]
            await self._app({**scope, "headers": headers}, receive, _in_french(send, scope["path"]))
        else:
            await self._app(scope, receive, send)


@cache
def files() -> dict[str, _File]:
    """Return what is served beside the page, by name."""
    # One scope for all: no name of ours may meet one of Streamlit's.
    script = "(() => {\n'use strict';\n" + "\n".join(_read(name) for name in SCRIPTS) + "\n})();\n"
    style = "\n".join(_read(name) for name in STYLES)
    scripts = {SCRIPT: script, MAP_SCRIPT: browser_script()} | {name: _read(name) for name in MODULES}
    served = {name: _File(text.encode(), "text/javascript") for name, text in scripts.items()}
    return served | {STYLE: _File(style.encode(), "text/css")}


def map_script() -> str:
    """Return the address of the map's script, relative to the frame of a component."""
    return f"../..{_PLACE}{MAP_SCRIPT}?v={files()[MAP_SCRIPT].version}"


def script_of(module: str) -> str:
    """Return the few lines by which a component takes its script from beside the page.

    Else each list of a page would bring the whole script again: a quarter of what the first screen receives.
    """
    return f"""const page = document.querySelector("script[src*='{_PLACE}{SCRIPT}']");
export default (await import(new URL("{module}?v={files()[module].version}", page.src).href)).default;
"""


def _answer(file: _File, asked: Headers) -> Response:
    headers = {"Cache-Control": UNTIL_CHANGED, "Vary": "Accept-Encoding"}
    if "gzip" in asked.get("accept-encoding", ""):
        return Response(file.compressed, 200, headers | {"Content-Encoding": "gzip"}, file.kind)
    return Response(file.content, 200, headers, file.kind)


def _read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def _asked(path: str) -> _File | None:
    _, is_here, name = path.rpartition(_PLACE)
    return files().get(name) if is_here else None


@cache
def _head() -> bytes:
    """Return what our files are named by, relative as Streamlit's own: a path in front of the application is kept."""
    style, script, *modules = (f".{_PLACE}{name}?v={files()[name].version}" for name in (STYLE, SCRIPT, *MODULES))
    ahead = "".join(f'<link rel="modulepreload" href="{module}">' for module in modules)
    return f'<link rel="stylesheet" href="{style}"><script src="{script}"></script>{ahead}</head>'.encode()


@cache
def _head_of_map() -> bytes:
    """Return what lets the frame of the map fetch its scripts together: its component would ask one after the other."""
    ahead = (f'<link rel="preload" as="script" href="{script}">' for script in (LEAFLET, map_script()))
    return f"{''.join(ahead)}</head>".encode()


def _head_of(path: str) -> bytes:
    if _MAP_FRAME in path:
        return _head_of_map()
    return b"</head>" if "/component/" in path else _head()


def _in_french(send: Send, path: str) -> Send:
    """Return what sends the answer changed: the frame of the map is in French too, and has scripts of its own."""
    held: list[Message] = []

    async def send_in_french(message: Message) -> None:
        if message["type"] == "http.response.start":  # its length comes before the page
            held.append(message)
            return
        if held:
            start = held.pop()
            headers = MutableHeaders(scope=start)
            before = message.get("body", b"")
            if headers.get("content-type", "").startswith("text/html") and before:
                after = before.replace(b'<html lang="en"', b'<html lang="fr"', 1)
                message["body"] = after.replace(b"</head>", _head_of(path), 1)
                if "content-length" in headers:
                    length = int(headers["content-length"]) + len(message["body"]) - len(before)
                    headers["content-length"] = str(length)
                del headers["etag"]  # that of Streamlit's file
            await send(start)
        await send(message)

    return send_in_french
