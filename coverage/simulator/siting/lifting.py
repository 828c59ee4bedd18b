"""Where to open so that most people rise above the APL threshold: greedy on the what-if engine, without a bound.

People lifted are not submodular (two openings may lift together what neither lifts alone), so nothing is proven here:
the answer says "heuristic" and its bound is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coverage.access.decay import read_access_parameters
from coverage.simulator.siting.proposal import impossible
from coverage.simulator.siting.request import SitingAnswer, SitingError, SitingRequest, formulate

if TYPE_CHECKING:
    from coverage.access.apl_model import AplModel


def propose_lifting(
    request: SitingRequest,
    model: AplModel,
    published_apl: pd.Series,
    *,
    gp_fte: float,
    threshold_apl: float | None = None,
) -> SitingAnswer:
    """Say where to open sites of `gp_fte` GPs each so that most people get an APL above the threshold.

    At each step, the site that lifts most people; between sites that lift as many, the one that fills most of what
    people
    under the threshold lack (Σ people × acts gained, up to the threshold).

    Parameters
    ----------
    request : candidates, people, number of sites and rules; `objective` and `existing` are not used: the published APL
        already counts who is there.
    model : demand and weights, on the places of the request.
    published_apl : acts a year per standardised inhabitant, index commune_code.
    gp_fte : full-time GPs that each site brings, above 0.
    threshold_apl : acts a year; 2.5 by default (`access_parameters.toml`).

    Returns
    -------
    Value: people lifted by all the sites together; gain of a site: people that it lifts after those before it.

    Raises
    ------
    SitingError
        The request is malformed, or the model is on other places.
    """
    if not gp_fte > 0:
        raise SitingError(f"Médecins par site : attendu plus de 0, trouvé {gp_fte}.")
    if tuple(model.places) != request.times.place_codes:
        raise SitingError("APL : attendu les lieux de la matrice de temps de la demande, trouvé d’autres lieux.")
    # What can be proposed does not depend on who is served already: an existing structure must not hide a candidate.
    problem, reason = formulate(
        SitingRequest(
            request.times,
            request.people,
            request.candidates,
            request.n_sites,
            max_minutes=request.max_minutes,
            rules=request.rules,
            epci=request.epci,
        )
    )
    if reason:
        return impossible(reason)
    constants = read_access_parameters()["general_practitioner"]
    threshold = float(constants["threshold_apl"] if threshold_apl is None else threshold_apl)
    acts = gp_fte * float(constants["acts_per_fte"])
    people = np.nan_to_num(request.people.reindex(model.places).to_numpy(np.float64))
    apl = published_apl.reindex(model.places).to_numpy(np.float64, copy=True)
    start = apl.copy()
    candidates = model.places.get_indexer(list(problem.codes))
    by_site = model.reach.transposed[candidates].tocsr()
    in_reach = model.demand_in_reach[candidates]
    rate = np.divide(acts, in_reach, out=np.zeros_like(in_reach), where=in_reach > 0)
    rise = by_site.data * np.repeat(rate, np.diff(by_site.indptr))
    site_of_pair = np.repeat(np.arange(len(candidates)), np.diff(by_site.indptr))
    open_to = in_reach > 0
    rows: list[tuple[str, float]] = []
    while len(rows) < request.n_sites and open_to.any():
        before = apl[by_site.indices]
        under = before < threshold  # False where the APL is unknown
        weight = people[by_site.indices]
        after = before + rise
        lifted = np.bincount(site_of_pair, np.where(under & (after >= threshold), weight, 0.0), len(candidates))
        filled = np.where(under, weight * (np.minimum(after, threshold) - before), 0.0)
        tie = np.bincount(site_of_pair, filled, len(candidates))
        best = int(np.lexsort((-tie, -lifted, ~open_to))[0])
        rows.append((problem.codes[best], float(lifted[best])))
        span = slice(by_site.indptr[best], by_site.indptr[best + 1])
        apl[by_site.indices[span]] += rise[span]
        open_to[problem.closed_by(best)] = False
    value = float(people[(start < threshold) & (apl >= threshold)].sum())
    if value == 0:
        reason = f"Aucun de ces sites de {gp_fte:g} médecins ne fait passer une commune au-dessus de {threshold:g}."
    elif len(rows) < request.n_sites:
        reason = f"Les règles n’ont laissé la place qu’à {len(rows)} sites sur {request.n_sites} demandés."
    return SitingAnswer(pd.DataFrame(rows, columns=["commune_code", "gain"]), value, float("nan"), "heuristic", reason)
