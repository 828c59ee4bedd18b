"""The levers of the projection: the name of each in the address and on the page, its step, its words, its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One lever, whose bounds, full label and unit are those of the model (`coverage.projection`).

    Attributes
    ----------
    address
        Name in the address, without the prefix of its scenario.
    label
        What the page calls it, short.
    words
        Words it may take and how each is shown; empty for a number.
    step
        Between two positions of its slider.
    scale, decimals, unit
        How a number is printed: times the scale, with so many decimals, then the unit; "" for a calendar year.
    is_shift
        True for a number printed with its sign.
    source
        Where its usual value comes from; "" where the assumptions of the model say it. `{trend}` is what the trend of
        population is, `{count_year}` the year of the last count of doctors.
    """

    address: str
    label: str
    words: Mapping[str, str] = field(default_factory=dict)
    step: float = 0.05
    scale: int = 1
    decimals: int = 2
    unit: str = "ETP"
    is_shift: bool = False
    source: str = ""


LEVERS: Final[Mapping[str, Lever]] = MappingProxyType(
    {
        "retirement_shift_years": Lever(
            address="age_depart",
            label="Âge de départ",
            step=0.5,
            unit="ans",
            is_shift=True,
            source="la courbe des départs par âge, estimée en suivant les cohortes de tous les médecins (DREES, "
            "RPPS 2012-2020), est décalée d’autant (supposé)",
        ),
        "arrivals_of": Lever(
            address="arrivees_de",
            label="Arrivées que l’on prolonge",
            words={"generalistes": "Généralistes libéraux", "tous_medecins": "Tous médecins"},
            source="le taux d’arrivée de tous les médecins (DREES, RPPS 2012-2020) ferait monter les généralistes "
            "libéraux, qui baissaient ; celui de la tendance est calé sur eux : 52 291 en 2021, 51 775 fin "
            "2024 (estimé)",
        ),
        "entries_factor": Lever(
            address="arrivees",
            label="Niveau des arrivées",
            scale=100,
            decimals=0,
            unit="%",
            source="multiplie les arrivées annuelles que l’on prolonge, avec l’attrait mesuré de chaque région "
            "(estimé)",
        ),
        "settling_factor": Lever(
            address="installation",
            label="Part qui s’installe ici",
            scale=100,
            decimals=0,
            unit="%",
            source="100 % garde au territoire sa part actuelle des nouveaux médecins ; le total national ne change "
            "pas, les autres territoires en perdent autant (supposé)",
        ),
        "population_variant": Lever(
            address="population",
            label="Population",
            words={"basse": "Basse", "centrale": "Centrale", "haute": "Haute"},
            source="{trend} ; les variantes s’en écartent de 0,2 point par an (supposé)",
        ),
        "target": Lever(
            address="objectif",
            label="Objectif à rattraper en plus",
            words={"aucune": "Aucun", "densite": "Densité minimale", "apl": "APL minimale"},
            source="le maintien du niveau d’aujourd’hui est toujours compris dans le besoin ; l’objectif s’y ajoute "
            "(choix)",
        ),
        "target_density_per_100k": Lever(
            address="densite",
            label="Densité visée",
            step=5,
            decimals=0,
            unit="pour 100 000 hab.",
            source="choix ; chaque département est porté au moins à cette densité",
        ),
        "target_apl": Lever(
            address="apl",
            label="APL visée",
            step=0.1,
            decimals=1,
            unit="consult./an/hab.",
            source="2,5 : seuil national de la commune sous-dense (DREES) ; chaque commune y est portée",
        ),
        "hours_under_50": Lever(
            address="activite_avant_50",
            label="Avant 50 ans",
        ),
        "hours_50_64": Lever(
            address="activite_50_64",
            label="De 50 à 64 ans",
        ),
        "hours_65_plus": Lever(
            address="activite_65",
            label="65 ans ou plus",
        ),
        "exit_factor": Lever(
            address="departs",
            label="Niveau des départs",
            scale=100,
            decimals=0,
            unit="%",
            source="multiplie les probabilités de départ estimées sur les cohortes (DREES, RPPS 2012-2020)",
        ),
        "entries_late_factor": Lever(
            address="arrivees_ensuite",
            label="Arrivées après la montée",
            scale=100,
            decimals=0,
            unit="%",
            source="niveau atteint à la fin de la montée, rapporté à celui du début : effet de l’ouverture des "
            "études de médecine (supposé)",
        ),
        "entries_ramp_start_year": Lever(
            address="montee_debut",
            label="Début de la montée",
            step=1,
            unit="",
            source="année où les arrivées commencent à changer de niveau (supposé)",
        ),
        "entries_ramp_end_year": Lever(
            address="montee_fin",
            label="Fin de la montée",
            step=1,
            unit="",
            source="année où elles l’ont atteint (supposé)",
        ),
        "ageing_growth": Lever(
            address="vieillissement",
            label="Vieillissement (75 ans ou plus)",
            step=0.002,
            scale=100,
            decimals=1,
            unit="% par an",
        ),
        "stock_factor": Lever(
            address="champ",
            label="Effectif de départ",
            scale=100,
            decimals=0,
            unit="%",
            source="généralistes libéraux de la CNAM, 31 décembre {count_year} ; à changer pour qui compte un autre "
            "champ (l’ARS Occitanie en compte 6 214 là où la CNAM en compte 5 463)",
        ),
    }
)
