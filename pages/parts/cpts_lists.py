"""Whose perimeters the CPTS page shows: the reader's own list, or the synced one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.cpts import home_departements
from data import store
from data.cpts_saved import CptsList, forget_list, list_path, load_list, write_list
from data.errors import DataError
from pages.parts.numbers import format_date
from pages.parts.own_projects_owner import current_owner
from pages.parts.tables import load_gazetteer, load_sources, load_table
from reports.errors import OutputError
from reports.saving import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pages.parts.cpts_state import Origin

TABLE: Final = "cpts_perimeters"
KEPT: Final = "cpts_list"
ORIGIN_LABELS: Final[Mapping[Origin, str]] = {"liste": "Ma liste", "sync": "Périmètres synchronisés"}


@dataclass(frozen=True, eq=False)
class Perimeters:
    """Perimeters to be shown.

    Attributes
    ----------
    table
        cpts_id, commune_code, name, finess_code.
    known_departements
        Where they are complete: elsewhere a commune in none is unknown.
    origin
        "liste" (the reader's own) or "sync".
    citation
        Their source in a few French words.
    licence
        Their licence; empty for the reader's own list.
    source_id
        Id of their source; empty for the reader's own list.
    version
        Changes with them: the key of what is computed from them.
    """

    table: pd.DataFrame
    known_departements: frozenset[str]
    origin: Origin
    citation: str
    licence: str
    version: str
    source_id: str = ""


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
        )
    if (synced := _synced()) is not None:
        found["sync"] = synced
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
                st.warning(f"Votre liste de CPTS n’a pas pu être rouverte. {error}", icon=":material/info:")
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


def sync_source_id() -> str | None:
    """Return the id to give to `python -m data sync` to have the perimeters; None when no source brings them."""
    from data.sync.registry import load_remotes  # noqa: PLC0415 - read only where the perimeters are missing

    return next((name for name, remote in load_remotes().items() if TABLE in remote.tables), None)


def _synced() -> Perimeters | None:
    entry = store.manifest()["tables"].get(TABLE)
    if entry is None:
        return None
    table = load_table(TABLE)
    source = next((source for source in load_sources().values() if TABLE in source.tables), None)
    return Perimeters(
        table=table,
        known_departements=_known_departements(tuple(entry.get("covered_regions") or ()), str(entry["sha256"])),
        origin="sync",
        citation=source.citation if source else "périmètres des CPTS synchronisés",
        licence=source.licence if source else "",
        version=str(entry["sha256"]),
        source_id=source.id if source else "",
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _known_departements(covered_regions: tuple[str, ...], _version: str) -> frozenset[str]:
    """Return the departments of the regions that the file covers: as it says, else those where a CPTS lives."""
    departements = load_gazetteer().departements
    regions = set(covered_regions)
    if not regions:
        homes = home_departements(load_table(TABLE), load_table("communes"))
        regions = set(departements.loc[departements["departement_code"].isin(homes), "region_code"])
    return frozenset(departements.loc[departements["region_code"].isin(regions), "departement_code"])
