"""Words that contracts are written with: a table's promise, and the kinds of columns it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa

DEPARTEMENT: Final = r"0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[12346]"
COMMUNE: Final = r"(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB])[0-9]{3}|97[12346][0-9]{2}"
REGION: Final = r"[0-9]{2}"
TERRITORY: Final = rf"FR|{REGION}|{DEPARTEMENT}"


@dataclass(frozen=True)
class Contract:
    """What a table promises.

    Attributes
    ----------
    columns
        Its columns, in order; the unit of each number is in `metadata["unit"]`.
    key
        Columns that name a row, by which the table is sorted.
    rows
        Fewest and most rows that the table of France may have.
    communes, departements
        Columns whose values must be those of the table `communes`.
    """

    columns: Mapping[str, pa.Column]
    key: tuple[str, ...]
    rows: tuple[int, int]
    communes: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()


def text(pattern: str = r".+", *, nullable: bool = False, required: bool = True) -> pa.Column:
    """Make a column of text that matches a pattern from end to end."""
    check = pa.Check.str_matches(rf"^(?:{pattern})$", error=f"un texte de la forme {pattern}")
    return pa.Column("str", check, nullable=nullable, required=required)


def choice(*values: str, nullable: bool = False) -> pa.Column:
    """Make a column of text that is one of a few values."""
    return pa.Column("str", pa.Check.isin(values, error=f"une valeur parmi {', '.join(values)}"), nullable=nullable)


def number(
    unit: str,
    low: float,
    high: float = np.inf,
    *,
    nullable: bool = False,
    whole: bool = False,
    dtype: str = "float64",
    required: bool = True,
) -> pa.Column:
    """Make a column of numbers between two bounds, both allowed, in a unit."""
    checks = [pa.Check.in_range(low, high, error=f"un nombre entre {low:g} et {high:g} ({unit})")]
    if whole:
        checks.append(pa.Check(lambda values: values % 1 == 0, error=f"un nombre entier ({unit})"))
    return pa.Column(dtype, checks, nullable=nullable, metadata={"unit": unit}, required=required)


def whole_number(unit: str, *, nullable: bool = False, required: bool = True) -> pa.Column:
    """Make a column of whole numbers >= 0, in a unit."""
    return number(unit, 0.0, nullable=nullable, whole=True, required=required)


def share(*, nullable: bool = True, required: bool = True) -> pa.Column:
    """Make a column of shares, from 0 to 1."""
    return number("part de 0 à 1", 0.0, 1.0, nullable=nullable, required=required)


def year(first: int, last: int) -> pa.Column:
    """Make a column of years between two, both allowed."""
    return number("année", first, last, dtype="int64")


def day(*, nullable: bool = False) -> pa.Column:
    """Make a column of days, of this century or the two before."""
    first, last = pd.Timestamp("1800-01-01"), pd.Timestamp("2100-01-01")
    check = pa.Check.in_range(first, last, error="un jour entre 1800 et 2100")
    return pa.Column("datetime64[us]", check, nullable=nullable)
