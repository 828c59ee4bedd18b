"""Normalising costs the length of a text, whatever it is made of, and changes no text that a language has."""

import doctest
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.projects.columns import fold as fold_label
from geo import texts
from geo.commune_names import fold
from geo.texts import MOST_MARKS, find_excess_marks, normalize

MARKS = "\u0301\u0327\u0300\u0323\u0345\u0f73\uff9e"


def test_examples_run():
    outcome = doctest.testmod(texts)
    assert outcome.attempted
    assert outcome.failed == 0


def excess_of_twin(text):
    """Find the same, one character after the other."""
    n = 0
    for at, character in enumerate(text):
        is_mark = all(unicodedata.combining(part) for part in unicodedata.normalize("NFKD", character))
        n = n + 1 if is_mark else 0
        if n > MOST_MARKS:
            return at
    return -1


@given(st.text(alphabet="ae\u0301\u0327\u0f73\uff9eé\n", max_size=200) | st.text(max_size=80))
def test_a_run_is_found_where_it_is(text):
    assert find_excess_marks(text) == excess_of_twin(text)
    long = text + "e" + "\u0301" * 31
    assert find_excess_marks(long) == excess_of_twin(long) >= 0


@given(st.text(max_size=200), st.sampled_from(["NFC", "NFKD"]))
def test_text_of_languages_is_normalised_as_unicode_says(text, form):
    long = text * 20 + "fin"
    if find_excess_marks(long) < 0:
        assert normalize(form, long) == unicodedata.normalize(form, long)
        assert normalize(form, text) == unicodedata.normalize(form, text)


def test_a_run_across_two_chunks_is_found(monkeypatch):
    monkeypatch.setattr(texts, "_CHUNK", 64)
    for start in range(130):
        text = "a" * start + "\u0301\u0327" * 16
        assert find_excess_marks(text) == start + MOST_MARKS


@pytest.mark.parametrize("pair", [MARKS[:2], MARKS[2:4], "\uff9e\u0301"])
def test_a_run_of_accents_costs_its_length(pair):
    text = "e" + pair * 200_000
    started = time.process_time()
    for form in ("NFC", "NFKD"):
        assert len(normalize(form, text)) <= MOST_MARKS + 1
    assert fold(text) == fold_label(text) == "e"
    assert time.process_time() - started < 2  # the whole of it takes minutes


def test_no_mark_of_unicode_is_left_out():
    table = texts._is_mark()
    assert all(table[code] for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code)))
    assert not any(table[ord(character)] for character in "aé’½日한")
