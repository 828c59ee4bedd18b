"""`python -m reports COMMAND`: what leaves the app without a screen; one module a command in reports/commands."""

import io
import os
import sys
from collections.abc import Sequence

from coverage.errors import CoverageError
from data.errors import DataError
from geo.errors import GeoError
from reports.commands import atlas, cells, figures, indicators, projection
from reports.commands.parser import BadQuestion, FrenchParser
from reports.errors import ReportError

COMMANDS = (atlas, indicators, figures, projection, cells)
INTERRUPTED = 130


def make_parser() -> FrenchParser:
    """Describe every command, for who types one and for the manual that lists them."""
    parser = FrenchParser(prog="python -m reports", description="Ce qui sort de Maillage.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    for command in COMMANDS:
        command.add_parser(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give 0 when all was made, 1 when something failed, 2 when it was badly asked, 130 when stopped."""
    parser = make_parser()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # what other programs read is the same on every system
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BadQuestion as fault:
        options.parser.error(str(fault))
    except BrokenPipeError:
        # Whoever reads has enough (`| head`): what Python still holds for it at exit must find nobody too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ReportError, DataError, GeoError, CoverageError) as error:
        sys.stderr.write(f"Échec. {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(f"Interrompu. {options.when_interrupted}\n")
        return INTERRUPTED
    return code


if __name__ == "__main__":
    sys.exit(main())
