"""How far ahead the app projects: years, the same for every page and export."""

from typing import Final

SHORTEST_HORIZON: Final = 5
LONGEST_HORIZON: Final = 25
DEFAULT_HORIZON: Final = 10
