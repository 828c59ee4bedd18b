"""A toy country of squares: easy to count, easy to puncture.

Square (column, row) spans one step of 2**-6 degree from (2 + column·step, 46.5 + row·step): on the grid of boundaries,
in the department 36, about 1.2 km × 1.7 km.
"""

import geopandas as gpd
import numpy as np
import shapely

STEP_DEG = 2.0**-6
WEST, SOUTH = 2.0, 46.5


def square(column, row, *, width=1, height=1, west=WEST, south=SOUTH):
    return shapely.box(
        west + column * STEP_DEG,
        south + row * STEP_DEG,
        west + (column + width) * STEP_DEG,
        south + (row + height) * STEP_DEG,
    )


def code(column, row):
    return f"36{column}0{row}"


def unit(unit_code, geometry, kind="COM", parent_code=None):
    return {"code": unit_code, "kind": kind, "name": unit_code, "parent_code": parent_code, "geometry": geometry}


def raw_table(units):
    return gpd.GeoDataFrame(units, geometry="geometry", crs=4326)


def raw_grid(columns=3, rows=3, *, without=()):
    """Units of a grid of square communes; those of `without` are left out altogether."""
    return [
        unit(code(column, row), square(column, row))
        for column in range(columns)
        for row in range(rows)
        if (column, row) not in without
    ]


def wavy_coverage(columns=4, rows=4, points_per_edge=40, seed=7):
    """Communes whose shared edges wave: a grid of corners, each edge drawn once and given to both its neighbours."""
    rng = np.random.default_rng(seed)
    along = np.linspace(0, 1, points_per_edge + 1)[:-1]

    def edge(start, end):
        start, end = np.array(start, float), np.array(end, float)
        normal = np.array([-(end - start)[1], (end - start)[0]])
        # Small beside the way left to the corner: edges never cross, and corners stay where they are.
        wave = rng.uniform(-0.08, 0.08, points_per_edge) * np.minimum(1, 4 * np.minimum(along, 1 - along))
        return start + along[:, None] * (end - start) + wave[:, None] * normal

    def corner(column, row):
        return (WEST + column * STEP_DEG, SOUTH + row * STEP_DEG)

    east = {(c, r): edge(corner(c, r), corner(c + 1, r)) for c in range(columns) for r in range(rows + 1)}
    north = {(c, r): edge(corner(c, r), corner(c, r + 1)) for c in range(columns + 1) for r in range(rows)}

    def reverse(points, last):
        return np.vstack([[last], points[:0:-1]])

    shapes, codes = [], []
    for c in range(columns):
        for r in range(rows):
            ring = np.vstack(
                [
                    east[c, r],
                    north[c + 1, r],
                    reverse(east[c, r + 1], corner(c + 1, r + 1)),
                    reverse(north[c, r], corner(c, r + 1)),
                ]
            )
            shapes.append(shapely.Polygon(ring))
            codes.append(code(c, r))
    table = gpd.GeoDataFrame({"commune_code": codes}, geometry=shapes, crs=4326)
    return table.sort_values("commune_code", ignore_index=True)
