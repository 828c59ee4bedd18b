"""The dates of the structures on the map: their choice, and the MSP of 2021 against those of today in figures."""

import html
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from coverage.terms.months import format_date
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from coverage.trajectory.msp_changes import GONE, RULES, count_changes
from geo.levels import OWN, Level
from geo.map import STRUCTURE_SYMBOLS
from pages.app.popover import show_popover
from pages.app.tables import load_sources, load_table
from pages.widgets.exports.table import describe_catalogue, offer_table
from pages.widgets.structures import known_msp, load_sites
from reports.figures.numbers import format_number

COLUMN_LABELS: Final = {
    "n_2021": "MSP au 8 janvier 2021",
    "n_stayed": "Présentes aux deux dates",
    "n_opened": "Ouvertes depuis",
    "n_estimated": "dont catégorie déduite du nom",
    "n_gone": "Fermées ou non reconnues",
    "n_came": "Venues d’un autre territoire",
    "n_left": "Parties dans un autre territoire",
    "n_now": "MSP au fichier en service",
    "n_doubtful": "Cas douteux",
}
ALWAYS_SHOWN: Final = ("n_2021", "n_stayed", "n_opened", "n_estimated", "n_gone", "n_now", "n_doubtful")
NATURE_NOTE: Final = (
    "Mesuré là où FINESS donne la catégorie. Hors d’Occitanie, en attendant le fichier national : une ouverture repose "
    "sur une catégorie déduite du nom (estimé), une MSP présente aux deux dates est supposée l’être restée, une MSP "
    "non retrouvée peut n’être que non reconnue (estimé)."
)


def evolution_days() -> str:
    """Write the two ends of the comparison: "du 8 janvier 2021 au 12 mai 2026" (of the latest file)."""
    return f"du 8 janvier 2021 au {format_date(load_sites('evolution')['as_of'].max().date())}"


@st.cache_resource(show_spinner=False)
def changes_by(level: Level) -> pd.DataFrame:
    """Return the changes counted in each territory of a level (`coverage.trajectory.msp_changes.count_changes`)."""
    communes = load_table("communes").set_index("commune_code", drop=False)
    home = pd.Series(FRANCE.code, index=communes.index) if level == "france" else communes[f"{level}_code"]
    return count_changes(load_sites("evolution"), home, known_msp())


def changes_in(gazetteer: Gazetteer, territory: Territory) -> pd.Series:
    """Return the changes counted in one territory, an own one too: a row of `changes_by`."""
    if territory.level != OWN:
        return changes_by(territory.level).loc[territory.code]
    communes = pd.Index(gazetteer.communes["commune_code"])
    home = pd.Series(OWN, index=communes, dtype="str").where(gazetteer.mask(territory))
    return count_changes(load_sites("evolution"), home, known_msp()).loc[OWN]


def changes_message(gazetteer: Gazetteer, territory: Territory) -> str:
    """Say how many MSP a territory had in 2021 and has now, each with its day; "" where not all are known."""
    communes = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    if not known_msp().reindex(communes).all():
        return ""
    sites, counts = load_sites("evolution"), changes_in(gazetteer, territory)
    days = sites.loc[sites["commune_code"].isin(communes) & (sites["sign"] != GONE), "as_of"].dt.date.unique()
    if len(days) > 1:  # sites of two days make no count
        return ""
    now = f"{format_number(counts['n_now'])} au {format_date(days[0])}" if len(days) else "aucune aujourd’hui"
    return f"{gazetteer.name(territory)} : {format_number(counts['n_2021'])} MSP au 8 janvier 2021, {now}"


def show_changes_card(gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw what became of the MSP of 2021 in a territory, how surely, and the files of it."""
    counts = changes_in(gazetteer, territory)
    with st.container(border=True, key="changes_card"):
        st.subheader(f"{gazetteer.name(territory)} : MSP depuis 2021", anchor=False)
        if counts.isna().all():
            st.caption("n.d. : le fichier de 2021 ou celui en service ne dit rien de ce territoire.")
            return
        shown = [name for name in COLUMN_LABELS if name in ALWAYS_SHOWN or counts[name]]
        rows = "".join(
            f"<div class='ligne'><span>{html.escape(COLUMN_LABELS[name])}</span>"
            f"<span><b>{format_number(counts[name])}</b></span></div>"
            for name in shown
        )
        st.html(f"<div class='fiche'>{rows}</div>")
        st.caption(f"Sites FINESS, {evolution_days()}. Fermetures et ouvertures sont à vérifier : voir les règles.")
        if left_out := _left_out(gazetteer, territory):
            st.caption(f"Sans {left_out}, absent d’un des deux fichiers (n.d.).")
        with st.expander("Règles, mesuré et estimé"):
            st.caption(RULES)
            st.caption(NATURE_NOTE)


def _left_out(gazetteer: Gazetteer, territory: Territory) -> str:
    """Name the regions of a territory that one of the two files does not know; "" for none."""
    communes = gazetteer.communes[gazetteer.mask(territory)]
    unknown = communes[~known_msp().reindex(communes["commune_code"]).to_numpy()]
    return ", ".join(gazetteer.name(Territory("region", code)) for code in sorted(unknown["region_code"].unique()))


def offer_changes(gazetteer: Gazetteer, scope: Territory, level: Level) -> None:
    """Offer the two tables of the changes: each MSP with what became of it, and the counts by territory."""
    show_popover(
        "MSP de 2021 à aujourd’hui",
        partial(_offer_tables, gazetteer, scope, level),
        key="changes_open",
        icon=":material/table:",
    )


def _offer_tables(gazetteer: Gazetteer, scope: Territory, level: Level) -> None:
    label = gazetteer.label(scope)
    st.caption(f"Une ligne par MSP, {label}")
    offer_table(
        lambda: list_changes(gazetteer, scope),
        _sources(),
        title=f"MSP de 2021 à aujourd’hui, une par une ({label})",
        name=f"maillage_msp_2021_une_par_une_{scope.slug}",
    )
    st.caption(f"Comptes par territoire, {label}")
    offer_table(
        lambda: table_of_changes(gazetteer, scope, level),
        _sources(),
        title=f"MSP de 2021 à aujourd’hui ({label})",
        name=f"maillage_msp_2021_comptes_{scope.slug}_{level}",
    )


def list_changes(gazetteer: Gazetteer, scope: Territory) -> pd.DataFrame:
    """Return each MSP of a territory with what became of it since 2021, in French columns."""
    sites = load_sites("evolution")
    here = sites[gazetteer.holds(scope, sites["commune_code"]) | gazetteer.holds(scope, sites["commune_2021"])]
    names = gazetteer.communes.set_index("commune_code")["name"]
    table = pd.DataFrame(
        {
            "Devenir": here["sign"].map({kind: symbol.label for kind, symbol in STRUCTURE_SYMBOLS.items()}),
            "Nom": here["name"],
            "Commune": here["commune_code"].map(names),
            "Code commune": here["commune_code"],
            "Commune en 2021": here["commune_2021"].map(names).fillna(""),
            "N° FINESS": here["finess_code"],
            "Reconnue par": here["rule"],
            "Nature": here["nature"],
            "Doute": here["doubt"],
            "Ouverture déclarée": here["opened_on"].dt.date,
            "Au": here["as_of"].dt.date,
        }
    )
    return table.sort_values(["Devenir", "Code commune", "Nom"], ignore_index=True)


def table_of_changes(gazetteer: Gazetteer, scope: Territory, level: Level) -> pd.DataFrame:
    """Return the counts of the changes by territory of a level, in French columns."""
    rows = gazetteer.within(scope, level) if scope.level != level else gazetteer.table(level)
    codes = rows[f"{level}_code"].to_numpy()
    counts = changes_by(level).reindex(codes)
    return pd.DataFrame(
        {
            "Code": codes,
            "Nom": rows["name"].to_numpy(),
            **{head: counts[name].to_numpy() for name, head in COLUMN_LABELS.items()},
        }
    )


def _sources() -> list[dict[str, str]]:
    read = {"structures", "structures_2021", "bpe_communes"}
    return describe_catalogue(name for name, source in load_sources().items() if read & set(source.tables))
