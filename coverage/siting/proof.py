"""The exact answer, by mixed-integer programming (HiGHS through scipy), with a time limit and what is left to prove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import optimize, sparse

from coverage.siting.proposal import as_sites, exchange, greedy, impossible, upper_bound, value_of
from coverage.siting.request import SitingAnswer, SitingError, SitingProblem, SitingRequest, formulate

if TYPE_CHECKING:
    pass

MAX_PAIRS: Final = 400_000  # beyond, a solver on a planner's machine has no chance in minutes
_GAP_PROVEN: Final = 1e-6
_OPEN: Final = 0.5
_INFEASIBLE: Final = 2  # status of scipy.optimize.milp


def prove(request: SitingRequest, *, time_limit_s: float = 60.0) -> SitingAnswer:
    """Find the best choice of sites and prove it, or say how far the proof went.

    maximise Σ_ij b_ij z_ij, Σ_j z_ij <= 1, z_ij <= x_j, Σ_j x_j = N, one a group, no two in conflict; for the coverage,
    where every site in reach brings the same, Σ_i d_i y_i with y_i <= Σ_j x_j.

    Parameters
    ----------
    request : what is asked.
    time_limit_s : seconds given to the solver.

    Returns
    -------
    Status "optimal", "interrupted" (the best known answer with its bound), or "impossible" with its reason. Never
    worse than `coverage.siting.proposal.propose` when that one places as many sites.

    Raises
    ------
    SitingError
        The request is malformed, or too large to be proven: more than 400 000 pairs of candidate and commune.
    """
    problem, reason = formulate(request)
    if reason:
        return impossible(reason)
    reduced = _merge_twins(problem)
    if reduced.nnz > MAX_PAIRS:
        raise SitingError(f"Preuve exacte : attendu au plus {MAX_PAIRS} paires site × commune, trouvé {reduced.nnz}.")
    known = exchange(problem, greedy(problem, request.n_sites))
    floor = value_of(problem, known)
    bound = upper_bound(problem, request.n_sites, known, 60)
    result = _solve(problem, reduced, request.n_sites, time_limit_s)
    if result.status == _INFEASIBLE:
        return impossible(
            f"Règle « écartement » : aucun choix de {request.n_sites} communes candidates ne respecte"
            f" {request.rules.min_minutes_between:g} min entre deux sites."
        )
    if result.mip_dual_bound is not None:
        bound = min(bound, -float(result.mip_dual_bound))
    chosen = known
    if result.x is not None:
        found = [int(j) for j in np.flatnonzero(result.x[: len(problem.codes)] > _OPEN)]
        if len(known) < request.n_sites or value_of(problem, found) > floor:
            chosen = found
    value = value_of(problem, chosen)
    bound = max(bound, value)
    if len(chosen) < request.n_sites:
        reason = f"Le délai n’a pas suffi pour placer {request.n_sites} sites ; {len(chosen)} sont donnés."
    proven = len(chosen) == request.n_sites and value >= bound * (1 - _GAP_PROVEN)
    return SitingAnswer(as_sites(problem, chosen), value, bound, "optimal" if proven else "interrupted", reason)


def _merge_twins(problem: SitingProblem) -> sparse.csr_array:
    """Add up communes that the same candidates serve in the same proportions: one variable does for all of them.

    Returns communes × candidates. Exact for the coverage and for the distance, whose benefits are then proportional.
    """
    by_commune = problem.benefit.T.tocsr()
    by_commune = by_commune[np.diff(by_commune.indptr) > 0]
    by_commune.sort_indices()
    keys: dict[tuple[bytes, bytes], int] = {}
    merged = np.empty(by_commune.shape[0], dtype=np.int64)
    for i in range(by_commune.shape[0]):
        span = slice(by_commune.indptr[i], by_commune.indptr[i + 1])
        shape = np.round(by_commune.data[span] / by_commune.data[span].max(), 12)
        merged[i] = keys.setdefault((by_commune.indices[span].tobytes(), shape.tobytes()), len(keys))
    adder = sparse.csr_array((np.ones(len(merged)), (merged, np.arange(len(merged)))), shape=(len(keys), len(merged)))
    return (adder @ by_commune).tocsr()


def _solve(problem: SitingProblem, by_commune: sparse.csr_array, n_sites: int, time_limit_s: float) -> Any:
    n_candidates, n_communes = len(problem.codes), by_commune.shape[0]
    largest = by_commune.max(axis=1).toarray().ravel()
    rows = np.repeat(np.arange(n_communes), np.diff(by_commune.indptr))
    same_for_all = bool(np.allclose(by_commune.data, largest[rows], rtol=1e-9))
    if same_for_all:  # coverage: y_i - Σ_j x_j <= 0
        n_extra, value = n_communes, largest
        covers = sparse.csr_array(
            (-np.ones(by_commune.nnz), by_commune.indices, by_commune.indptr), shape=by_commune.shape
        )
        links = [sparse.hstack([covers, sparse.eye_array(n_communes)])]
        limits = [np.zeros(n_communes)]
    else:  # z_ij - x_j <= 0 ; Σ_j z_ij <= 1
        n_extra, value = by_commune.nnz, by_commune.data
        pairs = np.arange(n_extra)
        of_site = sparse.csr_array((-np.ones(n_extra), (pairs, by_commune.indices)), shape=(n_extra, n_candidates))
        of_commune = sparse.csr_array((np.ones(n_extra), (rows, pairs)), shape=(n_communes, n_extra))
        links = [
            sparse.hstack([of_site, sparse.eye_array(n_extra)]),
            sparse.hstack([sparse.csr_array((n_communes, n_candidates)), of_commune]),
        ]
        limits = [np.zeros(n_extra), np.ones(n_communes)]
    for rule in _rules(problem):
        links.append(sparse.hstack([rule, sparse.csr_array((rule.shape[0], n_extra))]))
        limits.append(np.ones(rule.shape[0]))
    matrix = sparse.vstack(links).tocsr()
    count = sparse.csr_array(np.concatenate([np.ones(n_candidates), np.zeros(n_extra)])[None, :])
    return optimize.milp(
        np.concatenate([np.zeros(n_candidates), -value]),
        integrality=np.concatenate([np.ones(n_candidates), np.zeros(n_extra)]),
        bounds=optimize.Bounds(0, 1),
        constraints=[
            optimize.LinearConstraint(matrix, -np.inf, np.concatenate(limits)),
            optimize.LinearConstraint(count, n_sites, n_sites),
        ],
        options={"time_limit": time_limit_s, "mip_rel_gap": _GAP_PROVEN / 10},
    )


def _rules(problem: SitingProblem) -> list[sparse.csr_array]:
    """Give the rules as rows over the candidates, each saying « at most one »."""
    n_candidates = len(problem.codes)
    rules = []
    if problem.n_groups < n_candidates:
        ones = np.ones(n_candidates)
        rules.append(sparse.csr_array((ones, (problem.group, np.arange(n_candidates)))))
    if problem.conflict is not None:
        pairs = sparse.triu(problem.conflict, k=1).tocoo()
        ends = np.concatenate(pairs.coords)
        at = np.tile(np.arange(pairs.nnz), 2)
        rules.append(sparse.csr_array((np.ones(2 * pairs.nnz), (at, ends)), shape=(pairs.nnz, n_candidates)))
    return rules
