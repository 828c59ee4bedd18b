"""Plausibility gates: what a good table never says. A breach refuses the table or is shown; it is never averaged away.

A contract holds the cells; a gate holds what they say together: a department does not grow by 4 % a year, a rate
measured in each commune is not the same in all those of an EPCI, a total does not jump from a version to the next.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from data.errors import DataError

LARGEST_GROWTH: Final = 0.025
"""Growth of a department, a year, beyond which a population is that of another perimeter (INSEE, 2017-2023: −0.7 to
+1.1 % in metropolitan France, 2.2 % in Guyane)."""
EXPLAINED_DEPARTEMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {"976": "Mayotte : l’INSEE y estime 3,3 à 3,8 % de plus chaque année depuis 2014"}
)
"""Departments whose growth is out of the ordinary, and what says that it is true."""
LARGEST_COMMUNE_CHANGE: Final = 0.40
FEWEST_PEOPLE: Final = 1_000
"""Inhabitants gained or lost under which a commune is not looked at: in a village, ten houses are 40 %."""

_COUNTED: Final = "l’INSEE y compte la hausse sur plusieurs années de suite, de 2017 à 2021, sans fusion de communes"

EXPLAINED_COMMUNES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "31490": f"Saint-Jory : {_COUNTED}",
        "51058": f"Bezannes : {_COUNTED}",
        "77394": f"Rubelles : {_COUNTED}",
        "83035": f"Le Castellet : {_COUNTED}",
        "91468": f"Ormoy : {_COUNTED}",
        "97305": f"Macouria : {_COUNTED}",
        "97313": f"Montsinéry-Tonnegrande : {_COUNTED}",
    }
)
"""The same for communes, by the yearly municipal populations of the source insee_populations."""
MOST_REPEATED: Final = 0.30
"""Share of the communes that may hold the most frequent value of their EPCI: 5 to 8 % for what is measured in each
commune (even rounded to 0.1 point), 62 % for a rate of bassins de vie written for each commune."""
_WIDER_PLACE: Final = "bassin_de_vie_"
"""Start of the names of the columns that say themselves that their value is that of a wider place."""
_FEWEST_COMMUNES: Final = 5
"""Communes of an EPCI from which a repeated value means something."""
MOST_UNKNOWN: Final = 0.02
"""Share of the people of a region without a known value from which it is said."""
LARGEST_RISE: Final = 0.20
LARGEST_DROP: Final = 0.05
LARGEST_SHIFT: Final = 0.25
"""Change of a total (up, down), and of a mean in standard deviations, a year, between two versions of a table."""

Read = Callable[[str], pd.DataFrame]

_N_YEARS: Final = 6
"""Years over which the growth of the estimates is held to its bounds."""
_PERIODS: Final = ("vintage", "year", "date", "target_date")
_NOT_VALUES: Final = frozenset(
    {"longitude", "latitude", "lower", "upper", "age_min", "age_max", "share", *_PERIODS}  # share: weight of a part
)


class ImplausibleTable(DataError, ValueError):
    """A table says what no table of France should say."""

    problem = "Table invraisemblable"


@dataclass(frozen=True)
class Breach:
    """What a gate found, in French: of which table, which gate, where, what it wanted, what it found.

    `refuses` tells whether the table is to be refused; a breach that does not is shown on the page « Qualité ».
    """

    table: str
    gate: str
    place: str
    expected: str
    found: str
    refuses: bool = True


def find_breaches(read: Read, names: Iterable[str]) -> Iterator[Breach]:
    """Hold tables to every gate that needs no other version of them.

    Parameters
    ----------
    read
        Gives a table by its name; `communes` is always asked for.
    names
        Tables at hand.

    Yields
    ------
    Breach
        One a place at fault.
    """
    communes, at_hand = read("communes"), set(names)
    if "population_series" in at_hand:
        yield from growth_of_communes("population_series", read("population_series"), communes)
    if "population_estimates" in at_hand:
        estimates = read("population_estimates")
        totals = estimates.pivot_table(index="departement_code", columns="year", values="population", aggfunc="sum")
        last = int(totals.columns.max())
        first = max(last - _N_YEARS, int(totals.columns.min()))
        if first < last:
            yield from growth_of_departements("population_estimates", totals[first], totals[last], last - first)
    for name in sorted(at_hand - {"communes", "commune_geometry"}):
        table = read(name)
        if "commune_code" in table.columns and table["commune_code"].nunique() > len(communes) / 2:
            yield from repeated_values(name, table, communes)
            yield from people_without_value(name, table, communes)


def growth_of_communes(name: str, series: pd.DataFrame, communes: pd.DataFrame) -> Iterator[Breach]:
    """Hold populations of two years, on one list of communes, to what departments and communes have been seen to do.

    A merger that was not carried shows so: the commune holds at the end people that it did not at the start.

    Parameters
    ----------
    name, series
        A table of commune_code, year, population (the first and the last year are compared).
    communes
        commune_code, departement_code.

    Yields
    ------
    Breach
        One a department, and one for all communes.
    """
    people = series.pivot_table(index="commune_code", columns="year", values="population")
    first, last = int(people.columns.min()), int(people.columns.max())
    if first < last:
        both = people[[first, last]].dropna()
        sums = both.groupby(communes.set_index("commune_code")["departement_code"].reindex(both.index)).sum()
        yield from growth_of_departements(name, sums[first], sums[last], last - first)
        yield from changes_of_communes(name, both[first], both[last])


def require_plausible(tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse tables that breach a gate.

    Raises
    ------
    ImplausibleTable
        With the first breach: table, gate, expected, found.
    """
    refuse(find_breaches(tables.__getitem__, tables))


def refuse(breaches: Iterable[Breach], *, remedy: str = "") -> None:
    """Raise the first breach that refuses its table, with what the user can do about it.

    Raises
    ------
    ImplausibleTable
        See `require_plausible`.
    """
    for breach in breaches:
        if breach.refuses:
            place = f"{breach.gate}, {breach.place}"
            raise ImplausibleTable(
                breach.table, place=place, expected=breach.expected, found=breach.found, remedy=remedy
            )


def growth_of_departements(table: str, before: pd.Series, now: pd.Series, n_years: int) -> Iterator[Breach]:
    """Want each department to grow by no more than is seen in France.

    Parameters
    ----------
    table
        Name of the table of `now`.
    before, now
        Inhabitants by departement_code, of the same communes.
    n_years
        Years from `before` to `now`, above 0.

    Yields
    ------
    Breach
        One a department.
    """
    growth = (now / before.where(before > 0)) ** (1 / n_years) - 1
    for code, rate in growth.dropna().items():
        if abs(rate) > LARGEST_GROWTH and code not in EXPLAINED_DEPARTEMENTS:
            yield Breach(
                table,
                "croissance d’un département",
                f"département {code}",
                f"entre −{_percent(LARGEST_GROWTH)} et +{_percent(LARGEST_GROWTH)} par an",
                f"{_percent(rate, sign=True)} par an sur {n_years} ans",
            )


def changes_of_communes(table: str, before: pd.Series, now: pd.Series) -> Iterator[Breach]:
    """Want no commune to change by more than 40 % and 1 000 people, but those of `EXPLAINED_COMMUNES`.

    Parameters
    ----------
    table
        Name of the table of `now`.
    before, now
        Inhabitants by commune_code, both on the same list of communes: a merger explains nothing.

    Yields
    ------
    Breach
        One for all communes, with the largest.
    """
    both = pd.DataFrame({"before": before, "now": now}).dropna()
    both = both[(both["now"] - both["before"]).abs() >= FEWEST_PEOPLE]
    change = (both["now"] / both["before"].where(both["before"] > 0) - 1).drop(EXPLAINED_COMMUNES, errors="ignore")
    wrong = change[change.abs() > LARGEST_COMMUNE_CHANGE]
    if len(wrong):
        largest = wrong.loc[wrong.abs().sort_values(ascending=False).index[:3]]
        yield Breach(
            table,
            "population d’une commune",
            f"{len(wrong)} communes",
            f"entre −{_percent(LARGEST_COMMUNE_CHANGE)} et +{_percent(LARGEST_COMMUNE_CHANGE)}",
            ", ".join(f"{code} {_percent(value, sign=True)}" for code, value in largest.items()),
        )


def repeated_values(name: str, table: pd.DataFrame, communes: pd.DataFrame) -> Iterator[Breach]:
    """Want what is measured in each commune not to be the value of a wider place written for each of its communes.

    The number of distinct values against that of places tells nothing of a rounded figure; the share of the communes
    that hold the most frequent value of their EPCI does.

    Parameters
    ----------
    name, table
        A table with a commune_code.
    communes
        commune_code, epci_code.

    Yields
    ------
    Breach
        One a column; none for a column whose name says what place its value is of.
    """
    for period, rows in _by_period(table):
        epci_of = rows["commune_code"].map(communes.set_index("commune_code")["epci_code"])
        for column in _value_columns(rows):
            if _is_count(column) or column.startswith(_WIDER_PLACE):
                continue
            values = pd.DataFrame({"epci": epci_of, "value": rows[column]}).dropna()
            values = values[values.groupby("epci")["value"].transform("size") >= _FEWEST_COMMUNES]
            if values.empty:
                continue
            most_frequent = values.groupby(["epci", "value"]).size().groupby("epci").max()
            share = most_frequent.sum() / len(values)
            if share > MOST_REPEATED:
                yield Breach(
                    name,
                    "valeurs répétées entre communes voisines",
                    f"colonne « {column} »{period}",
                    f"au plus {_percent(MOST_REPEATED)} des communes à la valeur la plus fréquente de leur EPCI",
                    f"{_percent(share)}, {rows[column].nunique()} valeurs distinctes pour {len(values)} communes",
                )


def people_without_value(name: str, table: pd.DataFrame, communes: pd.DataFrame) -> Iterator[Breach]:
    """Say in which regions a part of the people has no known value: never refused, for unknown is honest.

    Parameters
    ----------
    name, table
        A table with a commune_code.
    communes
        commune_code, region_code, population.

    Yields
    ------
    Breach
        One a column, with the regions where more than 2 % of the people have none.
    """
    people = communes.set_index("commune_code")["population"]
    region_of = communes.set_index("commune_code")["region_code"]
    total = people.groupby(region_of).sum()
    for period, rows in _by_period(table):
        for column in [
            *filter(lambda name: not _is_count(name), _value_columns(rows)),
            *({"zone"} & set(rows.columns)),
        ]:
            known = people.reindex(rows.loc[rows[column].notna(), "commune_code"].unique()).dropna()
            held = known.groupby(region_of.reindex(known.index)).sum().reindex(total.index, fill_value=0.0)
            unknown = 1 - held / total.where(total > 0)
            most = unknown[unknown > MOST_UNKNOWN].sort_values(ascending=False)
            if len(most):
                yield Breach(
                    name,
                    "habitants sans valeur connue",
                    f"colonne « {column} »{period}",
                    f"au plus {_percent(MOST_UNKNOWN)} des habitants de chaque région",
                    ", ".join(f"région {code} : {_percent(share)}" for code, share in most.items()),
                    refuses=False,
                )


def jumps_between(name: str, before: pd.DataFrame, now: pd.DataFrame, key: tuple[str, ...]) -> Iterator[Breach]:
    """Want the figures of a table not to jump from a version to the next, on the rows that both have.

    Parameters
    ----------
    name
        Name of the table.
    before, now
        Two versions; where they have a year or a date, the last one of each is compared.
    key
        Columns that name a row; periods among them do not.

    Yields
    ------
    Breach
        One a column: a total (``n_…``, population, target) that drops by more than 5 % or rises by more than 20 % a
        year, a mean that moves by more than a quarter of a standard deviation a year.
    """
    period = next((column for column in _PERIODS if column in now.columns and column in before.columns), None)
    n_years = 1.0
    if period is not None:
        last_before, last_now = before[period].max(), now[period].max()
        n_years = max(1.0, _years(last_before, last_now))
        before, now = before[before[period] == last_before], now[now[period] == last_now]
    names = [column for column in key if column not in _PERIODS]
    columns = [column for column in _value_columns(now) if column in before.columns]
    both = before[[*names, *columns]].merge(now[[*names, *columns]], on=names, suffixes=("_before", "_now"))
    for column in columns:
        pair = both[[f"{column}_before", f"{column}_now"]].dropna().set_axis(["before", "now"], axis="columns")
        if len(pair) == 0:
            continue
        breach = _jump_of_total(pair, n_years) if _is_count(column) else _jump_of_mean(pair, n_years)
        if breach is not None:
            expected, found = breach
            yield Breach(name, "saut entre deux versions", f"colonne « {column} »", expected, found)


def _jump_of_total(pair: pd.DataFrame, n_years: float) -> tuple[str, str] | None:
    before, now = pair["before"].sum(), pair["now"].sum()
    if before <= 0 or -LARGEST_DROP * n_years <= now / before - 1 <= LARGEST_RISE * n_years:
        return None
    lowest, highest = _percent(-LARGEST_DROP * n_years, sign=True), _percent(LARGEST_RISE * n_years, sign=True)
    return f"entre {lowest} et {highest} du total en place", f"{_percent(now / before - 1, sign=True)}"


def _jump_of_mean(pair: pd.DataFrame, n_years: float) -> tuple[str, str] | None:
    spread = pair["before"].std()
    shift = abs(pair["now"].mean() - pair["before"].mean())
    if not spread > 0 or shift <= LARGEST_SHIFT * n_years * spread:
        return None
    expected = f"une moyenne proche de {pair['before'].mean():.3g} (± {LARGEST_SHIFT * n_years * spread:.2g})"
    return expected.replace(".", ","), f"{pair['now'].mean():.3g}".replace(".", ",")


def _years(before: Any, now: Any) -> float:
    """Count the years from a period to another: years as numbers, or days."""
    gap = now - before
    return gap.days / 365.25 if isinstance(gap, pd.Timedelta) else float(gap)


def _by_period(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the last period of a table, with its name in French when it has one."""
    period = next((column for column in _PERIODS if column in table.columns), None)
    if period is None:
        yield "", table
        return
    last = table[period].max()
    yield f", {last:%Y-%m-%d}" if isinstance(last, pd.Timestamp) else f", {last}", table[table[period] == last]


def _value_columns(table: pd.DataFrame) -> list[str]:
    return [
        str(column)
        for column in table.columns
        if column not in _NOT_VALUES and pd.api.types.is_float_dtype(table[column])
    ]


def _is_count(column: str) -> bool:
    return column.startswith(("n_", "population", "target"))


def _percent(share: float, *, sign: bool = False) -> str:
    """Write a share in French: "2,5 %"; with its sign: "+3,8 %"."""
    text = f"{abs(100 * share):.1f}".replace(".", ",").removesuffix(",0")
    mark = ("−" if share < 0 else "+") if sign else ""
    return f"{mark}{text} %"
