"""The ways to bring communes together: a list, a file, minutes around a commune, a zone, a CPTS, another territory."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from coverage.territories.gazetteer import LEVEL_LABELS, Territory
from data.errors import DataError
from data.projects.safety import LARGEST_FILE_BYTES
from data.territories.reading import TerritoryReading, read_territory_file, read_text
from geo.shapes.drawn_zone import is_inside
from pages.app.notices import show_fault, show_remarks
from pages.app.perimeters import ORIGIN_LABELS, available
from pages.app.plain_text import plain
from pages.app.projects import load_places
from pages.app.tables import load_gazetteer, load_table
from pages.app.territories import current_draft, keep_draft, own_territories
from pages.app.travel_times import load_reach
from pages.widgets.choice import choose_one
from reports.figures.french import count_of
from reports.figures.numbers import format_number
from reports.figures.tables import write_csv

Communes = frozenset[str]
WAY_KEY: Final = "own_way"
UPLOAD_KEY: Final = "own_file"
ZONE_KEY: Final = "own_zone"
"""Corners of the zone drawn on the map (`geo.shapes.drawn_zone`), until its communes are taken or left."""
DRAWN: Final = "Zone dessinée"
_READ_KEY: Final = "own_file_read"
_MINUTES: Final = (5, 10, 15, 20, 25, 30)
_HEADS: Final = {
    "line": "Ligne", "written": "Écrit", "commune": "Commune retenue", "kept": "Prise", "reason": "Ce qui a été vu",
}  # fmt: skip


def show_ways(near: Territory | None) -> None:
    """Draw the choice of a way, what it gives, and what to do with it.

    Parameters
    ----------
    near
        The territory that the reader comes from; None for France.
    """
    ways: Mapping[str, Callable[[], tuple[str, Communes]]] = {
        "Coller une liste": _paste,
        "Fichier": _read_file,
        "Autour d’une commune": lambda: _around(near),
        DRAWN: _of_zone,
        "CPTS": _of_cpts,
        "Autre territoire": lambda: _of_territory(near),
    }
    chosen = st.pills(
        "Réunir des communes", list(ways), default="Coller une liste", required=True, key=WAY_KEY, wrap=True
    )
    name, communes = ways[chosen or "Coller une liste"]()
    _offer(name, communes)


def _paste() -> tuple[str, Communes]:
    text = st.text_area(
        "Codes, noms ou codes postaux",
        key="own_paste",
        height=200,
        placeholder="Un par ligne, ou séparés par des virgules :\n48095\nFlorac Trois Rivières\nLangogne, Lozère",
        help="Codes INSEE de n’importe quelle année, communes déléguées et arrondissements compris ; accents, "
        "majuscules et tirets sont sans importance.",
    )
    if not text.strip():
        return "", frozenset()
    try:
        reading = read_text(text, load_places())
    except DataError as error:
        show_fault(error)
        return "", frozenset()
    _show_reading(reading)
    return "", reading.communes


def _read_file() -> tuple[str, Communes]:
    st.file_uploader(
        "Liste de communes (CSV, XLSX ou ODS), ou territoire téléchargé ici",
        type=["csv", "txt", "tsv", "xlsx", "xlsm", "ods"],
        key=UPLOAD_KEY,
        max_upload_size=LARGEST_FILE_BYTES // 10**6,
        on_change=_take_file,
        help="Une commune par ligne, dans une colonne « Code commune », « Commune » ou « Code postal ».",
    )
    read: TerritoryReading | DataError | None = st.session_state.get(_READ_KEY)
    if isinstance(read, DataError):
        show_fault(read, "Ce fichier n’a pas été lu, votre territoire n’a pas changé.")
    if not isinstance(read, TerritoryReading):
        return "", frozenset()
    show_remarks("votre fichier", read.remarks)
    _show_reading(read)
    return read.name, read.communes


def _take_file() -> None:
    upload = st.session_state[UPLOAD_KEY]
    st.session_state[_READ_KEY] = None
    if upload is None:
        return
    try:
        st.session_state[_READ_KEY] = read_territory_file(upload.getvalue(), upload.name, load_places())
    except DataError as error:
        st.session_state[_READ_KEY] = error


def _around(near: Territory | None) -> tuple[str, Communes]:
    gazetteer = load_gazetteer()
    known = gazetteer.label(near) if near is not None and near.level == "commune" else ""
    st.session_state.setdefault("own_around_text", known)
    text = st.text_input("Commune", key="own_around_text", placeholder="Nom ou code INSEE", icon=":material/search:")
    found = [match for match in gazetteer.search(text) if match.level == "commune"] if text else []
    if not found:
        if text:
            st.info(f"Aucune commune ne répond à « {plain(text)} ».")
        return "", frozenset()
    centre = found[0]
    if len(found) > 1:
        centre = st.selectbox("Laquelle", found, format_func=gazetteer.label, filter_mode=None)
    limit = st.select_slider("À moins de (minutes de trajet)", _MINUTES, value=15, key="own_minutes")
    st.caption("Temps de trajet entre mairies : estimés, sauf si l’installation en a reçu de mesurés.")
    name = f"{limit} minutes autour de {gazetteer.bare_name(centre)}"
    return name, frozenset(load_reach(centre.code).reached_zone(limit))


def _of_zone() -> tuple[str, Communes]:
    corners = st.session_state.get(ZONE_KEY)
    if not corners:
        st.info("Sur la carte, « Dessiner une zone » : un clic par coin, un double-clic pour finir.")
        return "", frozenset()
    communes = load_gazetteer().communes
    inside = is_inside(corners, communes["longitude"], communes["latitude"])
    if not inside.any():
        st.info("Aucune mairie n’est dans cette zone : dessinez-la plus grande.")
    else:
        st.caption("Une commune est dans la zone quand sa mairie y est.")
    return "", frozenset(communes.loc[inside, "commune_code"])


def _of_cpts() -> tuple[str, Communes]:
    names = {
        (origin, str(code)): str(name)
        for origin, perimeters in available().items()
        for code, name in perimeters.table.drop_duplicates("cpts_id")[["cpts_id", "name"]].itertuples(index=False)
    }
    if not names:
        st.info("Aucun périmètre de CPTS n’est chargé : la page CPTS lit votre liste.")
        return "", frozenset()
    options = sorted(names, key=lambda one: (one[0] != "liste", names[one]))
    choose_one(
        "CPTS",
        options,
        index=None,
        format_func=lambda one: f"{names[one]} ({ORIGIN_LABELS[one[0]].lower()})",
        placeholder="Choisir une CPTS",
        key="own_cpts",
    )
    chosen = st.session_state["own_cpts"]
    if chosen is None:
        return "", frozenset()
    table = available()[chosen[0]].table
    st.caption("Une commune dont la CPTS n’a qu’un arrondissement est prise en entier.")
    return names[chosen], frozenset(table.loc[table["cpts_id"] == chosen[1], "commune_code"])


def _of_territory(near: Territory | None) -> tuple[str, Communes]:
    gazetteer = load_gazetteer()
    text = st.text_input(
        "Territoire", key="own_other_text", placeholder="Nom d’un territoire, ou rien pour les vôtres",
        icon=":material/search:",
    )  # fmt: skip
    found = gazetteer.search(text) if text else [*own_territories(), *([near] if near is not None else [])]
    if not found:
        st.info(f"Aucun territoire ne répond à « {plain(text)} »." if text else "Cherchez un territoire par son nom.")
        return "", frozenset()
    chosen = st.selectbox(
        "Lequel", found, format_func=lambda one: f"{gazetteer.label(one)} · {LEVEL_LABELS[one.level]}", filter_mode=None
    )
    codes = gazetteer.communes.loc[gazetteer.mask(chosen), "commune_code"]
    return gazetteer.bare_name(chosen), frozenset(codes)


def _show_reading(reading: TerritoryReading) -> None:
    """Say how many communes were recognised, and line by line what was not."""
    n_found = len(reading.communes)
    said = f"**{count_of(n_found, 'commune')} reconnue{'s' if n_found > 1 else ''}**" if n_found else "Aucune commune"
    if reading.n_left:
        many = "s" if reading.n_left > 1 else ""
        st.warning(
            f"{said} ; **{format_number(reading.n_left)} ligne{many} non reconnue{many}**, ci-dessous.",
            icon=":material/help:",
        )
    elif n_found:
        st.success(f"{said}.", icon=":material/check_circle:")
    else:
        st.info("Aucune commune dans ce texte.")
    if reading.report.empty:
        return
    ordered = reading.report.sort_values(["kept", "line"], kind="stable").rename(columns=_HEADS)
    printed = ordered.assign(Prise=["oui" if kept else "non" for kept in ordered["Prise"]])
    st.dataframe(printed, hide_index=True, height=min(35 * (len(printed) + 1) + 3, 250), alt="Lignes à vérifier")
    st.download_button(
        "Lignes à vérifier (CSV)",
        lambda: write_csv(printed),
        file_name="maillage_territoire_lignes_a_verifier.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="own_report",
    )


def _offer(name: str, communes: Communes) -> None:
    """Draw what can be done with the communes found: the draft takes them, loses them, or keeps only them."""
    draft = current_draft()
    new, common = communes - draft.communes, communes & draft.communes
    with st.container(horizontal=True):
        for label, icon, wanted, count in (
            ("Ajouter", ":material/add:", draft.communes | communes, len(new)),
            ("Retirer", ":material/remove:", draft.communes - communes, len(common)),
            ("Ne garder que", ":material/filter_alt:", common, len(common)),
        ):
            st.button(
                f"{label} ({format_number(count)})",
                icon=icon,
                key=f"own_do_{label}",
                type="primary" if label == "Ajouter" else "secondary",
                disabled=not count or wanted == draft.communes,
                on_click=_change,
                args=(wanted, name),
            )
    if communes and not new:
        st.caption("Ces communes sont déjà dans votre territoire.")
    people = load_table("communes").set_index("commune_code")["population"]
    if communes:
        chosen = people.reindex(sorted(communes))
        st.caption(f"{count_of(len(communes), 'commune')}, {format_number(float(chosen.sum()))} habitants.")


def _change(communes: Communes, name: str) -> None:
    draft = current_draft()
    keep_draft(replace(draft, communes=communes, name=draft.name or name))
    st.session_state.pop(ZONE_KEY, None)
