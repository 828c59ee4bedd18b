"""Where computed files are kept between two starts of the server."""

import os
from pathlib import Path

CACHE_VARIABLE = "MAILLAGE_CACHE"
DEFAULT_CACHE = Path(__file__).parents[2] / ".cache"


def cache_folder() -> Path:
    """Return the folder of computed files: that of the variable MAILLAGE_CACHE, or `.cache` in the checkout."""
    return Path(os.environ.get(CACHE_VARIABLE) or DEFAULT_CACHE)
