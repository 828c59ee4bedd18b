"""The lists that a reader searches as they type: one or several of many options, found without accents.

Streamlit's own lists find "Hérault" by its accent only, and answer in English where nothing is found (its issues 15110
and 10380): they are left for the few options that nobody types (`filter_mode=None`). This one is called as
`st.selectbox` and `st.multiselect` are, and keeps its value in the session under the same key.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast

import streamlit as st

from pages.app.shell import script_of

_HERE: Final = Path(__file__).parent
_draw: Final = st.components.v2.component(
    "maillage_choice",
    html="<div class='choice'></div>",
    css=(_HERE / "choice.css").read_text("utf-8"),
    js=script_of("choice.js"),
)
_keep: Final = st.components.v2.component("maillage_memory", html="", js=(_HERE / "memory.js").read_text("utf-8"))
T = TypeVar("T")
PART: Final = "_list"
"""Ends the key of the component, which holds what was clicked; the key itself holds the value."""


class About(NamedTuple):
    """What an option says beside its name.

    Attributes
    ----------
    group
        Heading under which it stands; "" for none. Options of one group follow each other.
    detail
        Second line, smaller.
    words
        What finds it besides its name and its group.
    """

    group: str = ""
    detail: str = ""
    words: str = ""


def choose_one(
    label: str,
    options: Iterable[T],
    *,
    key: str,
    format_func: Callable[[T], str] = str,
    about: Callable[[T], About] = lambda _: About(),
    on_change: Callable[..., object] | None = None,
    args: Sequence[Any] = (),
    index: int | None = 0,
    placeholder: str = "Choisir",
    under: str = "",
    help: str | None = None,  # noqa: A002 - the name that Streamlit gives it
    disabled: bool = False,
    label_visibility: str = "visible",
) -> T:
    """Draw a list of which one option is chosen, and return it.

    Parameters
    ----------
    label, key, format_func, on_change, args, placeholder, help, disabled, label_visibility
        As `st.selectbox`; the value stands in the session under `key`, where it may be set before.
    options
        What can be chosen.
    about
        What each says beside its name.
    index
        Rank of the option chosen at first; None lets nothing be chosen.
    under
        Said under the list: what the choice is.

    Returns
    -------
    object
        The option chosen; None for none, where `index` is None or the list empty.
    """
    listed = list(options)
    first = None if index is None or not listed else listed[index]
    if key not in st.session_state or (st.session_state[key] not in listed and st.session_state[key] is not None):
        st.session_state[key] = first
    value: T | None = st.session_state[key]

    def take(ranks: list[int]) -> None:
        st.session_state[key] = listed[ranks[0]] if ranks else None

    _show(
        key, take, on_change, args,
        options=_describe(listed, format_func, about),
        chosen=[listed.index(value)] if value in listed else [],
        is_clearable=index is None,
        **_common(label, placeholder, help, label_visibility, is_disabled=disabled),
        under=under,
    )  # fmt: skip
    return cast("T", value)


def choose_many(
    label: str,
    options: Iterable[T],
    *,
    key: str,
    format_func: Callable[[T], str] = str,
    about: Callable[[T], About] = lambda _: About(),
    on_change: Callable[..., object] | None = None,
    args: Sequence[Any] = (),
    max_selections: int | None = None,
    placeholder: str = "Choisir",
    help: str | None = None,  # noqa: A002 - the name that Streamlit gives it
    disabled: bool = False,
) -> list[T]:
    """Draw a list of which several options are chosen, and return them in the order of the choice.

    See `choose_one`; `max_selections` is the most that can be chosen, None for all.
    """
    listed = list(options)
    value: list[T] = [option for option in st.session_state.get(key, []) if option in listed]
    st.session_state[key] = value

    def take(ranks: list[int]) -> None:
        st.session_state[key] = [listed[rank] for rank in ranks][:max_selections]

    _show(
        key, take, on_change, args,
        options=_describe(listed, format_func, about),
        chosen=[listed.index(option) for option in value],
        is_multiple=True,
        is_clearable=True,
        most=max_selections,
        **_common(label, placeholder, help, "visible", is_disabled=disabled),
    )  # fmt: skip
    return value


def ask_as_typed(
    label: str,
    answers: Sequence[T],
    *,
    key: str,
    text: str,
    format_func: Callable[[T], str],
    about: Callable[[T], About],
    on_type: Callable[[str], object],
    on_choose: Callable[[T], object],
    placeholder: str = "",
    note: str = "",
    has_focus: bool = False,
    memory: tuple[str, Callable[[object], object]] | None = None,
) -> None:
    """Draw a field whose answers the server gives while the reader types; arrows and Enter choose one of them.

    Parameters
    ----------
    label, placeholder
        Name of the field, and what it says while it is empty.
    answers, format_func, about
        What answers `text`, its names, and what each says beside.
    key
        Name of the field in the session.
    text
        What the answers answer.
    on_type, on_choose
        Called with what was typed, and with the answer chosen.
    note
        Said under the answers, or in their place.
    has_focus
        The field is ready to be typed in when it appears.
    memory
        Name of what the browser keeps between visits (`keep_in_browser`), and what is called with it, once a session.
    """
    listed = list(answers)

    def take(ranks: list[int]) -> None:
        on_choose(listed[ranks[0]])

    _show(
        key, take, None, (),
        options=_describe(listed, format_func, about),
        is_remote=True,
        text=text,
        note=note,
        has_focus=has_focus,
        on_type=on_type,
        memory=memory,
        **_common(label, placeholder, None, "visible", is_disabled=False),
    )  # fmt: skip


def keep_in_browser(name: str, kept: object) -> None:
    """Have the browser keep something (JSON) between visits, once it has said what it kept until then."""
    if st.session_state.get(f"{name}{PART}"):
        _keep(key=name, data={"name": name, "kept": kept})


def _common(
    label: str, placeholder: str, explained: str | None, label_visibility: str, *, is_disabled: bool
) -> dict[str, Any]:
    return {
        "label": label,
        "placeholder": placeholder,
        "help": explained or "",
        "is_hidden": label_visibility != "visible",
        "is_disabled": is_disabled,
    }


def _describe(
    options: Iterable[T], format_func: Callable[[T], str], about: Callable[[T], About]
) -> list[tuple[int, str, str, str, str]]:
    return [(rank, format_func(option), *about(option)) for rank, option in enumerate(options)]


def _show(
    key: str,
    take: Callable[[list[int]], None],
    on_change: Callable[..., object] | None,
    args: Sequence[Any],
    *,
    on_type: Callable[[str], object] | None = None,
    memory: tuple[str, Callable[[object], object]] | None = None,
    **data: Any,
) -> None:
    """Draw the component; what is clicked or typed is answered before the next run, as by any widget."""
    unsaid: dict[str, Any] = {
        "chosen": [], "is_multiple": False, "is_remote": False, "is_clearable": False, "most": None, "text": "",
        "note": "", "under": "", "has_focus": False, "memory": "",
    }  # fmt: skip
    name, on_recall = memory or ("", None)
    if not st.session_state.get(f"{name}{PART}"):
        data["memory"] = name
    _draw(
        key=f"{key}{PART}",
        data=unsaid | data,
        on_chosen_change=partial(_answer, key, take, [name for _, name, *_ in data["options"]], on_change, args),
        on_typed_change=partial(_answer_typed, key, on_type),
        on_recalled_change=partial(_answer_recalled, key, name, on_recall),
    )


def _answer(
    key: str,
    take: Callable[[list[int]], None],
    names: Sequence[str],
    on_change: Callable[..., object] | None,
    args: Sequence[Any],
) -> None:
    """Take what was clicked, by rank and name: the list may have changed since the browser drew it."""
    clicked = st.session_state[f"{key}{PART}"].chosen
    try:
        take([rank if (rank, name) in enumerate(names) else names.index(name) for rank, name in clicked])
    except (TypeError, ValueError):  # an answer to a list that is no more
        return
    if on_change is not None:
        on_change(*args)


def _answer_typed(key: str, on_type: Callable[[str], object] | None) -> None:
    text = st.session_state[f"{key}{PART}"].typed
    if on_type is not None and isinstance(text, str):
        on_type(text[:200])


def _answer_recalled(key: str, name: str, on_recall: Callable[[object], object] | None) -> None:
    st.session_state[f"{name}{PART}"] = True
    if on_recall is not None:
        on_recall(st.session_state[f"{key}{PART}"].recalled)
