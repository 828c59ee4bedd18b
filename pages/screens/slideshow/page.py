"""Présentation: saved views of the map shown to a room, one after the other, from the keyboard."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import LEVEL_LABELS, Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.notices import show_fault, show_notices
from pages.app.popover import show_popover
from pages.app.projects import projects_beside
from pages.app.session import change_view, current_view
from pages.app.sharing import address_of_map, address_of_page, show_qr
from pages.app.tables import load_gazetteer
from pages.app.view import VIEW_KEY
from pages.navigation import SCREENS
from pages.screens.simulator.drafts import PARAMETER
from pages.screens.simulator.state import known_codes
from pages.screens.slideshow.both import show_two_maps
from pages.screens.slideshow.data import slides_for, title_of
from pages.screens.slideshow.export import offer_powerpoint
from pages.screens.slideshow.own import show_projects
from pages.screens.slideshow.simulation import show_simulation
from pages.screens.slideshow.slide import show_slide
from pages.screens.slideshow.thumbnails import show_thumbnail
from pages.screens.slideshow.told import show_told_slide
from pages.widgets.exports.sheet import offer_file
from pages.widgets.saved_views.kept import change, current_views, join, keep_views, move, without
from pages.widgets.saved_views.views import (
    MAP_FIELDS,
    MAX_COMMENT,
    MAX_TITLE,
    MAX_VIEWS,
    SLIDE_KINDS,
    PresentationFileError,
    SavedView,
    read_views,
    write_views,
)
from pages.widgets.territory_picker import pick_territory
from pages.widgets.two_maps.choice import TwoMaps

EXAMPLE: Final = Territory("departement", "48")
STEP_KEY: Final = "presentation_step"
REFUSAL_KEY: Final = "presentation_refused"
NOTICES_KEY: Final = "presentation_notices"
FILE_NAME: Final = "maillage_presentation.json"
_SCREEN_OF: Final = {"deux_cartes": "two_maps", "simulation": "simulator"}
_PAGES: Final = {
    "deux_cartes": ("Cartes", "Voir les deux cartes"),
    "simulation": ("Essai", "Voir dans le simulateur"),
}
# The buttons of a presenter's remote are Page Up and Page Down.
KEYS: Final[Mapping[str, int]] = {"Right": 1, "Space": 1, "PageDown": 1, "Left": -1, "PageUp": -1}


def show_page() -> None:
    """Draw the page."""
    current_view()
    views = current_views()
    step = st.session_state.get(STEP_KEY)
    if views and step is not None:
        _present(views, min(step, len(views) - 1))
    else:
        _prepare(views)


def _present(views: tuple[SavedView, ...], step: int) -> None:
    # The keys have buttons of their own, out of sight: before the map is computed, and never disabled, so that a key
    # pressed while the page runs is not lost.
    with st.container(key="presentation_keys"):
        for key, by in KEYS.items():
            st.button(key, key=f"presentation_{key}", shortcut=key, on_click=_move, args=(by, len(views)))
        st.button("Esc", key="presentation_Esc", shortcut="Esc", on_click=_leave)
    shown = views[step]
    _show(shown, step, len(views))
    with st.container(key="presentation_bar", horizontal=True, gap="small"):
        _bar_button("previous", "Précédente", "arrow_back", partial(_move, -1, len(views)), disabled=step == 0)
        last = step == len(views) - 1
        _bar_button("next", "Suivante", "arrow_forward", partial(_move, 1, len(views)), disabled=last)
        if address := _address_of(shown):
            show = partial(show_qr, address, key="presentation_qr")
            show_popover("QR code", show, key="presentation_qr_open", icon=":material/qr_code_2:", type="tertiary")
        _bar_button("leave", "Quitter (Échap)", "close", _leave)


def _show(saved: SavedView, step: int, n_steps: int) -> None:
    slide = saved.slide
    match slide:
        case "" | "carte":
            show_slide(saved, step, n_steps)
        case "deux_cartes":
            show_two_maps(saved, saved.maps or TwoMaps(), step, n_steps)
        case "simulation":
            show_simulation(saved, step, n_steps)
        case "projets":
            show_projects(saved, step, n_steps)
        case _:
            show_told_slide(saved, slide, step, n_steps)


def _address_of(saved: SavedView) -> str:
    """Return where what a slide shows can be looked at; "" where another reader would not see it."""
    if saved.slide == "projets":
        return ""
    if saved.scenario:
        return address_of_page(SCREENS["simulator"].route, saved.view.to_query() | {PARAMETER: saved.scenario})
    if saved.maps is None:
        return address_of_map(saved.view)
    return address_of_page(SCREENS["two_maps"].route, saved.view.to_query() | saved.maps.to_query())


def _bar_button(name: str, label: str, icon: str, act: Callable[[], None], *, disabled: bool = False) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"presentation_{name}",
        type="tertiary",
        disabled=disabled,
        on_click=act,
    )


def _begin() -> None:
    st.session_state[STEP_KEY] = 0


def _move(by: int, n_steps: int) -> None:
    st.session_state[STEP_KEY] = min(max((st.session_state[STEP_KEY] or 0) + by, 0), n_steps - 1)


def _leave() -> None:
    st.session_state[STEP_KEY] = None


def _prepare(views: tuple[SavedView, ...]) -> None:
    st.title("Présentation", anchor=False)
    st.markdown(
        "Des vues de la carte, montrées en grand l’une après l’autre. "
        "Chacune s’ajoute depuis **Carte**, **Deux cartes** ou **Simulateur**, par « Ajouter à la présentation » ; "
        "les diapositives d’un territoire (cartes, chiffres clés, graphiques, projection, vos projets) s’ajoutent ici."
    )
    _offer_slides(views)
    powerpoint = _show_actions(views)
    if refusal := st.session_state.get(REFUSAL_KEY):
        show_fault(refusal, "Le fichier n’a pas été ouvert.")
    show_notices(st.session_state.get(NOTICES_KEY, []))
    gazetteer = load_gazetteer()
    if not views:
        st.info(
            "Aucune vue pour l’instant : ajoutez les diapositives d’un territoire ci-dessus, par exemple celles de "
            f"{gazetteer.name(EXAMPLE)}, ouvrez la carte, ou un fichier enregistré.",
            icon=":material/info:",
        )
        st.button(
            f"Essayer avec un exemple : {gazetteer.name(EXAMPLE)}",
            icon=":material/add_to_queue:",
            key="presentation_example",
            on_click=lambda: keep_views(slides_for(EXAMPLE)),
        )
        st.page_link(SCREENS["map"].file, label="Ouvrir la carte", icon=":material/map:")
        return
    titles = [title_of(saved) for saved in views]
    places = [_show_row(gazetteer, views, position, titles[position]) for position in range(len(views))]
    with powerpoint:
        offer_powerpoint(views, titles)
    for place, saved in zip(places, views, strict=True):  # pictures come last: the list is not kept waiting
        with place:
            show_thumbnail(saved)


def _offer_slides(views: tuple[SavedView, ...]) -> None:
    """Draw the choice of a territory whose slides are added: the same as those of its PowerPoint file."""
    gazetteer, territory = load_gazetteer(), st.session_state[VIEW_KEY].territoire
    with st.container(key="presentation_territory", horizontal=True, vertical_alignment="bottom"):
        with st.container(width=280):
            pick_territory(gazetteer, territory)
        st.button(
            "Ajouter ses diapositives",
            icon=":material/add_to_queue:",
            key="presentation_add_slides",
            disabled=len(views) >= MAX_VIEWS,
            on_click=lambda: keep_views(join(current_views(), slides_for(territory))),
        )
        offer_file(territory, "pptx", projects_beside(), key="presentation", label="Les mêmes en PowerPoint")


def _show_actions(views: tuple[SavedView, ...]) -> DeltaGenerator:
    """Draw what may be done with the list, and return the place of its PowerPoint file."""
    with st.container(key="presentation_actions", horizontal=True, vertical_alignment="center"):
        st.button(
            "Présenter",
            icon=":material/slideshow:",
            key="presentation_start",
            type="primary",
            disabled=not views,
            on_click=_begin,
        )
        st.download_button(
            "Enregistrer le fichier",
            lambda: write_views(views),
            file_name=FILE_NAME,
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key="presentation_save",
            disabled=not views,
        )
        powerpoint = st.container(width="content")
        with st.popover("Ouvrir un fichier", icon=":material/folder_open:"):
            opened = st.file_uploader(
                "Fichier enregistré (.json, 1 Mo au plus)", type="json", key="presentation_upload", max_upload_size=1
            )
        st.caption(
            "**→** ou **Espace** : vue suivante · **←** : précédente · **Échap** : quitter · **F11** : plein écran"
        )
    if opened is not None and opened.file_id != st.session_state.get("presentation_opened"):
        st.session_state["presentation_opened"] = opened.file_id
        _open(opened.getvalue())
        st.rerun()
    if opened is None:
        st.session_state.pop(REFUSAL_KEY, None)
        st.session_state.pop(NOTICES_KEY, None)
    return powerpoint


def _open(content: bytes) -> None:
    """Add the views of a file to the list, those already there left out; keep what has to be said of it."""
    levels = {name: indicator.levels for name, indicator in load_facts().indicators.items()}
    notices: list[str] = []
    refusal = ""
    try:
        views, notices = read_views(content, load_gazetteer(), levels, known_codes())
        wanted = len({*current_views(), *views})
        keep_views(join(current_views(), views))
        if wanted > MAX_VIEWS:
            notices.append(f"Une présentation a au plus {MAX_VIEWS} vues : les dernières du fichier sont laissées.")
    except PresentationFileError as error:
        refusal = str(error)
    st.session_state[REFUSAL_KEY], st.session_state[NOTICES_KEY] = refusal, notices


def _show_row(gazetteer: Gazetteer, views: tuple[SavedView, ...], position: int, shown: str) -> DeltaGenerator:
    """Draw what a slide is under its title, what may be done with it, and return the place of its picture."""
    saved = views[position]
    title_key, comment_key = f"presentation_title_{position}", f"presentation_comment_{position}"
    st.session_state[title_key], st.session_state[comment_key] = saved.title, saved.comment

    def rename() -> None:
        keep_views(change(views, position, st.session_state[title_key], st.session_state[comment_key]))

    with st.container(border=True, key=f"presentation_row_{position}"):
        picture, title, comment, actions = st.columns([2, 4, 5, 3])
        with title:
            st.text_input(
                f"Titre de la vue {position + 1}",
                key=title_key,
                max_chars=MAX_TITLE,
                placeholder=shown if saved.slide else None,
                on_change=rename,
            )
            st.caption(_describe(gazetteer, saved))
        with comment:
            st.text_area("Commentaire", key=comment_key, max_chars=MAX_COMMENT, on_change=rename, height=100)
        with actions, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _row_button("up", "arrow_upward", "Monter", position, partial(move, views, position, -1), off=position == 0)
            last = position == len(views) - 1
            _row_button("down", "arrow_downward", "Descendre", position, partial(move, views, position, 1), off=last)
            label, told = _PAGES.get(saved.slide, ("Carte", "Voir sur la carte"))
            icon = f":material/{SCREENS[_SCREEN_OF.get(saved.slide, 'map')].icon}:"
            if st.button(label, icon=icon, help=told, key=f"presentation_map_{position}"):
                _open_page(saved)
            _row_button("out", "delete", "Supprimer", position, partial(without, views, position))
    return picture


def _open_page(saved: SavedView) -> None:
    """Leave for the page that a slide was saved from, or the map of its territory."""
    change_view(**{name: value for name, value in vars(saved.view).items() if name in MAP_FIELDS})
    query = {PARAMETER: saved.scenario} if saved.scenario else saved.maps.to_full_query() if saved.maps else None
    st.switch_page(SCREENS[_SCREEN_OF.get(saved.slide, "map")].file, query_params=query)


def _row_button(name, icon, words, position, changed, *, off=False) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Draw a button that keeps the list changed."""
    st.button(
        words,
        icon=f":material/{icon}:",
        key=f"presentation_{name}_{position}",
        disabled=off,
        on_click=lambda: keep_views(changed()),
    )


def _describe(gazetteer: Gazetteer, saved: SavedView) -> str:
    view = saved.view
    where = gazetteer.label(view.selection or view.territoire)
    if saved.maps is not None:
        labels = dict.fromkeys(INDICATORS[side.indicateur].short_label for side in (saved.maps.a, saved.maps.b))
        return f"{SLIDE_KINDS[saved.slide]} · {' et '.join(labels)} · {where}"
    if saved.slide not in {"", "carte"}:
        return f"{SLIDE_KINDS[saved.slide]} · {gazetteer.label(view.territoire)}"
    return f"{INDICATORS[view.indicateur].label} · {where} · {LEVEL_LABELS[view.maille]}"
