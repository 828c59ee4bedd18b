"""What a scenario may change, each once: its words, its bounds, and how the page moves, prints and addresses it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One parameter of a scenario.

    Attributes
    ----------
    label, unit
        French label and unit, as messages and tables say them.
    bounds
        Lowest and highest value of a number, both included; None for a word.
    words
        Words it may take and how each is shown; empty for a number, and for a code.
    address
        Name in the address, without the prefix of its scenario; "" for what no slider moves.
    short
        What the page calls it.
    step
        Between two positions of its slider.
    scale, decimals, printed_unit
        How a number is printed: times the scale, with so many decimals, then the unit; "" for a calendar year.
    is_shift
        True for a number printed with its sign.
    source
        Where its usual value comes from; "" where the assumptions of the model say it. `{trend}` is what the trend of
        population is, `{count_year}` the year of the last count of doctors.
    """

    label: str
    unit: str
    bounds: tuple[float, float] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    short: str = ""
    step: float = 0.05
    scale: int = 1
    decimals: int = 2
    printed_unit: str = "ETP"
    is_shift: bool = False
    source: str = ""


PARAMETERS: Final[Mapping[str, Lever]] = MappingProxyType(
    {
        "horizon_years": Lever(label="Horizon", unit="années", bounds=(1, 30)),
        "settling_level": Lever(
            label="Niveau du territoire d’installation",
            unit="niveau",
            words={"france": "France", "region": "Région", "departement": "Département"},
        ),
        "settling_code": Lever(label="Code du territoire d’installation", unit="code"),
        "retirement_shift_years": Lever(
            label="Décalage de l’âge de départ",
            unit="années",
            bounds=(-5.0, 5.0),
            address="age_depart",
            short="Âge de départ",
            step=0.5,
            printed_unit="ans",
            is_shift=True,
            source="la courbe des départs par âge, estimée en suivant les cohortes de tous les médecins (DREES, "
            "RPPS 2012-2020), est décalée d’autant (supposé)",
        ),
        "arrivals_of": Lever(
            label="Arrivées observées que l’on prolonge",
            unit="population observée",
            address="arrivees_de",
            short="Arrivées que l’on prolonge",
            words={"generalistes": "Généralistes libéraux", "tous_medecins": "Tous médecins"},
            source="le taux d’arrivée de tous les médecins (DREES, RPPS 2012-2020) ferait monter les généralistes "
            "libéraux, qui baissaient ; celui de la tendance est calé sur eux : 52 291 en 2021, 51 775 fin "
            "2024 (estimé)",
        ),
        "entries_factor": Lever(
            label="Niveau des arrivées",
            unit="facteur",
            bounds=(0.0, 3.0),
            address="arrivees",
            short="Niveau des arrivées",
            scale=100,
            decimals=0,
            printed_unit="%",
            source="multiplie les arrivées annuelles que l’on prolonge, avec l’attrait mesuré de chaque région "
            "(estimé)",
        ),
        "settling_factor": Lever(
            label="Part des nouveaux médecins qui s’installent dans le territoire",
            unit="facteur",
            bounds=(0.0, 3.0),
            address="installation",
            short="Part qui s’installe ici",
            scale=100,
            decimals=0,
            printed_unit="%",
            source="100 % garde au territoire sa part actuelle des nouveaux médecins ; le total national ne change "
            "pas, les autres territoires en perdent autant (supposé)",
        ),
        "population_variant": Lever(
            label="Variante de population",
            unit="variante",
            address="population",
            short="Population",
            words={"basse": "Basse", "centrale": "Centrale", "haute": "Haute"},
            source="{trend} ; les variantes s’en écartent de 0,2 point par an (supposé)",
        ),
        "target": Lever(
            label="Objectif à rattraper en plus",
            unit="objectif",
            address="objectif",
            short="Objectif à rattraper en plus",
            words={"aucune": "Aucun", "densite": "Densité minimale", "apl": "APL minimale"},
            source="le maintien du niveau d’aujourd’hui est toujours compris dans le besoin ; l’objectif s’y ajoute "
            "(choix)",
        ),
        "target_density_per_100k": Lever(
            label="Densité visée",
            unit="médecins pour 100 000 habitants",
            bounds=(0.0, 300.0),
            address="densite",
            short="Densité visée",
            step=5,
            decimals=0,
            printed_unit="pour 100 000 hab.",
            source="choix ; chaque département est porté au moins à cette densité",
        ),
        "target_apl": Lever(
            label="APL visée",
            unit="consultations par an et par habitant",
            bounds=(0.0, 10.0),
            address="apl",
            short="APL visée",
            step=0.1,
            decimals=1,
            printed_unit="consult./an/hab.",
            source="2,5 : seuil national de la commune sous-dense (DREES) ; chaque commune y est portée",
        ),
        "hours_under_50": Lever(
            label="Activité avant 50 ans",
            unit="ETP par médecin",
            bounds=(0.3, 1.5),
            address="activite_avant_50",
            short="Avant 50 ans",
        ),
        "hours_50_64": Lever(
            label="Activité de 50 à 64 ans",
            unit="ETP par médecin",
            bounds=(0.3, 1.5),
            address="activite_50_64",
            short="De 50 à 64 ans",
        ),
        "hours_65_plus": Lever(
            label="Activité à 65 ans ou plus",
            unit="ETP par médecin",
            bounds=(0.0, 1.5),
            address="activite_65",
            short="65 ans ou plus",
        ),
        "exit_factor": Lever(
            label="Niveau des départs",
            unit="facteur",
            bounds=(0.5, 2.0),
            address="departs",
            short="Niveau des départs",
            scale=100,
            decimals=0,
            printed_unit="%",
            source="multiplie les probabilités de départ estimées sur les cohortes (DREES, RPPS 2012-2020)",
        ),
        "entries_late_factor": Lever(
            label="Niveau des arrivées une fois la montée achevée",
            unit="facteur",
            bounds=(0.0, 5.0),
            address="arrivees_ensuite",
            short="Arrivées après la montée",
            scale=100,
            decimals=0,
            printed_unit="%",
            source="niveau atteint à la fin de la montée, rapporté à celui du début : effet de l’ouverture des "
            "études de médecine (supposé)",
        ),
        "entries_ramp_start_year": Lever(
            label="Début de la montée des arrivées",
            unit="année",
            bounds=(2015, 2060),
            address="montee_debut",
            short="Début de la montée",
            step=1,
            printed_unit="",
            source="année où les arrivées commencent à changer de niveau (supposé)",
        ),
        "entries_ramp_end_year": Lever(
            label="Fin de la montée des arrivées",
            unit="année",
            bounds=(2015, 2060),
            address="montee_fin",
            short="Fin de la montée",
            step=1,
            printed_unit="",
            source="année où elles l’ont atteint (supposé)",
        ),
        "ageing_growth": Lever(
            label="Croissance de la part des 75 ans ou plus",
            unit="par an",
            bounds=(0.0, 0.06),
            address="vieillissement",
            short="Vieillissement (75 ans ou plus)",
            step=0.002,
            scale=100,
            decimals=1,
            printed_unit="% par an",
        ),
        "stock_factor": Lever(
            label="Champ des médecins comptés, rapporté aux libéraux de la CNAM",
            unit="facteur",
            bounds=(0.5, 2.0),
            address="champ",
            short="Effectif de départ",
            scale=100,
            decimals=0,
            printed_unit="%",
            source="généralistes libéraux de la CNAM, 31 décembre {count_year} ; à changer pour qui compte un autre "
            "champ (l’ARS Occitanie en compte 6 214 là où la CNAM en compte 5 463)",
        ),
    }
)
"""Every parameter of `Scenario` by name."""

LEVERS: Final[Mapping[str, Lever]] = MappingProxyType(
    {name: lever for name, lever in PARAMETERS.items() if lever.address}
)
"""Those that a reader moves; the others are the place and the horizon of the page."""
