"""Codes of communes of other years carried to the current list, and what could not be carried."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import pandas as pd

OUT_OF_SCOPE: Final = "collectivité d’outre-mer, hors champ"
UNKNOWN_CODE: Final = "code absent de la liste actuelle et de son historique"

_COLLECTIVITY: Final = r"97[578][0-9]{2}|98[0-9]{3}"


class Carried(NamedTuple):
    """A table carried to the current communes.

    Attributes
    ----------
    table
        The rows that could be carried, in their order and on their index, `commune_code` being current. Two rows may
        now share a commune: adding them up, or averaging them, is the caller's choice.
    not_carried
        One row a code left behind, sorted: code, name (NA when unknown), reason (a French sentence).
    """

    table: pd.DataFrame
    not_carried: pd.DataFrame


def carry_codes(table: pd.DataFrame, history: pd.DataFrame, current: Collection[str]) -> Carried:
    """Carry the codes of a table to the current communes.

    A code that is current stays; a former, delegated or associated commune or an arrondissement becomes the current
    commune that holds it; any other is left behind and said, one whose holder is not in the list too: the history may
    be of another year than the list.

    Parameters
    ----------
    table
        With `commune_code` (text, of any year) and, if there is one, `name`; not changed.
    history
        The table `commune_history`: old_code (unique), commune_code.
    current
        Codes of the current communes.

    Returns
    -------
    Carried
        The carried rows, and the codes that could not be.

    Examples
    --------
    >>> table = pd.DataFrame({"commune_code": ["12076", "12218", "97701"], "n": [3, 4, 5]})
    >>> history = pd.DataFrame({"old_code": ["12076"], "commune_code": ["12218"]})
    >>> carried, not_carried = carry_codes(table, history, ["12218"])
    >>> carried["commune_code"].tolist(), not_carried["code"].tolist()
    (['12218', '12218'], ['97701'])
    """
    codes = table["commune_code"]
    holder_of = history.set_index("old_code")["commune_code"]
    listed = list(current)
    now = codes.where(codes.isin(listed), codes.map(holder_of)).astype("str")
    lost = ~now.isin(listed)
    carried = table.loc[~lost].assign(commune_code=now[~lost])
    names = table.loc[lost, "name"] if "name" in table else pd.Series(pd.NA, index=table.index[lost], dtype="str")
    left = pd.DataFrame({"code": codes[lost], "name": names}).drop_duplicates("code")
    outside = left["code"].str.fullmatch(_COLLECTIVITY)
    reason = pd.Series(UNKNOWN_CODE, index=left.index, dtype="str").mask(outside, OUT_OF_SCOPE)
    not_carried = left.assign(reason=reason).astype({"code": "str", "name": "str"})
    return Carried(carried, not_carried.sort_values("code", ignore_index=True))


def sum_counts(table: pd.DataFrame, keys: Sequence[str], counts: Sequence[str]) -> pd.DataFrame:
    """Add up the counts of the rows that now share a key (inhabitants, structures: never a rate).

    Parameters
    ----------
    table
        A carried table.
    keys
        Columns of the key, `commune_code` among them.
    counts
        Columns to add up.

    Returns
    -------
    pandas.DataFrame
        The keys, sorted, and the sums; NaN only where every row that is added is NaN: a commune that did not exist in a
        year adds nothing to the one that holds it.
    """
    sums = table.groupby(list(keys), sort=True, observed=True)[list(counts)].sum(min_count=1)
    return sums.reset_index()
