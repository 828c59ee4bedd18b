"""The folder `static/geometry/`: what the browser draws, made from the snapshot when it has changed.

For each level a binary file for a whole country on screen, another with every vertex for zoom 9 and more, and the list
of its codes and names in the order of the ids; the pairs of communes that touch (`geo.shapes.adjacency`); `index.json`
says what they were made from and where each territory is. The overview files come from one simplified coverage, the
detailed ones from the full one: outlines of a level run exactly along the communes' borders. What belongs to no
territory of a level (`LevelNames.left_out`) comes after its territories, one shape a department, without a code: the
map shows it as unknown, and not as empty.
"""

import gzip
import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.codes import METROPOLITAN_DEPARTEMENT_CODES, OVERSEAS_DEPARTEMENT_CODES
from geo.errors import AssetError
from geo.levels import DRAWN_LEVELS, LEVEL_NAMES, DrawnLevel, code_column, places_left_out
from geo.map.geometry import DETAIL_QUANTUM, OVERVIEW_QUANTUM, encode
from geo.shapes.adjacency import NEIGHBOURS_FILE, Adjacency, adjacent_pairs, encode_adjacency
from geo.shapes.boundaries import dissolve
from geo.shapes.simplification import NATIONAL_TOLERANCE_M, simplify_communes

FORMAT: Final = 3
"""To be raised when the files change for the same snapshot: the files of another format are made again."""

GEOMETRY_TABLE: Final = "commune_geometry"
INDEX_FILE: Final = "index.json"
_TABLES: Final = {level: LEVEL_NAMES[level].table for level in DRAWN_LEVELS}


def write_geometry_files(
    snapshots: Path,
    folder: Path,
    *,
    shapes_file: Path | None = None,
    force: bool = False,
    tell: Callable[[str], None] | None = None,
) -> bool:
    """Make `static/geometry/` from the snapshot, unless it was already made from these very files.

    Each file is written aside then put in place, `index.json` last: an interrupted run leaves an index that no longer
    fits, and the next run starts over.

    Parameters
    ----------
    snapshots
        Folder with `commune_geometry.parquet` (GeoParquet, full geometry) and the table of each drawn level.
    folder
        Where to write; made when absent.
    shapes_file
        GeoParquet of the communes to draw in place of that of `snapshots`: the shapes that the user synced.
    force
        Make the files even when they are up to date.
    tell
        Called with a French sentence at each step.

    Returns
    -------
    bool
        True when files were made, False when they were up to date.

    Raises
    ------
    AssetError
        When a table is absent or does not read, or a commune's shape is not in the list of communes.
    BoundaryError, EncodingError
        When the geometry is no valid coverage or does not fit the format.
    """
    say = tell or (lambda _: None)
    inputs = _inputs(snapshots, shapes_file)
    made_from = {name: _sha256(path) for name, path in inputs.items()}
    if not force and _is_up_to_date(folder, made_from):
        return False
    tables = {name: _read(snapshots / f"{name}.parquet", pd.read_parquet) for name in _TABLES.values()}
    communes = _read(inputs[f"{GEOMETRY_TABLE}.parquet"], gpd.read_parquet)
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Any] = {}
    shapes: dict[str, gpd.GeoDataFrame] = {}
    for suffix, tolerance_m, quantum in (
        ("", NATIONAL_TOLERANCE_M, OVERVIEW_QUANTUM),
        ("_detail", 0.0, DETAIL_QUANTUM),
    ):
        say(f"Formes simplifiées à {tolerance_m:.0f} m…" if tolerance_m else "Formes détaillées…")
        coverage = simplify_communes(communes, tolerance_m) if tolerance_m else communes
        for level in DRAWN_LEVELS:
            shapes[level], ids = _shapes_of_level(coverage, level, tables)
            content = encode(ids, shapes[level].geometry.to_numpy(), quantum)
            name = f"{level}{suffix}.bin"
            _replace(folder / name, content)
            files[name] = {
                "level": level,
                "tolerance_m": tolerance_m,
                "bytes": len(content),
                # what travels when the server compresses; mtime=0 keeps the measure the same from run to run
                "gzip_bytes": len(gzip.compress(content, 6, mtime=0)),
            }
    for level in DRAWN_LEVELS:
        content = _names(tables, level)
        _replace(folder / f"names_{level}.tsv", content)
        files[f"names_{level}.tsv"] = {"level": level, "bytes": len(content)}
    say("Limites communes…")
    content = _neighbours(communes)
    _replace(folder / NEIGHBOURS_FILE, content)
    files[NEIGHBOURS_FILE] = {"level": "commune", "bytes": len(content)}
    index = {"format": FORMAT, "made_from": made_from, "files": files, **_bounds(shapes)}  # shapes: the full ones, last
    for path in folder.glob("*.bin"):
        if path.name not in files:  # of another format
            path.unlink()
    _replace(folder / INDEX_FILE, json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode())
    return True


def _inputs(snapshots: Path, shapes_file: Path | None) -> dict[str, Path]:
    """Return the files to read by their name in the snapshot."""
    names = [f"{table}.parquet" for table in (GEOMETRY_TABLE, *_TABLES.values())]
    paths = {name: snapshots / name for name in names}
    if shapes_file is not None:
        paths[names[0]] = shapes_file
    for path in paths.values():
        if not path.is_file():
            msg = (
                f"Fichier absent : {path.name}. Attendu dans le dossier des données embarquées (python -m data build)."
            )
            raise AssetError(msg)
    return paths


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(path: Path, reader: Callable[[Path], Any]) -> Any:
    try:
        return reader(path)
    except (
        OSError,
        ValueError,
    ) as error:  # pyarrow's errors are ValueError, as is geopandas' for a file without shapes
        msg = f"Fichier illisible : {path.name}. Attendu une table du format Parquet, trouvé : {error}"
        raise AssetError(msg) from error


def _is_up_to_date(folder: Path, made_from: dict[str, str]) -> bool:
    try:
        index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
        same = index["format"] == FORMAT and index["made_from"] == made_from
        return same and all((folder / name).stat().st_size == facts["bytes"] for name, facts in index["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False  # absent, damaged or of another layout: to be made again


def _shapes_of_level(
    coverage: gpd.GeoDataFrame, level: DrawnLevel, tables: dict[str, pd.DataFrame]
) -> "tuple[gpd.GeoDataFrame, np.ndarray[Any, Any]]":
    """Return the shapes of a level, and the row number of each in its list of names; what is left out has no code."""
    column = code_column(level)
    codes = pd.Index(np.sort(tables[_TABLES[level]][column].to_numpy(dtype=object)))
    if level == "commune":
        return coverage[["commune_code", "geometry"]], _ids(coverage["commune_code"], codes, level)
    communes = tables["communes"].set_index("commune_code")
    shapes = dissolve(coverage, communes[column])
    ids = _ids(shapes[column], codes, level)
    if left_out := places_left_out(tables["communes"], level):
        home = communes["departement_code"].where(communes[column].isna())
        rest = dissolve(coverage, home)
        ids = np.concatenate([ids, len(codes) + pd.Index(left_out).get_indexer(rest["departement_code"])])
        shapes = pd.concat([shapes, rest[["geometry"]].assign(**{column: ""})], ignore_index=True)
    return shapes, ids


def _ids(codes: "pd.Series[str]", known: pd.Index, level: DrawnLevel) -> "np.ndarray[Any, Any]":
    """Return the row number of each shape in its level's sorted list of codes."""
    ids = known.get_indexer(codes)
    if (ids < 0).any():
        unknown = codes[ids < 0].head(5)
        msg = f"{_TABLES[level]}.parquet : attendu tous les codes des formes, absents : {', '.join(unknown)}."
        raise AssetError(msg)
    return np.asarray(ids)


def _neighbours(communes: gpd.GeoDataFrame) -> bytes:
    ordered = communes.sort_values("commune_code")
    codes = ordered["commune_code"].to_numpy(dtype=np.str_)
    return encode_adjacency(Adjacency(codes, adjacent_pairs(ordered.geometry.to_numpy())))


def _names(tables: dict[str, pd.DataFrame], level: DrawnLevel) -> bytes:
    table = tables[_TABLES[level]]
    rows = sorted(zip(table[code_column(level)], table["name"], strict=True))
    names = tables["departements"].set_index("departement_code")["name"]
    left_out = places_left_out(tables["communes"], level)
    rows += [("", f"{LEVEL_NAMES[level].left_out} ({names[code]})") for code in left_out]
    return "".join(f"{code}\t{' '.join(str(name).split())}\n" for code, name in rows).encode()


def _bounds(shapes: dict[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Give bounding boxes [west, south, east, north] in degrees, rounded outwards to 4 decimals (10 m)."""
    bounds: dict[str, dict[str, list[float]]] = {}
    for level in DRAWN_LEVELS[1:]:  # those of the communes would weigh more than their shapes, and the browser has them
        column = code_column(level)
        table = shapes[level][shapes[level][column] != ""]
        boxes = table.geometry.bounds.to_numpy() * 1e4
        outwards = np.column_stack([np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:])]) / 1e4
        bounds[level] = dict(zip(table[column], outwards.tolist(), strict=True))
    departements = bounds["departement"]
    metropolitan = np.array([departements[code] for code in METROPOLITAN_DEPARTEMENT_CODES if code in departements])
    if len(metropolitan):  # "the whole of France" is shown as metropolitan France, with the insets beside it
        bounds["france"] = {
            "FR": [*metropolitan[:, :2].min(axis=0).tolist(), *metropolitan[:, 2:].max(axis=0).tolist()]
        }
    insets = {code: departements[code] for code in OVERSEAS_DEPARTEMENT_CODES if code in departements}
    return {"insets": insets, "bounds": bounds}


def _replace(path: Path, content: bytes) -> None:
    """Write a file aside, then put it in place in one step: nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        stream.write(content)
    aside = Path(stream.name)
    aside.chmod(0o644)  # a temporary file is private; this one is to be served
    aside.replace(path)
