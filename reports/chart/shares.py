"""Shares of several territories: one bar of 100 % each, on screen and in documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports.chart.specification import Axis, Bars, Chart
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

SHARES_GAP: Final = 0.36
LEAST_INSIDE: Final = 6.0
"""Share (%) from which a part of a bar has its figure inside."""


def stack_shares(
    shares: Mapping[str, pd.Series], class_labels: Sequence[str], palette: Sequence[str], unit: str
) -> Chart:
    """Stack the classes of each territory on one horizontal bar of 100 %.

    Parameters
    ----------
    shares
        Name of the territory → share (0-1) of each class, in the order of `class_labels`.
    class_labels, palette
        Name and colour of each class.
    unit
        What is shared out: "habitants".
    """
    names = list(shares)[::-1]
    bars = []
    for rank, (label, colour) in enumerate(zip(class_labels, palette, strict=True)):
        percent = [100 * float(shares[name].iloc[rank]) for name in names]
        bars.append(
            Bars(
                label,
                names,
                percent,
                colour,
                texts=[format_number(value, 0, "%") if value >= LEAST_INSIDE else "" for value in percent],
                texts_at="middle",
                hovers=[
                    f"{name}\n{label} : {format_number(value, 1, '%')} des {unit}"
                    for name, value in zip(names, percent, strict=True)
                ],
                has_edge=True,
            )
        )
    return Chart(
        Axis(ends=(0, 100), suffix=" %"),
        Axis("names"),
        bars,
        is_horizontal=True,
        is_stacked=True,
        are_shares=True,
        gap=SHARES_GAP,
    )
