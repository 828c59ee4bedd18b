"""What is asked of a siting, what is answered, and why a request may be impossible."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from coverage.errors import CoverageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.travel_time.matrix import TravelTimes

Objective = Literal["coverage", "distance"]
Status = Literal["heuristic", "optimal", "interrupted", "impossible"]
TENTHS: Final = 10


class SitingError(CoverageError, ValueError):
    """A request is malformed: unknown places, negative numbers, limits beyond the travel times."""


@dataclass(frozen=True)
class Rules:
    """What the new sites must respect.

    Parameters
    ----------
    min_people_served : inhabitants, weighted as the request weighs them, within `max_minutes` of each new site.
    min_minutes_between : minutes between two new sites, the shorter of the two ways.
    one_per_epci : at most one new site per EPCI; a commune without EPCI is alone in its own.
    """

    min_people_served: float = 0.0
    min_minutes_between: float = 0.0
    one_per_epci: bool = False


@dataclass(frozen=True, eq=False)
class SitingRequest:
    """Where to open `n_sites` structures, and for whom.

    Parameters
    ----------
    times : minutes between communes.
    people : inhabitants to serve, possibly weighted (see `weigh_people`), index commune_code; absent or NaN is not
    counted.
    candidates : communes where a site may open.
    n_sites : how many to open.
    objective : "coverage", most people newly within `max_minutes`; "distance", least total minutes to the nearest
        site, a commune beyond `times.limit_min` of any site counting as that limit.
    max_minutes : what "near" means, for the coverage and for `Rules.min_people_served`.
    existing : communes that already have a structure.
    rules : what the new sites must respect.
    epci : EPCI of each commune, index commune_code; needed by `Rules.one_per_epci`.
    """

    times: TravelTimes
    people: pd.Series
    candidates: tuple[str, ...]
    n_sites: int
    objective: Objective = "coverage"
    max_minutes: float = 20.0
    existing: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)
    epci: pd.Series | None = None


@dataclass(frozen=True, eq=False)
class SitingAnswer:
    """Where to open, what it brings, and how far from the best it may be.

    Attributes
    ----------
    sites
        Communes, in the order of what each adds to those before; columns commune_code, gain.
    value
        Weighted people newly within reach ("coverage"), or person-minutes saved ("distance").
    upper_bound
        No choice of sites can bring more; NaN when unknown.
    status
        "heuristic", "optimal" (proven), "interrupted" (time limit), "impossible".
    reason
        In French, why it is impossible or fewer sites than asked are given; empty otherwise.
    """

    sites: pd.DataFrame
    value: float
    upper_bound: float
    status: Status
    reason: str = ""

    @property
    def gap_share(self) -> float:
        """Share of the bound that the answer may miss, 0 to 1; NaN when unknown."""
        if not self.upper_bound > 0:
            return float("nan")
        return max(0.0, 1 - self.value / self.upper_bound)


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """A request in numbers: benefits of each candidate for each commune, groups and conflicts.

    Attributes
    ----------
    codes
        Candidates that pass the rules taken one by one.
    benefit
        Candidates × communes, sparse: what the site alone brings to the people of the commune. The value of a set of
        sites is the sum over communes of the largest benefit among them.
    group
        Group of each candidate (EPCI), at most one site each; all different when the rule is off.
    conflict
        Candidates × candidates, True for two that are too near; None when the rule is off.
    """

    codes: tuple[str, ...]
    benefit: sparse.csr_array
    group: npt.NDArray[np.int64]
    conflict: sparse.csr_array | None

    @cached_property
    def n_groups(self) -> int:
        """Number of different groups."""
        return len(np.unique(self.group))

    def closed_by(self, candidate: int) -> npt.NDArray[np.int64]:
        """Candidates that an opening at one of them rules out, itself included."""
        same = np.flatnonzero(self.group == self.group[candidate])
        if self.conflict is None:
            return same
        near = self.conflict.indices[self.conflict.indptr[candidate] : self.conflict.indptr[candidate + 1]]
        return np.union1d(same, near).astype(np.int64)


def weigh_people(
    population: pd.Series,
    share_75plus: pd.Series | None = None,
    poverty_rate: pd.Series | None = None,
    *,
    weight_75plus: float = 0.0,
    weight_poverty: float = 0.0,
) -> pd.Series:
    """Weigh inhabitants so that the old and the poor count more.

    people_i = population_i × (1 + weight_75plus × share_75plus_i + weight_poverty × poverty_rate_i)

    Parameters
    ----------
    population : inhabitants, index commune_code.
    share_75plus, poverty_rate : 0 to 1, same index; where unknown, the mean weighted by population stands in.
    weight_75plus, weight_poverty : 0 or more; 1 counts a person of 75 or more, or a poor person, twice.

    Returns
    -------
    Weighted inhabitants, index of `population`.

    Raises
    ------
    SitingError
        A weight is negative, or its rate is not given.
    """
    factor = pd.Series(1.0, index=population.index)
    criteria = (("75 ans et plus", share_75plus, weight_75plus), ("pauvreté", poverty_rate, weight_poverty))
    for name, rate, weight in criteria:
        if weight < 0 or (weight > 0 and rate is None):
            raise SitingError(f"Pondération {name} : attendu un poids positif et son taux, trouvé {weight}.")
        if weight == 0 or rate is None:
            continue
        local = rate.reindex(population.index)
        known = local.notna() & population.notna()
        people = float(population[known].sum())
        mean = float((local[known] * population[known]).sum()) / people if people > 0 else 0.0
        factor = factor + weight * local.fillna(mean)
    return (population * factor).rename("people")


def formulate(request: SitingRequest) -> tuple[SitingProblem, str]:
    """Turn a request into numbers.

    Returns
    -------
    The problem, and the reason, in French, why no answer can exist; empty when one may.

    Raises
    ------
    SitingError
        The request is malformed.
    """
    _check(request)
    rules = request.rules
    # The coverage only asks who is near: most pairs of the matrix are not read.
    needed_min = max(request.max_minutes, rules.min_minutes_between)
    times = request.times if request.objective == "distance" else request.times.within(needed_min)
    places = request.times.places
    by_origin = times.with_data(times.tenths.astype(np.float64) + 1)  # + 1: a trip of 0 minutes must not vanish
    people = np.nan_to_num(request.people.reindex(places).to_numpy(np.float64))
    candidates = places.get_indexer(list(dict.fromkeys(request.candidates)))
    to_candidates = by_origin.tocsc()[:, candidates].T.tocsr()
    near = to_candidates.data - 1 <= np.floor(request.max_minutes * TENTHS)
    served = _row_sums(to_candidates, np.where(near, people[to_candidates.indices], 0.0))
    kept = served >= rules.min_people_served
    # Minutes without any new site: to the nearest existing one, or the limit beyond which pairs are not known.
    horizon = np.full(len(places), times.limit_min * TENTHS)
    served_by_existing = np.zeros(len(places), dtype=bool)
    if request.existing:
        reached = by_origin.tocsc()[:, places.get_indexer(list(set(request.existing)))].tocoo()
        np.minimum.at(horizon, reached.coords[0], reached.data - 1)
        near_existing = reached.data - 1 <= np.floor(request.max_minutes * TENTHS)
        served_by_existing[reached.coords[0][near_existing]] = True
    if request.objective == "coverage":
        uncovered = ~served_by_existing
        gain = np.where(near & uncovered[to_candidates.indices], people[to_candidates.indices], 0.0)
    else:
        saved = np.maximum(horizon[to_candidates.indices] - (to_candidates.data - 1), 0.0) / TENTHS
        gain = saved * people[to_candidates.indices]
    benefit = sparse.csr_array((gain, to_candidates.indices, to_candidates.indptr), shape=to_candidates.shape)[kept]
    benefit.eliminate_zeros()
    benefit = benefit[
        :, np.unique(benefit.indices)
    ]  # communes that no candidate serves weigh on every step for nothing
    codes = tuple(places[candidates[kept]])
    problem = SitingProblem(codes, benefit, _groups(request, codes), _conflicts(request, by_origin, candidates[kept]))
    return problem, _why_impossible(request, problem, n_asked=len(candidates))


def _check(request: SitingRequest) -> None:
    places = set(request.times.place_codes)
    named = {"candidates": request.candidates, "existantes": request.existing, "à servir": request.people.index}
    for what, codes in named.items():
        unknown = [code for code in codes if code not in places]
        if unknown:
            raise SitingError(f"Communes {what} : attendu des lieux de la matrice de temps, trouvé {unknown[:5]}.")
    if bool((request.people < 0).any()):
        raise SitingError(f"Population : attendu des valeurs positives, trouvé {request.people.min()}.")
    limits = {"max_minutes": request.max_minutes, "min_minutes_between": request.rules.min_minutes_between}
    for what, minutes in limits.items():
        if not 0 <= minutes <= request.times.limit_min:
            raise SitingError(f"{what} : attendu de 0 à {request.times.limit_min} min, trouvé {minutes}.")
    if request.objective not in ("coverage", "distance"):
        raise SitingError(f"Objectif : attendu coverage ou distance, trouvé {request.objective!r}.")
    if request.rules.one_per_epci and request.epci is None:
        raise SitingError("Règle « un par EPCI » : attendu l’EPCI de chaque commune, trouvé aucun.")


def _groups(request: SitingRequest, codes: tuple[str, ...]) -> npt.NDArray[np.int64]:
    if not request.rules.one_per_epci or request.epci is None:
        return np.arange(len(codes))
    epci = request.epci.reindex(list(codes))
    own = pd.Series([f"commune {code}" for code in codes], index=epci.index)
    groups: npt.NDArray[np.int64] = pd.factorize(epci.where(epci.notna(), own))[0].astype(np.int64)
    return groups


def _conflicts(
    request: SitingRequest, by_origin: sparse.csr_array, candidates: npt.NDArray[np.intp]
) -> sparse.csr_array | None:
    shortest = request.rules.min_minutes_between * TENTHS
    if shortest <= 0:
        return None
    among = by_origin[candidates][:, candidates].tocoo()
    near = (among.data - 1 < shortest) & (among.coords[0] != among.coords[1])
    one_way = sparse.csr_array((np.ones(near.sum()), (among.coords[0][near], among.coords[1][near])), shape=among.shape)
    return (one_way + one_way.T).tocsr()


def _why_impossible(request: SitingRequest, problem: SitingProblem, n_asked: int) -> str:
    n_kept, rules, n_sites = len(problem.codes), request.rules, request.n_sites
    first_obstacle = {
        f"Il faut demander au moins un site (demandé : {n_sites}).": n_sites < 1,
        "Aucune commune candidate : le territoire est vide ou toutes ses communes sont exclues.": n_asked == 0,
        f"{n_sites} sites demandés, mais seulement {n_asked} communes candidates.": n_asked < n_sites,
        f"Règle « population servie » : seules {n_kept} communes candidates sur {n_asked} ont au moins"
        f" {rules.min_people_served:.0f} habitants à {request.max_minutes:g} min ; {n_sites} demandés.": n_kept
        < n_sites,
        f"Règle « un par EPCI » : {problem.n_groups} EPCI seulement ont une commune candidate ;"
        f" {n_sites} sites demandés.": problem.n_groups < n_sites,
        "Aucun site n’apporterait rien : les habitants à portée des candidates sont déjà desservis, ou inconnus.": (
            problem.benefit.nnz == 0
        ),
    }
    return next((reason for reason, holds in first_obstacle.items() if holds), "")


def _row_sums(matrix: sparse.csr_array, data: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    sums: npt.NDArray[np.float64] = np.diff(np.concatenate([[0.0], np.cumsum(data)])[matrix.indptr])
    return sums
