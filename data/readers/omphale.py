"""Population of each department by age in the years to come: INSEE, Omphale projections."""

import re
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.errors import SourceLayoutError, SourceMissing, SourceValueError
from data.readers.age_classes import AgeClass, finest_partition, parse_age_class
from data.readers.loose_table import label_key, read_loose_table, with_plain_numbers
from data.readers.source_table import SourceTable

_NEEDED: Final = {
    "zone": ("zone", "departement", "code_departement", "dep", "libelle_zone"),
    "age": ("trage", "age", "tranche_d_age", "aged", "classe_age"),
}
_YEARS: Final = {str(year): (f"pop_{year}", f"pop{year}", str(year)) for year in range(2010, 2151)}
_SEX: Final = {"sex": ("sexe", "sex")}
_BOTH_SEXES: Final = frozenset({"", "0", "3", "ENSEMBLE", "E", "_T", "T"})
_FILE: Final = re.compile(r"(?:donnees_det_)?(?P<scenario>.+)\.(?:xlsx|csv)", re.IGNORECASE)

CENTRAL: Final = "central"
"""Scenario of INSEE's own reference: present trends go on."""


def read_outlook(path: Path) -> pd.DataFrame:
    """Return the projected population of each zone by year and age class, both sexes together (inhabitants).

    Source: INSEE, Omphale 2022, « projections de population par département, 2018-2070 » (sheet « Population » of
    donnees_det_Central.xlsx and its sisters: one line a zone, sex and age class, one column a year).

    Parameters
    ----------
    path
        Workbook or CSV file of a scenario, or a folder of several; the name of the file is that of its scenario.

    Returns
    -------
    pandas.DataFrame
        Sorted by scenario, zone, year and age_min: scenario (text, "central", "pop_haute"…), zone (text; name or code
        of the department, as the file writes it), year (int), age_min, age_max (float64 years, excluded; inf for the
        last class), population (float64 >= 0). The classes of a zone and year follow each other from 0 on.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When a file is absent, cut, has no zone, age or year, or an age class is missing.
    """
    files = sorted(path.glob("*")) if path.is_dir() else [path]
    if not files:
        raise SourceMissing(
            path, expected="un fichier par scénario (donnees_det_Central.xlsx)", found="un dossier vide"
        )
    tables = [_read_scenario(file) for file in files]
    scenarios = [table["scenario"].iloc[0] for table in tables]
    if len(set(scenarios)) < len(scenarios):
        raise SourceLayoutError(path, expected="un fichier par scénario", found=", ".join(scenarios))
    return pd.concat(tables).sort_values(["scenario", "zone", "year", "age_min"], ignore_index=True)


def _read_scenario(path: Path) -> pd.DataFrame:
    named = _FILE.fullmatch(path.name)
    scenario = label_key(named["scenario"]) if named else CENTRAL
    table = read_loose_table(path, _NEEDED, optional={**_SEX, **_YEARS})
    years = sorted(name for name in table.cells if name in _YEARS)
    if not years:
        raise SourceLayoutError(
            path, expected="des colonnes d’années (POP_2018…)", found=", ".join(table.labels.values())
        )
    if [int(year) for year in years] != list(range(int(years[0]), int(years[-1]) + 1)):
        raise SourceLayoutError(path, expected="des années qui se suivent", found=", ".join(years))
    if "sex" in table.cells and table.cells["sex"].str.upper().isin(_BOTH_SEXES).any():
        table = table.where(sex=lambda cells: cells.str.upper().isin(_BOTH_SEXES))
    table = table.where(zone=lambda zones: zones != "")  # notes below the table
    table = with_plain_numbers(table, *years)
    ages = _age_classes(table)
    table = table.where(age=lambda labels: labels.isin(list(ages)))
    counts = pd.DataFrame({int(year): table.numbers(year) for year in years})
    bounds = np.array([ages[label] for label in table.cells["age"]])
    wide = counts.assign(zone=table.cells["zone"], age_min=bounds[:, 0], age_max=bounds[:, 1])
    sums = wide.groupby(["zone", "age_min", "age_max"], as_index=False).sum()
    _require_every_age(path, sums, len(set(ages.values())))
    long = sums.melt(id_vars=["zone", "age_min", "age_max"], var_name="year", value_name="population")
    columns = ["scenario", "zone", "year", "age_min", "age_max", "population"]
    return long.assign(scenario=scenario).astype({"year": "int64", "scenario": "str", "zone": "str"})[columns]


def _age_classes(table: SourceTable) -> dict[str, AgeClass]:
    """Return the ages of each label of a class that is part of the finest whole; totals and wider classes are not."""
    ages = {label: parse_age_class(label) for label in table.cells["age"].unique()}
    known = {label: age for label, age in ages.items() if age is not None}
    partition = finest_partition(list(known.values()))
    if not partition:
        raise SourceValueError(
            table.path,
            place=f"colonne « {table.labels['age']} »",
            expected="tous les âges de 0 à une dernière classe ouverte ([0;5[ … [95;+])",
            found=", ".join(list(ages)[:8]),
        )
    return {label: age for label, age in known.items() if age in partition}


def _require_every_age(path: Path, sums: pd.DataFrame, n_classes: int) -> None:
    per_zone = sums.groupby("zone")["age_min"].count()
    partial = per_zone.index[per_zone < n_classes]
    if len(partial):
        raise SourceValueError(
            path,
            place=f"zone « {partial[0]} »",
            expected=f"{n_classes} classes d’âge",
            found=str(per_zone[partial[0]]),
            remedy="Le fichier semble tronqué.",
        )
