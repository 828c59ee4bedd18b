"""Colours of the classes: sequential, diverging and categorical palettes that colour-blind readers can tell apart.

Sequential and diverging palettes are ColorBrewer's (C. Brewer, M. Harrower, colorbrewer2.org, Apache 2.0), as branca
carries them; all of those kept here are marked "colorblind safe" there. The categorical one is Okabe and Ito's (2008),
without black, ordered so that neighbours differ in luminance too.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal

from branca.utilities import color_brewer

Sequential = Literal["YlGnBu", "PuBuGn", "YlOrBr"]
Diverging = Literal["PuOr", "BrBG"]

MIN_CLASSES: Final = 2
MAX_CLASSES: Final = 7
SMALLEST_SCHEME: Final = 3  # ColorBrewer's own minimum
MAX_SIDE: Final = 5
# Which of the five colours of a side, the darkest being 0, serve when there are fewer classes.
_SIDE_STEPS: Final = ((), (2,), (1, 3), (0, 2, 3), (0, 1, 2, 3), (0, 1, 2, 3, 4))

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


def diverging(n_classes: int, name: Diverging = "PuOr", *, reverse: bool = False) -> list[str]:
    """Return colours for classes on both sides of a reference: dark ends, light middle.

    Parameters
    ----------
    n_classes
        From 2 to 7; an odd number has a neutral class in the middle.
    name
        ColorBrewer's name of the palette.
    reverse
        True to exchange the two sides.

    Returns
    -------
    list of str
        ``#rrggbb``.

    Raises
    ------
    ValueError
        A number of classes out of range.
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
        True when one more class holds the reference: it is neutral.
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
    return [*below, *([colours[MAX_SIDE]] if astride else []), *above]


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


def _scheme(name: str, n_classes: int, *, reverse: bool) -> list[str]:
    _check(n_classes)
    colours = [str(colour).lower() for colour in color_brewer(name, max(n_classes, SMALLEST_SCHEME))]
    if n_classes < SMALLEST_SCHEME:
        colours = [colours[0], colours[-1]]
    return colours[::-1] if reverse else colours


def _check(n_classes: int) -> None:
    if not MIN_CLASSES <= n_classes <= MAX_CLASSES:
        raise ValueError(f"{n_classes} classes: a palette has from {MIN_CLASSES} to {MAX_CLASSES}")
