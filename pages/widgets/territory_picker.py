"""The picker of a territory: search by name or postcode, or step down from France to the commune.

Below the department, each grouping of communes (EPCI, bassin de vie, aire d'attraction) has its own list.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from coverage.territories.gazetteer import FRANCE, LEVEL_LABELS, Gazetteer, Territory
from geo.commune_names import fold
from geo.levels import BELOW_DEPARTEMENT, GROUPINGS, LEVEL_NAMES, Level, code_column
from pages.app import places
from pages.app.notices import guard_against_missing_data
from pages.app.plain_text import plain
from pages.app.popover import is_in_sight
from pages.app.session import change_view
from pages.app.style import label_popover
from pages.app.territories import own_territories
from pages.navigation import SCREENS
from pages.widgets.choice import About, ask_as_typed, choose_one, keep_in_browser

MOST_OWN = 8
"""Saved territories listed at most; the others are on their page, or found by name."""
STEPS: tuple[Level, ...] = ("region", "departement", *GROUPINGS, "commune")
POPOVER_KEY = "picker"
CHOSEN_KEY = "picker_chosen"
N_LAST = 4


def pick_territory(gazetteer: Gazetteer, current: Territory, *, label: str = "Territoire") -> None:
    """Draw the picker; choosing changes the view's territory and selection, closes it, and reruns the page."""
    places.remember(current)
    label_popover(label)
    _draw_picker(gazetteer, current)


@st.fragment
@guard_against_missing_data()
def _draw_picker(gazetteer: Gazetteer, current: Territory) -> None:
    """Draw the popover; typing in it runs it alone."""
    if st.session_state.pop(CHOSEN_KEY, False):
        st.rerun()
    where = st.popover(
        gazetteer.label(current), icon=":material/location_on:", width="stretch", key=POPOVER_KEY, on_change="rerun"
    )
    with where:
        # The search alone is there before: by it the browser says which territories it has kept.
        ask_territory(gazetteer, "picker_search", _choose, around=current, has_focus=True)
        if is_in_sight(where, POPOVER_KEY):
            _offer_home(current)
            if not st.session_state.get("picker_search", "").strip():
                _show_steps(gazetteer, current)
                _show_own(gazetteer, own_territories())
            st.page_link(SCREENS["own_territory"].file, label="Mon territoire…", icon=":material/edit_location_alt:")
    keep_in_browser(places.MEMORY, places.to_memory())


def ask_territory(
    gazetteer: Gazetteer,
    key: str,
    on_choose: Callable[[Territory], object],
    *,
    around: Territory = FRANCE,
    label: str = "Rechercher",
    levels: Sequence[Level] | None = None,
    has_focus: bool = False,
) -> None:
    """Draw the search of a territory, which answers while the reader types.

    Parameters
    ----------
    gazetteer
        Names and search.
    key
        Name of the field in the session, where what was typed stands.
    on_choose
        Called with the territory chosen, before the next run.
    around
        Before anything is typed, what contains it is proposed, with the reader's own and last territories.
    label
        Name of the field.
    levels
        Levels that can be chosen; None for all.
    has_focus
        The field is ready to be typed in when it appears.
    """
    text: str = st.session_state.get(key, "")
    asked = text.strip()
    found, note = _answers(gazetteer, asked, levels) if asked else ([], "")
    told = {place: _tell(gazetteer, place, asked) for place in found}
    if not asked:
        told = {place: about for place, about in _proposed(gazetteer, around) if not levels or place.level in levels}

    def choose(place: Territory) -> None:
        st.session_state[key] = ""
        on_choose(place)

    def keep(typed: str) -> None:
        st.session_state[key] = typed

    ask_as_typed(
        label,
        list(told),
        key=key,
        text=text,
        format_func=gazetteer.label,
        about=told.__getitem__,
        on_type=keep,
        on_choose=choose,
        placeholder="Nom, code postal ou code INSEE",
        note=note,
        has_focus=has_focus,
        memory=(places.MEMORY, partial(places.recall, gazetteer)),
    )


def _answers(gazetteer: Gazetteer, text: str, levels: Sequence[Level] | None) -> tuple[list[Territory], str]:
    """Return the territories that a text may mean, and what is to be said of them."""

    def among(found: list[Territory]) -> list[Territory]:
        return [place for place in found if levels is None or place.level in levels][:12]

    saved = [own for own in own_territories() if f" {fold(text)}" in f" {fold(own.own.name)}"]
    if matches := among([*saved, *gazetteer.search(text, 12 if levels is None else 60)]):
        return matches, gazetteer.former(text)
    if near := among(gazetteer.resembling(text)):
        return near, f"Aucun territoire ne s’écrit « {text} » : voici les noms les plus proches."
    return [], (
        f"Aucun territoire ne répond à « {text} ». Essayez un autre nom ou un code postal à cinq chiffres ; "
        "une commune qui a disparu se trouve par son ancien code INSEE."
    )


def _tell(gazetteer: Gazetteer, place: Territory, text: str) -> About:
    above = [other for other in gazetteer.homes(place) if other != FRANCE]
    once = gazetteer.once(place, text)
    parts = [
        LEVEL_LABELS[place.level],
        *(gazetteer.name(other) for other in above[:1]),
        *([f"dont {once}"] if once else []),
    ]
    return About(detail=" · ".join(parts))


def _proposed(gazetteer: Gazetteer, around: Territory) -> list[tuple[Territory, About]]:
    """Return what is proposed before anything is typed: the reader's own, the last ones, what contains the current."""
    own = places.home()
    known = [place for place in ((own,) if own else ()) if place != around]
    latest = [place for place in places.last() if place not in {own, around}][:N_LAST]
    above = [place for place in (*gazetteer.containing(around),) if place not in {*known, *latest}]
    groups = {"Habituel": known, "Derniers regardés": latest, "Autour": above}
    return [
        (place, About(group, LEVEL_LABELS[place.level] if place != FRANCE else ""))
        for group, listed in groups.items()
        for place in listed
    ]


def _offer_home(current: Territory) -> None:
    if current == FRANCE:
        return
    is_home = places.home() == current
    st.button(
        "Ce n’est plus mon territoire habituel" if is_home else "En faire mon territoire habituel",
        icon=":material/home_pin:",
        key="picker_home",
        type="tertiary",
        help="Il sera proposé en premier ici, et gardé par ce navigateur.",
        on_click=places.settle,
        args=(None if is_home else current,),
    )


def _show_own(gazetteer: Gazetteer, saved: Sequence[Territory]) -> None:
    """List the reader's saved territories, the latest first."""
    for own in saved[:MOST_OWN]:
        st.button(
            f"**{plain(gazetteer.label(own))}** · {gazetteer.situation(own).partition(' · ')[0]}",
            key=f"own_{own.slug}",
            icon=":material/edit_location_alt:",
            on_click=_choose,
            args=(own,),
            type="tertiary",
        )


def _show_steps(gazetteer: Gazetteer, current: Territory) -> None:
    """Show one list a level, each limited to what lies in the one above."""
    chosen = {place.level: place for place in (current, *gazetteer.containing(current), *gazetteer.homes(current))}
    above = FRANCE
    for level in STEPS:
        if level in BELOW_DEPARTEMENT and above.level != "departement":
            break
        around = _grouping_of_lists(current, chosen) or above if level == "commune" else above
        rows = gazetteer.within(around, level).sort_values("name")
        options: list[Territory | None] = [None, *(Territory(level, code) for code in rows[code_column(level)])]
        key = f"picker_{level}"
        st.session_state[key] = chosen.get(level)
        if st.session_state[key] not in options:  # a grouping astride two departments is listed in its main one
            options.append(st.session_state[key])
        choose_one(
            LEVEL_LABELS[level],
            options,
            format_func=partial(_label, gazetteer, level),
            key=key,
            on_change=_step,
            args=(key, around),
        )
        if level not in GROUPINGS:
            above = chosen.get(level, above)


def _grouping_of_lists(current: Territory, chosen: Mapping[Level, Territory]) -> Territory | None:
    """Return the grouping whose communes are listed: the one chosen, or the EPCI of the commune chosen."""
    return current if current.level in GROUPINGS else chosen.get("epci")


def _label(gazetteer: Gazetteer, level: Level, option: Territory | None) -> str:
    return LEVEL_NAMES[level].every if option is None else gazetteer.label(option)


def _step(key: str, above: Territory) -> None:
    """Go to what a list holds; the lists stay in sight until a commune is chosen."""
    place = st.session_state[key] or above
    _change(place)
    st.session_state[POPOVER_KEY] = place.level != "commune"


def _choose(territory: Territory) -> None:
    _change(territory)
    st.session_state[POPOVER_KEY] = False


def _change(territory: Territory) -> None:
    change_view(territoire=territory, selection=territory if territory.level == "commune" else None)
    st.session_state[CHOSEN_KEY] = True
