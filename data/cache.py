"""Where computed files are kept between two starts of the server, or two commands."""

import os
from pathlib import Path
from typing import Final

CACHE_VARIABLE: Final = "MAILLAGE_CACHE"
DEFAULT_CACHE: Final = Path(__file__).parents[1] / ".cache"


def cache_folder() -> Path:
    """Return the folder of computed files: that of the variable MAILLAGE_CACHE, or `.cache` in the checkout."""
    return Path(os.environ.get(CACHE_VARIABLE) or DEFAULT_CACHE)
