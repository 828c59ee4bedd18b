"""`python -m reports figures`: the figures of the screens, one a line, for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coverage.indicators.cards import Indicator
from coverage.territories.gazetteer import FRANCE, Territory
from geo.levels import ADMINISTRATIVE, LEVELS, OWN, Level
from reports.commands.own import read_own_indicators, read_own_territory
from reports.commands.parser import BadQuestion, add_command, read_indicators, read_level, read_territory
from reports.commands.writing import write
from reports.figures.facts import Facts
from reports.figures.map_classes import lies_inside

_EPILOG = """\
Une ligne par territoire et indicateur : code, name, indicator, value, unit, vintage, nature.
value : dans l’unité affichée (une part est en %) ; inconnu : vide ; « inf » : aucune route n’y mène.
CSV pour programmes : virgule, point décimal, UTF-8, sur la sortie standard sans --out. Pour un tableur
français, demandez .xlsx. En .parquet, la valeur d’un indicateur par catégorie est dans la colonne category.

Un territoire à soi : --communes ou --territory, une ligne par indicateur (code : le nom du territoire) ; avec
--level, les communes ou intercommunalités qui y sont. Ce qui n’est publié que par département y est vide.

Exemples :
  python -m reports figures --level departement --indicator apl_65_2023
  python -m reports figures --communes 48095,48061,48080 --name "Pays de Mende"
  python -m reports figures --level commune --within region-76 --all --out occitanie.parquet"""


def add_parser(commands: Any) -> None:
    """Describe the command."""
    parser = add_command(commands, "figures", run, help="donne les chiffres des écrans, un par ligne", epilog=_EPILOG)
    parser.add_argument("--level", metavar="NIVEAU", help=", ".join(reversed(LEVELS)))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--communes", metavar="CODE,CODE…", help="un territoire fait de ces communes")
    where.add_argument(
        "--territory", type=Path, metavar="FICHIER", help="un territoire fait des communes d’une liste (CSV, XLSX)"
    )
    parser.add_argument("--name", default="", metavar="NOM", help="nom de ce territoire")
    where.add_argument(
        "--within", default=FRANCE.key, metavar="TERRITOIRE", help="par exemple region-76 (par défaut : france)"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--indicator", nargs="+", action="extend", default=[], metavar="ID", help="un ou plusieurs indicateurs"
    )
    which.add_argument("--all", action="store_true", help="tous ceux du niveau (par défaut)")
    parser.add_argument("--out", type=Path, metavar="FICHIER", help="fichier .csv, .xlsx, .parquet ou .json")


def run(options: argparse.Namespace) -> int:
    """Write the figures; return 0."""
    if options.communes is not None or options.territory is not None:
        return _run_own(options)
    if options.level is None:
        raise BadQuestion("il manque : --level (ou --communes, ou --territory)")
    level = read_level(options.level)
    facts = Facts.of_snapshot()
    return _write_level(options, facts, level, read_territory(facts.gazetteer, options.within))


def _run_own(options: argparse.Namespace) -> int:
    """Write the figures of an own territory, or of what lies in it at a level."""
    facts = Facts.of_snapshot()
    scope = read_own_territory(options.communes, options.territory, options.name)
    if options.level is not None:
        return _write_level(options, facts, read_level(options.level), scope)
    known = facts.gazetteer.official(scope).level
    indicators = read_own_indicators(facts, options.indicator, known)
    write(
        own_figures(facts, indicators, scope),
        options.out,
        sources=lambda: facts.describe_sources([indicator.id for indicator in indicators], [known]),
        title=f"Chiffres de Maillage, {facts.gazetteer.label(scope)}",
    )
    return 0


def _write_level(options: argparse.Namespace, facts: Facts, level: Level, scope: Territory) -> int:
    indicators = read_indicators(facts, options.indicator, level)
    require_level_inside(level, scope)
    table = long_figures(facts, level, indicators, scope)
    if len(table) == 0:
        raise BadQuestion(f"aucun territoire de niveau {level} dans « {scope.slug} »")
    write(
        table,
        options.out,
        sources=lambda: facts.describe_sources([indicator.id for indicator in indicators], [level]),
        title=f"Chiffres de Maillage, niveau {level}, {facts.gazetteer.label(scope)}",
    )
    return 0


def require_level_inside(level: Level, scope: Territory) -> None:
    """Refuse a level whose territories are larger than the one they should lie in.

    Raises
    ------
    BadQuestion
        As "france" within a region.
    """
    is_larger = level in ADMINISTRATIVE if scope.level == OWN else LEVELS.index(level) < LEVELS.index(scope.level)
    if is_larger:
        raise BadQuestion(f"le niveau {level} ne tient pas dans « {scope.slug} »")


def long_figures(facts: Facts, level: Level, indicators: Sequence[Indicator], scope: Territory) -> pd.DataFrame:
    """Return the figures of a level as the screens show them, in long form.

    Parameters
    ----------
    facts
        Where every screen takes its figures.
    level
        Level of the territories.
    indicators
        Indicators that exist at the level, each with its vintage.
    scope
        Territory that they lie in.

    Returns
    -------
    pandas.DataFrame
        code, name, indicator, value (in the unit shown: float64, or object where a categorical indicator is among
        them), unit, vintage, nature; sorted by indicator, in the order asked, then by code. NaN is unknown, inf is out
        of reach.
    """
    index = facts.level_table(level).index
    inside = lies_inside(facts.gazetteer, scope, level, index)
    codes = index[inside].astype("object")
    names = pd.Categorical(_names(facts, level, index[inside]))
    cards = [facts.indicator(indicator.id).at(level) for indicator in indicators]
    parts = [
        pd.DataFrame(
            {
                "code": codes,
                "name": names,
                "indicator": card.id,
                "value": _shown(facts.values(card.id, level)[inside], card).to_numpy(),
                "unit": card.unit,
                "vintage": card.vintage,
                "nature": card.nature_at(level),
            }
        )
        for card in cards
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole.astype(dict.fromkeys(("code", "indicator", "unit", "vintage", "nature"), "category"))


def own_figures(facts: Facts, indicators: Sequence[Indicator], own: Territory) -> pd.DataFrame:
    """Return the figures of an own territory, one row an indicator, in the columns of `long_figures`.

    `code` and `name` are the name of the territory; what is published by department only is NaN, unless the territory
    is exactly one.
    """
    name, level = facts.gazetteer.bare_name(own), facts.gazetteer.official(own).level
    cards = [facts.indicator(indicator.id).at(level) for indicator in indicators]
    values = [pd.Series([facts.value(card.id, own)]) for card in cards]
    return pd.DataFrame(
        {
            "code": name,
            "name": name,
            "indicator": [card.id for card in cards],
            "value": [_shown(value, card).iloc[0] for value, card in zip(values, cards, strict=True)],
            "unit": [card.unit for card in cards],
            "vintage": [card.vintage for card in cards],
            "nature": [card.nature_at(level) for card in cards],
        }
    )


def _shown(values: pd.Series, indicator: Indicator) -> pd.Series:
    """Put stored values in the unit that the screens show."""
    if indicator.kind == "categorical":
        return values.astype(object).where(values.notna(), None)
    return values.astype(np.float64) * indicator.display_factor


def _names(facts: Facts, level: Level, codes: pd.Index) -> list[str]:
    if level == FRANCE.level:
        return [facts.gazetteer.name(FRANCE)]
    table = facts.gazetteer.table(level)
    names = pd.Series(table["name"].to_numpy(), index=table[f"{level}_code"].to_numpy())
    return names.reindex(codes).tolist()
