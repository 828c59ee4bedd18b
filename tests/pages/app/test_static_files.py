"""Files of the map and of pages: the bytes of the disk, compressed once, kept by the browser until they change."""

import asyncio
import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit.file_util import get_static_dir
from streamlit_folium import _component_func

from pages.app import static_files
from pages.app.static_files import UNTIL_CHANGED, CompressedFiles, geometry_version

NAMES = b"48095\tMende\n" * 500
SHAPES = "/app/static/geometry/names_commune.tsv"
SCRIPT = f"/static/js/{next(Path(get_static_dir(), 'static', 'js').glob('*.js')).name}"
BEYOND = "Streamlit answers"


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    geometry = tmp_path / "static" / "geometry"
    geometry.mkdir(parents=True)
    (geometry / "index.json").write_text("{}")
    (geometry / "names_commune.tsv").write_bytes(NAMES)
    (tmp_path / "static" / "secret.txt").write_text("not a map")
    (tmp_path / "outside.bin").write_text("not served")
    return geometry


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes

    @property
    def content(self):
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body


@pytest.fixture
def get(folder):
    served = CompressedFiles(PlainTextResponse(BEYOND))

    def ask(path, query="", **headers):
        sent = []

        async def send(message):
            sent.append(message)

        headers = {"accept-encoding": "gzip, br"} | {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": "GET",
            "path": unquote(path),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        with ThreadPoolExecutor(1) as apart:  # the loop of the browser tests may be running in this thread
            apart.submit(lambda: asyncio.run(served(scope, None, send))).result()
        start, *bodies = sent
        return Answer(start["status"], Headers(raw=start["headers"]), b"".join(part["body"] for part in bodies))

    return ask


def test_a_file_arrives_whole_and_compressed(get):
    answer = get(SHAPES)
    assert answer.content == NAMES
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(NAMES) / 10
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("base", ["", "/maillage", "/a/b"])
def test_a_path_in_front_of_the_application_changes_nothing(get, base):
    assert get(base + SHAPES).content == NAMES


def test_each_file_is_compressed_once_for_all_readers(get, monkeypatch):
    compressed = []
    monkeypatch.setattr(gzip, "compress", lambda content, *_, **__: compressed.append(content) or b"")
    static_files._compress_once.cache_clear()
    for _ in range(5):
        get(SHAPES)
    assert compressed == [NAMES]


def test_a_file_kept_by_the_browser_is_not_sent_again(get):
    tag = get(SHAPES).headers["etag"]
    answer = get(SHAPES, if_none_match=tag)
    assert (answer.status, answer.content) == (304, b"")


def test_only_the_version_of_now_is_kept_for_good(get):
    assert get(SHAPES, f"v={geometry_version()}").headers["cache-control"] == UNTIL_CHANGED
    assert get(SHAPES, "v=of-another-day").headers["cache-control"] == "no-cache"
    assert get(SHAPES).headers["cache-control"] == "no-cache"


def test_a_file_made_again_is_another_version_and_arrives_anew(get, folder):
    before, version = get(SHAPES), geometry_version()
    (folder / "names_commune.tsv").write_bytes(b"48095\tMENDE\n")
    os.utime(folder / "names_commune.tsv", ns=(1, 1))
    assert geometry_version() != version
    after = get(SHAPES, if_none_match=before.headers["etag"])
    assert after.content == b"48095\tMENDE\n"
    assert get(SHAPES, f"v={version}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("place", "served"),
    [
        ("/static/js", Path(get_static_dir(), "static", "js")),
        ("/static/css", Path(get_static_dir(), "static", "css")),
        ("/component/streamlit_folium.st_folium/static/js", _component_func.path + "/static/js"),
    ],
)
@pytest.mark.parametrize("base", ["", "/maillage"])
def test_the_scripts_of_packages_are_compressed_and_kept_for_good(get, base, place, served):
    found = [*Path(served).glob("*.js"), *Path(served).glob("*.css")]
    script = max(found, key=lambda path: path.stat().st_size)
    answer = get(f"{base}{place}/{script.name}")
    assert answer.content == script.read_bytes()
    assert len(answer.body) < script.stat().st_size / 2
    assert answer.headers["cache-control"] == UNTIL_CHANGED
    assert answer.headers["content-type"] in {"text/css", "text/css; charset=utf-8", "text/javascript; charset=utf-8"}
    assert get(f"{base}{place}/{script.name}", if_none_match=answer.headers["etag"]).status == 304


def test_without_files_there_is_no_version(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert geometry_version() == ""


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (SHAPES, {"accept_encoding": "identity"}),
        (SHAPES, {"range": "bytes=0-10"}),
        ("/app/static/geometry/absent.bin", {}),
        ("/app/static/geometry/../secret.txt", {}),
        ("/app/static/geometry/..%2f..%2foutside.bin", {}),
        ("/app/static/geometry/%2e%2e/%2e%2e/outside.bin", {}),
        ("/app/static/geometry/", {}),
        ("/app/static/secret.txt", {}),
        (SCRIPT, {"accept_encoding": "identity"}),
        ("/app" + SCRIPT, {}),
        ("/static/js/absent.js", {}),
        ("/component/streamlit_folium.st_folium/static/js/absent.js", {}),
        ("/component/streamlit_folium.st_folium/static/js/../../index.html", {}),
        ("/component/other.other/static/js/main.js", {}),
        ("/static/js/../../index.html", {}),
        ("/static/js/%2e%2e/%2e%2e/index.html", {}),
        ("/static/media/", {}),
        ("/territoire", {}),
    ],
)
def test_what_is_no_such_file_goes_on_to_streamlit(get, path, headers):
    assert get(path, **headers).content.decode() == BEYOND
