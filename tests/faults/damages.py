"""Damages of the files that the application stands on, before a server starts and while it runs; every page is asked.

A page may be closed by a French sentence that names the file, or stay; what it may never do is to show Streamlit's own
sentence, ours for what nobody foresaw, or a trace.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pages.navigation import SCREENS
from tests.e2e.browser import ROOT, serve
from tests.e2e.test_server import words_of

UNFORESEEN = ("Une erreur imprévue", "This app has encountered", "Traceback")
CLOSED = "Cette page ne peut pas"
LONGEST_S = 300
TREE = ("app.py", "coverage", "geo", "data", "pages", "reports", "static", ".streamlit")

Damage = Callable[[Path], None]


def flip(path: Path) -> None:
    """Change a bit in the middle."""
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2] ^= 1
    path.write_bytes(contents)


def cut(path: Path) -> None:
    """Keep the first 60 %."""
    contents = path.read_bytes()
    path.write_bytes(contents[: len(contents) * 6 // 10])


def nest(path: Path) -> None:
    """Write a hundred thousand brackets."""
    path.write_text("[" * 100_000, encoding="utf-8")


def merge_mark(path: Path) -> None:
    """Leave the mark of a merge at its beginning."""
    path.write_text("<<<<<<< HEAD\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def other(path: Path) -> None:
    """Write another document."""
    path.write_text("x = 1\n", encoding="utf-8")


def folder(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


AT_START: tuple[tuple[str, Damage], ...] = (
    ("coverage/projection/assumptions.toml", other),
    ("coverage/projection/assumptions.toml", cut),
    ("coverage/study/eligibility.toml", Path.unlink),
    ("coverage/access/access_parameters.toml", other),
    ("geo/travel_time/parameters.toml", Path.unlink),
    ("data/funding/cpts_2024.toml", cut),
    ("data/sources/catalog.toml", merge_mark),
    ("data/sources/reperes.toml", nest),
    ("data/snapshots/manifest.json", nest),
    ("data/snapshots/manifest.json", folder),
    ("data/snapshots/structures.parquet", flip),
    ("data/snapshots/communes.parquet", cut),
)

WHILE_RUNNING: tuple[tuple[str, Damage], ...] = (
    *((f"data/snapshots/{name}.parquet", how) for name in ("structures", "communes", "zoning") for how in (flip, cut)),
    ("data/snapshots/commune_geometry.parquet", Path.unlink),
    ("data/snapshots/manifest.json", nest),
    ("data/snapshots/manifest.json", cut),
    ("data/snapshots/manifest.json", Path.unlink),
    ("coverage/projection/assumptions.toml", other),
    ("geo/travel_time/parameters.toml", folder),
    ("data/funding/cpts_2024.toml", nest),
    ("data/sources/catalog.toml", merge_mark),
)


@dataclass
class Told:
    """What was played, and what was wrong."""

    n_damages: int = 0
    n_pages: int = 0
    n_closed: int = 0
    wrong: tuple[str, ...] = ()

    def told(self) -> str:
        """Say it on a line."""
        return (
            f"damages: {self.n_damages}, {self.n_pages} pages asked, {self.n_closed} closed by name, "
            f"{len(self.wrong)} wrong" + "".join(f"\n  {one}" for one in self.wrong[:20])
        )

    def look(self, address: str, name: str, when: str) -> None:
        """Ask every page of a server."""
        self.n_damages += 1
        for page in SCREENS.values():
            words = words_of(address, "" if page.name == "map" else page.route, {}, LONGEST_S)
            self.n_pages += 1
            self.n_closed += CLOSED in words
            seen = [one for one in UNFORESEEN if one in words]
            if CLOSED in words and Path(name).name not in words:
                seen.append("closed without the name of the file")
            self.wrong = (*self.wrong, *(f"{name} {when}, {page.route}: {one}" for one in seen))


def play_all(scratch: Path) -> Told:
    """Play every damage on a copy of the application."""
    told = Told()
    for number, (name, damage) in enumerate(AT_START):
        tree = _copy(scratch / f"start-{number}")
        damage(tree / name)
        with _serve(tree) as address:
            told.look(address, name, "at start")
        shutil.rmtree(tree)
    tree = _copy(scratch / "running")
    with _serve(tree) as address:
        Told().look(address, "", "")  # everything is read once
        for name, damage in WHILE_RUNNING:
            damage(tree / name)
            told.look(address, name, "while running")
            _restore(tree / name, ROOT / name)
    return told


def _copy(tree: Path) -> Path:
    tree.mkdir(parents=True)
    for name in TREE:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tree / name)
    return tree


def _restore(path: Path, source: Path) -> None:
    if path.is_dir():
        path.rmdir()
    shutil.copy(source, path)


def _serve(tree: Path):
    environment = {"PYTHONPATH": str(tree), "MAILLAGE_DATA": str(tree / "user")}
    return serve(tree / "app.py", log=tree / "server.log", environment=environment)
