"""`python -m reports indicators`, `figures`, `projection`: the figures of the screens, for other programs."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import Territory
from geo.levels import LEVELS, OWN
from pages.app.facts import load_facts
from reports.__main__ import main
from reports.commands import figures as command
from reports.commands.parser import BadQuestion
from reports.commands.writing import write
from reports.figures.facts import Facts
from reports.projection.outlook import projection_figures

ROOT = Path(__file__).parents[2]
COLUMNS = ["code", "name", "indicator", "value", "unit", "vintage", "nature"]


@pytest.fixture(scope="module")
def facts():
    return Facts.of_snapshot()


@pytest.fixture(autouse=True)
def _shared_facts(facts, monkeypatch):
    """Read the snapshot once for all the commands of this file."""
    monkeypatch.setattr(Facts, "of_snapshot", classmethod(lambda _cls: facts))


def asked(capsys, *arguments):
    assert main(["figures", *arguments]) == 0
    text = capsys.readouterr().out
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


@pytest.mark.parametrize("level", LEVELS)
def test_the_figures_are_those_of_the_screens(capsys, level):
    found = asked(capsys, "--level", level, "--all")
    assert list(found.columns) == COLUMNS
    names = [name for name, one in load_facts().indicators.items() if level in one.levels]
    at_level = {name: load_facts().indicator(name).at(level) for name in names}
    assert list(found["indicator"].unique()) == list(at_level)
    for name, rows in found.groupby("indicator", sort=False):
        indicator = at_level[name]
        shown = load_facts().values(name, level)
        assert rows["code"].tolist() == shown.index.tolist()
        assert rows[["unit", "vintage", "nature"]].drop_duplicates().to_numpy().tolist() == [
            [indicator.unit, indicator.vintage, indicator.nature_at(level)]
        ]
        if indicator.kind == "categorical":
            assert rows["value"].tolist() == shown.fillna("").tolist()
            continue
        values = pd.to_numeric(rows["value"].replace("", None)).to_numpy(np.float64)
        np.testing.assert_allclose(values, shown.to_numpy(np.float64) * indicator.display_factor, rtol=1e-11)


def test_an_unknown_figure_is_an_empty_cell(capsys):
    found = asked(capsys, "--level", "region", "--indicator", "apl_65_2023").set_index("code")
    assert found.loc["06", "value"] == ""  # Mayotte has no APL
    assert float(found.loc["76", "value"]) == pytest.approx(3.402, abs=5e-4)
    assert found.loc["76", "name"] == "Occitanie"


def test_a_share_is_in_the_unit_shown(capsys):
    found = asked(capsys, "--level", "france", "--indicator", "share_population_under_2_5_apl_65_2023")
    assert found["unit"].tolist() == ["%"]
    assert float(found["value"].iloc[0]) == pytest.approx(27.4, abs=0.05)


@pytest.mark.parametrize(
    ("level", "within", "n_codes"),
    [
        ("departement", "region-76", 13),
        ("commune", "departement-48", 152),
        ("region", "region-76", 1),
        ("france", "france", 1),
    ],
)
def test_only_what_lies_within_is_given(capsys, level, within, n_codes):
    found = asked(capsys, "--level", level, "--within", within, "--indicator", "population")
    assert len(found) == n_codes


def test_an_own_territory_has_one_row_an_indicator_and_its_name_for_code(capsys, facts):
    found = asked(capsys, "--communes", "48095,48061", "--name", "Pays de Mende")
    assert list(found.columns) == COLUMNS
    assert set(found["code"]) == set(found["name"]) == {"Pays de Mende"}
    assert found["indicator"].tolist() == [name for name, one in facts.indicators.items() if OWN in one.levels]
    rows = asked(capsys, "--level", "commune", "--within", "departement-48", "--indicator", "population")
    people = rows.set_index("code")["value"].astype(float)
    value = found.set_index("indicator")["value"]
    assert float(value["population"]) == people["48095"] + people["48061"]


def test_the_communes_of_a_department_give_its_figures(capsys, facts):
    codes = facts.gazetteer.within(Territory("departement", "48"), "commune")["commune_code"]
    mine = asked(capsys, "--communes", ",".join(codes))
    official = asked(capsys, "--level", "departement").query("code == '48'")
    assert mine.drop(columns=["code", "name"]).to_numpy().tolist() == (
        official.drop(columns=["code", "name"]).to_numpy().tolist()
    )


def test_a_list_file_is_a_territory_and_what_is_not_recognised_is_said(capsys, tmp_path):
    path = tmp_path / "pays.csv"
    path.write_text("Territoire;Code commune\nMon pays;48095\nMon pays;99999\n", encoding="utf-8")
    assert main(["figures", "--territory", str(path), "--indicator", "population", "n_gp"]) == 0
    told = capsys.readouterr()
    found = pd.read_csv(io.StringIO(told.out), dtype=str, keep_default_na=False)
    assert found["code"].tolist() == ["Mon pays", "Mon pays"]
    assert "ligne 3 : « 99999 »" in told.err


def test_what_is_published_by_department_only_is_empty_and_said(capsys):
    assert main(["figures", "--communes", "48095,48061", "--indicator", "n_gp,population"]) == 0
    told = capsys.readouterr()
    found = pd.read_csv(io.StringIO(told.out), dtype=str, keep_default_na=False).set_index("indicator")
    assert found.loc["n_gp", "value"] == ""
    assert "publié par département seulement" in told.err


def test_indicators_are_taken_with_commas_or_spaces_and_once(capsys):
    arguments = ("--level", "region", "--indicator", "n_gp,population", "n_gp", "--indicator", "gp_per_100k")
    assert list(asked(capsys, *arguments)["indicator"].unique()) == ["n_gp", "population", "gp_per_100k"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["figures", "--level", "canton"], "niveau « canton » inconnu"),
        (["figures", "--level", "commune", "--indicator", "chats"], "indicateur « chats » inconnu"),
        (["figures", "--level", "commune", "--indicator", "n_gp"], "n’existe pas au niveau commune"),
        (["figures", "--level", "commune", "--indicator", "rpps_liberal_gp_per_100k"], "python -m data sync"),
        (["figures", "--level", "commune", "--within", "region-99"], "territoire « region-99 » inconnu"),
        (["figures", "--level", "region", "--within", "departement-48"], "ne tient pas"),
        (["figures", "--level", "region", "--all", "--indicator", "n_gp"], "ne va pas avec"),
        (["figures", "--level", "region", "--out", "x.xls"], "x.xls"),
        (["figures", "--level", "region", "--out", "absent/x.csv"], "absent"),
        (["figures"], "il manque : --level"),
        (["figures", "--communes", "48095,Xyz,99999"], "trouvé « Xyz », « 99999 »"),
        (["figures", "--communes", ""], "trouvé rien"),
        (["figures", "--communes", "48095", "--within", "region-76"], "ne va pas avec"),
        (["figures", "--communes", "48095", "--level", "region"], "ne tient pas"),
        (["figures", "--communes", "48095", "--indicator", "chats"], "indicateur « chats » inconnu"),
        (["figures", "--territory", "absent.csv"], "« absent.csv » ne peut être lu"),
        (["figures", "--level"], "une valeur est attendue"),
        (["figures", "--level", "region", "--colour"], "arguments inconnus : --colour"),
        (["projection", "--territory", "region-99"], "territoire « region-99 » inconnu"),
        (["projection", "--territory", "france", "--preset", "miracle"], "miracle"),
        (["projection", "--territory", "france", "--horizon", "99"], "99"),
        (["projection", "--territory", "france", "--horizon", "dix"], "valeur incorrecte 'dix'"),
        (["projection", "--territory", "france", "--format", "xml"], "xml"),
        (["chats"], "attendu"),
        ([], "il manque"),
    ],
)
def test_what_is_badly_asked_is_told_in_one_line(arguments, said, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert said in told.err


def test_every_format_holds_the_same_figures(tmp_path, capsys):
    arguments = (
        "--level",
        "commune",
        "--within",
        "departement-48",
        "--indicator",
        "zone",
        "apl_65_2023",
        "nearest_msp_min",
    )
    text = asked(capsys, *arguments)
    files = {suffix: tmp_path / f"figures.{suffix}" for suffix in ("csv", "xlsx", "parquet", "json")}
    for path in files.values():
        assert main(["figures", *arguments, "--out", str(path)]) == 0
    pd.testing.assert_frame_equal(pd.read_csv(files["csv"], dtype=str, keep_default_na=False), text)
    book = pd.read_excel(files["xlsx"], sheet_name=None, dtype=str, engine="openpyxl")
    assert book["Données"]["code"].tolist() == text["code"].tolist()
    assert "DREES" in str(book["Sources"].to_numpy())
    table = pd.read_parquet(files["parquet"])
    assert list(table.columns) == [*COLUMNS, "category"]
    of_apl = table[table["indicator"] == "apl_65_2023"]
    expected = pd.to_numeric(text.loc[text["indicator"] == "apl_65_2023", "value"].replace("", None))
    np.testing.assert_allclose(of_apl["value"], expected, rtol=1e-11)
    assert of_apl["category"].isna().all()
    assert set(table.loc[table["indicator"] == "zone", "category"]) <= {"ZIP", "ZAC", "ZAR", "HZ"}
    records = json.loads(files["json"].read_text(encoding="utf-8"))
    assert [record["code"] for record in records] == text["code"].tolist()
    assert [record["value"] for record in records][:3] == text["value"].tolist()[:3]


def test_out_of_reach_is_not_unknown(tmp_path):
    table = pd.DataFrame({"code": ["1", "2", "3"], "value": [1.5, np.inf, np.nan]})
    paths = [tmp_path / "t.csv", tmp_path / "t.json"]
    for path in paths:
        write(table, path, sources=list, title="")
    assert paths[0].read_text().splitlines() == ["code,value", "1,1.5", "2,inf", "3,"]
    assert [row["value"] for row in json.loads(paths[1].read_text())] == [1.5, "inf", None]


def test_a_workbook_that_cannot_hold_the_lines_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.commands.writing.MOST_ROWS_OF_A_SHEET", 2)
    with pytest.raises(BadQuestion, match="3 lignes"):
        write(pd.DataFrame({"value": [1.0, 2.0, 3.0]}), tmp_path / "t.xlsx", sources=list, title="")
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_indicators(capsys):
    assert main(["indicators"]) == 0
    listed = pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False).set_index("id")
    assert list(listed.columns) == ["label", "unit", "levels", "nature", "vintage"]
    assert listed.index.tolist() == list(load_facts().indicators)
    for name, row in listed.iterrows():
        indicator = INDICATORS[str(name)]
        assert row["levels"].split() == list(indicator.levels)
        assert row["label"] == indicator.label
        assert row["nature"].startswith(indicator.nature_at(indicator.levels[0]))
        assert row["vintage"]


def test_the_projection_is_that_of_the_reports(capsys, facts):
    assert main(["projection", "--territory", "region-76", "--horizon", "10", "--preset", "ars_occitanie"]) == 0
    given = json.loads(capsys.readouterr().out)
    figures = projection_figures(facts, Territory("region", "76"), horizon_years=10, preset="ars_occitanie")
    expected = asdict(figures)
    for name in ("departures", "entries", "need_to_find", "left_to_convince", "base_year", "end_year"):
        assert given[name] == expected[name]
    assert given["left_to_convince_low"] < given["left_to_convince"] < given["left_to_convince_high"]
    assert given["territory"] == "region-76"
    assert given["assumptions"] == [dict(item) for item in figures.assumptions]


def test_the_projection_of_mayotte_is_unknown(capsys):
    assert main(["projection", "--territory", "departement-976"]) == 0
    given = json.loads(capsys.readouterr().out)
    assert given["left_to_convince"] is None


def test_a_closed_pipe_is_no_fault():
    """Whoever reads may stop early: `python -m reports figures … | head -1`."""
    arguments = [sys.executable, "-m", "reports", "figures", "--level", "departement", "--all"]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline().decode("utf-8").strip() == ",".join(COLUMNS)
        running.stdout.close()
        assert running.stderr is not None
        assert running.stderr.read() == b""
        assert running.wait(60) == 0


def test_a_figure_is_never_made_twice(facts):
    indicator = facts.indicators["apl_65_2023"]
    table = command.long_figures(facts, "departement", [indicator], Territory("france", "FR"))
    lozere = table[table["code"] == "48"]["value"].iloc[0]
    assert lozere == facts.value("apl_65_2023", Territory("departement", "48"))
