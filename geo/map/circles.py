"""Proportional circles: what a count is drawn with, its area being in proportion to the number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

LARGEST_PX: Final = 28.0
ONE_PX: Final = 7.0
"""Radius of one thing, where the largest number is small: three MSP are no large disc."""
SMALLEST_IN_LEGEND_PX: Final = 4.0
_NICE: Final = (5, 2, 1)
_ROOTS: Final = 10_000


@dataclass(frozen=True)
class CircleSize:
    """A circle of the legend: the number written beside it, and its radius on screen (CSS pixels)."""

    label: str
    radius_px: float


@dataclass(frozen=True, eq=False)
class Circles:
    """The circles of a map.

    Attributes
    ----------
    values
        Number of each territory, in the order of its class; NaN is unknown. A negative one has the size of its
        opposite, and the colour of its class.
    largest
        Number that the largest circle stands for, above 0.
    radius_px
        Radius of that circle on screen, in CSS pixels.
    """

    values: npt.NDArray[np.float64]
    largest: float
    radius_px: float

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Circles)
            and (self.largest, self.radius_px) == (other.largest, other.radius_px)
            and np.array_equal(self.values, other.values, equal_nan=True)
        )

    __hash__ = None  # type: ignore[assignment]  # as any class that compares arrays

    def radii_px(self, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return the radius of circles (CSS pixels): their area is in proportion to the number; NaN where unknown."""
        sizes = np.abs(np.asarray(values, dtype=np.float64))
        return np.asarray(self.radius_px * np.sqrt(sizes / self.largest))

    def roots(self) -> str:
        """Write, for the browser, the radius of each circle in ten-thousandths of the largest.

        A number a territory, between commas; empty where there is no circle: zero and the unknown have none, and are
        told apart by their class.
        """
        return self._written

    @cached_property
    def _written(self) -> str:
        parts = np.round(_ROOTS * self.radii_px(self.values) / self.radius_px)
        whole = np.nan_to_num(parts).astype(np.int64).tolist()  # Python's own numbers are written five times faster
        return ",".join(["" if part == 0 else str(part) for part in whole])


def circles_for(values: npt.ArrayLike, *, largest: float, whole: bool) -> Circles | None:
    """Return the circles of a map, None where no number is above 0.

    Parameters
    ----------
    values
        Number of each territory; NaN is unknown.
    largest
        Largest number of those mapped, which may be of several dates.
    whole
        True where the numbers are whole.
    """
    if not largest > 0 or not math.isfinite(largest):
        return None
    radius_px = min(LARGEST_PX, ONE_PX * math.sqrt(largest)) if whole else LARGEST_PX
    return Circles(np.asarray(values, dtype=np.float64), float(largest), radius_px)


def legend_numbers(largest: float, radius_px: float, *, whole: bool) -> list[float]:
    """Return one to three round numbers (1, 2 or 5 times a power of ten) whose circles make a legend, largest first.

    Parameters
    ----------
    largest, radius_px
        As in `Circles`.
    whole
        True where the numbers are whole: none is under 1.

    Examples
    --------
    >>> legend_numbers(2_133_111, 28, whole=True), legend_numbers(19, 28, whole=True), legend_numbers(1, 7, whole=True)
    ([2000000.0, 500000.0, 50000.0], [10.0, 5.0, 1.0], [1.0])
    """
    least = max(largest * (SMALLEST_IN_LEGEND_PX / radius_px) ** 2, 1.0 if whole else 0.0)
    top_power = math.floor(math.log10(largest))
    found: list[float] = []
    for power in count(top_power, -1):
        # A power of ten is written from its text: 3 × 0.1 is not 0.3
        numbers = [float(f"{digit}e{power}") for digit in _NICE]
        found += [number for number in numbers if least <= number <= largest]
        if numbers[-1] < least:
            break
    if len(found) <= 2:  # noqa: PLR2004 - the ends alone
        return found or [largest]
    middle = (math.sqrt(found[0]) + math.sqrt(found[-1])) / 2
    between = min(found[1:-1], key=lambda number: abs(math.sqrt(number) - middle))
    return [found[0], between, found[-1]]
