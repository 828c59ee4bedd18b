"""The screen and the paper say the same: same classes, same bounds, same counts, same figures."""

from __future__ import annotations

import pytest

from coverage.definitions import INDICATORS
from coverage.gazetteer import FRANCE, Territory
from pages.parts.figures import format_figure
from pages.parts.map_values import draw_values

SCOPES = [FRANCE, Territory("region", "76"), Territory("departement", "31"), Territory("departement", "976")]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.key)
@pytest.mark.parametrize("method", ["seuils", "quantiles", "jenks", "egales"])
@pytest.mark.parametrize("indicator", ["apl_65_2023", "nearest_msp_min", "zone", "population_per_msp"])
def test_the_map_on_paper_is_the_map_on_screen(studio, scope, method, indicator):
    level = "commune" if "commune" in INDICATORS[indicator].levels else "departement"
    screen = draw_values(indicator, level, scope, method, 5)
    paper = studio.facts.draw(indicator, level, scope, method, 5)
    assert paper.values.classes == screen.values.classes
    assert list(paper.values.palette) == list(screen.values.palette)
    assert paper.legend == screen.legend


@pytest.mark.parametrize("territory", [*SCOPES, Territory("commune", "31395")], ids=lambda territory: territory.key)
def test_figures_on_paper_are_those_on_screen(studio, territory):
    for name, indicator in INDICATORS.items():
        if territory.level in indicator.levels:
            assert studio.facts.figure(name, territory) == format_figure(name, territory)
