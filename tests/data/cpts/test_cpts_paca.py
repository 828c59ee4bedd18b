"""The CPTS of PACA: what the file says, what is corrected in it, and what the real one gives."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from data import store
from data.build.cpts import make_cpts_perimeters
from data.contracts.check import check
from data.errors import SourceLayoutError, SourceValueError
from data.readers.cpts_paca import read_cpts_paca

MIRROR = Path(os.environ.get("MAILLAGE_MIRROR", "/nowhere")) / "cpts_paca_2026"
COMMUNES = pd.DataFrame(
    {"commune_code": ["05013", "05039", "05061", "06006", "06046", "06088", "13055", "84138"]}
).astype("str")
HISTORY = pd.DataFrame(
    {
        "old_code": ["05043", "05141", "13201", "13202"],
        "commune_code": ["05039", "05039", "13055", "13055"],
        "relation": ["ancienne", "ancienne", "arrondissement", "arrondissement"],
    }
).astype("str")
DROME = "CPTS Drôme Provençale - Enclave des Papes"
PLACES = {
    "05043": "CPTS Champsaur-Valgaudemar",
    "05141": "CPTS Champsaur-Valgaudemar",
    "Gap": "CPTS du Gapençais",
    "05013": "CPTS du Gapençais",
    "05061": "CPTS Gapençais",
    "05121": DROME,
    "84138": DROME,
    "06006": "CPTS Nice Nord et ses Colines",
    "06046": "CPTS Nice Ouest Valée",
    "06088": "CPTS Nice Centre Nice Est",
    "13201": "CPTS Un",
}


def written(folder, places=PLACES, listed=None):
    names = sorted(set(places.values())) if listed is None else listed
    path = folder / "cpts_communes.json"
    path.write_text(json.dumps({"cptsMap": places, "cptsByDpt": {"00": names}}), encoding="utf-8")
    return path


def test_codes_are_read_and_names_of_places_are_not(tmp_path):
    table = read_cpts_paca(written(tmp_path))
    assert table["commune_code"].tolist() == sorted(place for place in PLACES if place != "Gap")
    assert table.set_index("commune_code").loc["05061", "cpts"] == "CPTS Gapençais"


@pytest.mark.parametrize(
    ("places", "listed", "error", "said"),
    [
        ({"Gap": "CPTS"}, None, SourceValueError, "des codes INSEE"),
        ({"05061": 3}, ["CPTS"], SourceValueError, "cptsMap, 05061"),
        ({"05061": "CPTS A"}, ["CPTS B"], SourceValueError, "CPTS A, CPTS B"),
    ],
)
def test_what_is_no_table_of_cpts_is_named(places, listed, error, said, tmp_path):
    with pytest.raises(error, match=said):
        read_cpts_paca(written(tmp_path, places, listed))


def test_another_layout_is_named(tmp_path):
    path = tmp_path / "cpts_communes.json"
    path.write_text(json.dumps({"cpts": {}}), encoding="utf-8")
    with pytest.raises(SourceLayoutError, match="cptsMap"):
        read_cpts_paca(path)


def test_homonyms_spellings_shared_communes_and_overflow_are_mended(tmp_path):
    table, not_carried = make_cpts_perimeters(written(tmp_path), communes=COMMUNES, history=HISTORY)
    check("cpts_perimeters", table, communes=None, complete=False)
    assert not_carried.empty
    rows = {(name, unit): extent for name, unit, extent in table[["name", "unit_code", "extent"]].to_numpy()}
    assert rows == {
        ("CPTS Champsaur-Valgaudemar", "05039"): "entier",
        ("CPTS du Gapençais", "05013"): "entier",
        ("CPTS du Gapençais", "05061"): "entier",
        (DROME, "84138"): "deborde",
        ("CPTS Nice Centre Nice Est", "06088"): "partie",
        ("CPTS Nice Nord et ses Colines", "06006"): "entier",
        ("CPTS Nice Nord et ses Colines", "06088"): "partie",
        ("CPTS Nice Ouest Valée", "06046"): "entier",
        ("CPTS Nice Ouest Valée", "06088"): "partie",
        ("CPTS Un", "13201"): "entier",
    }


@pytest.mark.skipif(not MIRROR.is_dir(), reason="no mirror of official files")
def test_the_real_file_agrees_with_the_table_derived_from_it():
    """The derived table was made apart from our reader; Nice is left to the three CPTS that share it."""
    communes, history = (store.load(name, store.DEFAULT_FOLDER) for name in ("communes", "commune_history"))
    table, _ = make_cpts_perimeters(MIRROR / "cpts_communes.json", communes=communes, history=history)
    derived = pd.read_csv(MIRROR / "DERIVED_cpts_communes_paca.csv", dtype="str")
    derived = derived[derived["remarque"] != "homonyme_probable"].replace({"CPTS Gapençais": "CPTS du Gapençais"})
    ours, theirs = (set(zip(rows[code], rows[name], strict=True)) for rows, code, name in (
        (table, "commune_code", "name"), (derived, "code_commune_actuel", "cpts")))  # fmt: skip
    assert theirs <= ours
    assert ours - theirs == {("06088", "CPTS Nice Nord et ses Colines"), ("06088", "CPTS Nice Ouest Valée")}
    assert table["cpts_id"].nunique() == 70


def test_the_embedded_table_is_that_of_the_region_alone():
    entry = store.manifest(store.DEFAULT_FOLDER)["tables"]["cpts_perimeters"]
    assert entry["covered_regions"] == ["93"]
    table = store.load("cpts_perimeters", store.DEFAULT_FOLDER)
    homes = store.load("communes", store.DEFAULT_FOLDER).set_index("commune_code")
    assert set(table["commune_code"].map(homes["region_code"])) == {"93"}
    vaucluse = homes.index[homes["departement_code"] == "84"]
    assert set(vaucluse) <= set(table["commune_code"])
    assert len(vaucluse) == 151
