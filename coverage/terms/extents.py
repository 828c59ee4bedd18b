"""How much of a commune or an arrondissement a CPTS covers: column `extent` of the table `cpts_perimeters`."""

from typing import Final

WHOLE: Final = "entier"
"""The unit is in the CPTS whole."""
PART: Final = "partie"
"""The CPTS covers a part of the unit, and nothing says which: its inhabitants are unknown."""
BEYOND: Final = "deborde"
"""The unit is in whole, but its CPTS goes beyond the region that the source describes."""
EXTENTS: Final = (BEYOND, WHOLE, PART)
