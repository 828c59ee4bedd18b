"""The projection as figures: those of the model, with the band, for any level, and a clear refusal."""

import pytest

from coverage.projection import PRESETS, ScenarioError, assumptions, project
from coverage.terms.natures import NATURES
from coverage.territories.gazetteer import FRANCE, Territory
from reports.figures.facts import Facts
from reports.projection.outlook import projection_figures
from reports.projection.start import start_of

OCCITANIE = Territory("region", "76")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts.of_snapshot()


@pytest.mark.parametrize("preset", PRESETS)
def test_the_figures_are_those_of_the_model_and_lie_in_their_band(facts, preset):
    given = projection_figures(facts, OCCITANIE, preset=preset)
    yearly = project(start_of(facts.table), PRESETS[preset].with_changes(horizon_years=10)).yearly
    row = yearly[(yearly["territory_code"] == "76") & (yearly["level"] == "region") & (yearly["year"] == 2035)].iloc[0]
    for name in ("departures", "entries", "need_to_find", "left_to_convince"):
        assert getattr(given, name) == pytest.approx(row[name])
    assert given.left_to_convince == pytest.approx(given.need_to_find - given.entries)
    assert given.left_to_convince_low < given.left_to_convince < given.left_to_convince_high
    assert (given.base_year, given.end_year) == (2025, 2035)


def test_every_assumption_has_its_value_unit_nature_source_and_date(facts):
    listed = {row["name"]: row for row in projection_figures(facts, FRANCE).assumptions}
    assert listed.keys() >= set(assumptions())
    for row in listed.values():
        assert all(row[name] != "" for name in ("label", "value", "unit", "source", "date")), row
        assert row["nature"] in NATURES
    assert listed["ageing_growth"]["value"] == pytest.approx(0.022)
    assert listed["population_variant"]["value"] == "centrale"


def test_a_commune_is_answered_by_its_department_and_mayotte_is_unknown(facts):
    assert projection_figures(facts, Territory("commune", "12145")).territory.code == "12"
    mayotte = projection_figures(facts, Territory("departement", "976"))
    assert mayotte.left_to_convince is None
    assert mayotte.left_to_convince_high is None


def test_an_unknown_preset_or_horizon_is_refused(facts):
    with pytest.raises(ScenarioError, match="trouvé « miracle »"):
        projection_figures(facts, FRANCE, preset="miracle")
    with pytest.raises(ScenarioError, match="Horizon"):
        projection_figures(facts, FRANCE, horizon_years=99)
