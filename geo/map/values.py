"""What the map colours: one class and one text a territory, in the order of the geometry's names file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.levels import DRAWN_LEVELS, DrawnLevel
from geo.map.payload import encode_payload, one_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from geo.map.circles import Circles
    from geo.map.distribution import Distribution

UNKNOWN: Final = "n"
OUTSIDE: Final = "x"
NONE: Final = "z"
MAX_CLASSES: Final = 9


@dataclass(frozen=True)
class ClassedValues:
    """Values of all the territories of one level, classed and written out for the map.

    Attributes
    ----------
    level
        Level of the territories drawn.
    classes
        One character a territory, in the order of ``names_<level>.tsv`` (that of the codes): ``0`` to ``8`` the class,
        ``n`` unknown (hatched grey), ``x`` outside the chosen territory (pale, without tooltip), ``z`` none.
    texts
        Values in French as the tooltip shows them, same order, without unit; None when unknown. With `parts`, a tab
        stands between the values of one territory.
    palette
        Colours ``#rrggbb`` of classes ``0``, ``1``…
    indicator, unit, vintage
        What the tooltip says of the value; may be empty.
    none_colour
        Colour ``#rrggbb`` of the known "none" where that of the theme would read as the best class; may be empty.
    left_out
        One character, ``n`` or ``x``, for each part of the country in no territory of the level, in the order of
        `geo.levels.places_left_out`; empty where the level has none.
    around
        Classes of the territories outside the chosen one, ``x`` inside it, in the same order: drawn in a paler tint,
        with a tooltip, they can be clicked. Empty where the surroundings are not shown.
    circles
        The numbers, where they are drawn as circles and not as colours.
    distribution
        The bars of the legend; None without any.
    parts
        Name and unit of each value that a text holds, where it holds several; empty where it holds one.

    Raises
    ------
    ValueError
        A class without a colour, an unknown character, or texts that do not go with the classes.
    """

    level: DrawnLevel
    classes: str
    texts: Sequence[str | None]
    palette: Sequence[str]
    indicator: str
    unit: str = ""
    vintage: str = ""
    none_colour: str = ""
    left_out: str = ""
    around: str = ""
    circles: Circles | None = None
    distribution: Distribution | None = None
    parts: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.level not in DRAWN_LEVELS:
            raise ValueError(f"unknown level {self.level!r}: expected one of {DRAWN_LEVELS}")
        if len(self.palette) > MAX_CLASSES:
            raise ValueError(f"{len(self.palette)} colours: at most {MAX_CLASSES}")
        if len(self.texts) != len(self.classes):
            raise ValueError(f"{len(self.texts)} texts for {len(self.classes)} classes")
        if self.around and len(self.around) != len(self.classes):
            raise ValueError(f"{len(self.around)} classes around for {len(self.classes)} classes")
        allowed = {UNKNOWN, OUTSIDE, NONE, *map(str, range(len(self.palette)))}
        if strange := set(self.classes + self.around) - allowed | set(self.left_out) - {UNKNOWN, OUTSIDE}:
            raise ValueError(f"classes without a colour: {sorted(strange)}")

    @cached_property
    def encoded(self) -> str:
        """What each territory is, as the browser reads it: class, text, circle; written once, however often drawn."""
        circles = self.circles
        return encode_payload(
            {
                "classes": self.classes + self.left_out,
                "values": one_a_line([*self.texts, *[None] * len(self.left_out)]),
                "around": self.around,
                "circles": circles and {"roots": circles.roots(), "radius": round(circles.radius_px, 2)},
            }
        )


def class_string(class_numbers: ArrayLike, *, inside: ArrayLike | None = None, none: ArrayLike | None = None) -> str:
    """Write class numbers as the map reads them, one character a territory.

    Parameters
    ----------
    class_numbers
        Class of each territory from 0 to 8, in the order of the codes; NaN when unknown.
    inside
        False for territories outside the chosen one; all inside by default.
    none
        True where the value is a known "none", drawn apart from the classes.

    Returns
    -------
    str
        See `ClassedValues.classes`.

    Raises
    ------
    ValueError
        A class that is not a whole number from 0 to 8.

    Examples
    --------
    >>> class_string([0, float("nan"), 2, 1], inside=[True, True, True, False])
    '0n2x'
    """
    numbers = np.asarray(class_numbers, dtype=float)
    known = ~np.isnan(numbers)
    whole = np.where(known, numbers, 0).astype(np.int64)
    if ((whole != np.where(known, numbers, 0)) | (whole < 0) | (whole >= MAX_CLASSES)).any():
        raise ValueError(f"classes must be whole numbers from 0 to {MAX_CLASSES - 1}, or NaN")
    letters = np.where(known, whole + ord("0"), ord(UNKNOWN)).astype(np.uint8)
    if none is not None:
        letters[np.asarray(none, dtype=bool)] = ord(NONE)
    if inside is not None:
        letters[~np.asarray(inside, dtype=bool)] = ord(OUTSIDE)
    return letters.tobytes().decode("ascii")
