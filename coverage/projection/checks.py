"""How far the projection is from the published figures that its presets were set on, for the method page."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.projection.assumptions import assumed, assumptions
from coverage.projection.baseline import Baseline
from coverage.projection.path import project
from coverage.projection.scenario import PRESETS, Scenario

DREES_POINTS: Final = (2021, 2028, 2050)
"""Years of the published points, all of them in ``assumptions.toml``."""
DREES_BACK_YEAR: Final = 2033
"""Year, between two published points, by which the number of GPs is about back at its level of 2021."""
INDEX_TOLERANCE_POINTS: Final = 3.0
NEED_TOLERANCE: Final = 0.10
LEFT_TOLERANCE_GP: Final = 150.0


def published_path(base_year: int, years: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return DREES's projection of the GPs as an index, 100 in the base year.

    Between its published points (2021, 2028, 2050) the logarithm is linear: a constant yearly change.

    Parameters
    ----------
    base_year, years
        From 2021 to 2050; NaN beyond.
    """
    points = np.log([assumed(f"published_drees_stock_{year}") for year in DREES_POINTS])
    wanted = np.asarray(years, dtype=np.float64)
    logs = np.interp(np.append(wanted, base_year), DREES_POINTS, points, left=np.nan, right=np.nan)
    index: npt.NDArray[np.float64] = 100 * np.exp(logs[:-1] - logs[-1])
    return index


def drees_path(baseline: Baseline) -> "pd.Series[float]":
    """Return the liberal GPs of the country with the preset close to DREES, index 100 in the base year, to 2050."""
    return _national_index(baseline, PRESETS["drees"])


def drees_levels(baseline: Baseline) -> tuple[float, float]:
    """Return the two levels of arrivals with which the preset finds DREES's points of 2028 and 2050 again, exactly.

    The stock is linear in the arrivals before and after the ramp: three projections give the two levels.

    Returns
    -------
    tuple of float
        ``entries_factor`` and ``entries_late_factor`` of the preset, for its ramp.
    """
    preset = PRESETS["drees"]
    years = list(DREES_POINTS[1:])

    def index(early: float, late: float) -> npt.NDArray[np.float64]:
        path = _national_index(baseline, preset.with_changes(entries_factor=early, entries_late_factor=late))
        return path.loc[years].to_numpy(dtype=np.float64)

    none, early = index(0.0, 0.0), index(1.0, 0.0)
    both = index(1.0, 1.0)
    effects = np.column_stack([early - none, both - early])
    first, last = np.linalg.solve(effects, published_path(baseline.base_year, years) - none)
    return float(first), float(last / first)


def _national_index(baseline: Baseline, scenario: Scenario) -> "pd.Series[float]":
    horizon = DREES_POINTS[-1] - baseline.base_year
    yearly = project(baseline, scenario.with_changes(horizon_years=horizon)).yearly
    stock = yearly[yearly["level"] == "france"].set_index("year")["stock"]
    return (100 * stock / stock.iloc[0]).rename("index")


def published_gaps(baseline: Baseline) -> pd.DataFrame:
    """Return each published figure beside what the preset set on it finds. All are targets: none is a test.

    Returns
    -------
    pandas.DataFrame
        check, label (French), unit, nature, published, found, gap (found - published), tolerance, within (bool).
        DREES's figures are an index, 100 in the base year. Figures that the baseline cannot compute are NaN and not
        within.
    """
    index = drees_path(baseline)
    low_year = float(index.idxmin()) if index.notna().any() else float("nan")
    years = [DREES_POINTS[1], DREES_BACK_YEAR, DREES_POINTS[2]]
    published = dict(zip(years, published_path(baseline.base_year, years), strict=True))
    region = project(baseline, PRESETS["ars_occitanie"]).yearly
    region = region[(region["level"] == "region") & (region["territory_code"] == "76")]
    last = region[region["year"] == region["year"].max()]
    need, left = (
        float(last[name].iloc[0]) if len(last) else float("nan") for name in ("need_to_find", "left_to_convince")
    )
    points, gps = f"indice 100 en {baseline.base_year}", "médecins"
    ours = assumptions()["published_drees_stock_2028"].certainty
    announced = assumptions()["published_ars_occitanie_need"].certainty
    wanted = assumed("published_ars_occitanie_need"), assumed("published_ars_occitanie_left")
    rows = [
        *(
            (
                f"drees_{year}",
                f"DREES : généralistes en {year}" + (", entre deux points publiés" if year == DREES_BACK_YEAR else ""),
                points,
                ours,
                float(published[year]),
                float(index.get(year, np.nan)),
                INDEX_TOLERANCE_POINTS,
            )
            for year in years
        ),
        ("drees_low_year", "DREES : année du point bas", "année", ours, 2028.0, low_year, 1.0),
        (
            "occitanie_need",
            "ARS Occitanie : médecins à trouver en dix ans",
            gps,
            announced,
            wanted[0],
            need,
            NEED_TOLERANCE * wanted[0],
        ),
        (
            "occitanie_left",
            "ARS Occitanie : médecins à convaincre au-delà de la tendance",
            gps,
            announced,
            wanted[1],
            left,
            LEFT_TOLERANCE_GP,
        ),
    ]
    table = pd.DataFrame(rows, columns=["check", "label", "unit", "nature", "published", "found", "tolerance"])
    table.insert(6, "gap", table["found"] - table["published"])
    table["within"] = table["gap"].abs() <= table["tolerance"]
    return table
