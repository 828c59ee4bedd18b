"""A small country for the browser tests: its geometry files, written with an encoder of their own, and its page.

Metropolitan France is a chessboard of 8 × 8 square communes of half a degree from 0° E 43° N: commune 01LLC stands on
line LL (from the south) and column C (from the west). Each overseas department is one square commune at its real place.
"""

from __future__ import annotations

import json
import math
import shutil
import struct
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

QUANTUM = 2**20
SIDE = 0.5
WEST, SOUTH = 0.0, 43.0
OVERSEAS = {"971": (-61.8, 15.9), "972": (-61.2, 14.4), "973": (-53.5, 3.5), "974": (55.3, -21.3), "976": (45.0, -12.9)}
OVERSEAS_SIDE = 0.4
HERE = Path(__file__).parent


def rectangle(west, south, width, height):
    east, north = west + width, south + height
    return [(west, south), (west, north), (east, north), (east, south), (west, south)]


def square(west, south, side):
    return rectangle(west, south, side, side)


def communes():
    """Code -> ring of longitudes and latitudes, in the order of the codes."""
    board = {
        f"01{line:02}{column}": square(WEST + SIDE * column, SOUTH + SIDE * line, SIDE)
        for line in range(8)
        for column in range(8)
    }
    return board | {f"{code}01": square(*corner, OVERSEAS_SIDE) for code, corner in OVERSEAS.items()}


def departements():
    """Four quarters of the chessboard, and the overseas departments."""
    quarters = {
        "01": square(WEST, SOUTH, 2),
        "02": square(WEST + 2, SOUTH, 2),
        "03": square(WEST, SOUTH + 2, 2),
        "04": square(WEST + 2, SOUTH + 2, 2),
    }
    return quarters | {code: square(*corner, OVERSEAS_SIDE) for code, corner in OVERSEAS.items()}


def regions():
    """Split the country in a western and an eastern half."""
    halves = {"11": rectangle(WEST, SOUTH, 2, 4), "12": rectangle(WEST + 2, SOUTH, 2, 4)}
    return halves | {f"9{code[-1]}": square(*corner, OVERSEAS_SIDE) for code, corner in OVERSEAS.items()}


def pixels(longitude, latitude):
    sine = math.sin(math.radians(latitude))
    x = (longitude + 180) / 360
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return round(x * QUANTUM), round(y * QUANTUM)


def encode(rings):
    """One ring a territory: the layout of the geometry files, written as plainly as can be."""
    starts, steps, lengths = [], [], []
    for ring in rings:
        points = [pixels(*point) for point in ring]
        starts += points[0]
        steps += [0, 0]
        for before, after in pairwise(points):
            steps += [after[0] - before[0], after[1] - before[1]]
        lengths.append(len(points))
    n = len(rings)
    return b"".join(
        [
            struct.pack("<4I", n, n, sum(lengths), QUANTUM),
            struct.pack(f"<{n}I", *range(n)),
            struct.pack(f"<{2 * n}i", *starts),
            struct.pack(f"<{len(steps)}h", *steps),
            struct.pack(f"<{n}H", *[1] * n),
            struct.pack(f"<{n}H", *lengths),
        ]
    )


def names(codes):
    """Names that would be markup if they were not escaped."""
    return "".join(f"{code}\tLieu <b>{code}</b>\n" for code in codes)


def write(folder: Path) -> Path:
    """Write the page and all it is served with; return the path of what serves it."""
    geometry = folder / "static" / "geometry"
    geometry.mkdir(parents=True)
    for level, files, territories in (
        ("commune", ("commune", "commune_detail"), communes()),
        ("departement", ("departement", "departement_detail"), departements()),
        ("region", ("region", "region_detail"), regions()),
    ):
        for file in files:
            (geometry / f"{file}.bin").write_bytes(encode(list(territories.values())))
        (geometry / f"names_{level}.tsv").write_text(names(territories), "utf-8")
    insets = {
        code: [west, south, west + OVERSEAS_SIDE, south + OVERSEAS_SIDE] for code, (west, south) in OVERSEAS.items()
    }
    (geometry / "index.json").write_text(json.dumps({"insets": insets}), "utf-8")
    package = find_spec("js_lib_leaflet")
    leaflet = Path(package.submodule_search_locations[0]) / "static" / "js_lib_leaflet"
    shutil.copytree(leaflet, folder / "static" / "vendor" / "leaflet")
    shutil.copy(HERE / "map_page.py", folder)
    return Path(shutil.copy(HERE / "map_served.py", folder))
