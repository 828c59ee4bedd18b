"""Colours of the classes: sequential, diverging and categorical palettes that colour-blind readers can tell apart.

Sequential and diverging palettes are ColorBrewer's (C. Brewer, M. Harrower, colorbrewer2.org, Apache 2.0), as branca
carries them; all of those kept here are marked "colorblind safe" there. The categorical one is Okabe and Ito's (2008),
without black, ordered so that neighbours differ in luminance too.
"""

from __future__ import annotations

import colorsys
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from branca.utilities import color_brewer

if TYPE_CHECKING:
    from collections.abc import Sequence

Sequential = Literal["YlGnBu", "PuBuGn", "YlOrBr"]
Diverging = Literal["PuOr", "BrBG"]

MIN_CLASSES: Final = 2
MAX_CLASSES: Final = 7
SMALLEST_SCHEME: Final = 3  # ColorBrewer's own minimum
MAX_SIDE: Final = 5
# Which of the five colours of a side, the darkest being 0, serve when there are fewer classes.
_SIDE_STEPS: Final = ((), (2,), (1, 3), (0, 2, 3), (0, 1, 2, 3), (0, 1, 2, 3, 4))

NEUTRAL: Final = "#e0dac6"
"""Of the class that holds the reference: ColorBrewer's own is white, which is not seen on a page."""
_PALEST: Final = 2
"""Colours left at the pale end of a scheme for what must be seen when it is small."""
_LEAST_ON_DARK: Final = 0.14
"""Least relative luminance on a dark page: more than three to one against it (WCAG 2.2, 1.4.11)."""
_HALVINGS: Final = 30

OKABE_ITO: Final = ("#0072b2", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#56b4e9", "#d55e00")


def sequential(n_classes: int, name: Sequential = "YlGnBu", *, reverse: bool = False) -> list[str]:
    """Return colours for ordered classes, from light (low) to dark (high).

    Parameters
    ----------
    n_classes
        From 2 to 7.
    name
        ColorBrewer's name of the palette.
    reverse
        True to go from dark to light, where a low value is what matters.

    Returns
    -------
    list of str
        ``#rrggbb``; luminance strictly decreases (increases when reversed).

    Raises
    ------
    ValueError
        A number of classes out of range.

    Examples
    --------
    >>> sequential(3)
    ['#edf8b1', '#7fcdbb', '#2c7fb8']
    """
    return _scheme(name, n_classes, reverse=reverse)


def diverging_around(
    n_below: int, n_above: int, name: Diverging = "BrBG", *, astride: bool = False, reverse: bool = False
) -> list[str]:
    """Return colours for classes below and above a reference that is not in their middle: the break stays at it.

    Parameters
    ----------
    n_below, n_above
        Number of classes on each side, 0 to 5.
    name
        ColorBrewer's name of the palette.
    astride
        True when one more class holds the reference: it is `NEUTRAL`.
    reverse
        True to exchange the two sides.

    Returns
    -------
    list of str
        ``#rrggbb``, from the lowest class to the highest.

    Raises
    ------
    ValueError
        More classes on a side than can be told apart.
    """
    if not (0 <= n_below <= MAX_SIDE and 0 <= n_above <= MAX_SIDE):
        raise ValueError(f"{n_below} and {n_above} classes: a side has from 0 to {MAX_SIDE}")
    colours = [str(colour).lower() for colour in color_brewer(name, 2 * MAX_SIDE + 1)]
    colours = colours[::-1] if reverse else colours
    below = [colours[k] for k in _SIDE_STEPS[n_below]]
    above = [colours[-1 - k] for k in reversed(_SIDE_STEPS[n_above])]
    return [*below, *([NEUTRAL] if astride else []), *above]


def small_marks(n_classes: int, name: Sequential = "YlGnBu") -> list[str]:
    """Return colours for ordered classes drawn as circles, from light to dark, without those too pale for a small one.

    Parameters
    ----------
    n_classes
        From 1 to 7.
    name
        ColorBrewer's name of the palette.
    """
    if not 1 <= n_classes <= MAX_CLASSES:
        raise ValueError(f"{n_classes} classes: circles have from 1 to {MAX_CLASSES}")
    colours = [str(colour).lower() for colour in color_brewer(name, max(n_classes, _PALEST) + _PALEST)]
    return colours[-n_classes:]


def categorical(n_classes: int) -> list[str]:
    """Return colours for classes without an order.

    Parameters
    ----------
    n_classes
        From 2 to 7.

    Returns
    -------
    list of str
        ``#rrggbb``; each class keeps its colour when others are added after it.

    Raises
    ------
    ValueError
        A number of classes out of range.
    """
    _check(n_classes)
    return list(OKABE_ITO[:n_classes])


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white).

    ``0.2126 R + 0.7152 G + 0.0722 B`` on linear sRGB components (WCAG 2.2, « relative luminance »).

    Parameters
    ----------
    colour
        ``#rrggbb``.
    """
    components = [int(colour[start:end], 16) / 255 for start, end in pairwise((1, 3, 5, 7))]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in components)  # noqa: PLR2004 — sRGB's own constants
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a share (0 to 1) of another, channel by channel.

    Examples
    --------
    >>> mixed("#000000", "#ffffff", 0.2)
    '#333333'
    """
    channels = ((int(one[start:end], 16) for one in (colour, other)) for start, end in pairwise((1, 3, 5, 7)))
    return "#" + "".join(f"{round(first + (second - first) * share):02x}" for first, second in channels)


def readable_on_dark(palette: Sequence[str]) -> list[str]:
    """Return the colours of a palette that are told from a dark page: lightened together, in the same order.

    Parameters
    ----------
    palette
        ``#rrggbb``, made for a light page.

    Returns
    -------
    list of str
        Unchanged where none is too dark; hue and saturation are kept, luminance runs from `_LEAST_ON_DARK` up.
    """
    light = [luminance(colour) for colour in palette]
    least, most = min(light, default=1.0), max(light, default=1.0)
    if least >= _LEAST_ON_DARK:
        return list(palette)
    room = max(most, 2 * _LEAST_ON_DARK) - _LEAST_ON_DARK
    wanted = [_LEAST_ON_DARK + room * (one - least) / (most - least) if most > least else 0.3 for one in light]
    return [_with_luminance(colour, value) for colour, value in zip(palette, wanted, strict=True)]


def _with_luminance(colour: str, wanted: float) -> str:
    parts = (int(colour[start:end], 16) / 255 for start, end in pairwise((1, 3, 5, 7)))
    hue, _, saturation = colorsys.rgb_to_hls(*parts)
    low, high = 0.0, 1.0
    found = colour
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, middle, saturation))
        low, high = (middle, high) if luminance(found) < wanted else (low, middle)
    return found


def _scheme(name: str, n_classes: int, *, reverse: bool) -> list[str]:
    _check(n_classes)
    colours = [str(colour).lower() for colour in color_brewer(name, max(n_classes, SMALLEST_SCHEME))]
    if n_classes < SMALLEST_SCHEME:
        colours = [colours[0], colours[-1]]
    return colours[::-1] if reverse else colours


def _check(n_classes: int) -> None:
    if not MIN_CLASSES <= n_classes <= MAX_CLASSES:
        raise ValueError(f"{n_classes} classes: a palette has from {MIN_CLASSES} to {MAX_CLASSES}")
