"""What the server writes of itself: words as Streamlit does, or one JSON object a line where MAILLAGE_LOG=json."""

import datetime as dt
import json
import logging
import os
import traceback
from typing import Final

from streamlit import logger as streamlit_logger

LOG_VARIABLE: Final = "MAILLAGE_LOG"
REPLICA_VARIABLE: Final = "MAILLAGE_REPLICA"
"""Number of this server among several behind one proxy."""
_DEEPEST: Final = 12


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, replica, and the place of a fault.

    Of a fault, its type and where it stands in the code: its own words may hold what a reader typed, a name of a file
    or an address.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if replica := os.environ.get(REPLICA_VARIABLE):
            line["replica"] = replica
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = _place_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _place_of(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    return {"type": type(error).__name__, "where": [f"{at.filename}:{at.lineno} {at.name}" for at in frames]}


def write_logs_as_asked() -> None:
    """Leave out the addresses of readers; write JSON lines on the error output where the setting asks for them.

    Called when the application is imported and again before it answers: the server settles its own loggers in between.
    """
    # A line for each request and each websocket would say from where, and with which query.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    if os.environ.get(LOG_VARIABLE, "").strip().lower() != "json":
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], force=True)
    # Streamlit gives each of its loggers a handler of its own, now and later; no setting makes them write JSON.
    streamlit_logger.setup_formatter = _leave_to_root
    streamlit_logger.update_formatter()


def _leave_to_root(logger: logging.Logger) -> None:
    """Take away every handler of a logger, so that the one of all writes its lines."""
    logger.handlers.clear()
    logger.propagate = True
