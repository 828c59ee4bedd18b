"""The card of one CPTS beside the map: who lives there, its size and funding, access, structures and zones."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from coverage.cpts.units import in_finest_units
from coverage.indicators.zones import ZONES, zone_of_communes
from coverage.terms.extents import PART
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.tables import load_table, load_units
from pages.screens.cpts.data import (
    GP_TABLES,
    MSP_LABEL,
    apl_indicator,
    cite_gps,
    cite_msp,
    facts_of,
    gp_table,
    is_in_part,
    load_care,
    load_zoning,
)
from pages.screens.cpts.map import WHITE_LABEL, say_units
from pages.screens.cpts.state import ADDRESS, choose, chosen
from pages.screens.cpts.words import describe_cpts_sources, say_funding, say_gps, say_parts, say_size
from pages.widgets.apl_series import current_series, shown_as
from pages.widgets.exports.table import offer_table
from reports.figures.numbers import UNKNOWN, format_number, format_share

if TYPE_CHECKING:
    from coverage.indicators.cards.access import AplSeries
    from pages.app.perimeters import Perimeters

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
        st.subheader(plain(str(row["name"])), anchor=False)
        size = f"Taille {say_size(row['size_class']).removeprefix('taille ')}"
        home = gazetteer.label(Territory("departement", str(row["departement_code"])))
        st.caption(
            " · ".join(
                [size, home, *([f"FINESS {plain(str(row['finess_code']))}"] if pd.notna(row["finess_code"]) else [])]
            )
        )
        for sentence in say_parts(perimeters, choice.cpts):
            st.caption(plain(sentence))
        st.html(f"<div class='fiche'>{_headline(row)}{''.join(_line(*line) for line in _lines(row))}</div>")
        _list_structures(gazetteer, perimeters, choice.cpts)
        st.caption(_sources(perimeters))
        _offer_communes(perimeters, choice.cpts, str(row["name"]))


def _show_commune(gazetteer: Gazetteer, perimeters: Perimeters, code: str) -> None:
    """Say to which CPTS the commune clicked belongs; where there are several, let the reader go from one to another."""
    here = perimeters.table[perimeters.table["commune_code"] == code]
    rows = here.drop_duplicates("cpts_id")
    label = gazetteer.label(Territory("commune", code))
    in_part = bool(is_in_part(here).any())
    if rows.empty:
        known = facts_of(perimeters).n_by_commune[code] == 0
        st.markdown(f"**{label}** : {WHITE_LABEL if known else f'CPTS {UNKNOWN} (liste non complète ici)'}.")
    elif len(rows) == 1:
        st.markdown(f"**{label}** est {'en partie ' if in_part else ''}dans :")
    else:
        st.markdown(f"**{label}** est dans {len(rows)} CPTS{', chacune pour une partie' if in_part else ''} :")
        names = load_units().set_index("unit_code")["name"]
        for cpts_id, group in here.groupby("cpts_id", sort=False):
            parts = f" ({say_units(list(group['unit_code']), code, names)})" if is_in_part(group).all() else ""
            name = f"{group['name'].iloc[0]}{parts}"
            if st.button(plain(name), key=f"cpts_other_{cpts_id}", width="stretch", disabled=cpts_id == chosen().cpts):
                choose(cpts=cpts_id)
                ADDRESS.write(chosen())
                st.rerun(scope="fragment")


def _headline(row: pd.Series) -> str:
    return (
        "<div class='phare'>Population du périmètre"
        f"<div><b>{format_number(row['population'])}</b> habitants</div>"
        f"<small>Financement ACI : {html.escape(say_funding())} (fourchette publiée)</small></div>"
    )


def _lines(row: pd.Series) -> list[tuple[str, str, str]]:
    """Return label, figure and what it is set against."""
    facts = load_facts()
    france = f"France {facts.figure(apl_indicator().id, FRANCE, unit=False)}"
    under = f"France {facts.figure(shown_as('share_population_under_2_5_apl_65_2023'), FRANCE)}"
    shared = row["n_shared_communes"]
    mix = [(zone, row[f"share_population_{zone.lower()}"]) for zone in ZONES]
    zones = [(f"Population en {zone}", format_share(share), "") for zone, share in mix if pd.isna(share) or share > 0]
    if all(pd.isna(share) for _, share in mix):
        zones = [("Zonage", UNKNOWN, "")]
    in_part = row["n_part_communes"]
    of_communes = [f"dont {format_number(shared)} partagées"] if shared else []
    of_communes += [f"dont {format_number(in_part)} en partie"] if in_part else []
    return [
        ("Communes", format_number(row["n_communes"]), ", ".join(of_communes)),
        (apl_indicator().short_label, format_number(row["apl"], 2), france),
        ("Population sous 2,5", format_share(row["share_population_under_2_5"]), under),
        (MSP_LABEL, format_number(row["n_msp"]), ""),
        (GP_TABLES[gp_table()], say_gps(row["n_gp"]), ""),
        *zones,
    ]


def _line(label: str, figure: str, against: str) -> str:
    small = f"<small>{html.escape(against)}</small>" if against else ""
    return f"<div class='ligne'><span>{html.escape(label)}</span><span><b>{html.escape(figure)}</b>{small}</span></div>"


def _list_structures(gazetteer: Gazetteer, perimeters: Perimeters, cpts_id: str) -> None:
    rows = perimeters.table[perimeters.table["cpts_id"] == cpts_id]
    members = rows.loc[~is_in_part(rows), "commune_code"]  # in which part of a city a site stands is not known
    structures = load_table("structures")
    here = structures[structures["commune_code"].isin(members) & (structures["structure_type"] == "msp")]
    if here.empty:
        return
    shown = here.sort_values("name").head(MOST_LISTED)
    lines = [
        f"- {plain(name)} ({gazetteer.name(Territory('commune', code))})"
        for name, code in shown[["name", "commune_code"]].itertuples(index=False)
    ]
    if len(here) > MOST_LISTED:
        lines.append(f"- et {len(here) - MOST_LISTED} autres")
    st.caption(
        "\n".join(["**MSP du périmètre (sites FINESS)**", *lines, "", f"Source : {load_facts().cite('n_msp_finess')}."])
    )


def _sources(perimeters: Perimeters) -> str:
    named = [
        plain(perimeters.citation),
        load_facts().cite(apl_indicator().id, "zone", "population"),
        cite_msp(),
        cite_gps(),
    ]
    return (
        f"Sources : {' ; '.join(dict.fromkeys(named))}. APL moyenne pondérée par la population standardisée, part sous "
        "2,5 par la population totale."
    )


def _offer_communes(perimeters: Perimeters, cpts_id: str, name: str) -> None:
    series = current_series()  # chosen now: the file is made outside the run of the page

    def make_table() -> pd.DataFrame:
        return communes_table(perimeters, cpts_id, series)

    offer_table(
        make_table,
        describe_cpts_sources(perimeters, ["population", apl_indicator(series).id, "zone"], msp=True),
        title=f"Communes de {name}",
        name="maillage_cpts_communes",
    )


def communes_table(perimeters: Perimeters, cpts_id: str, series: AplSeries) -> pd.DataFrame:
    """Return the communes and arrondissements of a CPTS as they are downloaded; what it has in part is unknown."""
    table = perimeters.table
    rows = table[table["cpts_id"] == cpts_id]
    codes = rows["unit_code"]
    units, care = load_units().set_index("unit_code"), load_care()
    over = in_finest_units(table[table["extent"] != PART], load_units())
    mine = over[over["cpts_id"] == cpts_id]
    others = over[(over["cpts_id"] != cpts_id) & over["unit_code"].isin(mine["unit_code"])]
    also = others.groupby("commune_code")["name"].agg(lambda names: " ; ".join(sorted(set(names))))
    of_unit = others.groupby("unit_code")["name"].agg(lambda names: " ; ".join(sorted(set(names))))
    unknown = (rows["extent"] == PART).to_numpy()
    apl = None if care.apl_by_unit is None else care.apl_by_unit[series]
    columns: dict[str, Any] = {
        "Code": codes.to_numpy(),
        "Commune": units["name"].reindex(codes).to_numpy(),
        "Étendue": [
            _say_extent(*cells) for cells in rows[["unit_code", "commune_code", "extent"]].itertuples(index=False)
        ],
        "CPTS": rows["name"].to_numpy(),
        "Population": units["population"].reindex(codes).mask(unknown).to_numpy(),
        apl_indicator(series).short_label: _of_units(apl, codes).mask(unknown).to_numpy(),
        "Zone": zone_of_communes(load_zoning()).reindex(codes).to_numpy(),
        MSP_LABEL: _of_units(care.msp, codes).mask(unknown).to_numpy(),
        "Autre CPTS": [of_unit.get(code, also.get(code, "")) for code in codes],
    }
    return pd.DataFrame(columns)


def _of_units(values: pd.Series | None, codes: pd.Series) -> pd.Series:
    return pd.Series(np.nan, index=codes) if values is None else values.reindex(codes)


def _say_extent(unit_code: str, commune_code: str, extent: str) -> str:
    if extent == PART:
        return "en partie, population inconnue"
    return "entière" if unit_code == commune_code else "arrondissement"
