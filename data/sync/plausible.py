"""What a synced table must say of France before it takes the place of another: published figures, and gates."""

import re
from collections.abc import Callable
from typing import Final

import pandas as pd

from data.contracts.gates import growth_of_communes, jumps_between, refuse, repeated_values
from data.contracts.grid_gate import people_of_grid
from data.contracts.published_measures import compare, require_figures
from data.contracts.schemas import CONTRACTS
from data.contracts.synced_schemas import SYNCED_CONTRACTS
from data.sources.published_figures import load_published_figures
from data.sources.registry import Remote
from data.sync.made import Made, SyncContext

_REMEDY: Final = "Si ce changement est réel, acceptez-le avec « --accept-drop »."


def require_plausible_sync(remote: Remote, made: Made, context: SyncContext, *, accept_jumps: bool = False) -> None:
    """Refuse tables that a published figure contradicts, or that say what no table of France says.

    Parameters
    ----------
    remote
        The source.
    made
        Its tables, each one true to its contract.
    context
        The embedded tables and those in use.
    accept_jumps
        Whether figures may jump from the version in use to this one: the user says that they really changed.

    Raises
    ------
    ContractError
        A published figure is not found again.
    ImplausibleTable
        A department grows by more than 2.5 % a year, a column repeats the value of a wider place, or a figure jumps.
    """
    communes = made.tables.get("communes", context.table("communes"))
    figures = [figure for figure in load_published_figures() if remote.id in figure.sources]
    require_figures(compare(figures, _reader(made, communes)), whole=False)
    for name, table in made.tables.items():
        if "commune_code" in table.columns and name not in ("communes", "commune_geometry"):
            refuse(repeated_values(name, table, communes))
        if name == "population_cells":
            refuse(people_of_grid(name, table, communes))
        before = context.shown(name)
        if before is None:
            continue
        if name == "communes":
            refuse(growth_of_communes(name, _both_years(before, table, _years_since(context, made)), communes))
        if not accept_jumps and name != "commune_geometry":
            key = {**CONTRACTS, **SYNCED_CONTRACTS}[name].key
            refuse(jumps_between(name, before, table, key), remedy=_REMEDY)


def _reader(made: Made, communes: pd.DataFrame) -> Callable[[str], pd.DataFrame]:
    def read(name: str) -> pd.DataFrame:
        return communes if name == "communes" else made.tables[name]

    return read


def _both_years(before: pd.DataFrame, now: pd.DataFrame, n_years: int) -> pd.DataFrame:
    """Put two lists of communes one under the other, as the populations of two years; a new commune has but one."""
    columns = ["commune_code", "population"]
    return pd.concat([before[columns].assign(year=0), now[columns].assign(year=n_years)])


def _years_since(context: SyncContext, made: Made) -> int:
    """Count the years from the populations in use to those made: at least one."""
    said = re.search(r"populations (?:municipales|de) (20[0-9]{2})", context.shown_vintage("communes"))
    return max(1, made.as_of.year - int(said[1])) if said else 1
