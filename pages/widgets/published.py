"""What others published, as the pages write it: the repères, and each claim beside what the DGOS measures of it."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.terms.months import format_full_month
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from coverage.trajectory.claims import measure_claims
from data.sources.reperes import load_comparisons
from pages.app.facts import load_facts
from pages.app.tables import load_reperes, load_sources
from pages.app.trajectory import date_label, half_years
from pages.widgets.exports.table import describe_catalogue, offer_table
from reports.figures.numbers import UNKNOWN, format_number, format_share, format_signed

CERTAINTIES: Final = {"P": "document d’origine", "S": "source secondaire"}
COUNTED, RANKED = INDICATORS["n_msp_dgos"], INDICATORS["population_per_msp_dgos"]
STYLE: Final = """
<style>
.annonces{font-size:.875rem;line-height:1.35;display:grid;gap:0 2.5rem;
  grid-template-columns:repeat(auto-fit,minmax(min(34rem,100%),1fr))}
.annonces.publies{grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));row-gap:.6rem}
.annonce{display:grid;grid-template-columns:1fr 1fr;gap:.15rem 1.5rem;padding:.6rem 0;align-content:start;
  border-top:1px solid rgba(127,150,180,.35)}
.annonce h4{grid-column:1/-1;margin:0;padding:0;font-size:.9rem;font-weight:600}
.annonces small{display:block;opacity:.75;font-size:.78rem}
.annonces b{font-size:1.02rem}
.annonces .dite{border-left:3px dashed rgba(127,150,180,.9);padding-left:.6rem}
.annonces .mesuree{border-left:3px solid #2f74b8;padding-left:.6rem}
.annonces .annonce p{grid-column:1/-1;margin:.2rem 0 0;font-size:.83rem;opacity:.9}
@media(max-width:40rem){.annonce{grid-template-columns:1fr;row-gap:.45rem}}
</style>
"""


def name_place(gazetteer: Gazetteer, level: str, code: str) -> str:
    """Name the territory of a published figure."""
    return gazetteer.name(FRANCE if level == "france" else Territory(level, code))  # type: ignore[arg-type]


def write_value(row: dict[str, Any]) -> str:
    """Write a published figure with the digits it has, its sign or its qualifier: "plus de 360 MSP", "+3,2 %"."""
    value, unit = float(row["value"]), row["unit"]
    if unit == "part":
        text = format_share(value, _decimals(100 * value))
    elif unit == "variation":
        text = format_signed(100 * value, _decimals(100 * value), "%")
    elif unit == "rang":
        text = _ordinal(value)
    else:
        text = format_number(value, _decimals(value), unit)
    return f"{row['qualifier']} {text}".strip()


def _decimals(value: float) -> int:
    return 0 if round(value, 6).is_integer() else 1


def _ordinal(rank: float) -> str:
    return "1re" if rank == 1 else f"{rank:.0f}e"


def show_claims(gazetteer: Gazetteer, territories: tuple[Territory, ...] | None = None, *, key: str) -> None:
    """Draw each claim beside what is measured of it, with what separates the two; nothing where none is made.

    Parameters
    ----------
    gazetteer
        Names.
    territories
        Whose claims; None for all.
    key
        Part of the name of the files.
    """
    claims = _load_claims()
    if territories is not None:
        near = {(territory.level, territory.code) for territory in territories}
        kept = [pair in near for pair in zip(claims["level"], claims["territory_code"], strict=True)]
        claims = claims[kept]
    if claims.empty:
        st.caption("Aucune annonce relevée pour ce territoire.")
        return
    told = [_tell(row, gazetteer) for row in claims.to_dict("records")]
    st.html(f"{STYLE}<div class='annonces'>{''.join(map(_write_claim, told))}</div>")
    offer_table(
        pd.DataFrame(told),
        describe_catalogue(dict.fromkeys([*claims["source"], *COUNTED.source_ids, *RANKED.source_ids])),
        title="Ce qui est annoncé, ce qui est mesuré",
        name=f"maillage_annonces_mesures_{key}",
    )


def show_figures(gazetteer: Gazetteer, territory: Territory, indicators: tuple[str, ...]) -> None:
    """Draw some published figures of a territory or of what contains it, apart from what is measured here.

    France shows those of its regions too, each with its name; nothing is drawn where none is published.
    """
    near = {(other.level, other.code) for other in (territory, *gazetteer.containing(territory))}
    table = load_reperes()
    table = table[table["indicator"].isin(indicators)]
    shown = [
        row for row in table.to_dict("records") if territory == FRANCE or (row["level"], row["territory_code"]) in near
    ]
    if not shown:
        return
    cells = []
    for row in shown:
        place = name_place(gazetteer, row["level"], row["territory_code"])
        parts = (date_label(row["date"]), load_sources()[row["source"]].citation, row["nature"])
        about = " · ".join((*parts, CERTAINTIES[row["certainty"]]))
        cells.append(
            f"<div class='dite'><small>{escape(place)} · {escape(row['label'])}</small>"
            f"<b>{escape(write_value(row))}</b><small>{escape(about)}</small></div>"
        )
    with st.container(border=True):
        st.markdown("**Publié par d’autres, non recalculé ici**")
        st.html(f"{STYLE}<div class='annonces publies'>{''.join(cells)}</div>")


@st.cache_resource(show_spinner=False)
def _load_claims() -> pd.DataFrame:
    claims = load_comparisons()
    return claims.join(measure_claims(claims, load_facts().labelled_msp))


def _tell(row: dict[str, Any], gazetteer: Gazetteer) -> dict[str, str]:
    """Write a claim and its measure, as the columns of the export name them."""
    measured = RANKED if row["measure"] == "rank" else COUNTED
    known = pd.notna(row["first"])
    dates = [format_full_month(date) for date in dict.fromkeys((row["first_on"], row["last_on"]))] if known else []
    return {
        "Territoire": name_place(gazetteer, row["level"], row["territory_code"]),
        "Chiffre": row["label"],
        "Annoncé": write_value(row),
        "Date de l’annonce": date_label(row["date"]),
        "Source de l’annonce": load_sources()[row["source"]].citation,
        "Fiabilité": CERTAINTIES[row["certainty"]],
        "Nature de l’annonce": row["nature"],
        "Mesuré": _tell_measure(row) if known else UNKNOWN,
        "Date de la mesure": " → ".join(dates) or UNKNOWN,
        "Source de la mesure": load_facts().cite(measured.id),
        "Nature de la mesure": measured.nature,
        "Ce qui les sépare": " ".join([*_tell_gap(row), row["gap"]] if known else [row["gap"]]),
    }


def _tell_measure(row: dict[str, Any]) -> str:
    first, last = row["first"], row["last"]
    alone = row["first_on"] == row["last_on"]
    if row["measure"] == "rank":
        ranks = _ordinal(first) if first == last else f"{_ordinal(first)} puis {_ordinal(last)}"
        return f"{ranks} région sur {format_number(row['n_ranked'])}"
    if row["measure"] == "growth":
        counts = f"de {format_number(first)} à {format_number(last, 0, 'MSP')}"
        return UNKNOWN if pd.isna(row["growth"]) else f"× {format_number(row['growth'], 1)} ({counts})"
    if alone or first == last:
        return format_number(last, 0, "MSP")
    return f"de {format_number(first)} à {format_number(last, 0, 'MSP')}"


def _tell_gap(row: dict[str, Any]) -> list[str]:
    """Say what the series itself shows of the gap."""
    told = []
    if row["measure"] == "rank" and row["best"] > row["value"]:
        told.append(f"Aucun semestre regardé ne donne ce rang : {_ordinal(row['best'])} au mieux.")
    if pd.notna(row["reached_on"]):
        value = format_number(row["value"])
        told.append(
            f"La série atteint {value} en {format_full_month(row['reached_on'])} "
            f"({format_number(row['reached'], 0, 'MSP')})."
        )
    if not row["is_whole"]:
        first, last = half_years()[0], half_years()[-1]
        told.append(f"La série ne va que de {format_full_month(first)} à {format_full_month(last)}.")
    return told


def _write_claim(told: dict[str, str]) -> str:
    said = {name: escape(text) for name, text in told.items()}
    announced = " · ".join(
        (
            said["Date de l’annonce"],
            said["Source de l’annonce"],
            said["Nature de l’annonce"],
            said["Fiabilité"],
        )
    )
    measured = " · ".join((said["Date de la mesure"], said["Source de la mesure"], said["Nature de la mesure"]))
    return (
        f"<div class='annonce'><h4>{said['Territoire']} · {said['Chiffre']}</h4>"
        f"<div class='dite'><small>Annoncé</small><b>{said['Annoncé']}</b><small>{announced}</small></div>"
        f"<div class='mesuree'><small>Mesuré</small><b>{said['Mesuré']}</b><small>{measured}</small></div>"
        f"<p>{said['Ce qui les sépare']}</p></div>"
    )
