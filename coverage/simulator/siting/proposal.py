"""An instant answer: lazy greedy, improved by exchanging one site for another, with a Lagrangian bound beside it.

The value of a set of sites, Σ_i max_j b_ij, is submodular: what a site adds only falls as others open. So the greedy
choice
is within 1 - 1/e of the best (without rules), and a candidate's last known gain bounds its present one (Minoux 1978).
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import sparse

from coverage.simulator.siting.request import SitingAnswer, SitingProblem, SitingRequest, formulate

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

MAX_SWEEPS: Final = 4
BOUND_ITERATIONS: Final = 120
_SMALLEST_GAIN: Final = 1e-9  # relative: below, an exchange only moves rounding
# Share of the last step of the bound kept in the next, and steps without progress before they are halved. Measured on
# Occitanie (25 sites, 20 min, 120 steps): gap of 10 % by the plain subgradient, 0.5 % with these and the unit below.
_MOMENTUM: Final = 0.85
_PATIENCE: Final = 12


def propose(request: SitingRequest, *, bound_iterations: int = BOUND_ITERATIONS) -> SitingAnswer:
    """Say where to open, at once, with how far from the best it may be.

    Parameters
    ----------
    request : what is asked.
    bound_iterations : steps of the Lagrangian bound; 0 gives the plain submodular bound.

    Returns
    -------
    Status "heuristic", or "impossible" with its reason. When the rule of the spacing leaves room for fewer sites than
    asked by this method, those found are given with the reason.

    Raises
    ------
    SitingError
        The request is malformed.
    """
    problem, reason = formulate(request)
    if reason:
        return impossible(reason)
    chosen = exchange(problem, greedy(problem, request.n_sites))
    value = value_of(problem, chosen)
    bound = upper_bound(problem, request.n_sites, chosen, bound_iterations)
    if len(chosen) < request.n_sites:
        reason = (
            f"Règle « écartement » : {len(chosen)} sites placés sur {request.n_sites} demandés en respectant"
            f" {request.rules.min_minutes_between:g} min entre deux sites ; la preuve exacte dira si"
            " mieux est possible."
        )
    return SitingAnswer(as_sites(problem, chosen), value, bound, "heuristic", reason)


def impossible(reason: str) -> SitingAnswer:
    """Answer that no choice exists, and why."""
    return SitingAnswer(pd.DataFrame({"commune_code": [], "gain": []}), 0.0, 0.0, "impossible", reason)


def greedy(problem: SitingProblem, n_sites: int, start: Iterable[int] = ()) -> list[int]:
    """Open one site after the other, each time the one that adds most, among those that the rules leave."""
    chosen = list(start)
    best = best_benefits(problem, chosen)
    closed = np.zeros(len(problem.codes), dtype=bool)
    for candidate in chosen:
        closed[problem.closed_by(candidate)] = True
    gains = gains_of_all(problem, best)
    heap = [(-gain, candidate, len(chosen)) for candidate, gain in enumerate(gains.tolist()) if not closed[candidate]]
    heapq.heapify(heap)
    while heap and len(chosen) < n_sites:
        _, candidate, known_at = heapq.heappop(heap)
        if closed[candidate]:
            continue
        if known_at < len(chosen):
            served, benefits = _row(problem, candidate)
            gain = float(np.maximum(benefits - best[served], 0.0).sum())
            heapq.heappush(heap, (-gain, candidate, len(chosen)))
            continue
        chosen.append(candidate)
        closed[problem.closed_by(candidate)] = True
        served, benefits = _row(problem, candidate)
        best[served] = np.maximum(best[served], benefits)
    return chosen


def exchange(problem: SitingProblem, chosen: list[int], max_sweeps: int = MAX_SWEEPS) -> list[int]:
    """Exchange one site for a better one as long as the value rises, at most `max_sweeps` times round."""
    current = list(chosen)
    by_commune = problem.benefit.T.tocsr()
    best = best_benefits(problem, current)
    gains = gains_of_all(problem, best)
    closers = np.zeros(len(problem.codes), dtype=np.int64)  # how many of the sites rule out each candidate
    for site in current:
        closers[problem.closed_by(site)] += 1
    for _ in range(max_sweeps):
        improved = False
        for k, site in enumerate(current):
            without = best_benefits(problem, current[:k] + current[k + 1 :])
            # Only communes that the site served best can make another candidate worth more without it.
            left = np.flatnonzero(without < best)
            local = by_commune[left]
            of_commune = np.repeat(left, np.diff(local.indptr))
            regained = np.maximum(local.data - without[of_commune], 0) - np.maximum(local.data - best[of_commune], 0)
            value_of_each = gains + np.bincount(local.indices, regained, len(gains))
            closers[problem.closed_by(site)] -= 1
            candidate = int(np.argmax(np.where(closers == 0, value_of_each, -1.0)))
            if without.sum() + value_of_each[candidate] > best.sum() * (1 + _SMALLEST_GAIN):
                current[k], improved = candidate, True
                best = best_benefits(problem, current)
                gains = gains_of_all(problem, best)
            closers[problem.closed_by(current[k])] += 1
        if not improved:
            break
    return current


def upper_bound(problem: SitingProblem, n_sites: int, chosen: list[int], iterations: int) -> float:
    """Return a value that no set of `n_sites` sites can exceed.

    L(λ) = Σ_i λ_i + max over sites of Σ_j Σ_i max(0, b_ij - λ_i), for any λ >= 0; started from the benefits of the
    sites
    chosen, which gives the submodular bound, then lowered by subgradient steps. The rule of the spacing is let go,
    which can only raise the bound.

    Source: Cornuéjols, Fisher and Nemhauser (1977); steps deflected as in Camerini, Fratta and Maffioli (1975).
    """
    benefit = problem.benefit
    lower = value_of(problem, chosen)
    multiplier = best_benefits(problem, chosen)
    # Steps in a unit of each commune, the root of its largest benefit: between steps alike for all, too small for a
    # city, and steps in proportion, too small for a hamlet.
    unit = np.zeros(benefit.shape[1])
    np.maximum.at(unit, benefit.indices, benefit.data)
    unit = np.sqrt(unit)
    lowest, step, stalled = np.inf, 1.0, 0
    direction = np.zeros(benefit.shape[1])
    served = benefit.indices.astype(np.intp)  # what numpy takes by: converted once, not at each step
    for _ in range(max(iterations, 0) + 1):
        excess = benefit.data - multiplier.take(served)
        rated = _row_sums(benefit, np.maximum(excess, 0.0))
        opened = _best_sites(problem, rated, n_sites)
        bound = float(multiplier.sum() + rated[opened].sum())
        if bound < lowest * (1 - 1e-6):
            lowest, stalled = bound, 0
        else:
            lowest, stalled = min(lowest, bound), stalled + 1
            if stalled >= _PATIENCE:
                step, stalled = step / 2, 0
        wanted = np.zeros(benefit.shape[1])
        for site in opened:
            span = slice(benefit.indptr[site], benefit.indptr[site + 1])
            wanted[served[span]] += excess[span] > 0
        slope = (1.0 - wanted) * unit
        slope[(multiplier <= 0) & (slope > 0)] = 0.0
        direction = slope + _MOMENTUM * direction
        norm = float(direction @ direction)
        if norm == 0 or lowest <= lower * (1 + _SMALLEST_GAIN):
            break
        multiplier = np.maximum(multiplier - step * (bound - lower) / norm * direction * unit, 0.0)
    return max(lowest, lower)


def value_of(problem: SitingProblem, chosen: Iterable[int]) -> float:
    """Return the value of a set of sites: Σ_i max_j b_ij."""
    return float(best_benefits(problem, chosen).sum())


def best_benefits(problem: SitingProblem, chosen: Iterable[int]) -> npt.NDArray[np.float64]:
    """Return what each commune gets from the best of the sites for it."""
    best = np.zeros(problem.benefit.shape[1])
    for candidate in chosen:
        served, benefits = _row(problem, candidate)
        best[served] = np.maximum(best[served], benefits)
    return best


def gains_of_all(problem: SitingProblem, best: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return what each candidate would add to what communes already get."""
    return _row_sums(problem.benefit, np.maximum(problem.benefit.data - best[problem.benefit.indices], 0.0))


def as_sites(problem: SitingProblem, chosen: Iterable[int]) -> pd.DataFrame:
    """Order sites by what each adds to those before it."""
    left, best, rows = list(chosen), np.zeros(problem.benefit.shape[1]), []
    while left:
        gains = gains_of_all(problem, best)
        first = max(left, key=lambda candidate: (gains[candidate], -candidate))
        rows.append((problem.codes[first], float(gains[first])))
        left.remove(first)
        best = np.maximum(best, best_benefits(problem, [first]))
    return pd.DataFrame(rows, columns=["commune_code", "gain"])


def _best_sites(problem: SitingProblem, rated: npt.NDArray[np.float64], n_sites: int) -> npt.NDArray[np.int64]:
    """Return the `n_sites` best-rated candidates, at most one a group."""
    if problem.n_groups < len(rated):
        order = np.lexsort((-rated, problem.group))
        firsts = order[np.r_[True, np.diff(problem.group[order]) != 0]]
    else:
        firsts = np.arange(len(rated))
    below = -rated[firsts]
    last = np.partition(below, n_sites - 1)[n_sites - 1] if n_sites < len(below) else np.inf
    firsts, below = firsts[below <= last], below[below <= last]  # a sort of all would take half of the bound's time
    sites: npt.NDArray[np.int64] = firsts[np.argsort(below, kind="stable")[:n_sites]]
    return sites


def _row(problem: SitingProblem, candidate: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """Return the communes that a candidate serves, and what each gets."""
    span = slice(problem.benefit.indptr[candidate], problem.benefit.indptr[candidate + 1])
    return problem.benefit.indices[span], problem.benefit.data[span]


def _row_sums(matrix: sparse.csr_array, data: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Sum `data`, laid out as the matrix's own, over each row; added row by row, so that nothing large cancels."""
    sums = np.zeros(matrix.shape[0])
    filled = np.flatnonzero(np.diff(matrix.indptr))
    sums[filled] = np.add.reduceat(data, matrix.indptr[filled])
    return sums
