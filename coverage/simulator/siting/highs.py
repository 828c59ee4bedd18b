"""HiGHS in a process of its own, so that it can be stopped: `python -m coverage.simulator.siting.highs FOLDER`.

Reads program.npz in the folder, writes its log on standard output and its answer in answer.npz.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, sparse

if TYPE_CHECKING:
    from coverage.simulator.siting.program import IntegerProgram


def write_program(program: IntegerProgram, path: Path, *, time_limit_s: float, gap: float) -> None:
    """Write what the process needs."""
    np.savez(
        path,
        value=program.value,
        data=program.matrix.data,
        indices=program.matrix.indices,
        indptr=program.matrix.indptr,
        limits=program.limits,
        counts=np.array([program.n_candidates, program.n_sites]),
        settings=np.array([time_limit_s, gap]),
    )


def solve(folder: Path) -> None:
    """Solve the program of a folder; answer.npz: x (empty when none was found), bound, status of scipy's `milp`."""
    with np.load(folder / "program.npz") as given:
        value, limits = given["value"], given["limits"]
        n_candidates, n_sites = (int(count) for count in given["counts"])
        time_limit_s, gap = (float(setting) for setting in given["settings"])
        matrix = sparse.csr_array((given["data"], given["indices"], given["indptr"]), shape=(len(limits), len(value)))
    is_candidate = np.arange(len(value)) < n_candidates
    count = sparse.csr_array(is_candidate.astype(np.float64)[None, :])
    result = optimize.milp(
        -value,
        integrality=is_candidate.astype(np.int64),
        bounds=optimize.Bounds(0, 1),
        constraints=[
            optimize.LinearConstraint(matrix, -np.inf, limits),
            optimize.LinearConstraint(count, n_sites, n_sites),
        ],
        options={"time_limit": time_limit_s, "mip_rel_gap": gap, "disp": True},
    )
    bound = np.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound)
    x = np.empty(0) if result.x is None else result.x[:n_candidates]
    np.savez(folder / "answer.part.npz", x=x, bound=bound, status=result.status)
    (folder / "answer.part.npz").replace(folder / "answer.npz")


if __name__ == "__main__":
    solve(Path(sys.argv[1]))
