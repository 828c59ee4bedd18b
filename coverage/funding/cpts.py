"""What a CPTS is paid: a size by its population, an amount where one is published, and a range where none is."""

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
    """A size: inhabitants strictly under a bound (None: the last), its amount (euros a year; None: unpublished)."""

    size: int
    under_population: float | None
    amount_eur: float | None


@dataclass(frozen=True)
class CptsRules(Edition):
    """One edition of the sizes of a CPTS, the smallest first."""

    sizes: tuple[CptsSize, ...]


@dataclass(frozen=True)
class CptsFunding:
    """What a CPTS of some population is paid.

    Attributes
    ----------
    population
        Inhabitants.
    size
        Its size.
    low_eur, high_eur
        Euros a year: equal where the amount of the size is published, else the amounts published on either side.
    to_next
        Inhabitants short of the next size; None for the last.
    """

    population: float
    size: CptsSize
    low_eur: float
    high_eur: float
    to_next: float | None

    @property
    def is_published(self) -> bool:
        """Tell whether the amount of the size itself is published."""
        return self.size.amount_eur is not None


def read_cpts_rules(document: Mapping[str, Any]) -> CptsRules:
    """Build the rules of a CPTS from a document already checked, laid out as the files of rules are."""
    sizes = tuple(
        CptsSize(entry["size"], entry.get("under_population"), entry.get("amount_eur")) for entry in document["size"]
    )
    return CptsRules(**read_edition(document), sizes=sizes)


def fund_cpts(rules: CptsRules, population: float) -> CptsFunding:
    """Give the size of a CPTS and its amount, or the range in which it lies (euros a year).

    Parameters
    ----------
    rules
        One edition.
    population
        Inhabitants of its perimeter.

    Returns
    -------
    CptsFunding
        An unpublished amount lies between the nearest published ones; it is never interpolated.

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
    low = max(lower.amount_eur for lower in rules.sizes[: rank + 1] if lower.amount_eur is not None)
    high = min(upper.amount_eur for upper in rules.sizes[rank:] if upper.amount_eur is not None)
    to_next = None if size.under_population is None else size.under_population - population
    return CptsFunding(population, size, low, high, to_next)
