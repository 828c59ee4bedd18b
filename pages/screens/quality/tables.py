"""What the tables are worth, on the page: origin, unknown cells, coverage by department, changes, checks."""

from __future__ import annotations

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards import Indicator
from coverage.territories.gazetteer import FRANCE, Territory
from data import store
from data.jobs import Job
from data.quality.changes import compare_structures, compare_tables
from data.quality.columns import name_column
from data.quality.previous import Previous, load_previous
from data.quality.tables import TITLES, count_by_departement, count_unknowns, summarise_tables
from data.sources.registry import load_remotes
from pages.app.notices import guard_against_missing_data, show_fault
from pages.app.plain_text import plain
from pages.app.tables import load_gazetteer, load_sources, load_table
from pages.screens.quality.controls import show_controls
from pages.widgets.choice import choose_one
from pages.widgets.exports.table import offer_table
from pages.widgets.grid import show_grid
from pages.widgets.map.drawing import show_map
from pages.widgets.map.values import draw_series
from reports.figures.numbers import UNKNOWN, format_number, format_share

ALL_ROWS: Final = "toutes les lignes"
REFRESH_S: Final = 1.0
MAP_HEIGHT: Final = 480
SHAPES: Final = "commune_geometry"
_jobs: list[Job] = []
"""The last check of the tables, shared by all readers of this server."""


def show_quality() -> None:
    """Draw the list of tables, one table in detail, and the checks."""
    manifest = store.manifest()
    summary = summarise_tables(manifest)
    st.subheader("Tables en service", anchor=False)
    shown = pd.DataFrame(
        {
            "Table": summary["title"],
            "Origine": summary["tier"],
            "Millésime": summary["vintage"],
            "Lignes": summary["n_rows"],
            "Taille (ko)": (summary["n_bytes"] / 1000).round(),
            "Source": [_name_sources(ids) for ids in summary["source_ids"]],
        }
    )
    whole = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        shown,
        hide_index=True,
        height=min(38 + 35 * len(shown), 500),
        column_config={"Lignes": whole, "Taille (ko)": whole},
        alt="Tables en service",
    )
    st.subheader("Contrôles", anchor=False)
    show_controls()
    _show_checks()
    st.subheader("Une table en détail", anchor=False)
    _show_table(list(summary["table"]))


def _name_sources(ids: str) -> str:
    sources, remotes = load_sources(), load_remotes()
    known = {name: source.producer for name, source in sources.items()}
    known |= {name: remote.producer for name, remote in remotes.items()}
    return " ; ".join(dict.fromkeys(known.get(name, name) for name in ids.split(", ")))


def _show_checks() -> None:
    running = bool(_jobs) and _jobs[-1].is_running
    if st.button("Vérifier toutes les tables", icon=":material/fact_check:", key="check_start", disabled=running):
        _jobs[:] = [Job.start("data.quality.checks")]
        running = True
    st.fragment(_show_check_results, run_every=REFRESH_S if running else None)()


def _show_check_results() -> None:
    if not _jobs:
        st.caption(
            "Fichiers intacts, colonnes, types, bornes, clés et codes de communes de chaque table : quelques secondes."
        )
        return
    job = _jobs[-1]
    results = pd.DataFrame(job.messages, columns=["table", "wanted", "passed", "sentence"])
    if job.is_running:
        st.progress(
            min(len(results) / max(len(store.manifest()["tables"]), 1), 0.99), text=f"{len(results)} contrôles faits…"
        )
        return
    failed = results[~results["passed"].astype(bool)]
    if job.status or results.empty:
        show_fault(job.fault, "La vérification s’est arrêtée avant la fin.")
    elif failed.empty:
        st.success(f"{format_number(len(results))} contrôles passés, aucun échec.", icon=":material/check_circle:")
    for row in failed.itertuples(index=False):
        show_fault(f"{row.wanted}. {row.sentence}", f"**{plain(TITLES.get(row.table, row.table))}** :")
    with st.expander(f"Les {format_number(len(results))} contrôles", icon=":material/list_alt:"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Table ou source": [TITLES.get(name, name) for name in results["table"]],
                    "Contrôle": results["wanted"],
                    "Résultat": ["passé" if passed else "échec" for passed in results["passed"]],
                    "Détail": results["sentence"],
                }
            ),
            hide_index=True,
            alt="Contrôles des tables",
        )


@st.fragment
@guard_against_missing_data()
def _show_table(names: list[str]) -> None:
    described = [name for name in names if name != SHAPES]
    default = described.index("structures") if "structures" in described else 0
    name = choose_one(
        "Table", described, index=default, format_func=lambda name: TITLES.get(name, name), key="quality_table"
    )
    table = load_table(name)
    unknowns, coverage = st.columns([5, 6])
    with unknowns:
        column = _show_unknowns(name, table)
    with coverage:
        _show_coverage(name, table, column)
    _show_changes(name, table)


def _show_unknowns(name: str, table: pd.DataFrame) -> str | None:
    """Draw what each column leaves unknown; return the column whose coverage is asked for."""
    st.markdown(f"**Valeurs inconnues**, sur {format_number(len(table))} lignes")
    counted = count_unknowns(table)
    shown = pd.DataFrame(
        {
            "Colonne": [name_column(column) for column in counted["column"]],
            "Inconnues": counted["n_unknown"],
            "Part": 100 * counted["share_unknown"],
        }
    )
    show_grid(
        shown,
        {"Inconnues": format_number, "Part": partial(format_number, decimals=1, unit="%")},
        "Valeurs inconnues par colonne",
    )
    column = choose_one(
        "Couverture de",
        [ALL_ROWS, *counted["column"]],
        format_func=name_column,
        key=f"quality_column_{name}",
        help="Une ligne dont cette colonne est inconnue ne compte pas.",
    )
    return None if column == ALL_ROWS else str(column)


def _show_coverage(name: str, table: pd.DataFrame, column: str | None) -> None:
    st.markdown("**Couverture par département**")
    counted = count_by_departement(table, load_table("communes"), column)
    if counted is None:
        st.caption("Cette table ne dit rien des départements ni des communes : elle vaut pour la France entière.")
        return
    by_communes = counted["share_known_communes"].notna().any() and name != "structures"
    values = counted.set_index("departement_code")["share_known_communes" if by_communes else "n_rows"]
    values = values.astype("float64").where(counted.set_index("departement_code")["n_rows"] > 0)
    what = f" : {name_column(column)}" if column else ""
    card = Indicator(
        id=f"quality_{name}",
        label=f"{TITLES.get(name, name)}{what}",
        short_label="Communes connues" if by_communes else "Lignes",
        unit="%" if by_communes else "lignes",
        decimals=1 if by_communes else 0,
        levels=("departement",),
        kind="sequential",
        higher_is="mieux",
        source_ids=(),
        vintage=store.manifest()["tables"][name]["vintage"],
        formula="",
        note="",
        theme="Structures",
        display_factor=100.0 if by_communes else 1.0,
        thresholds=(0.5, 0.9, 0.99) if by_communes else (),
        is_count=not by_communes,
    )
    drawn = draw_series(card, values, "departement", FRANCE, "seuils" if by_communes else "quantiles", 5)
    show_map(drawn.values, drawn.legend, key="quality_map", outlines=("region",), height=MAP_HEIGHT)
    n_missing = int((counted["n_rows"] == 0).sum())
    n_known = counted["n_known_communes"].sum(min_count=1)
    share = n_known / counted["n_communes"].sum()
    st.caption(
        (f"{format_share(share, 1)} des communes connues. " if by_communes else "")
        + (f"{format_number(n_missing)} départements sans aucune ligne (hachurés)." if n_missing else "")
    )
    gazetteer = load_gazetteer()
    offer_table(
        pd.DataFrame(
            {
                "Code": counted["departement_code"],
                "Département": [gazetteer.name(Territory("departement", code)) for code in counted["departement_code"]],
                "Lignes": counted["n_rows"],
                "Communes": counted["n_communes"],
                "Communes connues": counted["n_known_communes"],
            }
        ),
        _describe_table(name),
        title=f"Couverture : {card.label}",
        name=f"maillage_couverture_{name}",
    )


def _show_changes(name: str, table: pd.DataFrame) -> None:
    st.markdown("**Ce qui a changé depuis la version précédente**")
    previous = load_previous(name)
    if previous is None:
        st.caption(
            "Aucune version précédente : cette table est celle livrée avec Maillage, ou n’a été reçue qu’une fois."
        )
        return
    st.caption(f"Version précédente : {previous.vintage}.")
    if name == "structures":
        _show_structure_changes(table, previous)
        return
    from data.contracts.schemas import CONTRACTS  # noqa: PLC0415 - pandera is too slow for the other pages
    from data.contracts.synced_schemas import SYNCED_CONTRACTS  # noqa: PLC0415 - pandera is too slow for the other pages

    changes = compare_tables(previous.table, table, {**CONTRACTS, **SYNCED_CONTRACTS}[name].key)
    counts = (
        ("Lignes avant", changes.n_before),
        ("Lignes maintenant", changes.n_now),
        ("Ajoutées", changes.n_added),
        ("Retirées", changes.n_removed),
    )
    for place, (label, count) in zip(st.columns(len(counts)), counts, strict=True):
        place.metric(label, format_number(count))
    changed = changes.n_changed[changes.n_changed > 0]
    if len(changed):
        st.dataframe(
            pd.DataFrame(
                {
                    "Colonne": [name_column(str(column)) for column in changed.index],
                    "Valeurs changées": changed.to_numpy(),
                }
            ),
            hide_index=True,
            alt="Valeurs changées par colonne",
        )


def _show_structure_changes(table: pd.DataFrame, previous: Previous) -> None:
    covered = store.manifest()["tables"]["structures"].get("covered_regions")
    known = [regions for regions in (covered, previous.covered_regions) if regions is not None]
    regions = sorted(set.intersection(*map(set, known))) if known else None
    listed = compare_structures(previous.table, table, regions)
    if regions is not None:
        names = ", ".join(load_gazetteer().name(Territory("region", code)) for code in regions)
        st.caption(f"Comparaison limitée à ce que les deux versions couvrent : {names}.")
    kinds = ("ouverte", "fermée", "déplacée", "renommée")
    for place, kind in zip(st.columns(len(kinds)), kinds, strict=True):
        place.metric(f"{kind.capitalize()}s", format_number(int((listed["change"] == kind).sum())))
    if listed.empty:
        st.caption("Aucune structure n’a changé.")
        return
    shown = pd.DataFrame(
        {
            "Changement": listed["change"],
            "Type": listed["structure_type"],
            "Nom": listed["name"],
            "Ancien nom": listed["name_before"].fillna(""),
            "Département": listed["departement_code"],
            "Commune": listed["commune_code"],
            "Distance": [
                UNKNOWN if pd.isna(metres) else format_number(metres / 1000, 1, "km") for metres in listed["distance_m"]
            ],
            "FINESS": listed["finess_code"],
        }
    )
    st.dataframe(shown, hide_index=True, height=min(38 + 35 * len(shown), 420), alt="Structures qui ont changé")
    offer_table(
        shown,
        _describe_table("structures"),
        title="Structures : ce qui a changé",
        name="maillage_changements_structures",
    )


def _describe_table(name: str) -> list[dict[str, str]]:
    """Say, for the sheet of sources, where a table comes from."""
    entry = store.manifest()["tables"][name]
    synced, sources = store.manifest()["synced"], load_sources()
    lines = []
    for source_id in entry["sources"]:
        if source_id in synced:
            known = synced[source_id]
            line = {"Source": known["title"], "Producteur": known["producer"], "Licence": known["licence"]}
        else:
            source = sources[source_id]
            line = {"Source": source.title, "Producteur": source.producer, "Licence": source.licence}
        lines.append({"Table": TITLES.get(name, name), **line, "Millésime": entry["vintage"]})
    return lines
