"""Tables of the MSP programme: the half-yearly counts and targets of the DGOS."""

from pathlib import Path
from typing import Final

import pandas as pd

from coverage.terms.months import format_date
from data.build.supply import make_msp_series, make_msp_targets
from data.errors import SourceLayoutError
from data.sync.made import Comparison, Made, SyncContext

_LEVEL_OF_NAME: Final = {"nat": "france", "reg": "region", "dep": "departement"}
"""End of the name of each file, as the Baromètre writes it: dms_nat.json."""


def make_msp_barometer(path: Path, context: SyncContext) -> Made:
    """Make `msp_series` and `msp_targets` from the three files of the Baromètre (France, regions, departments).

    Parameters
    ----------
    path
        Folder of the three JSON documents: names that end in nat, reg and dep.
    context
        Embedded tables.

    Returns
    -------
    Made
        The last national count of MSP compared with the one shown now.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When a level is absent, or a file is not what its reader expects.
    """
    paths = _by_level(path)
    series = make_msp_series(paths)
    last = series["date"].max().date()
    before = context.shown("msp_series")
    return Made(
        tables={"msp_series": series, "msp_targets": make_msp_targets(paths)},
        as_of=last,
        vintage=f"{format_date(series['date'].min().date())} au {format_date(last)}",
        comparisons=() if before is None else (Comparison("MSP en France", _last_msp(before), _last_msp(series)),),
    )


def _by_level(path: Path) -> dict[str, Path]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    found = {
        level: file for file in files for name, level in _LEVEL_OF_NAME.items() if file.stem.lower().endswith(name)
    }
    absent = sorted(name for name, level in _LEVEL_OF_NAME.items() if level not in found)
    if absent:
        expected = "trois fichiers : dms_nat.json, dms_reg.json et dms_dep.json"
        raise SourceLayoutError(
            path, expected=expected, found=", ".join(file.name for file in files) or "aucun fichier"
        )
    return found


def _last_msp(series: pd.DataFrame) -> float:
    of_france = series[(series["level"] == "france") & (series["structure_type"] == "msp")]
    return float(of_france.sort_values("date")["n_structures"].iloc[-1]) if len(of_france) else 0.0
