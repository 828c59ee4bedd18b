"""The scenarios of a session: several, one of them current, and what undoes and redoes each. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from coverage.simulator.scenario_file import MAX_CHANGES, MAX_NAME, SavedScenario, write_token
from coverage.simulator.supply_change import Change

SERIES: Final = ("apl_65_2023", "apl_2023")
"""Published series that a scenario may start from; the first counts the GPs over 65, whose departure can be tried."""
MOST_SCENARIOS: Final = 12
MOST_UNDOS: Final = 100
FIRST_NAME: Final = "Scénario 1"
PARAMETER: Final = "s_scenario"
LONGEST_TOKEN: Final = 1500
"""Beyond, mail and office programs cut addresses: the file is there for that."""


@dataclass(frozen=True)
class Draft:
    """One scenario being worked on, and its former and undone states."""

    scenario: SavedScenario
    past: tuple[SavedScenario, ...] = ()
    future: tuple[SavedScenario, ...] = ()

    def become(self, scenario: SavedScenario) -> Self:
        """Return the draft after a change that can be undone."""
        if scenario == self.scenario:
            return self
        return replace(self, scenario=scenario, past=(*self.past, self.scenario)[-MOST_UNDOS:], future=())

    def undo(self) -> Self:
        """Return the draft before its last change."""
        if not self.past:
            return self
        return replace(self, scenario=self.past[-1], past=self.past[:-1], future=(self.scenario, *self.future))

    def redo(self) -> Self:
        """Return the draft after the change that was undone last."""
        if not self.future:
            return self
        return replace(self, scenario=self.future[0], past=(*self.past, self.scenario), future=self.future[1:])


@dataclass(frozen=True)
class Drafts:
    """The scenarios of a session, and which one is current; there is always one.

    Attributes
    ----------
    items
        In the order of their making, names all different.
    position
        The current one.
    """

    items: tuple[Draft, ...] = (Draft(SavedScenario(FIRST_NAME, SERIES[0])),)
    position: int = 0

    @classmethod
    def of_series(cls, series: str) -> Self:
        """Return what a visit begins with: one empty scenario, from a published series."""
        return cls((Draft(SavedScenario(FIRST_NAME, series)),))

    @property
    def is_untouched(self) -> bool:
        """Tell whether nothing has been begun yet: the empty first scenario, nothing to undo."""
        return any(self.items == self.of_series(series).items for series in SERIES)

    @property
    def draft(self) -> Draft:
        """Return the current draft."""
        return self.items[self.position]

    @property
    def scenario(self) -> SavedScenario:
        """Return the current scenario."""
        return self.draft.scenario

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the scenarios, in order."""
        return tuple(item.scenario.name for item in self.items)

    @property
    def is_full(self) -> bool:
        """Tell whether no more scenario can be kept."""
        return len(self.items) >= MOST_SCENARIOS

    @property
    def token(self) -> str:
        """Return the current scenario as it stands in an address; empty for one that says nothing yet."""
        return "" if self.scenario == Drafts().scenario else write_token(self.scenario)

    @property
    def fits_address(self) -> bool:
        """Tell whether copying the address is enough to share the current scenario."""
        return len(self.token) <= LONGEST_TOKEN

    def to_query(self) -> dict[str, str]:
        """Return the query parameters: the current scenario, where it is short enough."""
        return {PARAMETER: self.token} if self.token and self.fits_address else {}

    def with_draft(self, draft: Draft) -> Self:
        """Return the same scenarios, the current one replaced."""
        items = list(self.items)
        items[self.position] = draft
        return replace(self, items=tuple(items))

    def with_changes(self, changes: Sequence[Change]) -> Self:
        """Return the scenarios, the current one having these changes (at most 500)."""
        return self.with_draft(self.draft.become(replace(self.scenario, changes=tuple(changes)[:MAX_CHANGES])))

    def adding(self, *changes: Change) -> Self:
        """Return the scenarios, the current one having these changes more."""
        return self.with_changes((*self.scenario.changes, *changes))

    def with_series(self, series: str) -> Self:
        """Return the scenarios, the current one starting from another published series."""
        return self.with_draft(self.draft.become(replace(self.scenario, series=series)))

    def undo(self) -> Self:
        """Return the scenarios before the last change of the current one."""
        return self.with_draft(self.draft.undo())

    def redo(self) -> Self:
        """Return the scenarios after the last undone change of the current one."""
        return self.with_draft(self.draft.redo())

    def rename(self, name: str) -> Self:
        """Return the scenarios, the current one under another name (made different from the others')."""
        wanted = " ".join(name.split())[:MAX_NAME]
        if not wanted or wanted == self.scenario.name:
            return self
        others = [other for k, other in enumerate(self.names) if k != self.position]
        return self.with_draft(replace(self.draft, scenario=replace(self.scenario, name=_unused(wanted, others))))

    def choose(self, name: str) -> Self:
        """Return the scenarios, another one current."""
        return replace(self, position=self.names.index(name))

    def opening(self, scenario: SavedScenario) -> Self:
        """Return the scenarios with one more, current; one of the same name becomes it, and can be undone."""
        if scenario.name in self.names:
            found = self.choose(scenario.name)
            return found.with_draft(found.draft.become(scenario))
        if self.is_untouched:  # the empty first scenario gives its place
            return type(self)((Draft(scenario),))
        if self.is_full:
            return self.with_draft(self.draft.become(scenario))
        return type(self)((*self.items, Draft(scenario)), len(self.items))

    def begin(self) -> Self:
        """Return the scenarios with a new, empty one, current."""
        name = _unused(f"Scénario {len(self.items) + 1}", self.names)
        return self._append(SavedScenario(name, self.scenario.series))

    def duplicate(self) -> Self:
        """Return the scenarios with a copy of the current one, itself current."""
        name = _unused(f"{self.scenario.name} (copie)"[:MAX_NAME], self.names)
        return self._append(replace(self.scenario, name=name))

    def remove(self) -> Self:
        """Return the scenarios without the current one; never none."""
        left = (*self.items[: self.position], *self.items[self.position + 1 :])
        return replace(self, items=left, position=max(self.position - 1, 0)) if left else type(self)()

    def _append(self, scenario: SavedScenario) -> Self:
        if self.is_full:
            return self
        return replace(self, items=(*self.items, Draft(scenario)), position=len(self.items))


def _unused(name: str, taken: Sequence[str]) -> str:
    """Return the name, numbered when it is taken."""
    if name not in taken:
        return name
    numbered = (f"{name[: MAX_NAME - 5]} ({k})" for k in range(2, len(taken) + 3))
    return next(candidate for candidate in numbered if candidate not in taken)
