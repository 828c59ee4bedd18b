"""The sizes of a CPTS and some perimeters of the toy country, for the tests and the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coverage.funding.cpts import read_cpts_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CITY_OF = {
    **{f"693{rank}": "69123" for rank in range(81, 90)},
    **{f"132{rank:02d}": "13055" for rank in range(1, 17)},
    **{f"751{rank:02d}": "75056" for rank in range(1, 21)},
}
"""City of each arrondissement: the real codes, of which the toy country has the two first of 69123."""

TOY_RULES = read_cpts_rules(
    {
        "edition": "toy",
        "label": "Édition d’essai",
        "document_date": "2024",
        "source": "essai",
        "source_page": "1",
        "certainty": "S",
        "warning": "essai",
        "assumption": [],
        "size": [
            {"size": 1, "under_population": 40_000, "supposed_eur": 287_500},
            {"size": 2, "under_population": 80_000},
            {"size": 3, "under_population": 175_000},
            {"size": 4, "supposed_eur": 580_000},
        ],
        "range": {"low_eur": 287_500, "high_eur": 580_000, "condition": "selon les objectifs"},
    }
)


def perimeters_of(
    members: Mapping[str, Sequence[str]], extents: Mapping[tuple[str, str], str] | None = None
) -> pd.DataFrame:
    """Make the table of perimeters of some CPTS, named after their ids; of an arrondissement, by the code of its own.

    `extents` gives the extent of some (CPTS, unit); the others are whole.
    """
    rows = [
        (name, CITY_OF.get(code, code), code, f"CPTS {name}", None, (extents or {}).get((name, code), "entier"))
        for name in sorted(members)
        for code in sorted(members[name])
    ]
    table = pd.DataFrame(rows, columns=["cpts_id", "commune_code", "unit_code", "name", "finess_code", "extent"])
    return table.astype(dict.fromkeys(table.columns, "str"))
