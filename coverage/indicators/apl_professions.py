"""The APL that the DREES publishes for nurses, physiotherapists, midwives and dentists."""

from __future__ import annotations

from typing import Final

import pandas as pd

from coverage.territories.aggregation import Territories

PROFESSIONS: Final = ("nurses", "physiotherapists", "midwives", "dentists")


def apl_of_communes(units: pd.DataFrame, profession: str) -> pd.DataFrame:
    """Bring the APL to a profession from the units of the file, communes and arrondissements, to the communes.

    Source: DREES, APL 2022 and 2023.

    Parameters
    ----------
    units
        Rows of the table `apl_professions` of one vintage: commune_code, apl_<profession>, standardised_<profession>.
    profession
        One of `PROFESSIONS`.

    Returns
    -------
    pandas.DataFrame
        Index commune_code, those that have an APL only: apl (full-time equivalents per 100 000 standardised
        inhabitants, women for midwives; mean of the arrondissements by their standardised population) and weight
        (standardised population of the units that have an APL).
    """
    values, weights = units[f"apl_{profession}"], units[f"standardised_{profession}"]
    known = values.notna() & weights.notna()
    parts = pd.DataFrame({"weighted": values * weights, "weight": weights, "value": values})[known]
    by_commune = parts.groupby(units.loc[known, "commune_code"]).agg(
        {"weighted": "sum", "weight": "sum", "value": ["first", "size"]}
    )
    by_commune.columns = pd.Index(["weighted", "weight", "alone", "n_units"])
    # One unit keeps its own figure: without rounding, and also where its standardised population is 0.
    means = (by_commune["weighted"] / by_commune["weight"].where(by_commune["weight"] > 0)).mask(
        by_commune["n_units"] == 1, by_commune["alone"]
    )
    return pd.DataFrame({"apl": means, "weight": by_commune["weight"]})


def mean_apl_of_profession(by_commune: pd.DataFrame, territories: Territories) -> pd.Series:
    """Average the APL to a profession by the standardised population of that profession.

    mean = sum of (standardised population · APL) / sum of standardised population, over the communes that have an APL.

    Source: DREES, APL 2022 and 2023; checked by department against the means that the DREES publishes.

    Parameters
    ----------
    by_commune
        Result of `apl_of_communes`, on any index of communes (NaN where none has an APL).
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        Full-time equivalents per 100 000 standardised inhabitants (women for midwives), 0 or more. NaN where no commune
        has an APL (Corsica, Mayotte).

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> rows = [("31001", 100.0, 3000.0), ("31002", 200.0, 1000.0)]
    >>> units = pd.DataFrame(rows, columns=["commune_code", "apl_nurses", "standardised_nurses"])
    >>> departements = Territories.of(toy_country().communes, "departement")
    >>> mean = mean_apl_of_profession(apl_of_communes(units, "nurses"), departements)
    >>> mean["31"], mean["32"]
    (np.float64(125.0), np.float64(nan))
    """
    return territories.mean(territories.align(by_commune["apl"]), territories.align(by_commune["weight"]))
