"""What the reader chooses: what each map shows, how both are looked at, what they have in common."""

from typing import Any, Final, get_args

import streamlit as st

from coverage.indicators.cards import INDICATORS, THEMES
from coverage.terms.site_dates import SITE_DATE_LABELS
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import DRAWN_LEVELS, LEVEL_NAMES, LEVELS
from pages.app.session import change_view
from pages.app.style import label_popover
from pages.app.view import VIEW_KEY, View
from pages.screens.two_maps.state import ADDRESS, LOOK_KEY, change, change_side, known_levels
from pages.widgets.choice import choose_one
from pages.widgets.horizon import choose_horizon
from pages.widgets.indicator_choice import choose_indicator
from pages.widgets.territory_picker import ask_territory, pick_territory
from pages.widgets.two_maps.choice import NO_SITES, SITES, Look, Side, SideName, TwoMaps
from pages.widgets.two_maps.sides import is_one_measure
from reports.figures.class_cuts import METHOD_LABELS

LOOKS: Final[dict[Look, str]] = {"cote": "Côte à côte", "rideau": "Rideau"}
LOOK_ICONS: Final[dict[Look, str]] = {"cote": ":material/splitscreen_right:", "rideau": ":material/compare:"}
SITE_LABELS: Final = {NO_SITES: "Aucune structure"} | {str(dates): label for dates, label in SITE_DATE_LABELS.items()}
OPEN_B: Final = "two_maps_territory_open"


def show_controls(gazetteer: Gazetteer, view: View, maps: TwoMaps) -> None:
    """Draw the choices of both maps, then what they have in common."""
    for name, place in zip(get_args(SideName), st.columns(2, gap="small"), strict=True):
        with place.container(border=True):
            _show_side(gazetteer, view, maps, name)
    if any(INDICATORS[side.indicateur].is_projected for side in (maps.a, maps.b)):
        choose_horizon()
    _show_common(maps)


def _show_side(gazetteer: Gazetteer, view: View, maps: TwoMaps, name: SideName) -> None:
    side: Side = getattr(maps, name)
    what, where = st.columns([3, 2])
    with what:
        _choose_indicator(name, side)
    with where:
        if name == "a":
            pick_territory(gazetteer, view.territoire, label="Territoire")
        else:
            label_popover("Territoire")
            _pick_second(gazetteer, view, maps)
    level, sites = st.columns([2, 3])
    with level:
        _bound(name, "maille", "Maille", _levels(side), lambda level: LEVEL_NAMES[level].choice)
    with sites:
        _bound(name, "structures", "MSP et CPTS, à quelle date", SITES, SITE_LABELS.__getitem__)


def _levels(side: Side) -> list[str]:
    return [level for level in DRAWN_LEVELS if level in INDICATORS[side.indicateur].levels]


def _choose_indicator(name: SideName, side: Side) -> None:
    key = f"two_maps_{name}_indicateur"
    st.session_state[key] = side.indicateur
    choose_indicator(
        f"Carte {name.upper()} : indicateur",
        sorted(known_levels(), key=lambda known: THEMES.index(INDICATORS[known].theme)),
        level=side.maille,
        key=key,
        says_choice=False,  # the legends say it
        on_change=_take,
        args=(name, "indicateur"),
    )


def _bound(name: SideName, field: str, label: str, options, format_func) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Draw a choice that shows a field of a side and changes it."""
    key = f"two_maps_{name}_{field}"
    st.session_state[key] = getattr(getattr(st.session_state[ADDRESS.key], name), field)
    choose_one(label, options, format_func=format_func, key=key, on_change=_take, args=(name, field))


def _take(name: SideName, field: str) -> None:
    value = st.session_state[f"two_maps_{name}_{field}"]
    if value is not None:
        change_side(name, **{field: value})


def _pick_second(gazetteer: Gazetteer, view: View, maps: TwoMaps) -> None:
    """Draw the territory of the second map: that of the first, unless another is asked for."""
    same = maps.territoire_b is None or maps.territoire_b == view.territoire
    current = view.territoire if maps.territoire_b is None else maps.territoire_b
    with st.popover(
        "Comme la carte A" if same else gazetteer.label(current),
        icon=":material/location_on:",
        width="stretch",
        key=OPEN_B,
        on_change="rerun",
        disabled=maps.vue == "rideau",
        help="Le rideau montre un même territoire des deux côtés." if maps.vue == "rideau" else None,
    ):
        ask_territory(
            gazetteer, "two_maps_search", _choose_second, around=current, levels=LEVELS, label="Rechercher pour B"
        )
        if not same:
            st.button(
                "Comme la carte A",
                icon=":material/link:",
                key="two_maps_same",
                type="tertiary",
                on_click=_choose_second,
                args=(None,),
            )


def _choose_second(territory: Territory | None) -> None:
    change(territoire_b=territory)
    st.session_state[OPEN_B] = False


def _show_common(maps: TwoMaps) -> None:
    look, scale, method, swap = st.columns([4, 4, 4, 3], vertical_alignment="center", gap="medium")
    with look:
        st.session_state[LOOK_KEY] = maps.vue
        st.segmented_control(
            "Les deux cartes",
            list(LOOKS),
            format_func=lambda look: f"{LOOK_ICONS[look]} {LOOKS[look]}",
            key=LOOK_KEY,
            required=True,
            label_visibility="collapsed",
            on_change=lambda: change(vue=st.session_state[LOOK_KEY]),
        )
    with scale:
        one = is_one_measure(maps)
        st.session_state["two_maps_scale"] = maps.echelle and one
        st.toggle(
            "Même échelle de couleurs",
            key="two_maps_scale",
            disabled=not one,
            on_change=lambda: change(echelle=st.session_state["two_maps_scale"]),
            help="Les classes sont découpées sur les deux cartes ensemble : une couleur y a le même sens."
            if one
            else "Les deux cartes ne montrent pas le même indicateur : leurs couleurs ne se comparent pas.",
        )
    with method:
        st.session_state["two_maps_method"] = st.session_state[VIEW_KEY].methode
        choose_one(
            "Découpage en classes",
            list(METHOD_LABELS),
            format_func=METHOD_LABELS.__getitem__,
            key="two_maps_method",
            label_visibility="collapsed",
            on_change=lambda: change_view(methode=st.session_state["two_maps_method"]),
        )
    with swap:
        st.button(
            "Échanger A et B",
            icon=":material/swap_horiz:",
            key="two_maps_swap",
            width="stretch",
            on_click=_swap,
            args=(maps,),
        )


def _swap(maps: TwoMaps) -> None:
    view: View = st.session_state[VIEW_KEY]
    changes: dict[str, Any] = {"a": maps.b, "b": maps.a}
    if maps.territoire_b is not None:
        change_view(territoire=maps.territoire_b)
        changes["territoire_b"] = view.territoire
    change(**changes)
