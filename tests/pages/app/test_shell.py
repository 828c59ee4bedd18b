"""Streamlit's page on its way out: its language, its length, what it names, what is served beside it."""

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from geo.map.base_map import base_map
from geo.map.browser_files import browser_script
from pages.app.shell import MAP_SCRIPT, SCRIPT, STYLE, InFrench, files, map_script

PAGE = '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title></head><body>é</body></html>'


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    content: bytes

    @property
    def text(self):
        return self.content.decode()


@pytest.fixture
def get():
    def page(request):
        status = 304 if "if-none-match" in request.headers else 200
        return HTMLResponse(PAGE, status, headers={"ETag": "former"})

    def text(_):
        return PlainTextResponse('<html lang="en"></head>')

    served = InFrench(Starlette(routes=[Route("/text", text), Route("/{path:path}", page)]))

    def ask(path, accept="text/html", **headers):
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        named = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in {"accept": accept, **headers}.items()
        ]
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": named}
        with ThreadPoolExecutor(1) as apart:  # the loop of the browser tests may be running in this thread
            apart.submit(lambda: asyncio.run(served(scope, receive, send))).result()
        return Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]), b"".join(each["body"] for each in sent[1:]))

    return ask


def test_a_page_is_said_in_french_and_names_files_that_are_served(get):
    answer = get("/territoire", if_none_match="former")
    assert answer.status == 200
    assert '<html lang="fr"' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers
    named = re.findall(r'(?:href|src)="\.(/app/page/[^"]+)"', answer.text)
    assert len(named) == 3
    for address in named:
        served = get(address.partition("?")[0])
        assert served.status == 200
        assert "immutable" in served.headers["cache-control"]
        assert served.content == files()[address.split("/")[-1].split("?")[0]].content


def test_a_path_in_front_of_the_application_is_kept(get):
    assert get(f"/maillage/app/page/{STYLE}").headers["content-type"].startswith("text/css")
    assert get(f"/maillage/app/page/{SCRIPT}").headers["content-type"].startswith("text/javascript")


def test_the_frame_of_a_component_is_in_french_without_our_files(get):
    answer = get("/component/streamlit_folium/index.html")
    assert '<html lang="fr"' in answer.text
    assert "/app/page/" not in answer.text


def test_the_frame_of_the_map_fetches_its_scripts_together(get):
    answer = get("/component/streamlit_folium.st_folium/index.html")
    assert '<html lang="fr"' in answer.text
    ahead = re.findall(r'<link rel="preload" as="script" href="([^"]+)">', answer.text)
    base = base_map(script=map_script())
    assert ahead == [address for _, address in base.default_js]


def test_a_script_is_sent_compressed_where_the_browser_can_read_it(get):
    plain, compressed = get(f"/app/page/{MAP_SCRIPT}"), get(f"/app/page/{MAP_SCRIPT}", accept_encoding="gzip, br")
    assert plain.text == browser_script()
    assert gzip.decompress(compressed.content) == plain.content
    assert compressed.headers["content-encoding"] == "gzip"
    assert int(compressed.headers["content-length"]) < len(plain.content) / 2


def test_what_is_no_page_passes_as_it_is(get):
    assert get("/text").text == '<html lang="en"></head>'
    assert get("/app/page/none.js").text != ""
    assert "/app/page/" not in get("/territoire", accept="*/*").text
