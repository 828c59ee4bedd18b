"""Population of each commune by age: INSEE, census tables POP1A and POP1B, and the Melodi data set of the census."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.age_classes import AgeClass, finest_partition, parse_age_class
from data.readers.loose_table import COMMUNE_LABELS, read_loose_table, with_plain_numbers, with_whole_codes
from data.readers.source_table import COMMUNE_CODE, SourceTable
from geo.codes import COMMUNE_OF_ARRONDISSEMENT

CLASS_YEARS: Final = 5.0
"""Years of age of the classes that single years are put in."""

LAST_CLASS: Final = 95.0
"""Years: the last class is « 95 ans et plus »."""

_COARSE_AGES: Final = (0, 3, 6, 11, 18, 25, 40, 55, 65, 80)
"""First age of the classes of POP1A (AGEPYR10)."""

_LONG: Final = {
    "age": ("aged100", "age", "trage", "agepyr10"),
    "population": ("nb", "obs_value", "effectif", "population"),
    "sex": ("sexe", "sex"),
    "level": ("nivgeo", "geo_object"),
    "measure": ("rp_measure",),
    "year": ("time_period", "annee"),
}
_FINE: Final = {f"sexe{sex}_aged100{age:03d}": age for sex in (1, 2) for age in range(101)}
_COARSE: Final = {f"sexe{sex}_agepyr10{age:03d}": age for sex in (1, 2) for age in _COARSE_AGES}
_LINES_AT_ONCE: Final = 500_000
"""Lines turned into numbers together: the seven million of France would take a gigabyte."""

_TOTAL: Final = "_T"
_BOTH_SEXES: Final = frozenset({_TOTAL, "T", "0", "Ensemble"})
_COMMUNE_LEVELS: Final = frozenset({"COM", "ARM"})
_GEO_PREFIX: Final = r"^(?:[0-9]{4}-)?(?:COM|ARM)-"


class PopulationByAge(NamedTuple):
    """The table, and the census year where the file says it (None in POP1A and POP1B)."""

    table: pd.DataFrame
    year: int | None


def read_population_by_age(path: Path) -> PopulationByAge:
    """Return the population of each commune and age class, both sexes together (inhabitants, weighted).

    Source: INSEE, census: « POP1B - Population par sexe et âge » (one line a commune, sex and year of age, or one
    column a sex and age), « POP1A » (age classes), or the data set DS_RP_POPULATION_PRINC. Years of age are put in
    five-year classes, the last being 95 and over; the classes of the other files are kept, the narrowest where they
    overlap. An age that a commune has no line for is one that nobody there has: these files leave zeros out.

    Parameters
    ----------
    path
        CSV file or workbook.

    Returns
    -------
    PopulationByAge
        Table sorted by commune_code and age_min: commune_code (text; the file's own list, arrondissements where the
        file has no Paris, Lyon or Marseille), age_min, age_max (float64 years, excluded; inf for the last), population
        (float64 >= 0, not whole: the census is a survey). The classes of a commune follow each other.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is none of these, a population is no number, or ages are missing.
    """
    rows, year = _rows(path)
    whole = without_doubled_arrondissements(rows)
    if whole.empty:
        raise SourceValueError(path, expected="des communes", found="aucune")
    sums = whole.pivot_table(
        index="commune_code", columns="age_min", values="population", aggfunc="sum", fill_value=0.0, observed=True
    )
    return PopulationByAge(_long(path, sums, whole), year)


def _rows(path: Path) -> tuple[pd.DataFrame, int | None]:
    """Read the lines of communes, whatever the layout; the text cells, gigabytes of them, end with this function."""
    wide = {label: (label,) for label in (*_FINE, *_COARSE)}
    table = read_loose_table(path, {"commune_code": ("codgeo", "geo", *COMMUNE_LABELS)}, optional={**_LONG, **wide})
    if table.cells["commune_code"].str.contains("-", regex=False).any():
        prefixless = table.cells["commune_code"].str.replace(_GEO_PREFIX, "", regex=True)
        table = SourceTable(path, table.cells.assign(commune_code=prefixless), table.labels, table.sheet)
    if "age" in table.cells and "population" in table.cells:
        return _from_long(table)
    if any(name in table.cells for name in wide):
        return _from_wide(table), None
    raise SourceLayoutError(
        path,
        expected="les colonnes AGED100 et NB (POP1B), SEXE1_AGED100000… ou AGE et OBS_VALUE (Melodi)",
        found=", ".join(table.labels.values()),
    )


def _from_long(table: SourceTable) -> tuple[pd.DataFrame, int | None]:
    """Read one line a commune, age and, often, sex; the lines of totals are left out."""
    cells = table.cells
    kept = pd.Series(data=True, index=cells.index)
    if "level" in cells:
        kept &= cells["level"].isin(_COMMUNE_LEVELS)
    if "measure" in cells:
        kept &= cells["measure"] == "POP"
    if "sex" in cells and cells["sex"].isin(_BOTH_SEXES).any():
        kept &= cells["sex"].isin(_BOTH_SEXES)
    year = None
    if "year" in cells:
        year = int(cells.loc[kept, "year"].str[:4].where(lambda years: years.str.fullmatch(r"20[0-9]{2}")).max())
        kept &= cells["year"].str.startswith(str(year))
    cells = cells[["commune_code", "age", "population"]]
    table = SourceTable(table.path, cells if kept.all() else cells[kept], table.labels, table.sheet)
    age_ids, labels = pd.factorize(table.cells["age"])
    ages = _with_open_end([parse_age_class(label) for label in labels])
    partition = finest_partition([age for age in ages if age is not None])
    if not partition:
        found = ", ".join(labels[:8]) or "aucune ligne de commune"
        raise SourceValueError(
            table.path, place=f"colonne « {table.labels['age']} »", expected="tous les âges de 0 à la fin", found=found
        )
    is_kept = np.array([age in partition for age in ages])
    bounds = np.array([_in_classes(age) if age else (np.nan, np.nan) for age in ages])
    pieces = []
    for start in range(0, len(age_ids), _LINES_AT_ONCE):
        ids = age_ids[start : start + _LINES_AT_ONCE]
        kept_ids = ids[is_kept[ids]]
        lines = table.cells.iloc[start : start + _LINES_AT_ONCE][is_kept[ids]]
        some = SourceTable(table.path, lines, table.labels, table.sheet)
        some = with_whole_codes(with_plain_numbers(some, "population"), "commune_code", 5)
        codes = some.codes("commune_code", COMMUNE_CODE, expected="un code INSEE de cinq caractères")
        rows = {"commune_code": codes, "age_min": bounds[kept_ids, 0], "age_max": bounds[kept_ids, 1]}
        counted = pd.DataFrame({**rows, "population": some.numbers("population")})
        pieces.append(counted.groupby(["commune_code", "age_min", "age_max"], as_index=False)["population"].sum())
    return pd.concat(pieces), year


def _in_classes(age: AgeClass) -> AgeClass:
    """Put a year of age, or the very old, in its five-year class; a wider class is its own."""
    low, high = age
    if (high - low > 1 and np.isfinite(high)) or (np.isinf(high) and low < LAST_CLASS):
        return age
    first = min(low // CLASS_YEARS * CLASS_YEARS, LAST_CLASS)
    return AgeClass(first, first + CLASS_YEARS if first < LAST_CLASS else np.inf)


def _from_wide(table: SourceTable) -> pd.DataFrame:
    """Read one line a commune, and one column a sex and age."""
    ages = _FINE if any(label in table.cells for label in _FINE) else _COARSE
    absent = [label for label in ages if label not in table.cells]
    if absent:
        raise SourceLayoutError(table.path, expected=f"la colonne « {absent[0].upper()} »", found="les autres âges")
    table = with_whole_codes(with_plain_numbers(table, *ages), "commune_code", 5)
    table = table.where(commune_code=lambda codes: codes.str.fullmatch(COMMUNE_CODE))
    starts = sorted(set(ages.values()))
    ends = dict(zip(starts, [*starts[1:], np.inf], strict=True))
    pieces = []
    for label, age in ages.items():
        low, high = _in_classes(AgeClass(float(age), ends[age]))
        counts = {"age_min": low, "age_max": high, "population": table.numbers(label)}
        pieces.append(pd.DataFrame({"commune_code": table.cells["commune_code"], **counts}))
    return pd.concat(pieces)


def without_doubled_arrondissements(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out the arrondissements of a city (Paris, Lyon, Marseille) that the file also gives whole.

    Parameters
    ----------
    rows
        With `commune_code`; not changed.

    Returns
    -------
    pandas.DataFrame
        The other rows, on their index.
    """
    whole = set(rows["commune_code"].unique())
    doubled = [code for code, city in COMMUNE_OF_ARRONDISSEMENT.items() if city in whole]
    return rows[~rows["commune_code"].isin(doubled)]


def _with_open_end(ages: Sequence[AgeClass | None]) -> list[AgeClass | None]:
    """Make the oldest age an open class when none is: POP1B writes « 100 » for a hundred years and over."""
    known = [age for age in ages if age is not None]
    if not known or any(np.isinf(age.high) for age in known):
        return list(ages)
    oldest = max(known)
    return [AgeClass(oldest.low, np.inf) if age == oldest else age for age in ages]


def _long(path: Path, sums: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one line a commune and class, the classes following each other from 0 on."""
    ends = rows.groupby("age_min")["age_max"].agg(["min", "max"])
    starts = ends.index.to_numpy()
    follow = starts[0] == 0 and np.isinf(ends["max"].iloc[-1]) and (starts[1:] == ends["max"].to_numpy()[:-1]).all()
    if not follow or not (ends["min"] == ends["max"]).all():
        found = ", ".join(f"{low:g} à {high:g}" for low, high in zip(starts, ends["max"], strict=True))
        raise SourceValueError(path, expected="des âges qui se suivent", found=found)
    table = sums.rename_axis(columns="age_min").stack().rename("population").reset_index()  # noqa: PD013 - a full grid
    table.insert(2, "age_max", table["age_min"].map(ends["max"]))
    return table.astype({"commune_code": "str", "age_min": "float64", "age_max": "float64"})
