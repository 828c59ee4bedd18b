"""A map that cannot be drawn says so in words for its reader, who has no terminal."""

import ast

import pytest

from pages.widgets.map import drawing
from tests.pages.test_screens import ROOT, open_page


def test_a_map_without_its_library_sends_its_reader_to_the_administrator(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(drawing, "_leaflet_is_served", lambda: False)
    app = open_page("carte", territoire="departement-48")
    assert not app.exception
    (said,) = [error.value for error in app.error]
    assert "La carte ne peut pas s’afficher" in said
    assert "Prévenez votre administrateur" in said
    assert "make" not in said


@pytest.mark.parametrize("floor", ["pages", "geo/map", "geo/shapes", "reports", "coverage"])
def test_no_sentence_for_a_reader_quotes_a_command(floor):
    quoted = []
    for path in (ROOT / floor).rglob("*.py"):
        if path.name == "leaflet.py":  # said while the map files are made, to who makes them
            continue
        texts = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
        quoted += [f"{path.name}: {text}" for text in texts if isinstance(text, str) and "« make " in text]
    assert not quoted
