"""Where a printed map looks: the stretch of print_shapes that fills its box, its scale, and where north is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.crs import degrees_transformer, metres_transformer
from reports.page.paper import Box

MARGIN = 0.03
NICE_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Frame:
    """A box of the page and the print_shapes it shows.

    Attributes
    ----------
    box
        Place on the page (mm).
    left, bottom
        PrintShapes coordinates (m) of its lower left corner.
    m_per_mm
        Metres of print_shapes in a millimetre of paper.
    epsg
        Projection of the print_shapes.
    """

    box: Box
    left: float
    bottom: float
    m_per_mm: float
    epsg: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the print_shapes shown (m)."""
        width, height = self.box.width * self.m_per_mm, self.box.height * self.m_per_mm
        return self.left, self.bottom, self.left + width, self.bottom + height

    def to_page(
        self, x_m: npt.ArrayLike, y_m: npt.ArrayLike
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the place on the page (mm) of points of the print_shapes (m)."""
        x = self.box.left + (np.asarray(x_m, dtype=np.float64) - self.left) / self.m_per_mm
        y = self.box.bottom + (np.asarray(y_m, dtype=np.float64) - self.bottom) / self.m_per_mm
        return x, y

    def north_angle(self) -> float:
        """Return how far true north leans from the top of the page at the centre, in degrees, positive to the left."""
        left, bottom, right, top = self.bounds
        x, y = (left + right) / 2, (bottom + top) / 2
        longitude, latitude = degrees_transformer(self.epsg).transform(x, y)
        x_north, y_north = metres_transformer(self.epsg).transform(longitude, latitude + 0.1)
        return math.degrees(math.atan2(x - x_north, y_north - y))


def frame_on(bounds: tuple[float, float, float, float], box: Box, epsg: int, margin: float = MARGIN) -> Frame:
    """Fit print_shapes in a box, at the largest scale that shows it whole with a margin, and centre it.

    Parameters
    ----------
    bounds
        Left, bottom, right and top of the print_shapes (m).
    box
        Place on the page (mm).
    epsg
        Projection of the print_shapes.
    margin
        Part of the box left free on each side (0-1).
    """
    left, bottom, right, top = bounds
    room = 1 - 2 * margin
    m_per_mm = max((right - left) / (box.width * room), (top - bottom) / (box.height * room), 1e-6)
    return Frame(
        box,
        (left + right) / 2 - box.width * m_per_mm / 2,
        (bottom + top) / 2 - box.height * m_per_mm / 2,
        m_per_mm,
        epsg,
    )


def nice_length(longest_m: float) -> float:
    """Return the longest round length (1, 2 or 5 times a power of ten, m) that is not above a length.

    Examples
    --------
    >>> nice_length(73_000)
    50000.0
    """
    power = 10.0 ** math.floor(math.log10(longest_m))
    return max(step for step in NICE_STEPS if step * power <= longest_m * (1 + 1e-9)) * power
