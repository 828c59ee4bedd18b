"""A siting problem as an integer program, and the files that solvers read it from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    from coverage.simulator.siting.request import SitingProblem


@dataclass(frozen=True, eq=False)
class IntegerProgram:
    """Maximise value · v, matrix · v <= limits, Σ of the candidates = n_sites, 0 <= v <= 1, candidates whole.

    Variables: first one a candidate (1: a site opens there), then, for the coverage, one a commune (1: it is covered),
    or, for the distance, one a pair of commune and candidate (1: that site is its nearest).

    Attributes
    ----------
    n_sites, n_candidates
        How many to open, out of how many.
    value
        Of each variable, 0 or more; 0 for the candidates.
    matrix, limits
        The rows.
    served_by
        Communes × candidates, what the variables after the candidates stand for (see `as_start`).
    is_coverage
        Whether they are one a commune.
    """

    n_sites: int
    n_candidates: int
    value: npt.NDArray[np.float64]
    matrix: sparse.csr_array
    limits: npt.NDArray[np.float64]
    served_by: sparse.csr_array
    is_coverage: bool


def integer_program(problem: SitingProblem, n_sites: int) -> IntegerProgram:
    """Write a problem as an integer program.

    maximise Σ_ij b_ij z_ij, Σ_j z_ij <= 1, z_ij <= x_j, Σ_j x_j = N, one a group, no two in conflict; for the coverage,
    where every site in reach brings the same, Σ_i d_i y_i with y_i <= Σ_j x_j.

    Source: Church and ReVelle (1974), maximal covering; ReVelle and Swain (1970), p-median.
    """
    by_commune = _merge_twins(problem)
    n_candidates, n_communes = len(problem.codes), by_commune.shape[0]
    largest = by_commune.max(axis=1).toarray().ravel()
    rows = np.repeat(np.arange(n_communes), np.diff(by_commune.indptr))
    is_coverage = bool(np.allclose(by_commune.data, largest[rows], rtol=1e-9))
    if is_coverage:  # y_i - Σ_j x_j <= 0
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
    return IntegerProgram(
        n_sites=n_sites,
        n_candidates=n_candidates,
        value=np.concatenate([np.zeros(n_candidates), value]),
        matrix=sparse.vstack(links).tocsr(),
        limits=np.concatenate(limits),
        served_by=by_commune,
        is_coverage=is_coverage,
    )


def as_start(program: IntegerProgram, chosen: Iterable[int]) -> npt.NDArray[np.float64]:
    """Return the value of every variable when the sites `chosen` (positions of candidates) open."""
    opened = np.zeros(program.n_candidates)
    opened[list(chosen)] = 1.0
    served_by = program.served_by
    if program.is_coverage:
        return np.concatenate([opened, (served_by.astype(bool).astype(np.float64) @ opened > 0).astype(np.float64)])
    rows = np.repeat(np.arange(served_by.shape[0]), np.diff(served_by.indptr))
    offered = served_by.data * opened[served_by.indices]
    order = np.lexsort((-offered, rows))
    firsts = order[np.r_[True, np.diff(rows[order]) != 0]]  # the nearest open site of each commune
    nearest = np.zeros(len(offered))
    nearest[firsts[offered[firsts] > 0]] = 1.0
    return np.concatenate([opened, nearest])


def write_mps(program: IntegerProgram, path: Path) -> None:
    """Write the program for a solver, as a minimisation: column k is named "X" and k over seven figures."""
    n_rows, n_columns = program.matrix.shape
    columns = program.matrix.tocsc()
    lines = [
        "NAME          siting",
        "ROWS",
        " N  OBJ",
        " E  COUNT",
        *(f" L  R{i:07d}" for i in range(n_rows)),
        "COLUMNS",
    ]
    lines.append("    MARK      'MARKER'                 'INTORG'")
    for k in range(n_columns):
        if k == program.n_candidates:
            lines.append("    MARK      'MARKER'                 'INTEND'")
        name = f"X{k:07d}"
        if k < program.n_candidates:
            lines.append(f"    {name}  COUNT     1")
        if program.value[k]:
            lines.append(f"    {name}  OBJ       {-float(program.value[k])!r}")
        span = slice(columns.indptr[k], columns.indptr[k + 1])
        lines += [
            f"    {name}  R{i:07d}  {sign:g}" for i, sign in zip(columns.indices[span], columns.data[span], strict=True)
        ]
    lines += ["RHS", f"    RHS       COUNT     {program.n_sites}"]
    lines += [f"    RHS       R{i:07d}  {program.limits[i]:g}" for i in np.flatnonzero(program.limits)]
    lines += ["BOUNDS", *(f" UP BND       X{k:07d}  1" for k in range(n_columns)), "ENDATA"]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def write_start(program: IntegerProgram, chosen: Iterable[int], path: Path) -> None:
    """Write a first answer for CBC: the variables that are 1."""
    ones = np.flatnonzero(as_start(program, chosen))
    value = -float(program.value[ones].sum())
    lines = [f"Stopped on time - objective value {value!r}", *(f"{k} X{k:07d} 1 0" for k in ones)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


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


def _rules(problem: SitingProblem) -> list[sparse.csr_array]:
    """Return the rules as rows over the candidates, each saying « at most one »."""
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
