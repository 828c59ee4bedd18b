"""The contract of every table of the snapshot or of a sync, and the check that a table keeps it.

Only the build, the sync and the tests import this module: pandera is too slow to import for the app.
"""

from typing import Any, Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely
from pandera.errors import SchemaErrors

from data.contracts.columns import Contract
from data.contracts.schemas import CONTRACTS
from data.contracts.synced_schemas import SYNCED_CONTRACTS
from data.errors import ContractError

_EVERY: Final = {**CONTRACTS, **SYNCED_CONTRACTS}

_N_SHOWN: Final = 3
"""Offending rows shown in a message."""


def check(
    table_name: str, table: pd.DataFrame, communes: pd.DataFrame | None = None, *, complete: bool = True
) -> pd.DataFrame:
    """Hold a table to its contract.

    Parameters
    ----------
    table_name
        One of `CONTRACTS` or `SYNCED_CONTRACTS`.
    table
        The table, not changed.
    communes
        The table `communes`, for the links; no link is checked without it.
    complete
        Whether the number of rows must be that of France; False for a made-up country.

    Returns
    -------
    pandas.DataFrame
        The very same table.

    Raises
    ------
    ContractError
        With the table, the column, what was expected, and the first rows at fault.
    """
    if table_name not in _EVERY:
        raise ContractError(table_name, expected=", ".join(sorted(_EVERY)), found=table_name)
    contract = _EVERY[table_name]
    _require_columns(table_name, table, contract)
    schema = pa.DataFrameSchema(dict(contract.columns))
    try:
        schema.validate(pd.DataFrame(table), lazy=True)
    except SchemaErrors as error:
        raise _first_failure(table_name, table, error.failure_cases) from error
    _require_text(table_name, table, contract)
    _require_key(table_name, table, contract)
    fewest, most = contract.rows
    if complete and not fewest <= len(table) <= most:
        expected = f"entre {fewest} et {most} lignes"
        raise ContractError(table_name, place="nombre de lignes", expected=expected, found=len(table))
    if communes is not None:
        for column in contract.communes:
            _require_known(table_name, table[column], communes["commune_code"])
        for column in contract.departements:
            _require_known(table_name, table[column], communes["departement_code"])
    if table_name == "commune_geometry":
        _require_shapes(table_name, table)
    return table


def _require_columns(table_name: str, table: pd.DataFrame, contract: Contract) -> None:
    """Want every promised column, in order, and no other."""
    optional = {name for name, column in contract.columns.items() if not column.required}
    wanted = [name for name in contract.columns if name not in optional or name in table.columns]
    if list(table.columns) != wanted:
        found = ", ".join(map(str, table.columns))
        raise ContractError(table_name, place="colonnes", expected=", ".join(wanted), found=found)


def _require_text(table_name: str, table: pd.DataFrame, contract: Contract) -> None:
    """Want text to be of pandas' own type: pandera lets columns of Python objects through."""
    for name, column in contract.columns.items():
        if name not in table.columns:  # not required, as `_require_columns` has seen
            continue
        if str(column.dtype).startswith("str") and not isinstance(table[name].dtype, pd.StringDtype):
            place = f"colonne « {name} »"
            raise ContractError(table_name, place=place, expected="le type str", found=table[name].dtype)


def _first_failure(table_name: str, table: pd.DataFrame, cases: pd.DataFrame) -> ContractError:
    """Tell the first promise broken, and the first rows that break it."""
    first = cases.iloc[0]
    column = str(first["column"] if first["schema_context"] == "Column" else first["failure_case"])
    same = cases[(cases["check"] == first["check"]) & (cases["column"] == first["column"])]
    rows = list(same["index"].dropna().head(_N_SHOWN))
    examples = "; ".join(f"ligne {index} : {table[column].iloc[int(index)]!r}" for index in rows)
    expected = _promise(str(first["check"]), first["failure_case"])
    more = f" (et {len(same) - len(rows)} autres)" if len(same) > len(rows) > 0 else ""
    found = examples + more or str(first["failure_case"])
    return ContractError(table_name, place=f"colonne « {column} »", expected=expected, found=found)


def _promise(check_name: str, found: Any) -> str:
    """Return a promise of pandera in French; ours already are."""
    if check_name == "not_nullable":
        return "aucune valeur inconnue"
    if check_name.startswith("dtype("):
        return f"le type {check_name[7:-2]}, non {found}"
    return check_name


def _require_key(table_name: str, table: pd.DataFrame, contract: Contract) -> None:
    """Want a RangeIndex, each key once, and the rows sorted by it."""
    index = table.index
    if not (isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1):
        raise ContractError(table_name, place="index", expected="0, 1, 2…", found=type(index).__name__)
    key = list(contract.key)
    twice = table.loc[table.duplicated(key), key]
    if len(twice):
        found = "; ".join(" ".join(map(str, row)) for row in twice.head(_N_SHOWN).to_numpy())
        raise ContractError(table_name, place=f"clé {', '.join(key)}", expected="chaque clé une fois", found=found)
    order = pd.MultiIndex.from_frame(table[key]) if len(key) > 1 else pd.Index(table[key[0]])
    if not order.is_monotonic_increasing:
        raise ContractError(
            table_name, place=f"clé {', '.join(key)}", expected="des lignes triées", found="un désordre"
        )


def _require_known(table_name: str, codes: "pd.Series[str]", known: "pd.Series[str]") -> None:
    lost = sorted(set(codes) - set(known))
    if lost:
        found = ", ".join(lost[:_N_SHOWN])
        raise ContractError(
            table_name, place=f"colonne « {codes.name} »", expected="des codes de la table communes", found=found
        )


def _require_shapes(table_name: str, table: pd.DataFrame) -> None:
    """Want valid polygons in EPSG:4326."""
    shapes = table["geometry"].to_numpy()
    codes = table["commune_code"]
    wrong = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
    wrong |= ~np.isin(shapely.get_type_id(shapes), [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    if wrong.any():
        found = ", ".join(codes[wrong].head(_N_SHOWN))
        raise ContractError(table_name, place="colonne « geometry »", expected="des polygones valides", found=found)
    crs = getattr(table, "crs", None)
    if crs != "EPSG:4326":
        raise ContractError(table_name, place="colonne « geometry »", expected="EPSG:4326", found=crs)
