"""The APL of 2024 by department: the document is read whole or refused by name."""

from __future__ import annotations

import json
import math

import pytest

from data.errors import DataError, SourceLayoutError, SourceMissing
from data.readers.apl_departements import read_apl_departements
from tests.data.tiny_mirror import apl_by_departement


def written(tmp_path, change=None):
    document = json.loads(apl_by_departement())
    if change is not None:
        change(document)
    path = tmp_path / "apl.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_departments_and_france_at_two_editions(tmp_path):
    table = read_apl_departements(written(tmp_path)).set_index(["level", "territory_code", "vintage"])
    assert len(table) == 202
    assert table.loc[("departement", "09", 2024)].tolist() == [3.1, 1_000, 400]
    assert table.loc[("departement", "09", 2023), "apl"] == 2.6
    assert table.loc[("france", "FR", 2024), "apl"] == 3.72
    assert math.isnan(table.loc[("france", "FR", 2024), "population_total"])
    assert math.isnan(table.loc[("departement", "09", 2023), "population_under_2_5"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(vintage="2024"), "vintage"),
        (lambda d: d["departments"].pop(), "974"),
        (lambda d: d["departments"].append(d["departments"][0]), "deux fois"),
        (lambda d: d["departments"][3].pop("apl2023"), "apl2023"),
        (lambda d: d["departments"][3]["apl"].update(mg=-1), "04, apl"),
        (lambda d: d["departments"][3]["apl"].update(mg="3,1"), "04, apl"),
        (lambda d: d["departments"][3].update(popUnder25=2_000), "popUnder25"),
        (lambda d: d.pop("france"), "france"),
    ],
)
def test_a_faulty_document_is_named(tmp_path, change, said):
    with pytest.raises(DataError, match=said):
        read_apl_departements(written(tmp_path, change))


def test_what_is_absent_or_is_no_document_is_named(tmp_path):
    with pytest.raises(SourceMissing):
        read_apl_departements(tmp_path / "absent.json")
    path = tmp_path / "list.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(SourceLayoutError, match="vintage"):
        read_apl_departements(path)


def test_the_embedded_table_says_what_the_page_said(snapshots):
    table = snapshots("apl_departements")
    last = table[(table["vintage"] == 2024) & (table["level"] == "departement")]
    assert last["population_under_2_5"].sum() == 12_341_978
    assert last["population_under_2_5"].sum() / last["population_total"].sum() == pytest.approx(0.182, abs=0.0005)
