"""The proof of the best sites, waited for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from coverage.simulator.siting.proof import ProofProgress, start_proof

if TYPE_CHECKING:
    from collections.abc import Callable

    from coverage.simulator.siting.request import SitingAnswer, SitingRequest
    from coverage.simulator.siting.solver import SolverName

WATCH_EVERY_S: Final = 0.2


def prove(
    request: SitingRequest,
    *,
    time_limit_s: float = 60.0,
    solver: SolverName | None = None,
    watch: Callable[[ProofProgress], None] | None = None,
) -> SitingAnswer:
    """Find the best choice of sites and prove it, or say how far the proof went.

    Parameters
    ----------
    request, time_limit_s, solver : as in `start_proof`.
    watch : called every fifth of a second with where the proof stands.

    Returns
    -------
    Status "optimal", "interrupted" (the best known answer with its bound), or "impossible" with its reason. Never
    worse than `coverage.simulator.siting.proposal.propose` when that one places as many sites.

    Raises
    ------
    SitingError
        The request is malformed, or too large to be proven: more pairs of candidate and commune than `MAX_PAIRS`.
    """
    proof = start_proof(request, time_limit_s=time_limit_s, solver=solver)
    if watch is not None:
        while proof.is_running:
            watch(proof.progress())
            time.sleep(WATCH_EVERY_S)
    answer = proof.answer()
    if watch is not None:
        watch(proof.progress())
    return answer
