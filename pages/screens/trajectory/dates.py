"""MSP at the dates of FINESS and of the BPE, beside the DGOS's line: their points, and the table by territory."""

from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.sites import communes_of_2021
from coverage.indicators.structures import covered_communes
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from coverage.trajectory.growth import population_by_year
from coverage.trajectory.msp_dates import BPE, FINESS_2021, FINESS_NOW, ORIGINS, msp_at_dates, sites_at_dates
from geo.levels import Level
from pages.app.facts import load_facts
from pages.app.tables import covered_regions, load_table
from pages.app.trajectory import SHOWN, Shown
from pages.screens.trajectory.state import ComparedLevel
from pages.widgets.exports.table import describe_catalogue, offer_table
from pages.widgets.grid import show_grid
from reports.chart.specification import Line, Mark
from reports.figures.numbers import format_number

SYMBOLS: Final[dict[str, Mark]] = {FINESS_2021: "square", BPE: "triangle", FINESS_NOW: "square"}
SOURCE_IDS: Final = ("finess_2021", "insee_bpe_2024", "finess_msp_2026", "finess_occitanie", "insee_estimations")
NAMES: Final = {FINESS_2021: "FINESS (sites)", BPE: "BPE (équipements)", FINESS_NOW: "FINESS (sites)"}
WHY_APART: Final = (
    "Carré : sites FINESS (catégorie 603), en janvier 2021 et au fichier en service ; hors d’Occitanie, tant que le "
    "fichier national n’est pas chargé, la catégorie d’une partie des sites est déduite du nom. Triangle : BPE. Trois "
    "comptes, trois définitions : aucun trait ne les relie, aucun ne se soustrait à un autre."
)


@st.cache_resource(show_spinner=False)
def load_msp_dates() -> pd.DataFrame:
    """Return the MSP of each origin and territory (`msp_dates.msp_at_dates`); shared, not to be changed."""
    communes, of_2021 = load_table("communes"), load_table("structures_2021")
    counts, days = sites_at_dates(
        load_table("structures"),
        of_2021,
        load_table("bpe_communes"),
        covered_communes(communes, covered_regions("msp")),
        communes_of_2021(communes, of_2021),
        communes.set_index("commune_code")["departement_code"],
    )
    by_year = population_by_year(
        communes, load_table("population_estimates"), bpe_departements=load_table("bpe_departements")
    )
    return msp_at_dates(counts, days, communes, by_year)


def points_at_dates(
    gazetteer: Gazetteer, territory: Territory, shown: Shown, colour: str, opacity: float
) -> list[Line]:
    """Return the points of a territory beside the DGOS's line: marks alone, a shape an origin."""
    measure = SHOWN[shown]
    table = load_msp_dates()
    rows = table[(table["level"] == territory.level) & (table["territory_code"] == territory.code)]
    name = gazetteer.name(territory)
    points = []
    for row in rows[rows[measure.column].notna()].to_dict("records"):
        without = f"\nsans {_left_out(gazetteer, row['left_out'])} (n.d.)" if row["left_out"] else ""
        value, mark = row[measure.column], SYMBOLS[row["origin"]]
        text = (
            f"{name}\n{NAMES[row['origin']]}, {row['days']} : "
            f"{format_number(value, measure.indicator.decimals)} {measure.unit}{without}"
        )
        points.append(Line("", [row["date"]], [value], colour, opacity, mark=mark, mark_size=11, hovers=[text]))
    return points


def show_dates(gazetteer: Gazetteer, territory: Territory, level: ComparedLevel) -> None:
    """Draw the table of the counts by date, of a territory, what contains it and the territories of a level."""
    around = gazetteer.containing(territory)
    place = FRANCE
    if level == "departement":
        place = next((other for other in (territory, *around) if other.level == "region"), FRANCE)
    table = dates_table(gazetteer, place, level)
    counts = table.select_dtypes("number").columns
    show_grid(table, dict.fromkeys(counts, format_number), "MSP comptées par FINESS, la BPE et la DGOS, par territoire")
    st.caption(f"{WHY_APART} Sources : {load_facts().cite('n_msp_dgos', 'n_msp', 'n_msp_finess')} ; FINESS, 8 "
               "janvier 2021.")  # fmt: skip
    offer_table(
        table,
        describe_catalogue(("dgos_msp", *SOURCE_IDS)),
        title=f"MSP par date et par source, {gazetteer.label(place)}",
        name=f"maillage_msp_dates_{place.slug}_{level}",
    )


def dates_table(gazetteer: Gazetteer, place: Territory, level: Level) -> pd.DataFrame:
    """Return one row a territory of a level, the place first, one column a source and date, in French.

    A region that is one department (La Réunion) has one row: the two would bear one name and the same figures.
    """
    rows = gazetteer.within(place, level) if place.level != level else gazetteer.table(level)
    keys = [(level, code) for code in rows[f"{level}_code"]]
    if place == FRANCE or len(keys) > 1:
        keys.insert(0, (place.level, place.code))
    index = pd.MultiIndex.from_tuples(dict.fromkeys(keys), names=["level", "territory_code"])
    by_key = load_msp_dates().set_index(["level", "territory_code"])
    labelled = load_facts().labelled_msp.dropna(subset=["n_structures"])
    last = labelled[labelled["date"] == labelled["date"].max()].set_index(["level", "territory_code"])["n_structures"]
    of = {origin: by_key[by_key["origin"] == origin].reindex(index) for origin in ORIGINS}
    return pd.DataFrame(
        {
            "Territoire": [gazetteer.name(Territory(*key)) for key in index],
            "FINESS, 8 janvier 2021": of[FINESS_2021]["n_structures"].to_numpy(),
            f"DGOS, {labelled['date'].max():%d/%m/%Y}": last.reindex(index).to_numpy(),
            f"BPE, 1er janvier {of[BPE]['date'].max():%Y}": of[BPE]["n_structures"].to_numpy(),
            "FINESS en service": of[FINESS_NOW]["n_structures"].to_numpy(),
            "FINESS en service, au": of[FINESS_NOW]["days"].fillna("").to_numpy(),
            "Sans (n.d. en 2021)": [_left_out(gazetteer, text) for text in of[FINESS_2021]["left_out"]],
        }
    )


def _left_out(gazetteer: Gazetteer, codes: str) -> str:
    return ", ".join(gazetteer.name(Territory("departement", code)) for code in codes.split(",") if code)
