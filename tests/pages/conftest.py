"""A page that fails in a test fails the test: the last guard, which words it for readers, is taken down."""

import pytest
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.fragment import MemoryFragmentStorage

from pages.app import notices
from pages.app.reader import LOCAL_VARIABLE


@pytest.fixture(autouse=True)
def _at_the_machine(monkeypatch):
    """Start as `make run` does: the reader is the machine's own."""
    monkeypatch.setenv(LOCAL_VARIABLE, "1")


@pytest.fixture(autouse=True)
def _no_last_guard(monkeypatch, request):
    if "last_guard" not in request.keywords:

        def fail(*_arguments):
            raise  # noqa: PLE0704 - called while the page's own exception is being handled

        monkeypatch.setattr(notices.LOGGER, "exception", fail)


@pytest.fixture(autouse=True)
def _whole_runs(monkeypatch):
    """Run the whole page where a part of it was asked for: AppTest knows no other page in a run of a part alone."""

    def refuse(*_arguments):
        raise StreamlitAPIException

    monkeypatch.setattr(MemoryFragmentStorage, "resolve_target", refuse)
