"""`python -m reports projection`: the need for GPs of a territory and everything it rests on, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from coverage.projection import PRESETS, ScenarioError
from data.workers import add_options, open_workers
from reports.commands.parser import BadQuestion, add_command, read_territory, require_jobs
from reports.figures.facts import Facts
from reports.projection.outlook import N_DRAWS, ProjectionFigures, projection_figures

_EPILOG = """\
Donne departures, entries, need_to_find, left_to_convince, left_to_convince_low et left_to_convince_high (8 chances
sur 10), en médecins cumulés sur l’horizon, et chaque hypothèse avec sa source ; inconnu : null.

Exemple :
  python -m reports projection --territory region-76 --horizon 10 --preset ars_occitanie"""

DEFAULT_HORIZON = 10
MOST_DRAWS = 100_000  # 1.3 GB for the departments over thirty years


def add_parser(commands: Any) -> None:
    """Describe the command."""
    parser = add_command(commands, "projection", run, help="projette les généralistes d’un territoire", epilog=_EPILOG)
    parser.add_argument("--territory", required=True, metavar="TERRITOIRE", help="par exemple region-76 ou france")
    parser.add_argument("--horizon", type=int, default=DEFAULT_HORIZON, metavar="ANNÉES", help="par défaut : 10")
    parser.add_argument("--preset", default="tendance", metavar="NOM", help=", ".join(PRESETS))
    parser.add_argument(
        "--draws",
        type=int,
        default=N_DRAWS,
        metavar="N",
        help=f"tirages de l’incertitude (par défaut : {N_DRAWS}, comme à l’écran)",
    )
    add_options(parser, jobs=1, jobs_help="processus qui tirent (par défaut : 1, assez pour mille tirages)")
    parser.add_argument("--format", default="json", metavar="FORMAT", help="json")


def run(options: argparse.Namespace) -> int:
    """Write the projection; return 0."""
    if options.format != "json":
        raise BadQuestion(f"format « {options.format} » inconnu, attendu json")
    if not 1 <= options.draws <= MOST_DRAWS:
        raise BadQuestion(f"--draws : attendu de 1 à {MOST_DRAWS}, trouvé {options.draws}")
    require_jobs(options.jobs)
    facts = Facts.of_snapshot()
    territory = read_territory(facts.gazetteer, options.territory)
    try:
        with open_workers(options.jobs, options.cluster) as workers:
            figures = projection_figures(
                facts,
                territory,
                horizon_years=options.horizon,
                preset=options.preset,
                n_draws=options.draws,
                workers=workers,
            )
    except ScenarioError as error:
        raise BadQuestion(str(error).rstrip(".")) from error
    json.dump(as_document(figures, facts), sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")
    return 0


def as_document(figures: ProjectionFigures, facts: Facts) -> dict[str, Any]:
    """Return the figures as plain values: the territory projected by its key and name, numbers, assumptions."""
    return {
        "territory": figures.territory.key,
        "name": facts.gazetteer.name(figures.territory),
        "preset": figures.preset,
        "base_year": figures.base_year,
        "end_year": figures.end_year,
        "unit": "médecins généralistes, cumul sur l’horizon",
        "departures": figures.departures,
        "entries": figures.entries,
        "need_to_find": figures.need_to_find,
        "left_to_convince": figures.left_to_convince,
        "left_to_convince_low": figures.left_to_convince_low,
        "left_to_convince_high": figures.left_to_convince_high,
        "assumptions": list(figures.assumptions),
    }
