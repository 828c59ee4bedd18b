"""The file of a workspace: own territories, projects, scenarios and saved views in one JSON, read without trusting it.

Each part is written and read by the module that keeps it: a fault of a part is told in its own words, behind its place.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coverage.json_document import JsonDocumentError, is_text, quote, read_json
from coverage.simulator.scenario_file import (
    KnownCodes,
    SavedScenario,
    ScenarioFileError,
    read_scenario,
    write_scenario,
)
from coverage.territories.own import MAX_NAME, OwnTerritory, OwnTerritoryError
from data.errors import DataError
from data.projects.columns import guess_columns
from data.projects.reading import RawTable
from data.projects.rows import CheckedRows, check_rows
from data.projects.safety import check_shape
from data.projects.written import cells_of, written_table
from pages.widgets.saved_views.views import PresentationFileError, SavedView, read_views, write_views

if TYPE_CHECKING:
    import pandas as pd

    from coverage.territories.gazetteer import Gazetteer
    from data.projects.places import Places

SCHEMA: Final = "maillage-espace-1"
WHAT: Final = "Espace de travail"
MAX_BYTES: Final = 10_000_000
MOST_TERRITORIES: Final = 200
MOST_SCENARIOS: Final = 100
PARTS: Final = ("territories", "projects", "scenarios", "views")
_KEYS: Final = ("schema", "made_on", *PARTS)


class WorkspaceFileError(ValueError):
    """The file of a workspace cannot be used; the message is in French: file, place, expected, found."""


@dataclass(frozen=True, eq=False)
class Workspace:
    """What a reader keeps.

    Attributes
    ----------
    territories, scenarios, views
        Their own, in the order of the lists.
    projects
        As `data.projects.schema` has them.
    """

    territories: tuple[OwnTerritory, ...]
    projects: pd.DataFrame
    scenarios: tuple[SavedScenario, ...]
    views: tuple[SavedView, ...]


@dataclass(frozen=True, eq=False)
class ReadWorkspace:
    """What a file holds.

    Attributes
    ----------
    territories, scenarios, views
        What can be used of it.
    rows
        Its projects, row by row; those at fault are in `rows.faults`.
    counts
        How many of each part the file holds, used or not.
    notices
        A French sentence for each view that names what does not exist.
    """

    territories: tuple[OwnTerritory, ...]
    rows: CheckedRows
    scenarios: tuple[SavedScenario, ...]
    views: tuple[SavedView, ...]
    counts: Mapping[str, int]
    notices: tuple[str, ...]


def write_workspace(kept: Workspace, names: Mapping[str, str], made_on: dt.date) -> str:
    """Write a workspace as JSON.

    Parameters
    ----------
    kept
        What the reader keeps.
    names
        Name of each commune by code.
    made_on
        Day of the file.
    """
    table = written_table(kept.projects, names)
    document = {
        "schema": SCHEMA,
        "made_on": made_on.isoformat(),
        "territories": [{"name": own.name, "communes": sorted(own.communes)} for own in kept.territories],
        "projects": {"header": list(table.columns), "rows": cells_of(table)},
        "scenarios": [json.loads(write_scenario(scenario)) for scenario in kept.scenarios],
        "views": json.loads(write_views(kept.views)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read_workspace(
    content: str | bytes,
    *,
    gazetteer: Gazetteer,
    indicators: Mapping[str, Collection[str]],
    known: KnownCodes,
    places: Places,
    today: dt.date,
) -> ReadWorkspace:
    """Read the file of a workspace, trusting nothing of it.

    Parameters
    ----------
    content
        The file, UTF-8, at most 10 MB.
    gazetteer, indicators
        As `pages.widgets.saved_views.views.read_views` wants them.
    known
        What a scenario may name.
    places, today
        As `data.projects.rows.check_rows` wants them.

    Raises
    ------
    WorkspaceFileError
        The file is too large, no JSON, of another edition, or a part of it is damaged: nothing of it is used.
    """
    try:
        values, _ = read_json(content, WHAT, most_bytes=MAX_BYTES)
    except JsonDocumentError as error:
        raise WorkspaceFileError(str(error)) from error
    _check_head(values)
    territories = _read_territories(values["territories"])
    rows = _read_projects(values["projects"], places, today)
    scenarios = _read_scenarios(values["scenarios"], known)
    try:
        views, notices = read_views(
            json.dumps(values["views"], ensure_ascii=False, indent=1), gazetteer, indicators, known
        )
    except (PresentationFileError, UnicodeError) as error:
        raise WorkspaceFileError(f"{WHAT}, views. {error}") from error
    counts = {
        "territories": len(territories),
        "projects": rows.n_rows,
        "scenarios": len(scenarios),
        "views": len(views) + len(notices),
    }
    return ReadWorkspace(territories, rows, scenarios, views, counts, tuple(notices))


def _check_head(values: Any) -> None:
    if not isinstance(values, dict):
        raise WorkspaceFileError(f"{WHAT}, ligne 1 : attendu un objet JSON, entre accolades, trouvé {quote(values)}.")
    if values.get("schema") != SCHEMA:
        found = quote(values.get("schema"))
        raise WorkspaceFileError(
            f"{WHAT}, schema : attendu {SCHEMA}, trouvé {found}. Le fichier est d’une autre édition."
        )
    for key in values:
        if key not in _KEYS:
            raise WorkspaceFileError(f"{WHAT} : attendu {', '.join(_KEYS)}, trouvé {quote(key)}.")
    for key in PARTS:
        if key not in values:
            raise WorkspaceFileError(f"{WHAT} : attendu {key}, trouvé rien.")


def _listed(values: Any, part: str, most: int) -> list[Any]:
    if not isinstance(values, list) or len(values) > most:
        found = f"{len(values)} éléments" if isinstance(values, list) else quote(values)
        raise WorkspaceFileError(f"{WHAT}, {part} : attendu une liste de {most} éléments au plus, trouvé {found}.")
    return values


def _read_territories(values: Any) -> tuple[OwnTerritory, ...]:
    found = []
    for rank, record in enumerate(_listed(values, "territories", MOST_TERRITORIES), start=1):
        place = f"{WHAT}, territories, n° {rank}"
        if not isinstance(record, dict) or set(record) != {"name", "communes"}:
            raise WorkspaceFileError(f"{place} : attendu name et communes, trouvé {quote(record)}.")
        name, communes = record["name"], record["communes"]
        if not is_text(name, MAX_NAME):
            raise WorkspaceFileError(f"{place}, name : attendu {MAX_NAME} caractères au plus, trouvé {quote(name)}.")
        if not isinstance(communes, list) or not all(isinstance(code, str) for code in communes):
            raise WorkspaceFileError(f"{place}, communes : attendu une liste de codes, trouvé {quote(communes)}.")
        try:
            found.append(OwnTerritory.of(name, communes))
        except OwnTerritoryError as error:
            raise WorkspaceFileError(f"{place}. {error}") from error
    return tuple(found)


def _read_projects(values: Any, places: Places, today: dt.date) -> CheckedRows:
    place = f"{WHAT}, projects"
    if not isinstance(values, dict) or set(values) != {"header", "rows"}:
        raise WorkspaceFileError(f"{place} : attendu header et rows, trouvé {quote(values)}.")
    header, rows = values["header"], values["rows"]
    if not _are_texts(header) or not isinstance(rows, list):
        raise WorkspaceFileError(f"{place} : attendu des textes et des lignes, trouvé {quote(header)}.")
    for rank, row in enumerate(rows, start=1):
        if not _are_texts(row) or len(row) != len(header):
            raise WorkspaceFileError(f"{place}, ligne {rank} : attendu {len(header)} textes, trouvé {quote(row)}.")
    if len(set(header)) != len(header):
        raise WorkspaceFileError(f"{place}, header : attendu des noms différents, trouvé {quote(header)}.")
    try:
        check_shape(len(rows), len(header), WHAT, place="projects")
        table = RawTable(WHAT, "csv", header, rows, list(range(1, len(rows) + 1)))
        return check_rows(table, guess_columns(header, rows[:200]), places, today=today)
    except DataError as error:
        raise WorkspaceFileError(f"{place}. {error}") from error


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(is_text(value, 10_000) for value in values)


def _read_scenarios(values: Any, known: KnownCodes) -> tuple[SavedScenario, ...]:
    found = []
    for rank, record in enumerate(_listed(values, "scenarios", MOST_SCENARIOS), start=1):
        try:
            found.append(read_scenario(json.dumps(record, ensure_ascii=False, indent=1), known))
        except (ScenarioFileError, UnicodeError) as error:
            raise WorkspaceFileError(f"{WHAT}, scenarios, n° {rank}. {error}") from error
    return tuple(found)


def unused(name: str, taken: Collection[str], most: int) -> str:
    """Return a name that no other bears, at most so long: numbered when it is taken."""
    if name not in taken:
        return name
    numbered = (f"{name[: most - 6]} ({k})" for k in range(2, len(taken) + 3))
    return next(candidate for candidate in numbered if candidate not in taken)


@dataclass(frozen=True)
class Merged:
    """What became of the items of a part: taken, known already, left aside; together all those of the file."""

    taken: int = 0
    known: int = 0
    left: int = 0


def new_territories(mine: Collection[OwnTerritory], given: Sequence[OwnTerritory]) -> tuple[list[OwnTerritory], Merged]:
    """Return the territories of a file that are not among one's own, each under a name that no other bears."""
    kept, fresh = set(mine), []
    for own in given:
        if own in kept:
            continue
        named = OwnTerritory.of(unused(own.name, {one.name for one in kept}, MAX_NAME), own.communes)
        if any(one.communes == own.communes and one.name.startswith(own.name) for one in kept):
            continue  # taken before, under a numbered name
        kept.add(named)
        fresh.append(named)
    return fresh, Merged(len(fresh), len(given) - len(fresh))
