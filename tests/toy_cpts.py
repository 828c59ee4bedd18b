"""The sizes of a CPTS and some perimeters of the toy country, for the tests and the examples."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from coverage.funding.cpts import read_cpts_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TOY_RULES = read_cpts_rules(
    {
        "edition": "toy",
        "label": "Édition d’essai",
        "valid_from": dt.date(2024, 1, 1),
        "source": "essai",
        "source_page": "1",
        "certainty": "S",
        "warning": "essai",
        "assumption": [],
        "size": [
            {"size": 1, "under_population": 40_000, "amount_eur": 287_500},
            {"size": 2, "under_population": 80_000},
            {"size": 3, "under_population": 175_000},
            {"size": 4, "amount_eur": 580_000},
        ],
    }
)


def perimeters_of(members: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Make the table of perimeters of some CPTS, named after their ids."""
    rows = [(name, code, f"CPTS {name}", None) for name in sorted(members) for code in sorted(members[name])]
    table = pd.DataFrame(rows, columns=["cpts_id", "commune_code", "name", "finess_code"])
    return table.astype(dict.fromkeys(table.columns, "str"))
