"""The territory being made: its name, its communes on a map and in a list, and what to do with it."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.own import MAX_NAME, UNNAMED
from data.errors import DataError
from data.territories.reading import CODE_HEAD, NAME_HEAD
from geo.errors import GeoError
from geo.map import ClassedValues, Legend
from geo.map.legend import LegendEntry
from geo.shapes.drawn_zone import read_zone
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data, show_fault
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.app.tables import level_table, load_gazetteer
from pages.app.territories import FAULT_KEY, Draft, current_draft, draft_of, keep_draft, save_draft
from pages.app.view import LONGEST_KEY
from pages.navigation import SCREENS
from pages.screens.own_territory.ways import DRAWN, WAY_KEY, ZONE_KEY
from pages.widgets.map.drawing import show_map, take_pick
from pages.widgets.map.places import look_at, prefecture_labels
from reports.figures.french import count_of
from reports.figures.numbers import UNKNOWN, format_number
from reports.figures.tables import write_csv

MAP_KEY: Final = "own_territory_map"
NAME_KEY: Final = "own_name"
SAID_KEY: Final = "own_said"
"""What was just done, said by the next run of the whole page."""
HEIGHT: Final = 430
COLOUR: Final = "#1f6f8b"
EXAMPLE: Final = Territory("bassin_de_vie", "48061")


@st.fragment
@guard_against_missing_data()
def show_draft() -> None:
    """Draw the territory being made; a click on the map adds a commune or takes it away."""
    if SAID_KEY in st.session_state:
        st.rerun(scope="app")  # what is beside and under changes too
    pick = take_pick(MAP_KEY)
    draft = current_draft()
    if pick is not None and pick.kind == "territory":
        draft = replace(draft, communes=draft.communes ^ {pick.code})
        keep_draft(draft)
    elif pick is not None and pick.kind == "zone":
        _take_zone(pick.code)
    st.session_state[NAME_KEY] = draft.name
    st.text_input("Nom du territoire", key=NAME_KEY, max_chars=MAX_NAME, placeholder=UNNAMED, on_change=_rename)
    st.markdown(_tell(draft))
    _draw_map(draft)
    if draft.territory is not None:
        _offer_use(draft, draft.territory)
        _list_communes(draft)
    else:
        _offer_example()


def _offer_example() -> None:
    """Offer a real set of communes to whoever has none yet."""
    if EXAMPLE in load_gazetteer():
        st.button(
            f"Essayer avec un exemple : {load_gazetteer().name(EXAMPLE)}",
            icon=":material/science:",
            key="own_example",
            type="tertiary",
            on_click=lambda: keep_draft(draft_of(EXAMPLE)),
            help="Un découpage de l’INSEE : gardez-le, retirez ou ajoutez des communes, puis ouvrez son portrait.",
        )


def _take_zone(code: str) -> None:
    """Propose the communes of a zone that has just been drawn, beside the map."""
    try:
        st.session_state[ZONE_KEY] = read_zone(code)
    except GeoError as error:
        show_fault(error)
        return
    st.session_state[WAY_KEY] = DRAWN
    st.rerun(scope="app")


def _rename() -> None:
    keep_draft(replace(current_draft(), name=st.session_state[NAME_KEY]))


def _tell(draft: Draft) -> str:
    territory = draft.territory
    if territory is None:
        return "Aucune commune pour l’instant : choisissez-en à gauche, cliquez la carte ou dessinez-y une zone."
    gazetteer = load_gazetteer()
    inside = gazetteer.communes[gazetteer.mask(territory)]
    people = inside["population"].sum(min_count=1)
    written = UNKNOWN if pd.isna(people) else format_number(float(people))
    where = gazetteer.situation(territory).partition(" · ")[2]
    told = f"**{count_of(len(inside), 'commune')}, {written} habitants**" + (f" · {plain(where)}" if where else "")
    same = gazetteer.official(territory)
    if same != territory and same.level != "commune":
        told += f". Ce sont exactement les communes de : {plain(gazetteer.label(same))}, dont il a tous les chiffres."
    return told


def _draw_map(draft: Draft) -> None:
    gazetteer, people = load_gazetteer(), level_table("commune")["population"]
    inside = np.asarray(people.index.isin(draft.communes))
    values = ClassedValues(
        level="commune",
        classes="0" * len(people),
        texts=_written(),
        palette=(COLOUR,),
        indicator="Population",
        unit="habitants",
        vintage=load_facts().indicator("population").dated_at("commune"),
    )
    entries = [LegendEntry(COLOUR, "dans le territoire", int(inside.sum()))]
    legend = Legend("Mon territoire", "Un clic ajoute ou retire une commune", entries)
    # The view stays where it is while communes are clicked: it moves when a whole list comes in.
    before, looked = st.session_state.get(f"{MAP_KEY}_looked", (draft.communes, draft))
    if len(before ^ draft.communes) > 1:
        looked = draft
    st.session_state[f"{MAP_KEY}_looked"] = (draft.communes, looked)
    view = look_at(gazetteer, looked.territory) if looked.territory else look_at(gazetteer, FRANCE)
    show_map(
        values,
        legend,
        key=MAP_KEY,
        view=view,
        labels=prefecture_labels(),
        dimmed=~inside,
        corners=st.session_state.get(ZONE_KEY, ()),
        height=HEIGHT,
    )


@st.cache_resource(show_spinner=False)
def _written() -> list[str | None]:
    people = level_table("commune")["population"]
    return [None if pd.isna(n) else format_number(float(n)) for n in people]


def _offer_use(draft: Draft, territory: Territory) -> None:
    """Draw what a territory is for: the screens, the file, the list of those saved."""
    with st.container(horizontal=True):
        for name, label, icon in (
            ("map", "Voir sur la carte", ":material/map:"),
            ("territory", "Ouvrir le portrait", ":material/location_city:"),
            ("projection", "Projeter", ":material/trending_up:"),
        ):
            if st.button(label, icon=icon, key=f"own_open_{name}", type="primary" if name == "map" else "secondary"):
                change_view(territoire=territory, selection=None)
                st.switch_page(SCREENS[name].file)
        save = "Enregistrer" if draft.number is None else "Enregistrer les changements"
        st.button(save, icon=":material/save:", key="own_save", on_click=_save)
        st.download_button(
            "Fichier (CSV)",
            lambda: write_csv(file_of(territory)),
            file_name=f"maillage_{territory.slug}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="own_download",
        )
        st.button("Recommencer", icon=":material/restart_alt:", key="own_restart", type="tertiary", on_click=_restart)
    if (fault := st.session_state.get(FAULT_KEY)) is not None:
        show_fault(fault, "Votre territoire n’est pas enregistré, mais il est toujours ci-dessus.")
    if len(territory.key) > LONGEST_KEY:
        st.caption(
            "Ce territoire est trop grand pour tenir dans une adresse : pour le partager, envoyez son fichier, que "
            "« Fichier » relit."
        )
    else:
        st.caption("L’adresse de la carte ou du portrait contient ce territoire entier : copiez-la pour le partager.")


def file_of(territory: Territory) -> pd.DataFrame:
    """Return a territory as its file: one commune a row, with the name of the territory."""
    gazetteer = load_gazetteer()
    inside = gazetteer.communes[gazetteer.mask(territory)]
    return pd.DataFrame(
        {
            NAME_HEAD: territory.own.name,
            CODE_HEAD: inside["commune_code"].to_numpy(),
            "Commune": inside["name"].to_numpy(),
            "Département": inside["departement_code"].to_numpy(),
            "Population": inside["population"].to_numpy(),
        }
    )


def _save() -> None:
    try:
        draft = save_draft(current_draft())
    except DataError as error:
        st.session_state[FAULT_KEY] = error
        return
    st.session_state[FAULT_KEY] = None
    keep_draft(draft)
    st.session_state[SAID_KEY] = f"« {plain(draft.name)} » est enregistré."


def _restart() -> None:
    keep_draft(Draft())
    st.session_state[FAULT_KEY] = None
    st.session_state[SAID_KEY] = "Un nouveau territoire commence."


def _list_communes(draft: Draft) -> None:
    gazetteer = load_gazetteer()
    inside = gazetteer.communes[gazetteer.communes["commune_code"].isin(draft.communes)].sort_values("name")
    with st.expander(f"Les communes ({format_number(len(inside))})", icon=":material/list:"):
        table = pd.DataFrame(
            {
                "Commune": inside["name"].to_numpy(),
                "Code": inside["commune_code"].to_numpy(),
                "Département": inside["departement_code"].map(gazetteer.names["departement"]).to_numpy(),
                "Population": inside["population"].to_numpy(),
            }
        )
        key = f"own_communes_{hash(draft.communes)}"
        shown = table.style.format({"Population": format_number}, na_rep=UNKNOWN)
        marked = st.dataframe(
            shown, hide_index=True, height=280, key=key, on_select="rerun", selection_mode="multi-row",
            alt="Communes du territoire",
        )  # fmt: skip
        rows = marked["selection"]["rows"]
        if rows:
            gone = frozenset(table["Code"].iloc[rows])
            st.button(
                f"Retirer {count_of(len(gone), 'commune')}",
                icon=":material/remove:",
                key="own_take_away",
                on_click=lambda: keep_draft(replace(current_draft(), communes=current_draft().communes - gone)),
            )
