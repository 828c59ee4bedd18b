"""What is known of the CPTS where no perimeter is loaded: their seats, and the figures that others published."""

import pandas as pd
import streamlit as st

from coverage.gazetteer import Gazetteer, Territory
from data.reperes import load_reperes
from pages.parts.cpts_map import draw_unknown, indicator_of, knows_seats, seats_in
from pages.parts.downloads import describe_sources, offer_table
from pages.parts.exports_map import offer_map
from pages.parts.figures import cite
from pages.parts.map_view import show_map
from pages.parts.notices import coverage_notice, guard_against_missing_data
from pages.parts.numbers import format_number, format_share
from pages.parts.places import look_at, prefecture_labels
from pages.parts.tables import load_sources
from pages.parts.trajectory_data import date_label


def show_published() -> None:
    """Recall what is published of the CPTS of France, which needs no perimeter."""
    table = load_reperes()
    rows = table[table["indicator"].isin(("n_cpts", "share_population_cpts")) & (table["level"] == "france")]
    told = []
    for row in rows.to_dict("records"):
        figure = format_share(row["value"], 0) if row["unit"] == "part" else format_number(row["value"])
        who = load_sources()[row["source"]].producer
        told.append(f"{row['label']} : **{figure}**, {date_label(row['date'])}, {who}")
    if told:
        st.markdown(f"Repères publiés pour la France, non recalculés ici. {' ; '.join(told)}.")


def show_seats(gazetteer: Gazetteer, territory: Territory) -> None:
    """Show the seats alone, where FINESS is loaded."""
    st.subheader("Sièges des CPTS connus", anchor=False)
    scope = gazetteer.surroundings(territory)
    if not knows_seats(gazetteer, territory):
        st.info(f"Sièges : n.d. pour {gazetteer.name(territory)}. {coverage_notice()}", icon=":material/info:")
        return
    seats = seats_in(scope)
    drawn = draw_unknown(scope)
    st.fragment(_draw_seats)(gazetteer, territory, scope)
    offer_map(indicator_of(None), "commune", territory, "seuils", 5, ("cpts",), key="cpts_export", drawn=drawn)
    table = pd.DataFrame(
        {
            "CPTS": seats["name"],
            "Commune du siège": seats["commune_name"],
            "Département": [gazetteer.label(Territory("departement", code)) for code in seats["departement_code"]],
            "Ouverture": seats["opened_on"].dt.date,
            "N° FINESS": seats["finess_code"],
        }
    ).sort_values(["Département", "CPTS"])
    date = st.column_config.DateColumn("Ouverture", format="DD/MM/YYYY")
    st.dataframe(table, hide_index=True, column_config={"Ouverture": date}, alt="Sièges des CPTS")
    offer_table(
        table,
        describe_sources(["n_cpts"]),
        title=f"Sièges de CPTS ({gazetteer.label(territory)})",
        name=f"maillage_cpts_sieges_{territory.key}",
    )
    st.caption(f"{len(table)} sièges. Source : {cite('n_cpts')}. {coverage_notice()}")


@guard_against_missing_data()
def _draw_seats(gazetteer: Gazetteer, territory: Territory, scope: Territory) -> None:
    drawn = draw_unknown(scope)
    show_map(
        drawn.values,
        drawn.legend,
        seats_in(scope),
        key="cpts_seats_map",
        view=look_at(gazetteer, territory),
        labels=prefecture_labels(),
        height=480,
    )
