"""A page that fails in a test fails the test: the last wall, which words it for readers, is taken down."""

import pytest

from pages.parts import notices


@pytest.fixture(autouse=True)
def _no_last_wall(monkeypatch, request):
    if "last_wall" not in request.keywords:

        def fail(*_arguments):
            raise  # noqa: PLE0704 - called while the page's own exception is being handled

        monkeypatch.setattr(notices.LOGGER, "exception", fail)
