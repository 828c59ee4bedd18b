"""Where the reader of a page sits: at the machine that serves, or elsewhere."""

import re
from collections.abc import Mapping
from typing import Final

import streamlit as st

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PROXY_HEADERS: Final = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


def sits_at_this_machine() -> bool:
    """Tell whether the reader of this run can only be at the machine that serves."""
    return is_local(str(st.get_option("server.address") or ""), dict(st.context.headers or {}))


def is_local(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request can only come from the machine that serves.

    The server must listen to the machine alone, and the browser must have asked that very address: behind a proxy
    everyone would otherwise pass for the machine's own reader.

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
    if any(name in folded for name in _PROXY_HEADERS):
        return False
    return "Host" not in folded or _without_port(folded["Host"]) in _LOOPBACK


def _without_port(host: str) -> str:
    """Give the name of a host: that of "localhost:8501" is "localhost", that of "[::1]:8501" is "::1"."""
    return re.sub(r":[0-9]*$", "", host).strip("[]").lower() if host.count(":") == 1 or "]" in host else host.lower()
