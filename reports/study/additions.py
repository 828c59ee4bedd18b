"""What the reader or a sync adds to a study: own projects, perimeters of CPTS, professionals counted by commune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.study.offer import cpts_of, projects_around
from reports.figures.numbers import UNKNOWN
from reports.study.tables import projects_table

if TYPE_CHECKING:
    from coverage.study.dossier import Dossier
    from reports.figures.facts import Facts


@dataclass(frozen=True, eq=False)
class KnownPerimeters:
    """Perimeters of CPTS at hand: the table `cpts_perimeters`; their source, and whether they are complete here."""

    table: pd.DataFrame
    citation: str
    is_complete: bool


@dataclass(frozen=True, eq=False)
class OwnData:
    """What the reader or a sync adds to the embedded data.

    Attributes
    ----------
    projects
        The planner's own (`data.projects.schema`); None when there are none.
    perimeters
        Of CPTS, the reader's own list first.
    professionals
        n_gp, n_nurses… by commune, index commune_code (`contracts.synced_schemas`, bpe_communes); None when absent.
    professionals_source
        Where they come from, in a few French words.
    """

    projects: pd.DataFrame | None = None
    perimeters: tuple[KnownPerimeters, ...] = ()
    professionals: pd.DataFrame | None = None
    professionals_source: str = ""


NOTHING_MORE: Final = OwnData()


def own_projects(facts: Facts, dossier: Dossier, around: OwnData) -> pd.DataFrame:
    """List the planner's own projects less than 20 minutes away, as printed; empty when there are none."""
    projects = around.projects
    if projects is None or projects.empty:
        return pd.DataFrame()
    return projects_table(projects_around(projects, facts.gazetteer.communes, dossier.reach))


def tell_cpts(commune_code: str, name: str, around: OwnData) -> str:
    """Say which CPTS covers a commune, that none does, or that it is not known."""
    told = [(cpts_of(commune_code, perimeters.table), perimeters) for perimeters in around.perimeters]
    for cpts, perimeters in told:
        if cpts:
            return f"{name} est dans le périmètre de : {', '.join(cpts)} ({perimeters.citation})."
    if not told:
        return f"CPTS qui couvre la commune : {UNKNOWN}, aucun périmètre n’est chargé."
    _, last = told[-1]
    if any(perimeters.is_complete for _, perimeters in told):
        return f"{name} n’est dans le périmètre d’aucune CPTS ({last.citation})."
    return f"CPTS qui couvre la commune : {UNKNOWN}, les périmètres chargés ({last.citation}) ne disent rien d’ici."
