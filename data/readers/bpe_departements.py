"""Equipment and context of the departments: INSEE, « Statistiques locales » (BPE, incomes, mortality)."""

from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd

from data.errors import SourceLayoutError
from data.readers.delimited import read_delimited
from data.readers.source_table import DEPARTEMENT_CODE
from geo.codes import DEPARTEMENT_CODES

_UNKNOWN: Final = frozenset({"N/A - résultat non disponible", ""})
_PERCENT: Final = 100.0


class _Indicator(NamedTuple):
    label: str
    highest: float = float("inf")
    whole: bool = False
    divisor: float = 1.0


_INDICATORS: Final = MappingProxyType(
    {
        "n_gp": _Indicator("Médecin généraliste (en nombre) 2024", whole=True),
        "n_nurses": _Indicator("Infirmier (en nombre) 2024", whole=True),
        "n_pharmacies": _Indicator("Pharmacie (en nombre) 2024", whole=True),
        "n_dentists": _Indicator("Chirurgien dentiste (en nombre) 2024", whole=True),
        "n_emergency": _Indicator("Urgences (en nombre) 2024", whole=True),
        "population_2025": _Indicator("Estimations de population 2025", whole=True),
        "life_expectancy_women_years": _Indicator("Espérance de vie des femmes à la naissance 2024", highest=110.0),
        "life_expectancy_men_years": _Indicator("Espérance de vie des hommes à la naissance 2024", highest=110.0),
        "mortality_per_1000": _Indicator("Taux brut de mortalité 2024", highest=1000.0),
        "mortality_under_65_per_1000": _Indicator("Taux de mortalité standardisé des 0 à 64 ans 2024", highest=1000.0),
        "poverty_rate_2021": _Indicator("Taux de pauvreté 2021", highest=_PERCENT, divisor=_PERCENT),
        "median_living_standard_2021_eur": _Indicator("Médiane du niveau de vie 2021"),
        "density_2022_per_km2": _Indicator("Densité de population (historique depuis 1876) 2022"),
    }
)
"""Official label of each column that we keep, year included: a file of another year must not pass for this one."""


def read_bpe_departements(path: Path) -> pd.DataFrame:
    """Give health equipment and context of each department, one row a department.

    Source: INSEE, Statistiques locales; BPE 2024 for the counts of professionals and equipment. The BPE counts places
    of practice, whatever the mode: its GPs (60 573) are neither CNAM's (private practice) nor DREES's (all modes).

    Parameters
    ----------
    path
        CSV file separated by semicolons, two title lines above the header, UTF-8 with byte-order mark.

    Returns
    -------
    pandas.DataFrame
        Sorted by departement_code, all columns float64 and >= 0, NaN where INSEE writes « N/A »:

        - n_gp, n_nurses, n_pharmacies, n_dentists, n_emergency: counts, 2024;
        - population_2025: inhabitants (estimate at 1 January 2025);
        - life_expectancy_women_years, life_expectancy_men_years: at birth, 2024;
        - mortality_per_1000: deaths a year per 1 000 inhabitants, 2024; mortality_under_65_per_1000: the same before
          65, age structure held equal;
        - poverty_rate_2021: 0-1; median_living_standard_2021_eur: euros a year; density_2022_per_km2: inhabitants.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, re-encoded, of another year, lacks a department or has one twice, or
        holds a value out of bounds.
    """
    labels = {name: indicator.label for name, indicator in _INDICATORS.items()}
    table = read_delimited(path, {"departement_code": "Code", **labels}, separator=";")
    codes = table.unique_codes("departement_code", DEPARTEMENT_CODE, expected="un code de département")
    absent = sorted(set(DEPARTEMENT_CODES) - set(codes))
    if absent:
        raise SourceLayoutError(path, expected="les 101 départements", found=f"{', '.join(absent)} absents")
    values = {}
    for name, indicator in _INDICATORS.items():
        numbers = table.numbers(name, highest=indicator.highest, whole=indicator.whole, unknown=_UNKNOWN)
        values[name] = numbers / indicator.divisor
    return pd.DataFrame({"departement_code": codes, **values}).sort_values("departement_code", ignore_index=True)
