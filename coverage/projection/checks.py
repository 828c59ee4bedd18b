"""How far the projection is from the two published figures that it should find again, for the method page."""

import pandas as pd

from coverage.projection.assumptions import assumed
from coverage.projection.baseline import Baseline, national_baseline
from coverage.projection.path import project
from coverage.projection.scenario import PRESETS

DREES_YEARS = (2028, 2033, 2050)
DREES_START = 2021
INDEX_TOLERANCE_POINTS = 3.0
NEED_TOLERANCE = 0.10
LEFT_TOLERANCE_GP = 150.0


def drees_path(rpps_age: pd.DataFrame) -> "pd.Series[float]":
    """Return the index (2021 = 100) of the national stock of GPs, 2021-2050, with the preset close to DREES.

    Starts from the published 100 621 GPs, 34 % of them of 60 or more, with the exit curve of all doctors. The level of
    the entries was set on the published path: 2028 and 2050, and also the return to the level of 2021 in the early
    2030s (read as 2033), were targets. What is shown is a fit, not a test of the model.
    """
    start = national_baseline(
        rpps_age,
        stock=assumed("published_drees_stock_2021"),
        base_year=DREES_START,
        share_over_60=assumed("published_share_over_60"),
    )
    yearly = project(start, PRESETS["drees"].with_changes(horizon_years=DREES_YEARS[-1] - DREES_START)).yearly
    stock = yearly[yearly["level"] == "france"].set_index("year")["stock"]
    return (100 * stock / stock.loc[DREES_START]).rename("index")


def published_gaps(baseline: Baseline, rpps_age: pd.DataFrame) -> pd.DataFrame:
    """Return each published figure beside what the model finds.

    Returns
    -------
    pandas.DataFrame
        check, label (French), unit, published, found, gap (found - published), tolerance, within (bool). "back above
        2021 in the early 2030s" is read as an index of at least 100 in 2033. Figures that the baseline cannot compute
        are NaN and not within.
    """
    index = drees_path(rpps_age)
    start = assumed("published_drees_stock_2021")
    low, end = (100 * assumed(f"published_drees_stock_{year}") / start for year in (2028, 2050))
    region = project(baseline, PRESETS["ars_occitanie"]).yearly
    region = region[(region["level"] == "region") & (region["territory_code"] == "76")]
    last = region[region["year"] == region["year"].max()]
    need, left = (
        float(last[name].iloc[0]) if len(last) else float("nan") for name in ("need_to_find", "left_to_convince")
    )
    wanted = assumed("published_ars_occitanie_need"), assumed("published_ars_occitanie_left")
    points, gps = "indice 100 en 2021", "médecins"
    rows = [
        ("drees_2028", "DREES : généralistes en 2028", points, low, float(index[2028]), INDEX_TOLERANCE_POINTS),
        (
            "drees_2033",
            "DREES : retour au niveau de 2021 au début des années 2030",
            points,
            100.0,
            float(index[2033]),
            INDEX_TOLERANCE_POINTS,
        ),
        ("drees_2050", "DREES : généralistes en 2050", points, end, float(index[2050]), INDEX_TOLERANCE_POINTS),
        ("drees_low_year", "DREES : année du point bas", "année", 2028.0, float(index.idxmin()), 1.0),
        (
            "occitanie_need",
            "ARS Occitanie : médecins à trouver en dix ans",
            gps,
            wanted[0],
            need,
            NEED_TOLERANCE * wanted[0],
        ),
        (
            "occitanie_left",
            "ARS Occitanie : médecins à convaincre au-delà de la tendance",
            gps,
            wanted[1],
            left,
            LEFT_TOLERANCE_GP,
        ),
    ]
    table = pd.DataFrame(rows, columns=["check", "label", "unit", "published", "found", "tolerance"])
    table.insert(5, "gap", table["found"] - table["published"])
    table["within"] = table["gap"].abs() <= table["tolerance"]
    return table
