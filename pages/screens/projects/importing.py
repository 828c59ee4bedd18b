"""A reader's file on its way into the list: columns to confirm, what is wrong row by row, what the import does."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from data.errors import DataError
from data.projects.columns import guess_columns
from data.projects.fields import FIELDS
from data.projects.merging import MODES, merge
from data.projects.places import Places
from data.projects.reading import RawTable, read_file
from data.projects.row_cells import Remark
from data.projects.rows import CheckedRows, check_rows
from data.projects.safety import LARGEST_FILE_BYTES
from data.projects.template import write_corrections, write_template
from data.projects.written import written_table
from pages.app.notices import show_fault, show_remarks
from pages.app.plain_text import plain
from pages.app.projects import change_list, load_places, load_projects, note_seen, seen_revision
from reports.figures.french import count_of
from reports.figures.numbers import format_number

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IGNORED: Final = "— ne pas lire —"
DONE_KEY: Final = "projects_imported"
_ROUND_KEY: Final = "projects_import_round"
_CHECKED_KEY: Final = "projects_import_checked"
_MOST_SHOWN: Final = 500
_REFUSE: Final = "Refuser ces lignes"


def offer_template(*, primary: bool = False) -> None:
    """Draw the button that gives the workbook to fill in."""
    st.download_button(
        "Modèle à remplir (XLSX)",
        write_template,
        file_name="maillage_modele_projets.xlsx",
        mime=XLSX,
        icon=":material/description:",
        on_click="ignore",
        type="primary" if primary else "secondary",
        key="projects_template",
    )


def show_import(today: dt.date) -> bool:
    """Draw the import from the file to its confirmation; True once it has been made.

    Parameters
    ----------
    today
        Day of the check.
    """
    file = st.file_uploader(
        "Fichier de structures et de projets",
        type=["csv", "txt", "tsv", "xlsx", "xlsm", "ods", "geojson", "json", "umap"],
        max_upload_size=LARGEST_FILE_BYTES // 10**6,
        key=f"projects_file_{st.session_state.get(_ROUND_KEY, 0)}",
        help="CSV (séparateur et encodage reconnus), XLSX, ODS ou GeoJSON de points ; 20 Mo et 20 000 lignes au plus.",
    )
    if file is None:
        return False
    contents = file.getvalue()
    try:
        table = read_file(contents, file.name)
    except DataError as error:
        show_fault(error, "**Ce fichier n’a pas été lu ; votre liste n’a pas changé.**")
        return False
    show_remarks(table.name, table.remarks)
    mark = hashlib.sha256(contents).hexdigest()
    columns = _confirm_columns(table, mark)
    if columns is None:
        return False
    places = load_places()
    defaults = _choose_defaults(table, columns, places, today, mark)
    checked = _check(table, columns, places, today, defaults, mark)
    _show_report(table, columns, checked)
    return _confirm_import(table, checked, places)


def _confirm_columns(table: RawTable, mark: str) -> dict[str, int] | None:
    """Show what each column was taken for; give what the reader makes of it, None while it contradicts itself."""
    guessed = {at: name for name, at in guess_columns(table.header, table.rows[:200]).items()}
    known = len(guessed)
    where = f", feuille « {plain(table.sheet)} »" if table.sheet else ""
    labels = {name: field.label for name, field in FIELDS.items()}
    shown = pd.DataFrame(
        {
            "Colonne du fichier": table.header,
            "Contient": [labels.get(guessed.get(at, ""), IGNORED) for at in range(len(table.header))],
            "Exemples": [_examples(table, at) for at in range(len(table.header))],
        }
    )
    with st.expander(
        f"**{plain(table.name)}**{where} : {count_of(len(table.rows), 'ligne')}, "
        f"{count_of(known, 'colonne reconnue', 'colonnes reconnues')} sur {len(table.header)}. Vérifiez-les ou "
        "corrigez-les ici.",
        icon=":material/view_column:",
        expanded=known < len(table.header),
    ):
        chosen = st.data_editor(
            shown,
            hide_index=True,
            disabled=["Colonne du fichier", "Exemples"],
            column_config={
                "Contient": st.column_config.SelectboxColumn(
                    "Contient", options=[IGNORED, *labels.values()], required=True, width="medium"
                ),
                "Exemples": st.column_config.TextColumn("Exemples", width="large"),
            },
            key=f"projects_columns_{mark[:16]}",
            alt="Ce que contient chaque colonne du fichier",
        )
    names = {label: name for name, label in labels.items()}
    columns: dict[str, int] = {}
    for at, label in enumerate(chosen["Contient"]):
        if label not in names:
            continue
        if names[label] in columns:
            st.warning(f"Deux colonnes sont données pour « {label} » : gardez-en une.", icon=":material/view_column:")
            return None
        columns[names[label]] = at
    return columns


def _examples(table: RawTable, at: int) -> str:
    seen = dict.fromkeys(row[at] for row in table.rows[:200] if row[at])
    return " · ".join(text[:40] for text in list(seen)[:3])


def _choose_defaults(
    table: RawTable, columns: Mapping[str, int], places: Places, today: dt.date, mark: str
) -> dict[str, str]:
    """Ask what the rows that do not tell their stage or type are, when there are any; to refuse them is the default."""
    bare = _check(table, columns, places, today, {}, mark)
    silent = {
        name: len({fault.row for fault in bare.faults if fault.field == name and not fault.found})
        for name in ("structure_type", "stage")
    }
    if not any(silent.values()):
        return {}
    chosen = {
        name: _choose_default(column, name, silent[name], mark)
        for column, name in zip(st.columns(2), silent, strict=True)
        if silent[name]
    }
    return {name: key for name, key in chosen.items() if key}


def _choose_default(column: DeltaGenerator, name: str, n_silent: int, mark: str) -> str:
    options = STRUCTURE_TYPES if name == "structure_type" else STAGES
    unsaid = "non dit" if name == "structure_type" else "non dite"
    chosen: str = column.selectbox(
        f"{FIELDS[name].label} {unsaid} sur {n_silent} ligne{'s' if n_silent > 1 else ''}",
        ["", *options],
        format_func=lambda key: options.get(key, _REFUSE),
        key=f"projects_default_{name}_{mark[:16]}",
        filter_mode=None,
    )
    return chosen


def _check(
    table: RawTable,
    columns: Mapping[str, int],
    places: Places,
    today: dt.date,
    defaults: Mapping[str, str],
    mark: str,
) -> CheckedRows:
    """Check the rows, once for the same file and choices in this session."""
    asked = (mark, tuple(sorted(columns.items())), today, tuple(sorted(defaults.items())))
    kept: dict[object, CheckedRows] = st.session_state.setdefault(_CHECKED_KEY, {})
    if asked not in kept:
        if len(kept) > 3:  # noqa: PLR2004 - the two checks of the file at hand, and what was just tried
            kept.clear()
        with st.spinner("Vérification ligne à ligne…"):
            kept[asked] = check_rows(table, columns, places, today=today, defaults=defaults)
    return kept[asked]


def _show_report(table: RawTable, columns: Mapping[str, int], checked: CheckedRows) -> None:
    good = checked.n_rows - checked.n_wrong
    with st.container(horizontal=True):
        st.metric("Lignes bonnes", format_number(good), width="content")
        st.metric("Lignes à corriger", format_number(checked.n_wrong), width="content")
        st.metric(
            "Lignes complétées ou réparées", format_number(len({r.row for r in checked.remarks})), width="content"
        )
    if checked.faults:
        st.markdown("**Ce qui ne va pas.** Ces lignes ne seront pas chargées ; les autres, si.")
        st.dataframe(remark_table(checked.faults), hide_index=True, alt="Lignes à corriger", **_wide_reason())
        if len(checked.faults) > _MOST_SHOWN:
            st.caption(f"Les {_MOST_SHOWN} premières ; le fichier corrigé les contient toutes.")
        st.download_button(
            "Mon fichier, avec ce qui est à corriger (XLSX)",
            lambda: write_corrections(table, checked, columns),
            file_name="maillage_projets_a_corriger.xlsx",
            mime=XLSX,
            icon=":material/edit_note:",
            on_click="ignore",
            key="projects_corrections",
            help="Votre fichier, les cases fautives en rouge et une colonne « À corriger ». Corrigez, puis "
            "réimportez-le avec « Mettre à jour » : rien ne sera doublé.",
        )
    if checked.remarks:
        with st.expander(f"Ce qui a été réparé, complété ou mis de côté ({len(checked.remarks)})"):
            st.dataframe(remark_table(checked.remarks), hide_index=True, alt="Lignes réparées", **_wide_reason())


def remark_table(remarks: tuple[Remark, ...]) -> pd.DataFrame:
    """Write faults or remarks as the reader sees them."""
    return pd.DataFrame(
        [
            {"Ligne": said.line, "Colonne": FIELDS[said.field].label, "Trouvé": said.found or "(vide)",
             "Pourquoi": said.reason}
            for said in remarks[:_MOST_SHOWN]
        ]
    )  # fmt: skip


def _wide_reason() -> dict[str, Any]:
    return {
        "column_config": {
            "Ligne": st.column_config.NumberColumn("Ligne", width=60),
            "Colonne": st.column_config.TextColumn("Colonne", width=130),
            "Trouvé": st.column_config.TextColumn("Trouvé", width=160),
            "Pourquoi": st.column_config.TextColumn("Pourquoi", width=700),
        }
    }


def _confirm_import(table: RawTable, checked: CheckedRows, places: Places) -> bool:
    n_good = len(checked.projects)
    if not n_good:
        st.info("Aucune ligne ne peut être chargée : votre liste n’a pas changé.", icon=":material/info:")
        return False
    with st.expander(f"Aperçu : {count_of(n_good, 'projet')} à charger"):
        preview = written_table(checked.projects.head(100), places.names).dropna(axis="columns", how="all")
        st.dataframe(preview, hide_index=True, alt="Aperçu", column_config=day_columns(preview))
    mode = "add"
    if len(load_projects()):
        mode = st.radio("Que faire de la liste actuelle ?", list(MODES), format_func=MODES.__getitem__,
                        key="projects_mode")  # fmt: skip
    if not st.button(
        f"Charger {format_number(n_good)} projet{'s' if n_good > 1 else ''}",
        type="primary",
        icon=":material/upload:",
        key="projects_confirm",
    ):
        return False
    try:
        difference = change_list(
            lambda current: merge(current, checked.projects, mode, checked.given),
            action=f"Import de {table.name}",
            expected=None if mode == "add" else seen_revision(),
        )
    except DataError as error:
        show_fault(error, "**L’import n’a pas été fait.**")
        note_seen()
        return False
    st.session_state[DONE_KEY] = (
        f"Import fait : {difference.n_added} ajoutés, {difference.n_changed} modifiés, {difference.n_removed} retirés."
        if difference
        else "Le fichier n’apporte rien de nouveau : votre liste n’a pas changé."
    )
    st.session_state[_ROUND_KEY] = st.session_state.get(_ROUND_KEY, 0) + 1
    st.session_state.pop(_CHECKED_KEY, None)
    return True


def day_columns(table: pd.DataFrame) -> dict[str, Any]:
    """Write the days of a table as the French do."""
    return {
        name: st.column_config.DateColumn(name, format="DD/MM/YYYY")
        for name in table.columns
        if pd.api.types.is_datetime64_any_dtype(table[name])
    }
