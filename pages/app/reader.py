"""Where the reader of a page sits: at the machine that serves, or elsewhere.

Nothing that a client writes can make it local: only who starts the server says that it is a machine of one reader,
with MAILLAGE_LOCAL=1 as `make run` does. Headers can only take that away.
"""

import os
import re
from collections.abc import Mapping
from typing import Final

import streamlit as st

LOCAL_VARIABLE: Final = "MAILLAGE_LOCAL"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
PROXY_HEADERS: Final = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


def sits_at_this_machine() -> bool:
    """Tell whether the reader of this run can only be at the machine that serves."""
    return is_declared_local() and is_local(str(st.get_option("server.address") or ""), dict(st.context.headers or {}))


def is_declared_local() -> bool:
    """Tell whether who started the server said that its only reader is at this machine; never set it behind a proxy."""
    return os.environ.get(LOCAL_VARIABLE, "").strip().lower() in {"1", "true", "oui"}


def is_local(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request to a server declared local may come from the machine that serves.

    The server must listen to the machine alone, and the browser must have asked that very address: a page of another
    site whose name was made to lead here (DNS rebinding) would otherwise pass for the machine's own reader.

    Parameters
    ----------
    address
        Address that the server listens on; empty for all.
    headers
        Headers of the request.
    """
    if address not in _LOOPBACK:
        return False
    folded = {name.title(): value for name, value in headers.items()}
    if any(name in folded for name in PROXY_HEADERS):
        return False
    return "Host" not in folded or _without_port(folded["Host"]) in _LOOPBACK


def _without_port(host: str) -> str:
    """Return the name of a host: that of "localhost:8501" is "localhost", that of "[::1]:8501" is "::1"."""
    return re.sub(r":[0-9]*$", "", host).strip("[]").lower() if host.count(":") == 1 or "]" in host else host.lower()
