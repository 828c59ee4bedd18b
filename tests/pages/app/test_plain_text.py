"""Words of a reader, a file or an address stay words, on every page: no link, no picture, no icon."""

import ast
import importlib
import json
import pkgutil
from dataclasses import fields
from html import escape

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

import pages
from coverage.simulator.scenario_file import SavedScenario, write_scenario
from coverage.simulator.supply_change import Opening
from pages.app.address import PageAddress
from pages.app.plain_text import plain
from pages.app.view import View
from tests.pages.screens.projects.test_projets import project, save
from tests.pages.test_screens import PAGES, ROOT, as_shown, open_page

PICTURE = "![x](http://127.0.0.1:9/q.png)"
HOSTILE = f"{PICTURE} <img src='http://127.0.0.1:9/h.png'> :material/bug_report: www.a.example $x$"
SHOWN_AS_TEXT = {
    ("Selectbox", "options"), ("Selectbox", "set_value"), ("Selectbox", "raw_value"),
    ("MultiSelect", "options"), ("TextInput", "value"), ("TextInput", "default"), ("TextArea", "value"),
    ("TextArea", "default"), ("Text", "body"), ("Code", "code_text"), ("Selectbox", "value"),
    ("BidiComponent", "json"),  # `pages.widgets.choice`, which writes text contents only
}  # fmt: skip
"""What Streamlit never reads as Markdown; HTML is checked apart."""


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))


def address_names():
    """Return every query parameter that some page reads."""
    names = {field.name for field in fields(View)}
    for module in pkgutil.walk_packages(pages.__path__, "pages."):
        if module.name.count(".") == 1:
            continue  # a route: it runs when it is imported
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, PageAddress):
                names |= value.names
    return names


def strings(message: Message):
    """Yield the type, field and value of every text of a message of Streamlit."""
    for field, value in message.ListFields():
        repeated = field.is_repeated if hasattr(field, "is_repeated") else field.label == FieldDescriptor.LABEL_REPEATED
        values = list(value.values()) if hasattr(value, "values") else list(value) if repeated else [value]
        for one in values:
            if isinstance(one, Message):
                yield from strings(one)
            elif isinstance(one, str):
                yield message.DESCRIPTOR.name, field.name, one


def live(app):
    """Yield the places of a page where a hostile text would be read as markup."""
    waiting = [app._tree]
    while waiting:
        node = waiting.pop()
        waiting.extend(getattr(node, "children", {}).values())
        proto = getattr(node, "proto", None)
        if not isinstance(proto, Message):
            continue
        for kind, field, text in strings(proto):
            if (kind, field) in SHOWN_AS_TEXT or kind in {"Arrow", "ArrowData"}:
                continue
            if kind == "Html":
                if "<img src='http" in text:
                    yield kind, field, text
            elif field != "id" and (PICTURE in text or ":material/bug" in text or " www.a" in text or "$x$" in text):
                yield kind, field, text


@given(st.text(max_size=80))
def test_what_is_shown_is_what_was_written(text):
    assert as_shown(plain(text)).split() == text.replace("\u2060", "").split()


@pytest.mark.parametrize(
    "text",
    ["CPTS d’Oc", "100\u00a0% des 2\u202f500", "St-Flour", "Hôtel 3*", "N°2 (bis) & co, 50 %", "AC'SO - Pays d'Œ"],
)
def test_french_names_are_shown_as_they_are(text):
    assert as_shown(plain(text)) == text


@pytest.mark.parametrize(
    "text", [PICTURE, "[a](http://b.fr)", "https://b.fr", "www.b.fr", "a@b.fr", ":material/home:", ":red[a]", "$x$"]
)
def test_no_markup_is_left_to_be_found(text):
    written = plain(text)
    for live_sign in ("://", "www.", "b@", "a@", ":m", ":r"):
        assert live_sign not in written
    assert all(written[at - 1] == "\\" for at, sign in enumerate(written) if sign in "[]$")


def test_only_one_place_words_an_error():
    """`st.error` takes a fixed sentence anywhere but in `notices`, where what it quotes is written as text."""
    guilty = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "pages").rglob("*.py")
        if path.name != "notices.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "st.error"
        and not isinstance(node.args[0], ast.Constant)
    ]
    assert guilty == []


@pytest.mark.parametrize("name", [*PAGES, "simulateur"])
def test_no_parameter_of_any_page_is_read_as_markup(name):
    names = address_names()
    assert len(names) > 40
    app = open_page(name, **dict.fromkeys(names, HOSTILE))
    assert not app.exception
    assert list(live(app)) == []


@pytest.mark.parametrize("name", ["carte", "territoire", "projets", "suivi_projets", "etude", "financement"])
def test_no_word_of_a_project_is_read_as_markup(name):
    save(
        project(HOSTILE, facilitator=HOSTILE, note=HOSTILE),
        project(HOSTILE, commune_code="48999", facilitator=HOSTILE),
    )
    query = {"territoire": "departement-48", "selection": "commune-48095", "sp_facilitateur": HOSTILE}
    for view in ("etapes", "groupes", "rapport") if name == "suivi_projets" else ("etapes",):
        app = open_page(name, sp_vue=view, **query)
        assert not app.exception
        assert list(live(app)) == []


def test_no_word_of_a_list_of_cpts_is_read_as_markup():
    app = open_page("cpts", territoire="departement-48")
    lines = f'CPTS;Code commune\n"{PICTURE}";48095\n"B {PICTURE}";48095\n"{HOSTILE}";99999\n'
    app.file_uploader(key="cpts_upload").set_value((f"{PICTURE}.csv", lines.encode(), "text/csv")).run()
    assert not app.exception
    assert list(live(app)) == []
    chosen = app.session_state["cpts_list"].perimeters["cpts_id"].iloc[0]
    for query in ({"c_cpts": chosen}, {"c_commune": "48095"}, {"c_cpts": HOSTILE[:40]}):
        for parameter, value in query.items():
            app.query_params[parameter] = value
        app.run()
        assert not app.exception
        assert list(live(app)) == []


@pytest.mark.parametrize("header", [PICTURE, f"{PICTURE};b", f"CPTS;{PICTURE}"])
def test_no_word_of_a_refused_list_is_read_as_markup(header):
    app = open_page("cpts", territoire="departement-48")
    app.file_uploader(key="cpts_upload").set_value((f"{PICTURE}.csv", f"{header}\n1\n".encode(), "text/csv")).run()
    assert not app.exception
    assert app.error
    assert list(live(app)) == []


def test_no_word_of_a_file_of_projects_is_read_as_markup():
    app = open_page("projets")
    file = f"Nom;{PICTURE};Commune;Type\n{HOSTILE};a;Mende;{PICTURE}\n".encode()
    app.file_uploader[0].set_value((f"{PICTURE}.csv", file, "text/csv")).run()
    assert not app.exception
    assert list(live(app)) == []


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"schema": PICTURE}),
        json.dumps({"schema": "maillage/presentation", "version": PICTURE}),
        json.dumps({PICTURE: 1}),
        PICTURE,
    ],
)
def test_no_word_of_a_presentation_or_of_a_scenario_is_read_as_markup(content):
    for page, key in (("presentation", "presentation_upload"), ("simulateur", "simulator_upload")):
        app = open_page(page)
        app.file_uploader(key=key).set_value(("a.json", content.encode(), "application/json")).run()
        assert not app.exception
        assert app.error
        assert list(live(app)) == []


def test_no_name_of_a_scenario_is_read_as_markup():
    app = open_page("simulateur", territoire="departement-12")
    for name in (PICTURE, f"{PICTURE} 2"):
        content = write_scenario(SavedScenario(name[:40], "apl_2023", (Opening("12145", 1.0),))).encode()
        app.file_uploader(key="simulator_upload").set_value((f"{name}.json", content, "application/json")).run()
        assert not app.exception
        assert list(live(app)) == []


def test_a_picture_is_found_where_it_would_be_one():
    """The search itself finds what it should."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - for this test alone

    app = AppTest.from_string(f"import streamlit as st\nst.radio('a', [{PICTURE!r}])\nst.button({PICTURE!r})").run()
    assert {kind for kind, _, _ in live(app)} == {"Radio", "Button"}
    assert escape(PICTURE) == PICTURE
