"""The exact answer, by mixed-integer programming: started, watched, stopped, or waited for."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coverage.simulator.siting.program import integer_program
from coverage.simulator.siting.proposal import as_sites, exchange, greedy, impossible, upper_bound, value_of
from coverage.simulator.siting.request import SitingAnswer, SitingError, SitingProblem, SitingRequest, formulate
from coverage.simulator.siting.solver import SolverName, SolverRun, start_solver

if TYPE_CHECKING:
    from coverage.simulator.siting.solver import SolverAnswer

# Pairs of candidate and commune beyond which a solver on a planner's machine has no chance in minutes. The coverage of
# all France at 20 min has 1.17 million (proven in 45 s for 50 sites); the distance takes a variable for each pair.
MAX_PAIRS: Final = {"coverage": 1_500_000, "distance": 400_000}
_BOUND_ITERATIONS: Final = 60
_GAP_PROVEN: Final = 1e-6


@dataclass(frozen=True)
class ProofProgress:
    """Where a proof stands.

    Attributes
    ----------
    value
        Best value found so far (unit of `SitingAnswer.value`); at least that of the proposal.
    upper_bound
        No choice of sites can bring more, as far as is proven.
    elapsed_s
        Seconds since the start.
    solver
        "cbc" or "highs"; empty when there was nothing to solve.
    is_running
        Whether the solver is still at work.
    """

    value: float
    upper_bound: float
    elapsed_s: float
    solver: str
    is_running: bool

    @property
    def gap_share(self) -> float:
        """Share of the bound that the best value may miss, 0 to 1; NaN when unknown."""
        return max(0.0, 1 - self.value / self.upper_bound) if self.upper_bound > 0 else float("nan")


class Proof:
    """A proof at work in another process. Make one with `start_proof`; any thread may watch, stop or ask it."""

    def __init__(self, request: SitingRequest, time_limit_s: float, solver: SolverName | None) -> None:
        self._request, self._started = request, time.monotonic()
        self._lock = threading.Lock()
        self._answer: SitingAnswer | None = None
        self._stopped = False
        self._problem, reason = formulate(request)
        self._known: list[int] = []
        self._value = self._bound = 0.0
        self._ended_s = 0.0
        self._run: SolverRun | None = None
        if reason:
            self._answer = impossible(reason)
            return
        found, most = self._problem.benefit.nnz, MAX_PAIRS[request.objective]
        if found > most:
            raise SitingError(f"Preuve exacte : attendu au plus {most} paires site × commune, trouvé {found}.")
        self._known = exchange(self._problem, greedy(self._problem, request.n_sites))
        self._value = value_of(self._problem, self._known)
        self._bound = upper_bound(self._problem, request.n_sites, self._known, _BOUND_ITERATIONS)
        start = self._known if len(self._known) == request.n_sites else []
        program = integer_program(self._problem, request.n_sites)
        self._run = start_solver(program, start, time_limit_s=time_limit_s, solver=solver)

    @property
    def is_running(self) -> bool:
        """Tell whether the solver is still at work; once it is not, `answer` does not wait."""
        return self._run is not None and self._run.is_running

    def progress(self) -> ProofProgress:
        """Say where the proof stands, without waiting."""
        running = self.is_running
        with self._lock:
            if self._answer is not None:
                value, bound = self._answer.value, self._answer.upper_bound
            else:
                reading = self._run.read_log() if self._run is not None else None
                value = max(self._value, reading.value if reading else -np.inf)
                bound = max(value, min(self._bound, reading.bound if reading else np.inf))
            if not running and not self._ended_s:
                self._ended_s = time.monotonic() - self._started
            elapsed_s = self._ended_s or time.monotonic() - self._started
        return ProofProgress(value, bound, elapsed_s, self._run.solver if self._run else "", running)

    def stop(self) -> None:
        """End the proof now; `answer` then gives the best known choice, with its bound, as "interrupted"."""
        if self._run is not None and self._answer is None:
            self._stopped = True
            self._run.stop()

    def answer(self) -> SitingAnswer:
        """Wait for the end of the proof and give its answer; the same one each time."""
        if self._run is not None:
            left = self._run.answer()
            with self._lock:
                if self._answer is None:
                    self._answer = self._conclude(left)
        if self._answer is None:  # no solver and no reason cannot be
            raise SitingError("Preuve exacte : attendu un solveur ou une raison, trouvé aucun.")
        return self._answer

    def _conclude(self, left: SolverAnswer) -> SitingAnswer:
        problem, n_sites = self._problem, self._request.n_sites
        if left.is_infeasible and len(self._known) < n_sites:
            return impossible(
                f"Règle « écartement » : aucun choix de {n_sites} communes candidates ne respecte"
                f" {self._request.rules.min_minutes_between:g} min entre deux sites."
            )
        chosen, optimal = self._known, left.is_optimal
        found = [] if left.chosen is None else [site for site in left.chosen if site < len(problem.codes)]
        if len(found) == n_sites and _respects_rules(problem, found):
            if len(chosen) < n_sites or value_of(problem, found) > self._value:
                chosen = found
            # What the solver proves is proven of its own choice.
            optimal &= value_of(problem, found) >= value_of(problem, chosen) * (1 - _GAP_PROVEN)
        else:
            optimal = False
        value = value_of(problem, chosen)
        bound = value if optimal else max(min(self._bound, left.bound), value)
        proven = len(chosen) == n_sites and value >= bound * (1 - _GAP_PROVEN)
        reason = ""
        if len(chosen) < n_sites:
            cause = "La preuve a été arrêtée avant de" if self._stopped else "Le délai n’a pas suffi pour"
            reason = f"{cause} placer {n_sites} sites ; {len(chosen)} sont donnés."
        return SitingAnswer(as_sites(problem, chosen), value, bound, "optimal" if proven else "interrupted", reason)


def start_proof(request: SitingRequest, *, time_limit_s: float = 60.0, solver: SolverName | None = None) -> Proof:
    """Start to prove which choice of sites is best, and come back at once (after the instant proposal).

    Parameters
    ----------
    request : what is asked.
    time_limit_s : seconds given to the solver.
    solver : "cbc" or "highs"; None takes CBC, or HiGHS where CBC cannot run.

    Raises
    ------
    SitingError
        The request is malformed, or too large to be proven: more pairs of candidate and commune than `MAX_PAIRS`.
    """
    return Proof(request, time_limit_s, solver)


def _respects_rules(problem: SitingProblem, chosen: list[int]) -> bool:
    """Check a solver's choice: at most one a group, no two in conflict."""
    if len(np.unique(problem.group[chosen])) < len(chosen):
        return False
    if problem.conflict is None:
        return True
    return problem.conflict[chosen][:, chosen].nnz == 0
