"""What a process makes things from: Python, libraries, code and tables, as digests that two machines can compare."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import zlib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from data import store

ROOT: Final = Path(__file__).resolve().parents[1]
_FLOORS: Final = ("reports", "coverage", "data", "geo")


@cache
def fingerprint() -> dict[str, str]:
    """Return all that decides of what a process makes: Python, libraries, code and tables, each by name.

    Taken once a process: code and tables replaced on the disk since then are not those that it holds.
    """
    versions = {
        "Python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "processeur": platform.machine(),
    }
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in ("distributed", *re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # of another system
    return versions | {"code": code_digest()[:12], "données": tables_digest()[:12]}


def code_digest() -> str:
    """Return the digest of the code below the screens, with its parameters."""
    digest = hashlib.sha256()
    for floor in _FLOORS:
        for path in sorted((ROOT / floor).rglob("*")):
            if path.suffix in {".py", ".toml", ".typ"}:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def tables_digest(folder: Path | None = None) -> str:
    """Return the digest of the tables in use, what was synced included; `folder` as for `store.manifest`."""
    return hashlib.sha256(json.dumps(store.manifest(folder), sort_keys=True).encode()).hexdigest()
