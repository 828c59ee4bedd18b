"""A small workbook of population estimates in INSEE's layout: two lines of labels, three groups of columns, totals."""

from collections.abc import Mapping
from typing import Any

from tests.data.official_files import official_file

CLASSES = ("0 à 19 ans", "20 à 39 ans", "40 à 59 ans", "60 à 74 ans", "75 ans et plus", "Total")

Counts = Mapping[str, tuple[int, int, int, int, int]]


def sheet(year: int, counts: Counts, *, provisional: bool = False) -> list[list[Any]]:
    """Return the sheet of a year: the inhabitants of each department by class of age, both sexes then men and women."""

    def line(code: Any, name: str, classes: tuple[int, ...]) -> list[Any]:
        both = [*classes, sum(classes)]
        half = [count // 2 for count in both]
        return [code, name, *both, *half, *(count - part for count, part in zip(both, half, strict=True))]

    def total(name: str, codes: list[str]) -> list[Any]:
        return line(name, "", tuple(sum(counts[code][at] for code in codes) for at in range(5)))

    metropolitan = [code for code in counts if len(code) == 2]
    overseas = [code for code in counts if len(code) == 3]
    groups = ["Départements", None, "Ensemble", *[None] * 5, "Hommes", *[None] * 5, "Femmes", *[None] * 5]
    rows = [
        ["Estimation de population au 1er janvier, par département, sexe et grande classe d'âge"],
        [f"Année {year}"],
        [],
        groups,
        [None, None, *CLASSES * 3],
        *(line(code, f"Département {code}", counts[code]) for code in metropolitan),
        total("France métropolitaine ", metropolitan),
        *(line(int(code), f"Département {code}", counts[code]) for code in overseas),
    ]
    if overseas:
        rows += [total("DOM", overseas), total("France métropolitaine et DOM", [*metropolitan, *overseas])]
    note = " (résultats provisoires arrêtés fin 2023)" if provisional else ""
    return [*rows, [], [f"Source : Insee - Estimations de population{note}"]]


def estimates_model(years: Mapping[int, Counts], provisional: int = 9999) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet, the latest year first; years from `provisional` on are said to be provisional."""
    sheets = {str(year): sheet(year, years[year], provisional=year >= provisional) for year in sorted(years)[::-1]}
    return {"À savoir": [["Quelques remarques"], ["Les estimations pour 2023 sont provisoires."]], **sheets}


def estimates_workbook(years: Mapping[int, Counts], provisional: int = 9999) -> bytes:
    return official_file("apl").with_model(estimates_model(years, provisional)).contents
