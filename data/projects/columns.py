"""Which column of a user's file holds what, guessed from its label; the user confirms or corrects the guess."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from data.projects.fields import DATE_FIELDS, FIELDS, Field

_SHORTEST_INSIDE: Final = 4
"""A synonym shorter than this ("x", "mg") must be the whole label: it is part of too many words."""

_EXACT: Final = 1_000


@lru_cache(maxsize=50_000)  # a list says the same few words thousands of times
def fold(text: str) -> str:
    """Reduce a text to what a hurried reader types: no accent, no case, no punctuation, "st" for "saint".

    Examples
    --------
    >>> fold("N° FINESS (ET)")
    'n finess et'
    >>> fold("Saint-Étienne")
    'st etienne'
    """
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("°", " "))
    letters = "".join(
        character if character.isalnum() else " " for character in plain if not unicodedata.combining(character)
    )
    return " ".join({"saint": "st", "sainte": "ste"}.get(word, word) for word in letters.casefold().split())


def guess_columns(header: Sequence[str]) -> dict[str, int]:
    """Guess which column holds what.

    Parameters
    ----------
    header
        Labels of the columns.

    Returns
    -------
    dict of str to int
        Position of the column of each field that was recognised; a column serves one field, the one whose synonym says
        most of its label.

    Examples
    --------
    >>> guess_columns(["Nom de la MSP", "Ville", "CP", "Nb MG", "Couleur"])
    {'name': 0, 'commune_name': 1, 'postcode': 2, 'n_gp': 3}
    """
    scores = [
        (score, -at, field)
        for at, label in enumerate(header)
        for field, known in FIELDS.items()
        if (score := _score(fold(label), field, known))
    ]
    found: dict[str, int] = {}
    for _, at, field in sorted(scores, reverse=True):
        if field not in found and -at not in found.values():
            found[field] = -at
    return {field: found[field] for field in FIELDS if field in found}


def _score(label: str, field: str, known: Field) -> int:
    if not label:
        return 0
    names = {*known.synonyms, fold(known.label), fold(field)}
    if label in names:
        return _EXACT
    words = set(label.split())
    if field not in DATE_FIELDS and "date" in words:
        return 0
    padded = f" {label} "
    inside = [len(name) for name in names if len(name) >= _SHORTEST_INSIDE and f" {name} " in padded]
    return max(inside, default=0)


def columns_by_text(labels: Mapping[str, str], header: Sequence[str]) -> dict[str, int]:
    """Turn a choice of labels (field to label) into positions; a label that the file does not have is left out."""
    places = {label: at for at, label in enumerate(header)}
    return {field: places[label] for field, label in labels.items() if label in places}


def number_text(text: str) -> str:
    """Write a French number as Python reads it: no space, a point for the comma; the text itself when it is not one."""
    plain = re.sub(r"\s", "", text.replace("−", "-").replace(",", "."))
    return plain if re.fullmatch(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,15})?", plain) else text
