"""The estimated supply, made at set-up so that no reader waits for it: python -m pages.screens.simulator.ahead."""

import logging
import sys
import time

from data.errors import DataError
from geo.errors import GeoError
from pages.screens.simulator.engine import supply_task

LOOK_S = 0.2


def main() -> str:
    """Make the estimate where it is not kept yet; return why it could not be, "" when it is there.

    The server makes it at the first visit where this was not done, or where the data are others.
    """
    try:
        task = supply_task()
    except (DataError, GeoError) as error:
        return str(error)
    while task.is_under_way:
        time.sleep(LOOK_S)
    return task.failure


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # of Streamlit, which is used here without a page
    sys.exit(main() or 0)
