"""Parquet files of the snapshot: same table, same bytes."""

import json
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

COMPRESSION_LEVEL: Final = 9
"""Zstandard level: 19 takes twenty times as long to save 4 % of the shapes."""

_EPSG: Final = 4326


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, without index nor the metadata by which a version of pandas would show.

    Parameters
    ----------
    table
        RangeIndex; text, numbers, booleans and dates.
    path
        File to write.
    """
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_large_string(field.type) else field.type)
        for field in arrow.schema
    ]
    _write(arrow.cast(pa.schema(fields)).replace_schema_metadata(None), path)


def write_shapes(shapes: gpd.GeoDataFrame, path: Path) -> None:
    """Write shapes as GeoParquet 1.0 (WKB, EPSG:4326, degrees).

    Parameters
    ----------
    shapes
        Text columns and `geometry`.
    path
        File to write.
    """
    text = pd.DataFrame(shapes.drop(columns="geometry")).astype("str")
    columns = {name: pa.array(text[name].to_list(), pa.string()) for name in text}
    columns["geometry"] = pa.array(shapes.geometry.to_wkb().to_list(), pa.binary())
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "crs": pyproj.CRS(_EPSG).to_json_dict(),
                "geometry_types": sorted(shapes.geometry.geom_type.unique()),
                "bbox": [round(float(bound), 6) for bound in shapes.total_bounds],
            }
        },
    }
    _write(pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo, sort_keys=True)}), path)


def _write(table: pa.Table, path: Path) -> None:
    with pq.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=[field.name for field in table.schema if pa.types.is_string(field.type)],
        write_statistics=False,
        store_schema=False,
    ) as writer:
        writer.write_table(table)
        # Without the Arrow schema, the metadata of the table would be dropped with it: GeoParquet lives there.
        if table.schema.metadata:
            writer.add_key_value_metadata(table.schema.metadata)
