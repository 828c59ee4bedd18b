"""What a CPTS is paid: a size by its population, and the one range that is published, whatever the size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from coverage.funding.errors import FundingInputError
from coverage.funding.rules import Edition, read_edition

MOST_INHABITANTS: Final = 70_000_000
"""France: beyond, a figure was mistyped."""


@dataclass(frozen=True)
class CptsSize:
    """A size of CPTS.

    Attributes
    ----------
    size
        1 to 4.
    under_population
        Inhabitants are strictly under it; None for the last.
    most_2019_eur
        Most that it could be paid in 2019 (euros a year, secondary source); None when not known.
    supposed_eur
        End of the published range that we read as that of this size (euros a year): an assumption; None for none.
    """

    size: int
    under_population: float | None
    most_2019_eur: float | None
    supposed_eur: float | None


@dataclass(frozen=True)
class CptsRules(Edition):
    """One edition: the sizes of a CPTS, the smallest first, and the published range.

    Attributes
    ----------
    low_eur, high_eur
        Euros a year.
    condition
        What the amount depends on within the range, in French.
    """

    sizes: tuple[CptsSize, ...]
    low_eur: float
    high_eur: float
    condition: str


@dataclass(frozen=True)
class CptsFunding:
    """What a CPTS of some population may be paid.

    Attributes
    ----------
    population
        Inhabitants.
    size
        Its size.
    low_eur, high_eur
        Euros a year: the published range, the same for every size.
    to_next
        Inhabitants short of the next size; None for the last.
    """

    population: float
    size: CptsSize
    low_eur: float
    high_eur: float
    to_next: float | None


def read_cpts_rules(document: Mapping[str, Any]) -> CptsRules:
    """Build the rules of a CPTS from a document already checked, laid out as the files of rules are."""
    sizes = tuple(
        CptsSize(entry["size"], entry.get("under_population"), entry.get("most_2019_eur"), entry.get("supposed_eur"))
        for entry in document["size"]
    )
    return CptsRules(**read_edition(document), sizes=sizes, **document["range"])


def fund_cpts(rules: CptsRules, population: float) -> CptsFunding:
    """Return the size of a CPTS and the range that is published (euros a year).

    Parameters
    ----------
    rules
        One edition.
    population
        Inhabitants of its perimeter.

    Returns
    -------
    CptsFunding
        The source ties no amount to a size: the range is never narrowed nor interpolated.

    Raises
    ------
    FundingInputError
        The population is unknown, not positive, or more than France's.
    """
    if not (math.isfinite(population) and 0 < population <= MOST_INHABITANTS):
        raise FundingInputError(f"Population : attendu de 1 à {MOST_INHABITANTS}, trouvé {population:g}.")
    rank = next(
        index
        for index, size in enumerate(rules.sizes)
        if size.under_population is None or population < size.under_population
    )
    size = rules.sizes[rank]
    to_next = None if size.under_population is None else size.under_population - population
    return CptsFunding(population, size, rules.low_eur, rules.high_eur, to_next)
