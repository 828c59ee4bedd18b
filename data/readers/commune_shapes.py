"""Shapes of the communes of another year: IGN ADMIN EXPRESS as Etalab cuts it, `communes-100m.geojson`."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError, named_faults
from data.readers.loose_table import label_key
from data.readers.source_table import COMMUNE_CODE
from geo.crs import WGS84_EPSG

_CODE_LABELS: Final = ("code", "insee_com", "code_insee", "codgeo", "code_commune", "com", "insee")
_POLYGONS: Final = [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]
_MARKUP: Final = (b"<!", b"<h", b"<H")


def read_commune_shapes(path: Path) -> gpd.GeoDataFrame:
    """Return the shape of each commune of a file (degrees, EPSG:4326), as it is.

    Source: IGN, ADMIN EXPRESS, in the GeoJSON files of Etalab (`contours-administratifs`), one feature a commune with
    its code; any vector file that GDAL reads will do (GeoPackage, shapefile).

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    geopandas.GeoDataFrame
        Sorted by commune_code: commune_code (text; the file's own list, collectivities included), geometry (polygons,
        never empty, not yet a coverage). A code may come twice: a commune in several features.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, no vector file, has no code of commune, or a shape that is no polygon.
    """
    if not path.exists():
        raise SourceMissing(path, remedy="Relancez la synchronisation ou vérifiez le dossier des données.")
    _refuse_page(path)
    with named_faults(path, "un GeoJSON de communes entier"):
        shapes = gpd.read_file(path)
    keys = {label_key(str(column)): column for column in shapes.columns if column != "geometry"}
    label = next((keys[name] for name in _CODE_LABELS if name in keys), None)
    if label is None or "geometry" not in shapes:
        found = ", ".join(map(str, shapes.columns)) or "aucune colonne"
        raise SourceLayoutError(path, expected="une propriété « code » (INSEE) et un contour", found=found)
    codes = shapes[label].astype("str")
    wrong = codes[~codes.str.fullmatch(COMMUNE_CODE).fillna(value=False).astype("bool")]
    if len(wrong):
        place = f"entité {wrong.index[0] + 1}"
        raise SourceValueError(path, place=place, expected="un code INSEE de cinq caractères", found=wrong.iloc[0])
    polygons = shapes.geometry.to_numpy()
    is_polygon = pd.Series(polygons).map(shapely.get_type_id).isin(_POLYGONS) & ~shapely.is_empty(polygons)
    if not is_polygon.all():
        code = codes[~is_polygon.to_numpy()].iloc[0]
        raise SourceValueError(path, place=f"commune {code}", expected="un polygone", found="autre chose, ou rien")
    crs = shapes.crs if shapes.crs is not None else WGS84_EPSG
    table = gpd.GeoDataFrame({"commune_code": codes.to_numpy()}, geometry=gpd.GeoSeries(polygons, crs=crs))
    with named_faults(path, "des contours que l’on peut placer"):
        placed = table.astype({"commune_code": "str"}).to_crs(WGS84_EPSG)
    return placed.sort_values("commune_code", ignore_index=True)


def _refuse_page(path: Path) -> None:
    """Name a web page: GDAL would only say that it does not know the format."""
    try:
        with path.open("rb") as file:
            start = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise SourceUnreadable(path, expected="un fichier que l’on peut ouvrir", found=error.strerror) from error
    if not start:
        raise SourceUnreadable(path, expected="un fichier officiel", found="un fichier sans contenu")
    if start.startswith(_MARKUP):
        raise SourceUnreadable(path, expected="des données", found="une page HTML ou XML : le téléchargement a échoué")
