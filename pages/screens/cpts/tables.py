"""The tables of the CPTS page: the CPTS, coverage by territory, white zones, communes in two, sizes and amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.cpts.perimeters import white_zones
from coverage.indicators.small_numbers import NOT_SHOWN, is_small
from coverage.indicators.zones import ZONES
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import BELOW_DEPARTEMENT, Level
from pages.app.notices import guard_against_missing_data
from pages.screens.cpts.data import (
    GP_TABLES,
    CptsFacts,
    apl_indicator,
    cite_gps,
    cite_msp,
    coverage_by,
    facts_of,
    gp_table,
    members_in,
)
from pages.screens.cpts.words import describe_cpts_sources, say_funding, say_gps, say_size
from pages.screens.funding.data import load_cpts_rules
from pages.widgets.exports.table import offer_table
from pages.widgets.grid import show_grid
from reports.figures.numbers import UNKNOWN, format_number
from reports.funding.words import tell_reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from pages.app.perimeters import Perimeters

PER_100K: Final = "Généralistes / 100 000 hab."
BELOW: Final[dict[str, tuple[Level, str]]] = {
    "france": ("region", "Région"),
    "region": ("departement", "Département"),
    "departement": ("epci", "Intercommunalité"),
    **dict.fromkeys(BELOW_DEPARTEMENT, ("commune", "Commune")),
}
SMALL_COUNTS_NOTE: Final = (
    "« NS » : moins de 5 professionnels, secret des petits effectifs ; « n.d. » : inconnu. Une cellule vide du fichier "
    "est inconnue."
)


@st.fragment
@guard_against_missing_data()
def show_tables(gazetteer: Gazetteer, perimeters: Perimeters, territory: Territory) -> None:
    """Draw the tables of a territory, one a tab; only the open one is made."""
    facts = facts_of(perimeters)
    portrait = facts.portrait.loc[list(members_in(perimeters, territory)["cpts_id"].unique())]
    white, two = (table[gazetteer.holds(territory, table["commune_code"])] for table in (facts.white, facts.two))
    without = portrait[portrait["n_msp"] == 0]
    drawn: dict[str, Callable[[], None]] = {
        "CPTS": lambda: _show_cpts(gazetteer, perimeters, portrait, territory, name="maillage_cpts"),
        "Couverture par territoire": lambda: _show_coverage(gazetteer, perimeters, facts, territory),
        "Zones blanches": lambda: _show_white(gazetteer, perimeters, white, territory),
        "Communes dans deux CPTS": lambda: _show_two(gazetteer, perimeters, two, territory),
        "CPTS sans MSP": lambda: _show_without(gazetteer, perimeters, portrait, without, territory),
        "Taille et financement": lambda: _show_sizes(portrait),
    }
    for tab, draw in zip(st.tabs(list(drawn), key="cpts_tab", on_change="rerun"), drawn.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _count(value: float) -> str:
    return format_number(value)


def cpts_table(gazetteer: Gazetteer, portrait: pd.DataFrame) -> pd.DataFrame:
    """Return the CPTS as the reader sees them, values as numbers; small counts of GPs are still to be hidden."""
    columns: dict[str, Any] = {
        "CPTS": portrait["name"].to_numpy(),
        "Département": [gazetteer.label(Territory("departement", code)) for code in portrait["departement_code"]],
        "Population": portrait["population"].to_numpy(),
        "Taille": portrait["size_class"].to_numpy(),
        "Communes": portrait["n_communes"].to_numpy(),
        "dont partagées": portrait["n_shared_communes"].to_numpy(),
        "dont en partie": portrait["n_part_communes"].to_numpy(),
        apl_indicator().short_label: portrait["apl"].to_numpy(),
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
        ["Population", "Communes", "dont partagées", "dont en partie", "MSP", PER_100K], _count
    )
    formats |= {"Taille": lambda size: say_size(size).removeprefix("taille "), "Généralistes": say_gps}
    formats |= {apl_indicator().short_label: lambda apl: format_number(apl, 2)}
    formats |= dict.fromkeys(shares, lambda share: format_number(share, 1))
    shown, given = hide_small_counts(table)
    show_grid(shown, formats, "CPTS du territoire")
    offer_table(
        given,
        describe_cpts_sources(perimeters, ["population", apl_indicator().id, "zone"], msp=True),
        title=f"CPTS ({gazetteer.label(territory)})",
        name=f"{name}_{territory.slug}",
    )
    st.caption(
        "Toute CPTS qui a une commune dans le territoire, avec tout son périmètre, y compris hors du territoire. APL "
        "moyenne pondérée par la population standardisée ; part sous 2,5 par la population totale ; zones par la "
        f"population des communes dont la zone est connue. MSP : {cite_msp()}. {_say_gps_source()} {SMALL_COUNTS_NOTE} "
        "Une CPTS qui n’a qu’une partie d’une commune, sans qu’on sache laquelle, ou qui déborde de la région que la "
        "source décrit, a une population et des chiffres n.d. ; un arrondissement compte ses propres habitants."
    )


def _say_gps_source() -> str:
    name = gp_table()
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
    units = facts.units.assign(code=facts.units[f"{level}_code"])
    white = (facts.n_cpts == 0).to_numpy()
    grouped = units.assign(white=white * units["population"]).groupby("code")
    # A city is white where all its arrondissements are.
    n_white = units.assign(white=white).groupby(["code", "commune_code"])["white"].all().groupby("code").sum()
    sums = grouped[["population", "white"]].sum().reindex(codes)
    n_communes, n_white = (counts.reindex(codes) for counts in (grouped["commune_code"].nunique(), n_white))
    share = coverage_by(facts, level).reindex(codes).to_numpy()
    unknown = np.isnan(share)
    table = pd.DataFrame(
        {
            head: [gazetteer.label(Territory(level, code)) for code in codes],
            "Population": sums["population"].to_numpy(),
            "Population couverte (%)": 100 * share,
            "Communes": n_communes.to_numpy(),
            "Communes blanches": np.where(unknown, np.nan, n_white.to_numpy(dtype=float)),
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
        name=f"maillage_cpts_couverture_{territory.slug}",
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
            columns={"zone": "Zone", "unit_code": "Code", "name": "Commune", "departement_code": "Département",
                     "population": "Population"}
        )[["Zone", "Commune", "Code", "Département", "Population"]]  # fmt: skip
        show_grid(communes, {"Population": _count, "Zone": _count}, "Communes sans CPTS")
    offer_table(
        communes,
        describe_cpts_sources(perimeters, ["population"]),
        title=f"Communes sans CPTS ({gazetteer.label(territory)})",
        name=f"maillage_cpts_zones_blanches_{territory.slug}",
    )
    st.caption("Le numéro d’une zone est son rang parmi toutes celles de la liste, hors du territoire comprises.")


def _departements(gazetteer: Gazetteer, table: pd.DataFrame) -> list[str]:
    return [gazetteer.label(Territory("departement", code)) for code in table["departement_code"]]


def _show_two(gazetteer: Gazetteer, perimeters: Perimeters, two: pd.DataFrame, territory: Territory) -> None:
    if two.empty:
        st.info("Aucune commune du territoire n’est dans deux CPTS.")
        return
    table = two.drop(columns="commune_code").assign(departement_code=_departements(gazetteer, two)).rename(
        columns={"unit_code": "Code", "name": "Commune", "departement_code": "Département",
                 "population": "Population", "n_cpts": "Nombre de CPTS", "cpts": "CPTS"}
    )  # fmt: skip
    show_grid(table, {"Population": _count}, "Communes dans deux CPTS")
    offer_table(
        table,
        describe_cpts_sources(perimeters, ["population"]),
        title=f"Communes dans deux CPTS ({gazetteer.label(territory)})",
        name=f"maillage_cpts_doubles_{territory.slug}",
    )


def _show_without(
    gazetteer: Gazetteer, perimeters: Perimeters, portrait: pd.DataFrame, without: pd.DataFrame, territory: Territory
) -> None:
    n_unknown = int(portrait["n_msp"].isna().sum())
    if n_unknown:
        st.caption(
            f"{n_unknown} CPTS dont le nombre de MSP est n.d. : il n’est pas connu dans toutes leurs communes, ou pas "
            "dans la partie qu’elles ont d’une commune."
        )
    if without.empty:
        if n_unknown < len(portrait):
            st.success("Aucune CPTS sans MSP parmi celles où les MSP sont connues.", icon=":material/check_circle:")
        return
    _show_cpts(gazetteer, perimeters, without, territory, name="maillage_cpts_sans_msp")


def _show_sizes(portrait: pd.DataFrame) -> None:
    """Draw the sizes with their bounds and maxima of 2019, and how many CPTS have each."""
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
                "Maximum de 2019 (source secondaire)": (
                    UNKNOWN if size.most_2019_eur is None else format_number(size.most_2019_eur, 0, "€ par an")
                ),
                "CPTS": format_number(counts.get(size.size, 0)),
                "Population des périmètres": format_number(people.get(size.size, 0.0)),
            }
        )
        low = high or low
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Tailles des CPTS et financement")
    st.caption(
        f"{rules.label} : {say_funding()}. {rules.warning} Source : {rules.source} (source secondaire). "
        f"{tell_reading(rules)}"
    )


def _say_bounds(low: float, high: float | None) -> str:
    if high is None:
        return f"{format_number(low)} ou plus"
    return f"{format_number(low)} à {format_number(high - 1)}" if low else f"moins de {format_number(high)}"
