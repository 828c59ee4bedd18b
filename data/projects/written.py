"""Projects as a reader sees and edits them: French heads, names of communes, labels in place of codes; and GeoJSON."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from data.projects.fields import COUNT_FIELDS, DAY_FIELDS, FIELDS

_READ_ONLY: Final = ("lat_lon",)
HEADS: Final[Mapping[str, str]] = {name: field.label for name, field in FIELDS.items() if name not in _READ_ONLY}
"""French head of each column, the one by which it is read again: what is exported can be imported as it is."""

YES, NO = "oui", "non"


def written_table(projects: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Write projects under French heads, as the template has them.

    Parameters
    ----------
    projects
        As `data.projects.schema` has them; not changed.
    names
        Name of each commune by code.

    Returns
    -------
    pandas.DataFrame
        A column a head of `HEADS`: counts float64, days datetime64, the rest text; unknown is missing. Coordinates only
        where the list gave them: those of the commune would otherwise come back as if they had been given.
    """
    is_given = projects["point_origin"] == "donne"
    columns: dict[str, Any] = {
        name: projects[name] for name in ("project_id", "name", "facilitator", "finess_code", "note")
    }
    columns |= {name: projects[name] for name in (*DAY_FIELDS, *COUNT_FIELDS)}
    columns |= {
        "structure_type": projects["structure_type"].map(STRUCTURE_TYPES),
        "commune_code": projects["commune_code"],
        "commune_name": projects["commune_code"].map(names),
        "postcode": pd.Series(pd.NA, index=projects.index),
        "departement": projects["departement_code"],
        "longitude": projects["longitude"].where(is_given),
        "latitude": projects["latitude"].where(is_given),
        "stage": projects["stage"].map(STAGES),
        "abandoned": projects["abandoned"].map({True: YES, False: NO}),
        "accompanied": projects["accompanied"].map({True: YES, False: NO}),
    }
    texts = [name for name in HEADS if name not in {*DAY_FIELDS, *COUNT_FIELDS, "longitude", "latitude"}]
    table = pd.DataFrame({name: columns[name] for name in HEADS}).astype(dict.fromkeys(texts, "str"))
    return table.rename(columns=dict(HEADS))


def cells_of(table: pd.DataFrame) -> list[list[str]]:
    """Turn a table of `written_table`, perhaps edited, into the text cells that `check_rows` reads.

    A day is written 2025-03-15, a whole number without decimals, the unknown as nothing.
    """
    return [[_cell(value) for value in row] for row in table.itertuples(index=False, name=None)]


def write_geojson(projects: pd.DataFrame, names: Mapping[str, str]) -> bytes:
    """Write projects as a GeoJSON of points (RFC 7946, degrees EPSG:4326), the commune's point where none was given.

    Properties are under the French heads, without those of the point; an unknown one is null.
    """
    written = written_table(projects, names).drop(columns=[HEADS["longitude"], HEADS["latitude"], HEADS["postcode"]])
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {head: _cell(value) or None for head, value in row.items()}
            | {head: row[head] for head in _COUNT_HEADS if pd.notna(row[head])}
            | {_POINT_HEAD: origin},
        }
        for row, longitude, latitude, origin in zip(
            written.to_dict("records"),
            projects["longitude"],
            projects["latitude"],
            projects["point_origin"].map({"donne": "donné", "commune": "celui de la commune"}),
            strict=True,
        )
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")


_COUNT_HEADS: Final = tuple(HEADS[name] for name in COUNT_FIELDS)
_POINT_HEAD: Final = "Origine du point"


def _cell(value: Any) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return str(value.date().isoformat())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
