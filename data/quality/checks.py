"""Checks of the tables in use, passed and failed; `python -m data.quality.checks` prints them for another process.

In a process of its own when the app asks: pandera and the shapes of all communes never weigh on the server.
"""

import dataclasses
import sys
from collections.abc import Iterator

import geopandas as gpd

from data import store
from data.contracts.check import check
from data.contracts.schemas import CONTRACTS
from data.contracts.synced_schemas import SYNCED_CONTRACTS
from data.errors import DataError
from data.jobs import tell


@dataclasses.dataclass(frozen=True)
class Check:
    """One check: of which table, what was wanted, whether it holds, and a French sentence when it does not."""

    table: str
    wanted: str
    passed: bool
    sentence: str = ""


def check_tables(*, complete: bool = True) -> Iterator[Check]:
    """Hold every table in use to its contract, and the totals of each sync to those before.

    Parameters
    ----------
    complete
        Whether the numbers of rows must be those of France; False for a made-up country.

    Yields
    ------
    Check
        First the files and the contracts, a table at a time; then the totals of each sync. The figures published
        elsewhere are compared on the page itself (`data.contracts.published_measures.compare`).
    """
    manifest = store.manifest()
    communes = store.load("communes")
    for name in manifest["tables"]:
        wanted = "fichier intact, colonnes, types, bornes, clé, codes de communes"
        if name not in CONTRACTS and name not in SYNCED_CONTRACTS:
            yield Check(name, wanted, passed=False, sentence="Table sans contrat.")
            continue
        try:
            table = gpd.read_parquet(store.snapshot_path(name)) if name == "commune_geometry" else store.load(name)
            check(name, table, communes=communes, complete=complete)
        except DataError as error:
            yield Check(name, wanted, passed=False, sentence=str(error))
        else:
            yield Check(name, wanted, passed=True)
    for source in manifest.get("synced", {}).values():
        for total, counts in source.get("totals", {}).items():
            wanted = f"« {total} » à 5 % près de la version précédente"
            before, now = counts["before"], counts["now"]
            passed = now >= 0.95 * before
            yield Check(source["title"], wanted, passed=passed, sentence=f"{before:.0f} avant, {now:.0f} maintenant.")


if __name__ == "__main__":
    for found in check_tables():
        tell(**dataclasses.asdict(found))
    sys.exit(0)
