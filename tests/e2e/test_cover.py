"""The cover of the map: which territory lies under each point of each pixel, and what its pixels are painted with."""

import base64

import numpy as np
import pytest
import shapely
from playwright.sync_api import Error

from geo.map.browser_files import FOLDER
from geo.map.geometry import OVERVIEW_QUANTUM, decode, encode, from_quanta
from tests.geo.squares import square, wavy_coverage

pytestmark = pytest.mark.e2e

WORLD = 256
LINES, COLUMNS = 4, 2
SHIFTS = np.array([-0.125, 0.375, -0.375, 0.125])
HATCHED = 1
COVER = """([sources, shapes, frame, width, height]) => {
    const { decodeGeometry, makeCover } = new Function(`${sources}; return { decodeGeometry, makeCover };`)();
    const geometry = decodeGeometry(Uint8Array.from(atob(shapes), (letter) => letter.charCodeAt(0)).buffer);
    const { owners, bands } = makeCover(geometry, frame, width, height);
    const points = Array.from(owners, (owner) => new Array(8).fill(owner));
    for (const { pixels, parts } of bands) {
        pixels.forEach((pixel, k) => { points[pixel] = Array.from(parts.subarray(8 * k, 8 * k + 8)); });
    }
    return { points, several: bands.reduce((sum, { pixels }) => sum + pixels.length, 0) };
}"""
PAINTED = """([sources, points, colours, hatching, width]) => {
    const { tintsOf, colourCover } = new Function(`${sources}; return { tintsOf, colourCover };`)();
    const isMixed = (pixel) => points[pixel].some((row) => row !== points[pixel][0]);
    const owners = Uint16Array.from(points, ([first], pixel) => (isMixed(pixel) ? 0 : first));
    const mixed = [...points.keys()].filter(isMixed);
    const parts = Uint16Array.from(mixed.flatMap((pixel) => points[pixel]));
    const cover = { width, owners, bands: [{ pixels: Uint32Array.from(mixed), parts }] };
    const image = new Uint32Array(points.length);
    const pixels = Uint32Array.from(hatching.pixels);
    colourCover(cover, tintsOf(Uint32Array.from(colours)), { ...hatching, pixels }, image);
    return [...new Uint8Array(image.buffer)];
}"""


@pytest.fixture
def run(chromium):
    """Run a function on the map's own sources, in a page of no site."""
    page = chromium.new_page()
    sources = "'use strict';\n" + "\n".join((FOLDER / name).read_text("utf-8") for name in ("geometry.js", "cover.js"))
    yield lambda code, *arguments: page.evaluate(code, [sources, *arguments])
    page.close()


def cover(run, ids, shapes, frame, size):
    """Return the row, from 1, of each point (line, column) of a picture, and how many pixels are of several."""
    width, height = size
    content = base64.b64encode(encode(ids, np.array(shapes, dtype=object))).decode()
    found = run(COVER, content, frame, width, height)
    points = np.array(found["points"]).reshape(height, width, LINES, COLUMNS)
    return points.transpose(0, 2, 1, 3).reshape(height * LINES, width * COLUMNS), found["several"]


def frame_at(x, y, scale, ratio, size):
    """Frame whose corner is at x, y in world units, `scale` CSS pixels a unit."""
    width, height = (side / ratio / scale for side in size)
    return {"scale": scale, "ratio": ratio, "window": {"west": x, "north": y, "east": x + width, "south": y + height}}


def slow_cover(ids, shapes, frame, size):
    """Ask of each point in how many rings of each shape it is."""
    per_unit = frame["scale"] * frame["ratio"]
    column, line = np.meshgrid(np.arange(size[0] * COLUMNS), np.arange(size[1] * LINES))
    x = frame["window"]["west"] + (column + 0.5 + SHIFTS[line % LINES]) / COLUMNS / per_unit
    y = frame["window"]["north"] + (line + 0.5) / LINES / per_unit
    decoded = decode(encode(ids, np.array(shapes, dtype=object)))
    rows = np.zeros(x.shape, dtype=int)
    for number, rings in zip(decoded.ids, decoded.rings, strict=True):
        inside = np.zeros(x.shape, dtype=bool)
        for ring in rings:
            shape = shapely.Polygon(ring * WORLD / decoded.quantum)
            shapely.prepare(shape)
            inside ^= shapely.contains_xy(shape, x, y)
        assert not rows[inside].any()
        rows[inside] = number + 1
    return rows


def country():
    """Sixteen communes with wavy borders, one around an enclave, one in two parts, one too small for a point."""
    communes = list(wavy_coverage().geometry)
    around = square(4.5, 0, width=2, height=2)
    enclave = shapely.affinity.scale(around, 0.4, 0.3)
    parts = shapely.union(square(0, 4.5), shapely.affinity.rotate(square(2, 5), 30))
    return [*communes, shapely.difference(around, enclave), enclave, parts, square(5, 4, width=1e-3, height=1e-3)]


def bounds_of(shapes, ids):
    rings = [ring for rings in decode(encode(ids, np.array(shapes, dtype=object))).rings for ring in rings]
    corners = np.vstack(rings) * WORLD / OVERVIEW_QUANTUM
    return corners.min(axis=0), corners.max(axis=0)


@pytest.mark.parametrize("ratio", [1, 1.25, 2])
@pytest.mark.parametrize(("inner", "place"), [(1.2, -0.1), (0.5, 0.2), (0.4, 0.6)])
def test_each_point_is_of_the_shape_that_it_is_in(run, ratio, inner, place):
    shapes = country()
    ids = np.random.default_rng(7).permutation(len(shapes)) * 3
    first, last = bounds_of(shapes, ids)
    size = (90, 150)  # higher than one band of pixels
    reach = last - first
    x, y = first + place * reach + 1e-5 * np.sqrt([2, 3])
    frame = frame_at(x, y, size[0] / ratio / (inner * reach[0]), ratio, size)
    found, several = cover(run, ids, shapes, frame, size)
    expected = slow_cover(ids, shapes, frame, size)
    assert np.unique(expected).size > 4
    assert several > 100
    np.testing.assert_array_equal(found, expected)


def test_a_point_on_a_shared_edge_is_of_one_of_both(run):
    # A quantum is a column wide and two lines high: edges and corners pass through points.
    corner = np.array([OVERVIEW_QUANTUM // 2, OVERVIEW_QUANTUM // 3])

    def polygon(*corners):
        x, y = (corner + np.array(corners) * 4).T
        return shapely.Polygon(np.column_stack(from_quanta(x, y, OVERVIEW_QUANTUM)))

    whole = polygon((0, 0), (8, 0), (8, 8), (0, 8))
    middle, ends = (4, 5), [(0, 0), (4, 0), (8, 0), (8, 3), (8, 8), (2, 8), (0, 8), (0, 5)]
    pieces = [polygon(middle, end, ends[(k + 1) % len(ends)]) for k, end in enumerate(ends)]
    size = (20, 20)
    scale = OVERVIEW_QUANTUM / WORLD / COLUMNS
    for shift in SHIFTS:  # each shift puts the points of one line in four on the upright edges
        x, y = (corner - (3.5 + shift, 3.5 / LINES * COLUMNS)) * WORLD / OVERVIEW_QUANTUM
        frame = frame_at(x, y, scale, 1, size)
        inside = cover(run, [0], [whole], frame, size)[0]
        alone = [cover(run, [0], [piece], frame, size)[0] for piece in pieces]
        assert inside.sum() == 32 * 64
        np.testing.assert_array_equal(np.sum(alone, axis=0), inside)
        assert ((cover(run, range(len(pieces)), pieces, frame, size)[0] > 0) == inside).all()


def test_a_pixel_has_the_mean_colour_of_its_points_and_the_share_of_land_as_opacity(run):
    generator = np.random.default_rng(3)
    width, height = 13, 11
    colours = np.array([0xFF336699, 0xFFFFFFCC, 0xFF000000, HATCHED, 0xFFFFFFFF])
    tile = generator.integers(0, 1 << 24, 25) | 0xFF000000
    points = generator.integers(0, len(colours) + 1, (width * height, 8))
    points[::3] = points[::3, :1]  # pixels of one row alone, or of none
    points[1::3, 4:] = 5  # and some of plain colours
    points[1::3, :4] = points[1::3, :4] % 3 + 1
    hatching = {"pixels": tile.tolist(), "size": 5, "x": 3, "y": 4}
    found = run(PAINTED, points.tolist(), colours.tolist(), hatching, width)
    found = np.array(found).reshape(-1, 4)

    pixel = np.arange(width * height)
    hatch = tile[(pixel // width + 4) % 5 * 5 + (pixel % width + 3) % 5]
    of_row = np.concatenate([[0], colours])
    seen = np.where(of_row[points] == HATCHED, hatch[:, None], of_row[points])
    land = (points > 0).sum(axis=1)
    channels = np.stack([(seen >> shift & 255).sum(axis=1) for shift in (0, 8, 16)], axis=1)
    means = np.floor(channels / np.maximum(land, 1)[:, None] + 0.5)
    assert {0, 8} < set(land)
    np.testing.assert_array_equal(found[:, :3], means)
    np.testing.assert_array_equal(found[:, 3], np.floor(255 * land / 8 + 0.5))


def test_more_rows_than_a_point_can_name_are_refused(run):
    with pytest.raises(Error, match="65536 territoires, 65535 au plus"):
        run("([sources]) => new Function(`${sources}; tintsOf(new Uint32Array(65536));`)()")
