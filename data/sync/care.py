"""The tables of care: professionals by commune (RPPS, BPE), GPs by age (DREES), accessibility (DREES)."""

import datetime as dt
import re
from pathlib import Path
from typing import Final

import pandas as pd

from coverage.terms.months import format_date
from data.build.supply import cover_communes
from data.errors import SourceValueError
from data.history import carry_codes, sum_counts
from data.readers.bpe_communes import read_bpe_communes
from data.readers.drees_apl import read_apl, read_apl_parameters
from data.readers.drees_gp_age import read_gp_ages
from data.readers.rpps_practitioners import GP, read_practitioners
from data.sync.made import Comparison, Made, SyncContext, compare
from geo.codes import DEPARTEMENT_CODES

_FEWEST_GPS: Final = 50_000
"""GPs that France has at the least, in whatever source: fewer is a partial file."""


def make_rpps_practitioners(path: Path, context: SyncContext) -> Made:
    """Count the professionals of each current commune, by profession and mode of practice (persons).

    A person who practises in two municipal arrondissements, or in two parts of a merged commune, is counted in each:
    the file is counted before its codes are carried.

    Parameters
    ----------
    path
        Extraction « PS libre accès », or the folder of its files.
    context
        Embedded tables, and the day of the file when its name does not say it.

    Returns
    -------
    Made
        The table `rpps_practitioners`.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not the extraction, or holds too few GPs to be whole.
    """
    read = read_practitioners(path)
    carried, not_carried = _carried(read.table, context)
    table = sum_counts(carried, ["commune_code", "profession", "practice_mode"], ["n_practitioners"])
    n_gp = float(table.loc[table["profession"] == GP, "n_practitioners"].sum())
    _require_gps(path, n_gp, context)
    as_of = read.as_of or context.modified_on or context.today
    said = "au" if read.as_of else "mis en ligne le" if context.modified_on else "téléchargé le"
    before = context.shown("rpps_practitioners")
    return Made(
        tables={"rpps_practitioners": table.astype({"n_practitioners": "float64"})},
        as_of=as_of,
        vintage=f"{said} {format_date(as_of)}",
        comparisons=(
            *compare("professionnels", before, table, "n_practitioners"),
            *_compare_gps(before, n_gp),
        ),
        not_carried=not_carried,
        report=dict(read.counts),
    )


def make_bpe_communes(path: Path, context: SyncContext) -> Made:
    """Return each current commune its health professionals and equipment (places of practice).

    The BPE is exhaustive and lists only what exists: a commune that it does not name has none, and 0 is known. A
    department that it does not name at all is not covered, and its communes are unknown.

    Parameters
    ----------
    path
        Data set DS_BPE, or file « ensemble ».
    context
        Embedded tables, and the year of the file when it does not say it.

    Returns
    -------
    Made
        The table `bpe_communes`, one row a commune.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not the BPE, or holds too few GPs to be whole.
    """
    read = read_bpe_communes(path, year=context.year)
    made = cover_communes(read, communes=context.table("communes"), history=context.table("commune_history"))
    table = made.table
    _require_gps(path, float(table["n_gp"].sum()), context)
    before = context.shown("bpe_communes")
    return Made(
        tables={"bpe_communes": table},
        as_of=dt.date(read.year, 1, 1),
        vintage=f"équipements au 1er janvier {read.year}",
        citation=f"INSEE, BPE {read.year}",
        comparisons=tuple(
            total
            for name, label in (("n_gp", "généralistes"), ("n_nurses", "infirmiers"), ("n_pharmacies", "pharmacies"))
            for total in compare(label, before, table, name)
        ),
        not_carried=made.not_carried,
        report=made.counts,
    )


def make_gp_age_departements(path: Path, context: SyncContext) -> Made:
    """Return the GPs of each department by age class and mode of practice, on 1 January of each year (persons).

    Parameters
    ----------
    path
        Workbook « Médecins RPPS », or its export.
    context
        Embedded tables.

    Returns
    -------
    Made
        The table `gp_age_departements`, every year of the file.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not the workbook, lacks a department, or holds too few GPs to be whole.
    """
    table = read_gp_ages(path)
    known = set(context.table("departements")["departement_code"])
    table = table[table["departement_code"].isin(known)].reset_index(drop=True)
    absent = _absent(set(table["departement_code"]), context)
    if absent:
        raise SourceValueError(path, expected="tous les départements", found=f"sans {', '.join(absent)}")
    last = int(table["year"].max())
    latest = table[(table["year"] == last) & (table["practice_mode"] == "tous")]
    _require_gps(path, float(latest["n_gp"].sum()), context)
    before = context.shown("gp_age_departements")
    if before is not None:
        before = before[(before["year"] == before["year"].max()) & (before["practice_mode"] == "tous")]
    return Made(
        tables={"gp_age_departements": table},
        as_of=dt.date(last, 1, 1),
        vintage=f"1er janvier {table['year'].min()} à {last}",
        citation=f"DREES, RPPS {last}",
        comparisons=compare("généralistes", before, latest, "n_gp"),
        report={"n_suppressed": int(table["n_gp"].isna().sum())},
    )


def make_apl(path: Path, context: SyncContext) -> Made:
    """Return the APL to GPs of each unit, in consultations a year per standardised inhabitant, and its parameters.

    Vintages in use that the workbook does not hold stay: it gives two or three years, and a series is wanted.

    Parameters
    ----------
    path
        DREES's workbook of any edition.
    context
        Embedded tables.

    Returns
    -------
    Made
        The tables `apl`, with a column for each age limit of the workbook, and `apl_parameters`.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not the workbook.
    """
    units = read_apl(path)
    carried, not_carried = _carried(
        units.assign(commune_code=units["unit_code"]).rename(columns={"unit_name": "name"}), context
    )
    fresh = carried.drop(columns="name")
    vintages = sorted(fresh["vintage"].unique())
    before = context.shown("apl")
    keys = ["vintage", "unit_code"]
    if before is not None:
        fresh = pd.concat([before[~before["vintage"].isin(vintages)], fresh], ignore_index=True)
    limits = sorted((name for name in fresh if re.fullmatch(r"apl(_[0-9]{2})?", name)), key=_limit_rank)
    columns = [*keys, "commune_code", *limits, "population_standardised", "population_total"]
    table = fresh[columns].sort_values(keys, ignore_index=True)
    parameters = read_apl_parameters(path)
    known = context.shown("apl_parameters")
    if known is not None:
        parameters = _with_former(parameters, known)
    last = int(max(vintages))
    known_years = _listed([str(year) for year in sorted(table["vintage"].unique())])
    return Made(
        tables={"apl": table, "apl_parameters": parameters},
        as_of=dt.date(last, 12, 31),
        vintage=known_years,
        citation=f"DREES, APL {known_years}",
        comparisons=_compare_units(before, table),
        not_carried=not_carried,
        report={"vintages_of_file": [int(year) for year in vintages]},
    )


def _carried(table: pd.DataFrame, context: SyncContext) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Carry the codes of a table to the current communes."""
    return carry_codes(table, context.table("commune_history"), context.table("communes")["commune_code"])


def _require_gps(path: Path, n_gp: float, context: SyncContext) -> None:
    """Refuse a national file that holds too few GPs: the first sync has no version before to be compared with."""
    if context.complete and n_gp < _FEWEST_GPS:
        raise SourceValueError(path, expected=f"au moins {_FEWEST_GPS} généralistes", found=f"{n_gp:.0f}")


def _compare_gps(before: pd.DataFrame | None, n_gp: float) -> tuple[Comparison, ...]:
    if before is None:
        return ()
    n_before = before.loc[before["profession"] == GP, "n_practitioners"].sum()
    return (Comparison("généralistes", float(n_before), n_gp),)


def _compare_units(before: pd.DataFrame | None, now: pd.DataFrame) -> tuple[Comparison, ...]:
    """Compare the people of the last vintage of each: an edition may lack an old one, not half of France."""
    if before is None:
        return ()
    last_before = before[before["vintage"] == before["vintage"].max()]
    last_now = now[now["vintage"] == now["vintage"].max()]
    return compare("habitants de la dernière année", last_before, last_now, "population_total")


def _with_former(parameters: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Add the bands of the vintages that the new workbook does not state."""
    stated = set(zip(parameters["parameter"], parameters["vintage"], strict=True))
    former = [pair not in stated and pair[1] != 0 for pair in zip(known["parameter"], known["vintage"], strict=True)]
    both = pd.concat([known[former], parameters], ignore_index=True)
    return both.sort_values(["parameter", "vintage", "lower"], ignore_index=True)


def _listed(names: list[str]) -> str:
    """Write a list in French: 2022, 2023 et 2024."""
    return " et ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _limit_rank(name: str) -> tuple[int, str]:
    """Sort the columns as the contract has them: all ages, then 65, then the others."""
    return (0 if name == "apl" else 1 if name == "apl_65" else 2, name)


def _absent(covered: set[str], context: SyncContext) -> list[str]:
    """Return the departments that are not covered, of those of the context."""
    wanted = set(context.table("departements")["departement_code"]) & set(DEPARTEMENT_CODES)
    return sorted(wanted - covered)
