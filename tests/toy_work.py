"""Parts of a toy job, in a module of their own: the workers of a cluster find them without reading the tests."""

import os
import signal
import time
from pathlib import Path


def power(shared, item):
    return f"{item}^{shared}={item**shared}".encode()


def slow_power(shared, item):
    time.sleep(0.1)
    return power(shared, item)


def leave_a_mark(folder, item):
    time.sleep(0.1)
    Path(folder, str(item)).touch()


def refuse(shared, item):
    raise ValueError(f"no {item}")


def die_once(folder, item):
    """Kill the process in the middle of part 3, the first time that it is tried."""
    if item == 3:
        try:
            Path(folder, "died").touch(exist_ok=False)
        except FileExistsError:
            return item
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def die_always(last, item):
    """Kill every process that tries the last part, once the others are done."""
    if item == last:
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)
    return item
