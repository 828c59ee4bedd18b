"""General practitioners counted by department: two sources with two fields, never mixed."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from coverage.indicators.structures import per_100k
from coverage.territories.aggregation import Territories

GENERAL_PRACTITIONERS: Final = "Ensemble des médecins généralistes"
"""Profession of the CNAM files: self-employed GPs, those with a particular expertise (MEP) included."""


def n_professionals(
    professionals: pd.DataFrame, departements: Territories, profession: str = GENERAL_PRACTITIONERS
) -> pd.Series:
    """Count the self-employed professionals of a profession.

    Source: CNAM, data.ameli.fr, « Professionnels de santé libéraux : effectif ».

    Parameters
    ----------
    professionals
        Table `professionals`: departement_code, profession, n_professionals.
    departements
        Territories of "departement", "region" or "france", made of `aggregation.departement_units`.
    profession
        Name of the profession in the file; all GPs by default.

    Returns
    -------
    pandas.Series
        Professionals, 0 or more. NaN as soon as one department is suppressed (secrecy of small counts) or unknown.

    Examples
    --------
    >>> from coverage.territories.aggregation import departement_units
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> n_professionals(toy.professionals, Territories.of(departement_units(toy.communes), "region")).to_dict()
    {'04': 7.0, '06': nan, '76': 38.0, '84': 40.0}
    """
    return departements.total(departements.align(_counts(professionals, profession))).rename("n_professionals")


def professionals_per_100k(
    professionals: pd.DataFrame, departements: Territories, profession: str = GENERAL_PRACTITIONERS
) -> pd.Series:
    """Return the self-employed professionals of a profession per 100 000 inhabitants.

    density = sum of professionals / sum of population · 100 000, over the departments whose count is known.

    Source: CNAM, « Professionnels de santé libéraux : effectif »; municipal population of the list of communes.

    Parameters
    ----------
    professionals, departements, profession
        As `n_professionals`.

    Returns
    -------
    pandas.Series
        0 or more. NaN where no department is known.

    Examples
    --------
    >>> from coverage.territories.aggregation import departement_units
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> density = professionals_per_100k(toy.professionals, Territories.of(departement_units(toy.communes), "france"))
    >>> density["FR"].round(2)  # 85 of 74 900: the department whose count is secret is in neither number
    np.float64(113.48)
    """
    return _per_100k_known(_counts(professionals, profession), departements)


def gp_bpe_per_100k(bpe: pd.DataFrame, departements: Territories) -> pd.Series:
    """Return the GPs of the INSEE's facilities base (BPE) per 100 000 inhabitants.

    density = sum of GPs / sum of population · 100 000, over the departments whose count is known. The field is not that
    of the CNAM: the two densities do not compare.

    Source: INSEE, base permanente des équipements 2024; municipal population of the list of communes.

    Parameters
    ----------
    bpe
        Table `bpe_departements`: departement_code, n_gp.
    departements
        As `n_professionals`.

    Returns
    -------
    pandas.Series
        0 or more. NaN where no department is known.

    Examples
    --------
    >>> from coverage.territories.aggregation import departement_units
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> departements = Territories.of(departement_units(toy.communes), "departement")
    >>> gp_bpe_per_100k(toy.bpe_departements, departements)["976"].round(2)  # 4 of 12 000
    np.float64(33.33)
    """
    return _per_100k_known(bpe.set_index("departement_code")["n_gp"].astype(np.float64), departements)


def _counts(professionals: pd.DataFrame, profession: str) -> pd.Series:
    rows = professionals[professionals["profession"] == profession]
    return rows.set_index("departement_code")["n_professionals"].astype(np.float64)


def _per_100k_known(counts: pd.Series, departements: Territories) -> pd.Series:
    values = departements.align(counts)
    people = np.where(np.isfinite(values), departements.population, np.nan)
    return per_100k(departements.total_known(values), departements.total_known(people))
