"""Run it: python -m tests.faults [--kills N] [--seed N] [--no-pages]; it prints what was played and what went wrong."""

import argparse
import logging
import os
import random
import sys
import tempfile
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from tests.faults import damages, kills, network


def main() -> int:
    """Play the faults; give 0 when nothing was lost and each was named."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--kills", type=int, default=34, help="kills of each of three kinds of jobs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-pages", action="store_true", help="leave out the damages of files, a quarter of an hour")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    is_bad = False
    with tempfile.TemporaryDirectory() as folder:
        kills.tiny_country(Path(folder))
        begun = time.monotonic()
        for played in (kills.kill_syncs, kills.kill_saves, kills.kill_times):
            tally = played(options.kills, random.Random(options.seed))
            print(f"{tally.told()} ({time.monotonic() - begun:.0f} s)", flush=True)
            is_bad |= bool(tally.wrong)
        played_all = [
            network.play_all,
            *([] if options.no_pages else [lambda: damages.play_all(Path(folder) / "trees")]),
        ]
        for play in played_all:
            told = play()
            print(f"{told.told()} ({time.monotonic() - begun:.0f} s)", flush=True)
            is_bad |= bool(told.wrong)
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")
    return int(is_bad)


if __name__ == "__main__":
    sys.exit(main())
