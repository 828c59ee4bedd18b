"""`python -m reports indicators`: every indicator that the tables at hand can inform."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

from coverage.indicators.cards import Indicator
from geo.levels import FROM_FINEST
from reports.commands.parser import add_command
from reports.commands.writing import write
from reports.figures.facts import Facts

_EPILOG = "Colonnes : id, label, unit, levels (séparés par des espaces), nature, vintage. CSV : virgule, UTF-8."


def add_parser(commands: Any) -> None:
    """Describe the command."""
    parser = add_command(commands, "indicators", run, help="liste les indicateurs et leurs définitions", epilog=_EPILOG)
    parser.add_argument("--out", type=Path, metavar="FICHIER", help="fichier .csv, .xlsx, .parquet ou .json")


def run(options: argparse.Namespace) -> int:
    """Write the list; return 0."""
    facts = Facts.of_snapshot()
    indicators = facts.indicators
    write(
        list_indicators(indicators.values()),
        options.out,
        sources=lambda: facts.describe_sources(indicators, FROM_FINEST),
        title="Indicateurs de Maillage",
    )
    return 0


def list_indicators(indicators: Any) -> pd.DataFrame:
    """Return one row an indicator: id, label, unit, levels, nature, vintage."""
    rows = [(one.id, one.label, one.unit, " ".join(one.levels), _nature(one), one.vintage) for one in indicators]
    return pd.DataFrame(rows, columns=["id", "label", "unit", "levels", "nature", "vintage"])


def _nature(indicator: Indicator) -> str:
    """Say the nature of an indicator, and that of its sums where it differs."""
    natures = dict.fromkeys(indicator.known_at(level) for level in indicator.levels)
    if len(natures) == 1:
        return next(iter(natures))
    of_commune, above = natures
    return f"{of_commune} (commune), {above} (au-dessus)"
