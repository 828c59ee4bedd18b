"""How each published figure is found again in the tables, and how far ours is from it."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from data.errors import CatalogError, ContractError
from data.sources.published_figures import FRANCE, PublishedFigure

Read = Callable[[str], pd.DataFrame]
"""Gives a table by its name."""

Verdict = Literal["retrouvé", "écart expliqué", "en écart", "sans objet"]

METROPOLE: Final = "metropole"
_ROUNDING: Final = 1e-9
"""A gap that equals the tolerance holds, however its decimals are stored."""

COLUMNS: Final = (
    "id", "table", "label", "territory", "published", "found", "gap", "unit", "verdict", "why", "title", "producer",
    "date", "independence", "certainty",
)  # fmt: skip


def compare(
    figures: Iterable[PublishedFigure],
    read: Read,
    computed: Mapping[str, Callable[[PublishedFigure], float]] | None = None,
    sources_of: Mapping[str, Iterable[str]] | None = None,
) -> pd.DataFrame:
    """Put each published figure beside ours.

    Parameters
    ----------
    figures
        What was published.
    read
        Gives a table; never called for a table that `sources_of` does not have.
    computed
        Measures made above the tables, by name.
    sources_of
        Ids of the sources of each table in use; a figure that is about another source has nothing to be compared
        with. None when every figure holds.

    Returns
    -------
    pandas.DataFrame
        One row a figure, columns `COLUMNS`: gap is ours minus the published one, verdict one of `Verdict`. found
        and gap are NaN where there is nothing to compare ("sans objet").
    """
    rows = []
    prepare = cache(lambda name: _prepare(read, name))
    for figure in figures:
        applies = sources_of is None or bool(set(figure.sources) & set(sources_of.get(figure.table, ())))
        found = _measure(figure, prepare, computed or {}) if applies else float("nan")
        rows.append(
            (
                figure.id,
                figure.table,
                figure.label,
                figure.territory,
                figure.value,
                found,
                found - figure.value,
                figure.unit,
                verdict(figure, found),
                figure.why,
                figure.publication.title,
                figure.publication.producer,
                figure.publication.date,
                figure.publication.independence,
                figure.publication.certainty,
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def verdict(figure: PublishedFigure, found: float) -> Verdict:
    """Judge a gap: within the rounding of the publication, explained, or neither."""
    if np.isnan(found):
        return "sans objet"
    gap = abs(found - figure.value)
    if gap <= figure.tolerance + _ROUNDING:
        return "retrouvé"
    return "écart expliqué" if gap <= figure.explained + _ROUNDING else "en écart"


def require_figures(compared: pd.DataFrame, *, whole: bool = True) -> None:
    """Refuse a table that a published figure contradicts.

    Parameters
    ----------
    compared
        Result of `compare`.
    whole
        Whether every figure must have been found: True for the embedded tables; a synced file may be of another year.

    Raises
    ------
    ContractError
        With the table, the check, what was published and what was found.
    """
    wrong = compared[compared["verdict"].isin(["en écart", "sans objet"] if whole else ["en écart"])]
    if wrong.empty:
        return
    first = wrong.iloc[0]
    more = f" ({len(wrong) - 1} autres chiffres en écart)" if len(wrong) > 1 else ""
    raise ContractError(
        str(first["table"]),
        place=f"chiffre publié « {first['label']} », {first['territory']} ({first['title']}, {first['date']})",
        expected=f"{first['published']:.10g} {first['unit']}",
        found=f"{first['found']:.10g} {first['unit']}{more}",
    )


def _measure(figure: PublishedFigure, read: Read, computed: Mapping[str, Callable[[PublishedFigure], float]]) -> float:
    if figure.measure in computed:
        return computed[figure.measure](figure)
    if figure.measure not in MEASURES:
        known = ", ".join([*MEASURES, *computed])
        raise CatalogError("published_figures.toml", place=figure.id, expected=known, found=figure.measure)
    options = dict(figure.options)
    rows = read(options.pop("on", figure.table))
    for column, wanted in options.pop("where", {}).items():
        rows = rows[_fulfils(rows[column], wanted)]
    rows = rows[_inside(rows, figure.territory)]
    if "of" in options:
        whole = read(options["of"])
        options["of"] = whole[_inside(whole, figure.territory)]
    return MEASURES[figure.measure](rows, **options) if len(rows) else float("nan")


def _prepare(read: Read, name: str) -> pd.DataFrame:
    """Give a table with the department, region and EPCI of its places, and the population and area of its communes."""
    table, communes = read(name), read("communes")
    if name == "communes":
        return table
    if "commune_code" in table.columns:
        known = ("departement_code", "region_code", "epci_code", "population", "area_km2")
        added = communes[["commune_code", *(column for column in known if column not in table.columns)]]
        placed = table.merge(added, on="commune_code", how="left")
        # Where a commune is given by parts (the zones of Paris), each part has its share of the people.
        return placed.assign(population=placed["population"] * placed["share"]) if "share" in placed.columns else placed
    if "departement_code" in table.columns and "region_code" not in table.columns:
        regions = communes[["departement_code", "region_code"]].drop_duplicates("departement_code")
        return table.merge(regions, on="departement_code", how="left")
    return table


def _inside(table: pd.DataFrame, territory: str) -> "pd.Series[bool]":
    level, _, code = territory.partition("-")
    if "territory_code" in table.columns:
        return (table["level"] == level) & (table["territory_code"] == (code or "FR"))
    if territory == FRANCE:
        return pd.Series(True, index=table.index)
    if territory == METROPOLE:
        return ~table["departement_code"].str.startswith("97")
    return (table[f"{level}_code"] == code).fillna(False).astype("bool")


def _fulfils(values: pd.Series, wanted: Any) -> "pd.Series[bool]":
    """Tell which values are the wanted one, one of several, not one, or in a range (from included, before excluded)."""
    if isinstance(wanted, list):
        return values.isin(wanted)
    if not isinstance(wanted, dict):
        return (values == wanted).fillna(False).astype("bool")
    kept = pd.Series(True, index=values.index)
    if "not" in wanted:
        kept &= values != wanted["not"]
    if "from" in wanted:
        kept &= values >= _as_bound(wanted["from"])
    if "before" in wanted:
        # A site whose opening day is unknown is an old one: FINESS gives the day of all those of the last years.
        kept &= (values < _as_bound(wanted["before"])) | values.isna()
    return kept


def _as_bound(bound: Any) -> Any:
    return bound if isinstance(bound, (int, float)) else pd.Timestamp(bound)


def _count(rows: pd.DataFrame) -> float:
    return float(len(rows))


def _total(rows: pd.DataFrame, column: str) -> float:
    return float(rows[column].sum(min_count=1))


def _mean(rows: pd.DataFrame, column: str, weight: str, factor: float = 1.0) -> float:
    known = rows.dropna(subset=[column, weight])
    weights = known[weight].sum()
    return factor * float((known[column] * known[weight]).sum() / weights) if weights > 0 else float("nan")


def _people_under(rows: pd.DataFrame, column: str, limit: float, people: str) -> float:
    return float(rows.loc[rows[column] < limit, people].sum())


def _share(rows: pd.DataFrame, column: str, people: str, **wanted: Any) -> float:
    """Return the % of the people, among those whose column is known, for whom it fulfils the condition."""
    known = rows.dropna(subset=[column])
    condition = wanted["is"] if "is" in wanted else {k: v for k, v in wanted.items() if k in ("from", "before")}
    held = known.loc[_fulfils(known[column], condition), people].sum()
    return 100 * float(held / known[people].sum())


def _share_named(rows: pd.DataFrame, of: pd.DataFrame, people: str) -> float:
    """Return the % of the people of a list of communes who live in those that the rows name, once or more."""
    return 100 * float(of.loc[of["commune_code"].isin(rows["commune_code"]), people].sum() / of[people].sum())


def _median(rows: pd.DataFrame, column: str) -> float:
    return float(rows[column].median())


def _n_distinct(rows: pd.DataFrame, column: str) -> float:
    return float(rows[column].nunique())


def _density(rows: pd.DataFrame) -> float:
    return float(rows["population"].sum() / rows["area_km2"].sum())


def _value(rows: pd.DataFrame, column: str, factor: float = 1.0) -> float:
    """Return the one value of a territory; NaN when there are several rows."""
    return factor * float(rows[column].iloc[0]) if len(rows) == 1 else float("nan")


def _growth(rows: pd.DataFrame, column: str, first: int, last: int) -> float:
    """Return the growth of a total from a year to another, in % a year."""
    totals = rows.groupby("year")[column].sum().reindex([first, last])
    return 100 * float((totals[last] / totals[first]) ** (1 / (last - first)) - 1)


def _age_weight(rows: pd.DataFrame, people: Mapping[str, float]) -> float:
    """Average the age weights over people counted by the first age of their class."""
    weights = rows.set_index(rows["lower"].astype(int).astype(str))["value"]
    counted = pd.Series(people, dtype="float64")
    return float((weights.reindex(counted.index) * counted).sum(skipna=False) / counted.sum())


def lowest_mean(rows: pd.DataFrame, column: str, share: float) -> float:
    """Average the APL of the share of the people who have the lowest.

    The people are counted by total population, the mean is weighted by standardised population; the unit astride counts
    for the part of its people that is within the share. This, and not the quantile, is what DREES publishes of its
    first decile.

    Parameters
    ----------
    rows
        APL of one vintage, with population_total and population_standardised.
    column
        "apl" or "apl_65".
    share
        Above 0, at most 1.

    Returns
    -------
    float
        Consultations a year per standardised inhabitant; NaN when there is nobody.

    Examples
    --------
    >>> people = {"population_total": [5.0, 10.0, 85.0], "population_standardised": [5.0, 20.0, 75.0]}
    >>> lowest_mean(pd.DataFrame({"apl": [1.0, 2.0, 9.0], **people}), "apl", 0.1)
    1.6666666666666667
    """
    known = rows.dropna(subset=[column, "population_total", "population_standardised"]).sort_values(column)
    people = known["population_total"].to_numpy()
    room = share * people.sum() - (people.cumsum() - people)
    within = np.divide(room.clip(0.0, people), people, out=np.zeros_like(people), where=people > 0)
    weights = known["population_standardised"].to_numpy() * within
    return float((known[column].to_numpy() * weights).sum() / weights.sum()) if weights.sum() > 0 else float("nan")


MEASURES: Final[Mapping[str, Callable[..., float]]] = {
    "count": _count,
    "total": _total,
    "mean": _mean,
    "people_under": _people_under,
    "share": _share,
    "share_named": _share_named,
    "median": _median,
    "n_distinct": _n_distinct,
    "density": _density,
    "value": _value,
    "growth": _growth,
    "age_weight": _age_weight,
    "lowest_mean": lowest_mean,
}
"""By name: from the rows of a table in a territory, and the options of the figure, to a number."""
