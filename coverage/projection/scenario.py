"""A scenario: what the user may change in the projection, with its bounds, its presets and its written forms."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType
from typing import Final, Self

from coverage.projection.assumptions import assumed

POPULATION_VARIANTS: Final = ("basse", "centrale", "haute")
TARGETS: Final = ("aucune", "densite", "apl")
SETTLING_LEVELS: Final = ("france", "region", "departement")

BOUNDS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "horizon_years": (1, 30),
        "stock_factor": (0.5, 2.0),
        "retirement_shift_years": (-5.0, 5.0),
        "exit_factor": (0.5, 2.0),
        "entries_factor": (0.0, 3.0),
        "entries_late_factor": (0.0, 5.0),
        "entries_ramp_start_year": (2015, 2060),
        "entries_ramp_end_year": (2015, 2060),
        "settling_factor": (0.0, 3.0),
        "hours_under_50": (0.3, 1.5),
        "hours_50_64": (0.3, 1.5),
        "hours_65_plus": (0.0, 1.5),
        "ageing_growth": (0.0, 0.06),
        "target_density_per_100k": (0.0, 300.0),
        "target_apl": (0.0, 10.0),
    }
)
"""Lowest and highest value that each number may take, both included."""

LABELS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "horizon_years": ("Horizon", "années"),
        "stock_factor": ("Champ des médecins comptés, rapporté aux libéraux de la CNAM", "facteur"),
        "retirement_shift_years": ("Décalage de l’âge de départ", "années"),
        "exit_factor": ("Niveau des départs", "facteur"),
        "entries_factor": ("Niveau des arrivées", "facteur"),
        "entries_late_factor": ("Niveau des arrivées une fois la montée achevée", "facteur"),
        "entries_ramp_start_year": ("Début de la montée des arrivées", "année"),
        "entries_ramp_end_year": ("Fin de la montée des arrivées", "année"),
        "settling_factor": ("Part des nouveaux médecins qui s’installent dans le territoire", "facteur"),
        "settling_level": ("Niveau du territoire d’installation", "niveau"),
        "settling_code": ("Code du territoire d’installation", "code"),
        "hours_under_50": ("Activité avant 50 ans", "ETP par médecin"),
        "hours_50_64": ("Activité de 50 à 64 ans", "ETP par médecin"),
        "hours_65_plus": ("Activité à 65 ans ou plus", "ETP par médecin"),
        "population_variant": ("Variante de population", "variante"),
        "ageing_growth": ("Croissance de la part des 75 ans ou plus", "par an"),
        "target": ("Objectif à rattraper en plus", "objectif"),
        "target_density_per_100k": ("Densité visée", "médecins pour 100 000 habitants"),
        "target_apl": ("APL visée", "consultations par an et par habitant"),
    }
)
"""French label and unit of each parameter."""


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
        Relative yearly growth of the share of 75+.
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
    entries_factor: float = 1.0
    entries_late_factor: float = 1.0
    entries_ramp_start_year: int = 2026
    entries_ramp_end_year: int = 2036
    settling_factor: float = 1.0
    settling_level: str = "france"
    settling_code: str = "FR"
    hours_under_50: float = assumed("hours_under_50")
    hours_50_64: float = assumed("hours_50_64")
    hours_65_plus: float = assumed("hours_65_plus")
    population_variant: str = "centrale"
    ageing_growth: float = assumed("ageing_growth")
    target: str = "aucune"
    target_density_per_100k: float = 80.0
    target_apl: float = 2.5

    def __post_init__(self) -> None:
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            label, unit = LABELS[name]
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ScenarioError(f"{label} : attendu un nombre, trouvé « {value} ».")
            if not low <= value <= high:  # a NaN fails here too
                raise ScenarioError(f"{label} : attendu entre {low:g} et {high:g} ({unit}), trouvé {str(value)[:20]}.")
            if isinstance(getattr(type(self), name), int):
                if value != int(value):
                    raise ScenarioError(f"{label} : attendu un nombre entier, trouvé {value:g}.")
                object.__setattr__(self, name, int(value))  # frozen, and 10.0 typed in a form must equal 10
            else:
                object.__setattr__(self, name, float(value))
        for name, allowed in (
            ("population_variant", POPULATION_VARIANTS),
            ("target", TARGETS),
            ("settling_level", SETTLING_LEVELS),
        ):
            if getattr(self, name) not in allowed:
                raise ScenarioError(
                    f"{LABELS[name][0]} : attendu {', '.join(allowed)}, trouvé « {getattr(self, name)} »."
                )
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
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ScenarioError(
                f"Scénario : paramètre inconnu « {unknown[0]} » ; attendu l’un de : {', '.join(sorted(known))}."
            )
        return cls(**values)  # type: ignore[arg-type] # __post_init__ checks each value

    def to_json(self) -> str:
        """Return the scenario as a JSON object, keys sorted."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the scenario written by ``to_json``.

        Raises
        ------
        ScenarioError
            When the text is not a JSON object or a value is refused.
        """
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise ScenarioError(f"Scénario : ligne {error.lineno}, colonne {error.colno}, attendu du JSON.") from error
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
            raise ScenarioError("Scénario : attendu un objet JSON simple, trouvé un contenu démesuré.") from error
        if not isinstance(values, dict):
            raise ScenarioError("Scénario : attendu un objet JSON, entre accolades.")
        return cls.from_dict(values)

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
        for field in fields(cls):
            if field.name not in query:
                continue
            text = query[field.name]
            if field.name in BOUNDS:
                try:
                    values[field.name] = float(text)
                except ValueError as error:
                    raise ScenarioError(f"{LABELS[field.name][0]} : attendu un nombre, trouvé « {text} ».") from error
            else:
                values[field.name] = text
        return cls.from_dict(values)

    def with_changes(self, **changes: object) -> Self:
        """Return the same scenario with some parameters changed, checked again."""
        return replace(self, **changes)  # type: ignore[arg-type] # __post_init__ checks each value


TENDANCE: Final = Scenario()

PRESETS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {
        "tendance": TENDANCE,
        # Behaviour of the trend. The ARS counts 6 214 liberal GPs where the CNAM counts 5 463; the population variant
        # is chosen so that both published figures come out, so they are no independent proof of it.
        "ars_occitanie": Scenario(
            stock_factor=round(assumed("published_ars_occitanie_stock") / assumed("cnam_occitanie_stock"), 4),
            population_variant="haute",
        ),
        "departs_acceleres": Scenario(retirement_shift_years=-2.0),
        "attractivite_renforcee": Scenario(entries_factor=1.2),
        # Entrances held low until the larger student intakes arrive; levels set on the published low point and 2050.
        "drees": Scenario(
            horizon_years=25,
            entries_factor=0.75,
            entries_late_factor=1.65,
            entries_ramp_start_year=2026,
            entries_ramp_end_year=2028,
        ),
    }
)
"""Scenarios with a name; keys are ASCII identifiers fit for a URL."""

PRESET_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tendance": "Tendance",
        "ars_occitanie": "ARS Occitanie",
        "departs_acceleres": "Départs accélérés",
        "attractivite_renforcee": "Attractivité renforcée",
        "drees": "Proche de la DREES",
    }
)
