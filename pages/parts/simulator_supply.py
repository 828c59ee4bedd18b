"""The estimated supply of each commune: computed once in the background, kept on disk, never in a page's own run.

The fit takes some twenty seconds and would hold the interpreter's lock: it runs in a process of its own, which is this
module run as a program, and the pages stay as quick as ever.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coverage.apl_engine import apl_model
from coverage.errors import CoverageError
from coverage.supply_estimate import estimate_supply_by_age
from geo.travel_time.matrix import TravelTimes
from geo.travel_time.storage import load_travel_times, save_travel_times

FORMAT: Final = "maillage-supply-1"
USUAL_SECONDS: Final = 20
ROOT: Final = Path(__file__).parents[2]
_TIMES, _PUBLISHED, _PARAMETERS, _SUPPLY = "times.npz", "published.parquet", "parameters.parquet", "supply.parquet"


@dataclass(frozen=True, eq=False)
class Supply:
    """Acts a year of each commune, estimated, and how well they explain the published figures.

    Attributes
    ----------
    acts_65, acts_over_65
        Acts a year of GPs of 65 or less, over 65; index commune_code.
    rmse
        Root mean squared residual of the series of 65 or less, consultations a year per standardised inhabitant.
    share_explained
        Share (0-1) of the variance of that series that the estimate explains.
    """

    acts_65: pd.Series
    acts_over_65: pd.Series
    rmse: float
    share_explained: float

    @property
    def acts(self) -> pd.Series:
        """Return the acts a year of GPs of all ages."""
        return self.acts_65.add(self.acts_over_65)

    @property
    def content_hash(self) -> str:
        """Return the SHA-256 of all that the estimate says, in hexadecimal."""
        digest = hashlib.sha256(f"{FORMAT} {self.rmse!r} {self.share_explained!r}".encode())
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
        Result of `coverage.apl_engine.apl_by_commune`.
    apl_parameters
        Snapshot table.
    folder
        Where the estimate is kept, under a name drawn from all of these.

    Attributes
    ----------
    supply
        The estimate; None while it is under way, or when it failed.
    failure
        Why it failed, in French; "" otherwise.
    """

    def __init__(self, times: TravelTimes, published: pd.DataFrame, apl_parameters: pd.DataFrame, folder: Path) -> None:
        digest = hashlib.sha256(f"{FORMAT} {times.content_hash}".encode())
        for table in (published, apl_parameters):
            digest.update(pd.util.hash_pandas_object(table).to_numpy().tobytes())
        self.path = folder / f"supply_{digest.hexdigest()[:24]}.parquet"
        self.supply = load_supply(self.path)
        self.failure = ""
        self._started = time.monotonic()
        if self.supply is None:
            inputs = (times, published, apl_parameters)
            threading.Thread(target=self._estimate, args=inputs, name="supply", daemon=True).start()

    @property
    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._started

    @property
    def is_under_way(self) -> bool:
        """Tell whether the estimate is being computed."""
        return self.supply is None and not self.failure

    def _estimate(self, times: TravelTimes, published: pd.DataFrame, apl_parameters: pd.DataFrame) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="maillage") as name:
                folder = Path(name)
                save_travel_times(times, folder / _TIMES)
                published.to_parquet(folder / _PUBLISHED)
                apl_parameters.to_parquet(folder / _PARAMETERS)
                command = [sys.executable, "-m", "pages.parts.simulator_supply", name]
                made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
                supply = load_supply(folder / _SUPPLY)
                if supply is None:
                    self.failure = made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "calcul interrompu."
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
        supply = Supply(younger, older, float(fit["rmse"]), float(fit["share_explained"]))
        return supply if fit["content"] == supply.content_hash else None
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError):
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
    fit = {"rmse": supply.rmse, "share_explained": supply.share_explained, "content": supply.content_hash}
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


def main(folder: Path) -> None:
    """Estimate the supply from the inputs of a folder, and write it there."""
    if hasattr(os, "nice"):
        os.nice(5)  # readers first
    published = pd.read_parquet(folder / _PUBLISHED)
    parameters = pd.read_parquet(folder / _PARAMETERS)
    model = apl_model(load_travel_times(folder / _TIMES), published["population_standardised"], parameters)
    younger, older = estimate_supply_by_age(published, model)
    supply = Supply(younger.supply_acts, older.supply_acts, younger.rmse, younger.share_explained)
    save_supply(supply, folder / _SUPPLY)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except (CoverageError, MemoryError) as error:
        sys.exit(str(error) or "la mémoire du serveur ne suffit pas.")
