"""What a slide of a simulation says and draws: the scenario is computed anew, from the figures of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coverage.simulator.scenario_file import SavedScenario, ScenarioFileError, read_token
from coverage.simulator.supply_change import ScenarioError
from coverage.territories.gazetteer import Territory
from pages.app.tables import load_gazetteer
from pages.screens.simulator.engine import Result, answer, outcome_in
from pages.screens.simulator.map import draw_result
from pages.screens.simulator.state import known_codes
from pages.screens.simulator.words import tell_scenario
from reports.figures.french import in_territory

if TYPE_CHECKING:
    import pandas as pd

    from pages.widgets.saved_views.views import SavedView
    from reports.figures.map_classes import MapClasses


@dataclass(frozen=True, eq=False)
class Simulation:
    """A scenario in a territory.

    Attributes
    ----------
    territory, scenario, result
        Where, what is tried, and what it does.
    """

    territory: Territory
    scenario: SavedScenario
    result: Result

    @property
    def here(self) -> pd.Series:
        """What it does in the territory (`coverage.simulator.scenario.outcome_by_level`)."""
        return outcome_in(self.result.counted, self.territory)

    @property
    def message(self) -> str:
        """What it does, in a sentence without its full stop."""
        where = in_territory(load_gazetteer(), self.territory)
        return tell_scenario(self.scenario.name, where, self.result.outcome, self.here).removesuffix(".")

    @property
    def drawn(self) -> tuple[MapClasses, MapClasses]:
        """The maps before and after."""
        scope = load_gazetteer().surroundings(self.territory)
        return draw_result(self.result, "before", scope), draw_result(self.result, "after", scope)


def simulation_of(saved: SavedView) -> Simulation:
    """Return what a slide simulates; errors as `simulation_in`."""
    return simulation_in(saved.scenario, saved.view.territoire)


def can_be_shown(saved: SavedView) -> bool:
    """Tell whether what a slide simulates can be computed with the tables in use; of any other slide, True."""
    try:
        return not saved.scenario or bool(simulation_of(saved))
    except ScenarioError:
        return False


def simulation_in(token: str, territory: Territory) -> Simulation:
    """Compute a scenario.

    Raises
    ------
    ScenarioError
        It can't be read any more, or a change can't be applied; the message is in French.
    """
    try:
        scenario = read_token(token, known_codes())
    except ScenarioFileError as error:  # a commune is gone since
        raise ScenarioError(str(error)) from error
    return Simulation(territory, scenario, answer(scenario))
