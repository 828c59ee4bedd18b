"""What the yearly report of a programme says: its sentences, key figures and tables, for the screen and for paper."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage.indicators.small_numbers import NOT_SHOWN
from coverage.project_board.teams import Accompaniment
from coverage.project_board.year_before import compare_departements, compare_years
from coverage.project_board.yearly_report import STUCK_MONTHS, YearlyFigures, count_year
from coverage.terms.months import format_date
from coverage.terms.project_list import PROFESSIONS
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.levels import LEVEL_NAMES
from reports.figures.french import begin, count_of
from reports.figures.numbers import UNKNOWN, format_number, format_share
from reports.project_board.tables import (
    NONE_OPEN,
    ReportTable,
    departement_table,
    facilitator_table,
    profession_table,
    stage_table,
    tell_stuck,
    untold_professions,
)
from reports.project_board.year_before import UNKNOWN_BEFORE, before_note, tell_before
from reports.projection.words import enumerate_french

_NOUNS: Final = {
    "msp": ("MSP", "MSP", "ouverte"),
    "cpts": ("CPTS", "CPTS", "ouverte"),
    "centre_sante": ("centre de santé", "centres de santé", "ouvert"),
    "esp": ("équipe de soins primaires", "équipes de soins primaires", "ouverte"),
    "autre": ("autre structure", "autres structures", "ouverte"),
}


@dataclass(frozen=True)
class Tile:
    """One key figure: what it is, the figure, a word on it, and the figure of the year before ("" where not asked)."""

    label: str
    figure: str
    note: str = ""
    before: str = ""


@dataclass(frozen=True, eq=False)
class YearlyReport:
    """A yearly report, in words.

    Attributes
    ----------
    title, subtitle
        What the page is about; the day and the selection.
    sentences
        What to remember.
    tiles
        Key figures.
    stages, professions, departements, facilitators
        Tables.
    notes
        What a reader must know of the figures.
    source
        The list and its date.
    figures, change
        The numbers behind; the result of `coverage.project_board.year_before.compare_years`, None where not asked.
    listed_on
        Day the list was read.
    """

    title: str
    subtitle: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]
    stages: ReportTable
    professions: ReportTable
    departements: ReportTable
    facilitators: ReportTable
    notes: tuple[str, ...]
    source: str
    figures: YearlyFigures
    change: pd.DataFrame | None
    listed_on: dt.date


def compose_report(
    projects: pd.DataFrame,
    gazetteer: Gazetteer,
    territory: Territory,
    *,
    day: dt.date,
    listed_on: dt.date,
    selection: str = "",
    stuck_months: float = STUCK_MONTHS,
    listed: pd.DataFrame | None = None,
) -> YearlyReport:
    """Put a yearly report together.

    Parameters
    ----------
    projects
        The projects of the territory, as they stood on `day` (`coverage.project_board.stages.projects_on`).
    gazetteer
        Names of the departments.
    territory
        What the report is about.
    day
        Day the report tells of; a 31 December makes it the report of that year.
    listed_on
        Day the list was read.
    selection
        What else the projects were chosen by, in French ("suivis par Anne Roux"); empty for all of the territory.
    stuck_months
        Months above which a project is stuck in its stage.
    listed
        The same projects as the list has them now, for the figures of the year before; None leaves these out.
    """
    figures = count_year(projects, pd.Timestamp(day), stuck_months)
    change = by_departement = None
    if listed is not None:
        asked = pd.Timestamp(day), pd.Timestamp(listed_on), stuck_months
        change, by_departement = compare_years(listed, *asked), compare_departements(listed, *asked)
    whole = None if change is None else change.loc["n_running"]
    # One list does not hold all the projects of the country
    here = "de la liste" if territory == FRANCE else LEVEL_NAMES[territory.level].of_it
    of_territory = "retenus" if selection else here
    name = gazetteer.name(territory)
    is_year = (day.month, day.day) == (12, 31)
    title = f"{name} : bilan {day.year} des projets" if is_year else f"{name} : bilan des projets"
    chosen = f"Projets {selection}. " if selection else ""
    return YearlyReport(
        title=title,
        subtitle=f"{chosen}Situation au {format_date(day)}.",
        sentences=_sentences(figures, of_territory),
        tiles=_tiles(figures, change, of_territory, stuck_months),
        stages=stage_table(figures, change),
        professions=profession_table(figures),
        departements=departement_table(figures, gazetteer, by_departement, whole),
        facilitators=facilitator_table(figures),
        notes=(
            *_notes(figures, is_past=day < listed_on, n_least=int(projects.get("stage_is_least", pd.Series()).sum())),
            *(() if change is None else (before_note(day),)),
        ),
        source=f"Source : liste de projets de l’utilisateur, relevée le {format_date(listed_on)}. Calculs : Maillage.",
        figures=figures,
        change=change,
        listed_on=listed_on,
    )


def name_open(types: pd.Series) -> str:
    """Write the running structures by type: "188 MSP ouvertes", "3 structures ouvertes (2 MSP et 1 CPTS)"."""
    total = int(types.sum())
    end = "" if total < 2 else "s"  # noqa: PLR2004 - as above
    if len(types) == 1:
        singular, plural, adjective = _NOUNS[str(types.index[0])]
        return f"{count_of(total, singular, plural)} {adjective}{end}"
    parts = [count_of(int(n), *_NOUNS[str(kind)][:2]) for kind, n in types.items()]
    told = f" ({enumerate_french(parts)})" if parts else ""
    return f"{count_of(total, 'structure', 'structures')} ouverte{end}{told}"


def _one_of(types: pd.Series) -> str:
    """Return the plural of what runs: "MSP" where they are all MSP, else "structures"."""
    return _NOUNS[str(types.index[0])][1] if len(types) == 1 else "structures"


def _sentences(figures: YearlyFigures, of_territory: str) -> tuple[str, ...]:
    coming = count_of(figures.n_in_project, "projet", "projets")
    said = [f"{name_open(figures.running_types)} et {coming}."]
    if figures.n_unknown_stage and not figures.n_running + figures.n_in_project:
        said = [f"{UNKNOWN} structures ouvertes et {UNKNOWN} projets : les dates de la liste ne disent pas leur étape."]
    teams = figures.teams
    if teams.n_accompanied:
        share = f" : {format_share(teams.share, 0)} des projets {of_territory}"
        doubt = f" parmi ceux dont la liste le dit ({teams.n_unknown} ne le disent pas)" if teams.n_unknown else ""
        said.append(
            f"{count_of(teams.n_accompanied, 'équipe accompagnée', 'équipes accompagnées')}, {_halves(figures)}"
            f"{share}{doubt}."
        )
    if teams.n_facilitators:
        said.append(f"{count_of(teams.n_facilitators, 'facilitateur', 'facilitateurs')}.")
    if figures.n_running:
        said.append(_say_aci(figures))
    if people := _say_professionals(figures):
        said.append(people)
    return tuple(said)


def _say_aci(figures: YearlyFigures) -> str:
    noun, n_running = _one_of(figures.running_types), format_number(figures.n_running)
    if not figures.n_aci:
        return f"Aucun ACI signé dans la liste, sur {n_running} {noun}."
    signed = "a" if figures.n_aci < 2 else "ont"  # noqa: PLR2004 - as above
    share = format_share(figures.share_aci, 0)
    return f"{format_number(figures.n_aci)} {noun} sur {n_running} {signed} signé l’ACI ({share})."


def _halves(figures: YearlyFigures) -> str:
    teams = figures.teams
    running, coming = format_number(teams.n_running), format_number(teams.n_in_project)
    if teams.n_running == teams.n_in_project and teams.n_running * 2 == teams.n_accompanied:
        return f"la moitié en fonctionnement ({running}), la moitié en projet ({coming})"
    return f"{running} en fonctionnement et {coming} en projet"


def _say_professionals(figures: YearlyFigures) -> str:
    table = figures.professionals
    whole = table.loc["n_professionals"]
    if math.isnan(whole["total"]) or whole["hidden"]:
        return ""
    people = f"{format_number(whole['total'])} professionnels"
    mean = f"{between(whole['mean'])} par structure"
    if whole["n_unknown"]:
        # The professions are known in other structures than the total is: side by side they would contradict it.
        n_running = format_number(figures.n_running)
        known = count_of(int(whole["n_structures"]), "structure", "structures")
        return f"{people} connus, dans {known} sur {n_running}, soit {mean}."
    shown = [
        f"{format_number(row['total'])} {PROFESSIONS[str(name)].lower()}"
        for name, row in table.drop("n_professionals").iterrows()
        if row["total"] > 0 and not row["hidden"] and not row["n_unknown"]
    ]
    return f"{people}, {mean}{f' : {enumerate_french(shown)}' if shown else ''}."


def between(mean: float) -> str:
    """Write a mean between the two whole numbers around it: 12.5 becomes "12 à 13", 12 stays "12"."""
    low, high = math.floor(mean), math.ceil(mean)
    return format_number(mean) if low == high else f"{format_number(low)} à {format_number(high)}"


def _tiles(
    figures: YearlyFigures, change: pd.DataFrame | None, of_territory: str, stuck_months: float
) -> tuple[Tile, ...]:
    beside = {} if change is None else {str(name): tell_before(row) for name, row in change.iterrows()}
    lost = "" if change is None else UNKNOWN_BEFORE
    undated = figures.n_stuck_unknown
    return (
        *_team_tiles(figures.teams, of_territory, lost),
        Tile(
            f"Projets bloqués depuis plus de {format_number(stuck_months)} mois",
            tell_stuck(figures.n_stuck, undated),
            f"{format_number(undated)} sans date" if undated else "",
            beside.get("n_stuck", ""),
        ),
        Tile(
            "Structures ouvertes",
            _unless_unknown(figures, change, "n_running", figures.n_running),
            _by_type(figures.running_types),
            beside.get("n_running", ""),
        ),
        Tile(
            "En projet",
            _unless_unknown(figures, change, "n_in_project", figures.n_in_project),
            _by_type(figures.project_types),
            beside.get("n_in_project", ""),
        ),
        Tile(
            "ACI signés",
            _unless_unknown(figures, change, "n_aci", figures.n_aci),
            f"{format_share(figures.share_aci, 0)} des ouvertes" if figures.n_running else "",
            beside.get("n_aci", ""),
        ),
        _people_tile(figures.professionals.loc["n_professionals"], lost),
    )


def _team_tiles(teams: Accompaniment, of_territory: str, lost: str) -> tuple[Tile, ...]:
    told = teams.n_accompanied + teams.n_alone
    unknown = f", {teams.n_unknown} ne le disent pas" if teams.n_unknown else ""
    said = f"{format_number(teams.n_running)} en fonctionnement, {format_number(teams.n_in_project)} en projet"
    return (
        Tile(
            "Équipes accompagnées",
            format_number(teams.n_accompanied) if told else UNKNOWN,
            said if told else "la liste ne le dit pas",
            lost,
        ),
        Tile(
            f"Part des projets {of_territory} accompagnés",
            format_share(teams.share, 0),
            f"{format_number(teams.n_accompanied)} sur {format_number(told)}{unknown}" if told else "",
            lost,
        ),
        Tile("Facilitateurs", format_number(teams.n_facilitators) if teams.n_facilitators else UNKNOWN, before=lost),
    )


def _people_tile(whole: pd.Series, lost: str) -> Tile:
    note = "" if whole["hidden"] or math.isnan(whole["mean"]) else _known_in(whole)
    return Tile("Professionnels", NOT_SHOWN if whole["hidden"] else format_number(whole["total"]), note, lost)


def _unless_unknown(figures: YearlyFigures, change: pd.DataFrame | None, name: str, count: int) -> str:
    """Write a count, "n.d." where it is of none while the stage of some may make it more."""
    most = figures.n_unknown_stage if change is None else change.loc[name, "most"]
    return UNKNOWN if not count and most else format_number(count)


def _known_in(whole: pd.Series) -> str:
    mean = f"{between(whole['mean'])} par structure"
    known = whole["n_structures"]
    return f"{mean}, connus dans {known} sur {known + whole['n_unknown']}" if whole["n_unknown"] else mean


def _by_type(types: pd.Series) -> str:
    return ", ".join(count_of(int(n), *_NOUNS[str(kind)][:2]) for kind, n in types.items())


def _notes(figures: YearlyFigures, *, is_past: bool, n_least: int) -> tuple[str, ...]:
    notes = ["n.d. : inconnu. NS : de 1 à 4 professionnels, ou un nombre qui permettrait de les retrouver."]
    untold = untold_professions(figures)
    if figures.n_running and untold:
        named = begin(enumerate_french([label.lower() for label in untold]))
        notes.append(f"{named} : {UNKNOWN}, aucune structure ouverte ne les indique.")
    if not figures.departements["n_running"].all():
        notes.append(f"{NONE_OPEN} : aucune structure ouverte.")
    if is_past:
        notes.append(
            "Étapes reconstituées d’après les dates de la liste ; effectifs, accompagnement et abandons sont ceux "
            "d’aujourd’hui, seuls que la liste garde."
        )
    if n_least:
        told = "compté" if n_least == 1 else "comptés"
        placed = count_of(n_least, "projet", "projets")
        notes.append(f"{placed} {told} à la dernière étape datée, peut-être plus loin.")
    if figures.n_unknown_stage:
        notes.append(
            f"{count_of(figures.n_unknown_stage, 'projet', 'projets')} dont les dates ne disent pas l’étape à ce jour."
        )
    if figures.n_abandoned:
        told = count_of(figures.n_abandoned, "projet abandonné, compté", "projets abandonnés, comptés")
        notes.append(f"{told} à part.")
    return tuple(notes)
