"""The collection of garbage that Streamlit forces after each run of a page, kept short."""

import gc

_SETTLED: set[str] = set()


def settle(page: str) -> None:
    """Take what the first run of a page has loaded out of what is looked through after every later run.

    Libraries, tables and indicators stay as long as the server: 80 to 110 ms of processor at each click, for nothing.
    What is made later is still collected.

    Parameters
    ----------
    page
        Name of the page that has just run, or of the start of the server.
    """
    if page not in _SETTLED:
        _SETTLED.add(page)
        gc.collect()
        gc.freeze()
