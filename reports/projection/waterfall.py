"""The waterfall of the GPs to find, on the projection's page, on a slide and in documents."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from reports.chart.specification import Axis, Bars, Chart, Line
from reports.projection.outlook import COLOURS, Step

BROKEN_LABELS: Final[Mapping[str, str]] = {
    "Généralistes aujourd’hui": "Généralistes\naujourd’hui",
    "Besoin supplémentaire": "Besoin\nsupplémentaire",
    "Reste à convaincre": "Reste à\nconvaincre",
    "Au-delà du besoin": "Au-delà\ndu besoin",
}


def draw_waterfall(steps: Sequence[Step], axis: tuple[float, float]) -> Chart:
    """Draw today's GPs, what leaves, arrives and is needed besides, and what is left to come back to today's level.

    Parameters
    ----------
    steps
        Of the territory's projection, see `reports.projection.outlook.waterfall_steps`.
    axis
        Lowest and highest value of the axis, the same for the scenarios compared.
    """
    labels = [BROKEN_LABELS.get(step.label, step.label) for step in steps]
    bars = Bars(
        "",
        labels,
        [step.top - step.base for step in steps],
        [COLOURS[step.kind] for step in steps],
        starts=[step.base for step in steps],
        texts=[step.text for step in steps],
        texts_are_bold=True,
        hovers=[f"{step.label} : {step.text}" for step in steps],
        width=0.72,
    )
    joints = [
        Line("", pair, [step.top] * 2, "#8a96a3", width=1, is_dotted=True)
        for pair, step in zip(pairwise(labels), steps, strict=False)
    ]
    return Chart(
        Axis("names", label_px=11),
        Axis(title="généralistes libéraux", decimals=0, ends=axis),
        [bars],
        joints,
        gap=0.2,
    )
