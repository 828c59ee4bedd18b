"""Slow, obvious twins of the indicators: loops over rows, one indicator at a time, nothing shared with the real code.

Each answers `twin(indicator_id, level, toy, covered_regions)` with {territory code: value}; nan is unknown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pyproj import Transformer

from geo.crs import territory_of
from geo.travel_time.estimate import read_estimate_parameters

if TYPE_CHECKING:
    import pandas as pd

    from tests.toy import ToyCountry

COLUMNS = {"commune": "commune_code", "epci": "epci_code", "departement": "departement_code", "region": "region_code"}
NAN = float("nan")
GP = "Ensemble des médecins généralistes"


_seen: dict[int, tuple[pd.DataFrame, list[dict]]] = {}


def rows(table: pd.DataFrame) -> list[dict]:
    # The table is kept beside its rows, so that its id is not given to another one.
    if id(table) not in _seen:
        if len(_seen) > 100:
            _seen.clear()
        _seen[id(table)] = (table, table.to_dict("records"))
    return _seen[id(table)][1]


def members(level: str, toy: ToyCountry) -> dict[str, list[dict]]:
    """Territory code -> its communes."""
    groups: dict[str, list[dict]] = {}
    for commune in rows(toy.communes):
        code = "FR" if level == "france" else commune[COLUMNS[level]]
        if isinstance(code, str):
            groups.setdefault(code, []).append(commune)
    return groups


def ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else NAN


def by_commune(table: pd.DataFrame, column: str, **where: object) -> dict[str, object]:
    chosen = [row for row in rows(table) if all(row[name] == value for name, value in where.items())]
    return {row["commune_code"]: row[column] for row in chosen}


def weighted(pairs: list[tuple[float, float]]) -> float:
    known = [(value, weight) for value, weight in pairs if not math.isnan(value) and not math.isnan(weight)]
    return ratio(sum(value * weight for value, weight in known), sum(weight for _, weight in known))


def apl_mean(communes: list[dict], level: str, toy: ToyCountry, series: str, vintage: int) -> float:
    codes = {commune["commune_code"] for commune in communes}
    units = [unit for unit in rows(toy.apl) if unit["vintage"] == vintage and unit["commune_code"] in codes]
    known = [(unit[series], unit["population_standardised"]) for unit in units if not math.isnan(unit[series])]
    mean = weighted(known)
    if level == "commune" and math.isnan(mean) and known:
        return sum(value for value, _ in known) / len(known)
    return mean


def apl_under(communes: list[dict], toy: ToyCountry, series: str, vintage: int) -> float:
    codes = {commune["commune_code"] for commune in communes}
    under = people = 0.0
    for unit in rows(toy.apl):
        if unit["vintage"] == vintage and unit["commune_code"] in codes and not math.isnan(unit[series]):
            people += unit["population_total"]
            under += unit["population_total"] if unit[series] < 2.5 else 0.0
    return ratio(under, people)


def sites(communes: list[dict], toy: ToyCountry, kind: str, covered: frozenset[str]) -> float:
    if any(commune["region_code"] not in covered for commune in communes):
        return NAN
    codes = {commune["commune_code"] for commune in communes}
    return float(sum(s["structure_type"] == kind and s["commune_code"] in codes for s in rows(toy.structures)))


def published(level: str, code: str, toy: ToyCountry) -> float:
    dates = [row["date"] for row in rows(toy.msp_series) if row["structure_type"] == "msp"]
    for row in rows(toy.msp_series):
        key = (row["level"], row["territory_code"], row["structure_type"], row["date"])
        if key == (level, code, "msp", max(dates)):
            return row["n_structures"]
    return NAN


@cache
def transformer(epsg: int) -> Any:
    return Transformer.from_crs(4326, epsg, always_xy=True)


@cache
def assumptions() -> Any:
    return read_estimate_parameters()


def pace(density: float, departement: str) -> float:
    parameters = assumptions()
    speed = parameters.road_km_per_h[0]
    for bound, candidate in zip(parameters.density_from_per_km2, parameters.road_km_per_h, strict=True):
        if density >= bound:  # False for an unknown density: the least dense class
            speed = candidate
    return 60 / speed * (parameters.relief_factor if departement in parameters.relief_departements else 1)


def crow_fly_m(one: dict, other: dict) -> float:
    to_metres = transformer(territory_of(one["departement_code"]).epsg)
    first, second = (to_metres.transform(place["longitude"], place["latitude"]) for place in (one, other))
    return math.dist(first, second)


def minutes(commune: dict, toy: ToyCountry, kind: str, covered: frozenset[str]) -> float:
    if commune["region_code"] not in covered or math.isnan(commune["longitude"]):
        return NAN
    parameters = assumptions()
    density = {c["commune_code"]: c["population"] / c["area_km2"] if c["area_km2"] else NAN for c in rows(toy.communes)}
    best = math.inf
    for site in rows(toy.structures):
        same = territory_of(site["departement_code"]) == territory_of(commune["departement_code"])
        if site["structure_type"] != kind or not same or math.isnan(site["longitude"]):
            continue
        mean_pace = (
            pace(density[commune["commune_code"]], commune["departement_code"])
            + pace(density[site["commune_code"]], site["departement_code"])
        ) / 2
        terminal = 0 if site["commune_code"] == commune["commune_code"] else parameters.terminal_min
        best = min(best, parameters.detour * crow_fly_m(commune, site) / 1000 * mean_pace + terminal)
    return best


def reach(communes: list[dict], level: str, toy: ToyCountry, kind: str, covered: frozenset[str]) -> tuple[float, list]:
    """Mean minutes, and (minutes, population) of each inhabited commune; the list is empty when one is unknown."""
    if level == "commune":
        return minutes(communes[0], toy, kind, covered), []
    times = [(minutes(c, toy, kind, covered), c["population"]) for c in communes if c["population"] > 0]
    if not times or any(math.isnan(time) for time, _ in times):
        return NAN, []
    finite = [(time, people) for time, people in times if math.isfinite(time)]
    return (weighted(finite) if finite else math.inf), times


def professionals(communes: list[dict], counts: dict[str, float]) -> tuple[float, float]:
    """Total (nan when one department is unknown) and density over the known departments."""
    codes = sorted({commune["departement_code"] for commune in communes})
    values = [counts.get(code, NAN) for code in codes]
    people = {code: sum(c["population"] for c in communes if c["departement_code"] == code) for code in codes}
    known = [(code, value) for code, value in zip(codes, values, strict=True) if not math.isnan(value)]
    density = ratio(sum(value for _, value in known) * 100_000, sum(people[code] for code, _ in known))
    return (sum(values) if len(known) == len(codes) else NAN), density


@dataclass
class Case:
    """One territory of one country."""

    level: str
    code: str
    communes: list[dict]
    toy: ToyCountry
    covered: frozenset[str]

    @property
    def people(self) -> float:
        return sum(commune["population"] for commune in self.communes)


def density(case: Case) -> float:
    return ratio(case.people, sum(c["area_km2"] for c in case.communes if not math.isnan(c["area_km2"])))


def change(case: Case) -> float:
    first, last = (by_commune(case.toy.population_series, "population", year=year) for year in (2013, 2021))
    both = [c["commune_code"] for c in case.communes if c["commune_code"] in first and c["commune_code"] in last]
    start = sum(first[c] for c in both)
    return ratio(sum(last[c] for c in both) - start, start)


def context(case: Case, name: str) -> float:
    known = by_commune(case.toy.commune_context, name)
    if case.level == "commune":
        return known.get(case.code, NAN)
    return weighted([(known.get(c["commune_code"], NAN), c["population"]) for c in case.communes])


def zone(case: Case) -> object:
    return by_commune(case.toy.zoning, "zone").get(case.code, NAN)


def in_zip(case: Case) -> float:
    zones = by_commune(case.toy.zoning, "zone")
    known = [(zones.get(c["commune_code"]), c["population"]) for c in case.communes]
    known = [(zone, people) for zone, people in known if isinstance(zone, str)]
    return ratio(sum(people for zone, people in known if zone == "ZIP"), sum(people for _, people in known))


def nearest(case: Case, kind: str) -> float:
    return reach(case.communes, case.level, case.toy, kind, case.covered)[0]


def within(case: Case, limit: str, kind: str) -> float:
    _, times = reach(case.communes, case.level, case.toy, kind, case.covered)
    return ratio(sum(people for time, people in times if time < int(limit)), sum(people for _, people in times))


def under(case: Case, series: str, vintage: str) -> float:
    return apl_under(case.communes, case.toy, series, int(vintage))


def apl(case: Case, series: str, vintage: str) -> float:
    return apl_mean(case.communes, case.level, case.toy, series, int(vintage))


def at_risk(case: Case, vintage: str) -> float:
    every = apl(case, "apl", vintage)
    return ratio(every - apl(case, "apl_65", vintage), every)


def apl_change(case: Case, series: str) -> float:
    return apl(case, series, "2023") - apl(case, series, "2022")


def cnam(case: Case) -> tuple[float, float]:
    gps = [row for row in rows(case.toy.professionals) if row["profession"] == GP]
    return professionals(case.communes, {row["departement_code"]: row["n_professionals"] for row in gps})


def bpe(case: Case) -> float:
    counts = {row["departement_code"]: row["n_gp"] for row in rows(case.toy.bpe_departements)}
    return professionals(case.communes, counts)[1]


def count(case: Case, kind: str) -> float:
    if kind == "msp_dgos":
        return published(case.level, case.code, case.toy)
    return sites(case.communes, case.toy, kind, case.covered)


def people_per(case: Case, kind: str) -> float:
    return ratio(case.people, count(case, kind))


def per_100k(case: Case, kind: str) -> float:
    return ratio(count(case, kind) * 100_000, case.people)


# The first pattern that fits the whole name decides; its groups are the arguments.
TWINS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("population", lambda case: case.people),
    ("density_per_km2", density),
    ("population_change", change),
    ("(share_75plus|poverty_rate|fedi)", context),
    ("zone", zone),
    ("share_population_zip", in_zip),
    ("nearest_(.+)_min", nearest),
    (r"share_population_within_(\d+)_min_(.+)", within),
    (r"share_population_under_2_5_(apl|apl_65)_(\d{4})", under),
    (r"apl_at_risk_share_(\d{4})", at_risk),
    ("(apl|apl_65)_change", apl_change),
    (r"(apl|apl_65)_(\d{4})", apl),
    ("n_gp", lambda case: cnam(case)[0]),
    ("gp_per_100k", lambda case: cnam(case)[1]),
    ("gp_bpe_per_100k", bpe),
    ("n_(.+)", count),
    ("(.+)_per_100k", per_100k),
    ("population_per_(.+)", people_per),
)


def twin(name: str, level: str, toy: ToyCountry, covered: frozenset[str]) -> dict[str, object]:
    formula, arguments = next(
        (formula, found.groups()) for pattern, formula in TWINS if (found := re.fullmatch(pattern, name))
    )
    return {
        code: formula(Case(level, code, communes, toy, covered), *arguments)
        for code, communes in sorted(members(level, toy).items())
    }
