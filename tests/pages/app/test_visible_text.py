"""What every page shows and gives away: true minus signs, French grammar, tables that a spreadsheet reads."""

import json
import re

import pyarrow as pa
import pytest
import streamlit as st

from coverage.indicators.cards import INDICATORS
from tests.pages.test_screens import PAGES, open_page

CASES = [
    *((name, "region-76") for name in (*PAGES, "simulateur")),
    *((name, "departement-976") for name in ("carte", "territoire", "trajectoire", "suivi", "projection")),  # no APL
    *((name, "commune-30032") for name in ("carte", "territoire", "etude")),
    *((name, "departement-49") for name in ("territoire", "trajectoire", "projection")),  # its structures are unknown
]
HYPHEN_MINUS = re.compile(r"(?<![\w/,.:-])-\d[\d\u202f]*(?:[.,]\d+)?(?![\w/-])")
CONTRACTION = re.compile(r"\b(?:jusqu’à|près de|loin de|autour de) les? |\b(?:à|de) Les? [A-Z]")
PLURAL = re.compile(r"(?<![\d\u202f,.])[01][ \u00a0](?:sites|communes|projets|lignes|habitants|structures|médecins)\b")
CELL_WITH_DOT = re.compile(r"^-?\d+\.\d+$")
TOO_LONG = re.compile(r"^-?\d+,\d{8,}$")  # six significant digits of an assumption


def shown_texts(app):
    """Return every text of a page: elements, HTML, printed cells, words of the charts."""
    found = []
    kinds = (app.markdown, app.caption, app.title, app.subheader, app.info, app.warning, app.error, app.success)
    found += [str(item.value) for kind in kinds for item in kind]
    found += [str(part) for metric in app.metric for part in (metric.label, metric.value, metric.delta)]
    for item in app.get("html"):
        bare = re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.DOTALL)
        found.append(re.sub(r"<[^>]*>", " ", bare))
    for frame in app.dataframe:
        found += printed_cells(frame)
    for chart in app.get("plotly_chart"):
        found += chart_words(json.loads(chart.proto.spec))
    return found


def printed_cells(frame):
    """Return the cells of a table as they are printed: by its formats where it has some, else as the browser does."""
    arrow = frame.proto.arrow_data
    if arrow.HasField("styler"):
        table = pa.ipc.open_stream(arrow.styler.display_values).read_all().to_pandas()
        return [str(cell) for column in table for cell in table[column]]
    return [str(cell) for column in frame.value for cell in frame.value[column] if isinstance(cell, str | int | float)]


def chart_words(node):
    """Return the texts of a chart's specification; numbers are left to the browser."""
    if isinstance(node, dict):
        return [word for key, value in node.items() if key != "template" for word in chart_words(value)]
    if isinstance(node, list):
        return [word for value in node for word in chart_words(value)]
    return [node] if isinstance(node, str) and " " in node.replace("\u202f", " ") else []


@pytest.mark.parametrize(("name", "place"), CASES)
def test_what_a_page_shows_and_gives_is_in_french_numbers(name, place, monkeypatch):
    given = []
    real = st.download_button

    def keep(label, data, **options):
        if label.startswith("CSV"):
            given.append((options["file_name"], data))
        return real(label, data, **options)

    monkeypatch.setattr(st, "download_button", keep)
    app = open_page(name, territoire=place)
    assert not app.exception
    for text in shown_texts(app):
        assert not HYPHEN_MINUS.findall(text), text
        assert not CONTRACTION.findall(text), text
        assert not PLURAL.findall(text), text
    for file_name, write in given:
        for line in write().decode("utf-8-sig").splitlines():
            cells = line.split(";")
            assert not [cell for cell in cells if CELL_WITH_DOT.match(cell) or TOO_LONG.match(cell)], (file_name, line)


def test_the_words_of_the_indicators_are_contracted():
    for indicator in INDICATORS.values():
        for text in (indicator.label, indicator.short_label, indicator.formula, indicator.note):
            assert not CONTRACTION.findall(text), text


@pytest.mark.parametrize(
    "text", ["−53 %", "de -3 à", "(-0,12)", "2013-2021", "65-69 ans", "0-1", "commune-48095", "x = -2"]
)
def test_the_search_for_hyphens_finds_numbers_only(text):
    assert bool(HYPHEN_MINUS.findall(text)) == (text in {"de -3 à", "(-0,12)", "x = -2"})
