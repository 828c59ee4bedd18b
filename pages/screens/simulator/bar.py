"""The bar of the scenarios: choose, name, begin, duplicate, remove, undo, redo, save to a file, open one."""

from typing import Final

import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.simulator.scenario_file import MAX_NAME, ScenarioFileError, read_scenario, write_scenario
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.notices import show_fault
from pages.screens.simulator.drafts import LONGEST_TOKEN, MOST_SCENARIOS, SERIES, Drafts
from pages.screens.simulator.state import CHOICE_KEY, change_drafts, current_drafts, known_codes
from pages.widgets.choice import choose_one
from pages.widgets.territory_picker import pick_territory

SERIES_LABELS: Final = {"apl_65_2023": "≤ 65 ans", "apl_2023": "Tous âges"}
FILE_NAME: Final = "maillage_scenario.json"


def show_bar(gazetteer: Gazetteer, drafts: Drafts, territory: Territory) -> None:
    """Draw the bar; each choice changes the drafts or the territory before the page runs again."""
    where, series, which, actions = st.columns([4, 4, 4, 8], vertical_alignment="bottom")
    with where:
        pick_territory(gazetteer, territory)
    with which:
        st.session_state[CHOICE_KEY] = drafts.scenario.name
        choose_one("Scénario", drafts.names, key=CHOICE_KEY, on_change=_choose)
    with series:
        _pick_series(drafts)
    with actions, st.container(key="simulator_actions", horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        _show_actions(drafts)
        _show_name_and_file(drafts)
    if not drafts.fits_address:
        st.info(
            f"Ce scénario est trop long pour l’adresse (plus de {LONGEST_TOKEN} caractères) : "
            "pour le partager, enregistrez-le avec « Gérer ».",
            icon=":material/link_off:",
        )


def _pick_series(drafts: Drafts) -> None:
    st.session_state["simulator_series"] = drafts.scenario.series
    st.segmented_control(
        "APL 2023, médecins",
        SERIES,
        format_func=SERIES_LABELS.__getitem__,
        key="simulator_series",
        required=True,
        on_change=lambda: change_drafts(current_drafts().with_series(st.session_state["simulator_series"])),
        help="« Tous âges » compte les médecins de plus de 65 ans : leur départ peut être simulé. « ≤ 65 ans » "
        f"est la série de référence de la DREES. {INDICATORS['apl_2023'].note}",
    )


def _show_actions(drafts: Drafts) -> None:
    draft = drafts.draft
    full = f"Au plus {MOST_SCENARIOS} scénarios." if drafts.is_full else None
    for key, icon, words, changed, disabled, why in (
        ("undo", "undo", "Annuler", drafts.undo, not draft.past, None),
        ("redo", "redo", "Rétablir", drafts.redo, not draft.future, None),
        ("begin", "add", "Nouveau", drafts.begin, drafts.is_full, full),
        ("duplicate", "content_copy", "Dupliquer", drafts.duplicate, drafts.is_full, full),
    ):
        st.button(
            words,
            icon=f":material/{icon}:",
            help=why,
            key=f"simulator_{key}",
            disabled=disabled,
            on_click=lambda changed=changed: change_drafts(changed()),
        )


def _show_name_and_file(drafts: Drafts) -> None:
    with st.popover("Gérer", icon=":material/folder_open:", key="simulator_file"):
        st.session_state["simulator_name"] = drafts.scenario.name
        st.text_input("Nom du scénario", key="simulator_name", max_chars=MAX_NAME, on_change=_rename)
        st.download_button(
            "Enregistrer le fichier",
            lambda: write_scenario(drafts.scenario),
            file_name=FILE_NAME,
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key="simulator_save",
            width="stretch",
        )
        opened = st.file_uploader(
            "Ouvrir un fichier enregistré (.json, 1 Mo au plus)",
            type="json",
            key="simulator_upload",
            max_upload_size=1,
        )
        st.button(
            "Supprimer ce scénario",
            icon=":material/delete:",
            key="simulator_remove",
            width="stretch",
            disabled=drafts.is_untouched,
            on_click=lambda: change_drafts(drafts.remove()),
        )
    if opened is not None and opened.file_id != st.session_state.get("simulator_opened"):
        st.session_state["simulator_opened"] = opened.file_id
        st.session_state["simulator_refused"] = _open(opened.getvalue())
        st.rerun()
    if opened is None:
        st.session_state.pop("simulator_refused", None)


def show_refusal() -> None:
    """Say why the file just given was not opened, where it was not."""
    if refusal := st.session_state.get("simulator_refused"):
        show_fault(refusal, "Le fichier n’a pas été ouvert.")


def _open(content: bytes) -> str:
    """Open a file beside the scenarios; return why it can't be, "" when it is."""
    try:
        scenario = read_scenario(content, known_codes())
    except ScenarioFileError as error:
        return str(error)
    change_drafts(current_drafts().opening(scenario))
    return ""


def _choose() -> None:
    change_drafts(current_drafts().choose(st.session_state[CHOICE_KEY]))


def _rename() -> None:
    change_drafts(current_drafts().rename(st.session_state["simulator_name"]))
