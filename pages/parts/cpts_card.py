"""The card of one CPTS beside the map: who lives there, its size and funding, access, structures and zones."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from coverage.gazetteer import FRANCE, Gazetteer, Territory
from coverage.zones import ZONES
from pages.parts.cpts_data import APL_INDICATOR, GP_TABLES, cite_gps, facts_of, gp_table
from pages.parts.cpts_map import WHITE_LABEL
from pages.parts.cpts_state import ADDRESS, choose, chosen
from pages.parts.cpts_words import describe_cpts_sources, say_funding, say_gps, say_size
from pages.parts.downloads import offer_table
from pages.parts.figures import cite, format_figure
from pages.parts.numbers import UNKNOWN, format_number, format_share
from pages.parts.tables import level_table, load_table

if TYPE_CHECKING:
    from pages.parts.cpts_lists import Perimeters

MOST_LISTED = 6


def show_card(gazetteer: Gazetteer, perimeters: Perimeters) -> None:
    """Draw the card of the CPTS chosen, or say how to choose one."""
    choice = chosen()
    with st.container(border=True, key="card"):
        if choice.commune:
            _show_commune(gazetteer, perimeters, choice.commune)
        if choice.cpts is None:
            if not choice.commune:
                st.info("Cliquez une commune ou un siège sur la carte, ou choisissez une CPTS dans la liste.",
                        icon=":material/ads_click:")  # fmt: skip
            return
        row = facts_of(perimeters).portrait.loc[choice.cpts]
        st.subheader(str(row["name"]), anchor=False)
        size = say_size(row["size_class"]).capitalize()
        home = gazetteer.label(Territory("departement", str(row["departement_code"])))
        st.caption(
            " · ".join([size, home, *([f"FINESS {row['finess_code']}"] if pd.notna(row["finess_code"]) else [])])
        )
        st.html(f"<div class='fiche'>{_headline(row)}{''.join(_line(*line) for line in _lines(row))}</div>")
        _list_structures(gazetteer, perimeters, choice.cpts)
        st.caption(_sources(perimeters))
        _offer_communes(gazetteer, perimeters, choice.cpts, str(row["name"]))


def _show_commune(gazetteer: Gazetteer, perimeters: Perimeters, code: str) -> None:
    """Say to which CPTS the commune clicked belongs; where there are several, let the reader go from one to another."""
    rows = perimeters.table[perimeters.table["commune_code"] == code].drop_duplicates("cpts_id")
    label = gazetteer.label(Territory("commune", code))
    if rows.empty:
        known = facts_of(perimeters).n_cpts[code] == 0
        st.markdown(f"**{label}** : {WHITE_LABEL if known else f'CPTS {UNKNOWN} (liste non complète ici)'}.")
    elif len(rows) == 1:
        st.markdown(f"**{label}** est dans :")
    else:
        st.markdown(f"**{label}** est dans {len(rows)} CPTS :")
        for cpts_id, name in rows[["cpts_id", "name"]].itertuples(index=False):
            if st.button(name, key=f"cpts_other_{cpts_id}", width="stretch", disabled=cpts_id == chosen().cpts):
                choose(cpts=cpts_id)
                ADDRESS.write(chosen())
                st.rerun(scope="fragment")


def _headline(row: pd.Series) -> str:
    return (
        "<div class='phare'>Population du périmètre"
        f"<div><b>{format_number(row['population'])}</b> habitants</div>"
        f"<small>Financement ACI : {html.escape(say_funding(row['population']))}</small></div>"
    )


def _lines(row: pd.Series) -> list[tuple[str, str, str]]:
    """Return label, figure and what it is set against."""
    france = f"France {format_figure(APL_INDICATOR, FRANCE, unit=False)}"
    under = f"France {format_figure('share_population_under_2_5_apl_65_2023', FRANCE)}"
    shared = row["n_shared_communes"]
    mix = [(zone, row[f"share_population_{zone.lower()}"]) for zone in ZONES]
    zones = [(f"Population en {zone}", format_share(share), "") for zone, share in mix if pd.isna(share) or share > 0]
    if all(pd.isna(share) for _, share in mix):
        zones = [("Zonage", UNKNOWN, "")]
    return [
        ("Communes", format_number(row["n_communes"]), f"dont {format_number(shared)} partagées" if shared else ""),
        ("APL ≤ 65 ans 2023", format_number(row["apl"], 2), france),
        ("Population sous 2,5", format_share(row["share_population_under_2_5"]), under),
        ("MSP (sites FINESS)", format_number(row["n_msp"]), ""),
        (
            GP_TABLES.get(gp_table() or "", "Médecins généralistes"),
            say_gps(row["n_gp"]),
            "" if gp_table() else "ni BPE ni RPPS synchronisés",
        ),
        *zones,
    ]


def _line(label: str, figure: str, against: str) -> str:
    small = f"<small>{html.escape(against)}</small>" if against else ""
    return f"<div class='ligne'><span>{html.escape(label)}</span><span><b>{html.escape(figure)}</b>{small}</span></div>"


def _list_structures(gazetteer: Gazetteer, perimeters: Perimeters, cpts_id: str) -> None:
    members = perimeters.table.loc[perimeters.table["cpts_id"] == cpts_id, "commune_code"]
    structures = load_table("structures")
    here = structures[structures["commune_code"].isin(members) & (structures["structure_type"] == "msp")]
    if here.empty:
        return
    shown = here.sort_values("name").head(MOST_LISTED)
    lines = [
        f"- {name} ({gazetteer.name(Territory('commune', code))})"
        for name, code in shown[["name", "commune_code"]].itertuples(index=False)
    ]
    if len(here) > MOST_LISTED:
        lines.append(f"- et {len(here) - MOST_LISTED} autres")
    st.caption("\n".join(["**MSP du périmètre**", *lines]))


def _sources(perimeters: Perimeters) -> str:
    named = [perimeters.citation, cite(APL_INDICATOR, "n_msp", "zone", "population")]
    named += [cite_gps()] if gp_table() else []
    return (
        f"Sources : {' ; '.join(named)}. APL moyenne pondérée par la population standardisée, part sous 2,5 par la "
        "population totale."
    )


def _offer_communes(gazetteer: Gazetteer, perimeters: Perimeters, cpts_id: str, name: str) -> None:
    def make_table() -> pd.DataFrame:
        return communes_table(gazetteer, perimeters, cpts_id)

    offer_table(
        make_table,
        describe_cpts_sources(perimeters, ["population", APL_INDICATOR, "zone", "n_msp"]),
        title=f"Communes de {name}",
        name="maillage_cpts_communes",
    )


def communes_table(gazetteer: Gazetteer, perimeters: Perimeters, cpts_id: str) -> pd.DataFrame:
    """Return the communes of a CPTS as they are downloaded: population, APL, zone, MSP, other CPTS."""
    rows = perimeters.table[perimeters.table["cpts_id"] == cpts_id]
    codes = rows["commune_code"]
    others = perimeters.table[perimeters.table["commune_code"].isin(codes) & (perimeters.table["cpts_id"] != cpts_id)]
    also = others.groupby("commune_code")["name"].agg(" ; ".join)
    figures = level_table("commune").reindex(codes)
    columns: dict[str, Any] = {
        "Code": codes.to_numpy(),
        "Commune": [gazetteer.name(Territory("commune", code)) for code in codes],
        "CPTS": rows["name"].to_numpy(),
        "Population": figures["population"].to_numpy(),
        "APL ≤ 65 ans 2023": figures[APL_INDICATOR].to_numpy(),
        "Zone": figures["zone"].to_numpy(),
        "MSP (sites FINESS)": figures["n_msp"].to_numpy(),
        "Autre CPTS": codes.map(also).fillna("").to_numpy(),
    }
    return pd.DataFrame(columns)
