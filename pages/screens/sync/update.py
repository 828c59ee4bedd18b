"""The update of the official sources from the page: chosen, followed, undone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from coverage.terms.months import format_date
from data import store
from data.errors import DataError
from data.jobs import Job
from data.quality.tables import TITLES
from data.sources.registry import Remote, load_remotes
from data.sync import versions
from data.sync.journal import read_journal
from data.sync.rollback import take_back
from pages.app.notices import guard_against_missing_data, show_fault
from pages.app.plain_text import plain
from pages.app.reader import sits_at_this_machine
from pages.screens.sync.effects import tell_effects
from pages.widgets.choice import choose_many, choose_one
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NO_SYNC: Final = "MAILLAGE_NO_SYNC"
"""Environment variable by which an administrator keeps the update for the command line."""
REFRESH_S: Final = 1.0
LOG_LINES: Final = 12
ASSETS_S: Final = 300.0
SHAPES_SOURCE: Final = "commune_shapes"
SEVERAL_FILES: Final = frozenset({"dgos_barometer"})
OWN_FILE_ENDINGS: Final = (
    ".csv.gz",
    ".csv",
    ".txt",
    ".tsv",
    ".xlsx",
    ".zip",
    ".json.gz",
    ".json",
    ".geojson",
    ".parquet",
)
OWN_FILE_HELP: Final = (
    "Quand le serveur n’a pas accès à internet, ou que la source n’a pas d’adresse permanente : téléchargez le fichier "
    "avec votre navigateur et donnez-le ici. Il passe les mêmes contrôles."
)
STATUS_WORDS: Final = {
    "installed": "mise à jour",
    "unchanged": "inchangée",
    "failed": "échec",
    "rolled_back": "version précédente reprise",
}
CHOSEN: Final = "sync_chosen"
_jobs: list[Job] = []
"""The sync that this server runs, or ran last: shared by all its readers, as the data are."""
_seen: list[Job] = []
"""Those whose end was answered."""


def show_sync() -> None:
    """Draw the sources, the button that updates them, the progress of what runs, and the journal."""
    remotes = load_remotes()
    synced = store.manifest()["synced"]
    _show_sources(remotes, synced)
    if _may_sync():
        _show_choice(remotes)
        running = bool(_jobs) and _jobs[-1].is_running
        st.fragment(_show_job, run_every=REFRESH_S if running else None)(remotes)
        _show_return(remotes)
    else:
        st.info(
            "Sur ce serveur, la mise à jour est réservée à l’administrateur : demandez-la-lui. "
            "Sur votre propre ordinateur, démarrez Maillage par `make run`.",
            icon=":material/lock:",
        )
    _show_journal(remotes)


def _may_sync() -> bool:
    """Tell whether this reader may replace the data of the server: at its own machine, unless told otherwise."""
    return sits_at_this_machine() and not os.environ.get(NO_SYNC)


def _show_sources(remotes: Mapping[str, Remote], synced: Mapping[str, Any]) -> None:
    tables = store.manifest()["tables"]
    table = pd.DataFrame(
        [
            {
                "Source": remote.title,
                "Tables": ", ".join(TITLES.get(name, name) for name in remote.tables),
                "Ce qui change": tell_effects(remote),
                "En place": _in_place(remote, synced.get(name), tables),
                "Mise à jour le": format_date(pd.Timestamp(synced[name]["installed_on"])) if name in synced else "–",
                "Producteur": remote.producer,
                "Licence": remote.licence,
            }
            for name, remote in remotes.items()
        ]
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(38 + 35 * len(table), 560),
        column_config={name: st.column_config.TextColumn(width="large") for name in ("Source", "Ce qui change")},
        alt="Sources que l’on peut mettre à jour",
    )


def _in_place(remote: Remote, synced: Mapping[str, Any] | None, tables: Mapping[str, Any]) -> str:
    if synced:
        return str(synced["vintage"])
    vintages = dict.fromkeys(tables[name]["vintage"] for name in remote.tables if name in tables)
    shown = f"données embarquées : {' ; '.join(vintages)}" if remote.replaces else "absente"
    return shown if remote.addresses else f"{shown} (fichier à donner)"


def _show_choice(remotes: Mapping[str, Remote]) -> None:
    """Draw the choice of sources and the button that starts their update."""
    running = bool(_jobs) and _jobs[-1].is_running
    which, how, start = st.columns([6, 3, 2], vertical_alignment="bottom")
    with which:
        chosen = choose_many(
            "Sources à mettre à jour",
            list(remotes),
            format_func=lambda name: remotes[name].title,
            key=CHOSEN,
            placeholder="Toutes",
            disabled=running,
        )
    with how:
        accept_drop = st.checkbox(
            "Accepter une baisse",
            key="sync_accept_drop",
            disabled=running,
            help="Une source qui perd plus de 5 % de ses lignes ou de ses totaux est refusée : le fichier est sans "
            "doute partiel. Cochez si cette baisse est réelle.",
        )
    with start:
        if st.button(
            "Mettre à jour",
            type="primary",
            icon=":material/sync:",
            disabled=running,
            key="sync_start",
            width="stretch",
        ):
            _start(chosen, accept_drop=accept_drop)
    with st.expander("J’ai déjà le fichier officiel", icon=":material/upload_file:"):
        _show_own_file(remotes, running=running, accept_drop=accept_drop)


def _start(sources: Sequence[str], *, accept_drop: bool, file: Path | None = None) -> None:
    options = (["--accept-drop"] if accept_drop else []) + (["--file", str(file)] if file else [])
    _jobs[:] = [Job.start("data.sync.job", [*sources, *options])]
    st.rerun()


def _show_own_file(remotes: Mapping[str, Remote], *, running: bool, accept_drop: bool) -> None:
    """Draw the way in of a file that was downloaded otherwise: many networks block what is not a browser."""
    which, start = st.columns([6, 2], vertical_alignment="bottom")
    with which:
        ordered = sorted(remotes, key=lambda name: bool(remotes[name].addresses))  # those without address first
        source = choose_one("Source", ordered, format_func=lambda name: remotes[name].title, key="sync_own_source")
    if source in SEVERAL_FILES:
        st.info(
            "Cette source tient en plusieurs fichiers : rangez-les dans un dossier, puis tapez "
            f"`python -m data sync {source} --file DOSSIER`."
        )
        return
    given = st.file_uploader(f"Fichier pris sur {remotes[source].url}", key="sync_own_file", help=OWN_FILE_HELP)
    with start:
        pressed = st.button(
            "Vérifier et installer",
            icon=":material/upload_file:",
            disabled=running or given is None,
            key="sync_own_start",
            width="stretch",
        )
    if pressed and given is not None:
        _start([source], accept_drop=accept_drop, file=_keep(given.name, given.getbuffer()))


def _keep(name: str, content: memoryview) -> Path:
    """Write a given file where the sync can read it; only a known ending is taken from its name."""
    ending = next((known for known in OWN_FILE_ENDINGS if name.lower().endswith(known)), "")
    versions.data_folder().mkdir(parents=True, exist_ok=True)
    path = versions.data_folder() / f"given{ending}"
    path.write_bytes(content)
    return path


@guard_against_missing_data()
def _show_job(remotes: Mapping[str, Remote]) -> None:
    """Draw what runs: a bar for the source at work, the last lines said; then what became of each source."""
    if not _jobs:
        return
    job = _jobs[-1]
    if job.is_running:
        _show_progress(job, remotes)
        if st.button("Arrêter", icon=":material/stop:", key="sync_stop"):
            job.stop()
        return
    _show_outcomes(job, remotes)
    if job not in _seen:
        _seen[:] = [job]
        _tidy({message["outcome"] for message in job.messages if message.get("status") == "installed"})
        st.rerun()


def _tidy(sources: set[str]) -> None:
    """Remove the file that was given; make the map again when its shapes changed.

    The tables need nothing: each run of a page follows them (`pages.app.freshness`).
    """
    for given in versions.data_folder().glob("given*"):
        given.unlink()
    if SHAPES_SOURCE in sources:
        with st.spinner("Préparation des contours de la carte…"):
            Job.start("data", ["assets"]).wait(ASSETS_S)


def _show_progress(job: Job, remotes: Mapping[str, Remote]) -> None:
    steps = [message for message in job.messages if "done" in message]
    if steps:
        step = steps[-1]
        total = step["total"]
        said = f"{format_number(step['done'] / 1e6, 1)} Mo" + (f" sur {format_number(total / 1e6, 1)}" if total else "")
        title = remotes[step["source"]].title if step["source"] in remotes else step["source"]
        st.progress(min(step["done"] / total, 1.0) if total else 0.0, text=f"{plain(title)} : {said}")
    else:
        st.progress(0.0, text="Mise à jour en cours…")
    said_lines = [message["say"] for message in job.messages if "say" in message]
    st.code("\n".join(said_lines[-LOG_LINES:]) or "…", language=None, wrap_lines=True)


def _show_outcomes(job: Job, remotes: Mapping[str, Remote]) -> None:
    outcomes = [message for message in job.messages if "outcome" in message]
    for outcome in outcomes:
        title = remotes[outcome["outcome"]].title if outcome["outcome"] in remotes else outcome["outcome"]
        words = f"**{plain(title)}** : {STATUS_WORDS[outcome['status']]}. {plain(outcome['sentence'])}"
        (st.error if outcome["status"] == "failed" else st.success)(words)
    for fault in (message["fault"] for message in job.messages if "fault" in message):
        show_fault(fault)
    if not outcomes and not any("fault" in message for message in job.messages):
        st.warning("Mise à jour arrêtée avant la fin : les données précédentes restent en place.")


def _show_return(remotes: Mapping[str, Remote]) -> None:
    """Draw the way back to the version before."""
    ids = versions.synced_ids()
    if not ids:
        return
    with st.expander("Revenir à la version précédente", icon=":material/history:"):
        which, act = st.columns([6, 2], vertical_alignment="bottom")
        with which:
            source = choose_one(
                "Source",
                ids,
                format_func=lambda name: remotes[name].title if name in remotes else name,
                key="sync_return_source",
            )
        with act:
            pressed = st.button("Revenir", icon=":material/undo:", key="sync_return", width="stretch")
        st.caption("Un second retour rétablit la version quittée.")
        if pressed:
            try:
                sentence = take_back(source)
            except DataError as error:
                show_fault(error)
                return
            _tidy({source})
            st.toast(f"{plain(remotes[source].title if source in remotes else source)} : {plain(sentence)}")
            st.rerun()


def _show_journal(remotes: Mapping[str, Remote]) -> None:
    entries = read_journal(50)
    if not entries:
        return
    with st.expander("Journal des mises à jour", icon=":material/list_alt:"):
        table = pd.DataFrame(
            [
                {
                    "Date": pd.Timestamp(entry.date),
                    "Source": remotes[entry.source].title if entry.source in remotes else entry.source,
                    "Résultat": STATUS_WORDS.get(entry.status, entry.status),
                    "Détail": entry.sentence,
                }
                for entry in entries
            ]
        )
        when = st.column_config.DatetimeColumn("Date", format="DD/MM/YYYY HH:mm")
        st.dataframe(table, hide_index=True, column_config={"Date": when}, alt="Journal des mises à jour")
