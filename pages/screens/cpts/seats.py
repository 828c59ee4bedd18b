"""What is known of the CPTS where no perimeter is loaded: their seats, and the figures that others published."""

import pandas as pd
import streamlit as st

from coverage.indicators.sites import communes_of_2021
from coverage.indicators.structures import covered_communes
from coverage.terms.months import format_date
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.notices import coverage_notice, guard_against_missing_data
from pages.app.tables import covered_regions, load_reperes, load_sources, load_table
from pages.app.trajectory import date_label
from pages.screens.cpts.map import draw_unknown, indicator_of, seats_in
from pages.widgets.exports.map import offer_map
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.map.drawing import show_map
from pages.widgets.map.places import look_at, prefecture_labels
from pages.widgets.published import write_value
from reports.figures.french import count_of
from reports.figures.numbers import UNKNOWN


def show_published() -> None:
    """Recall what is published of the CPTS of France, which needs no perimeter."""
    table = load_reperes()
    rows = table[table["indicator"].isin(("n_cpts", "share_population_cpts")) & (table["level"] == "france")]
    told = []
    for row in rows.to_dict("records"):
        who = load_sources()[row["source"]].producer
        told.append(f"{row['label']} : **{write_value(row)}**, {date_label(row['date'])}, {who}, {row['nature']}")
    if told:
        st.markdown(f"Repères publiés pour la France, non recalculés ici. {' ; '.join(told)}.")


def show_seats(gazetteer: Gazetteer, territory: Territory) -> None:
    """Show the seats alone, each of its own day."""
    st.subheader("Sièges des CPTS connus", anchor=False)
    scope = gazetteer.surroundings(territory)
    seats = seats_in(scope)
    if seats.empty:
        # None in a file that speaks of the territory is a fact; in a file that does not, nothing is known.
        told = "aucun au fichier FINESS" if knows_seats(gazetteer, territory) else "n.d."
        st.info(f"Sièges : {told} pour {gazetteer.name(territory)}. {coverage_notice()}", icon=":material/info:")
        return
    drawn = draw_unknown(scope)
    st.fragment(_draw_seats)(gazetteer, territory, scope)
    offer_map(indicator_of(None), "commune", territory, "seuils", 5, ("cpts",), key="cpts_export", drawn=drawn)
    table = pd.DataFrame(
        {
            "CPTS": seats["name"],
            "Commune du siège": seats["commune_name"],
            "Département": [gazetteer.label(Territory("departement", code)) for code in seats["departement_code"]],
            "Ouverture": seats["opened_on"].dt.date,
            "Au": seats["as_of"].dt.date,
            "N° FINESS": seats["finess_code"],
        }
    ).sort_values(["Département", "CPTS"])
    dates = {name: st.column_config.DateColumn(name, format="DD/MM/YYYY") for name in ("Ouverture", "Au")}
    st.dataframe(table, hide_index=True, column_config=dates, placeholder=UNKNOWN, alt="Sièges des CPTS")
    offer_table(
        table,
        describe_sources(["n_cpts_finess"], "commune"),
        title=f"Sièges de CPTS ({gazetteer.label(territory)})",
        name=f"maillage_cpts_sieges_{territory.slug}",
    )
    st.caption(f"{say_days(seats)} Source : {load_facts().cite('n_cpts_finess')}. {coverage_notice()}")


def knows_seats(gazetteer: Gazetteer, territory: Territory) -> bool:
    """Tell whether a file in use, of today or of 2021, speaks of every commune of a territory."""
    communes = gazetteer.communes[gazetteer.mask(territory)]
    then = communes_of_2021(communes, load_table("structures_2021"))
    return bool((then | covered_communes(communes, covered_regions("cpts"))).all())


def say_days(seats: pd.DataFrame) -> str:
    """Count seats by the day of their file: those of two days make no count; "" for none."""
    by_day = seats["as_of"].value_counts().sort_index()
    counted = [f"{count_of(n, 'siège')} au {format_date(day.date())}" for day, n in by_day.items()]
    if not counted:
        return ""
    apart = " Deux dates : à ne pas additionner." if len(counted) > 1 else ""
    return f"Sièges de CPTS connus de FINESS : {', '.join(counted)}.{apart}"


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
