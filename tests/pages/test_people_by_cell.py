"""A grid of cells brought for one department: its shares are counted by cell, and every screen and export says so."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
import streamlit as st

from coverage.territories.gazetteer import Territory
from data import store
from data.cache import CACHE_VARIABLE
from data.sync.run import sync
from geo.crs import metres_transformer
from pages.app.facts import load_facts
from pages.app.tables import level_table
from pages.screens.programme.data import ALL_LABEL, reach_by_part, reaches
from reports.__main__ import main as command
from reports.figures import by_cell
from reports.figures.facts import Facts
from tests.data.population_files import cell_line, cells_csv
from tests.pages.test_screens import ROOT, open_page, texts

if TYPE_CHECKING:
    from pathlib import Path

INDICATOR = "share_population_within_20_min_msp"
LOZERE, AVEYRON = Territory("departement", "48"), Territory("departement", "12")
AT_MAIRIE = "distance mesurée à la mairie"
BY_CELL = "distance mesurée par carreau de 200 m (Filosofi 2019, Lozère), à la mairie ailleurs"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    """No table is lent from a test to the next."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def bring(tmp_path: Path) -> None:
    """Sync a made-up grid of Lozère: half of each commune's people at its point, a quarter six km north and south."""
    communes = store.load("communes").query("departement_code == '48'")
    east, north = metres_transformer(3035).transform(communes["longitude"], communes["latitude"])
    cells: dict[tuple[int, int], list] = {}
    for x, y, code, people in zip(east, north, communes["commune_code"], communes["population"], strict=True):
        for step, part in ((0, 0.5), (6_000, 0.25), (-6_000, 0.25)):
            corner = int(y) // 200 * 200 + step, int(x) // 200 * 200
            line = cell_line(*corner, code, f"{0.97 * people * part:.3f}", imputed=int(people < 100))
            cells.setdefault(corner, line)  # where two communes have the same cell, the first one keeps it
    path = tmp_path / "Filosofi2019_carreaux_200m.csv"
    path.write_bytes(cells_csv(list(cells.values())))
    (outcome,) = sync(["insee_population_cells"], complete=False, own_file=path, say=lambda _: None)
    assert outcome.status == "installed", outcome.sentence
    st.cache_resource.clear()


def shown(app) -> str:
    """Return all that a page writes, its map and cards included."""
    return texts(app) + " ".join(item.proto.body for item in app.get("html"))


def test_without_a_grid_every_screen_says_at_the_mairie():
    facts = load_facts()
    assert facts.indicator(INDICATOR).dated_at("departement").endswith(AT_MAIRIE)
    ranking = open_page("classement", rang_indicateur=INDICATOR, rang_maille="departement")
    assert AT_MAIRIE in shown(ranking)
    assert AT_MAIRIE in shown(open_page("carte", indicateur=INDICATOR, maille="departement"))
    portrait = next(t.value for t in open_page("territoire").dataframe if "Thème" in t.value)
    row = portrait[portrait["Indicateur"] == facts.indicator(INDICATOR).label].iloc[0]
    assert row["Nature"] == f"estimé, {AT_MAIRIE}"
    [*_, sheet] = facts.describe_sources([INDICATOR], ["departement"])
    assert sheet["Nature"] == f"estimé, {AT_MAIRIE}"
    assert "Filosofi" not in facts.cite(INDICATOR)


def test_with_a_grid_the_figures_are_by_cell_and_every_screen_says_so(tmp_path, capsys):
    before = load_facts()
    at_mairie = {place: before.value(INDICATOR, place) for place in (LOZERE, AVEYRON)}
    bring(tmp_path)
    facts = load_facts()
    assert facts.value(INDICATOR, AVEYRON) == at_mairie[AVEYRON]
    assert facts.value(INDICATOR, LOZERE) != pytest.approx(at_mairie[LOZERE], abs=1e-3)
    assert 0 < facts.value(INDICATOR, LOZERE) < 1
    ranking = open_page("classement", rang_indicateur=INDICATOR, rang_maille="departement")
    assert not ranking.exception
    assert BY_CELL in shown(ranking)
    assert "INSEE, Filosofi 2019" in shown(ranking)
    assert BY_CELL in shown(open_page("carte", indicateur=INDICATOR, maille="departement"))
    portrait = next(t.value for t in open_page("territoire").dataframe if "Thème" in t.value)
    row = portrait[portrait["Indicateur"] == facts.indicator(INDICATOR).label].iloc[0]
    assert row["Nature"] == f"estimé, {BY_CELL}"
    sheet = facts.describe_sources([INDICATOR], ["departement"])
    assert {line["Nature"] for line in sheet} == {f"estimé, {BY_CELL}"}
    assert "Population par carreau de 200 m (Filosofi)" in {line["Source"] for line in sheet}
    assert BY_CELL not in facts.indicator("nearest_msp_min").dated_at("departement")  # still from the mairie
    assert command(["figures", "--level", "departement", "--indicator", INDICATOR, "--within", "region-76"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    value = next(float(row["value"]) for row in rows if row["code"] == "48")
    assert value == pytest.approx(100 * facts.value(INDICATOR, LOZERE))


def test_the_counts_are_kept_and_made_again_when_the_file_is_damaged(tmp_path, monkeypatch):
    bring(tmp_path)
    expected = Facts.of_snapshot().value(INDICATOR, LOZERE)
    (kept,) = (tmp_path / "cache").glob("people_by_cell_*.parquet")
    with monkeypatch.context() as patch:
        patch.setattr(by_cell, "count_by_cell", lambda *_: pytest.fail("counted again"))
        assert Facts.of_snapshot().value(INDICATOR, LOZERE) == expected
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    assert Facts.of_snapshot().value(INDICATOR, LOZERE) == expected
    assert kept.read_bytes() == whole
    (tmp_path / "file").write_text("no folder can be made here")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file" / "cache"))
    assert Facts.of_snapshot().value(INDICATOR, LOZERE) == expected


def test_the_page_of_the_programme_counts_as_the_indicators_do(tmp_path):
    assert f"{AT_MAIRIE} ;" in shown(open_page("suivi", territoire=LOZERE.slug))
    at_mairie = reaches(LOZERE).loc[ALL_LABEL, "share_within_20_min"]
    bring(tmp_path)
    page = open_page("suivi", territoire=LOZERE.slug)
    assert not page.exception
    assert f"{BY_CELL} ;" in shown(page)
    for limit in (10, 20):
        share = reaches(LOZERE).loc[ALL_LABEL, f"share_within_{limit}_min"]
        assert share == pytest.approx(load_facts().value(f"share_population_within_{limit}_min_msp", LOZERE))
    assert reaches(LOZERE).loc[ALL_LABEL, "share_within_20_min"] != pytest.approx(at_mairie, abs=1e-3)
    groups, _ = reach_by_part(LOZERE, "epci")
    known = groups["share_within_20_min"].dropna()
    facts = load_facts().values("share_population_within_20_min_msp", "epci").reindex(known.index)
    whole = level_table("epci")["population"].reindex(known.index) == groups.loc[known.index, "population"]
    assert whole.any()  # those that lie in the department: the part of the others is not the EPCI
    assert known[whole].to_numpy() == pytest.approx(facts[whole].to_numpy())


def test_the_command_compares_both_counts_and_says_when_there_is_no_grid(tmp_path, capsys):
    with pytest.raises(SystemExit):
        command(["cells"])
    assert "python -m data sync insee_population_cells --file" in capsys.readouterr().err
    bring(tmp_path)
    assert command(["cells"]) == 0
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert {code[:2] for code in rows} == {"48"}
    facts = Facts.of_snapshot()
    within, people = (sum(float(row[name]) for row in rows.values()) for name in ("within_20_min_msp", "people"))
    assert within / people == pytest.approx(facts.value(INDICATOR, LOZERE), abs=1e-6)
    mende = rows["48095"]
    assert mende["name"] == "Mende"
    assert float(mende["apl_by_cell"]) > 0
    assert float(mende["apl_by_cell"]) != pytest.approx(float(mende["apl_at_mairie"]), abs=0.01)
