"""The catchment of a commune: who lives within 10, 15 and 20 minutes of it, with which access and which structures."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.access.reach import BOUNDS_MIN
from coverage.territories.aggregation import Territories
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.tables import covered_regions, load_table
from pages.app.travel_times import load_reach, load_times
from pages.screens.simulator.engine import Result
from pages.screens.simulator.export import describe_run
from pages.screens.simulator.words import travel_note
from pages.widgets.card import STRUCTURE_LABELS
from pages.widgets.exports.table import offer_table
from reports.figures.numbers import UNKNOWN, format_number, format_share

COUNTED: Final = ("msp", "centre_sante", "pharmacie", "hopital")


def zone_table(gazetteer: Gazetteer, commune_code: str, result: Result) -> pd.DataFrame:
    """Return one row a zone (less than 10, 15, 20 minutes), each holding the one before.

    Columns: minutes, n_communes, population, share_75plus (0-1, mean by population over the known communes), apl_before
    and apl_after (means by standardised population), and the number of structures of each type of `COUNTED`; NaN is
    unknown.
    """
    communes = gazetteer.communes
    reach = load_reach(commune_code)
    context = load_table("commune_context").set_index("commune_code")
    outcome = result.outcome.by_commune.reindex(communes["commune_code"])
    structures = load_table("structures")
    rows = []
    for bound in BOUNDS_MIN:
        inside = reach.reached(bound)
        zone = Territories.of_own(communes, inside, commune_code)
        weight = outcome["population_standardised"].to_numpy(np.float64)
        row: dict[str, float] = {"minutes": bound, "n_communes": inside.sum()}
        row["population"] = float(zone.total(zone.population).iloc[0])
        shares = context["share_75plus"].reindex(communes["commune_code"]).to_numpy(np.float64)
        row["share_75plus"] = float(zone.mean(shares, zone.population).iloc[0])
        for name in ("apl_before", "apl_after"):
            row[name] = float(zone.mean(outcome[name].to_numpy(np.float64), weight).iloc[0])
        here = structures[structures["commune_code"].isin(communes.loc[inside, "commune_code"])]
        regions = set(communes.loc[inside, "region_code"])
        for kind in COUNTED:
            known = regions <= covered_regions(kind)
            row[kind] = int((here["structure_type"] == kind).sum()) if known else float("nan")
        rows.append(row)
    return pd.DataFrame(rows)


def show_zone(gazetteer: Gazetteer, commune: Territory | None, result: Result, name: str) -> None:
    """Draw the table of the zones around the current commune, and its downloads."""
    if commune is None:
        st.info(
            "Choisissez une commune sur la carte pour voir qui vit à 10, 15 et 20 minutes.", icon=":material/ads_click:"
        )
        return
    table = zone_table(gazetteer, commune.code, result)
    st.markdown(f"**Autour de {gazetteer.label(commune)}** (sur la carte : « Bassin »)")
    printed = pd.DataFrame(
        {
            "Zone": [f"à moins de {bound:g} min" for bound in table["minutes"]],
            "Communes": [format_number(value) for value in table["n_communes"]],
            "Habitants": [format_number(value) for value in table["population"]],
            "75 ans ou plus": [format_share(value) for value in table["share_75plus"]],
            "APL avant": [format_number(value, 2) for value in table["apl_before"]],
            "APL après": [format_number(value, 2) for value in table["apl_after"]],
            **{STRUCTURE_LABELS[kind]: [format_number(value) for value in table[kind]] for kind in COUNTED},
        }
    )
    right = {head: st.column_config.TextColumn(alignment="right") for head in printed.columns[1:]}
    st.dataframe(printed, hide_index=True, column_config=right, alt="Zones autour de la commune")
    raw = table.rename(
        columns={"minutes": "Moins de (min)"} | dict(zip(table.columns[1:], printed.columns[1:], strict=True))
    )
    offer_table(
        raw.round(4),
        describe_run(gazetteer, result, name),
        title=f"Bassin de {gazetteer.label(commune)}",
        name=f"maillage_bassin_{commune.code}",
    )
    unknown = f" Structures « {UNKNOWN} » hors des régions chargées." if table["msp"].isna().any() else ""
    st.caption(
        "Minutes depuis la commune. Part des 75 ans ou plus (INSEE, 2022) : moyenne pondérée par la population ; "
        f"APL : moyenne pondérée par la population standardisée.{unknown} "
        f"{travel_note(load_times())}"
    )
