"""The structures that a page shows, each of its own day: those of some types, in a territory, with their commune."""

import pandas as pd
import streamlit as st

from coverage.indicators.sites import communes_of_2021, dated_sites
from coverage.indicators.structures import covered_communes
from coverage.terms.site_dates import SiteDates
from coverage.territories.gazetteer import FRANCE, Territory
from coverage.trajectory.msp_changes import CHANGES, msp_changes
from pages.app.tables import covered_regions, load_gazetteer, load_table


@st.cache_resource(show_spinner=False)
def load_sites(dates: SiteDates = "recentes") -> pd.DataFrame:
    """Return the sites of a choice of dates (`indicators.sites`, `trajectory.msp_changes`); not to be changed."""
    structures, of_2021 = load_table("structures"), load_table("structures_2021")
    if dates == "evolution":
        return msp_changes(structures, of_2021, known_msp(), load_table("bpe_communes"))
    return dated_sites(structures, of_2021, covered_regions, dates)


@st.cache_resource(show_spinner=False)
def known_msp() -> pd.Series:
    """Return whether every MSP of 2021 and of today is known in each commune (index commune_code)."""
    communes = load_table("communes")
    return covered_communes(communes, covered_regions("msp")) & communes_of_2021(
        communes, load_table("structures_2021")
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def structures_on_map(types: tuple[str, ...], scope: Territory, dates: SiteDates = "recentes") -> pd.DataFrame:
    """Return the sites of some types in a territory, as `geo.map.structure_columns` reads them; shared, not changed.

    Parameters
    ----------
    types
        Types of structures, as the table names them; MSP alone stand on the map of "evolution", whatever they are.
    scope
        The territory.
    dates
        Of what day.
    """
    gazetteer = load_gazetteer()
    sites = load_sites(dates)
    shown = sites[sites["sign"].isin(CHANGES) if dates == "evolution" else sites["structure_type"].isin(types)]
    if scope != FRANCE:
        shown = shown[gazetteer.holds(scope, shown["commune_code"])]
    names = gazetteer.communes.set_index("commune_code")["name"]
    return shown.assign(structure_type=shown["sign"], commune_name=shown["commune_code"].map(names))


def commune_of_site(finess_code: str, dates: SiteDates = "recentes") -> str:
    """Return the commune of a site that was clicked."""
    sites = load_sites(dates)
    return str(sites.loc[sites["finess_code"] == finess_code, "commune_code"].iloc[0])
