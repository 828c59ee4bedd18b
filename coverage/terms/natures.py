"""How a figure is known: one word, the same on every screen and in every export."""

from typing import Final, Literal, get_args

Nature = Literal["mesuré", "estimé", "supposé", "annonce", "projection d’un tiers"]
"""mesuré: counted or published as observed. estimé: comes out of a computation on measured figures. supposé: a choice,
to be argued and changed. annonce: an aim, a need or a claim stated by others. projection d’un tiers: a future that
someone else computed."""

NATURES: Final[tuple[Nature, ...]] = get_args(Nature)
