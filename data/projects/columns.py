"""Which column of a user's file holds what, guessed from its label; the user confirms or corrects the guess."""

import re
from collections.abc import Sequence
from typing import Final

from data.projects.fields import DAY_FIELDS, FIELDS, Field
from geo.codes import is_commune_code
from geo.commune_names import fold

_SHORTEST_INSIDE: Final = 4
"""A synonym shorter than this ("x", "mg") must be the whole label: it is part of too many words."""

_EXACT: Final = 1_000


def guess_columns(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, int]:
    """Guess which column holds what.

    Parameters
    ----------
    header
        Labels of the columns.
    rows
        Cells: between two columns of codes of communes, the one that holds whole codes is taken.

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
        if (score := _score(fold(label), field, known) + _codes_in(rows, at, label, field, known))
    ]
    found: dict[str, int] = {}
    for _, at, field in sorted(scores, reverse=True):
        if field not in found and -at not in found.values():
            found[field] = -at
    return {field: found[field] for field in FIELDS if field in found}


def _codes_in(rows: Sequence[Sequence[str]], at: int, label: str, field: str, known: Field) -> float:
    """Return the share of whole codes in a column of codes of communes; 0 for any other column."""
    if field != "commune_code" or not rows or not _score(fold(label), field, known):
        return 0.0
    return sum(is_commune_code(row[at].strip().upper()) for row in rows) / len(rows)


def _score(label: str, field: str, known: Field) -> int:
    if not label:
        return 0
    names = {*known.synonyms, fold(known.label), fold(field)}
    if label in names:
        return _EXACT
    words = set(label.split())
    if field not in DAY_FIELDS and "date" in words:
        return 0
    padded = f" {label} "
    inside = [len(name) for name in names if len(name) >= _SHORTEST_INSIDE and f" {name} " in padded]
    return max(inside, default=0)


def number_text(text: str) -> str:
    """Write a French number as Python reads it: no space, a point for the comma; the text itself when it is not one."""
    plain = re.sub(r"\s", "", text.replace("−", "-").replace(",", "."))
    return plain if re.fullmatch(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,15})?", plain) else text
