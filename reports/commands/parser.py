"""What the commands share: faults in one French line, territories and indicators by their address names."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.territories.gazetteer import Gazetteer, Territory, UnknownTerritoryError
from geo.levels import LEVELS, Level
from reports.figures.facts import Facts

WRONG: Final = 2
"""Exit code of a question that cannot be answered as it is asked."""

_FRENCH: Final = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"unrecognized arguments: (.*)", r"arguments inconnus : \1"),
    (r"one of the arguments (.*) is required", r"il manque l’un de : \1"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 ne va pas avec \2"),
    (r"argument (.*): expected .*argument.*", r"\1 : une valeur est attendue"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 : attendu \3, trouvé \2"),
    (r"argument (.*): invalid \w+ value: (.*)", r"\1 : valeur incorrecte \2"),
    (r"ambiguous option: (.*) could match (.*)", r"option ambiguë \1 : \2"),
)
"""What argparse says, in French."""


class BadQuestion(Exception):
    """The command was badly asked; the message is one French line."""


class FrenchParser(argparse.ArgumentParser):
    """A parser that tells a fault in one French line, and stops with 2."""

    def error(self, message: str) -> NoReturn:
        """Write the fault to standard error and stop."""
        for english, french in _FRENCH:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
                break
        self.exit(WRONG, f"{self.prog} : {message}\n")


def add_command(commands: Any, name: str, run: Any, *, help: str, **options: Any) -> argparse.ArgumentParser:  # noqa: A002
    """Add a command: its parser, what runs it, and what is said when it is stopped."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=help, formatter_class=argparse.RawDescriptionHelpFormatter, **options
    )
    parser.set_defaults(run=run, parser=parser, when_interrupted="")
    return parser


def read_level(text: str) -> Level:
    """Read a level.

    Raises
    ------
    BadQuestion
        It is none of them.
    """
    for level in LEVELS:
        if text == level:
            return level
    raise BadQuestion(f"niveau « {text} » inconnu, attendu {', '.join(reversed(LEVELS))}")


def read_territory(gazetteer: Gazetteer, key: str) -> Territory:
    """Read a territory as it stands in addresses: "region-76", "departement-48", "commune-31555", "france".

    Raises
    ------
    BadQuestion
        There is none of that name.
    """
    try:
        return gazetteer.parse(key)
    except UnknownTerritoryError:
        known = "france, region-76, departement-48, epci-243100518, bassin_de_vie-31555 ou commune-31555"
        raise BadQuestion(f"territoire « {key} » inconnu, attendu par exemple {known}") from None


def read_indicators(facts: Facts, names: Iterable[str], level: Level) -> list[Indicator]:
    """Return the indicators asked for, or all those of a level when none is.

    Raises
    ------
    BadQuestion
        One is unknown, awaits a table that only a sync brings, or does not exist at the level.
    """
    wanted = list(dict.fromkeys(name for text in names for name in text.split(",") if name))
    if not wanted:
        return [indicator for indicator in facts.indicators.values() if level in indicator.levels]
    for name in wanted:
        if name not in INDICATORS:
            raise BadQuestion(f"indicateur « {name} » inconnu ; « python -m reports indicators » les liste")
        if name not in facts.indicators:
            table = INDICATORS[name].table
            raise BadQuestion(
                f"l’indicateur « {name} » attend la table « {table} », qu’apporte « python -m data sync »"
            )
        if level not in facts.indicators[name].levels:
            levels = ", ".join(facts.indicators[name].levels)
            raise BadQuestion(f"l’indicateur « {name} » n’existe pas au niveau {level}, seulement : {levels}")
    return [facts.indicators[name] for name in wanted]


def require_jobs(jobs: int) -> None:
    """Want one process or more.

    Raises
    ------
    BadQuestion
        Fewer are asked for.
    """
    if jobs < 1:
        raise BadQuestion(f"--jobs : attendu 1 ou plus, trouvé {jobs}")


def say(line: str) -> None:
    """Write a line of progress to standard error."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
