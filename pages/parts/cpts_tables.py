"""The tables of the CPTS page: the CPTS, coverage by territory, white zones, communes in two, sizes and amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.cpts import communes_in_two, white_zones
from coverage.gazetteer import Gazetteer, Level, Territory
from coverage.small_numbers import NOT_SHOWN, is_small
from coverage.zones import ZONES
from pages.parts.cpts_data import (
    APL_INDICATOR,
    GP_TABLES,
    CptsFacts,
    cite_gps,
    coverage_by,
    facts_of,
    gp_table,
    members_in,
)
from pages.parts.cpts_words import describe_cpts_sources, say_funding, say_gps, say_size
from pages.parts.downloads import offer_table
from pages.parts.funding_data import load_cpts_rules
from pages.parts.numbers import format_number
from pages.parts.programme_grid import show_grid
from pages.parts.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from pages.parts.cpts_lists import Perimeters

PER_100K: Final = "Généralistes / 100 000 hab."
BELOW: Final[dict[str, tuple[Level, str]]] = {
    "france": ("region", "Région"),
    "region": ("departement", "Département"),
    "departement": ("epci", "Intercommunalité"),
    "epci": ("commune", "Commune"),
    "commune": ("commune", "Commune"),
}
SMALL_COUNTS_NOTE: Final = (
    "« NS » : moins de 5 professionnels, secret des petits effectifs ; « n.d. » : inconnu. Une cellule vide du fichier "
    "est inconnue."
)


def show_tables(gazetteer: Gazetteer, perimeters: Perimeters, territory: Territory) -> None:
    """Draw the tables of a territory, one a tab."""
    facts = facts_of(perimeters)
    ids = list(members_in(perimeters, territory)["cpts_id"].unique())
    portrait = facts.portrait.loc[ids]
    white = facts.white[facts.white["commune_code"].isin(_codes(gazetteer, territory))]
    two = _in_two(gazetteer, perimeters, territory)
    without = portrait[portrait["n_msp"] == 0]
    tabs = st.tabs(
        [
            f"CPTS ({len(portrait)})",
            "Couverture par territoire",
            f"Zones blanches ({white['zone'].nunique()})",
            f"Communes dans deux CPTS ({len(two)})",
            f"CPTS sans MSP ({len(without)})",
            "Taille et financement",
        ]
    )
    with tabs[0]:
        _show_cpts(gazetteer, perimeters, portrait, territory, name="maillage_cpts")
    with tabs[1]:
        _show_coverage(gazetteer, perimeters, facts, territory)
    with tabs[2]:
        _show_white(gazetteer, perimeters, white, territory)
    with tabs[3]:
        _show_two(gazetteer, perimeters, two, territory)
    with tabs[4]:
        _show_without(gazetteer, perimeters, portrait, without, territory)
    with tabs[5]:
        _show_sizes(portrait)


def _codes(gazetteer: Gazetteer, territory: Territory) -> pd.Series:
    return gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]


def _in_two(gazetteer: Gazetteer, perimeters: Perimeters, territory: Territory) -> pd.DataFrame:
    table = communes_in_two(perimeters.table, load_table("communes"))
    return table[table["commune_code"].isin(_codes(gazetteer, territory))]


def _count(value: float) -> str:
    return format_number(value)


def cpts_table(gazetteer: Gazetteer, portrait: pd.DataFrame) -> pd.DataFrame:
    """Return the CPTS as the reader sees them, values as numbers; small counts of GPs are still to be hidden."""
    columns: dict[str, Any] = {
        "CPTS": portrait["name"].to_numpy(),
        "Département": [gazetteer.label(Territory("departement", code)) for code in portrait["departement_code"]],
        "Population": portrait["population"].to_numpy(),
        "Taille": portrait["size_class"].to_numpy(),
        "Financement ACI": [say_funding(people) for people in portrait["population"]],
        "Communes": portrait["n_communes"].to_numpy(),
        "dont partagées": portrait["n_shared_communes"].to_numpy(),
        "APL ≤ 65 ans 2023": portrait["apl"].to_numpy(),
        "Pop. sous 2,5 (%)": 100 * portrait["share_population_under_2_5"].to_numpy(),
        "MSP": portrait["n_msp"].to_numpy(),
        "Généralistes": portrait["n_gp"].to_numpy(),
        PER_100K: portrait["gp_per_100k"].to_numpy(),
    }
    columns |= {f"{zone} (%)": 100 * portrait[f"share_population_{zone.lower()}"].to_numpy() for zone in ZONES}
    columns["N° FINESS"] = portrait["finess_code"].fillna("").to_numpy()
    return pd.DataFrame(columns).sort_values(["Population", "CPTS"], ascending=[False, True], ignore_index=True)


def _show_cpts(
    gazetteer: Gazetteer, perimeters: Perimeters, portrait: pd.DataFrame, territory: Territory, *, name: str
) -> None:
    table = cpts_table(gazetteer, portrait)
    if table.empty:
        st.info("Aucune CPTS de la liste n’a de commune dans ce territoire.")
        return
    shares = [column for column in table.columns if column.endswith("(%)")]
    formats: dict[str, Callable[[Any], str]] = dict.fromkeys(
        ["Population", "Communes", "dont partagées", "MSP", PER_100K], _count
    )
    formats |= {"Taille": lambda size: say_size(size).removeprefix("taille "), "Généralistes": say_gps}
    formats |= {"APL ≤ 65 ans 2023": lambda apl: format_number(apl, 2)}
    formats |= dict.fromkeys(shares, lambda share: format_number(share, 1))
    shown, given = hide_small_counts(table)
    show_grid(shown, formats, "CPTS du territoire")
    offer_table(
        given,
        describe_cpts_sources(perimeters, ["population", APL_INDICATOR, "n_msp", "zone"]),
        title=f"CPTS ({gazetteer.label(territory)})",
        name=f"{name}_{territory.key}",
    )
    st.caption(
        "Toute CPTS qui a une commune dans le territoire, avec tout son périmètre, y compris hors du territoire. APL "
        "moyenne pondérée par la population standardisée ; part sous 2,5 par la population totale ; zones par la "
        f"population des communes dont la zone est connue. {_say_gps_source()} {SMALL_COUNTS_NOTE}"
    )


def _say_gps_source() -> str:
    name = gp_table()
    if name is None:
        return "Généralistes : n.d. tant que ni la BPE ni le RPPS ne sont synchronisés."
    return f"{GP_TABLES[name]} : {cite_gps()} ; un médecin de deux communes y compte deux fois."


def hide_small_counts(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hide the small counts of GPs: the table for the screen, then the one that is downloaded.

    A secret count leaves neither as a number, nor by the density that would tell it. On the screen 1 stands for all the
    secret counts, so that the column still sorts; in the file they are "NS".
    """
    secret = is_small(table["Généralistes"])
    shown = table.assign(
        **{PER_100K: table[PER_100K].mask(secret), "Généralistes": table["Généralistes"].mask(secret, 1.0)}
    )
    return shown, shown.assign(Généralistes=shown["Généralistes"].astype("object").mask(secret, NOT_SHOWN))


def coverage_table(gazetteer: Gazetteer, facts: CptsFacts, territory: Territory) -> pd.DataFrame:
    """Return the coverage of each part of a territory, the least covered first, the unknown last."""
    level, head = BELOW[territory.level]
    codes = gazetteer.within(territory, level)[f"{level}_code"]
    communes = gazetteer.communes
    people = communes["population"].to_numpy(np.float64)
    white = (facts.n_cpts == 0).to_numpy()
    grouped = pd.DataFrame({"code": communes[f"{level}_code"], "people": people, "n_white": white * 1.0,
                            "white": white * people, "n": 1.0}).groupby("code").sum()  # fmt: skip
    sums = grouped.reindex(codes)
    share = coverage_by(facts, level).reindex(codes).to_numpy()
    unknown = np.isnan(share)
    table = pd.DataFrame(
        {
            head: [gazetteer.label(Territory(level, code)) for code in codes],
            "Population": sums["people"].to_numpy(),
            "Population couverte (%)": 100 * share,
            "Communes": sums["n"].to_numpy(),
            "Communes blanches": np.where(unknown, np.nan, sums["n_white"].to_numpy()),
            "Population en zone blanche": np.where(unknown, np.nan, sums["white"].to_numpy()),
        }
    )
    return table.sort_values(["Population couverte (%)", head], ignore_index=True)


def _show_coverage(gazetteer: Gazetteer, perimeters: Perimeters, facts: CptsFacts, territory: Territory) -> None:
    table = coverage_table(gazetteer, facts, territory)
    formats: dict[str, Callable[[Any], str]] = dict.fromkeys(
        ["Population", "Communes", "Communes blanches", "Population en zone blanche"], _count
    )
    formats["Population couverte (%)"] = lambda share: format_number(share, 1)
    show_grid(table, formats, "Couverture par territoire")
    offer_table(
        table,
        describe_cpts_sources(perimeters, ["population"]),
        title=f"Couverture par les CPTS ({gazetteer.label(territory)})",
        name=f"maillage_cpts_couverture_{territory.key}",
    )
    st.caption("Une commune dans deux CPTS ne compte qu’une fois. « n.d. » : la liste n’y est pas complète.")


def _show_white(gazetteer: Gazetteer, perimeters: Perimeters, white: pd.DataFrame, territory: Territory) -> None:
    if white.empty:
        st.success("Aucune zone blanche là où la liste est complète.", icon=":material/check_circle:")
        return
    zones = white_zones(white)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        st.caption("Zones blanches : communes sans CPTS qui se touchent, de la plus à la moins peuplée")
        printed = zones.assign(departement_code=_departements(gazetteer, zones)).rename(
            columns={"zone": "Zone", "main_commune": "Autour de", "departement_code": "Département",
                     "n_communes": "Communes", "population": "Population"}
        )  # fmt: skip
        show_grid(printed, {"Population": _count, "Communes": _count}, "Zones blanches")
    with right:
        st.caption("Leurs communes")
        communes = white.assign(departement_code=_departements(gazetteer, white)).rename(
            columns={"zone": "Zone", "commune_code": "Code", "name": "Commune", "departement_code": "Département",
                     "population": "Population"}
        )[["Zone", "Commune", "Code", "Département", "Population"]]  # fmt: skip
        show_grid(communes, {"Population": _count, "Zone": _count}, "Communes sans CPTS")
    offer_table(
        communes,
        describe_cpts_sources(perimeters, ["population"]),
        title=f"Communes sans CPTS ({gazetteer.label(territory)})",
        name=f"maillage_cpts_zones_blanches_{territory.key}",
    )
    st.caption("Le numéro d’une zone est son rang parmi toutes celles de la liste, hors du territoire comprises.")


def _departements(gazetteer: Gazetteer, table: pd.DataFrame) -> list[str]:
    return [gazetteer.label(Territory("departement", code)) for code in table["departement_code"]]


def _show_two(gazetteer: Gazetteer, perimeters: Perimeters, two: pd.DataFrame, territory: Territory) -> None:
    if two.empty:
        st.info("Aucune commune du territoire n’est dans deux CPTS.")
        return
    table = two.assign(departement_code=_departements(gazetteer, two)).rename(
        columns={"commune_code": "Code", "name": "Commune", "departement_code": "Département",
                 "population": "Population", "n_cpts": "Nombre de CPTS", "cpts": "CPTS"}
    )  # fmt: skip
    show_grid(table, {"Population": _count}, "Communes dans deux CPTS")
    offer_table(
        table,
        describe_cpts_sources(perimeters, ["population"]),
        title=f"Communes dans deux CPTS ({gazetteer.label(territory)})",
        name=f"maillage_cpts_doubles_{territory.key}",
    )


def _show_without(
    gazetteer: Gazetteer, perimeters: Perimeters, portrait: pd.DataFrame, without: pd.DataFrame, territory: Territory
) -> None:
    n_unknown = int(portrait["n_msp"].isna().sum())
    if n_unknown:
        st.caption(
            f"{n_unknown} CPTS dont le nombre de MSP est n.d. : FINESS n’est pas chargé dans toutes leurs communes."
        )
    if without.empty:
        if n_unknown < len(portrait):
            st.success("Aucune CPTS sans MSP parmi celles où les MSP sont connues.", icon=":material/check_circle:")
        return
    _show_cpts(gazetteer, perimeters, without, territory, name="maillage_cpts_sans_msp")


def _show_sizes(portrait: pd.DataFrame) -> None:
    """Draw the sizes with their bounds and amounts, and how many CPTS have each."""
    rules = load_cpts_rules()
    counts = portrait["size_class"].value_counts()
    people = portrait.groupby("size_class")["population"].sum()
    rows, low = [], 0.0
    for size in rules.sizes:
        high = size.under_population
        rows.append(
            {
                "Taille": str(size.size),
                "Habitants du périmètre": _say_bounds(low, high),
                "Financement ACI": say_funding(low or 1.0),
                "CPTS": format_number(counts.get(size.size, 0)),
                "Population des périmètres": format_number(people.get(size.size, 0.0)),
            }
        )
        low = high or low
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Tailles des CPTS et financement")
    st.caption(f"{rules.label}. {rules.warning} Source : {rules.source}.")


def _say_bounds(low: float, high: float | None) -> str:
    if high is None:
        return f"{format_number(low)} ou plus"
    return f"{format_number(low)} à {format_number(high - 1)}" if low else f"moins de {format_number(high)}"
