"""The reader's own list of CPTS: what to give, what was read of it, where it is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from coverage.cpts import home_departements
from coverage.gazetteer import Gazetteer, Territory
from data.cpts_file import CptsReading, read_cpts_file
from data.cpts_saved import CptsList
from data.errors import DataError
from data.projects.safety import LARGEST_FILE_BYTES
from pages.parts.cpts_lists import drop_list, keep_list, own_list, sync_source_id
from pages.parts.cpts_state import choose
from pages.parts.exports_studio import today
from pages.parts.numbers import format_date, format_number
from pages.parts.tables import load_gazetteer, load_table
from reports.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Collection

READING: Final = "cpts_reading"
UPLOAD: Final = "cpts_upload"
COMPLETE: Final = "cpts_complete"
N_SHOWN: Final = 12
EXAMPLE: Final = pd.DataFrame(
    {
        "CPTS": ["CPTS du Nord", "CPTS du Nord", "CPTS du Sud"],
        "Code commune": ["48095", "48092", "48061"],
        "Commune": ["Mende", "Marvejols", "Florac Trois Rivières"],
        "Département": ["48", "48", "48"],
    }
)


def explain_missing() -> None:
    """Say what is missing where no perimeter is loaded, and the two ways to have it."""
    st.info(
        "**Les périmètres des CPTS ne sont pas chargés** : FINESS ne donne que le siège d’une CPTS, pas les communes "
        "qu’elle couvre. Deux moyens de les avoir : la page **Mise à jour** (ou la commande "
        f"`python -m data sync {sync_source_id()}`) apporte les périmètres publiés ; ou chargez ci-dessous "
        "**votre liste** des communes de chaque CPTS. Jusque-là, population couverte, zones blanches et financement "
        "par taille sont n.d.",
        icon=":material/info:",
    )


def offer_import(*, expanded: bool) -> None:
    """Draw the place where a reader gives a list, reads what was made of it and forgets it."""
    own = own_list()
    label = f"Ma liste de CPTS : {own.name}" if own else "Charger ma liste de CPTS"
    with st.expander(label, icon=":material/upload_file:", expanded=expanded):
        left, right = st.columns([6, 5], gap="medium")
        with left:
            st.file_uploader(
                "Liste des communes de chaque CPTS (CSV ou XLSX)",
                type=["csv", "txt", "tsv", "xlsx"],
                key=UPLOAD,
                max_upload_size=LARGEST_FILE_BYTES // 10**6,
                on_change=_read_upload,
                help="Une ligne par commune : la CPTS (nom ou identifiant) et la commune (code INSEE, ou nom et "
                "département). Séparateur et encodage sont reconnus.",
            )
        with right:
            st.caption("Une ligne par commune d’une CPTS ; les colonnes sont reconnues à leur titre :")
            st.dataframe(EXAMPLE, hide_index=True, alt="Exemple de liste de CPTS")
            st.download_button(
                "Modèle CSV",
                lambda: write_csv(EXAMPLE),
                file_name="maillage_modele_cpts.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="cpts_template",
            )
        if own is not None:
            _show_own(own)


def _read_upload() -> None:
    """Read the file just given; what was there stays when it cannot be read."""
    upload = st.session_state[UPLOAD]
    st.session_state[READING] = None
    if upload is None:
        return
    communes = load_table("communes")
    try:
        reading = read_cpts_file(
            upload.getvalue(), upload.name, communes, load_table("commune_history"), load_table("departements")
        )
    except DataError as error:
        st.session_state[READING] = error
        return
    complete = tuple(sorted(set(home_departements(reading.perimeters, communes))))
    where = keep_list(CptsList(reading.name, today(), complete, reading.perimeters))
    st.session_state[READING] = (reading, where)
    choose(cpts=None, commune=None, source=None)


def show_reading() -> None:
    """Say what was read of the file just given: how many lines were taken, and why the others were not."""
    if isinstance(error := st.session_state.get(READING), DataError):
        st.error(f"Ce fichier n’a pas été chargé, la liste en place n’a pas changé. {error}", icon=":material/error:")
    read = st.session_state.get(READING)
    if not isinstance(read, tuple):
        return
    reading, where = read
    assert isinstance(reading, CptsReading)  # noqa: S101 - what `_read_upload` keeps
    n_left = int((~reading.report["kept"].astype(bool)).sum())
    n_cpts = reading.perimeters["cpts_id"].nunique()
    said = (
        f"**{format_number(n_cpts)} CPTS et {format_number(reading.perimeters['commune_code'].nunique())} communes** "
        f"lues de « {reading.name} » ({format_number(reading.n_rows)} lignes). {where}"
    )
    told, button = st.columns([10, 2], vertical_alignment="center")
    told.success(said, icon=":material/check_circle:")
    button.button("Fermer", icon=":material/close:", key="cpts_close", on_click=_close_reading, width="stretch")
    if reading.report.empty:
        return
    printed = reading.report.rename(
        columns={"line": "Ligne", "cpts": "CPTS", "commune": "Commune", "kept": "Prise", "reason": "Ce qui a été vu"}
    ).assign(Prise=["oui" if kept else "non" for kept in reading.report["kept"]])
    st.markdown(
        f"**{format_number(n_left)} ligne{'s' if n_left > 1 else ''} laissée{'s' if n_left > 1 else ''} de côté**, "
        f"{format_number(len(printed) - n_left)} prise{'s' if len(printed) - n_left > 1 else ''} avec une remarque."
    )
    st.dataframe(printed, hide_index=True, height=min(35 * (len(printed) + 1) + 3, 320), alt="Lignes à vérifier")
    st.download_button(
        "Lignes à vérifier (CSV)",
        lambda: write_csv(printed),
        file_name="maillage_cpts_lignes_a_verifier.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="cpts_report",
    )


def _close_reading() -> None:
    st.session_state[READING] = None


def _show_own(own: CptsList) -> None:
    """Let the reader say where the list is complete, or forget it."""
    gazetteer = load_gazetteer()
    st.session_state[COMPLETE] = list(own.complete_in)
    where, button = st.columns([8, 3], vertical_alignment="bottom")
    with where:
        st.multiselect(
            "Départements où cette liste est complète",
            list(gazetteer.departements["departement_code"]),
            format_func=lambda code: gazetteer.label(Territory("departement", code)),
            key=COMPLETE,
            on_change=_change_complete,
            placeholder="Aucun",
            help="Là, une commune dans aucune CPTS est une zone blanche ; ailleurs elle est n.d. Au départ : les "
            "départements où vit la plus grande part d’une CPTS de la liste.",
        )
    with button:
        st.button("Oublier ma liste", icon=":material/delete:", key="cpts_forget", on_click=_forget, width="stretch")
    st.caption(f"Liste « {own.name} », lue le {format_date(own.read_on)}.")


def _change_complete() -> None:
    own = own_list()
    if own is not None:
        complete = tuple(sorted(st.session_state[COMPLETE]))
        keep_list(CptsList(own.name, own.read_on, complete, own.perimeters))


def _forget() -> None:
    st.session_state[READING] = None
    drop_list()
    choose(cpts=None, commune=None, source=None)


def name_departements(gazetteer: Gazetteer, codes: Collection[str]) -> str:
    """Write departments in a sentence, a whole region by its name: "Occitanie", "Gers (32), Lozère (48)"."""
    by_region = gazetteer.departements.groupby("region_code")["departement_code"].agg(set)
    whole = [region for region, inside in by_region.items() if inside <= set(codes)]
    left = sorted(set(codes) - set().union(*by_region[whole]))
    names = [gazetteer.name(Territory("region", region)) for region in whole]
    names += [gazetteer.label(Territory("departement", code)) for code in left]
    return f"{len(codes)} départements" if len(names) > N_SHOWN else ", ".join(names)
