"""Tables of INSEE's populations: every commune, by age, by cell of 200 m, and by department in the years to come."""

import datetime as dt
import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceValueError
from data.history import carry_codes, sum_counts
from data.readers.insee_population_age import read_population_by_age
from data.readers.insee_reference_populations import read_reference_populations
from data.readers.loose_table import label_key
from data.readers.omphale import read_outlook
from data.readers.population_cells import read_population_cells
from data.sync.made import Comparison, Made, SyncContext, compare
from data.sync.unpacking import unpack
from geo.codes import DEPARTEMENT_CODES, METROPOLITAN_DEPARTEMENT_CODES

CENSUSED_APART: Final = "976"
"""Mayotte has its own census: the national files leave it out."""

_MOST_MISSING: Final = 0.01
"""Share of the communes that a file of another year may lack; more is another list, or a cut file."""

_MOST_LOST: Final = 0.001
"""Share of the people of a grid whose commune may be none of today's; more is the grid of another list."""

_CELL_FILES: Final = "*carreaux_200m*.csv"
_FEW_DEPARTEMENTS: Final = 3
_FILE_YEAR: Final = re.compile(r"20[0-9]{2}")
_N_SHOWN: Final = 10


def make_reference_populations(path: Path, context: SyncContext) -> Made:
    """Return the communes and EPCI the populations of a year; codes, names, points and areas stay those embedded.

    A commune that the file lacks (all of Mayotte) keeps its embedded population, and is named in the report.

    Parameters
    ----------
    path
        What `read_reference_populations` reads.
    context
        Embedded tables; its year is that of the populations when the file does not say it.

    Returns
    -------
    Made
        `communes` and `epci`.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not one of populations, its year is not known, or it lacks too many communes.
    """
    read = read_reference_populations(path)
    year = _year_of(path, read.year, context)
    communes = context.table("communes")
    known = read.table.dropna(subset="population")
    carried, not_carried = carry_codes(known, context.table("commune_history"), communes["commune_code"])
    sums = sum_counts(carried, ["commune_code"], ["population"]).set_index("commune_code")["population"]
    population = communes["commune_code"].map(sums)
    missing = communes.loc[population.isna(), ["commune_code", "departement_code"]]
    unexpected = missing.loc[missing["departement_code"] != CENSUSED_APART, "commune_code"]
    if len(unexpected) > _MOST_MISSING * len(communes):
        raise SourceValueError(
            path,
            expected=f"les {len(communes)} communes de la liste en place",
            found=f"{len(unexpected)} absentes, dont {', '.join(unexpected.head(_N_SHOWN))}",
        )
    peopled = communes.assign(population=population.fillna(communes["population"]))
    epci = context.table("epci")
    of_epci = peopled.groupby("epci_code")["population"].sum()
    return Made(
        tables={"communes": peopled, "epci": epci.assign(population=epci["epci_code"].map(of_epci))},
        as_of=dt.date(year, 1, 1),
        vintage=f"populations de {year}",
        comparisons=(Comparison("habitants", float(communes["population"].sum()), float(peopled["population"].sum())),),
        not_carried=not_carried,
        report={"n_populations_kept_from_before": len(missing), "communes_absent": unexpected.tolist()},
    )


def make_population_by_age(path: Path, context: SyncContext) -> Made:
    """Make the table `population_age` of the current communes from a census file by age.

    Parameters
    ----------
    path
        What `read_population_by_age` reads.
    context
        Embedded tables; its year is that of the census when the file does not say it.

    Returns
    -------
    Made
        Its inhabitants compared with those of the communes, Mayotte aside. A commune that the file lacks has no row.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not one of ages, or its year is not known.
    """
    read = read_population_by_age(path)
    year = _year_of(path, read.year, context)
    communes = context.table("communes")
    carried, not_carried = carry_codes(read.table, context.table("commune_history"), communes["commune_code"])
    table = sum_counts(carried, ["commune_code", "age_min", "age_max"], ["population"])
    expected = communes.loc[communes["departement_code"] != CENSUSED_APART, "population"].sum()
    absent = communes.loc[~communes["commune_code"].isin(table["commune_code"]), "commune_code"]
    return Made(
        tables={"population_age": table},
        as_of=dt.date(year, 1, 1),
        vintage=f"recensement {year}",
        comparisons=(Comparison("habitants", float(expected), float(table["population"].sum())),),
        not_carried=not_carried,
        report={"n_communes_absent": len(absent), "n_age_classes": int(table["age_min"].nunique())},
    )


def make_population_outlook(path: Path, context: SyncContext) -> Made:
    """Make the table `population_outlook` from the projections of INSEE by department.

    Parameters
    ----------
    path
        What `read_outlook` reads: the file of a scenario, or a folder of several.
    context
        Embedded tables.

    Returns
    -------
    Made
        Every scenario of the files; regions and France are left out, since they are the sums of their departments.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the files are not such projections, or a metropolitan department is in none.
    """
    outlook = read_outlook(path)
    names = context.table("departements")
    code_of = {label_key(name): code for name, code in zip(names["name"], names["departement_code"], strict=True)}
    code_of |= {
        label_key(f"la {name}"): code for name, code in list(zip(names["name"], names["departement_code"], strict=True))
    }
    code_of |= {name.removeprefix("la_"): code for name, code in code_of.items()}
    code_of |= {label_key(code): code for code in DEPARTEMENT_CODES}
    codes = outlook["zone"].map(label_key).map(code_of)
    columns = ["departement_code", "scenario", "year", "age_min", "age_max", "population"]
    table = outlook.assign(departement_code=codes)[columns].dropna(subset="departement_code")
    table = table.astype({"departement_code": "str"}).sort_values(columns[:4], ignore_index=True)
    absent = sorted(set(names["departement_code"]) - set(table["departement_code"]) - {CENSUSED_APART})
    if absent and (context.complete or table.empty):
        zones = ", ".join(outlook["zone"].drop_duplicates().head(_N_SHOWN))
        raise SourceValueError(
            path,
            expected="chaque département, par son nom ou son code",
            found=f"sans {', '.join(absent[:_N_SHOWN])} ({zones}…)",
        )
    first, last = int(table["year"].min()), int(table["year"].max())
    return Made(
        tables={"population_outlook": table},
        as_of=dt.date(first, 1, 1),
        vintage=f"projections {first}-{last}",
        report={"scenarios": sorted(table["scenario"].unique())},
    )


def make_population_cells(path: Path, context: SyncContext) -> Made:
    """Make the table `population_cells` of the current communes from the grid of Filosofi.

    The grid may cover a part of the country: the vintage names its departments, or says how many they are, unless all
    those of metropolitan France are there.

    Parameters
    ----------
    path
        A CSV of `read_population_cells`, an archive of some, or a folder of such files.
    context
        Embedded tables.

    Returns
    -------
    Made
        Its inhabitants compared with those of the grid in place. A commune without any cell has no row.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the files are not such a grid, their year is not known, or too many people are in no current commune.
    """
    given = [path] if path.is_file() else sorted(path.iterdir())
    year = _year_of(next((one for one in given if _FILE_YEAR.search(one.name)), path), None, context)
    read = read_population_cells(*(file for one in given for file in _cell_files(one)))
    communes = context.table("communes")
    carried, not_carried = carry_codes(read, context.table("commune_history"), communes["commune_code"])
    total, kept = read["population"].sum(), carried["population"].sum()
    if kept < total * (1 - _MOST_LOST):
        found = f"{total - kept:.0f} habitants sur {total:.0f} ailleurs, dont {', '.join(not_carried['code'].head())}"
        raise SourceValueError(path, expected="des carreaux des communes de la liste en place", found=found)
    key = ["commune_code", "epsg", "y_m", "x_m"]
    table = carried.groupby(key, as_index=False).agg({"population": "sum", "imputed": "max"})
    return Made(
        tables={"population_cells": table},
        as_of=dt.date(year, 1, 1),
        vintage=", ".join(filter(None, (str(year), _tell_cover(table, communes, context.table("departements"))))),
        citation=f"INSEE, Filosofi {year}",
        comparisons=compare("habitants", context.shown("population_cells"), table, "population"),
        not_carried=not_carried,
        report={
            "n_people": round(float(total), 1),
            "n_people_not_carried": round(float(total - kept), 1),
            "n_communes": int(table["commune_code"].nunique()),
            "share_imputed": round(float(table.loc[table["imputed"], "population"].sum() / kept), 4),
        },
    )


def _cell_files(path: Path) -> list[Path]:
    """Return the files of cells of an archive, or the file itself."""
    into = path.with_name(f"cells-{path.name}")
    into.mkdir()
    found = unpack(path, _CELL_FILES, into, name=path.name.removesuffix(".gz"))
    return sorted(found.iterdir()) if found.is_dir() else [found]


def _tell_cover(table: pd.DataFrame, communes: pd.DataFrame, departements: pd.DataFrame) -> str:
    """Say what a grid covers, in French; nothing where it has the whole of metropolitan France."""
    covered = set(communes.loc[communes["commune_code"].isin(table["commune_code"]), "departement_code"])
    if covered >= set(METROPOLITAN_DEPARTEMENT_CODES):
        return ""
    if len(covered) > _FEW_DEPARTEMENTS:
        return f"{len(covered)} départements"
    return ", ".join(departements.loc[departements["departement_code"].isin(covered), "name"])


def _year_of(path: Path, told: int | None, context: SyncContext) -> int:
    """Return the year of a file: what it says, else that of its address, else the one in its name."""
    named = _FILE_YEAR.search(path.name)
    year = told or context.year or (int(named[0]) if named else None)
    if year is None:
        raise SourceValueError(
            path,
            expected="l’année des populations",
            found="un fichier qui ne la dit pas",
            remedy=f"Ajoutez-la au nom du fichier, par exemple {path.stem}_2023{path.suffix}.",
        )
    return year
