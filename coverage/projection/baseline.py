"""Where the projection starts: GPs, ages, entries and population of each department, from the snapshot."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.projection import cohorts, need
from coverage.projection.assumptions import Assumption, assumed, assumptions
from coverage.projection.synced_tables import describe_synced, outlook_growth

Floats = npt.NDArray[np.float64]

GENERAL_PRACTITIONERS = "Ensemble des médecins généralistes"
OVER_65 = 66
"""The APL ≤ 65 keeps GPs of 65 or less: those beyond are 66 or more."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The state of each department at the start, in arrays; rows are departments in the order of ``departements``.

    Attributes
    ----------
    departements
        departement_code, region_code; one row a department, RangeIndex.
    base_year
        The stock is that of 1 January of this year.
    ages
        Single years of age, the last one open.
    stock
        GPs, department × age; NaN rows where unknown.
    exit_rates
        Yearly exit probability on ``ages``.
    entries
        Entries a year at constant behaviour, by department: those of GPs, at the level that lets the liberal GPs of the
        country follow the change observed.
    all_doctors_level
        Entries that the rate of all doctors would give, over ``entries``.
    entry_ages
        Share of entrants on ``ages``, sums to 1.
    population, population_growth
        Inhabitants, and their relative yearly growth, by department.
    need_per_inhabitant
        Standardised over total population, 1 in France.
    share_75plus, ageing_gap
        Share of people of 75 or more, 0-1, and its relative yearly growth above that of France, by department.
    ageing_effect
        Rise of the need per inhabitant for a rise of the share of 75+ by 1.
    mobility
        Net yearly moves of GPs over those who stayed, by department.
    apl_units
        departement (row number), apl, population_standardised of each unit of the APL, for the catch-up.
    stock_known
        GPs of today by department, even where their ages are unknown.
    unknown
        Why a department is not projected, in French, by code.
    estimates
        What was computed from the tables, to be listed with the assumptions.
    """

    departements: pd.DataFrame
    base_year: int
    ages: Floats
    stock: Floats
    exit_rates: Floats
    entries: Floats
    entry_ages: Floats
    population: Floats
    population_growth: Floats
    need_per_inhabitant: Floats
    share_75plus: Floats
    ageing_effect: float
    mobility: Floats
    apl_units: pd.DataFrame
    stock_known: Floats
    ageing_gap: Floats = field(default_factory=lambda: np.zeros(()))
    unknown: Mapping[str, str] = field(default_factory=dict)
    estimates: tuple[Assumption, ...] = ()
    all_doctors_level: float = 1.0

    def __post_init__(self) -> None:
        n = len(self.departements)
        shapes = {
            "stock": (n, len(self.ages)),
            "exit_rates": (len(self.ages),),
            "entries": (n,),
            "entry_ages": (len(self.ages),),
            "population": (n,),
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"Point de départ, {name} : attendu {shape}, trouvé {getattr(self, name).shape}.")

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Return which departments can be projected: every input known."""
        inputs = (
            self.entries,
            self.population,
            self.population_growth,
            self.need_per_inhabitant,
            self.share_75plus,
            self.mobility,
        )
        known: npt.NDArray[np.bool_] = np.isfinite(self.stock).all(axis=1) & np.logical_and.reduce(
            [np.isfinite(x) for x in inputs]
        )
        return known


def gp_stock(professionals: pd.DataFrame, profession: str = GENERAL_PRACTITIONERS) -> "pd.Series[float]":
    """Return the GPs by department; NaN where the count is suppressed.

    Source: CNAM, liberal professionals, 2024 (31 December).

    Raises
    ------
    ValueError
        When the profession is not in the table.
    """
    rows = professionals[professionals["profession"] == profession]
    if rows.empty:
        raise ValueError(f"Effectifs par département : attendu la profession « {profession} », trouvé aucune ligne.")
    counts = rows["n_professionals"].astype("float64").mask(rows["suppressed"].astype(bool))
    return pd.Series(counts.to_numpy(), index=rows["departement_code"].to_numpy(), name="n_gp")


def regional_attraction(
    rpps_departements: pd.DataFrame, departements: pd.DataFrame, exit_rate: float
) -> "pd.Series[float]":
    """Return how the entries of each region compare with those of France for its size (1 is the national rate).

    Formula: ``(g_region + x) / (g_France + x)``, g the mean yearly growth of the doctors, x the national exit rate:
    assumes that regions lose the same share a year. By region, for a department's growth is mostly noise. Source:
    DREES, RPPS, all doctors, 2012-2020.
    """
    region = rpps_departements["departement_code"].map(departements.set_index("departement_code")["region_code"])
    by_region = rpps_departements.assign(region_code=region).pivot_table(
        index="region_code", columns="year", values="n_doctors", aggfunc="sum", min_count=1
    )
    first, last = by_region.columns.min(), by_region.columns.max()
    years = max(int(last - first), 1)
    growth = (by_region[last] / by_region[first]) ** (1 / years) - 1
    national = (by_region[last].sum() / by_region[first].sum()) ** (1 / years) - 1
    return ((growth + exit_rate) / (national + exit_rate)).clip(lower=0).rename("attraction")


def age_structures_from_counts(
    gp_ages: pd.DataFrame, departement_codes: "pd.Series[str]", exit_rates: Floats
) -> Floats:
    """Return the share of GPs by single age of each department, from counts by age class (DREES, once synced).

    A department with a suppressed or missing class is NaN: a guess would hide what the producer chose to hide.

    Parameters
    ----------
    gp_ages
        departement_code, age_min, n_practitioners (NaN when suppressed); the last class open.
    departement_codes
        Departments wanted, in order.
    exit_rates
        Yearly exit probability on ``AGES``, to spread the open class.
    """
    table = gp_ages.pivot_table(
        index="departement_code", columns="age_min", values="n_practitioners", aggfunc="sum", dropna=False, min_count=1
    )
    lower_ages = np.array([max(float(age), cohorts.YOUNGEST_AGE) for age in table.columns])
    table = table.reindex(departement_codes.to_numpy())
    structures = np.full((len(table), len(cohorts.AGES)), np.nan)
    for row, counts in enumerate(table.to_numpy(dtype=np.float64)):
        if np.isfinite(counts).all() and counts.sum() > 0:
            structures[row] = cohorts.spread_classes(counts, lower_ages, exit_rates) / counts.sum()
    return structures


def build_baseline(
    *,
    departements: pd.DataFrame,
    communes: pd.DataFrame,
    professionals: pd.DataFrame,
    apl: pd.DataFrame,
    apl_parameters: pd.DataFrame,
    population_estimates: pd.DataFrame,
    rpps_age: pd.DataFrame,
    rpps_departements: pd.DataFrame,
    gp_ages: pd.DataFrame | None = None,
    population_outlook: pd.DataFrame | None = None,
    base_year: int = 2025,
) -> Baseline:
    """Build the start of the projection from the tables of the snapshot.

    Levels: CNAM. Ages: the national pyramid of all doctors carried to ``base_year``, tilted so that the part of the
    activity over 65 is that of the APL, or the counts by age of ``gp_ages`` where given. Entries: national rate of all
    doctors × regional attraction × GPs, brought to the level that lets the liberal GPs of the country follow the change
    observed between two counts (`gp_growth`): the stock of all doctors grew while that of liberal GPs fell.

    Parameters
    ----------
    departements, communes, professionals, apl, apl_parameters, population_estimates, rpps_age, rpps_departements
        Tables of the snapshot, in its schema; never changed.
    gp_ages
        GPs by department and age class (departement_code, age_min, n_practitioners) when DREES's table is synced.
    population_outlook
        INSEE's projection by department when it is synced: its growth takes the place of the trend where it has one.
    base_year
        Year after that of the CNAM count: the one of 31 December 2024 is the stock of 1 January 2025.

    Returns
    -------
    Baseline
        Departments sorted by code; those with an unknown input are NaN and explained in ``unknown``.
    """
    table = departements[["departement_code", "region_code"]].sort_values("departement_code", ignore_index=True)
    codes = table["departement_code"]
    curve = cohorts.fit_exit_curve(rpps_age)
    arrivals = cohorts.estimate_entries(rpps_age, curve)
    rates = curve.rates()
    units = need.latest_apl(apl, communes)

    def align(series: "pd.Series[float]") -> Floats:
        return codes.map(series).to_numpy(dtype=np.float64)

    n_gp = align(gp_stock(professionals))
    if gp_ages is None:
        activity = activity_by_age(
            cohorts.AGES, assumed("hours_under_50"), assumed("hours_50_64"), assumed("hours_65_plus")
        )
        pyramid = cohorts.national_pyramid(rpps_age, curve, arrivals, base_year)
        structure = cohorts.tilt_ages(pyramid, align(need.share_over_65(units)), OVER_65, activity)
    else:
        structure = age_structures_from_counts(gp_ages, codes, rates)
    stock_of_doctors = rpps_departements.groupby("year")["n_doctors"].sum()
    mean_growth = (stock_of_doctors.iloc[-1] / stock_of_doctors.iloc[0]) ** (1 / max(len(stock_of_doctors) - 1, 1)) - 1
    attraction = regional_attraction(rpps_departements, table, arrivals.rate - float(mean_growth))
    growth = align(need.population_growth(population_estimates))
    if population_outlook is not None:
        projected = align(outlook_growth(population_outlook, base_year))
        growth = np.where(np.isfinite(projected), projected, growth)
    inputs = {
        "effectif de généralistes": n_gp,
        "âge des médecins (APL)": structure.sum(axis=1),
        "tendance de la population": growth,
        "besoin par habitant (APL)": align(need.need_per_inhabitant(units)),
        "part des 75 ans ou plus": align(need.share_75plus(population_estimates)),
        "arrivées (RPPS)": table["region_code"].map(attraction).to_numpy(dtype=np.float64),
    }
    unknown = {
        str(code): "n.d. : " + ", ".join(name for name, values in inputs.items() if not np.isfinite(values[row]))
        for row, code in enumerate(codes)
        if any(not np.isfinite(values[row]) for values in inputs.values())
    }
    stock = n_gp[:, None] * structure
    of_all_doctors = n_gp * arrivals.rate * inputs["arrivées (RPPS)"]
    countable = np.isfinite(stock).all(axis=1) & np.isfinite(of_all_doctors)
    slow, fast = sorted(gp_growth_interval())
    level, lowest, highest = (
        cohorts.level_of_entries(
            stock[countable].sum(axis=0),
            rates,
            float(of_all_doctors[countable].sum()),
            arrivals.age_shares,
            growth=yearly,
            years=int(assumed("gp_trend_years")),
        )
        for yearly in (gp_growth(), slow, fast)
    )
    row_of = pd.Series(range(len(codes)), index=codes.to_numpy())
    effect = need.ageing_effect(apl_parameters, need.national_share_75plus(population_estimates))
    return Baseline(
        departements=table,
        base_year=base_year,
        ages=cohorts.AGES,
        stock=stock,
        exit_rates=rates,
        entries=of_all_doctors * level,
        entry_ages=arrivals.age_shares,
        population=align(communes.groupby("departement_code")["population"].sum()),
        population_growth=inputs["tendance de la population"],
        need_per_inhabitant=inputs["besoin par habitant (APL)"],
        share_75plus=inputs["part des 75 ans ou plus"],
        ageing_effect=effect,
        ageing_gap=np.nan_to_num(align(need.ageing_gap(population_estimates))),
        mobility=np.full(len(codes), assumed("net_mobility")),
        apl_units=pd.DataFrame(
            {
                "departement": units["departement_code"].map(row_of).to_numpy(),
                "apl": units["apl"].to_numpy(dtype=np.float64),
                "population_standardised": units["population_standardised"].to_numpy(dtype=np.float64),
            }
        ).dropna(ignore_index=True),
        stock_known=n_gp,
        all_doctors_level=1 / level if level > 0 else float("nan"),
        unknown=unknown,
        estimates=(
            *_estimates(curve, arrivals, effect),
            *_describe_arrivals(level, (lowest, highest)),
            *describe_synced(gp_ages, population_outlook, base_year),
        ),
    )


def gp_growth() -> float:
    """Return the yearly change of the liberal GPs between the two counts of ``assumptions.toml``, relative."""
    return _gp_growth_over(assumed("gp_stock_years"))


def gp_growth_interval() -> tuple[float, float]:
    """Return the yearly changes that the two counts leave open: the month of the first is not known."""
    interval = assumptions()["gp_stock_years"].interval
    if interval is None:
        raise ValueError("assumptions.toml, gp_stock_years : attendu un intervalle, trouvé une seule valeur.")
    return _gp_growth_over(interval[0]), _gp_growth_over(interval[1])


def _gp_growth_over(years: float) -> float:
    return float((assumed("gp_stock_2024") / assumed("gp_stock_2021")) ** (1 / years) - 1)


def activity_by_age(ages: Floats, under_50: float, from_50_to_64: float, from_65: float) -> Floats:
    """Return the FTE of a GP at each age."""
    activity: Floats = np.select([ages < 50, ages < 65], [under_50, from_50_to_64], from_65)  # noqa: PLR2004 - named by the arguments
    return activity


def _estimates(curve: cohorts.ExitCurve, arrivals: cohorts.Entries, effect: float) -> tuple[Assumption, ...]:
    """List what was fitted on the tables, in the same form as the assumptions."""
    source, date = "DREES, RPPS 2012-2020, tous médecins, cohortes suivies", dt.date(2020, 1, 1)
    rows: tuple[tuple[str, float, str, str], ...] = (
        ("exit_plateau", curve.plateau, "par an", "Probabilité annuelle de départ aux grands âges"),
        ("exit_midpoint_age", curve.midpoint_age, "ans", "Âge où la moitié de cette probabilité est atteinte"),
        ("exit_width_years", curve.width_years, "années", "Étalement des départs autour de cet âge"),
        ("exit_worst_gap", curve.worst_gap, "part", "Plus grand écart aux cohortes suivies"),
        ("entries_rate", arrivals.rate, "par an", "Arrivées d’une année rapportées aux médecins présents"),
    )
    fitted = tuple(Assumption(name, value, unit, label, source, date, "estimé") for name, value, unit, label in rows)
    weights = Assumption(
        "ageing_effect",
        effect,
        "besoin par unité de part",
        "Hausse du besoin par habitant quand la part des 75 ans ou plus monte de 1",
        "DREES, APL, poids d’âge du dernier millésime, et répartition supposée des 75 ans ou plus",
        dt.date(2023, 12, 31),
        "estimé",
    )
    return (*fitted, weights)


def _describe_arrivals(level: float, interval: tuple[float, float]) -> tuple[Assumption, ...]:
    """List the change of the liberal GPs and the level of arrivals that follows it."""
    counts = "généralistes libéraux hors médecins à expertise particulière (MEP), CNAM 2024 et source secondaire 2021"
    date = dt.date(2024, 12, 31)
    growths = sorted(gp_growth_interval())
    growth = Assumption(
        "gp_growth",
        gp_growth(),
        "par an",
        "Évolution des généralistes libéraux entre les deux comptes, que la tendance prolonge",
        f"Comptes de {counts}",
        date,
        "estimé",
        (growths[0], growths[1]),
    )
    arrivals = Assumption(
        "gp_entries_level",
        level,
        "facteur",
        "Arrivées de généralistes libéraux, rapportées à celles que donnerait le taux de tous les médecins",
        f"Calage sur cette évolution, départs et âges inchangés : {counts}",
        date,
        "estimé",
        interval,
    )
    return growth, arrivals
