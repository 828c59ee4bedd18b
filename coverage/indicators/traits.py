"""What kind of place the communes are: rural, in the mountain, in FRR, with QPV, far from emergency care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from coverage.errors import UnknownCommuneError
from coverage.territories.aggregation import Territories

CLASSES: Final = ("density_level", "rural_type", "centrality", "frr")
"""Columns of `commune_traits` that are shown as they are at the commune."""

RURAL_LEVELS: Final = ("5", "6", "7")
"""Levels of the density grid that INSEE calls rural."""

EMERGENCY_MINUTES: Final = 30


def trait_figures(traits: pd.DataFrame, territories: Territories) -> Iterator[tuple[str, pd.Series]]:
    """Return the classes of communes, or above them the share of the people who live in a class.

    Shares are population in the class / population of the communes whose class is known; minutes above the commune are
    a mean by population, an estimate.

    Source: INSEE and ANCT (density grid, rurality, centrality, mountain), DGCL (FRR, July 2025), DREES (minutes to the
    nearest SU or SMUR, end of 2019), municipal populations.

    Parameters
    ----------
    traits
        Table `commune_traits`, index `commune_code`.
    territories
        Territories of a level.

    Yields
    ------
    tuple of str and pandas.Series
        At the commune, the codes of `CLASSES` (NA unknown), `mountain` ("oui", "non") and `emergency_min` (minutes).
        Above, share_population_rural, share_population_frr, share_population_mountain and
        share_population_within_30_min_emergency (0-1), and `emergency_min`. NaN unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> traits = pd.DataFrame({"density_level": ["1", "6"], "rural_type": [None, "productive"], "centrality": None,
    ...     "massif": None, "frr": ["non", "frr"], "emergency_min": [5.0, 45.0]}, index=["31001", "31002"])
    >>> found = dict(trait_figures(traits, Territories.of(communes, "departement")))
    >>> found["share_population_rural"]["31"].round(4), found["emergency_min"]["31"].round(2)  # 20 000 and 3 000 people
    (np.float64(0.1304), np.float64(10.22))
    """
    minutes = territories.align(traits["emergency_min"])
    if territories.level == "commune":
        for name in CLASSES:
            yield name, traits[name].reindex(territories.codes)
        in_mountain = traits["massif"].notna().map({True: "oui", False: "non"})
        yield "mountain", in_mountain.reindex(territories.codes)
        yield "emergency_min", territories.place(minutes)
        return
    density, frr, massif = (traits[name].reindex(territories.unit_codes) for name in ("density_level", "frr", "massif"))
    is_listed = traits.index.get_indexer(territories.unit_codes) >= 0
    people = territories.population
    known = density.notna().to_numpy()
    yield "share_population_rural", territories.share(density.isin(RURAL_LEVELS).to_numpy(), known, people)
    known = frr.notna().to_numpy()
    yield "share_population_frr", territories.share(frr.ne("non").to_numpy() & known, known, people)
    yield "share_population_mountain", territories.share(massif.notna().to_numpy(), is_listed, people)
    yield "emergency_min", territories.mean(minutes, people)
    known = np.isfinite(minutes)
    share = territories.share(known & (minutes < EMERGENCY_MINUTES), known, people)
    yield f"share_population_within_{EMERGENCY_MINUTES}_min_emergency", share


def n_qpv(qpv: pd.DataFrame, territories: Territories) -> pd.Series:
    """Count the quartiers prioritaires that lie in each territory, a quarter over several communes once.

    Source: ANCT, QPV 2024; every commune is covered: one that the source does not name has none.

    Parameters
    ----------
    qpv
        Table `qpv`: commune_code, qpv_code.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 or more.

    Raises
    ------
    UnknownCommuneError
        When a quarter is in a commune that is not in the list.

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> pairs = [("31001", "QN03101M"), ("31002", "QN03101M"), ("31001", "QN03102M")]
    >>> qpv = pd.DataFrame(pairs, columns=["commune_code", "qpv_code"])
    >>> n_qpv(qpv, Territories.of(toy_country().communes, "departement"))["31"]
    np.float64(2.0)
    """
    places = territories.unit_codes.get_indexer(qpv["commune_code"])
    if (places < 0).any():
        lost = sorted(set(qpv["commune_code"][places < 0]))
        raise UnknownCommuneError(
            f"Quartiers prioritaires : attendu des communes de la liste, trouvé {', '.join(lost[:5])}."
        )
    homes = pd.DataFrame({"territory": territories.membership[places], "qpv": qpv["qpv_code"].to_numpy()})
    homes = homes[homes["territory"] >= 0].drop_duplicates()
    counts = np.bincount(homes["territory"], minlength=len(territories.codes)).astype(np.float64)
    return pd.Series(counts, index=territories.codes, name="n_qpv")
