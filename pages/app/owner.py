"""Whose list of projects a reader sees: the machine's, the account's, a private key's, or the shared one.

A reader only ever gives a name to a list through `current_owner`: nothing of the address or of a file decides of it.
"""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import Final, Literal

import streamlit as st

from pages.app.reader import sits_at_this_machine

SHARED_VARIABLE: Final = "MAILLAGE_PROJECTS_SHARED"
KEY_IN_SESSION: Final = "own_projects_key"
_KEY_BYTES: Final = 16
_GROUP: Final = 5


@dataclass(frozen=True)
class Owner:
    """Whose list it is.

    Attributes
    ----------
    name
        Owner of the rows in the database.
    kind
        "poste" (this machine alone), "compte" (a Streamlit login), "cle" (a private key), "partage" (all readers).
    author
        Who the history names.
    """

    name: str
    kind: Literal["poste", "compte", "cle", "partage"]
    author: str = ""


def current_owner() -> Owner:
    """Tell whose list this reader sees.

    In this order: the shared list where the administrator has turned it on; the account of a Streamlit login; the
    machine's own list where the server answers this machine alone; else a key drawn for this session.
    """
    account, called = _account()
    if os.environ.get(SHARED_VARIABLE, "").strip().lower() in {"1", "true", "oui"}:
        return Owner("partage", "partage", called)
    if account:
        return Owner(f"compte:{account}", "compte", called)
    if sits_at_this_machine():
        return Owner("poste", "poste")
    return Owner(owner_of_key(session_key()), "cle")


def session_key() -> str:
    """Return the private key of this session, drawn at first use: 128 bits, in groups that can be noted."""
    if KEY_IN_SESSION not in st.session_state:
        st.session_state[KEY_IN_SESSION] = new_key()
    return str(st.session_state[KEY_IN_SESSION])


def new_key() -> str:
    """Draw a key of 128 bits, as groups of letters and digits: "7KX2Q-…"."""
    text = base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii").rstrip("=")
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def read_key(text: str) -> str | None:
    """Read a key that a reader typed, whatever its case, spaces and dashes; None when it is not one."""
    letters = "".join(character for character in text.upper() if character.isalnum())
    letters = letters.replace("0", "O").replace("1", "I").replace("8", "B")  # digits that a key never has
    try:
        decoded = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        return None
    if len(decoded) != _KEY_BYTES:
        return None
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def owner_of_key(key: str) -> str:
    """Return the owner that stands in the database for a key: its hash alone, from which the key cannot be found."""
    return f"cle:{hashlib.sha256(key.encode('ascii')).hexdigest()}"


def _account() -> tuple[str, str]:
    """Return what identifies the account of a Streamlit login, and what to call it; empty without one.

    The issuer and its subject identify it: an e-mail address can be changed, or not be verified.
    """
    if not st.user.get("is_logged_in", False):
        return "", ""
    subject, email = str(st.user.get("sub") or ""), str(st.user.get("email") or "")
    return (f"{st.user.get('iss') or ''}|{subject}" if subject else email), email or subject
