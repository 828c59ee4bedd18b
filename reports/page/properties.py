"""What an office document says of itself: title, author, day, language."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

OURS: Final = "Maillage"


def describe_document(properties: Any, title: str, *, author: str = "", subject: str = "", comments: str = "") -> None:
    """Fill the core properties of a Word document or of slides, which else are those of an empty one of 2013.

    Parameters
    ----------
    properties
        As python-docx and python-pptx give them.
    title, subject, comments
        What it is, in French.
    author
        The organisation that signs it; "" for Maillage.
    """
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)  # without a zone, as both libraries want it
    properties.title, properties.subject, properties.comments = title, subject, comments
    properties.author = properties.last_modified_by = author or OURS
    properties.created = properties.modified = now
    properties.language, properties.revision = "fr-FR", 1
