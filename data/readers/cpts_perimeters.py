"""Perimeters of the CPTS: the layer of Santégraphie (formerly AtlaSanté), or a list of communes.

A CPTS is a network over a territory: its FINESS line is the place of its seat, its perimeter a list of communes, which
the layer draws as a polygon.
"""

import re
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.errors import SourceLayoutError, SourceValueError, named_faults
from data.readers.documents import read_document
from data.readers.loose_table import COMMUNE_LABELS, label_key, read_loose_table, with_whole_codes
from data.readers.source_table import COMMUNE_CODE
from geo.crs import WGS84_EPSG

NAME_LABELS: Final = (
    *("nom_cpts", "cpts", "libelle_cpts", "lib_cpts", "nom_de_la_cpts", "nom", "libelle", "denomination"),
    *("raison_sociale", "intitule", "name"),
)
ID_LABELS: Final = ("id_cpts", "cpts_id", "code_cpts", "num_cpts", "identifiant", "id", "gid", "fid", "objectid")
FINESS_LABELS: Final = (
    "finess",
    "num_finess",
    "numero_finess",
    "finess_code",
    "finess_et",
    "nofinesset",
    "finess_cpts",
)
STAGE_LABELS: Final = ("statut", "etat", "avancement", "etat_avancement", "stade", "niveau", "etape", "statut_cpts")

_FINESS: Final = r"(?:[0-9]{2}|2[AB])[0-9]{7}"
_PROJECTIONS: Final = (WGS84_EPSG, 3857, 2154, 5490, 2972, 2975, 4471)
"""EPSG codes: degrees, those of web maps, and the legal ones."""

_LARGEST_DEGREE: Final = 180.0
_COLUMNS: Final = ["cpts_id", "name", "finess_code", "stage"]
_COLLECTION: Final = "FeatureCollection"


def read_perimeters(path: Path) -> pd.DataFrame | gpd.GeoDataFrame:
    """Return the perimeter of each CPTS: its communes, or its outline, as the file has it.

    Source: Santégraphie, layer « CPTS et projets de CPTS » (DGOS and ARS), GeoJSON; or any list of communes with their
    CPTS (CSV, workbook), as several ARS publish.

    Parameters
    ----------
    path
        GeoJSON, CSV or workbook, told apart by content.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        cpts_id (text; the file's, else the name), name (text), finess_code (text, NA when the file gives none), stage
        (text, empty when the file gives none); and commune_code (text, one line a commune of a CPTS, sorted), or
        geometry (EPSG:4326, valid polygons, one line a CPTS, sorted by cpts_id).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is neither, names no CPTS, or has a code or an outline that cannot be one (a CPTS that has no
        outline at all is left out).
    """
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        start = b""  # the reader of tables says what is wrong with it
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return _from_geojson(path)
    return _from_list(path)


def _from_list(path: Path) -> pd.DataFrame:
    optional = {"cpts_id": ID_LABELS, "finess_code": FINESS_LABELS, "stage": STAGE_LABELS}
    table = read_loose_table(path, {"commune_code": COMMUNE_LABELS, "name": NAME_LABELS}, optional=optional)
    table = with_whole_codes(table, "commune_code", 5).where(name=lambda names: names != "")  # a commune of no CPTS
    if table.cells.empty:
        raise SourceValueError(path, expected="des communes et leur CPTS", found="aucune CPTS")
    table.codes("commune_code", COMMUNE_CODE, expected="un code INSEE de cinq caractères")
    rows = _named(path, table.cells)
    return rows.drop_duplicates(["cpts_id", "commune_code"]).sort_values(["cpts_id", "commune_code"], ignore_index=True)


def _from_geojson(path: Path) -> gpd.GeoDataFrame:
    document = read_document(path)
    if not isinstance(document, dict) or document.get("type") != _COLLECTION or not document.get("features"):
        found = document.get("type", "aucun type") if isinstance(document, dict) else type(document).__name__
        raise SourceLayoutError(path, expected=f"un GeoJSON « {_COLLECTION} » avec des entités", found=found)
    features = document["features"]
    if not isinstance(features, list) or not all(
        isinstance(feature, dict) and isinstance(feature.get("properties"), dict) for feature in features
    ):
        raise SourceLayoutError(path, expected="des entités avec « properties »", found="autre chose")
    features = [feature for feature in features if feature.get("geometry") is not None]
    if not features:
        raise SourceValueError(path, expected="des périmètres dessinés", found="aucun polygone")
    properties = pd.DataFrame(
        [{label_key(name): value for name, value in one["properties"].items()} for one in features]
    )
    wanted = {"name": NAME_LABELS, "cpts_id": ID_LABELS, "finess_code": FINESS_LABELS, "stage": STAGE_LABELS}
    found = {name: next((label for label in labels if label in properties), "") for name, labels in wanted.items()}
    if not found["name"]:
        labels = ", ".join(map(str, properties.columns))
        raise SourceLayoutError(
            path, expected=f"une propriété « {NAME_LABELS[0]} »", found=labels or "aucune propriété"
        )
    cells = pd.DataFrame({name: _texts(properties[label]) for name, label in found.items() if label})
    cells["name"] = cells["name"].mask(cells["name"] == "", "CPTS")
    read = _shapes(path, features)
    shapes = gpd.GeoSeries(read, crs=_epsg(path, document, read)).to_crs(WGS84_EPSG)
    rows = gpd.GeoDataFrame(_named(path, cells), geometry=gpd.GeoSeries(shapely.make_valid(shapes), crs=WGS84_EPSG))
    twice = rows["cpts_id"][rows["cpts_id"].duplicated()]
    if len(twice):
        rows = rows.dissolve("cpts_id", as_index=False, aggfunc="first")[[*_COLUMNS, "geometry"]]
    return rows.sort_values("cpts_id", ignore_index=True)


def _named(path: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """Give identifier, name, FINESS number and stage; the name stands for an identifier that the file does not have."""
    names = cells["name"].str.strip()
    ids = cells["cpts_id"].str.strip() if "cpts_id" in cells else names
    ids = ids.mask(ids == "", names)
    several = names.groupby(ids).nunique()
    if (several > 1).any():  # an identifier of the line, not of the CPTS
        ids = names
    finess = (
        cells["finess_code"].str.replace(" ", "", regex=False) if "finess_code" in cells else ids.where(ids == "", "")
    )
    finess = finess.mask(finess.str.fullmatch(r"[1-9][0-9]{7}"), "0" + finess)
    wrong = finess[~finess.str.fullmatch(_FINESS) & (finess != "")]
    if len(wrong) == len(finess):
        raise SourceValueError(path, place="FINESS", expected="des numéros de neuf chiffres", found=wrong.iloc[0])
    stage = cells["stage"] if "stage" in cells else ids.where(ids == "", "")
    rows = {"cpts_id": ids, "name": names, "finess_code": finess.where(finess.str.fullmatch(_FINESS)), "stage": stage}
    table = pd.DataFrame(rows).astype("str")
    return table.assign(commune_code=cells["commune_code"].astype("str")) if "commune_code" in cells else table


def _texts(values: "pd.Series[Any]") -> "pd.Series[str]":
    """Return the values of a property as text; a number is whole, nothing is empty."""
    texts = values.astype("object").where(values.notna(), "").map(str)
    return texts.str.replace(r"^([0-9]+)\.0$", r"\1", regex=True).str.strip().astype("str")


def _shapes(path: Path, features: list[dict[str, Any]]) -> list[Any]:
    shapes = []
    for number, feature in enumerate(features, start=1):
        with named_faults(path, "un polygone", place=f"entité {number}"):
            shape = shapely.geometry.shape(feature["geometry"])
        if not np.isfinite(shapely.get_coordinates(shape)).all():  # Shapely takes the text « NaN » for a number
            raise SourceValueError(path, place=f"entité {number}", expected="des coordonnées", found="autre chose")
        if shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
            raise SourceValueError(path, place=f"entité {number}", expected="un polygone", found=shape.geom_type)
        shapes.append(shape)
    return shapes


def _epsg(path: Path, document: dict[str, Any], shapes: list[Any]) -> int:
    """Find the projection: the one that the file names, else degrees, as GeoJSON wants."""
    named = re.search(r"EPSG:+(?P<code>[0-9]{4,5})", str(document.get("crs") or ""))
    epsg = int(named["code"]) if named else WGS84_EPSG
    farthest = max(map(abs, shapely.total_bounds(shapes)))
    if epsg not in _PROJECTIONS or (epsg == WGS84_EPSG) != (farthest <= _LARGEST_DEGREE):
        expected = "des degrés, ou une projection nommée parmi " + ", ".join(map(str, _PROJECTIONS))
        raise SourceValueError(path, expected=expected, found=f"EPSG:{epsg}, jusqu’à {farthest:.0f}")
    return epsg
