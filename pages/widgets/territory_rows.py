"""Tables whose rows are territories, a hundred at a time: the row marked is the territory chosen, wherever it was."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.territories.gazetteer import Territory
from geo.levels import Level
from pages.app.session import change_view
from reports.figures.numbers import UNKNOWN, format_number

ROWS: Final = 100
"""Rows drawn at a time: a table of 35 000 written ones would weigh tens of megabytes in the browser."""
IN_SIGHT: Final = 10
"""Rows of a table that show without scrolling."""
HEIGHT: Final = 420


def show_territories(
    name: str,
    level: Level,
    codes: pd.Index,
    chosen: str | None,
    write: Callable[[pd.Index], Any],
    heads: Mapping[str, Any],
    *,
    asked: Hashable,
    alt: str,
    pinned: str | None = None,
    height: int = HEIGHT,
) -> None:
    """Draw the table; a row that the reader marks is chosen in the view, before the next run draws anything.

    Parameters
    ----------
    name
        Name of the table in the session.
    level, codes
        The territories, in order.
    chosen
        Code of the one chosen in the view, marked and brought in sight; None for none of this level.
    write
        Gives the rows of some territories as `st.dataframe` takes them.
    heads
        What the columns are headed, as `column_config` of `st.dataframe`.
    asked
        What the list depends on: another opens at its first row.
    alt
        What a screen reader says of the table.
    pinned
        Code of the territory that stays on top of every page of rows; None for none.
    height
        Height at most, CSS pixels.
    """
    start = _first_row(f"{name}_start", asked, codes, None if chosen == pinned else chosen)
    shown = codes[start : start + ROWS]
    if pinned is not None:
        shown = pd.Index([pinned, *shown.drop(pinned, errors="ignore")])
    place = int(shown.get_loc(chosen)) if chosen in shown else None
    key = _table_key(name, shown, [] if place is None else [place])
    st.dataframe(
        write(shown),
        hide_index=True,
        height=min(height, 38 + 35 * len(shown)),
        column_config=heads,
        on_select=lambda: _take_row(name, key, shown, level),
        selection_mode="single-row",
        selection_default=None if place is None else {"selection": {"rows": [place]}},
        key=key,
        placeholder=UNKNOWN,
        alt=alt,
    )
    if len(codes) > ROWS:
        _turn_pages(name, start, len(codes))


def place_of(codes: pd.Index, code: str) -> int | None:
    """Return the place of a territory in a list; None where it is not there.

    Not by `Index.get_loc`, which gives each list a table of its 35 000 codes to keep: 4 MB, for one question.
    """
    found = np.flatnonzero(codes == code)
    return int(found[0]) if len(found) else None


def _first_row(key: str, asked: Hashable, codes: pd.Index, chosen: str | None) -> int:
    """Return the first row in sight: where the reader has gone, or where the chosen territory stands."""
    kept_for, start, seen = st.session_state.get(key, (None, 0, None))
    if kept_for != asked:
        start = 0
    if chosen is not None and (chosen != seen or kept_for is None) and (place := place_of(codes, chosen)) is not None:
        start = start if start <= place < start + IN_SIGHT else max(0, place - 2)
    st.session_state[key] = (asked, start, chosen)
    return start


def _table_key(name: str, shown: pd.Index, rows: list[int]) -> str:
    """Name the table so that its marked row is that of the view: another name where the view changed elsewhere."""
    content = hash(tuple(shown))
    kept, number = st.session_state.get(name, (None, 0))
    marked = st.session_state.get(f"{name}_{number}", {}).get("selection", {}).get("rows")
    if kept != content or list(marked or []) != rows:
        number += 1
    st.session_state[name] = (content, number)
    return f"{name}_{number}"


def _take_row(name: str, key: str, shown: pd.Index, level: Level) -> None:
    """Choose the territory of the row marked; a row unmarked chooses none."""
    rows: Sequence[int] = st.session_state[key]["selection"]["rows"]
    chosen = str(shown[rows[0]]) if rows else None
    asked, start, _ = st.session_state[f"{name}_start"]
    st.session_state[f"{name}_start"] = (asked, start, chosen)  # the rows stay where they are
    change_view(selection=None if chosen is None else Territory(level, chosen))


def _turn_pages(name: str, start: int, n_rows: int) -> None:
    asked, _, seen = st.session_state[f"{name}_start"]

    def go(to: int) -> None:
        st.session_state[f"{name}_start"] = (asked, to, seen)

    last = min(start + ROWS, n_rows)
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, to, at_end in (
            ("Précédentes", ":material/chevron_left:", max(0, start - ROWS), start == 0),
            ("Suivantes", ":material/chevron_right:", last, last == n_rows),
        ):
            st.button(label, icon=icon, key=f"{name}_{label}", disabled=at_end, on_click=go, args=(to,))
        st.caption(
            f"Lignes {format_number(start + 1)} à {format_number(last)} sur {format_number(n_rows)}. "
            "Un clic sur un en-tête trie ces lignes ; les fichiers ont toute la liste."
        )
