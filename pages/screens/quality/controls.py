"""« Contrôles »: figures published elsewhere beside ours, and what the gates of plausibility found."""

import pandas as pd
import streamlit as st

from data import store
from data.contracts.gates import Breach
from pages.app.notices import guard_against_missing_data, show_fault
from pages.app.tables import load_gazetteer, load_table
from pages.widgets.choice import choose_one
from pages.widgets.exports.table import offer_table
from reports.figures.numbers import format_number
from reports.quality.controls import (
    NOT_COMPARED,
    compare_published,
    describe_breaches,
    describe_figures,
    find_all_breaches,
    write_figures,
)

EVERY_TABLE = "toutes les tables"
EVERY_RESULT = "tous"
MATCHED = "retrouvé"
EXPLAINED = "écart expliqué"
WRONG = "en écart"
SHOWN = [
    "Territoire",
    "Chiffre",
    "Publié",
    "Maillage",
    "Écart",
    "Unité",
    "Résultat",
    "Publication",
    "Date",
    "Explication",
]
LATER = ["Producteur", "Indépendance", "Lu dans", "Table"]


@st.cache_resource(show_spinner="Comparaison aux chiffres publiés…")
def _compared() -> pd.DataFrame:
    return compare_published(load_table, store.manifest())


@st.cache_resource(show_spinner="Contrôles de vraisemblance…")
def _breaches() -> tuple[Breach, ...]:
    return find_all_breaches(load_table, store.manifest())


@st.fragment
@guard_against_missing_data()
def show_controls() -> None:
    """Draw the published figures beside ours, with their files, then what the gates found."""
    compared = _compared()
    held = compared[compared["verdict"] != NOT_COMPARED]
    counts = held["verdict"].value_counts()
    st.markdown(
        "Chaque table est comparée à des chiffres **publiés ailleurs**, jamais à une somme lue dans son propre "
        "fichier. Une table qui s’en écarte sans raison connue est refusée, à la préparation comme à la mise à jour."
    )
    results = (("Retrouvés", MATCHED), ("Écarts expliqués", EXPLAINED), ("En écart", WRONG))
    with st.container(horizontal=True):
        st.metric("Chiffres comparés", format_number(len(held)))
        for label, result in results:
            st.metric(label, format_number(int(counts.get(result, 0))))
    if len(held) < len(compared):
        n_waiting = format_number(len(compared) - len(held))
        st.caption(f"{n_waiting} autres chiffres attendent une table que la mise à jour apporte.")
    described = describe_figures(held, load_gazetteer())
    written = write_figures(described)
    for row in written[written["Résultat"] == WRONG].to_dict("records"):
        show_fault(
            f"{row['Chiffre']}, {row['Territoire']}. Publié : {row['Publié']} {row['Unité']} "
            f"({row['Publication']}, {row['Date']}). Trouvé : {row['Maillage']}.",
            f"**{row['Table']}** :",
        )
    _show_figures(written)
    offer_table(
        described,
        _describe_publications(described),
        title="Contrôles : chiffres publiés ailleurs et chiffres de Maillage",
        name="maillage_controles",
    )
    _show_breaches()


def _show_figures(written: pd.DataFrame) -> None:
    tables = sorted(written["Table"].unique())
    which, result = st.columns(2)
    with which:
        table = choose_one("Table contrôlée", [EVERY_TABLE, *tables], key="controls_table")
    verdict = result.selectbox(
        "Résultat", [EVERY_RESULT, MATCHED, EXPLAINED, WRONG], key="controls_result", filter_mode=None
    )
    kept = written
    if table != EVERY_TABLE:
        kept = kept[kept["Table"] == table]
    if verdict != EVERY_RESULT:
        kept = kept[kept["Résultat"] == verdict]
    if kept.empty:
        st.caption("Aucun chiffre.")
        return
    st.dataframe(
        kept[SHOWN + LATER],
        hide_index=True,
        height=min(38 + 35 * len(kept), 480),
        column_config={
            **{name: st.column_config.TextColumn(alignment="right") for name in ("Publié", "Maillage", "Écart")},
            "Territoire": st.column_config.TextColumn(width=120),
            "Chiffre": st.column_config.TextColumn(width=230),
            "Unité": st.column_config.TextColumn(width="small"),
            "Publication": st.column_config.TextColumn(width="medium"),
            "Explication": st.column_config.TextColumn(width="large"),
        },
        alt="Chiffres publiés ailleurs et chiffres de Maillage",
    )


def _describe_publications(described: pd.DataFrame) -> list[dict[str, str]]:
    columns = ["Publication", "Producteur", "Date", "Indépendance", "Lu dans"]
    rows = described[columns].drop_duplicates().itertuples(index=False)
    return [dict(zip(columns, map(str, row), strict=True)) for row in rows]


def _show_breaches() -> None:
    st.markdown("**Vraisemblance**")
    breaches = _breaches()
    gazetteer = load_gazetteer()
    for row in describe_breaches([breach for breach in breaches if breach.refuses], gazetteer).itertuples(index=False):
        table, gate, place, expected, found = row
        show_fault(f"{gate} ({place}). Attendu : {expected}. Trouvé : {found}.", f"**{table}** :")
    told = [breach for breach in breaches if not breach.refuses]
    if not breaches:
        st.success("Rien d’invraisemblable dans les tables en service.", icon=":material/check_circle:")
    if told:
        st.warning(
            f"{format_number(len(told))} limites à connaître : habitants sans valeur connue, valeurs d’un territoire "
            "plus large écrites pour chaque commune.",
            icon=":material/info:",
        )
        shown = describe_breaches(told, gazetteer)
        st.dataframe(shown, hide_index=True, height=38 + 35 * len(shown), alt="Limites des tables en service")
