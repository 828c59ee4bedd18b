"""The estimated supply of each commune: computed once in the background, kept on disk, never in a page's own run.

The fits take the better part of a minute and would hold the interpreter's lock: they run in a process of their own,
which is this module run as a program, and the pages stay as quick as ever.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coverage.access.apl_model import apl_model
from coverage.errors import CoverageError
from coverage.simulator.supply_estimate import (
    SupplyEstimate,
    assess_counts,
    estimate_supply,
    estimate_supply_by_age,
    most_acts,
    share_without_gp,
)
from data.jobs import Job
from geo.travel_time.matrix import TravelTimes
from geo.travel_time.storage import load_travel_times, save_travel_times

FORMAT: Final = "maillage-supply-2"
USUAL_SECONDS: Final = 45
_TIMES, _SUPPLY = "times.npz", "supply.parquet"
_PUBLISHED, _PARAMETERS, _GPS = "published.parquet", "parameters.parquet", "gps.parquet"


class Fit(NamedTuple):
    """How well a supply gives the published APL of GPs of all ages back; NaN unknown.

    Attributes
    ----------
    rmse
        Root mean squared residual, consultations a year per standardised inhabitant.
    share_explained
        Share of the variance of the published APL that is explained, 1 at most.
    """

    rmse: float
    share_explained: float

    @classmethod
    def of(cls, estimate: SupplyEstimate) -> Self:
        """Keep of an estimate what says how good it is."""
        return cls(estimate.rmse, estimate.share_explained)


@dataclass(frozen=True, eq=False)
class Supply:
    """Acts a year of each commune, estimated, and how well they explain the published figures.

    Attributes
    ----------
    acts_65, acts_over_65
        Acts a year of GPs of 65 or less, over 65; index commune_code.
    fit
        Of these acts.
    free_fit, counted_fit
        Of what they were chosen before: the acts fitted without the counted GPs, and the counted GPs of equal activity.
    share_elsewhere
        Share (0-1) of the acts that the free fit puts in communes without a GP; NaN where GPs are not counted.
    """

    acts_65: pd.Series
    acts_over_65: pd.Series
    fit: Fit
    free_fit: Fit
    counted_fit: Fit
    share_elsewhere: float

    @property
    def figures(self) -> list[float]:
        """Return all that is said of the acts, in the order that `of_figures` reads."""
        return [*self.fit, *self.free_fit, *self.counted_fit, self.share_elsewhere]

    @classmethod
    def of_figures(cls, acts_65: pd.Series, acts_over_65: pd.Series, figures: list[float]) -> Self:
        """Make a supply again from what `figures` gives."""
        *pairs, share = map(float, figures)
        fit, free, counted = (Fit(*pair) for pair in zip(pairs[::2], pairs[1::2], strict=True))
        return cls(acts_65, acts_over_65, fit, free, counted, share)

    @property
    def acts(self) -> pd.Series:
        """Return the acts a year of GPs of all ages."""
        return self.acts_65.add(self.acts_over_65)

    @property
    def content_hash(self) -> str:
        """Return the SHA-256 of all that the estimate says, in hexadecimal."""
        digest = hashlib.sha256(f"{FORMAT} {self.figures!r}".encode())
        digest.update("\n".join(self.acts_65.index).encode())
        for acts in (self.acts_65, self.acts_over_65):
            digest.update(acts.to_numpy(np.float64).tobytes())
        return digest.hexdigest()


class SupplyTask:
    """The estimate under way or done; reading it never waits.

    Parameters
    ----------
    times
        Minutes between communes.
    published
        Result of `coverage.access.apl_model.apl_by_commune`.
    apl_parameters
        Snapshot table.
    n_gp
        GPs of each commune, index commune_code, NaN unknown; without any, the acts are fitted freely.
    folder
        Where the estimate is kept, under a name drawn from all of these.

    Attributes
    ----------
    supply
        The estimate; None while it is under way, or when it failed.
    failure
        Why it failed, in French; "" otherwise.
    """

    def __init__(
        self,
        times: TravelTimes,
        published: pd.DataFrame,
        apl_parameters: pd.DataFrame,
        n_gp: pd.Series,
        folder: Path,
    ) -> None:
        digest = hashlib.sha256(f"{FORMAT} {times.content_hash}".encode())
        tables = {_PUBLISHED: published, _PARAMETERS: apl_parameters, _GPS: n_gp.to_frame("n_gp")}
        for table in tables.values():
            digest.update(pd.util.hash_pandas_object(table).to_numpy().tobytes())
        self.path = folder / f"supply_{digest.hexdigest()[:24]}.parquet"
        self.supply = load_supply(self.path)
        self.failure = ""
        self._started = time.monotonic()
        if self.supply is None:
            threading.Thread(target=self._estimate, args=(times, tables), name="supply", daemon=True).start()

    @property
    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._started

    @property
    def is_under_way(self) -> bool:
        """Tell whether the estimate is being computed."""
        return self.supply is None and not self.failure

    def _estimate(self, times: TravelTimes, tables: Mapping[str, pd.DataFrame]) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="maillage") as name:
                folder = Path(name)
                save_travel_times(times, folder / _TIMES)
                for file, table in tables.items():
                    table.to_parquet(folder / file)
                job = Job.start("pages.screens.simulator.supply", [name])
                job.wait()
                supply = load_supply(folder / _SUPPLY)
                if supply is None:
                    self.failure = job.fault or "calcul interrompu."
                    return
                _keep(folder / _SUPPLY, self.path)
                self.supply = supply
        except OSError as error:
            self.failure = f"le dossier temporaire n’est pas utilisable ({error.strerror})."


def load_supply(path: Path) -> Supply | None:
    """Read an estimate; None when there is none or it is damaged: it is then made again."""
    try:
        table = pq.read_table(path)
        fit = json.loads((table.schema.metadata or {})[b"fit"])
        codes = pd.Index(table.column("commune_code").to_pylist(), name="commune_code")
        younger, older = (
            pd.Series(table.column(name).to_numpy(), index=codes, name="supply_acts")
            for name in ("acts_65", "acts_over_65")
        )
        supply = Supply.of_figures(younger, older, fit["figures"])
        return supply if fit["content"] == supply.content_hash else None
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError, RecursionError):
        return None


def save_supply(supply: Supply, path: Path) -> None:
    """Write an estimate, sealed by its content hash."""
    table = pa.Table.from_pydict(
        {
            "commune_code": supply.acts_65.index.tolist(),
            "acts_65": supply.acts_65.to_numpy(),
            "acts_over_65": supply.acts_over_65.to_numpy(),
        }
    )
    fit = {"figures": supply.figures, "content": supply.content_hash}
    pq.write_table(table.replace_schema_metadata({"fit": json.dumps(fit)}), path)


def _keep(made: Path, path: Path) -> None:
    """Put a file in the cache, whole or not at all; where it can't be written, it is made again at the next start."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, part)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)


def end_with_parent(every_s: float = 1.0) -> None:
    """End this process when the one that started it has ended: nobody would read what it makes."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(every_s)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def main(folder: Path) -> None:
    """Estimate the supply from the inputs of a folder, and write it there."""
    if hasattr(os, "nice"):
        os.nice(5)  # readers first
    published, parameters, gps = (pd.read_parquet(folder / file) for file in (_PUBLISHED, _PARAMETERS, _GPS))
    n_gp = gps["n_gp"]
    model = apl_model(load_travel_times(folder / _TIMES), published["population_standardised"], parameters)
    every, older = estimate_supply_by_age(published, model, most_acts(n_gp, parameters))
    free, counted, elsewhere = every, Fit(float("nan"), float("nan")), float("nan")
    if n_gp.sum() > 0:
        free = estimate_supply(published["apl"], model)
        counted, elsewhere = (
            Fit.of(assess_counts(n_gp, published["apl"], model)),
            share_without_gp(free.supply_acts, n_gp),
        )
    younger = (every.supply_acts - older.supply_acts).clip(lower=0.0)
    supply = Supply(younger, older.supply_acts, Fit.of(every), Fit.of(free), counted, elsewhere)
    save_supply(supply, folder / _SUPPLY)


if __name__ == "__main__":
    end_with_parent()
    try:
        main(Path(sys.argv[1]))
    except (CoverageError, MemoryError) as error:
        sys.exit(str(error) or "la mémoire du serveur ne suffit pas.")
