"""A sync told line by line to the process that started it: ``python -m data.sync.job``, with the words of `sync`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from data.errors import DataError
from data.jobs import tell
from data.sync.run import sync


def main(arguments: Sequence[str] | None = None) -> int:
    """Sync the named sources, or all of them; give 0 when every one is in order, 1 when one failed.

    It tells ``{"say": sentence}``, ``{"source": id, "done": bytes, "total": bytes or null}`` and at the end one
    ``{"outcome": id, "status": …, "sentence": …}`` a source, or ``{"fault": sentence}`` when none could begin.
    """
    parser = argparse.ArgumentParser(prog="python -m data.sync.job")
    parser.add_argument("source", nargs="*")
    parser.add_argument("--accept-drop", action="store_true")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args(arguments)
    told: dict[str, int] = {}

    def progress(source: str, done: int, total: int | None) -> None:
        """Tell one step in a hundred: a line a block would be slower than the download."""
        if done == total or done < told.get(source, 0) or done - told.get(source, 0) >= (total or 10**8) / 100:
            told[source] = done
            tell(source=source, done=done, total=total)

    try:
        outcomes = sync(
            options.source,
            accept_drop=options.accept_drop,
            own_file=options.file,
            say=lambda sentence: tell(say=sentence),
            progress=progress,
        )
    except DataError as error:
        tell(fault=str(error))
        return 1
    for outcome in outcomes:
        tell(outcome=outcome.source_id, status=outcome.status, sentence=outcome.sentence)
    return int(any(outcome.status == "failed" for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
