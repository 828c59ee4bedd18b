"""Documents of our own, damaged in every way: named, and what does not need them stays."""

import datetime as dt
import importlib.util
import sys

import pytest

from coverage.access import decay
from coverage.projection import PRESETS, Scenario, assumptions
from coverage.projection import scenario as scenarios
from coverage.study import eligibility
from data.errors import SourceUnreadable
from data.funding.rules import FundingRulesError, load_rules
from data.readers.geometry_fixes import read_geometry_fixes
from geo import documents
from geo.documents import DocumentError, DocumentMissing, parse_json, read_json, read_toml

NESTED = "[" * 100_000


@pytest.mark.parametrize("read", [read_json, read_toml])
@pytest.mark.parametrize(
    ("contents", "words"),
    [
        ((b"x = " + NESTED.encode()), "Trouvé"),
        (NESTED.encode(), "Trouvé"),
        (b"\xff\xfe\x00", "Trouvé"),
        (b"{{", "Trouvé"),
        (b'{"x": ' + b"9" * 5_000 + b"}", "Trouvé"),
        (b'{"x": "\\uD83C"}', "Trouvé"),
        (None, "Trouvé"),
    ],
    ids=["nested value", "nested", "bytes", "syntax", "long number", "half a character", "folder"],
)
def test_a_damaged_document_is_named(read, contents, words, tmp_path):
    path = tmp_path / "pointeur.json"
    path.mkdir() if contents is None else path.write_bytes(contents)
    with pytest.raises(DocumentError, match=rf"Fichier abîmé : pointeur\.json\. Attendu : .*{words}"):
        read(path)


def test_whole_characters_written_in_two_halves_are_read():
    assert parse_json(rb'["\ud83c\udfe5", "\\ud83c"]') == ["🏥", r"\ud83c"]


def test_an_absent_or_enormous_document_is_named(monkeypatch, tmp_path):
    with pytest.raises(DocumentMissing, match="aucun fichier"):
        read_json(tmp_path / "x.json")
    monkeypatch.setattr(documents, "LARGEST_BYTES", 3)
    (tmp_path / "x.json").write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(DocumentError, match="au plus"):
        read_json(tmp_path / "x.json")


@pytest.fixture
def damaged(tmp_path):
    path = tmp_path / "parametres.toml"
    path.write_text("x = 1\n", encoding="utf-8")
    return path


def test_parameters_of_the_access_measures(damaged, monkeypatch):
    monkeypatch.setattr(decay, "PARAMETERS_FILE", damaged)
    decay.read_access_parameters.cache_clear()
    try:
        with pytest.raises(DocumentError, match=r"parametres\.toml.*sans la clé 'general_practitioner'"):
            decay.read_access_parameters()
    finally:
        monkeypatch.undo()
        decay.read_access_parameters.cache_clear()


def test_conditions_of_a_project(damaged, monkeypatch):
    monkeypatch.setattr(eligibility, "RULES_FILE", damaged)
    eligibility.read_check_list.cache_clear()
    try:
        with pytest.raises(DocumentError, match=r"parametres\.toml.*sans la clé 'step'"):
            eligibility.read_check_list()
    finally:
        monkeypatch.undo()
        eligibility.read_check_list.cache_clear()


def test_assumptions_of_the_projection_fail_when_used_not_when_imported(damaged, monkeypatch):
    module = sys.modules["coverage.projection.assumptions"]
    monkeypatch.setattr(module, "_FILE", damaged)
    assumptions.cache_clear()
    scenarios._presets.cache_clear()
    try:
        # Beside the one in place: other tests hold its classes.
        spec = importlib.util.find_spec("pages.screens.projection.state")
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        for use in (Scenario, lambda: PRESETS["tendance"], lambda: len(PRESETS)):
            with pytest.raises(DocumentError, match=r"parametres\.toml"):
                use()
    finally:
        monkeypatch.undo()
        assumptions.cache_clear()
        scenarios._presets.cache_clear()
    assert PRESETS["tendance"] == Scenario()


@pytest.mark.parametrize("contents", ["x = " + "[" * 2_000, "x = " + "[" * 100_000])
def test_nested_rules_and_corrections_are_named(contents, tmp_path):
    (tmp_path / "corrections.toml").write_text(contents, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=r"corrections\.toml"):
        read_geometry_fixes(tmp_path / "corrections.toml")
    (tmp_path / "msp_2026.toml").write_text(contents, encoding="utf-8")
    with pytest.raises(FundingRulesError, match=r"msp_2026\.toml"):
        load_rules("msp", on=dt.date(2026, 11, 1), folder=tmp_path)
