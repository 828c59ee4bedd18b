"""Measure access by cell of 200 m: 2.3 million SIMULATED cells, in one piece and by department on two processes.

Run with `python -m tests.bench.bench_cells`, from the root of the checkout, on the committed snapshot. No grid of INSEE
is there: cells are drawn around the mairie of each metropolitan commune, on its area, and share its people at random;
no figure of them means anything but time, memory, and the equality of both ways. Prints seconds of one run and peaks.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from coverage.access.cells import access_by_cell, people_within, place_cells
from coverage.access.decay import drees_decay
from coverage.indicators.cards.structures import REACH_MINUTES
from data.readers.population_cells import SIDE_M, read_population_cells
from data.workers import open_workers
from geo.crs import metres_transformer
from geo.travel_time.road_estimate import PLACE_COLUMNS
from tests.bench.bench_access import SNAPSHOTS
from tests.data.population_files import CELL_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

N_CELLS = 2_300_000
N_PROCESSES = 2
ACTS = 5_400.0
Result = TypeVar("Result")


def peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    return resource.getrusage(who).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def measured(what: str, run: Callable[[], Result]) -> Result:
    """Run once, print the seconds and the peak of this process so far, give the result."""
    start = time.perf_counter()
    result = run()
    print(f"{what:<66} {time.perf_counter() - start:7.1f} s   peak {peak_mb():6.0f} MB", flush=True)
    return result


def simulate_cells(communes: pd.DataFrame, n_cells: int, seed: int = 2026) -> pd.DataFrame:
    """Draw cells on a disc of the area of each commune, more of them where it is large and peopled."""
    rng = np.random.default_rng(seed)
    weight = np.sqrt(communes["population"].clip(1) * communes["area_km2"].fillna(10.0))
    n_of = np.maximum(1, np.round(n_cells * weight / weight.sum())).astype(np.int64).to_numpy()
    home = np.repeat(np.arange(len(communes)), n_of)
    x_m, y_m = metres_transformer(3035).transform(communes["longitude"].to_numpy(), communes["latitude"].to_numpy())
    radius_m = 1000 * np.sqrt(communes["area_km2"].fillna(10.0).to_numpy() / np.pi)
    distance, angle = radius_m[home] * np.sqrt(rng.random(len(home))), 2 * np.pi * rng.random(len(home))
    corner = np.floor(
        np.column_stack([x_m[home] + distance * np.cos(angle), y_m[home] + distance * np.sin(angle)]) / SIDE_M
    )
    drawn = rng.exponential(size=len(home))
    people = drawn / np.bincount(home, drawn)[home] * communes["population"].to_numpy()[home]
    return pd.DataFrame(
        {
            "commune_code": communes["commune_code"].array[home],
            "epsg": np.int32(3035),
            "y_m": (corner[:, 1] * SIDE_M + SIDE_M // 2).astype(np.int32),
            "x_m": (corner[:, 0] * SIDE_M + SIDE_M // 2).astype(np.int32),
            "population": people,
            "imputed": False,
        }
    )


def write_official(cells: pd.DataFrame, path: Path) -> None:
    """Write the cells in the layout of the official file; two that fell on one place are one there."""
    once = cells.groupby(["y_m", "x_m"], as_index=False).agg({"commune_code": "first", "population": "sum"})
    south, west = (pd.Series(once[name] - SIDE_M // 2).astype("str") for name in ("y_m", "x_m"))
    filled = pa.array(np.full(len(once), 1.5))
    columns = dict.fromkeys(CELL_LABELS, filled) | {
        "idcar_200m": pa.array("CRS3035RES200mN" + south + "E" + west),
        "i_est_200": pa.array(np.zeros(len(once), dtype=np.int8)),
        "lcog_geo": pa.array(once["commune_code"]),
        "ind": pa.array(once["population"].round(1)),
    }
    arrow_csv.write_csv(pa.table(columns), path, arrow_csv.WriteOptions(quoting_style="none"))


def read_official(path: Path) -> tuple[int, float]:
    """Read the file in a process of its own: its number of lines and its peak."""
    return len(read_population_cells(path)), peak_mb()


def main(n_cells: int = N_CELLS) -> None:
    """Measure everything once."""
    communes = pd.read_parquet(SNAPSHOTS / "communes.parquet")
    metropolitan = communes[~communes["departement_code"].str.startswith("97") & communes["longitude"].notna()]
    decay = drees_decay(pd.read_parquet(SNAPSHOTS / "apl_parameters.parquet"))
    places = communes.assign(density_per_km2=communes["population"] / communes["area_km2"])[list(PLACE_COLUMNS)]
    equipment = pd.read_parquet(SNAPSHOTS / "bpe_communes.parquet").set_index("commune_code")
    supplies = places.assign(supply=ACTS * places["commune_code"].map(equipment["n_gp"]).fillna(0.0).to_numpy())
    supplies = supplies[supplies["supply"] > 0].reset_index(drop=True)
    with_msp = places[places["commune_code"].map(equipment["n_msp"]).fillna(0.0).to_numpy() > 0]
    table = simulate_cells(metropolitan, n_cells)
    cells = measured("points of the cells", lambda: place_cells(table, communes))
    print(f"  {len(cells)} simulated cells, {len(supplies)} communes with a GP, {len(with_msp)} with an MSP")
    measured(f"people within {REACH_MINUTES} min of an MSP", lambda: people_within(cells, with_msp, REACH_MINUTES))
    whole = measured("APL by cell, in one piece", lambda: access_by_cell(cells, supplies, decay, whole=True))
    alone = measured("APL by cell, by department, one process", lambda: access_by_cell(cells, supplies, decay))
    with open_workers(N_PROCESSES) as workers:
        parts = measured(
            f"APL by cell, by department, {N_PROCESSES} processes",
            lambda: access_by_cell(cells, supplies, decay, workers),
        )
        measured(
            f"people within minutes, by department, {N_PROCESSES} processes",
            lambda: people_within(cells, with_msp, REACH_MINUTES, workers),
        )
    print(f"  largest worker {peak_mb(resource.RUSAGE_CHILDREN):.0f} MB")
    for name, found in (("one process", alone), (f"{N_PROCESSES} processes", parts)):
        gap = (found.communes["access"] / whole.communes["access"] - 1).abs().max()
        print(f"  by department ({name}) against one piece: largest relative gap of a commune {gap:.1e}")
    reached = supplies["supply"][whole.demand_in_reach > 0].sum()
    print(f"  acts given / acts in reach − 1 = {whole.communes['served'].sum() / reached - 1:.1e}")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool,
    ):
        path = Path(folder) / "carreaux_200m_met_2019.csv"
        write_official(table, path)
        size_mb = path.stat().st_size / 1e6
        told = f"official layout, {size_mb:.0f} MB, read in a process of its own"
        n_lines, reader_mb = measured(told, lambda: pool.submit(read_official, path).result())
        print(f"  {n_lines} lines, reader alone {reader_mb:.0f} MB")


if __name__ == "__main__":
    main()
