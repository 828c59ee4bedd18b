"""The reader's own list of CPTS: what to give, what was read of it, where it is complete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from coverage.cpts.perimeters import home_departements
from coverage.cpts.units import finest_units, in_finest_units
from coverage.terms.months import format_date
from coverage.territories.gazetteer import Gazetteer, Territory
from data.cpts.reading import CptsReading, read_cpts_file
from data.cpts.saved import CptsList
from data.errors import DataError
from data.projects.safety import LARGEST_FILE_BYTES
from pages.app.notices import show_fault, show_remarks
from pages.app.perimeters import drop_list, keep_list, own_list
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.app.tables import load_gazetteer, load_table, load_units
from pages.screens.cpts.opening import open_on_list
from pages.screens.cpts.state import choose
from pages.widgets.choice import choose_many
from pages.widgets.exports.studio import today
from reports.figures.french import count_of
from reports.figures.numbers import format_number, format_share
from reports.figures.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Collection

    from pages.app.perimeters import Perimeters

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


def explain_missing(gazetteer: Gazetteer, perimeters: Perimeters | None) -> None:
    """Say what is missing where no perimeter is known, where some are, and the two ways to have the others."""
    where = ""
    if perimeters is not None and perimeters.known_departements:
        known = name_departements(gazetteer, perimeters.known_departements)
        where = f" Ceux qui sont à portée de main ({perimeters.citation}) couvrent : {known}."
    st.info(
        "**Les périmètres des CPTS ne sont pas connus ici** : FINESS ne donne que le siège d’une CPTS, pas les "
        f"communes qu’elle couvre.{where} Deux moyens d’avoir ceux d’ici : chargez ci-dessous **votre liste** "
        "des communes de chaque CPTS ; ou la page **Mise à jour** apporte "
        "la couche nationale. Jusque-là, population couverte, zones blanches et financement par taille sont n.d.",
        icon=":material/info:",
    )


def offer_example(gazetteer: Gazetteer, perimeters: Perimeters | None) -> None:
    """Offer to look at a department whose perimeters are known, for what the page then shows."""
    if perimeters is None or not perimeters.known_departements:
        return
    population = gazetteer.communes.groupby("departement_code")["population"].sum()
    place = Territory("departement", str(population[sorted(perimeters.known_departements)].idxmax()))
    st.button(
        f"Voir un exemple réel : {gazetteer.name(place)}",
        icon=":material/visibility:",
        key="cpts_example",
        on_click=partial(change_view, territoire=place, selection=None),
    )


def offer_import(*, expanded: bool) -> None:
    """Draw the place where a reader gives a list, reads what was made of it and forgets it."""
    own = own_list()
    label = f"Ma liste de CPTS : {plain(own.name)}" if own else "Charger ma liste de CPTS"
    with st.expander(label, icon=":material/upload_file:", expanded=expanded):
        left, right = st.columns([6, 5], gap="medium")
        with left:
            st.file_uploader(
                "Liste des communes de chaque CPTS (CSV, XLSX ou ODS)",
                type=["csv", "txt", "tsv", "xlsx", "xlsm", "ods"],
                key=UPLOAD,
                max_upload_size=LARGEST_FILE_BYTES // 10**6,
                on_change=_read_upload,
                help="Une ligne par commune : la CPTS (nom ou identifiant) et la commune (code INSEE, ou nom et "
                "département). À Paris, Lyon et Marseille, le code de l’arrondissement quand la CPTS n’en a qu’une "
                "partie. Séparateur et encodage sont reconnus.",
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


def _read_upload(*, from_above: bool = False) -> None:
    """Read the file just given; what was there stays when it cannot be read."""
    upload = st.session_state[UPLOAD]
    st.session_state[READING] = None
    if upload is None:
        return
    communes = load_table("communes")
    history, departements = load_table("commune_history"), load_table("departements")
    try:
        reading = read_cpts_file(upload.getvalue(), upload.name, communes, history, departements, from_above=from_above)
    except DataError as error:
        st.session_state[READING] = error
        return
    # A list says nothing of the communes that it does not name, until its reader says where it is complete.
    where = keep_list(CptsList(reading.name, today(), (), reading.perimeters, reading.n_left))
    st.session_state[READING] = (reading, where, from_above)
    choose(cpts=None, commune=None, source=None)
    open_on_list()


def show_reading() -> None:
    """Say what was read of the file just given: how many lines were taken, and why the others were not."""
    if isinstance(error := st.session_state.get(READING), DataError):
        show_fault(error, "Ce fichier n’a pas été chargé, la liste en place n’a pas changé.")
    read = st.session_state.get(READING)
    if not isinstance(read, tuple):
        return
    reading, where, from_above = read
    assert isinstance(reading, CptsReading)  # noqa: S101 - what `_read_upload` keeps
    n_left = int((~reading.report["kept"].astype(bool)).sum())
    n_cpts = reading.perimeters["cpts_id"].nunique()
    said = (
        f"Lu de « {plain(reading.name)} » ({count_of(reading.n_rows, 'ligne')}) : **{format_number(n_cpts)} CPTS et "
        f"{count_of(reading.perimeters['commune_code'].nunique(), 'commune')}**. {plain(where)}"
    )
    told, button = st.columns([10, 2], vertical_alignment="center")
    told.success(said, icon=":material/check_circle:")
    button.button("Fermer", icon=":material/close:", key="cpts_close", on_click=_close_reading, width="stretch")
    if reading.n_nameless:
        _ask_from_above(reading, from_above=from_above)
    st.info(_ask_complete(reading), icon=":material/help:")
    if (own := own_list()) is not None:
        _pick_complete(own)
    show_remarks(reading.name, reading.remarks)
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


def _ask_from_above(reading: CptsReading, *, from_above: bool) -> None:
    """Ask what the lines without a CPTS are: a text does not tell a merged cell from a forgotten one."""
    n = reading.n_nameless
    many = n > 1
    told, button = st.columns([9, 3], vertical_alignment="center")
    if from_above:
        told.info(
            f"**{count_of(n, 'ligne')} sans CPTS** : celle du dessus est prise, ligne par ligne ci-dessous.",
            icon=":material/help:",
        )
        label = "Les laisser de côté" if many else "La laisser de côté"
    else:
        first = reading.report.loc[reading.report["reason"].str.startswith("CPTS absente ("), ["line", "reason"]].iloc[
            0
        ]
        told.warning(
            f"**{count_of(n, 'ligne')} n’{'ont' if many else 'a'} pas de CPTS** (ligne {first['line']} : "
            f"{plain(first['reason'].removeprefix('CPTS absente (').removesuffix(')'))}). Dans un CSV, rien ne "
            "distingue une case fusionnée d’une case oubliée : vous seul le savez.",
            icon=":material/help:",
        )
        label = "Prendre celle du dessus"
    button.button(
        label,
        key="cpts_from_above",
        on_click=_read_upload,
        kwargs={"from_above": not from_above},
        disabled=st.session_state.get(UPLOAD) is None,
        width="stretch",
    )


def _ask_complete(reading: CptsReading) -> str:
    """Ask where the list is complete, with what it covers of the departments of its CPTS."""
    gazetteer = load_gazetteer()
    units = load_units()
    homes = sorted(set(home_departements(reading.perimeters, units)))
    inside = finest_units(units[units["departement_code"].isin(homes)])
    people = inside.groupby("departement_code")["population"].sum()
    listed = in_finest_units(reading.perimeters, units)["unit_code"]
    named = inside[inside["unit_code"].isin(listed)]
    share = named.groupby("departement_code")["population"].sum() / people
    told = ", ".join(
        f"{gazetteer.label(Territory('departement', code))} {format_share(share[code])}" for code in homes[:N_SHOWN]
    )
    more = "…" if len(homes) > N_SHOWN else ""
    return (
        "**Cette liste ne dit rien des communes qu’elle ne nomme pas** : elles sont n.d., non en zone blanche. "
        f"Part de la population qu’elle couvre : {told}{more}. Là où elle est complète, dites-le "
        "ci-dessous."
    )


def _close_reading() -> None:
    st.session_state[READING] = None


def _show_own(own: CptsList) -> None:
    """Let the reader say where the list is complete, unless asked beside what was just read, or forget it."""
    where, button = st.columns([8, 3], vertical_alignment="bottom")
    if not isinstance(st.session_state.get(READING), tuple):
        with where:
            _pick_complete(own)
    with button:
        st.button("Oublier ma liste", icon=":material/delete:", key="cpts_forget", on_click=_forget, width="stretch")
    st.caption(f"Liste « {plain(own.name)} », lue le {format_date(own.read_on)}.")


def _pick_complete(own: CptsList) -> None:
    gazetteer = load_gazetteer()
    st.session_state[COMPLETE] = list(own.complete_in)
    choose_many(
        "Départements où cette liste est complète",
        list(gazetteer.departements["departement_code"]),
        format_func=lambda code: gazetteer.label(Territory("departement", code)),
        key=COMPLETE,
        on_change=_change_complete,
        placeholder="Aucun",
        help="Là, une commune dans aucune CPTS est une zone blanche ; ailleurs elle est n.d. Au départ : aucun, "
        "vous seul savez si la liste y est complète.",
    )


def _change_complete() -> None:
    own = own_list()
    if own is not None:
        complete = tuple(sorted(st.session_state[COMPLETE]))
        keep_list(CptsList(own.name, own.read_on, complete, own.perimeters, own.n_left))


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
