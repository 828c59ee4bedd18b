"""DREES's workbook of the APL to GPs (data set 530): values by commune, and the parameters behind them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.sheets import Rows, read_workbook, table_in
from data.readers.source_table import COMMUNE_CODE, SourceTable, normal_label, readable_pattern

_YEAR_SHEET: Final = r"APL[\s_]*(?:MG[\s_]*)?(20[0-9]{2})"
_PARAMETER_SHEET: Final = "Paramètres"

_COLUMNS: Final = {
    "unit_code": "Code commune INSEE|Code commune|CODGEO",
    "unit_name": "(?:Nom de la )?[Cc]ommune|Libellé commune",
    "population_standardised": "Population standardisée [0-9]{4} pour la médecine générale",
    "population_total": "Population totale [0-9]{4}",
}

_APL: Final = "APL aux médecins généralistes"
# The label says "de moins de 65 ans", the workbook's own reading note says "65 ans ou moins": the note is right.
_UNDER: Final = r"(?: libéraux)? (?:de |âgés de )?(?:moins de )?{limit} ans(?: (?:ou|et) moins)?"
_LIMITS: Final = {"apl": "", **{f"apl_{limit}": _UNDER.format(limit=limit) for limit in (60, 62, 65)}}
"""How the label of each age limit ends; a workbook holds some of them."""

_APL_UNIT: Final = "En nombre de consultations/visites accessibles par habitant standardisé"
_UNITS: Final = {
    **dict.fromkeys(_LIMITS, _APL_UNIT),
    "population_standardised": "En nombre d'habitants standardisés",
    "population_total": "En nombre d'habitants",
}
"""Units as the row below the header states them: a change of unit must stop us."""

_ACTIVITY: Final = "Nombre de consultations, visites et téléconsultations"
_BAND: Final = r"(?i)(?:moins de|entre|de|plus de)\s+[0-9]"

_COUNTED_AS_IT_IS: Final = "Nombre de consultations"
"""How the text begins that stands, in place of a number, where the activity is counted as it is."""

_PARAMETER_UNITS: Final = {
    "age_weight": "consultations par habitant, France = 1",
    "distance_weight": "minutes",
    "supply_counted": "actes par an",
}

_UNKNOWN: Final = frozenset({""})
_SEARCHED_ROWS: Final = 20
_ALWAYS: Final = ("apl", "apl_65")
_HIGHEST_APL: Final = 100.0
"""Consultations a year per inhabitant: the highest published value is below 30, a larger one means a shifted column."""


def read_apl(path: Path) -> pd.DataFrame:
    """Return the APL to GPs of every commune, in consultations a year per standardised inhabitant, for every vintage.

    Source: DREES, « L'accessibilité potentielle localisée (APL) », sheets « APL <year> ».

    Parameters
    ----------
    path
        The workbook (.xlsx).

    Returns
    -------
    pandas.DataFrame
        Sorted by vintage and unit_code:

        - vintage: int, year of the supply (the population is that of two years before);
        - unit_code: text, commune of that year, or municipal arrondissement in Paris, Lyon and Marseille; unit_name;
        - apl, apl_65: float64 >= 0, all GPs, and GPs of 65 or less; NaN is unknown; apl_60 and apl_62, GPs of 60 or
          62 or less, only when a sheet has them;
        - population_standardised: float64 >= 0, inhabitants weighted by age, for means;
        - population_total: float64 >= 0, inhabitants, for counts, shares and quantiles.

        Mayotte is absent: unknown, not 0.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, is not an entire workbook, has not the official sheets, labels and units, or holds a
        value out of bounds or a code twice.
    """
    sheets = read_workbook(path)
    years = {name: int(match[1]) for name in sheets if (match := re.fullmatch(_YEAR_SHEET, normal_label(name)))}
    if not years:
        raise SourceLayoutError(path, expected="une feuille « APL <année> » au moins", found=", ".join(sheets))
    tables = [_read_year(sheets[name], path, name, year) for name, year in years.items()]
    return pd.concat(tables).sort_values(["vintage", "unit_code"], ignore_index=True)


def read_apl_parameters(path: Path) -> pd.DataFrame:
    """Return the weights and bounds that the APL is computed with, as the sheet « Paramètres » states them.

    Source: DREES, same workbook as `read_apl`.

    Parameters
    ----------
    path
        The workbook (.xlsx).

    Returns
    -------
    pandas.DataFrame
        One row a band, sorted by parameter, vintage and lower:

        - parameter: "age_weight" (by age in years), "distance_weight" (by travel time in minutes) or "supply_counted"
          (by consultations a year that a GP gives);
        - vintage: int, 0 where the sheet states one value for all;
        - lower (included) and upper (excluded, inf when open): float64; the bands of a parameter follow each other
          from 0;
        - value: float64, the weight, or the consultations a year that are counted; NaN where they are counted as they
          are;
        - unit: text of the sheet's own unit: "consultations par habitant, France = 1" (value), "minutes" (bounds) or
          "actes par an" (bounds and value).

        The sheet's exceptions are prose and are not here: 5 400 consultations for a GP who was not in private practice
        the year before, no bounds for the centres de santé.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        As for `read_apl`; also when the bands of a parameter leave a gap.
    """
    sheets = read_workbook(path)
    if _PARAMETER_SHEET not in sheets:
        raise SourceLayoutError(path, expected=f"la feuille « {_PARAMETER_SHEET} »", found=", ".join(sheets))
    rows = sheets[_PARAMETER_SHEET]
    blocks = [
        ("age_weight", "Tranche d'âge", r"Poids de la tranche d'âge en (20[0-9]{2})"),
        ("distance_weight", "Temps de trajet entre communes", "Accessibilité"),
        ("supply_counted", f"{_ACTIVITY} effectuées dans l'année.*", f"{_ACTIVITY} comptabilisées dans l'indicateur"),
    ]
    bands = [
        _bands(block, path, parameter, vintage)
        for parameter, band_label, value_label in blocks
        for vintage, block in _blocks(rows, path, band_label, value_label)
    ]
    return pd.concat(bands).sort_values(["parameter", "vintage", "lower"], ignore_index=True)


def _read_year(rows: Rows, path: Path, sheet: str, year: int) -> pd.DataFrame:
    labels = {normal_label(cell) for row in rows[:_SEARCHED_ROWS] for cell in row}
    limits = {
        name: re.escape(_APL) + ending
        for name, ending in _LIMITS.items()
        if any(re.fullmatch(re.escape(_APL) + ending, label) for label in labels)
    }
    limits["apl"] = re.escape(_APL)  # every edition has all ages and a limit: when not, the error names the labels
    if len(limits) == 1:
        limits["apl_65"] = re.escape(_APL) + _LIMITS["apl_65"]
    table = table_in(rows, {**_COLUMNS, **limits}, path=path, sheet=sheet)
    table = _without_units(table)
    values = {
        "vintage": year,
        "unit_code": table.unique_codes("unit_code", COMMUNE_CODE, expected="un code INSEE de cinq caractères"),
        "unit_name": table.cells["unit_name"],
        **{
            name: table.numbers(name, highest=_HIGHEST_APL, unknown=_UNKNOWN)
            if name in limits
            else pd.Series(float("nan"), index=table.cells.index)
            for name in dict.fromkeys((*_ALWAYS, *limits))
        },
        "population_standardised": table.numbers("population_standardised", unknown=_UNKNOWN),
        "population_total": table.numbers("population_total", unknown=_UNKNOWN),
    }
    for name in limits:
        table.require(name, ~(values[name] > values["apl"] + 0.001), "au plus l’APL à tous les médecins")
    return pd.DataFrame(values).astype({"vintage": "int64"})


def _without_units(table: SourceTable) -> SourceTable:
    """Check the row of units, the first below the header, and leave it out."""
    units = table.cells.iloc[0]
    for column, unit in _UNITS.items():
        if column in units and normal_label(units[column]) != unit:
            place = f"feuille « {table.sheet} », ligne {table.cells.index[0]}, sous « {table.labels[column]} »"
            raise SourceLayoutError(table.path, place=place, expected=f"l’unité « {unit} »", found=units[column])
    if len(table.cells) == 1:
        place = f"feuille « {table.sheet} »"
        raise SourceLayoutError(table.path, place=place, expected="des communes sous les unités", found="aucune")
    return SourceTable(table.path, table.cells.iloc[1:], table.labels, table.sheet)


def _blocks(rows: Rows, path: Path, band_label: str, value_label: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Give each vintage of a block of the parameter sheet (0 when unsaid) with its bands: words, and cell of the value.

    The header of the block is the first row that holds both labels, in whatever columns; its bands are the rows below
    it that are worded as such.
    """
    for number, row in enumerate(rows):
        labels = [normal_label(cell) for cell in row]
        words = [position for position, label in enumerate(labels) if re.fullmatch(band_label, label)]
        values = [
            (position, match) for position, label in enumerate(labels) if (match := re.fullmatch(value_label, label))
        ]
        if not (words and values):
            continue
        vintages = [int(match[1]) if match.groups() else 0 for _, match in values]
        if len(words) > 1 or len(set(vintages)) < len(vintages):
            place = f"feuille « {_PARAMETER_SHEET} », ligne {number + 1}"
            raise SourceLayoutError(path, place=place, expected="chaque colonne une fois", found=", ".join(labels))
        at = words[0]
        below = rows[number + 1 :]
        n_bands = next((n for n, line in enumerate(below) if not re.match(_BAND, line[at])), len(below))
        for vintage, (position, _) in zip(vintages, values, strict=True):
            yield vintage, [(line[at], line[position]) for line in below[:n_bands]]
        return
    expected = f"une ligne « {band_label} », « {readable_pattern(value_label)} »"
    raise SourceLayoutError(path, place=f"feuille « {_PARAMETER_SHEET} »", expected=expected, found="aucune")


def _bands(block: list[tuple[str, str]], path: Path, parameter: str, vintage: int) -> pd.DataFrame:
    """Return the bands of a block: bounds read in words, value read in the cell."""
    bands: list[dict[str, object]] = []
    reached = 0.0
    for words, cell in block:
        place = f"feuille « {_PARAMETER_SHEET} », « {words} »"
        lower, upper = _bounds(words, whole=parameter != "distance_weight")
        if bands and lower - reached == 1 and parameter == "supply_counted":
            # "Moins de 250" then "Entre 251 et 3 600": 250 itself is left unsaid, and goes with the band below.
            bands[-1]["upper"] = reached = lower
        if lower != reached:
            expected = f"une tranche qui commence à {reached:g}"
            raise SourceValueError(path, place=place, expected=expected, found=f"{lower:g}")
        value = _band_value(cell, parameter, path, place)
        bands.append(
            {
                "parameter": parameter,
                "vintage": vintage,
                "lower": lower,
                "upper": upper,
                "value": value,
                "unit": _PARAMETER_UNITS[parameter],
            }
        )
        reached = upper
    if reached != float("inf"):
        place = f"feuille « {_PARAMETER_SHEET} », bloc {parameter}"
        found = f"« {block[-1][0]} »" if block else "aucune tranche"
        raise SourceLayoutError(path, place=place, expected="une dernière tranche « Plus de … »", found=found)
    return pd.DataFrame(bands).astype({"lower": "float64", "upper": "float64", "value": "float64"})


def _bounds(label: str, *, whole: bool) -> tuple[float, float]:
    """Return the bounds of a band, the lower included and the upper excluded (inf when open), as its words state them.

    In whole numbers (ages, acts a year) « de 5 à 9 » is 5 to below 10; in minutes « entre 10 et 15 » stops at 15.
    « Plus de 6 000 » acts begins at 6 001, but « Plus de 90 ans », after « de 85 à 89 ans », can only begin at 90.
    """
    numbers = [float(re.sub(r"\s", "", digits)) for digits in re.findall(r"[0-9](?:[0-9]|\s(?=[0-9]))*", label)]
    word = label.split(maxsplit=1)[0].lower()
    if word == "moins":
        return 0.0, numbers[0]
    if word == "plus":
        return numbers[0] + (1 if whole and not label.endswith("ans") else 0), float("inf")
    return numbers[0], numbers[-1] + (1 if whole else 0)


def _band_value(cell: str, parameter: str, path: Path, place: str) -> float:
    """Return the number of a band, NaN where the sheet writes that the activity is counted as it is."""
    if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,25})?", cell):
        return float(cell)
    if parameter == "supply_counted" and cell.startswith(_COUNTED_AS_IT_IS):
        return float("nan")
    raise SourceValueError(path, place=place, expected="un nombre", found=cell or "une case vide")
