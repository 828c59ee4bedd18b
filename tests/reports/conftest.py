"""What the tests of reports share: the snapshot read once."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.studio import Studio

DRAWN_ON = dt.date(2026, 11, 22)


@pytest.fixture(scope="session")
def studio() -> Studio:
    """Read the committed snapshot once for all the tests of reports."""
    return Studio.of_snapshot()
