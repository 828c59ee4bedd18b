"""What the study of a candidate commune says, every figure and sentence ready to be shown or printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from coverage.access.reach import BOUNDS_MIN
from coverage.indicators.cards.access import series_words
from coverage.study.eligibility import Answer, CheckList, Team, check, read_check_list
from coverage.study.portrait import CANDIDATE, zone_name
from coverage.territories.gazetteer import Territory
from geo.levels import GROUPINGS
from reports.figures.numbers import UNKNOWN
from reports.study.additions import NOTHING_MORE, OwnData, own_projects, tell_cpts
from reports.study.tables import (
    DECIMAL,
    NUMBER,
    SHARE,
    compared_table,
    competition_table,
    counts_table,
    print_figure,
    professionals_table,
    sources_table,
    staffing_table,
    structures_table,
    work_table,
    zone_label,
)
from reports.study.words import (
    tell_access,
    tell_competition,
    tell_conditions,
    tell_people,
    tell_staffing,
    tell_zone,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coverage.study.dossier import Dossier
    from reports.figures.facts import Facts


@dataclass(frozen=True)
class Headline:
    """One figure in large: label, value, what it is set against, and how it is made."""

    label: str
    value: str
    against: str
    help: str


@dataclass(frozen=True, eq=False)
class StudyContent:
    """All that is said of a candidate commune; every text is French.

    Attributes
    ----------
    territory, name, situation
        The candidate, and where it lies.
    dossier
        The figures behind.
    n_gp
        Full-time GPs who would come, for the what-if.
    team
        The team as it is.
    travel
        Where the travel times come from.
    summary
        What matters, a sentence each.
    headlines
        Figures in large.
    compared
        The comparison: "Indicateur", "Date", then a column a place.
    work
        Full-time GPs by zone: "Indicateur", then a column a zone.
    structures
        Structures less than 20 minutes away: Type, Nom, Commune, Minutes, Ouverture.
    structures_counts
        Number of each type by zone: "Type", then a column a zone; "n.d." where they are not all known.
    structures_note, cpts_note
        What the list does not hold; which CPTS covers the candidate.
    competition
        MSP that share the catchment: MSP, Commune, Minutes, Habitants communs, Part du bassin.
    competition_text
        What it says.
    projects
        Projects of the planner's own list less than 20 minutes away: Projet, Type, Étape, Commune, Minutes.
    professionals, professionals_source
        Professionals counted by zone: Profession, then a column a zone, "NS" below five; empty when no source counts
        them by commune. Where they come from.
    staffing
        A row a number of GPs: Médecins ajoutés, APL de la commune, APL du bassin, Habitants sous 2,5, Habitants passés
        au-dessus, Par médecin; empty where unknown.
    staffing_text
        What it says for `n_gp`.
    answers, rules
        The check list of the team, and the edition of its rules.
    conditions_text
        How many are left.
    sources
        Source, Producteur, Millésime, Licence, Adresse.
    drawn_on
        Date of the study.
    """

    territory: Territory
    name: str
    situation: str
    dossier: Dossier
    n_gp: int
    team: Team
    travel: str
    summary: tuple[str, ...]
    headlines: tuple[Headline, ...]
    compared: pd.DataFrame
    work: pd.DataFrame
    structures: pd.DataFrame
    structures_counts: pd.DataFrame
    structures_note: str
    cpts_note: str
    competition: pd.DataFrame
    competition_text: str
    projects: pd.DataFrame
    professionals: pd.DataFrame
    professionals_source: str
    staffing: pd.DataFrame
    staffing_text: str
    answers: tuple[Answer, ...]
    rules: CheckList
    conditions_text: str
    sources: pd.DataFrame
    drawn_on: dt.date


def compose_study(
    facts: Facts,
    dossier: Dossier,
    *,
    n_gp: int,
    team: Team,
    travel: str,
    drawn_on: dt.date,
    around: OwnData = NOTHING_MORE,
) -> StudyContent:
    """Put together what is said of a candidate commune.

    Parameters
    ----------
    facts
        Names and sources.
    dossier
        The figures.
    n_gp
        Full-time GPs who would come, 2 to 8.
    team
        The team as it is, and what it has done.
    travel
        A French sentence on the travel times in use.
    drawn_on
        Date written on it.
    around
        What the reader or a sync adds.

    Raises
    ------
    coverage.study.eligibility.UnknownConditionError
        A tick names no condition.
    """
    territory = Territory("commune", dossier.reach.commune_code)
    names = _names(facts, territory)
    answers = check(team)
    competition_text = tell_competition(dossier.competition)
    staffing_text = tell_staffing(dossier, n_gp)
    conditions_text = tell_conditions(answers)
    return StudyContent(
        territory=territory,
        name=facts.gazetteer.name(territory),
        situation=" · ".join(
            dict.fromkeys(facts.gazetteer.name(above) for above in facts.gazetteer.containing(territory)[:-1])
        ),
        dossier=dossier,
        n_gp=n_gp,
        team=team,
        travel=travel,
        summary=(
            tell_people(dossier, names),
            tell_access(dossier, names),
            tell_zone(dossier, names),
            competition_text,
            staffing_text,
            conditions_text,
        ),
        headlines=_headlines(dossier, names),
        compared=compared_table(dossier, names),
        work=work_table(dossier),
        structures=structures_table(dossier),
        structures_counts=counts_table(dossier),
        structures_note=_structures_note(facts, dossier),
        cpts_note=tell_cpts(territory.code, names[CANDIDATE], around),
        competition=competition_table(dossier),
        competition_text=competition_text,
        projects=own_projects(facts, dossier, around),
        professionals=professionals_table(dossier, around.professionals),
        professionals_source=around.professionals_source if around.professionals is not None else "",
        staffing=staffing_table(dossier),
        staffing_text=staffing_text,
        answers=answers,
        rules=read_check_list(),
        conditions_text=conditions_text,
        sources=sources_table(facts),
        drawn_on=drawn_on,
    )


def _names(facts: Facts, territory: Territory) -> dict[str, str]:
    """Name each place of the figures; overseas, the region is the department and is said once."""
    names = {CANDIDATE: facts.gazetteer.name(territory)}
    names |= {zone_name(bound): zone_label(bound) for bound in BOUNDS_MIN}
    for above in facts.gazetteer.containing(territory):
        name = facts.gazetteer.name(above)
        if above.level not in GROUPINGS and name not in names.values():
            names[above.level] = name
    return names


def _headlines(dossier: Dossier, names: Mapping[str, str]) -> tuple[Headline, ...]:
    doctors = series_words(dossier.series)
    shown = (
        ("population", "Habitants du bassin", NUMBER, "Population municipale des communes à moins de 15 minutes."),
        (
            "share_75plus",
            "75 ans ou plus",
            SHARE,
            "Moyenne des communes pondérée par la population (INSEE, recensement 2022).",
        ),
        (
            f"{dossier.series}_2023",
            "APL 2023 du bassin",
            DECIMAL,
            f"Consultations par an et par habitant standardisé, {doctors} (DREES).",
        ),
        (
            "apl_at_risk_share",
            "Accès dû aux plus de 65 ans",
            SHARE,
            "(APL tous âges − APL 65 ans ou moins) ÷ APL tous âges (DREES, 2023).",
        ),
        (
            "share_under_threshold",
            "Habitants sous 2,5",
            SHARE,
            f"Habitants des communes dont l’APL ({doctors}, 2023) est sous 2,5, en population totale.",
        ),
    )
    headlines = []
    for name, label, kind, told in shown:
        others = [place for place in ("departement", "france") if place in names] if name != "population" else []
        against = " · ".join(
            f"{names[place]} {print_figure(dossier.figures.loc[place, name], kind)}" for place in others
        )
        if name == "population":
            wider = print_figure(dossier.figures.loc[zone_name(BOUNDS_MIN[-1]), name], kind)
            against = f"à moins de {BOUNDS_MIN[-1]:g} min : {wider}"
        value = print_figure(dossier.figures.loc[zone_name(BOUNDS_MIN[1]), name], kind)
        headlines.append(Headline(label, value, against, told))
    return tuple(headlines)


def _structures_note(facts: Facts, dossier: Dossier) -> str:
    if dossier.is_covered:
        return (
            "Liste FINESS complète sur tout le bassin. Minutes entre les points des communes : 0 dans la commune même. "
            "Un site n’est pas toujours une MSP labellisée ; une CPTS est un réseau, son siège seul est situé."
        )
    names = facts.gazetteer.regions.set_index("region_code")["name"]
    covered = ", ".join(str(names[code]) for code in sorted(facts.covered_regions))
    return (
        f"La liste FINESS disponible couvre {covered} : une partie ou la totalité des alentours n’y est pas. Ce qui "
        f"manque est « {UNKNOWN} », jamais 0."
    )
