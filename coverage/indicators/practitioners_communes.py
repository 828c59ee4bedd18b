"""Practitioners and pharmacies counted by commune: the BPE, and the RPPS that a sync brings, each of its own field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.errors import UnknownCommuneError
from coverage.indicators.structures import per_100k, population_per

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from coverage.territories.aggregation import Territories

BPE_KINDS: Final = ("gp", "nurses", "physiotherapists", "midwives", "dentists", "pharmacies")
"""Columns n_<kind> of the table `bpe_communes` that indicators read."""

DIVIDING: Final = frozenset({"bpe_gp"})
"""Kinds of which the inhabitants for each one are said."""

GP: Final = "medecin_generaliste"
LIBERAL: Final = "liberal"


def counts_by_commune(
    bpe: pd.DataFrame | None, rpps: pd.DataFrame | None, communes: pd.DataFrame, codes: pd.Index
) -> dict[str, pd.Series]:
    """Count the professionals and pharmacies of each commune, from the tables that are there.

    Parameters
    ----------
    bpe, rpps
        Tables `bpe_communes` and `rpps_practitioners`, left untouched; None when the source was not synced.
    communes
        Table of communes: commune_code, departement_code.
    codes
        Codes of the communes, in the order of `communes`.

    Returns
    -------
    dict of str to pandas.Series
        "bpe_<kind>" for `BPE_KINDS` and "rpps_liberal_gp", without those of an absent table: number, 0 or more, index
        `codes`; NaN unknown.

    Raises
    ------
    UnknownCommuneError
        When a table speaks of a commune that is not in the list.
    """
    counts: dict[str, pd.Series] = {}
    if bpe is not None:
        counts |= {f"bpe_{kind}": bpe_counts(bpe, codes, kind) for kind in BPE_KINDS}
    if rpps is not None:
        counts["rpps_liberal_gp"] = liberal_gps(rpps, communes, codes)
    return counts


def bpe_counts(bpe: pd.DataFrame, codes: pd.Index, kind: str = "gp") -> pd.Series:
    """Return the professionals of a profession, or the pharmacies, of each commune (places of practice).

    Source: INSEE, base permanente des équipements. A professional who has two places of practice counts twice.

    Parameters
    ----------
    bpe
        Table `bpe_communes`: commune_code, n_<kind>.
    codes
        Codes of the communes.
    kind
        One of `BPE_KINDS`.

    Returns
    -------
    pandas.Series
        0 or more, index `codes`. NaN where the table does not know, a commune that it lacks included: it has a row for
        each commune that the source covers, 0 for none.

    Raises
    ------
    UnknownCommuneError
        When the table speaks of a commune that is not in the list.

    Examples
    --------
    >>> import pandas as pd
    >>> bpe = pd.DataFrame({"commune_code": ["31001", "31002"], "n_gp": [12.0, 0.0]})
    >>> bpe_counts(bpe, pd.Index(["31001", "31002", "32001"])).tolist()
    [12.0, 0.0, nan]
    """
    counts = np.full(len(codes), np.nan)
    counts[_places(bpe["commune_code"], codes)] = bpe[f"n_{kind}"]
    return pd.Series(counts, index=codes)


def liberal_gps(rpps: pd.DataFrame, communes: pd.DataFrame, codes: pd.Index) -> pd.Series:
    """Count the GPs who have a self-employed practice in each commune (persons, in each commune of theirs).

    Source: Agence du numérique en santé, Annuaire santé (RPPS). It lists every practitioner, and only what exists: a
    commune without a line has none. A department without a line at all is not covered, and its communes are unknown.

    Parameters
    ----------
    rpps
        Table `rpps_practitioners`: commune_code, profession, practice_mode, n_practitioners.
    communes
        Table of communes: commune_code, departement_code.
    codes
        Codes of the communes, in the order of `communes`.

    Returns
    -------
    pandas.Series
        0 or more, index `codes`. NaN in a department that the source does not name.

    Raises
    ------
    UnknownCommuneError
        When the table speaks of a commune that is not in the list.

    Examples
    --------
    >>> import pandas as pd
    >>> communes = pd.DataFrame({"commune_code": ["31001", "31002", "32001"], "departement_code": ["31", "31", "32"]})
    >>> rows = [("31001", "medecin_generaliste", "liberal", 9.0), ("31001", "medecin_generaliste", "salarie", 2.0)]
    >>> rpps = pd.DataFrame(rows, columns=["commune_code", "profession", "practice_mode", "n_practitioners"])
    >>> liberal_gps(rpps, communes, pd.Index(communes["commune_code"])).tolist()
    [9.0, 0.0, nan]
    """
    return liberal_counts(rpps, communes, codes, (GP,))[GP]


def liberal_counts(
    rpps: pd.DataFrame, communes: pd.DataFrame, codes: pd.Index, professions: Iterable[str] | None = None
) -> dict[str, pd.Series]:
    """Count the professionals who have a self-employed practice in each commune, as `liberal_gps` counts GPs.

    Parameters
    ----------
    rpps, communes, codes
        As in `liberal_gps`.
    professions
        Names in the table; None for all those that it has, sorted.

    Returns
    -------
    dict of str to pandas.Series
        Profession -> persons, 0 or more, index `codes`; NaN in a department that the source does not name.
    """
    places = _places(rpps["commune_code"], codes)
    departements, names = pd.factorize(communes["departement_code"])
    is_named = np.bincount(departements[places], minlength=len(names)) > 0
    liberal = np.where(rpps["practice_mode"] == LIBERAL, rpps["n_practitioners"].to_numpy(np.float64), 0.0)
    found: dict[str, pd.Series] = {}
    for profession in sorted(set(rpps["profession"])) if professions is None else professions:
        weights = np.where(rpps["profession"] == profession, liberal, 0.0)
        counts = np.bincount(places, weights=weights, minlength=len(codes))
        found[profession] = pd.Series(np.where(is_named[departements], counts, np.nan), index=codes)
    return found


def _places(homes: pd.Series, codes: pd.Index) -> npt.NDArray[np.intp]:
    """Return the position of each row's commune among the codes."""
    places: npt.NDArray[np.intp] = codes.get_indexer(homes)
    if (places < 0).any():
        lost = homes[places < 0]
        raise UnknownCommuneError(
            f"Professionnels : attendu des communes de la liste, trouvé {', '.join(map(str, lost[:5]))}"
            f" ({len(lost)} en tout)."
        )
    return places


def figures(
    kind: str, counts: pd.Series, territories: Territories, rated: pd.Series
) -> Iterator[tuple[str, pd.Series]]:
    """Return the number, the density and the inhabitants per professional of each territory.

    number = sum of the counts; density = sum of the counts / population · 100 000; inhabitants per professional =
    population / sum of the counts. As for structures, all three are of the whole territory: one commune whose count is
    unknown makes them unknown. The embedded table knows every commune, so that no level loses anything by it.

    Source: that of the counts; municipal population of the list of communes.

    Parameters
    ----------
    kind
        Names the results, as "bpe_gp".
    counts
        Professionals of each commune, NaN unknown, index of the units of the territories.
    territories
        Territories of any level, made of communes.
    rated
        Inhabitants of each territory that rates are made with (`coverage.indicators.population.population_for_rates`).

    Yields
    ------
    tuple of str and pandas.Series
        "n_<kind>" (0 or more; NaN as soon as one commune is unknown), "<kind>_per_100k" (0 or more; NaN also where
        nobody lives), and for `DIVIDING` "population_per_<kind>" (0 or more; NaN also where there is none). Small
        counts are shown: both producers publish them commune by commune, where the CNAM hides its own.

    Examples
    --------
    >>> import pandas as pd
    >>> from coverage.territories.aggregation import Territories
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> counts = pd.Series(1.0, index=pd.Index(communes["commune_code"]))
    >>> territories = Territories.of(communes, "departement")
    >>> found = dict(figures("bpe_gp", counts, territories, territories.total(territories.population)))
    >>> found["n_bpe_gp"].to_dict()
    {'31': 4.0, '32': 4.0, '69': 2.0, '974': 1.0, '976': 1.0}
    """
    total = territories.total(territories.align(counts))
    yield f"n_{kind}", total
    yield f"{kind}_per_100k", per_100k(total, rated)
    if kind in DIVIDING:
        yield f"population_per_{kind}", population_per(total, rated)
