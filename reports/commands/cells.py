"""`python -m reports cells`: what counting by cell of 200 m changes in each commune of the grid in place."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

from coverage.access.apl_by_cell import apl_by_cell
from coverage.access.apl_model import apl_by_commune
from coverage.access.cells import people_within, place_cells
from coverage.access.decay import drees_decay
from coverage.indicators.by_cell import COUNTED_MINUTES
from coverage.indicators.cards.access import VINTAGES
from coverage.indicators.cards.structures import CELL_SOURCE, CELLS
from coverage.indicators.nearest import communes_with
from coverage.indicators.practitioners_communes import bpe_counts
from data.workers import add_options, open_workers
from geo.workers import ALONE, Workers
from reports.commands.parser import BadQuestion, add_command, require_jobs
from reports.commands.writing import write
from reports.figures.facts import Facts
from reports.figures.tables import describe_catalogue

_EPILOG = """\
Une ligne par commune qui a des carreaux : code, name, people (habitants des carreaux), within_<T>_min_msp (ceux à moins
de T minutes d’une MSP), apl_by_cell et apl_at_mairie : l’APL modélisée depuis les carreaux et depuis la mairie, avec la
même offre, égale pour tous les médecins de la BPE. Estimations : l’écart entre les deux dit ce que cache la mairie ;
aucune ne remplace l’APL publiée. CSV : virgule, UTF-8."""


def add_parser(commands: Any) -> None:
    """Describe the command."""
    parser = add_command(
        commands, "cells", run, help="compare le compte par carreau à celui de la mairie", epilog=_EPILOG
    )
    add_options(parser, jobs=1, jobs_help="processus qui calculent, un département chacun (par défaut : 1)")
    parser.add_argument("--out", type=Path, metavar="FICHIER", help="fichier .csv, .xlsx, .parquet ou .json")


def run(options: argparse.Namespace) -> int:
    """Write the table; return 0."""
    require_jobs(options.jobs)
    facts = Facts.of_snapshot()
    if CELL_SOURCE not in facts.sources:
        raise BadQuestion(f"aucune grille de carreaux en place : « python -m data sync {CELL_SOURCE} --file FICHIER »")
    with open_workers(options.jobs, options.cluster) as workers:
        table = compare_cells(facts, workers)
    write(
        table,
        options.out,
        sources=lambda: describe_catalogue([CELL_SOURCE, "drees_apl_mg", "insee_bpe_2024"], facts.sources),
        title="Par carreau et à la mairie",
    )
    return 0


def compare_cells(facts: Facts, workers: Workers = ALONE) -> pd.DataFrame:
    """Return one row a commune that has cells, sorted by code; see the help of the command for its columns."""
    communes, equipment = facts.table("communes"), facts.table("bpe_communes")
    parameters = facts.table("apl_parameters")
    cells = place_cells(facts.table(CELLS), communes)
    n_gp = bpe_counts(equipment, pd.Index(communes["commune_code"]), "gp")
    published = apl_by_commune(facts.table("apl"), VINTAGES[0])
    modelled = apl_by_cell(cells, communes, published, n_gp, drees_decay(parameters), workers)
    n_msp = bpe_counts(equipment, pd.Index(communes["commune_code"]), "msp")
    near = people_within(cells, communes_with(n_msp, communes), COUNTED_MINUTES, workers)
    columns = {f"within_{limit}_min_msp": near[f"within_{limit}_min"] for limit in COUNTED_MINUTES}
    names = communes.set_index("commune_code")["name"].reindex(modelled.index)
    table = pd.DataFrame({"name": names, "people": near["population"], **columns})
    return table.join(modelled[["apl_by_cell", "apl_at_mairie"]]).rename_axis("code").reset_index()
