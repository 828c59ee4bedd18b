"""Criteria that a reader sets on indicators, as « APL below 2,5 », and which territories meet all of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.cards import Indicator

Operator = Literal["moins", "auplus", "plus", "aumoins", "est", "sauf"]
NUMERIC: Final[tuple[Operator, ...]] = ("moins", "auplus", "plus", "aumoins")
CATEGORICAL: Final[tuple[Operator, ...]] = ("est", "sauf")
OPERATOR_LABELS: Final[Mapping[Operator, str]] = {
    "moins": "moins de",
    "auplus": "au plus",
    "plus": "plus de",
    "aumoins": "au moins",
    "est": "est",
    "sauf": "n’est pas",
}
MAX_CRITERIA: Final = 8
LARGEST_VALUE: Final = 1e9
COMPARED_DECIMALS: Final = 6
"""Digits at which a value and a bound compare: a share of 7 % is stored as 0.07, and 100 × 0.07 is a little more."""
_LONGEST: Final = 24
_BETWEEN: Final = "~"

Verdicts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Criterion:
    """One criterion.

    Attributes
    ----------
    indicator_id
        What it bears on.
    operator
        One of `NUMERIC` for a number, of `CATEGORICAL` for a category.
    value
        The bound in the printed unit (12 for 12 %), or the code of a category.
    """

    indicator_id: str
    operator: Operator
    value: float | str


class CriterionError(ValueError):
    """A criterion that cannot be used; says in French what was expected."""


def read_value(indicator: Indicator, text: str) -> float | str:
    """Read the bound that a reader types or an address gives.

    Parameters
    ----------
    indicator
        What the criterion bears on.
    text
        A number with a comma or a point, with or without spaces and a "%"; or the code of a category.

    Raises
    ------
    CriterionError
        No number, one too large to be a bound, or an unknown category.

    Examples
    --------
    >>> from coverage.indicators.cards import INDICATORS
    >>> read_value(INDICATORS["share_75plus"], "12,5 %")
    12.5
    """
    if indicator.kind == "categorical":
        codes = [code for code, _ in indicator.categories]
        if text not in codes:
            raise CriterionError(f"attendu une des valeurs {', '.join(codes)}")
        return text
    bare = "".join(text.split()).replace(",", ".").replace("\u2212", "-").removesuffix("%")
    try:
        number = float(bare) if len(bare) <= _LONGEST and "_" not in bare else math.nan
    except ValueError:
        number = math.nan
    if not abs(number) <= LARGEST_VALUE:
        raise CriterionError("attendu un nombre comme « 2,5 », d’un milliard au plus")
    return number


def write_criteria(criteria: Iterable[Criterion]) -> str:
    """Write criteria as they stand in an address: "apl_65_2023.moins.2.5~zone.est.ZIP"."""
    return _BETWEEN.join(f"{one.indicator_id}.{one.operator}.{write_value(one.value)}" for one in criteria)


def write_value(value: float | str) -> str:
    """Write the bound of a criterion in the fewest digits that read back to it, with a point."""
    return value if isinstance(value, str) else np.format_float_positional(value, trim="-")


def read_criteria(text: str, indicators: Mapping[str, Indicator]) -> tuple[tuple[Criterion, ...], list[str]]:
    """Read the criteria of an address, trusting nothing of it.

    Parameters
    ----------
    text
        As `write_criteria` writes it.
    indicators
        The indicators that may be used, by id.

    Returns
    -------
    tuple of Criterion and list of str
        The criteria that can be used, each once, and what is wrong with each other in French.
    """
    criteria: dict[Criterion, None] = {}
    faults: list[str] = []
    parts = [part for part in text.split(_BETWEEN) if part]
    if not parts:
        faults.append("le filtre de l’adresse est vide")
    if len(parts) > MAX_CRITERIA:
        faults.append(f"au plus {MAX_CRITERIA} critères, l’adresse en donne {len(parts)} : les premiers sont gardés")
    for part in parts[:MAX_CRITERIA]:
        try:
            criteria[_read_criterion(part, indicators)] = None
        except CriterionError as error:
            faults.append(f"critère « {part[:60]} » : {error}")
    return tuple(criteria), faults


def _read_criterion(text: str, indicators: Mapping[str, Indicator]) -> Criterion:
    name, _, rest = text.partition(".")
    operator, _, value = rest.partition(".")
    if name not in indicators:
        raise CriterionError("cet indicateur n’existe pas ou n’est pas disponible")
    allowed = operators_of(indicators[name])
    found = next((known for known in allowed if known == operator), None)
    if found is None:
        raise CriterionError(f"attendu un des mots {', '.join(allowed)} après l’indicateur")
    return Criterion(name, found, read_value(indicators[name], value))


def operators_of(indicator: Indicator) -> tuple[Operator, ...]:
    """Return the operators that fit an indicator."""
    return CATEGORICAL if indicator.kind == "categorical" else NUMERIC


def worst_value(indicator: Indicator) -> float:
    """Return what a known « none » counts as, where there is nothing to divide by: the worst there can be."""
    return -math.inf if indicator.higher_is == "mieux" else math.inf


def judge(
    criterion: Criterion, indicator: Indicator, values: pd.Series, none: npt.NDArray[np.bool_] | None = None
) -> Verdicts:
    """Tell which territories meet one criterion.

    Parameters
    ----------
    criterion, indicator
        The criterion, and the card of its indicator.
    values
        Value of each territory as stored (a share from 0 to 1, or a category); NaN is unknown, inf is known.
    none
        True where the value is missing because there is nothing to divide by: it counts as `worst_value`.

    Returns
    -------
    numpy.ndarray of float
        1 met, 0 not met, NaN unknown, in the order of the values.

    Examples
    --------
    >>> from coverage.indicators.cards import INDICATORS
    >>> old = Criterion("share_75plus", "plus", 12.0)
    >>> judge(old, INDICATORS["share_75plus"], pd.Series([0.12, 0.13, float("nan")])).tolist()
    [0.0, 1.0, nan]
    """
    if isinstance(criterion.value, str):
        met = (values == criterion.value).to_numpy(dtype=bool)
        known = values.notna().to_numpy()
        return np.where(known, met if criterion.operator == "est" else ~met, np.nan)
    printed = np.round(values.to_numpy(np.float64) * indicator.display_factor, COMPARED_DECIMALS)
    if none is not None:
        printed = np.where(none, worst_value(indicator), printed)
    bound = round(criterion.value, COMPARED_DECIMALS)
    compared = {
        "moins": printed < bound,
        "auplus": printed <= bound,
        "plus": printed > bound,
        "aumoins": printed >= bound,
    }[criterion.operator]
    return np.where(np.isnan(printed), np.nan, compared)


def judge_all(verdicts: Sequence[Verdicts], n_territories: int) -> Verdicts:
    """Join the verdicts of all criteria.

    Parameters
    ----------
    verdicts
        Results of `judge`, one a criterion.
    n_territories
        Length of each.

    Returns
    -------
    numpy.ndarray of float
        0 where one criterion is not met, whatever the others; else NaN where one is unknown; else 1. All 1 without
        any criterion.

    Examples
    --------
    >>> judge_all([np.array([1.0, 0.0, np.nan]), np.array([1.0, np.nan, 1.0])], 3).tolist()
    [1.0, 0.0, nan]
    """
    joined: Verdicts = np.broadcast_to(1.0, n_territories)
    for verdict in verdicts:
        joined = np.where((joined == 0) | (verdict == 0), 0.0, joined * verdict)
    return joined
