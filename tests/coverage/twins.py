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

COLUMNS = {
    "commune": "commune_code",
    "epci": "epci_code",
    "bassin_de_vie": "bassin_de_vie_code",
    "aire_attraction": "aire_attraction_code",
    "departement": "departement_code",
    "region": "region_code",
}
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


def equipped(commune: dict, toy: ToyCountry) -> float:
    """MSP of a commune in the BPE."""
    return by_commune(toy.bpe_communes, "n_msp").get(commune["commune_code"], NAN)


def minutes(commune: dict, toy: ToyCountry, kind: str, covered: frozenset[str]) -> float:
    """Minutes to the nearest commune with an MSP of the BPE, or to the nearest FINESS site of another type."""
    known = not math.isnan(equipped(commune, toy)) if kind == "msp" else commune["region_code"] in covered
    if not known or math.isnan(commune["longitude"]):
        return NAN
    places = [c for c in rows(toy.communes) if equipped(c, toy) > 0] if kind == "msp" else rows(toy.structures)
    parameters = assumptions()
    density = {c["commune_code"]: c["population"] / c["area_km2"] if c["area_km2"] else NAN for c in rows(toy.communes)}
    best = math.inf
    for site in places:
        same = territory_of(site["departement_code"]) == territory_of(commune["departement_code"])
        if (kind != "msp" and site["structure_type"] != kind) or not same or math.isnan(site["longitude"]):
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


def professionals(case: Case, counts: dict[str, float]) -> tuple[float, float]:
    """Total (nan when one department is unknown) and density over the known departments."""
    codes = sorted({commune["departement_code"] for commune in case.communes})
    values = [counts.get(code, NAN) for code in codes]
    people = {code: sum(c["population"] for c in case.communes if c["departement_code"] == code) for code in codes}
    if codes == ["976"]:
        people["976"] = case.rated
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

    @property
    def rated(self) -> float:
        """Inhabitants to divide by: Mayotte alone has its own estimate, its parts have none."""
        if {commune["departement_code"] for commune in self.communes} != {"976"}:
            return self.people
        estimates = {row["departement_code"]: row["population_2025"] for row in rows(self.toy.bpe_departements)}
        return estimates["976"] if self.level in ("departement", "region") else NAN


def density(case: Case) -> float:
    return ratio(case.people, sum(c["area_km2"] for c in case.communes if not math.isnan(c["area_km2"])))


FROM_DEPARTEMENT = ("departement", "region", "france")


def estimated(case: Case, year: int, age: float = 0.0, *, without: str = "") -> float:
    codes = {commune["departement_code"] for commune in case.communes} - {without}
    found = {code: [] for code in codes}
    for row in rows(case.toy.population_estimates):
        if row["departement_code"] in codes and row["year"] == year and row["age_min"] >= age:
            found[row["departement_code"]].append(row["population"])
    return sum(sum(counts) for counts in found.values()) if all(found.values()) else NAN


def growth(case: Case) -> float:
    if case.level in FROM_DEPARTEMENT:
        apart = "976" if case.level == "france" else ""
        start, end = (estimated(case, year, without=apart) for year in (2017, 2023))
    else:
        first, last = (by_commune(case.toy.population_series, "population", year=year) for year in (2017, 2023))
        start, end = (sum(year.get(c["commune_code"], NAN) for c in case.communes) for year in (first, last))
    grown = ratio(end, start)
    return grown if math.isnan(grown) else grown ** (1 / 6) - 1


def of_bassin(case: Case, name: str) -> float:
    return next((row[name] for row in rows(case.toy.bassins_de_vie) if row["bassin_de_vie_code"] == case.code), NAN)


def old(case: Case) -> float:
    if case.level == "bassin_de_vie":
        return of_bassin(case, "share_75plus")
    if case.level not in FROM_DEPARTEMENT:
        return context(case, "share_75plus")
    return ratio(estimated(case, 2022, 75.0), estimated(case, 2022))


def n_old(case: Case) -> float:
    if case.level in FROM_DEPARTEMENT:
        return estimated(case, 2022, 75.0)
    known = by_commune(case.toy.commune_context, "share_75plus")
    lived_in = [commune for commune in case.communes if commune["population"]]
    return sum((known.get(c["commune_code"], NAN) * c["population"] for c in lived_in), 0.0)


def poverty(case: Case) -> float:
    if case.level == "bassin_de_vie":
        return of_bassin(case, "poverty_rate")
    if case.level == "commune":
        return by_commune(case.toy.commune_context, "bassin_de_vie_poverty_rate").get(case.code, NAN)
    rates = {row["departement_code"]: row["poverty_rate_2021"] for row in rows(case.toy.bpe_departements)}
    return rates.get(case.code, NAN)


def context(case: Case, name: str) -> float:
    known = by_commune(case.toy.commune_context, name)
    if case.level == "commune":
        return known.get(case.code, NAN)
    return weighted([(known.get(c["commune_code"], NAN), c["population"]) for c in case.communes])


def zone(case: Case) -> object:
    found = {row["zone"] for row in zone_parts(case, case.code) if isinstance(row["zone"], str)}
    whole = all(isinstance(row["zone"], str) for row in zone_parts(case, case.code))
    return NAN if not found else found.pop() if len(found) == 1 and whole else "plusieurs"


def zone_parts(case: Case, code: str) -> list[dict[str, Any]]:
    return [row for row in case.toy.zoning.to_dict("records") if row["commune_code"] == code]


def people_zoned(case: Case) -> list[tuple[str, float]]:
    parts = [(row, c["population"]) for c in case.communes for row in zone_parts(case, c["commune_code"])]
    return [(row["zone"], row["share"] * people) for row, people in parts if isinstance(row["zone"], str)]


def in_zip(case: Case) -> float:
    known = people_zoned(case)
    return ratio(sum(people for zone, people in known if zone == "ZIP"), sum(people for _, people in known))


def zone_known(case: Case) -> float:
    return ratio(sum(people for _, people in people_zoned(case)), sum(c["population"] for c in case.communes))


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
    return professionals(case, {row["departement_code"]: row["n_professionals"] for row in gps})


def bpe(case: Case) -> float:
    counts = {row["departement_code"]: row["n_gp"] for row in rows(case.toy.bpe_departements)}
    return professionals(case, counts)[1]


def count(case: Case, kind: str) -> float:
    if kind == "msp_dgos":
        return published(case.level, case.code, case.toy)
    if kind == "msp":
        return sum(equipped(commune, case.toy) for commune in case.communes)
    return sites(case.communes, case.toy, kind.removesuffix("_finess"), case.covered)


def people_per(case: Case, kind: str) -> float:
    return ratio(case.rated, count(case, kind))


def per_100k(case: Case, kind: str) -> float:
    return ratio(count(case, kind) * 100_000, case.rated)


def full_time(case: Case, kind: str) -> float:
    """Full-time GPs, unit of the APL after unit; nan when none is known."""
    codes = {commune["commune_code"] for commune in case.communes}
    found = []
    for unit in rows(case.toy.apl):
        if unit["vintage"] != 2023 or unit["commune_code"] not in codes:
            continue
        acts = {
            "gp_fte": unit["apl"],
            "gp_fte_short_of_2_5": 2.5 - unit["apl"],
            "gp_fte_short_of_2_5_65": 2.5 - unit["apl_65"],
            "gp_fte_over_65": unit["apl"] - unit["apl_65"],
        }[kind]
        if not math.isnan(acts):
            acts = max(acts, 0.0) if "short" in kind else acts
            found.append(unit["population_standardised"] * acts / 5400)
    return sum(found) if found else NAN


def full_time_per_10k(case: Case, kind: str) -> float:
    alone = [Case("commune", "", [commune], case.toy, case.covered) for commune in case.communes]
    known = [(count, place.people) for place in alone if not math.isnan(count := full_time(place, kind))]
    return ratio(sum(count for count, _ in known) * 10_000, sum(people for _, people in known))


def part_of_the_lack(case: Case) -> float:
    [commune] = case.communes
    neighbours = [c for c in rows(case.toy.communes) if c["departement_code"] == commune["departement_code"]]
    whole = full_time(Case("departement", "", neighbours, case.toy, case.covered), "gp_fte_short_of_2_5_65")
    return ratio(full_time(case, "gp_fte_short_of_2_5_65"), whole)


def apl_of_profession(case: Case, profession: str, vintage: str) -> float:
    codes = {commune["commune_code"] for commune in case.communes}
    units = [
        unit
        for unit in rows(case.toy.apl_professions)
        if unit["vintage"] == int(vintage) and unit["commune_code"] in codes
    ]
    pairs = [(unit[f"apl_{profession}"], unit[f"standardised_{profession}"]) for unit in units]
    if case.level == "commune" and len(pairs) == 1:
        return pairs[0][0]
    return weighted(pairs)


def transcribed(case: Case) -> float:
    for row in rows(case.toy.apl_departements):
        if (row["level"], row["territory_code"], row["vintage"]) == (case.level, case.code, 2024):
            return row["apl"]
    return NAN


def under_in_2024(case: Case) -> float:
    inside = {commune["departement_code"] for commune in case.communes}
    lines = [
        row
        for row in rows(case.toy.apl_departements)
        if row["level"] == "departement" and row["territory_code"] in inside and row["vintage"] == 2024
    ]
    return ratio(sum(row["population_under_2_5"] for row in lines), sum(row["population_total"] for row in lines))


def trait(case: Case, name: str) -> object:
    found = by_commune(case.toy.commune_traits, "massif" if name == "mountain" else name)
    if name == "mountain":
        return "oui" if isinstance(found[case.code], str) else "non"
    value = found[case.code]
    return value if isinstance(value, str) else NAN


def in_class(case: Case, name: str) -> float:
    column = {"rural": "density_level", "frr": "frr", "mountain": "massif"}[name]
    found = by_commune(case.toy.commune_traits, column)
    holds = inside = 0.0
    for commune in case.communes:
        value = found[commune["commune_code"]]
        known = isinstance(value, str)
        if known or name == "mountain":
            inside += commune["population"]
        if known and (name == "mountain" or (name == "rural" and value in "567") or (name == "frr" and value != "non")):
            holds += commune["population"]
    return ratio(holds, inside)


def emergency(case: Case) -> float:
    found = by_commune(case.toy.commune_traits, "emergency_min")
    if case.level == "commune":
        return found[case.code]
    return weighted([(found[c["commune_code"]], c["population"]) for c in case.communes])


def near_emergency(case: Case) -> float:
    found = by_commune(case.toy.commune_traits, "emergency_min")
    known = [(found[c["commune_code"]], c["population"]) for c in case.communes]
    known = [(time, people) for time, people in known if not math.isnan(time)]
    return ratio(sum(people for time, people in known if time < 30), sum(people for _, people in known))


def quarters(case: Case) -> float:
    codes = {commune["commune_code"] for commune in case.communes}
    return float(len({row["qpv_code"] for row in rows(case.toy.qpv) if row["commune_code"] in codes}))


# The first pattern that fits the whole name decides; its groups are the arguments.
TWINS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("population", lambda case: case.people),
    ("density_per_km2", density),
    ("population_growth_per_year", growth),
    ("share_75plus", old),
    ("n_75plus", n_old),
    ("poverty_rate", poverty),
    ("gp_liberal_per_100k", lambda case: of_bassin(case, "gp_liberal_per_100k")),
    ("share_ald", lambda case: of_bassin(case, "share_ald")),
    ("(fedi)", context),
    ("zone", zone),
    ("share_population_zip", in_zip),
    ("share_population_zone_known", zone_known),
    ("(density_level|rural_type|centrality|frr|mountain)", trait),
    ("share_population_(rural|frr|mountain)", in_class),
    ("emergency_min", emergency),
    ("share_population_within_30_min_emergency", near_emergency),
    ("n_qpv", quarters),
    (r"apl_(nurses|physiotherapists|midwives|dentists)_(\d{4})", apl_of_profession),
    ("nearest_(.+)_min", nearest),
    (r"share_population_within_(\d+)_min_(.+)", within),
    (r"share_population_under_2_5_(apl|apl_65)_(\d{4})", under),
    ("apl_all_ages_2024", transcribed),
    ("share_population_under_2_5_all_ages_2024", under_in_2024),
    (r"apl_at_risk_share_(\d{4})", at_risk),
    ("(apl|apl_65)_change", apl_change),
    (r"(apl|apl_65)_(\d{4})", apl),
    ("(gp_fte.*)_per_10k", full_time_per_10k),
    ("(gp_fte.*)", full_time),
    ("projected_left_to_convince_share", part_of_the_lack),
    ("n_gp", lambda case: cnam(case)[0]),
    ("gp_per_100k", lambda case: cnam(case)[1]),
    ("gp_bpe_per_100k", bpe),
    ("n_(.+)", count),
    ("(.+)_per_100k_finess", lambda case, kind: per_100k(case, f"{kind}_finess")),
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
