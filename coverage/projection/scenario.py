"""A scenario: what the user may change in the projection, with its bounds, its presets and its written forms."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Final, Self

from coverage.projection.assumptions import assumed
from coverage.projection.levers import PARAMETERS, Lever


class ScenarioError(ValueError):
    """A scenario that cannot be computed; its message is a French sentence for the user."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What the user assumes of the coming years.

    Attributes
    ----------
    horizon_years
        Years projected.
    stock_factor
        Multiplies today's GPs (and with them the entries), for whoever counts another field than the liberal GPs of the
        CNAM.
    retirement_shift_years
        Years by which doctors leave later (negative: earlier) at every age.
    exit_factor
        Multiplies the exit probabilities, capped at 1.
    arrivals_of
        "generalistes": arrivals that let the liberal GPs follow the change observed; "tous_medecins": those of the rate
        of all doctors, whose number grew while that of liberal GPs fell.
    entries_factor, entries_late_factor, entries_ramp_start_year, entries_ramp_end_year
        Multiplier of the entries until the start year, and the one reached from the end year on, linear in between.
    settling_factor, settling_level, settling_code
        Multiplies the share of the national entrants who settle in the territory; the others lose as many: the national
        total is kept.
    hours_under_50, hours_50_64, hours_65_plus
        FTE of a GP by age.
    population_variant
        "basse", "centrale" or "haute".
    ageing_growth
        Relative yearly growth of the share of 75+ in France; each department keeps its measured gap to it.
    target, target_density_per_100k, target_apl
        Catch-up added to the need: "aucune", "densite" (each department up to the density) or "apl" (each commune up to
        the APL).

    Raises
    ------
    ScenarioError
        When a value is out of its bounds, not a number, or not one of the allowed words.
    """

    horizon_years: int = 10
    stock_factor: float = 1.0
    retirement_shift_years: float = 0.0
    exit_factor: float = 1.0
    arrivals_of: str = "generalistes"
    entries_factor: float = 1.0
    entries_late_factor: float = 1.0
    entries_ramp_start_year: int = 2026
    entries_ramp_end_year: int = 2036
    settling_factor: float = 1.0
    settling_level: str = "france"
    settling_code: str = "FR"
    hours_under_50: float = field(default_factory=lambda: assumed("hours_under_50"))
    hours_50_64: float = field(default_factory=lambda: assumed("hours_50_64"))
    hours_65_plus: float = field(default_factory=lambda: assumed("hours_65_plus"))
    population_variant: str = "centrale"
    ageing_growth: float = field(default_factory=lambda: assumed("ageing_growth"))
    target: str = "aucune"
    target_density_per_100k: float = 80.0
    target_apl: float = 2.5

    def __post_init__(self) -> None:
        for name, lever in PARAMETERS.items():
            if lever.bounds is not None:
                # Frozen, and 10.0 typed in a form must equal 10.
                object.__setattr__(self, name, self._number(name, lever, *lever.bounds))
            elif lever.words and getattr(self, name) not in lever.words:
                expected = ", ".join(lever.words)
                raise ScenarioError(f"{lever.label} : attendu {expected}, trouvé « {getattr(self, name)} ».")
        if self.entries_ramp_end_year < self.entries_ramp_start_year:
            raise ScenarioError(
                "Montée des arrivées : attendu une fin qui suit le début, "
                f"trouvé {self.entries_ramp_start_year} puis {self.entries_ramp_end_year}."
            )
        if self.settling_level == "france" and (self.settling_code != "FR" or self.settling_factor != 1):
            raise ScenarioError(
                "Part des nouveaux médecins qui s’installent ici : attendu une région ou un département, "
                "trouvé la France entière."
            )

    def _number(self, name: str, lever: Lever, low: float, high: float) -> int | float:
        """Return a parameter that must be a number within its bounds, whole where its usual value is."""
        value = getattr(self, name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ScenarioError(f"{lever.label} : attendu un nombre, trouvé « {value} ».")
        if not low <= value <= high:  # a NaN fails here too
            raise ScenarioError(
                f"{lever.label} : attendu entre {low:g} et {high:g} ({lever.unit}), trouvé {str(value)[:20]}."
            )
        if not isinstance(getattr(type(self), name, None), int):
            return float(value)
        if value != int(value):
            raise ScenarioError(f"{lever.label} : attendu un nombre entier, trouvé {value:g}.")
        return int(value)

    def entries_multiplier(self, year: int) -> float:
        """Return the multiplier of the entries of one calendar year."""
        start, end = self.entries_ramp_start_year, self.entries_ramp_end_year
        if year < start:
            return self.entries_factor
        reached = 1.0 if year >= end else (year - start) / (end - start)
        return self.entries_factor + reached * (self.entries_late_factor * self.entries_factor - self.entries_factor)

    def to_dict(self) -> dict[str, int | float | str]:
        """Return every parameter by name, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Return the scenario written by ``to_dict``; absent parameters take their default.

        Raises
        ------
        ScenarioError
            When a name is unknown or a value is refused.
        """
        known = {one.name for one in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ScenarioError(
                f"Scénario : paramètre inconnu « {unknown[0]} » ; attendu l’un de : {', '.join(sorted(known))}."
            )
        return cls(**values)  # type: ignore[arg-type] # __post_init__ checks each value

    def to_query(self) -> dict[str, str]:
        """Return the parameters that differ from their default, as text for a URL; empty for the default scenario."""
        default = type(self)()
        return {name: str(value) for name, value in self.to_dict().items() if value != getattr(default, name)}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Return the scenario written by ``to_query``; keys of the URL that are no parameter are left alone.

        Raises
        ------
        ScenarioError
            When a text is no number where one is expected, or out of bounds.
        """
        values: dict[str, object] = {}
        for one in fields(cls):
            if one.name not in query:
                continue
            text = query[one.name]
            if PARAMETERS[one.name].bounds is not None:
                try:
                    values[one.name] = float(text)
                except ValueError as error:
                    raise ScenarioError(
                        f"{PARAMETERS[one.name].label} : attendu un nombre, trouvé « {text} »."
                    ) from error
            else:
                values[one.name] = text
        return cls.from_dict(values)

    def with_changes(self, **changes: object) -> Self:
        """Return the same scenario with some parameters changed, checked again."""
        return replace(self, **changes)  # type: ignore[arg-type] # __post_init__ checks each value


class _Presets(Mapping[str, Scenario]):
    """The presets by name, made when first asked for: a damaged file of assumptions is the fault of who asks."""

    def __getitem__(self, name: str) -> Scenario:
        return _presets()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_presets())

    def __len__(self) -> int:
        return len(_presets())


PRESETS: Final[Mapping[str, Scenario]] = _Presets()
"""Scenarios with a name; keys are ASCII identifiers fit for a URL."""


@cache
def _presets() -> Mapping[str, Scenario]:
    return {
        "tendance": Scenario(),
        # What the trend was taken to be before arrivals were brought to the level of GPs: the optimistic end.
        "tous_medecins": Scenario(arrivals_of="tous_medecins"),
        # The ARS counts 6 214 liberal GPs where the CNAM counts 5 463; the population variant
        # and the arrivals are chosen so that both announced figures come out, so they are no independent proof of them.
        "ars_occitanie": Scenario(
            arrivals_of="tous_medecins",
            stock_factor=round(assumed("published_ars_occitanie_stock") / assumed("cnam_occitanie_stock"), 4),
            population_variant="haute",
        ),
        "departs_acceleres": Scenario(retirement_shift_years=-2.0),
        "attractivite_renforcee": Scenario(entries_factor=1.2),
        # Arrivals low until the larger student intakes arrive, about 2028. Both levels are those of `drees_levels`,
        # which finds DREES's points of 2028 and 2050 again from the stock of 2025.
        "drees": Scenario(
            horizon_years=25,
            entries_factor=0.76,
            entries_late_factor=2.22,
            entries_ramp_start_year=2027,
            entries_ramp_end_year=2028,
        ),
    }


PRESET_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tendance": "Tendance",
        "tous_medecins": "Arrivées de tous médecins",
        "ars_occitanie": "ARS Occitanie",
        "departs_acceleres": "Départs accélérés",
        "attractivite_renforcee": "Attractivité renforcée",
        "drees": "Proche de la DREES",
    }
)

PRESET_SETTINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tendance": "arrivées calées sur l’évolution observée des généralistes libéraux entre 2021 et 2024",
        "ars_occitanie": "champ, arrivées et population choisis pour retrouver les 2 600 et 500 annoncés par l’ARS "
        "Occitanie : les retrouver n’est pas une preuve",
        "drees": "arrivées choisies pour passer par les points publiés de la DREES, 2028 et 2050 : les retrouver n’est "
        "pas une preuve",
    }
)
"""What a preset was set on, in French, for those that were set on a figure: said beside their result."""
