"""« Où ouvrir ? »: what is asked of the siting, and its answer."""

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd
import streamlit as st

from coverage.simulator.scenario_file import SavedScenario, write_scenario
from coverage.simulator.siting.lifting import propose_lifting
from coverage.simulator.siting.proposal import propose
from coverage.simulator.siting.request import Rules, SitingAnswer, SitingRequest, weigh_people
from coverage.simulator.supply_change import Opening
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.tables import load_gazetteer, load_table
from pages.app.travel_times import load_times
from pages.screens.simulator.engine import Result, can_open, load_model

Objective = Literal["coverage", "distance", "lifting"]
OBJECTIVE_LABELS: Final[dict[Objective, str]] = {
    "coverage": "Le plus d’habitants nouvellement à portée d’une MSP",
    "distance": "Le moins de minutes jusqu’à la MSP la plus proche",
    "lifting": "Le plus d’habitants passés au-dessus de 2,5",
}
MINUTES: Final = (5, 10, 15, 20, 25, 30)
MOST_SITES: Final = 50


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question to the siting, as the reader put it.

    Attributes
    ----------
    territory
        Whose inhabitants are to be served, by sites within it.
    base
        The current scenario: its openings count as existing structures, its APL is what lifting starts from.
    n_sites, gp_fte
        How many sites, and full-time GPs of each.
    objective, max_minutes
        See `coverage.simulator.siting.request.SitingRequest`; "lifting" is answered by the what-if engine.
    weight_75plus, weight_poverty, min_people_served, min_minutes_between, one_per_epci
        See `coverage.simulator.siting.request.weigh_people` and `Rules`.
    """

    territory: Territory
    base: SavedScenario
    n_sites: int
    gp_fte: float
    objective: Objective = "coverage"
    max_minutes: float = 20.0
    weight_75plus: float = 0.0
    weight_poverty: float = 0.0
    min_people_served: float = 0.0
    min_minutes_between: float = 0.0
    one_per_epci: bool = False

    @property
    def is_weighted(self) -> bool:
        """Tell whether some inhabitants count more than others."""
        return self.weight_75plus > 0 or self.weight_poverty > 0

    def openings(self, answer: SitingAnswer) -> list[Opening]:
        """Return the sites of an answer as changes of a scenario."""
        return [Opening(str(code), self.gp_fte) for code in answer.sites["commune_code"]]


def siting_request(ask: Ask) -> SitingRequest:
    """Put a question as `coverage.simulator.siting` reads it.

    Raises
    ------
    coverage.simulator.siting.request.SitingError
        The question is malformed; says why in French.
    """
    gazetteer = load_gazetteer()
    communes = gazetteer.communes
    here = communes.loc[gazetteer.mask(ask.territory)]
    population = here.set_index("commune_code")["population"]
    context = load_table("commune_context").set_index("commune_code")
    people = weigh_people(
        population,
        context["share_75plus"],
        context["bassin_de_vie_poverty_rate"],
        weight_75plus=ask.weight_75plus,
        weight_poverty=ask.weight_poverty,
    )
    structures = load_table("structures")
    existing = set(structures.loc[structures["structure_type"] == "msp", "commune_code"].dropna())
    existing |= {change.commune_code for change in ask.base.changes if isinstance(change, Opening)}
    existing &= set(communes["commune_code"])
    return SitingRequest(
        times=load_times(),
        people=people,
        candidates=tuple(code for code in people.index if can_open(code)),
        n_sites=ask.n_sites,
        objective="distance" if ask.objective == "distance" else "coverage",
        max_minutes=ask.max_minutes,
        existing=tuple(sorted(existing)),
        rules=Rules(ask.min_people_served, ask.min_minutes_between, ask.one_per_epci),
        epci=communes.set_index("commune_code")["epci_code"],
    )


def answer_ask(ask: Ask, result: Result) -> SitingAnswer:
    """Answer a question at once, once for all readers.

    Raises
    ------
    coverage.simulator.siting.request.SitingError
        The question is malformed; says why in French.
    """
    return _answer(ask, result.outcome.by_commune["apl_after"] if ask.objective == "lifting" else None)


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs={SavedScenario: write_scenario})
def _answer(ask: Ask, _apl: pd.Series | None) -> SitingAnswer:
    request = siting_request(ask)
    if _apl is None:
        return propose(request)
    return propose_lifting(request, load_model(), _apl, gp_fte=ask.gp_fte)


def why_existing_are_partial(gazetteer: Gazetteer, territory: Territory, covered: frozenset[str]) -> str:
    """Return what is said where the existing MSP of the territory are not all located; "" where they are."""
    regions = set(gazetteer.communes.loc[gazetteer.mask(territory), "region_code"])
    if regions <= covered:
        return ""
    names = ", ".join(gazetteer.name(Territory("region", code)) for code in sorted(covered))
    return (
        f"Les MSP existantes ne sont localisées que pour : {names or 'aucune région'}. Ailleurs, la proposition ne "
        "sait pas où elles sont."
    )
