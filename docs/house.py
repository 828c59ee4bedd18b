"""Draws docs/house.svg, the floors and folders of the house with their lines of code: `python docs/house.py`."""

from collections import Counter
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    "pages": "what a reader sees: one folder a screen, widgets, what any run needs",
    "reports": "what leaves the app: documents, printed maps and charts",
    "coverage": "the subject: pure functions on tables",
    "data": "sources, contracts, build, sync, users' files",
    "geo": "codes, projections, shapes, travel times, the browser's map",
}
TINTS = ("#dce9f5", "#e6f0e0", "#fbeed5", "#f3e3ee", "#e7e6f5")
WIDTH, ROW, LABEL = 100.0, 1.0, 0.42


def lines_by_folder(floor: str) -> dict[str, int]:
    """Count the lines of Python of each folder of a floor; the screens one by one, loose files under "."."""
    found: Counter[str] = Counter()
    for path in sorted((ROOT / floor).rglob("*.py")):
        parts = path.relative_to(ROOT / floor).parts[:-1]
        depth = 2 if parts[:1] == ("screens",) else 1
        found["/".join(parts[:depth]) or "."] += len(path.read_text(encoding="utf-8").splitlines())
    return {name: n for name, n in sorted(found.items()) if n > 5}  # noqa: PLR2004 - more than a docstring


def rows_of(folders: dict[str, int]) -> list[list[tuple[str, int]]]:
    """Part the folders of a floor in rows of at most eight."""
    items = list(folders.items())
    return [items[start : start + 8] for start in range(0, len(items), 8)]


def draw() -> Figure:
    """Draw the floors from the top down: an import only ever points down, and data is beside coverage."""
    plan = {floor: rows_of(lines_by_folder(floor)) for floor in FLOORS}
    height = sum(len(rows) * ROW + 0.55 for rows in plan.values())
    figure = Figure(figsize=(13, 0.62 * height))
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.axis("off")
    top = 0.0
    for (floor, rows), tint in zip(plan.items(), TINTS, strict=True):
        total = sum(n for row in rows for _, n in row)
        axes.text(0, top + 0.3, f"{floor}/", weight="bold", size=13, va="center")
        axes.text(11, top + 0.3, f"{FLOORS[floor]} ({total} lines)", size=10, va="center", color="#444")
        top += 0.5
        for row in rows:
            step = WIDTH / 8
            for k, (name, n) in enumerate(row):
                axes.add_patch(Rectangle((k * step, top), step - 0.8, ROW - 0.14, facecolor=tint, edgecolor="#667"))
                axes.text(k * step + 0.6, top + 0.3, name.removeprefix("screens/"), size=9.5, va="center")
                axes.text(k * step + 0.6, top + 0.62, f"{n} lines", size=7.5, va="center", color="#555")
            top += ROW
        top += 0.05
    return figure


if __name__ == "__main__":
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "house"})
    draw().savefig(ROOT / "docs" / "house.svg", metadata={"Date": None})
