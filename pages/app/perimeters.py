"""Whose perimeters the CPTS page shows: the reader's own list, or the published ones (embedded, then synced)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from coverage.cpts.perimeters import home_departements
from coverage.terms.months import format_date
from data import store
from data.cpts.saved import CptsList, forget_list, list_path, load_list, write_list
from data.errors import DataError
from pages.app.notices import show_notices
from pages.app.owner import current_owner
from pages.app.tables import load_gazetteer, load_sources, load_table, load_units
from reports.errors import OutputError
from reports.page.saving import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


TABLE: Final = "cpts_perimeters"
KEPT: Final = "cpts_list"
Origin = Literal["liste", "sync"]
ORIGIN_LABELS: Final[Mapping[Origin, str]] = {"liste": "Ma liste", "sync": "Périmètres publiés"}


@dataclass(frozen=True, eq=False)
class Perimeters:
    """Perimeters to be shown.

    Attributes
    ----------
    table
        The table `cpts_perimeters`.
    known_departements
        Where they are complete: elsewhere a commune in none is unknown.
    origin
        "liste" (the reader's own) or "sync" (published: those synced, else those embedded).
    citation
        Their source in a few French words.
    licence
        Their licence; empty for the reader's own list.
    source_id
        Id of their source; empty for the reader's own list.
    note
        Flaws of the source, in French; empty for the reader's own list.
    version
        Changes with them: the key of what is computed from them.
    n_left
        Lines of the reader's file that were left aside: a commune in no CPTS may be one of them.
    """

    table: pd.DataFrame
    known_departements: frozenset[str]
    origin: Origin
    citation: str
    licence: str
    version: str
    source_id: str = ""
    note: str = ""
    n_left: int = 0


def available() -> dict[Origin, Perimeters]:
    """Return the perimeters at hand, the reader's own first; empty when there are none."""
    found: dict[Origin, Perimeters] = {}
    if (own := own_list()) is not None:
        found["liste"] = Perimeters(
            table=own.perimeters,
            known_departements=frozenset(own.complete_in),
            origin="liste",
            citation=f"liste « {own.name} » de l’utilisateur, lue le {format_date(own.read_on)}",
            licence="",
            version=own.digest,
            n_left=own.n_left,
        )
    if (published := _published()) is not None:
        found["sync"] = published
    return found


def own_list() -> CptsList | None:
    """Return this reader's list: that of the session, else the one kept in the user's folder."""
    if KEPT not in st.session_state:
        owner = current_owner()
        st.session_state[KEPT] = None
        if owner.kind != "cle":
            try:
                st.session_state[KEPT] = load_list(owner.name, load_table("communes"), load_table("commune_history"))
            except DataError as error:
                show_notices([f"Votre liste de CPTS n’a pas pu être rouverte. {error}"])
    kept: CptsList | None = st.session_state[KEPT]
    return kept


def keep_list(made: CptsList) -> str:
    """Keep a list in the session and, for a reader who will be known again, in the user's folder.

    Returns
    -------
    str
        Where it was kept, in French.
    """
    st.session_state[KEPT] = made
    owner = current_owner()
    if owner.kind == "cle":
        return "Elle est gardée le temps de cette session."
    try:
        write_whole(list_path(owner.name), write_list(made).encode("utf-8"))
    except OutputError as error:
        return f"Elle est gardée le temps de cette session seulement : {error}"
    return "Elle sera là la prochaine fois."


def drop_list() -> None:
    """Forget this reader's list, in the session and in the user's folder."""
    st.session_state[KEPT] = None
    owner = current_owner()
    if owner.kind != "cle":
        forget_list(owner.name)


def _published() -> Perimeters | None:
    entry = store.manifest()["tables"].get(TABLE)
    if entry is None:
        return None
    table = load_table(TABLE)
    source = next((source for source in load_sources().values() if TABLE in source.tables), None)
    return Perimeters(
        table=table,
        known_departements=_known_departements(tuple(entry.get("covered_regions") or ()), str(entry["sha256"])),
        origin="sync",
        citation=source.citation if source else "périmètres des CPTS publiés",
        licence=source.licence if source else "",
        version=str(entry["sha256"]),
        source_id=source.id if source else "",
        note=source.note if source else "",
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _known_departements(covered_regions: tuple[str, ...], _version: str) -> frozenset[str]:
    """Return the departments of the regions that the file covers: as it says, else those where a CPTS lives."""
    departements = load_gazetteer().departements
    regions = set(covered_regions)
    if not regions:
        homes = home_departements(load_table(TABLE), load_units())
        regions = set(departements.loc[departements["departement_code"].isin(homes), "region_code"])
    return frozenset(departements.loc[departements["region_code"].isin(regions), "departement_code"])
